"""A possible mention of a place, before it is decided which place is meant."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.gazetteer import Candidate
from pipeline.records import Span


@dataclass(frozen=True, slots=True)
class Spotted:
    """A possible mention: the tokens ``first`` to ``last`` of a sentence, what the words can mean, and what announces
    them: ``kind`` of a type word in front ("Gebiet"), a ``preposition``, an ``article`` directly in front, another
    place it is coordinated with (``joined``). ``compound``: only the front of a word ("Kursk" in "Kursk-Offensive")."""

    sentence: int
    first: int
    last: int
    span: Span
    name: str
    candidates: tuple[Candidate, ...]
    kind: str | None = None
    preposition: str | None = None
    article: bool = False
    adjective: bool = False
    genitive: bool = False
    joined: bool = False
    compound: bool = False
    plural: bool = False  # the type word announces more than one: "die Städte X und Y"
    parent: bool = False  # the region of the place right in front: "das Dorf X in der Region Y"
