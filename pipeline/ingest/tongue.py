"""In which language is a text? Told by the frequent function words of data/languages.tsv; no model, no guess."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from pipeline.language import DATA

_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 4_000  # characters
_FEWEST = 5  # hits
_LEAD = 2.0  # times the hits of the expected language
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
UNKNOWN = "und"  # ISO 639-2: undetermined


@cache
def _words() -> dict[str, frozenset[str]]:
    lines = (DATA / "languages.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")][1:]
    return {code: frozenset(words.split(" ")) for code, words in rows}


def find_language(text: str, expected: str) -> str:
    """The code (ISO 639-1) of the text's language: the expected one unless another is far more likely. ``UNKNOWN`` for
    a text in another script than that of the expected one, whose words tell nothing."""
    said = [word.lower() for word in _WORD.findall(text[:_SAMPLE])]
    hits = {code: sum(word in words for word in said) for code, words in _words().items()}
    best = max(hits, key=lambda code: hits[code])
    own = hits.get(expected, 0)
    if said and own < _FEWEST and _is_latin(_words().get(expected, ())) and not _is_latin(said):
        return best if hits[best] > own else UNKNOWN
    return best if hits[best] >= _FEWEST and hits[best] > _LEAD * own else expected


def _is_latin(words: Collection[str]) -> bool:
    """Are half of the letters Latin at least, or are there none?"""
    letters = "".join(words)
    return 2 * len(_LATIN.findall(letters)) >= len(letters)
