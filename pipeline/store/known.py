"""Which version of each report is stored: in 12 bytes a report, because every process that writes keeps its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from pipeline.rows import DOCUMENTS
from pipeline.store.refusal import fail
from pipeline.store.tables import Tables


class Stored(NamedTuple):
    """The newest version of a report, and the digest of its content."""

    version: int
    content: str


class Known:
    """Remembers in which file each report is, and reads only what other processes have added since, so that a report
    costs the same in a small store and in a large one."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._forget()

    def _forget(self) -> None:
        self._files: list[str] = []
        self._hashes: NDArray[np.int64] = np.empty(0, np.int64)  # sorted
        self._places: NDArray[np.uint32] = np.empty(0, np.uint32)  # for each hash the number of its file

    def find(self, ids: list[str]) -> dict[str, Stored]:
        """Those of the reports that are stored. ``StoreError`` when the store cannot be read."""
        try:
            self._take_over()
            found: dict[str, tuple[int, str, str]] = {}
            for file in self._files_of(ids):
                for identifier, version, batch, content in self._read(file, ids):
                    found[identifier] = max(found.get(identifier, (0, "", "")), (version, batch, content))
        except (OSError, pa.ArrowException) as error:
            raise fail("unreadable", self._tables.folder, error) from None
        return {identifier: Stored(version, content) for identifier, (version, _, content) in found.items()}

    def _take_over(self) -> None:
        files = set(self._tables.files("documents"))
        if not files.issuperset(self._files):  # files were put together, or reports were removed
            self._forget()
        hashes, places = [self._hashes], [self._places]
        for file in sorted(files.difference(self._files)):
            ids = self._read_table(file, "id").column("id").to_pylist()
            hashes.append(np.fromiter(map(hash, ids), np.int64, len(ids)))
            places.append(np.full(len(ids), len(self._files), np.uint32))
            self._files.append(file)
        if len(hashes) > 1:
            joined = np.concatenate(hashes)
            order = np.argsort(joined, kind="stable")
            self._hashes, self._places = joined[order], np.concatenate(places)[order]

    def _files_of(self, ids: Iterable[str]) -> list[str]:
        wanted = np.fromiter(map(hash, ids), np.int64)
        starts, ends = (np.searchsorted(self._hashes, wanted, side) for side in ("left", "right"))
        numbers = {int(place) for start, end in zip(starts, ends, strict=True) for place in self._places[start:end]}
        return [self._files[number] for number in sorted(numbers)]

    def _read(self, file: str, ids: list[str]) -> Iterable[tuple[str, int, str, str]]:
        table = self._read_table(file, "id", "version", "batch", "content")
        chosen = table.filter(pc.is_in(table.column("id"), pa.array(ids, pa.string())))
        return zip(*(column.to_pylist() for column in chosen.columns), strict=True)

    def _read_table(self, file: str, *columns: str) -> pa.Table:
        # Deltalake writes texts of another type where it puts files together.
        schema = pa.schema([DOCUMENTS.field(column) for column in columns])
        return pq.read_table(self._tables.folder / file, columns=list(columns), schema=schema)
