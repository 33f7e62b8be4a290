"""Tells surnames and first names from place names: what a document says about its names, and what stands beside one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.gazetteer.build import RANK_PRIMARY
from pipeline.places.names import LARGE, SETTLEMENTS
from pipeline.places.spotted import Spotted
from pipeline.places.words import PlaceWords, kind_of, load_words
from pipeline.records import Sentence, Token

FAMOUS = 500_000  # inhabitants that let a town stand beside words that rather belong to a person


@dataclass(frozen=True, slots=True)
class Memory:
    """What a document tells about its names: ``places`` were found earlier in it, ``surnames`` stand behind a first
    name somewhere, ``followers`` behind another word with a capital."""

    places: set[str]
    surnames: frozenset[str]
    followers: frozenset[str]

    def is_surname(self, name: str) -> bool:
        return name in self.surnames


def read_names(sentences: Sequence[Sentence], code: str) -> Memory:
    """A memory without places yet."""
    words = load_words(code)
    surnames: set[str] = set()
    followers: set[str] = set()
    titles = tuple(words.sets["titles"])
    for sentence in sentences:
        tokens = sentence.tokens
        for number, (before, token) in enumerate(pairwise(tokens), 1):
            if token.kind != "name":
                continue
            forms = (token.text, token.text.removesuffix(words.genitive))
            if _follows_initial(tokens, number):
                surnames.update(forms)
            elif token.start - before.end != 1 or before.kind != "name":
                continue
            elif before.text.lower().endswith(titles):
                surnames.add(token.text)
            elif _is_name_part(before, words):
                if "first" in words.others.get(before.text, ()):
                    surnames.update(forms)
                else:
                    followers.add(token.text)  # "die Belagerung Mariupols" tells nothing about "Mariupol"
    return Memory(set(), frozenset(surnames), frozenset(followers))


def looks_personal(spotted: Spotted, tokens: tuple[Token, ...], words: PlaceWords, certain: bool, led: bool) -> bool:
    """Whether the words beside the name make it the surname or the first name of a person."""
    best = spotted.candidates[0]
    famous = best.rank <= RANK_PRIMARY and best.population >= FAMOUS and best.place.precision in SETTLEMENTS
    before = tokens[spotted.first - 1] if spotted.first else None
    if _follows_initial(tokens, spotted.first):
        return True
    if before is not None and spotted.kind is None and _is_name_part(before, words):
        beside = tokens[spotted.first].start - before.end == 1
        believed = certain or famous or _is_owner(spotted)
        if beside and ("first" in words.others.get(before.text, frozenset()) or not believed):
            return True
    after = tokens[spotted.last + 1] if spotted.last + 1 < len(tokens) else None
    if after is None or not _is_surname_like(after) or after.start - tokens[spotted.last].end != 1:
        return False
    first_name = "first" in words.others.get(spotted.name, frozenset())
    return not (led or spotted.genitive or (famous and not first_name))


def _is_owner(spotted: Spotted) -> bool:
    """A known town in the genitive: "die Bewohner Rafahs"."""
    best = spotted.candidates[0]
    return spotted.genitive and best.rank <= RANK_PRIMARY and best.population >= LARGE


def _is_surname_like(token: Token) -> bool:
    """A name, also one like "al-Maliki"."""
    return token.kind == "name" or (token.kind == "word" and any(sign.isupper() for sign in token.text))


def _follows_initial(tokens: tuple[Token, ...], first: int) -> bool:
    """ "A. L. Kennedy" """
    letter = tokens[first - 1].text.rstrip(".") if first else ""
    if not letter and first > 1:
        letter = tokens[first - 2].text
        return len(letter) == 1 and letter.isupper() and tokens[first - 1].start == tokens[first - 2].end
    return len(letter) == 1 and letter.isupper() and tokens[first - 1].text != letter


def _is_name_part(token: Token, words: PlaceWords) -> bool:
    """Whether a word may be the first name or the title of a person."""
    return (
        token.kind == "name"
        and not token.text.isupper()
        and token.text.isalpha()
        and (token.text not in words.never or "first" in words.others.get(token.text, ()))
        and token.text not in words.states
        and token.text not in words.leaders
        and token.text.lower() not in words.sets["locative"]
        and not token.text.lower().endswith(words.several)
        and kind_of(token.text, words.code) is None
    )
