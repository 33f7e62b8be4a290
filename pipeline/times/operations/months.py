"""Months, seasons, quarters and halves of years."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pipeline import resolve
from pipeline.records import DatePrecision
from pipeline.resolve import DAY, Interval, Part
from pipeline.times.context import Context, Reading
from pipeline.times.operations.missing_years import modified_year, year_of_month, year_of_season
from pipeline.times.operations.words import (
    Captures,
    Constants,
    certain,
    dated,
    expand_year,
    key_of,
    month_of,
    opposite,
    ordinal_of,
    part_of,
    rejected,
    year_modifier_of,
    year_of_range,
)

_THIRDS = {"beginning": 0, "middle": 1, "end": 2}


def month(captured: Captures, context: Context, _: Constants) -> Reading | None:
    """ "Oktober 2021", "vergangenen August", "Ende Mai"."""
    number = month_of(captured, context)
    part = part_of(captured, context)
    modifier = captured.get("modifier")
    if modifier and not captured.get("year") and context.published is not None and _starts_with_modifier(captured):
        return _modified_month(number, context.grammar.key_of("modifier", modifier), context)
    year, how = year_of_month(number, captured, context)
    if context.yearly and how in ("tense", "default", "unpublished"):
        return Reading("DATE", f"XXXX-{number:02d}", reason="set", establishes=False)
    if year is None:
        return Reading("DATE", f"XXXX-{number:02d}", reason="unpublished")
    year = year_of_range(year, number, captured, context)
    if not resolve.is_year(year):
        return None
    value = f"{year:04d}-{number:02d}"
    interval = resolve.month_part(year, number, part) if part else resolve.month_interval(year, number)
    reading = dated(
        value, interval, "month-part" if part else "month", f"month-{how}", certainty=certain(how == "explicit"),
        anchor=None if how == "explicit" else context.anchor, month=value, direction=f"@{context.toward()}",
    )  # fmt: skip
    if how in ("tense", "default") and context.published is not None:
        other = resolve.find_month_year(context.published, number, opposite(context.toward()))
        if other != year:
            reading.candidates.append(rejected(*resolve.month_interval(other, number), "month", context))
    return reading


def _starts_with_modifier(captured: Captures) -> bool:
    names = list(captured)
    return names.index("modifier") < names.index("month")


def _modified_month(number: int, modifier: str, context: Context) -> Reading | None:
    focused = modifier in ("following", "preceding", "same") and context.focus is not None
    base = context.focus.start if focused and context.focus is not None else context.anchor
    if base is None:
        return None
    year = base.year
    if modifier in ("last", "before-last", "preceding"):
        year -= number >= base.month
    elif modifier in ("next", "after-next", "following"):
        year += number <= base.month
    value = f"{year:04d}-{number:02d}"
    return dated(value, resolve.month_interval(year, number), "month", "month-modifier", anchor=base, month=value)


def month_week(captured: Captures, context: Context, _: Constants) -> Reading | None:
    """ "in der ersten Maiwoche": the days 1 to 7; the last week is the last seven days."""
    number = month_of(captured, context)
    year, how = year_of_month(number, captured, context)
    if year is None:
        return Reading("DATE", f"XXXX-{number:02d}", reason="unpublished")
    whole = resolve.month_interval(year, number)
    start = (
        whole.end - 7 * DAY
        if captured.get("last")
        else whole.start + 7 * DAY * (ordinal_of(captured["ordinal"], context) - 1)
    )
    if not whole.start <= start < whole.end:
        return None
    value = f"{year:04d}-{number:02d}"
    interval = Interval(start, min(start + 7 * DAY, whole.end))
    return dated(
        value, interval, "week", f"month-{how}", anchor=context.anchor, month=value, direction=f"@{context.toward()}"
    )  # fmt: skip


def nth_of_month(captured: Captures, context: Context, _: Constants) -> Reading | None:
    """ "am letzten Sonntag im Mai", "in der zweiten Woche des Mai", "am ersten Dienstag des Monats"."""
    if captured.get("same"):
        if context.published is None:
            return Reading("DATE", "XXXX-XX-XX", reason="unpublished")
        whole = resolve.month_interval(context.published.year, context.published.month)
        explicit = False
    else:
        number = month_of(captured, context)
        year, how = year_of_month(number, captured, context)
        if year is None:
            return Reading("DATE", f"XXXX-{number:02d}-XX", reason="unpublished")
        if not resolve.is_year(year):
            return None
        whole, explicit = resolve.month_interval(year, number), how == "explicit"
    nth = -1 if captured.get("last") else ordinal_of(captured["ordinal"], context)
    found = _nth(whole, nth, key_of(captured, context, "weekday"), key_of(captured, context, "nth_unit"))
    if found is None:
        return None
    value, interval, precision = found
    return dated(
        value, interval, precision, "calendar-unit", certainty=certain(explicit), anchor=context.anchor, value=value
    )  # fmt: skip


def _nth(
    whole: Interval, nth: int, weekday: int | None, unit: str | None
) -> tuple[str, Interval, DatePrecision] | None:
    """The nth weekday, day, week (seven days from the first) or weekend (by its Saturday) of a month; -1: the last."""
    if unit == "week":
        start = whole.end - 7 * DAY if nth < 0 else whole.start + 7 * DAY * (nth - 1)
        end = min(start + 7 * DAY, whole.end)
        return (f"{whole.start:%Y-%m}", Interval(start, end), "week") if start < whole.end else None
    if unit == "day":
        day = whole.end - DAY if nth < 0 else whole.start + (nth - 1) * DAY
    else:
        number = 5 if weekday is None else weekday
        day = resolve.nth_weekday(whole.start.year, whole.start.month, number, nth)
    if not whole.start <= day < whole.end:
        return None
    if unit == "weekend":
        return f"{resolve.iso_week(day)}-WE", resolve.day_interval(day, 2), "weekend"
    return day.isoformat(), resolve.day_interval(day), "day"


def season(captured: Captures, context: Context, _: Constants) -> Reading | None:
    """ "Frühjahr 2024", "vergangenen Sommer", "Anfang des Winters"."""
    code: resolve.Season = key_of(captured, context, "season")
    modifier = key_of(captured, context, "modifier")
    if captured.get("year"):
        year, how = expand_year(captured["year"], context), "explicit"
    elif modifier in ("following", "preceding") and context.focus is not None:
        year, how = _modified_season_year(code, modifier, context.focus.start), "modifier"
    elif modifier in ("last", "next") and context.anchor is not None:
        year, how = _modified_season_year(code, modifier, context.anchor), "modifier"
    else:
        found, how = year_of_season(code, captured, context)
        if found is None:
            return Reading("DATE", f"XXXX-{code}", reason="unpublished")
        year = found
        if modifier == "this" and context.anchor is not None and code == "WI" and context.anchor.month < 6:
            year = context.anchor.year - 1
    if not resolve.is_year(year):
        return None
    value = f"{year:04d}-{code}"
    interval = resolve.season_interval(year, code)
    part: Part | None = key_of(captured, context, "part")
    if part:
        start = resolve.add_months(interval.start, _THIRDS.get(part, 0))
        interval = Interval(start, resolve.add_months(start, 1))
    return dated(
        value, interval, "season", f"season-{how}", certainty=certain(how == "explicit"), anchor=context.anchor,
        season=value, direction=f"@{context.toward()}",
    )  # fmt: skip


def _modified_season_year(code: resolve.Season, modifier: str, base: date) -> int:
    this = resolve.season_interval(base.year, code)
    if modifier in ("last", "preceding"):
        return base.year if this.end <= base else base.year - 1
    return base.year if this.start > base else base.year + 1


def quarter(captured: Captures, context: Context, _: Constants) -> Reading | None:
    """ "dritten Quartal", "4. Quartal 2023"."""
    number = ordinal_of(captured["ordinal"], context)
    year = _year_of_unit(captured, context, 3 * number - 2, 3) if number in range(1, 5) else None
    if year is None:
        return None
    return _unit_of_year(f"{year:04d}-Q{number}", resolve.quarter_interval(year, number), "quarter", captured, context)


def half_year(captured: Captures, context: Context, _: Constants) -> Reading | None:
    """ "zweiten Jahreshälfte", "1. Halbjahr 2024"."""
    number = ordinal_of(captured["ordinal"], context)
    year = _year_of_unit(captured, context, 6 * number - 5, 6) if number in (1, 2) else None
    if year is None:
        return None
    return _unit_of_year(f"{year:04d}-H{number}", resolve.half_interval(year, number), "half-year", captured, context)


def _year_of_unit(captured: Captures, context: Context, first: int, months: int) -> int | None:
    """The year of some months from the ``first`` on: where no year is named, the one that fits the tense."""
    modifier = year_modifier_of(captured, context)
    if captured.get("year"):
        year = expand_year(captured["year"], context)
    elif modifier is not None:
        modified = modified_year(modifier, context)
        if modified is None:
            return None
        year = modified
    elif context.anchor is not None:
        year, month = context.anchor.year, context.anchor.month
        if context.direction == "past" and month < first:
            year -= 1
        elif context.direction == "future" and month >= first + months:
            year += 1
    else:
        return None
    return year if resolve.is_year(year) else None


def _unit_of_year(
    value: str, interval: Interval, precision: Literal["quarter", "half-year"], captured: Captures, context: Context
) -> Reading:
    return dated(
        value, interval, precision, "calendar-unit", certainty=certain(captured.get("year")), anchor=context.anchor,
        value=value,
    )  # fmt: skip
