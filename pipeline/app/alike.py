"""Correcting many events in the same way: one wrong place in thirty rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

import streamlit as st

from pipeline.app.data import Reader
from pipeline.app.review import Row, describe_place, look_up_places, say_who
from pipeline.app.state import language, show_note, t
from pipeline.records import EventType, Modality
from pipeline.views.names import tell_actors_apart
from pipeline.views.phrases import day_of
from pipeline.wording import label

_NONE = ""  # no place, nobody


@dataclass(frozen=True, slots=True)
class Alike:
    """What is to be changed; ``None``: nothing. Of a place and an actor which one, and into which: ids, or "" for
    none; an actor may be {"name": ...}."""

    type: str | None = None
    modality: str | None = None
    date: tuple[date | None, date | None] | None = None
    place: tuple[str, str] | None = None
    actor: tuple[str, str | Mapping[str, str]] | None = None


def find_changes(row: Row, alike: Alike) -> dict[str, Any]:
    """What that changes about an event, as ``Store.correct_all`` takes it; nothing where it is so already, or where the
    place or actor is not of this event. Its other places and actors stay, and everybody their role."""
    asked = {"type": alike.type, "modality": alike.modality}
    changes: dict[str, Any] = {name: value for name, value in asked.items() if value and value != row[name]}
    if alike.date and alike.date != (day_of(row["date_start"]), day_of(row["date_end"])):
        changes["date"] = alike.date
    places = [place["place_id"] for place in row["places"]]
    if alike.place and alike.place[0] in (places or [_NONE]):
        old, new = alike.place
        after = [new if place == old else place for place in places or [_NONE]]
        changes["places"] = tuple(dict.fromkeys(place for place in after if place != _NONE))
    actors = [(actor["actor_id"], actor["role"]) for actor in row["actors"]]
    if alike.actor and alike.actor[0] in (actor for actor, _ in actors):
        wrong, right = alike.actor
        kept = [(right if actor == wrong else actor, role) for actor, role in actors]
        changes["actors"] = [(actor, role) for actor, role in kept if actor != _NONE]
    return changes


def ask_alike(reader: Reader, rows: Sequence[Row]) -> Alike:
    """The fields of the dialog. An empty one changes nothing."""
    left, right = st.columns(2)
    kind = _choose(left, "type", get_args(EventType), "types")
    modality = _choose(right, "modality", get_args(Modality), "modalities")
    first, last = (
        column.date_input(
            t(name), None, min_value=date.min, max_value=date.max, key=f"batch-{name}", format=t("day_format"),
            help=t("batch_day_help"),
        )
        for column, name in zip(st.columns(2), ("first_day", "last_day"), strict=True)
    )  # fmt: skip
    day = (first or last, last or first) if first or last else None
    return Alike(kind, modality, day, _ask_place(rows), _ask_actor(reader, rows))


def _choose(column: Any, name: str, values: tuple[str, ...], labels: str) -> str | None:
    chosen: str | None = column.selectbox(
        t(name), values, None, key=f"batch-{name}", placeholder=t("batch_same"),
        format_func=lambda value: label(labels, value, language()),
    )  # fmt: skip
    return chosen


def _ask_place(rows: Sequence[Row]) -> tuple[str, str] | None:
    names = {
        place["place_id"]: describe_place(place["name"], place["admin1"], place["country"], place["precision"])
        for row in rows
        for place in row["places"]
    }
    if any(not len(row["places"]) for row in rows):
        names[_NONE] = t("unplaced")
    left, middle, right = st.columns(3)
    old = _pick(left, "batch_place_old", names)
    name = right.text_input(t("find_place"), key="batch-find", help=t("find_place_help"), max_chars=100)
    new = _pick(middle, "batch_place_new", look_up_places(name) | {_NONE: t("unplaced")})
    return None if old is None or new is None or old == new else (old, new)


def _ask_actor(reader: Reader, rows: Sequence[Row]) -> tuple[str, str | Mapping[str, str]] | None:
    named = {actor["actor_id"]: actor["name"] for row in rows for actor in row["actors"]}
    facet = reader.facets().actors
    known = tell_actors_apart(dict(zip(facet["id"], facet["name"], strict=True)) | named, language())
    left, right = st.columns(2)
    old = _pick(left, "batch_actor_old", {identifier: known[identifier] for identifier in named})
    new = _pick(right, "batch_actor_new", known | {_NONE: t("nobody")}, typed=True)
    if old is None or new is None or old == new:
        return None
    if new in known or new == _NONE:
        return old, new
    show_note(say_who(new))
    return old, {"name": new}


def _pick(column: Any, key: str, names: Mapping[str, str], *, typed: bool = False) -> str | None:
    chosen: str | None = column.selectbox(
        t(key), list(names), None, key=key.replace("_", "-"), placeholder=t("batch_same"), accept_new_options=typed,
        format_func=lambda value: names.get(value, value),
    )  # fmt: skip
    return chosen
