"""Who shares a lane of the timeline, and how the events of a lane are kept apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import pandas as pd

from pipeline.views.phrases import known
from pipeline.wording import label, text

LanesBy = Literal["actor", "place", "type"]


class Lane(NamedTuple):
    """``events`` are positions in the table of events, ``rows`` the row of each of them, counted from the top."""

    name: str
    events: tuple[int, ...]
    rows: tuple[int, ...]
    height: int


def assign_lanes(frame: pd.DataFrame, by: LanesBy, language: str, most: int) -> list[tuple[str, list[int]]]:
    """Lane names with the positions of their events, the fullest lane first. An event stands in the lane of each of
    its actors (or places). What exceeds ``most`` lanes shares a last one."""
    keys = [_keys(row, by, language) for row in frame.to_dict("records")]
    counts = Counter(name for names in keys for name in names)
    order = sorted(counts, key=lambda name: (-counts[name], name))
    kept = order if len(order) <= most else order[: most - 1]
    members: dict[str, list[int]] = {name: [] for name in kept}
    rest: list[int] = []
    for position, names in enumerate(keys):
        for name in names:
            if name in members:
                members[name].append(position)
            elif not rest or rest[-1] != position:
                rest.append(position)
    lanes = list(members.items())
    if rest:
        lanes.append((text("other_lanes", language, count=len(order) - len(kept)), rest))
    return lanes


def _keys(row: dict[object, object], by: LanesBy, language: str) -> tuple[str, ...]:
    if by == "type":
        return (label("types", str(row["type"]), language),)
    column, missing = ("actors", "nobody") if by == "actor" else ("places", "nowhere")
    names: Iterable[object] = (item["name"] for item in row[column] or ())  # type: ignore[attr-defined]
    return tuple(dict.fromkeys(str(name) for name in names if known(name))) or (text(missing, language),)


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
