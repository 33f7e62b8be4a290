"""What a visit remembers. The names in ``st.session_state`` are those of ``Address``; beside them:

focus       the event that was clicked in the table, or those whose rows are ticked
ticks       the events whose rows are ticked there
rounds      how often each chart got a new key, which makes it forget its own marks
groups_map, groups_timeline, table_events     what stands behind the points and rows that are shown
undoable    the number of what was just said of many events
messages, errors, ignored    what the next page tells once
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

import streamlit as st

from pipeline import wording
from pipeline.app.memory import first_language
from pipeline.records import Filter
from pipeline.views import html
from pipeline.views.address import Address

CHARTS = ("map", "timeline", "table")


def t(key: str, **values: object) -> str:
    """The words of the interface in the reader's language."""
    return wording.text(key, language(), **values)


def language() -> str:
    return st.session_state.get("lang") or first_language()


def own_address() -> str:
    """The address of this app without a view."""
    return (st.context.url or "").partition("?")[0]


def show_note(words: str) -> None:
    """Small print. (Streamlit's own is paler than WCAG AA allows, and reads Markdown.)"""
    st.html(html.note(words))


def current_view() -> Address:
    """The view as the widgets show it; what has no widget on this page keeps its value."""
    state = st.session_state
    values = {}
    for field in fields(Address):
        value = state.get(field.name, field.default)
        if isinstance(field.default, tuple):
            value = tuple(value or ())
        elif value is None and field.default is not None:
            value = field.default
        values[field.name] = value
    return Address(**values)


def reset_filters() -> None:
    """Forget every filter; how things are shown stays."""
    kept = {field.name for field in fields(Filter())} | {"lanes", "window", "page", "basemap", "lang", "step"}
    for field in fields(Address):
        if field.name not in kept:
            st.session_state[field.name] = list(field.default) if isinstance(field.default, tuple) else field.default


def select(picks: Iterable[str], source: str) -> None:
    """Select events; the marks of the selection that other charts still carry are forgotten by giving them new keys."""
    state = st.session_state
    state.pick = tuple(dict.fromkeys(picks))
    single = len(state.pick) == 1 and not state.pick[0].startswith("@")
    state.event = state.pick[0] if single else None
    state.focus = ()
    if not state.pick:
        state.fit = "all"
    rounds = state.setdefault("rounds", dict.fromkeys(CHARTS, 0))
    for name in rounds:
        if name != source:
            rounds[name] += 1


def key_of(name: str) -> str:
    return f"{name}-{st.session_state.get('rounds', {}).get(name, 0)}"


def take_points(name: str) -> None:
    """The callback of a chart: what stands behind the points that were clicked or boxed."""
    state = st.session_state
    chart: Any = state[key_of(name)]
    groups: tuple[tuple[str, ...], ...] = state[f"groups_{name}"]
    indexes = [point["customdata"] for point in chart["selection"]["points"] if point.get("customdata") is not None]
    numbers = [index[0] if isinstance(index, list | tuple) else index for index in indexes]
    picks = [pick for number in dict.fromkeys(numbers) for pick in groups[int(number)]]
    if picks:
        select(picks, name)
        state.playing = False


def take_row() -> None:
    """The callback of the table: a cell that is clicked is one event, each row that is ticked another. Without any, the
    table no longer narrows anything."""
    state = st.session_state
    chosen: Any = state[key_of("table")]["selection"]
    state.ticks = tuple(state.table_events[row] for row in chosen["rows"])
    state.focus = tuple(state.table_events[row] for row, _ in chosen["cells"]) or state.ticks
    state.event = state.focus[0] if len(state.focus) == 1 else None


def forget_ticks() -> None:
    """Tick no row any more: the table gets a new key."""
    state = st.session_state
    state.ticks = state.focus = ()
    state.setdefault("rounds", dict.fromkeys(CHARTS, 0))["table"] += 1
