"""What a drawing function returns, and what timeline and map share."""

from __future__ import annotations

import re
from html import escape
from typing import Any, NamedTuple

import plotly.graph_objects as go

from pipeline.views.palette import Palette

_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
DIMMED = 0.15  # opacity of what is not selected


class View(NamedTuple):
    """A figure and, for each of its points, the events behind it, as picks: a point's ``customdata`` is an index of
    ``groups``."""

    figure: go.Figure
    groups: tuple[tuple[str, ...], ...]


def printable(text: object) -> str:
    """Words without the control letters and halves of letters that XML and PDF cannot hold."""
    return _NO_XML.sub("", str(text))


def plain(text: object) -> str:
    """Words of a report for a place where Plotly reads markup. A drawing is XML."""
    return escape(printable(text), quote=False)


def base_layout(palette: Palette) -> dict[str, Any]:
    return {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": palette.ink, "size": 13, "family": "Source Sans Pro, Source Sans, Arial, sans-serif"},
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "hoverlabel": {
            "bgcolor": palette.card,
            "font": {"color": palette.ink},
            "bordercolor": palette.muted,
            "align": "left",
        },
        "legend": {
            "orientation": "h",
            "xref": "container",
            "x": 0,
            "y": 0,
            "yanchor": "top",
            "itemclick": False,
            "itemdoubleclick": False,
            "font": {"size": 12},
        },
        "modebar": {"bgcolor": palette.card, "color": palette.muted, "activecolor": palette.ink},
        "uirevision": "keep",
    }
