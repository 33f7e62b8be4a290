"""The page of statistics."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import streamlit as st

from pipeline.app.scene import Scene
from pipeline.app.state import show_note, t
from pipeline.views import Palette
from pipeline.views.statistics import Period, Statistic, compare, count_casualties, count_events
from pipeline.views.tally import BYS, By
from pipeline.wording import text

CHARTS = ("events", "casualties", "pairs", "compare")


def show_statistics(scene: Scene, palette: Palette) -> None:
    for name in CHARTS:
        with st.container(key=f"count-{name}"):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.subheader(t(f"count_{name}"), width="stretch")
                if name != "pairs":
                    st.segmented_control(
                        t("count_by"),
                        BYS if name != "compare" else BYS[1:],
                        default="type" if name == "compare" else "time",
                        key=f"by-{name}",
                        format_func=lambda by: t(f"by_{by}"),
                        label_visibility="collapsed",
                        required=True,
                    )
            if name == "compare":
                _choose_periods(scene)
            counted = count(name, scene, choose(name, scene), palette)
            st.plotly_chart(
                counted.figure,
                key=f"statistic-{name}",
                theme=None,
                config={"displaylogo": False, "modeBarButtonsToRemove": ["toImage", "autoScale2d"]},
                alt=t(f"count_{name}"),
            )
            for note in notes_of(name, counted, _by(name), scene.view.lang):
                show_note(note)


class Choice(NamedTuple):
    """How a chart is to be counted: what its switches say. (A file is made where no switches can be asked.)"""

    by: By
    first: Period
    second: Period


def choose(name: str, scene: Scene) -> Choice:
    return Choice(_by(name), *_periods(scene))


def count(name: str, scene: Scene, choice: Choice, palette: Palette) -> Statistic:
    """A chart of the page."""
    by, language = choice.by, scene.view.lang
    if name == "pairs":
        return scene.pairs(palette)
    if name == "compare":
        both = tuple((period.first, period.last) for period in choice[1:])
        return compare(scene.tally(by, both), scene.tally("time", both), *choice[1:], language, palette)
    counter = count_events if name == "events" else count_casualties
    return counter(scene.tally(by, None if by == "time" else ()), by, language, palette)


def notes_of(name: str, counted: Statistic, by: By, language: str) -> list[str]:
    """What a chart has left out, and how it is to be read."""
    said = [text(f"left_out_{name}", language, count=counted.left_out)] if counted.left_out else []
    if name == "casualties" and any(bar.error_x.type or bar.error_y.type for bar in counted.figure.data):
        said.append(text("casualties_spread", language))
    if name != "pairs" and by == "actor":
        said.append(text("counted_for_each", language))
    return said


def _by(name: str) -> By:
    chosen: By = st.session_state.get(f"by-{name}") or ("type" if name == "compare" else "time")
    return chosen


def _periods(scene: Scene) -> tuple[Period, Period]:
    """The periods that were chosen; before any were, both halves of the time that is shown."""
    first, last = scene.days() or (date(2000, 1, 1), date(2000, 12, 31))
    half = first + (last - first) / 2
    ready = Period(first, half), Period(half + timedelta(days=1) if half < last else last, last)
    found = []
    for side, fallback in zip("ab", ready, strict=True):
        start, end = (st.session_state.get(f"compare-{side}-{which}") for which in ("first", "last"))
        found.append(Period(start, end) if start and end and start <= end else fallback)
    return found[0], found[1]


def _choose_periods(scene: Scene) -> None:
    columns = st.columns(4)
    days = [day for period in _periods(scene) for day in period]
    names = [f"compare-{side}-{end}" for side in ("a", "b") for end in ("first", "last")]
    for column, name, day in zip(columns, names, days, strict=True):
        st.session_state.setdefault(name, day)
        column.date_input(
            t(name.replace("-", "_")), key=name, min_value=date.min, max_value=date.max, format=t("day_format")
        )
