"""Confirm, correct and reject an event, take that back, and see who did what and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, get_args

import streamlit as st

from pipeline import gazetteer, wording
from pipeline.actors.lookup import find_actor
from pipeline.app.data import Reader
from pipeline.app.state import language, show_note, t
from pipeline.errors import ConflictError, InputError
from pipeline.records import ActorRole, EventType, Modality
from pipeline.store import Correction
from pipeline.views import html
from pipeline.views.names import tell_actors_apart
from pipeline.views.phrases import day_of, known
from pipeline.wording import label

Row = dict[Any, Any]


def show_review(reader: Reader, row: Row) -> None:
    """What a reader can say about an event, and what others have said."""
    with st.container(horizontal=True, gap="small", key="review-buttons"):
        for name, dialog in (("confirm", _show_confirm), ("correct", _show_correct), ("reject", _show_reject)):
            if st.button(t(f"{name}_event"), key=f"review-{name}", help=t(f"{name}_help")):
                open_dialog(t(f"{name}_event"), partial(dialog, reader, row))
    said = reader.store.history(row["id"]) if known(row["revision"]) else ()
    if said:
        with st.expander(t("history", count=len(said)), key="history"):
            for entry in reversed(said):
                st.html(html.correction(entry, language()))
                if entry.standing == "effective" and entry.action != "undo":
                    _offer_undo(reader, row, entry)


def _offer_undo(reader: Reader, row: Row, entry: Correction) -> None:
    """Buttons that take back an entry, and everything that was said together with it."""
    with st.container(horizontal=True):
        if st.button(t("undo"), key=f"undo-{entry.id}"):
            open_dialog(t("undo"), partial(_show_undo, reader, row, entry))
        together = reader.store.count_said(entry.number)
        if together > 1 and st.button(t("undo_all", count=together), key=f"undo-all-{entry.id}"):
            open_dialog(t("undo_all", count=together), partial(_show_undo_all, reader, entry))


def open_dialog(title: str, content: Callable[[], None]) -> None:
    st.session_state.found_places = {}
    st.dialog(title, width="large")(content)()


def ask_who(needed: bool) -> tuple[str, str]:
    """Who says it, remembered for the visit, and why."""
    state = st.session_state
    who = st.text_input(t("who"), value=state.get("reviewer", ""), max_chars=200, key="review-who")
    why = st.text_area(t("why" if needed else "why_if"), height=80, max_chars=2000, key="review-why")
    state.reviewer = who
    return who, why


def _say(action: Callable[[], object], done: str) -> None:
    """Do it, and say what came of it; a conflict is told on the page, which then shows what the other did."""
    state = st.session_state
    try:
        action()
    except ConflictError as error:
        state.errors = [say_error(error)]
    except InputError as error:
        st.html(html.message("error", say_error(error)))
        return
    else:
        state.messages = [t(done)]
    st.rerun()


def say_error(error: ConflictError | InputError) -> str:
    return wording.tell(error.reason, language()) if error.reason else str(error)


def _show_confirm(reader: Reader, row: Row) -> None:
    st.write(t("confirm_help"))
    who, why = ask_who(needed=False)
    if st.button(t("confirm_event"), type="primary", key="review-save"):
        how = {"who": who, "why": why or None, "now": datetime.now(UTC), "after": known(row["revision"])}
        _say(partial(reader.store.confirm, row["id"], **how), "confirmed")


def _show_reject(reader: Reader, row: Row) -> None:
    st.write(t("reject_help"))
    who, why = ask_who(needed=True)
    if st.button(t("reject_event"), type="primary", key="review-save"):
        how = {"who": who, "why": why, "now": datetime.now(UTC), "after": known(row["revision"])}
        _say(partial(reader.store.reject, row["id"], **how), "rejected")


def _show_undo(reader: Reader, row: Row, entry: Correction) -> None:
    st.html(html.correction(entry, language()))
    who, why = ask_who(needed=True)
    if st.button(t("undo"), type="primary", key="review-save"):
        how = {"who": who, "why": why, "now": datetime.now(UTC), "after": known(row["revision"])}
        _say(partial(reader.store.undo, row["id"], entry.id, **how), "undone")


def _show_undo_all(reader: Reader, entry: Correction) -> None:
    st.html(html.correction(entry, language()))
    who, why = ask_who(needed=True)
    if st.button(t("undo"), type="primary", key="review-save"):
        _say(partial(reader.store.undo_all, entry.number, who=who, why=why, now=datetime.now(UTC)), "undone")


def _show_correct(reader: Reader, row: Row) -> None:
    changes: dict[str, Any] = {}
    for ask in (_ask_date, _ask_type, _ask_places, partial(_ask_actors, reader), _ask_people):
        changes |= ask(row)
    who, why = ask_who(needed=True)
    if st.button(t("correct_save"), type="primary", key="review-save"):
        how = {"who": who, "why": why, "now": datetime.now(UTC), "after": known(row["revision"])}
        _say(partial(reader.store.correct, row["id"], changes, **how), "corrected")


def _ask_date(row: Row) -> dict[str, Any]:
    before = day_of(row["date_start"]), day_of(row["date_end"])
    after = tuple(
        column.date_input(
            t(name),
            day,
            min_value=date.min,
            max_value=date.max,
            key=f"review-{name}",
            format=t("day_format"),
            help=t("day_help"),
        )
        for column, name, day in zip(st.columns(2), ("first_day", "last_day"), before, strict=True)
    )
    return {} if after == before else {"date": after}


def _ask_type(row: Row) -> dict[str, Any]:
    left, right = st.columns(2)
    chosen = {
        "type": _choose(left, "type", get_args(EventType), "types", row),
        "modality": _choose(right, "modality", get_args(Modality), "modalities", row),
    }
    return {name: value for name, value in chosen.items() if value != row[name]}


def _choose(column: Any, name: str, values: tuple[str, ...], labels: str, row: Row) -> str:
    chosen: str = column.selectbox(
        t(name),
        values,
        values.index(row[name]),
        key=f"review-{name}",
        format_func=lambda value: label(labels, value, language()),
    )
    return chosen


def _ask_places(row: Row) -> dict[str, Any]:
    """The places of the event, and those of a name that is looked up."""
    left, right = st.columns(2)
    name = right.text_input(t("find_place"), key="review-find", help=t("find_place_help"), max_chars=100)
    names = {
        place["place_id"]: describe_place(place["name"], place["admin1"], place["country"], place["precision"])
        for place in row["places"]
    }
    before = tuple(names)
    names = look_up_places(name) | names
    chosen = left.multiselect(
        t("places"), list(names), before, key="review-places", format_func=lambda value: names.get(value, value),
        placeholder=t("unplaced"),
    )  # fmt: skip
    return {} if tuple(chosen) == before else {"places": tuple(chosen)}


def look_up_places(name: str) -> dict[str, str]:
    """Ids and descriptions of the places of a name, and of those looked up before: some may have been chosen."""
    places = [candidate.place for candidate in gazetteer.load().find(name.strip())[:12]] if name.strip() else []
    if name.strip() and not places:
        show_note(t("no_such_place"))
    found: dict[str, str] = st.session_state.found_places
    found |= {place.id: describe_place(place.name, place.admin1, place.country, place.precision) for place in places}
    return found


def describe_place(name: str, admin1: str | None, country: str | None, precision: str) -> str:
    said = ", ".join(filter(None, (name, admin1, country)))
    return f"{said} ({label('place_precisions', precision, language())})"


def _ask_actors(reader: Reader, row: Row) -> dict[str, Any]:
    """For each role those who have it: chosen from those who are stored, or typed in."""
    facet = reader.facets().actors
    named = dict(zip(facet["id"], facet["name"], strict=True)) | {
        item["actor_id"]: item["name"] for item in row["actors"]
    }
    names = tell_actors_apart(named, language())
    before = [(item["actor_id"], item["role"]) for item in row["actors"]]
    after: list[tuple[str, str]] = []
    show_note(t("name_actors"))
    columns = st.columns(2)
    for number, role in enumerate(get_args(ActorRole)):
        given = [identifier for identifier, had in before if had == role]
        chosen = columns[number % 2].multiselect(
            label("roles", role, language()),
            list(names),
            given,
            key=f"review-role-{role}",
            format_func=lambda value: names.get(value, value),
            placeholder=t("nobody"),
            accept_new_options=True,
        )
        after += [(identifier, role) for identifier in chosen]
    typed = dict.fromkeys(name for name, _ in after if name not in names)
    for name in typed:
        show_note(say_who(name))
    if sorted(after) == sorted(set(before)):
        return {}
    return {"actors": [({"name": name} if name in typed else name, role) for name, role in after]}


def say_who(name: str) -> str:
    """Whether a name that was typed in is known, and as whom."""
    actor = find_actor(name)
    return t("actor_known", name=name, actor=actor.name) if actor else t("actor_new", name=name)


def _ask_people(row: Row) -> dict[str, Any]:
    changes = {}
    for kind, word in (("fatalities", "killed"), ("injured", "injured")):
        before = tuple(
            None if known(row[f"{kind}_{figure}"]) is None else int(row[f"{kind}_{figure}"])
            for figure in ("low", "best", "high")
        )
        columns = st.columns(3)
        after = tuple(
            column.number_input(f"{t(word)}: {t(f'figure_{figure}')}", 0, None, value, 1, key=f"review-{kind}-{figure}")
            for column, figure, value in zip(columns, ("low", "best", "high"), before, strict=True)
        )
        if after != before:
            changes[kind] = after
    return changes
