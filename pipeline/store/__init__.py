"""The store: Delta Lake tables, written by this module alone and read through DuckDB.

Nothing is overwritten. Every run appends a batch: first its events, then its documents. A document counts with its
latest version, and its events are those of the same batch, so a reader sees a batch whole or not at all, and what a
broken-off run has left behind is never seen.
"""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Literal, NamedTuple

import deltalake
import duckdb
import pandas as pd
import pyarrow as pa

from pipeline import rows
from pipeline.errors import StoreError
from pipeline.merge import merge_events
from pipeline.records import Document, Filter
from pipeline.store import reading
from pipeline.store.reading import Facets, Overview, Totals

__all__ = ["Added", "Facets", "Overview", "Store", "Totals"]

_TABLES: dict[str, pa.Schema] = {
    "documents": rows.DOCUMENTS,
    "events": rows.EVENTS,
    "problems": rows.PROBLEMS,
    "merged": rows.MERGED,
}
_BATCH = 200  # documents a commit
_TRIES = 12

# The newest version of every document; the events of that version; and these with those that are one put together.
_VIEWS = {
    "latest": "SELECT * FROM documents "
    "QUALIFY row_number() OVER (PARTITION BY id ORDER BY version DESC, batch DESC) = 1",
    "single": "SELECT events.*, [events.id] AS members, [events.document_id] AS sources "
    "FROM events JOIN latest ON events.document_id = latest.id AND events.batch = latest.batch",
    "together": "SELECT merged.* FROM merged JOIN latest "
    "ON merged.document_id = latest.id AND merged.batch = latest.batch",
    "counted": "SELECT * FROM single WHERE id NOT IN (SELECT unnest(members) FROM together) "
    "UNION ALL BY NAME SELECT * FROM together",
    "seen": "SELECT counted.* EXCLUDE (batch), latest.title, latest.published, latest.published_source, latest.source, "
    "latest.url, list_distinct(list_transform(list_filter(places, lambda item: item.admin1 IS NOT NULL), "
    "lambda item: concat(item.country, ':', item.admin1))) AS regions "
    "FROM counted JOIN latest ON counted.document_id = latest.id",
}


class Added(NamedTuple):
    """What a run has brought: documents that are new or changed, their events, documents known already."""

    documents: int
    events: int
    unchanged: int


