"""The map in a file: needs no network and no program of ours to be seen."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import plotly.graph_objects as go

from pipeline.language import DATA
from pipeline.views.axis import shorten_name
from pipeline.views.figure import View, base_layout, plain
from pipeline.views.maps import draw_spots, size_bubbles
from pipeline.views.palette import Palette
from pipeline.views.spots import Spot, bounds, mercator

WORLD = DATA.parent / "static" / "world.geojson"
MOST_NAMES = 25
_WIDTH = 1360  # pixels of the figure
_ROOMY = 480.0  # pixels of a map for which bubbles are as large as on the screen
_COVERED, _SMALLEST = 0.2, 4.0  # share of the map that bubbles may cover; pixels of the smallest one
_LETTER = 7.0  # pixels of one of a name
_FEW_HIDDEN = 1  # smaller bubbles that a name may cover

_Box = tuple[float, float, float, float]  # left, top, right, bottom in pixels


@cache
def _world() -> tuple[tuple[float | None, ...], tuple[float | None, ...]]:
    """All land as one line of latitudes and longitudes, rings parted by ``None``, each clockwise: on the sphere a ring
    the other way round would mean everything but the country."""
    lats: list[float | None] = []
    lons: list[float | None] = []
    for feature in json.loads(WORLD.read_text(encoding="utf-8"))["features"]:
        for polygon in feature["geometry"]["coordinates"]:
            ring = polygon[0]
            turn = sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in pairwise(ring))
            for lon, lat in ring if turn > 0 else ring[::-1]:
                lats.append(lat)
                lons.append(lon)
            lats.append(None)
            lons.append(None)
    return tuple(lats), tuple(lons)


def draw_still_map(
    spots: Sequence[Spot], *, language: str, palette: Palette, ratio: float | None = None, width: float = _WIDTH
) -> View:
    """The same map as a drawing that holds its borders itself and names its places. ``ratio`` is width to height; by
    default it follows from what is shown. ``width`` is that of the map in pixels."""
    south, west, north, east = reach = _reach(spots, ratio)
    wide, high = east - west, mercator(north) - mercator(south)
    width = min(width, width / ratio * wide / high) if ratio else width  # the world ends before a wide sheet does
    sizes = _fit_bubbles(size_bubbles(spots), width, width * high / wide)
    names = _place_names(spots, sizes, reach, width)
    figure = go.Figure(_draw_land(palette))
    figure.add_traces(draw_spots(spots, go.Scattergeo, language, palette, sizes=sizes))
    figure.add_scattergeo(
        lat=[spots[n].lat for n, _ in names],
        lon=[spots[n].lon for n, _ in names],
        mode="markers+text",  # a name begins where its bubble ends
        marker={"size": [sizes[n] for n, _ in names], "opacity": 0},
        text=[plain(_short(spots[n].name)) for n, _ in names],
        textposition=[side for _, side in names],
        hoverinfo="skip",
        showlegend=False,
        textfont={"color": palette.ink, "size": 12},
    )
    figure.update_layout(
        **base_layout(palette),
        height=max(350, min(1000, round(_WIDTH * high / wide))),
        geo={
            "visible": False,
            "bgcolor": palette.sea,
            "projection": {"type": "mercator"},
            "lataxis": {"range": [south, north]},
            "lonaxis": {"range": [west, east]},
            "domain": {"x": [0, 1], "y": [0, 1]},
        },
    )
    return View(figure, tuple((spot.pick,) for spot in spots))


def _draw_land(palette: Palette) -> go.Scattergeo:
    lats, lons = _world()
    return go.Scattergeo(
        lat=lats,
        lon=lons,
        mode="lines",
        fill="toself",
        fillcolor=palette.land,
        line={"color": palette.border, "width": 0.6},
        hoverinfo="skip",
        showlegend=False,
    )


def _reach(spots: Sequence[Spot], ratio: float | None) -> tuple[float, float, float, float]:
    """South, west, north and east of the map; widened to a ratio of width to height as far as the world goes."""
    south, west, north, east = bounds(spots) if spots else (-55.0, -170.0, 75.0, 180.0)
    if ratio is None:
        return south, west, north, east
    bottom, top = mercator(south), mercator(north)
    wide, high = east - west, top - bottom
    if wide / high < ratio:
        more = (high * ratio - wide) / 2
        west, east = max(-180.0, west - more), min(180.0, east + more)
    else:
        more = (wide / ratio - high) / 2
        south, north = max(-60.0, _latitude(bottom - more)), min(83.0, _latitude(top + more))
    return south, west, north, east


def _fit_bubbles(sizes: Sequence[float], width: float, height: float) -> list[float]:
    """Smaller ones on a small map, and where they would cover too much of it."""
    covered = sum(size**2 for size in sizes) * math.pi / 4
    share = min(1.0, max(0.5, min(width, height) / _ROOMY), math.sqrt(_COVERED * width * height / max(1.0, covered)))
    return [max(_SMALLEST, size * share) for size in sizes]


def _place_names(
    spots: Sequence[Spot], sizes: Sequence[float], reach: tuple[float, float, float, float], width: float
) -> list[tuple[int, str]]:
    """Which places are named, and on which side of their bubble: where a name would cover another, the bubble of a
    larger place or more than a few smaller ones, or leave the map, a place goes without."""
    south, west, north, east = reach
    scale = width / (east - west)
    middles = [((spot.lon - west) * scale, -mercator(spot.lat) * scale) for spot in spots]
    bubbles = [(x - r, y - r, x + r, y + r) for (x, y), r in zip(middles, (size / 2.5 for size in sizes), strict=True)]
    edges = (0.0, -mercator(north) * scale, width, -mercator(south) * scale)
    taken: list[_Box] = []
    names: list[tuple[int, str]] = []
    for number, spot in enumerate(spots[: 4 * MOST_NAMES]):
        (x, y), r, wide = middles[number], sizes[number] / 2 + 2, _LETTER * len(_short(spot.name)) + 2
        for side, left, top in (
            ("middle right", x + r, y - 8), ("middle left", x - r - wide, y - 8),
            ("top center", x - wide / 2, y - r - 16), ("bottom center", x - wide / 2, y + r),
        ):  # fmt: skip
            box = (left, top, left + wide, top + 16)
            inside = edges[0] < box[0] and edges[1] < box[1] and box[2] < edges[2] and box[3] < edges[3]
            if not inside or any(_meet(box, other) for other in taken):
                continue
            hidden = [other for other in range(len(spots)) if other != number and _meet(box, bubbles[other])]
            if hidden and (hidden[0] < number or len(hidden) > _FEW_HIDDEN):
                continue
            taken.append(box)
            names.append((number, side))
            break
        if len(names) == MOST_NAMES:
            break
    return names


def _meet(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _short(name: str) -> str:
    return shorten_name(name, 24)


def _latitude(y: float) -> float:
    return math.degrees(2 * math.atan(math.exp(math.radians(y))) - math.pi / 2)
