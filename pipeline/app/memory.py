"""What the browser remembers of its reader, and nobody else is told: the language, in a cookie of this address, and
light or dark, where Streamlit itself keeps it. The page is drawn by the server, so a few lines of script do it; no word
from outside is ever part of them."""

from __future__ import annotations

import json

import streamlit as st

from pipeline import wording

COOKIE = "cet_language"
_YEAR = 365 * 24 * 60 * 60  # seconds


def own_language() -> str:
    """The language of a reader whose address names none: the one last chosen in this browser; else the browser's own;
    else German."""
    asked = (st.context.locale or "").partition("-")[0]
    return next((code for code in (st.context.cookies.get(COOKIE), asked) if code in wording.languages()), "de")


def first_language() -> str:
    """The language of the first page of a visit: that of the address, else the reader's own."""
    named = st.query_params.get("lang")
    return named if named in wording.languages() else own_language()


def keep_language() -> None:
    """The callback of the choice of a language."""
    st.session_state.keep_language = True


def keep_theme(name: str) -> None:
    """The callback of the choice between "Light" and "Dark"."""
    st.session_state.keep_theme = name


def remember(language: str) -> None:
    """Write down what was chosen, and tell screen readers in which language to read the page."""
    state = st.session_state
    lines = [f"document.documentElement.lang = {json.dumps(language)};"]
    if state.get("keep_language"):
        lines.append(f"document.cookie = '{COOKIE}={language}; path=/; max-age={_YEAR}; SameSite=Lax';")
    if theme := state.pop("keep_theme", None):
        # Streamlit reads its theme when a page is loaded; what the page shows is in its address.
        lines.append(
            f"localStorage.setItem('stActiveTheme-' + location.pathname + '-v2', {json.dumps(json.dumps(theme))});"
        )
        lines.append("location.reload();")
    st.html(f"<script>{' '.join(lines)}</script>", unsafe_allow_javascript=True)
