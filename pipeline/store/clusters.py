"""Which events of different reports are one, kept up in the copy of a process (``current``).

Two events can only be one when they share a *block*: type, kind of modality, day, and a cell of the map that both lie
near; or, where one of them names no place that is close enough, the country or name of somebody who acts; or when they
are told in the same words. What changed is
compared within its blocks (``regrouping``); all others keep their groups. Imported events stay as they are.

What copies of one text (``texts``) tell in the same place of it is one event for sure, also without day and place: the
earliest report leads, the others follow it into whatever group it belongs to, and only the first is compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

import duckdb
import pyarrow as pa

from pipeline import rows
from pipeline.merge import (
    KINDS,
    LONGEST_DAYS,
    WIDE,
    is_same_event,
    merge_events,
    merge_group,
    rank_of,
)
from pipeline.records import Event
from pipeline.store.regrouping import Regrouping
from pipeline.store.sql import find_one

_WIDE: Final = ", ".join(f"'{precision}'" for precision in sorted(WIDE))
_REAL: Final = ", ".join(f"'{modality}'" for modality, kind in sorted(KINDS.items()) if kind == "real")
_MANY: Final = 0.2  # share of new events from which on all are grouped anew
_FEW: Final = 20  # which is not worth it for so few

# Told in the same words of the same days, for every Sunday has its talks; without a date also published on the same
# day, for short sentences come again. Very short ones say nothing.
_WORDS: Final = (
    "CASE WHEN length(sentence) >= 30 THEN hash(sentence, trigger, date_start, date_end, "
    "CASE WHEN date_start IS NULL AND date_end IS NULL THEN published END)::VARCHAR END"
)
# The words around the trigger: what outlets put before a sentence, or hang on to it, is not among them.
_NEAR: Final = 80  # characters on each side that three words are in


def _words_of(part: str, first: int, last: int) -> str:
    split = f"string_split_regex(lower({part}), '[^\\p{{L}}\\p{{N}}]+')"
    return f"list_filter({split}, lambda word: word <> '')[{first}:{last}]"


_TOLD: Final = (
    "hash(lower(trigger), "
    + _words_of(f"right(left(sentence, greatest(trigger_start - sentence_start, 0)), {_NEAR})", -3, -1)
    + ", "
    + _words_of(f"left(substr(sentence, greatest(trigger_end - sentence_start, 0) + 1), {_NEAR})", 1, 3)
    + ")::VARCHAR"
)
# The same blocks as in merge.py; ``strict`` marks those in which the other side need not be without a close place.
_BLOCKS: Final = f"""
INSERT INTO block
WITH fresh AS (
  SELECT number, type, CASE WHEN modality IN ({_REAL}) THEN 'real' ELSE modality END AS kind, places,
    CASE WHEN len(list_filter(actors, lambda a: a.role IN ('actor', 'speaker', 'participant'))) > 0
      THEN list_filter(actors, lambda a: a.role IN ('actor', 'speaker', 'participant')) ELSE actors END AS agents,
    date_start - DATE '1970-01-01' AS first, date_end - DATE '1970-01-01' AS last
  FROM event JOIN renewed USING (number) WHERE date_end - date_start BETWEEN 0 AND {LONGEST_DAYS - 1}
), told AS (
  SELECT number, type, CASE WHEN modality IN ({_REAL}) THEN 'real' ELSE modality END AS kind, {_WORDS} AS words
  FROM event JOIN renewed USING (number)
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
UNION ALL SELECT number, hash(type, kind, words), true FROM told WHERE words IS NOT NULL
"""
# Events of copies in the same place of their text; a report that tells something twice has two.
_FOLLOW: Final = f"""
INSERT INTO follow
WITH told AS (
  SELECT number, document_id, published, id, sentence_start, trigger_start, text, type,
    CASE WHEN modality IN ({_REAL}) THEN 'real' ELSE modality END AS kind, {_TOLD} AS told
  FROM event JOIN renewed USING (number) JOIN copied USING (document_id)
), counted AS (
  SELECT *, row_number() OVER (
    PARTITION BY document_id, type, kind, told ORDER BY sentence_start, trigger_start, id) AS nth FROM told
), led AS (
  SELECT number, first_value(number) OVER (
    PARTITION BY text, type, kind, told, nth ORDER BY published, document_id, id) AS lead FROM counted
)
FROM led WHERE number <> lead
"""


def dissolve_changed(connection: duckdb.DuckDBPyConnection) -> set[int]:
    """Take apart the groups that hold an event of a document in the tables ``changed`` and ``recopied``, and forget the
    blocks of these events; returns the numbers of the events that are left of the groups."""
    touched = "document_id IN (SELECT id FROM changed UNION ALL SELECT id FROM recopied)"
    founders = connection.execute(
        f"SELECT DISTINCT founder FROM part JOIN event USING (number) WHERE {touched}"
    ).fetchall()
    parts = _dissolve(connection, [founder for (founder,) in founders])
    gone = connection.execute(
        "SELECT number FROM event WHERE document_id IN (SELECT id FROM changed) AND len(members) = 1"
    ).fetchall()
    connection.execute(f"DELETE FROM block WHERE number IN (SELECT number FROM event WHERE {touched})")
    connection.execute(f"DELETE FROM follow WHERE number IN (SELECT number FROM event WHERE {touched})")
    return parts - {number for (number,) in gone}


def _dissolve(connection: duckdb.DuckDBPyConnection, founders: list[int]) -> set[int]:
    """Take groups apart; returns the numbers of their events."""
    if not founders:
        return set()
    found = connection.execute(
        "SELECT number, cluster FROM part WHERE founder IN (SELECT unnest(?))", [founders]
    ).fetchall()
    numbers = [number for number, _ in found]
    connection.execute(
        "DELETE FROM event WHERE number IN (SELECT unnest(?))", [list({cluster for _, cluster in found})]
    )
    connection.execute("DELETE FROM part WHERE founder IN (SELECT unnest(?))", [founders])
    connection.execute("UPDATE event SET layer = 'plain' WHERE number IN (SELECT unnest(?))", [numbers])
    return set(numbers)


def regroup(connection: duckdb.DuckDBPyConnection, left: set[int], fresh: range, schema: pa.Schema) -> None:
    """Group new events, those of the reports in ``recopied``, and what is left of groups taken apart, with whatever
    they fit."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE renewed AS SELECT number FROM event WHERE number IN "
        "(SELECT number FROM event WHERE number >= ? UNION "
        "SELECT number FROM event WHERE document_id IN (SELECT id FROM recopied)) "
        "AND origin = 'extracted' AND layer = 'plain' AND len(members) = 1",
        [fresh.start],
    )
    connection.execute(_FOLLOW)
    connection.execute("DELETE FROM renewed WHERE number IN (SELECT number FROM follow)")
    connection.execute(_BLOCKS)
    found = connection.execute(
        "WITH own AS (FROM renewed UNION SELECT unnest(?)) SELECT number FROM own SEMI JOIN block USING (number) "
        "UNION SELECT lead FROM follow WHERE lead IN (FROM own)",
        [list(left)],
    ).fetchall()
    changed = {number for (number,) in found}
    if len(changed) > max(_FEW, _MANY * find_one(connection, "SELECT count(*) FROM event")):
        founders = connection.execute("SELECT DISTINCT founder FROM part").fetchall()
        _dissolve(connection, [founder for (founder,) in founders])
        for events in _all_in_company(connection):
            number_of = {event.id: number for number, event in events.items()}
            groups = [[number_of[member] for member in one.members] for one in merge_events(events.values())]
            _write(connection, groups, events, schema)
    elif changed:
        _place(connection, changed, schema)


