"""Events made ready to be counted: over time, by actor, by type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from pipeline.store import Overview
from pipeline.views.lanes import LanesBy, key_lanes, name_lane
from pipeline.views.palette import quad_of

By = Literal["time", "actor", "type"]
BYS: tuple[By, ...] = ("time", "actor", "type")
KINDS = ("killed", "injured")


@dataclass(frozen=True, slots=True)
class Tally:
    """Events ready to be counted. ``rows``: ``begin`` (first day, ``NaT`` when unknown), ``days`` (how long, as far as
    known), ``lane`` (name of its actor or type), ``quad``, ``events``, ``killed``, ``injured``; an event with several
    actors has a row for each. ``untold`` is how many events give numbers of casualties that are not counted."""

    rows: pd.DataFrame
    untold: int


def tally_events(frame: pd.DataFrame, by: By, language: str) -> Tally:
    """One row for each event and each of its lanes; without lanes where ``by`` is "time"."""
    numbers = {
        word: frame[f"{kind}_best"].fillna(frame[f"{kind}_low"])
        for word, kind in zip(KINDS, ("fatalities", "injured"), strict=True)
    }
    told = numbers["killed"].notna() | numbers["injured"].notna()
    counted = told & (frame["modality"] == "happened") & (frame["mode"] != "casualty-toll")
    lanes_by: LanesBy = "type" if by == "time" else by
    keys = key_lanes(frame, lanes_by)
    rows = pd.DataFrame(
        {
            "begin": frame["date_start"].where(frame["date_end"].notna()),
            "days": (frame["date_end"] - frame["date_start"]).dt.days + 1,
            "lane": pd.Series(
                [[name_lane(i, name, lanes_by, language) for i, name in found.items()] for found in keys],
                index=frame.index,
                dtype=object,
            ),
            "quad": frame["type"].map(quad_of).astype(object),
            "events": 1,
            **{word: figures.where(counted).astype("Float64") for word, figures in numbers.items()},
        }
    )
    return Tally(rows.explode("lane"), int((told & ~counted).sum()))


def tally_overview(found: Overview, by: By, language: str) -> Tally:
    """The same from what the store has counted already, for very many events."""
    lanes_by: LanesBy = "type" if by == "time" else by
    names = [
        name_lane(row["id"], row["name"], lanes_by, language, found.others) for row in found.lanes.to_dict("records")
    ]
    rows = [
        {
            "begin": row["period"],
            "days": 1,
            "lane": names[int(row["lane"])],
            "quad": quad_of(kind),
            "events": number,
            "killed": row["fatalities"] if first else None,
            "injured": row["injured"] if first else None,
        }
        for row in found.counts.to_dict("records")
        for first, (kind, number) in _ranked(row["types"])
    ]
    columns = ["begin", "days", "lane", "quad", "events", *KINDS]
    return Tally(pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(KINDS, "Float64")), found.uncounted)


def _ranked(types: Mapping[str, int]) -> list[tuple[bool, tuple[str, int]]]:
    return [(position == 0, item) for position, item in enumerate(types.items())]


def key_rows(tally: Tally, by: By) -> tuple[pd.Series, int]:
    """What each row is counted under (``None`` or ``NaT``: nothing), and how many events that leaves out. Over time it
    is the first day of the week (Monday) in which an event begins, or of the month where time is long; an event whose
    date is no closer than that is not counted."""
    if by != "time":
        return tally.rows["lane"], 0
    starts = tally.rows["begin"]
    dated = starts.dropna()
    long = not dated.empty and (dated.max() - dated.min()).days > 420
    begin: pd.Series = starts.dt.to_period("M" if long else "W").dt.start_time
    keys = begin.where(tally.rows["days"] <= (31 if long else 7))
    return keys, int(tally.rows.loc[keys.isna(), "events"].sum())
