"""Adding reports. A run appends batches: first the events of a batch, then its documents; from then on it is seen."""

from __future__ import annotations

import hashlib
import threading
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline import rows
from pipeline.records import Document
from pipeline.store.known import Known, Stored
from pipeline.store.refusal import fail
from pipeline.store.tables import OWNER, SCHEMAS, Tables, TakenError

BATCH: Final = 500  # documents a commit: it costs more the more files there are
_BYTES: Final = 8_000_000  # that a commit holds: deltalake takes three times as much while it writes
_PIECE: Final = 20  # documents that are held as objects
_TRIES: Final = 100  # at a commit, where others are faster


class Added(NamedTuple):
    """What a run has brought: documents that are new or changed, their events, documents known already."""

    documents: int
    events: int
    unchanged: int


def _name_batch(now: datetime) -> str:
    return f"{now:%Y%m%dT%H%M%S%f}-{uuid.uuid4().hex[:12]}"


def make_rows(documents: Iterable[Document], versions: dict[str, int], now: datetime) -> dict[str, list[rows.Row]]:
    """The rows of a batch by table, in the order in which they are to be written. ``versions`` holds the last version
    of each report that is stored."""
    batch = _name_batch(now)
    made: dict[str, list[rows.Row]] = {"events": [], "problems": [], "documents": []}
    for document in documents:
        row = rows.document_row(document)
        content = hashlib.sha256(row["annotation"].encode("utf-8", "surrogatepass")).hexdigest()[:24]
        own = {"batch": batch, "version": versions.get(document.id, 0) + 1}
        made["events"] += [{**rows.event_row(event, document), **own} for event in document.events]
        made["problems"] += [{**problem, "batch": batch} for problem in rows.problem_rows(document)]
        made["documents"].append({**row, **own, "content": content, "added_at": now})
    return made


class _Piece(NamedTuple):
    """A few reports as tables: a tenth of what the same takes as objects. ``contents``: digest by report."""

    tables: dict[str, pa.Table]
    contents: dict[str, str]
    documents: int


class Writer:
    """Adds documents to the tables."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._lock = threading.Lock()
        self._known = Known(tables)

    def add(self, documents: Iterable[Document], now: datetime, batch: int) -> Added:
        total = Added(0, 0, 0)
        source = iter(documents)
        while pieces := _take_pieces(source, batch, now):
            with self._lock:
                added = self._add_batch(pieces, now)
            total = Added(*(a + b for a, b in zip(total, added, strict=True)))
        return total

    def _add_batch(self, pieces: list[_Piece], now: datetime) -> Added:
        """Commits of documents are numbered: where another process has made one since this one looked what is stored,
        it looks again, for it may be one of the same reports."""
        before: list[dict[str, int]] = []
        tables: dict[str, pa.Table] = {}
        early: dict[str, str | None] = {}
        for attempt in range(_TRIES):
            number = self._tables.number("documents") + 1
            fresh = self._find_fresh(pieces)
            if fresh != before:
                self._take_back(early)
                batch, before = _name_batch(now), fresh
                tables = {name: _make_table(pieces, name, fresh, batch) for name in OWNER}
                early = {name: self._tables.append(name, tables[name]) for name in ("events", "problems")}
            try:  # the documents come last: from then on the batch is seen
                self._tables.append_next("documents", tables["documents"], number)
            except TakenError as error:
                if attempt == _TRIES - 1:
                    raise fail("busy", self._tables.folder, error) from None
            else:
                break
        read, new = sum(piece.documents for piece in pieces), tables["documents"].num_rows
        return Added(new, tables["events"].num_rows, read - new)

    def _find_fresh(self, pieces: list[_Piece]) -> list[dict[str, int]]:
        """Of each piece the reports that are to be stored, with the version that each becomes."""
        last = {identifier: number for number, piece in enumerate(pieces) for identifier in piece.contents}
        known = self._known.find(list(last))
        fresh: list[dict[str, int]] = [{} for _ in pieces]
        for identifier, number in last.items():
            stored = known.get(identifier, Stored(0, ""))
            if stored.content != pieces[number].contents[identifier]:
                fresh[number][identifier] = stored.version + 1
        return fresh

    def _take_back(self, files: dict[str, str | None]) -> None:
        for name, file in files.items():
            if file is not None:
                self._tables.take_back(name, file)


def _take_pieces(documents: Iterator[Document], most: int, now: datetime) -> list[_Piece]:
    """What the next commit writes: ``most`` documents, or as many as fill _BYTES."""
    pieces, size = list[_Piece](), 0
    while most > 0 and size < _BYTES and (few := list(islice(documents, min(_PIECE, most)))):
        made = make_rows({document.id: document for document in few}.values(), {}, now)
        tables = {name: pa.Table.from_pylist(content, schema=SCHEMAS[name]) for name, content in made.items()}
        pieces.append(_Piece(tables, {row["id"]: row["content"] for row in made["documents"]}, len(few)))
        most -= len(few)
        size += sum(table.nbytes for table in tables.values())
    return pieces


def _make_table(pieces: list[_Piece], name: str, fresh: list[dict[str, int]], batch: str) -> pa.Table:
    """The rows of a table that belong to fresh reports, with the version that each becomes, in a batch."""
    owner, parts = OWNER[name], []
    for piece, versions in zip(pieces, fresh, strict=True):
        table = piece.tables[name]
        part = table.filter(pc.is_in(table.column(owner), pa.array(versions, pa.string())))
        if "version" in part.column_names:
            part = _set(part, "version", [versions[key] for key in part.column(owner).to_pylist()])
        parts.append(_set(part, "batch", [batch] * part.num_rows))
    return pa.concat_tables(parts)


def _set(table: pa.Table, column: str, values: list[Any]) -> pa.Table:
    place = table.schema.get_field_index(column)
    field = table.schema.field(place)
    return table.set_column(place, field, pa.array(values, field.type))
