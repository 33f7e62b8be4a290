"""Actors that follow from what an event is and where it is, where its words leave a part open."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.actors.knowledge import group_actor, state_actor
from pipeline.events.lexicon import Lexicon
from pipeline.events.modality import Verdict
from pipeline.events.placing import is_origin, is_struck, strikes
from pipeline.events.scopes import Scope, find_phrase
from pipeline.events.triggers import Trigger
from pipeline.records import Participation, Place

_STANDING = frozenset(
    {"building", "base", "settlement", "territory", "service"}
)  # what a place has and an attack can hit


def fill_actors(
    trigger: Trigger,
    scope: Scope,
    actors: tuple[Participation, ...],
    places: Sequence[Place],
    verdict: Verdict,
    lexicon: Lexicon,
) -> tuple[Participation, ...]:
    """The actors with those that the clause names by another word: the state whose town or building it says was hit,
    the people behind "Tausende flohen", the one who denies an attack. Nobody else is filled in, least of all who
    attacked."""
    named = any(p.role in ("actor", "participant") or p.actor == verdict.claimed_by for p in actors)
    own_act = trigger.kind == "noun" or scope.clause.kind == "infinitive"  # not "bestritt, dass die Stadt gefallen sei"
    if verdict.modality == "denied" and verdict.claimed_by is not None and own_act and not named:
        actors = (*actors, Participation(verdict.claimed_by, "actor"))
    giver = _find_giver(trigger, scope, lexicon)
    if giver is not None and giver.actor.id not in {p.actor.id for p in actors}:
        actors = (*actors, giver)
    country = places[0].country if places else None
    if country is None:
        return actors
    told = _told_by_place(trigger, scope, actors, country, lexicon)
    return (*actors, told) if told is not None else actors


def _find_giver(trigger: Trigger, scope: Scope, lexicon: Lexicon) -> Participation | None:
    """ "erhielt Waffen aus Israel": the state that they came from."""
    for m in scope.places if trigger.rule.frame == "receive" else ():
        if m.place and m.place.country and m.place.precision == "country" and is_origin(m, scope, lexicon):
            return Participation(state_actor(m.place.country), "actor")
    return None


def _told_by_place(
    trigger: Trigger, scope: Scope, actors: Sequence[Participation], country: str, lexicon: Lexicon
) -> Participation | None:
    rule, state = trigger.rule, state_actor(country)
    if rule.frame == "flee" and not actors and lexicon.cues["uncounted"] & scope.lower | _numbers(scope):
        return Participation(group_actor("civ", country), "actor")
    hits = rule.type == "ASSAULT" or (rule.type == "COERCE" and rule.mode in ("seize", "restrict"))
    suffers = rule.mode in ("infrastructure-outage", "closure", "fire", "withhold")
    if not (hits or suffers) or rule.casualties or rule.frame == "together":
        return None
    if any(p.role in ("target", "victim", "participant") for p in actors) or not _hits_place(trigger, scope, lexicon):
        return None
    if any(p.actor == state or (p.actor.country == country and p.actor.sector == "MIL") for p in actors):
        return None  # an army that takes back a town of its own country
    return Participation(state, "victim" if suffers else "target")


def _hits_place(trigger: Trigger, scope: Scope, lexicon: Lexicon) -> bool:
    """Does the clause say that the place, or something that stands there, was hit?"""
    campaign = trigger.kind == "noun" and "campaign" in lexicon.tags[scope.token(trigger.word).text]
    if campaign or trigger.rule.frame in ("undergo", "suffer") or scope.lower & lexicon.cues["aims"]:
        return True
    if any(m.role == "location" and is_struck(m, scope, lexicon) for m in scope.places):
        return True
    for index in scope.words if scope.tags & _STANDING else ():
        if lexicon.tags[scope.token(index).text] & _STANDING:
            phrase = find_phrase(scope.sentence, index, lexicon, scope.gaps)
            if phrase.preposition is None or strikes(phrase.preposition, phrase.article, scope, lexicon):
                return True
    return False


def _numbers(scope: Scope) -> frozenset[str]:
    return frozenset(scope.token(i).text for i in scope.words if scope.token(i).kind == "number")
