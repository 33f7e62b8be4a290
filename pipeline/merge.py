"""The same event in several reports becomes one: derived from the stored events, pure, whatever their order.

Events of one type and kind of modality are compared only where they can be one: on the same day and in the same cell of
the map, or, where one of them has no close place, by who acts; so time grows with the number of events, not of pairs. A
group takes an event only when it fits every member, so that a vague report never joins two
events that differ. No member is lost: a cluster can be taken apart again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import asin, cos, floor, radians, sin, sqrt
from typing import TypeAlias

from pipeline.records import Count, Event, Modality, Participation, Place, When

# What happened, was claimed or is disputed may be one event; what is planned, imagined or did not happen is another.
KINDS: dict[Modality, str] = {"happened": "real", "claimed": "real", "denied": "real"}
_EXACT = frozenset({"minute", "daypart", "night", "day", "multi-day"})
LONGEST_DAYS = 7  # an event that a report dates no closer than a week is too vague to be matched
WIDE = frozenset({"country", "region", "sea"})  # such a place says too little to join two events
_RECIPROCAL = frozenset({"CONSULT", "AGREE", "COOPERATE"})
_KM_A_DEGREE = 110  # a little less than a degree of latitude, so that no cell is missed
_LAST = date.max


@dataclass(frozen=True, slots=True)
class MergedEvent:
    """One event with all its reports. ``members`` are event ids, ``sources`` document ids, both sorted; ``texts`` is
    how many different texts these are, for copies of an agency's report confirm nothing. ``event`` has the closest date
    and places, all actors, and numbers whose low and high span those of the reports."""

    id: str
    members: tuple[str, ...]
    sources: tuple[str, ...]
    texts: int
    event: Event


def merge_events(events: Iterable[Event]) -> tuple[MergedEvent, ...]:
    """Clusters of events, sorted by first day and id. The same events give the same clusters in any order; an event
    given twice counts once."""
    ordered = sorted({event.id: event for event in events}.values(), key=rank_of)
    clusters: list[_Cluster] = []
    blocks: dict[_Block, dict[int, None]] = {}
    for event in ordered:
        look, stand = _blocks(event)
        near = sorted({number for block in look for number in blocks.get(block, ())})
        found = next((number for number in near if clusters[number].fits(event)), None)
        if found is None:
            found = len(clusters)
            clusters.append(_Cluster([], set(), {}))
        clusters[found].add(event)
        for block in stand:
            blocks.setdefault(block, {})[found] = None
    merged = [merge_group(cluster.members) for cluster in clusters]
    return tuple(sorted(merged, key=lambda m: (_first(m.event), m.id)))


@dataclass(frozen=True, slots=True)
class _Cluster:
    """Events that are one so far. ``faces`` holds one of each that state the same facts, and their words if all of them
    have the same: thousands of reports of one event are as quickly compared as a few."""

    members: list[Event]
    documents: set[str]
    faces: dict[object, Event]

    def fits(self, event: Event) -> bool:
        return self.documents.isdisjoint(_documents(event)) and all(
            is_same_event(event, other) for other in self.faces.values()
        )

    def add(self, event: Event) -> None:
        self.members.append(event)
        self.documents.update(_documents(event))
        best = event.fatalities.best if event.fatalities else None
        face = event.when, event.mode, tuple(place.id for place in event.places), _agents(event), best
        other = self.faces.setdefault(face, event)
        if other.words != event.words:
            self.faces[face] = replace(other, words=None)


_Block: TypeAlias = tuple[str, str, date, str, object]


def _blocks(event: Event) -> tuple[list[_Block], list[_Block]]:
    """Where to look for events that can be this one, and where to be found by them: by day and, where a close place is
    known, by the cells of the map within its radius; an event without one is found by who acts."""
    cells: list[tuple[str, object]] = [
        ("cell", cell) for cell in sorted({cell for place in _close(event.places) for cell in _cells(place)})
    ]
    agents = sorted(_agents(event))
    wide: list[tuple[str, object]] = [("wide", agent) for agent in agents]
    placed: list[tuple[str, object]] = [("placed", agent) for agent in agents]
    look, stand = (cells + wide, cells + placed) if cells else (wide + placed, wide)
    kind = KINDS.get(event.modality, event.modality)
    days = _days(event)

    def spread(keys: list[tuple[str, object]]) -> list[_Block]:
        blocks: list[_Block] = [(event.type, kind, day, *key) for day in days for key in keys]
        return blocks if event.words is None else [*blocks, (event.type, kind, _first(event), "words", event.words)]

    return spread(look), spread(stand)


def _close(places: Sequence[Place]) -> list[Place]:
    return [place for place in places if place.precision not in WIDE]


def _cells(place: Place) -> Iterator[tuple[int, int]]:
    """The cells of the map, two degrees wide and high, that lie within the radius of a place."""
    high = place.radius_km / _KM_A_DEGREE
    wide = high / max(cos(radians(place.lat)), 0.1)
    for y in range(floor((place.lat - high) / 2), floor((place.lat + high) / 2) + 1):
        for x in range(floor((place.lon - wide) / 2), floor((place.lon + wide) / 2) + 1):
            yield x % 180, y


def is_same_event(a: Event, b: Event) -> bool:
    """Whether two stored events can be one: from different reports, same type, days that overlap, a place in common,
    and actors that do not contradict each other; or told in the very same words, as agencies' reports are by many
    outlets. What one report tells as two events stays two."""
    if (
        not _documents(a).isdisjoint(_documents(b))
        or a.type != b.type
        or KINDS.get(a.modality, a.modality) != KINDS.get(b.modality, b.modality)
    ):
        return False
    return _same_words(a, b) or _same_facts(a, b)


def _documents(event: Event) -> frozenset[str]:
    return event.copies | {event.document_id}


def _same_words(a: Event, b: Event) -> bool:
    # A sentence that fits every report ("The police investigates.") is of another event where the place is another.
    return a.words is not None and a.words == b.words and a.when == b.when and _near(a.places, b.places) is not False


def _same_facts(a: Event, b: Event) -> bool:
    if a.mode is not None and b.mode is not None and a.mode != b.mode and a.type == "OTHER":
        return False
    if not _share_days(a.when, b.when):
        return False
    near = _near(a.places, b.places)
    shared = _share_actors(a, b)
    if near is False or shared is False:
        return False
    # Neither place nor actors known in common: the day and the type alone do not make it one event.
    return (near is True and (shared is True or a.type not in _RECIPROCAL)) or (
        near is None and shared is True and _numbers_agree(a, b)
    )


def rank_of(event: Event) -> tuple[int, date, str]:
    """The order in which events find their group: the closest dates first, so that vague reports join clear ones and
    not the other way round. An event joins the group of the first founder by this order in which it fits everybody
    before it; so where it stands depends only on events of lower rank."""
    return len(_days(event)) or LONGEST_DAYS + 1, _first(event), event.id


def _first(event: Event) -> date:
    return event.when.start if event.when is not None and event.when.start is not None else _LAST


def _days(event: Event) -> list[date]:
    """The days an event may lie on; none where it is not dated to a week or closer."""
    when = event.when
    if when is None or when.start is None or when.end is None:
        return []
    length = (when.end - when.start).days
    return [when.start + timedelta(days=i) for i in range(length)] if 0 < length <= LONGEST_DAYS else []


def _share_days(a: When | None, b: When | None) -> bool:
    if a is None or b is None or a.start is None or b.start is None or a.end is None or b.end is None:
        return False
    if max((a.end - a.start).days, (b.end - b.start).days) > LONGEST_DAYS:
        return False
    if not (a.start < b.end and b.start < a.end):
        return False
    if a.precision in _EXACT and b.precision in _EXACT:
        # "in der Nacht zum Sonntag" covers two days: the nights before and after one day are not the same.
        return a.end == b.end or a.start == b.start or (b.end - b.start).days == 1 or (a.end - a.start).days == 1
    return True


def _near(a: Sequence[Place], b: Sequence[Place]) -> bool | None:
    """Whether a place lies within the other's radius; ``None`` where one report names none or only a country."""
    close_a, close_b = _close(a), _close(b)
    if not close_a or not close_b:
        countries_a, countries_b = {p.country for p in a} - {None}, {p.country for p in b} - {None}
        return False if countries_a and countries_b and not countries_a & countries_b else None
    return any(
        p.id == q.id or (_distance(p, q) <= max(p.radius_km, q.radius_km) and p.precision != q.precision)
        for p in close_a
        for q in close_b
    )


