"""The map in a file: needs no network and no program of ours to be seen."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import plotly.graph_objects as go

from pipeline.language import DATA
from pipeline.views.figure import View, base_layout, plain
from pipeline.views.maps import draw_spots
from pipeline.views.palette import Palette
from pipeline.views.spots import Spot, bounds, mercator

WORLD = DATA.parent / "static" / "world.geojson"
MOST_NAMES = 25
_WIDTH = 1360  # pixels of the figure


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
    figure = go.Figure(_draw_land(palette))
    figure.add_traces(draw_spots(spots, go.Scattergeo, language, palette))
    south, west, north, east = _reach(spots, ratio)
    names = _place_names(spots, (south, west, north, east), width)
    figure.add_scattergeo(
        lat=[spot.lat for spot, _ in names],
        lon=[spot.lon for spot, _ in names],
        mode="text",
        text=[f"  {plain(spot.name)}  " for spot, _ in names],
        textposition=[side for _, side in names],
        hoverinfo="skip",
        showlegend=False,
        textfont={"color": palette.ink, "size": 12},
    )
    figure.update_layout(
        **base_layout(palette),
        height=max(350, min(1000, round(_WIDTH * (mercator(north) - mercator(south)) / (east - west)))),
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


def _place_names(
    spots: Sequence[Spot], reach: tuple[float, float, float, float], width: float
) -> list[tuple[Spot, str]]:
    """Which places are named, and on which side of their bubble: where a name would cover another or leave the map, a
    place goes without."""
    south, west, north, east = reach
    scale = width / (east - west)
    boxes: list[tuple[float, float, float, float]] = []
    names: list[tuple[Spot, str]] = []
    for spot in spots[:MOST_NAMES]:
        x, y, wide = (spot.lon - west) * scale, -mercator(spot.lat) * scale, 7.0 * len(spot.name) + 10
        for side, left, top in (
            ("middle right", x, y - 8), ("middle left", x - wide, y - 8), ("top center", x - wide / 2, y - 22),
            ("bottom center", x - wide / 2, y + 8),
        ):  # fmt: skip
            box = (left, top, left + wide, top + 15)
            inside = left > 0 and left + wide < width and -mercator(north) * scale < top < -mercator(south) * scale
            if inside and not any(
                box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3] for other in boxes
            ):
                boxes.append(box)
                names.append((spot, side))
                break
    return names


def _latitude(y: float) -> float:
    return math.degrees(2 * math.atan(math.exp(math.radians(y))) - math.pi / 2)
