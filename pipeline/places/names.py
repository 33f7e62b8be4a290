"""Looks up the words that may be a name: where it ends, without its ending, as the front of a compound, completed from
the other half of a pair."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from pipeline.gazetteer import Candidate, Gazetteer
from pipeline.gazetteer.build import RANK_GERMAN, RANK_PRIMARY
from pipeline.gazetteer.folding import has_article
from pipeline.language import WORDS_KEPT
from pipeline.places.words import PlaceWords, load_words
from pipeline.records import Token

SETTLEMENTS = ("city", "village")
LARGE = 50_000  # inhabitants that make a name likely without other evidence
_ALIKE = 0.75  # share of letters behind the article that two spellings have in common
_LONGEST = 5  # words of a name
_LONGEST_HALF = 20  # letters of the word that completes "Nord-"
_REACH = 6  # words between "Nord-" and the word that completes it
_SHORTEST_FRONT = 4  # letters in front of the hyphen of a compound


class Named(NamedTuple):
    """A name as the gazetteer has it. ``length``: how many characters of the text it covers."""

    name: str
    candidates: tuple[Candidate, ...]
    length: int
    genitive: bool = False
    compound: bool = False


def may_begin(word: str, words: PlaceWords) -> bool:
    """Whether a name may begin with a word in lower case: a small article before a capital, "al-Obeid"."""
    article, hyphen, rest = word.partition("-")
    return bool(hyphen) and article in words.sets["particles"] and rest[:1].isupper()


def find_ends(tokens: tuple[Token, ...], first: int, words: PlaceWords) -> list[int]:
    """Where a name that begins here may end, longest first: at words with a capital, over particles ("Deir al-Balah",
    "Straße von Hormus", "Rostow am Don")."""
    ends = [first]
    particles = words.sets["particles"]
    for last in range(first + 1, min(first + _LONGEST, len(tokens))):
        token = tokens[last]
        word = token.text
        if token.start - tokens[last - 1].end > 1:
            break
        if word[0].isupper() or ("-" in word and word.partition("-")[0] in particles):
            ends.append(last)
        elif word not in ("'", "’", ".") and word.lower() not in particles:
            break
    return ends[::-1]


@lru_cache(maxsize=4)
def load_names(gazetteer: Gazetteer, code: str) -> Callable[[str], Named | None]:
    """What ``look_up`` says of single words, which is remembered."""
    words = load_words(code)
    return lru_cache(maxsize=WORDS_KEPT)(lambda name: look_up(name, True, gazetteer, words))


def look_up(name: str, is_single: bool, gazetteer: Gazetteer, words: PlaceWords) -> Named | None:
    """The name as it stands, without the ending of the genitive, or the front of a compound."""
    candidates = gazetteer.find(name)
    if candidates:
        return Named(name, candidates, len(name))
    if len(name) > 4 and name.endswith(words.genitive):
        bare = name[: -len(words.genitive)].rstrip("'’")
        candidates = gazetteer.find(bare)
        if candidates:
            return Named(bare, candidates, len(name), genitive=True)
    front = _look_up_front(name, gazetteer, words) if is_single and "-" in name else None
    return front or _look_up_by_sound(name, gazetteer, words)


def _look_up_by_sound(name: str, gazetteer: Gazetteer, words: PlaceWords) -> Named | None:
    """A town with an Arabic article is spelt in more ways than any list has ("El Fascher", "Al-Faschir")."""
    if not has_article(name) or name in words.never:
        return None
    found = tuple(c for c in gazetteer.find_by_sound(name, least_alike=_ALIKE) if c.population >= LARGE)
    return Named(name, found, len(name)) if found else None


def _look_up_front(name: str, gazetteer: Gazetteer, words: PlaceWords) -> Named | None:
    """ "Kursk" in "Kursk-Offensive", but nothing in "Karabach-Armenier" and "Fano-Miliz"."""
    front, _, back = name.partition("-")
    if front.isupper() or len(front) < _SHORTEST_FRONT or back in words.inhabitants or front in words.never:
        return None
    found = tuple(
        c
        for c in gazetteer.find(front)
        if c.place.precision != "village"
        and (c.rank <= RANK_GERMAN or (c.rank == RANK_PRIMARY and c.population >= 4 * LARGE))
    )
    if back.lower().endswith(words.bands):
        found = tuple(c for c in found if c.place.precision not in SETTLEMENTS or c.population >= 4 * LARGE)
    if not found or (words.others.get(front) and found[0].rank > 0):
        return None
    return Named(front, found, len(front), compound=True)


def complete(name: str, rest: tuple[Token, ...], gazetteer: Gazetteer, words: PlaceWords) -> Named | None:
    """The full name of the first half of a pair ("Nord- und Süd-Kivu", "Ost- und Südukraine") from the words behind."""
    front = name[:-1]
    for token in rest[:_REACH]:
        head, hyphen, tail = token.text.partition("-")
        if head and hyphen and tail:
            forms = [f"{front}-{tail}"]
        elif token.text[0].isupper() and len(token.text) <= _LONGEST_HALF:
            forms = [front + token.text[start:] for start in range(2, len(token.text) - 3)]
        elif token.text.lower() in words.sets["joints"] or hyphen or token.kind in ("name", "preposition"):
            continue
        else:
            return None
        for form in forms:
            candidates = tuple(
                c for c in gazetteer.find(form) if c.rank <= RANK_GERMAN and c.place.precision not in SETTLEMENTS
            )
            if candidates:
                return Named(form, candidates, len(name))
    return None
