"""Chooses which place of a name is meant, by the type word in front of it, the countries and regions the document
speaks of and what the same name meant before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline.gazetteer import Candidate, weigh
from pipeline.gazetteer.build import RANK_GERMAN
from pipeline.places.names import SETTLEMENTS
from pipeline.places.spotted import Spotted
from pipeline.places.words import PlaceWords, load_words
from pipeline.records import Document, Place, Reason

_AREAS = {
    "adm1": ("adm1", "region"),
    "region": ("region", "adm1", "district"),
    "district": ("district", "adm1"),
    "sea": ("sea",),
    "river": ("river",),
    "country": ("country",),
}
_WATERS = ("river", "lake", "sea")
# What each kind of evidence is worth beside ``weigh``, which tells names apart by 0 to 1.
_COUNTRY = 0.35
_REGION = 0.2
_SAME_AS_BEFORE = 0.15
_CAPITAL = 0.2  # "Washington und London" are not the towns of each other's country
_BARE_REGION = -0.3
_WATER = 0.8


class Resolver:
    """What a document says about its places as a whole, and what its names have meant so far."""

    def __init__(self, document: Document, spotted: Sequence[Spotted], capitals: frozenset[str]) -> None:
        self._words = load_words(document.language)
        self._capitals = capitals
        self._votes = {mention.name: _vote(mention) for mention in spotted}
        self._countries = find_countries(document, spotted, self._words)
        self._total = sum(self._countries.values())
        self._regions = {
            (c.place.country, c.place.admin1)
            for mention in spotted
            for c in mention.candidates
            if c.place.precision == "adm1" and (mention.kind == "adm1" or c.rank <= RANK_GERMAN)
        }
        self._counts = Counter(mention.name for mention in spotted)
        self._earlier: dict[str, str] = {}

    def choose(self, mention: Spotted) -> tuple[Place, float, Reason, tuple[Place, ...]]:
        """The place meant, a score from 0 to 1, the reason, and the places not taken."""
        settled = any(c.place.precision in SETTLEMENTS for c in mention.candidates)
        state = any(c.place.precision == "country" for c in mention.candidates)
        scored = sorted(
            ((self._weigh(mention, candidate, settled, state), candidate) for candidate in mention.candidates),
            key=lambda item: (-item[0], item[1].place.id),
        )
        best_score, best = scored[0]
        place = best.place
        self._earlier.setdefault(mention.name, place.id)
        others = tuple(candidate.place for _, candidate in scored[1:6])
        if mention.kind and _type_bonus(mention.kind, place) > 0:
            key = "by-type"
        elif self._countries.get(place.country or "") and len(scored) > 1:
            key = "by-country"
        else:
            key = "by-name"
        values = (("name", place.name), ("country", place.country or "–"), ("others", str(len(scored) - 1)))
        return place, round(max(0.0, min(1.0, best_score / 1.3)), 3), Reason(f"places.{key}", values), others

    def _weigh(self, mention: Spotted, candidate: Candidate, settled: bool, state: bool) -> float:
        place = candidate.place
        score = weigh(candidate) + _COUNTRY * min(1.0, 2.5 * self._share(mention, place.country or ""))
        if mention.kind:
            score += _type_bonus(mention.kind, place)
        elif place.precision == "adm1" and candidate.rank > RANK_GERMAN and _has_city(mention):
            score += _BARE_REGION  # a bare name is the city, not the region called after it
        elif place.precision in _WATERS and mention.article and self._on_water(mention, settled, state):
            score += _WATER
        if place.precision in SETTLEMENTS and (place.country, place.admin1) in self._regions:
            score += _REGION
        if place.id in self._capitals and not (mention.kind or state):
            score += _CAPITAL
        if self._earlier.get(mention.name) == place.id:
            score += _SAME_AS_BEFORE
        return score

    def _share(self, mention: Spotted, country: str) -> float:
        """How much of what the document says about countries, this name aside, is about one of them: 0 to 1."""
        own, weight = self._votes[mention.name]
        weight *= self._counts[mention.name]
        total = self._total - (weight if own else 0)
        return (self._countries.get(country, 0) - (weight if own == country else 0)) / total if total > 0 else 0.0

    def _on_water(self, mention: Spotted, settled: bool, state: bool) -> bool:
        """Towns take no article, rivers do ("des Dnipro"); countries with an article are not sailed on ("auf dem
        Niger")."""
        return (settled and not state) or mention.preposition in self._words.sets["water_prepositions"]


def _has_city(mention: Spotted) -> bool:
    return any(c.place.precision == "city" for c in mention.candidates)


def find_countries(document: Document, spotted: Sequence[Spotted], words: PlaceWords) -> Counter[str]:
    """How strongly the document speaks of each country: by its name twice, by a place that can be nothing else or an
    adjective ("syrische") once."""
    weights: Counter[str] = Counter()
    for mention in spotted:
        country, weight = _vote(mention)
        if country:
            weights[country] += weight
    for sentence in document.sentences:
        for token in sentence.tokens:
            country = words.nations.get(token.text.lower()) if token.kind == "word" else None
            if country:
                weights[country] += 1
    return weights


def _vote(mention: Spotted) -> tuple[str | None, int]:
    best = max(mention.candidates, key=weigh)
    if best.place.precision == "country":
        return best.place.country, 2
    return (best.place.country, 1) if best.rank <= RANK_GERMAN else (None, 0)


def _type_bonus(kind: str, place: Place) -> float:
    precision = place.precision
    if kind in ("city", "village"):
        return 0.3 if precision in SETTLEMENTS else -0.3
    if kind == "site":
        return 0.3 if precision == "site" else 0.0
    if kind == "district" and precision in SETTLEMENTS:
        return 0.0  # where only the seat is known, its town is near
    if kind in _AREAS:
        return 0.6 if precision in _AREAS[kind] else -0.2
    return 0.0
