"""Title, counts, and what is selected."""

from __future__ import annotations

from html import escape
from typing import get_args

import streamlit as st

from pipeline.accuracy import load_accuracy
from pipeline.app.batch import show_undo
from pipeline.app.charts import show_area
from pipeline.app.exports import show_exports
from pipeline.app.scene import Bright, Scene
from pipeline.app.state import select, t
from pipeline.views import html
from pipeline.views.address import Page
from pipeline.views.phrases import say_number


def show_header(scene: Scene, total: int) -> Bright | None:
    """The top of the page. Gives back what is selected."""
    state = st.session_state
    bright = find_selected(scene)
    with st.container(horizontal=True, vertical_alignment="bottom", key="header"):
        st.html(f"<h1>{escape(t('title'))}</h1>", width="stretch")
        st.segmented_control(
            t("page"), get_args(Page), key="page", format_func=lambda name: t(f"page_{name}"),
            label_visibility="collapsed", required=True,
        )  # fmt: skip
        if scene.totals.events and scene.view.page != "accuracy":
            show_exports(scene, bright)
    st.html(f"<p class='notice'>{_notice(scene.view.lang)}</p>")
    for message in state.pop("messages", []):
        st.html(html.message("success", message))
    for message in state.pop("errors", []):
        st.html(html.message("error", message))
    show_undo(scene.reader.store)
    if ignored := state.pop("ignored", None):
        st.html(html.message("warning", t("bad_address", what=", ".join(ignored)[:500])))
    if state.pop("gone", False):
        st.html(html.message("warning", t("bad_link")))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="counts"):
        shown = t("shown", shown=scene.totals.events, total=total)
        st.html(f"<b>{escape(shown)}</b>", width="content")
        for count, pick, key in (
            (scene.totals.unplaced, "@located", "without_place"),
            (scene.totals.undated, "@dated", "without_date"),
        ):
            if count:
                st.button(
                    t(key, count=count),
                    key=f"button-{key}",
                    type="tertiary",
                    help=t(f"{key}_help"),
                    on_click=select,
                    args=((pick,), "button"),
                )
        show_area()
        if bright:
            said = say_number(bright.number, scene.view.lang)
            st.button(t("selection_clear", what=said), key="clear", on_click=select, args=((), "chip"))
            if scene.view.page == "events":
                fitted = scene.view.fit == "selection"
                st.button(t("zoom_out" if fitted else "zoom_in"), key="zoom", on_click=_zoom, args=(not fitted,))
    return bright


def _notice(language: str) -> str:
    """By machine, how often right, and a link to how that was measured. (Of this app: it works without a network.)"""
    said = t("accuracy_short", right=load_accuracy().right["together"])
    to = f"href='?page=accuracy&amp;lang={language}' target='_self' style='color: inherit'"
    return f"{escape(t('notice'))} {escape(said)} <a {to}>{escape(t('accuracy_link'))}</a>"


def find_selected(scene: Scene) -> Bright | None:
    """What is selected and still shown. An event of an address may by now be one of several that were put together, or
    be gone."""
    state = st.session_state
    linked = state.get("event")
    if linked and (found := scene.event(linked)) is not None:
        if found["id"] != linked:
            state.pick = tuple(found["id"] if pick == linked else pick for pick in state.pick)
            state.event = found["id"]
    elif linked:
        state.gone, state.event, state.focus = True, None, ()
        state.pick = tuple(pick for pick in state.pick if pick != linked)
    if not state.pick:
        return None
    bright = scene.light(state.pick)
    return bright if bright.number else None


def _zoom(inside: bool) -> None:
    st.session_state.fit = "selection" if inside else "all"
