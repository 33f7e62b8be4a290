"""The second stage: expressions of time and what they mean.

At each word the rules of the language pack that can begin with it are tried and the longest match wins; what looks like
a time and is none is dropped; then each expression is read in text order against the day of publication, the date in
focus and the tense of its clause, and "seit", "bis" and ranges are opened into intervals.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from pipeline.records import DatePrecision, Document, Problem, Sentence, Span, TimeMention, When
from pipeline.resolve import Interval
from pipeline.sentences import split_sentences
from pipeline.times.checks import is_time
from pipeline.times.context import Context, Reading
from pipeline.times.direction import find_clause, find_outlook
from pipeline.times.grammar import Grammar, Match, load_grammar
from pipeline.times.operations import OPERATIONS
from pipeline.times.ranges import find_wrapper, join_ranges, open_interval

__all__ = ["add_times", "find_times", "resolve_expression"]

_DAYS = ("day", "weekday", "deictic-day")  # operations that name a day
_TIMES_OF_DAY = ("clock", "midnight", "daypart")
_LISTED = "day.of-list"
_LONG = 10  # sentences
_OPENING = 12  # characters: a date this near the start of a sentence opens it
_CONTEXT = 60  # characters before and after an expression that its checks may look at


def add_times(document: Document) -> Document:
    """Fill ``Document.times``. Without a day of publication relative expressions stay without an interval, and a
    problem says so."""
    times = find_times(document.text, document.sentences, document.published, document.language)
    problems = document.problems
    if document.published is None:
        unresolved = sum(mention.reason.key == "times.unpublished" for mention in times)
        if unresolved:
            message = (
                f"The publication date is not known, so {unresolved} relative time expressions stay without a date."
            )
            problems = (*problems, Problem("times", message))
    return replace(document, times=times, problems=problems)


def resolve_expression(expression: str, published: date | None, code: str) -> TimeMention | None:
    """What one expression means, as ``python -m pipeline date`` prints it: the longest mention in it. Odd formats of
    absolute dates that no rule knows are left to dateparser. ``None`` when there is no time in the words."""
    found = find_times(expression, split_sentences(expression, code), published, code)
    longest = max(found, key=lambda mention: mention.span.end - mention.span.start, default=None)
    if longest is not None:
        left = expression[: longest.span.start] + expression[longest.span.end :]
        if not any(sign.isdigit() for sign in left):
            return longest
    from pipeline.times.fallback import find_absolute

    return find_absolute(expression, code) or longest


def find_times(text: str, sentences: Sequence[Sentence], published: date | None, code: str) -> tuple[TimeMention, ...]:
    """The time expressions of a text in order; they do not overlap."""
    grammar = load_grammar(code)
    found = [
        _Found(match, sentence, number)
        for number, sentence in enumerate(sentences)
        for match in _match(text, sentence, grammar)
    ]
    matches = [one.match for one in found]
    context = Context(grammar, published, narrative=_is_narrative(matches, published), essay=_is_essay(found, grammar))
    reader = _Reader(text, context, found)
    return join_ranges(text, reader.read_all(), grammar)


class _Found(NamedTuple):
    match: Match
    sentence: Sentence
    number: int  # of the sentence


class _Reader:
    """Reads the matches of one text in order and keeps the date in focus."""

    def __init__(self, text: str, context: Context, found: Sequence[_Found]) -> None:
        self.text, self.context, self.found = text, context, found
        self.focus_sentence = self.recurring_sentence = -10
        self.paragraph = self.heading = -1
        self.last_end = -1  # of the last expression

    def read_all(self) -> list[TimeMention]:
        mentions = []
        for index, one in enumerate(self.found):
            if one.sentence.paragraph != self.paragraph:
                self.paragraph = one.sentence.paragraph
                _return_to_chapter(self.context)
            reading = self._read_time_of_day(index) if one.match.rule.op in _TIMES_OF_DAY else self._read(one)
            if reading is None:
                continue
            start, end, precision = reading.start, reading.end, reading.precision
            self.last_end = one.match.end
            mentions.append(_mention(one.match, open_interval(reading, one.match, self.context)))
            if reading.timex_type == "SET" or one.match.rule.id == _LISTED:
                self.recurring_sentence = one.number
            elif one.match.rule.op in _DAYS and (not index or self.found[index - 1].match.rule.id != _LISTED):
                self.recurring_sentence = -10
            if start is not None and end is not None and precision is not None:
                self._move_focus(one, reading, Interval(start, end), precision)
        return mentions

    def _read(self, one: _Found) -> Reading | None:
        self._look_around(one)
        try:
            return OPERATIONS[one.match.rule.op](one.match.captured, self.context, one.match.rule.constants)
        except (OverflowError, ValueError):  # a date outside the calendar: it is not known
            return None

    def _read_time_of_day(self, index: int) -> Reading | None:
        """A time of day belongs to the day that its clause names behind it: "Um 8 Uhr griffen sie am Montag an"."""
        one, context = self.found[index], self.context
        day = self._day_behind(index) if one.number != self.focus_sentence else None
        if day is None or day.start is None or day.end is None:
            return self._read(one)
        kept = context.focus, context.focus_precision
        context.focus, context.focus_precision = Interval(day.start, day.end), day.precision
        reading = self._read(one)
        context.focus, context.focus_precision = kept
        return reading

    def _day_behind(self, index: int) -> Reading | None:
        one = self.found[index]
        clause = find_clause(one.sentence, one.match.start)
        for other in self.found[index + 1 : index + 3]:
            if other.number != one.number or find_clause(one.sentence, other.match.start) != clause:
                return None
            if other.match.rule.op in _DAYS:
                return self._read(other)
        return None

    def _look_around(self, one: _Found) -> None:
        """Tell the context what stands around a match."""
        match, sentence, number = one
        context = self.context
        outlook = find_outlook(sentence, match.start, match.end, context.grammar)
        context.direction, context.states, context.quoted = outlook.direction, outlook.states, outlook.quoted
        context.tense = outlook.tense
        context.heading = sentence.heading
        context.before = self.text[max(0, match.start - _CONTEXT) : match.start].lower()
        context.after = self.text[match.end : match.end + _CONTEXT].lower()
        context.wrapper = None if self._is_range_end(one) else find_wrapper(context)
        if context.wrapper == "since":
            context.direction = "past"
        elif context.wrapper == "until" and (outlook.tense != "past" or outlook.perfect):
            context.direction = "future"
        context.beside = number == self.focus_sentence
        context.chained = number - self.focus_sentence <= 1
        context.recurring = number == self.recurring_sentence

    def _is_range_end(self, one: _Found) -> bool:
        """ "2014 bis 2020": the date in front is the start, so "bis" opens no interval of its own."""
        if self.last_end < 0:
            return False
        gap = " ".join(self.text[self.last_end : one.match.start].lower().split())
        return gap in self.context.grammar.words["wrappers"]["until"]

    def _move_focus(self, one: _Found, reading: Reading, named: Interval, precision: DatePrecision) -> None:
        context = self.context
        if one.sentence.heading and context.narrative and reading.certainty == "explicit":
            years = Interval(date(named.start.year, 1, 1), date(_last_year(named.end) + 1, 1, 1))
            again = context.chapter is not None and self.heading == one.number  # "Juni 1944 bis Mai 1945"
            context.chapter = Interval(context.chapter.start, years.end) if again and context.chapter else years
            context.focus, context.focus_precision, self.heading = context.chapter, "year", one.number
        elif reading.establishes and not _is_aside(one.match, one.sentence, context):
            context.focus, context.focus_precision = named, precision
            context.focus_morning = reading.value.endswith("TMO")
            self.focus_sentence = one.number


def _return_to_chapter(context: Context) -> None:
    """A new paragraph under a heading with a year tells of that year, wherever the last one strayed."""
    chapter = context.chapter
    if chapter is not None and (context.focus is None or not chapter.start <= context.focus.start < chapter.end):
        context.focus, context.focus_precision = chapter, "year"


def _last_year(end: date) -> int:
    return (end - timedelta(days=1)).year


def _is_aside(match: Match, sentence: Sentence, context: Context) -> bool:
    """Whether a bare year in a story only looks back or ahead ("a plan worked out from 1941 on", told in 1944): it
    neither begins its sentence nor is it the year in focus or the next."""
    if match.rule.id != "year.alone" or not context.narrative or context.focus is None or sentence.heading:
        return False
    return match.start - sentence.span.start > _OPENING and (
        int(match.captured["year"]) - context.focus.start.year not in (0, 1)
    )


def _match(text: str, sentence: Sentence, grammar: Grammar) -> Iterable[Match]:
    position = 0
    for index, token in enumerate(sentence.tokens):
        if token.start < position or (token.kind == "punctuation" and token.text != "'"):
            continue
        for match in grammar.match_at(text, token.start, token.end):
            if match.end <= sentence.span.end and is_time(match, text, sentence, index, grammar):
                yield match
                position = match.end
                break


def _mention(match: Match, reading: Reading) -> TimeMention:
    when = None
    if (reading.start is not None or reading.end is not None) and reading.precision is not None:
        when = When(reading.start, reading.end, reading.precision, reading.approximate, reading.clock)
    return TimeMention(
        Span(match.start, match.end), match.rule.id, reading.timex_type, reading.value, when, reading.certainty,
        reading.anchor if when is not None else None, reading.as_reason, tuple(reading.candidates),
    )  # fmt: skip


def _is_narrative(matches: Sequence[Match], published: date | None) -> bool:
    """Whether a text tells history: it names years that are not the year of publication, and seldom a weekday,
    "gestern" or "heute"."""
    years = []
    deictic = 0
    for match in matches:
        year = match.captured.get("year", "")
        if len(year) == 4:
            years.append(int(year))
        elif match.rule.op in ("weekday", "deictic-day", "night-to", "relative-unit", "weekend"):
            deictic += 1
    here = published.year if published else None
    past = sum(here is None or year < here - 1 for year in years)
    return past >= 6 and past > 0.8 * len(years) and deictic * 4 < past


def _is_essay(found: Sequence[_Found], grammar: Grammar) -> bool:
    """Whether a longer text names no day near its publication: its "heute" is the present time."""
    if not found or found[-1].number < _LONG:
        return False
    return not any(
        one.match.rule.op in ("weekday", "night-to", "clock", "weekend", "night-alone")
        or (one.match.rule.op == "deictic-day" and _is_day_near(one.match, grammar))
        for one in found
    )


def _is_day_near(match: Match, grammar: Grammar) -> bool:
    return "daypart" in match.captured or grammar.key_of("deictic", match.captured["deictic"]) != 0
