"""Offsets: "vor drei Tagen", "zwei Wochen später", "ein Jahr nach dem Angriff"."""

from __future__ import annotations

from datetime import date

from pipeline import resolve
from pipeline.records import DatePrecision
from pipeline.resolve import DAY, Direction, Interval, day_interval
from pipeline.times.amounts import duration_value, find_amount
from pipeline.times.context import Context, Reading
from pipeline.times.operations.spans import MONTHS, WHOLE_DAYS
from pipeline.times.operations.words import Captures, Constants, dated, key_of

_FEW = 14  # days after which a story goes on, "nach zwei Tagen"; more of them are a length of time
# How many days "vor einigen Tagen" and "in einigen Tagen" may be off.
_VAGUE_REACH = {"past": {"day": 7, "week": 42, "month": 120}, "future": {"day": 6, "week": 42, "month": 120}}


def offset(captured: Captures, context: Context, _: Constants) -> Reading | None:
    """From publication ("vor", "in") or from the date in focus ("zuvor", "später", "nach")."""
    words = context.grammar.words
    unit = str(key_of(captured, context, "unit"))
    amount = find_amount(captured, context.grammar)
    sign = captured["sign"].lower()
    direction: Direction = "past" if sign in words["offset_signs"]["past"] else "future"
    anaphoric = sign in words["focus_signs"]
    base = context.focus.start if (anaphoric or context.narrative) and context.focus else context.published
    value = duration_value(amount, unit)
    if unit in ("second", "minute", "hour"):
        if anaphoric:
            base = None if amount is None or sign in words["lapse_signs"] else _day_in_focus(context)
        return _hours(value, direction, base, amount, unit)
    if amount is None:
        if sign in words["lapse_signs"]:
            return Reading("DURATION", value, reason="vague", establishes=False)
        return _vague_offset(value, unit, direction, base, anaphoric)
    if base is None:
        return Reading("DURATION", value, reason="unpublished")
    try:
        shifted, interval, precision = _shifted(base, amount, unit, direction, bool(captured.get("exact")))
        least = find_amount(captured, context.grammar, "_first")
        if least is not None and least < amount:  # "in zwei bis drei Monaten"
            near = _shifted(base, least, unit, direction, False)[1]
            interval = Interval(min(near.start, interval.start), max(near.end, interval.end))
            precision = "range"
    except (OverflowError, ValueError):
        return Reading("DURATION", value, reason="unpublished")
    if anaphoric and direction == "future" and _contradicts(interval, context):
        return Reading("DURATION", value, reason="unresolved", establishes=False)
    # Said from another date an offset names a date; from today's point of view a length of time, a day apart.
    lapse = sign in words["lapse_signs"] and not (context.narrative and unit == "day" and amount <= _FEW)
    as_date = not lapse and (unit == "day" or anaphoric)
    return dated(
        shifted if as_date else value, interval, precision, "offset-focus" if anaphoric else "offset-published",
        timex_type="DATE" if as_date else "DURATION", anchor=base, value=shifted,
        approximate=bool(captured.get("approx")) or unit in ("decade", "century"),
    )  # fmt: skip


def _contradicts(interval: Interval, context: Context) -> bool:
    """ "Nach drei Tagen endete er", counted to a day after publication: it was counted from something else."""
    late = context.published is not None and interval.start > context.published
    return late and (context.focus is None or context.tense == "past") and not context.narrative


def offset_deictic(captured: Captures, context: Context, _: Constants) -> Reading | None:
    """ "heute vor 80 Jahren", "morgen in zwei Wochen": the day itself."""
    amount = find_amount(captured, context.grammar)
    unit = str(key_of(captured, context, "unit"))
    if amount is None or unit not in {**WHOLE_DAYS, **MONTHS}:
        return None
    value = duration_value(amount, unit)
    if context.published is None:
        return Reading("DURATION", value, reason="unpublished")
    base = context.published + int(key_of(captured, context, "deictic")) * DAY
    past = captured["sign"].lower() in context.grammar.words["offset_signs"]["past"]
    shifted, interval, precision = _shifted(base, amount, unit, "past" if past else "future", exact=True)
    return dated(shifted, interval, precision, "offset-published", anchor=context.published, value=shifted)


