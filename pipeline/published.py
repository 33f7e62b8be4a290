"""Looks for the day of publication in the text of a report."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from pipeline import language
from pipeline.sentences import split_sentences
from pipeline.times import find_times

_HEAD = 600  # characters at either end of a report in which its own date stands
_DATELINE = 60  # characters before the dash of "Kiew, 3. März 2024 –"


class Published(NamedTuple):
    """``day`` when the text says it; otherwise ``candidates``, the days it names, latest first."""

    day: date | None
    candidates: tuple[date, ...]


@cache
def _markers(code: str) -> tuple[tuple[str, ...], frozenset[str]]:
    markers = language.words(code, "published")["markers"]
    return tuple(sorted(markers["words"], key=len, reverse=True)), frozenset(markers["line_only"])


def find_published(text: str, code: str) -> Published:
    """The date behind a marker ("Stand: 12.05.2025") near the beginning or the end of the text."""
    words, line_only = _markers(code)
    ends = ((0, text[:_HEAD]), (max(0, len(text) - _HEAD), text[-_HEAD:] if len(text) > _HEAD else ""))
    days: dict[date, None] = {}
    for _, part in ends:
        for mention in find_times(part, split_sentences(part, code), None, code):
            when = mention.when
            if when is None or when.start is None or when.end is None or when.end - when.start != timedelta(days=1):
                continue
            days[when.start] = None
            line_start = part.rfind("\n", 0, mention.span.start) + 1
            line_end = part.find("\n", mention.span.end)
            before = part[line_start : mention.span.start].rstrip(" :(").lower()
            rest = part[mention.span.end : line_end if line_end >= 0 else len(part)].strip(" .,)")
            for word in words:
                if before == word or before.endswith((" " + word, "(" + word)):
                    if word in line_only and rest:
                        continue
                    if word not in line_only or len(before) <= _DATELINE:
                        return Published(when.start, ())
    return Published(None, tuple(sorted(days, reverse=True)[:5]))
