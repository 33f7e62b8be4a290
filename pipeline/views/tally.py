"""Events made ready to be counted: over time, by actor, by type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from pipeline import store
from pipeline.views.lanes import LanesBy, key_lanes, name_lanes
from pipeline.views.palette import quad_of

By = Literal["time", "actor", "type"]
BYS: tuple[By, ...] = ("time", "actor", "type")
_LONG = 420  # days
KINDS = ("killed", "injured")
FIGURES = tuple(f"{kind}{end}" for kind in KINDS for end in ("", "_low", "_high"))


@dataclass(frozen=True, slots=True)
class Tally:
    """Events ready to be counted. ``rows``: ``begin`` (first day, ``NaT`` when unknown) and ``days`` (how long, as far
    as known) of one of its events, ``lane`` (name of its actor or type), ``quad``, ``events``; ``telling``, how many
    of them give numbers of casualties that may be added up, and their sums: ``killed`` and ``injured``, each also
    ``_low`` and ``_high``, where reports differ. An event with several actors has a row for each. ``untold`` is how
    many events give numbers that are not counted."""

    rows: pd.DataFrame
    untold: int


def tally_events(frame: pd.DataFrame, by: By, language: str) -> Tally:
    """One row for each event and each of its lanes; without lanes where ``by`` is "time"."""
    fact = (frame["modality"] == "happened") & (frame["mode"] != "casualty-toll")
    told = pd.Series(data=False, index=frame.index)
    sums: dict[str, pd.Series] = {}
    for word, kind in zip(KINDS, ("fatalities", "injured"), strict=True):
        low, best, high = (frame[f"{kind}_{figure}"] for figure in ("low", "best", "high"))
        told |= low.notna() | best.notna() | high.notna()
        number = best.fillna(low).where(fact)  # what only says "at most" is in no sum
        sums |= {
            word: number,
            f"{word}_low": low.fillna(best).where(number.notna()),
            f"{word}_high": high.fillna(best).fillna(low).where(number.notna()),
        }
    telling = sums["killed"].notna() | sums["injured"].notna()
    lanes_by: LanesBy = "type" if by == "time" else by
    keys = key_lanes(frame, lanes_by)
    names = name_lanes({key: name for found in keys for key, name in found.items()}, lanes_by, language)
    lanes = pd.Series([[names[key] for key in found] for found in keys], index=frame.index, dtype=object)
    rows = pd.DataFrame(
        {
            "begin": frame["date_start"].where(frame["date_end"].notna()),
            "days": (frame["date_end"] - frame["date_start"]).dt.days + 1,
            "lane": lanes,
            "quad": frame["type"].map(quad_of).astype(object),
            "events": 1,
            "telling": telling.astype(int),
            **{name: figures.astype("Float64") for name, figures in sums.items()},
        }
    )
    return Tally(rows.explode("lane"), int((told & ~telling).sum()))


def read_tally(found: store.Tally, by: By, language: str) -> Tally:
    """The same from what the store has counted already, for very many events."""
    rows = found.rows
    lanes: dict[str, str | None] = {key: found.names.get(key) for key in rows["lane"].unique()}
    names = name_lanes(lanes, "type" if by == "time" else by, language, found.others)
    rows = rows.assign(lane=rows["lane"].map(names), quad=rows["type"].map(quad_of).astype(object))
    return Tally(rows.astype(dict.fromkeys(FIGURES, "Float64")), found.untold)


def key_rows(tally: Tally, by: By) -> tuple[pd.Series, int]:
    """What each row is counted under (``None`` or ``NaT``: nothing), and how many events that leaves out. Over time it
    is the first day of the week (Monday) in which an event begins, or of the month where time is long; an event whose
    date is no closer than that is not counted."""
    if by != "time":
        return tally.rows["lane"], 0
    monthly = find_unit(tally) == "month"
    begin: pd.Series = tally.rows["begin"].dt.to_period("M" if monthly else "W").dt.start_time
    keys = begin.where(tally.rows["days"] <= (31 if monthly else 7))
    return keys, int(tally.rows.loc[keys.isna(), "events"].sum())


def find_unit(tally: Tally) -> Literal["week", "month"]:
    """What is counted by over time: months where that is long."""
    dated = tally.rows["begin"].dropna()
    return "month" if not dated.empty and (dated.max() - dated.min()).days > _LONG else "week"
