"""Finds where sentences begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from pipeline import language
from pipeline.records import Span

_LINE = re.compile(r"[^\n\r\u2028\u2029\x0b\x0c]+")
# A mark that may end a sentence, what closes behind it, and the white space after that.
_STOP = re.compile(r"(?:\.{1,3}|[!?…]{1,3})[\"“”»«'’‘›‹)\]]{0,3}(?=\s|$)")
_WORD_AFTER = re.compile(r"[\s\"„“”»«'‚‘›‹(\[–—-]*([^\W\d_]+|\d+)?")
_LONGEST_WORD = 40
_WRAPPED = range(45, 101)  # lengths of lines that somebody's mail program has wrapped


class Ends(NamedTuple):
    abbreviations: frozenset[str]
    ending_abbreviations: frozenset[str]
    ordinal_before: frozenset[str]
    ordinal_after: frozenset[str]
    ordinal_never: frozenset[str]
    openers: frozenset[str]


@cache
def load_ends(code: str) -> Ends:
    words = language.words(code, "sentences")
    return Ends(
        *(
            frozenset(str(word) for word in words[name])
            for name in (
                "abbreviations",
                "sentence_abbreviations",
                "ordinal_before",
                "ordinal_after",
                "ordinal_never",
                "sentence_openers",
            )
        )
    )


def find_lines(text: str) -> Iterator[tuple[Span, int]]:
    """Stretches of running text with the number of their paragraph. A line is one stretch, unless the text was wrapped
    by hand, when the lines of a paragraph belong together."""
    lines = [match.span() for match in _LINE.finditer(text)]
    wrapped = sum(end - start in _WRAPPED for start, end in lines)
    is_wrapped = (
        wrapped > 0.5 * len(lines)
        and all(end - start <= 120 for start, end in lines)
        and (wrapped >= 4 or _breaks_inside_sentence(text, lines))
    )
    paragraph = 0
    open_start: int | None = None
    previous_end = 0
    for start, end in lines:
        gap = text[previous_end:start]
        blank = gap.count("\n") > 1 or previous_end == 0
        continues = is_wrapped and not blank and previous_end - (open_start or 0) >= _WRAPPED.start
        if open_start is not None and not continues:
            yield Span(open_start, previous_end), paragraph
            open_start = None
        if blank or not is_wrapped:
            paragraph += 1
        if open_start is None:
            open_start = start
        previous_end = end
    if open_start is not None:
        yield Span(open_start, previous_end), paragraph


def _breaks_inside_sentence(text: str, lines: list[tuple[int, int]]) -> bool:
    """Whether the line behind a long one begins in lower case."""
    return any(
        end - start in _WRAPPED and behind - end <= 2 and text[behind].islower()
        for (start, end), (behind, _) in pairwise(lines)
    )


def find_sentences(text: str, start: int, end: int, code: str) -> Iterator[Span]:
    """The sentences of one stretch, trimmed of white space."""
    ends = load_ends(code)
    begin = start
    for stop in _STOP.finditer(text, start, end):
        if stop.end() < end and not _is_end(text, stop, end, ends):
            continue
        span = _trimmed(text, begin, stop.end())
        if span:
            yield span
        begin = stop.end()
    span = _trimmed(text, begin, end)
    if span:
        yield span


def _trimmed(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None


def _is_end(text: str, stop: re.Match[str], end: int, ends: Ends) -> bool:
    following = _WORD_AFTER.match(text, stop.end(), min(end, stop.end() + 60))
    after = (following and following.group(1)) or ""
    if after and after[0].islower():
        # "„Wir kommen!“, sagte er" and "... und dann": no new sentence begins in lower case.
        return False
    mark = stop.group()
    if not mark.startswith(".") or len(mark) > 1:
        return True
    spaced = text[max(0, stop.start() - 2) : stop.start()]
    at = stop.start() - (spaced[:1].isdigit() and spaced[1:] == " ")  # "am 12 . Juni", as scanners read it
    before = _word_before(text, at)
    if before.isdigit():
        return _ends_after_number(text, at - len(before), before, after, ends)
    lowered = before.lower()
    if len(before) == 1 and before.isupper():
        return after.lower() in ends.openers  # an initial: "Donald J. Trump"
    if lowered in ends.abbreviations:
        return lowered in ends.ending_abbreviations and after.lower() in ends.openers
    return True


def _word_before(text: str, end: int) -> str:
    """The letters or the digits that end at a place."""
    start = end
    lowest = max(0, end - _LONGEST_WORD)
    is_part = str.isdigit if text[end - 1 : end].isdigit() else str.isalpha
    while start > lowest and is_part(text[start - 1]):
        start -= 1
    return text[start:end]


def _ends_after_number(text: str, start: int, number: str, after: str, ends: Ends) -> bool:
    """A full stop behind a number makes an ordinal ("am 7. Oktober") or ends the sentence ("im Jahr 2003.")."""
    if after.lower() in ends.ordinal_after:
        return False
    if len(number) > 2:
        return True
    if after.isdigit():
        return False
    if _word_before(text, max(0, start - 1)).lower() in ends.ordinal_before:
        return after.istitle() and after.lower() in ends.ordinal_never
    return after.lower() in ends.openers
