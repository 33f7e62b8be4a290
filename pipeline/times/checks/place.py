"""What a check looks at: a match with its neighbours in the sentence."""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from pipeline.records import Sentence, Token
from pipeline.times.grammar import Grammar, Match


class Place(NamedTuple):
    """A match with its neighbours in the sentence."""

    match: Match
    text: str
    before: Token | None
    after: Token | None
    grammar: Grammar
    sentence: Sentence


_QUOTES = frozenset("„“”\"»«'‚‘’")


def is_title(at: Place) -> bool:
    """ "der Film „1917“", "die Wochenzeitung „Der Freitag“": nothing else stands between the quotation marks."""
    closed = at.after is not None and at.after.text in _QUOTES and at.after.start == at.match.end
    before = at.before
    if not closed or before is None:
        return False
    if before.text in _QUOTES:
        return before.end == at.match.start
    return before.kind == "article" and before.text[0].isupper() and at.text[before.start - 1 : before.start] in _QUOTES


def token_before(at: Place, token: Token) -> Token | None:
    index = bisect_left(at.sentence.tokens, token.start, key=lambda token: token.start)
    return at.sentence.tokens[index - 1] if index else None


def said(at: Place) -> str:
    return at.text[at.match.start : at.match.end]
