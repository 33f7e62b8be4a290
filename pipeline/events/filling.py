"""Actors that follow from what an event is and where it is, where its words leave a part open."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.actors.knowledge import group_actor, state_actor
from pipeline.events.lexicon import Lexicon
from pipeline.events.modality import Verdict
from pipeline.events.scopes import Scope
from pipeline.events.triggers import Trigger
from pipeline.records import Participation, Place

_SUFFERING = ("target", "victim", "participant")


def fill_actors(
    trigger: Trigger,
    scope: Scope,
    actors: tuple[Participation, ...],
    places: Sequence[Place],
    verdict: Verdict,
    lexicon: Lexicon,
) -> tuple[Participation, ...]:
    """The actors with those that the event implies: the state that an attack on its territory hits, the people who
    flee, the one who denies having done it. Who attacked is never filled in."""
    named = any(p.role in ("actor", "participant") or p.actor == verdict.claimed_by for p in actors)
    if verdict.modality == "denied" and verdict.claimed_by is not None and not named:
        actors = (*actors, Participation(verdict.claimed_by, "actor"))
    country = places[0].country if places else None
    if country is None:
        return actors
    implied = _implied(trigger, scope, actors, country, lexicon)
    return (*actors, implied) if implied is not None else actors


def _implied(
    trigger: Trigger, scope: Scope, actors: Sequence[Participation], country: str, lexicon: Lexicon
) -> Participation | None:
    rule, state = trigger.rule, state_actor(country)
    roles = {participation.role for participation in actors}
    hits = rule.type == "ASSAULT" or (rule.type == "COERCE" and rule.mode in ("seize", "restrict"))
    suffers = rule.mode in ("infrastructure-outage", "closure", "fire", "withhold")
    own_forces = any(p.actor == state or (p.actor.country == country and p.actor.sector == "MIL") for p in actors)
    if own_forces and hits:
        return None  # an army that takes back a town of its own country
    if (hits or suffers) and rule.frame != "together" and not roles & set(_SUFFERING):
        return Participation(state, "victim" if rule.casualties or suffers else "target")
    if rule.frame == "flee" and not actors and lexicon.cues["uncounted"] & scope.lower | _numbers(scope):
        return Participation(group_actor("civ", country), "actor")
    if rule.frame == "hold" and not actors and rule.mode == "election":
        return Participation(state, "actor")
    if rule.mode == "humanitarian" and not roles & {"beneficiary", "target", "victim"}:
        return Participation(group_actor("civ", country), "beneficiary")
    return None


def _numbers(scope: Scope) -> frozenset[str]:
    return frozenset(scope.token(i).text for i in scope.words if scope.token(i).kind == "number")
