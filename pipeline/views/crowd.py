"""Many events on the timeline: a dot per lane and period instead of a mark per event."""

from __future__ import annotations

import math
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Literal, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from pipeline.views.figure import DIMMED, View, plain
from pipeline.views.lanes import Lane
from pipeline.views.palette import QUADS, Palette, quad_of
from pipeline.views.phrases import say_when
from pipeline.wording import label, text, write_number

Unit = Literal["day", "week", "month", "year", "decade", "century"]

# Longest time in days that is cut into such periods.
_LONGEST: tuple[tuple[float, Unit], ...] = (
    (60, "day"), (420, "week"), (1900, "month"), (15_000, "year"), (150_000, "decade"), (math.inf, "century")
)  # fmt: skip
_YEARS = {"decade": 10, "century": 100}
DOT_ROW = 24  # pixels
_WIDTH = 520  # pixels of the plot, about


class Cell(NamedTuple):
    """The events of a lane that begin in a period, first to last day. ``group`` are picks that stand for them."""

    lane: int
    first: date
    last: date
    kinds: Mapping[str, int]  # events by family
    group: tuple[str, ...]
    bright: bool


def unit_of(first: pd.Timestamp, last: pd.Timestamp) -> Unit:
    """The periods that so long a time is cut into."""
    return next(unit for longest, unit in _LONGEST if (last - first).days <= longest)


def period_of(day: date, unit: Unit) -> tuple[date, date]:
    """First and last day of the period of a day. Weeks begin on Monday; a decade with the year that ends in 0, a
    century with the one that ends in 00 (as DuckDB's date_trunc and most readers have it)."""
    if unit == "day":
        return day, day
    if unit == "week":
        first = day - timedelta(days=min(day.weekday(), (day - date.min).days))
        return first, first + timedelta(days=min(6, (date.max - first).days))
    if unit == "month":
        return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    years = _YEARS.get(unit, 1)
    year = day.year - day.year % years
    return date(max(1, year), 1, 1), date(min(9999, year + years - 1), 12, 31)


def count_cells(
    records: Sequence[Mapping[Any, Any]],
    starts: Sequence[pd.Timestamp],
    lanes: Sequence[Lane],
    unit: Unit,
    chosen: frozenset[str],
) -> list[Cell]:
    """The cells of single events. ``lanes`` hold positions in ``records``, of which ``starts`` has the first day."""
    periods = [period_of(start.date(), unit) for start in starts]
    cells = []
    for number, (_, members) in enumerate(lanes):
        found: dict[tuple[date, date], list[int]] = defaultdict(list)
        for member in members:
            found[periods[member]].append(member)
        for (first, last), inside in sorted(found.items()):
            ids = tuple(str(records[member]["id"]) for member in inside)
            kinds = Counter(quad_of(records[member]["type"]) for member in inside)
            cells.append(Cell(number, first, last, kinds, ids, not chosen or bool(chosen.intersection(ids))))
    return cells


def draw_cells(cells: Sequence[Cell], names: Sequence[str], unit: Unit, language: str, palette: Palette) -> View:
    """A dot per cell, its area the number of its events, its colour their commonest family; without axes."""
    most = max(sum(cell.kinds.values()) for cell in cells)
    # Dots of neighbouring periods may touch, but not hide each other.
    time = (max(cell.last for cell in cells) - min(cell.first for cell in cells)).days + 1
    share = ((cells[0].last - cells[0].first).days + 1) / time
    largest = min(20.0, max(6.0, 1.5 * _WIDTH * share))
    xs, sizes, colours, hovers = [], [], [], []
    for cell in cells:
        count = sum(cell.kinds.values())
        first, last = pd.Timestamp(cell.first), pd.Timestamp(cell.last)
        xs.append(first + (last + pd.Timedelta(hours=23) - first) / 2)
        sizes.append(4 + largest * (count / most) ** 0.5)
        ranked = sorted(cell.kinds.items(), key=lambda item: (-item[1], QUADS.index(item[0])))
        colours.append(palette.quads[QUADS.index(ranked[0][0])])
        days = say_when({"date_start": first, "date_end": last, "precision": None, "approximate": False}, language)
        listed = "<br>".join(
            f"{label('quads', quad, language)}: {write_number(number, language)}" for quad, number in ranked
        )
        hovers.append(f"<b>{plain(names[cell.lane])}: {write_number(count, language)}</b><br>{days}<br>{listed}")
    figure = go.Figure()
    figure.add_scatter(
        x=xs,
        y=[cell.lane + 0.5 for cell in cells],
        mode="markers",
        marker={
            "size": sizes,
            "color": colours,
            "opacity": [0.85 if cell.bright else DIMMED for cell in cells],
            "line": {"width": 0},
        },
        customdata=list(range(len(cells))),
        text=hovers,
        hovertemplate="%{text}<extra></extra>",
        showlegend=False,
        selected={"marker": {}},
        unselected={"marker": {}},
    )
    said = plain(text("events_per", language, unit=text(f"unit_{unit}", language)))
    figure.update_xaxes(title={"text": said, "font": {"size": 12, "color": palette.muted}, "standoff": 4})
    return View(figure, tuple(cell.group for cell in cells))


def fit_dots(figure: go.Figure, width: float, height: float) -> None:
    """Make the dots of a timeline so small that those of neighbouring lanes and periods hide no other, on a plot of so
    many pixels. (On the screen ``draw_cells`` has done so.)"""
    for trace in figure.data:
        if trace.type == "scatter" and trace.marker.size is not None and not isinstance(trace.marker.size, int | float):
            days = sorted({pd.Timestamp(x) for x in trace.x})
            least = min((later - day for day, later in pairwise(days)), default=pd.Timedelta(0))
            first, last = (pd.Timestamp(edge) for edge in figure.layout.xaxis.range)
            room = [height / figure.layout.yaxis.range[0]]
            if least:
                room.append(1.3 * width * (least / (last - first)))
            share = min(room) / max(trace.marker.size)
            if share < 1:
                trace.marker.size = [max(2.0, size * share) for size in trace.marker.size]
