"""Taking a report out for good, with everything that came from it: personal data must be able to go."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from pipeline import wording
from pipeline.app.data import forget_answers, open_store
from pipeline.app.downloads import withdraw
from pipeline.app.state import language, select, show_note, t
from pipeline.cli import store_folder
from pipeline.errors import StoreError
from pipeline.store import Store
from pipeline.views import html
from pipeline.views.names import tell_apart
from pipeline.views.phrases import day_of, known, say_day

_SHOWN = 300  # letters of a report, by which its reader knows it


def remove_report(ids: tuple[str, ...] = ()) -> None:
    """The dialog: about one of these reports, or about one that is looked up."""
    for key in ("remove-find", "remove-report"):
        st.session_state.pop(key, None)
    st.dialog(t("remove"), width="large")(partial(_show_dialog, ids))()


def _show_dialog(ids: tuple[str, ...]) -> None:
    store = open_store(str(store_folder(None)))
    if ids:
        found = store.reports(ids)
    else:
        found = store.find_reports(st.text_input(t("remove_find"), key="remove-find", help=t("remove_find_help")))
    if found.empty:
        show_note(t("remove_none"))
        return
    names = tell_apart({row["id"]: _name(row) for row in found.to_dict("records")})
    chosen = st.selectbox(
        t("document"),
        list(names),
        0 if len(names) == 1 else None,
        key="remove-report",
        format_func=lambda identifier: names.get(identifier, identifier),
        placeholder=t("remove_choose"),
    )
    if chosen is None or (report := store.document(chosen)) is None:
        return
    st.html(html.quote(report["text"][:_SHOWN] + ("…" if len(report["text"]) > _SHOWN else "")))
    st.html(html.message("warning", t("remove_what", **store.removal(chosen)._asdict())))
    sure = st.checkbox(t("remove_sure"), key=f"remove-sure-{chosen}")
    if st.button(t("remove_now"), type="primary", key="remove-now", disabled=not sure):
        _remove(store, chosen)


def _name(row: dict[Any, Any]) -> str:
    day = day_of(row["published"])
    parts = [known(row[key]) for key in ("title", "source", "url")] + [say_day(day, language()) if day else None]
    return " · ".join(filter(None, parts)) or t("untitled")


def _remove(store: Store, report: str) -> None:
    """Take it out, and forget what was answered with it or offered to be taken away."""
    state = st.session_state
    try:
        store.remove(report)
    except StoreError as error:
        st.html(html.message("error", wording.tell(error.reason, language()) if error.reason else str(error)))
        return
    forget_answers()
    withdraw()
    state.document = [one for one in state.document if one != report]
    select((), "removal")
    state.messages = [t("removed")]
    st.rerun()
