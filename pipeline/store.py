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
from dataclasses import dataclass
from datetime import date, datetime
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

_TABLES: dict[str, pa.Schema] = {
    "documents": rows.DOCUMENTS,
    "events": rows.EVENTS,
    "problems": rows.PROBLEMS,
    "merged": rows.MERGED,
}
_BATCH = 200  # documents a commit
_TRIES = 12

# The newest version of every document; the events of that version; and these with those that are one put together.
_LATEST = """
WITH latest AS (
  SELECT * FROM documents QUALIFY row_number() OVER (PARTITION BY id ORDER BY version DESC, batch DESC) = 1
), single AS (
  SELECT events.*, [events.id] AS members, [events.document_id] AS sources
  FROM events JOIN latest ON events.document_id = latest.id AND events.batch = latest.batch
), together AS (
  SELECT merged.* FROM merged JOIN latest ON merged.document_id = latest.id AND merged.batch = latest.batch
), counted AS (
  SELECT * FROM single WHERE id NOT IN (SELECT unnest(members) FROM together)
  UNION ALL BY NAME SELECT * FROM together
), seen AS (
  SELECT counted.*, latest.title, latest.published, latest.published_source, latest.source, latest.url
  FROM counted JOIN latest ON counted.document_id = latest.id
)
"""


class Added(NamedTuple):
    """What a run has brought: documents that are new or changed, their events, documents known already."""

    documents: int
    events: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Facets:
    """The values that stored events have, each a table with ``id``, ``name`` and ``events`` (how many), most first."""

    actors: pd.DataFrame
    places: pd.DataFrame
    countries: pd.DataFrame
    types: pd.DataFrame
    modalities: pd.DataFrame
    documents: pd.DataFrame
    first: date | None
    last: date | None


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
            ("documents",),
        ).fetchall()
        return {identifier: (version, content) for identifier, version, content in found}

    def _merge(self) -> None:
        """Put together anew which events of different reports are one. It is derived, so it may be written over; if
        another process has added reports meanwhile, it is done once more."""
        while True:
            version = self.version()[0]
            found = self._query(f"{_LATEST} SELECT * EXCLUDE (members, sources) FROM single", [])
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

    def _query(self, sql: str, values: list[Any], tables: tuple[str, ...] = ("documents", "events", "merged")) -> Any:
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
        where, values = _condition(wanted or Filter())
        columns = "* EXCLUDE (batch, search)"
        sql = f"{_LATEST} SELECT {columns} FROM seen {where} ORDER BY date_start NULLS LAST, id"
        if limit is not None:
            sql += f" LIMIT {int(limit)}"
        frame: pd.DataFrame = self._query(sql, values).df()
        for column in ("date_start", "date_end", "published"):
            frame[column] = pd.to_datetime(frame[column]).astype("datetime64[s]")
        for column in frame.columns:
            if column.startswith(("fatalities_", "injured_")):
                frame[column] = frame[column].astype("Int64")
        for column in ("places", "actors", "place_ids", "countries", "actor_ids", "members", "sources"):
            frame[column] = [list(cell) if cell is not None else [] for cell in frame[column]]
        return frame

    def count(self, wanted: Filter | None = None) -> int:
        where, values = _condition(wanted or Filter())
        (number,) = self._query(f"{_LATEST} SELECT count(*) FROM seen {where}", values).fetchone()
        return int(number)

    def facets(self, wanted: Filter | None = None) -> Facets:
        """What the events that pass a filter can be told apart by."""
        where, values = _condition(wanted or Filter())

        def table(select: str) -> pd.DataFrame:
            sql = f"{_LATEST}, kept AS (SELECT * FROM seen {where}) {select} ORDER BY events DESC, name, id"
            frame: pd.DataFrame = self._query(sql, values).df()
            return frame

        unnested = (
            "SELECT item.{id} AS id, any_value(item.name) AS name, count(DISTINCT event) AS events FROM "
            "(SELECT id AS event, unnest({column}) AS item FROM kept) WHERE item.{id} IS NOT NULL GROUP BY 1"
        )
        plain = "SELECT {0} AS id, {0} AS name, count(*) AS events FROM kept GROUP BY 1"
        bounds = self._query(
            f"{_LATEST} SELECT min(coalesce(date_start, date_end)), max(coalesce(date_end, date_start)) "
            f"FROM seen {where}",
            values,
        ).fetchone()
        return Facets(
            actors=table(unnested.format(id="actor_id", column="actors")),
            places=table(unnested.format(id="place_id", column="places")),
            countries=table(
                "SELECT code AS id, code AS name, count(DISTINCT event) AS events FROM "
                "(SELECT id AS event, unnest(countries) AS code FROM kept) GROUP BY 1"
            ),
            types=table(plain.format("type")),
            modalities=table(plain.format("modality")),
            documents=table(
                "SELECT latest.id, any_value(coalesce(title, source, latest.id)) AS name, count(*) AS events "
                "FROM (SELECT unnest(sources) AS report FROM kept) JOIN latest ON latest.id = report GROUP BY 1"
            ),
            first=bounds[0],
            last=bounds[1],
        )

    def document(self, document_id: str) -> dict[str, Any] | None:
        """The report with its text and everything found in it, as annotation.to_dict gives it; ``None`` if unknown."""
        found = self._query(f"{_LATEST} SELECT annotation FROM latest WHERE id = ?", [document_id]).fetchone()
        answer: dict[str, Any] | None = json.loads(found[0]) if found else None
        return answer

    def reports(self, ids: Iterable[str]) -> pd.DataFrame:
        """What is known of reports: id, title, source, url, published, published_source; in the order of their
        publication."""
        columns = "id, title, source, url, published, published_source"
        sql = f"{_LATEST} SELECT {columns} FROM latest WHERE list_contains(?, id) ORDER BY published NULLS LAST, id"
        frame: pd.DataFrame = self._query(sql, [list(ids)]).df()
        return frame

    def problems(self) -> pd.DataFrame:
        """What went wrong or stayed unknown, a row a problem, for the latest version of each document."""
        sql = (
            f"{_LATEST} SELECT problems.* EXCLUDE (batch), latest.title FROM problems "
            "JOIN latest ON problems.document_id = latest.id AND problems.batch = latest.batch "
            "ORDER BY document_id, start"
        )
        frame: pd.DataFrame = self._query(sql, [], tuple(_TABLES)).df()
        return frame


