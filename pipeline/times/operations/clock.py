"""Parts of the day and clock times: each belongs to a day."""

from __future__ import annotations

from datetime import date, time

from pipeline.records import Certainty
from pipeline.resolve import DAY, Interval, day_interval
from pipeline.times.context import Context, Reading
from pipeline.times.operations.days import day
from pipeline.times.operations.words import SHIFTS, Captures, Constants, dated, key_of, with_daypart

_LATE = 6  # from this hour on "nachts" is before midnight


def _day_of_time(context: Context) -> tuple[date | None, bool]:
    """The day of a bare time, and whether it is the date in focus: where there is none, the day of publication."""
    focus = context.focus
    if focus is not None and focus.end - focus.start <= 2 * DAY:
        return (focus.end - DAY if context.focus_precision == "night" else focus.start), True
    return context.published, False


def daypart(captured: Captures, context: Context, constants: Constants) -> Reading | None:
    """ "am Abend", "nachts"."""
    part = constants.get("daypart") or key_of(captured, context, "daypart")
    base, focused = _day_of_time(context)
    if base is None:
        return Reading("TIME", f"XXXX-XX-XXT{part}", reason="unpublished", establishes=False)
    return dated(
        f"{base.isoformat()}T{part}", Interval(base, base + (2 if part == "NI" else 1) * DAY),
        "night" if part == "NI" else "daypart", "daypart-focus" if focused else "daypart-published", timex_type="TIME",
        certainty="inferred" if focused else "relative", anchor=base, establishes=False, day=base.isoformat(),
    )  # fmt: skip


def daypart_modified(captured: Captures, context: Context, _: Constants) -> Reading | None:
    """ "am selben Abend", "am nächsten Morgen"."""
    modifier = key_of(captured, context, "modifier") or key_of(captured, context, "beside")
    focused = modifier in ("same", "following", "preceding", "next") and context.focus is not None
    base = context.focus.start if context.focus is not None and focused else context.published
    if base is None:
        return Reading("TIME", f"XXXX-XX-XXT{key_of(captured, context, 'daypart')}", reason="unpublished")
    shift = SHIFTS[modifier] if modifier in ("last", "next", "following", "preceding") else 0
    found = base + shift * DAY
    value = found.isoformat()
    reading = dated(
        value, day_interval(found), "daypart", "daypart-focus", timex_type="TIME", anchor=base, day=value
    )  # fmt: skip
    return with_daypart(reading, captured, context)


def clock(captured: Captures, context: Context, constants: Constants) -> Reading | None:
    """ "9.30 Uhr", "halb neun", "14 Uhr Ortszeit": a named zone is kept, the local day is the day."""
    words = context.grammar.words
    hour = int(captured["hour"]) if captured.get("hour") else int(key_of(captured, context, "number"))
    minute = int(captured.get("minute") or 0)
    if captured.get("half"):
        hour, minute = divmod((60 * hour + _minutes_off(captured, context)) % 1440, 60)
    part = key_of(captured, context, "clock_part") or context.part
    if hour < 12 and (part in ("AF", "EV") or (part == "NI" and hour >= _LATE)):
        hour += 12  # "8 Uhr abends"
    if hour > 24 or (hour == 24 and minute):
        return None
    base, focused = _day_of_time(context)
    if base is not None and focused and context.focus_evening and hour < _LATE:
        base += DAY  # "am Freitagabend ..., gegen 3 Uhr"
    certainty: Certainty = "inferred" if focused else "relative"
    if captured.get("day") and captured.get("month"):
        inner = day(captured, context, constants)
        if inner is None or inner.start is None:
            return None
        base, certainty = inner.start, inner.certainty
    zone = words["zone_offsets"].get(" ".join(captured.get("zone", "").lower().split()), "")
    written = f"{hour:02d}:{minute:02d}"
    if context.recurring or context.before.rstrip().endswith(tuple(words["recurring_leads"])):
        return Reading("TIME", f"T{written}{zone}", reason="set", establishes=False)
    if base is None:
        return Reading("TIME", f"XXXX-XX-XXT{written}{zone}", reason="unpublished", establishes=False)
    return _at_clock(base, time(hour % 24, minute), written, zone, focused, certainty, bool(captured.get("month")))


def _minutes_off(captured: Captures, context: Context) -> int:
    """ "halb neun": -30; "fünf vor neun": -5; "fünf nach halb neun": -25."""
    signs = context.grammar.words["clock_signs"]
    off = int(signs[" ".join(captured["half"].lower().split())])
    if captured.get("minutes_digits"):
        off *= int(captured["minutes_digits"])
    elif captured.get("minutes_off"):
        off *= int(key_of(captured, context, "minutes_off", "number"))
    before = captured.get("spoken", "").lower().strip()
    return off + int(signs[before]) if before else off


def midnight(captured: Captures, context: Context, _: Constants) -> Reading | None:
    """ "um Mitternacht", "kurz nach Mitternacht"."""
    base, focused = _day_of_time(context)
    if base is None:
        return Reading("TIME", "XXXX-XX-XXT24:00", reason="unpublished", establishes=False)
    nearby = " ".join(captured.get("nearby", "").lower().split())
    before = nearby in context.grammar.words["midnight_before"]
    local = time(23, 59) if before else time(0, 0)
    reading = _at_clock(base, local, "24:00", "", focused, "inferred" if focused else "relative", False)
    if focused and context.focus_evening and not before:
        reading.start, reading.end = base + DAY, base + 2 * DAY
    reading.approximate = bool(nearby)
    return reading


def _at_clock(
    base: date, local: time, written: str, zone: str, focused: bool, certainty: Certainty, establishes: bool
) -> Reading:
    reading = dated(
        f"{base.isoformat()}T{written}{zone}", day_interval(base), "minute",
        "clock-focus" if focused else "clock-published", timex_type="TIME", certainty=certainty, anchor=base,
        establishes=establishes, day=base.isoformat(), clock=written,
    )  # fmt: skip
    reading.clock = local
    return reading
