"""Which events of different reports are one, kept up in the copy of a process (``current``).

Two events can only be one when they share a *block*: type, kind of modality, day, and a cell of the map that both lie
near; or, where one of them names no place that is close enough, the country or name of somebody who acts. What changed
is compared within its blocks, then what fits with that, until nothing more fits: those events are grouped anew by
``merge_events``, all others keep their groups. Events that were imported stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

import duckdb
import pyarrow as pa

from pipeline import rows
from pipeline.merge import KINDS, LONGEST_DAYS, WIDE, is_same_event, merge_events
from pipeline.records import Event
from pipeline.store.tables import find_one

_WIDE: Final = ", ".join(f"'{precision}'" for precision in sorted(WIDE))
_REAL: Final = ", ".join(f"'{modality}'" for modality, kind in sorted(KINDS.items()) if kind == "real")
_MANY: Final = 0.2  # share of new events from which on all are grouped anew

# The same blocks as in merge.py; ``strict`` marks those in which the other side need not be without a close place.
_BLOCKS: Final = f"""
INSERT INTO block
WITH fresh AS (
  SELECT number, type, CASE WHEN modality IN ({_REAL}) THEN 'real' ELSE modality END AS kind, places,
    CASE WHEN len(list_filter(actors, lambda a: a.role IN ('actor', 'speaker', 'participant'))) > 0
      THEN list_filter(actors, lambda a: a.role IN ('actor', 'speaker', 'participant')) ELSE actors END AS agents,
    date_start - DATE '1970-01-01' AS first, date_end - DATE '1970-01-01' AS last
  FROM event WHERE number >= ? AND origin = 'extracted' AND layer = 'plain' AND len(members) = 1
    AND date_end - date_start BETWEEN 0 AND {LONGEST_DAYS - 1}
), days AS (
  SELECT number, type, kind, unnest(range(first::BIGINT, last::BIGINT + 1)) AS day FROM fresh
), spots AS (
  SELECT number, p.lat AS lat, p.lon AS lon, p.radius_km / 110 AS high,
    p.radius_km / 110 / greatest(cos(radians(p.lat)), 0.1) AS wide
  FROM (SELECT number, unnest(places) AS p FROM fresh) WHERE p.precision NOT IN ({_WIDE})
), bands AS (
  SELECT *, unnest(range(floor((lat - high) / 2)::BIGINT, floor((lat + high) / 2)::BIGINT + 1)) AS y FROM spots
), cells AS (
  SELECT DISTINCT number, y, unnest(range(floor((lon - wide) / 2)::BIGINT, floor((lon + wide) / 2)::BIGINT + 1)) AS x
  FROM bands
), sides AS (
  SELECT DISTINCT number, coalesce(a.country, a.actor_id) AS side, number NOT IN (SELECT number FROM spots) AS wide
  FROM (SELECT number, unnest(agents) AS a FROM fresh)
)
SELECT number, hash(type, kind, day, ((x % 180) + 180) % 180, y), true FROM days JOIN cells USING (number)
UNION ALL SELECT number, hash(type, kind, day, side), wide FROM days JOIN sides USING (number)
"""


def dissolve_changed(connection: duckdb.DuckDBPyConnection) -> set[int]:
    """Take apart the groups that hold an event of a document in the table ``changed``; returns the numbers of the
    events that are left of them."""
    found = connection.execute(
        "SELECT DISTINCT number FROM (SELECT number, unnest(sources) AS source FROM event WHERE len(members) > 1) "
        "WHERE source IN (SELECT id FROM changed)"
    ).fetchall()
    parts = _dissolve(connection, [number for (number,) in found])
    gone = connection.execute(
        "SELECT number FROM event WHERE document_id IN (SELECT id FROM changed) AND len(members) = 1"
    ).fetchall()
    return parts - {number for (number,) in gone}


def _dissolve(connection: duckdb.DuckDBPyConnection, numbers: list[int]) -> set[int]:
    """Take groups apart; returns the numbers of their events."""
    if not numbers:
        return set()
    parts = connection.execute(
        "SELECT number FROM event WHERE layer = 'part' AND id IN "
        "(SELECT unnest(members) FROM event WHERE number IN (SELECT unnest(?)))",
        [numbers],
    ).fetchall()
    connection.execute("DELETE FROM event WHERE number IN (SELECT unnest(?))", [numbers])
    found = [number for (number,) in parts]
    connection.execute("UPDATE event SET layer = 'plain' WHERE number IN (SELECT unnest(?))", [found])
    return set(found)


def regroup(connection: duckdb.DuckDBPyConnection, left: set[int], fresh: range, schema: pa.Schema) -> None:
    """Group new events, and what is left of groups taken apart, with whatever they fit."""
    connection.execute(_BLOCKS, [fresh.start])
    total = find_one(connection, "SELECT count(*) FROM event WHERE len(members) = 1")
    if len(left) + len(fresh) > _MANY * total:
        groups = [n for (n,) in connection.execute("SELECT number FROM event WHERE len(members) > 1").fetchall()]
        _dissolve(connection, groups)
        chosen: Iterable[list[Event]] = _all_in_company(connection)
    else:
        chosen = [list(_reach(connection, {*left, *fresh}).values())]
    for events in chosen:
        _group(connection, events, schema)


def _all_in_company(connection: duckdb.DuckDBPyConnection) -> Iterator[list[Event]]:
    """Every event that shares a block with another, by type and kind: no group goes beyond those."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE company AS SELECT DISTINCT number FROM block WHERE key IN "
        "(SELECT key FROM block GROUP BY key HAVING count(*) > 1 AND bool_or(strict))"
    )
    kinds = connection.execute(
        f"SELECT DISTINCT type, modality IN ({_REAL}), CASE WHEN modality IN ({_REAL}) THEN NULL ELSE modality END "
        "FROM event JOIN company USING (number)"
    ).fetchall()
    for kind, real, modality in sorted(kinds, key=str):
        which = f"modality IN ({_REAL})" if real else "modality = ?"
        numbers = connection.execute(
            f"SELECT number FROM event JOIN company USING (number) WHERE type = ? AND {which}",
            [kind] if real else [kind, modality],
        ).fetchall()
        yield list(_read(connection, [number for (number,) in numbers]).values())


