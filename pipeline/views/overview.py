"""Timeline and spots of very many events, as the store has counted them (``Store.overview``, ``Store.place_bins``)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import pandas as pd

from pipeline.views.axis import Range, lay_out, point_outside, say_nothing, show_window, widen
from pipeline.views.crowd import DOT_ROW, Cell, Unit, draw_cells, period_of
from pipeline.views.figure import View
from pipeline.views.lanes import LanesBy, name_lanes
from pipeline.views.legend import add_legend
from pipeline.views.palette import Palette, quad_of
from pipeline.views.phrases import known
from pipeline.views.picks import pick_bounds, pick_cell, pick_place
from pipeline.views.spots import Spot
from pipeline.wording import text

Key = tuple[str, date]  # id of a lane, first day of a period


def key_counts(lanes: pd.DataFrame, counts: pd.DataFrame) -> set[Key]:
    """The cells of an overview that hold any event."""
    ids = [known(identifier) or "" for identifier in lanes["id"]]
    return {(ids[int(lane)], day.date()) for lane, day in zip(counts["lane"], counts["period"], strict=True)}


def find_dense(counts: pd.DataFrame, share: float = 0.8) -> Range | None:
    """The shortest time that holds so large a share of all counted events, where it is much shorter than all of the
    time; else all of it. ``None`` of nothing."""
    by_period = counts.groupby("period")["events"].sum().sort_index()
    if by_period.empty:
        return None
    days, sums = list(by_period.index), by_period.to_numpy().cumsum()
    wanted = sums[-1] * share
    best, low = (days[0], days[-1]), 0
    for high, reached in enumerate(sums):
        while low < high and reached - sums[low] >= wanted:
            low += 1
        before = sums[low - 1] if low else 0
        if reached - before >= wanted and days[high] - days[low] < best[1] - best[0]:
            best = days[low], days[high]
    return best if (best[1] - best[0]) * 5 <= days[-1] - days[0] else (days[0], days[-1])


def draw_overview(
    lanes: pd.DataFrame,
    counts: pd.DataFrame,
    *,
    others: int,
    by: LanesBy,
    unit: Unit,
    language: str,
    palette: Palette,
    bright: Collection[Key] | None = None,
    span: Range | None = None,
    outside: tuple[int, int] = (0, 0),
    window: tuple[date, date] | None = None,
) -> View:
    """Lanes and counts of ``Store.overview`` by ``unit``. ``bright``: the cells that hold selected events, ``None`` all
    of them; ``outside``: events before and after."""
    if counts.empty:
        return View(say_nothing(text("no_dated", language), palette), ())
    rows = lanes.to_dict("records")
    ids = [known(row["id"]) or "" for row in rows]
    named = {identifier: known(row["name"]) for identifier, row in zip(ids, rows, strict=True)}
    names = list(name_lanes(named, by, language, others).values())
    cells = []
    for row in counts.to_dict("records"):
        lane, (first, last) = int(row["lane"]), period_of(row["period"].date(), unit)
        group = () if ids[lane] == "…" else (pick_cell(by, first, last, ids[lane]),)
        shines = bright is None or (ids[lane], row["period"].date()) in bright
        cells.append(Cell(lane, first, last, _families(row["types"]), group, shines))
    drawn = draw_cells(cells, names, unit, language, palette)
    add_legend(drawn.figure, (), {quad for cell in cells for quad in cell.kinds}, language, palette)
    count = len(names)
    span = span or (counts["period"].min(), counts["period"].max())
    last = pd.Timestamp(period_of(span[1].date(), unit)[1])
    shown = widen(span[0], last, 0.02, pd.Timedelta(days=1))
    lay_out(
        drawn.figure, names, [n + 0.5 for n in range(count)], list(range(count + 1)), shown, language, palette, DOT_ROW
    )
    point_outside(drawn.figure, *outside, language, palette)
    show_window(drawn.figure, window, palette)
    return drawn


def read_spots(bins: pd.DataFrame, bright: Collection[str] | None = None) -> list[Spot]:
    """The rows of ``Store.place_bins`` as spots; bright are those whose pick is in ``bright``, ``None`` for all."""
    spots = []
    for row in bins.to_dict("records"):
        gridded = "west" in row
        pick = (
            pick_bounds(*(row[side] for side in ("west", "south", "east", "north")))
            if gridded
            else pick_place(row["place_id"])
        )
        name = row["name"] if row["places"] == 1 or not gridded else f"{row['name']} +{row['places'] - 1}"
        spots.append(
            Spot(
                name,
                row["lat"],
                row["lon"],
                None if gridded else row["precision"],
                0.0 if gridded else known(row["radius_km"]) or 0.0,
                pick,
                {quad_of(row["type"]): int(row["events"])},
                bright is None or pick in bright,
            )
        )
    return spots


def _families(types: Mapping[str, Any]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for kind, number in types.items():
        found[quad_of(kind)] += int(number)
    return dict(found)