def _place(connection: duckdb.DuckDBPyConnection, changed: set[int], schema: pa.Schema) -> None:
    events: dict[int, Event] = {}

    def find_neighbours(numbers: set[int]) -> dict[int, set[int]]:
        pairs = connection.execute(
            "SELECT DISTINCT a.number, b.number FROM (SELECT unnest(?) AS number) AS edge "
            "JOIN block AS a USING (number) "
            "JOIN block AS b ON a.key = b.key AND a.number <> b.number AND (a.strict OR b.strict)",
            [sorted(numbers)],
        ).fetchall()
        load({*numbers, *(other for _, other in pairs)})
        near: dict[int, set[int]] = {number: set() for number in numbers}
        for one, other in pairs:
            if is_same_event(events[one], events[other]):
                near[one].add(other)
        return near

    def find_groups(numbers: Iterable[int]) -> dict[int, set[int]]:
        wanted = list(numbers)
        found = connection.execute(
            "SELECT number, founder FROM part WHERE number NOT IN (SELECT number FROM follow) AND founder IN "
            "(SELECT founder FROM part WHERE number IN (SELECT unnest(?)))",
            [wanted],
        ).fetchall()
        load({number for number, _ in found})
        groups: dict[int, set[int]] = {}
        for number, founder in found:
            groups.setdefault(founder, set()).add(number)
        grouped = {number for number, _ in found}
        return groups | {number: {number} for number in wanted if number not in grouped}

    def load(numbers: set[int]) -> None:
        events.update(_read(connection, [number for number in numbers if number not in events]))

    regrouping = Regrouping(lambda number: rank_of(events[number]), find_neighbours, find_groups)
    regrouping.run(changed)
    touched = sorted(regrouping.touched)
    _dissolve(connection, touched)
    _write(connection, [sorted(regrouping.members[founder]) for founder in touched], events, schema)


