"""Where a clause looks: back to what has happened or ahead to what is to come."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.records import Clause, Sentence, Tense, Token
from pipeline.resolve import Direction
from pipeline.sentences.verbs import FINITE, find_readings
from pipeline.times.grammar import Grammar


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
    firm = _by_preposition(sentence.tokens, index, end, clause, names_day, grammar) or _by_participle(
        sentence.tokens, index, end, clause, grammar
    )
    if firm is None and clause.tense == "past" and _stands_by_verb(sentence.tokens, index):
        firm = _by_verb(sentence, number, start, grammar)
    told = firm or _by_noun(sentence, index, clause, grammar)
    direction = told or _by_verb(sentence, number, start, grammar)
    announced = direction == "future" and (firm is not None or clause.tense == "future")
    nearest = told is None and direction == "past" and sentence.heading and clause.tense == "present"
    perfect = clause.perfect and not clause.pluperfect
    said = clause.quoted or clause.mood == "subjunctive1"
    return Outlook(direction, states, clause.tense, said, perfect, firm is not None, announced, nearest)


def _stands_by_verb(tokens: Sequence[Token], index: int) -> bool:
    """Whether a date with its preposition opens the sentence in front of the verb or follows the finite verb: "Am
    20. Juni fiel die Stadt", "die Stadt fiel am 20. Juni"; not "die Wahl am 20. Juni"."""
    lead = index - 1
    if lead >= 0 and tokens[lead].kind != "preposition":
        return False
    if lead <= 0:
        behind = next((token for token in tokens[index : index + _PHRASE] if token.kind == "finite"), None)
        return behind is not None
    return tokens[lead - 1].kind == "finite"


_PHRASE = 6  # words from the first of a date to the verb behind it


def _by_preposition(
    tokens: Sequence[Token], index: int, end: int, clause: Clause, names_day: bool, grammar: Grammar
) -> Direction | None:
    """ "für Montag angesetzt", "auf Montag verschoben"; "die Wahl vom Sonntag"; what was counted "für Mai" is over."""
    if index > 0 and tokens[index - 1].kind == "article":
        index -= 1
    if index < 1:
        return None
    words = grammar.words
    lead = tokens[index - 1].text.lower()
    plans = clause.verb in words["postponing_verbs"] or clause.verb in words["planning_verbs"]
    appointed = lead in words["appointing_leads"] and (plans or names_day or clause.tense != "past")
    if appointed or (lead in words["postponing_leads"] and clause.verb in words["postponing_verbs"]):
        return "past" if clause.pluperfect else "future"
    if lead in words["belonging_leads"] and clause.verb in words["postponing_verbs"] and not clause.pluperfect:
        return "future"  # "vom Montag auf den Freitag verschoben"
    if lead in words["belonging_leads"] and index > 1 and tokens[index - 2].kind == "name":
        if tokens[index - 2].text.lower() in words["effect_nouns"]:
            return None
        behind = next((token.text.lower() for token in tokens[index:] if token.start >= end), "")
        return None if behind in words["range_middles"] else "past"
    return None


def _is_planned(sentence: Sentence, clause: Clause, grammar: Grammar) -> bool:
    """Whether a participle of the clause says that something is fixed for later: "vereinbart", "geplant"."""
    planning = grammar.words["planning_verbs"]
    return clause.verb in planning or any(
        (token.kind == "participle" or sentence.heading) and _participle_of(token.text.lower(), grammar) in planning
        for token in (sentence.tokens[0], *_tokens_of(sentence, clause))
    )


def _is_state(sentence: Sentence, clause: Clause, grammar: Grammar) -> bool:
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


_NOUN_REACH = 14  # words of a noun phrase behind its preposition
_REACH = 8  # words between a date and the participle or the noun that it belongs to


def _by_participle(tokens: Sequence[Token], index: int, end: int, clause: Clause, grammar: Grammar) -> Direction | None:
    """ "die im Januar erzielte Einigung", "der für Juni geplante Gipfel", "das im Juli beginnende Treffen": what an
    attribute says of its noun. The article in front has its noun still to come."""
    if not _is_inside_noun_phrase(tokens, index):
        return None
    words = grammar.words
    after = bisect_left(tokens, end, key=lambda token: token.start)
    for i in range(after, min(after + _REACH, len(tokens) - 1)):
        word = tokens[i].text.lower()
        if tokens[i].kind in ("finite", "punctuation", "conjunction") and not word.endswith(
            tuple(words["inflections"])
        ):
            return None
        if tokens[i + 1].kind not in ("name", "word") or not tokens[i].text[0].islower():
            continue
        for ending in words["inflections"]:
            if word.endswith(ending):
                stem = word.removesuffix(ending)
                if stem.endswith(words["present_participle_ending"]) and _is_infinitive(stem[:-1], grammar):
                    return "future" if clause.tense != "past" or clause.passive else None
                lemma = _participle_of(stem, grammar)
                if lemma is not None:
                    return "future" if lemma in words["expecting_verbs"] else "past"
    return None


