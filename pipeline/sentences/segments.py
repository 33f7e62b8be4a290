"""Cuts a sentence into segments: what stands between commas, dashes, brackets and the quotation marks of a clause."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import NamedTuple

from pipeline.records import Span, Token
from pipeline.sentences.forms import CUTS

_QUOTE_MARKS = frozenset('„“”»«"')
_DASHES = frozenset("–—-")
_LONGEST_DATELINE = 12  # tokens


class Segment(NamedTuple):
    """A range of tokens. ``finites``: positions of its finite verbs; ``coordinated``: behind a conjunction that the
    program cut at; ``label``: a dateline or a word before a colon, which belongs to no clause."""

    start: int
    end: int
    quoted: bool
    finites: list[int]
    coordinated: bool = False
    label: bool = False


def find_segments(tokens: list[Token], quotes: list[Span]) -> list[Segment]:
    """The segments of a sentence in order."""
    label_end = _find_label(tokens)
    finites = [i for i, token in enumerate(tokens) if token.kind == "finite"]
    segments: list[Segment] = []
    for start, end, quoted in _cut_at_marks(tokens, finites, quotes):
        if end <= label_end:
            segments.append(Segment(start, end, quoted, [], label=True))
        else:
            start = max(start, label_end)
            own = _between(finites, start, end)
            begin = start
            for cut in _find_coordinations(tokens, start, end, own):
                if cut > begin:
                    segments.append(Segment(begin, cut, quoted, _between(own, begin, cut), begin > start))
                    begin = cut
            last = _between(own, begin, end) if begin > start else own
            segments.append(Segment(begin, end, quoted, last, begin > start))
    return segments


def _between(positions: list[int], start: int, end: int) -> list[int]:
    return positions[bisect_left(positions, start) : bisect_left(positions, end)]


def _find_label(tokens: list[Token]) -> int:
    """Where a dateline ("Kiew/Moskau (dpa) –") or a label ("Frage:") ends; 0 where the sentence opens with neither."""
    bracket = False  # the agency: "(dpa)"
    for i, token in enumerate(tokens[:_LONGEST_DATELINE]):
        if (
            token.text == ")"
            and i
            and tokens[i - 1].text.islower()
            and any(t.text[0].isupper() for t in tokens[i + 1 : i + 2])
        ):
            return i + 1  # "Genf, 4. Mai (kna) Die Lage ..."
        bracket = token.text == "(" or (bracket and token.text != ")")
        if bracket:
            continue
        if token.text in _DASHES and i:
            apart = token.start > tokens[i - 1].end and i + 1 < len(tokens) and tokens[i + 1].start > token.end
            return i + 1 if apart else 0
        if token.text == ":":
            return i + 1 if i == 1 and tokens[0].kind == "name" else 0
        dated = token.kind == "number" and i > 1  # "NEW YORK, 28. Januar –"
        if not dated and token.kind not in ("name", "coordination") and token.text not in ("/", ",", "(", ")", "."):
            return 0
    return 0


def _cut_at_marks(tokens: list[Token], finites: list[int], quotes: list[Span]) -> list[tuple[int, int, bool]]:
    """Ranges of tokens between cuts, with whether they lie inside a quotation. Quotation marks around a word or
    two without a verb (a "special operation") are no cut."""
    cuts = [i for i, token in enumerate(tokens) if token.text in CUTS]
    if quotes:
        starts = [token.start for token in tokens]
        finite_starts = [starts[i] for i in finites]
        quotes = [
            q for q in quotes if _count(starts, q) > 2 and _count(finite_starts, q)
        ]  # one word and its mark: no clause
    opens = [q.start for q in quotes]
    marks = {*opens, *(q.end - 1 for q in quotes)}
    segments = []
    start = 0
    for i in (*cuts, len(tokens)):
        if i < len(tokens) and tokens[i].text in _QUOTE_MARKS and tokens[i].start not in marks:
            continue
        if i > start:
            position = tokens[start].start
            nearest = bisect_right(opens, position) - 1  # quotations do not overlap
            quoted = nearest >= 0 and position < quotes[nearest].end
            segments.append((start, i, quoted))
        start = i + 1
    return segments


def _count(starts: list[int], quote: Span) -> int:
    """How many tokens begin inside a quotation, its opening mark included."""
    return bisect_left(starts, quote.end - 1) - bisect_left(starts, quote.start)


def _find_coordinations(tokens: list[Token], start: int, end: int, finites: list[int]) -> list[int]:
    """Where to cut "griff an und zerstörte": in front of the conjunction between two finite verbs, and "hat Brücken
    getroffen und Dörfer zerstört" between two participles."""
    cuts = []
    for left, right in pairwise(finites):
        cut = next((i for i in range(right - 1, left, -1) if tokens[i].kind == "coordination"), None)
        if cut is not None:
            cuts.append(cut)
    if not finites or finites[-1] < end - 1:
        cut = _find_participle_cut(tokens, finites[-1] + 1 if finites else start, end)
        if cut is not None:
            cuts.append(cut)
    return cuts


def _find_participle_cut(tokens: list[Token], start: int, end: int) -> int | None:
    """The conjunction between two participles at the ends of their parts, the second with a noun of its own."""
    last = next((i for i in range(end - 1, start, -1) if tokens[i].kind != "punctuation"), start)
    if tokens[last].kind != "participle":
        return None
    for i in range(last - 1, start, -1):
        if tokens[i].kind == "coordination" and tokens[i - 1].kind == "participle":
            return i if brings_noun(tokens, i, last) else None
    return None


def brings_noun(tokens: list[Token], start: int, end: int) -> bool:
    """Is there a noun or a number between two places? A bare participle only adds to the verb before it."""
    return any(tokens[i].kind in ("name", "number") for i in range(start, end))
