"""The axes of a timeline: round days in the reader's language (Plotly would write them in English), lanes, and what
lies outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from babel.dates import format_date

from pipeline.views.figure import base_layout, plain
from pipeline.views.palette import Palette
from pipeline.wording import text

Range = tuple[pd.Timestamp, pd.Timestamp]

ROW = 14  # pixels of a row of a lane
FIRST, LAST = pd.Timestamp("0001-01-02"), pd.Timestamp("9999-12-30")  # what Python's calendar can write
# Distance of the ticks of an axis for pandas and in days, and how a day is written there: within a year, and where a
# year is new.
_STEPS: tuple[tuple[str, int, str, str], ...] = (
    ("D", 1, "d. MMM", "d. MMM yyyy"),
    ("2D", 2, "d. MMM", "d. MMM yyyy"),
    ("W-MON", 7, "d. MMM", "d. MMM yyyy"),
    ("MS", 30, "MMM", "MMM yyyy"),
    ("2MS", 61, "MMM", "MMM yyyy"),
    ("QS", 91, "MMM", "MMM yyyy"),
    ("6MS", 182, "MMM", "MMM yyyy"),
    *((f"{years}YS", 365 * years, "yyyy", "yyyy") for years in (1, 2, 5, 20, 100, 500, 2000)),
)
_MOST_TICKS = 6


def find_ticks(
    first: pd.Timestamp, last: pd.Timestamp, language: str, most: int = _MOST_TICKS
) -> tuple[list[pd.Timestamp], list[str]]:
    """A few round days within a range, about ``most``, in the reader's language."""
    length = (last - first).days
    step, _, plain_form, full_form = next(row for row in _STEPS if length <= most * row[1] or row is _STEPS[-1])
    ticks = [tick for tick in pd.date_range(first.normalize(), last, freq=step) if tick >= first]
    years = [tick.year for tick in ticks]
    forms = [plain_form if i and years[i] == years[i - 1] else full_form for i in range(len(ticks))]
    if language == "en":
        forms = [form.replace("d. ", "d ") for form in forms]
    return ticks, [
        str(format_date(tick.date(), form, locale=language)) for tick, form in zip(ticks, forms, strict=True)
    ]


def widen(first: pd.Timestamp, last: pd.Timestamp, share: float, least: pd.Timedelta) -> Range:
    """A range with some air on both sides, within the calendar."""
    margin = max((last - first) * share, least)
    return max(FIRST, first - margin), min(LAST, last + margin)


def shorten(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def shorten_name(name: str, most: int) -> str:
    """A name without its middle: many begin alike, and end in what tells them apart."""
    end = most // 3
    return name if len(name) <= most else f"{name[: most - 1 - end].rstrip()}…{name[-end:].lstrip()}"


def lay_out(
    figure: go.Figure,
    names: Sequence[str],
    centres: Sequence[float],
    edges: Sequence[float],
    span: Range,
    language: str,
    palette: Palette,
    row: int = ROW,
) -> None:
    """Lanes with their names on the left, time on top. ``edges`` are in rows of ``row`` pixels."""
    ticks, labels = find_ticks(*span, language)
    figure.update_layout(
        **base_layout(palette),
        height=round(edges[-1] * row + 130),
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
            "ticktext": [plain(shorten_name(name, 22)) for name in names],
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "automargin": True,
            "tickfont": {"size": 12},
        },
        shapes=[_line(edge, palette) for edge in edges[1:-1]],
    )


def _line(edge: float, palette: Palette) -> dict[str, Any]:
    return {
        "type": "line",
        "xref": "x domain",
        "x0": 0,
        "x1": 1,
        "y0": edge,
        "y1": edge,
        "layer": "below",
        "line": {"color": palette.grid, "width": 1},
    }


def point_outside(figure: go.Figure, earlier: int, later: int, language: str, palette: Palette) -> None:
    """How many events lie before and after the time that is shown."""
    for count, key, side, x in ((earlier, "earlier", "left", 0), (later, "later", "right", 1)):
        if count:
            figure.add_annotation(
                text=plain(text(key, language, count=count)),
                xref="x domain",
                yref="y domain",
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


def show_window(figure: go.Figure, window: tuple[date, date] | None, palette: Palette) -> None:
    """The days that are played now, as a band behind the marks."""
    if window:
        first, last = (pd.Timestamp(day) for day in window)
        figure.add_shape(
            type="rect",
            xref="x",
            yref="y domain",
            x0=first,
            x1=last + pd.Timedelta(days=1),
            y0=0,
            y1=1,
            layer="below",
            line={"color": palette.muted, "width": 1},
            fillcolor=palette.muted,
            opacity=0.18,
        )


def say_nothing(message: str, palette: Palette) -> go.Figure:
    figure = go.Figure()
    figure.update_layout(**base_layout(palette), height=160, xaxis={"visible": False}, yaxis={"visible": False})
    figure.add_annotation(text=plain(message), showarrow=False, font={"color": palette.muted, "size": 14})
    return figure
