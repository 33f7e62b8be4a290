"""Where events happened: each place once, and the view that shows all of them."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from pipeline.views.palette import quad_of
from pipeline.views.phrases import known
from pipeline.views.picks import Bounds, pick_place

SIZE = (350, 400)  # pixels for which the first view is computed


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with the number of events of each family that happened there. ``pick`` stands for these events,
    ``origins`` are the data sets that some of them came from."""

    name: str
    lat: float
    lon: float
    precision: str | None
    radius_km: float
    pick: str
    kinds: Mapping[str, int]
    bright: bool = True
    origins: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        return sum(self.kinds.values())

    @property
    def quad(self) -> str:
        """The commonest family."""
        return max(self.kinds, key=lambda quad: self.kinds[quad])


def find_spots(frame: pd.DataFrame, chosen: Collection[str] = ()) -> list[Spot]:
    """Each place once, the one with most events first; bright where one of its events is ``chosen``. An event with
    several places is at each of them."""
    places: dict[str, Any] = {}
    events: dict[str, dict[str, str]] = defaultdict(dict)
    origins: dict[str, set[str]] = defaultdict(set)
    columns = (frame[name] for name in ("id", "type", "places", "origin"))
    for identifier, kind, found, origin in zip(*columns, strict=True):
        for place in found:
            if origin != "extracted":
                origins[place["place_id"]].add(origin)
            places.setdefault(place["place_id"], place)
            events[place["place_id"]][identifier] = quad_of(kind)
    spots = [
        Spot(
            place["name"],
            place["lat"],
            place["lon"],
            place["precision"],
            known(place["radius_km"]) or 0.0,
            pick_place(key),
            Counter(events[key].values()),
            not chosen or not events[key].keys().isdisjoint(chosen),
            tuple(sorted(origins[key])),
        )
        for key, place in places.items()
    ]
    return sorted(spots, key=lambda spot: (-spot.count, spot.name))


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


def bounds(spots: Sequence[Spot]) -> tuple[float, float, float, float]:
    """South, west, north, east around all spots with their halos and some air; at least five degrees wide."""
    south = min(spot.lat - spot.radius_km / 111 for spot in spots)
    north = max(spot.lat + spot.radius_km / 111 for spot in spots)
    reach = [spot.radius_km / 111 / max(0.2, math.cos(math.radians(spot.lat))) for spot in spots]
    west = min(spot.lon - wide for spot, wide in zip(spots, reach, strict=True))
    east = max(spot.lon + wide for spot, wide in zip(spots, reach, strict=True))
    air_lon, air_lat = max((east - west) * 0.08, 2.5), max((north - south) * 0.08, 2.0)
    return max(south - air_lat, -80), max(west - air_lon, -180), min(north + air_lat, 83), min(east + air_lon, 180)


def mercator(lat: float) -> float:
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(max(-85.0, min(85.0, lat))) / 2)))


class Sight(NamedTuple):
    """What a map shows at first: its middle in degrees, and the zoom (a world is 512 pixels wide at zoom 0)."""

    lat: float
    lon: float
    zoom: float


def first_sight(spots: Sequence[Spot], area: Bounds | None = None) -> Sight:
    """All spots, or an area."""
    if not spots and not area:
        return Sight(35.0, 25.0, 1.2)
    if area:
        west, south, east, north = area
    else:
        south, west, north, east = bounds(spots)
    bottom, top = mercator(south), mercator(north)
    zoom = min(math.log2(SIZE[0] * 360 / (512 * (east - west))), math.log2(SIZE[1] * 360 / (512 * (top - bottom))))
    middle = math.degrees(2 * math.atan(math.exp(math.radians((bottom + top) / 2))) - math.pi / 2)
    return Sight(middle, (west + east) / 2, max(0.3, min(zoom, 11.0 if area else 7.0)))
