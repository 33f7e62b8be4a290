"""How sure an answer is: what stands in the words themselves counts more than what was taken over."""

from __future__ import annotations

from pipeline.records import Event

_BASE = 0.3
_DATE = {"explicit": 0.25, "relative": 0.22, "inferred": 0.12, "reporting-time": 0.05, "unknown": 0.05}
_CERTAIN = frozenset({"happened", "planned", "claimed", "denied"})
LEVELS = (0.6, 0.8)  # below the first an answer is a guess, from the second on it can be relied on


def find_confidence(event: Event, own_time: bool, own_place: bool, kind: str) -> float:
    """0 to 1; rises with an own time expression, an own place, named actors and a plain statement. How often answers
    of each level are right is measured by benchmarks/events.py."""
    score = _BASE + _DATE[event.date_certainty] * (1.0 if own_time else 0.8)
    if event.modality in _CERTAIN:
        score += 0.05
    if own_place:
        score += 0.15
    elif event.places:
        score += 0.05
    if event.actors:
        score += 0.15
    if kind == "verb":
        score += 0.05
    if event.mentions:
        score += 0.05
    return round(min(score, 0.99), 2)
