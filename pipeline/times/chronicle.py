"""Chronicles: lists of entries that begin with their date ("24. Februar: Russland greift an", "- 3. März – Rebellen
nehmen die Stadt ein"). They tell in the present tense what has happened, and each goes on from the one before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import islice

from pipeline import resolve
from pipeline.records import Sentence
from pipeline.resolve import Direction
from pipeline.times.direction import find_clause
from pipeline.times.grammar import Found, Grammar, Match

_TOLD = ("day", "month")
_YEARS = frozenset(("year", "years_ago", "modifier", "year_modifier", "year_word"))
_OPENING = 4  # characters of "Am "
_SEVERAL = 2
_APART = 3  # sentences from one day of a story to the next
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


def find_told(text: str, found: Sequence[Found], published: date | None, grammar: Grammar) -> frozenset[int]:
    """Where the dates begin of sentences that tell a story day by day in the present tense: "Am 3. März beginnt die
    Offensive. Am 17. April endet sie." Of one sentence alone, and where the last day lies nearer ahead, such a
    date is still to come."""
    if published is None:
        return frozenset()
    told: set[int] = set()
    run: list[Found] = []
    for one in found:
        if one.match.rule.op not in _TOLD or not _tells(text, one, grammar):
            continue
        if run and one.number - run[-1].number > _APART:
            told |= _look_back(run, published, grammar)
            run = []
        run.append(one)
    return frozenset(told | _look_back(run, published, grammar))


def _look_back(run: Sequence[Found], published: date, grammar: Grammar) -> set[int]:
    """Where the dates of a run begin if it looks back as a whole, else nothing."""
    if len(run) < _SEVERAL or not _lies_nearer_back(run[-1].match, published, grammar):
        return set()
    return {one.match.start for one in run}


def _tells(text: str, one: Found, grammar: Grammar) -> bool:
    """Whether a date without its year opens a main clause in the present tense."""
    captured, start = one.match.captured, one.sentence.span.start
    if one.match.start - start > _OPENING or not captured.get("month") or _YEARS & captured.keys():
        return False
    if text[start : one.match.start].strip().lower() not in grammar.words["entry_leads"]:
        return False
    number = find_clause(one.sentence, one.match.start)
    clause = one.sentence.clauses[number] if number is not None else None
    return clause is not None and clause.tense == "present" and clause.modal is None and not clause.quoted


def _lies_nearer_back(match: Match, published: date, grammar: Grammar) -> bool:
    month = int(grammar.key_of("month", match.captured["month"]))
    day = int(match.captured.get("day") or 1)
    years = (resolve.find_year(published, (month, day), direction) for direction in resolve.DIRECTIONS)
    back, ahead = (resolve.find_day(year, month, day) for year in years)
    return back is not None and ahead is not None and published - back < ahead - published


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
