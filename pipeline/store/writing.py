"""Adding reports. A run appends batches: first the events of a batch, then its documents; from then on it is seen."""

from __future__ import annotations

import hashlib
import threading
import uuid
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Final, NamedTuple

import duckdb

from pipeline import rows
from pipeline.records import Document
from pipeline.store.refusal import fail
from pipeline.store.tables import Tables

BATCH: Final = 200  # documents a commit


class Added(NamedTuple):
    """What a run has brought: documents that are new or changed, their events, documents known already."""

    documents: int
    events: int
    unchanged: int


def make_rows(documents: Iterable[Document], versions: dict[str, int], now: datetime) -> dict[str, list[rows.Row]]:
    """The rows of a batch by table, in the order in which they are to be written. ``versions`` holds the last version
    of each report that is stored."""
    batch = f"{now:%Y%m%dT%H%M%S%f}-{uuid.uuid4().hex[:12]}"
    made: dict[str, list[rows.Row]] = {"events": [], "problems": [], "documents": []}
    for document in documents:
        row = rows.document_row(document)
        content = hashlib.sha256(row["annotation"].encode("utf-8", "surrogatepass")).hexdigest()[:24]
        own = {"batch": batch, "version": versions.get(document.id, 0) + 1}
        made["events"] += [{**rows.event_row(event, document), **own} for event in document.events]
        made["problems"] += [{**problem, "batch": batch} for problem in rows.problem_rows(document)]
        made["documents"].append({**row, **own, "content": content, "added_at": now})
    return made


class Writer:
    """Adds documents to the tables. It remembers which version of each report is stored and reads only what other
    processes have added since, so that a document costs the same in a small store and in a large one."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._lock = threading.Lock()
        self._known = duckdb.connect()
        self._known.execute("CREATE TABLE known (id VARCHAR, version INTEGER, batch VARCHAR, content VARCHAR)")
        self._files: set[str] = set()

    def add(self, documents: Iterable[Document], now: datetime, batch: int) -> Added:
        total = Added(0, 0, 0)
        source = iter(documents)
        while chunk := list(islice(source, batch)):
            with self._lock:
                added = self._add_batch(chunk, now)
            total = Added(*(a + b for a, b in zip(total, added, strict=True)))
        return total

    def _add_batch(self, documents: list[Document], now: datetime) -> Added:
        known = self._find_known([document.id for document in documents])
        last = {document.id: document for document in documents}
        batch = make_rows(last.values(), {key: version for key, (version, _) in known.items()}, now)
        same = {row["id"] for row in batch["documents"] if row["content"] == known.get(row["id"], (0, None))[1]}
        fresh = {
            name: [row for row in content if row["id" if name == "documents" else "document_id"] not in same]
            for name, content in batch.items()
        }
        for name, content in fresh.items():  # the documents come last: from then on the batch is seen
            self._tables.append(name, content)
        added = len(fresh["documents"])
        return Added(added, len(fresh["events"]), len(documents) - added)

    def _find_known(self, ids: list[str]) -> dict[str, tuple[int, str]]:
        """Version and content of the reports that are stored."""
        files = set(self._tables.files("documents"))
        if self._files - files:
            self._known.execute("DELETE FROM known")
            self._files = set()
        if news := sorted(files - self._files):
            listed = ", ".join("'" + str(self._tables.folder / file).replace("'", "''") + "'" for file in news)
            try:
                self._known.execute(
                    f"INSERT INTO known SELECT id, version, batch, content FROM read_parquet([{listed}])"
                )
            except duckdb.Error as error:
                raise fail("unreadable", self._tables.folder, error) from None
            self._files = files
        found = self._known.execute(
            "SELECT id, version, content FROM known WHERE id IN (SELECT unnest(?)) "
            "QUALIFY row_number() OVER (PARTITION BY id ORDER BY version DESC, batch DESC) = 1",
            [ids],
        ).fetchall()
        return {identifier: (version, content) for identifier, version, content in found}
