"""What looks like a time and is none: "2003 Menschen", "Resolution 1701", "Guten Morgen", "je früher, desto besser"."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from typing import NamedTuple

from pipeline.records import Sentence, Token
from pipeline.times.grammar import Grammar, Match

_ADULT = 14  # years: "die 14-jährige" is a person, "der zehnjährige Krieg" a time


class _Place(NamedTuple):
    """A match with its neighbours in the sentence."""

    match: Match
    text: str
    before: Token | None
    after: Token | None
    grammar: Grammar
    sentence: Sentence


def is_time(match: Match, text: str, sentence: Sentence, first: int, grammar: Grammar) -> bool:
    """Whether a match stands where a time can stand; ``first`` is the index of its first token."""
    tokens = sentence.tokens
    last = bisect_right(tokens, match.end - 1, key=lambda token: token.start)
    after = tokens[last] if last < len(tokens) else None
    if after is not None and after.start == match.end and after.text == "%":
        return False
    check = _CHECKS.get(match.rule.checks or "")
    return check is None or check(_Place(match, text, tokens[first - 1] if first else None, after, grammar, sentence))


def _is_year(at: _Place) -> bool:
    words = at.grammar.words
    previous = at.before.text.lower() if at.before else ""
    strong = previous in words["year_leads_strong"]
    if previous in words["not_year_nouns"] or (previous in words["number_words_before"] and not strong):
        return False
    if at.before is not None and at.before.kind == "number" and at.before.end + 1 >= at.match.start:
        return False  # part of a longer number
    if at.after is None:
        return True
    following = at.after.text.lower()
    if following in words["number_units_after"]:
        return False
    if at.after.kind == "name" and at.after.start - at.match.end <= 1 and not strong:
        return at.before is None and at.after.text.isupper()
    if (
        at.before is not None
        and at.before.kind in ("article", "preposition")
        and _is_odd_year(at.match)
        and (at.after.kind == "participle" or following.endswith(tuple(words["participle_endings"])))
    ):
        return True  # "die 1918 einsetzende Epidemie", "das 1994 erschienene Buch"
    if at.after.kind == "word" and following.endswith(tuple(words["inflections"])) and not strong:
        position = bisect_right(at.sentence.tokens, at.after.start, key=lambda token: token.start)
        second = at.sentence.tokens[position] if position < len(at.sentence.tokens) else None
        return second is None or second.kind != "name"
    if at.before is not None and at.before.kind == "name" and previous not in words["year_leads"]:
        return 1400 <= int(at.match.captured["year"]) <= 2099
    return True


def _is_month(at: _Place) -> bool:
    """ "im August", not "August Bebel": a first name has no preposition in front and a name right behind."""
    if (
        at.after is None
        or at.after.kind != "name"
        or at.text[at.match.end : at.after.start] != " "
        or at.sentence.heading
    ):
        return True
    return at.before is not None and at.before.kind not in ("name", "coordination", "punctuation")


def _is_odd_year(match: Match) -> bool:
    """Whether a number is so little round that it hardly counts people."""
    number = int(match.captured["year"])
    return 1700 <= number <= 2099 and number % 50 != 0


def _is_no_age(at: _Place) -> bool:
    """ "drei Jahre alt", "die 24-Jährige", "der 47-jährige Mann" tell an age, not a time."""
    words = at.grammar.words
    if at.after is not None and at.after.text.lower() in words["age_words"]:
        return False
    if at.before is not None and at.before.text.lower() in words["age_leads"]:
        return at.grammar.key_of("unit", at.match.captured["unit"]) != "year" if at.match.captured.get("unit") else True
    adjective = at.match.captured.get("unit_adjective")
    if adjective and at.grammar.key_of("unit-adjective", adjective) == "year":
        if (
            adjective[0].isupper()
            or at.text[at.match.start].isupper()
            or int(at.match.captured.get("digits") or 0) >= _ADULT
        ):
            return False
        position = bisect_right(at.sentence.tokens, at.match.end, key=lambda token: token.start)
        return not any(t.text.lower() in words["person_nouns"] for t in at.sentence.tokens[position - 1 : position + 2])
    return True


def _is_singular(at: _Place) -> bool:
    """ "im vergangenen Jahre" is one year, "der vergangenen Jahre" are many."""
    if not at.match.captured["unit_word"].lower().endswith("e"):
        return True
    words = at.grammar.words
    dative = at.match.captured.get("modifier", "").lower().endswith(tuple(words["dative_endings"]))
    return dative or (at.before is not None and at.before.text.lower() in words["dative_leads"])


def _is_deictic(at: _Place) -> bool:
    """ "morgen" the day, not "Morgen" the part of a day: that one is capitalised inside a sentence."""
    word = at.text[at.match.start : at.match.end]
    if at.before is not None and word[0].isupper() and at.before.kind != "punctuation" and not word.isupper():
        return False
    return (
        at.before is None or at.before.text.lower() not in at.grammar.words["deictic_not_before"] or word[0].islower()
    )


def _is_daypart(at: _Place) -> bool:
    if at.after is not None and at.after.start == at.match.end and at.after.text.startswith("-"):
        return False
    return (
        at.before is None
        or at.before.text.lower() not in at.grammar.words["greetings"]
        or at.text[at.match.start].islower()
    )


def _is_reference(at: _Place) -> bool:
    word = at.text[at.match.start : at.match.end].lower()
    stops = at.grammar.words["reference_checks"].get(word)
    if at.before is not None and stops is not None and at.before.text.lower() in stops:
        return False
    return not (
        at.text[at.match.start].isupper()
        and at.before is not None
        and at.before.kind != "punctuation"
        and " " not in word
        and word.isalpha()
        and not at.text[at.match.start : at.match.end].isupper()
        and not word.startswith(tuple(at.grammar.words["reference_nouns"]))
    )


def _is_per(at: _Place) -> bool:
    return at.before is not None and at.before.kind != "preposition"


def _is_since_then(at: _Place) -> bool:
    """The adverb, not the conjunction "seitdem er kam"."""
    return not any(
        clause.span.start == at.match.start and clause.kind == "subordinate" for clause in at.sentence.clauses
    )


_CHECKS: Mapping[str, Callable[[_Place], bool]] = {
    "number": _is_year,
    "month": _is_month,
    "no-age": _is_no_age,
    "singular": _is_singular,
    "deictic": _is_deictic,
    "daypart": _is_daypart,
    "reference": _is_reference,
    "per": _is_per,
    "since-then": _is_since_then,
}
