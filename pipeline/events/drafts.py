"""A draft of an event, with what joining asks about it, and how two events lie to each other in time and place."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.events.scopes import Scope
from pipeline.events.triggers import Trigger
from pipeline.records import Actor, Event, When

_COARSE = frozenset({"country", "region", "adm1"})
_NEWS = 3  # days between an event and its report


@dataclass(slots=True)
class Draft:
    """An event with what merging asks about it."""

    event: Event
    trigger: Trigger
    scope: Scope
    own_time: bool
    own_place: bool
    definite: bool
    noun: str
    occurs: bool  # an occasion that is this very event ("bei dem Angriff"), not an earlier one ("nach dem Angriff")
    answers: bool  # "verurteilte die Angriffe", "kündigte Vergeltung an": speaks of an attack told before
    total: bool = False  # "damit stieg die Zahl der Toten auf fünf": of more than one attack
    thereby: bool = False  # "dabei wurden drei Menschen getötet"
    fresh: bool = False  # "bei der anschließenden Schießerei": another event
    judges: bool = False  # "sprach von einem Massaker": what somebody calls an attack
    topic: bool = False  # "als Vergeltung für die Tötung": only what another one is about
    before: bool = False  # "zuvor waren vier Polizisten getötet worden": in an attack of its own


def overlaps(a: When | None, b: When | None) -> bool:
    """Have two intervals a day in common? Yes where one is not known."""
    if a is None or b is None:
        return True
    return (a.start is None or b.end is None or a.start < b.end) and (
        b.start is None or a.end is None or b.start < a.end
    )


def count_days(when: When | None) -> int:
    """How many days an interval has; 0 where it is open."""
    if when is None or when.start is None or when.end is None:
        return 0
    return (when.end - when.start).days


def are_close(a: When | None, b: When | None) -> bool:
    """Do two intervals begin within the days between an event and its report?"""
    if a is None or b is None or a.start is None or b.start is None:
        return True
    return abs((a.start - b.start).days) <= _NEWS


def shares_place(a: Event, b: Event) -> bool:
    """Have two events a place in common? Yes where one has none."""
    return not a.places or not b.places or bool({p.id for p in a.places} & {p.id for p in b.places})


def hit_by(event: Event) -> list[Actor]:
    """Whom an event hits."""
    return [p.actor for p in event.actors if p.role in ("target", "victim")]


def suffer_elsewhere(a: Event, b: Event) -> bool:
    """Do two events hit people of different countries only?"""
    hit_a, hit_b = ({actor.country for actor in hit_by(e)} - {None} for e in (a, b))
    return bool(hit_a and hit_b and not hit_a & hit_b)


def lies_in(a: Event, b: Event) -> bool:
    """Is a place of one event the country or the region around one of the other?"""
    return shares_place(a, b) or any(
        p.country == q.country and (p.precision in _COARSE) != (q.precision in _COARSE)
        for p in a.places
        for q in b.places
    )


def is_finer(a: Event, b: Event) -> bool:
    """Does one event name a town in what the other one names as its country or region?"""
    coarse = bool(a.places) and all(place.precision in _COARSE for place in a.places)
    return coarse and bool(b.places) and not any(p.precision in _COARSE for p in b.places) and lies_in(a, b)
