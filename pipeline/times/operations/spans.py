"""Spans that reach from a day back or ahead: "in den letzten Wochen", "binnen vier Tagen", "seit Monaten"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pipeline import resolve
from pipeline.resolve import DAY, Interval
from pipeline.times.amounts import duration_value, find_amount
from pipeline.times.context import Context, Reading
from pipeline.times.operations.words import Captures, Constants, key_of, spanning

WHOLE_DAYS: Mapping[str, int] = {"day": 1, "week": 7}
MONTHS: Mapping[str, int] = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}
_VAGUE_DAYS: Mapping[str, int] = {
    "minute": 0,
    "hour": 0,
    "day": 6,
    "week": 28,
    "month": 120,
}  # how far "in den letzten Tagen" reaches back


def _reach(amount: float | None, unit: str, base: date, future: bool) -> int | None:
    """How many days an amount of time reaches; ``None`` when only a guess could say."""
    if amount is None:
        return _VAGUE_DAYS.get(unit)
    if unit in ("second", "minute"):
        return 0
    if unit == "hour":
        return round(amount / 24)
    if unit in WHOLE_DAYS or unit == "weekend":
        return round(amount * WHOLE_DAYS.get(unit, 7))
    months = round(amount * MONTHS[unit])
    try:
        other = resolve.add_months(base, months if future else -months)
    except OverflowError:
        return None
    return abs((other - base).days)


def span(captured: Captures, context: Context, _: Constants) -> Reading | None:
    """ "in den letzten Wochen", "in den kommenden zwei Tagen"."""
    words = context.grammar.words
    unit = context.grammar.unit_of(captured["unit_word"])
    amount = find_amount(captured, context.grammar)
    modifier = captured["modifier"].lower()
    future = modifier in words["future_modifiers"]
    base = context.focus.start if modifier in words["focus_modifiers"] and context.focus is not None else context.anchor
    value = duration_value(amount, unit)
    if base is None:
        return Reading("DURATION", value, reason="unpublished", establishes=False)
    days = _reach(amount, unit, base, future)
    if days is None:
        return Reading("DURATION", value, reason="vague", establishes=False)
    interval = Interval(base, base + (days + 1) * DAY) if future else Interval(base - days * DAY, base + DAY)
    return spanning("DURATION", value, interval, base, vague=amount is None)


def within(captured: Captures, context: Context, _: Constants) -> Reading | None:
    """ "binnen vier Tagen": from the date in focus, or from publication for what is to come."""
    unit = str(key_of(captured, context, "unit"))
    amount = find_amount(captured, context.grammar)
    base = context.focus.start if context.focus is not None and context.direction != "future" else context.published
    value = duration_value(amount, unit)
    days = _reach(amount, unit, base, True) if base is not None else None
    if base is None or days is None:
        return Reading("DURATION", value, reason="duration", establishes=False)
    if amount is None and unit == "day":
        days += 1  # "binnen Tagen": a week
    return spanning("DURATION", value, Interval(base, base + (days + 1) * DAY), base, vague=amount is None)


def since_amount(captured: Captures, context: Context, _: Constants) -> Reading | None:
    """ "seit drei Tagen", "seit Wochen"."""
    unit = str(key_of(captured, context, "unit"))
    amount = find_amount(captured, context.grammar)
    base = context.anchor
    value = duration_value(amount, unit)
    days = _reach(amount, unit, base, False) if base is not None else None
    if base is None or days is None:
        return Reading("DURATION", value, reason="vague" if base else "unpublished", establishes=False)
    interval = Interval(base - days * DAY, base + DAY)
    return spanning(
        "DURATION", value, interval, base, vague=amount is None, approximate=bool(captured.get("approx"))
    )  # fmt: skip
