"""Who is known: states, forces, armed groups, organisations and people in office, from data/actors/*.tsv."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import cast, get_args

from pipeline import language
from pipeline.errors import PackError
from pipeline.records import Actor, Sector

_FOLDER = language.DATA / "actors"
_TRANSCRIBED = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "ł": "l", "ı": "i", "đ": "d", "æ": "ae"}
)


@dataclass(frozen=True, slots=True)
class State:
    """A state. ``seats`` are capitals and palaces that stand for its government; ``_`` in an adjective or alias
    stands for the endings of an adjective."""

    country: str
    name: str
    adjectives: tuple[str, ...]
    inhabitants: tuple[str, ...]
    seats: tuple[str, ...]
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """A force, armed group or organisation. ``gender`` is that of its German name: f, m, n or p (plural). ``short`` are
    aliases that mean it only in a report on its country ("?FLN": in Algeria, Rwanda and elsewhere another one)."""

    actor: Actor
    aliases: tuple[str, ...]
    gender: str
    short: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A person in an office, from one year to another, both inclusive; ``last`` is ``None`` while in office."""

    actor: Actor
    aliases: tuple[str, ...]
    office: str
    first: int
    last: int | None


def _rows(name: str) -> Iterator[dict[str, str]]:
    path = _FOLDER / f"{name}.tsv"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    columns = lines[0].split("\t")
    for line in lines[1:]:
        cells = line.split("\t")
        if len(cells) != len(columns) or not cells[-1]:
            raise PackError(f"actors/{path.name} has a row that does not fit its columns: {line}")
        yield dict(zip(columns, cells, strict=True))


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


def _sector(row: dict[str, str], name: str) -> Sector:
    if row["sector"] not in get_args(Sector):
        raise PackError(f"actors/{name}.tsv has an unknown sector: {row}")
    return cast(Sector, row["sector"])


@cache
def load_states() -> dict[str, State]:
    """States by country code."""
    return {
        row["country"]: State(
            row["country"],
            row["name"],
            _parts(row["adjectives"]),
            _parts(row["inhabitants"]),
            _parts(row["seats"]),
            _parts(row["aliases"]),
        )
        for row in _rows("states")
    }


@cache
def load_bodies() -> tuple[Body, ...]:
    return tuple(
        Body(
            Actor(row["id"], row["name"], row["country"] or None, _sector(row, name)),
            tuple(alias for alias in _parts(row["aliases"]) if alias[0] != "?"),
            row["gender"],
            tuple(alias[1:] for alias in _parts(row["aliases"]) if alias[0] == "?"),
        )
        for name in ("forces", "groups", "organisations")
        for row in _rows(name)
    )


@cache
def load_terms() -> dict[str, tuple[Term, ...]]:
    """Terms of office by the id of the person, in the order of years."""
    terms: dict[str, list[Term]] = {}
    for row in _rows("persons"):
        actor = Actor(row["id"], row["name"], row["country"] or None, _sector(row, "persons"))
        last = int(row["to"]) if row["to"] else None
        terms.setdefault(actor.id, []).append(
            Term(actor, _parts(row["aliases"]), row["office"], int(row["from"]), last)
        )
    return {person: tuple(sorted(found, key=lambda term: term.first)) for person, found in terms.items()}


@cache
def load_generic() -> dict[str, tuple[str, Sector]]:
    """Name and sector of the groups without a name of their own: ``{"mil": ("Streitkräfte", "MIL")}``."""
    return {row["key"]: (row["name"], _sector(row, "generic")) for row in _rows("generic")}


@cache
def state_actor(country: str) -> Actor:
    """The state and its government: ``rus``, Russland, RUS, GOV. A country without a row keeps its code as name."""
    state = load_states().get(country)
    return Actor(country.lower(), state.name if state else country, country, "GOV")


@cache
def group_actor(key: str, country: str | None) -> Actor:
    """A group without a name of its own: ``("mil", "RUS")`` is ``rus-mil``, "russische Streitkräfte"."""
    if key in ("gov", "officials") and country is not None:
        return state_actor(country)
    name, sector = load_generic()[key]
    if country is None:
        return Actor(key, name, None, sector)
    state = load_states().get(country)
    adjective = state.adjectives[0] + "e " if state and state.adjectives else ""
    suffix = "" if adjective else f" ({state.name if state else country})"
    return Actor(f"{country.lower()}-{key}", adjective + name + suffix, country, sector)


def person_in(person: str, published: date | None) -> Actor:
    """A known person with the sector of the office held at that time; without a date that of the latest office."""
    terms = load_terms()[person]
    if published is None:
        return terms[-1].actor
    return next((term.actor for term in reversed(terms) if term.first <= published.year), terms[0].actor)


_AROUND = 8  # years before and after an office in which a surname alone still names its holder


@cache
def _persons() -> frozenset[str]:
    return frozenset(load_terms())


def is_person(actor: Actor) -> bool:
    """Is an actor one person: of the tables, or somebody whom only the text names in full?"""
    return actor.id in _persons() or (" " in actor.name and actor_by_id(actor.id) is None)


def was_active(person: str, year: int) -> bool:
    """Whether a surname alone can mean this person in a report of that year."""
    terms = load_terms()[person]
    ends = [term.last for term in terms]
    last = None if None in ends else max(end for end in ends if end is not None)
    return terms[0].first - _AROUND <= year and (last is None or year <= last + _AROUND)


def find_holder(office: str, country: str, published: date | None) -> Actor | None:
    """Who held an office when the report came out; ``None`` where that is not known or two may have held it."""
    if published is None:
        return None
    found = [term.actor for term in _holders().get((office, country), ()) if _holds(term, published.year)]
    return found[0] if len({actor.id for actor in found}) == 1 else None


def _holds(term: Term, year: int) -> bool:
    return term.first <= year and (term.last is None or year <= term.last)


@cache
def _holders() -> dict[tuple[str, str | None], tuple[Term, ...]]:
    found: dict[tuple[str, str | None], list[Term]] = {}
    for terms in load_terms().values():
        for term in terms:
            found.setdefault((term.office, term.actor.country), []).append(term)
    return {key: tuple(terms) for key, terms in found.items()}


@cache
def actor_by_id(actor_id: str) -> Actor | None:
    """The actor of a table row or group id; ``None`` for actors that only a text names."""
    terms = load_terms().get(actor_id)
    if terms:
        return terms[-1].actor
    for body in load_bodies():
        if body.actor.id == actor_id:
            return body.actor
    country, _, key = actor_id.partition("-")
    if country.upper() in load_states():
        if not key:
            return state_actor(country.upper())
        return group_actor(key, country.upper()) if key in load_generic() else None
    return group_actor(actor_id, None) if actor_id in load_generic() else None


def actor_id(name: str) -> str:
    """The id of an actor that only a text names: ``Miriam Addo`` is ``miriam-addo``."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_TRANSCRIBED))
    letters = (c if c.isascii() and c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return "-".join("".join(letters).split())
