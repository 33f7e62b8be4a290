"""The timeline: a lane per actor, place or type; each event as long as what is known of its date.

    thick bar            the event fills these days
    diamond              it happened in this night
    thin bar with ends   it happened at some time within, nobody says when
    dotted bar           not even the ends are sure

Where single events would no longer be told apart, lanes show how many began in each period instead.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from pipeline.views.axis import FIRST, LAST, Range, lay_out, point_outside, say_nothing, shorten, show_window, widen
from pipeline.views.crowd import DOT_ROW, Unit, count_cells, draw_cells, period_of, unit_of
from pipeline.views.figure import DIMMED, View, plain
from pipeline.views.lanes import Lane, LanesBy, assign_lanes, pack
from pipeline.views.legend import LINES, SYMBOLS, Style, add_legend
from pipeline.views.palette import Palette, quad_of
from pipeline.views.phrases import known, say_place, say_type, say_when
from pipeline.wording import label, text

MOST_LANES = 14
MOST_ROWS = 90  # more rows than this nobody reads: periods are counted instead
WIDTH = 520  # pixels of the plot for which marks are kept apart
_MARK = 11  # pixels
_DAY = pd.Timedelta(days=1)
_NIGHT = pd.Timedelta(hours=6)
_FILLED = ("minute", "daypart", "day", "multi-day")


class _Bar(NamedTuple):
    start: pd.Timestamp
    end: pd.Timestamp
    style: Style


@dataclass(frozen=True, slots=True)
class _Mark:
    """One event in one lane."""

    event: int
    bar: _Bar
    y: float


def draw_timeline(
    frame: pd.DataFrame,
    *,
    by: LanesBy,
    language: str,
    palette: Palette,
    selected: Collection[str] = (),
    core: bool = False,
    fit: Collection[str] = (),
    window: tuple[date, date] | None = None,
    most_rows: int = MOST_ROWS,
) -> View:
    """The dated events of ``frame``; those without a date are left out, never drawn at a made-up spot. ``core`` shows
    the shortest time that holds most of them, ``fit`` the time of these events; the rest is a scroll away. ``window``
    are the days that are played. More than ``most_rows`` rows become counts by period."""
    dated = frame[frame["date_start"].notna() | frame["date_end"].notna()].reset_index(drop=True)
    if dated.empty:
        return View(say_nothing(text("no_dated", language), palette), ())
    records: list[dict[Any, Any]] = dated.to_dict("records")
    bars = _bars(dated)
    lanes = assign_lanes(dated, by, language, fit_lanes(most_rows))
    names = [name for name, _ in lanes]
    wanted = [bar for bar, row in zip(bars, records, strict=True) if row["id"] in fit] if fit else []
    span = _range(wanted) if wanted else _core_range(bars) if core else _range(bars)
    chosen = frozenset(selected)
    quads = {quad_of(row["type"]) for row in records}
    marks, centres, edges = _place(lanes, bars, span)
    if edges[-1] > most_rows:
        unit = unit_of(*span)
        span = _whole(span, unit)
        cells = count_cells(records, [bar.start for bar in bars], lanes, unit, chosen)
        drawn = draw_cells(cells, names, unit, language, palette)
        add_legend(drawn.figure, (), quads, language, palette)
        count = len(lanes)
        lay_out(
            drawn.figure, names, [n + 0.5 for n in range(count)], list(range(count + 1)), span, language, palette,
            DOT_ROW,
        )  # fmt: skip
    else:
        figure = go.Figure()
        _add_lines(figure, marks, records, palette, chosen)
        _add_marks(figure, marks, records, language, palette, chosen, wide=(span[1] - span[0]) * _MARK / WIDTH)
        add_legend(figure, {mark.bar.style for mark in marks}, quads, language, palette)
        lay_out(figure, names, centres, edges, span, language, palette)
        drawn = View(figure, tuple((row["id"],) for row in records))
    earlier, later = sum(bar.end <= span[0] for bar in bars), sum(bar.start >= span[1] for bar in bars)
    point_outside(drawn.figure, earlier, later, language, palette)
    show_window(drawn.figure, window, palette)
    return drawn


def fit_lanes(rows: int) -> int:
    """How many lanes have a name of their own on so many rows; two are left for the others and for none."""
    return min(MOST_LANES, max(2, rows - 2))


def find_days(frame: pd.DataFrame, *, core: bool) -> tuple[date, date] | None:
    """First and last day that ``draw_timeline`` shows, as far as there are events; ``None`` without any date."""
    dated = frame[frame["date_start"].notna() | frame["date_end"].notna()]
    if dated.empty:
        return None
    bars = _bars(dated)
    first, last = _core_range(bars) if core else _range(bars)
    inside = [bar for bar in bars if bar.end > first and bar.start < last]
    starts, ends = min(bar.start for bar in inside), max(bar.end for bar in inside)
    return max(first, starts).date(), (min(last, ends) - pd.Timedelta(seconds=1)).date()


# --- where things stand ------------------------------------------------------------------------------------


def _bars(dated: pd.DataFrame) -> list[_Bar]:
    days = dated[["date_start", "date_end"]].stack()
    earliest, latest = days.min(), days.max()
    answer = []
    for row in dated.to_dict("records"):
        start = row["date_start"] if known(row["date_start"]) is not None else min(earliest, row["date_end"] - 7 * _DAY)
        end = row["date_end"] if known(row["date_end"]) is not None else max(latest, row["date_start"] + 7 * _DAY)
        precision = known(row["precision"])
        style: Style = "within"
        if precision == "vague" or row["approximate"] or known(row["date_start"]) is None:
            style = "vague"
        elif precision == "night":
            style = "night"
        elif precision in _FILLED or row["ongoing"]:
            style = "span"
        if style == "night" and end > start:
            answer.append(_Bar(start + _DAY - _NIGHT, end + _NIGHT, style))
        else:
            answer.append(_Bar(start, end + _DAY, style))
    return answer


def _range(bars: Sequence[_Bar]) -> Range:
    first, last = min(bar.start for bar in bars), max(bar.end for bar in bars)
    return widen(first, last, 0.03, pd.Timedelta(hours=12))


def _whole(span: Range, unit: Unit) -> Range:
    """The periods that a range begins and ends in."""
    first, last = period_of(span[0].date(), unit)[0], period_of(span[1].date(), unit)[1]
    return max(FIRST, pd.Timestamp(first)), min(LAST, pd.Timestamp(last) + _DAY)


def _core_range(bars: Sequence[_Bar]) -> Range:
    """The shortest time that holds four events of five, where it is much shorter than all of the time."""
    clear = [bar for bar in bars if bar.style in ("span", "night")] or bars
    middles = sorted(bar.start + (bar.end - bar.start) / 2 for bar in clear)
    count = max(1, math.ceil(len(middles) * 0.8))
    windows = [(middles[i + count - 1] - middles[i], i) for i in range(len(middles) - count + 1)]
    _, first = min(windows)
    start, end = middles[first], middles[first + count - 1]
    whole = _range(bars)
    if (end - start) * 5 > whole[1] - whole[0]:
        return whole
    return widen(start, end, 0.15, _DAY)


def _place(lanes: Sequence[Lane], bars: Sequence[_Bar], span: Range) -> tuple[list[_Mark], list[float], list[float]]:
    """Marks with their y, the centre of each lane, and the lower edge of each lane, in rows from the top."""
    first, last = span
    least = (last - first).total_seconds() * _MARK / WIDTH
    marks: list[_Mark] = []
    centres: list[float] = []
    edges: list[float] = [0.0]
    for _, members in lanes:
        spans = []
        for member in members:
            start, end = bars[member].start.timestamp(), bars[member].end.timestamp()
            spare = max(0.0, least - (end - start)) / 2
            spans.append((start - spare, end + spare))
        rows = pack(spans)
        height = max(rows) + 1
        top = edges[-1]
        marks.extend(_Mark(member, bars[member], top + row + 0.75) for member, row in zip(members, rows, strict=True))
        centres.append(top + height / 2 + 0.25)
        edges.append(top + height + 0.5)
    return marks, centres, edges


# --- what is drawn -----------------------------------------------------------------------------------------


def _opacity(identifier: str, chosen: frozenset[str]) -> float:
    return 1.0 if not chosen or identifier in chosen else DIMMED


def _add_lines(
    figure: go.Figure, marks: Sequence[_Mark], records: list[dict[Any, Any]], palette: Palette, chosen: frozenset[str]
) -> None:
    groups: dict[tuple[str, Style, float], list[_Mark]] = defaultdict(list)
    for mark in marks:
        row = records[mark.event]
        groups[palette.colour(row["type"]), mark.bar.style, _opacity(row["id"], chosen)].append(mark)
    for (colour, style, opacity), members in groups.items():
        width, dash = LINES[style]
        figure.add_scatter(
            x=[x for mark in members for x in (mark.bar.start, mark.bar.end, None)],
            y=[y for mark in members for y in (mark.y, mark.y, None)],
            mode="lines",
            line={"color": colour, "width": width, "dash": dash},
            opacity=opacity,
            hoverinfo="skip",
            showlegend=False,
        )


def _add_marks(
    figure: go.Figure,
    marks: Sequence[_Mark],
    records: list[dict[Any, Any]],
    language: str,
    palette: Palette,
    chosen: frozenset[str],
    wide: pd.Timedelta,
) -> None:
    """The points that can be hovered over and selected: the middle of each bar, and both ends of a thin one. A bar that
    is ``wide`` is seen without its middle, which would show through where the bar is dimmed."""
    x: list[pd.Timestamp] = []
    points: list[tuple[_Mark, str, int, float]] = []  # mark, symbol, size, opacity
    for mark in marks:
        style = mark.bar.style
        shown = _opacity(records[mark.event]["id"], chosen)
        middle = mark.bar.start + (mark.bar.end - mark.bar.start) / 2
        x.append(middle)
        hidden = style in ("within", "vague") or (shown == DIMMED and mark.bar.end - mark.bar.start > wide)
        points.append((mark, "square" if style == "within" else SYMBOLS[style], 9, 0.0 if hidden else shown))
        if style == "within":
            x += [mark.bar.start, mark.bar.end]
            points += [(mark, "line-ns", 9, shown)] * 2
    colours = [palette.colour(records[mark.event]["type"]) for mark, *_ in points]
    figure.add_scatter(
        x=x,
        y=[mark.y for mark, *_ in points],
        mode="markers",
        marker={
            "symbol": [symbol for _, symbol, *_ in points],
            "size": [size for _, _, size, _ in points],
            "color": colours,
            "opacity": [opacity for *_, opacity in points],
            "line": {"width": [2 if symbol == "line-ns" else 0 for _, symbol, *_ in points], "color": colours},
        },
        customdata=[mark.event for mark, *_ in points],
        text=[describe(records[mark.event], language) for mark, *_ in points],
        hovertemplate="%{text}<extra></extra>",
        showlegend=False,
        selected={"marker": {}},
        unselected={"marker": {}},
    )


def describe(row: dict[Any, Any], language: str) -> str:
    """What an event's mark says when pointed at."""
    lines = [f"<b>{plain(say_when(row, language))}</b>", plain(say_type(row, language))]
    if known(row["place"]):
        lines[1] += f" · {plain(say_place(row, language))}"
    if known(row["actor_names"]):
        lines.append(plain(shorten(row["actor_names"], 60)))
    if row["modality"] != "happened":
        lines.append(f"<i>{plain(label('modalities', row['modality'], language))}</i>")
    if row["origin"] == "extracted":
        lines.append(f"„{plain(shorten(row['trigger'], 40))}“")
    else:  # a row of somebody's table
        lines.append(f"{text('origin', language)}: {plain(label('origins', row['origin'], language))}")
    return "<br>".join(lines)
