"""Days of history that a report names without their year ("die Anschläge vom 11. September", "seit Kriegsbeginn"), from
times/known_days.yaml. What the text speaks of decides; where it does not say, nothing is known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any

from pipeline.times.grammar import Grammar

_LAST_SENTENCE = re.compile(r"[.!?:;]\s|,")
_WORDS = 7  # words in front of a day that may name what happened on it
_FRESH = 14  # days: so long after it a bare day is this year's
_SPOKEN_OF = 3  # times a report names its war


class KnownDays:
    """The days that one text may speak of. The text is searched once, when first asked for."""

    def __init__(self, text: str, grammar: Grammar) -> None:
        self._text, self._grammar = text, grammar

    def find_year(self, month: int, day: int, before: str, back: bool, published: date) -> Mapping[str, Any] | None:
        """The entry of a day and month without a year; ``before`` is what stands in front of it in lower case,
        ``back`` says that the clause does not look ahead."""
        entries = self._grammar.known_days.get((month, day))
        words = _LAST_SENTENCE.split(before)[-1].split()
        if not entries or not words:
            return None
        lead, front = words[-1], words[-_WORDS:-1]
        table = self._grammar.known_day_leads
        for entry in entries:
            start: date = entry["day"]
            if start > published:
                continue
            if lead in table["named_leads"] and _names(front, entry.get("nouns", ())):
                return entry
            if not self._speaks_of[entry["id"]]:
                continue
            if lead in table["topical_leads"] and _names(front, (*entry.get("nouns", ()), *entry["topical"])):
                return entry
            alone = entry.get("alone") and back and " ".join(words[-2:]) in table["alone_leads"]
            if alone and _days_since(month, day, published) > _FRESH:
                return entry
        return None

    def find_days(self, month: int, day: int) -> list[date]:
        """The days of history on that day of the year that the text speaks of, wherever it does."""
        entries = self._grammar.known_days.get((month, day), ())
        return [entry["day"] for entry in entries if self._speaks_of[entry["id"]]]

    def find_war(self, around: str, published: date) -> Mapping[str, Any] | None:
        """The war that the text speaks of: named in the words ``around``, else the one war named several times."""
        begun = [entry for entry in self._grammar.known_wars if entry["day"] <= published]
        beside = [entry for entry in begun if any(word in around for word in entry["war"])]
        named = beside or [entry for entry in begun if self._wars[entry["id"]] >= _SPOKEN_OF]
        return named[0] if len(named) == 1 else None

    @cached_property
    def _lowered(self) -> str:
        return self._text.lower()

    @cached_property
    def _speaks_of(self) -> Mapping[str, bool]:
        entries = (entry for group in self._grammar.known_days.values() for entry in group)
        return {entry["id"]: any(topic in self._lowered for topic in entry["topics"]) for entry in entries}

    @cached_property
    def _wars(self) -> Mapping[str, int]:
        return {
            entry["id"]: sum(self._lowered.count(word) for word in entry["war"]) for entry in self._grammar.known_wars
        }


def _names(words: list[str], parts: tuple[str, ...] | list[str]) -> bool:
    return any(part in word for word in words for part in parts)


def _days_since(month: int, day: int, published: date) -> int:
    year = published.year - ((published.month, published.day) < (month, day))
    return (published - date(year, month, day)).days
