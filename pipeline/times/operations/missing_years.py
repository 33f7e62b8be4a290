"""The year of a date that names none: by a modifier, by the chain of dates, by tense, by nearness."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from pipeline import resolve
from pipeline.times.context import Context
from pipeline.times.operations.words import (
    SHIFTS,
    Captures,
    expand_year,
    key_of,
    opposite,
    why_direction,
    year_modifier_of,
)

FAR, CLOSE = 300, 45  # days


class Year(NamedTuple):
    """``number`` is ``None`` when nothing tells it; ``how`` ends the key of the reason."""

    number: int | None
    how: str


def year_of_day(month: int, day: int, captured: Captures, context: Context) -> Year:
    told = _told_year(month, day, captured, context)
    known = _known_year(month, day, context) if told is None or told.how == "chain" else None
    if known is not None:
        return known
    if told is not None or context.published is None:
        return told or Year(None, "unpublished")
    published = context.published
    if context.nearest:
        days = (resolve.find_year(published, (month, day), direction) for direction in resolve.DIRECTIONS)
        back, ahead = (resolve.find_day(year, month, day) for year in days)
        if back is not None and ahead is not None:
            context.lean(back, ahead)
    found = resolve.find_year(published, (month, day), context.toward())
    other = resolve.find_year(published, (month, day), opposite(context.toward()))
    far = context.direction is None or _days_off(found, month, day, published) > FAR
    if far and not context.firm and _days_off(other, month, day, published) <= CLOSE:
        # The tense alone would move it by most of a year although the day is close at hand.
        return Year(other, "nearest")
    return Year(found, why_direction(context))


def year_of_month(month: int, captured: Captures, context: Context) -> Year:
    told = _told_year(month, 1, captured, context)
    if told is not None or context.published is None:
        return told or Year(None, "unpublished")
    if context.nearest:
        back, ahead = (resolve.find_month_year(context.published, month, each) for each in resolve.DIRECTIONS)
        context.lean(resolve.month_interval(back, month).end, resolve.month_interval(ahead, month).start)
    return Year(resolve.find_month_year(context.published, month, context.toward()), why_direction(context))


def year_of_season(season: resolve.Season, captured: Captures, context: Context) -> Year:
    told = _told_year(resolve.SEASON_FIRST_MONTH[season], 1, captured, context, back=6)
    if captured.get("years_ago") and told is not None and told.number is not None and context.published is not None:
        begun = season != "WI" or context.published.month == resolve.SEASON_FIRST_MONTH[season]
        return told if begun else Year(told.number - 1, told.how)  # a winter is named by its December
    if told is not None or context.published is None:
        return told or Year(None, "unpublished")
    return Year(resolve.find_season_year(context.published, season, context.toward()), why_direction(context))


def _told_year(month: int, day: int, captured: Captures, context: Context, back: int = 7) -> Year | None:
    """The year that the text itself tells: by number, by a modifier, by the end of the range that the date begins, by
    the date that this one continues - in the next year where it would lie so many months ``back``."""
    if captured.get("year"):
        return Year(expand_year(captured["year"], context), "explicit")
    if captured.get("years_ago"):
        return _year_ago(captured["years_ago"], context)
    modifier = key_of(captured, context, "modifier") or year_modifier_of(captured, context)
    if modifier is not None:
        return Year(modified_year(modifier, context), "modifier")
    if context.until is not None:
        return Year(resolve.find_year(context.until, (month, day), "past"), "range")
    if context.focus is None or not (context.narrative or context.listed or _is_chained(context)):
        return None
    year = context.focus.start.year
    # A story moves on: after autumn, "im Frühjahr" is next year's.
    moves = context.focus_precision not in ("year", "decade", "century", "range")
    if moves and (month - context.focus.start.month) <= -back and _may_move_to(year + 1, month, context):
        year += 1
    return Year(year, "chain")


def _known_year(month: int, day: int, context: Context) -> Year | None:
    """ "die Anschläge vom 11. September": the year in which the day became known."""
    if context.narrative or context.published is None:
        return None
    entry = context.known.find_year(month, day, context.before, context.direction != "future", context.published)
    return Year(entry["day"].year, "known") if entry is not None else None


def _year_ago(text: str, context: Context) -> Year:
    """ "im Mai vor zwei Jahren"."""
    if context.published is None:
        return Year(None, "unpublished")
    years = int(text) if text.isdigit() else int(context.grammar.key_of("number", text))
    return Year(context.published.year - years, "modifier")


def _days_off(year: int, month: int, day: int, published: date) -> int:
    """How far the day lies from publication; 29 February counts as far where the year has none."""
    found = resolve.find_day(year, month, day)
    return FAR if found is None else abs((found - published).days)


def _may_move_to(year: int, month: int, context: Context) -> bool:
    """Whether a story may go on in that year: its chapter holds it, and the day's news has seen it."""
    if context.narrative or context.published is None:
        return context.chapter is None or year < context.chapter.end.year
    return (year, month) <= (context.published.year, context.published.month)


def _is_chained(context: Context) -> bool:
    """A date right after another date of another year continues it; of this year, the tense decides as well."""
    return (
        context.chained
        and not context.announced
        and not context.quoted
        and context.focus is not None
        and (context.published is None or context.focus.start.year < context.published.year)
        and context.focus_precision in ("day", "month", "month-part", "season", "daypart", "night", "range")
    )


def modified_year(modifier: str, context: Context) -> int | None:
    """ "vergangenen Jahres": from publication; "folgenden", "selben": from the date in focus."""
    base = context.anchor
    if modifier in ("following", "preceding", "same") and context.focus is not None:
        base = context.focus.start
    return None if base is None else base.year + SHIFTS[modifier]
