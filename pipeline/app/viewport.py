"""The part of the map and the time of the timeline that a reader has scrolled or zoomed to by hand. Streamlit does not
tell them, and forgets them with each new picture; a script on the page (viewport.js) keeps them, and tells of the map
where other cells could be drawn for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from pipeline.views.picks import Bounds, read_edges

_KEY = "viewport"
_watch = st.components.v2.component(
    _KEY, js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"), isolate_styles=False
)


def find_seen(revision: str) -> Bounds | None:
    """West, south, east and north in degrees; ``None`` for a map that shows what it showed at first. What was seen of
    another ``revision`` of the map means nothing."""
    try:
        told: Any = st.session_state[_KEY]["seen"]
        return read_edges(told["bounds"]) if told["revision"] == revision else None
    except (KeyError, TypeError, ValueError):  # a browser may send anything
        return None


def watch(revision: str, zoom: float, *, crowded: bool, single: bool) -> None:
    """Let the page watch the map of its box, whose first zoom this was. What its reader has moved stays as long as the
    ``revision`` does; what is seen is told only of a ``crowded`` map, one of cells; ``single``: nothing finer is
    left."""
    data = {"revision": revision, "zoom": zoom, "crowded": crowded, "single": single}
    _watch(key=_KEY, data=data, on_seen_change=lambda: None, height=1)


def keep(revision: str) -> None:
    """Let the timeline of this box stay where its reader has moved it, as long as the ``revision`` does, and as long as
    anything is drawn there. A double click resets it."""
    _watch(key="timespan", data={"revision": revision}, height=1)
