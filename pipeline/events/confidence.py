"""How sure an answer is: what stands in the words themselves counts more than what was taken over."""

from __future__ import annotations

from pipeline.records import Event

_BASE = 0.3
_DATE = {"explicit": 0.25, "relative": 0.22, "inferred": 0.1, "reporting-time": 0.08, "unknown": 0.0}
_MODALITY = {"happened": 0.1, "planned": 0.05, "claimed": 0.05, "denied": 0.0, "negated": 0.0, "hypothetical": 0.0}


def find_confidence(event: Event, own_time: bool, own_place: bool, kind: str) -> float:
    """0 to 1; rises with an own time expression, an own place, named actors and a plain statement."""
    score = _BASE + _DATE[event.date_certainty] * (1.0 if own_time else 0.8) + _MODALITY[event.modality]
    if own_place:
        score += 0.15
    elif event.places:
        score += 0.05
    if event.actors:
        score += 0.1
    if kind == "verb":
        score += 0.05
    if event.mentions:
        score += 0.05
    return round(min(score, 0.99), 2)
