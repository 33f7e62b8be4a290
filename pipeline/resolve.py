"""Calendar arithmetic. Knows no language: plain numbers and dates in, half-open intervals of days out.

The conventions (weeks from Monday, meteorological seasons, parts of months and years) follow the project's table of
German news usage; each function names its own.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from dateutil.easter import EASTER_ORTHODOX, EASTER_WESTERN, easter

DAY = timedelta(days=1)
Direction: TypeAlias = Literal["past", "future"]
DIRECTIONS: tuple[Direction, Direction] = ("past", "future")
Part: TypeAlias = Literal["beginning", "middle", "end", "first-half", "second-half"]
Season: TypeAlias = Literal["SP", "SU", "FA", "WI"]

SEASON_FIRST_MONTH: dict[Season, int] = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}


class Interval(NamedTuple):
    """Days from ``start`` up to, not including, ``end``."""

    start: date
    end: date


def is_year(year: int) -> bool:
    """Whether ``datetime.date`` can hold every day of the year and of its neighbours."""
    return 2 <= year <= 9998


def find_day(year: int, month: int, day: int) -> date | None:
    """The day, or ``None`` when no calendar has it (31 February, month 13, year 0)."""
    if is_year(year) and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]:
        return date(year, month, day)
    return None


def day_interval(day: date, days: int = 1) -> Interval:
    return Interval(day, day + days * DAY)


def month_interval(year: int, month: int) -> Interval:
    first = date(year, month, 1)
    return Interval(first, first + timedelta(days=monthrange(year, month)[1]))


def year_interval(year: int, years: int = 1) -> Interval:
    return Interval(date(year, 1, 1), date(year + years, 1, 1))


def week_interval(day: date) -> Interval:
    """The ISO week, Monday to Sunday, that holds a day."""
    monday = day - timedelta(days=day.weekday())
    return Interval(monday, monday + timedelta(days=7))


def weekend_interval(day: date) -> Interval:
    """Saturday and Sunday of the ISO week that holds a day."""
    monday = week_interval(day).start
    return Interval(monday + timedelta(days=5), monday + timedelta(days=7))


def quarter_interval(year: int, quarter: int) -> Interval:
    """Quarter 1 to 4."""
    first = date(year, 3 * quarter - 2, 1)
    return Interval(first, add_months(first, 3))


def half_interval(year: int, half: int) -> Interval:
    first = date(year, 6 * half - 5, 1)
    return Interval(first, add_months(first, 6))


def season_interval(year: int, season: Season) -> Interval:
    """Meteorological season; winter belongs to the year of its December."""
    first = date(year, SEASON_FIRST_MONTH[season], 1)
    return Interval(first, add_months(first, 3))


def month_part(year: int, month: int, part: Part) -> Interval:
    """Days 1-10, 11-20 and 21-last; halves 1-15 and 16-last."""
    first, end = month_interval(year, month)
    bounds = {
        "beginning": (0, 10), "middle": (10, 20), "end": (20, None), "first-half": (0, 15), "second-half": (15, None),
    }  # fmt: skip
    low, high = bounds[part]
    return Interval(first + low * DAY, end if high is None else first + high * DAY)


def year_part(year: int, part: Part) -> Interval:
    """January-March, May-August, October-December; halves of six months."""
    bounds = {"beginning": (1, 3), "middle": (5, 4), "end": (10, 3), "first-half": (1, 6), "second-half": (7, 6)}
    month, months = bounds[part]
    first = date(year, month, 1)
    return Interval(first, add_months(first, months))


def week_part(day: date, part: Part) -> Interval:
    """Monday-Tuesday, Tuesday-Thursday, Friday-Sunday; halves Monday-Wednesday and Thursday-Sunday."""
    monday = week_interval(day).start
    bounds = {"beginning": (0, 2), "middle": (1, 4), "end": (4, 7), "first-half": (0, 3), "second-half": (3, 7)}
    low, high = bounds[part]
    return Interval(monday + low * DAY, monday + high * DAY)


def decade_part(first_year: int, part: Part | None) -> Interval:
    """Years 0-3, 3-6 and 7-9 of a decade that begins with ``first_year``; halves of five years."""
    bounds = {
        None: (0, 10),
        "beginning": (0, 4),
        "middle": (3, 7),
        "end": (7, 10),
        "first-half": (0, 5),
        "second-half": (5, 10),
    }
    low, high = bounds[part]
    return Interval(date(first_year + low, 1, 1), date(first_year + high, 1, 1))


def century_part(century: int, part: Part | None) -> Interval:
    """The 20th century counts as 1900 to 1999, as reports use it."""
    first = 100 * (century - 1)
    bounds = {
        None: (0, 100),
        "beginning": (0, 20),
        "middle": (40, 60),
        "end": (80, 100),
        "first-half": (0, 50),
        "second-half": (50, 100),
    }
    low, high = bounds[part]
    return Interval(date(max(1, first + low), 1, 1), date(first + high, 1, 1))


def add_months(day: date, months: int) -> date:
    """The same day some months on, or the last day of that month. ``OverflowError`` outside the years 1 to 9999."""
    index = 12 * day.year + day.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        raise OverflowError("date out of range")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def find_weekday(anchor: date, weekday: int, direction: Direction) -> date:
    """The last such weekday (0 is Monday) on or before the anchor, or the next on or after it."""
    if direction == "past":
        return anchor - timedelta(days=(anchor.weekday() - weekday) % 7)
    return anchor + timedelta(days=(weekday - anchor.weekday()) % 7)


def find_year(anchor: date, start: tuple[int, int], direction: Direction) -> int:
    """The year for a month and day without one: the latest that begins on or before the anchor, or the earliest whose
    ``start`` (month, day) is not before the anchor."""
    here = (anchor.month, anchor.day)
    if direction == "past":
        return anchor.year if start <= here else anchor.year - 1
    return anchor.year if start >= here else anchor.year + 1


def find_month_year(anchor: date, month: int, direction: Direction) -> int:
    """The year for a month without one: the latest that has begun, or the earliest that is not over."""
    if direction == "past":
        return anchor.year if month <= anchor.month else anchor.year - 1
    return anchor.year if month >= anchor.month else anchor.year + 1


def find_season_year(anchor: date, season: Season, direction: Direction) -> int:
    """The year for a season without one: of the latest that has begun, or of the earliest that is not over."""
    years = range(anchor.year - 1, anchor.year + 2)
    if direction == "past":
        return max(year for year in years if season_interval(year, season).start <= anchor)
    return min(year for year in years if season_interval(year, season).end > anchor)


def iso_week(day: date) -> str:
    """TIMEX3 value of the week that holds a day: "2025-W51"."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def easter_sunday(year: int, orthodox: bool = False) -> date:
    """Easter Sunday of the Western or Orthodox churches (from dateutil), in the Gregorian calendar."""
    day: date = easter(year, EASTER_ORTHODOX if orthodox else EASTER_WESTERN)
    return day


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The first (1), second (2), ... or last (-1) such weekday (0 is Monday) of a month."""
    first, end = month_interval(year, month)
    if nth < 0:
        return find_weekday(end - DAY, weekday, "past")
    return find_weekday(first, weekday, "future") + timedelta(weeks=nth - 1)


def first_advent(year: int) -> date:
    """The fourth Sunday before Christmas Day."""
    return find_weekday(date(year, 12, 24), 6, "past") - timedelta(weeks=3)


@lru_cache(maxsize=512)
def holiday_days(country: str, name: str, year: int, category: str = "public") -> tuple[date, ...]:
    """Days of the year on which a country keeps a holiday, by the English name of the holidays library."""
    from holidays import country_holidays  # takes a second to import, and few texts need it

    kept = country_holidays(country, years=year, language="en_US", categories=(category,))
    return tuple(sorted(day for day, label in kept.items() if name in label))
