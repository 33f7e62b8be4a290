"""What the words around a date say of its direction: a preposition, an attribute, the noun that it belongs to."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from pipeline.records import Clause, Sentence, Token
from pipeline.resolve import Direction
from pipeline.times.direction.verb import is_infinitive, is_planned, is_state, participle_of
from pipeline.times.grammar import Grammar

_PHRASE = 6  # words from the first of a date to the verb behind it
_NOUN_REACH = 14  # words of a noun phrase behind its preposition
_REACH = 8  # words between a date and the participle or the noun that it belongs to


def stands_by_verb(tokens: Sequence[Token], index: int) -> bool:
    """Whether a date with its preposition opens the sentence in front of the verb or follows the finite verb: "Am
    20. Juni fiel die Stadt", "die Stadt fiel am 20. Juni"; not "die Wahl am 20. Juni"."""
    lead = index - 1
    if lead >= 0 and tokens[lead].kind != "preposition":
        return False
    if lead <= 0:
        behind = next((token for token in tokens[index : index + _PHRASE] if token.kind == "finite"), None)
        return behind is not None
    return tokens[lead - 1].kind == "finite"


def by_preposition(
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


def by_participle(tokens: Sequence[Token], index: int, end: int, clause: Clause, grammar: Grammar) -> Direction | None:
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
                if stem.endswith(words["present_participle_ending"]) and is_infinitive(stem[:-1], grammar):
                    return "future" if clause.tense != "past" or clause.passive else None
                lemma = participle_of(stem, grammar)
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


def by_noun(sentence: Sentence, index: int, clause: Clause, grammar: Grammar) -> Direction | None:
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
        or is_planned(sentence, clause, grammar)
        or is_state(sentence, clause, grammar)
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
