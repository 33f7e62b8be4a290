"""Weekdays, with and without modifiers."""

from __future__ import annotations

from datetime import date

from pipeline import resolve
from pipeline.resolve import DAY, Direction, day_interval
from pipeline.times.amounts import find_amount
from pipeline.times.context import Context, Reading
from pipeline.times.operations.words import (
    SHIFTS,
    Captures,
    Constants,
    dated,
    key_of,
    opposite,
    rejected,
    why_direction,
    with_daypart,
)


def weekday(captured: Captures, context: Context, _: Constants) -> Reading | None:
    """ "Samstag", "vergangenen Donnerstag", "Mittwoch der kommenden Woche", "Samstagabend"."""
    number: int = key_of(captured, context, "weekday")
    modifier = key_of(captured, context, "modifier") or key_of(captured, context, "beside")
    if modifier in ("following", "preceding") and context.focus is None and context.direction == "past":
        modifier = None  # nothing tells what it follows
    week = key_of(captured, context, "week_modifier", "modifier") or key_of(captured, context, "second", "modifier")
    anaphoric = modifier in ("following", "preceding", "same") and context.focus is not None
    base = context.focus.start if anaphoric and context.focus else context.anchor
    if base is None:
        return with_daypart(Reading("DATE", f"XXXX-WXX-{number + 1}", reason="unpublished"), captured, context)
    if week is not None:
        found = resolve.week_interval(base + 7 * SHIFTS[week] * DAY).start + number * DAY
    elif modifier is not None:
        found = _modified(base, number, modifier, context)
    elif context.until is not None:
        found = resolve.find_weekday(context.until, number, "past")
        reading = dated(found.isoformat(), day_interval(found), "day", "weekday-range", anchor=base, day=f"{found}")
        return with_daypart(reading, captured, context)
    else:
        if context.nearest:
            context.lean(*(resolve.find_weekday(base, number, direction) for direction in resolve.DIRECTIONS))
        found = resolve.find_weekday(base, number, context.toward())
    value = found.isoformat()
    if modifier is not None or week is not None:
        reading = dated(value, day_interval(found), "day", "weekday-modifier", anchor=base, day=value)
        return with_daypart(reading, captured, context)
    reading = dated(
        value, day_interval(found), "day", f"weekday-{why_direction(context)}", anchor=base, day=value,
        direction=f"@{context.toward()}",
    )  # fmt: skip
    other = resolve.find_weekday(base, number, opposite(context.toward()))
    if other != found:
        reading.candidates.append(rejected(*day_interval(other), "day", context))
    return with_daypart(reading, captured, context)


def _modified(base: date, number: int, modifier: str, context: Context) -> date:
    if modifier in ("last", "preceding", "before-last"):
        return resolve.find_weekday(base - (8 if modifier == "before-last" else 1) * DAY, number, "past")
    if modifier in ("next", "following", "after-next"):
        return resolve.find_weekday(base + (8 if modifier == "after-next" else 1) * DAY, number, "future")
    if modifier == "this" and context.direction is None:
        return resolve.week_interval(base).start + number * DAY
    return resolve.find_weekday(base, number, context.toward())


def weekday_offset(captured: Captures, context: Context, _: Constants) -> Reading | None:
    """ "Dienstag vor einer Woche", "Freitag in acht Tagen"."""
    number: int = key_of(captured, context, "weekday")
    amount = find_amount(captured, context.grammar)
    if context.published is None or amount is None:
        return None
    unit = context.grammar.unit_of(captured["unit_word"])
    weeks = round(amount) if unit == "week" else max(1, round(amount / 7))
    past = captured["sign"].lower() in context.grammar.words["offset_signs"]["past"]
    direction: Direction = "past" if past else "future"
    found = resolve.find_weekday(context.published, number, direction) + (-7 if past else 7) * weeks * DAY
    value = found.isoformat()
    return dated(value, day_interval(found), "day", "weekday-modifier", anchor=context.published, day=value)
