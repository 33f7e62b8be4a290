"""The operations that rules name: each turns the captures of a match into a reading.

An operation is a function of (captures, context, constants of the rule); it returns ``None`` when the words do not make
a time after all (31 February, 25 o'clock).
"""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.times.operations import (
    clock,
    days,
    durations,
    months,
    named_days,
    nights,
    offsets,
    references,
    sets,
    spans,
    units,
    weekdays,
    years,
)
from pipeline.times.operations.words import Operation

OPERATIONS: Mapping[str, Operation] = {
    "day": days.day,
    "day-of-focus": days.day_of_focus,
    "deictic-day": days.deictic_day,
    "day-word": days.day_word,
    "day-of-month": days.day_of_month,
    "weekday": weekdays.weekday,
    "weekday-offset": weekdays.weekday_offset,
    "month": months.month,
    "month-week": months.month_week,
    "nth-of-month": months.nth_of_month,
    "season": months.season,
    "quarter": months.quarter,
    "half-year": months.half_year,
    "year": years.year,
    "year-pair": years.year_pair,
    "year-before-christ": years.year_before_christ,
    "year-word": years.year_word,
    "new-year": years.new_year,
    "year-turn": years.year_turn,
    "decade": years.decade,
    "century": years.century,
    "relative-unit": units.relative_unit,
    "unit-word": units.unit_word,
    "unit-beside": units.unit_beside,
    "first-units": units.first_units,
    "same-unit": units.same_unit,
    "week-number": units.week_number,
    "weekend": units.weekend,
    "part-of-unit": units.part_of_unit,
    "night-to": nights.night_to,
    "night-of": nights.night_of,
    "night-modified": nights.night_modified,
    "night-alone": nights.night_alone,
    "night-new-year": nights.night_new_year,
    "daypart": clock.daypart,
    "daypart-modified": clock.daypart_modified,
    "clock": clock.clock,
    "midnight": clock.midnight,
    "offset": offsets.offset,
    "offset-deictic": offsets.offset_deictic,
    "comparison": offsets.comparison,
    "span": spans.span,
    "within": spans.within,
    "since-amount": spans.since_amount,
    "these-units": durations.these_units,
    "duration": durations.duration,
    "set-weekday": sets.set_weekday,
    "set": sets.set_unit,
    "named-day": named_days.named_day,
    "anniversary": named_days.anniversary,
    "war-start": named_days.war_start,
    "reference": references.reference,
    "then": references.then,
    "until-then": references.until_then,
    "since-then": references.since_then,
}
