"""A view of the dashboard as parameters of an address, so that it can be sent and restored: ids, never words of an
interface language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal, get_args

from pipeline.records import EventType, Filter, Modality

LanesBy = Literal["actor", "place", "type"]
Window = Literal["all", "core"]
Page = Literal["events", "statistics"]
DEFAULT_MODALITIES: tuple[str, ...] = ("happened", "planned", "claimed", "denied")


@dataclass(frozen=True, slots=True)
class Address:
    """What a view shows. Each field is a parameter of the same name; a default is left out of the address."""

    q: str = ""
    actor: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    modality: tuple[str, ...] = DEFAULT_MODALITIES
    document: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    lanes: LanesBy = "actor"
    window: Window = "core"
    page: Page = "events"
    lang: str = "de"
    event: str | None = None

    def filter(self) -> Filter:
        """The part that chooses events."""
        return Filter(
            actors=self.actor, places=self.place, types=self.type, modalities=self.modality, documents=self.document,
            first=self.first, last=self.last, text=self.q or None,
        )  # fmt: skip


_CHOICES: dict[str, tuple[str, ...]] = {
    "type": get_args(EventType),
    "modality": get_args(Modality),
    "lanes": get_args(LanesBy),
    "window": get_args(Window),
    "page": get_args(Page),
}


def read_address(
    parameters: Mapping[str, Sequence[str]], choices: Mapping[str, Sequence[str]]
) -> tuple[Address, list[str]]:
    """The view of an address, and the parameters in it that mean nothing here and were left out. ``choices`` holds the
    values that exist for actor, place, document and lang."""
    known = {**_CHOICES, **choices}
    values: dict[str, Any] = {}
    ignored: list[str] = []
    names = {field.name: field.default for field in fields(Address)}
    for name, given in parameters.items():
        if name not in names:
            ignored.append(name)
            continue
        kept: list[Any] = []
        for word in given:
            if name in ("first", "last"):
                try:
                    kept.append(date.fromisoformat(word))
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
        if value != field.default:
            parameters[field.name] = [str(item) for item in value] or [""] if isinstance(value, tuple) else [str(value)]
    return parameters
