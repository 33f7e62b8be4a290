"""Joins restatements: a second mention of an event in the same report adds what it tells to the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pipeline.events.drafts import Draft, hit_by, is_finer, shares_place
from pipeline.events.restatements import is_cause, is_restatement
from pipeline.events.tolls import is_told_aside, merge_counts
from pipeline.records import Participation, Reason

_RANK = {"explicit": 3, "relative": 3, "inferred": 2, "reporting-time": 1, "unknown": 0}
_LOOK_BACK = 40
_MOST_ACTORS = 8


def _is_known(group: Participation, known: Sequence[Participation]) -> bool:
    """ "die Kämpfer" are those of the group that is named already in the same part."""
    country = group.actor.country
    named = [p for p in known if p.actor.sector == group.actor.sector and p.actor.country == country]
    generic = (
        country is not None and group.actor.sector in ("REB", "MIL") and group.actor.id.startswith(country.lower())
    )
    return generic and any(p.role == group.role for p in named)


def _gives_way(state: Participation, extra: Sequence[Participation]) -> bool:
    """A state gives way to those of its country whom a later mention names: its envoys, the people hit."""
    others = [p.actor for p in extra if p.actor.country == state.actor.country]
    if state.actor.id.upper() != state.actor.country:
        return False
    if state.role == "participant":
        return any(not actor.id.startswith(state.actor.id) for actor in others)
    return state.role in ("victim", "target") and any(actor.sector in ("CIV", "MIL", "COP") for actor in others)


def join(earlier: Draft, later: Draft) -> None:
    """Put what the later mention adds into the earlier event."""
    a, b = earlier.event, later.event
    better_date = _RANK[b.date_certainty] > _RANK[a.date_certainty] or (later.own_time and not earlier.own_time)
    known = {participation.actor.id for participation in a.actors}
    extra = tuple(p for p in b.actors if p.actor.id not in known) if not (a.actors and b.type != a.type) else ()
    extra = tuple(p for p in extra if not _is_known(p, a.actors))
    if b.modality == "denied" and a.modality != "denied":
        extra = ()  # who denies it is not thereby the one who did it
    plain = tuple(p for p in a.actors if not _gives_way(p, extra))
    beside = earlier.scope.sentence_number == later.scope.sentence_number
    there = b.places if later.own_place or beside else ()  # a place taken up may be that of what was told between
    change: dict[str, Any] = {
        "fatalities": merge_counts(a.fatalities, b.fatalities),
        "injured": merge_counts(a.injured, b.injured),
        "mentions": (*a.mentions, b.trigger),
        "places": b.places if later.own_place and is_finer(a, b) else a.places or there,
        "actors": (*plain, *extra)[:_MOST_ACTORS],
    }
    if is_cause(later, earlier) and a.modality == "claimed" and b.modality == "happened":
        change |= {"modality": "happened", "claimed_by": None}  # the attack is told as a fact, only its toll is not
        change |= {"mode": a.mode or b.mode, "acled": a.acled or b.acled}
    reasons = list(a.reasons)
    if not a.places and there:
        reasons[2] = b.reasons[2]
    if better_date and b.when is not None:
        change |= {"when": b.when, "date_certainty": b.date_certainty, "time": b.time, "ongoing": b.ongoing}
        reasons[1] = b.reasons[1]
        earlier.own_time = earlier.own_time or later.own_time
    earlier.own_place = earlier.own_place or later.own_place
    earlier.event = replace(a, **change, reasons=tuple(reasons))


def merge_restatements(drafts: Sequence[Draft]) -> list[Draft]:
    """Each draft joins the nearest earlier one that it restates; one that happened at a place which both name comes
    first. Looks back over a bounded number of events."""
    kept: list[Draft] = []
    for draft in drafts:
        same = [earlier for earlier in reversed(kept[-_LOOK_BACK:]) if is_restatement(draft, earlier)]
        if len(same) > 1 and draft.trigger.rule.casualties:
            same = [earlier for earlier in same if not is_told_aside(draft, earlier)] or same
        if same:
            there = (e for e in same if draft.own_place and e.own_place and shares_place(draft.event, e.event))
            join(next(there, same[0]), draft)
        else:
            _take_over(draft, kept)
            _aim(draft, kept)
            kept.append(draft)
    return kept


def _take_over(draft: Draft, earlier: Sequence[Draft]) -> None:
    """What goes on ("werden am Sonntag fortgesetzt") goes on where it began and between the same; what talks led to
    in their own sentence ("bei denen es zu einem Austausch kam") is between those who talked."""
    rule = draft.trigger.rule
    goes_on = draft.trigger.kind == "continued" or (draft.definite and rule.type == "CONSULT")
    for other in reversed(earlier[-_LOOK_BACK:]):
        same = goes_on and other.event.type == draft.event.type
        beside = other.scope.sentence_number == draft.scope.sentence_number
        if not draft.event.places and same and other.event.places:
            names = ", ".join(place.name for place in other.event.places)
            reasons = (*draft.event.reasons[:2], Reason("events.place_focus", (("place", names),)))
            draft.event = replace(draft.event, places=other.event.places, reasons=reasons)
        joins = rule.frame == "together" and not draft.event.actors and other.trigger.rule.frame == "together"
        if joins and (same or beside):
            draft.event = replace(draft.event, actors=other.event.actors)


def _aim(draft: Draft, earlier: Sequence[Draft]) -> None:
    """Who condemns or answers an attack means those who made it, as far as the report has named them."""
    event = draft.event
    own = {p.actor.country for p in event.actors if p.role in ("actor", "speaker")}
    if not draft.answers or None in own or any(p.role == "target" for p in event.actors):
        return
    for other in reversed(earlier[-_LOOK_BACK:]):
        made = [p for p in other.event.actors if p.role == "actor" and p.actor.country not in own]
        recent = not (other.event.ongoing or other.scope.clause.pluperfect)
        suffered = {actor.country for actor in hit_by(other.event)}
        if draft.trigger.rule.type != "ACCUSE" and not suffered & own:
            continue  # "kündigte Vergeltung an": against those who attacked whoever announces it
        if other.event.type in ("ASSAULT", "COERCE") and made and recent:
            target = tuple(p._replace(role="target") for p in made)
            draft.event = replace(event, actors=(*event.actors, *target)[:_MOST_ACTORS])
            return
