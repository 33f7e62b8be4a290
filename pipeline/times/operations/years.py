"""Years, decades, centuries and the turn of a year."""

from __future__ import annotations

from datetime import date

from pipeline import resolve
from pipeline.records import Certainty
from pipeline.resolve import DAY, Interval, Part
from pipeline.times.context import Context, Reading
from pipeline.times.operations.units import relative_unit, unit_reading
from pipeline.times.operations.words import (
    SHIFTS,
    Captures,
    Constants,
    certain,
    dated,
    expand_year,
    key_of,
    ordinal_of,
    part_of,
)

_HALF_YEAR = 6  # months


def year(captured: Captures, context: Context, _: Constants) -> Reading | None:
    """ "1945", "Jahr 2003", "'98", "Anfang 1944"."""
    number = int(captured["early"]) if captured.get("early") else expand_year(captured["year"], context)
    part: Part | None = key_of(captured, context, "part")
    value = f"{number:04d}"
    if not resolve.is_year(number):
        return Reading("DATE", value, certainty="explicit", reason="outside-calendar")
    interval = resolve.year_part(number, part) if part else resolve.year_interval(number)
    return dated(value, interval, "quarter" if part else "year", "year", certainty="explicit", year=value)


def year_pair(captured: Captures, context: Context, constants: Constants) -> Reading | None:
    """ "2007/08", "1941/1942": both years and what lies between. A season, a term or a school year has no TIMEX3 value
    of its own; its interval says as much as the text does."""
    first = int(captured["year"])
    second = captured["second"]
    last = int(second) if len(second) == 4 else first - first % 100 + int(second)
    if last < first and len(second) < 4:
        last += 100
    if not first < last <= first + 20 or not resolve.is_year(last):
        return None
    interval = resolve.year_interval(first, last - first + 1)
    words = context.before.split()
    term = bool(constants.get("term")) or (bool(words) and words[-1] in context.grammar.words["terms_of_years"])
    return dated(
        "XXXX-XX-XX" if term else f"{first:04d}", interval, "range", "year", certainty="explicit",
        establishes=context.narrative, year=f"{first}/{last}",
    )  # fmt: skip


def year_before_christ(captured: Captures, context: Context, _: Constants) -> Reading:
    """ "490 v. Chr.", "Frühjahr 331 v. Chr."."""
    season = key_of(captured, context, "season")
    return _outside_calendar(f"BC{int(captured['number']):04d}" + (f"-{season}" if season else ""))


def _outside_calendar(value: str) -> Reading:
    return Reading("DATE", value, certainty="explicit", reason="outside-calendar", establishes=False)


def year_word(captured: Captures, context: Context, constants: Constants) -> Reading | None:
    """ "Vorjahr", "heuer"."""
    word = captured["word"].lower()
    modifier = next(modifier for stem, modifier in constants["words"].items() if word.startswith(stem))
    return relative_unit({**captured, "modifier_key": modifier}, context, {"unit": "year"})


def decade(captured: Captures, context: Context, _: Constants) -> Reading | None:
    """ "neunziger Jahre", "1920er", "Mitte der 70er Jahre"; without a century the latest that has begun."""
    part = part_of(captured, context)
    digits = captured.get("year", "")
    if captured.get("decade"):
        century = ordinal_of(captured["century"], context) if captured.get("century") else 20
        first = 100 * (century - 1) + int(context.grammar.key_of("decade", captured["decade"]))
    else:
        first = int(digits) if len(digits) == 4 else expand_year(digits, context)
    if not resolve.is_year(first):
        return None
    if 0 < len(digits) < 4 and context.published is not None and first > context.published.year:
        first -= 100
    interval = resolve.decade_part(first, part)
    return dated(f"{first // 10}", interval, "decade", "decade", certainty="explicit", year=str(first))


def century(captured: Captures, context: Context, _: Constants) -> Reading | None:
    """ "20. Jahrhundert", "Anfang des 19. Jahrhunderts", "vorigen Jahrhunderts"."""
    part = part_of(captured, context)
    if captured.get("ordinal"):
        number = ordinal_of(captured["ordinal"], context)
    else:
        modifier = key_of(captured, context, "modifier")
        if context.published is None or modifier not in ("last", "this", "next", "before-last"):
            return None
        number = context.published.year // 100 + 1 + SHIFTS[modifier]
    if captured.get("bc"):
        return _outside_calendar(f"BC{number - 1:02d}")
    if not 1 <= number <= 90:
        return None
    return dated(
        f"{number - 1:02d}", resolve.century_part(number, part), "century", "century",
        certainty=certain(captured.get("ordinal")), establishes=False, century=str(number),
    )  # fmt: skip


def new_year(_captured: Captures, context: Context, _: Constants) -> Reading | None:
    """ "im neuen Jahr": the next one in the second half of a year and in a story, this one in the first half."""
    base = context.anchor
    if base is None:
        return Reading("DATE", "XXXX", reason="unpublished")
    return unit_reading("year", base, int(context.narrative or base.month > _HALF_YEAR), context.narrative)


def year_turn(captured: Captures, context: Context, _: Constants) -> Reading | None:
    """31 December to 1 January."""
    certainty: Certainty = certain(captured.get("year"))
    if captured.get("year"):
        first = int(captured["year"]) - (0 if captured.get("second") else 1)
    elif context.anchor is not None:
        ahead = context.direction == "future" and (context.announced or context.anchor.month > 1)
        first = context.anchor.year if ahead else context.anchor.year - 1
    else:
        return Reading("DATE", "XXXX-12-31", reason="unpublished")
    if not resolve.is_year(first):
        return None
    start = date(first, 12, 31)
    return dated(
        start.isoformat(), Interval(start, start + 2 * DAY), "multi-day", "year-turn", certainty=certainty,
        anchor=context.anchor, year=str(first),
    )  # fmt: skip
