"""Calendar arithmetic, by its laws."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from babel.dates import get_day_names
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import resolve
from pipeline.resolve import DAY
from pipeline.sentences import split_sentences
from pipeline.times import find_times

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


# --- leap days, year ends, ISO weeks, months of unequal length -----------------------------------------------


@given(years)
def test_a_year_has_a_leap_day_or_none(year: int) -> None:
    start, end = resolve.year_interval(year)
    leap = resolve.find_day(year, 2, 29)
    assert (end - start).days == 365 + (leap is not None)
    assert (leap is not None) == ((resolve.month_interval(year, 2).end - DAY).day == 29)
    assert (leap is not None) == (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))


@given(years)
def test_twelve_months_make_the_year(year: int) -> None:
    months = [resolve.month_interval(year, month) for month in range(1, 13)]
    assert all(one.end == two.start for one, two in pairwise(months))
    assert (months[0].start, months[-1].end) == resolve.year_interval(year)
    assert {(end - start).days for start, end in months} <= {28, 29, 30, 31}


@given(years)
def test_the_week_of_a_year_end_belongs_to_one_year(year: int) -> None:
    """ISO 8601: 4 January is in week 1, 28 December in the last one, and the days between them in either."""
    assert resolve.iso_week(date(year, 1, 4)) == f"{year:04d}-W01"
    last = resolve.iso_week(date(year, 12, 28))
    assert last in (f"{year:04d}-W52", f"{year:04d}-W53")
    start, end = resolve.week_interval(date(year, 12, 28))
    assert resolve.iso_week(end) == f"{year + 1:04d}-W01"
    assert {resolve.iso_week(start + n * DAY) for n in range(7)} == {last}


@given(days)
def test_weeks_follow_each_other_over_every_year_end(day: date) -> None:
    this, following = resolve.week_interval(day), resolve.week_interval(day + 7 * DAY)
    assert this.end == following.start
    assert resolve.iso_week(day) < resolve.iso_week(day + 7 * DAY)
    weekend = resolve.weekend_interval(day)
    assert (weekend.start.weekday(), weekend.end) == (5, this.end)


@given(days)
def test_halves_of_a_week_make_it_and_its_parts_lie_inside(day: date) -> None:
    whole = resolve.week_interval(day)
    first, second = (resolve.week_part(day, part) for part in ("first-half", "second-half"))
    assert (first.start, first.end, second.end) == (whole.start, second.start, whole.end)
    for part in ("beginning", "middle", "end"):
        start, end = resolve.week_part(day, part)
        assert whole.start <= start < end <= whole.end


@given(years, st.integers(1, 12))
def test_halves_of_a_month_make_it(year: int, month: int) -> None:
    first, second = (resolve.month_part(year, month, part) for part in ("first-half", "second-half"))
    assert first.end == second.start == date(year, month, 16)
    assert (first.start, second.end) == resolve.month_interval(year, month)


@given(years)
def test_seasons_follow_each_other_through_the_leap_day(year: int) -> None:
    seasons = [resolve.season_interval(year, season) for season in ("SP", "SU", "FA", "WI")]
    assert all(one.end == two.start for one, two in pairwise(seasons))
    assert seasons[-1].end == resolve.season_interval(year + 1, "SP").start == date(year + 1, 3, 1)


@given(st.integers(190, 209).map(lambda decade: 10 * decade))
def test_parts_of_a_decade_and_a_century_lie_inside_and_halves_make_them(first: int) -> None:
    for part_of, argument in ((resolve.decade_part, first), (resolve.century_part, first // 100 + 1)):
        whole = part_of(argument, None)
        halves = [part_of(argument, part) for part in ("first-half", "second-half")]
        assert (halves[0].start, halves[0].end, halves[1].end) == (whole.start, halves[1].start, whole.end)
        for part in ("beginning", "middle", "end"):
            start, end = part_of(argument, part)
            assert whole.start <= start < end <= whole.end


@given(days, st.integers(-600, 600))
def test_months_added_and_taken_away_lose_three_days_at_most(day: date, months: int) -> None:
    there = resolve.add_months(day, months)
    back = resolve.add_months(there, -months)
    assert timedelta(0) <= day - back <= timedelta(days=3)
    assert day.day > 28 or back == day


@given(days, st.integers(0, 60), st.integers(0, 60))
def test_months_add_up_where_every_month_has_the_day(day: date, one: int, two: int) -> None:
    first = day.replace(day=min(day.day, 28))
    assert resolve.add_months(resolve.add_months(first, one), two) == resolve.add_months(first, one + two)


@given(days, days)
def test_a_day_without_a_year_is_the_latest_or_the_next(anchor: date, named: date) -> None:
    start = (named.month, named.day)
    if start == (2, 29):
        start = (3, 1)
    past, future = (resolve.find_year(anchor, start, side) for side in ("past", "future"))
    assert date(past, *start) <= anchor < date(past + 1, *start)
    assert date(future - 1, *start) < anchor <= date(future, *start)


# --- the same laws through the whole stage -------------------------------------------------------------------

patient = settings(deadline=None, max_examples=50)  # the first sentence loads the language pack


def when(text: str, published: date) -> resolve.Interval:
    mentions = [m for m in find_times(text, split_sentences(text, "de"), published, "de") if m.when is not None]
    assert len(mentions) == 1
    found = mentions[0].when
    assert found is not None
    assert found.start is not None
    assert found.end is not None
    return resolve.Interval(found.start, found.end)


@patient
@given(days)
def test_a_leap_day_without_a_year_is_one(published: date) -> None:
    for sentence, sign in (("Am 29. Februar fiel die Stadt.", -1), ("Am 29. Februar wird gewählt werden.", 1)):
        start, end = when(sentence, published)
        assert (start.month, start.day, end - start) == (2, 29, DAY)
        assert abs((start - published).days) <= 8 * 366
        assert (start - published).days * sign >= -45


@patient
@given(days, st.integers(0, 6))
def test_weekdays_by_tense(published: date, number: int) -> None:
    name = get_day_names("wide", locale="de")[number]
    past, _ = when(f"Am {name} fiel die Stadt.", published)
    future, _ = when(f"Am {name} wird die Stadt fallen.", published)
    assert past.weekday() == future.weekday() == number
    assert published - 6 * DAY <= past <= published <= future <= published + 6 * DAY


@patient
@given(days)
def test_weeks_months_and_years_ago_hold_the_day_counted_back(published: date) -> None:
    for words, days_back in (("zwei Wochen", 14), ("fünf Wochen", 35)):
        start, end = when(f"Vor {words} fiel die Stadt.", published)
        assert start <= published - days_back * DAY < end
        assert (end - start).days == 7
    month = when("Vor einem Monat fiel die Stadt.", published)
    assert month.end == resolve.month_interval(published.year, published.month).start
    assert when("Vor drei Jahren fiel die Stadt.", published) == resolve.year_interval(published.year - 3)


@patient
@given(days)
def test_the_new_year_night_and_the_turn_of_the_year(published: date) -> None:
    for words in ("In der Silvesternacht", "Zum Jahreswechsel"):
        start, end = when(f"{words} fielen Schüsse.", published)
        assert (start.month, start.day, end - start) == (12, 31, 2 * DAY)
        assert start < published + DAY


@patient
@given(days)
def test_the_month_before_ends_where_this_one_begins(published: date) -> None:
    last, following = (when(f"Im {word} Monat wird gewählt.", published) for word in ("vergangenen", "kommenden"))
    this = resolve.month_interval(published.year, published.month)
    assert (last.end, following.start) == this
