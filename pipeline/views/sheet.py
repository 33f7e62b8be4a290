"""Map and timeline on one sheet, for print: at a size that is asked for, each with its share of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from pipeline.views.axis import ROW, find_ticks
from pipeline.views.figure import View
from pipeline.views.palette import Palette
from pipeline.views.spots import Spot
from pipeline.views.still import draw_still_map

_NAMES = 165  # pixels for the names of the lanes
_TICK = 50  # pixels for a day on the axis
_AXIS = 40  # pixels for the days above the lanes


def draw_sheet(
    spots: Sequence[Spot],
    draw_timeline: Callable[[int], View],
    *,
    language: str,
    palette: Palette,
    size: tuple[int, int],
) -> View:
    """Side by side on a wide sheet, one above the other on a high one. ``draw_timeline`` draws one of at most so many
    rows. ``size`` is width and height of both together in pixels, without title and legend."""
    width, height = size
    wide = width > height
    left, bottom = (0.42, 0.0) if wide else (1.0, 0.54)
    figure = draw_timeline(max(12, count_rows(round(height * (1.0 if wide else 0.44))))).figure
    ratio = width * left / (height * (1 - bottom))
    still = draw_still_map(spots, language=language, palette=palette, ratio=ratio, width=width * left).figure
    named = {trace.name for trace in figure.data if trace.name}
    for trace in still.data:
        figure.add_trace(trace.update(showlegend=bool(trace.showlegend) and trace.name not in named))
    room = width * (1 - left if wide else 1.0) - _NAMES
    if figure.layout.xaxis.range:
        first, last = (pd.Timestamp(day) for day in figure.layout.xaxis.range)
        ticks, words = find_ticks(first, last, language, max(3, int(room / _TICK)))
        figure.update_xaxes(tickvals=ticks, ticktext=words)
    figure.update_layout(
        geo={**still.layout.geo.to_plotly_json(), "domain": {"x": [0, left], "y": [bottom, 1]}},
        xaxis={"domain": [left + _NAMES / width, 1] if wide else [_NAMES / width, 1], "automargin": False},
        yaxis={"domain": [0, 1 - _AXIS / height] if wide else [0, bottom - (_AXIS + 30) / height], "automargin": False},
        height=height,
    )
    return View(figure, ())


def count_rows(height: int) -> int:
    """How many rows of a timeline can be told apart in so many pixels."""
    return int((height - _AXIS) / (ROW * 0.75))
