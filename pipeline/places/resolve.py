"""Chooses which place of a name is meant, by the type word in front of it, the countries the document speaks of and
the other places named beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline.gazetteer import Candidate, weigh
from pipeline.places.recognise import Spotted
from pipeline.records import Place, Reason

_AREAS = {
    "adm1": ("adm1", "region"),
    "region": ("region", "adm1", "district"),
    "sea": ("sea",),
    "river": ("river",),
    "country": ("country",),
}
_SETTLEMENTS = ("city", "village")


def find_countries(spotted: Sequence[Spotted]) -> Counter[str]:
    """How strongly the document speaks of each country: by its name twice, by a place that can be nothing else once."""
    weights: Counter[str] = Counter()
    for mention in spotted:
        best = max(mention.candidates, key=weigh)
        if best.place.country is None:
            continue
        if best.place.precision == "country":
            weights[best.place.country] += 2
        elif best.rank <= 1:
            weights[best.place.country] += 1
    return weights


def choose(
    mention: Spotted, countries: Counter[str], earlier: dict[str, Place]
) -> tuple[Place, float, Reason, tuple[Place, ...]]:
    """The place meant, a score from 0 to 1, the reason, and the places not taken."""
    total = sum(countries.values()) or 1
    scored: list[tuple[float, Candidate]] = []
    for candidate in mention.candidates:
        place = candidate.place
        score = weigh(candidate)
        score += 0.35 * min(1.0, 2.5 * countries.get(place.country or "", 0) / total)
        score += _type_bonus(mention, place)
        if place.precision == "adm1" and candidate.rank > 1 and mention.kind is None:
            score -= 0.3  # a bare name is the city, not the region called after it
        known = earlier.get(mention.name)
        if known is not None and known.id == place.id:
            score += 0.15
        scored.append((score, candidate))
    scored.sort(key=lambda item: (-item[0], item[1].place.id))
    best_score, best = scored[0]
    others = tuple(candidate.place for _, candidate in scored[1:6])
    key = (
        "by-type"
        if mention.kind and _type_bonus(mention, best.place) > 0
        else "by-country"
        if countries.get(best.place.country or "") and len(scored) > 1
        else "by-name"
    )
    values = (("name", best.place.name), ("country", best.place.country or "–"), ("others", str(len(scored) - 1)))
    return best.place, round(min(1.0, best_score / 1.3), 3), Reason(f"places.{key}", values), others


def _type_bonus(mention: Spotted, place: Place) -> float:
    kind, precision = mention.kind, place.precision
    if kind in ("city", "village"):
        return 0.3 if precision in _SETTLEMENTS else -0.3
    if kind == "site":
        return 0.3 if precision == "site" else 0.0
    if kind in _AREAS:
        return 0.6 if precision in _AREAS[kind] else -0.2
    return 0.0
