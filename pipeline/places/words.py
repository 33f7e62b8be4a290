"""The words around place names, from data/lang/<code>/places.yaml."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any, NamedTuple

from pipeline import language
from pipeline.actors.knowledge import load_states, load_terms


class PlaceWords(NamedTuple):
    """Sets of lower-case words; ``kind_of`` tells which kind of place a type word announces."""

    code: str
    sets: dict[str, frozenset[str]]
    types: dict[str, str]
    endings: tuple[tuple[str, str], ...]
    never: frozenset[str]
    others: dict[str, frozenset[str]]  # word -> what else it is: "noun", "first", "last"
    toponyms: frozenset[str]  # of these, the ones that are also known as names of places
    leaders: frozenset[str]  # last names of known people, which no surname follows
    genitive: str
    attribute_endings: tuple[str, ...]
    several: tuple[str, ...]  # ends of words for many people or things
    bands: tuple[str, ...]  # ends of words for armed groups
    states: frozenset[str]  # names of one word: nobody's first name, also "Israel"
    inhabitants: frozenset[str]  # "Armenier": what a compound with a place is about, but no place
    nations: dict[str, str]  # inflected adjective in lower case -> country

    def kind_of(self, word: str) -> str | None:
        """The kind of place that a noun announces: "Hafenstadt" a city, "Gebiet" a region."""
        lowered = word.lower()
        if lowered in self.sets["no_types"]:
            return None
        if lowered in self.types:
            return self.types[lowered]
        return next((kind for ending, kind in self.endings if lowered.endswith(ending)), None)


@cache
def load_words(code: str) -> PlaceWords:
    words: dict[str, Any] = language.words(code, "places")
    types = {word: kind for kind, forms in words["type_words"].items() for word in forms if word[0] != "-"}
    endings = [(word[1:], kind) for kind, forms in words["type_words"].items() for word in forms if word[0] == "-"]
    others: dict[str, frozenset[str]] = {}
    toponyms = set()
    for word, kinds, toponym in language.table(code, "not_places"):
        others[word] = frozenset(kinds.split(","))
        if toponym == "1":
            toponyms.add(word)
    for terms in load_terms().values():
        first, _, last = terms[0].actor.name.partition(" ")
        if last:
            others[first] = others.get(first, frozenset()) | {"first"}
    for first in words["first_names"]:
        others[first] = others.get(first, frozenset()) | {"first"}
    lasts = {terms[0].actor.name.rpartition(" ")[2] for terms in load_terms().values()}
    sets = {
        name: frozenset(entries) for name, entries in words.items() if isinstance(entries, list) and name != "never"
    }
    states = load_states()
    return PlaceWords(
        code,
        sets,
        types,
        tuple(endings),
        frozenset(words["never"]),
        others,
        frozenset(toponyms),
        frozenset(last for last in lasts if "first" not in others.get(last, ())),
        words["genitive"],
        tuple(words["attribute_endings"]),
        tuple(words["several"]),
        tuple(words["bands"]),
        frozenset(name for state in states.values() for name in (state.name, *state.aliases) if name.isalpha()),
        frozenset(
            inhabitant + end
            for state in states.values()
            for inhabitant in state.inhabitants
            for end in words["inhabitant_endings"]
        ),
        {
            adjective + end: country
            for country, state in states.items()
            for adjective in state.adjectives
            for end in words["adjective_endings"]
        },
    )


@lru_cache(maxsize=language.WORDS_KEPT)
def kind_of(word: str, code: str) -> str | None:
    return load_words(code).kind_of(word)
