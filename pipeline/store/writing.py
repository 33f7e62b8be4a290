"""Adding reports. A run appends batches: first the events of a batch, then its documents; from then on it is seen."""

from __future__ import annotations

import hashlib
import threading
import uuid
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any, Final, NamedTuple

import duckdb

from pipeline import rows
from pipeline.errors import StoreError
from pipeline.records import Document
from pipeline.store.tables import Tables

BATCH: Final = 200  # documents a commit


class Added(NamedTuple):
    """What a run has brought: documents that are new or changed, their events, documents known already."""

    documents: int
    events: int
    unchanged: int


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
        batch = f"{now:%Y%m%dT%H%M%S%f}-{uuid.uuid4().hex[:12]}"
        fresh: dict[str, dict[str, Any]] = {}
        kept: dict[str, Document] = {}
        for document in documents:
            row = rows.document_row(document)
            content = hashlib.sha256(row["annotation"].encode("utf-8", "surrogatepass")).hexdigest()[:24]
            version, stored = known.get(document.id, (0, None))
            if stored == content:
                fresh.pop(document.id, None)
                kept.pop(document.id, None)
                continue
            fresh[document.id] = {**row, "batch": batch, "version": version + 1, "content": content, "added_at": now}
            kept[document.id] = document
        if not fresh:
            return Added(0, 0, len(documents))
        events = [
            {**rows.event_row(event, document), "batch": batch, "version": fresh[document.id]["version"]}
            for document in kept.values()
            for event in document.events
        ]
        problems = [{**row, "batch": batch} for document in kept.values() for row in rows.problem_rows(document)]
        self._tables.append("events", events)
        self._tables.append("problems", problems)
        self._tables.append("documents", list(fresh.values()))  # from here on the batch is seen
        return Added(len(fresh), len(events), len(documents) - len(fresh))

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
                raise StoreError(f"The store {self._tables.folder} cannot be read: {error}.") from None
            self._files = files
        found = self._known.execute(
            "SELECT id, version, content FROM known WHERE id IN (SELECT unnest(?)) "
            "QUALIFY row_number() OVER (PARTITION BY id ORDER BY version DESC, batch DESC) = 1",
            [ids],
        ).fetchall()
        return {identifier: (version, content) for identifier, version, content in found}