def _distance(a: Place, b: Place) -> float:
    """Great-circle distance in km."""
    lat, lon = radians(b.lat - a.lat) / 2, radians(b.lon - a.lon) / 2
    root = sin(lat) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(lon) ** 2
    return 12742 * asin(sqrt(min(1.0, root)))


def _share_actors(a: Event, b: Event) -> bool | None:
    """Whether those who act are the same body or of one country; ``None`` where one report names nobody."""
    sides_a, sides_b = _agents(a), _agents(b)
    if not sides_a or not sides_b:
        return None
    return bool(sides_a & sides_b)


def _agents(event: Event) -> frozenset[str]:
    agents = [p.actor for p in event.actors if p.role in ("actor", "speaker", "participant")]
    chosen = agents or [p.actor for p in event.actors]
    return frozenset(actor.country or actor.id for actor in chosen)


def _numbers_agree(a: Event, b: Event) -> bool:
    """Reports of one event without a common place should at least agree on the dead, where both count them."""
    if a.fatalities is None or b.fatalities is None or a.fatalities.best is None or b.fatalities.best is None:
        return True
    return a.fatalities.best == b.fatalities.best


def merge_group(cluster: Sequence[Event]) -> MergedEvent:
    """One event out of those that are one."""
    members = sorted(cluster, key=lambda event: event.id)
    # Of two readings of one text that of the earlier day: "yesterday" was written for it.
    best = min(members, key=lambda event: (*rank_of(event)[:2], -len(event.places), -event.confidence, event.id))
    ids = tuple(event.id for event in members)
    placed = min(
        (e for e in members if e.places), key=lambda e: (min(p.radius_km for p in e.places), e.id), default=best
    )
    actors: dict[tuple[str, str], Participation] = {}
    for event in members:
        for participation in event.actors:
            actors.setdefault((participation.actor.id, participation.role), participation)
    happened = any(event.modality == "happened" for event in members)
    merged = replace(
        best,
        places=placed.places,
        actors=tuple(actors[key] for key in sorted(actors)),
        modality="happened" if happened else best.modality,
        claimed_by=None if happened else best.claimed_by,
        fatalities=_span([event.fatalities for event in members]),
        injured=_span([event.injured for event in members]),
        confidence=max(event.confidence for event in members),
    )
    digest = hashlib.sha256("\n".join(ids).encode()).hexdigest()[:16]
    texts = {event.document_id if event.text is None else event.text for event in members}
    return MergedEvent(digest, ids, tuple(sorted({event.document_id for event in members})), len(texts), merged)


def _span(counts: Iterable[Count | None]) -> Count | None:
    """Differing figures become low and high; the best is kept only where all agree."""
    known = [count for count in counts if count is not None]
    if not known:
        return None
    numbers = [n for count in known for n in count if n is not None]
    bests = {count.best for count in known}
    if len(bests) == 1:
        lows = [count.low for count in known if count.low is not None]
        highs = [count.high for count in known]
        high = None if None in highs else max(h for h in highs if h is not None)
        return Count(min(lows, default=None), bests.pop(), high)
    return Count(min(numbers), None, max(numbers))
