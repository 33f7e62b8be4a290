"""Files and uploads become documents, each with the sentence that says why it cannot be read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, get_args

from pipeline.errors import InputError
from pipeline.formats import ARCHIVES, KINDS, Entry, Extract, find_kind
from pipeline.formats.records import LARGEST, LARGEST_ARCHIVE, LARGEST_FILE
from pipeline.ingest.documents import Known, complete, from_extract, from_text, parse_day
from pipeline.ingest.lines import read_line, read_lines
from pipeline.ingest.refusal import check_length, decode, refuse
from pipeline.records import Document, PublishedSource

SUFFIXES = tuple(KINDS)
REPORTS = "reports.csv"
_KINDS = ", ".join(SUFFIXES)


def find_files(paths: list[Path]) -> Iterator[Path]:
    """The report files under the paths given, folders in the order of their names. ``InputError`` when a path does
    not exist, is of a kind that is not read, or holds no report."""
    for path in paths:
        if path.is_dir():
            found = sorted(p for p in path.rglob("*") if p.is_file() and find_kind(p.name))
            if not found:
                raise refuse("no_report", name=path, kinds=_KINDS)
            yield from found
        elif not path.exists():
            raise refuse("no_file", name=path)
        else:
            yield path


def is_plain(name: str) -> bool:
    """Is the file its text? Offsets into the text are then offsets into the file."""
    return find_kind(name) in ("text", "lines")


def read_file(path: Path, known: Known) -> Iterator[Document | InputError]:
    """The documents of one file. What cannot be read comes back as the error that says why, so that the rest of a run
    goes on."""
    try:
        kind = _check_kind(str(path))
        if kind == "lines":
            with _open(path) as file:
                yield from read_lines(str(path), file, known)
        elif kind == "text":
            yield _with_notes(path, from_text(read_text(path), known), known)
        else:
            with _open(path) as file:
                size = file.seek(0, io.SEEK_END)
            check_length(size, str(path), LARGEST_ARCHIVE if kind in ARCHIVES else LARGEST_FILE)
            for found in _parse(kind, str(path), known, path=path):
                yield _with_notes(path, found, known) if isinstance(found, Document) else found
    except InputError as error:
        yield error


def read_upload(name: str, raw: bytes, known: Known) -> Iterator[Document | InputError]:
    """The documents of a file that came without a folder: its name and its bytes."""
    try:
        kind = _check_kind(name)
        if kind == "lines":
            yield from read_lines(name, io.BytesIO(raw), known)
        elif kind == "text":
            check_length(len(raw), name)
            yield from_text(decode(raw, name), known)
        else:
            yield from read_bytes(kind, name, raw, known)
    except InputError as error:
        yield error


def read_bytes(
    kind: str,
    name: str,
    raw: bytes,
    known: Known,
    *,
    url: str | None = None,
    charset: str | None = None,
    entry: Entry | None = None,
) -> Iterator[Document | InputError]:
    """The documents in the bytes of a file of a kind that is parsed in a process of its own. ``entry``: what a feed
    says of it, which fills the gaps."""
    try:
        check_length(len(raw), name, LARGEST_FILE)
        yield from _parse(kind, name, known, raw=raw, url=url, charset=charset, entry=entry)
    except InputError as error:
        yield error


def _parse(
    kind: str,
    name: str,
    known: Known,
    *,
    path: Path | None = None,
    raw: bytes = b"",
    url: str | None = None,
    charset: str | None = None,
    entry: Entry | None = None,
) -> Iterator[Document | InputError]:
    from pipeline.ingest.parser import parse

    found = False
    for item in parse(kind, name, path=path, raw=raw, url=url, charset=charset):
        found = True
        if isinstance(item, InputError):
            yield item
        elif isinstance(item, Entry):  # only feeds have entries, and no file is a feed
            continue
        elif len(item.text) > LARGEST:
            yield refuse("too_long", name=item.name, most=LARGEST // 1_000_000)
        elif item.line is not None:
            yield read_line(
                item.name, item.line, item.text, known, "entry" if find_kind(item.name) == "objects" else "line"
            )
        elif not item.text.strip():
            yield refuse("empty", name=item.name)
        else:
            yield from_extract(fill(item, entry), known)
    if not found:
        yield refuse("nothing", name=name, kinds=_KINDS)


def fill(found: Extract, entry: Entry | None) -> Extract:
    """What a feed says of an article where the article itself does not say it."""
    if entry is None:
        return found
    stated = found.published if found.certain else None
    return found._replace(
        title=found.title or entry.title,
        author=found.author or entry.author,
        outlet=found.outlet or entry.outlet,
        language=found.language or entry.language,
        published=stated or entry.published or found.published,
        certain=bool(stated or entry.published),
    )


def _check_kind(name: str) -> str:
    kind = find_kind(name)
    if kind is None:
        raise refuse("kind", name=name, kinds=_KINDS)
    return kind


def read_text(path: Path) -> str:
    """The text of a file, exactly as it stands but for a byte order mark."""
    try:
        with _open(path) as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        raise refuse("unreadable", name=path, why=error.strerror or error) from None
    check_length(len(raw), str(path))
    return decode(raw, str(path))


def _open(path: Path) -> BinaryIO:
    if path.is_dir():
        raise refuse("folder", name=path)
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise refuse("no_file", name=path) from None
    except OSError as error:
        raise refuse("unreadable", name=path, why=error.strerror or error) from None


def _with_notes(path: Path, document: Document, known: Known) -> Document:
    """What reports.csv says counts before what the file says, and after what the user says."""
    notes = load_notes(path.parent).get(path.name)
    if not notes:
        return document
    document = replace(
        document,
        title=notes.get("title") or document.title,
        author=notes.get("author") or document.author,
        source=notes.get("source") or document.source,
        url=notes.get("url") or document.url,
    )
    day, source = document.published, document.published_source
    if known.published is None and notes.get("published"):
        day, source = parse_day(notes["published"]), _published_source(path, notes.get("published_source"))
    code = known.language or notes.get("language") or document.language
    if (day, source, code) == (document.published, document.published_source, document.language):
        return document
    return complete(replace(document, published=day, published_source=source, language=code, problems=()))


def _published_source(path: Path, said: str | None) -> PublishedSource:
    for source in get_args(PublishedSource):
        if source == (said or "given"):
            return source  # type: ignore[no-any-return]
    raise refuse("published_source", name=path.parent / REPORTS, text=repr(said))


def load_notes(folder: Path) -> dict[str, dict[str, str]]:
    """What reports.csv in a folder says, by file name; empty where there is none."""
    path = folder / REPORTS
    try:
        about = path.stat()
    except OSError:
        return {}
    return _read_notes(path, about.st_mtime_ns, about.st_size)


@lru_cache(maxsize=8)
def _read_notes(path: Path, _changed: int, _size: int) -> dict[str, dict[str, str]]:
    rows = csv.DictReader(read_text(path).splitlines())
    if "file" not in (rows.fieldnames or ()):
        raise refuse("no_column", name=path)
    return {row["file"]: {key: value for key, value in row.items() if key and value} for row in rows}
