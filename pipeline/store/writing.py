"""Adding reports. A run appends batches: first the events of a batch, then its documents; from then on it is seen."""

from __future__ import annotations

import hashlib
import threading
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline import rows
from pipeline.records import Document
from pipeline.store.known import Known, Stored
from pipeline.store.tables import OWNER, SCHEMAS, Tables

BATCH: Final = 500  # documents a commit: it costs more the more files there are
_BYTES: Final = 8_000_000  # that a commit holds: deltalake takes three times as much while it writes
_PIECE: Final = 20  # documents that are held as objects


class Added(NamedTuple):
    """What a run has brought: documents that are new or changed, their events, documents known already."""

    documents: int
    events: int
    unchanged: int


def _name_batch(now: datetime) -> str:
    return f"{now:%Y%m%dT%H%M%S%f}-{uuid.uuid4().hex[:12]}"


def make_rows(
    documents: Iterable[Document], versions: dict[str, int], now: datetime, batch: str | None = None
) -> dict[str, list[rows.Row]]:
    """The rows of a batch by table, in the order in which they are to be written. ``versions`` holds the last version
    of each report that is stored; without ``batch`` it is a new one."""
    batch = batch or _name_batch(now)
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
                added = self._add_batch(pieces)
            total = Added(*(a + b for a, b in zip(total, added, strict=True)))
        return total

    def _add_batch(self, pieces: list[_Piece]) -> Added:
        last = {identifier: number for number, piece in enumerate(pieces) for identifier in piece.contents}
        known = self._known.find(list(last))
        fresh: list[list[str]] = [[] for _ in pieces]
        for identifier, number in last.items():
            stored = known.get(identifier)
            if stored is None or stored.content != pieces[number].contents[identifier]:
                fresh[number].append(identifier)
        counts: dict[str, int] = {}
        for name in pieces[0].tables:  # the documents come last: from then on the batch is seen
            kept = (_choose(piece.tables[name], OWNER[name], ids) for piece, ids in zip(pieces, fresh, strict=True))
            table = _count_on(pa.concat_tables(kept), OWNER[name], known)
            self._tables.append(name, table)
            counts[name] = table.num_rows
        documents = sum(piece.documents for piece in pieces)
        return Added(counts["documents"], counts["events"], documents - counts["documents"])


def _take_pieces(documents: Iterator[Document], most: int, now: datetime) -> list[_Piece]:
    """What the next commit writes: ``most`` documents, or as many as fill _BYTES."""
    batch, pieces, size = _name_batch(now), list[_Piece](), 0
    while most > 0 and size < _BYTES and (few := list(islice(documents, min(_PIECE, most)))):
        made = make_rows({document.id: document for document in few}.values(), {}, now, batch)
        tables = {name: pa.Table.from_pylist(content, schema=SCHEMAS[name]) for name, content in made.items()}
        pieces.append(_Piece(tables, {row["id"]: row["content"] for row in made["documents"]}, len(few)))
        most -= len(few)
        size += sum(table.nbytes for table in tables.values())
    return pieces


def _choose(table: pa.Table, owner: str, ids: list[str]) -> pa.Table:
    return table.filter(pc.is_in(table.column(owner), pa.array(ids, pa.string())))


def _count_on(table: pa.Table, owner: str, known: dict[str, Stored]) -> pa.Table:
    """The rows with the version that follows the one that is stored."""
    place = table.schema.get_field_index("version")
    if place < 0:
        return table
    versions = [known[key].version + 1 if key in known else 1 for key in table.column(owner).to_pylist()]
    field = table.schema.field(place)
    return table.set_column(place, field, pa.array(versions, field.type))
