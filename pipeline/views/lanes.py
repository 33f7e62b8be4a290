"""Who shares a lane of the timeline, and how the events of a lane are kept apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import pandas as pd

from pipeline.views.names import tell_actors_apart, tell_apart
from pipeline.views.phrases import known
from pipeline.wording import label, text

LanesBy = Literal["actor", "place", "type"]


class Lane(NamedTuple):
    """``events`` are positions in the table of events."""

    name: str
    events: list[int]


def key_lanes(frame: pd.DataFrame, by: LanesBy) -> list[dict[str, str]]:
    """For each event the lanes it stands in, as id and name: one of each of its actors (or places), or its type.
    Without any, it stands in the lane of no id."""
    if by == "type":
        return [{kind: kind} for kind in frame["type"]]
    column, identifier = ("actors", "actor_id") if by == "actor" else ("places", "place_id")
    found = ({item[identifier]: str(item["name"]) for item in cell if known(item["name"])} for cell in frame[column])
    return [keys or {"": ""} for keys in found]


def name_lane(identifier: str | None, name: str | None, by: LanesBy, language: str, others: int = 0) -> str:
    """What a lane is called: also that of nobody (no id) and that of the rest ("…")."""
    if identifier == "…":
        return text("other_lanes", language, count=others)
    if not identifier:
        return text("nobody" if by == "actor" else "nowhere", language)
    return label("types", identifier, language) if by == "type" else name or identifier


def name_lanes(names: Mapping[str, str | None], by: LanesBy, language: str, others: int = 0) -> dict[str, str]:
    """What lanes are called, by their ids: two of the same name are told apart."""
    named = {identifier: name_lane(identifier, name, by, language, others) for identifier, name in names.items()}
    return tell_actors_apart(named, language) if by == "actor" else tell_apart(named)


def assign_lanes(frame: pd.DataFrame, by: LanesBy, language: str, most: int) -> list[Lane]:
    """Lanes with the positions of their events, the fullest first. What exceeds ``most`` lanes shares a last one."""
    keys = key_lanes(frame, by)
    names = {identifier: name for found in keys for identifier, name in found.items()}
    counts = Counter(identifier for found in keys for identifier in found)
    order = sorted(counts, key=lambda identifier: (-counts[identifier], names[identifier]))
    kept = order if len(order) <= most else order[: most - 1]
    members: dict[str, list[int]] = {identifier: [] for identifier in kept}
    rest: list[int] = []
    for position, found in enumerate(keys):
        for identifier in found:
            if identifier in members:
                members[identifier].append(position)
            elif not rest or rest[-1] != position:
                rest.append(position)
    named = name_lanes(names, by, language)
    lanes = [Lane(named[identifier], inside) for identifier, inside in members.items()]
    if rest:
        lanes.append(Lane(name_lane("…", None, by, language, len(order) - len(kept)), rest))
    return lanes


def pack(intervals: Sequence[tuple[float, float]]) -> list[int]:
    """A row for each interval, such that those of one row do not overlap; as few rows as possible, earliest first."""
    ends: list[float] = []
    rows = [0] * len(intervals)
    for position in sorted(range(len(intervals)), key=lambda i: intervals[i]):
        start, end = intervals[position]
        row = next((number for number, last in enumerate(ends) if last <= start), len(ends))
        if row == len(ends):
            ends.append(end)
        else:
            ends[row] = end
        rows[position] = row
    return rows
