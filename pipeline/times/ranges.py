"""Opens "seit X", "bis X" and "vor X" into intervals, and lets the first date of a range span the whole of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from pipeline.records import Reason, TimeMention, When
from pipeline.times.context import Context, Reading
from pipeline.times.grammar import Grammar, Match

DAY = timedelta(days=1)


def open_interval(reading: Reading, match: Match, context: Context) -> Reading:
    """ "seit Mai" runs from the start of May to the day of publication, "bis Freitag" from there to the end of
    Friday, and "vor Jahresende", said of what is to come, to the end of the year."""
    if reading.start is None or reading.end is None or match.rule.id.startswith(("offset", "span", "duration")):
        return reading
    wrapper = context.wrapper
    day = context.published
    if wrapper is None or day is None or context.narrative:
        return reading
    if wrapper == "since" and reading.start <= day:
        reading.end, reading.precision = max(reading.end, day + DAY) if reading.start > day else day + DAY, "range"
    elif wrapper == "until":
        base = day if reading.end > day or context.focus is None else context.focus.start
        if base >= reading.end:
            return reading
        reading.start, reading.precision = base, "range"
    elif wrapper == "before" and context.direction == "future" and reading.end > day:
        reading.start, reading.precision = day, "range"
    else:
        return reading
    reading.reason, reading.values = (
        "span",
        {
            "start": reading.start.isoformat(),
            "end": (reading.end - DAY).isoformat(),
        },
    )
    reading.clock = None
    return reading


def find_wrapper(context: Context) -> str | None:
    """What stands in front of an expression and opens it: "since", "until", "before" or nothing."""
    words = context.grammar.words
    before = " ".join(context.before.split())
    for name, leads in words["wrappers"].items():
        for lead in leads:
            if before == lead or before.endswith((" " + lead, "(" + lead)):
                if name == "until" and _is_range_end(before.removesuffix(lead), words["range_openers"]):
                    return None
                return str(name)
    return None


def _is_range_end(before: str, openers: list[str]) -> bool:
    """Whether "bis" is the middle of "vom 3. bis 5. Mai" or "zwischen Montag und Mittwoch"."""
    tail = before.split()[-4:]
    return any(opener in tail for opener in openers)


def is_range(text: str, first: int, end: int, second: int, grammar: Grammar) -> bool:
    """Whether two expressions, ``first`` to ``end`` and from ``second``, are the ends of a range: "Mai bis Juli",
    "zwischen Mai und Juli"."""
    if second - end > _GAP:
        return False
    words = grammar.words
    gap = " ".join(text[end:second].lower().replace(".", " ").split())
    if gap not in words["range_middles"]:
        return False
    before = " ".join(text[max(0, first - _FRONT) : first].lower().split())
    opened = any(before == opener or before.endswith(" " + opener) for opener in words["range_openers"])
    return opened or gap not in words["list_middles"]


_GAP, _FRONT = 16, 14  # characters between two ends, and before the first


def join_ranges(text: str, mentions: list[TimeMention], grammar: Grammar) -> tuple[TimeMention, ...]:
    """The first of two dates that are joined into a range ("vom 3. bis 5. Mai") gets the interval of both."""
    out = list(mentions)
    for i in range(len(out) - 1):
        first, second = out[i], out[i + 1]
        if first.when is None or second.when is None:
            continue
        if not is_range(text, first.span.start, first.span.end, second.span.start, grammar):
            continue
        start, end = first.when.start, second.when.end
        if start is None or end is None or start >= end or first.when.precision == "range":
            continue
        values = (("start", start.isoformat()), ("end", (end - DAY).isoformat()))
        out[i] = replace(
            first, when=When(start, end, "range", first.when.approximate), reason=Reason("times.span", values)
        )
    return tuple(out)
