"""Looking after a store: does everything in it fit together, and what of it can be put right?

Everything but the rows of ``documents`` and ``corrections`` can be derived: the copies of readers from the tables, and
the events of a report from its text, by reading it anew. So a check repairs by leaving out what nobody can see, by
setting damaged files aside, and by reading reports again whose events are missing.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline import rows
from pipeline.records import Document, Part, Span
from pipeline.store.migrations import fit, sign_documents
from pipeline.store.rewriting import delete_batch, finish_delete, is_deleting
from pipeline.store.sql import find_one, quoted
from pipeline.store.tables import DAMAGED, HOUR, KEYS, SCHEMAS, Tables
from pipeline.store.writing import make_rows

Kind: TypeAlias = Literal[
    "broken-removal",  # reports that were being taken out when that was broken off
    "damaged-table",  # the log of a table is lost or cannot be read
    "missing-file",  # a table lists a file that is not there
    "damaged-file",  # a file cannot be read, or holds another number of rows than its table says
    "loose-file",  # a file that no table lists: what a broken-off commit leaves
    "orphan-batch",  # events or problems whose documents were never written: what a broken-off run leaves
    "changed-document",  # the content of a report is not what was written
    "missing-events",  # a report has other events than it had when it was written
    "twice",  # two processes have written the same version of a report; one of them is shown
    "lost-member",  # a correction of an event that is in no report any more; it is kept
]
# What these make wrong; the others are only untidy.
SERIOUS: Final = frozenset(
    {"broken-removal", "damaged-table", "missing-file", "damaged-file", "changed-document", "missing-events"}
)
_DERIVED: Final = ("events", "problems")  # they are read anew, so a file with any damage can go
_ROWS: Final = 500  # read at once: a report with all that was found in it may be large


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not fit: which kind, where (a file, a batch, a document), and whether it was put right."""

    kind: Kind
    where: str
    repaired: bool = False


def check(tables: Tables, repair: bool, read_anew: Callable[[Document], Document], now: datetime) -> Iterator[Finding]:
    """Everything that does not fit, files first. With ``repair`` what can be put right is. ``read_anew`` runs the
    stages over a report."""
    for name in tuple(tables.broken):
        if repair:
            _rebuild(tables, name)
        yield Finding("damaged-table", name, repair)
    if tables.broken:
        return
    tables.make()
    if is_deleting(tables):
        if repair:
            finish_delete(tables)
        yield Finding("broken-removal", tables.folder.name, not is_deleting(tables))
    sound = True
    for finding in _check_files(tables, repair):
        sound = sound and (finding.repaired or finding.kind == "loose-file")
        yield finding
    if not sound:
        return  # what could not be read cannot be compared
    yield from _check_content(tables)
    base = duckdb.connect()
    for name, schema in SCHEMAS.items():
        files = [str(tables.folder / file) for file in tables.files(name)]
        base.register(f"no_{name}", schema.empty_table())
        listed = f"SELECT * FROM read_parquet({files!r}, union_by_name = true) UNION ALL BY NAME " if files else ""
        base.execute(f"CREATE VIEW {name} AS {listed}SELECT * FROM no_{name}")
    yield from _check_batches(base, tables, repair)
    yield from _check_events(base, tables, repair, read_anew, now)
    for (event,) in base.execute(
        "SELECT event_id FROM (SELECT event_id, unnest(members) AS member FROM corrections) "
        "LEFT JOIN (SELECT DISTINCT id FROM events) ON id = member GROUP BY 1 HAVING count(id) = 0 ORDER BY 1"
    ).fetchall():
        yield Finding("lost-member", event)


def _rebuild(tables: Tables, name: str) -> None:
    """Make a table of the files that are left of it. What compaction has put together is there twice and is taken
    once."""
    files = [str(path) for path in sorted((tables.folder / name).glob("*.parquet")) if is_whole(path, SCHEMAS[name])]
    base = duckdb.connect()
    base.register("nothing", SCHEMAS[name].empty_table())
    listed = f"SELECT * FROM read_parquet({files!r}, union_by_name = true) UNION ALL BY NAME " if files else ""
    base.execute(f"CREATE VIEW left_over AS {listed}SELECT * FROM nothing")
    number = find_one(base, "SELECT max(number) FROM left_over") if name == "corrections" else 0
    found = base.sql(f"FROM left_over QUALIFY row_number() OVER (PARTITION BY {KEYS[name]}) = 1")
    parts = (pa.Table.from_batches([batch]) for batch in found.to_arrow_reader(2_000))
    fitted = (sign_documents(part) if name == "documents" else fit(part, SCHEMAS[name]) for part in parts)
    tables.replace(name, fitted, number or 0)


def _check_files(tables: Tables, repair: bool) -> Iterator[Finding]:
    for name in SCHEMAS:
        listed = tables.file_rows(name)
        spoilt, rescued = False, list[pa.Table]()
        for file, count in listed.items():
            path = tables.folder / file
            kind: Kind | None = None
            if not path.exists():
                kind = "missing-file"
            elif not is_whole(path, SCHEMAS[name], count, exact=True):
                kind = "damaged-file"
                if repair:
                    rescued += () if name in _DERIVED else map(_restore, _rescue(path))
                    (tables.folder / DAMAGED).mkdir(exist_ok=True)
                    shutil.move(path, tables.folder / DAMAGED / path.name)
            if kind is not None:
                spoilt = True
                yield Finding(kind, file, repair)
        if spoilt and repair:
            tables.forget_missing(name)
            for rows_left in rescued:
                tables.append(name, rows_left)
        for path in tables.find_loose(name):
            if repair:
                path.unlink(missing_ok=True)
            yield Finding("loose-file", f"{name}/{path.name}", repair)


