"""Looks for the day of publication in the text of a report."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from pipeline.published.clues import find_candidates, find_told
from pipeline.published.lines import find_date_line, find_dateline, find_marked, find_only_day
from pipeline.records import Reason

__all__ = ["Published", "find_margin", "find_published"]


class Published(NamedTuple):
    """``day`` when the text says it; otherwise ``candidates``, the strongest clue first, each with the one of
    ``reasons`` at its place. ``stated``: the text says the day in words of its own ("Stand:"); else a line near its
    beginning or an expression ("am heutigen 15. April 2025") tells it."""

    day: date | None
    candidates: tuple[date, ...] = ()
    stated: bool = True
    reasons: tuple[Reason, ...] = ()


def find_published(text: str, code: str, *, grows: bool = False) -> Published:
    """The day that a text names as its own, or the days on which it may have been published. ``grows``: it is a ticker,
    as old as its last change."""
    marked = find_marked(text, code, grows=grows)
    if marked is not None:
        return Published(marked)
    for told in (find_dateline, find_date_line, find_told):
        day = told(text, code)
        if day is not None:
            return Published(day, stated=False)
    candidates = find_candidates(text, code)
    return Published(None, tuple(candidates), reasons=tuple(candidates.values()))


def find_margin(lines: str, code: str) -> Published:
    """The day in the lines around a text, such as running heads: there it is that of the text, whatever else the line
    says, where no words of the text could be meant."""
    marked = find_marked(lines, code)
    if marked is not None:
        return Published(marked)
    return Published(find_only_day(lines, code), stated=False)
