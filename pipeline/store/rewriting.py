"""Writing files of the tables anew: small ones are put together, and reports are taken out for good.

One process at a time does it (``Tables.rewriting``). Files are read and written piece by piece, with checksums, each
change of a table in one commit.
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, Final, TypeAlias

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.store import snapshots
from pipeline.store.migrations import fit
from pipeline.store.refusal import fail
from pipeline.store.sql import quoted
from pipeline.store.tables import OWNER, SCHEMAS, Tables

_LARGE: Final = 100_000_000  # bytes: such a file stays as it is
_MANY: Final = 200  # small files of a table: to look into each takes a process that begins to add 0.15 s
_BYTES: Final = 32_000_000  # that are held at once
_ROWS: Final = 500  # read at once: a report with all that was found in it may be large
_GOING: Final = "removing.json"  # which reports are being taken out: who finds it goes on with that

_Choice: TypeAlias = Callable[[pa.Table], Any]  # rows -> which of them stay


def compact(tables: Tables) -> int:
    """Put small files together; returns how many files are gone: none where another process is at it."""
    removed = 0
    with tables.rewriting(wait=False) as alone:
        for name in SCHEMAS if alone else ():
            groups = [group for group in _group_small(tables.file_sizes(name)) if len(group) > 1]
            tables.swap(name, ((group, _read(tables, name, group)) for group in groups), alike=True)
            removed += sum(len(group) - 1 for group in groups)
            tables.create_checkpoint(name)
    return removed


def is_scattered(tables: Tables) -> bool:
    """Whether so many small files have come together that it is time to put them together."""
    return any(sum(size < _LARGE for size in tables.file_sizes(name).values()) > _MANY for name in SCHEMAS)


def _group_small(sizes: dict[str, int]) -> list[list[str]]:
    """Files that make one of up to _LARGE bytes."""
    groups: list[list[str]] = [[]]
    filled = 0
    for file, size in sizes.items():
        if size >= _LARGE:
            continue
        if filled + size > _LARGE:
            groups.append([])
            filled = 0
        groups[-1].append(file)
        filled += size
    return groups


def delete(tables: Tables, documents: Collection[str]) -> None:
    """Take every row of documents out of the tables and their words off the disk. What people said of events that other
    documents tell too stays with those. What is broken off is finished by whoever opens the store next."""
    with tables.rewriting():
        _delete(tables, {*documents, *_read_going(tables)})


def is_deleting(tables: Tables) -> bool:
    """Whether documents are being taken out, or this was broken off."""
    return (tables.folder / _GOING).exists()


def finish_delete(tables: Tables) -> None:
    """Go on where taking documents out was broken off; where another process is at it, it is left to that one."""
    if is_deleting(tables):
        with tables.rewriting(wait=False) as alone:
            if alone and is_deleting(tables):
                _delete(tables, _read_going(tables))


def _delete(tables: Tables, documents: set[str]) -> None:
    marker = tables.folder / _GOING
    part = marker.with_name(f".{_GOING}.{uuid.uuid4().hex}")
    try:
        part.write_text(json.dumps(sorted(documents)), encoding="utf-8")
        part.replace(marker)
        _release_corrections(tables, documents)
        for name in ("corrections", "events", "problems", "documents"):
            if name in OWNER:
                _drop(tables, name, OWNER[name], documents)
            tables.vacuum(name, 0)
            for loose in tables.find_loose(name, alone=True):
                loose.unlink(missing_ok=True)
            for unpacked in (*tables.folder.glob(".import"), *tables.folder.glob(f".{name}-*")):
                shutil.rmtree(unpacked)  # what others that were broken off have left
        snapshots.drop(tables.folder)
        marker.unlink()
    except OSError as error:
        part.unlink(missing_ok=True)
        raise fail("unwritable", tables.folder, error) from None


def _read_going(tables: Tables) -> set[str]:
    try:
        return set(json.loads((tables.folder / _GOING).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):  # none, or a damaged one: the files are removed all the same
        return set()


def delete_batch(tables: Tables, name: str, batch: str) -> None:
    """Take the rows of a batch out of a table."""
    with tables.rewriting():
        _drop(tables, name, "batch", [batch])


def _drop(tables: Tables, name: str, column: str, values: Collection[str]) -> None:
    gone = pa.array(list(values), pa.string())

    def is_gone(table: pa.Table) -> Any:
        return pc.is_in(table.column(column).cast(pa.string()), gone)

    touched = [
        file for file in tables.files(name)
        if pc.any(is_gone(pq.read_table(tables.folder / file, columns=[column]))).as_py()
    ]  # fmt: skip
    kept = ((file, _read(tables, name, [file], lambda table: pc.invert(is_gone(table)))) for file in touched)
    tables.swap(name, (([file], content) for file, content in kept), alike=False)


def _read(tables: Tables, name: str, files: Iterable[str], choose: _Choice | None = None) -> Iterator[pa.Table]:
    """The rows of files, or those chosen of them, in pieces of some size: each becomes a group of rows."""
    waiting, size = list[pa.Table](), 0
    for file in files:
        for batch in pq.ParquetFile(tables.folder / file).iter_batches(batch_size=_ROWS):
            part = fit(pa.Table.from_batches([batch]), SCHEMAS[name])
            waiting.append(part.filter(choose(part)) if choose else part)
            size += waiting[-1].nbytes
            if size >= _BYTES:
                yield pa.concat_tables(waiting)
                waiting, size = [], 0
    if waiting:
        yield pa.concat_tables(waiting)


def _release_corrections(tables: Tables, documents: set[str]) -> None:
    """Take the events of documents out of the corrections that hold those of others too; what was said of nothing else
    is gone."""
    files = tables.files("corrections")
    said = [row for table in _read(tables, "corrections", files) for row in table.to_pylist()]
    listed = ", ".join(quoted(str(tables.folder / file)) for file in tables.files("events"))
    members = sorted({member for row in said for member in row["members"]})
    owners: dict[str, str] = dict(
        duckdb.execute(
            f"SELECT DISTINCT id, document_id FROM read_parquet([{listed}]) WHERE id IN (SELECT unnest(?))", [members]
        ).fetchall()
        if members and listed
        else ()
    )
    kept = []
    for row in said:
        rest = [member for member in row["members"] if owners.get(member) not in documents]
        if len(rest) == len(row["members"]):
            kept += [row] if row["document_id"] not in documents else []
        elif rest:
            event = rest[0] if owners.get(row["event_id"]) in documents else row["event_id"]
            kept.append(row | {"members": rest, "event_id": event, "document_id": owners.get(rest[0])})
    if kept != said:
        tables.swap("corrections", [(files, [pa.Table.from_pylist(kept, schema=SCHEMAS["corrections"])])], alike=False)
