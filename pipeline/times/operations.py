"""The operations that rules name: each turns the captures of a match into a reading.

An operation is a function of (captures, context, constants of the rule); it returns ``None`` when the words do not make
a time after all (31 February, 25 o'clock).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from typing import Any

from pipeline import resolve
from pipeline.records import DateCandidate, DatePrecision, Reason, When
from pipeline.resolve import DAY, Direction, Interval, Part
from pipeline.times.amounts import duration_value, find_amount
from pipeline.times.context import Context, Reading

Captures = Mapping[str, str]
Operation = Callable[[Captures, Context, Mapping[str, Any]], Reading | None]

_DAYPART_PRECISION: Mapping[str, DatePrecision] = {"NI": "night"}
_WHOLE_DAYS = {"day": 1, "week": 7}
_VAGUE_DAYS = {"day": 6, "week": 28, "month": 120}  # how far "in den letzten Tagen / Wochen / Monaten" reaches back


def _key(captured: Captures, context: Context, name: str, word_class: str | None = None) -> Any:
    text = captured.get(name)
    return None if text is None else context.grammar.key_of(word_class or name.replace("_", "-"), text)


def _expand_year(text: str, context: Context) -> int:
    """ "39" is 1939, "22" is 2022: the latest such year that is not more than ten years after publication."""
    digits = text.lstrip("'")
    if len(digits) > 2:
        return int(digits)
    last = (context.published.year if context.published else 2030) + 10
    return last - (last - int(digits)) % 100


def _opposite(direction: Direction) -> Direction:
    return "future" if direction == "past" else "past"


def _because(context: Context) -> tuple[str, dict[str, str]]:
    """The words of a reason that says why an expression looks back or ahead."""
    return ("tense" if context.direction else "default"), {"direction": f"@{context.toward()}"}


# --- days --------------------------------------------------------------------------------------------------


def _year_for(month: int, day: int | None, captured: Captures, context: Context) -> tuple[int | None, str]:
    """The year of a date that names none: by a modifier, by the chain of dates, by the tense. With the reason's key."""
    if captured.get("year"):
        return _expand_year(captured["year"], context), "explicit"
    modifier = _key(captured, context, "modifier") or _key(captured, context, "year_modifier", "modifier")
    if modifier is not None:
        return _modified_year(modifier, context), "modifier"
    if context.focus is not None and (context.narrative or _is_chained(context)):
        year = context.focus.start.year
        if context.narrative and context.focus_precision not in ("year", "decade", "century", "range"):
            # A story moves on: after autumn, "im Frühjahr" is next year's.
            if (month - context.focus.start.month) <= -7 and not _leaves_chapter(year + 1, context):
                year += 1
        return year, "chain"
    if context.published is None:
        return None, "unpublished"
    published = context.published
    found = resolve.find_year(published, (month, day or 1), context.direction or "past")
    other = resolve.find_year(published, (month, day or 1), _opposite(context.direction or "past"))
    if day is not None and (context.direction is None or _is_far(found, month, day, published)):
        # The tense alone would move it by most of a year although the day is close at hand.
        if _is_near(other, month, day, published):
            return other, "nearest"
    return found, _because(context)[0]


_FAR, _NEAR = 300, 45  # days


def _is_far(year: int, month: int, day: int, published: date) -> bool:
    found = resolve.find_day(year, month, day)
    return found is not None and abs((found - published).days) > _FAR


def _is_near(year: int, month: int, day: int, published: date) -> bool:
    found = resolve.find_day(year, month, day)
    return found is not None and abs((found - published).days) <= _NEAR


def _leaves_chapter(year: int, context: Context) -> bool:
    return context.chapter is not None and year >= context.chapter.end.year


def _is_chained(context: Context) -> bool:
    """A date right after another date of another year continues it; of this year, the tense decides as well."""
    return (
        context.chained
        and context.focus is not None
        and (context.published is None or context.focus.start.year < context.published.year - 0)
        and context.focus_precision in ("day", "month", "month-part", "season", "daypart", "night", "range")
    )


def _modified_year(modifier: str, context: Context) -> int | None:
    base = context.anchor
    if modifier in ("following", "preceding", "same") and context.focus is not None:
        base = context.focus.start
    if base is None:
        return None
    shift = {
        "last": -1,
        "this": 0,
        "next": 1,
        "after-next": 2,
        "before-last": -2,
        "following": 1,
        "preceding": -1,
        "same": 0,
    }
    return base.year + shift[modifier]


def day(captured: Captures, context: Context, _: Mapping[str, Any]) -> Reading | None:
    number = int(captured["day"])
    month = int(captured["month_number"]) if captured.get("month_number") else _key(captured, context, "month")
    year, how = _year_for(month, number, captured, context)
    weekday = _key(captured, context, "weekday")
    value = f"{year:04d}-{month:02d}-{number:02d}" if year is not None else f"XXXX-{month:02d}-{number:02d}"
    if year is None:
        return Reading("DATE", value, reason="unpublished")
    found = resolve.find_day(year, month, number)
    if found is None:
        if not (month == 2 and number == 29 and how != "explicit"):
            return None
        found = _leap_day(year, context)
        if found is None:
            return None
    if weekday is not None and how in ("tense", "default") and found.weekday() != weekday:
        found = _year_of_weekday(found, weekday) or found
    value = found.isoformat()
    reading = Reading(
        "DATE", value, found, found + DAY, "day", "explicit" if how == "explicit" else "relative",
        reason=f"day-{how}", values={"day": value, "direction": f"@{context.toward()}"},
        anchor=None if how == "explicit" else context.anchor,
    )  # fmt: skip
    if how in ("tense", "default") and context.published is not None:
        other = resolve.find_year(context.published, (month, number), _opposite(context.toward()))
        rejected = resolve.find_day(other, month, number)
        if rejected is not None and rejected != found:
            reading.candidates.append(_candidate(rejected, rejected + DAY, "day", context))
    return _with_daypart(reading, captured, context)


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


def _candidate(start: date, end: date, precision: DatePrecision, context: Context) -> DateCandidate:
    rejected = _opposite(context.toward())
    key = "times.not-taken" if context.direction else "times.not-default"
    return DateCandidate(When(start, end, precision), Reason(key, (("direction", f"@{rejected}"),)))


