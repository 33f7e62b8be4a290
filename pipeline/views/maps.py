"""The map: a bubble per place, a halo where only an area is known. Two of a kind: ``draw_map`` for the screen (fast,
can be panned), ``draw_still_map`` for files (needs no network and no program of ours to be seen)."""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pipeline.language import DATA
from pipeline.views.figure import DIMMED, View, base_layout, plain
from pipeline.views.palette import QUADS, Palette, quad_of
from pipeline.views.phrases import known
from pipeline.wording import label, text

WORLD = DATA.parent / "static" / "world.geojson"
WORLD_URL = "app/static/world.geojson"  # as Streamlit serves it
_SIZE = (380, 400)  # pixels for which the first view is computed
_STILL = 1360  # width of the map in a file
_AREAS = ("adm1", "region", "country", "sea", "river", "lake", "border", "district")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with the events that happened there."""

    id: str
    name: str
    lat: float
    lon: float
    precision: str
    radius_km: float
    events: tuple[str, ...]
    quads: tuple[tuple[str, int], ...]  # commonest first


def find_spots(frame: pd.DataFrame) -> list[Spot]:
    """Each place once, the one with most events first. An event with several places is at each of them."""
    places: dict[str, Any] = {}
    events: dict[str, dict[str, str]] = defaultdict(dict)
    for identifier, kind, found in zip(frame["id"], frame["type"], frame["places"], strict=True):
        for place in found:
            places.setdefault(place["place_id"], place)
            events[place["place_id"]][identifier] = quad_of(kind)
    spots = [
        Spot(
            key,
            place["name"],
            place["lat"],
            place["lon"],
            place["precision"],
            known(place["radius_km"]) or 0.0,
            tuple(events[key]),
            tuple(Counter(events[key].values()).most_common()),
        )
        for key, place in places.items()
    ]
    return sorted(spots, key=lambda spot: (-len(spot.events), spot.name))


def circle(lat: float, lon: float, radius_km: float, points: int = 48) -> tuple[list[float], list[float]]:
    """Latitudes and longitudes of a circle on the sphere, closed, clockwise; degrees. Longitudes go on beyond 180."""
    angle = radius_km / 6371.0088
    phi = math.radians(lat)
    lats, lons = [], []
    for step in range(points + 1):
        bearing = 2 * math.pi * step / points
        y = math.asin(math.sin(phi) * math.cos(angle) + math.cos(phi) * math.sin(angle) * math.cos(bearing))
        x = math.atan2(
            math.sin(bearing) * math.sin(angle) * math.cos(phi), math.cos(angle) - math.sin(phi) * math.sin(y)
        )
        lats.append(max(-85.0, min(85.0, math.degrees(y))))
        lons.append(lon + math.degrees(x))
    return lats, lons


def bounds(spots: list[Spot]) -> tuple[float, float, float, float]:
    """South, west, north, east around all spots with their halos and some air; at least five degrees wide."""
    south = min(spot.lat - spot.radius_km / 111 for spot in spots)
    north = max(spot.lat + spot.radius_km / 111 for spot in spots)
    reach = [spot.radius_km / 111 / max(0.2, math.cos(math.radians(spot.lat))) for spot in spots]
    west = min(spot.lon - wide for spot, wide in zip(spots, reach, strict=True))
    east = max(spot.lon + wide for spot, wide in zip(spots, reach, strict=True))
    air_lon, air_lat = max((east - west) * 0.08, 2.5), max((north - south) * 0.08, 2.0)
    return max(south - air_lat, -80), max(west - air_lon, -180), min(north + air_lat, 83), min(east + air_lon, 180)


def _mercator(lat: float) -> float:
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(max(-85.0, min(85.0, lat))) / 2)))


def _view(spots: list[Spot]) -> tuple[dict[str, float], float]:
    """Centre and zoom that show all spots (a world is 512 pixels wide at zoom 0)."""
    if not spots:
        return {"lat": 35.0, "lon": 25.0}, 1.2
    south, west, north, east = bounds(spots)
    bottom, top = _mercator(south), _mercator(north)
    zoom = min(math.log2(_SIZE[0] * 360 / (512 * (east - west))), math.log2(_SIZE[1] * 360 / (512 * (top - bottom))))
    middle = math.degrees(2 * math.atan(math.exp(math.radians((bottom + top) / 2))) - math.pi / 2)
    return {"lat": middle, "lon": (west + east) / 2}, max(0.3, min(zoom, 7.0))


def _size(spot: Spot) -> float:
    return min(44.0, 9 + 5 * math.sqrt(len(spot.events)))


def _describe(spot: Spot, language: str) -> str:
    lines = [f"<b>{plain(spot.name)}</b>"]
    if spot.precision in _AREAS:
        lines.append(f"{plain(label('place_precisions', spot.precision, language))}, {_radius(spot, language)}")
    lines += [f"{plain(label('quads', quad, language))}: {count}" for quad, count in spot.quads]
    return "<br>".join(lines)


def _radius(spot: Spot, language: str) -> str:
    return text("radius", language, km=f"{spot.radius_km:.0f}")


def _opacity(spot: Spot, chosen: frozenset[str]) -> float:
    return 0.85 if not chosen or chosen.intersection(spot.events) else DIMMED


def _draw(spots: list[Spot], kind: Any, language: str, palette: Palette, chosen: frozenset[str]) -> list[Any]:
    """Halos, bubbles and legend as traces of ``kind`` (Scattermap or Scattergeo)."""
    traces = []
    for dimmed in (False, True):
        rings = [
            circle(spot.lat, spot.lon, spot.radius_km)
            for spot in spots
            if spot.precision in _AREAS and spot.radius_km and (_opacity(spot, chosen) == DIMMED) is dimmed
        ]
        if rings:
            traces.append(
                kind(
                    lat=[lat for lats, _ in rings for lat in (*lats, None)],
                    lon=[lon for _, lons in rings for lon in (*lons, None)],
                    mode="lines",
                    fill="toself",
                    fillcolor=_faded(palette.muted, 0.05 if dimmed else 0.16),
                    line={"color": _faded(palette.muted, 0.2 if dimmed else 0.6), "width": 1},
                    hoverinfo="skip",
                    name=text("halo", language),
                    showlegend=not dimmed,
                )
            )
    colours = [palette.quads[QUADS.index(spot.quads[0][0])] for spot in spots]
    traces.append(
        kind(
            lat=[spot.lat for spot in spots],
            lon=[spot.lon for spot in spots],
            mode="markers",
            marker={
                "size": [_size(spot) for spot in spots],
                "color": colours,
                "opacity": [_opacity(spot, chosen) for spot in spots],
            },
            customdata=list(range(len(spots))),
            text=[_describe(spot, language) for spot in spots],
            hovertemplate="%{text}<extra></extra>",
            showlegend=False,
        )
    )
    if kind is go.Scattergeo:
        traces[-1].marker.line = {"width": 1, "color": palette.card}
    present = {spot.quads[0][0] for spot in spots}
    traces += [
        kind(
            lat=[None],
            lon=[None],
            mode="markers",
            marker={"size": 10, "color": colour},
            name=label("quads", quad, language),
        )
        for quad, colour in zip(QUADS, palette.quads, strict=True)
        if quad in present
    ]
    return traces


def _faded(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def _placed(frame: pd.DataFrame) -> int:
    return sum(bool(len(places)) for places in frame["places"])


def draw_map(
    frame: pd.DataFrame, *, language: str, palette: Palette, selected: Collection[str] = (), world: str = WORLD_URL
) -> View:
    """The placed events of ``frame`` on a map whose borders come from ``world``, an address on the same server."""
    spots = find_spots(frame)
    figure = go.Figure(_draw(spots, go.Scattermap, language, palette, frozenset(selected)))
    centre, zoom = _view(spots)
    figure.update_layout(
        **base_layout(palette),
        height=420,
        dragmode="pan",
        map={
            "style": {
                "version": 8,
                "sources": {},
                "layers": [{"id": "sea", "type": "background", "paint": {"background-color": palette.sea}}],
            },
            "layers": [
                {"sourcetype": "geojson", "source": world, "type": "fill", "color": palette.land, "below": "traces"},
                {
                    "sourcetype": "geojson",
                    "source": world,
                    "type": "line",
                    "color": palette.border,
                    "line": {"width": 0.8},
                    "below": "traces",
                },
            ],
            "center": centre,
            "zoom": zoom,
        },
    )
    return View(figure, tuple(spot.events for spot in spots), _placed(frame))


# --- for files -------------------------------------------------------------------------------------------------


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


def draw_still_map(frame: pd.DataFrame, *, language: str, palette: Palette, selected: Collection[str] = ()) -> View:
    """The same map as a drawing that holds its borders itself and names its places."""
    spots = find_spots(frame)
    lats, lons = _world()
    figure = go.Figure(
        go.Scattergeo(
            lat=lats,
            lon=lons,
            mode="lines",
            fill="toself",
            fillcolor=palette.land,
            line={"color": palette.border, "width": 0.6},
            hoverinfo="skip",
            showlegend=False,
        )
    )
    figure.add_traces(_draw(spots, go.Scattergeo, language, palette, frozenset(selected)))
    figure.add_scattergeo(
        lat=[spot.lat for spot in spots[:25]],
        lon=[spot.lon for spot in spots[:25]],
        mode="text",
        text=[f"  {plain(spot.name)}" for spot in spots[:25]],
        textposition="middle right",
        hoverinfo="skip",
        showlegend=False,
        textfont={"color": palette.ink, "size": 12},
    )
    south, west, north, east = bounds(spots) if spots else (-55.0, -170.0, 75.0, 180.0)
    figure.update_layout(
        **base_layout(palette),
        height=max(350, min(1000, round(_STILL * (_mercator(north) - _mercator(south)) / (east - west)))),
        geo={
            "visible": False,
            "bgcolor": palette.sea,
            "projection": {"type": "mercator"},
            "lataxis": {"range": [south, north]},
            "lonaxis": {"range": [west, east]},
            "domain": {"x": [0, 1], "y": [0, 1]},
        },
    )
    return View(figure, tuple(spot.events for spot in spots), _placed(frame))
