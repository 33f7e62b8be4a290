"""Dead and hurt that a later sentence tells: whether they are those of an attack told before."""

from __future__ import annotations

from pipeline.events.drafts import Draft, are_close, hit_by, lies_in, shares_place, suffer_elsewhere
from pipeline.records import Count, Event

_FEW = 4  # dead of an attack of which the number may still rise to any height
_MANY_TIMES = 10
_UNREAL = frozenset({"denied", "negated", "planned", "hypothetical"})
_DEADLY = frozenset({"jailbreak", "accident", "disaster", "fire"})


def is_toll_of(later: Draft, earlier: Draft) -> bool:
    """Do the dead and hurt of a later mention belong to an earlier event?"""
    a, b = earlier.event, later.event
    near = later.scope.sentence_number - earlier.scope.sentence_number
    if a.modality in _UNREAL and b.modality not in _UNREAL:
        return False  # "bestritt, das Dorf angegriffen zu haben. Dort starben ...": of an attack that happened
    if (near > 0 and _is_of_another_size(a, b)) or _kills_attackers(a, b):
        return False
    if near > 0 and (later.total or later.before or suffer_elsewhere(a, b) or _speaks_of_others(later, a)):
        return False
    if a.claimed_by and b.claimed_by and a.claimed_by != b.claimed_by:
        return False  # what the other side says
    if near == 0 and later.scope.number < earlier.scope.number and a.fatalities and b.fatalities:
        return False  # "verlor 23 Mann, will aber 200 Gegner getötet haben"
    captured = near == 0 and a.type == "COERCE" and a.mode == "seize"
    takes = earlier.trigger.rule.type == "ASSAULT" or a.mode in _DEADLY or captured
    if not takes or (earlier.trigger.rule.frame == "together" and near > 1):
        return False
    if near == 0 and later.scope.clause.kind == "relative" and earlier.trigger.kind == "noun" and a.when is None:
        return shares_place(a, b)  # "nach dem Angriff, bei dem am Samstag zwölf Kinder starben"
    if later.own_time and not (near == 0 and later.scope.number == earlier.scope.number):
        told_late = later.thereby and near == 1 and a.date_certainty == "reporting-time" and are_close(a.when, b.when)
        return a.when is not None and (b.when == a.when or told_late) and lies_in(a, b)
    if later.own_place and (not lies_in(a, b) or (near > 0 and not a.places)):
        return False
    return near == 0 or (near <= 2 and later.scope.sentence.paragraph == earlier.scope.sentence.paragraph)


def _kills_attackers(a: Event, b: Event) -> bool:
    """ "töteten sechs Gäste; beide Angreifer wurden erschossen": not by themselves."""
    hit_a, hit_b = ({actor.sector for actor in hit_by(e)} for e in (a, b))
    return hit_b == {"UAF"} and bool(hit_a or a.fatalities) and "UAF" not in hit_a


def _is_of_another_size(a: Event, b: Event) -> bool:
    """ "töteten 16 Soldaten. ... zählt 1300 Tote": so many more are those of a war."""
    known, told = ((e.fatalities.best or e.fatalities.low or 0) if e.fatalities else 0 for e in (a, b))
    return known > _FEW and told >= _MANY_TIMES * known


def _speaks_of_others(later: Draft, earlier: Event) -> bool:
    """ "Auf palästinensischer Seite starben 27 Menschen": its clause names a side that the earlier event does not."""
    if later.event.claimed_by is not None:
        return False
    named = {m.actor.country for m in later.scope.actors if m.actor and m.actor.sector in ("MIL", "REB")} - {None}
    known = {p.actor.country for p in earlier.actors} | {place.country for place in earlier.places}
    return bool(named and known - {None} and not named & known)


def counts_victims(later: Draft, earlier: Draft) -> bool:
    """Does a mention tell of the dead and not of who killed: "starben", "dabei wurden sieben Menschen ermordet"?"""
    if later.trigger.rule.frame == "victims":
        return True
    unnamed = later.scope.clause.passive and not any(p.role == "actor" for p in later.event.actors)
    return (
        unnamed
        and later.trigger.kind == "verb"
        and (later.thereby or later.scope.sentence_number == earlier.scope.sentence_number)
    )


def is_told_aside(later: Draft, earlier: Draft) -> bool:
    """ "Nach dem Anschlag, bei dem 26 Menschen starben, bombardierte Indien neun Orte. Dabei kamen 31 um": an attack
    that a relative clause tells has its own dead."""
    apart = later.scope.sentence_number != earlier.scope.sentence_number
    aside = earlier.scope.clause.kind == "relative" or earlier.trigger.aside or earlier.topic
    return apart and aside and earlier.event.fatalities is not None


def merge_counts(a: Count | None, b: Count | None) -> Count | None:
    """Two tolls of one event: the later, larger total stands; a zero gives way."""
    if a is None or b is None:
        return a or b
    return b if (b.best or b.low or 0) >= (a.best or a.low or 0) else a
