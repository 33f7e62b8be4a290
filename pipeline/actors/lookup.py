"""Who is meant by a name that somebody types, whatever its case: for corrections, not for reading texts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from babel import Locale
from babel.core import get_global

from pipeline.actors.knowledge import group_actor, load_bodies, load_generic, load_states, load_terms, state_actor
from pipeline.records import Actor

_LANGUAGES = ("de", "en")
_ENDINGS = ("e", "en", "er", "es", "em", "")  # what "_" stands for in an alias


def find_actor(name: str) -> Actor | None:
    """The state, force, armed group, organisation or person in office of a name, alias or code ("Russland", "Russia",
    "RUS", "russische Streitkräfte"); ``None`` when the tables of data/actors hold nobody of that name."""
    return _index().get(_fold(name))


def _fold(name: str) -> str:
    return " ".join(name.split()).casefold()


@cache
def _index() -> dict[str, Actor]:
    """Folded names; where two bear one name, the state comes first, then groups, then people."""
    index: dict[str, Actor] = {}
    for name, actor in _named():
        index.setdefault(_fold(name), actor)
    return index


def _named() -> Iterator[tuple[str, Actor]]:
    for country, state in load_states().items():
        for name in (country, state.name, *_spelled(state.aliases), *_translated(country)):
            yield name, state_actor(country)
    for body in load_bodies():
        for name in (body.actor.name, *_spelled(body.aliases)):
            yield name, body.actor
    for terms in load_terms().values():
        for term in reversed(terms):
            for name in (term.actor.name, *_spelled(term.aliases)):
                yield name, terms[-1].actor
    for key in load_generic():
        for owner in (None, *load_states()):
            actor = group_actor(key, owner)
            yield actor.name, actor


def _spelled(aliases: tuple[str, ...]) -> Iterator[str]:
    for alias in aliases:
        yield from (alias.replace("_", ending) for ending in _ENDINGS) if "_" in alias else (alias,)


def _translated(country: str) -> Iterator[str]:
    short = get_global("territory_aliases").get(country, [country])[0]
    for language in _LANGUAGES:
        if name := Locale.parse(language).territories.get(short):
            yield name
