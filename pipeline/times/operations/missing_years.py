"""The year of a date that names none: by a modifier, by the chain of dates, by tense, by nearness."""

from __future__ import annotations

from datetime import date

from pipeline import resolve
from pipeline.times.context import Context
from pipeline.times.operations.words import SHIFTS, Captures, expand_year, key_of, opposite, why_direction

_FAR, _NEAR = 300, 45  # days


def year_for(month: int, day: int | None, captured: Captures, context: Context) -> tuple[int | None, str]:
    """The year of a month, or of a day in it, and the end of the reason's key; ``None`` when nothing tells it."""
    if captured.get("year"):
        return expand_year(captured["year"], context), "explicit"
    modifier = key_of(captured, context, "modifier") or key_of(captured, context, "year_modifier", "modifier")
    if modifier is not None:
        return _modified_year(modifier, context), "modifier"
    if context.focus is not None and (context.narrative or _is_chained(context)):
        year = context.focus.start.year
        # A story moves on: after autumn, "im Frühjahr" is next year's.
        moves = context.narrative and context.focus_precision not in ("year", "decade", "century", "range")
        if moves and (month - context.focus.start.month) <= -7 and not _leaves_chapter(year + 1, context):
            year += 1
        return year, "chain"
    if context.published is None:
        return None, "unpublished"
    published = context.published
    found = resolve.find_year(published, (month, day or 1), context.toward())
    other = resolve.find_year(published, (month, day or 1), opposite(context.toward()))
    # The tense alone would move it by most of a year although the day is close at hand.
    if day is not None and _is_near(other, month, day, published):
        far = context.direction is None or _is_far(found, month, day, published)
        return (other, "nearest") if far else (found, why_direction(context))
    return found, why_direction(context)


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
        and (context.published is None or context.focus.start.year < context.published.year)
        and context.focus_precision in ("day", "month", "month-part", "season", "daypart", "night", "range")
    )


def _modified_year(modifier: str, context: Context) -> int | None:
    base = context.anchor
    if modifier in ("following", "preceding", "same") and context.focus is not None:
        base = context.focus.start
    return None if base is None else base.year + SHIFTS[modifier]
