"""The map on the screen: a bubble per place, a halo where only an area is known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

import plotly.graph_objects as go

from pipeline.views.figure import DIMMED, View, base_layout, plain
from pipeline.views.palette import QUADS, Palette
from pipeline.views.picks import Bounds
from pipeline.views.spots import Sight, Spot, circle, first_sight
from pipeline.wording import label, text, write_number

Basemap = Literal["embedded", "osm"]

WORLD_URL = "app/static/world.geojson"  # as Streamlit serves it
TILES = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"  # asked for by the reader's browser, and only if chosen
_AREAS = ("adm1", "region", "country", "sea", "river", "lake", "border", "district")
_LARGEST = 44.0  # pixels of a bubble


def draw_map(
    spots: Sequence[Spot],
    *,
    language: str,
    palette: Palette,
    sight: Sight | None = None,
    part: Bounds | None = None,
    basemap: Basemap = "embedded",
    world: str = WORLD_URL,
) -> View:
    """Spots on a map whose borders come from ``world``, an address on the same server. Without a ``sight`` all of them
    are seen at first; bubbles are as large as suits those in a ``part`` of the map."""
    figure = go.Figure(draw_spots(spots, go.Scattermap, language, palette, part))
    lat, lon, zoom = sight or first_sight(spots)
    figure.update_layout(
        **base_layout(palette),
        height=420,
        dragmode="pan",
        map={**_ground(basemap, palette, world), "center": {"lat": lat, "lon": lon}, "zoom": zoom},
    )
    return View(figure, tuple((spot.pick,) for spot in spots))


def _ground(basemap: Basemap, palette: Palette, world: str) -> dict[str, Any]:
    sea = {"id": "sea", "type": "background", "paint": {"background-color": palette.sea}}
    if basemap == "osm":
        source = {"type": "raster", "tiles": [TILES], "tileSize": 256, "maxzoom": 19}
        tiles = {"id": "tiles", "type": "raster", "source": "tiles", "paint": {"raster-saturation": -0.6}}
        return {"style": {"version": 8, "sources": {"tiles": source}, "layers": [sea, tiles]}, "layers": []}
    land = {"sourcetype": "geojson", "source": world, "below": "traces"}
    return {
        "style": {"version": 8, "sources": {}, "layers": [sea]},
        "layers": [
            {**land, "type": "fill", "color": palette.land, "fill": {"outlinecolor": palette.border}},
            {**land, "type": "line", "color": palette.border, "line": {"width": 0.8}},
        ],
    }


def draw_spots(
    spots: Sequence[Spot],
    kind: Any,
    language: str,
    palette: Palette,
    part: Bounds | None = None,
    sizes: Sequence[float] | None = None,
) -> list[Any]:
    """Halos, bubbles and legend as traces of ``kind`` (Scattermap or Scattergeo). ``sizes`` of bubbles in pixels, by
    default those of ``size_bubbles``."""
    traces = []
    for bright in (True, False):
        rings = [
            circle(spot.lat, spot.lon, spot.radius_km)
            for spot in spots
            if spot.precision in _AREAS and spot.radius_km and spot.bright is bright
        ]
        if rings:
            traces.append(
                kind(
                    lat=[lat for lats, _ in rings for lat in (*lats, None)],
                    lon=[lon for _, lons in rings for lon in (*lons, None)],
                    mode="lines",
                    fill="toself",
                    fillcolor=_faded(palette.muted, 0.16 if bright else 0.05),
                    line={"color": _faded(palette.muted, 0.6 if bright else 0.2), "width": 1},
                    hoverinfo="skip",
                    name=text("halo", language),
                    showlegend=bright,
                )
            )
    traces.append(
        kind(
            lat=[spot.lat for spot in spots],
            lon=[spot.lon for spot in spots],
            mode="markers",
            marker={
                "size": list(sizes or size_bubbles(spots, part)),
                "color": [palette.quads[QUADS.index(spot.quad)] for spot in spots],
                "opacity": [0.85 if spot.bright else DIMMED for spot in spots],
            },
            customdata=list(range(len(spots))),
            text=[_describe(spot, language) for spot in spots],
            hovertemplate="%{text}<extra></extra>",
            showlegend=False,
        )
    )
    if kind is go.Scattergeo:
        traces[-1].marker.line = {"width": 1, "color": palette.card}
    present = {spot.quad for spot in spots}
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


def size_bubbles(spots: Sequence[Spot], part: Bounds | None = None) -> list[float]:
    """Pixels across. The area of a bubble is the number of its events, up to the largest bubble (of those in ``part``)
    that still leaves a map to be seen."""
    most = max((spot.count for spot in spots if part is None or _is_inside(spot, part)), default=1)
    if 9 + 5 * math.sqrt(most) <= _LARGEST:
        return [9 + 5 * math.sqrt(spot.count) for spot in spots]
    return [7 + (_LARGEST - 7) * math.sqrt(min(spot.count, most) / most) for spot in spots]


def _is_inside(spot: Spot, part: Bounds) -> bool:
    west, south, east, north = part
    return west <= spot.lon < east and south <= spot.lat < north


def _describe(spot: Spot, language: str) -> str:
    lines = [f"<b>{plain(spot.name)}</b>"]
    if spot.precision in _AREAS:
        precision = plain(label("place_precisions", spot.precision, language))
        lines.append(f"{precision}, {text('radius', language, km=f'{spot.radius_km:.0f}')}")
    ranked = sorted(spot.kinds.items(), key=lambda item: -item[1])
    lines += [f"{plain(label('quads', quad, language))}: {write_number(count, language)}" for quad, count in ranked]
    if spot.pick.startswith("@bounds:"):
        lines.append(f"<i>{plain(text('zoom_click', language))}</i>")
    if spot.origins:
        named = ", ".join(label("origins", origin, language) for origin in spot.origins)
        lines.append(plain(text("also_from", language, origins=named)))
    return "<br>".join(lines)


def _faded(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
