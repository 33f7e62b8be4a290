"""Confirm, correct or reject many events at once: those that are ticked in the table, or all that it shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Literal

import pandas as pd
import streamlit as st

from pipeline.app.alike import Alike, ask_alike, find_changes
from pipeline.app.data import Reader
from pipeline.app.review import Row, ask_who, open_dialog, say_error
from pipeline.app.state import forget_ticks, language, show_note, t
from pipeline.errors import InputError
from pipeline.store import Correction, Store
from pipeline.views import html
from pipeline.views.phrases import known, say_number, say_type, say_when

MOST = 500  # events at once
_NAMED = 5  # of them


def show_batch(reader: Reader, shown: pd.DataFrame, number: int) -> None:
    """The button. ``shown``: the rows of the table; ``number``: how many it would have without pages."""
    ticked = set(st.session_state.get("ticks", ()))
    rows = [row for row in shown.to_dict("records") if not ticked or row["id"] in ticked]
    if st.button(
        t("batch_ticked" if ticked else "batch_all", count=len(rows) if ticked else number),
        key="batch",
        type="tertiary",
        disabled=not rows or (number > MOST and not ticked),
        help=t("batch_help", most=MOST),
    ):
        open_dialog(t("batch"), partial(_show_dialog, reader, rows))


def _show_dialog(reader: Reader, rows: Sequence[Row]) -> None:
    st.html(html.listed(_name(row) for row in rows[:_NAMED]))
    if len(rows) > _NAMED:
        show_note(t("batch_more", count=len(rows) - _NAMED))
    action: Literal["confirm", "correct", "reject"] = st.segmented_control(
        t("batch"), ("confirm", "correct", "reject"), default="confirm", key="batch-action",
        format_func=lambda name: t(f"{name}_event"), label_visibility="collapsed", required=True,
    )  # fmt: skip
    show_note(t(f"batch_{action}_help"))
    alike = ask_alike(reader, rows) if action == "correct" else Alike()
    changes = {row["id"]: find_changes(row, alike) for row in rows}
    seen = {row["id"]: known(row["revision"]) for row in rows if changes[row["id"]] or action != "correct"}
    who, why = ask_who(needed=action != "confirm")
    said_of = f"{t(f'{action}_event')}: {say_number(len(seen), language())}"
    if not st.button(said_of, type="primary", key="review-save", disabled=not seen):
        return
    store, now = reader.store, datetime.now(UTC)
    try:
        if action == "correct":
            said = store.correct_all({one: changes[one] for one in seen}, seen, who=who, why=why, now=now)
        else:
            said = store.review_all(action, seen, who=who, why=why or None, now=now)
    except InputError as error:
        st.html(html.message("error", say_error(error)))
        return
    _tell(said, f"batch_{action}ed")
    st.session_state.undoable = said[0].number
    forget_ticks()
    st.rerun()


def _name(row: Row) -> str:
    parts = (say_type(row, language()), say_when(row, language()), known(row["place"]) or t("unplaced"))
    return " · ".join(parts)


def _tell(said: Sequence[Correction], done: str) -> None:
    """What came of it: of some, somebody else may have said something first."""
    state = st.session_state
    overtaken = sum(one.standing == "conflict" for one in said)
    state.messages = [t(done, count=len(said) - overtaken)]
    state.errors = [t("batch_overtaken", count=overtaken)] if overtaken else []


def show_undo(store: Store) -> None:
    """A button that takes back what was just said of many. (Later, the history of each of them has one.)"""
    if number := st.session_state.pop("undoable", None):
        st.button(t("batch_undo"), key="batch-undo", on_click=_undo, args=(store, number))


def _undo(store: Store, number: int) -> None:
    state = st.session_state
    try:
        said = store.undo_all(number, who=state.reviewer, why=t("batch_undo_why"), now=datetime.now(UTC))
    except InputError as error:
        state.errors = [say_error(error)]
    else:
        _tell(said, "batch_undone")
