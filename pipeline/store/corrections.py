"""What people say about events: a table of its own, laid over the events when they are read; nothing is overwritten.

A correction names the events of the reports behind what was seen (``members``), so it holds for whatever row these
make later: when another report joins, or the report is read anew and the event is still in it. Corrections are made one
after the other, also by several processes at once: each says which one it has seen last (``after``). Who comes second
is told what the other did; what they said is kept in the history, without effect.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import duckdb
import pyarrow as pa

from pipeline import rows
from pipeline.errors import ConflictError
from pipeline.store.changes import apply, check
from pipeline.store.clusters import find_rows, insert_rows
from pipeline.store.refusal import contradict, refuse
from pipeline.store.tables import Tables, TakenError

if TYPE_CHECKING:
    from pipeline.store.current import Current

Action: TypeAlias = Literal["correct", "confirm", "reject", "undo"]
_REVIEWS: Final = {"correct": "corrected", "confirm": "confirmed", "reject": "rejected"}
# Corrections in effect: those that were made after the last one, and that nobody has undone.
_EFFECTIVE: Final = (
    "SELECT * FROM correction WHERE standing = 'effective' AND action <> 'undo' AND id NOT IN "
    "(SELECT undoes FROM correction WHERE standing = 'effective' AND action = 'undo')"
)
_LONGEST_NAME: Final = 200
_LONGEST_REASON: Final = 2000


@dataclass(frozen=True, slots=True)
class Correction:
    """One entry of the history of an event. ``standing``: ``effective``, ``undone`` by a later one, or ``conflict``:
    made without knowing another one and therefore without effect. ``changes`` as ``changes.check`` gives them.
    What was said about several events at once has one ``number``."""

    id: str
    action: Action
    changes: Mapping[str, Any]
    undoes: str | None
    who: str
    why: str | None
    at: datetime
    standing: Literal["effective", "undone", "conflict"]
    number: int


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody says. ``after`` is the ``revision`` of the event as they saw it."""

    event_id: str
    action: Action
    who: str
    why: str | None
    after: str | None
    changes: Mapping[str, Any] = field(default_factory=dict)
    undoes: str | None = None


def lift(connection: duckdb.DuckDBPyConnection) -> None:
    """Take every correction off the events."""
    connection.execute("DELETE FROM event WHERE layer = 'corrected'")
    connection.execute("UPDATE event SET layer = 'plain' WHERE layer = 'original'")


def lay(connection: duckdb.DuckDBPyConnection, schema: pa.Schema) -> None:
    """Lay the corrections that are in effect over the events that hold one of their members, in their order."""
    made = connection.execute(f"SELECT id, members, action, changes FROM ({_EFFECTIVE}) ORDER BY number, id").fetchall()
    heads = connection.execute(
        "SELECT id, members FROM correction WHERE standing = 'effective' ORDER BY number, id"
    ).fetchall()
    if not heads:
        return
    said: dict[str, list[int]] = {}
    for place, (_, members, _, _) in enumerate(made):
        for member in members:
            said.setdefault(member, []).append(place)
    last = {member: head for head, members in heads for member in members}
    places = {head: place for place, (head, _) in enumerate(heads)}
    # Joined: a list of hundreds of members would be gone through for every event.
    holding = (
        "number IN (SELECT number FROM (SELECT number, unnest(members) AS member FROM event WHERE layer = 'plain') "
        "WHERE member IN (SELECT unnest(?)))"
    )
    found = find_rows(connection, f"layer = 'plain' AND {holding}", [sorted(last)])
    corrected = []
    for row in found:
        one = row | {"layer": "corrected", "changed": []}
        for place in sorted({place for member in row["members"] for place in said.get(member, ())}):
            _, _, action, changes = made[place]
            one = apply(one, json.loads(changes or "{}")) | {"review": _REVIEWS[action]}
        one["revision"] = max((last[m] for m in row["members"] if m in last), key=lambda head: places[head])
        corrected.append(one)
    insert_rows(connection, corrected, schema)
    connection.execute(
        "UPDATE event SET layer = 'original' WHERE layer = 'plain' AND number IN (SELECT unnest(?))",
        [[row["number"] for row in found]],
    )


def find_history(connection: duckdb.DuckDBPyConnection, event_id: str) -> tuple[Correction, ...]:
    """What was said about an event, oldest first."""
    return _read_history(connection, _find_event(connection, event_id)["members"])


def _read_history(connection: duckdb.DuckDBPyConnection, members: Sequence[str]) -> tuple[Correction, ...]:
    found = connection.execute(
        'SELECT id, action, changes, undoes, who, why, "at", '
        "CASE WHEN standing = 'conflict' THEN 'conflict' "
        f"WHEN action <> 'undo' AND id NOT IN (SELECT id FROM ({_EFFECTIVE})) THEN 'undone' ELSE 'effective' END, "
        "number FROM correction WHERE list_has_any(members, ?) ORDER BY number, id",
        [members],
    ).fetchall()
    return tuple(Correction(row[0], row[1], json.loads(row[2] or "{}"), *row[3:]) for row in found)


