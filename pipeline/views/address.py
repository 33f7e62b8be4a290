"""A view of the dashboard as parameters of an address, so that it can be sent and restored: ids, never words of an
interface language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal, get_args

from pipeline.records import ActorRole, DatePrecision, EventType, Filter, Modality, PlacePrecision, Review
from pipeline.views.lanes import LanesBy
from pipeline.views.maps import Basemap
from pipeline.views.picks import read_bounds, write_bounds

Window = Literal["all", "core"]
Page = Literal["events", "statistics", "accuracy"]
Step = Literal["off", "event", "day", "week", "month"]
Fit = Literal["all", "selection"]
DEFAULT_MODALITIES: tuple[str, ...] = ("happened", "planned", "claimed", "denied")
MOST_PICKS = 300  # what is picked beyond is not part of the address: it would be too long to be sent


@dataclass(frozen=True, slots=True)
class Address:
    """What a view shows. Each field is a parameter of the same name; a default is left out of the address."""

    q: str = ""
    actor: tuple[str, ...] = ()
    role: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    modality: tuple[str, ...] = DEFAULT_MODALITIES
    precision: tuple[str, ...] = ()
    spot: tuple[str, ...] = ()  # precision of the place
    document: tuple[str, ...] = ()
    outlet: tuple[str, ...] = ()
    origin: tuple[str, ...] = ()
    review: tuple[Review, ...] = ()
    first: date | None = None
    last: date | None = None
    area: tuple[str, ...] = ()  # parts of the map, each inside the one before, the last one holds
    killed: int = 0
    sure: float = 0.0
    lanes: LanesBy = "actor"
    window: Window = "core"
    page: Page = "events"
    basemap: Basemap = "embedded"
    fit: Fit = "all"
    step: Step = "off"  # of what is played
    at: date | None = None  # first and last day of what is played
    until: date | None = None
    lang: str = "de"
    pick: tuple[str, ...] = ()
    event: str | None = None

    def filter(self) -> Filter:
        """The part that chooses events."""
        return Filter(
            actors=self.actor,
            roles=self.role,
            places=self.place,
            countries=self.country,
            regions=self.region,
            types=self.type,
            modalities=self.modality,
            precisions=self.precision,
            place_precisions=self.spot,
            documents=self.document,
            outlets=self.outlet,
            origins=self.origin,
            reviews=self.review,
            first=self.first,
            last=self.last,
            fatalities=self.killed or None,
            confidence=self.sure or None,
            text=self.q or None,
            bounds=read_bounds(self.area[-1]) if self.area else None,
        )


_CHOICES: dict[str, tuple[str, ...]] = {
    "role": get_args(ActorRole),
    "type": get_args(EventType),
    "modality": get_args(Modality),
    "precision": get_args(DatePrecision),
    "spot": get_args(PlacePrecision),
    "review": get_args(Review),
    "lanes": get_args(LanesBy),
    "window": get_args(Window),
    "page": get_args(Page),
    "basemap": get_args(Basemap),
    "fit": get_args(Fit),
    "step": get_args(Step),
}


def _share(word: str) -> float:
    share = float(word)
    if not 0 <= share <= 1:
        raise ValueError(word)
    return share


def _area(word: str) -> str:
    return write_bounds(read_bounds(word))


def _number(word: str) -> int:
    if not word.isdecimal() or len(word) > 7:
        raise ValueError(word)
    return int(word)


_READERS: dict[str, Callable[[str], Any]] = {
    "first": date.fromisoformat,
    "last": date.fromisoformat,
    "at": date.fromisoformat,
    "until": date.fromisoformat,
    "area": _area,
    "killed": _number,
    "sure": _share,
}


def read_address(
    parameters: Mapping[str, Sequence[str]], choices: Mapping[str, Sequence[str]]
) -> tuple[Address, list[str]]:
    """The view of an address, and the parameters in it that mean nothing here and were left out. ``choices`` holds the
    values that exist for the fields whose values depend on the store, and for lang."""
    known = {**_CHOICES, **{name: frozenset(values) for name, values in choices.items()}}
    values: dict[str, Any] = {}
    ignored: list[str] = []
    names = {field.name: field.default for field in fields(Address)}
    for name, given in parameters.items():
        if name not in names:
            ignored.append(name)
            continue
        kept: list[Any] = []
        for word in given:
            if name in _READERS:
                try:
                    kept.append(_READERS[name](word))
                except ValueError:
                    ignored.append(f"{name}={word}")
            elif name not in known or word in known[name]:
                kept.append(word)
            elif word:
                ignored.append(f"{name}={word}")
        if isinstance(names[name], tuple):
            if kept or not any(given):
                values[name] = tuple(dict.fromkeys(kept))
        elif kept:
            values[name] = kept[0]
    return Address(**values), ignored


def write_address(address: Address) -> dict[str, list[str]]:
    """The parameters that restore a view."""
    parameters: dict[str, list[str]] = {}
    for field in fields(Address):
        value = getattr(address, field.name)
        if value == field.default or (field.name == "pick" and len(value) > MOST_PICKS):
            continue
        parameters[field.name] = [str(item) for item in value] or [""] if isinstance(value, tuple) else [str(value)]
    return parameters
