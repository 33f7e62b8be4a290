"""Events counted by lane and period, and by who did something to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, NamedTuple, TypeAlias, get_args

import pandas as pd

from pipeline.records import Filter
from pipeline.store.conditions import choose
from pipeline.store.reading import DAY, Query

Period: TypeAlias = Literal["day", "week", "month", "quarter", "year", "decade", "century"]
Lanes: TypeAlias = Literal["actor", "place", "type", "country", "origin"]

# The lanes that an event stands in, as a list. (The lists of those that pass are read faster than all marks.)
_LANES: Final[dict[str, str]] = {
    "actor": "actor_ids",
    "place": "place_ids",
    "country": "countries",
    "type": "list_value(type)",
    "origin": "list_value(origin)",
}
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
    are known) and ``days`` (how many) of one of the events, ``events``; and of those that tell numbers which may be
    added up, ``telling`` many, the sums: ``killed`` and ``injured`` (the best figure, else the lowest), each with the
    sums of the lowest and highest figures as ``_low`` and ``_high``. ``names`` has the names of lanes, ``others`` is
    how many values "…" stands for, ``untold`` how many events tell numbers that are in no sum."""

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


def find_days(query: Query, wanted: Filter) -> pd.DataFrame:
    chosen, values = choose(wanted)
    frame: pd.DataFrame = query(
        f"SELECT {DAY} AS day, count(*) AS events, count(*) FILTER (len(place_ids) = 0) AS unplaced, "
        f"max(coalesce(date_end, date_start)) AS last FROM {chosen} GROUP BY 1 ORDER BY 1",
        values,
    ).df()
    for column in ("day", "last"):
        frame[column] = pd.to_datetime(frame[column]).astype("datetime64[s]")
    return frame


def find_overview(query: Query, wanted: Filter, by: Period, lanes: Lanes, most: int) -> Overview:
    if by not in get_args(Period) or lanes not in get_args(Lanes) or most < 2:
        raise ValueError(f"There is no overview by {by!r} and {lanes!r} in {most!r} lanes.")
    chosen, values = choose(wanted)
    kept = f"SELECT {_LANES[lanes]} AS keys, type, date_trunc('{by}', {DAY})::DATE AS period FROM {chosen}"
    found = query(
        "WITH cell AS MATERIALIZED (SELECT key, period, type, count(*) AS events FROM "
        # One actor may be there in two roles.
        "(SELECT unnest(CASE WHEN len(keys) < 2 THEN keys ELSE list_distinct(keys) END) AS key, period, type "
        f"FROM ({kept})) GROUP BY ALL), "
        "lane AS (SELECT key, coalesce(name, key) AS name, total, count(*) OVER () AS size, "
        "row_number() OVER (ORDER BY total DESC, coalesce(name, key), key) - 1 AS place "
        "FROM (SELECT key, sum(events)::BIGINT AS total FROM cell GROUP BY 1) "
        f"LEFT JOIN (SELECT id AS key, name FROM value WHERE kind = '{lanes}') USING (key)) "
        "SELECT place, key, name, total, size, period, type, events FROM lane JOIN cell USING (key) "
        f"WHERE place < CASE WHEN size <= {int(most)} THEN size ELSE {int(most)} - 1 END ORDER BY ALL",
        values,
    ).fetchall()
    rows: list[dict[str, Any]] = [
        {"id": key, "name": name, "events": total}
        for _, key, name, total in dict.fromkeys((place, key, name, total) for place, key, name, total, *_ in found)
    ]
    cells: list[tuple[Any, ...]] = [(place, *cell) for place, _, _, _, _, *cell in found]
    own = [row["id"] for row in rows]
    others = found[0][4] - len(own) if found else 0
    # An event counts once in the lane that the rest shares.
    beyond = "len(list_filter(keys, lambda key: NOT list_contains(?, key))) > 0" if others else "false"
    rest = query(
        f"SELECT period, type, count(*) FILTER ({beyond}), count(*) FILTER (coalesce(len(keys), 0) = 0), count(*) "
        f"FROM ({kept}) GROUP BY ALL ORDER BY ALL",
        [*([own] if others else []), *values],
    ).fetchall()
    for identifier, at in (("…", 2), (None, 3)):
        if events := sum(row[at] for row in rest):
            cells += [(len(rows), *row[:2], row[at]) for row in rest if row[at]]
            rows.append({"id": identifier, "name": None, "events": events})
    counts: dict[tuple[int, date], dict[str, int]] = {}
    for place, period, kind, number in cells:
        if period is not None:
            counts.setdefault((place, period), {})[kind] = number
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
    return Overview(lanes_frame, frame, others, sum(row[-1] for row in rest if row[0] is None))


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