def record(tables: Tables, current: Current, entries: Sequence[Entry], *, now: datetime) -> list[Correction]:
    """Write what somebody says about events, all in one commit, an entry of the history for each event. What others
    were faster than is written too, as a ``conflict``. ``InputError`` for what cannot be said: then nothing is
    written."""
    identifiers = [uuid.uuid4().hex for _ in entries]
    while True:
        number = tables.number("corrections") + 1
        cursor = current.cursor()  # knows at least every commit before that number
        events = _find_events(cursor, [entry.event_id for entry in entries])
        said = cursor.execute(f"SELECT id, members FROM ({_EFFECTIVE})").fetchall()
        standing = {key: set(members) for key, members in said}
        made = [
            _make_row(cursor, entry, event, standing, now) | {"id": identifier, "number": number}
            for entry, event, identifier in zip(entries, events, identifiers, strict=True)
        ]
        try:
            tables.append_next("corrections", made, number)
        except TakenError:
            continue
        return [_read_row(row) for row in made]


def _make_row(
    cursor: duckdb.DuckDBPyConnection, entry: Entry, event: rows.Row, standing: Mapping[str, set[str]], now: datetime
) -> rows.Row:
    """``standing``: what was said and is in effect, with the members that it is about."""
    who, why = _check_words(entry.who, "who", _LONGEST_NAME), entry.why
    if entry.action != "confirm" or why:
        why = _check_words(why or "", "why", _LONGEST_REASON)
    if entry.action == "undo" and standing.get(entry.undoes or "", set()).isdisjoint(event["members"]):
        raise refuse("undone")
    changes = check(entry.changes, partial(_look_up, cursor)) if entry.action == "correct" else {}
    return {
        "event_id": event["id"],
        "document_id": event["document_id"],
        "members": event["members"],
        "action": entry.action,
        "changes": json.dumps(changes, ensure_ascii=False),
        "undoes": entry.undoes,
        "who": who,
        "why": why or None,
        "at": now,
        "after": entry.after,
        "standing": "effective" if event["revision"] == entry.after else "conflict",
    }


def _read_row(row: rows.Row) -> Correction:
    names = ("id", "action", "undoes", "who", "why", "at", "standing", "number")
    return Correction(changes=json.loads(row["changes"]), **{name: row[name] for name in names})


def find_faster(cursor: duckdb.DuckDBPyConnection, event_id: str) -> ConflictError:
    """The error that tells who was faster: the last one whose word about an event is in effect."""
    event = _find_event(cursor, event_id)
    other = next(past for past in _read_history(cursor, event["members"]) if past.id == event["revision"])
    at = f"{other.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return contradict("conflict", who=other.who, what=f"@{other.action}", at=at)


def find_batch(cursor: duckdb.DuckDBPyConnection, number: int) -> list[tuple[str, str, str | None]]:
    """What was said in one commit and is still in effect: the event and the correction, and the ``revision`` that the
    event has now. An event that is gone is left out."""
    return cursor.execute(
        f"SELECT DISTINCT seen.id, made.id, revision FROM (SELECT id, unnest(members) AS member FROM ({_EFFECTIVE}) "
        "WHERE number = ?) AS made JOIN (SELECT id, revision, unnest(members) AS member FROM seen) AS seen "
        "USING (member) ORDER BY ALL",
        [number],
    ).fetchall()


def count_batch(cursor: duckdb.DuckDBPyConnection, number: int) -> int:
    """How much of what was said in one commit is still in effect."""
    found = cursor.execute(f"SELECT count(*) FROM ({_EFFECTIVE}) WHERE number = ?", [number]).fetchone()
    return int(found[0]) if found else 0


def _check_words(words: str, key: str, most: int) -> str:
    plain = " ".join(words.split())
    if not plain or len(plain) > most:
        raise refuse(key, most=most)
    return plain


def _find_event(cursor: duckdb.DuckDBPyConnection, event_id: str) -> rows.Row:
    (event,) = _find_events(cursor, [event_id])
    return event


def _find_events(cursor: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> list[rows.Row]:
    """The events of those ids, or those that events of these ids are part of now."""
    names = ("id", "document_id", "members", "revision")
    asked = f"SELECT {', '.join(names)} FROM seen WHERE"
    found = {row[0]: row for row in cursor.execute(f"{asked} id IN (SELECT unnest(?))", [list(ids)]).fetchall()}
    for event_id in ids:
        if event_id not in found:
            row = cursor.execute(f"{asked} list_contains(members, ?) ORDER BY id LIMIT 1", [event_id]).fetchone()
            if row is None:
                raise refuse("gone")
            found[event_id] = row
    return [dict(zip(names, found[event_id], strict=True)) for event_id in ids]


def _look_up(cursor: duckdb.DuckDBPyConnection, kind: str, identifier: str) -> rows.Row | None:
    """A place or actor that stored events name, where no table has it."""
    column = "places" if kind == "place" else "actors"
    found = cursor.execute(
        f"SELECT item FROM (SELECT unnest({column}) AS item FROM event WHERE list_contains({kind}_ids, ?)) "
        f"WHERE item.{kind}_id = ? LIMIT 1",
        [identifier, identifier],
    ).fetchone()
    return {name: value for name, value in found[0].items() if name != "role"} if found else None
