"""What the tables say now, ready for questions: one row an event, derived from the tables and kept up with them.

Each process holds its own copy in a DuckDB database and brings it up to date before a question, in one transaction:
only what changed is read, only events that can be touched by it are compared again. A large store keeps a snapshot of
the copy beside its tables, so that the next process does not start from nothing; it can be deleted at any time.

    latest    the newest version of each report
    event     its events by layer: ``plain``; ``part`` of another row that several reports make; ``original`` and
              ``corrected`` where people have corrected something
    seen      the events as corrected      extracted   the events as extracted
    mark      what a row of ``event`` can be told apart by: actors, roles, places, countries, regions, reports, a row
              each, by code of ``value``; this counts much faster than lists
    spot      where it lies, by code of ``place``

A batch is read only when its documents are there, which are written last; so it is seen whole or not at all.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import uuid
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

import duckdb
import pandas as pd
import pyarrow as pa

from pipeline import rows
from pipeline.errors import StoreError
from pipeline.store import clusters, corrections
from pipeline.store.tables import SCHEMAS, Tables, columns_of, find_one

_EVENT: Final = pa.schema(
    [
        ("number", pa.int64()),
        ("layer", pa.string()),
        *(field for field in rows.EVENTS if field.name != "batch"),
        *(rows.DOCUMENTS.field(name) for name in ("title", "published", "published_source", "source", "url")),
        ("regions", pa.list_(pa.string())),
        ("members", pa.list_(pa.string())),
        ("sources", pa.list_(pa.string())),
        ("review", pa.string()),
        ("changed", pa.list_(pa.string())),
        ("revision", pa.string()),
    ]
)
_LATEST: Final = pa.schema([*(field for field in rows.DOCUMENTS if field.name != "annotation"), ("file", pa.string())])
_LARGE: Final = 50_000  # events from which on the copy lives in a file and leaves a snapshot
_SHARE: Final = 0.05  # of the events changed since the last snapshot: time for a new one
_TRIES: Final = 5
_FOLDER: Final = "current"  # in the store
_TABLES: Final = f"""
CREATE TABLE latest ({columns_of(_LATEST)});
CREATE TABLE batch (batch VARCHAR);
CREATE TABLE event ({columns_of(_EVENT)});
CREATE TABLE block (number BIGINT, key UBIGINT, strict BOOLEAN);
CREATE TABLE part (number BIGINT, founder BIGINT, cluster BIGINT);
CREATE TABLE value (code INTEGER, kind VARCHAR, id VARCHAR, name VARCHAR);
CREATE TABLE mark (number BIGINT, kind VARCHAR, code INTEGER);
CREATE TABLE place (code INTEGER, {columns_of(pa.schema(list(rows.PLACE)))});
CREATE TABLE spot (number BIGINT, code INTEGER);
CREATE TABLE counter (last BIGINT, spread BIGINT);
INSERT INTO counter VALUES (0, 0);
CREATE TABLE correction ({columns_of(rows.CORRECTIONS)});
CREATE TABLE state (content VARCHAR);
{"".join(f"CREATE TABLE no_{name} ({columns_of(schema)});" for name, schema in SCHEMAS.items())}
"""
_VIEWS: Final = """
CREATE OR REPLACE VIEW seen AS SELECT * EXCLUDE (layer) FROM event WHERE layer IN ('plain', 'corrected');
CREATE OR REPLACE VIEW extracted AS SELECT * EXCLUDE (layer) FROM event WHERE layer IN ('plain', 'original');
"""


class Current:
    """The copy of one process. Its cursors may be used by several threads at once."""

    def __init__(self, tables: Tables, *, alone: bool = False) -> None:
        self._tables = tables
        self._alone = alone
        self._lock = threading.RLock()
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._scratch: Path | None = None
        self._versions: tuple[int, ...] = ()
        self._files: dict[str, list[str]] = {}
        self._pending: list[str] = []
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

    def _unreadable(self, error: Exception) -> StoreError:
        why = str(error).strip().split("\n")[0].rstrip(".")
        return StoreError(
            f"The store {self._tables.folder} cannot be read ({why}); python -m pipeline store check --repair may put "
            "it right."
        )

    def forget(self) -> None:
        """Start anew at the next question."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection, self._versions = None, ()
            if self._scratch is not None:
                shutil.rmtree(self._scratch, ignore_errors=True)
                self._scratch = None

    def drop_snapshot(self) -> None:
        shutil.rmtree(self._tables.folder / _FOLDER, ignore_errors=True)

    # --- keeping up ----------------------------------------------------------------------------------------------

    def _refresh(self) -> None:
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
            loaded = self._load(connection, files)
            self._since += loaded
            self._files = files
            state = json.dumps({"files": self._files, "pending": self._pending})
            connection.execute("DELETE FROM state")
            connection.execute("INSERT INTO state VALUES (?)", [state])
            connection.execute("COMMIT")
        except BaseException:
            self.forget()
            raise
        self._versions = versions
        self._keep_snapshot(connection)
        if self._scratch is None and self._size(connection) > 4 * _LARGE:  # it has outgrown the memory
            self.forget()
            self._refresh()

    def _load(self, connection: duckdb.DuckDBPyConnection, files: dict[str, list[str]]) -> int:
        """Take over what changed in the tables; returns how many events were read."""
        corrections.lift(connection)
        news = [file for file in files["documents"] if file not in set(self._files.get("documents", ()))]
        whole = any(set(self._files.get(name, ())) - set(files[name]) for name in ("documents", "events"))
        known = set() if whole else set(self._files.get("events", ())) - set(self._pending)
        sources = [file for file in files["events"] if file not in known]
        count = 0
        if not whole and not news:
            self._pending = sources  # their documents are still to come
        else:
            self._load_documents(connection, files["documents"] if whole else news, whole)
            left = clusters.dissolve_changed(connection)
            connection.execute(
                "DELETE FROM block WHERE number IN "
                "(SELECT number FROM event WHERE document_id IN (SELECT id FROM changed))"
            )
            connection.execute("DELETE FROM event WHERE document_id IN (SELECT id FROM changed)")
            fresh = self._load_events(connection, sources)
            count = len(fresh)
            self._pending = self._find_pending(connection, sources)
            clusters.regroup(connection, left, fresh, _EVENT)
        if set(files["corrections"]) != set(self._files.get("corrections", ())):
            connection.execute("DELETE FROM correction")
            said = self._rows("corrections", files["corrections"])
            connection.execute(f"INSERT INTO correction BY NAME SELECT * EXCLUDE (filename) FROM {said}")
        corrections.lay(connection, _EVENT)
        connection.execute(_SPREAD)
        if whole:
            connection.execute(_SWEEP)
        return count

    def _load_documents(self, connection: duckdb.DuckDBPyConnection, files: list[str], whole: bool) -> None:
        """Fill the temporary table ``changed`` with the reports whose newest version is another (or gone)."""
        columns = ", ".join(f'"{name}"' for name in _LATEST.names if name != "file")
        prefix = str(self._tables.folder) + "/"
        listed = self._rows("documents", files)
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE found AS SELECT {columns}, replace(filename, {_quoted(prefix)}, '') AS file "
            f"FROM {listed} QUALIFY row_number() OVER (PARTITION BY id ORDER BY version DESC, batch DESC) = 1"
        )
        if whole:
            connection.execute("DELETE FROM batch")
        connection.execute(f"INSERT INTO batch SELECT DISTINCT batch FROM {listed}")
        newer = "latest.id IS NULL OR (found.version, found.batch) > (latest.version, latest.batch)"
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE changed AS "
            "SELECT found.id, found.batch FROM found LEFT JOIN latest USING (id) "
            f"WHERE {'latest.id IS NULL OR found.batch <> latest.batch' if whole else newer}"
        )
        if whole:
            connection.execute("INSERT INTO changed SELECT id, NULL FROM latest WHERE id NOT IN (SELECT id FROM found)")
            connection.execute("DELETE FROM latest")
            connection.execute("INSERT INTO latest BY NAME SELECT * FROM found")
        else:
            connection.execute("DELETE FROM latest WHERE id IN (SELECT id FROM changed)")
            connection.execute("INSERT INTO latest BY NAME SELECT found.* FROM found JOIN changed USING (id)")

    def _load_events(self, connection: duckdb.DuckDBPyConnection, files: list[str]) -> range:
        """The events of what changed; returns their numbers."""
        first = clusters.take_numbers(connection, 0)
        connection.execute(
            f"""
            INSERT INTO event BY NAME
            SELECT events.* EXCLUDE (batch, filename), row_number() OVER () + {first - 1} AS number, 'plain' AS layer,
              latest.title, latest.published, latest.published_source, latest.source, latest.url,
              {REGIONS} AS regions, [events.id] AS members, [events.document_id] AS sources, [] AS changed
            FROM {self._rows("events", files)} AS events
            JOIN changed ON events.document_id = changed.id AND events.batch = changed.batch
            JOIN latest ON latest.id = changed.id
            """
        )
        last: int = find_one(
            connection, f"SELECT coalesce(max(number), {first - 1}) FROM event WHERE number >= {first}"
        )
        clusters.take_numbers(connection, last - first + 1)
        return range(first, last + 1)

    def _find_pending(self, connection: duckdb.DuckDBPyConnection, files: list[str]) -> list[str]:
        """Files with events whose documents are not there yet: another process is at it, or was broken off."""
        if not files:
            return []
        prefix = str(self._tables.folder) + "/"
        found = connection.execute(
            f"SELECT DISTINCT filename FROM {self._rows('events', files)} WHERE batch NOT IN (SELECT batch FROM batch)"
        ).fetchall()
        return sorted(file.removeprefix(prefix) for (file,) in found)

    def _rows(self, name: str, files: Sequence[str]) -> str:
        """The rows of some files of a table, with ``filename``; with all columns also where the files are older."""
        none = f"SELECT *, NULL::VARCHAR AS filename FROM no_{name}"
        if not files:
            return f"({none})"
        listed = ", ".join(_quoted(str(self._tables.folder / file)) for file in files)
        return (
            f"(SELECT * FROM read_parquet([{listed}], union_by_name = true, filename = true) UNION ALL BY NAME {none})"
        )

    def document(self, document_id: str) -> str | None:
        """The JSON of a report's newest version."""
        for attempt in range(_TRIES):
            cursor = self.cursor()
            found = cursor.execute("SELECT file, batch FROM latest WHERE id = ?", [document_id]).fetchone()
            if found is None:
                return None
            file, batch = found
            sql = f"SELECT annotation FROM {self._rows('documents', [file])} WHERE id = ? AND batch = ?"
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
            listed = self._rows("problems", self._tables.files("problems"))
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

    # --- the database --------------------------------------------------------------------------------------------

    def _open(self) -> None:
        """An empty copy, or that of the snapshot. The copy of a large store is first made by a process of its own,
        which takes more memory than a server should keep."""
        self._files, self._pending, self._since = {}, [], 0
        if self._take_snapshot():
            return
        large = self._count_stored() >= _LARGE
        if large and not self._alone and _make_snapshot(self._tables.folder) and self._take_snapshot():
            return
        self._connection = _connect(self._make_scratch() / "current.duckdb" if large else None)
        self._connection.execute(_TABLES)
        self._connection.execute(_VIEWS)

    def _take_snapshot(self) -> bool:
        snapshot = self._tables.folder / _FOLDER / f"{_fingerprint()}.duckdb"
        if not snapshot.exists():
            return False
        file = self._make_scratch() / "current.duckdb"
        try:
            shutil.copyfile(snapshot, file)
            self._connection = _connect(file)
            state = json.loads(find_one(self._connection, "SELECT content FROM state"))
            self._files, self._pending = state["files"], state["pending"]
        except (OSError, duckdb.Error, KeyError, ValueError, TypeError):
            self.forget()  # a snapshot is only a help
            return False
        return True

    def _count_stored(self) -> int:
        files = self._tables.files("documents")
        if not files:
            return 0
        listed = ", ".join(_quoted(str(self._tables.folder / file)) for file in files)
        number = find_one(duckdb.connect(), f"SELECT sum(events) FROM read_parquet([{listed}])")
        return int(number or 0)

    @staticmethod
    def _size(connection: duckdb.DuckDBPyConnection) -> int:
        total = find_one(connection, "SELECT count(*) FROM event")
        return int(total)

    def _make_scratch(self) -> Path:
        _remove_abandoned()
        self._scratch = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
        atexit.register(shutil.rmtree, self._scratch, ignore_errors=True)
        return self._scratch

    def _keep_snapshot(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Write the copy beside the tables when it is large and the last one is old."""
        total = self._size(connection)
        if total < _LARGE or self._since < _SHARE * total:
            return
        folder = self._tables.folder / _FOLDER
        part = folder / f"{uuid.uuid4().hex}.part"
        try:
            folder.mkdir(exist_ok=True)
            connection.execute(f"ATTACH {_quoted(str(part))} AS snapshot")
            name = find_one(connection, "SELECT current_database()")
            try:
                connection.execute(f'COPY FROM DATABASE "{name}" TO snapshot')
            finally:
                connection.execute("DETACH snapshot")
            part.replace(folder / f"{_fingerprint()}.duckdb")
        except (OSError, duckdb.Error):
            part.unlink(missing_ok=True)  # a full disk or a folder that must not be written: then without
        self._since = 0


# The modules that say what is derived, and how.
_DERIVING: Final = (
    "store/current.py", "store/clusters.py", "store/regrouping.py", "store/corrections.py", "store/changes.py",
    "merge.py", "rows.py",
)  # fmt: skip
_PREFIX: Final = "conflict-events-"
REGIONS: Final = (
    "list_distinct(list_transform(list_filter(places, lambda item: item.admin1 IS NOT NULL), "
    "lambda item: concat(item.country, ':', item.admin1)))"
)


# The marks and spots of rows of ``event`` that are new. A place is told apart by its point as well: imported rows have
# their own for a place that the gazetteer knows.
_SPREAD: Final = """
CREATE OR REPLACE TEMP TABLE fresh AS
  SELECT number, actors, places, regions, sources FROM event WHERE number > (SELECT spread FROM counter);
CREATE OR REPLACE TEMP TABLE located AS SELECT number, unnest(places, max_depth := 2) FROM fresh;
CREATE OR REPLACE TEMP TABLE named AS
  SELECT number, 'actor' AS kind, actor_id AS id, name FROM (SELECT number, unnest(actors, max_depth := 2) FROM fresh)
  UNION ALL SELECT number, 'role', role, role FROM (SELECT number, unnest(actors, max_depth := 2) FROM fresh)
  UNION ALL SELECT number, 'place', place_id, name FROM located
  UNION ALL SELECT number, 'country', country, country FROM located WHERE country IS NOT NULL
  UNION ALL SELECT number, 'region', region, region FROM (SELECT number, unnest(regions) AS region FROM fresh)
  UNION ALL SELECT number, 'document', report, NULL FROM (SELECT number, unnest(sources) AS report FROM fresh);
INSERT INTO value SELECT (SELECT coalesce(max(code), 0) FROM value) + row_number() OVER (), kind, id, min(name)
  FROM named ANTI JOIN value USING (kind, id) GROUP BY kind, id;
INSERT INTO mark SELECT DISTINCT number, kind, code FROM named JOIN value USING (kind, id);
INSERT INTO place SELECT (SELECT coalesce(max(code), 0) FROM place) + row_number() OVER (), place_id, min(name),
  min(country), min(admin1), lat, lon, precision, radius_km
  FROM located ANTI JOIN place USING (place_id, lat, lon, precision, radius_km)
  GROUP BY place_id, lat, lon, precision, radius_km;
INSERT INTO spot SELECT DISTINCT number, code
  FROM located JOIN place USING (place_id, lat, lon, precision, radius_km);
UPDATE counter SET spread = last;
DROP TABLE fresh; DROP TABLE located; DROP TABLE named;
"""
# What no event has any more, after a report was removed.
_SWEEP: Final = """
DELETE FROM mark WHERE number NOT IN (SELECT number FROM event);
DELETE FROM spot WHERE number NOT IN (SELECT number FROM event);
DELETE FROM value WHERE code NOT IN (SELECT code FROM mark);
DELETE FROM place WHERE code NOT IN (SELECT code FROM spot);
"""


def _connect(file: Path | None) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(file) if file else ":memory:")
    connection.execute("SET memory_limit = '500MB'")
    connection.execute("SET preserve_insertion_order = false")
    if file is not None:
        connection.execute(f"SET temp_directory = {_quoted(str(file.parent / 'spill'))}")
    return connection


def _make_snapshot(folder: Path) -> bool:
    """Whether a process of its own has made the snapshot of a store."""
    code = "import sys; from pipeline.store.current import Current, Tables; from pathlib import Path; "
    code += "Current(Tables(Path(sys.argv[1])), alone=True).cursor()"
    paths = [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
    command = [sys.executable, "-c", code, str(folder)]
    try:
        return subprocess.run(command, env=environment, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _remove_abandoned() -> None:
    """Copies of processes that ended without a chance to clean up."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)
        except (ValueError, OSError):
            continue


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@cache
def _fingerprint() -> str:
    """Of the code that derives: another program makes its own snapshot."""
    digest = hashlib.sha256(duckdb.__version__.encode())
    for name in _DERIVING:
        digest.update((Path(__file__).parent.parent / name).read_bytes())
    return digest.hexdigest()[:16]
