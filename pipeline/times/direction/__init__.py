"""Where a clause looks: back to what has happened or ahead to what is to come."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from pipeline.records import Sentence, Tense
from pipeline.resolve import Direction
from pipeline.times.direction.phrase import by_noun, by_participle, by_preposition, stands_by_verb
from pipeline.times.direction.verb import by_verb
from pipeline.times.grammar import Grammar

__all__ = ["Outlook", "find_clause", "find_outlook"]


class Outlook(NamedTuple):
    """``direction`` is ``None`` where the grammar does not tell; ``states`` says that the clause tells what is."""

    direction: Direction | None
    states: bool
    tense: Tense | None
    quoted: bool  # somebody's words, quoted or reported: they count from now
    perfect: bool
    firm: bool = False  # told by a preposition or an attribute, or by the past tense of the verb beside the date
    announced: bool = False  # the clause speaks of the future, not in the present tense
    nearest: bool = False  # a headline in the present tense: it looks where the date is nearer


def find_clause(sentence: Sentence, position: int) -> int | None:
    """The innermost clause around a position: of those that hold it, the one that begins last."""
    last = bisect_right(sentence.clauses, position, key=lambda clause: clause.span.start) - 1
    for index in range(last, max(-1, last - _OPEN), -1):
        if position < sentence.clauses[index].span.end:
            return index
    return len(sentence.clauses) - 1 if sentence.clauses else None


_OPEN = 20  # clauses of a sentence that can hold others


def find_outlook(sentence: Sentence, start: int, end: int, names_day: bool, grammar: Grammar) -> Outlook:
    """The outlook of the words ``start`` to ``end`` of the text. What stands around them says more than the clause:
    the vote "vom Sonntag" and what "nach" stands before have happened; then comes the verb, an infinitive looks ahead,
    and a clause without a verb looks nowhere."""
    number = find_clause(sentence, start)
    if number is None:
        return Outlook(None, False, None, False, False)
    clause = sentence.clauses[number]
    states = (
        clause.tense == "present"
        and not sentence.heading
        and (clause.verb in grammar.words["state_verbs"] or clause.modal is not None)
    )
    index = bisect_right(sentence.tokens, start, key=lambda token: token.start) - 1
    firm = by_preposition(sentence.tokens, index, end, clause, names_day, grammar) or by_participle(
        sentence.tokens, index, end, clause, grammar
    )
    if firm is None and clause.tense == "past" and stands_by_verb(sentence.tokens, index):
        firm = by_verb(sentence, number, start, grammar)
    told = firm or by_noun(sentence, index, clause, grammar)
    direction = told or by_verb(sentence, number, start, grammar)
    announced = direction == "future" and (firm is not None or clause.tense == "future")
    nearest = told is None and direction == "past" and sentence.heading and clause.tense == "present"
    perfect = clause.perfect and not clause.pluperfect
    said = clause.quoted or clause.mood == "subjunctive1"
    return Outlook(direction, states, clause.tense, said, perfect, firm is not None, announced, nearest)
