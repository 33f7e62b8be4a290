"""Numbered changes of the format of a store. Each brings a store of the number before to its own; a store says its
number in ``format.json``, one that says nothing is of number 1. A change may be broken off and made once more."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Final

import deltalake
import pyarrow as pa
from deltalake.exceptions import DeltaError

from pipeline import rows
from pipeline.errors import StoreError

_FILE: Final = "format.json"


def migrate(folder: Path) -> int:
    """Bring the store in a folder to the newest format; returns the number that it had. ``StoreError`` when it is of a
    newer format than this program knows, or cannot be changed."""
    found = read_format(folder)
    if found > NEWEST:
        raise StoreError(f"The store {folder} was written by a newer version of this program; update the program.")
    try:
        for number in range(found + 1, NEWEST + 1):
            _MIGRATIONS[number](folder)
            write_format(folder, number)
    except (DeltaError, OSError) as error:
        raise StoreError(f"The store {folder} cannot be brought to format {NEWEST}: {error}.") from None
    return found


def read_format(folder: Path) -> int:
    """The number of a store's format; of a folder that holds no store yet, the newest."""
    try:
        return int(json.loads((folder / _FILE).read_text(encoding="utf-8"))["format"])
    except FileNotFoundError:
        return 1 if (folder / "documents" / "_delta_log").is_dir() else NEWEST
    except (OSError, ValueError, KeyError, TypeError):
        raise StoreError(f"The store {folder} has a damaged {_FILE}.") from None


def write_format(folder: Path, number: int) -> None:
    part = folder / f".{_FILE}.{uuid.uuid4().hex}"
    part.write_text(json.dumps({"format": number}) + "\n", encoding="utf-8")
    part.replace(folder / _FILE)


def _drop_merged(folder: Path) -> None:
    """1 to 2: which events are one is derived by each reader; the table of them is not kept any more."""
    shutil.rmtree(folder / "merged", ignore_errors=True)


def _add_author(folder: Path) -> None:
    """2 to 3: a report has an author."""
    _add_columns(folder / "documents", rows.DOCUMENTS)


def _add_columns(folder: Path, schema: pa.Schema) -> None:
    """Columns that the table lacks; rows of before have nothing in them."""
    table = deltalake.DeltaTable(str(folder))
    known = {field.name for field in table.schema().fields}
    missing = [field for field in deltalake.Schema.from_arrow(schema).fields if field.name not in known]
    if missing:
        table.alter.add_columns(missing)


_MIGRATIONS: Final[dict[int, Callable[[Path], None]]] = {2: _drop_merged, 3: _add_author}
NEWEST: Final = max(_MIGRATIONS)
