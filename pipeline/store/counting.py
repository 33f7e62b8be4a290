"""Events counted by lane and period, and by who did something to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, NamedTuple, TypeAlias, get_args

import pandas as pd

from pipeline.records import Filter
from pipeline.store.conditions import choose
from pipeline.store.reading import DAY, Query

Period: TypeAlias = Literal["day", "week", "month", "quarter", "year", "decade", "century"]
Lanes: TypeAlias = Literal["actor", "place", "type", "country", "origin"]

_OWN: Final = ("type", "origin")  # lanes that are columns of events; the others are marks
# What may be added up: claims are no facts, a running total holds what was counted before.
_COUNTED: Final = "(modality = 'happened' AND mode IS DISTINCT FROM 'casualty-toll')"


@dataclass(frozen=True, slots=True)
class Overview:
    """Events counted by lane and period. ``lanes``: ``id``, ``name``, ``events``, the fullest first; the last one has
    no id and is named ``None`` where events have no value (nobody, nowhere) or share the lane of the rest (id
    ``"…"``). ``counts``: ``lane`` (position in ``lanes``), ``period`` (its first day), ``events``, ``type`` (the
    commonest), ``types`` (how many of each type). ``others`` is how many values the lane of the rest holds, ``undated``
    how many events have no day."""

    lanes: pd.DataFrame
    counts: pd.DataFrame
    others: int
    undated: int


class Tally(NamedTuple):
    """Events counted by lane, type and time. ``rows``: ``lane`` (an id, "" of nobody and where nothing is cut into
    lanes, "…" for the values beyond, where each event counts once), ``type``, ``begin`` (first day, where both ends
    are known) and ``days`` (how many), ``events``; and of those that tell numbers which may be added up, ``telling``
    many, the sums: ``killed`` and ``injured`` (the best figure, else the lowest), each with the sums of the lowest and
    highest figures as ``_low`` and ``_high``. ``names`` has the names of lanes, ``others`` is how many values "…"
    stands for, ``untold`` how many events tell numbers that are in no sum."""

    rows: pd.DataFrame
    names: dict[str, str]
    others: int
    untold: int


class Pairs(NamedTuple):
    """Who acted on whom, or with whom: ``table`` has a row a pair (``source``, ``target``: ids; ``source_name``,
    ``target_name``, ``events``), the most events first; what people take part in together is a pair both ways.
    ``left_out`` is how many events name no such pair."""

    table: pd.DataFrame
    left_out: int


def find_overview(query: Query, wanted: Filter, by: Period, lanes: Lanes, most: int) -> Overview:
    if by not in get_args(Period) or lanes not in get_args(Lanes):
        raise ValueError(f"There is no overview by {by!r} and {lanes!r}.")
    chosen, values = choose(wanted)
    own_column = lanes in _OWN
    lane = (
        f"SELECT *, {lanes} AS key FROM kept"
        if own_column
        else f"SELECT kept.*, code AS key FROM kept LEFT JOIN (SELECT number, code FROM mark WHERE kind = '{lanes}') "
        "USING (number)"
    )
    kept = (
        f"WITH kept AS (SELECT number, type, origin, date_trunc('{by}', {DAY})::DATE AS period FROM {chosen}), "
        f"laned AS ({lane})"
    )
    names = (
        "key AS id, key AS name FROM counted" if own_column else "id, name FROM counted LEFT JOIN value ON code = key"
    )
    found = query(
        f"{kept}, counted AS (SELECT key, count(*) AS events FROM laned GROUP BY 1) SELECT key, events, {names} "
        "ORDER BY events DESC, name, id",
        values,
    ).fetchall()
    named = [row for row in found if row[0] is not None]
    shown = named[: most if len(named) <= most else most - 1]
    own = [key for key, *_ in shown]
    cells = query(
        f"{kept}, alone AS (SELECT key::VARCHAR AS key, period, type FROM laned "
        "WHERE key IS NULL OR key IN (SELECT unnest(?))), "
        # An event counts once in the lane that the rest shares.
        "rest AS (SELECT '…' AS key, period, type FROM kept WHERE number IN "
        "(SELECT number FROM laned WHERE key IS NOT NULL AND key NOT IN (SELECT unnest(?)))) "
        "SELECT key, period, type, count(*) AS events FROM (FROM alone UNION ALL FROM rest) GROUP BY ALL ORDER BY ALL",
        [*values, own, own],
    ).fetchall()
    rest = sum(cell[3] for cell in cells if cell[0] == "…")
    rows: list[dict[str, Any]] = [{"id": i, "name": name, "events": n} for _, n, i, name in shown]
    rows += [{"id": "…", "name": None, "events": rest}] if len(named) > len(shown) else []
    rows += [{"id": None, "name": None, "events": n} for key, n, *_ in found if key is None]
    order = {str(key): place for place, key in enumerate(own)} | {"…": len(own), None: len(rows) - 1}
    counts: dict[tuple[int, date], dict[str, int]] = {}
    for key, period, kind, events in cells:
        if period is not None:
            counts.setdefault((order[key], period), {})[kind] = events
    table_rows = [
        {
            "lane": place,
            "period": period,
            "events": sum(types.values()),
            "type": max(types, key=lambda kind: (types[kind], kind)),
            "types": types,
        }
        for (place, period), types in sorted(counts.items())
    ]
    frame = pd.DataFrame(table_rows, columns=["lane", "period", "events", "type", "types"])
    frame["period"] = pd.to_datetime(frame["period"]).astype("datetime64[s]")
    lanes_frame = pd.DataFrame(rows, columns=["id", "name", "events"])
    for column in ("id", "name"):
        lanes_frame[column] = pd.Series([row[column] for row in rows], dtype=object)
    ((undated,),) = query(f"SELECT count(*) FILTER ({DAY} IS NULL) FROM {chosen}", values).fetchall()
    return Overview(lanes_frame, frame, len(named) - len(shown), undated)


# Sums of people -> what is added up of an event. What only says "at most" has neither a best nor a lowest figure: it is
# in no sum.
_FIGURES: Final = {
    f"{word}{end}": f"CASE WHEN {_COUNTED} AND coalesce({kind}_best, {kind}_low) IS NOT NULL THEN {figure} END"
    for word, kind in (("killed", "fatalities"), ("injured", "injured"))
    for end, figure in (
        ("", f"coalesce({kind}_best, {kind}_low)"),
        ("_low", f"coalesce({kind}_low, {kind}_best)"),
        ("_high", f"coalesce({kind}_high, {kind}_best, {kind}_low)"),
    )
}
_TOLD: Final = ", ".join(f"{kind}_{figure}" for kind in ("fatalities", "injured") for figure in ("best", "low", "high"))


def find_tally(query: Query, wanted: Filter, lanes: Literal["actor", "type"] | None, most: int) -> Tally:
    chosen, values = choose(wanted)
    keys = {
        "actor": "SELECT number, id AS key, name FROM mark JOIN value USING (code) WHERE mark.kind = 'actor'",
        "type": "SELECT number, type AS key, type AS name FROM kept",
        None: "SELECT number, NULL::VARCHAR AS key, NULL::VARCHAR AS name FROM kept",
    }[lanes]
    laned = (
        "WITH kept AS (SELECT number, type, CASE WHEN date_end IS NOT NULL THEN date_start END AS begin, "
        f"date_diff('day', date_start, date_end) + 1 AS days, "
        f"{', '.join(f'{figure} AS {name}' for name, figure in _FIGURES.items())}, "
        f"coalesce(killed, injured) IS NOT NULL AS telling, coalesce({_TOLD}) IS NOT NULL AND NOT telling AS untold "
        f"FROM {chosen}), "
        f"laned AS (SELECT kept.*, key, name FROM kept LEFT JOIN ({keys}) USING (number))"
    )
    named = query(
        f"{laned} SELECT key, min(name) FROM laned WHERE key IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 2, 1",
        values,
    ).fetchall()
    shown = named if len(named) <= most else named[: most - 1]
    own = [key for key, _ in shown]
    rows: pd.DataFrame = query(
        f"{laned}, alone AS (SELECT * FROM laned WHERE key IS NULL OR key IN (SELECT unnest(?))), "
        # An event counts once in the lane that the rest shares.
        "rest AS (SELECT *, '…' AS key, NULL AS name FROM kept WHERE number IN "
        "(SELECT number FROM laned WHERE key IS NOT NULL AND key NOT IN (SELECT unnest(?)))) "
        "SELECT coalesce(key, '') AS lane, type, begin, days, count(*) AS events, "
        "count(*) FILTER (telling) AS telling, "
        f"{', '.join(f'sum({name})::BIGINT AS {name}' for name in _FIGURES)} "
        "FROM (FROM alone UNION ALL FROM rest) GROUP BY ALL ORDER BY ALL",
        [*values, own, own],
    ).df()
    rows["begin"] = pd.to_datetime(rows["begin"]).astype("datetime64[s]")
    rows = rows.astype(dict.fromkeys(_FIGURES, "Int64"))
    ((untold,),) = query(f"{laned} SELECT count(*) FILTER (untold) FROM kept", values).fetchall()
    return Tally(rows, dict(shown), len(named) - len(shown), untold)


def find_pairs(query: Query, wanted: Filter, most: int) -> Pairs:
    chosen, values = choose(wanted)
    found = (
        f"WITH kept AS (SELECT number, actors FROM {chosen}), who AS (SELECT DISTINCT number, item.actor_id AS id, "
        "CASE WHEN item.role IN ('actor', 'speaker') THEN 'acting' WHEN item.role IN ('target', 'victim') THEN 'hit' "
        "WHEN item.role = 'participant' THEN 'mutual' END AS side "
        "FROM (SELECT number, unnest(actors) AS item FROM kept WHERE len(actors) > 1)), "
        "pairs AS (SELECT DISTINCT a.number, a.id AS source, b.id AS target FROM who AS a JOIN who AS b "
        "ON a.number = b.number AND a.id <> b.id AND "
        "((a.side = 'acting' AND b.side = 'hit') OR (a.side = 'mutual' AND b.side = 'mutual'))), "
        "counted AS (SELECT source, target, count(*) AS events FROM pairs GROUP BY ALL), "
        "best AS (SELECT id FROM "
        "(SELECT source AS id, events FROM counted UNION ALL SELECT target, events FROM counted) "
        "GROUP BY id ORDER BY sum(events) DESC, id LIMIT ?), names AS (SELECT id, name FROM value WHERE kind = 'actor')"
    )
    table: pd.DataFrame = query(
        f"{found} SELECT source, target, a.name AS source_name, b.name AS target_name, events FROM counted "
        "JOIN names AS a ON a.id = source JOIN names AS b ON b.id = target "
        "WHERE source IN (SELECT id FROM best) AND target IN (SELECT id FROM best) "
        "ORDER BY events DESC, source, target",
        [*values, most],
    ).df()
    ((left_out,),) = query(
        f"{found} SELECT (SELECT count(*) FROM kept) - (SELECT count(DISTINCT number) FROM pairs)", [*values, most]
    ).fetchall()
    return Pairs(table, left_out)
