"""A JSON file: one report, or several in a list."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pipeline.formats.charset import decode
from pipeline.formats.records import Extract, FormatError

TEXT_NAMES = ("text", "articleBody", "content", "body", "content_text")  # of the text in a report; ours first

# Under which an object holds a list of reports; other lists say something of one ("tags", "mentions").
_LISTS = frozenset((
    "articles", "items", "data", "reports", "documents", "docs", "entries", "news", "posts", "records", "results",
    "stories",
))  # fmt: skip


def read_objects(raw: bytes, name: str) -> Iterator[Extract]:
    """The reports of a JSON file, unread: a list of objects, an object that is one, or one that holds a list of them
    ("articles", "items", "data"). Lines of JSON are taken too. ``FormatError`` for what is no JSON."""
    text = decode(raw, name)
    try:
        found = json.loads(text)
    except RecursionError:
        raise FormatError("deep", name=name) from None
    except ValueError:
        lines = text.split("\n")
        if not _is_object(next((line for line in lines if line.strip()), "")):
            raise FormatError("broken", name=name, kind="JSON") from None
        yield from (Extract(name, line, line=number) for number, line in enumerate(lines, 1) if line.strip())
        return
    for number, row in enumerate(_find_rows(found), 1):
        yield Extract(name, json.dumps(row), line=number)


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _find_rows(found: Any) -> list[Any]:
    if isinstance(found, list):
        return found
    if not isinstance(found, dict) or any(isinstance(found.get(name), str) for name in TEXT_NAMES):
        return [found]
    lists = (value for key, value in found.items() if str(key).lower() in _LISTS and isinstance(value, list) and value)
    return max((rows for rows in lists if isinstance(rows[0], dict)), key=len, default=[found])
