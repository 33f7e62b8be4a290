"""Calendar arithmetic, by its laws."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import resolve
from pipeline.resolve import DAY

days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
years = st.integers(1900, 2100)


@given(days)
def test_week_holds_its_day_and_begins_on_monday(day: date) -> None:
    start, end = resolve.week_interval(day)
    assert start <= day < end
    assert start.weekday() == 0
    assert end - start == timedelta(days=7)


@given(days)
def test_value_of_a_week_is_iso(day: date) -> None:
    year, week = resolve.iso_week(day).split("-W")
    assert date.fromisocalendar(int(year), int(week), day.isoweekday()) == day


@given(days, st.integers(0, 6))
def test_bare_weekday_lies_within_a_week_on_its_side(day: date, weekday: int) -> None:
    past, future = (resolve.find_weekday(day, weekday, side) for side in ("past", "future"))
    assert past.weekday() == future.weekday() == weekday
    assert day - 6 * DAY <= past <= day <= future <= day + 6 * DAY


@given(years, st.integers(1, 12))
def test_thirds_of_a_month_make_the_month(year: int, month: int) -> None:
    parts = [resolve.month_part(year, month, part) for part in ("beginning", "middle", "end")]
    assert [part.end for part in parts[:2]] == [part.start for part in parts[1:]]
    assert (parts[0].start, parts[2].end) == resolve.month_interval(year, month)


@given(years)
def test_quarters_and_halves_make_the_year(year: int) -> None:
    for pieces in (
        [resolve.quarter_interval(year, n) for n in range(1, 5)],
        [resolve.half_interval(year, n) for n in (1, 2)],
    ):
        assert all(one.end == two.start for one, two in pairwise(pieces))
        assert (pieces[0].start, pieces[-1].end) == resolve.year_interval(year)


@given(days, st.integers(-1200, 1200))
def test_months_added_never_leave_the_month(day: date, months: int) -> None:
    try:
        found = resolve.add_months(day, months)
    except OverflowError:
        return
    assert 12 * found.year + found.month == 12 * day.year + day.month + months
    assert found.day <= day.day


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 1, 15), -1, date(2023, 12, 15)),
    ],
)
def test_months_of_unequal_length(day: date, months: int, expected: date) -> None:
    assert resolve.add_months(day, months) == expected


def test_winter_belongs_to_the_year_of_its_december() -> None:
    assert resolve.season_interval(2023, "WI") == (date(2023, 12, 1), date(2024, 3, 1))


def test_no_calendar_has_these_days() -> None:
    assert resolve.find_day(2023, 2, 29) is None
    assert resolve.find_day(2024, 13, 1) is None
    assert resolve.find_day(0, 1, 1) is None
    assert resolve.find_day(2024, 2, 29) == date(2024, 2, 29)


@given(days, st.integers(1, 12))
def test_month_without_a_year_has_begun_or_is_not_over(day: date, month: int) -> None:
    past, future = (resolve.find_month_year(day, month, side) for side in ("past", "future"))
    assert resolve.month_interval(past, month).start <= day < resolve.month_interval(past + 1, month).start
    assert resolve.month_interval(future - 1, month).end <= day < resolve.month_interval(future, month).end


@given(days, st.sampled_from(["SP", "SU", "FA", "WI"]))
def test_season_without_a_year_has_begun_or_is_not_over(day: date, season: resolve.Season) -> None:
    past, future = (resolve.find_season_year(day, season, side) for side in ("past", "future"))
    assert resolve.season_interval(past, season).start <= day < resolve.season_interval(past + 1, season).start
    assert resolve.season_interval(future - 1, season).end <= day < resolve.season_interval(future, season).end


@given(years)
def test_advent_is_four_sundays_before_christmas(year: int) -> None:
    first = resolve.first_advent(year)
    assert first.weekday() == 6
    assert date(year, 12, 18) <= first + timedelta(weeks=3) <= date(year, 12, 24)


@pytest.mark.parametrize(("year", "western", "orthodox"), [(2024, (3, 31), (5, 5)), (2025, (4, 20), (4, 20))])
def test_easter(year: int, western: tuple[int, int], orthodox: tuple[int, int]) -> None:
    assert resolve.easter_sunday(year) == date(year, *western)
    assert resolve.easter_sunday(year, orthodox=True) == date(year, *orthodox)
