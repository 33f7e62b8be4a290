"""Reports as JSON lines, of the shape that ``annotate --jsonl`` takes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, BinaryIO, get_args

from pipeline.errors import InputError
from pipeline.formats.charset import decode_line
from pipeline.formats.objects import TEXT_NAMES
from pipeline.formats.records import LARGEST
from pipeline.ingest.documents import DEFAULT, Known, complete, document_id, find_day, parse_day
from pipeline.ingest.refusal import refuse
from pipeline.ingest.tongue import find_language
from pipeline.records import Document, PublishedSource

# What others call the same (schema.org's NewsArticle, common archives); read where a line has no "text".
_NAMES = {
    "id": ("@id", "identifier"), "text": TEXT_NAMES[1:], "title": ("headline",),
    "published": ("datePublished", "date_published", "published_at", "date"), "language": ("inLanguage", "lang"),
    "source": ("publisher", "outlet"), "author": ("authors", "byline"), "url": ("link",),
}  # fmt: skip
_LONGEST = 6 * LARGEST  # bytes of a line: JSON may write a character in six


def read_lines(name: str, file: BinaryIO, known: Known) -> Iterator[Document | InputError]:
    """The documents of a file of lines, holding one at a time."""
    number, found = 0, False
    while raw := file.readline(_LONGEST):
        number += 1
        found = found or bool(raw.strip())
        if len(raw) == _LONGEST and not raw.endswith(b"\n"):
            while (rest := file.readline(_LONGEST)) and not rest.endswith(b"\n"):
                pass
            yield refuse("line", name=name, number=number, why=refuse("line_too_long", most=LARGEST // 1_000_000))
        elif raw.strip():
            yield read_line(name, number, decode_line(raw), known)
    if not found:
        yield refuse("empty", name=name)


def read_line(name: str, number: int, line: str, known: Known, kind: str = "line") -> Document | InputError:
    """The report of a line; ``kind``: what a message calls it."""
    try:
        return parse_line(line, known)
    except InputError as error:
        return refuse(kind, name=name, number=number, why=error)


def parse_line(line: str, known: Known) -> Document:
    """A report from one JSON line."""
    try:
        row: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise refuse("json", why=str(error).splitlines()[0]) from None
    if not isinstance(row, dict):
        raise refuse("no_object")
    return parse_row(row, known)


def parse_row(row: dict[str, Any], known: Known) -> Document:
    """A report from the values of a JSON line or of a row in a table."""
    row = row if "text" in row else _rename(row)
    text = row.get("text")
    if isinstance(text, str) and len(text) > LARGEST:
        raise refuse("line_too_long", most=LARGEST // 1_000_000)
    if not isinstance(text, str) or not text.strip():
        raise refuse("no_text")
    for name in ("language", "title", "url", "source", "author", "published", "published_source"):
        if not isinstance(row.get(name), str | None):
            raise refuse("no_string", name=name)
    if not _is_unicode(row.values()):
        raise refuse("surrogate")
    identifier = row.get("id")
    if not isinstance(identifier, str | int | None) or isinstance(identifier, bool):
        raise refuse("id")
    code = row.get("language") or known.language or find_language(text, DEFAULT)
    published = _read_day(row["published"], code) if row.get("published") else known.published
    source: PublishedSource = "given" if published else "unknown"
    if published and row.get("published_source") in get_args(PublishedSource):
        source = row["published_source"]
    return complete(
        Document(
            id=str(identifier) if identifier not in (None, "") else document_id(text),
            text=text,
            language=code,
            published=published,
            published_source=source,
            title=row.get("title") or None,
            source=row.get("source") or None,
            url=row.get("url") or None,
            author=row.get("author") or None,
        )
    )


def _rename(row: dict[str, Any]) -> dict[str, Any]:
    """A row as we call its values; of persons and bodies their names."""
    named = dict(row)
    for name, others in _NAMES.items():
        found = next((row[other] for other in others if row.get(other)), None)
        if found is not None and not row.get(name):
            named[name] = found
        if name in ("source", "author") and isinstance(named.get(name), dict | list):
            several = named[name] if isinstance(named[name], list) else [named[name]]
            said = (one.get("name") if isinstance(one, dict) else one for one in several)
            named[name] = "; ".join(one for one in said if isinstance(one, str)) or None
    return named


def _read_day(stamp: str, code: str) -> date:
    """A day, or the day of an instant (ISO 8601)."""
    try:
        datetime.fromisoformat(stamp.strip())
    except ValueError:
        return parse_day(stamp)
    return find_day(stamp, code) or parse_day(stamp)


def _is_unicode(values: Iterable[object]) -> bool:
    """JSON can spell a lone surrogate, which no file and no table can hold."""
    try:
        for value in values:
            if isinstance(value, str):
                value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
