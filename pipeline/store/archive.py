"""A whole store as one file: a ZIP with a Parquet file for each table and a list of what is in it."""

from __future__ import annotations

import hashlib
import json
import tempfile
import uuid
import zipfile
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import InputError
from pipeline.store.migrations import NEWEST, fit, sign_documents
from pipeline.store.refusal import fail, refuse
from pipeline.store.tables import SCHEMAS, Tables

_CONTENT: Final = "content.json"
_ROWS: Final = 20_000  # at a time


def export_store(tables: Tables, file: Path) -> dict[str, int]:
    """Write every row of every table, all versions and corrections among them; returns how many of each. The documents
    are listed first, so that what is added meanwhile is in it whole or not at all."""
    part = file.with_name(f".{file.name}.{uuid.uuid4().hex}")
    listed = {name: tables.files(name) for name in SCHEMAS}  # documents come first
    content: dict[str, Any] = {"format": NEWEST, "tables": {}}
    try:
        with tempfile.TemporaryDirectory() as scratch, zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
            for name, schema in SCHEMAS.items():
                path = Path(scratch) / f"{name}.parquet"
                count = 0
                with pq.ParquetWriter(path, schema, compression="zstd") as writer:
                    for source in listed[name]:
                        for batch in pq.ParquetFile(tables.folder / source).iter_batches(batch_size=_ROWS):
                            writer.write_table(fit(pa.Table.from_batches([batch]), schema))
                            count += batch.num_rows
                content["tables"][name] = {"rows": count, "sha256": _digest(path)}
                archive.write(path, path.name)
                path.unlink()
            archive.writestr(_CONTENT, json.dumps(content, indent=1))
        part.replace(file)
    except (OSError, pa.ArrowException) as error:
        part.unlink(missing_ok=True)
        raise fail("unexported", tables.folder, error) from None
    return {name: table["rows"] for name, table in content["tables"].items()}


def import_store(tables: Tables, file: Path) -> dict[str, int]:
    """Fill an empty store from such a file; returns how many rows of each table. ``InputError`` when the file is
    damaged, of a newer format, or the store is not empty; then nothing is taken."""
    if any(tables.file_rows(name) for name in SCHEMAS):
        raise refuse("not_empty", name=tables.folder)
    counts = {}
    try:
        with tempfile.TemporaryDirectory() as scratch, zipfile.ZipFile(file) as archive:
            content = json.loads(archive.read(_CONTENT))
            if content["format"] > NEWEST:
                raise refuse("newer", name=file.name)
            paths = {}
            for name, table in content["tables"].items():
                if name not in SCHEMAS:
                    continue
                paths[name] = Path(archive.extract(f"{name}.parquet", scratch))
                if _digest(paths[name]) != table["sha256"]:
                    raise refuse("damaged", name=file.name)
            for name in ("events", "problems", "corrections", "documents"):  # the documents last: then all is seen
                counts[name] = _fill(tables, name, paths[name])
    except (OSError, KeyError, ValueError, TypeError, zipfile.BadZipFile, pa.ArrowException) as error:
        if isinstance(error, InputError):
            raise
        raise refuse("damaged", name=file.name) from None
    return counts


def _fill(tables: Tables, name: str, path: Path) -> int:
    source = pq.ParquetFile(path)
    if name == "corrections":  # one commit, so that the next one has the number after them
        table = fit(source.read(), SCHEMAS[name])
        if table.num_rows:
            tables.append_next(name, table, max(table.column("number").to_pylist()))
        return int(table.num_rows)
    count = 0
    for batch in source.iter_batches(batch_size=_ROWS):
        part = pa.Table.from_batches([batch])
        tables.append(name, sign_documents(part) if name == "documents" else fit(part, SCHEMAS[name]))
        count += batch.num_rows
    return count


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
