"""Turns sentences into events: who did what to whom, when and where, said by whom, with how many dead.

triggers -> modality -> date -> place -> roles -> casualties, clause by clause; then restatements are joined.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from pipeline.events.confidence import find_confidence
from pipeline.events.drafts import Draft
from pipeline.events.focus import Focus
from pipeline.events.lexicon import load_lexicon
from pipeline.events.merging import merge_restatements
from pipeline.events.reading import SentenceReader
from pipeline.events.scopes import find_scopes
from pipeline.records import Document, Event

__all__ = ["add_events"]

_MOST_CLAUSES = 80  # in a sentence that anybody reads; a longer run of words tells nothing and is passed over


def add_events(document: Document) -> Document:
    """Fill ``Document.events`` from its sentences, times, places and actors."""
    lexicon = load_lexicon(document.language)
    scopes = find_scopes(document, lexicon)
    running = any(not sentence.heading for sentence in document.sentences)
    countries = frozenset(
        [m.place.country for m in document.places if m.place and m.place.country]
        + [m.actor.country for m in document.actors if m.actor and m.actor.country]
    )
    focus = Focus()
    drafts: list[Draft] = []
    for sentence in scopes:
        if len(sentence) > _MOST_CLAUSES:
            continue
        if sentence and not (sentence[0].sentence.heading and running):
            focus.enter(sentence[0].sentence, lexicon)
            drafts += SentenceReader(document, sentence, lexicon, countries, focus).read()
    kept = merge_restatements(drafts)
    return replace(document, events=_finish(document, kept))


def _finish(document: Document, drafts: Sequence[Draft]) -> tuple[Event, ...]:
    seen: dict[str, int] = {}
    events = []
    for draft in drafts:
        event = draft.event
        words = document.text[event.trigger.start : event.trigger.end]
        sentence = document.text[event.sentence.start : event.sentence.end]
        key = "\x1f".join((document.id, event.type, words, sentence))
        ordinal = seen[key] = seen.get(key, -1) + 1
        digest = hashlib.sha256(f"{key}\x1f{ordinal}".encode("utf-8", "surrogatepass")).hexdigest()[:20]
        confidence = find_confidence(event, draft.own_time, draft.own_place, draft.trigger.kind)
        events.append(replace(event, id=digest, confidence=confidence))
    return tuple(events)
