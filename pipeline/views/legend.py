"""What colours and shapes of timeline and map mean, once for both."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal, NamedTuple

import plotly.graph_objects as go

from pipeline.views.palette import QUADS, Palette
from pipeline.wording import label, text

Style = Literal["span", "night", "within", "vague"]

LINES: dict[Style, tuple[int, str]] = {
    "span": (9, "solid"),
    "night": (4, "solid"),
    "within": (2, "solid"),
    "vague": (2, "dot"),
}
SYMBOLS: dict[Style, str] = {"span": "square", "night": "diamond", "within": "line-ns", "vague": "circle-open"}


class Entry(NamedTuple):
    """``shape``: a style of marks, "family" or "halo"."""

    shape: str
    colour: str
    words: str


def explain_marks(language: str, palette: Palette) -> list[Entry]:
    families = [
        Entry("family", colour, label("quads", quad, language))
        for quad, colour in zip(QUADS, palette.quads, strict=True)
    ]
    shapes = [Entry(style, palette.muted, text(f"legend_{style}", language)) for style in LINES]
    return [*families, *shapes, Entry("halo", palette.muted, text("halo", language))]


def add_legend(
    figure: go.Figure, styles: Collection[Style], quads: Collection[str], language: str, palette: Palette
) -> None:
    """The legend of a figure that stands alone: families and shapes that it shows."""

    def entry(name: str, colour: str, mode: str, **how: Any) -> None:
        figure.add_scatter(x=[None], y=[None], mode=mode, name=name, hoverinfo="skip", **how | _coloured(how, colour))

    for quad, colour in zip(QUADS, palette.quads, strict=True):
        if quad in quads:
            entry(label("quads", quad, language), colour, "markers", marker={"symbol": "square", "size": 10})
    for style, (width, dash) in LINES.items():
        if style in styles:
            mode = "lines" if style == "vague" else "lines+markers"
            how = {
                "line": {"width": width, "dash": dash},
                "marker": {"symbol": SYMBOLS[style], "size": 9, "line": {"width": 2}},
            }
            entry(text(f"legend_{style}", language), palette.muted, mode, **how)


def _coloured(how: dict[str, Any], colour: str) -> dict[str, Any]:
    answer: dict[str, Any] = {part: {**options, "color": colour} for part, options in how.items()}
    if "line" in answer.get("marker", {}):
        answer["marker"]["line"] = {"width": 2, "color": colour}
    return answer
