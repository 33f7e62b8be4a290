"""The whole page, from top to bottom."""

from __future__ import annotations

import streamlit as st

from pipeline.app.accuracy import show_accuracy
from pipeline.app.card import find_open, show_card, show_glance
from pipeline.app.charts import show_charts, show_legend
from pipeline.app.counts import show_statistics
from pipeline.app.data import Reader, open_store
from pipeline.app.filters import restore_address, show_filters
from pipeline.app.header import show_header
from pipeline.app.memory import own_language, remember
from pipeline.app.reports import add_report
from pipeline.app.scene import open_scene
from pipeline.app.state import current_view, language, reset_filters, t
from pipeline.app.table import show_table
from pipeline.cli import store_folder
from pipeline.errors import PipelineError
from pipeline.views import Palette, html
from pipeline.views.address import write_address
from pipeline.views.style import style
from pipeline.wording import tell

CARD = 440  # pixels


def main() -> None:
    st.set_page_config(page_title=t("title"), page_icon="🗓️", layout="wide")
    try:
        show_page()
    except PipelineError as error:
        reason = getattr(error, "reason", None)
        st.html(html.message("error", tell(reason, language()) if reason else str(error)))


def show_page() -> None:
    reader = Reader.of(open_store(str(store_folder(None))))
    facets = reader.facets()
    restore_address(facets)
    show_filters(facets)
    view = current_view()
    scene = open_scene(reader, view)
    palette = Palette.of(st.context.theme.type == "dark")
    st.html(style(palette))
    total = int(facets.types["events"].sum())
    bright = show_header(scene, total)
    if view.page == "accuracy":
        show_accuracy()
    elif total == 0:
        st.info(t("empty_store"))
        if st.button(t("add"), key="add-first", type="primary"):
            add_report()
    elif scene.totals.events == 0:
        st.info(t("no_events"))
        st.button(t("reset"), key="reset-all", on_click=reset_filters)
    elif view.page == "statistics":
        show_statistics(scene, palette)
    else:
        show_charts(scene, palette, bright)
        show_legend(palette)
        row = find_open(scene, bright)
        left, right = st.columns([3, 2], gap="medium")
        with left:
            show_table(scene, bright)
        with right, st.container(border=True, height=CARD, gap="small", key="card"):
            show_card(scene, bright, row)
        if row is not None:
            show_glance(row, view.lang)
    remember(view.lang)
    parameters = write_address(current_view())
    if view.lang != own_language():
        parameters["lang"] = [view.lang]
    st.query_params.from_dict(parameters)
