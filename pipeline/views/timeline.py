"""The timeline: a lane per actor, place or type; each event as long as what is known of its date.

    thick bar            the event fills these days
    diamond              it happened in this night
    thin bar with ends   it happened at some time within, nobody says when
    dotted bar           not even the ends are sure

Where single events would no longer be told apart, lanes show how many began in each period instead.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from pipeline.views.axis import find_ticks
from pipeline.views.figure import DIMMED, View, base_layout, plain
from pipeline.views.lanes import LanesBy, assign_lanes, pack
from pipeline.views.palette import QUADS, Palette, quad_of
from pipeline.views.phrases import known, say_place, say_type, say_when
from pipeline.wording import label, text

Style = Literal["span", "night", "within", "vague"]

MOST_LANES = 14
MOST_ROWS = 90  # more rows than this nobody reads: periods are counted instead
ROW = 14  # pixels
WIDTH = 520  # pixels of the plot for which marks are kept apart
_MARK = 11  # pixels
_FIRST, _LAST = pd.Timestamp("0001-01-02"), pd.Timestamp("9999-12-30")  # what Python's calendar can write
_DAY = pd.Timedelta(days=1)
_NIGHT = pd.Timedelta(hours=6)
_FILLED = ("minute", "daypart", "day", "multi-day")
_LINES: dict[Style, tuple[int, str]] = {
    "span": (9, "solid"),
    "night": (4, "solid"),
    "within": (2, "solid"),
    "vague": (2, "dot"),
}
_SYMBOLS: dict[Style, str] = {"span": "square", "night": "diamond", "within": "line-ns", "vague": "circle-open"}


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
) -> View:
    """The dated events of ``frame``; those without a date are left out, never drawn at a made-up spot. ``core`` shows
    the shortest time that holds most of them; the rest is a scroll away."""
    dated = frame[frame["date_start"].notna() | frame["date_end"].notna()].reset_index(drop=True)
    if dated.empty:
        return View(_empty(text("no_dated", language), palette), (), 0)
    records: list[dict[Any, Any]] = dated.to_dict("records")
    bars = _bars(dated)
    lanes = assign_lanes(dated, by, language, MOST_LANES)
    span = _core_range(bars) if core else _range(bars)
    marks, centres, edges = _place(lanes, bars, span)
    if edges[-1] > MOST_ROWS:
        return _draw_counts(records, bars, lanes, language, palette, frozenset(selected), span)
    figure = go.Figure()
    chosen = frozenset(selected)
    _add_lines(figure, marks, records, palette, chosen)
    _add_marks(figure, marks, records, language, palette, chosen, wide=(span[1] - span[0]) * _MARK / WIDTH)
    _add_legend(
        figure, {mark.bar.style for mark in marks}, {quad_of(row["type"]) for row in records}, language, palette
    )
    _lay_out(figure, [name for name, _ in lanes], centres, edges, span, language, palette)
    _point_outside(figure, bars, span, language, palette)
    return View(figure, tuple((row["id"],) for row in records), len(records))


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


def _range(bars: Sequence[_Bar]) -> tuple[pd.Timestamp, pd.Timestamp]:
    first, last = min(bar.start for bar in bars), max(bar.end for bar in bars)
    margin = max((last - first) * 0.03, pd.Timedelta(hours=12))
    return max(_FIRST, first - margin), min(_LAST, last + margin)


def _core_range(bars: Sequence[_Bar]) -> tuple[pd.Timestamp, pd.Timestamp]:
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
    margin = max((end - start) * 0.15, pd.Timedelta(days=1))
    return max(_FIRST, start - margin), min(_LAST, end + margin)


def _place(
    lanes: Sequence[tuple[str, list[int]]], bars: Sequence[_Bar], span: tuple[pd.Timestamp, pd.Timestamp]
) -> tuple[list[_Mark], list[float], list[float]]:
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
        width, dash = _LINES[style]
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
        points.append((mark, "square" if style == "within" else _SYMBOLS[style], 9, 0.0 if hidden else shown))
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
        lines.append(plain(_short(row["actor_names"], 60)))
    if row["modality"] != "happened":
        lines.append(f"<i>{plain(label('modalities', row['modality'], language))}</i>")
    lines.append(f"„{plain(_short(row['trigger'], 40))}“")
    return "<br>".join(lines)


def _short(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def _add_legend(figure: go.Figure, styles: set[Style], quads: set[str], language: str, palette: Palette) -> None:
    def entry(name: str, colour: str, mode: str, **how: Any) -> None:
        figure.add_scatter(x=[None], y=[None], mode=mode, name=name, hoverinfo="skip", **how | _coloured(how, colour))

    for quad, colour in zip(QUADS, palette.quads, strict=True):
        if quad in quads:
            entry(label("quads", quad, language), colour, "markers", marker={"symbol": "square", "size": 10})
    for style in ("span", "night", "within", "vague"):
        if style in styles:
            width, dash = _LINES[style]
            mode = "lines" if style == "vague" else "lines+markers"
            how = {
                "line": {"width": width, "dash": dash},
                "marker": {"symbol": _SYMBOLS[style], "size": 9, "line": {"width": 2}},
            }
            entry(text(f"legend_{style}", language), palette.muted, mode, **how)


def _coloured(how: dict[str, Any], colour: str) -> dict[str, Any]:
    answer: dict[str, Any] = {part: {**options, "color": colour} for part, options in how.items()}
    if "line" in answer.get("marker", {}):
        answer["marker"]["line"] = {"width": 2, "color": colour}
    return answer


def _lay_out(
    figure: go.Figure,
    names: Sequence[str],
    centres: Sequence[float],
    edges: Sequence[float],
    span: tuple[pd.Timestamp, pd.Timestamp],
    language: str,
    palette: Palette,
) -> None:
    ticks, labels = find_ticks(*span, language)
    figure.update_layout(
        **base_layout(palette),
        height=round(edges[-1] * ROW + 130),
        dragmode="pan",
        hovermode="closest",
        xaxis={
            "range": span,
            "side": "top",
            "tickvals": ticks,
            "ticktext": labels,
            "gridcolor": palette.grid,
            "zeroline": False,
            "tickfont": {"color": palette.muted, "size": 12},
            "automargin": True,
            "tickangle": 0,
        },
        yaxis={
            "range": [edges[-1], 0],
            "tickvals": list(centres),
            "ticktext": [plain(_short(name, 22)) for name in names],
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "automargin": True,
            "tickfont": {"size": 12},
        },
        shapes=[
            {
                "type": "line",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "y0": edge,
                "y1": edge,
                "layer": "below",
                "line": {"color": palette.grid, "width": 1},
            }
            for edge in edges[1:-1]
        ],
    )


def _point_outside(
    figure: go.Figure,
    bars: Sequence[_Bar],
    span: tuple[pd.Timestamp, pd.Timestamp],
    language: str,
    palette: Palette,
) -> None:
    """How many events lie before and after the time that is shown."""
    earlier, later = sum(bar.end <= span[0] for bar in bars), sum(bar.start >= span[1] for bar in bars)
    for count, key, side, x in ((earlier, "earlier", "left", 0), (later, "later", "right", 1)):
        if count:
            figure.add_annotation(
                text=plain(text(key, language, count=count)),
                xref="paper",
                yref="paper",
                x=x,
                y=1,
                yshift=20,
                xanchor=side,
                yanchor="bottom",
                showarrow=False,
                font={"size": 12, "color": palette.muted},
            )
    if earlier or later:
        figure.update_layout(margin={"t": 38})


def _empty(message: str, palette: Palette) -> go.Figure:
    figure = go.Figure()
    figure.update_layout(**base_layout(palette), height=160, xaxis={"visible": False}, yaxis={"visible": False})
    figure.add_annotation(text=plain(message), showarrow=False, font={"color": palette.muted, "size": 14})
    return figure


# --- many events -------------------------------------------------------------------------------------------

# Longest time in days that is cut into such periods, their name for pandas and for the reader.
_PERIODS = ((60, "D", "day"), (420, "W", "week"), (1900, "M", "month"), (math.inf, "Y", "year"))


def _draw_counts(
    records: list[dict[Any, Any]],
    bars: Sequence[_Bar],
    lanes: Sequence[tuple[str, list[int]]],
    language: str,
    palette: Palette,
    chosen: frozenset[str],
    span: tuple[pd.Timestamp, pd.Timestamp],
) -> View:
    """A dot per lane and period, its area the number of events that begin in it, its colour their commonest family."""
    first, last = span
    _, freq, unit = next(row for row in _PERIODS if (last - first).days <= row[0])
    begins = [pd.Period(bar.start, freq=freq) for bar in bars]
    groups: list[tuple[str, ...]] = []
    xs, ys, sizes, colours, hovers, opacities = [], [], [], [], [], []
    cells: list[tuple[int, pd.Period, list[int]]] = []
    for number, (_, members) in enumerate(lanes):
        found: dict[pd.Period, list[int]] = defaultdict(list)
        for member in members:
            found[begins[member]].append(member)
        cells += [(number, period, group) for period, group in sorted(found.items())]
    most = max(len(members) for *_, members in cells)
    for number, period, members in cells:
        kinds = Counter(quad_of(records[member]["type"]) for member in members)
        ids = tuple(records[member]["id"] for member in members)
        groups.append(ids)
        xs.append(period.start_time + (period.end_time - period.start_time) / 2)
        ys.append(number + 0.5)
        sizes.append(4 + 20 * (len(ids) / most) ** 0.5)
        colours.append(palette.quads[QUADS.index(kinds.most_common(1)[0][0])])
        opacities.append(0.85 if not chosen or chosen.intersection(ids) else DIMMED)
        days = say_when(
            {"date_start": period.start_time, "date_end": period.end_time, "precision": None, "approximate": False},
            language,
        )
        listed = "<br>".join(f"{label('quads', quad, language)}: {count}" for quad, count in kinds.most_common())
        hovers.append(f"<b>{plain(lanes[number][0])}: {len(ids)}</b><br>{days}<br>{listed}")
    figure = go.Figure()
    figure.add_scatter(
        x=xs,
        y=ys,
        mode="markers",
        marker={"size": sizes, "color": colours, "opacity": opacities, "line": {"width": 0}},
        customdata=list(range(len(groups))),
        text=hovers,
        hovertemplate="%{text}<extra></extra>",
        showlegend=False,
        selected={"marker": {}},
        unselected={"marker": {}},
    )
    _add_legend(figure, set(), {quad_of(row["type"]) for row in records}, language, palette)
    count = len(lanes)
    _lay_out(
        figure,
        [name for name, _ in lanes],
        [n + 0.5 for n in range(count)],
        [float(n) for n in range(count + 1)],
        (first, last),
        language,
        palette,
    )
    figure.update_layout(height=count * 28 + 130)
    _point_outside(figure, bars, span, language, palette)
    figure.add_annotation(
        text=plain(text("events_per", language, unit=text(f"unit_{unit}", language))),
        xref="paper",
        yref="paper",
        x=1,
        y=0,
        yanchor="top",
        xanchor="right",
        showarrow=False,
        font={"size": 12, "color": palette.muted},
    )
    return View(figure, tuple(groups), len(records))
