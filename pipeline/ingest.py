"""Files and JSON lines become documents; the publication date is found here, with how it is known.

Read are plain text (.txt) and JSON lines (.jsonl, one report a line as ``annotate --jsonl`` takes it). A
``reports.csv`` beside the files tells what is known about them: file, published, published_source, source, language,
note.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, get_args

from charset_normalizer import from_bytes

from pipeline import language as languages
from pipeline.errors import InputError
from pipeline.published import find_published
from pipeline.records import Document, Problem, PublishedSource, Reason
from pipeline.wording import say

LARGEST = 5_000_000  # bytes of one report: a thick book; anything longer is an archive that wants to be split
SUFFIXES = (".txt", ".jsonl")
_KINDS = ", ".join(SUFFIXES)
REPORTS = "reports.csv"


def refuse(key: str, **values: object) -> InputError:
    """The error for an input that cannot be used; its sentence is in data/ui/<language>/reasons/input.yaml."""
    reason = Reason(f"input.{key}", tuple((name, str(value)) for name, value in values.items()))
    return InputError(say(reason), reason)


@dataclass(frozen=True, slots=True)
class Known:
    """What the user knows about a report beforehand; ``None``: not known."""

    published: date | None = None
    language: str | None = None


def parse_day(text: str) -> date:
    """An ISO day. ``InputError`` for anything else, and for days that no calendar has."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise refuse("date", text=repr(text)) from None


def find_files(paths: list[Path]) -> Iterator[Path]:
    """The report files under the paths given, folders in the order of their names. ``InputError`` when a path does
    not exist, is of a kind that is not read, or holds no report."""
    for path in paths:
        if path.is_dir():
            found = sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in SUFFIXES)
            if not found:
                raise refuse("no_report", name=path, kinds=_KINDS)
            yield from found
        elif not path.exists():
            raise refuse("no_file", name=path)
        else:
            yield path


def read_file(path: Path, known: Known) -> Iterator[Document | InputError]:
    """The documents of one file. What cannot be read comes back as the error that says why, so that the rest of a run
    goes on."""
    try:
        _check_kind(str(path))
        if path.suffix.lower() == ".jsonl":
            with _open(path) as file:
                yield from _read_lines(str(path), file, known)
        else:
            yield _with_notes(path, read_text(path), known)
    except InputError as error:
        yield error


def read_upload(name: str, raw: bytes, known: Known) -> Iterator[Document | InputError]:
    """The documents of a file that came without a folder: its name and its bytes."""
    try:
        _check_kind(name)
        if name.lower().endswith(".jsonl"):
            yield from _read_lines(name, io.BytesIO(raw), known)
        else:
            _check_length(len(raw), name)
            yield from_text(decode(raw, name), known)
    except InputError as error:
        yield error


def _check_kind(name: str) -> None:
    if not name.lower().endswith(SUFFIXES):
        raise refuse("kind", name=name, kinds=_KINDS)


