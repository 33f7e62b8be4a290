"""The Delta tables of a store: opening, appending, deleting. Everything that is kept is in them, and every other part
of the package reaches them through here.

    documents    a row a version of a report, with all that was found in it as JSON
    events       the events of each version
    problems     what went wrong with each version
    corrections  what people said about events; rows are only ever added
"""

from __future__ import annotations

import fcntl
import json
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

import deltalake
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake.exceptions import CommitFailedError, DeltaError
from deltalake.transaction import AddAction, RemoveAction

from pipeline import rows
from pipeline.errors import StoreError
from pipeline.store.migrations import NEWEST, forget_format, lacks_table, migrate, read_format, write_format
from pipeline.store.refusal import fail

SCHEMAS: Final[dict[str, pa.Schema]] = {
    "documents": rows.DOCUMENTS,
    "events": rows.EVENTS,
    "problems": rows.PROBLEMS,
    "corrections": rows.CORRECTIONS,
}
# By which column a row belongs to a document.
OWNER: Final = {"documents": "id", "events": "document_id", "problems": "document_id"}
# What tells rows apart where no log says which of them count, or which were written by whom.
KEYS: Final = {
    "documents": "id, version, batch",
    "events": "id, batch",
    "problems": 'document_id, batch, stage, message, start, "end"',
    "corrections": "id",
}
_TRIES: Final = 12
_AGAIN: Final = "again"  # what the names of files begin with that hold what others held before
DAMAGED: Final = "damaged"  # folder in the store for what cannot be read
HOUR: Final = 3600  # seconds: what is younger may belong to a commit that is being made
# DuckDB reads the statistics of the Parquet files. Those that Delta would keep of its own are read by nobody, take most
# of the memory of a writing process, and double the time of a commit in a table of many files.
_PROPERTIES: Final = {"delta.dataSkippingNumIndexedCols": "0"}

Action: TypeAlias = AddAction | RemoveAction
_T = TypeVar("_T")


class TakenError(Exception):
    """Another process has written first what only one may write."""


