"""The third stage: which words name places, what each does in its sentence, and which place is meant."""

from __future__ import annotations

from dataclasses import replace

from pipeline import gazetteer as gazetteers
from pipeline.places.recognise import find_names
from pipeline.places.resolve import Resolver
from pipeline.places.roles import capital_ids, find_role
from pipeline.places.surnames import read_names
from pipeline.records import Document, PlaceMention, PlaceRole

__all__ = ["add_places"]


def add_places(document: Document) -> Document:
    """Fill ``Document.places``."""
    gazetteer = gazetteers.load()
    code = document.language
    memory = read_names(document.sentences, code)
    spotted = [
        mention
        for number, sentence in enumerate(document.sentences)
        for mention in find_names(document.text, number, sentence, gazetteer, code, memory)
    ]
    capitals = capital_ids(gazetteer)
    resolver = Resolver(document, spotted, capitals)
    role: PlaceRole | None = None
    places = []
    for mention in spotted:
        place, score, reason, others = resolver.choose(mention)
        role = find_role(mention, place, document.sentences[mention.sentence], role, capitals, code)
        places.append(PlaceMention(mention.span, role, place, score, reason, others))
    return replace(document, places=tuple(places))
