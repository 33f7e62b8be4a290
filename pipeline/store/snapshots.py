"""Where the copy of a process lies: in memory while it is small, else in a file of the temporary folder; and the
snapshot of it in the store, from which the next process starts. A snapshot can be deleted at any time."""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from functools import cache
from pathlib import Path
from typing import Final

import duckdb

from pipeline.store.sql import find_one, quoted

LARGE: Final = 50_000  # events from which on the copy lives in a file and leaves a snapshot
_FOLDER: Final = "current"  # in the store
_PREFIX: Final = "conflict-events-"
# The modules that say what is derived, and how.
_DERIVING: Final = (
    "store/layout.py", "store/loading.py", "store/clusters.py", "store/regrouping.py", "store/corrections.py",
    "store/changes.py", "store/texts.py", "merge.py", "copies.py", "rows.py",
)  # fmt: skip


def open_copy(scratch: Path | None) -> duckdb.DuckDBPyConnection:
    """A copy, in memory or in the file of that folder."""
    connection = duckdb.connect(str(_file_in(scratch)) if scratch else ":memory:")
    connection.execute("SET memory_limit = '500MB'")
    connection.execute("SET preserve_insertion_order = false")
    if scratch is not None:
        connection.execute(f"SET temp_directory = {quoted(str(scratch / 'spill'))}")
    return connection


def _file_in(scratch: Path) -> Path:
    return scratch / "current.duckdb"


def make_scratch() -> Path:
    """A folder that ends with this process, or when the next one finds it abandoned."""
    _remove_abandoned()
    scratch = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    atexit.register(shutil.rmtree, scratch, ignore_errors=True)
    return scratch


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


def is_there(store: Path) -> bool:
    return _path(store).exists()


def _path(store: Path) -> Path:
    return store / _FOLDER / f"{_fingerprint()}.duckdb"


def take(store: Path, scratch: Path) -> duckdb.DuckDBPyConnection:
    """A copy that begins as the snapshot; ``OSError`` or ``duckdb.Error`` when it cannot be had."""
    shutil.copyfile(_path(store), _file_in(scratch))
    return open_copy(scratch)


def keep(store: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Write a copy beside the tables of its store."""
    part = store / _FOLDER / f"{uuid.uuid4().hex}.part"
    try:
        part.parent.mkdir(exist_ok=True)
        connection.execute(f"ATTACH {quoted(str(part))} AS snapshot")
        name = find_one(connection, "SELECT current_database()")
        try:
            connection.execute(f'COPY FROM DATABASE "{name}" TO snapshot')
        finally:
            connection.execute("DETACH snapshot")
        part.replace(_path(store))
        for other in set(part.parent.glob("*.duckdb")) - {_path(store)}:  # of an older program
            other.unlink(missing_ok=True)
    except (OSError, duckdb.Error):
        part.unlink(missing_ok=True)  # a full disk or a folder that must not be written: then without


def drop(store: Path) -> None:
    shutil.rmtree(store / _FOLDER, ignore_errors=True)


def make_elsewhere(store: Path) -> bool:
    """Whether a process of its own has made the snapshot of a store."""
    code = "import sys; from pipeline.store.current import Current, Tables; from pathlib import Path; "
    code += "Current(Tables(Path(sys.argv[1])), alone=True).cursor()"
    paths = [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
    command = [sys.executable, "-c", code, str(store)]
    try:
        return subprocess.run(command, env=environment, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@cache
def _fingerprint() -> str:
    """Of the code that derives: another program makes its own snapshot."""
    digest = hashlib.sha256(duckdb.__version__.encode())
    for name in _DERIVING:
        digest.update((Path(__file__).parent.parent / name).read_bytes())
    return digest.hexdigest()[:16]
