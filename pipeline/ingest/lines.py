"""Reports as JSON lines, of the shape that ``annotate --jsonl`` takes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, get_args

from pipeline.errors import InputError
from pipeline.formats.records import LARGEST
from pipeline.ingest.documents import DEFAULT, Known, complete, document_id, parse_day
from pipeline.ingest.refusal import refuse
from pipeline.ingest.tongue import find_language
from pipeline.records import Document, PublishedSource

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
            yield read_line(name, number, raw.decode("utf-8", "replace"), known)
    if not found:
        yield refuse("empty", name=name)


def read_line(name: str, number: int, line: str, known: Known) -> Document | InputError:
    try:
        return parse_line(line, known)
    except InputError as error:
        return refuse("line", name=name, number=number, why=error)


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
    published = parse_day(row["published"]) if row.get("published") else known.published
    source: PublishedSource = "given" if published else "unknown"
    if published and row.get("published_source") in get_args(PublishedSource):
        source = row["published_source"]
    return complete(
        Document(
            id=str(identifier) if identifier not in (None, "") else document_id(text),
            text=text,
            language=row.get("language") or known.language or find_language(text, DEFAULT),
            published=published,
            published_source=source,
            title=row.get("title") or None,
            source=row.get("source") or None,
            url=row.get("url") or None,
            author=row.get("author") or None,
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
