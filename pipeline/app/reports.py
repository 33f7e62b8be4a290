"""Adding reports: pasted, uploaded or from an address; and tables of other people's events.

First everything is read, and the day of publication that was found is shown to be confirmed; then it is run through
the pipeline, and the new events are selected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import streamlit as st

from pipeline import imports, ingest, process, wording
from pipeline import language as packs
from pipeline.app.data import open_store
from pipeline.app.state import language, reset_filters, select, show_note, t
from pipeline.cli import store_folder
from pipeline.errors import InputError
from pipeline.records import Document
from pipeline.views import html

TABLES = (".csv",)
MOST_FILES = 200  # of one upload
MOST_DAYS = 20  # reports whose day can be confirmed one by one
MOST_TOLD = 20  # messages about what could not be used
_NAME = 80  # letters of a name

Found = Document | InputError


def add_report() -> None:
    """The dialog, titled in the reader's language."""
    st.session_state.reading = None
    st.dialog(t("add"), width="large")(_show_dialog)()


def _show_dialog() -> None:
    state = st.session_state
    if state.get("reading") is None:
        _show_sources()
    else:
        _show_found(state.reading)


def _show_sources() -> None:
    words = st.text_area(t("add_text"), height=180, key="add-words")
    uploads = st.file_uploader(
        t("add_files"),
        type=[suffix[1:] for suffix in (*ingest.SUFFIXES, *TABLES)],
        accept_multiple_files=True,
        help=t("add_tables_help"),
    )
    address = st.text_input(t("add_address"), key="add-address", help=t("add_address_help"), placeholder="https://")
    if not st.button(t("add_read"), type="primary", key="add-read"):
        return
    if not words.strip() and not uploads and not address.strip():
        st.warning(t("add_nothing"))
        return
    found: list[Found] = []
    with st.spinner(t("add_reading")):
        known = ingest.Known()
        if words.strip():
            found += _guard(lambda: [ingest.from_text(words, known)])
        for upload in uploads[:MOST_FILES]:
            found += _guard(lambda upload=upload: _read_upload(upload.name, upload.getvalue()))
        if len(uploads) > MOST_FILES:
            found.append(InputError(t("add_many", most=MOST_FILES, left=len(uploads) - MOST_FILES)))
        if address.strip():
            found += _guard(lambda: ingest.read_address(address.strip(), known))
    st.session_state.reading = found
    st.rerun(scope="fragment")


def _read_upload(name: str, raw: bytes) -> Iterator[Found]:
    if name.lower().endswith(TABLES):
        return imports.read_lines(imports.decode_lines(BytesIO(raw)), name)
    return ingest.read_upload(name, raw, ingest.Known())


def _guard(read: object) -> list[Found]:
    """What was read, and the error that ended it."""
    found: list[Found] = []
    try:
        found.extend(read())  # type: ignore[operator]
    except InputError as error:
        found.append(error)
    return found


def _show_found(found: list[Found]) -> None:
    """What has been read, each report with its day of publication to be confirmed."""
    reports = [item for item in found if isinstance(item, Document) and item.origin == "extracted"]
    rows = [item for item in found if isinstance(item, Document) and item.origin != "extracted"]
    refused = [item for item in found if isinstance(item, InputError)]
    for message in _tell(refused):
        st.html(html.message("error", message))
    if rows:
        st.write(t("add_rows", count=len(rows)))
    if reports:
        st.write(t("add_confirm"))
    days = {report.id: _confirm_day(report) for report in reports[:MOST_DAYS]}
    if len(reports) > MOST_DAYS:
        show_note(t("add_more", count=len(reports) - MOST_DAYS))
    with st.container(horizontal=True):
        if st.button(t("add_back"), key="add-back"):
            st.session_state.reading = None
            st.rerun(scope="fragment")
        if (reports or rows) and st.button(t("add_run"), type="primary", key="add-run"):
            _keep([_with_day(report, days) for report in reports], rows, refused)
            st.rerun()


def _confirm_day(report: Document) -> date | None:
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    how = t(f"add_day_{report.published_source}")
    left.html(html.found(_name(report), report.url or "", how))
    day = right.date_input(
        t("add_day"),
        report.published,
        min_value=date.min,
        max_value=date.max,
        format=t("day_format"),
        key=f"add-day-{report.id}",
        help=t("add_day_help"),
    )
    return day if isinstance(day, date) else None


def _name(report: Document) -> str:
    """What a report is called: its title, else its first line."""
    return (report.title or report.text.strip().partition("\n")[0])[:_NAME]


def _with_day(report: Document, days: dict[str, date | None]) -> Document:
    if report.id not in days or days[report.id] == report.published:
        return report
    day = days[report.id]
    undated = [problem for problem in report.problems if problem.stage != "input"]
    if day is None:
        return ingest.complete(replace(report, published=None, published_source="unknown"))
    return replace(report, published=day, published_source="given", problems=tuple(undated))


def _keep(reports: list[Document], rows: list[Document], refused: list[InputError]) -> None:
    """Run the pipeline, keep what can be kept, and say what could not."""
    state = st.session_state
    bar = st.progress(0.0, t("add_working"))
    documents = []
    for number, report in enumerate(reports, 1):
        documents.append(process(report))
        bar.progress(number / len(reports), t("add_progress", number=number, total=len(reports)))
    kept = [*documents, *rows]
    added = open_store(str(store_folder(None))).add(kept, now=datetime.now(UTC), batch=max(1, len(kept)))
    state.errors = list(_tell(refused))
    foreign = [document for document in documents if document.language not in packs.available()]
    state.errors += [t("add_undated") for one in documents if one.published is None and one not in foreign]
    state.errors += _shorten(t("add_foreign", name=_name(report), code=report.language) for report in foreign)
    state.errors += _shorten(
        wording.tell(problem.reason, language()) if problem.reason else problem.message
        for document in kept
        if document not in foreign
        for problem in document.problems
        if problem.stage not in ("input", "times") or document.origin != "extracted"
    )
    state.messages = [t("add_done", **added._asdict())]
    state.reading = None
    fresh = [event.id for document in documents for event in document.events]
    if fresh or rows:
        reset_filters()  # they could hide what is new
    if rows and not documents:
        state.origin = sorted({row.origin for row in rows})
    select(fresh, "add")


def _tell(refused: list[InputError]) -> list[str]:
    return _shorten(wording.tell(error.reason, language()) if error.reason else str(error) for error in refused)


def _shorten(messages: Iterable[str]) -> list[str]:
    told = list(dict.fromkeys(messages))
    more = len(told) - MOST_TOLD
    return told[:MOST_TOLD] + ([t("add_more_errors", count=more)] if more > 0 else [])
