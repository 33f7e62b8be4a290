"""Counts over time and between actors. A sum never adds what is only claimed, planned or denied to what happened, and
never a toll ("insgesamt 40 Tote") to the events it sums up; ``left_out`` says how many were not added."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any, NamedTuple

import pandas as pd
import plotly.graph_objects as go
from babel.dates import format_date

from pipeline.views.axis import find_ticks
from pipeline.views.figure import base_layout, plain
from pipeline.views.palette import QUADS, Palette, quad_of
from pipeline.wording import label, text

MOST_ACTORS = 12
_MARGIN = {"l": 10, "r": 10, "t": 30, "b": 10}
_ACTING = ("actor", "speaker")
_HIT = ("target", "victim")


class Statistic(NamedTuple):
    """A figure and how many of the events could not be counted in it."""

    figure: go.Figure
    left_out: int


def _periods(frame: pd.DataFrame) -> pd.Series:
    """The first day of the week (Monday) in which each event begins, or of the month where time is long; an event
    whose date is no closer than that is not counted (``NaT``)."""
    starts, ends = frame["date_start"], frame["date_end"]
    dated = starts[starts.notna() & ends.notna()]
    long = not dated.empty and (dated.max() - dated.min()).days > 420
    close = (ends - starts).dt.days < (31 if long else 7)
    begin: pd.Series = starts.dt.to_period("M" if long else "W").dt.start_time
    return begin.where(close)


def count_events(frame: pd.DataFrame, language: str, palette: Palette) -> Statistic:
    """Events by week or month, stacked by family of types."""
    periods = _periods(frame)
    quads = frame["type"].map(quad_of).astype(object)
    figure = go.Figure()
    for quad, colour in zip(QUADS, palette.quads, strict=True):
        counts = periods[(quads == quad) & periods.notna()].value_counts().sort_index()
        if len(counts):
            name = label("quads", quad, language)
            figure.add_bar(
                x=list(counts.index),
                y=counts.to_list(),
                name=name,
                marker={"color": colour, "line": {"width": 0}},
                customdata=[_name(day, language) for day in counts.index],
                hovertemplate=f"%{{customdata}}<br>{plain(name)}: %{{y}}<extra></extra>",
            )
    _lay_out(figure, periods, language, palette)
    figure.update_layout(barmode="stack")
    return Statistic(figure, int(periods.isna().sum()))


def count_casualties(frame: pd.DataFrame, language: str, palette: Palette) -> Statistic:
    """Killed and injured by week or month: the best figure of each event that happened, else its lowest."""
    kinds = ("fatalities", "injured")
    numbers = {kind: frame[f"{kind}_best"].fillna(frame[f"{kind}_low"]) for kind in kinds}
    told = numbers["fatalities"].notna() | numbers["injured"].notna()
    periods = _periods(frame)
    counted = told & (frame["modality"] == "happened") & (frame["mode"] != "casualty-toll") & periods.notna()
    figure = go.Figure()
    for kind, word, colour in zip(kinds, ("killed", "injured"), (palette.quads[0], palette.quads[1]), strict=True):
        sums = numbers[kind][counted].groupby(periods[counted]).sum()
        sums = sums[sums > 0]
        name = text(word, language)
        figure.add_bar(
            x=list(sums.index),
            y=sums.astype(int).to_list(),
            name=name,
            marker={"color": colour},
            customdata=[_name(day, language) for day in sums.index],
            hovertemplate=f"%{{customdata}}<br>{plain(name)}: %{{y}}<extra></extra>",
        )
    _lay_out(figure, periods, language, palette)
    figure.update_layout(barmode="group")
    return Statistic(figure, int((told & ~counted).sum()))


def count_pairs(frame: pd.DataFrame, language: str, palette: Palette) -> Statistic:
    """Who did something to whom, or with whom: a cell per pair of actors, the number of events in it."""
    pairs: Counter[tuple[str, str]] = Counter()
    left_out = 0
    for actors in frame["actors"]:
        found = set(_pairs(actors))
        pairs.update(found)
        left_out += not found
    totals: Counter[str] = Counter()
    for (source, target), number in pairs.items():
        totals.update({source: number, target: number})
    names = [name for name, _ in sorted(totals.items(), key=lambda item: (-item[1], item[0]))[:MOST_ACTORS]]
    figure = go.Figure(
        go.Heatmap(
            x=names,
            y=names,
            z=[[pairs.get((source, target)) for target in names] for source in names],
            colorscale=[[0, palette.land], [1, palette.quads[0]]],
            showscale=False,
            xgap=1,
            ygap=1,
            texttemplate="%{z}",
            hovertemplate="%{y} → %{x}: %{z}<extra></extra>",
        )
    )
    figure.update_layout(**base_layout(palette) | {"margin": _MARGIN}, height=max(260, 34 * len(names) + 140))
    figure.update_xaxes(side="top", automargin=True, tickfont={"size": 12}, tickangle=-40, showgrid=False)
    figure.update_yaxes(autorange="reversed", automargin=True, tickfont={"size": 12}, showgrid=False)
    if not names:
        _say_nothing(figure, language, palette)
    return Statistic(figure, left_out)


def _pairs(actors: list[dict[str, Any]]) -> list[tuple[str, str]]:
    by_role = {
        group: [plain(item["name"]) for item in actors if item["role"] in roles]
        for group, roles in (("acting", _ACTING), ("hit", _HIT), ("mutual", ("participant",)))
    }
    directed = [(a, b) for a in by_role["acting"] for b in by_role["hit"] if a != b]
    mutual = [(a, b) for a in by_role["mutual"] for b in by_role["mutual"] if a != b]
    return directed + mutual


def _name(day: pd.Timestamp, language: str) -> str:
    return str(format_date(day.date(), "medium", locale=language))


def _lay_out(figure: go.Figure, periods: pd.Series, language: str, palette: Palette) -> None:
    figure.update_layout(**base_layout(palette) | {"margin": _MARGIN}, height=320)
    figure.update_layout(legend={"xref": "paper", "y": 1.02, "yanchor": "bottom", "traceorder": "normal"}, bargap=0.2)
    figure.update_yaxes(gridcolor=palette.grid, zeroline=False, tickfont={"color": palette.muted}, rangemode="tozero")
    figure.update_yaxes(automargin=True)
    order = sorted(set(periods.dropna()))
    if order:
        step = min((b - a for a, b in pairwise(order)), default=pd.Timedelta(days=7))
        span = order[0] - step, order[-1] + step
        ticks, names = find_ticks(*span, language)
        figure.update_xaxes(range=span, tickvals=ticks, ticktext=names, tickangle=0, showgrid=False, automargin=True)
        figure.update_xaxes(tickfont={"color": palette.muted})
    else:
        _say_nothing(figure, language, palette)


def _say_nothing(figure: go.Figure, language: str, palette: Palette) -> None:
    message = plain(text("nothing_to_count", language))
    figure.add_annotation(text=message, showarrow=False, font={"color": palette.muted, "size": 14})
