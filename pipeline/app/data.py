"""What is asked of the store, remembered as long as the store does not change."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, Literal

import pandas as pd
import streamlit as st

from pipeline import gazetteer, ingest, process
from pipeline.app.state import t
from pipeline.records import Document, Filter
from pipeline.store import Facets, Overview, Store, Tally, Totals
from pipeline.store.counting import Pairs
from pipeline.views.crowd import Unit
from pipeline.views.lanes import LanesBy
from pipeline.views.phrases import known
from pipeline.views.picks import Bounds

SEEDS = Path(__file__).resolve().parent.parent.parent / "seeds"
MOST_SPOTS = 800
MOST_OPTIONS = 500  # values that a filter offers
# What a page of events tells of each: all that the table shows, and what is said of many at once.
COLUMNS = (
    "id", "date_start", "date_end", "precision", "approximate", "time_text", "place", "type", "mode", "actor_names",
    "modality", "fatalities_low", "fatalities_best", "fatalities_high", "injured_low", "injured_best", "injured_high",
    "confidence", "review", "revision", "origin", "sentence",
)  # fmt: skip


@st.cache_resource(show_spinner=False)
def open_store(folder: str) -> Store:
    """The store, filled from seeds/ when there is nothing in it yet."""
    store = Store(Path(folder))
    if not store.is_ready():
        with st.spinner(t("preparing"), show_time=True):
            store.prepare()
    if store.is_new() and not os.environ.get("CET_NO_SEEDS"):
        bar = st.progress(0.0, t("building"))

        def show(share: float, _: str) -> None:
            bar.progress(share * 0.8, t("building"))

        gazetteer.load(show)
        bar.progress(0.85, t("filling"))
        found = [item for file in ingest.find_files([SEEDS]) for item in ingest.read_file(file, ingest.Known())]
        store.add((process(item) for item in found if isinstance(item, Document)), now=datetime.now(UTC))
        bar.empty()
    return store


@dataclass(frozen=True, slots=True)
class Reader:
    """A store as it stands now. What it answers is shared by all visits and must not be changed: a copy for each of
    them would fill the memory."""

    folder: str
    version: tuple[int, ...]

    @staticmethod
    def of(store: Store) -> Reader:
        return Reader(str(store.folder), store.version())

    @property
    def store(self) -> Store:
        return open_store(self.folder)

    def days(self, wanted: Filter) -> pd.DataFrame:
        return _days(self, wanted)

    def totals(self, wanted: Filter) -> Totals:
        """What ``Store.totals`` would answer, from the days: a view needs both."""
        days = self.days(wanted)
        undated = int(days["events"][days["day"].isna()].sum())
        first, last = (known(edge) for edge in (days["day"].min(), days["last"].max()))
        span = (first.date(), last.date()) if first is not None else (None, None)
        return Totals(int(days["events"].sum()), int(days["unplaced"].sum()), undated, *span)

    def facets(self, wanted: Filter | None = None) -> Facets:
        return _facets(self, wanted)

    def events(self, wanted: Filter, limit: int) -> pd.DataFrame:
        return _events(self, wanted, limit)

    def page(self, wanted: Filter, offset: int, limit: int, order: str) -> pd.DataFrame:
        """The ``COLUMNS`` of events. ``order`` is that of ``Store.page``, with "-" before it from the highest to the
        lowest."""
        return _page(self, wanted, offset, limit, order)

    def overview(self, wanted: Filter, unit: Unit, lanes: LanesBy, most: int) -> Overview:
        return _overview(self, wanted, unit, lanes, most)

    def tally(
        self, wanted: Filter, lanes: Literal["actor", "type"] | None, periods: tuple[tuple[date, date], ...] | None
    ) -> Tally:
        return _tally(self, wanted, lanes, periods)

    def pairs(self, wanted: Filter) -> Pairs:
        return _pairs(self, wanted)

    def bins(self, wanted: Filter, zoom: float | None, area: Bounds | None = None) -> pd.DataFrame:
        """The places inside an area, or the cells of a grid; one more than are drawn where there are more."""
        return _bins(self, wanted, zoom, area)


@st.cache_resource(show_spinner=False, max_entries=16)
def _events(reader: Reader, wanted: Filter, limit: int) -> pd.DataFrame:
    return reader.store.events(wanted, limit=limit)


@st.cache_resource(show_spinner=False, max_entries=64)
def _days(reader: Reader, wanted: Filter) -> pd.DataFrame:
    return reader.store.days(wanted)


@st.cache_resource(show_spinner=False, max_entries=8)
def _facets(reader: Reader, wanted: Filter | None) -> Facets:
    return reader.store.facets(wanted, most=MOST_OPTIONS)


@st.cache_resource(show_spinner=False, max_entries=64)
def _overview(reader: Reader, wanted: Filter, unit: Unit, lanes: LanesBy, most: int) -> Overview:
    return reader.store.overview(wanted, by=unit, lanes=lanes, most=most)


@st.cache_resource(show_spinner=False, max_entries=8)
def _tally(
    reader: Reader,
    wanted: Filter,
    lanes: Literal["actor", "type"] | None,
    periods: tuple[tuple[date, date], ...] | None,
) -> Tally:
    return reader.store.tally(wanted, lanes=lanes, periods=periods)


@st.cache_resource(show_spinner=False, max_entries=16)
def _pairs(reader: Reader, wanted: Filter) -> Pairs:
    return reader.store.pairs(wanted)


@st.cache_resource(show_spinner=False, max_entries=64)
def _bins(reader: Reader, wanted: Filter, zoom: float | None, area: Bounds | None) -> pd.DataFrame:
    return reader.store.place_bins(wanted, zoom=zoom, bounds=area, most=MOST_SPOTS + 1)


@st.cache_resource(show_spinner=False, max_entries=64)
def _page(reader: Reader, wanted: Filter, offset: int, limit: int, order: Any) -> pd.DataFrame:
    named = order.removeprefix("-")
    descending = order.startswith("-")
    return reader.store.page(wanted, offset=offset, limit=limit, order=named, descending=descending, columns=COLUMNS)


_ANSWERS: Final = (_events, _days, _facets, _overview, _tally, _pairs, _bins, _page)


def forget_answers() -> None:
    """Remember nothing of what the store has answered: something in it must not be kept any more."""
    for answer in _ANSWERS:
        answer.clear()
