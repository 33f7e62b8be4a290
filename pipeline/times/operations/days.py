"""Days: of a month, counted from today, told from the day before."""

from __future__ import annotations

from datetime import date

from pipeline import resolve
from pipeline.resolve import DAY, day_interval
from pipeline.times.context import Context, Reading
from pipeline.times.operations.missing_years import year_of_day
from pipeline.times.operations.units import unit_reading
from pipeline.times.operations.words import (
    SHIFTS,
    Captures,
    Constants,
    certain,
    dated,
    key_of,
    month_of,
    opposite,
    ordinal_of,
    rejected,
    with_daypart,
    year_of_range,
)


def day(captured: Captures, context: Context, _: Constants) -> Reading | None:
    """ "24. Februar 2022", "7. Oktober", "Freitag, 13.6."; what comes every year has no date."""
    number = int(captured["day"]) if captured.get("day") else ordinal_of(captured["day_word"], context)
    month = int(captured["month_number"]) if captured.get("month_number") else month_of(captured, context)
    year, how = year_of_day(month, number, captured, context)
    if context.yearly and how in ("tense", "default", "nearest", "unpublished"):
        return Reading("DATE", f"XXXX-{month:02d}-{number:02d}", reason="set", establishes=False)
    if year is None:
        return Reading("DATE", f"XXXX-{month:02d}-{number:02d}", reason="unpublished")
    year = year_of_range(year, month, captured, context)
    found = resolve.find_day(year, month, number)
    if found is None and (month, number) == (2, 29) and how != "explicit":
        found = _leap_day(year, context)
    if found is None:
        return None
    weekday = key_of(captured, context, "weekday")
    if weekday is None:
        weekday = key_of(captured, context, "weekday_short")
    if weekday is not None and how in ("tense", "default") and found.weekday() != weekday:
        found = _year_of_weekday(found, weekday) or found
    value = found.isoformat()
    reading = dated(
        value, day_interval(found), "day", f"day-{how}",
        certainty="inferred" if how == "known" else certain(how == "explicit"),
        anchor=None if how == "explicit" else context.anchor, day=value, direction=f"@{context.toward()}",
    )  # fmt: skip
    if how in ("tense", "default") and context.published is not None:
        other = resolve.find_year(context.published, (month, number), opposite(context.toward()))
        not_taken = resolve.find_day(other, month, number)
        if not_taken is not None and not_taken != found:
            reading.candidates.append(rejected(*day_interval(not_taken), "day", context))
    return with_daypart(reading, captured, context)


def _leap_day(year: int, context: Context) -> date | None:
    step = -1 if context.toward() == "past" else 1
    return next((found for shift in range(8) if (found := resolve.find_day(year + step * shift, 2, 29))), None)


def _year_of_weekday(found: date, weekday: int) -> date | None:
    """ "Freitag, 13. Juni": the nearest year in which the date falls on the weekday."""
    for shift in (-1, 1, -2, 2, -3, 3):
        other = resolve.find_day(found.year + shift, found.month, found.day)
        if other is not None and other.weekday() == weekday:
            return other
    return None


def day_of_focus(captured: Captures, context: Context, _: Constants) -> Reading | None:
    """ "am 27.": a day of the month in focus, else of the month of publication or the one beside it by tense."""
    base = context.published if context.focus is None else context.focus.start
    if base is None:
        return None
    number = int(captured["day"])
    found = resolve.find_day(base.year, base.month, number)
    if context.focus is None:
        past, ahead = context.toward() == "past", context.direction == "future"
        if (number > base.day and past) or (number < base.day and ahead):
            other = resolve.add_months(base.replace(day=1), 1 if ahead else -1)
            found = resolve.find_day(other.year, other.month, number)
    if found is None:
        return None
    value = found.isoformat()
    return dated(value, day_interval(found), "day", "day-of-focus", certainty="inferred", anchor=base, day=value)


def day_of_month(captured: Captures, context: Context, _: Constants) -> Reading | None:
    """ "am 14. dieses Monats"."""
    if context.published is None:
        return Reading("DATE", "XXXX-XX-XX", reason="unpublished")
    shift = SHIFTS[key_of(captured, context, "modifier") or "this"]
    first = resolve.add_months(context.published.replace(day=1), shift)
    found = resolve.find_day(first.year, first.month, int(captured["day"]))
    if found is None:
        return None
    value = found.isoformat()
    return dated(value, day_interval(found), "day", "day-of-focus", anchor=context.published, day=value)


def deictic_day(captured: Captures, context: Context, _: Constants) -> Reading | None:
    """ "gestern", "heute Abend"; "heute" in a clause that tells what is means nowadays."""
    shift = int(key_of(captured, context, "deictic"))
    base = context.published
    nowadays = (
        (context.states and not _begins(context))
        or context.narrative
        or (context.essay and context.tense in ("present", None))
    )
    if shift == 0 and nowadays and not captured.get("daypart") and not captured.get("weekday"):
        return Reading("DATE", "PRESENT_REF", reason="nowadays", establishes=False)
    if base is None or context.narrative:
        return with_daypart(Reading("DATE", "XXXX-XX-XX", reason="unpublished", establishes=False), captured, context)
    found = base + shift * DAY
    if shift == 0 and context.direction == "past" and key_of(captured, context, "daypart") == "NI":
        found -= DAY  # "heute Nacht fielen Schüsse": the night that is over
    value = found.isoformat()
    return with_daypart(dated(value, day_interval(found), "day", "deictic", anchor=base, day=value), captured, context)


def _begins(context: Context) -> bool:
    """ "ab heute", "von heute an" name the day."""
    words, before, after = context.grammar.words, context.before.split(), context.after.split()
    lead = before[-1] if before else ""
    return lead in words["beginning_leads"] or (lead in words["from_leads"] and after[:1] == words["from_ends"])


def day_word(captured: Captures, context: Context, constants: Constants) -> Reading | None:
    """ "tags darauf", "am Vortag": counted from the date in focus where that is a matter of days."""
    word = " ".join(captured["word"].lower().split())
    shift = next(shift for stem, shift in constants["words"].items() if word.startswith(stem))
    focus = context.focus
    base = context.published
    if focus is not None:
        base = focus.end - DAY if shift > 0 else focus.start
    if base is None:
        return Reading("DATE", "XXXX-XX-XX", reason="unpublished")
    if focus is not None and focus.end - focus.start > 8 * DAY:
        return Reading("DATE", "XXXX-XX-XX", reason="unresolved", establishes=False)
    return unit_reading("day", base, shift, focus is not None)
