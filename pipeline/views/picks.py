"""What a reader has picked on a chart, as short words that fit into an address: ids of events, and picks that stand for
many events.

    @place:<place id>                  the events at a place
    @cell:<lanes>:<first>:<last>:<id>  the events of a lane that begin within these days
    @bounds:<w>,<s>,<e>,<n>            the events of the places in a cell of a grid, in degrees
    @located, @dated                   the events without a place, without a date
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import cast, get_args

import pandas as pd

from pipeline.views.lanes import LanesBy, key_lanes

Bounds = tuple[float, float, float, float]  # west, south, east, north in degrees


def pick_place(place_id: str) -> str:
    return f"@place:{place_id}"


def pick_bounds(west: float, south: float, east: float, north: float) -> str:
    return f"@bounds:{write_bounds((west, south, east, north))}"


def write_bounds(bounds: Bounds) -> str:
    """Edges as they are, not rounded: what lies on an edge would be counted on the other side of it."""
    return ",".join(f"{edge:.12g}" for edge in bounds)


def read_bounds(words: str) -> Bounds:
    """``ValueError`` when these are not edges. (The last cells of a grid may reach beyond the world.)"""
    return read_edges(words.split(","))


def read_edges(edges: Sequence[str | float]) -> Bounds:
    """The same of edges one by one."""
    west, south, east, north = (float(edge) for edge in edges)
    if not (-180 <= west < east <= 360 and -90 <= south < north <= 180):
        raise ValueError(edges)
    return west, south, east, north


def pick_cell(by: LanesBy, first: date, last: date, lane: str) -> str:
    """The events of a lane, named by the id of its actor or place or by its type, that begin within these days."""
    return f"@cell:{by}:{first}:{last}:{lane}"


@dataclass(frozen=True, slots=True)
class Picked:
    """Picks, sorted by their kind. An event is picked when it fits any of them."""

    events: frozenset[str]
    places: frozenset[str]
    cells: tuple[tuple[LanesBy, date, date, str], ...]
    bounds: tuple[Bounds, ...]
    missing: frozenset[str]


def read_picks(picks: Iterable[str]) -> Picked:
    """Sort picks. What cannot be read is passed over: an address may hold anything."""
    events, places, missing = set(), set(), set()
    cells: list[tuple[LanesBy, date, date, str]] = []
    bounds: list[Bounds] = []
    for pick in picks:
        kind, _, value = pick.partition(":")
        if kind == "@place":
            places.add(value)
        elif kind in ("@located", "@dated"):
            missing.add(kind)
        elif kind == "@bounds":
            with suppress(ValueError):
                bounds.append(read_bounds(value))
        elif kind == "@cell":
            by, first, last, lane = (*value.split(":", 3), "", "", "", "")[:4]
            try:
                days = date.fromisoformat(first), date.fromisoformat(last)
            except ValueError:
                continue
            if by in get_args(LanesBy):
                cells.append((cast(LanesBy, by), *days, lane))
        else:
            events.add(pick)
    return Picked(frozenset(events), frozenset(places), tuple(cells), tuple(bounds), frozenset(missing))


def find_picked(frame: pd.DataFrame, picks: Iterable[str]) -> frozenset[str]:
    """The ids of the events of a table that are picked."""
    picked = read_picks(picks)
    ids = frame["id"]
    found = set(ids[ids.isin(picked.events)])
    if picked.places:
        found.update(ids[[not picked.places.isdisjoint(cell) for cell in frame["place_ids"]]])
    for west, south, east, north in picked.bounds:
        inside = [
            any(west <= place["lon"] < east and south <= place["lat"] < north for place in places)
            for places in frame["places"]
        ]
        found.update(ids[inside])
    if "@located" in picked.missing:
        found.update(ids[[not len(cell) for cell in frame["place_ids"]]])
    if "@dated" in picked.missing:
        found.update(ids[frame["date_start"].isna() & frame["date_end"].isna()])
    for by, first, last, lane in picked.cells:
        begins = frame["date_start"].fillna(frame["date_end"])
        rows = frame[(begins >= pd.Timestamp(first)) & (begins <= pd.Timestamp(last))]
        found.update(rows["id"][[lane in keys for keys in key_lanes(rows, by)]])
    return frozenset(found)
