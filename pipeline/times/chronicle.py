"""Chronicles: lists of entries that begin with their date ("24. Februar: Russland greift an", "- 3. März – Rebellen
nehmen die Stadt ein"). They tell in the present tense what has happened, and each goes on from the one before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from pipeline.records import Sentence
from pipeline.resolve import Direction
from pipeline.times.direction import find_clause
from pipeline.times.grammar import Found, Grammar

_DATES = ("day", "month", "day-of-focus")
_LEAD = re.compile(r"[^\w\n]{0,5}")  # "- ", "+++ "
_JOINT = 10  # characters between the dates of one label: " bis zum "
_MARK = re.compile(r"\s?[:|–—]\s|\s-\s")
_FRONT = 160  # characters in front of a list that may say what it lists


def find_entries(text: str, found: Sequence[Found], grammar: Grammar) -> dict[int, Direction | None]:
    """Where the dates that label entries begin, in text order, and where the entry looks: the present tense tells what
    has happened, but not in a list of days to come ("Termine:"). A line that is nothing but a date labels
    what follows it."""
    entries: dict[int, Direction | None] = {}
    agenda = False
    for index, one in enumerate(found):
        if one.match.rule.op not in _DATES or not _begins(text, one):
            continue
        label = [one.match]
        for other in islice(found, index + 1, None):
            if other.number != one.number or other.match.start - label[-1].end > _JOINT:
                break
            label.append(other.match)
        mark = _MARK.match(text, label[-1].end)
        if mark is None and label[-1].end < one.sentence.span.end:
            continue
        if not entries:
            agenda = _is_agenda(text, one.match.start, grammar)
        direction = _direction(one.sentence, mark.end(), agenda) if mark is not None else None
        entries.update((match.start, direction) for match in label)
    return entries


def _begins(text: str, one: Found) -> bool:
    """Whether the match begins its sentence, signs of a list aside."""
    return _LEAD.fullmatch(text, one.sentence.span.start, one.match.start) is not None


def _is_agenda(text: str, start: int, grammar: Grammar) -> bool:
    before = text[max(0, start - _FRONT) : start].lower()
    return any(word in before for word in grammar.words["agenda_words"])


def _direction(sentence: Sentence, position: int, agenda: bool) -> Direction | None:
    number = find_clause(sentence, position)
    tense = sentence.clauses[number].tense if number is not None else None
    if agenda:
        return None if tense == "past" else "future"
    return "past" if tense == "present" and number is not None and sentence.clauses[number].modal is None else None
