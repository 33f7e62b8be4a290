"""Large inputs cut into parts that are read for themselves: folders, JSON lines and Parquet, on disk or anywhere that
fsspec reaches (``s3://bucket/reports/``). A part is a few words, so a million of them cost little."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pipeline import ingest
from pipeline.errors import InputError
from pipeline.formats.charset import decode_line
from pipeline.ingest import Known, refuse
from pipeline.ingest.lines import parse_row, read_line
from pipeline.records import Document

FILES = 100  # a part
BYTES = 1_000_000  # of JSON lines a part, about 300 reports
_ROWS = 300  # of a Parquet file a part
_LONGEST_LINE = 30_000_000  # bytes


class Part(NamedTuple):
    """A piece of the input. ``places``: the files it consists of, most often one. ``start`` and ``stop``: bytes of JSON
    lines (a line belongs to the part in which it begins), rows of a Parquet file; of files they mean nothing."""

    kind: Literal["files", "lines", "rows"]
    places: tuple[str, ...]
    start: int = 0
    stop: int = 0


def is_place(name: str) -> bool:
    """Is it to be opened by fsspec: a URL that is no web page, or a kind that only this module reads?"""
    return (("://" in name or "::" in name) and not ingest.is_address(name)) or name.lower().endswith(".parquet")


def find_parts(names: Iterable[str]) -> Iterator[Part]:
    """The parts of files, folders and URLs, in the order of their names. ``InputError`` for what is not there."""
    for name in names:
        yield from _parts_of(name)


def _parts_of(name: str) -> Iterator[Part]:
    if ingest.is_address(name):
        yield Part("files", (name,))
        return
    files, protocol = _find_files(name)
    single = []
    for file in files:
        place = f"{protocol}://{file}" if protocol else file
        if file.lower().endswith(".jsonl"):
            size = _size(place)
            yield from (Part("lines", (place,), start, min(start + BYTES, size)) for start in range(0, size, BYTES))
        elif file.lower().endswith(".parquet"):
            rows = _count_rows(place)
            yield from (Part("rows", (place,), start, min(start + _ROWS, rows)) for start in range(0, rows, _ROWS))
        else:
            single.append(place)
    for start in range(0, len(single), FILES):
        yield Part("files", tuple(single[start : start + FILES]))


def _find_files(name: str) -> tuple[list[str], str | None]:
    """The files that a name means, and the protocol to open them by; ``None`` for local ones."""
    kinds = (*ingest.SUFFIXES, ".parquet")
    if "://" not in name and "::" not in name:
        path = Path(name)
        if not path.is_dir():
            if not path.exists():
                raise refuse("no_file", name=path)
            return [name], None
        found = sorted(str(p) for p in path.rglob("*") if p.is_file() and p.name.lower().endswith(kinds))
        protocol = None
    else:
        fs, inner, protocol = _open_system(name)
        try:
            if not fs.isdir(inner):
                return [inner], protocol
            found = sorted(file for file in fs.find(inner) if file.lower().endswith(kinds))
        except (OSError, ValueError) as error:
            raise refuse("unreadable", name=name, why=error) from None
    if not found:
        raise refuse("no_report", name=name, kinds=", ".join(kinds))
    return found, protocol


def _open_system(name: str) -> tuple[Any, str, str]:
    import fsspec

    try:
        fs, inner = fsspec.core.url_to_fs(name)
    except (ImportError, ValueError, OSError) as error:
        raise refuse("unreadable", name=name.partition("://")[0], why=error) from None
    return fs, inner, name.partition("://")[0]


def _open(place: str) -> Any:
    import fsspec

    try:
        return fsspec.open(place, "rb").open()
    except FileNotFoundError:
        raise refuse("no_file", name=place) from None
    except (OSError, ValueError, ImportError) as error:
        raise refuse("unreadable", name=place, why=error) from None


def _size(place: str) -> int:
    with _open(place) as file:
        return int(file.seek(0, io.SEEK_END))


def _count_rows(place: str) -> int:
    import pyarrow as pa
    import pyarrow.parquet

    try:
        with _open(place) as file:
            return int(pa.parquet.ParquetFile(file).metadata.num_rows)
    except (pa.ArrowException, OSError):
        raise refuse("broken", name=place, kind="Parquet") from None


def read_part(part: Part, known: Known) -> Iterator[Document | InputError]:
    """The reports of a part, always in the same order; what cannot be read comes as the error that says why."""
    try:
        if part.kind == "lines":
            yield from _read_lines(part, known)
        elif part.kind == "rows":
            yield from _read_rows(part, known)
        else:
            for place in part.places:
                yield from _read_file(place, known)
    except InputError as error:
        yield error


def _read_file(place: str, known: Known) -> Iterator[Document | InputError]:
    if ingest.is_address(place):
        return ingest.read_address(place, known)
    if "://" not in place:
        return ingest.read_file(Path(place), known)
    try:
        with _open(place) as file:
            raw = file.read(ingest.LARGEST_FILE + 1)
    except OSError as error:
        return iter([refuse("unreadable", name=place, why=error)])
    return ingest.read_upload(place, raw, known)


def _read_lines(part: Part, known: Known) -> Iterator[Document | InputError]:
    """Lines that begin in the part; they are counted from its first."""
    (place,) = part.places
    with _open(place) as file:
        position = part.start
        if position:  # the line that the byte before belongs to is the part before's
            file.seek(position - 1)
            position += len(file.readline()) - 1
        number = 0
        while position < part.stop and (raw := file.readline(_LONGEST_LINE)):
            position += len(raw)
            number += 1
            if raw.strip():
                name = f"{place} ({part.start}-{part.stop})" if part.start else place
                yield read_line(name, number, decode_line(raw), known)


def _read_rows(part: Part, known: Known) -> Iterator[Document | InputError]:
    import pyarrow as pa
    import pyarrow.parquet

    (place,) = part.places
    try:
        with _open(place) as file:
            parquet = pa.parquet.ParquetFile(file)
            first = 0
            for group in range(parquet.num_row_groups):
                count = parquet.metadata.row_group(group).num_rows
                start, stop = max(part.start - first, 0), min(part.stop - first, count)
                if start < stop:
                    rows = parquet.read_row_group(group).slice(start, stop - start).to_pylist()
                    for number, row in enumerate(rows, first + start + 1):
                        yield _read_row(place, number, row, known)
                first += count
    except (pa.ArrowException, OSError):
        raise refuse("broken", name=place, kind="Parquet") from None


def _read_row(place: str, number: int, row: dict[str, Any], known: Known) -> Document | InputError:
    for name, value in row.items():
        if isinstance(value, datetime | date):
            row[name] = (value.date() if isinstance(value, datetime) else value).isoformat()
    try:
        return parse_row(row, known)
    except InputError as error:
        return refuse("line", name=place, number=number, why=error)
