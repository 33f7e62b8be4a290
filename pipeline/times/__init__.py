"""The second stage: expressions of time and what they mean.

At each word the rules of the language pack that can begin with it are tried and the longest match wins; what looks like
a time and is none is dropped; then each expression is read in text order against the day of publication, the date in
focus and the tense of its clause, and "seit", "bis" and ranges are opened into intervals.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from pipeline.records import Document, Problem, Sentence, Span, TimeMention
from pipeline.sentences import split_sentences
from pipeline.times.checks import is_time
from pipeline.times.context import Context
from pipeline.times.grammar import Found, Grammar, Match, load_grammar
from pipeline.times.known_days import KnownDays
from pipeline.times.ranges import join_ranges
from pipeline.times.reader import Reader

__all__ = ["add_times", "find_times", "resolve_expression"]

_LONG = 10  # sentences
_ANCIENT = "year-before-christ"


def add_times(document: Document) -> Document:
    """Fill ``Document.times``. Without a day of publication relative expressions stay without an interval, and a
    problem says so."""
    apart = [part.span for part in document.parts if part.kind != "ticker"]
    times = find_times(document.text, document.sentences, document.published, document.language, apart)
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


def find_times(
    text: str, sentences: Sequence[Sentence], published: date | None, code: str, apart: Sequence[Span] = ()
) -> tuple[TimeMention, ...]:
    """The time expressions of a text in order; they do not overlap. ``apart``, in order: what is no running text, such
    as captions; a date in it is not the one that the story is at."""
    grammar = load_grammar(code)
    found = [
        Found(match, sentence, number)
        for number, sentence in enumerate(sentences)
        for match in _match(text, sentence, grammar)
    ]
    matches = [one.match for one in found]
    known = KnownDays(text, grammar)
    context = Context(
        grammar, published, known, narrative=_is_narrative(matches, published), essay=_is_essay(found, grammar)
    )
    reader = Reader(text, context, found, apart)
    return join_ranges(text, reader.read_all(), grammar)


def _match(text: str, sentence: Sentence, grammar: Grammar) -> Iterable[Match]:
    position = 0
    may_open = grammar.may_open
    for index, token in enumerate(sentence.tokens):
        if not may_open[token.text] or token.start < position:
            continue
        start = token.start
        if token.kind == "punctuation" and token.text != "'":
            continue
        if index and sentence.tokens[index - 1].end == start and text[start - 1].isalnum():
            continue  # "4Uhr" of "14Uhr"
        for match in grammar.match_at(text, start, token.end):
            if match.end <= sentence.span.end and is_time(match, text, sentence, index, grammar):
                yield match
                position = match.end
                break


def _is_narrative(matches: Sequence[Match], published: date | None) -> bool:
    """Whether a text tells history: it names years that are not the year of publication, and seldom a weekday,
    "gestern" or "heute"."""
    years = []
    deictic = 0
    for match in matches:
        year = match.captured.get("year", "")
        if len(year) == 4 or match.rule.op == _ANCIENT:
            years.append(int(year or 0))
        elif match.rule.op in ("weekday", "deictic-day", "night-to", "relative-unit", "weekend"):
            deictic += 1
    here = published.year if published else None
    past = sum(here is None or year < here - 1 for year in years)
    return past >= 6 and past > 0.8 * len(years) and deictic * 4 < past


def _is_essay(found: Sequence[Found], grammar: Grammar) -> bool:
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
