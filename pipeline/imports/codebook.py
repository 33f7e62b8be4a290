"""What is known of other data sets: data/imports/*.yaml, loaded and checked once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, cast, get_args

import yaml

from pipeline.errors import PackError
from pipeline.language import DATA
from pipeline.records import ActorRole, DatePrecision, EventType, Origin, PlacePrecision

_FOLDER = DATA / "imports"


@dataclass(frozen=True, slots=True)
class Kind:
    """What a type of theirs is here, and which roles its two sides have."""

    type: EventType
    mode: str | None
    roles: tuple[ActorRole, ActorRole]
    name: str | None


@dataclass(frozen=True, slots=True)
class Dating:
    """What a code of theirs says of a day; ``interval`` is the period around it in which the event lies."""

    precision: DatePrecision
    approximate: bool
    interval: Literal["day", "week", "month"]


@dataclass(frozen=True, slots=True)
class Placing:
    precision: PlacePrecision
    radius_km: float | None


@dataclass(frozen=True, slots=True)
class Codebook:
    origin: Origin
    name: str
    terms: str
    columns: tuple[str, ...]
    days: tuple[str, ...]
    types: dict[str, Kind]
    families: dict[str, Kind]
    dates: dict[int, Dating]
    places: dict[int, Placing]


@dataclass(frozen=True, slots=True)
class Names:
    """How the data sets write the names of actors, countries and places."""

    actors: tuple[tuple[re.Pattern[str], str], ...]
    groups: dict[str, str]
    countries: dict[str, str]
    place_words: tuple[str, ...]
    months: dict[str, int]  # first three letters of a name, and the number


def _load(name: str) -> dict[str, Any]:
    return cast(dict[str, Any], yaml.safe_load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8")))


@cache
def load_codebook(origin: str) -> Codebook:
    """The codebook of an origin. ``PackError`` for a type, mode, role or precision that does not exist."""
    content = _load(origin)
    modes = yaml.safe_load((DATA / "taxonomy" / "plover.yaml").read_text(encoding="utf-8"))["types"]

    def read_kinds(name: str) -> dict[str, Kind]:
        kinds = {}
        for key, row in content.get(name, {}).items():
            if row["type"] not in get_args(EventType) or row["mode"] not in [*modes[row["type"]]["modes"], None]:
                raise PackError(f"imports/{origin}.yaml: {key} has an unknown type or mode.")
            if any(role not in get_args(ActorRole) for role in row["roles"]) or len(row["roles"]) != 2:
                raise PackError(f"imports/{origin}.yaml: {key} needs the two roles of its sides.")
            kinds[str(key)] = Kind(row["type"], row["mode"], tuple(row["roles"]), row.get("name"))
        return kinds

    dates = content.get("time_precision") or content["date_prec"]
    places = content.get("geo_precision") or content["where_prec"]
    if any(row["precision"] not in get_args(DatePrecision) for row in dates.values()):
        raise PackError(f"imports/{origin}.yaml has an unknown precision of dates.")
    if any(row["precision"] not in get_args(PlacePrecision) for row in places.values()):
        raise PackError(f"imports/{origin}.yaml has an unknown precision of places.")
    return Codebook(
        content["origin"], content["name"], content["terms"], tuple(content["columns"]),
        tuple(content["days"]), read_kinds("types"), read_kinds("families"),
        {code: Dating(row["precision"], row["approximate"], row.get("interval", "day")) for code, row in dates.items()},
        {code: Placing(**row) for code, row in places.items()},
    )  # fmt: skip


@cache
def load_names() -> Names:
    content = _load("names")
    return Names(
        tuple((re.compile(row["pattern"]), row["group"]) for row in content["actors"]),
        content["groups"],
        content["countries"],
        tuple(content["place_words"]),
        {name[:3].lower(): number for number, names in content["months"].items() for name in names},
    )