def is_whole(path: Path, schema: pa.Schema, count: int | None = None, *, exact: bool = False) -> bool:
    """Whether every row of a file can be read and their number is right, where it is known; ``exact``: and its bytes
    are those that were written, where it says what they were."""
    found = 0
    try:
        file = pq.ParquetFile(path, page_checksum_verification=exact)
        if set(file.schema_arrow.names) - set(schema.names):
            return False
        for batch in file.iter_batches(batch_size=_ROWS):
            batch.validate(full=True)  # else half a letter would be found by whoever reads it
            found += batch.num_rows
        # DuckDB reads more of what a file says of itself, and refuses what Arrow takes.
        duckdb.connect().execute(f"SELECT bit_xor(hash(t)) FROM read_parquet({quoted(str(path))}) AS t").fetchall()
    except (OSError, pa.ArrowException, duckdb.Error):
        return False
    return count is None or bool(found == count)


def _rescue(path: Path) -> list[pa.Table]:
    """The rows of a damaged file that can be read all the same: one row is damaged more often than all."""
    sound = list[pa.Table]()
    try:
        for batch in pq.ParquetFile(path).iter_batches(batch_size=1):
            with contextlib.suppress(pa.ArrowException):
                batch.validate(full=True)
                sound.append(pa.Table.from_batches([batch]))
    except (OSError, pa.ArrowException):
        pass
    return [pa.concat_tables(sound).combine_chunks()] if sound else []


def _restore(table: pa.Table) -> pa.Table:
    """Rows of ``documents`` as their annotation says, where that is what was written; others as they are."""
    if "annotation" not in table.column_names:
        return table
    restored = []
    for row in table.to_pylist():
        if _digest(row["annotation"]) == row["content"]:
            report = json.loads(row["annotation"])
            row |= {
                name: report.get(name)
                for name in ("id", "language", "title", "published_source", "source", "url", "author")
            }
            row |= {"published": report["published"] and date.fromisoformat(report["published"])}
            row |= {"events": len(report["events"]), "signature": None}
        restored.append(row)
    return sign_documents(pa.Table.from_pylist(restored, schema=SCHEMAS["documents"]))


def _digest(annotation: str) -> str:
    return hashlib.sha256(annotation.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _check_content(tables: Tables) -> Iterator[Finding]:
    columns = ["id", "version", "content", "annotation"]
    for path in (tables.folder / file for file in tables.files("documents")):
        for batch in pq.ParquetFile(path).iter_batches(batch_size=_ROWS, columns=columns):
            for identifier, version, content, annotation in zip(
                *(batch[name].to_pylist() for name in columns), strict=True
            ):
                if _digest(annotation) != content:
                    yield Finding("changed-document", f"{identifier}, version {version}")


def _check_batches(base: duckdb.DuckDBPyConnection, tables: Tables, repair: bool) -> Iterator[Finding]:
    for name in ("events", "problems"):
        orphans = base.execute(
            f"SELECT DISTINCT batch FROM {name} WHERE batch NOT IN (SELECT batch FROM documents) ORDER BY 1"
        ).fetchall()
        for (batch,) in orphans:
            old = tables.age(name, batch) > HOUR
            if repair and old:
                delete_batch(tables, name, batch)
            yield Finding("orphan-batch", f"{name}, {batch}", repair and old)
    for identifier, version in base.execute(
        "SELECT id, version FROM documents GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL"
    ).fetchall():
        yield Finding("twice", f"{identifier}, version {version}")


def _check_events(
    base: duckdb.DuckDBPyConnection,
    tables: Tables,
    repair: bool,
    read_anew: Callable[[Document], Document],
    now: datetime,
) -> Iterator[Finding]:
    """Reports whose newest version does not have the events that it was written with."""
    wrong = base.execute(
        "WITH latest AS (SELECT id, batch, events FROM documents "
        "QUALIFY row_number() OVER (PARTITION BY id ORDER BY version DESC, batch DESC) = 1), "
        "counted AS (SELECT document_id AS id, batch, count(*) AS found FROM events GROUP BY ALL) "
        "SELECT id, batch FROM latest LEFT JOIN counted USING (id, batch) WHERE coalesce(found, 0) <> events "
        "ORDER BY id"
    ).fetchall()
    while few := wrong[:_ROWS]:
        del wrong[:_ROWS]
        own = [key for key in few if repair and not rows.is_imported(key[0])]
        if own:
            stored = _read_reports(tables, own)
            versions = {row["id"]: row["version"] for row in stored}
            made = make_rows((read_anew(_document_of(row)) for row in stored), versions, now)
            for name, content in made.items():
                tables.append(name, content)
        for identifier, batch in few:
            yield Finding("missing-events", identifier, (identifier, batch) in own)


def _read_reports(tables: Tables, keys: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """The rows of ``documents`` with these ids and batches."""
    chosen = pc.field("id").isin([identifier for identifier, _ in keys])
    paths = [tables.folder / file for file in tables.files("documents")]
    found = pq.read_table(paths, schema=SCHEMAS["documents"], filters=chosen).to_pylist()
    wanted = set(keys)
    return [row for row in found if (row["id"], row["batch"]) in wanted]


def _document_of(row: dict[str, Any]) -> Document:
    day: date | None = row["published"]
    report = json.loads(row["annotation"])
    parts = tuple(Part(Span(part["start"], part["end"]), part["kind"]) for part in report.get("parts", ()))
    return Document(
        row["id"], report["text"], row["language"], day, row["published_source"], row["title"], row["source"],
        row["url"], author=row["author"], parts=parts,
    )  # fmt: skip
