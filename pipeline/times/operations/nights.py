"""Nights: each lasts from the evening of one day to the morning of the next, and is named by the evening."""

from __future__ import annotations

from datetime import date

from pipeline.records import Certainty, DateCandidate, When
from pipeline.resolve import DAY, Interval
from pipeline.times.context import Context, Reading
from pipeline.times.operations.days import day, day_of_focus, deictic_day
from pipeline.times.operations.weekdays import weekday
from pipeline.times.operations.words import Captures, Constants, dated, key_of
from pipeline.times.operations.years import year_turn

_UNKNOWN = "XXXX-XX-XXTNI"


def _night(evening: date, reason: str, anchor: date | None, certainty: Certainty = "relative") -> Reading:
    return dated(
        f"{evening.isoformat()}TNI", Interval(evening, evening + 2 * DAY), "night", reason, timex_type="TIME",
        certainty=certainty, anchor=anchor, evening=evening.isoformat(), morning=(evening + DAY).isoformat(),
    )  # fmt: skip


def night_to(captured: Captures, context: Context, constants: Constants) -> Reading | None:
    """ "in der Nacht zum Sonntag": Saturday to Sunday."""
    names = dict(captured)
    if names.get("second") and "day" not in names:
        names["weekday"] = names.pop("second")
    if names.get("which"):
        names["deictic"] = names.pop("which")
    if names.get("deictic"):
        inner = deictic_day(names, context, constants)
    elif names.get("day"):
        if "month" not in names and names.get("first_month"):
            names["month"] = names["first_month"]
        inner = day(names, context, constants) if "month" in names else day_of_focus(names, context, constants)
    else:
        inner = weekday(names, context, constants)
    if inner is None:
        return None
    if inner.start is None:
        return Reading("TIME", _UNKNOWN, reason="unpublished")
    reading = _night(inner.start - DAY, "night-to", inner.anchor, inner.certainty)
    for candidate in inner.candidates:
        morning = candidate.when.start
        if morning is not None:
            reading.candidates.append(DateCandidate(When(morning - DAY, morning + DAY, "night"), candidate.reason))
    return reading


def night_of(captured: Captures, context: Context, constants: Constants) -> Reading | None:
    """ "Nacht des 14. Februar": from that day to the next."""
    inner = day(captured, context, constants) if captured.get("month") else day_of_focus(captured, context, constants)
    if inner is None or inner.start is None:
        return None
    return _night(inner.start, "night-of", inner.anchor, inner.certainty)


def night_modified(captured: Captures, context: Context, _: Constants) -> Reading | None:
    """ "vergangene Nacht"; "derselben Nacht": the night in focus."""
    modifier = key_of(captured, context, "modifier") or key_of(captured, context, "beside")
    if modifier in ("following", "preceding") and context.focus is not None:
        evening = context.focus.end - DAY if modifier == "following" else context.focus.start - DAY
        return _night(evening, "night-focus", evening)
    if modifier in ("same", "this") and context.focus is not None:
        evening = context.focus.start - DAY if context.focus_morning else context.focus.start
        if modifier == "this" and context.published is not None and context.focus.start > context.published:
            evening = context.published - DAY
        return _night(evening, "night-focus", evening)
    base = context.anchor
    if base is None:
        return Reading("TIME", _UNKNOWN, reason="unpublished")
    evening = base if modifier in ("next", "following") else base - 2 * DAY if modifier == "before-last" else base - DAY
    return _night(evening, "night-published", base)


def night_alone(_captured: Captures, context: Context, _: Constants) -> Reading | None:
    """ "in der Nacht": the one before publication, in a story that of the date in focus."""
    base = context.anchor
    if base is None:
        return Reading("TIME", _UNKNOWN, reason="unpublished")
    if context.narrative and context.focus is not None:
        return _night(context.focus.start, "night-focus", base)
    return _night(base if context.direction == "future" else base - DAY, "night-published", base)


def night_new_year(captured: Captures, context: Context, constants: Constants) -> Reading | None:
    """ "Silvesternacht"."""
    inner = year_turn(captured, context, constants)
    if inner is None or inner.start is None:
        return inner
    return _night(inner.start, "night-of", inner.anchor, inner.certainty)
