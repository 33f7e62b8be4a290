"""What the tables say now, ready for questions: one row an event, derived from the tables and kept up with them.

Each process holds its own copy in a DuckDB database and brings it up to date before a question, in one transaction.
A large store keeps a snapshot of the copy beside its tables, so that the next process does not start from nothing.

    layout       the tables of the copy           loading      taking over what changed
    snapshots    where the copy lies
"""

from __future__ import annotations

import contextlib
import json
import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb

from pipeline.errors import StoreError
from pipeline.store import snapshots
from pipeline.store.layout import TABLES, VIEWS
from pipeline.store.loading import Loading
from pipeline.store.refusal import fail
from pipeline.store.snapshots import LARGE
from pipeline.store.sql import find_one, quoted
from pipeline.store.tables import Tables

if TYPE_CHECKING:
    import pandas as pd

_SHARE: Final = 0.05  # of the events changed since the last snapshot: time for a new one
_TRIES: Final = 5


class Current:
    """The copy of one process. Its cursors may be used by several threads at once."""

    def __init__(self, tables: Tables, *, alone: bool = False) -> None:
        self._tables = tables
        self._alone = alone
        self._lock = threading.RLock()
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._scratch: Path | None = None
        self._versions: tuple[int, ...] = ()
        self._loading = Loading(tables, {}, [])
        self._since = 0  # events loaded since the last snapshot

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor on the copy, brought up to date."""
        with self._lock:
            for attempt in range(_TRIES):
                try:
                    self._refresh()
                    assert self._connection is not None
                    return self._connection.cursor()
                except duckdb.IOException as error:  # a file was put together with others meanwhile
                    if attempt == _TRIES - 1:
                        raise self._unreadable(error) from None
                    self.forget()
                except duckdb.Error as error:
                    self.forget()
                    raise self._unreadable(error) from None
        raise AssertionError

    def document(self, document_id: str) -> str | None:
        """The JSON of a report's newest version."""
        for attempt in range(_TRIES):
            cursor = self.cursor()
            found = cursor.execute("SELECT file, batch FROM latest WHERE id = ?", [document_id]).fetchone()
            if found is None:
                return None
            file, batch = found
            sql = f"SELECT annotation FROM {self._loading.listed('documents', [file])} WHERE id = ? AND batch = ?"
            try:
                row = cursor.execute(sql, [document_id, batch]).fetchone()
            except duckdb.IOException as error:
                if attempt == _TRIES - 1:
                    raise self._unreadable(error) from None
                self.forget()
            else:
                return row[0] if row else None
        raise AssertionError

    def problems(self) -> pd.DataFrame:
        """The problems of the newest versions."""
        for attempt in range(_TRIES):
            cursor = self.cursor()
            listed = self._loading.listed("problems", self._tables.files("problems"))
            try:
                return cursor.execute(
                    f"SELECT problems.* EXCLUDE (batch, filename), latest.title FROM {listed} AS problems "
                    "JOIN latest ON problems.document_id = latest.id AND problems.batch = latest.batch "
                    "ORDER BY document_id, start"
                ).df()
            except duckdb.Error as error:
                if attempt == _TRIES - 1:
                    raise self._unreadable(error) from None
        raise AssertionError

    def _unreadable(self, error: Exception) -> StoreError:
        return fail("unreadable", self._tables.folder, error)

    def forget(self) -> None:
        """Start anew at the next question."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection, self._versions = None, ()
            if self._scratch is not None:
                shutil.rmtree(self._scratch, ignore_errors=True)
                self._scratch = None

    def is_ready(self) -> bool:
        """Whether a question is answered soon: the copy of a large store is made from its tables in minutes."""
        return self._connection is not None or snapshots.is_there(self._tables.folder) or self._count_stored() < LARGE

    def prepare(self) -> None:
        """Leave a snapshot of a large store for the processes to come, as it stands now; of a small one none is
        needed."""
        if self._count_stored() >= LARGE:
            snapshots.make_elsewhere(self._tables.folder)

    def drop_snapshot(self) -> None:
        snapshots.drop(self._tables.folder)

    # --- keeping up ----------------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        if self._versions and self._tables.is_at(self._versions):
            return
        versions = self._tables.versions()
        if versions == self._versions:
            return
        # Documents first: whatever report is listed here, its events are listed below.
        files = {name: self._tables.files(name) for name in ("documents", "events", "corrections")}
        if self._connection is None:
            self._open()
        connection = self._connection
        assert connection is not None
        connection.execute("BEGIN")
        try:
            self._since += self._loading.run(connection, files)
            state = json.dumps({"files": self._loading.files, "pending": self._loading.pending})
            connection.execute("DELETE FROM state")
            connection.execute("INSERT INTO state VALUES (?)", [state])
            connection.execute("COMMIT")
        except BaseException:
            self.forget()
            raise
        self._versions = versions
        total = find_one(connection, "SELECT count(*) FROM event")
        if total >= LARGE and (self._since >= _SHARE * total or not snapshots.is_there(self._tables.folder)):
            with contextlib.suppress(StoreError), self._tables.rewriting(wait=False) as alone:
                if alone and self._tables.is_at(versions):  # else it might hold what is being taken out
                    snapshots.keep(self._tables.folder, connection)
                    self._since = 0
        if self._scratch is None and total > 4 * LARGE:  # it has outgrown the memory
            self.forget()
            self._refresh()

    def _open(self) -> None:
        """An empty copy, or that of the snapshot. The copy of a large store is first made by a process of its own,
        which takes more memory than a server should keep."""
        self._loading, self._since = Loading(self._tables, {}, []), 0
        folder = self._tables.folder
        if self._take_snapshot():
            return
        large = self._count_stored() >= LARGE
        if large and not self._alone and snapshots.make_elsewhere(folder) and self._take_snapshot():
            return
        self._scratch = snapshots.make_scratch() if large else None
        self._connection = snapshots.open_copy(self._scratch)
        self._connection.execute(TABLES)
        self._connection.execute(VIEWS)

    def _take_snapshot(self) -> bool:
        folder = self._tables.folder
        if not snapshots.is_there(folder):
            return False
        self._scratch = snapshots.make_scratch()
        try:
            self._connection = snapshots.take(folder, self._scratch)
            state = json.loads(find_one(self._connection, "SELECT content FROM state"))
            self._loading = Loading(self._tables, state["files"], state["pending"])
        except (OSError, duckdb.Error, KeyError, ValueError, TypeError):
            self.forget()  # a snapshot is only a help
            return False
        return True

    def _count_stored(self) -> int:
        files = self._tables.files("documents")
        if not files:
            return 0
        listed = ", ".join(quoted(str(self._tables.folder / file)) for file in files)
        number = find_one(duckdb.connect(), f"SELECT sum(events) FROM read_parquet([{listed}])")
        return int(number or 0)
