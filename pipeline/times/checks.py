"""What looks like a time and is none: "2003 Menschen", "Resolution 1701", "Guten Morgen", "je früher, desto besser"."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping

from pipeline.records import Sentence, Token
from pipeline.times.grammar import Grammar, Match

_ADULT = 14  # years: "die 14-jährige" is a person, "der zehnjährige Krieg" a time
_INFLECTED = ("e", "en", "er", "em", "es")


def is_time(match: Match, text: str, sentence: Sentence, grammar: Grammar) -> bool:
    """Whether a match stands where a time can stand."""
    check = _CHECKS.get(match.rule.checks or "")
    before, after = _neighbours(match, sentence)
    if after is not None and after.start == match.end and after.text == "%":
        return False
    return check is None or check(match, text, before, after, grammar, sentence)


def _neighbours(match: Match, sentence: Sentence) -> tuple[Token | None, Token | None]:
    tokens = sentence.tokens
    first = bisect_left(tokens, match.start, key=lambda token: token.start)
    last = bisect_right(tokens, match.end - 1, key=lambda token: token.start)
    return (tokens[first - 1] if first else None), (tokens[last] if last < len(tokens) else None)


def _is_year(
    match: Match, text: str, before: Token | None, after: Token | None, grammar: Grammar, sentence: Sentence
) -> bool:
    words = grammar.words
    previous = before.text.lower() if before else ""
    if (
        previous in words["not_year_nouns"]
        or previous in words["number_words_before"]
        and previous not in words["year_leads_strong"]
    ):
        return False
    if before is not None and before.kind == "number" and before.end + 1 >= match.start:
        return False  # part of a longer number
    strong = previous in words["year_leads_strong"]
    if after is None:
        return True
    following = after.text.lower()
    if following in words["number_units_after"]:
        return False
    if after.kind == "name" and after.start - match.end <= 1 and not strong:
        return before is None and after.text.isupper()
    if (
        before is not None
        and before.kind in ("article", "preposition")
        and _is_odd_year(match)
        and (after.kind == "participle" or following.endswith(tuple(words["participle_endings"])))
    ):
        return True  # "die 1918 einsetzende Epidemie", "das 1994 erschienene Buch"
    if after.kind == "word" and following.endswith(_INFLECTED) and not strong:
        position = bisect_right(sentence.tokens, after.start, key=lambda token: token.start)
        second = sentence.tokens[position] if position < len(sentence.tokens) else None
        return second is None or second.kind != "name"
    if before is not None and before.kind == "name" and previous not in words["year_leads"]:
        return 1400 <= int(match.captured["year"]) <= 2099
    return True


def _is_month(
    match: Match, text: str, before: Token | None, after: Token | None, grammar: Grammar, sentence: Sentence
) -> bool:
    """ "im August", not "August Bebel": a first name has no preposition in front and a name right behind."""
    if after is None or after.kind != "name" or text[match.end : after.start] != " " or sentence.heading:
        return True
    return before is not None and before.kind not in ("name", "coordination", "punctuation")


def _is_odd_year(match: Match) -> bool:
    """Whether a number is so little round that it hardly counts people."""
    number = int(match.captured["year"])
    return 1700 <= number <= 2099 and number % 50 != 0


def _is_no_age(
    match: Match, text: str, before: Token | None, after: Token | None, grammar: Grammar, sentence: Sentence
) -> bool:
    """ "drei Jahre alt", "die 24-Jährige", "der 47-jährige Mann" tell an age, not a time."""
    if after is not None and after.text.lower() in grammar.words["age_words"]:
        return False
    adjective = match.captured.get("unit_adjective")
    if adjective and grammar.key_of("unit-adjective", adjective) == "year":
        return not adjective[0].isupper() and int(match.captured.get("digits") or 0) < _ADULT
    return True


def _is_deictic(
    match: Match, text: str, before: Token | None, after: Token | None, grammar: Grammar, sentence: Sentence
) -> bool:
    """ "morgen" the day, not "Morgen" the part of a day: that one is capitalised inside a sentence."""
    word = text[match.start : match.end]
    if before is not None and word[0].isupper() and before.kind != "punctuation" and not word.isupper():
        return False
    return before is None or before.text.lower() not in grammar.words["deictic_not_before"] or word[0].islower()


def _is_daypart(
    match: Match, text: str, before: Token | None, after: Token | None, grammar: Grammar, sentence: Sentence
) -> bool:
    if after is not None and after.start == match.end and after.text.startswith("-"):
        return False
    return before is None or before.text.lower() not in grammar.words["greetings"] or text[match.start].islower()


def _is_reference(
    match: Match, text: str, before: Token | None, after: Token | None, grammar: Grammar, sentence: Sentence
) -> bool:
    word = text[match.start : match.end].lower()
    stops = grammar.words["reference_checks"].get(word)
    if before is not None and stops is not None and before.text.lower() in stops:
        return False
    return not (
        text[match.start].isupper()
        and before is not None
        and before.kind != "punctuation"
        and " " not in word
        and word.isalpha()
        and not text[match.start : match.end].isupper()
        and not word.startswith(tuple(grammar.words["reference_nouns"]))
    )


def _is_per(
    match: Match, text: str, before: Token | None, after: Token | None, grammar: Grammar, sentence: Sentence
) -> bool:
    return before is not None and before.kind != "preposition"


def _is_since_then(
    match: Match, text: str, before: Token | None, after: Token | None, grammar: Grammar, sentence: Sentence
) -> bool:
    """The adverb, not the conjunction "seitdem er kam"."""
    return not any(clause.span.start == match.start and clause.kind == "subordinate" for clause in sentence.clauses)


_Check = Callable[[Match, str, Token | None, Token | None, Grammar, Sentence], bool]
_CHECKS: Mapping[str, _Check] = {
    "number": _is_year, "deictic": _is_deictic, "daypart": _is_daypart, "reference": _is_reference, "per": _is_per, "no-age": _is_no_age,
    "month": _is_month,
    "since-then": _is_since_then,
}  # fmt: skip