def _with_daypart(reading: Reading, captured: Captures, context: Context) -> Reading:
    part = _key(captured, context, "daypart")
    if part is None or reading.start is None:
        return reading
    reading.timex_type = "TIME"
    reading.value = f"{reading.value}T{part}"
    reading.precision = _DAYPART_PRECISION.get(part, "daypart")
    if part == "NI":
        reading.end = reading.start + 2 * DAY
    return reading


def day_of_focus(captured: Captures, context: Context, constants: Mapping[str, Any]) -> Reading | None:
    """ "am 27.": a day of the month in focus."""
    number = int(captured["day"])
    if context.focus is None:
        base = context.published
    else:
        base = context.focus.start
    if base is None:
        return None
    found = resolve.find_day(base.year, base.month, number)
    if found is None:
        return None
    return Reading(
        "DATE",
        found.isoformat(),
        found,
        found + DAY,
        "day",
        "inferred",
        anchor=base,
        reason="day-of-focus",
        values={"day": found.isoformat()},
    )


# --- months, seasons, quarters, years -------------------------------------------------------------------------


def month(captured: Captures, context: Context, _: Mapping[str, Any]) -> Reading | None:
    number = _key(captured, context, "month")
    part: Part | None = _key(captured, context, "part") or _key(captured, context, "half_part")
    modifier = captured.get("modifier")
    if modifier and not captured.get("year") and context.published is not None and _starts_with_modifier(captured):
        return _modified_month(number, context.grammar.key_of("modifier", modifier), context)
    year, how = _year_for(number, None, captured, context)
    if year is None:
        return Reading("DATE", f"XXXX-{number:02d}", reason="unpublished")
    if not resolve.is_year(year):
        return None
    value = f"{year:04d}-{number:02d}"
    interval = resolve.month_part(year, number, part) if part else resolve.month_interval(year, number)
    reading = Reading(
        "DATE", value, *interval, "month-part" if part else "month", "explicit" if how == "explicit" else "relative",
        reason=f"month-{how}", values={"month": value, "direction": f"@{context.toward()}"},
        anchor=None if how == "explicit" else context.anchor,
    )  # fmt: skip
    if how in ("tense", "default") and context.published is not None:
        other = resolve.find_year(context.published, (number, 1), _opposite(context.toward()))
        if other != year:
            reading.candidates.append(_candidate(*resolve.month_interval(other, number), "month", context))
    return reading


def _starts_with_modifier(captured: Captures) -> bool:
    names = list(captured)
    return names.index("modifier") < names.index("month") if "month" in captured else False


def _modified_month(number: int, modifier: str, context: Context) -> Reading | None:
    base = context.anchor
    if base is None:
        return None
    if modifier in ("last", "before-last", "preceding"):
        year = base.year if number < base.month else base.year - 1
    elif modifier in ("next", "after-next", "following"):
        year = base.year if number > base.month else base.year + 1
    else:
        year = base.year
    value = f"{year:04d}-{number:02d}"
    return Reading(
        "DATE",
        value,
        *resolve.month_interval(year, number),
        "month",
        anchor=base,
        reason="month-modifier",
        values={"month": value},
    )


def season(captured: Captures, context: Context, _: Mapping[str, Any]) -> Reading | None:
    code: resolve.Season = _key(captured, context, "season")
    first_month = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}[code]
    modifier = _key(captured, context, "modifier")
    if captured.get("year"):
        year, how = _expand_year(captured["year"], context), "explicit"
    elif modifier in ("last", "next") and captured.get("year_modifier") is None and context.anchor is not None:
        year, how = _modified_season_year(code, modifier, context.anchor), "modifier"
    else:
        found, how = _year_for(first_month, None, captured, context)
        if found is None:
            return Reading("DATE", f"XXXX-{code}", reason="unpublished")
        year = found
        if modifier == "this" and context.anchor is not None and code == "WI" and context.anchor.month < 6:
            year = context.anchor.year - 1
    if not resolve.is_year(year):
        return None
    value = f"{year:04d}-{code}"
    start, end = resolve.season_interval(year, code)
    part: Part | None = _key(captured, context, "part")
    if part:
        index = {"beginning": 0, "middle": 1, "end": 2}.get(part, 0)
        start = resolve.add_months(start, index)
        end = resolve.add_months(start, 1)
    return Reading(
        "DATE", value, start, end, "season", "explicit" if how == "explicit" else "relative", anchor=context.anchor,
        reason=f"season-{how}", values={"season": value, "direction": f"@{context.toward()}"},
    )  # fmt: skip


def _modified_season_year(code: resolve.Season, modifier: str, base: date) -> int:
    this = resolve.season_interval(base.year, code)
    if modifier == "last":
        return base.year if this.end <= base else base.year - 1
    return base.year if this.start > base else base.year + 1


def quarter(captured: Captures, context: Context, _: Mapping[str, Any]) -> Reading | None:
    number = _ordinal(captured["ordinal"], context)
    year, how = _unit_year(captured, context)
    if number not in range(1, 5) or year is None or not resolve.is_year(year):
        return None
    value = f"{year:04d}-Q{number}"
    return Reading(
        "DATE",
        value,
        *resolve.quarter_interval(year, number),
        "quarter",
        "explicit" if how else "relative",
        anchor=context.anchor,
        reason="calendar-unit",
        values={"value": value},
    )


def half_year(captured: Captures, context: Context, _: Mapping[str, Any]) -> Reading | None:
    number = _ordinal(captured["ordinal"], context)
    year, how = _unit_year(captured, context)
    if number not in (1, 2) or year is None or not resolve.is_year(year):
        return None
    value = f"{year:04d}-H{number}"
    return Reading(
        "DATE",
        value,
        *resolve.half_interval(year, number),
        "half-year",
        "explicit" if how else "relative",
        anchor=context.anchor,
        reason="calendar-unit",
        values={"value": value},
    )


def _unit_year(captured: Captures, context: Context) -> tuple[int | None, bool]:
    if captured.get("year"):
        return _expand_year(captured["year"], context), True
    return (context.anchor.year if context.anchor else None), False


def _ordinal(text: str, context: Context) -> int:
    return int(text.rstrip(". ")) if text[0].isdigit() else int(context.grammar.key_of("ordinal", text))