def _check_length(size: int, name: str) -> None:
    if size > LARGEST:
        raise refuse("too_long", name=name, most=LARGEST // 1_000_000)


def from_text(text: str, known: Known) -> Document:
    """A document of a text alone."""
    return complete(
        Document(
            id=document_id(text),
            text=text,
            language=known.language or "de",
            published=known.published,
            published_source="given" if known.published else "unknown",
        )
    )


def _read_lines(name: str, file: BinaryIO, known: Known) -> Iterator[Document | InputError]:
    for number, raw in enumerate(file, 1):
        if raw.strip():
            try:
                yield parse_line(raw.decode("utf-8", "replace"), known)
            except InputError as error:
                yield refuse("line", name=name, number=number, why=error)


def read_text(path: Path) -> str:
    """The text of a file, exactly as it stands but for a byte order mark."""
    try:
        with _open(path) as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        raise refuse("unreadable", name=path, why=error.strerror or error) from None
    _check_length(len(raw), str(path))
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


def decode(raw: bytes, name: str) -> str:
    """Bytes as text. The encoding is told by a byte order mark, else UTF-8, else what its letters suggest."""
    if not raw.strip():
        raise refuse("empty", name=name)
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if raw.startswith(mark):
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                break
    if b"\0" in raw or raw.startswith((b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b")):
        raise refuse("binary", name=name)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    best = from_bytes(raw[:200_000], cp_exclusion=["utf_7"]).best()
    text = None
    if best is not None and best.encoding:
        try:
            text = raw.decode(best.encoding)
        except (UnicodeDecodeError, LookupError):
            text = None
    if text is None or not _looks_written(text[:10_000]):
        raise refuse("encoding", name=name)
    return text


def _looks_written(text: str) -> bool:
    """Text read in a wrong encoding shows control characters, or no spaces between its letters."""
    controls = sum(not (c.isprintable() or c.isspace()) for c in text)
    return controls <= len(text) // 50 and sum(c.isspace() for c in text) >= len(text) // 50


def document_id(text: str) -> str:
    """An id that depends on the text alone."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def parse_line(line: str, known: Known) -> Document:
    """A report from one JSON line of the shape that ``annotate --jsonl`` takes."""
    try:
        row: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise refuse("json", why=str(error).splitlines()[0]) from None
    if not isinstance(row, dict):
        raise refuse("no_object")
    text = row.get("text")
    if isinstance(text, str) and len(text) > LARGEST:
        raise refuse("line_too_long", most=LARGEST // 1_000_000)
    if not isinstance(text, str) or not text.strip():
        raise refuse("no_text")
    for name in ("language", "title", "url", "source", "published", "published_source"):
        if not isinstance(row.get(name), str | None):
            raise refuse("no_string", name=name)
    if not _is_unicode(row.values()):
        raise refuse("surrogate")
    identifier = row.get("id")
    if not isinstance(identifier, str | int | None) or isinstance(identifier, bool):
        raise refuse("id")
    published = parse_day(row["published"]) if row.get("published") else known.published
    source: PublishedSource = "given" if published else "unknown"
    if published and row.get("published_source") in get_args(PublishedSource):
        source = row["published_source"]
    return complete(
        Document(
            id=str(identifier) if identifier not in (None, "") else document_id(text),
            text=text,
            language=row.get("language") or known.language or "de",
            published=published,
            published_source=source,
            title=row.get("title") or None,
            source=row.get("source") or None,
            url=row.get("url") or None,
        )
    )


def _is_unicode(values: Iterable[object]) -> bool:
    """JSON can spell a lone surrogate, which no file and no table can hold."""
    try:
        for value in values:
            if isinstance(value, str):
                value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _with_notes(path: Path, text: str, known: Known) -> Document:
    notes = load_notes(path.parent).get(path.name, {})
    published, source = known.published, "given"
    if published is None and notes.get("published"):
        published, source = parse_day(notes["published"]), notes.get("published_source") or "given"
        if source not in get_args(PublishedSource):
            raise refuse("published_source", name=path.parent / REPORTS, text=repr(source))
    return complete(
        Document(
            id=document_id(text),
            text=text,
            language=known.language or notes.get("language") or "de",
            published=published,
            published_source=source if published else "unknown",  # type: ignore[arg-type]
            title=notes.get("title") or None,
            source=notes.get("source") or None,
            url=notes.get("url") or None,
        )
    )


def load_notes(folder: Path) -> dict[str, dict[str, str]]:
    """What reports.csv in a folder says, by file name; empty where there is none."""
    path = folder / REPORTS
    if not path.exists():
        return {}
    rows = csv.DictReader(read_text(path).splitlines())
    if "file" not in (rows.fieldnames or ()):
        raise refuse("no_column", name=path)
    return {row["file"]: {key: value for key, value in row.items() if key and value} for row in rows}


def complete(document: Document) -> Document:
    """Look for the publication date in the text when nobody gave it, and say so when it cannot be found. A date that
    is not known stays unknown: it is never the file's date, and never today."""
    if document.published is not None or not languages.is_known(document.language):
        return document
    found = find_published(document.text, document.language)
    if found.day is not None:
        return replace(document, published=found.day, published_source="metadata")
    message = "The publication date is not known, so expressions such as weekdays stay without a date; give it."
    if found.candidates:
        days = ", ".join(day.isoformat() for day in found.candidates)
        message = message[:-1] + f" (the text names {days})."
    return replace(document, problems=(*document.problems, Problem("input", message)))
