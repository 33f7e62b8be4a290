"""Lines that say on which day a report was published: "Stand: 12.05.2025", a line that is nothing but a date, the
dateline "Kiew, 3. März 2024 (dpa) –"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from pipeline import language
from pipeline.records import TimeMention
from pipeline.sentences import split_sentences
from pipeline.times import find_times

HEAD = 600  # characters at either end of a report in which its own date stands
STORY = 20_000  # characters that are searched
_DATE_LINE = 60  # characters of a line that is nothing but a date
_DATELINE = 60  # characters before the date or the dash of "Kiew, 3. März 2024 –"
_PLACE = re.compile(r"[^\W\d_a-z\u00e4\u00f6\u00fc][^\W\d_]+(?:[ /-][^\W\d_a-z\u00e4\u00f6\u00fc][^\W\d_]+){0,2}, ")
_DASHES = ("–", "—", " - ")
_OPENING = 4  # characters before a date with which a line begins: "So, "
_DAY = timedelta(days=1)


class _Markers(NamedTuple):
    words: tuple[str, ...]
    changed: frozenset[str]
    line_only: frozenset[str]


@cache
def _markers(code: str) -> _Markers:
    markers = language.words(code, "published")["markers"]
    words = tuple(sorted(markers["words"], key=len, reverse=True))
    return _Markers(words, frozenset(markers["changed"]), frozenset(markers["line_only"]))


def find_marked(text: str, code: str, *, grows: bool = False) -> date | None:
    """The date behind a marker ("Stand: 12.05.2025") near the beginning or the end of a text: that of its publication
    before that of its last change, or the other way round where it ``grows``."""
    for part in (text[:HEAD], text[-HEAD:] if len(text) > HEAD else ""):
        found = list(_find_marked(part, code))
        if found:
            return next((day for day, changed in found if changed is grows), found[0][0])
    return None


def _find_marked(part: str, code: str) -> Iterator[tuple[date, bool]]:
    """The dates behind markers, and whether each is that of a change."""
    markers = _markers(code)
    opening: tuple[int, date] | None = None  # the line that begins with a date, and that
    for mention, day in named_days(part, code):
        line_start = part.rfind("\n", 0, mention.span.start) + 1
        if mention.span.start - line_start <= _OPENING:
            opening = (line_start, day)
        line_end = part.find("\n", mention.span.end)
        before = part[line_start : mention.span.start].rstrip(" :(").lower()
        rest = part[mention.span.end : line_end if line_end >= 0 else len(part)].strip(" .,)")
        for word in markers.words:
            if before == word or before.endswith((" " + word, "(" + word)):
                if word in markers.line_only and rest:
                    continue
                if word in markers.changed and opening is not None and opening[0] == line_start:
                    yield opening[1], False  # "26.01.2025, 10:00 | aktualisiert 28.01.2025"
                if word not in markers.line_only or len(before) <= _DATELINE:
                    yield day, word in markers.changed
                    break


def named_days(text: str, code: str) -> list[tuple[TimeMention, date]]:
    """The expressions that name a single day in full, with their days."""
    return [
        (mention, mention.when.start)
        for mention in find_times(text, split_sentences(text, code), None, code)
        if mention.when is not None and mention.when.start is not None and mention.when.end == mention.when.start + _DAY
    ]


def find_dateline(text: str, code: str) -> date | None:
    """The day in the dateline of the first lines: "Kiew, 3. März 2024 (dpa) – ..." - names, a date, perhaps an agency
    in brackets, a dash."""
    fillers = frozenset(language.words(code, "published")["date_lines"]["fillers"])
    for line in text[:HEAD].split("\n")[:4]:
        dash = min((at for at in (line.find(sign) for sign in _DASHES) if at > 0), default=-1)
        days = (
            [(m, day) for m, day in named_days(line[: dash + 1], code) if m.certainty == "explicit"] if dash > 0 else []
        )
        if len(days) != 1 or days[0][0].span.start > _DATELINE:
            continue
        mention, day = days[0]
        front = line[: mention.span.start].replace("/", " ").split()
        rest = line[mention.span.end : dash].strip(" ,")
        named = all(word[0].isupper() or word.lower() in fillers or word[0] == "(" for word in front)
        if front and named and (not rest or (rest[0] == "(" and rest[-1] == ")")):
            return day
    return None


def find_only_day(text: str, code: str) -> date | None:
    """The day of the last line that names one, and no other, in full."""
    for line in reversed(text.split("\n")):
        days = {day for mention, day in named_days(line, code) if mention.certainty == "explicit"}
        if len(days) == 1:
            return days.pop()
    return None


def find_date_line(text: str, code: str) -> date | None:
    """The day of a line near the beginning that is nothing but a date, with a clock time or not. A text with several
    such lines is a chronicle: none of them is its own."""
    fillers = frozenset(language.words(code, "published")["date_lines"]["fillers"])
    found: list[tuple[int, date]] = []
    start = 0
    for line in text[:STORY].split("\n"):
        if 6 <= len(line.strip()) <= _DATE_LINE and any(character.isdigit() for character in line):
            day = _read_date_line(line, code, fillers)
            if day is not None:
                found.append((start, day))
        start += len(line) + 1
    return found[0][1] if len(found) == 1 and found[0][0] < HEAD else None


def _read_date_line(line: str, code: str, fillers: frozenset[str]) -> date | None:
    days = [
        mention
        for mention in find_times(line, split_sentences(line, code), None, code)
        if mention.when is not None and mention.when.start is not None and mention.when.precision in ("day", "minute")
    ]
    if not days:
        return None
    place = _PLACE.match(line[: days[0].span.start])  # "Berlin, den 20. Dezember 2025", as letters begin
    rest = " " * place.end() + line[place.end() :] if place else line
    for mention in reversed(days):
        rest = rest[: mention.span.start] + " " + rest[mention.span.end :]
    words = (word.strip(".,:;|/()–—-") for word in rest.lower().split())
    only = all(not word or word in fillers or word.replace(":", "").replace(".", "").isdigit() for word in words)
    first = days[0].when.start if days[0].when else None
    return first if only and len({mention.when.start for mention in days if mention.when}) == 1 else None
