"""A whole store as one file: a ZIP with a Parquet file for each table and a list of what is in it.

Taking such a file over can be broken off at any moment and begun anew: rows are appended in the order of the file, so
what is there already is its beginning, and the rest follows.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import shutil
import struct
import uuid
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import InputError, StoreError
from pipeline.store.migrations import NEWEST, fit, sign_documents
from pipeline.store.refusal import fail, refuse
from pipeline.store.sql import quoted
from pipeline.store.tables import KEYS, SCHEMAS, Tables
from pipeline.store.upkeep import is_whole

_CONTENT: Final = "content.json"
_ROWS: Final = 500  # read at once: a report with all that was found in it may be large
_BYTES: Final = 64_000_000  # that a commit holds
# What a file that is none, is cut off or has another bit makes the libraries raise.
_DAMAGE: Final = (
    KeyError, ValueError, TypeError, EOFError, RuntimeError, struct.error,
    zlib.error, lzma.LZMAError, zipfile.BadZipFile, pa.ArrowException,
)  # fmt: skip
_ORDER: Final = ("events", "problems", "corrections", "documents")  # the documents last: from then on all is seen


def export_store(tables: Tables, file: Path) -> dict[str, int]:
    """Write every row of every table, all versions and corrections among them; returns how many of each. The documents
    are listed first, so that what is added meanwhile is in it whole or not at all; no file is taken away meanwhile."""
    part = file.with_name(f".{file.name}.{uuid.uuid4().hex}")
    content: dict[str, Any] = {"format": NEWEST, "tables": {}}
    try:
        with ExitStack() as held, zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
            with suppress(StoreError):  # where nobody can write, nobody takes files away either
                held.enter_context(tables.rewriting())
            listed = {name: tables.files(name) for name in SCHEMAS}  # documents come first
            for name in SCHEMAS:
                with archive.open(f"{name}.parquet", "w", force_zip64=True) as out:
                    content["tables"][name] = _write_table(tables, name, listed[name], out)
            archive.writestr(_CONTENT, json.dumps(content, indent=1))
        part.replace(file)
    except (OSError, pa.ArrowException) as error:
        raise fail("unexported", tables.folder, error) from None
    finally:
        part.unlink(missing_ok=True)
    return {name: table["rows"] for name, table in content["tables"].items()}


class _Hashed:
    """A file to write to that knows the digest of what it was given."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self.digest = hashlib.sha256()
        self.closed = False

    def write(self, data: Any) -> int:
        self.digest.update(data)
        return self._out.write(data)

    def flush(self) -> None:
        """What is written goes on at once."""

    def close(self) -> None:
        self.closed = True


def _write_table(tables: Tables, name: str, files: list[str], out: IO[bytes]) -> dict[str, Any]:
    """Write the rows of a table; returns how many, and the digest of what was written."""
    schema, count, hashed = SCHEMAS[name], 0, _Hashed(out)
    with pq.ParquetWriter(pa.PythonFile(hashed, mode="w"), schema, compression="zstd") as writer:
        for source in files:
            for batch in pq.ParquetFile(tables.folder / source).iter_batches(batch_size=_ROWS):
                writer.write_table(fit(pa.Table.from_batches([batch]), schema))
                count += batch.num_rows
    return {"rows": count, "sha256": hashed.digest.hexdigest()}


def import_store(tables: Tables, file: Path) -> dict[str, int]:
    """Fill an empty store from such a file, or go on where this was broken off; returns how many rows of each table the
    file holds. ``InputError`` when the file is damaged, of a newer format, or the store holds anything else: then
    nothing is taken."""
    with tables.rewriting(wait=False) as alone:
        if not alone:
            raise refuse("rewritten", name=tables.folder)
        with _unpacked(tables, file) as paths:
            known = {name: sum(tables.file_rows(name).values()) for name in SCHEMAS}
            if not all(_is_beginning(tables, name, paths[name], known[name]) for name in _ORDER):
                raise refuse("not_empty", name=tables.folder, file=file.name)
            return {name: _fill(tables, name, paths[name], known[name]) for name in _ORDER}


@contextmanager
def _unpacked(tables: Tables, file: Path) -> Iterator[dict[str, Path]]:
    """The tables of such a file, checked, as files of their own: beside the tables, because they are as large."""
    scratch = tables.folder / ".import"
    shutil.rmtree(scratch, ignore_errors=True)  # what one that was broken off has left
    try:
        with zipfile.ZipFile(file) as archive:
            content = json.loads(archive.read(_CONTENT))
            if content["format"] > NEWEST:
                raise refuse("newer", name=file.name)
            for name in SCHEMAS:
                path = Path(archive.extract(f"{name}.parquet", scratch))
                told = content["tables"][name]
                if _digest(path) != told["sha256"] or not is_whole(path, SCHEMAS[name], told["rows"]):
                    raise refuse("damaged", name=file.name)
                fit(pq.ParquetFile(path).schema_arrow.empty_table(), SCHEMAS[name])
        yield {name: scratch / f"{name}.parquet" for name in SCHEMAS}
    except InputError:
        raise
    except OSError as error:
        if error.filename == str(file):
            raise refuse("unread", name=file, why=error.strerror) from None
        raise fail("unwritable", tables.folder, error) from None
    except _DAMAGE:
        raise refuse("damaged", name=file.name) from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _is_beginning(tables: Tables, name: str, path: Path, count: int) -> bool:
    """Whether the ``count`` rows of a table are the first ones of a file."""
    if not count:
        return True
    stored = ", ".join(quoted(str(tables.folder / source)) for source in tables.files(name))
    first = f"SELECT {KEYS[name]} FROM read_parquet({quoted(str(path))}, file_row_number = true)"
    others = duckdb.execute(
        f"SELECT 1 FROM (SELECT {KEYS[name]} FROM read_parquet([{stored}]) EXCEPT ALL "
        f"{first} WHERE file_row_number < {count}) LIMIT 1"
    ).fetchall()
    return not others


def _fill(tables: Tables, name: str, path: Path, known: int) -> int:
    """Append the rows of a file after the ``known`` first ones; returns how many it has in all."""
    source = pq.ParquetFile(path)
    if name == "corrections":  # one commit, so that the next one has the number after them
        table = fit(source.read(), SCHEMAS[name])
        if table.num_rows and not known:
            tables.append_next(name, table, max(table.column("number").to_pylist()))
        return int(table.num_rows)
    count, size, waiting = 0, 0, list[pa.Table]()
    for batch in source.iter_batches(batch_size=_ROWS):
        part = pa.Table.from_batches([batch.slice(max(0, known - count))])
        count += batch.num_rows
        size += part.nbytes
        waiting.append(sign_documents(part) if name == "documents" else fit(part, SCHEMAS[name]))
        if size >= _BYTES:
            tables.append(name, pa.concat_tables(waiting))
            size, waiting = 0, []
    if waiting:
        tables.append(name, pa.concat_tables(waiting))
    return count


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