class Tables:
    """The tables in a folder, made when they do not exist. ``StoreError`` when they cannot be read or written; with
    ``damaged`` those that are lost or cannot be opened are named in ``broken`` instead."""

    def __init__(self, folder: Path, *, damaged: bool = False) -> None:
        self.folder = folder
        self._open: dict[str, deltalake.DeltaTable] = {}
        self.broken: list[str] = []
        if folder.exists() and not folder.is_dir():
            raise fail("no_folder", folder)
        try:
            if damaged:
                forget_format(folder)
            folder.mkdir(parents=True, exist_ok=True)
            filled = any(len(list((folder / name / "_delta_log").glob("*"))) > 1 for name in SCHEMAS)
            if not filled and not (folder / "documents").exists():
                write_format(folder, NEWEST)
        except OSError as error:
            raise fail("unopened", folder, error) from None
        self.broken = [name for name in SCHEMAS if not self._is_sound(name, filled)]
        if self.broken and not damaged:
            raise fail("broken", folder, StoreError(", ".join(self.broken)))
        if not self.broken:
            self.make()

    def make(self) -> None:
        """Bring the tables to the newest format, and make those that are not there."""
        if read_format(self.folder) != NEWEST:
            with self.rewriting():  # one process brings it there, the others wait
                migrate(self.folder)
        self._open.clear()
        for name, schema in SCHEMAS.items():
            path = str(self.folder / name)
            if not deltalake.DeltaTable.is_deltatable(path):
                make = partial(deltalake.write_deltalake, configuration=_PROPERTIES, mode="ignore")
                self._commit(partial(make, path, schema.empty_table()))

    def _is_sound(self, name: str, filled: bool) -> bool:
        """Whether a table can be opened, or is still to be made: in a store that is ``filled`` none is."""
        try:
            if deltalake.DeltaTable.is_deltatable(str(self.folder / name)):
                self.table(name)
                return True
        except (DeltaError, OSError, StoreError):
            return False
        if lacks_table(self.folder, name):
            return True
        # Another process may have made and filled it just now.
        return not filled or deltalake.DeltaTable.is_deltatable(str(self.folder / name))

    def table(self, name: str) -> deltalake.DeltaTable:
        """The table as it stands now."""
        try:
            if name in self._open:
                self._open[name].update_incremental()
            else:
                self._open[name] = deltalake.DeltaTable(str(self.folder / name))
        except (DeltaError, OSError) as error:
            raise fail("unreadable", self.folder, error) from None
        return self._open[name]

    def versions(self) -> tuple[int, ...]:
        """Numbers that change whenever the tables change."""
        return tuple(self.table(name).version() for name in SCHEMAS)

    def is_at(self, versions: Sequence[int]) -> bool:
        """Whether the tables still stand at these ``versions``: a look at the names in their logs, a hundred times
        quicker than to ask them."""
        for name, version in zip(SCHEMAS, versions, strict=True):
            log = self.folder / name / "_delta_log"
            if (log / f"{version + 1:020}.json").exists() or not (log / f"{version:020}.json").exists():
                return False
        return True

    def files(self, name: str) -> list[str]:
        """The Parquet files that the table consists of now, relative to the store's folder."""
        added = self.table(name).get_add_actions(flatten=True)
        return [f"{name}/{path}" for path in pa.table(added).column("path").to_pylist()]

    def file_rows(self, name: str) -> dict[str, int]:
        """The files that the table consists of, with the number of rows that each should have."""
        added = pa.table(self.table(name).get_add_actions(flatten=True))
        paths = (f"{name}/{path}" for path in added.column("path").to_pylist())
        return dict(zip(paths, added.column("num_records").to_pylist(), strict=True))

    def file_sizes(self, name: str) -> dict[str, int]:
        """The files that the table consists of, oldest first, with their sizes in bytes."""
        added = pa.table(self.table(name).get_add_actions(flatten=True)).sort_by("modification_time")
        paths = (f"{name}/{path}" for path in added.column("path").to_pylist())
        return dict(zip(paths, added.column("size_bytes").to_pylist(), strict=True))

    def find_loose(self, name: str, *, alone: bool = False) -> list[Path]:
        """Files that no version of the table lists: what broken-off commits have left. What is younger than an hour may
        belong to one that is being made, but in the hands of ``rewriting`` (``alone``) to none that writes files anew.
        What older versions list, ``vacuum`` removes in its time."""
        listed, log = set(self.files(name)), self.folder / name / "_delta_log"
        loose = [
            path for path in sorted((self.folder / name).glob("*.parquet"))
            if f"{name}/{path.name}" not in listed
            and (time.time() - path.stat().st_mtime > HOUR or (alone and path.name.startswith(_AGAIN)))
        ]  # fmt: skip
        told = "".join(entry.read_text(encoding="utf-8") for entry in log.glob("*.json")) if loose else ""
        return [path for path in loose if path.name not in told]

    def replace(self, name: str, content: Iterable[pa.Table], number: int) -> None:
        """Write a table that is broken anew; what is left of the old one is set aside. ``number``: of the last commit
        that ``append_next`` has made."""
        old, aside = self.folder / name, self.folder / DAMAGED / f"{name}-{uuid.uuid4().hex[:8]}"
        with self.rewriting():
            fresh = self.folder / f".{aside.name}"
            properties = None
            if number:
                properties = deltalake.CommitProperties(app_transactions=[deltalake.Transaction(name, number)])
            make = partial(deltalake.write_deltalake, configuration=_PROPERTIES, commit_properties=properties)
            self._commit(lambda: make(str(fresh), SCHEMAS[name].empty_table()))
            if added := self._commit(lambda: _write_file(fresh, SCHEMAS[name], content)):
                self._commit(lambda: _change(deltalake.DeltaTable(str(fresh)), [added], SCHEMAS[name]))
            aside.parent.mkdir(exist_ok=True)
            if old.exists():
                old.rename(aside)
            fresh.rename(old)
            self.broken.remove(name)

    def forget_missing(self, name: str) -> None:
        """Take files that are gone out of the table."""
        with self.rewriting():
            self._commit(lambda: self.table(name).repair())

    def age(self, name: str, batch: str) -> float:
        """Seconds since the newest file with rows of a batch was written."""
        newest = 0.0
        for file in self.files(name):
            path = self.folder / file
            listed = pq.read_table(path, columns=["batch"]).column("batch")
            if pc.any(pc.equal(listed, batch)).as_py():
                newest = max(newest, path.stat().st_mtime)
        return time.time() - newest

    def append(self, name: str, content: list[dict[str, Any]] | pa.Table) -> str | None:
        """One commit; returns the file that it added. With no rows nothing happens."""
        table = content if isinstance(content, pa.Table) else pa.Table.from_pylist(content, schema=SCHEMAS[name])
        added = self._commit(lambda: _write_file(self.folder / name, table.schema, [table]))
        if added is None:
            return None
        self._commit(lambda: _change(self.table(name), [added], table.schema))
        return f"{name}/{added.path}"

    def take_back(self, name: str, file: str) -> None:
        """Take a file that was appended out of the table again, unless others are writing files anew: nobody sees its
        rows, and a check finds them."""
        with self.rewriting(wait=False) as alone:
            if alone and file in self.files(name):
                self.swap(name, [([file], ())], alike=False)

    def swap(self, name: str, swaps: Iterable[tuple[Sequence[str], Iterable[pa.Table]]], *, alike: bool) -> None:
        """Put other rows in the place of files, in one commit and in the hands of ``rewriting``: which files, and the
        rows; none where there are none left. ``alike``: the table says the same as before."""
        schema, actions = SCHEMAS[name], list[Action]()
        for files, content in swaps:
            added = self._commit(partial(_write_file, self.folder / name, schema, content, not alike, _AGAIN))
            gone = [file.removeprefix(f"{name}/") for file in files]
            actions += [RemoveAction(path, not alike, int(time.time() * 1000)) for path in gone]
            actions += [added] if added else []
        if actions:
            self._commit(lambda: _change(self.table(name), actions, schema))

    def create_checkpoint(self, name: str) -> None:
        """Sum up the log of a table, so that whoever opens it need not read all of it."""
        self._commit(lambda: self.table(name).create_checkpoint())

    def number(self, name: str) -> int:
        """How many commits ``append_next`` has made to the table."""
        return self.table(name).transaction_version(name) or 0

    def append_next(self, name: str, content: list[dict[str, Any]] | pa.Table, number: int) -> None:
        """Append as commit ``number``, counted from 1; ``TakenError`` when another process has made that commit. With
        no rows nothing happens."""
        target = self.table(name)
        if (target.transaction_version(name) or 0) >= number:
            raise TakenError("another process was faster")
        properties = deltalake.CommitProperties(app_transactions=[deltalake.Transaction(name, number)])
        table = content if isinstance(content, pa.Table) else pa.Table.from_pylist(content, schema=SCHEMAS[name])
        try:
            added = _write_file(self.folder / name, table.schema, [table])
            if added is None:
                return
            try:
                _change(target, [added], table.schema, properties)
            except CommitFailedError:
                (self.folder / name / added.path).unlink(missing_ok=True)
                self._open.pop(name, None)
                raise TakenError("another process was faster") from None
        except (DeltaError, OSError) as error:
            raise fail("unwritable", self.folder, error) from None

    def vacuum(self, name: str, hours: int) -> int:
        """Remove files that no version newer than ``hours`` needs; never those that a running commit is writing.
        Returns how many."""
        found = self._commit(
            lambda: self.table(name).vacuum(retention_hours=hours, enforce_retention_duration=False, dry_run=False)
        )
        return len(found)

    @contextmanager
    def rewriting(self, wait: bool = True) -> Iterator[bool]:
        """Be the only process that writes files anew: deltalake does not see that two put the same files together, and
        their rows would be there twice. The lock ends with the process that holds it. Gives whether it was got."""
        try:
            lock = (self.folder / "rewriting.lock").open("w")
        except OSError as error:
            raise fail("unwritable", self.folder, error) from None
        with lock as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
                return
            self._open.clear()  # what others have rewritten must be seen
            yield True

    def _commit(self, write: Callable[[], _T]) -> _T:
        """Try again when another process has committed in between; appends never contradict each other."""
        for attempt in range(_TRIES):
            try:
                return write()
            except CommitFailedError as error:
                if attempt == _TRIES - 1:
                    raise fail("busy", self.folder, error) from None
                self._open.clear()
                time.sleep(0.02 * 2 ** min(attempt, 6))
            except (DeltaError, OSError) as error:
                raise fail("unwritable", self.folder, error) from None
        raise AssertionError


def _write_file(
    folder: Path, schema: pa.Schema, content: Iterable[pa.Table], new: bool = True, kind: str = "part"
) -> AddAction | None:
    """Write a file that belongs to its table once it is committed; ``None`` without rows. By Arrow: deltalake's writer
    takes three times the memory for it, keeps more after each commit, and writes no checksums, by which a check finds a
    bit that has turned over. ``new``: what it holds was not in the table before."""
    path, count = folder / f"{kind}-{uuid.uuid4()}.parquet", 0
    try:
        with pq.ParquetWriter(path, schema, write_page_checksum=True) as writer:
            for table in content:
                writer.write_table(table)
                count += table.num_rows
        if count:
            counts = json.dumps({"numRecords": count})
            return AddAction(path.name, path.stat().st_size, {}, int(time.time() * 1000), new, counts)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    path.unlink()
    return None


def _change(
    table: deltalake.DeltaTable,
    actions: list[Action],
    schema: pa.Schema,
    properties: deltalake.CommitProperties | None = None,
) -> None:
    table.create_write_transaction(actions, "append", schema, commit_properties=properties)
