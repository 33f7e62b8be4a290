"""Units counted from a day: this week, last month, the year before, the weekend, the end of the year."""

from __future__ import annotations

from datetime import date

from pipeline import resolve
from pipeline.records import DatePrecision
from pipeline.resolve import DAY, Interval, Part
from pipeline.times.amounts import duration_value, find_amount
from pipeline.times.context import Context, Reading
from pipeline.times.operations.words import SHIFTS, Captures, Constants, certain, dated, expand_year, key_of


def unit_reading(unit: str, base: date, shift: int, anaphoric: bool) -> Reading | None:
    """The unit that holds the base, or lies so many units off; ``None`` outside the calendar."""
    try:
        value, interval, precision = _unit_at(unit, base, shift)
    except (OverflowError, ValueError):
        return None
    return dated(value, interval, precision, "unit-focus" if anaphoric else "unit-published", anchor=base, value=value)


def _unit_at(unit: str, base: date, shift: int) -> tuple[str, Interval, DatePrecision]:
    if unit == "day":
        found = base + shift * DAY
        return found.isoformat(), resolve.day_interval(found), "day"
    if unit == "week":
        interval = resolve.week_interval(base + 7 * shift * DAY)
        return resolve.iso_week(interval.start), interval, "week"
    if unit == "weekend":
        interval = resolve.weekend_interval(base + 7 * shift * DAY)
        return f"{resolve.iso_week(interval.start)}-WE", interval, "weekend"
    if unit == "month":
        first = resolve.add_months(base.replace(day=1), shift)
        return f"{first:%Y-%m}", resolve.month_interval(first.year, first.month), "month"
    if unit == "quarter":
        first = resolve.add_months(base.replace(month=3 * ((base.month - 1) // 3) + 1, day=1), 3 * shift)
        number = (first.month - 1) // 3 + 1
        return f"{first:%Y}-Q{number}", resolve.quarter_interval(first.year, number), "quarter"
    if unit == "decade":
        start = base.year - base.year % 10 + 10 * shift
        return str(start // 10), resolve.decade_part(start, None), "decade"
    year = base.year + shift
    return f"{year:04d}", resolve.year_interval(year), "year"


def relative_unit(captured: Captures, context: Context, constants: Constants) -> Reading | None:
    """ "vergangene Woche", "nächsten Jahres": from publication; "folgenden", "selben": from the date in focus."""
    unit = constants["unit"]
    modifier = captured.get("modifier_key") or key_of(captured, context, "modifier")
    anaphoric = modifier in ("following", "preceding", "same") or context.narrative
    base = context.focus.start if anaphoric and context.focus is not None else context.published
    if base is None or modifier is None:
        return Reading("DATE", f"PX{unit[0].upper()}" if unit != "year" else "XXXX", reason="unpublished")
    if modifier == "same" and _is_coarser(context.focus, unit):
        return Reading("DATE", "XXXX-XX", reason="unresolved", establishes=False)
    return unit_reading(unit, base, SHIFTS[modifier], anaphoric and context.focus is not None)


def _is_coarser(focus: Interval | None, unit: str) -> bool:
    """Whether the date in focus is too long to tell which month or week "derselbe" is."""
    longest = {"day": 7, "week": 7, "month": 31, "quarter": 92}.get(unit)
    return focus is not None and longest is not None and focus.end - focus.start > longest * DAY


def unit_word(captured: Captures, context: Context, constants: Constants) -> Reading | None:
    """ "Vorwoche", "Vortag", "Folgemonat"."""
    word = captured["word"].lower()
    unit, shift = next(meaning for stem, meaning in constants["words"].items() if word.startswith(stem))
    focused = context.focus is not None and (unit == "day" or context.narrative)
    base = context.focus.start if context.focus is not None and focused else context.published
    if base is None:
        return Reading("DATE", "PXD", reason="unpublished")
    return unit_reading(unit, base, shift, context.focus is not None)


def unit_beside(captured: Captures, context: Context, _: Constants) -> Reading | None:
    """ "im Jahr darauf", "in der Woche davor": beside the date in focus."""
    base = context.focus.start if context.focus is not None else context.published
    if base is None:
        return Reading("DATE", "XXXX", reason="unpublished")
    past = captured["sign"].lower() in context.grammar.words["offset_signs"]["past"]
    return unit_reading(
        context.grammar.unit_of(captured["unit_word"]), base, -1 if past else 1, context.focus is not None
    )


def first_units(captured: Captures, context: Context, _: Constants) -> Reading | None:
    """ "in den ersten drei Monaten des Jahres"."""
    amount = find_amount(captured, context.grammar)
    base = context.published
    if captured.get("year"):
        base = date(int(captured["year"]), 1, 1)
    if base is None or amount is None:
        return Reading("DURATION", "PX", reason="unpublished", establishes=False)
    unit = context.grammar.unit_of(captured["unit_word"])
    start = date(base.year + SHIFTS[key_of(captured, context, "modifier") or "this"], 1, 1)
    if unit in ("day", "week"):
        end = start + round(amount) * (7 if unit == "week" else 1) * DAY
    else:
        end = resolve.add_months(start, round(amount) * (3 if unit == "quarter" else 1))
    return dated(
        duration_value(amount, unit), Interval(start, end), "range", "part", timex_type="DURATION", anchor=base,
        establishes=False, value=f"{start.year:04d}", part="@beginning",
    )  # fmt: skip


def same_unit(captured: Captures, context: Context, constants: Constants) -> Reading | None:
    """ "am selben Tag", "im gleichen Jahr"."""
    unit = constants.get("unit") or context.grammar.unit_of(captured["unit_word"])
    focus = context.focus
    base = focus.start if focus is not None else context.published
    if base is None:
        return Reading("DATE", "XXXX-XX-XX", reason="unpublished")
    if _is_coarser(focus, unit):
        return Reading("DATE", "XXXX-XX-XX", reason="unresolved", establishes=False)
    return unit_reading(unit, base, 0, focus is not None)


def week_number(captured: Captures, context: Context, _: Constants) -> Reading | None:
    """ "Kalenderwoche 12", "12. KW 2024"."""
    number = int(captured["number"])
    given = captured.get("year")
    base = int(given) if given and len(given) == 4 else (context.anchor.year if context.anchor else None)
    if base is None or not 1 <= number <= 53:
        return None
    try:
        monday = date.fromisocalendar(base, number, 1)
    except ValueError:
        return None
    value = resolve.iso_week(monday)
    return dated(
        value, resolve.week_interval(monday), "week", "calendar-unit", certainty=certain(given), anchor=context.anchor,
        value=value,
    )  # fmt: skip


def weekend(captured: Captures, context: Context, _: Constants) -> Reading | None:
    """ "am Wochenende", "vergangenen Wochenende"."""
    base = context.anchor
    if base is None:
        return Reading("DATE", "XXXX-WXX-WE", reason="unpublished")
    interval = _weekend_near(base, key_of(captured, context, "modifier"), context)
    value = f"{resolve.iso_week(interval.start)}-WE"
    return dated(value, interval, "weekend", "unit-published", anchor=base, value=value)


def _weekend_near(base: date, modifier: str | None, context: Context) -> Interval:
    this = resolve.weekend_interval(base)
    if modifier in ("last", "preceding"):
        # "Am vergangenen Wochenende": the last that is over; on a Sunday the one before.
        return this if this.end <= base else resolve.weekend_interval(base - 7 * DAY)
    if modifier in ("next", "following"):
        return this if this.start > base else resolve.weekend_interval(base + 7 * DAY)
    if modifier in ("before-last", "after-next"):
        return resolve.weekend_interval(base + 7 * SHIFTS[modifier] * DAY)
    if modifier == "this" or base >= this.start or context.direction == "future":
        return this
    return resolve.weekend_interval(base - 7 * DAY)


def part_of_unit(captured: Captures, context: Context, _: Constants) -> Reading | None:
    """ "Ende des Jahres", "Anfang der Woche", "Jahresbeginn 1942"."""
    word = (captured.get("unit_word") or captured["year_word"]).lower()
    grammar = context.grammar
    unit = "weekend" if grammar.words["span_units"]["weekend"][0] == word else _stem_unit(word, context)
    part: Part = key_of(captured, context, "part") if captured.get("part") else _part_of_compound(captured, context)
    modifier = key_of(captured, context, "modifier") or key_of(captured, context, "year_word")
    if captured.get("year"):
        whole = unit_reading("year", date(expand_year(captured["year"], context), 1, 1), 0, False)
    else:
        focused = context.narrative or modifier in ("following", "same") or (unit == "year" and _goes_on(context))
        base = context.focus.start if focused and context.focus is not None else context.published
        if base is None:
            return Reading("DATE", "XXXX", reason="unpublished")
        shift = SHIFTS[modifier] if modifier else 0
        whole = unit_reading(unit, base, shift, False)
        if (
            modifier is None
            and not focused
            and not captured.get("this")
            and whole is not None
            and whole.start is not None
        ):
            whole = unit_reading(
                unit, base, _shift_by_tense(_part_at(unit, whole.start, part)[0], base, context), False
            )
    if whole is None or whole.start is None or unit == "weekend":
        return whole
    interval, precision = _part_at(unit, whole.start, part)
    return dated(whole.value, interval, precision, "part", anchor=whole.anchor, value=whole.value, part=f"@{part}")


def _goes_on(context: Context) -> bool:
    """ "Anfang 2023 brach sie zusammen. Mitte des Jahres wurde neu verhandelt": the year of the date before."""
    focus, published = context.focus, context.published
    return (
        focus is not None
        and published is not None
        and context.chained
        and context.direction == "past"
        and focus.start.year < published.year
        and (focus.end - focus.start).days <= 366
    )


def _shift_by_tense(interval: Interval, base: date, context: Context) -> int:
    """ "Ende der Woche fiel die Stadt", said on a Monday, is last week's; "Anfang des Jahres wird gewählt", said in
    autumn, is next year's."""
    if context.narrative:
        return 0
    if context.direction == "past" and context.firm and interval.start > base:
        return -1
    return int(context.direction == "future" and interval.end <= base)


def _part_at(unit: str, start: date, part: Part) -> tuple[Interval, DatePrecision]:
    if unit == "year":
        return resolve.year_part(start.year, part), "quarter"
    if unit == "month":
        return resolve.month_part(start.year, start.month, part), "month-part"
    return resolve.week_part(start, part), "multi-day"


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
            part: Part = context.grammar.key_of("part", candidate)
        except KeyError:
            continue
        return part
    return "end"
