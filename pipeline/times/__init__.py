"""The second stage: expressions of time and what they mean.

At each word the rules of the language pack that can begin with it are tried and the longest match wins; what looks like
a time and is none is dropped; then each expression is read in text order against the day of publication, the date in
focus and the tense of its clause, and "seit", "bis" and ranges are opened into intervals.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from pipeline.records import Document, Problem, Sentence, Span, TimeMention, When
from pipeline.resolve import Interval
from pipeline.sentences import split_sentences
from pipeline.times.checks import is_time
from pipeline.times.context import Context, Reading
from pipeline.times.direction import find_outlook
from pipeline.times.grammar import Grammar, Match, load_grammar
from pipeline.times.operations import OPERATIONS
from pipeline.times.ranges import find_wrapper, join_ranges, open_interval

__all__ = ["add_times", "find_times", "resolve_expression"]

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
    matches = [
        (match, sentence, number)
        for number, sentence in enumerate(sentences)
        for match in _match(text, sentence, grammar)
    ]
    context = Context(grammar, published, narrative=_is_narrative([m for m, _, _ in matches], published))
    mentions: list[TimeMention] = []
    focus_sentence = -10
    paragraph = heading = -1
    for match, sentence, number in matches:
        before = text[max(0, match.start - _CONTEXT) : match.start].lower()
        outlook = find_outlook(sentence, match.start, grammar)
        context.direction, context.states, context.quoted = outlook.direction, outlook.states, outlook.quoted
        context.heading = sentence.heading
        if sentence.paragraph != paragraph:
            paragraph = sentence.paragraph
            _return_to_chapter(context)
        context.before, context.after = before, text[match.end : match.end + _CONTEXT].lower()
        context.wrapper = find_wrapper(context)
        if context.wrapper == "since":
            context.direction = "past"
        elif context.wrapper == "until" and (outlook.tense != "past" or outlook.perfect):
            context.direction = "future"
        context.beside = number == focus_sentence
        context.chained = number - focus_sentence <= 1
        reading = _read(match, context)
        if reading is None:
            continue
        start, end, precision = reading.start, reading.end, reading.precision
        mentions.append(_mention(match, open_interval(reading, match, context)))
        if sentence.heading and context.narrative and reading.certainty == "explicit" and start and end:
            named = Interval(date(start.year, 1, 1), date(_last_year(end) + 1, 1, 1))
            again = context.chapter is not None and heading == number  # "Juni 1944 bis Mai 1945"
            context.chapter = Interval(context.chapter.start, named.end) if again and context.chapter else named
            context.focus, context.focus_precision, heading = context.chapter, "year", number
            continue
        if reading.establishes and start is not None and end is not None and not _is_aside(match, sentence, context):
            context.focus, context.focus_precision = Interval(start, end), precision
            context.focus_morning = reading.value.endswith("TMO")
            focus_sentence = number
    return join_ranges(text, mentions, grammar)


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
        for match in grammar.match_at(text, token.start, token.text.lower()):
            if match.end <= sentence.span.end and is_time(match, text, sentence, index, grammar):
                yield match
                position = match.end
                break


def _read(match: Match, context: Context) -> Reading | None:
    try:
        return OPERATIONS[match.rule.op](match.captured, context, match.rule.constants)
    except (OverflowError, ValueError):  # a date outside the calendar: it is not known
        return None


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
