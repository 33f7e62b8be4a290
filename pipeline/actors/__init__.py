"""The fourth stage: who acts. Names from the tables, noun phrases, and what pronouns and short forms take up."""

from __future__ import annotations

from dataclasses import replace

from pipeline.actors.knowledge import actor_by_id, group_actor, state_actor
from pipeline.actors.phrases import Reader
from pipeline.records import Document

__all__ = ["actor_by_id", "add_actors", "group_actor", "state_actor"]


def add_actors(document: Document) -> Document:
    """Fill ``Document.actors`` from its sentences, times and places; mentions are in text order and do not overlap.

    A mention covers the noun phrase without its article ("russische Truppen", "Sprecher der Armee", "er"). An adjective
    of nation before a noun that names no actor is a mention by itself ("russischen" in "russischen Drohnenangriffen").
    """
    reader = Reader(document)
    for number, sentence in enumerate(document.sentences):
        reader.read(number, sentence)
    return replace(document, actors=tuple(reader.mentions))
