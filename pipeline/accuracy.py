"""How often the program is right, as measured: figures of data/ui/accuracy.yaml, which go with everything it says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from pipeline.language import DATA, read_yaml
from pipeline.wording import text

HOW: Final = "docs/accuracy.md"  # where it is told how this was measured
FIGURES: Final = ("events", "type", "date", "place", "actors", "modality", "together")


@dataclass(frozen=True, slots=True)
class Level:
    """Of ``events`` whose confidence is from ``first`` to below ``last``, ``right`` percent are wholly right."""

    first: float
    last: float
    events: int
    right: int


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Percent right for each of FIGURES, on a number of reports; by confidence; and "together" on reports that the
    program had not read before."""

    articles: int
    right: dict[str, int]
    levels: tuple[Level, ...]
    unseen_articles: int
    unseen: tuple[int, ...]


@cache
def load_accuracy() -> Accuracy:
    found = read_yaml(DATA / "ui" / "accuracy.yaml")
    levels = tuple(Level(row["from"], row["to"], row["events"], row["right"]) for row in found["confidence"])
    unseen = found["unseen"]
    return Accuracy(found["articles"], found["right"], levels, unseen["articles"], tuple(unseen["together"]))


def say_accuracy(language: str) -> str:
    """How often the program is right, and where it is told how that was measured."""
    found = load_accuracy()
    figures = {"right": found.right["together"], "articles": found.articles}
    return text("accuracy", language, **figures, low=min(found.unseen), high=max(found.unseen), link=HOW)


def say_notice(language: str) -> str:
    """What goes with every figure: by machine, not checked, and how often that is right."""
    return f"{text('notice', language)} {say_accuracy(language)}"


def right_at(confidence: float) -> int:
    """Percent of the measured events of such a confidence that are wholly right."""
    levels = load_accuracy().levels
    return next((level.right for level in levels if confidence < level.last), levels[-1].right)
