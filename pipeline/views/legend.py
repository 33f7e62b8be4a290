"""What colours and shapes of timeline and map mean, once for both."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.views.palette import QUADS, Palette
from pipeline.wording import label, text

_GLYPHS = (("▬", "span"), ("◆", "night"), ("├─┤", "within"), ("┄┄", "vague"))


class Entry(NamedTuple):
    glyph: str
    colour: str
    words: str


def explain_marks(language: str, palette: Palette) -> list[Entry]:
    families = [
        Entry("■", colour, label("quads", quad, language)) for quad, colour in zip(QUADS, palette.quads, strict=True)
    ]
    shapes = [Entry(glyph, palette.muted, text(f"legend_{key}", language)) for glyph, key in _GLYPHS]
    return [*families, *shapes, Entry("◯", palette.muted, text("halo", language))]
