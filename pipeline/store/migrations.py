"""Numbered changes of the format of a store. Each brings a store of the number before to its own; a store says its
number in ``format.json``, one that says nothing is of number 1. A change may be broken off and made once more."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import deltalake
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake.exceptions import DeltaError

from pipeline import copies, rows
from pipeline.errors import StoreError
from pipeline.store.refusal import fail

_FILE: Final = "format.json"
_SINCE: Final = {"corrections": 2}  # tables that stores of an older format do not have yet


def migrate(folder: Path) -> int:
    """Bring the store in a folder to the newest format; returns the number that it had. ``StoreError`` when it is of a
    newer format than this program knows, or cannot be changed."""
    found = read_format(folder)
    if found > NEWEST:
        raise fail("future", folder)
    try:
        for number in range(found + 1, NEWEST + 1):
            _MIGRATIONS[number](folder)
            write_format(folder, number)
    except (DeltaError, OSError) as error:
        raise fail("unmigrated", folder, error) from None
    return found


def read_format(folder: Path) -> int:
    """The number of a store's format; of a folder that holds no store yet, the newest."""
    try:
        return int(json.loads((folder / _FILE).read_text(encoding="utf-8"))["format"])
    except FileNotFoundError:
        return 1 if (folder / "documents" / "_delta_log").is_dir() else NEWEST
    except (OSError, ValueError, KeyError, TypeError):
        raise fail("unknown", folder) from None


def lacks_table(folder: Path, name: str) -> bool:
    """Whether a store is of a format that knows no such table."""
    empty = not any((folder / name).glob("*.parquet"))  # else it is one that was damaged
    return name in _SINCE and empty and read_format(folder) < _SINCE[name]


def forget_format(folder: Path) -> None:
    """Where nobody knows which format it is, every change is made once more: each leaves alone what it has changed."""
    try:
        read_format(folder)
    except StoreError:
        write_format(folder, 1)


def write_format(folder: Path, number: int) -> None:
    part = folder / f".{_FILE}.{uuid.uuid4().hex}"
    part.write_text(json.dumps({"format": number}) + "\n", encoding="utf-8")
    part.replace(folder / _FILE)


def _add_corrections(folder: Path) -> None:
    """1 to 2: people can correct events. Which events are one is derived by each reader; the table of them is not kept
    any more."""
    deltalake.write_deltalake(str(folder / "corrections"), rows.CORRECTIONS.empty_table(), mode="ignore")
    shutil.rmtree(folder / "merged", ignore_errors=True)


def _add_author(folder: Path) -> None:
    """2 to 3: a report has an author."""
    _add_columns(folder / "documents", pa.schema([rows.DOCUMENTS.field("author")]))


def _add_signatures(folder: Path) -> None:
    """3 to 4: a report has a signature, by which its copies are found. The table is written anew in one commit."""
    table = deltalake.DeltaTable(str(folder / "documents"))
    if "signature" in {field.name for field in table.schema().fields}:
        return
    files = [Path(path) for path in table.file_uris()]
    signed = (sign_documents(pa.Table.from_batches([batch])) for file in files for batch in read_batches(file))
    batches = (batch for part in signed for batch in part.to_batches())
    reader = pa.RecordBatchReader.from_batches(rows.DOCUMENTS, batches)
    deltalake.write_deltalake(table, reader, mode="overwrite", schema_mode="overwrite")


def read_batches(file: Path) -> Iterator[pa.RecordBatch]:
    """The rows of a Parquet file, a few at a time."""
    yield from pq.ParquetFile(file).iter_batches(batch_size=2_000)


def fit(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The columns of the schema; those that the table is too old to have are empty."""
    columns = [
        table.column(field.name).cast(field.type)
        if field.name in table.column_names
        else pa.nulls(len(table), field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def sign_documents(table: pa.Table) -> pa.Table:
    """Rows of ``documents``, signed where they are too old to be."""
    whole = fit(table, rows.DOCUMENTS)
    stored = zip(*(whole.column(name).to_pylist() for name in ("id", "signature", "annotation")), strict=True)
    signatures = [
        signature if signature or rows.is_imported(identifier) else _sign(annotation)
        for identifier, signature, annotation in stored
    ]
    place = whole.schema.get_field_index("signature")
    return whole.set_column(place, whole.schema.field(place), pa.array(signatures, pa.binary()))


def _sign(annotation: str) -> bytes | None:
    try:
        return copies.pack(copies.sign_report(json.loads(annotation)))
    except (ValueError, KeyError, TypeError):  # what was written is damaged: a check says so
        return None


def _add_columns(folder: Path, schema: pa.Schema) -> None:
    """Columns that the table lacks; rows of before have nothing in them."""
    table = deltalake.DeltaTable(str(folder))
    known = {field.name for field in table.schema().fields}
    missing = [field for field in deltalake.Schema.from_arrow(schema).fields if field.name not in known]
    if missing:
        table.alter.add_columns(missing)


_MIGRATIONS: Final[dict[int, Callable[[Path], None]]] = {2: _add_corrections, 3: _add_author, 4: _add_signatures}
NEWEST: Final = max(_MIGRATIONS)
