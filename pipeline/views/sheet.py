"""Map and timeline on one sheet, for print: at a size that is asked for, each with its share of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import unescape

import pandas as pd
import plotly.graph_objects as go

from pipeline.views.axis import ROW, find_ticks, shorten_name
from pipeline.views.crowd import fit_dots
from pipeline.views.figure import View, plain
from pipeline.views.palette import Palette
from pipeline.views.spots import Spot
from pipeline.views.still import draw_still_map

_NAMES = 165  # pixels for the names of the lanes, and of a narrow sheet this share
_SHARE = 0.36
_LETTER = 7.4  # pixels of one of a name
_SIDE_BY_SIDE = 520  # pixels of a sheet that has room for both
_LOW, _NARROW = 165, 400  # pixels of a sheet too low for one above the other, and too narrow for both even then
_TICK = 50  # pixels for a day on the axis
_AXIS = 40  # pixels for the days above the lanes
_LINE = 18  # pixels


def draw_sheet(
    spots: Sequence[Spot],
    draw_timeline: Callable[[int], View],
    *,
    language: str,
    palette: Palette,
    size: tuple[int, int],
) -> View:
    """Side by side on a wide sheet, one above the other on a high or narrow one. ``draw_timeline`` draws one of at most
    so many rows. ``size`` is width and height of both together in pixels, without title and legend."""
    width, height = size
    wide = width > height and width >= (_SIDE_BY_SIDE if height >= _LOW else _NARROW)
    names = min(_NAMES, round(width * _SHARE))
    left, bottom = (0.42, 0.0) if wide else (1.0, 0.54)
    figure = draw_timeline(_count_rows(round(height if wide else height * bottom - 30))).figure
    ratio = width * left / (height * (1 - bottom))
    still = draw_still_map(spots, language=language, palette=palette, ratio=ratio, width=width * left).figure
    named = {trace.name for trace in figure.data if trace.name}
    for trace in still.data:
        figure.add_trace(trace.update(showlegend=bool(trace.showlegend) and trace.name not in named))
    room = width * (1 - left if wide else 1.0) - names
    above = _AXIS
    if figure.layout.xaxis.title.text and figure.layout.annotations:  # what lies outside goes above what is counted
        figure.update_annotations(yshift=20 + _LINE)
        above += _LINE
    if figure.layout.xaxis.range:
        first, last = (pd.Timestamp(day) for day in figure.layout.xaxis.range)
        ticks, words = find_ticks(first, last, language, max(3, int(room / _TICK)))
        figure.update_xaxes(tickvals=ticks, ticktext=words)
    top = bottom - (above + 30) / height  # of the lanes, which a very low sheet has hardly room for
    figure.update_layout(
        geo={**still.layout.geo.to_plotly_json(), "domain": {"x": [0, left], "y": [bottom, 1]}},
        xaxis={"domain": [left + names / width, 1] if wide else [names / width, 1], "automargin": False},
        yaxis={"domain": [0, 1 - above / height] if wide else [0, max(top, bottom / 3)], "automargin": False},
        height=height,
    )
    if figure.layout.yaxis.range:
        low, high = figure.layout.yaxis.domain
        _fit(figure, names, room, (high - low) * height)
    return View(figure, ())


def is_too_small(size: tuple[int, int]) -> bool:
    """Whether so many pixels are not enough for map and timeline together."""
    return size[0] < _NARROW and size[1] < _LOW


def draw_strip(draw_timeline: Callable[[int], View], size: tuple[int, int]) -> View:
    """A timeline alone, on a sheet of so many pixels."""
    width, height = size
    drawn = draw_timeline(_count_rows(height))
    if drawn.figure.layout.yaxis.range:
        names = min(_NAMES, round(width * _SHARE))
        _fit(drawn.figure, names, width - names, height - _AXIS)
    return drawn


def _fit(figure: go.Figure, names: int, width: float, height: float) -> None:
    """Names and dots of a timeline for a plot of so many pixels."""
    fit_dots(figure, width, height)
    letters = int(names / _LETTER)
    figure.layout.yaxis.ticktext = [
        plain(shorten_name(unescape(name), letters)) for name in figure.layout.yaxis.ticktext
    ]


def _count_rows(height: int) -> int:
    """How many rows of a timeline can be told apart in so many pixels."""
    return max(4, int((height - _AXIS) / (ROW * 0.85)))
