"""Looks for the day of publication in the text of a report."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from pipeline import language
from pipeline.sentences import split_sentences
from pipeline.times import find_times

_HEAD = 600  # characters at either end of a report in which its own date stands
_STORY = 20_000  # characters that are searched for an anniversary
_MOST = 6  # candidates
_YEARS = re.compile(r"P(\d{1,3})Y")
_WEEKDAY = re.compile(r"XXXX-WXX-(\d)")
_DATE_LINE = 60  # characters of a line that is nothing but a date
_DATELINE = 60  # characters before the dash of "Kiew, 3. März 2024 –"


class Published(NamedTuple):
    """``day`` when the text says it; otherwise ``candidates``: the days that follow from an
    anniversary, then the days it names, latest first. ``stated``: it says so in words; else a line near its beginning
    holds a date and nothing else."""

    day: date | None
    candidates: tuple[date, ...]
    stated: bool = True


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
    alone = _find_date_line(text, code)
    if alone is not None:
        return Published(alone, (), stated=False)
    reckoned = _find_anniversaries(text[:_STORY], code)
    return Published(None, (*reckoned, *sorted(days.keys() - set(reckoned), reverse=True))[:_MOST])


def _find_date_line(text: str, code: str) -> date | None:
    """The day of a line near the beginning that is nothing but a date, with a clock time or not. A text with several
    such lines is a chronicle: none of them is its own."""
    fillers = frozenset(language.words(code, "published")["date_lines"]["fillers"])
    found: list[tuple[int, date]] = []
    start = 0
    for line in text[:_STORY].split("\n"):
        if 6 <= len(line.strip()) <= _DATE_LINE and any(character.isdigit() for character in line):
            day = _read_date_line(line, code, fillers)
            if day is not None:
                found.append((start, day))
        start += len(line) + 1
    return found[0][1] if len(found) == 1 and found[0][0] < _HEAD else None


def _read_date_line(line: str, code: str, fillers: frozenset[str]) -> date | None:
    days = [
        mention
        for mention in find_times(line, split_sentences(line, code), None, code)
        if mention.when is not None and mention.when.start is not None and mention.when.precision in ("day", "minute")
    ]
    if not days:
        return None
    rest = line
    for mention in reversed(days):
        rest = rest[: mention.span.start] + " " + rest[mention.span.end :]
    words = (word.strip(".,:;|/()–—-") for word in rest.lower().split())
    only = all(not word or word in fillers or word.replace(":", "").replace(".", "").isdigit() for word in words)
    first = days[0].when.start if days[0].when else None
    return first if only and len({mention.when.start for mention in days if mention.when}) == 1 else None


def _find_anniversaries(text: str, code: str) -> list[date]:
    """Days on which a text speaks when it counts whole years from a day that it names: "vor genau zwei Jahren, am 15.
    April 2023", or the days before the weekday on which that day "jährt sich"."""
    words = language.words(code, "published")["anniversaries"]
    sentences = split_sentences(text, code)
    mentions = find_times(text, sentences, None, code)
    named = [m for m in mentions if m.rule == "day.written" and m.when is not None and m.when.start is not None]
    found: dict[date, None] = {}
    for sentence in sentences:
        start, end = sentence.span
        said = text[start:end].lower().split()
        inside = [m for m in mentions if start <= m.span.start < end]
        for mention in inside:
            years = _YEARS.fullmatch(mention.timex_value) if mention.rule == "offset.ago" else None
            exact = any(word in text[slice(*mention.span)].lower().split() for word in words["exact"])
            weekday = _WEEKDAY.fullmatch(mention.timex_value)
            for day in (m.when.start for m in named if m.when is not None):
                if day is None:
                    continue
                if years and exact and any(m.when is not None and m.when.start == day for m in inside):
                    found[_add_years(day, int(years[1]))] = None
                elif weekday and any(word in said for word in words["returns"]):
                    returns = (_add_years(day, more) for more in range(1, 30))
                    back = next((d for d in returns if d.isoweekday() == int(weekday[1])), None)
                    found.update(dict.fromkeys(back - timedelta(days=n) for n in range(1, 7)) if back else {})
    return list(found)


def _add_years(day: date, years: int) -> date:
    """The same day of a later year, none beyond the calendar; 29 February becomes 1 March."""
    year = min(day.year + years, date.max.year)
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
