"""Figures as files: PNG, SVG and PDF through kaleido, and HTML that opens from a file without any network."""

from __future__ import annotations

import threading
from functools import cache
from html import escape
from typing import Final

import plotly.graph_objects as go
from choreographer.browsers.chromium import Chromium

from pipeline.errors import ExportError

KINDS: Final = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf", "html": "text/html"}
NO_BROWSER: Final = (
    "To draw pictures, install Chromium or Chrome (Debian: sudo apt-get install chromium), or export HTML."
)
_MARGINS: Final = {"l": 20, "r": 20, "t": 90, "b": 110}
_ONE_AT_A_TIME = threading.Lock()  # each picture starts a browser of its own


@cache
def can_draw() -> bool:
    """Whether there is a browser for PNG, SVG and PDF."""
    return Chromium.find_browser(skip_local=False) is not None


def picture(
    figure: go.Figure, kind: str, *, title: str, note: str, width: int = 1400, height: int | None = None
) -> bytes:
    """``figure`` with a title above and a note below. ``kind`` is one of ``KINDS``, ``width`` and ``height`` are
    pixels (PNG has twice as many). ``ExportError`` for another kind, or when no browser is installed to draw with."""
    if kind not in KINDS:
        raise ExportError(f"There is no picture format {kind!r} (there is: {', '.join(KINDS)}).")
    drawn = _framed(figure, title, note, width, height)
    if kind == "html":
        config = {"displaylogo": False, "responsive": True}
        return (
            str(drawn.to_html(include_plotlyjs=True, full_html=True, config=config))
            .replace("<head>", f"<head><title>{escape(title)}</title>", 1)
            .encode("utf-8")
        )
    if not can_draw():
        raise ExportError(NO_BROWSER)
    with _ONE_AT_A_TIME:
        try:
            return bytes(
                drawn.to_image(format=kind, width=width, height=drawn.layout.height, scale=2 if kind == "png" else 1)
            )
        except Exception as error:
            raise ExportError(f"The picture cannot be drawn ({type(error).__name__}).") from error


def _framed(figure: go.Figure, title: str, note: str, width: int, height: int | None) -> go.Figure:
    drawn = go.Figure(figure)
    light = drawn.layout.font.color
    high = height or (drawn.layout.height or 500) + _MARGINS["t"] + _MARGINS["b"]
    drawn.update_layout(
        title={
            "text": escape(title, quote=False),
            "x": 0.01,
            "y": 1 - 18 / high,
            "yanchor": "top",
            "font": {"size": 20, "color": light},
        },
        paper_bgcolor="#ffffff",
        plot_bgcolor="#ffffff",
        width=None if height is None else width,
        height=high,
        margin=_MARGINS,
        dragmode="pan",
        legend={"orientation": "h", "x": 0, "y": 0, "yanchor": "top", "xanchor": "left"},
    )
    drawn.add_annotation(
        text=escape(note, quote=False),
        xref="paper",
        yref="paper",
        x=0,
        y=0,
        yshift=-105,
        yanchor="bottom",
        xanchor="left",
        showarrow=False,
        font={"size": 11, "color": "#6b6e7b"},
        align="left",
    )
    return drawn
