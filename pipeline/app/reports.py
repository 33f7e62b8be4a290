"""Adding reports: pasted, uploaded or from an address, each with the day of its publication."""

from __future__ import annotations

from datetime import UTC, date, datetime

import streamlit as st

from pipeline import ingest, process, wording
from pipeline.app.data import open_store
from pipeline.app.state import language, select, t
from pipeline.cli import store_folder
from pipeline.errors import InputError
from pipeline.published import find_published
from pipeline.records import Document
from pipeline.views.phrases import say_day

_SEARCHED = 100_000  # letters in which a day of publication is looked for


def add_report() -> None:
    """The dialog, titled in the reader's language."""
    st.dialog(t("add"), width="large")(_show_dialog)()


def _show_dialog() -> None:
    words = st.text_area(t("add_text"), height=220, key="add_words")
    uploads = st.file_uploader(
        t("add_files"), type=[suffix[1:] for suffix in ingest.SUFFIXES], accept_multiple_files=True
    )
    day = _choose_day(words)
    if not st.button(t("add_run"), type="primary"):
        return
    if not words.strip() and not uploads:
        st.warning(t("add_nothing"))
        return
    known_day = ingest.Known(day)
    read: list[Document | InputError] = [ingest.from_text(words, known_day)] if words.strip() else []
    for upload in uploads:
        read += ingest.read_upload(upload.name, upload.getvalue(), known_day)
    _keep(read)
    st.rerun()


def _choose_day(words: str) -> date | None:
    """The day of publication, found in the text and to be confirmed."""
    found = find_published(words[:_SEARCHED], "de") if words.strip() else None
    day = st.date_input(
        t("add_day"),
        value=found.day if found else None,
        key=f"add_day_{found.day if found else None}",
        help=t("add_day_help"),
        min_value=date.min,
        max_value=date.max,
        format="DD.MM.YYYY",
    )
    if found and found.day:
        st.caption(t("add_day_found", day=say_day(found.day, language())))
    elif found:
        days = ", ".join(say_day(candidate, language()) for candidate in found.candidates)
        st.caption(t("add_day_candidates", days=days) if days else t("add_day_none"))
    return day if isinstance(day, date) else None


def _keep(read: list[Document | InputError]) -> None:
    """Run the pipeline, keep what can be kept, and say what could not."""
    state = st.session_state
    bar = st.progress(0.0, t("add_working"))
    documents = []
    for number, item in enumerate(read):
        if isinstance(item, Document):
            documents.append(process(item))
        bar.progress((number + 1) / len(read), t("add_progress", number=number + 1, total=len(read)))
    added = open_store(str(store_folder(None))).add(documents, now=datetime.now(UTC))
    refused = [item for item in read if isinstance(item, InputError)]
    state.errors = [wording.say(item.reason, language()) if item.reason else str(item) for item in refused]
    state.errors += [t("add_undated") for document in documents if document.published is None]
    failed = [
        problem for document in documents for problem in document.problems if problem.stage not in ("input", "times")
    ]
    state.errors += [problem.message for problem in failed]
    state.messages = [t("add_done", **added._asdict())] if documents else []
    select((event.id for document in documents for event in document.events), "add")