def _reach(connection: duckdb.DuckDBPyConnection, numbers: set[int]) -> dict[int, Event]:
    """Events and all that they can be one with, directly or through others."""
    events: dict[int, Event] = {}
    reached, edge = set(numbers), set(numbers)
    while edge:
        pairs = connection.execute(
            "SELECT DISTINCT a.number, b.number FROM (SELECT unnest(?) AS number) AS edge "
            "JOIN block AS a USING (number) "
            "JOIN block AS b ON a.key = b.key AND a.number <> b.number AND (a.strict OR b.strict)",
            [sorted(edge)],
        ).fetchall()
        events |= _read(connection, [n for n in {*edge, *(n for pair in pairs for n in pair)} if n not in events])
        edge = {b for a, b in pairs if b not in reached and is_same_event(events[a], events[b])}
        reached |= edge
    return {number: events[number] for number in sorted(reached) if number in events}


_COLUMNS: Final = (
    "number", "id", "document_id", "type", "mode", "acled", "sentence_start", "sentence_end", "trigger_start",
    "trigger_end", "date_start", "date_end", "precision", "approximate", "date_certainty", "ongoing", "places",
    "actors", "modality", "claimed_by", "fatalities_low", "fatalities_best", "fatalities_high", "injured_low",
    "injured_best", "injured_high", "confidence",
)  # fmt: skip


def _read(connection: duckdb.DuckDBPyConnection, numbers: list[int]) -> dict[int, Event]:
    result = connection.execute(
        f"SELECT {', '.join(_COLUMNS)} FROM event WHERE number IN (SELECT unnest(?)) AND origin = 'extracted'",
        [numbers],
    )
    events: dict[int, Event] = {}
    while chunk := result.fetchmany(10_000):
        for row in chunk:
            events[row[0]] = rows.read_event(dict(zip(_COLUMNS, row, strict=True)))
    return events


def _group(connection: duckdb.DuckDBPyConnection, events: list[Event], schema: pa.Schema) -> None:
    """Write the groups of more than one event, after those that they replace are taken apart."""
    if not events:
        return
    ids = [event.id for event in events]
    old = connection.execute(
        "SELECT number FROM (SELECT number, unnest(members) AS member FROM event WHERE len(members) > 1) "
        "WHERE member IN (SELECT unnest(?)) GROUP BY number",
        [ids],
    ).fetchall()
    _dissolve(connection, [number for (number,) in old])
    merged = iter([one for one in merge_events(events) if len(one.members) > 1])
    while chunk := list(islice(merged, 5_000)):
        members = [member for one in chunk for member in one.members]
        stored = {row["id"]: row for row in find_rows(connection, "id IN (SELECT unnest(?))", [members])}
        insert_rows(connection, [rows.merged_row(one, stored) for one in chunk], schema)
        connection.execute(
            "UPDATE event SET layer = 'part' WHERE len(members) = 1 AND id IN (SELECT unnest(?))", [members]
        )


def find_rows(connection: duckdb.DuckDBPyConnection, where: str, values: list[Any]) -> list[rows.Row]:
    """Whole rows of the table ``event``."""
    found = connection.execute(f"SELECT * FROM event WHERE {where}", values)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def insert_rows(connection: duckdb.DuckDBPyConnection, content: list[rows.Row], schema: pa.Schema) -> None:
    """Rows of the table ``event``, with new numbers."""
    first = find_one(connection, "SELECT coalesce(max(number), 0) + 1 FROM event")
    numbered = [row | {"number": first + place} for place, row in enumerate(content)]
    connection.register("inserted", pa.Table.from_pylist(numbered, schema=schema))
    connection.execute("INSERT INTO event BY NAME SELECT * FROM inserted")
    connection.unregister("inserted")
