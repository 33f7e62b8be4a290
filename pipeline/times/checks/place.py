"""What a check looks at: a match with its neighbours in the sentence."""

from __future__ import annotations

import re
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


_TITLE = 6  # words between quotation marks, the marks among them
_NEAR = 60  # characters in which its opening mark stands
_QUOTE = re.compile("[" + "".join(_QUOTES) + "]")


def is_part_of_title(at: Place) -> bool:
    """ "die Reihe „Sommer in Halle“", "der Film „2001: Odyssee“": a few words between quotation marks with a capital
    in front, no verb and no mark of a sentence at the end."""
    if not _QUOTE.search(at.text, max(0, at.match.start - _NEAR), at.match.start):
        return False
    tokens = at.sentence.tokens
    first = bisect_left(tokens, at.match.start, key=lambda token: token.start)
    opening = next((i for i in range(first - 1, max(-1, first - _TITLE), -1) if tokens[i].text in _QUOTES), None)
    if opening is None or not at.text[tokens[opening].end].isupper() | at.text[tokens[opening].end].isdigit():
        return False
    closing = next(
        (i for i in range(first + 1, min(len(tokens), opening + _TITLE + 1)) if tokens[i].text in _QUOTES), None
    )
    if closing is None or tokens[closing - 1].text in _ENDS:
        return False
    return not any(token.kind == "finite" for token in tokens[opening:closing])


_ENDS = frozenset(".!?,")


def token_before(at: Place, token: Token) -> Token | None:
    index = bisect_left(at.sentence.tokens, token.start, key=lambda token: token.start)
    return at.sentence.tokens[index - 1] if index else None


def said(at: Place) -> str:
    return at.text[at.match.start : at.match.end]