def _is_inside_noun_phrase(tokens: Sequence[Token], index: int) -> bool:
    """Whether an article with a preposition behind it stands in front: "die | im Januar", "der | von Rebellen am"."""
    for i in range(index - 1, max(-1, index - _REACH), -1):
        if tokens[i].kind in ("finite", "punctuation"):
            return False
        if tokens[i].kind == "article" and tokens[i + 1].kind == "preposition":
            return True
    return False


def _participle_of(word: str, grammar: Grammar) -> str | None:
    readings = find_readings(word, grammar.code)
    return next((reading.lemma for reading in readings if reading.form == "participle"), None)


def _is_infinitive(word: str, grammar: Grammar) -> bool:
    return any(reading.form == "infinitive" for reading in find_readings(word, grammar.code))


def _by_noun(sentence: Sentence, index: int, clause: Clause, grammar: Grammar) -> Direction | None:
    """ "nach dem Angriff am Samstag", "eine Frist bis Montag": the preposition in front of the noun that the date
    belongs to, or the noun itself. "Eine Waffenruhe ab Freitag" that has been agreed is still to come."""
    tokens, words = sentence.tokens, grammar.words
    lead = ""
    if index > 0 and tokens[index - 1].kind == "article":
        index -= 1
    if index > 0 and tokens[index - 1].kind == "preposition":
        index -= 1
        lead = tokens[index].text.lower()
    planned = (
        clause.tense is None
        or sentence.heading
        or _is_planned(sentence, clause, grammar)
        or _is_state(sentence, clause, grammar)
    )
    if lead in words["beginning_leads"] and planned:
        return "future"
    if index < 1 or not _is_noun(tokens[index - 1]):
        return None
    if lead in words["until_leads"] and tokens[index - 1].text.lower().endswith(tuple(words["deadline_nouns"])):
        return "future"
    for back in range(index - 2, max(-1, index - _NOUN_REACH), -1):
        token = tokens[back]
        if token.kind == "preposition":
            word = token.text.lower()
            if word in words["past_openers"]:
                return "past"
            return "future" if word in words["future_openers"] else None
        if token.kind in ("finite", "punctuation", "coordination", "conjunction"):
            return None
    return None


def _is_noun(token: Token) -> bool:
    """A noun or a name, also one like "al-Hassan"."""
    return token.kind == "name" or (token.kind == "word" and any(sign.isupper() for sign in token.text))


def _by_verb(sentence: Sentence, number: int, position: int, grammar: Grammar) -> Direction | None:
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
        return "future" if _is_planned(sentence, clause, grammar) else None
    if clause.tense == "past":
        return "future" if _is_state(sentence, clause, grammar) else "past"
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
    return any(token is not None and _participle_of(token.text.lower(), grammar) is not None for token in ends)


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


_DASHES = frozenset("-–—")


def _by_finite(tokens: Sequence[Token], grammar: Grammar) -> Direction | None:
    """Past where the first word that can only be a finite verb is in the past tense."""
    for token in tokens:
        forms = {r.form for r in find_readings(token.text, grammar.code)} if token.text.islower() else set()
        if forms and forms <= FINITE:
            return "past" if "past" in forms and "present" not in forms else None
    return None


def _tokens_of(sentence: Sentence, clause: Clause) -> list[Token]:
    first = bisect_left(sentence.tokens, clause.span.start, key=lambda token: token.start)
    last = bisect_left(sentence.tokens, clause.span.end, key=lambda token: token.start)
    return list(sentence.tokens[first : min(last, first + _LONGEST)])


_LONGEST = 100  # words of a clause that are looked at


def _word_at(sentence: Sentence, start: int) -> str:
    """The word that begins at a place of the text, in lower case."""
    index = bisect_left(sentence.tokens, start, key=lambda token: token.start)
    return sentence.tokens[index].text.lower()