def _day_in_focus(context: Context) -> date | None:
    """The day that "zwei Stunden später" counts from."""
    focus = context.focus
    if focus is None or not context.chained or context.narrative or focus.end - focus.start > 2 * DAY:
        return None
    return focus.end - DAY if context.focus_precision == "night" else focus.start


def _hours(value: str, direction: Direction, base: date | None, amount: float | None, unit: str) -> Reading:
    """ "vor zwei Stunden": on the day itself; what lies more than a day off counts in days."""
    days = round((amount or 0) / 24) if unit == "hour" and (amount or 0) >= 24 else 0
    if base is None or (unit == "hour" and amount is not None and amount > 12 and days == 0):
        return Reading("DURATION", value, reason="duration", establishes=False)
    found = base + (-days if direction == "past" else days) * DAY
    return dated(
        value, day_interval(found), "day", "offset-published", timex_type="DURATION", anchor=base, establishes=False,
        value=found.isoformat(),
    )  # fmt: skip


def _vague_offset(value: str, unit: str, direction: Direction, base: date | None, anaphoric: bool) -> Reading:
    if anaphoric:
        return Reading("DATE", "FUTURE_REF" if direction == "future" else value, reason="vague", establishes=False)
    reach = _VAGUE_REACH[direction].get(unit)
    if base is None or reach is None:
        return Reading("DURATION", value, reason="vague", establishes=False)
    ahead = direction == "future"
    interval = Interval(base + DAY, base + (reach + 1) * DAY) if ahead else Interval(base - reach * DAY, base)
    return dated(
        value, interval, "vague", "vague-offset", timex_type="DURATION", approximate=True, anchor=base,
        establishes=False,
    )  # fmt: skip


def _shifted(
    base: date, amount: float, unit: str, direction: Direction, exact: bool
) -> tuple[str, Interval, DatePrecision]:
    """The day, ISO week, month or year that lies so far from the base; the day itself after "genau"."""
    sign = -1 if direction == "past" else 1
    if unit in WHOLE_DAYS:
        days = round(amount * WHOLE_DAYS[unit])
        if unit == "day" and days in (8, 15):
            days = 7 * (days // 7)  # "in acht Tagen" is a week
        found = base + sign * days * DAY
        if unit == "week" and not exact:
            return resolve.iso_week(found), resolve.week_interval(found), "week"
        return found.isoformat(), day_interval(found), "day"
    if unit == "weekend":
        weekend = resolve.weekend_interval(base + sign * 7 * round(amount) * DAY)
        return f"{resolve.iso_week(weekend.start)}-WE", weekend, "weekend"
    found = resolve.add_months(base, sign * round(amount * MONTHS[unit]))
    if exact:
        return found.isoformat(), day_interval(found), "day"
    if unit in ("month", "quarter") or (unit == "year" and amount % 1):
        return f"{found:%Y-%m}", resolve.month_interval(found.year, found.month), "month"
    return f"{found.year:04d}", resolve.year_interval(found.year), "year"


def comparison(captured: Captures, context: Context, _: Constants) -> Reading:
    """ "zwei Jahre nach dem Angriff": how long after, not when."""
    value = duration_value(find_amount(captured, context.grammar), str(key_of(captured, context, "unit")))
    base = None if context.narrative else context.published
    if context.beside and context.focus is not None and context.focus_precision == "day" and base is not None:
        base = context.focus.start  # "am Montag, ein Jahr nach dem Angriff"
    if base is None:
        return Reading("DURATION", value, reason="comparison", establishes=False)
    return dated(
        value, day_interval(base), "day", "comparison", timex_type="DURATION", anchor=base, establishes=False
    )  # fmt: skip
