"""Actors, countries and places of imported rows as those that this project knows, where it knows them."""

from __future__ import annotations

import csv
import math
import re
from functools import cache, lru_cache

from pipeline import gazetteer
from pipeline.actors import knowledge
from pipeline.imports.codebook import Placing, load_names
from pipeline.language import DATA
from pipeline.records import Actor, Place

_BRACKETS = re.compile(r"\s*\([^()]*\)$")
_COUNTRY_KM = 300.0  # where the gazetteer does not know how large a country is


@cache
def _countries() -> dict[str, str]:
    with (DATA / "gazetteer" / "countries.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t")
        known = {row["english"].lower(): row["iso3"] for row in rows}
    return known | {name.lower(): code for name, code in load_names().countries.items()}


@lru_cache(maxsize=1000)
def country_of(name: str | None) -> str | None:
    """ISO 3166-1 alpha-3 of a country's English name: "Yemen (North Yemen)" is YEM."""
    if not name:
        return None
    return _countries().get(name.lower()) or _countries().get(_BRACKETS.sub("", name).lower())


@cache
def _groups() -> dict[str, Actor]:
    """Actors with a name of their own by the names that other languages and files use."""
    found: dict[str, Actor] = {}
    bodies = {body.actor.id: body for body in knowledge.load_bodies()}
    for body in bodies.values():
        for alias in (body.actor.name, *body.aliases, *body.short):
            found.setdefault(alias.lower(), body.actor)
    for name in ("forces", "groups", "organisations"):
        with (DATA / "actors" / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t"):
                for other in filter(None, (row["name_en"], *row.get("datasets", "").split("|"))):
                    found[other.lower()] = bodies[row["id"]].actor
    return found | {name.lower(): bodies[actor].actor for name, actor in load_names().groups.items() if actor in bodies}


@lru_cache(maxsize=10_000)
def find_actor(name: str) -> Actor:
    """The actor of a name; one that no table knows has an id made of the name, and neither country nor sector."""
    for pattern, group in load_names().actors:
        if match := pattern.fullmatch(name):
            country = country_of(match.groupdict().get("country"))
            if country or "country" not in match.groupdict():
                return knowledge.group_actor(group, country)
    plain = _BRACKETS.sub("", name)
    known = _groups().get(name.lower()) or _groups().get(plain.lower())
    return known or Actor(knowledge.actor_id(name) or name, name, None, None)


@lru_cache(maxsize=50_000)
def find_place(
    origin: str, name: str | None, country: str | None, admin1: str | None, lat: float, lon: float, placing: Placing
) -> Place:
    """The place of a row: its own point, with name and id of the gazetteer where that knows a place of this name
    there."""
    radius = placing.radius_km
    if radius is None:
        radius = _radius_of(country)
    known = _known(name, country, lat, lon, radius) if name else None
    if known is not None:
        return Place(known.id, known.name, country or known.country, known.admin1 or admin1, lat, lon,
                     placing.precision, radius)  # fmt: skip
    label = name or f"{lat:.3f}, {lon:.3f}"
    slug = knowledge.actor_id(f"{country or ''} {label}") or label
    return Place(f"{origin}:{slug}", label, country, admin1, lat, lon, placing.precision, radius)


def _known(name: str, country: str | None, lat: float, lon: float, radius: float) -> Place | None:
    for candidate in gazetteer.load().find(_plain(name)):
        place = candidate.place
        near = math.hypot(place.lat - lat, (place.lon - lon) * math.cos(math.radians(lat))) * 111 <= radius
        if near and (country is None or place.country == country):
            return place
    return None


@cache
def _place_words() -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in load_names().place_words)
    return re.compile(rf"^(?:{words}) of | (?:{words})$", re.IGNORECASE)


def _plain(name: str) -> str:
    """The name without the word that says what it is: "Kabul city" is "Kabul"."""
    return _place_words().sub("", _BRACKETS.sub("", name))


@lru_cache(maxsize=500)
def _radius_of(country: str | None) -> float:
    """That of the country's own place."""
    for name, code in _countries().items() if country else ():
        if code == country:
            for candidate in gazetteer.load().find(name):
                if candidate.place.precision == "country" and candidate.place.country == country:
                    return candidate.place.radius_km
    return _COUNTRY_KM
