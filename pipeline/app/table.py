"""The events as a table: what the charts show, for those who read rather than look."""

from __future__ import annotations

from typing import get_args

import pandas as pd
import streamlit as st

from pipeline.app.batch import show_batch
from pipeline.app.scene import FEW, PAGE, Bright, Scene
from pipeline.app.state import forget_ticks, key_of, show_note, t, take_row
from pipeline.store.reading import Order
from pipeline.views.phrases import say_count, say_review, say_type, say_when
from pipeline.wording import label

HEIGHT = 440  # pixels
_SHORT = 220  # letters of a sentence in the table; the card has all of it


def show_table(scene: Scene, bright: Bright | None) -> None:
    number = bright.number if bright else scene.totals.events
    page, order = 0, "date"
    if scene.totals.events > FEW:
        page, order = _choose_page(number)
    shown = scene.rows(bright, page, order)
    state, ids = st.session_state, list(shown["id"])
    if state.get("ticks") and state.table_events != ids:
        forget_ticks()  # the ticks are those of other rows
    state.table_events = ids
    language = scene.view.lang
    records = shown.to_dict("records")
    table = pd.DataFrame(
        {
            t("date"): shown["date_start"].dt.date,
            t("time"): [say_when(row, language) for row in records],
            t("place"): shown["place"],
            t("type"): [say_type(row, language) for row in records],
            t("actors"): shown["actor_names"],
            t("modality"): [label("modalities", row["modality"], language) for row in records],
            t("killed"): [say_count(row, "fatalities", language) for row in records],
            t("injured"): [say_count(row, "injured", language) for row in records],
            t("expression"): shown["time_text"],
            t("confidence"): shown["confidence"],
            t("review"): [say_review(row, language) for row in records],
            t("origin"): [label("origins", row["origin"], language) for row in records],
            t("sentence"): shown["sentence"].str.slice(0, _SHORT),
        }
    )
    st.dataframe(
        table,
        key=key_of("table"),
        hide_index=True,
        height=HEIGHT if page == 0 and scene.totals.events <= FEW else HEIGHT - 90,
        on_select=take_row,
        selection_mode=("multi-row", "single-cell"),
        placeholder="–",
        alt=t("alt_table"),
        column_config={
            t("date"): st.column_config.DateColumn(format=t("day_format"), width="small"),
            t("confidence"): st.column_config.ProgressColumn(min_value=0, max_value=1, format="%.2f", width="small"),
            t("sentence"): st.column_config.TextColumn(width="large"),
        },
    )
    show_batch(scene.reader, shown, number)


def _choose_page(number: int) -> tuple[int, str]:
    """Which rows of very many, and in which order."""
    orders = [sign + order for order in get_args(Order) for sign in ("", "-")]
    with st.container(horizontal=True, vertical_alignment="center", key="pages"):
        order = st.selectbox(
            t("order"),
            orders,
            key="order",
            format_func=lambda name: ("▼ " if name.startswith("-") else "▲ ") + t(_WORDS[name.removeprefix("-")]),
            label_visibility="collapsed",
            width=170,
        )
        pages = max(1, -(-number // PAGE))
        page = st.number_input(
            t("table_page"), 1, pages, key=f"page-of-{pages}", width=130, label_visibility="collapsed"
        )
        first = (int(page) - 1) * PAGE
        last = min(number, first + PAGE)
        show_note(t("rows", first=first + 1, last=last, number=number))
    return int(page) - 1, order


_WORDS = {
    "date": "date", "place": "place", "type": "type", "actors": "actors", "modality": "modality",
    "fatalities": "killed", "injured": "injured", "confidence": "confidence",
}  # fmt: skip
