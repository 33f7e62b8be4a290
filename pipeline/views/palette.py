"""Colours that tell the families of event types apart, also for the colour-blind (Okabe and Ito 2008), and the ground
they stand on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import yaml

from pipeline.language import DATA

# Quad classes of PLOVER, the most violent first; "none" for what has no class.
QUADS = ("material-conflict", "verbal-conflict", "verbal-cooperation", "material-cooperation", "none")


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as CSS. ``quads`` has one colour for each of ``QUADS``."""

    ink: str
    muted: str
    grid: str
    card: str
    sea: str
    land: str
    border: str
    on_primary: str  # words on the primary colour of the theme
    quads: tuple[str, ...]

    @staticmethod
    def of(dark: bool) -> Palette:
        return _DARK if dark else _LIGHT

    def colour(self, event_type: str) -> str:
        return self.quads[QUADS.index(quad_of(event_type))]


_LIGHT = Palette(
    ink="#31333f", muted="#6b6e7b", grid="#e3e4e8", card="#ffffff", sea="#dfeaf2", land="#f3f0e8", border="#b3aea2",
    on_primary="#ffffff",
    quads=("#d55e00", "#c98a00", "#0072b2", "#009e73", "#80828c"),
)  # fmt: skip
_DARK = Palette(
    ink="#f0f2f6", muted="#a3a8b4", grid="#343844", card="#1b1f29", sea="#16212c", land="#2a323c", border="#566270",
    on_primary="#0a1724",
    quads=("#f07f2e", "#f0c04a", "#56b4e9", "#2ecb9c", "#a3a8b4"),
)  # fmt: skip


@cache
def _quads() -> dict[str, str]:
    types = yaml.safe_load((DATA / "taxonomy" / "plover.yaml").read_text(encoding="utf-8"))["types"]
    return {name: row["quad"] or "none" for name, row in types.items()}


def quad_of(event_type: str) -> str:
    """The quad class of an event type (data/taxonomy/plover.yaml)."""
    return _quads().get(event_type, "none")
