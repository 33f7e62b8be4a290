"""Counts over time, by actor and type, and between actors; two periods compared. A sum never adds what is only claimed,
planned or denied to what happened, and never a toll ("insgesamt 40 Tote") to the events it sums up; ``left_out`` says
how many were not added."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import pandas as pd
import plotly.graph_objects as go
from babel.dates import format_date

from pipeline.views.axis import find_ticks, shorten_name
from pipeline.views.figure import base_layout, plain
from pipeline.views.names import tell_actors_apart
from pipeline.views.palette import QUADS, Palette
from pipeline.views.tally import KINDS, By, Tally, find_unit, key_rows
from pipeline.wording import label, text

MOST_ACTORS = 12
MOST_BARS = 15
_NAME = 34  # letters of a name on an axis
_SHARES = (0.08, 0.55)  # of the colour in cells with fewest and most events: the number is still read on it (WCAG AA)
_MARGIN = {"l": 10, "r": 10, "t": 30, "b": 10}
_ACTING = ("actor", "speaker")
_HIT = ("target", "victim")


class Period(NamedTuple):
    """Days, both inclusive."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


class Statistic(NamedTuple):
    """A figure and how many of the events could not be counted in it."""

    figure: go.Figure
    left_out: int


def count_events(tally: Tally, by: By, language: str, palette: Palette) -> Statistic:
    """Events by week or month, by actor or by type, stacked by family of types."""
    keys, left_out = key_rows(tally, by)
    figure = go.Figure()
    for quad, colour in zip(QUADS, palette.quads, strict=True):
        mine = tally.rows[tally.rows["quad"] == quad]
        sums = mine.groupby(keys[tally.rows["quad"] == quad])["events"].sum()
        if len(sums):
            _add_bars(figure, sums, by, label("quads", quad, language), colour, language)
    _lay_out(figure, keys, tally.rows["events"], by, language, palette)
    _place_bars(figure, tally, by, language, side_by_side=False)
    figure.update_layout(barmode="stack")
    return Statistic(figure, left_out)


def count_casualties(tally: Tally, by: By, language: str, palette: Palette) -> Statistic:
    """Killed and injured: the best figure of each event that happened, else its lowest; a line from the sum of the
    lowest to that of the highest figures where reports differ."""
    keys, _ = key_rows(tally, by)
    told = tally.rows["telling"] > 0
    figure = go.Figure()
    for word, colour in zip(KINDS, (palette.quads[0], palette.quads[1]), strict=True):
        sums = tally.rows[[word, f"{word}_low", f"{word}_high"]].groupby(keys).sum()
        sums = sums[sums[f"{word}_high"] > 0].astype(int)
        if len(sums):
            spread = _Spread(sums[f"{word}_low"], sums[f"{word}_high"], palette.ink)
            _add_bars(figure, sums[word], by, text(word, language), colour, language, spread)
    _lay_out(figure, keys[told], tally.rows.loc[told, "killed"].fillna(0), by, language, palette)
    _place_bars(figure, tally, by, language, side_by_side=True)
    figure.update_layout(barmode="group")
    return Statistic(figure, tally.untold + int(tally.rows.loc[keys.isna(), "telling"].sum()))


def _place_bars(figure: go.Figure, tally: Tally, by: By, language: str, *, side_by_side: bool) -> None:
    """Over time each bar stands on the days of its week or month. (Plotly would take the width from the distance of
    two bars; a single one it draws a millisecond wide.) What period it is, is said below."""
    if by != "time" or not len(figure.data):
        return
    unit = find_unit(tally)
    period = pd.Timedelta(days=7 if unit == "week" else 30)
    share = 0.8 / (len(figure.data) if side_by_side else 1)  # of a period, for one bar
    whole = period / pd.Timedelta(milliseconds=1)
    for number, bar in enumerate(figure.data):
        bar.update(width=share * whole, offset=(0.1 + (number * share if side_by_side else 0)) * whole)
    days = [pd.Timestamp(day) for bar in figure.data for day in bar.x]
    span = min(days) - period / 2, max(days) + 1.5 * period
    ticks, names = find_ticks(*span, language)
    said = text("bar_per", language, unit=text(f"unit_{unit}", language))
    figure.update_xaxes(range=span, tickvals=ticks, ticktext=names, tickangle=0)
    figure.update_xaxes(title={"text": plain(said), "font": {"size": 12}})


