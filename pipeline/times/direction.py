"""Where a clause looks: back to what has happened or ahead to what is to come."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from pipeline.records import Clause, Sentence, Tense
from pipeline.resolve import Direction
from pipeline.times.grammar import Grammar


class Outlook(NamedTuple):
    """``direction`` is ``None`` where the grammar does not tell; ``states`` says that the clause tells what is."""

    direction: Direction | None
    states: bool
    tense: Tense | None
    quoted: bool
    perfect: bool


def find_clause(sentence: Sentence, position: int) -> int | None:
    """The innermost clause around a position: of those that hold it, the one that begins last."""
    starts = [clause.span.start for clause in sentence.clauses]
    for index in range(bisect_right(starts, position) - 1, -1, -1):
        if position < sentence.clauses[index].span.end:
            return index
    return len(starts) - 1 if starts else None


def find_outlook(sentence: Sentence, position: int, grammar: Grammar) -> Outlook:
    """The outlook of the words at a position. A noun behind "nach" has happened and one behind "vor" is to come,
    whatever the clause says; an infinitive looks ahead; a clause without a verb looks nowhere."""
    index = find_clause(sentence, position)
    if index is None:
        return Outlook(None, False, None, False, False)
    clause = sentence.clauses[index]
    states = (
        clause.tense == "present"
        and not sentence.heading
        and (clause.verb in grammar.words["state_verbs"] or clause.modal is not None)
    )
    direction = _by_noun(sentence, position, grammar) or _by_verb(sentence, clause, grammar)
    return Outlook(direction, states, clause.tense, clause.quoted, clause.perfect)


def _by_noun(sentence: Sentence, position: int, grammar: Grammar) -> Direction | None:
    """ "nach dem Angriff am Samstag": the preposition in front of the noun that the date belongs to."""
    index = bisect_right(sentence.tokens, position, key=lambda token: token.start) - 1
    if index > 0 and sentence.tokens[index - 1].kind in ("preposition", "article"):
        index -= 1
    if index < 2 or sentence.tokens[index - 1].kind != "name":
        return None
    for back in range(index - 2, max(-1, index - 6), -1):
        token = sentence.tokens[back]
        if token.kind == "preposition":
            word = token.text.lower()
            if word in grammar.words["past_openers"]:
                return "past"
            return "future" if word in grammar.words["future_openers"] else None
        if token.kind in ("finite", "punctuation", "name"):
            return None
    return None


def _by_verb(sentence: Sentence, clause: Clause, grammar: Grammar) -> Direction | None:
    seen = 0
    while clause.kind == "infinitive" and clause.tense is None and clause.parent is not None and seen < 4:
        if clause.perfect:
            return "past"
        parent = sentence.clauses[clause.parent]
        if parent.kind == "infinitive":
            clause, seen = parent, seen + 1
            continue
        return "future"
    if clause.tense == "past":
        return "past"
    if clause.tense == "future":
        return "future"
    if clause.tense == "present":
        if sentence.heading:
            return "past"  # headlines tell the past in the present tense
        if clause.mood == "subjunctive1" and clause.verb in grammar.words["reported_past"]:
            return "past"
        return "future"
    return None
