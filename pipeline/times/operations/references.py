"""Words that point to the past, present or future without a date."""

from __future__ import annotations

from pipeline.resolve import DAY, Interval
from pipeline.times.context import Context, Reading
from pipeline.times.operations.words import Captures, Constants, dated, spanning


def reference(_captured: Captures, _context: Context, constants: Constants) -> Reading:
    """ "kürzlich", "derzeit", "bald"."""
    return Reading("DATE", str(constants["value"]), reason="reference", establishes=False)


def then(_captured: Captures, context: Context, _: Constants) -> Reading:
    """ "zu dieser Zeit": the days in focus, where they are few."""
    focus = context.focus
    if focus is None or context.published is None or context.narrative or focus.end - focus.start > 8 * DAY:
        return Reading("DATE", "PAST_REF", reason="reference", establishes=False)
    return dated(
        "PAST_REF", focus, "day" if focus.end - focus.start == DAY else "range", "unit-focus", certainty="inferred",
        anchor=focus.start, establishes=False, value=focus.start.isoformat(),
    )  # fmt: skip


def until_then(_captured: Captures, context: Context, _: Constants) -> Reading:
    """ "bis dahin": from publication to the end of the date in focus, where that is still to come."""
    focus, published = context.focus, context.published
    if focus is None or published is None or context.narrative or focus.end <= published + DAY:
        return Reading("DATE", "PAST_REF", reason="reference", establishes=False)
    return spanning("DATE", "FUTURE_REF", Interval(published, focus.end), published)


def since_then(_captured: Captures, context: Context, _: Constants) -> Reading:
    """ "seither": from the date in focus to publication."""
    if context.focus is None or context.published is None or context.focus.start > context.published:
        return Reading("DATE", "PAST_REF", reason="reference", establishes=False)
    start = context.focus.start
    return spanning("DATE", "PAST_REF", Interval(start, context.published + DAY), start)