class Store:
    """A folder of tables, made when it does not exist. ``StoreError`` when it cannot be read or written."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for name, schema in _TABLES.items():
                if not deltalake.DeltaTable.is_deltatable(str(self.folder / name)):
                    self._write(name, schema.empty_table(), "ignore")
        except OSError as error:
            raise StoreError(f"The store {self.folder} cannot be opened: {error.strerror or error}.") from None
        self._connection = duckdb.connect()

    # --- writing -----------------------------------------------------------------------------------------

    def add(self, documents: Iterable[Document], *, now: datetime) -> Added:
        """Store documents with their events, some hundred a commit. The same document again changes nothing; one whose
        content has changed becomes a new version."""
        total = Added(0, 0, 0)
        source = iter(documents)
        while chunk := list(islice(source, _BATCH)):
            added = self._add_batch(chunk, now)
            total = Added(*(a + b for a, b in zip(total, added, strict=True)))
        if total.documents:
            self._merge()
        return total

    def _add_batch(self, documents: list[Document], now: datetime) -> Added:
        known = self._known([document.id for document in documents])
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
        self._append("events", events)
        self._append("problems", problems)
        self._append("documents", list(fresh.values()))  # from here on the batch is seen
        return Added(len(fresh), len(events), len(documents) - len(fresh))

    def _known(self, ids: list[str]) -> dict[str, tuple[int, str]]:
        found = self._query(
            "SELECT id, version, content FROM documents WHERE list_contains(?, id) "
            "QUALIFY row_number() OVER (PARTITION BY id ORDER BY version DESC, batch DESC) = 1",
            [ids],
        ).fetchall()
        return {identifier: (version, content) for identifier, version, content in found}

    def _merge(self) -> None:
        """Put together anew which events of different reports are one. It is derived, so it may be written over; if
        another process has added reports meanwhile, it is done once more."""
        while True:
            version = self.version()[0]
            found = self._query("SELECT * EXCLUDE (members, sources) FROM single", [])
            names = [column[0] for column in found.description]
            stored = {row["id"]: row for row in (dict(zip(names, row, strict=True)) for row in found.fetchall())}
            merged = merge_events(rows.read_event(row) for row in stored.values())
            several = [rows.merged_row(one, stored) for one in merged if len(one.members) > 1]
            table = pa.Table.from_pylist(several, schema=_TABLES["merged"])
            self._write("merged", table, "overwrite")
            if self.version()[0] == version:
                return

    def _append(self, name: str, content: list[dict[str, Any]]) -> None:
        if content:
            self._write(name, pa.Table.from_pylist(content, schema=_TABLES[name]), "append")

    def _write(self, name: str, table: pa.Table, mode: Literal["append", "overwrite", "ignore"]) -> None:
        self._commit(partial(deltalake.write_deltalake, str(self.folder / name), table, mode=mode))

    def _commit(self, write: Callable[[], object]) -> None:
        """Try again when another process has committed in between; appends never contradict each other."""
        for attempt in range(_TRIES):
            try:
                write()
            except deltalake.exceptions.CommitFailedError as error:
                if attempt == _TRIES - 1:
                    raise StoreError(f"The store {self.folder} is too busy: {error}.") from None
                time.sleep(0.02 * 2 ** min(attempt, 6))
            except (deltalake.exceptions.DeltaError, OSError) as error:
                raise StoreError(f"The store {self.folder} cannot be written: {error}.") from None
            else:
                return

    def remove(self, document_id: str) -> None:
        """Take a document and everything that came from it out of the store, history included."""
        quoted = document_id.replace("'", "''")
        for name, column in (("documents", "id"), ("events", "document_id"), ("problems", "document_id")):
            table = deltalake.DeltaTable(str(self.folder / name))
            self._commit(partial(table.delete, f"{column} = '{quoted}'"))
        self._merge()
        for name in _TABLES:
            table = deltalake.DeltaTable(str(self.folder / name))
            table.vacuum(retention_hours=0, enforce_retention_duration=False, dry_run=False)

    # --- reading -----------------------------------------------------------------------------------------

    def _query(self, sql: str, values: list[Any], tables: tuple[str, ...] = tuple(_TABLES)) -> Any:
        """Run a query over the tables as they stand now. Values are always bound, never written into the SQL."""
        cursor = self._connection.cursor()
        try:
            for name in tables:
                files = deltalake.DeltaTable(str(self.folder / name)).file_uris()
                if files:
                    listed = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
                    table = f"read_parquet([{listed}], union_by_name = true)"
                    cursor.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM {table}")
                else:
                    cursor.register(f"empty_{name}", _TABLES[name].empty_table())
                    cursor.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM empty_{name}")
            for name, view in _VIEWS.items():
                cursor.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {view}")
            return cursor.execute(sql, values)
        except (duckdb.Error, deltalake.exceptions.DeltaError, OSError) as error:
            raise StoreError(f"The store {self.folder} cannot be read: {error}.") from None

    def version(self) -> tuple[int, ...]:
        """Numbers that change whenever the tables change."""
        try:
            return tuple(deltalake.DeltaTable(str(self.folder / name)).version() for name in _TABLES)
        except (deltalake.exceptions.DeltaError, OSError) as error:
            raise StoreError(f"The store {self.folder} cannot be read: {error}.") from None

    def events(self, wanted: Filter | None = None, *, limit: int | None = None) -> pd.DataFrame:
        """The events that pass a filter, by date, one row each (columns: rows.EVENTS and the report's title,
        published, published_source, source, url). What several reports tell is one row: ``sources`` lists the ids
        of all its reports, ``members`` those of its events. Days are ``datetime64``, ``NaT`` when not known."""
        return reading.find_events(self._query, wanted or Filter(), limit)

    def page(
        self,
        wanted: Filter | None = None,
        *,
        offset: int = 0,
        limit: int = 100,
        order: reading.Order = "date",
        descending: bool = False,
    ) -> pd.DataFrame:
        """A part of what ``events`` gives, from row ``offset`` on, in an order; what is unknown comes last."""
        return reading.find_page(self._query, wanted or Filter(), offset, limit, order, descending)

    def count(self, wanted: Filter | None = None) -> int:
        return reading.count_events(self._query, wanted or Filter())

    def totals(self, wanted: Filter | None = None) -> Totals:
        """How many events pass a filter, how many without a place, without a date, and the days they cover."""
        return reading.find_totals(self._query, wanted or Filter())

    def facets(self, wanted: Filter | None = None, *, most: int = 2000) -> Facets:
        """What the events that pass a filter can be told apart by; of each kind at most the ``most`` commonest."""
        return reading.find_facets(self._query, wanted or Filter(), most)

    def overview(
        self,
        wanted: Filter | None = None,
        *,
        by: reading.Period = "month",
        lanes: reading.Lanes = "actor",
        most: int = 12,
    ) -> Overview:
        """Events counted by lane and period. An event stands in the lane of each of its actors (places, countries),
        in the period of its first known day; what exceeds ``most`` lanes shares one, where each counts once."""
        return reading.find_overview(self._query, wanted or Filter(), by, lanes, most)

    def place_bins(
        self,
        wanted: Filter | None = None,
        *,
        zoom: float | None = None,
        bounds: tuple[float, float, float, float] | None = None,
        most: int = 5000,
    ) -> pd.DataFrame:
        """Events counted by place, or by cell of a grid when ``zoom`` (0: a cell is 45 degrees wide, halved by each
        step) is given; only places inside ``bounds`` (``Filter.bounds``). A row each, the fullest first: ``place_id``,
        ``name``, ``country``, ``lat``, ``lon`` of the place with most events in it, the worst ``precision`` and
        ``radius_km``, ``places``, ``events`` (each once), the commonest ``type``; of a cell also its ``west``,
        ``south``, ``east``, ``north``, which select its events as ``Filter.bounds``."""
        return reading.find_place_bins(self._query, wanted or Filter(), zoom, bounds, most)

    def document(self, document_id: str) -> dict[str, Any] | None:
        """The report with its text and everything found in it, as annotation.to_dict gives it; ``None`` if unknown."""
        found = self._query("SELECT annotation FROM latest WHERE id = ?", [document_id]).fetchone()
        answer: dict[str, Any] | None = json.loads(found[0]) if found else None
        return answer

    def reports(self, ids: Iterable[str]) -> pd.DataFrame:
        """What is known of reports: id, title, source, url, published, published_source; in the order of their
        publication."""
        return reading.find_reports(self._query, ids)

    def problems(self) -> pd.DataFrame:
        """What went wrong or stayed unknown, a row a problem, for the latest version of each document."""
        sql = (
            "SELECT problems.* EXCLUDE (batch), latest.title FROM problems "
            "JOIN latest ON problems.document_id = latest.id AND problems.batch = latest.batch "
            "ORDER BY document_id, start"
        )
        frame: pd.DataFrame = self._query(sql, []).df()
        return frame