def _all_in_company(connection: duckdb.DuckDBPyConnection) -> Iterator[dict[int, Event]]:
    """Every event that shares a block with one of another report or leads others, by type and kind: no group goes
    beyond those."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE company AS SELECT DISTINCT number FROM block WHERE key IN "
        "(SELECT key FROM block GROUP BY key HAVING count(*) > 1 AND bool_or(strict)) UNION SELECT lead FROM follow"
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
        yield _read(connection, [number for (number,) in numbers])


_COLUMNS: Final = (
    "number", "id", "document_id", "type", "mode", "acled", "sentence_start", "sentence_end", "trigger_start",
    "trigger_end", "date_start", "date_end", "precision", "approximate", "date_certainty", "ongoing", "places",
    "actors", "modality", "claimed_by", "fatalities_low", "fatalities_best", "fatalities_high", "injured_low",
    "injured_best", "injured_high", "confidence",
)  # fmt: skip


def _read(connection: duckdb.DuckDBPyConnection, numbers: list[int]) -> dict[int, Event]:
    if not numbers:
        return {}
    result = connection.execute(
        "WITH wanted AS MATERIALIZED (SELECT unnest(?) AS number), "
        "followed AS (SELECT lead, list(document_id) AS copies FROM follow JOIN event USING (number) "
        "WHERE lead IN (FROM wanted) GROUP BY lead), "
        f"chosen AS MATERIALIZED (SELECT {', '.join(_COLUMNS)}, {_WORDS} AS words FROM event "
        "WHERE number IN (FROM wanted) AND origin = 'extracted'), "
        "reports AS (SELECT report, founder FROM text WHERE report IN (SELECT document_id FROM chosen)), "
        "shared AS (SELECT founder FROM text WHERE founder IN (SELECT founder FROM reports) "
        "GROUP BY founder HAVING count(*) > 1) "
        "SELECT chosen.*, shared.founder, copies FROM chosen LEFT JOIN reports ON report = document_id "
        "LEFT JOIN shared USING (founder) LEFT JOIN followed ON lead = number",
        [numbers],
    )
    events: dict[int, Event] = {}
    while chunk := result.fetchmany(10_000):
        for row in chunk:
            events[row[0]] = rows.read_event(dict(zip((*_COLUMNS, "words", "text", "copies"), row, strict=True)))
    return events


def _write(
    connection: duckdb.DuckDBPyConnection, groups: list[list[int]], events: dict[int, Event], schema: pa.Schema
) -> None:
    """A row for each group that has several events with those that follow them, instead of those of its members."""
    followers = _find_followers(connection, [number for group in groups for number in group])
    events.update(_read(connection, [number for found in followers.values() for number in found]))
    whole = ((group, [*group, *(n for lead in group for n in followers.get(lead, ()))]) for group in groups)
    several = ((group, members) for group, members in whole if len(members) > 1)
    while chunk := list(islice(several, 5_000)):
        numbers = [number for _, members in chunk for number in members]
        merged = [merge_group([events[number] for number in members]) for _, members in chunk]
        said = connection.execute("SELECT id, search FROM event WHERE number IN (SELECT unnest(?))", [numbers])
        searches = dict(said.fetchall())
        best = find_rows(connection, "id IN (SELECT unnest(?)) AND len(members) = 1", [[m.event.id for m in merged]])
        stored = {row["id"]: row for row in best}
        first = insert_rows(connection, [rows.merged_row(m, stored[m.event.id], searches) for m in merged], schema)
        founders = [min(group, key=lambda number: rank_of(events[number])) for group, _ in chunk]
        parts = [
            {"number": number, "founder": founders[place], "cluster": first + place}
            for place, (_, members) in enumerate(chunk)
            for number in members
        ]
        insert(connection, "part", pa.Table.from_pylist(parts))
        connection.execute("UPDATE event SET layer = 'part' WHERE number IN (SELECT unnest(?))", [numbers])


def _find_followers(connection: duckdb.DuckDBPyConnection, leads: list[int]) -> dict[int, list[int]]:
    found = connection.execute("SELECT lead, number FROM follow WHERE lead IN (SELECT unnest(?))", [leads])
    followers: dict[int, list[int]] = {}
    for lead, number in found.fetchall():
        followers.setdefault(lead, []).append(number)
    return followers


def find_rows(connection: duckdb.DuckDBPyConnection, where: str, values: list[Any]) -> list[rows.Row]:
    """Whole rows of the table ``event``."""
    found = connection.execute(f"SELECT * FROM event WHERE {where}", values)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def insert_rows(connection: duckdb.DuckDBPyConnection, content: list[rows.Row], schema: pa.Schema) -> int:
    """Rows of the table ``event``, with new numbers; returns the first."""
    first = take_numbers(connection, len(content))
    numbered = [row | {"number": first + place} for place, row in enumerate(content)]
    insert(connection, "event", pa.Table.from_pylist(numbered, schema=schema))
    return first


def insert(connection: duckdb.DuckDBPyConnection, name: str, content: pa.Table) -> None:
    connection.register("inserted", content)
    connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM inserted")
    connection.unregister("inserted")


def take_numbers(connection: duckdb.DuckDBPyConnection, count: int) -> int:
    """The first of so many numbers that no row has ever had."""
    last: int = find_one(connection, "SELECT last FROM counter")
    connection.execute("UPDATE counter SET last = ?", [last + count])
    return last + 1
