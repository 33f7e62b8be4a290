"""Named days of religions and states, from times/named_days.yaml and the calendar library it names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from pipeline import resolve
from pipeline.resolve import DAY, Direction, day_interval
from pipeline.times.context import Context, Reading
from pipeline.times.operations.words import (
    Captures,
    Constants,
    certain,
    dated,
    key_of,
    ordinal_of,
    with_daypart,
)

_MODIFIER_DIRECTION: Mapping[str, Direction] = {"last": "past", "next": "future"}
_GREGORIAN = 1583  # first whole year of the calendar that the rules of Easter are given for


def named_day(captured: Captures, context: Context, _: Constants) -> Reading | None:
    """ "Pfingstmontag", "Ostern 2024", "vergangenen Silvester": in the year that fits the tense."""
    entry = context.grammar.named_days[key_of(captured, context, "named_day")]
    if captured.get("year"):
        found = _day_in_year(entry, int(captured["year"]))
    elif context.anchor is None:
        return Reading("DATE", _unknown_year(entry), reason="unpublished")
    else:
        modifier = key_of(captured, context, "modifier") or ""
        found = _nearest(entry, context.anchor, _MODIFIER_DIRECTION.get(modifier, context.toward()))
    if found is None:
        return None
    value = found.isoformat()
    days = int(entry.get("lasts", 1))
    interval = day_interval(found, days)
    part = key_of(captured, context, "part")
    if part == "beginning":
        interval = day_interval(found)
    elif part == "end":
        interval = day_interval(interval.end - DAY)
    reading = dated(
        value, interval, "day" if part or days == 1 else "range", "named-day", anchor=context.anchor,
        certainty=certain(captured.get("year")), approximate=days > 1, day=value, direction=f"@{context.toward()}",
    )  # fmt: skip
    return with_daypart(reading, captured, context)


def anniversary(captured: Captures, context: Context, _: Constants) -> Reading | None:
    """ "am Jahrestag des Überfalls vom 7. Oktober 2023", "am zweiten Jahrestag" of the day in focus; no time where the
    text does not say of what day."""
    origin, published = context.origin, context.published
    if origin is None or published is None:
        return None
    if captured.get("ordinal"):
        year = origin.year + ordinal_of(captured["ordinal"], context)
    else:
        year = resolve.find_year(published, (origin.month, origin.day), context.toward())
    found = resolve.find_day(year, origin.month, origin.day)
    if found is None or found <= origin:
        return None
    return dated(found.isoformat(), day_interval(found), "day", "anniversary", anchor=origin, day=found.isoformat())


def war_start(_: Captures, context: Context, __: Constants) -> Reading | None:
    """ "seit Kriegsbeginn", where the text says which war is meant."""
    if context.published is None or context.narrative:
        return None
    entry = context.known.find_war(context.before + " " + context.after, context.published)
    if entry is None:
        return None
    day: date = entry["day"]
    return dated(
        day.isoformat(), day_interval(day), "day", "war-start", certainty="inferred", establishes=False,
        day=day.isoformat(), entry=entry["id"],
    )  # fmt: skip


def _unknown_year(entry: Mapping[str, Any]) -> str:
    return "XXXX-{:02d}-{:02d}".format(*entry["fixed"]) if "fixed" in entry else "XXXX-XX-XX"


def _day_in_year(entry: Mapping[str, Any], year: int) -> date | None:
    if not resolve.is_year(year):
        return None
    if "fixed" in entry:
        return resolve.find_day(year, *entry["fixed"])
    if "easter" in entry:
        if year < _GREGORIAN:
            return None
        return resolve.easter_sunday(year, bool(entry.get("orthodox"))) + timedelta(days=entry["easter"])
    if "advent" in entry:
        return resolve.first_advent(year) + timedelta(days=entry["advent"])
    if "nth" in entry:
        return resolve.nth_weekday(year, *entry["nth"])
    days = resolve.holiday_days(entry["country"], entry["name"], year, entry.get("category", "public"))
    # A feast of several days may reach into the new year: it began in the old one.
    begun = (day for day in days if day - DAY not in days and not ("lasts" in entry and day == date(year, 1, 1)))
    return next(begun, None)


def _nearest(entry: Mapping[str, Any], anchor: date, direction: Direction) -> date | None:
    for year in (anchor.year, anchor.year + (-1 if direction == "past" else 1)):
        found = _day_in_year(entry, year)
        if found is not None and (found <= anchor if direction == "past" else found >= anchor):
            return found
    return None