def year(captured: Captures, context: Context, _: Mapping[str, Any]) -> Reading | None:
    number = _expand_year(captured["year"], context)
    part: Part | None = _key(captured, context, "part")
    value = f"{number:04d}"
    if not resolve.is_year(number):
        return Reading("DATE", value, certainty="explicit", reason="outside-calendar")
    interval = resolve.year_part(number, part) if part else resolve.year_interval(number)
    return Reading(
        "DATE", value, *interval, "quarter" if part else "year", "explicit", reason="year", values={"year": value}
    )


def year_pair(captured: Captures, context: Context, _: Mapping[str, Any]) -> Reading | None:
    first = int(captured["year"])
    second = captured["second"]
    last = int(second) if len(second) == 4 else first - first % 100 + int(second)
    if last < first and len(second) < 4:
        last += 100
    if not first < last <= first + 20 or not resolve.is_year(last):
        return None
    return Reading(
        "DATE",
        f"{first:04d}",
        *resolve.year_interval(first, last - first + 1),
        "range",
        "explicit",
        reason="year",
        values={"year": f"{first}/{last}"},
    )


def year_before_christ(captured: Captures, context: Context, _: Mapping[str, Any]) -> Reading:
    return Reading(
        "DATE", f"BC{int(captured['number']):04d}", certainty="explicit", reason="outside-calendar", establishes=False
    )


def year_word(captured: Captures, context: Context, constants: Mapping[str, Any]) -> Reading | None:
    word = captured["word"].lower()
    modifier, _base = next((v for k, v in constants["words"].items() if word.startswith(k)), (None, None))
    return relative_unit({**captured, "modifier_key": str(modifier)}, context, {"unit": "year"})


def decade(captured: Captures, context: Context, _: Mapping[str, Any]) -> Reading | None:
    part: Part | None = _key(captured, context, "part")
    if captured.get("decade"):
        short = int(context.grammar.key_of("decade", captured["decade"]))
        first = 1900 + short
    else:
        digits = captured["year"]
        first = int(digits) if len(digits) == 4 else _expand_year(digits, context)
    if not resolve.is_year(first):
        return None
    if len(captured.get("year", "0000")) < 4 and context.published is not None and first > context.published.year:
        first -= 100
    return Reading(
        "DATE",
        f"{first // 10}",
        *resolve.decade_part(first, part),
        "decade",
        "explicit",
        reason="decade",
        values={"year": str(first)},
    )


def century(captured: Captures, context: Context, _: Mapping[str, Any]) -> Reading | None:
    part: Part | None = _key(captured, context, "part") or _key(captured, context, "half_part")
    if captured.get("number"):
        number = int(captured["number"])
        certainty = "explicit"
    else:
        modifier = _key(captured, context, "modifier")
        if context.published is None or modifier not in ("last", "this", "next", "before-last"):
            return None
        number = context.published.year // 100 + 1 + {"last": -1, "this": 0, "next": 1, "before-last": -2}[modifier]
        certainty = "relative"
    if captured.get("bc"):
        return Reading(
            "DATE", f"BC{number - 1:02d}", certainty="explicit", reason="outside-calendar", establishes=False
        )
    if not 1 <= number <= 90:
        return None
    return Reading(
        "DATE",
        f"{number - 1:02d}",
        *resolve.century_part(number, part),
        "century",
        certainty,
        reason="century",
        values={"century": str(number)},
        establishes=False,
    )  # type: ignore[arg-type]


def year_turn(captured: Captures, context: Context, _: Mapping[str, Any]) -> Reading | None:
    if captured.get("year"):
        first = int(captured["year"]) - (0 if captured.get("second") else 1)
        certainty = "explicit"
    elif context.anchor is not None:
        ahead = context.direction == "future"
        first = context.anchor.year if ahead else context.anchor.year - 1
        certainty = "relative"
    else:
        return Reading("DATE", "XXXX-12-31", reason="unpublished")
    if not resolve.is_year(first):
        return None
    start = date(first, 12, 31)
    return Reading(
        "DATE",
        start.isoformat(),
        start,
        start + 2 * DAY,
        "multi-day",
        certainty,
        anchor=context.anchor,
        reason="year-turn",
        values={"year": str(first)},
    )  # type: ignore[arg-type]


# --- relative units ---------------------------------------------------------------------------------------------

_SHIFTS = {
    "last": -1,
    "preceding": -1,
    "before-last": -2,
    "this": 0,
    "same": 0,
    "next": 1,
    "following": 1,
    "after-next": 2,
}


def relative_unit(captured: Captures, context: Context, constants: Mapping[str, Any]) -> Reading | None:
    unit = constants["unit"]
    modifier = captured.get("modifier_key") or _key(captured, context, "modifier")
    anaphoric = modifier in ("following", "preceding", "same") or context.narrative
    base = context.focus.start if anaphoric and context.focus is not None else context.published
    if base is None or modifier is None:
        return Reading("DATE", f"PX{unit[0].upper()}" if unit != "year" else "XXXX", reason="unpublished")
    return _unit_reading(unit, base, _SHIFTS[modifier], anaphoric and context.focus is not None)


