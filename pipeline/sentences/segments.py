"""Cuts a sentence into segments: what stands between commas, dashes, brackets and the quotation marks of a clause."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import NamedTuple

from pipeline.records import Span, WordClass
from pipeline.sentences.forms import CUTS
from pipeline.sentences.words import Words

_QUOTE_MARKS = frozenset('„“”»«"')
_DASHES = frozenset("–—-")
_INSIDE_DATELINE = frozenset("/,().")
_NOUNS: frozenset[WordClass] = frozenset(("name", "number"))
_LONGEST_DATELINE = 12  # words


class Segment(NamedTuple):
    """A range of words. ``finites``: positions of its finite verbs; ``coordinated``: behind a conjunction that the
    program cut at; ``label``: a dateline or a word before a colon, which belongs to no clause."""

    start: int
    end: int
    quoted: bool
    finites: list[int]
    coordinated: bool = False
    label: bool = False


def find_segments(words: Words, quotes: list[Span]) -> list[Segment]:
    """The segments of a sentence in order."""
    kinds = words.kinds
    label_end = _find_label(words)
    finites = [i for i, kind in enumerate(kinds) if kind == "finite"]
    segments: list[Segment] = []
    for start, end, quoted in _cut_at_marks(words, finites, quotes):
        if end <= label_end:
            segments.append(Segment(start, end, quoted, [], label=True))
        else:
            start = max(start, label_end)
            own = _between(finites, start, end)
            begin = start
            for cut in _find_coordinations(kinds, start, end, own):
                if cut > begin:
                    segments.append(Segment(begin, cut, quoted, _between(own, begin, cut), begin > start))
                    begin = cut
            last = _between(own, begin, end) if begin > start else own
            segments.append(Segment(begin, end, quoted, last, begin > start))
    return segments


def _between(positions: list[int], start: int, end: int) -> list[int]:
    return positions[bisect_left(positions, start) : bisect_left(positions, end)]


def _find_label(words: Words) -> int:
    """Where a dateline ("Kiew/Moskau (dpa) –") or a label ("Frage:") ends; 0 where the sentence opens with neither."""
    texts, starts, ends, kinds = words.texts, words.starts, words.ends, words.kinds
    bracket = False  # the agency: "(dpa)"
    for i, word in enumerate(texts[:_LONGEST_DATELINE]):
        if word == ")" and i and texts[i - 1].islower() and i + 1 < len(texts) and texts[i + 1][0].isupper():
            return i + 1  # "Genf, 4. Mai (kna) Die Lage ..."
        bracket = word == "(" or (bracket and word != ")")
        if bracket:
            continue
        if word in _DASHES and i:
            apart = starts[i] > ends[i - 1] and i + 1 < len(starts) and starts[i + 1] > ends[i]
            return i + 1 if apart else 0
        if word == ":":
            return i + 1 if i == 1 and kinds[0] == "name" else 0
        dated = kinds[i] == "number" and i > 1  # "NEW YORK, 28. Januar –"
        if not dated and kinds[i] not in ("name", "coordination") and word not in _INSIDE_DATELINE:
            return 0
    return 0


def _cut_at_marks(words: Words, finites: list[int], quotes: list[Span]) -> list[tuple[int, int, bool]]:
    """Ranges of words between cuts, with whether they lie inside a quotation. Quotation marks around a word or
    two without a verb (a "special operation") are no cut."""
    texts, starts = words.texts, words.starts
    cuts = [i for i, word in enumerate(texts) if word in CUTS]
    if quotes:
        finite_starts = [starts[i] for i in finites]
        quotes = [
            q for q in quotes if _count(starts, q) > 2 and _count(finite_starts, q)
        ]  # one word and its mark: no clause
    opens = [q.start for q in quotes]
    marks = {*opens, *(q.end - 1 for q in quotes)}
    segments = []
    start = 0
    for i in (*cuts, len(texts)):
        if i < len(texts) and texts[i] in _QUOTE_MARKS and starts[i] not in marks:
            continue
        if i > start:
            nearest = bisect_right(opens, starts[start]) - 1  # quotations do not overlap
            quoted = nearest >= 0 and starts[start] < quotes[nearest].end
            segments.append((start, i, quoted))
        start = i + 1
    return segments


def _count(starts: list[int], quote: Span) -> int:
    """How many words begin inside a quotation, its opening mark included."""
    return bisect_left(starts, quote.end - 1) - bisect_left(starts, quote.start)


def _find_coordinations(kinds: list[WordClass], start: int, end: int, finites: list[int]) -> list[int]:
    """Where to cut "griff an und zerstörte": in front of the conjunction between two finite verbs, and "hat Brücken
    getroffen und Dörfer zerstört" between two participles."""
    if "coordination" not in kinds[start:end]:
        return []
    cuts = []
    for left, right in pairwise(finites):
        cut = next((i for i in range(right - 1, left, -1) if kinds[i] == "coordination"), None)
        if cut is not None:
            cuts.append(cut)
    if not finites or finites[-1] < end - 1:
        cut = _find_participle_cut(kinds, finites[-1] + 1 if finites else start, end)
        if cut is not None:
            cuts.append(cut)
    return cuts


def _find_participle_cut(kinds: list[WordClass], start: int, end: int) -> int | None:
    """The conjunction between two participles at the ends of their parts, the second with a noun of its own."""
    last = last_word(kinds, start, end)
    if kinds[last] != "participle":
        return None
    for i in range(last - 1, start, -1):
        if kinds[i] == "coordination" and kinds[i - 1] == "participle":
            return i if brings_noun(kinds, i, last) else None
    return None


def last_word(kinds: list[WordClass], start: int, end: int) -> int:
    """The last word of a range that is no mark; ``start`` where there are only marks."""
    return next((i for i in range(end - 1, start, -1) if kinds[i] != "punctuation"), start)


def brings_noun(kinds: list[WordClass], start: int, end: int) -> bool:
    """Is there a noun or a number between two places? A bare participle only adds to the verb before it."""
    return not _NOUNS.isdisjoint(kinds[start:end])
