"""What all operations share: the shape of an operation, the meaning of captured words, and readings made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeAlias

from pipeline.records import Certainty, DateCandidate, DatePrecision, Reason, TimexType, When
from pipeline.resolve import DAY, Direction, Interval, Part
from pipeline.times.context import Context, Reading

Captures: TypeAlias = Mapping[str, str]
Constants: TypeAlias = Mapping[str, Any]
Operation: TypeAlias = Callable[[Captures, Context, Constants], Reading | None]

# How far the words of the class "modifier" reach, in units of what they stand before.
SHIFTS: Mapping[str, int] = {
    "before-last": -2, "last": -1, "preceding": -1, "this": 0, "same": 0, "next": 1, "following": 1, "after-next": 2,
}  # fmt: skip
_DAYPART_PRECISION: Mapping[str, DatePrecision] = {"NI": "night"}


def key_of(captured: Captures, context: Context, name: str, word_class: str | None = None) -> Any:
    """What the words of a capture mean (their key in the pack); ``None`` when nothing was captured."""
    text = captured.get(name)
    return None if text is None else context.grammar.key_of(word_class or name.replace("_", "-"), text)


def part_of(captured: Captures, context: Context) -> Part | None:
    """The captured part of a longer time: "Anfang", "erste Hälfte", "späten"."""
    names = ("part", "half_part", "half_word", "early_late", "part_days")
    return next((key_of(captured, context, name) for name in names if captured.get(name)), None)


def year_of_range(year: int, month: int, captured: Captures, context: Context) -> int:
    """The year of the start of a range whose end names it: "28. Dezember bis 3. Januar 2024" begins in 2023."""
    number = captured.get("until_number")
    until = int(number) if number else key_of(captured, context, "until", "month")
    return year - 1 if until is not None and until < month else year


def month_of(captured: Captures, context: Context) -> int:
    """The number of the captured month, in today's or an older spelling."""
    found = key_of(captured, context, "month")
    return int(key_of(captured, context, "old_month") if found is None else found)


def year_modifier_of(captured: Captures, context: Context) -> str | None:
    """ "vergangenen Jahres", "des Vorjahres" behind a month, a season or a part: which year that is."""
    found = key_of(captured, context, "year_modifier", "modifier") or key_of(captured, context, "year_word")
    return None if found is None else str(found)


def ordinal_of(text: str, context: Context) -> int:
    return int(text.rstrip(". ")) if text[0].isdigit() else int(context.grammar.key_of("ordinal", text))


def expand_year(text: str, context: Context) -> int:
    """ "39" is 1939, "22" is 2022: the latest such year that is not more than ten years after publication."""
    digits = text.lstrip("'")
    if len(digits) > 2:
        return int(digits)
    last = (context.published.year if context.published else 2030) + 10
    return last - (last - int(digits)) % 100


def opposite(direction: Direction) -> Direction:
    return "future" if direction == "past" else "past"


def why_direction(context: Context) -> str:
    """The end of a reason's key that says why an expression looks back or ahead."""
    return "tense" if context.direction else "default"


def certain(explicit: object) -> Certainty:
    """ "explicit" where the text names everything itself."""
    return "explicit" if explicit else "relative"


def dated(
    value: str,
    interval: Interval,
    precision: DatePrecision,
    reason: str,
    /,
    *,
    timex_type: TimexType = "DATE",
    certainty: Certainty = "relative",
    anchor: date | None = None,
    establishes: bool = True,
    approximate: bool = False,
    **values: str,
) -> Reading:
    """A reading with an interval; ``values`` and the anchor are the words of its reason."""
    if anchor is not None:
        values["anchor"] = anchor.isoformat()
    return Reading(
        timex_type, value, interval.start, interval.end, precision, certainty, approximate, None, anchor, reason,
        values, establishes=establishes,
    )  # fmt: skip


def spanning(
    timex_type: TimexType,
    value: str,
    interval: Interval,
    anchor: date,
    *,
    vague: bool = False,
    approximate: bool = False,
) -> Reading:
    """A reading that reaches over a span; a vague one has no sharp end."""
    return dated(
        value, interval, "vague" if vague else "range", "span", timex_type=timex_type, anchor=anchor, establishes=False,
        approximate=vague or approximate, start=interval.start.isoformat(), end=(interval.end - DAY).isoformat(),
    )  # fmt: skip


def rejected(start: date, end: date, precision: DatePrecision, context: Context) -> DateCandidate:
    """The reading in the other direction, which was not taken."""
    key = "times.not-taken" if context.direction else "times.not-default"
    return DateCandidate(When(start, end, precision), Reason(key, (("direction", f"@{opposite(context.toward())}"),)))


def with_daypart(reading: Reading, captured: Captures, context: Context) -> Reading:
    """Narrow a day to its captured part, if there is one; the night of a day lasts into the next."""
    part = key_of(captured, context, "daypart")
    if part is None or reading.start is None:
        return reading
    reading.timex_type = "TIME"
    reading.value = f"{reading.value}T{part}"
    reading.precision = _DAYPART_PRECISION.get(part, "daypart")
    if part == "NI":
        reading.end = reading.start + 2 * DAY
    return reading
