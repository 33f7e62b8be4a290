"""Clauses that another one interrupts between their auxiliary and their main verb: "Israel hat, wie der Sender
meldete, Beirut bombardiert"."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from pipeline.records import WordClass
from pipeline.sentences.groups import VERBS, find_auxiliary, load_auxiliaries
from pipeline.sentences.verbs import FINITE, find_forms
from pipeline.sentences.words import Words, load_lexicon

STOPS: Final = frozenset(",;:–—…()[]") | {"..."}  # an auxiliary does not reach over these; it does over quotation marks
_OPENING: Final = frozenset("–—(")  # whatever stands behind these is inserted


def find_resumed(words: Words, code: str) -> dict[int, str]:
    """The marks behind which a clause goes on after an insertion and ends with a form that would be finite without it
    ("bombardiert"), each with the auxiliary that the clause has begun with."""
    texts, kinds, lexicon = words.texts, words.kinds, load_lexicon(code)
    stops = [i for i, kind in enumerate(kinds) if kind == "punctuation" and texts[i] in STOPS]
    resumed: dict[int, str] = {}
    waiting: str | None = None
    inserted = False  # whether something has stood between since the clause was broken off
    for stop, end in pairwise((-1, *stops, len(kinds)) if len(stops) > 1 else ()):
        verbs = [i for i in range(stop + 1, end) if kinds[i] in VERBS]
        if waiting is not None and inserted and _completes(words, stop, end, verbs, waiting, code):
            if kinds[verbs[-1]] == "finite":
                resumed[stop] = waiting
            waiting = None
            continue
        opener, last = texts[stop + 1].lower() if stop + 1 < end else "", _last_word(kinds, stop, end)
        finite = max((i for i in verbs if kinds[i] == "finite"), default=None)
        if finite is None or opener in lexicon.conjunctions:
            inserted = finite is not None or opener in lexicon.insertion_openers or texts[stop] in _OPENING
            continue
        begins = stop + 1 + (opener in lexicon.insertion_openers)  # "sagte der Minister", "so hieß es"
        if waiting is not None and finite in (begins, last):
            inserted = True
            continue
        waiting, inserted = find_auxiliary(texts[finite].lower(), code) if finite == verbs[-1] else None, False
    return resumed


def _completes(words: Words, stop: int, end: int, verbs: list[int], auxiliary: str, code: str) -> bool:
    """Whether words behind a mark end with what an auxiliary waits for, and hold no finite verb of their own."""
    texts, kinds = words.texts, words.kinds
    if (
        not verbs
        or _last_word(kinds, stop, end) != verbs[-1]
        or texts[stop + 1].lower() in load_lexicon(code).conjunctions
    ):
        return False
    wanted = "participle" if auxiliary in load_auxiliaries(code).helpers else "infinitive"
    if wanted not in find_forms(texts[verbs[-1]].lower(), code):
        return False
    return not any(kinds[i] == "finite" and find_forms(texts[i].lower(), code) <= FINITE for i in verbs)


def _last_word(kinds: list[WordClass], stop: int, end: int) -> int:
    return next((i for i in range(end - 1, stop, -1) if kinds[i] != "punctuation"), stop)