def compare(tally: Tally, whole: Tally, first: Period, second: Period, language: str, palette: Palette) -> Statistic:
    """Events of two periods side by side, by lane; with periods of different length, events per 30 days. Only an event
    that lies in one of them as a whole is counted. ``whole``: the same events without lanes, each once."""
    same = first.days == second.days
    figure = go.Figure()
    found = [_find_inside(tally, period) for period in (first, second)]
    either = found[0] | found[1]
    order = tally.rows[either].groupby("lane")["events"].sum().sort_values(ascending=False).index[:MOST_BARS]
    for period, inside, colour in zip((first, second), found, (palette.muted, palette.quads[2]), strict=True):
        sums = tally.rows[inside].groupby("lane")["events"].sum()
        shown = [float(sums.get(name, 0)) for name in order]
        figure.add_bar(
            y=[plain(name) for name in order],
            x=shown if same else [round(count * 30 / period.days, 1) for count in shown],
            orientation="h",
            name=plain(f"{_name(period.first, language)} – {_name(period.last, language)}"),
            marker={"color": colour},
            customdata=[int(count) for count in shown],
            hovertemplate="%{y}: %{customdata}<extra>%{fullData.name}</extra>",
        )
    _lay_out_bars(figure, len(order) * 2, palette)
    figure.update_yaxes(_name_axis(order))
    figure.update_layout(barmode="group")
    if not same:
        figure.update_xaxes(title={"text": text("per_30_days", language), "font": {"size": 12}})
    if not either.any():
        _say_nothing(figure, language, palette)
    outside = ~(_find_inside(whole, first) | _find_inside(whole, second))
    return Statistic(figure, int(whole.rows.loc[outside, "events"].sum()))


def _find_inside(tally: Tally, period: Period) -> pd.Series:
    """Which rows lie in a period as a whole."""
    begins = tally.rows["begin"]
    ends = begins + pd.to_timedelta(tally.rows["days"] - 1, unit="D")
    inside: pd.Series = (begins >= pd.Timestamp(period.first)) & (ends <= pd.Timestamp(period.last))
    return inside.fillna(value=False)


class _Spread(NamedTuple):
    """How far the figures of reports differ: the sums of the lowest and of the highest."""

    low: pd.Series
    high: pd.Series
    ink: str

    def say(self, language: str) -> list[str]:
        ends = zip(map(int, self.low), map(int, self.high), strict=True)
        return ["" if a == b else f" ({text('count_range', language, low=a, high=b)})" for a, b in ends]

    def line(self, sums: pd.Series) -> dict[str, Any] | None:
        """A line over each bar whose figures differ; ``None`` where those of none do."""
        if (self.low == self.high).all():
            return None
        same = self.low == self.high  # no line, not one of no length, whose end would be drawn
        above, below = (gap.astype(float).mask(same).to_numpy() for gap in (self.high - sums, sums - self.low))
        ends = {"array": above, "arrayminus": below}
        return {"type": "data", "symmetric": False, "color": self.ink, "thickness": 1.5, "width": 3, **ends}


def _add_bars(
    figure: go.Figure, sums: pd.Series, by: By, name: str, colour: str, language: str, spread: _Spread | None = None
) -> None:
    said = spread.say(language) if spread else [""] * len(sums)
    line = spread.line(sums) if spread else None
    if by == "time":
        figure.add_bar(
            x=list(sums.index),
            y=[int(number) for number in sums],
            name=name,
            marker={"color": colour, "line": {"width": 0}},
            error_y=line,
            customdata=list(zip([_name(day, language) for day in sums.index], said, strict=True)),
            hovertemplate=f"%{{customdata[0]}}<br>{plain(name)}: %{{y}}%{{customdata[1]}}<extra></extra>",
        )
    else:
        figure.add_bar(
            y=[plain(lane) for lane in sums.index],
            x=[int(number) for number in sums],
            orientation="h",
            name=name,
            marker={"color": colour, "line": {"width": 0}},
            error_x=line,
            customdata=said,
            hovertemplate=f"%{{y}}<br>{plain(name)}: %{{x}}%{{customdata}}<extra></extra>",
        )


def count_pairs(frame: pd.DataFrame, language: str, palette: Palette) -> Statistic:
    """Who did something to whom, or with whom: a cell per pair of actors, the number of events in it."""
    pairs: Counter[tuple[str, str]] = Counter()
    names: dict[str, str] = {}
    left_out = 0
    for actors in frame["actors"]:
        found = set(_pairs(actors))
        pairs.update(found)
        names |= {item["actor_id"]: str(item["name"]) for item in actors}
        left_out += not found
    return draw_pairs(pairs, names, left_out, language, palette)