def _condition(wanted: Filter) -> tuple[str, list[Any]]:
    """The WHERE clause of a filter and the values bound to it."""
    parts: list[str] = []
    values: list[Any] = []
    for column, chosen in (
        ("actor_ids", wanted.actors),
        ("place_ids", wanted.places),
        ("countries", wanted.countries),
        ("sources", wanted.documents),
        ("members", wanted.events),
    ):
        if chosen:
            parts.append(f"list_has_any({column}, ?)")
            values.append(list(chosen))
    for column, chosen in (
        ("type", wanted.types),
        ("modality", wanted.modalities),
    ):
        if chosen:
            parts.append(f"list_contains(?, {column})")
            values.append(list(chosen))
    if wanted.first is not None or wanted.last is not None:
        parts.append("(date_start IS NOT NULL OR date_end IS NOT NULL)")
    if wanted.first is not None:
        parts.append("(date_end IS NULL OR date_end >= ?)")
        values.append(wanted.first)
    if wanted.last is not None:
        parts.append("(date_start IS NULL OR date_start <= ?)")
        values.append(wanted.last)
    if wanted.text and wanted.text.strip():
        parts.append("contains(search, ?)")
        values.append(wanted.text.strip().casefold())
    return ("WHERE " + " AND ".join(parts) if parts else ""), values
