"""What looks like a time and is none: "2003 Menschen", "Resolution 1701", "Guten Morgen", "je früher, desto besser"."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping

from pipeline.records import Sentence
from pipeline.times.checks import names, numbers, usage
from pipeline.times.checks.place import Place
from pipeline.times.grammar import Grammar, Match


def is_time(match: Match, text: str, sentence: Sentence, first: int, grammar: Grammar) -> bool:
    """Whether a match stands where a time can stand; ``first`` is the index of its first token."""
    tokens = sentence.tokens
    last = bisect_right(tokens, match.end - 1, key=lambda token: token.start)
    after = tokens[last] if last < len(tokens) else None
    if after is not None and after.start == match.end and after.text == "%":
        return False
    check = _CHECKS.get(match.rule.checks or "")
    return check is None or check(Place(match, text, tokens[first - 1] if first else None, after, grammar, sentence))


_CHECKS: Mapping[str, Callable[[Place], bool]] = {
    "number": numbers.is_year,
    "weekday": names.is_weekday,
    "season": names.is_season,
    "no-name": names.is_no_name,
    "no-unit": numbers.is_unit_free,
    "spoken-hour": numbers.is_spoken_hour,
    "unnumbered": numbers.is_unnumbered,
    "initial": usage.is_initial,
    "month": names.is_month,
    "no-age": usage.is_no_age,
    "no-surname": names.is_no_surname,
    "singular": usage.is_singular,
    "deictic": usage.is_deictic,
    "daypart": usage.is_daypart,
    "reference": usage.is_reference,
    "per": usage.is_per,
    "since-then": usage.is_since_then,
}