# What tells events of a tally apart by their time. A week may belong to two months.
_WEEKS: Final = "[date_trunc('week', begin)::DATE, date_trunc('month', begin)::DATE], [days <= 7, days <= 31]"
_INSIDE: Final = "coalesce(begin >= ?::DATE AND begin + (days - 1)::INTEGER <= ?::DATE, false)"


def find_tally(
    query: Query,
    wanted: Filter,
    lanes: Literal["actor", "type"] | None,
    most: int,
    periods: Sequence[tuple[date, date]] | None,
) -> Tally:
    chosen, values = choose(wanted)
    # What is asked of the time of events tells them apart; of those that it does not, one stands for all.
    apart = _WEEKS if periods is None else ", ".join([_INSIDE] * len(periods)) or "NULL"
    edges = [day for period in periods or () for day in period]
    marked = "SELECT number, id AS key, name FROM mark JOIN value USING (code) WHERE mark.kind = 'actor'"
    keyed = {
        "actor": f"SELECT kept.*, key, name FROM kept LEFT JOIN ({marked}) USING (number)",
        "type": "SELECT *, type AS key, type AS name FROM kept",
        None: "SELECT *, NULL::VARCHAR AS key, NULL::VARCHAR AS name FROM kept",
    }[lanes]
    laned = (
        "WITH kept AS (SELECT number, type, CASE WHEN date_end IS NOT NULL THEN date_start END AS begin, "
        f"date_diff('day', date_start, date_end) + 1 AS days, "
        f"{', '.join(f'{figure} AS {name}' for name, figure in _FIGURES.items())}, "
        f"coalesce(killed, injured) IS NOT NULL AS telling, coalesce({_TOLD}) IS NOT NULL AND NOT telling AS untold "
        f"FROM {chosen}), "
        f"laned AS ({keyed})"
    )
    named = query(
        f"{laned} SELECT key, min(name) FROM laned WHERE key IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 2, 1",
        values,
    ).fetchall()
    shown = named if len(named) <= most else named[: most - 1]
    own, others = [key for key, _ in shown], len(named) - len(shown)
    # An event counts once in the lane that the rest shares.
    rest = "number IN (SELECT number FROM laned WHERE key IS NOT NULL AND key NOT IN (SELECT unnest(?)))"
    rows: pd.DataFrame = query(
        f"{laned}, alone AS (SELECT * FROM laned WHERE key IS NULL OR key IN (SELECT unnest(?))), "
        f"rest AS (SELECT *, '…' AS key, NULL AS name FROM kept WHERE {rest if others else 'false'}) "
        "SELECT coalesce(key, '') AS lane, type, min(begin) AS begin, arg_min(days, begin) AS days, "
        "count(*) AS events, count(*) FILTER (telling) AS telling, "
        f"{', '.join(f'sum({name})::BIGINT AS {name}' for name in _FIGURES)} "
        f"FROM (FROM alone UNION ALL FROM rest) GROUP BY coalesce(key, ''), type, {apart} ORDER BY ALL",
        [*values, own, *([own] if others else []), *edges],
    ).df()
    rows["begin"] = pd.to_datetime(rows["begin"]).astype("datetime64[s]")
    rows = rows.astype(dict.fromkeys(_FIGURES, "Int64"))
    ((untold,),) = query(f"{laned} SELECT count(*) FILTER (untold) FROM kept", values).fetchall()
    return Tally(rows, dict(shown), others, untold)


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
