"""What a correction may change about an event, checked; and a row with it changed.

date        (first, last): days or ISO texts, both inclusive, one side may be open; None: the day is not known
places      ids of places, the most important first; empty: no place is known
actors      (id, role) pairs; {"name": ...} instead of an id for somebody who is only named
type        a type of records.EventType           modality    one of records.Modality
fatalities  (low, best, high), each a number or None; None: nothing is known       injured     the same
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final, get_args

from pipeline import annotation, gazetteer
from pipeline.actors.knowledge import actor_by_id, actor_id
from pipeline.actors.lookup import find_actor
from pipeline.errors import InputError
from pipeline.records import Actor, ActorRole, EventType, Modality
from pipeline.rows import Row, regions
from pipeline.store.refusal import refuse

Lookup = Callable[[str, str], Row | None]  # "place" or "actor" and an id -> that of a stored event
_MOST_PEOPLE: Final = 100_000_000
_LONGEST_NAME: Final = 200


def check(changes: Mapping[str, Any], look_up: Lookup) -> dict[str, Any]:
    """Changes as plain JSON values with places and actors in full; ``InputError`` for what cannot be."""
    if not changes:
        raise refuse("nothing")
    checked: dict[str, Any] = {}
    for name, value in changes.items():
        if name not in _CHECKS:
            raise refuse("field", name=name)
        try:
            checked[name] = _CHECKS[name](value, look_up)
        except InputError:
            raise
        except (TypeError, ValueError, KeyError):
            raise refuse(_SAID[name], text=_short(value)) from None
    return checked


# Field -> the sentence that says it cannot be read.
_SAID: Final = {
    "date": "date", "places": "place", "actors": "actor", "type": "type", "modality": "modality",
    "fatalities": "people", "injured": "people",
}  # fmt: skip


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 80 else text[:79] + "…"


def _check_date(value: Any, _: Lookup) -> list[str | None] | None:
    if value is None:
        return None
    first, last = (_day(item) for item in value)
    if first is None and last is None:
        return None
    if first is not None and last is not None and first > last:
        raise refuse("order", first=first.isoformat(), last=last.isoformat())
    return [day.isoformat() if day else None for day in (first, last)]


def _day(value: Any) -> date | None:
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(value)


def _check_places(value: Any, look_up: Lookup) -> list[Row]:
    found = []
    for identifier in dict.fromkeys(_texts(value)):
        place = gazetteer.load().find_id(identifier)
        row = annotation.place_dict(place) if place else look_up("place", identifier)
        if row is None:
            raise refuse("place", text=_short(identifier))
        found.append(row)
    return found


def _check_actors(value: Any, look_up: Lookup) -> list[Row]:
    found = []
    for item in value:
        who, role = item[0], str(item[1])
        if role not in get_args(ActorRole):
            raise refuse("role", text=_short(role))
        row = _named(str(who["name"])) if isinstance(who, Mapping) else _identified(str(who), look_up)
        found.append({**row, "role": role})
    return [row for place, row in enumerate(found) if row not in found[:place]]


def _identified(identifier: str, look_up: Lookup) -> Row:
    actor = actor_by_id(identifier)
    row = annotation.actor_dict(actor) if actor else look_up("actor", identifier)
    if row is None:
        raise refuse("actor", text=_short(identifier))
    return row


def _named(name: str) -> Row:
    """Somebody by name: from the tables, or kept as named where they hold nobody of that name."""
    plain = " ".join(name.split())
    if not plain or len(plain) > _LONGEST_NAME:
        raise refuse("name", most=_LONGEST_NAME)
    return annotation.actor_dict(find_actor(plain) or Actor(actor_id(plain) or plain.casefold(), plain, None, None))


def _texts(value: Any) -> Sequence[str]:
    if isinstance(value, str) or not all(isinstance(item, str) for item in value):
        raise TypeError
    return tuple(value)


def _check_type(value: Any, _: Lookup) -> str:
    if value not in get_args(EventType):
        raise ValueError
    return str(value)


def _check_modality(value: Any, _: Lookup) -> str:
    if value not in get_args(Modality):
        raise ValueError
    return str(value)


def _check_people(value: Any, _: Lookup) -> list[int | None] | None:
    if value is None:
        return None
    low, best, high = (None if item is None else int(item) for item in value)
    known = [number for number in (low, best, high) if number is not None]
    if known != sorted(known) or any(not 0 <= number <= _MOST_PEOPLE for number in known):
        raise ValueError
    return [low, best, high] if known else None


_CHECKS: Final[dict[str, Callable[[Any, Lookup], Any]]] = {
    "date": _check_date,
    "places": _check_places,
    "actors": _check_actors,
    "type": _check_type,
    "modality": _check_modality,
    "fatalities": _check_people,
    "injured": _check_people,
}


def apply(row: Row, changes: Mapping[str, Any]) -> Row:
    """The row with changes that ``check`` has given. ``changed`` lists the fields that are no longer as extracted."""
    changed = dict(row)
    for name, value in changes.items():
        changed |= _APPLIED[name](value, name)
    changed["changed"] = list(dict.fromkeys([*row["changed"], *changes]))
    words = [*(item["name"] for key in ("places", "actors") for item in changes.get(key) or ())]
    changed["search"] = " ".join([row["search"], *words]).casefold()
    return changed


def _with_date(value: Any, _: str) -> Row:
    first, last = (date.fromisoformat(day) if day else None for day in value or (None, None))
    known = value is not None
    return {
        "date_start": first,
        "date_end": last,
        "precision": precision_of(first, last) if known else None,
        "approximate": False,
        "date_certainty": "explicit" if known else "unknown",
        "ongoing": known and last is None,
    }


def precision_of(first: date | None, last: date | None) -> str:
    """The precision of an interval of days that a person gave."""
    if first is None or last is None:
        return "range"
    days = (last - first).days + 1
    if days == 1:
        return "day"
    if days == 7 and first.weekday() == 0:
        return "week"
    if days < 7:
        return "multi-day"
    if first.day == 1 and last.day == monthrange(last.year, last.month)[1]:
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        if months == 1:
            return "month"
        if months == 12 and first.month == 1:
            return "year"
        if months == 3 and first.month % 3 == 1:
            return "quarter"
    return "range"


def _with_places(value: Any, _: str) -> Row:
    first = value[0] if value else annotation.place_dict(None)
    return {
        "place": first["name"],
        **{name: first[name] for name in ("place_id", "country", "admin1", "lat", "lon", "radius_km")},
        "place_precision": first["precision"],
        "places": value,
        "place_ids": [place["place_id"] for place in value],
        "countries": [place["country"] for place in value if place["country"]],
        "regions": regions(value),
    }


def _with_actors(value: Any, _: str) -> Row:
    return {
        "actors": value,
        "actor_names": ", ".join(dict.fromkeys(actor["name"] for actor in value)),
        "actor_ids": [actor["actor_id"] for actor in value],
    }


def _with_people(value: Any, name: str) -> Row:
    return {
        f"{name}_{figure}": number for figure, number in zip(("low", "best", "high"), value or (None,) * 3, strict=True)
    }


def _with_type(value: Any, _: str) -> Row:
    return {"type": value, "mode": None, "acled": None}  # both belong to the type that was wrong


def _with_modality(value: Any, name: str) -> Row:
    return {name: value} | ({} if value == "claimed" else {"claimed_by": None})


_APPLIED: Final[dict[str, Callable[[Any, str], Row]]] = {
    "date": _with_date,
    "places": _with_places,
    "actors": _with_actors,
    "type": _with_type,
    "modality": _with_modality,
    "fatalities": _with_people,
    "injured": _with_people,
}