def draw_pairs(
    pairs: Mapping[tuple[str, str], int], names: Mapping[str, str], left_out: int, language: str, palette: Palette
) -> Statistic:
    """The same of pairs of ids that are counted already."""
    told = tell_actors_apart({identifier: names[identifier] for pair in pairs for identifier in pair}, language)
    pairs = {(told[source], told[target]): number for (source, target), number in pairs.items()}
    totals: Counter[str] = Counter()
    for (source, target), number in pairs.items():
        totals.update({source: number, target: number})
    shown = [name for name, _ in sorted(totals.items(), key=lambda item: (-item[1], item[0]))[:MOST_ACTORS]]
    figure = go.Figure(
        go.Heatmap(
            x=[plain(name) for name in shown],
            y=[plain(name) for name in shown],
            z=[[pairs.get((source, target)) for target in shown] for source in shown],
            colorscale=[[n, _mix(palette.land, palette.quads[0], share)] for n, share in enumerate(_SHARES)],
            showscale=False,
            xgap=1,
            ygap=1,
            texttemplate="%{z}",
            textfont={"color": palette.ink},
            hovertemplate="%{y} → %{x}: %{z}<extra></extra>",
        )
    )
    figure.update_layout(**base_layout(palette) | {"margin": _MARGIN}, height=max(260, 34 * len(shown) + 140))
    figure.update_xaxes(side="top", automargin=True, tickfont={"size": 12}, tickangle=-40, showgrid=False)
    figure.update_xaxes(_name_axis(shown))
    figure.update_yaxes(_name_axis(shown))
    figure.update_yaxes(autorange="reversed", automargin=True, tickfont={"size": 12}, showgrid=False)
    if not shown:
        _say_nothing(figure, language, palette)
    return Statistic(figure, left_out)


def _mix(ground: str, colour: str, share: float) -> str:
    """A colour laid over another ("#rrggbb") with this share."""
    pairs = ((int(ground[n : n + 2], 16), int(colour[n : n + 2], 16)) for n in (1, 3, 5))
    return "#" + "".join(f"{round(low + (high - low) * share):02x}" for low, high in pairs)


def _name_axis(names: Iterable[str]) -> dict[str, list[str]]:
    """Short names on an axis whose values are whole names: two that are shortened alike stay two."""
    names = list(names)
    return {
        "tickvals": [plain(name) for name in names],
        "ticktext": [plain(shorten_name(name, _NAME)) for name in names],
    }


def _pairs(actors: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    by_role = {
        group: [str(item["actor_id"]) for item in actors if item["role"] in roles]
        for group, roles in (("acting", _ACTING), ("hit", _HIT), ("mutual", ("participant",)))
    }
    directed = [(a, b) for a in by_role["acting"] for b in by_role["hit"] if a != b]
    mutual = [(a, b) for a in by_role["mutual"] for b in by_role["mutual"] if a != b]
    return directed + mutual


def _name(day: date, language: str) -> str:
    return str(format_date(day, "medium", locale=language))


def _lay_out(figure: go.Figure, keys: pd.Series, weights: pd.Series, by: By, language: str, palette: Palette) -> None:
    order = weights.groupby(keys).sum().sort_values(ascending=False)
    if not len(figure.data):
        figure.update_layout(**base_layout(palette) | {"margin": _MARGIN}, height=260)
        _say_nothing(figure, language, palette)
    elif by == "time":
        _lay_out_time(figure, palette)
    else:
        names = [plain(name) for name in order.index[:MOST_BARS]]
        _lay_out_bars(figure, len(names), palette)
        figure.update_yaxes(_name_axis(order.index[:MOST_BARS]))
        figure.update_yaxes(categoryorder="array", categoryarray=names, range=[len(names) - 0.5, -0.5], autorange=False)


def _lay_out_time(figure: go.Figure, palette: Palette) -> None:
    _frame(figure, 320, palette)
    figure.update_yaxes(gridcolor=palette.grid, tickfont={"color": palette.muted}, rangemode="tozero")
    figure.update_xaxes(showgrid=False, automargin=True, tickfont={"color": palette.muted})


def _lay_out_bars(figure: go.Figure, bars: int, palette: Palette) -> None:
    _frame(figure, max(150, 24 * bars + 100), palette)
    figure.update_xaxes(gridcolor=palette.grid, tickfont={"color": palette.muted}, rangemode="tozero", zeroline=False)
    figure.update_xaxes(automargin=True)
    figure.update_yaxes(autorange="reversed", tickfont={"size": 12}, showgrid=False)


def _frame(figure: go.Figure, height: int, palette: Palette) -> None:
    figure.update_layout(**base_layout(palette) | {"margin": _MARGIN}, height=height, bargap=0.2)
    figure.update_layout(legend={"xref": "paper", "y": 1.02, "yanchor": "bottom", "traceorder": "normal"})
    figure.update_yaxes(automargin=True, zeroline=False)


def _say_nothing(figure: go.Figure, language: str, palette: Palette) -> None:
    message = plain(text("nothing_to_count", language))
    figure.add_annotation(text=message, showarrow=False, font={"color": palette.muted, "size": 14})
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
