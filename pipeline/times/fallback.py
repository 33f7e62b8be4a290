"""Absolute dates in formats that no rule knows, by dateparser."""

from __future__ import annotations

from datetime import timedelta

from pipeline.records import Reason, Span, TimeMention, When


def find_absolute(expression: str, code: str) -> TimeMention | None:
    """Day, month and year must all stand in the words: nothing is filled in from today."""
    import dateparser  # takes half a second to import, and is seldom needed

    settings = {"REQUIRE_PARTS": ["day", "month", "year"], "STRICT_PARSING": True, "PARSERS": ["absolute-time"]}
    if len(expression) > 200:
        return None
    found = dateparser.parse(expression, languages=[code], settings=settings)
    if found is None:
        return None
    day = found.date()
    when = When(day, day + timedelta(days=1), "day")
    reason = Reason("times.dateparser", (("day", day.isoformat()),))
    span = Span(0, len(expression))
    return TimeMention(span, "dateparser", "DATE", day.isoformat(), when, "explicit", None, reason)