def _unit_reading(unit: str, base: date, shift: int, anaphoric: bool) -> Reading | None:
    precision: DatePrecision
    try:
        if unit == "day":
            found = base + shift * DAY
            value, interval, precision = found.isoformat(), resolve.day_interval(found), "day"
        elif unit == "week":
            interval = resolve.week_interval(base + 7 * shift * DAY)
            value, precision = resolve.iso_week(interval.start), "week"
        elif unit == "weekend":
            interval = resolve.weekend_interval(base + 7 * shift * DAY)
            value, precision = f"{resolve.iso_week(interval.start)}-WE", "weekend"
        elif unit == "month":
            first = resolve.add_months(base.replace(day=1), shift)
            value, interval, precision = f"{first:%Y-%m}", resolve.month_interval(first.year, first.month), "month"
        elif unit == "quarter":
            first = resolve.add_months(base.replace(month=3 * ((base.month - 1) // 3) + 1, day=1), 3 * shift)
            number = (first.month - 1) // 3 + 1
            value, interval, precision = (
                f"{first:%Y}-Q{number}",
                resolve.quarter_interval(first.year, number),
                "quarter",
            )
        elif unit == "decade":
            start = base.year - base.year % 10 + 10 * shift
            value, interval, precision = str(start // 10), resolve.decade_part(start, None), "decade"
        else:
            number = base.year + shift
            value, interval, precision = f"{number:04d}", resolve.year_interval(number), "year"
    except (OverflowError, ValueError):
        return None
    return Reading(
        "DATE",
        value,
        *interval,
        precision,
        anchor=base,
        reason="unit-focus" if anaphoric else "unit-published",
        values={"anchor": base.isoformat(), "value": value},
    )


def unit_word(captured: Captures, context: Context, constants: Mapping[str, Any]) -> Reading | None:
    word = captured["word"].lower()
    unit, shift = next(v for k, v in constants["words"].items() if word.startswith(k))
    base = (
        context.focus.start if context.focus is not None and (unit == "day" or context.narrative) else context.published
    )
    if base is None:
        return Reading("DATE", "PXD", reason="unpublished")
    return _unit_reading(unit, base, shift, context.focus is not None)


def same_unit(captured: Captures, context: Context, constants: Mapping[str, Any]) -> Reading | None:
    unit = constants.get("unit") or context.grammar.unit_of(captured["unit_word"])
    base = context.focus.start if context.focus is not None else context.published
    if base is None:
        return Reading("DATE", "XXXX-XX-XX", reason="unpublished")
    if unit == "day" and context.focus is not None and context.focus.end - context.focus.start > 7 * DAY:
        return Reading("DATE", "XXXX-XX-XX", reason="unresolved", establishes=False)
    return _unit_reading(unit, base, 0, context.focus is not None)


def week_number(captured: Captures, context: Context, _: Mapping[str, Any]) -> Reading | None:
    number = int(captured.get("number") or captured["number2"])
    given = captured.get("year") or captured.get("year2")
    base = int(given) if given and len(given) == 4 else (context.anchor.year if context.anchor else None)
    if base is None or not 1 <= number <= 53:
        return None
    try:
        monday = date.fromisocalendar(base, number, 1)
    except ValueError:
        return None
    return Reading(
        "DATE",
        resolve.iso_week(monday),
        *resolve.week_interval(monday),
        "week",
        "explicit" if given else "relative",
        anchor=context.anchor,
        reason="calendar-unit",
        values={"value": resolve.iso_week(monday)},
    )


def weekend(captured: Captures, context: Context, _: Mapping[str, Any]) -> Reading | None:
    modifier = _key(captured, context, "modifier")
    base = context.anchor
    if base is None:
        return Reading("DATE", "XXXX-WXX-WE", reason="unpublished")
    this = resolve.weekend_interval(base)
    if modifier in ("last", "preceding"):
        # "Am vergangenen Wochenende": the last that is over; on a Sunday the one before.
        interval = this if this.end <= base else resolve.weekend_interval(base - 7 * DAY)
    elif modifier in ("next", "following"):
        interval = this if this.start > base else resolve.weekend_interval(base + 7 * DAY)
    elif modifier == "before-last":
        interval = resolve.weekend_interval(base - 14 * DAY)
    elif modifier == "after-next":
        interval = resolve.weekend_interval(base + 14 * DAY)
    elif modifier == "this" or base >= this.start or context.direction == "future":
        interval = this
    else:
        interval = resolve.weekend_interval(base - 7 * DAY)
    value = f"{resolve.iso_week(interval.start)}-WE"
    return Reading(
        "DATE",
        value,
        *interval,
        "weekend",
        anchor=base,
        reason="unit-published",
        values={"anchor": base.isoformat(), "value": value},
    )


def part_of_unit(captured: Captures, context: Context, _: Mapping[str, Any]) -> Reading | None:
    word = captured["unit_word"].lower()
    grammar = context.grammar
    unit = "weekend" if grammar.words["span_units"]["weekend"][0] == word else _stem_unit(word, context)
    part: Part = _key(captured, context, "part") if captured.get("part") else _part_of_compound(captured, context)
    modifier = _key(captured, context, "modifier")
    if captured.get("year"):
        whole = _unit_reading("year", date(_expand_year(captured["year"], context), 1, 1), 0, False)
    else:
        base = (
            context.focus.start
            if (context.narrative or modifier in ("following", "same")) and context.focus is not None
            else context.published
        )
        if base is None:
            return Reading("DATE", "XXXX", reason="unpublished")
        shift = _SHIFTS[modifier] if modifier else 0
        if modifier is None and unit == "year" and context.direction == "future" and part == "beginning":
            shift = 1 if base.month > 3 else 0
        whole = _unit_reading(unit, base, shift, False)
    if whole is None or whole.start is None:
        return whole
    start = whole.start
    if unit == "year":
        interval, precision = resolve.year_part(start.year, part), "quarter"
    elif unit == "month":
        interval, precision = resolve.month_part(start.year, start.month, part), "month-part"
    elif unit == "weekend":
        return whole
    else:
        interval, precision = resolve.week_part(start, part), "multi-day"
    return Reading(
        "DATE",
        whole.value,
        *interval,
        precision,
        anchor=whole.anchor,
        reason="part",
        values={"value": whole.value, "part": f"@{part}"},
    )  # type: ignore[arg-type]


def _stem_unit(word: str, context: Context) -> str:
    stem = word if word.endswith("woche") else word.removesuffix("s") if word.endswith("ns") else word
    for candidate in (word, stem, word.rstrip("s"), word.removesuffix("es")):
        try:
            return context.grammar.unit_of(candidate)
        except KeyError:
            continue
    return "year"


def _part_of_compound(captured: Captures, context: Context) -> Part:
    word = captured["part_word"].lower()
    for candidate in (word, word.removesuffix("s"), word.removesuffix("es")):
        try:
            return context.grammar.key_of("part", candidate)  # type: ignore[no-any-return]
        except KeyError:
            continue
    return "end"


# --- weekdays and deictic days -----------------------------------------------------------------------------------


def weekday(captured: Captures, context: Context, _: Mapping[str, Any]) -> Reading | None:
    number: int = _key(captured, context, "weekday")
    modifier = _key(captured, context, "modifier")
    week = _key(captured, context, "week_modifier", "modifier") or _key(captured, context, "second", "modifier")
    anaphoric = modifier in ("following", "same") and context.focus is not None
    base = context.focus.start if anaphoric and context.focus else context.anchor
    if base is None:
        return _with_daypart(Reading("DATE", f"XXXX-WXX-{number + 1}", reason="unpublished"), captured, context)
    key, values = "weekday-modifier", {"anchor": base.isoformat()}
    if week is not None:
        monday = resolve.week_interval(base + 7 * _SHIFTS[week] * DAY).start
        found = monday + number * DAY
    elif modifier in ("last", "preceding"):
        found = resolve.find_weekday(base - DAY, number, "past")
    elif modifier == "before-last":
        found = resolve.find_weekday(base - 8 * DAY, number, "past")
    elif modifier in ("next", "following"):
        found = resolve.find_weekday(base + DAY, number, "future")
    elif modifier == "after-next":
        found = resolve.find_weekday(base + 8 * DAY, number, "future")
    elif modifier == "this":
        found = resolve.week_interval(base).start + number * DAY
        if context.direction is not None:
            found = resolve.find_weekday(base, number, context.direction)
    else:
        found = resolve.find_weekday(base, number, context.toward())
        how, more = _because(context)
        key, values = f"weekday-{how}", {**values, **more}
    values["day"] = found.isoformat()
    reading = Reading("DATE", found.isoformat(), found, found + DAY, "day", anchor=base, reason=key, values=values)
    if modifier is None and week is None:
        other = resolve.find_weekday(base, number, _opposite(context.toward()))
        if other != found:
            reading.candidates.append(_candidate(other, other + DAY, "day", context))
    return _with_daypart(reading, captured, context)


def weekday_offset(captured: Captures, context: Context, _: Mapping[str, Any]) -> Reading | None:
    number: int = _key(captured, context, "weekday")
    amount = find_amount(captured, context.grammar)
    if context.published is None or amount is None:
        return None
    unit = context.grammar.unit_of(captured["unit_word"])
    weeks = round(amount) if unit == "week" else max(1, round(amount / 7))
    past = captured["sign"].lower() in context.grammar.words["offset_signs"]["past"]
    direction: Direction = "past" if past else "future"
    found = resolve.find_weekday(context.published, number, direction) + (-7 if past else 7) * weeks * DAY
    return Reading(
        "DATE",
        found.isoformat(),
        found,
        found + DAY,
        "day",
        anchor=context.published,
        reason="weekday-modifier",
        values={"anchor": context.published.isoformat(), "day": found.isoformat()},
    )


def deictic_day(captured: Captures, context: Context, _: Mapping[str, Any]) -> Reading | None:
    shift = int(_key(captured, context, "deictic"))
    base = context.published
    if shift == 0 and not captured.get("daypart") and (context.states or context.narrative):
        return Reading("DATE", "PRESENT_REF", reason="nowadays", establishes=False)
    if base is None or context.narrative:
        return _with_daypart(Reading("DATE", "XXXX-XX-XX", reason="unpublished", establishes=False), captured, context)
    found = base + shift * DAY
    reading = Reading(
        "DATE",
        found.isoformat(),
        found,
        found + DAY,
        "day",
        anchor=base,
        reason="deictic",
        values={"anchor": base.isoformat(), "day": found.isoformat()},
    )
    return _with_daypart(reading, captured, context)


# --- nights ---------------------------------------------------------------------------------------------------


def _night(evening: date, reason: str, anchor: date | None, certainty: str = "relative") -> Reading:
    morning = evening + DAY
    return Reading(
        "TIME", f"{evening.isoformat()}TNI", evening, morning + DAY, "night", certainty, anchor=anchor, reason=reason,  # type: ignore[arg-type]
        values={"evening": evening.isoformat(), "morning": morning.isoformat()},
    )  # fmt: skip


def night_to(captured: Captures, context: Context, constants: Mapping[str, Any]) -> Reading | None:
    """ "in der Nacht zum Sonntag": Saturday to Sunday."""
    names = dict(captured)
    if names.get("second") and "day" not in names:
        names["weekday"] = names.pop("second")
    if names.get("deictic"):
        inner = deictic_day(names, context, constants)
    elif names.get("day"):
        if "month" not in names and names.get("first_month"):
            names["month"] = names["first_month"]
        inner = day(names, context, constants) if "month" in names else day_of_focus(names, context, constants)
    else:
        inner = weekday(names, context, constants)
    if inner is None or inner.start is None:
        return Reading("TIME", "XXXX-XX-XXTNI", reason="unpublished") if inner else None
    reading = _night(inner.start - DAY, "night-to", inner.anchor, inner.certainty)
    for candidate in inner.candidates:
        when = candidate.when
        if when.start is not None:
            reading.candidates.append(
                DateCandidate(When(when.start - DAY, when.start + DAY, "night"), candidate.reason)
            )
    return reading


def night_of(captured: Captures, context: Context, constants: Mapping[str, Any]) -> Reading | None:
    inner = day(captured, context, constants) if captured.get("month") else day_of_focus(captured, context, constants)
    if inner is None or inner.start is None:
        return None
    return _night(inner.start, "night-of", inner.anchor, inner.certainty)


def night_modified(captured: Captures, context: Context, _: Mapping[str, Any]) -> Reading | None:
    modifier = _key(captured, context, "modifier")
    if modifier in ("same", "this") and context.focus is not None:
        evening = context.focus.start - DAY if context.focus_morning else context.focus.start
        if modifier == "this" and context.published is not None and context.focus.start > context.published:
            evening = context.published - DAY
        return _night(evening, "night-focus", evening)
    base = context.anchor
    if base is None:
        return Reading("TIME", "XXXX-XX-XXTNI", reason="unpublished")
    evening = base if modifier in ("next", "following") else base - 2 * DAY if modifier == "before-last" else base - DAY
    return _night(evening, "night-published", base)


def night_alone(captured: Captures, context: Context, _: Mapping[str, Any]) -> Reading | None:
    base = context.anchor
    if base is None:
        return Reading("TIME", "XXXX-XX-XXTNI", reason="unpublished")
    if context.narrative and context.focus is not None:
        return _night(context.focus.start, "night-focus", base)
    return _night(base if context.direction == "future" else base - DAY, "night-published", base)


def night_new_year(captured: Captures, context: Context, constants: Mapping[str, Any]) -> Reading | None:
    inner = year_turn(captured, context, constants)
    if inner is None or inner.start is None:
        return inner
    return _night(inner.start, "night-of", inner.anchor, inner.certainty)


# --- parts of the day, clock times ---------------------------------------------------------------------------------


def _day_of_time(context: Context) -> tuple[date | None, bool]:
    """The day of a bare clock time: the date in focus, else the day of publication."""
    if context.focus is not None and context.focus.end - context.focus.start <= 2 * DAY:
        last = context.focus.end - DAY
        return (last if context.focus_precision == "night" else context.focus.start), True
    return context.published, False


def daypart(captured: Captures, context: Context, constants: Mapping[str, Any]) -> Reading | None:
    part = constants.get("daypart") or _key(captured, context, "daypart")
    base, focused = _day_of_time(context)
    if base is None:
        return Reading("TIME", f"XXXX-XX-XXT{part}", reason="unpublished", establishes=False)
    return Reading(
        "TIME", f"{base.isoformat()}T{part}", base, base + (2 if part == "NI" else 1) * DAY, _DAYPART_PRECISION.get(part, "daypart"),
        "inferred" if focused else "relative", anchor=base, reason="daypart-focus" if focused else "daypart-published",
        values={"day": base.isoformat()}, establishes=False,
    )  # fmt: skip


def daypart_modified(captured: Captures, context: Context, _: Mapping[str, Any]) -> Reading | None:
    modifier = _key(captured, context, "modifier")
    part = _key(captured, context, "daypart")
    base = (
        context.focus.start
        if modifier in ("same", "following", "next") and context.focus is not None
        else context.published
    )
    if base is None:
        return Reading("TIME", f"XXXX-XX-XXT{part}", reason="unpublished")
    found = base + {"same": 0, "this": 0, "next": 1, "following": 1, "last": -1}.get(modifier, 0) * DAY
    reading = Reading(
        "TIME",
        found.isoformat(),
        found,
        found + DAY,
        "daypart",
        anchor=base,
        reason="daypart-focus",
        values={"day": found.isoformat()},
    )
    return _with_daypart(reading, captured, context)


def clock(captured: Captures, context: Context, constants: Mapping[str, Any]) -> Reading | None:
    words = context.grammar.words
    hour = int(captured["hour"]) if captured.get("hour") else int(_key(captured, context, "number"))
    minute = int(captured.get("minute") or 0)
    half = captured.get("half", "").lower()
    if half:
        total = 60 * hour + int(words["clock_signs"][half])
        hour, minute = divmod(total % 1440, 60)
    if hour > 24 or (hour == 24 and minute):
        return None
    base, focused = _day_of_time(context)
    certainty = "inferred" if focused else "relative"
    if captured.get("day") and captured.get("month"):
        inner = day(captured, context, constants)
        if inner is None or inner.start is None:
            return None
        base, certainty = inner.start, inner.certainty
    zone = words["zone_offsets"].get(" ".join(captured.get("zone", "").lower().split()), "")
    written = f"{hour:02d}:{minute:02d}"
    if base is None:
        return Reading("TIME", f"XXXX-XX-XXT{written}{zone}", reason="unpublished", establishes=False)
    return Reading(
        "TIME", f"{base.isoformat()}T{written}{zone}", base, base + DAY, "minute", certainty, clock=time(hour % 24, minute), anchor=base,  # type: ignore[arg-type]
        reason="clock-focus" if focused else "clock-published", values={"day": base.isoformat(), "clock": written}, establishes=bool(captured.get("month")),
    )  # fmt: skip


def midnight(captured: Captures, context: Context, _: Mapping[str, Any]) -> Reading | None:
    base, focused = _day_of_time(context)
    if base is None:
        return Reading("TIME", "XXXX-XX-XXT24:00", reason="unpublished", establishes=False)
    nearby = " ".join(captured.get("nearby", "").lower().split())
    approximate = bool(nearby)
    return Reading(
        "TIME", f"{base.isoformat()}T24:00", base, base + DAY, "minute", "inferred" if focused else "relative", approximate, time(0, 0) if nearby not in context.grammar.words["midnight_before"] else time(23, 59), base,
        "clock-focus" if focused else "clock-published", {"day": base.isoformat(), "clock": "24:00"}, establishes=False,
    )  # fmt: skip


# --- offsets ------------------------------------------------------------------------------------------------------


def offset(captured: Captures, context: Context, _: Mapping[str, Any]) -> Reading | None:
    words = context.grammar.words
    unit = str(_key(captured, context, "unit"))
    amount = find_amount(captured, context.grammar)
    sign_word = captured["sign"].lower()
    direction: Direction = "past" if sign_word in words["offset_signs"]["past"] else "future"
    anaphoric = sign_word in words["focus_signs"]
    base = context.focus.start if anaphoric and context.focus is not None else context.published
    if context.narrative and context.focus is not None:
        base = context.focus.start
    approximate = bool(captured.get("approx"))
    value = duration_value(amount, unit)
    key = "offset-focus" if anaphoric else "offset-published"
    if unit in ("second", "minute", "hour"):
        return _hours(captured, context, value, direction, anaphoric, base, amount, unit)
    if amount is None:
        return _vague_offset(value, unit, direction, base, anaphoric)
    reading = Reading("DURATION", value, reason="unpublished")
    if base is not None:
        found = _shifted(base, amount, unit, direction, bool(captured.get("exact")))
        if found is not None:
            reading = Reading(
                "DURATION",
                value,
                found.start,
                found.end,
                found.precision,
                approximate=approximate,
                anchor=base,
                reason=key,
                values={"anchor": base.isoformat(), "value": found.value},
            )
            if anaphoric and sign_word not in words["lapse_signs"]:
                reading.timex_type, reading.value = "DATE", found.value
            elif unit in _WHOLE_DAYS and unit == "day":
                reading.timex_type, reading.value = "DATE", found.value
    return reading


def _hours(
    captured: Captures,
    context: Context,
    value: str,
    direction: Direction,
    anaphoric: bool,
    base: date | None,
    amount: float | None,
    unit: str,
) -> Reading:
    """ "vor zwei Stunden": on the day itself; what lies more than a day off counts in days."""
    days = round((amount or 0) / 24) if unit == "hour" and (amount or 0) >= 24 else 0
    if base is None or anaphoric or (unit == "hour" and amount is not None and amount > 12 and days == 0):
        return Reading("DURATION", value, reason="duration", establishes=False)
    found = base + (-days if direction == "past" else days) * DAY
    return Reading(
        "DURATION",
        value,
        found,
        found + DAY,
        "day",
        anchor=base,
        reason="offset-published",
        values={"anchor": base.isoformat(), "value": found.isoformat()},
        establishes=False,
    )


def _vague_offset(value: str, unit: str, direction: Direction, base: date | None, anaphoric: bool) -> Reading:
    if base is None or unit not in _VAGUE_DAYS or anaphoric:
        return Reading(
            "DATE" if anaphoric else "DURATION",
            ("FUTURE_REF" if direction == "future" else "PAST_REF") if anaphoric else value,
            reason="vague",
            establishes=False,
        )
    reach = (
        {"day": 6, "week": 42, "month": 120}[unit]
        if direction == "future"
        else {"day": 7, "week": 42, "month": 120}[unit]
    )
    if direction == "future":
        start, end = base + DAY, base + (reach + 1) * DAY
    else:
        start, end = base - reach * DAY, base
    return Reading(
        "DURATION",
        value,
        start,
        end,
        "vague",
        approximate=True,
        anchor=base,
        reason="vague-offset",
        values={"anchor": base.isoformat()},
        establishes=False,
    )


def _shifted(base: date, amount: float, unit: str, direction: Direction, exact: bool) -> Reading | None:
    """The day, ISO week, month or year that lies so far from the base; the day itself after "genau"."""
    sign = -1 if direction == "past" else 1
    try:
        if unit == "day" or unit == "week":
            days = round(amount * _WHOLE_DAYS[unit])
            if unit == "day" and days in (8, 14, 15) and days != 14:
                days = 7 * round(days / 7)  # "in acht Tagen" is a week
            found = base + sign * days * DAY
            if unit == "week" and not exact:
                return Reading("DATE", resolve.iso_week(found), *resolve.week_interval(found), "week")
            return Reading("DATE", found.isoformat(), found, found + DAY, "day")
        months = round(amount * {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}[unit])
        found = resolve.add_months(base, sign * months)
        if exact:
            return Reading("DATE", found.isoformat(), found, found + DAY, "day")
        if unit in ("month", "quarter") or (unit == "year" and amount % 1):
            return Reading("DATE", f"{found:%Y-%m}", *resolve.month_interval(found.year, found.month), "month")
        if unit == "year":
            return Reading("DATE", f"{found.year:04d}", *resolve.year_interval(found.year), "year")
        return Reading("DATE", f"{found.year:04d}", *resolve.year_interval(found.year), "year", approximate=True)
    except (OverflowError, ValueError):
        return None


def comparison(captured: Captures, context: Context, _: Mapping[str, Any]) -> Reading:
    """ "zwei Jahre nach dem Angriff": how long after, not when."""
    unit = str(_key(captured, context, "unit"))
    value = duration_value(find_amount(captured, context.grammar), unit)
    day_ = None if context.narrative else context.published
    if context.beside and context.focus is not None and context.focus_precision == "day" and day_ is not None:
        day_ = context.focus.start  # "am Montag, ein Jahr nach dem Angriff"
    return Reading(
        "DURATION", value, day_, day_ + DAY if day_ else None, "day" if day_ else None, anchor=day_,
        reason="comparison", establishes=False,
    )  # fmt: skip


def day_word(captured: Captures, context: Context, constants: Mapping[str, Any]) -> Reading | None:
    shift = constants["words"][" ".join(captured["word"].lower().split())]
    base = context.focus.start if context.focus is not None else context.published
    if context.focus is not None and shift > 0:
        base = context.focus.end - DAY
    if base is None:
        return Reading("DATE", "XXXX-XX-XX", reason="unpublished")
    if context.focus is not None and context.focus.end - context.focus.start > 8 * DAY:
        return Reading("DATE", "XXXX-XX-XX", reason="unresolved", establishes=False)
    return _unit_reading("day", base, shift, context.focus is not None)


# --- spans and durations ---------------------------------------------------------------------------------------------


def span(captured: Captures, context: Context, _: Mapping[str, Any]) -> Reading | None:
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
    start, end = (base, base + (days + 1) * DAY) if future else (base - days * DAY, base + DAY)
    return Reading(
        "DURATION", value, start, end, "vague" if amount is None else "range", approximate=amount is None, anchor=base,
        reason="span", values={"start": start.isoformat(), "end": (end - DAY).isoformat()}, establishes=False,
    )  # fmt: skip


def _reach(amount: float | None, unit: str, base: date, future: bool) -> int | None:
    """How many days an amount of time reaches; ``None`` when only a guess could say."""
    if amount is None:
        return _VAGUE_DAYS.get(unit)
    if unit in ("second", "minute"):
        return 0
    if unit == "hour":
        return round(amount / 24)
    if unit in _WHOLE_DAYS:
        return round(amount * _WHOLE_DAYS[unit])
    months = round(amount * {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}[unit])
    try:
        other = resolve.add_months(base, months if future else -months)
    except OverflowError:
        return None
    return abs((other - base).days)


def within(captured: Captures, context: Context, _: Mapping[str, Any]) -> Reading | None:
    unit = str(_key(captured, context, "unit"))
    amount = find_amount(captured, context.grammar)
    base = context.focus.start if context.focus is not None and context.direction != "future" else context.published
    value = duration_value(amount, unit)
    days = _reach(amount, unit, base, True) if base is not None else None
    if base is None or days is None:
        return Reading("DURATION", value, reason="duration", establishes=False)
    if amount is None and unit == "day":
        days += 1  # "binnen Tagen": a week
    end = base + (days + 1) * DAY
    return Reading(
        "DURATION", value, base, end, "range" if amount is not None else "vague", approximate=amount is None, anchor=base,
        reason="span", values={"start": base.isoformat(), "end": (end - DAY).isoformat()}, establishes=False,
    )  # fmt: skip


def since_amount(captured: Captures, context: Context, _: Mapping[str, Any]) -> Reading | None:
    unit = str(_key(captured, context, "unit"))
    amount = find_amount(captured, context.grammar)
    base = context.anchor
    value = duration_value(amount, unit)
    days = _reach(amount, unit, base, False) if base is not None else None
    if base is None or days is None:
        return Reading("DURATION", value, reason="vague" if base else "unpublished", establishes=False)
    start = base - days * DAY
    return Reading(
        "DURATION", value, start, base + DAY, "vague" if amount is None else "range", approximate=amount is None or bool(captured.get("approx")),
        anchor=base, reason="span", values={"start": start.isoformat(), "end": base.isoformat()}, establishes=False,
    )  # fmt: skip


def these_units(captured: Captures, context: Context, _: Mapping[str, Any]) -> Reading:
    unit = context.grammar.unit_of(captured["unit_word"])
    return Reading("DURATION", duration_value(None, unit), reason="vague", establishes=False)


def duration(captured: Captures, context: Context, constants: Mapping[str, Any]) -> Reading | None:
    """How long, not when: no interval."""
    grammar = context.grammar
    if captured.get("unit"):
        unit = str(grammar.key_of("unit", captured["unit"]))
    elif captured.get("unit_adjective"):
        unit = str(grammar.key_of("unit-adjective", captured["unit_adjective"]))
    elif captured.get("unit_word"):
        unit = grammar.unit_of(captured["unit_word"])
    else:
        unit = str(constants["unit"])
    amount = None if constants.get("vague") else find_amount(captured, grammar)
    if amount is None and constants.get("amount"):
        amount = float(constants["amount"])
    value = duration_value(amount, unit)
    if captured.get("second_unit"):
        second = duration_value(
            find_amount(captured, grammar, "_second"), str(grammar.key_of("unit", captured["second_unit"]))
        )
        value += second.removeprefix("P")
    return Reading("DURATION", value, approximate=bool(captured.get("approx")), reason="duration", establishes=False)


# --- sets, named days, references ---------------------------------------------------------------------------------------


def set_weekday(captured: Captures, context: Context, _: Mapping[str, Any]) -> Reading:
    number = (
        _key(captured, context, "weekday") if captured.get("weekday") else _key(captured, context, "weekday_adverb")
    )
    part = _key(captured, context, "daypart")
    return Reading("SET", f"XXXX-WXX-{number + 1}" + (f"T{part}" if part else ""), reason="set", establishes=False)


def set_(captured: Captures, context: Context, constants: Mapping[str, Any]) -> Reading | None:
    grammar = context.grammar
    if captured.get("unit"):
        unit = str(grammar.key_of("unit", captured["unit"]))
        amount = find_amount(captured, grammar)
        if amount is None and "vague" not in captured:
            return None
    else:
        unit = constants.get("unit") or grammar.unit_of(captured["unit_word"])
        fraction = captured.get("fraction", "").lower()
        amount = float(grammar.words["fractions"][fraction]) if fraction else 1.0
    return Reading("SET", duration_value(amount, unit), reason="set", establishes=False)


def named_day(captured: Captures, context: Context, _: Mapping[str, Any]) -> Reading | None:
    key = _key(captured, context, "named_day")
    entry = context.grammar.named_days[key]
    modifier = _key(captured, context, "modifier")
    if captured.get("year"):
        found = _day_in_year(entry, int(captured["year"]))
        certainty = "explicit"
    else:
        certainty = "relative"
        if context.anchor is None:
            return Reading("DATE", _unknown_year(entry), reason="unpublished")
        direction: Direction = {"last": "past", "next": "future"}.get(modifier, context.toward())  # type: ignore[assignment]
        found = _nearest(entry, context.anchor, direction)
    if found is None:
        return None
    reading = Reading(
        "DATE",
        found.isoformat(),
        found,
        found + DAY,
        "day",
        certainty,
        anchor=context.anchor,
        reason="named-day",
        values={"day": found.isoformat(), "direction": f"@{context.toward()}"},
    )  # type: ignore[arg-type]
    return _with_daypart(reading, captured, context)


def _unknown_year(entry: Mapping[str, Any]) -> str:
    return "XXXX-{:02d}-{:02d}".format(*entry["fixed"]) if "fixed" in entry else "XXXX-XX-XX"


def _day_in_year(entry: Mapping[str, Any], year: int) -> date | None:
    if not resolve.is_year(year):
        return None
    if "fixed" in entry:
        return resolve.find_day(year, *entry["fixed"])
    if "easter" in entry:
        if year < 1583:
            return None
        return resolve.easter_sunday(year, bool(entry.get("orthodox"))) + timedelta(days=entry["easter"])
    days = resolve.holiday_days(entry["country"], entry["name"], year)
    return days[0] if days else None


def _nearest(entry: Mapping[str, Any], anchor: date, direction: Direction) -> date | None:
    years = (anchor.year, anchor.year - 1) if direction == "past" else (anchor.year, anchor.year + 1)
    for year_number in years:
        found = _day_in_year(entry, year_number)
        if found is not None and (found <= anchor if direction == "past" else found >= anchor):
            return found
    return None


def reference(captured: Captures, context: Context, constants: Mapping[str, Any]) -> Reading:
    return Reading("DATE", str(constants["value"]), reason="reference", establishes=False)


def since_then(captured: Captures, context: Context, _: Mapping[str, Any]) -> Reading:
    if context.focus is None or context.published is None or context.focus.start > context.published:
        return Reading("DATE", "PAST_REF", reason="reference", establishes=False)
    start = context.focus.start
    return Reading(
        "DATE",
        "PAST_REF",
        start,
        context.published + DAY,
        "range",
        anchor=start,
        reason="span",
        values={"start": start.isoformat(), "end": context.published.isoformat()},
        establishes=False,
    )


OPERATIONS: Mapping[str, Operation] = {
    "day": day, "day-of-focus": day_of_focus, "month": month, "season": season, "quarter": quarter, "half-year": half_year,
    "year": year, "year-pair": year_pair, "year-before-christ": year_before_christ, "year-word": year_word, "decade": decade,
    "century": century, "year-turn": year_turn, "relative-unit": relative_unit, "unit-word": unit_word, "same-unit": same_unit,
    "week-number": week_number, "weekend": weekend, "part-of-unit": part_of_unit, "weekday": weekday,
    "weekday-offset": weekday_offset, "deictic-day": deictic_day, "night-to": night_to, "night-of": night_of,
    "night-modified": night_modified, "night-alone": night_alone, "night-new-year": night_new_year, "daypart": daypart,
    "daypart-modified": daypart_modified, "clock": clock, "midnight": midnight, "offset": offset, "comparison": comparison,
    "day-word": day_word, "span": span, "within": within, "since-amount": since_amount, "these-units": these_units,
    "duration": duration, "set-weekday": set_weekday, "set": set_, "named-day": named_day, "reference": reference,
    "since-then": since_then,
}  # fmt: skip

__all__ = ["OPERATIONS", "Interval"]
