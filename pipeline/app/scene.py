"""The events that pass the filters of a view, and what can be drawn of them.

Few events are loaded as a table, of which everything is drawn. Of very many, the store counts what is drawn, and only
a page of the table is loaded: what a view costs depends on what it shows, not on what is stored.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple, TypeAlias

import pandas as pd

from pipeline.app.data import MOST_SPOTS, Reader
from pipeline.records import Filter
from pipeline.store import Totals
from pipeline.views import Palette, View, draw_timeline
from pipeline.views.address import Address
from pipeline.views.crowd import unit_of
from pipeline.views.overview import draw_overview, find_dense, key_counts, read_spots
from pipeline.views.phrases import known
from pipeline.views.picks import Bounds, Picked, find_picked, read_picks
from pipeline.views.spots import Spot, find_spots
from pipeline.views.statistics import Statistic, count_pairs, draw_pairs
from pipeline.views.tally import By, Tally, read_tally, tally_events
from pipeline.views.timeline import MOST_ROWS, find_days, fit_lanes

FEW = 2000  # events that are loaded and drawn one by one
PAGE = 500  # rows of the table at a time
_CELLS = 64  # of a grid at most, side by side
_SIDE = 16  # of a grid at least in the part of the map that is seen, where that many can be drawn
_ALL = Filter()
_NOBODY = "@nobody"  # an id that no event has

Window = tuple[date, date]


class Bright(NamedTuple):
    """What of a scene is shown bright: ids where all events are loaded, else the filter that finds them."""

    ids: frozenset[str]
    wanted: Filter
    number: int


class Closer(NamedTuple):
    """Spots that are finer in a part of the map; ``single``: each is one place there, nothing is finer."""

    spots: list[Spot]
    part: Bounds | None
    single: bool


@dataclass(frozen=True, slots=True)
class Few:
    """Events that are all loaded."""

    reader: Reader
    view: Address
    totals: Totals
    frame: pd.DataFrame

    def light(self, picks: Iterable[str], window: Window | None = None) -> Bright:
        """The events that are picked, and of them those that touch the days of a window."""
        picks = tuple(picks)
        ids = find_picked(self.frame, picks) if picks else frozenset(self.frame["id"])
        if window:
            first, last = pd.Timestamp(window[0]), pd.Timestamp(window[1])
            starts, ends = self.frame["date_start"], self.frame["date_end"]
            dated = starts.notna() | ends.notna()
            touching = dated & ~(starts > last) & ~(ends < first)
            ids &= frozenset(self.frame.loc[touching, "id"])
        return Bright(ids or frozenset((_NOBODY,)), _ALL, len(ids))

    def spots(self, bright: Bright | None = None) -> list[Spot]:
        """The places of the events."""
        return find_spots(self.frame, bright.ids if bright else ())

    def timeline(
        self, palette: Palette, bright: Bright | None = None, window: Window | None = None, most_rows: int = MOST_ROWS
    ) -> View:
        view = self.view
        ids = bright.ids if bright else frozenset()
        return draw_timeline(
            self.frame,
            by=view.lanes,
            language=view.lang,
            palette=palette,
            selected=ids,
            core=view.window == "core",
            fit=ids if view.fit == "selection" else (),
            window=window,
            most_rows=most_rows,
        )

    def tally(self, by: By, periods: tuple[Window, ...] | None = None) -> Tally:  # noqa: ARG002 - all are there
        """The events ready to be counted: over time, or where ``periods`` are given, as far as these tell them
        apart."""
        return tally_events(self.frame, by, self.view.lang)

    def pairs(self, palette: Palette) -> Statistic:
        """Who acted on whom."""
        return count_pairs(self.frame, self.view.lang, palette)

    def rows(self, bright: Bright | None, page: int, order: str) -> pd.DataFrame:  # noqa: ARG002 - all at once
        return self.frame[self.frame["id"].isin(bright.ids)] if bright else self.frame

    def event(self, identifier: str) -> dict[Any, Any] | None:
        """One event, if it passes the filters; by the id of one of those that were put together, too."""
        found = self.frame[[identifier in members for members in self.frame["members"]]]
        found = self.frame[self.frame["id"] == identifier] if found.empty else found
        return next(iter(found.to_dict("records")), None)

    def only(self, bright: Bright) -> Few:
        """A scene of nothing but what is bright."""
        frame = self.rows(bright, 0, "date")
        days = pd.concat([frame["date_start"].fillna(frame["date_end"]), frame["date_end"]]).dropna()
        bounds = (days.min().date(), days.max().date()) if len(days) else (None, None)
        undated = int((frame["date_start"].isna() & frame["date_end"].isna()).sum())
        totals = Totals(len(frame), sum(not cell for cell in frame["place_ids"]), undated, *bounds)
        return Few(self.reader, self.view, totals, frame)

    def days(self) -> Window | None:
        """The time of which a window can be played."""
        return find_days(self.frame, core=self.view.window == "core")

    def next_days(self, day: date, *, backwards: bool = False) -> Window | None:
        """The days of the next event that begins after a day (or before it); ``None`` when there is none."""
        starts = self.frame["date_start"]
        found = self.frame[starts < pd.Timestamp(day)] if backwards else self.frame[starts > pd.Timestamp(day)]
        if found.empty:
            return None
        row = found.sort_values("date_start").iloc[-1 if backwards else 0]
        last = row["date_end"] if known(row["date_end"]) is not None else row["date_start"]
        return row["date_start"].date(), last.date()


@dataclass(frozen=True, slots=True)
class Many:
    """Events that stay in the store."""

    reader: Reader
    view: Address
    totals: Totals
    wanted: Filter

    def light(self, picks: Iterable[str], window: Window | None = None) -> Bright:
        picks = tuple(picks)
        wanted = self._narrow(read_picks(picks)) if picks else self.wanted
        if window:
            first, last = wanted.first or date.min, wanted.last or date.max
            wanted = replace(wanted, first=max(first, window[0]), last=min(last, window[1]))
        return Bright(frozenset(), wanted, self.reader.totals(wanted).events)

    def _narrow(self, picked: Picked) -> Filter:
        """The filter for what is picked. What one click picks is of one kind; of a box of cells the lanes and the days
        are taken, of a box of grid cells the edges."""
        wanted = self.wanted
        if picked.events:
            return replace(wanted, events=tuple(sorted(picked.events)))
        if picked.places:
            return self._within(replace(wanted, places=tuple(sorted(picked.places))), wanted.places, picked.places)
        if picked.bounds:
            west, south, east, north = zip(*picked.bounds, strict=True)
            return replace(wanted, bounds=(min(west), min(south), max(east), max(north)))
        if picked.cells:
            by, *_ = picked.cells[0]
            begins = min(first for _, first, _, _ in picked.cells), max(last for _, _, last, _ in picked.cells)
            lanes = frozenset(lane for *_, lane in picked.cells)
            wanted = replace(wanted, begins=begins)
            if lanes == {""}:
                return replace(wanted, named=False) if by == "actor" else replace(wanted, located=False)
            if by == "type":
                return replace(wanted, types=tuple(sorted(lanes)))
            chosen: dict[str, Any] = {f"{by}s": tuple(sorted(lanes))}
            return self._within(replace(wanted, **chosen), getattr(wanted, f"{by}s"), lanes)
        if "@located" in picked.missing:
            wanted = replace(wanted, located=False)
        return replace(wanted, dated=False) if "@dated" in picked.missing else wanted

    def _within(self, narrowed: Filter, filtered: tuple[str, ...], picked: frozenset[str]) -> Filter:
        """A pick beside a filter of the same kind: an event must fit both, which one filter cannot say."""
        if not filtered or picked.issubset(filtered):
            return narrowed
        both = self.reader.events(replace(self.wanted, begins=narrowed.begins), FEW)
        column = "place_ids" if narrowed.places != self.wanted.places else "actor_ids"
        ids = both["id"][[not picked.isdisjoint(cell) for cell in both[column]]]
        return replace(self.wanted, events=tuple(ids) or (_NOBODY,))

    def spots(self, bright: Bright | None = None) -> list[Spot]:
        """The places of the events, or cells of a grid where they would be too many."""
        wanted, area = self._mapped(bright), self.wanted.bounds
        zoom, bins = self._cut(wanted, area)
        return self._read(bins, bright, zoom, area)

    def closer(self, bright: Bright | None, seen: Bounds) -> Closer:
        """The same, with finer cells or places in the part of the map that is ``seen``. The cells of the whole map are
        replaced by what is in them, so that every event is still counted, and in no two of them."""
        wanted, area = self._mapped(bright), self.wanted.bounds
        zoom, bins = self._cut(wanted, area)
        part, spots, least = area, [], math.inf
        while zoom is not None and zoom < least:
            least = math.log2(45 * _SIDE / (seen[2] - seen[0]))
            west, south, east, north = inner = _widen(seen, zoom, area)
            if west >= east or south >= north:  # nothing of what passes the filter is seen
                break
            finer, found = self._cut(wanted, inner)
            if finer == zoom:
                break
            inside = (bins["west"] < east) & (bins["east"] > west) & (bins["south"] < north) & (bins["north"] > south)
            spots += self._read(bins[~inside], bright, zoom, part)
            zoom, bins, part = finer, found, inner
        spots += self._read(bins, bright, zoom, part)
        return Closer(sorted(spots, key=lambda spot: (-spot.count, spot.name)), part, zoom is None)

    def _mapped(self, bright: Bright | None) -> Filter:
        return bright.wanted if bright and self.view.fit == "selection" else self.wanted

    def _read(self, bins: pd.DataFrame, bright: Bright | None, zoom: float | None, area: Bounds | None) -> list[Spot]:
        if bright is None or self.view.fit == "selection":
            return read_spots(bins)
        return read_spots(bins, {spot.pick for spot in read_spots(self.reader.bins(bright.wanted, zoom, area))})

    def _cut(self, wanted: Filter, area: Bounds | None) -> tuple[float | None, pd.DataFrame]:
        """The finest cut of an area whose parts can all be drawn: none is left out."""
        wide = area[2] - area[0] if area else 360.0
        finest = round(math.log2(45 * _CELLS / wide))
        zooms: list[float | None] = [None, *(float(zoom) for zoom in range(finest, -4, -1))]
        if not (area or wanted.places or wanted.countries or wanted.regions or wanted.events) and (
            min(self.reader.facets().values["places"], self.reader.totals(wanted).events / 10) > MOST_SPOTS
        ):
            zooms.pop(0)  # too many places, as good as surely
        for zoom in zooms:
            bins = self.reader.bins(wanted, zoom, area)
            if len(bins) <= MOST_SPOTS:
                return zoom, bins
        raise AssertionError("the world has fewer cells than are drawn")

    def timeline(
        self,
        palette: Palette,
        bright: Bright | None = None,
        window: Window | None = None,
        most_rows: int = MOST_ROWS,
    ) -> View:
        view = self.view
        span = self._span(bright.wanted if bright and view.fit == "selection" else self.wanted)
        wanted, stamps, outside = self.wanted, None, (0, 0)
        if span:
            stamps = pd.Timestamp(span[0]), pd.Timestamp(span[1])
            wanted = replace(wanted, begins=span)
            days = self.reader.days(self.wanted).set_index("day")["events"]
            outside = int(days[days.index < stamps[0]].sum()), int(days[days.index > stamps[1]].sum())
        unit = unit_of(*stamps) if stamps else "year"
        found = self.reader.overview(wanted, unit, view.lanes, fit_lanes(most_rows))
        keys = None
        if bright:
            lit = self.reader.overview(bright.wanted, unit, view.lanes, 1000)
            keys = key_counts(lit.lanes, lit.counts)
        return draw_overview(
            found.lanes,
            found.counts,
            others=found.others,
            by=view.lanes,
            unit=unit,
            language=view.lang,
            palette=palette,
            bright=keys,
            span=stamps,
            outside=outside,
            window=window,
        )

    def _span(self, wanted: Filter) -> Window | None:
        """The days that the timeline shows."""
        totals = self.reader.totals(wanted)
        if totals.first is None or totals.last is None:
            return None
        if self.view.window == "all" or wanted is not self.wanted:
            return totals.first, totals.last
        days = self.reader.days(wanted)
        months = days["day"].to_numpy().astype("datetime64[M]").astype("datetime64[s]")
        dense = find_dense(days.assign(period=months))
        return (dense[0].date(), (dense[1] + pd.offsets.MonthEnd(0)).date()) if dense else None

    def tally(self, by: By, periods: tuple[Window, ...] | None = None) -> Tally:
        return read_tally(self.reader.tally(self.wanted, None if by == "time" else by, periods), by, self.view.lang)

    def pairs(self, palette: Palette) -> Statistic:
        found = self.reader.pairs(self.wanted)
        rows = found.table.to_dict("records")
        pairs = {(row["source"], row["target"]): int(row["events"]) for row in rows}
        names = {row[side]: row[f"{side}_name"] for row in rows for side in ("source", "target")}
        return draw_pairs(pairs, names, found.left_out, self.view.lang, palette)

    def rows(self, bright: Bright | None, page: int, order: str) -> pd.DataFrame:
        return self.reader.page(bright.wanted if bright else self.wanted, page * PAGE, PAGE, order)

    def event(self, identifier: str) -> dict[Any, Any] | None:
        found = self.reader.events(replace(self.wanted, events=(identifier,)), 1)
        return next(iter(found.to_dict("records")), None)

    def days(self) -> Window | None:
        return self._span(self.wanted)

    def next_days(self, day: date, *, backwards: bool = False) -> Window | None:
        beyond = (date.min, day - timedelta(days=1)) if backwards else (day + timedelta(days=1), date.max)
        found = self.reader.page(replace(self.wanted, begins=beyond), 0, 1, "-date" if backwards else "date")
        return Few(self.reader, self.view, self.totals, found).next_days(day, backwards=backwards)

    def only(self, bright: Bright) -> Few | Many:
        totals = self.reader.totals(bright.wanted)
        if totals.events <= FEW:
            return Few(self.reader, self.view, totals, self.reader.events(bright.wanted, FEW))
        return Many(self.reader, self.view, totals, bright.wanted)


Scene: TypeAlias = Few | Many


def _widen(seen: Bounds, zoom: float, area: Bounds | None) -> Bounds:
    """The cells of a grid that a part of the map touches, as far as they are inside an area."""
    size = 45 / 2**zoom
    west, south = (math.floor(edge / size) * size for edge in seen[:2])
    east, north = (math.ceil(edge / size) * size for edge in seen[2:])
    if area:
        west, south, east, north = max(west, area[0]), max(south, area[1]), min(east, area[2]), min(north, area[3])
    return west, south, east, north


def open_scene(reader: Reader, view: Address) -> Scene:
    wanted = view.filter()
    totals = reader.totals(wanted)
    if totals.events <= FEW:
        return Few(reader, view, totals, reader.events(wanted, FEW))
    return Many(reader, view, totals, wanted)
