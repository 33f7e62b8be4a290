"""The sidebar: language, filters, adding reports."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import get_args

import pandas as pd
import streamlit as st

from pipeline import gazetteer, wording
from pipeline.app.memory import first_language, keep_language, keep_theme
from pipeline.app.removal import remove_report
from pipeline.app.reports import add_report
from pipeline.app.state import language, reset_filters, t
from pipeline.records import Review
from pipeline.store import Facets
from pipeline.views.address import Address, read_address
from pipeline.views.limits import LABELS, name_value
from pipeline.views.names import tell_actors_apart, tell_apart
from pipeline.wording import label, write_number

# Fields of Address that are chosen from the values of a facet.
FACETS = {
    "actor": "actors", "role": "roles", "place": "places", "country": "countries", "region": "regions",
    "type": "types", "modality": "modalities", "precision": "precisions", "spot": "place_precisions",
    "document": "documents", "outlet": "outlets", "origin": "origins",
}  # fmt: skip
_MORE = ("precision", "spot", "document", "outlet", "origin")


def restore_address(facets: Facets) -> None:
    """Take the view from the address, once per visit; what means nothing here is named and left out."""
    state = st.session_state
    if "restored" in state:
        for field in fields(Address):  # what has no widget on a page would be forgotten with it
            if field.name in state:
                state[field.name] = state[field.name]
        return
    state.restored = True
    parameters = {name: st.query_params.get_all(name) for name in st.query_params}
    choices = {
        name: list(getattr(facets, facet)["id"])
        for name, facet in FACETS.items()
        if name not in LABELS or name == "origin"
    }
    address, ignored = read_address(parameters, {**choices, "lang": wording.languages()})
    for field in fields(Address):
        value = getattr(address, field.name)
        state[field.name] = list(value) if isinstance(value, tuple) else value
    state.lang = first_language()
    if address.event and not address.pick:
        state.pick = (address.event,)
    state.ignored = ignored


def show_filters(facets: Facets) -> None:
    with st.sidebar:
        with st.container(horizontal=True, vertical_alignment="center", key="reader"):
            st.segmented_control(
                t("language"),
                wording.languages(),
                key="lang",
                format_func=lambda code: wording.text("name", code),
                label_visibility="collapsed",
                required=True,
                on_change=keep_language,
            )
            other = "Light" if st.context.theme.type == "dark" else "Dark"
            st.button(t(f"to_{other.lower()}"), key="theme", type="tertiary", on_click=keep_theme, args=(other,))
        if st.button(t("add"), key="add", type="primary", width="stretch"):
            add_report()
        st.subheader(t("filter"))
        st.text_input(t("search"), key="q", placeholder=t("search_hint"))
        _choose("actor", facets)
        if st.session_state.actor or st.session_state.role:
            _choose("role", facets)
        _choose("place", facets)
        left, right = st.columns(2)
        with left:
            _choose("country", facets)
        with right:
            _choose("region", facets)
        _choose("type", facets)
        _choose("modality", facets, help=t("modality_help"))
        for name in ("first", "last"):  # below each other: side by side the year would be cut off
            st.date_input(t(name), key=name, min_value=date.min, max_value=date.max, format=t("day_format"))
        used = sum(bool(st.session_state[name]) for name in (*_MORE, "review", "killed", "sure", "role"))
        with st.expander(t("more_filters") + (f" ({used})" if used else ""), expanded=bool(used), key="more"):
            if not (st.session_state.actor or st.session_state.role):
                _choose("role", facets)
            for name in _MORE:
                _choose(name, facets)
            _choose_review()
            st.number_input(t("killed_least"), min_value=0, max_value=9_999_999, step=1, key="killed")
            st.slider(t("sure_least"), 0.0, 1.0, step=0.05, key="sure")
        st.button(t("reset"), on_click=reset_filters, width="stretch")
        if st.button(t("remove"), key="remove", type="tertiary"):
            remove_report()


def _choose_review() -> None:
    """What people have said of events. What was rejected is shown only when it is asked for."""
    st.multiselect(
        t("review"),
        get_args(Review),
        key="review",
        placeholder=t("review_all"),
        help=t("review_help"),
        format_func=lambda value: label("reviews", value, language()),
    )


def _choose(name: str, facets: Facets, help: str | None = None) -> None:  # noqa: A002
    """A filter by the values of a facet, each with the number of its events."""
    column, lang = FACETS[name], language()
    facet: pd.DataFrame = getattr(facets, column)
    names = name_values(name, facet)
    counts = dict(zip(facet["id"], facet["events"], strict=True))
    options = [*names, *(value for value in st.session_state[name] if value not in names)]
    hidden = facets.values[column] - len(facet)
    st.multiselect(
        t(name),
        options,
        key=name,
        placeholder=t("all"),
        help=t("more_values", count=hidden) if hidden > 0 else help,
        format_func=lambda value: (
            f"{name_value(name, value, names, lang)} ({write_number(counts.get(value, 0), lang)})"
        ),
    )


def name_values(name: str, facet: pd.DataFrame) -> dict[str, str]:
    """What the values of a facet are called: who and what have the same name are told apart."""
    names = dict(zip(facet["id"], facet["name"], strict=True))
    if name == "actor":
        return tell_actors_apart(names, language())
    return tell_apart(names, _say_region) if name == "place" else tell_apart(names)


def _say_region(identifier: str) -> str | None:
    """Where a place of the gazetteer lies."""
    place = gazetteer.load().find_id(identifier)
    return ", ".join(filter(None, (place.admin1, place.country))) if place else None
