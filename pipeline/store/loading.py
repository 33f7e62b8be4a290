"""Taking over into the copy of a process (``current``) what changed in the tables: only new files are read, and only
events that can be touched by them are compared again.

A batch is read only when its documents are there, which are written last; so it is seen whole or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from pipeline.store import clusters, corrections, texts
from pipeline.store.layout import EVENT, LATEST, REGIONS, SPREAD, SWEEP
from pipeline.store.sql import find_one, quoted
from pipeline.store.tables import Tables


class Loading:
    """What of the tables has been taken over: ``files`` by table; of these ``pending``, with events whose documents are
    still to come."""

    def __init__(self, tables: Tables, files: dict[str, list[str]], pending: list[str]) -> None:
        self._tables = tables
        self.files = files
        self.pending = pending

    def run(self, connection: duckdb.DuckDBPyConnection, files: dict[str, list[str]]) -> int:
        """Take over what changed in the tables; returns how many events were read."""
        corrections.lift(connection)
        news = [file for file in files["documents"] if file not in set(self.files.get("documents", ()))]
        whole = any(set(self.files.get(name, ())) - set(files[name]) for name in ("documents", "events"))
        known = set() if whole else set(self.files.get("events", ())) - set(self.pending)
        sources = [file for file in files["events"] if file not in known]
        count = 0
        if not whole and not news:
            self.pending = sources  # their documents are still to come
        else:
            self._load_documents(connection, files["documents"] if whole else news, whole)
            texts.keep_up(connection, self.listed("documents", files["documents"] if whole else news))
            left = clusters.dissolve_changed(connection)
            connection.execute("DELETE FROM event WHERE document_id IN (SELECT id FROM changed)")
            fresh = self._load_events(connection, sources)
            count = len(fresh)
            self.pending = self._find_pending(connection, sources)
            clusters.regroup(connection, left, fresh, EVENT)
        if set(files["corrections"]) != set(self.files.get("corrections", ())):
            connection.execute("DELETE FROM correction")
            said = self.listed("corrections", files["corrections"])
            connection.execute(f"INSERT INTO correction BY NAME SELECT * EXCLUDE (filename) FROM {said}")
        corrections.lay(connection, EVENT)
        connection.execute(SPREAD)
        if whole:
            connection.execute(SWEEP)
        self.files = files
        return count

    def _load_documents(self, connection: duckdb.DuckDBPyConnection, files: list[str], whole: bool) -> None:
        """Fill the temporary table ``changed`` with the reports whose newest version is another (or gone)."""
        columns = ", ".join(f'"{name}"' for name in LATEST.names if name != "file")
        prefix = str(self._tables.folder) + "/"
        listed = self.listed("documents", files)
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE found AS SELECT {columns}, replace(filename, {quoted(prefix)}, '') AS file "
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
              {REGIONS} AS regions, [events.id] AS members, [events.document_id] AS sources, 1 AS texts,
              [] AS changed
            FROM {self.listed("events", files)} AS events
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
            f"SELECT DISTINCT filename FROM {self.listed('events', files)} WHERE batch NOT IN (SELECT batch FROM batch)"
        ).fetchall()
        return sorted(file.removeprefix(prefix) for (file,) in found)

    def listed(self, name: str, files: Sequence[str]) -> str:
        """The rows of some files of a table, with ``filename``; with all columns also where the files are older."""
        none = f"SELECT *, NULL::VARCHAR AS filename FROM no_{name}"
        if not files:
            return f"({none})"
        listed = ", ".join(quoted(str(self._tables.folder / file)) for file in files)
        return (
            f"(SELECT * FROM read_parquet([{listed}], union_by_name = true, filename = true) UNION ALL BY NAME {none})"
        )
