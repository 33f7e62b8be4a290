"""One event: what is known of it, why, and from where."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from pipeline.accuracy import load_accuracy, right_at
from pipeline.app.removal import remove_report
from pipeline.app.review import show_review
from pipeline.app.scene import Bright, Scene
from pipeline.app.state import language, own_address, show_note, t
from pipeline.store import Store
from pipeline.views import html, mark_sentence
from pipeline.views.address import Address, write_address
from pipeline.views.card import find_place, find_time, reasons_of
from pipeline.views.phrases import known, say_type, say_when
from pipeline.wording import label, write_share


def find_open(scene: Scene, bright: Bright | None) -> dict[Any, Any] | None:
    """The event whose card is open: the one that was clicked, or all that is selected."""
    row = scene.event(st.session_state.event) if st.session_state.get("event") else None
    if row is None and bright and bright.number == 1:
        row = next((scene.event(identifier) for identifier in scene.rows(bright, 0, "date")["id"]), None)
    return row


def show_card(scene: Scene, bright: Bright | None, row: dict[Any, Any] | None) -> None:
    if row is None:
        st.write(t("choose_one") if bright else t("choose"))
        show_note(t("select_help"))
        return
    store, lang = scene.reader.store, scene.view.lang
    st.html(html.head(row, lang))
    report = store.document(row["document_id"])
    if report is None:
        st.html(html.quote(str(row["sentence"] or "")))
    else:
        _show_reasons(row, report, lang)
    if known(row["review"]) is None and row["origin"] == "extracted":
        share = write_share(row["confidence"], lang)
        show_note(t("accuracy_event", confidence=share, right=right_at(row["confidence"])))
    show_review(scene.reader, row)
    st.html(html.sources(store.reports(row["sources"]).to_dict("records"), lang, row["texts"]))
    if st.button(t("remove"), key="remove-here", type="tertiary"):
        remove_report(tuple(row["sources"]))
    if report is not None:
        with st.expander(t("read_report"), key="whole-report"):
            st.text(report["text"])
    _show_citation(store, row, scene.view)


def show_glance(row: dict[Any, Any], language: str) -> None:
    """What a click has opened and why it is there and then, at the lower edge of the window: the card may be below."""
    with st.container(key="glance"):
        st.html(html.glance(row, reasons_of(row, language), language))


def _show_reasons(row: dict[Any, Any], report: dict[str, Any], language: str) -> None:
    st.html(html.sentence(mark_sentence(row, report), language))
    reasons = reasons_of(row, language)
    moment, place = find_time(row, report), find_place(row, report)
    times = [html.say_span(c["date_start"], c["date_end"], language) for c in (moment or {}).get("candidates", ())]
    places = [
        ", ".join(filter(None, (c["name"], c["admin1"], c["country"]))) for c in (place or {}).get("candidates", ())
    ]
    st.html(html.why("why_date", reasons["date"], times, language))
    st.html(html.why("why_place", reasons["place"], places, language))
    st.html(html.why("why_event", reasons["event"], (), language))


def _show_citation(store: Store, row: dict[Any, Any], view: Address) -> None:
    """A link and a citation, each with a button that copies it."""
    alone = replace(view, event=row["id"], pick=(), fit="all", step="off", at=None, until=None)
    link = f"{own_address()}?{urlencode(write_address(alone), doseq=True)}"
    show_note(t("link"))
    st.code(link, language=None, wrap_lines=True)
    reports = store.reports(row["sources"]).to_dict("records")
    named = [" · ".join(str(r[key]) for key in ("title", "source", "url") if known(r[key])) or r["id"] for r in reports]
    cited = t(
        "cite",
        type=say_type(row, view.lang),
        when=say_when(row, view.lang),
        place=known(row["place"]) or t("unplaced"),
        source="; ".join(named) or row["document_id"],
        link=link,
        checked=_checked(row),
    )
    show_note(t("citation"))
    st.code(cited, language=None, wrap_lines=True)


def _checked(row: dict[Any, Any]) -> str:
    """Who has looked at it: a machine only, or a person too. Of other people's tables it is not known."""
    if row["origin"] != "extracted":
        return label("origins", row["origin"], language())
    link = f"{own_address()}?page=accuracy"
    return t(f"checked_{known(row['review']) or 'none'}", right=load_accuracy().right["together"], link=link)
