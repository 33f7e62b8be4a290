"""Finds the lines of a report that are not its own running text, as data/lang/<code>/layout.yaml describes them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple, get_args

import regex

from pipeline import language
from pipeline.errors import PackError
from pipeline.records import Part, PartKind, Span

_MOST_ITEMS = 12  # headlines below "Recommended stories"


class _Layout(NamedTuple):
    kinds: tuple[tuple[PartKind, Any], ...]
    opens: Any
    closes: Any
    item: Any
    longest: int


@cache
def _layout(code: str) -> _Layout:
    words = language.words(code, "layout")
    try:
        kinds = tuple((kind, _any(words[kind]["patterns"])) for kind in get_args(PartKind))
        related = words["related"]
        return _Layout(
            kinds,
            _any(related["opens"]),
            regex.compile(related["closes"]),
            regex.compile(related["item"]),
            words["longest"],
        )
    except (KeyError, TypeError, regex.error) as error:
        raise PackError(f"layout.yaml of the language pack {code!r}: {error}") from None


def _any(patterns: list[str]) -> Any:
    return tuple(regex.compile(pattern) for pattern in patterns)


def _fits(patterns: Any, line: str) -> Any:
    return next((found for pattern in patterns if (found := pattern.fullmatch(line))), None)


def find_kind(line: str, code: str) -> PartKind | None:
    """What a line by itself is; ``None`` for running text."""
    layout = _layout(code)
    if len(line) > layout.longest:
        return None
    return next((kind for kind, patterns in layout.kinds if _fits(patterns, line)), None)


def find_parts(text: str, code: str) -> tuple[Part, ...]:
    """The parts of a text in order, a line each; empty where the language has no layout rules."""
    if not language.is_known(code):
        return ()
    layout = _layout(code)
    found: list[Part] = []
    left = 0  # lines that may still belong to a list of other articles
    for span in _lines(text):
        line = text[slice(*span)]
        kind = find_kind(line, code)
        if kind == "related" and layout.closes.search(line):
            left = 0
        elif kind == "related" and (opened := _fits(layout.opens, line)):
            counts = [int(group) for group in opened.groups() if group and group.isdigit() and len(group) < 3]
            left = max(left, min(_MOST_ITEMS, counts[0]) if counts else _MOST_ITEMS)
        elif kind is None and left and len(line) <= layout.longest and layout.item.fullmatch(line):
            kind, left = "related", left - 1
        elif kind is None:
            left = 0
        if kind is not None:
            found.append(Part(span, kind))
    return tuple(found)


def _lines(text: str) -> Iterator[Span]:
    """Lines that hold anything, without the white space at their ends."""
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line = text[start:end]
        first = start + len(line) - len(line.lstrip())
        last = start + len(line.rstrip())
        if first < last:
            yield Span(first, last)
        start = end + 1
