"""The filters of a view in the words of a reader."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.views.address import DEFAULT_MODALITIES, Address
from pipeline.views.phrases import say_country, say_day
from pipeline.views.picks import read_bounds
from pipeline.wording import label, text

# Fields of Address that hold values of records, with the labels of these values.
LABELS = {
    "role": "roles", "type": "types", "modality": "modalities", "precision": "date_precisions",
    "spot": "place_precisions", "origin": "origins", "review": "reviews",
}  # fmt: skip
_LISTED = (
    "actor", "role", "place", "country", "region", "type", "modality", "precision", "spot", "document", "outlet",
    "origin", "review",
)  # fmt: skip


def name_value(field: str, value: str, names: Mapping[str, str], language: str) -> str:
    """A value of a filter as a reader calls it; ``names`` has the names of ids."""
    if field in LABELS:
        return label(LABELS[field], value, language)
    if field == "country":
        return say_country(value, language)
    if field == "region":
        country, _, region = value.partition(":")
        return f"{region}, {say_country(country, language)}"
    return names.get(value, value)


def say_filters(view: Address, names: Mapping[str, Mapping[str, str]], language: str) -> str:
    """Everything that narrows a view, on one line; empty when nothing does. ``names``: for each field those of ids."""
    said = []
    if view.q:
        said.append(f"{text('search', language)}: {view.q}")
    for field in _LISTED:
        values = getattr(view, field)
        if values and values != (DEFAULT_MODALITIES if field == "modality" else ()):
            named = ", ".join(name_value(field, value, names.get(field, {}), language) for value in values)
            said.append(f"{text(field, language)}: {named}")
    for field, key in (("first", "from_day"), ("last", "until_day")):
        if day := getattr(view, field):
            said.append(text(key, language, day=say_day(day, language)))
    if view.area:
        west, south, east, north = (f"{edge:.2f}" for edge in read_bounds(view.area[-1]))
        said.append(text("area_filter", language, west=west, south=south, east=east, north=north))
    if view.killed:
        said.append(f"{text('killed_least', language)}: {view.killed}")
    if view.sure:
        said.append(f"{text('sure_least', language)}: {view.sure:.2f}")
    return "; ".join(said)
