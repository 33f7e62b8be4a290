"""What the verb of a clause says of a date in it: its tense, an infinitive, what is planned, what is so."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from pipeline.records import Clause, Sentence, Token
from pipeline.resolve import Direction
from pipeline.sentences.verbs import FINITE, find_readings
from pipeline.times.grammar import Grammar

_DASHES = frozenset("-–—")
_LONGEST = 100  # words of a clause that are looked at


def by_verb(sentence: Sentence, number: int, position: int, grammar: Grammar) -> Direction | None:
    """Where the clause of that number looks by its verb, for a date at ``position``; ``None`` without a verb."""
    clause = sentence.clauses[number]
    if _runs_into_infinitive(sentence, clause, position, grammar):
        return "future"
    seen = 0
    while clause.kind == "infinitive" and clause.tense is None and clause.parent is not None and seen < 4:
        if clause.perfect:
            return "past"
        parent = sentence.clauses[clause.parent]
        if parent.kind == "infinitive":
            clause, seen = parent, seen + 1
            continue
        return "future"
    if clause.mood == "imperative":
        return "future"
    if clause.tense is None:
        return "future" if is_planned(sentence, clause, grammar) else None
    if clause.tense == "past":
        return "future" if is_state(sentence, clause, grammar) else "past"
    if clause.tense == "present":
        if sentence.heading and clause.verb in grammar.words["expecting_verbs"]:
            return "future"
        if sentence.heading:
            return "past"  # headlines tell the past in the present tense
        if clause.opener in grammar.words["source_openers"] and clause.verb in grammar.words["saying_verbs"]:
            return "past"  # "wie der Sender am Freitag meldet"
        if clause.mood == "subjunctive1" and clause.verb in grammar.words["reported_past"]:
            return "past"
        if _is_torn_perfect(sentence, number, grammar):
            return "past"
    return _by_torn_verb(sentence, number, position, grammar) or "future"


def is_planned(sentence: Sentence, clause: Clause, grammar: Grammar) -> bool:
    """Whether a participle of the clause says that something is fixed for later: "vereinbart", "geplant"."""
    planning = grammar.words["planning_verbs"]
    return clause.verb in planning or any(
        (token.kind == "participle" or sentence.heading) and participle_of(token.text.lower(), grammar) in planning
        for token in (sentence.tokens[0], *_tokens_of(sentence, clause))
    )


def is_state(sentence: Sentence, clause: Clause, grammar: Grammar) -> bool:
    """ "Geplant ist ein Treffen am Freitag", "am Freitag ist geschlossen": a state, not what was done; "soll im Juli
    wieder geöffnet sein" looks ahead to one."""
    words = grammar.words
    if clause.kind == "fragment" and clause.passive and clause.verb in words["planning_verbs"]:
        return True  # the headline "Wahl im September geplant"
    return (
        clause.perfect
        and clause.passive
        and not clause.pluperfect
        and (
            clause.verb in words["planning_verbs"]
            or clause.verb in words["state_passive_verbs"]
            or (clause.modal is not None and clause.verb in words["completing_verbs"])
        )
        and not any(token.text.lower() == words["passive_participle"] for token in _tokens_of(sentence, clause))
    )


def _runs_into_infinitive(sentence: Sentence, clause: Clause, position: int, grammar: Grammar) -> bool:
    """ "hatte zugesagt bei dem Gipfel im Mai zu erscheinen": an infinitive without its comma behind the date."""
    if clause.kind == "infinitive" or clause.main_span is None or clause.main_span.start < position:
        return False
    if clause.modal is not None or clause.tense != "past":
        return False
    readings = find_readings(_word_at(sentence, clause.main_span.start), grammar.code)
    return any(reading.form == "zu" for reading in readings) and any(
        token.kind == "participle" and token.end < position for token in _tokens_of(sentence, clause)
    )


def _is_torn_perfect(sentence: Sentence, number: int, grammar: Grammar) -> bool:
    """Whether "haben" or "sein" lost its participle to the first word of the sentence or to the clause behind it
    ("Angefangen hat der Krieg ...", "haben gegen Krieg | und für Frieden demonstriert")."""
    clause = sentence.clauses[number]
    if clause.verb not in grammar.words["reported_past"]:
        return False
    ends = [next((t for t in sentence.tokens if t.kind != "punctuation"), None)]
    if number + 1 < len(sentence.clauses) and sentence.clauses[number + 1].kind == "main":
        behind = [t for t in _tokens_of(sentence, sentence.clauses[number + 1]) if t.kind != "punctuation"]
        if behind and behind[0].kind == "coordination":
            ends.append(behind[-1])
    return any(token is not None and participle_of(token.text.lower(), grammar) is not None for token in ends)


def _by_torn_verb(sentence: Sentence, number: int, position: int, grammar: Grammar) -> Direction | None:
    """The tense of the verb where the clause was given another: an infinitive whose verb stands in the clause before
    ("sah er | noch im Mai keinen Streit aufkommen"), words behind a dash, and an opening conjunction whose verb
    stands before the next comma."""
    clause = sentence.clauses[number]
    tokens = _tokens_of(sentence, clause)
    if number and clause.kind == "main" and clause.main_span is not None and clause.main_span.start > position:
        before = sentence.clauses[number - 1]
        readings = find_readings(_word_at(sentence, clause.main_span.start), grammar.code)
        infinitive = any(reading.form == "infinitive" for reading in readings)
        if infinitive and before.verb in grammar.words["infinitive_verbs"]:
            return "past" if before.tense == "past" else None
    dash = max((i for i, t in enumerate(tokens) if t.text in _DASHES and t.start < position), default=-1)
    if dash >= 0 and clause.main_span is not None and clause.main_span.start < tokens[dash].start:
        return _by_finite(tokens[dash + 1 :], grammar)
    if clause.kind == "main" and tokens and tokens[0].kind == "conjunction":
        comma = next((i for i, t in enumerate(tokens) if t.text == "," and t.start > position), 0)
        return _by_finite(tokens[comma - 1 : comma], grammar) if comma else None
    return None


def _by_finite(tokens: Sequence[Token], grammar: Grammar) -> Direction | None:
    """Past where the first word that can only be a finite verb is in the past tense."""
    for token in tokens:
        forms = {r.form for r in find_readings(token.text, grammar.code)} if token.text.islower() else set()
        if forms and forms <= FINITE:
            return "past" if "past" in forms and "present" not in forms else None
    return None


def participle_of(word: str, grammar: Grammar) -> str | None:
    """The verb that a word in lower case is a participle of, or ``None``."""
    readings = find_readings(word, grammar.code)
    return next((reading.lemma for reading in readings if reading.form == "participle"), None)


def is_infinitive(word: str, grammar: Grammar) -> bool:
    """Whether a word in lower case can be an infinitive."""
    return any(reading.form == "infinitive" for reading in find_readings(word, grammar.code))


def _tokens_of(sentence: Sentence, clause: Clause) -> list[Token]:
    first = bisect_left(sentence.tokens, clause.span.start, key=lambda token: token.start)
    last = bisect_left(sentence.tokens, clause.span.end, key=lambda token: token.start)
    return list(sentence.tokens[first : min(last, first + _LONGEST)])


def _word_at(sentence: Sentence, start: int) -> str:
    """The word that begins at a place of the text, in lower case."""
    index = bisect_left(sentence.tokens, start, key=lambda token: token.start)
    return sentence.tokens[index].text.lower()
