"""Restatements: a second mention of an event in the same report joins the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipeline.events.roles import shares_subject
from pipeline.events.scopes import Scope
from pipeline.events.triggers import Trigger
from pipeline.records import Count, Event, Participation, Reason, When

_RANK = {"explicit": 3, "relative": 3, "inferred": 2, "reporting-time": 1, "unknown": 0}


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
    if a is None or b is None:
        return True
    return (a.start is None or b.end is None or a.start < b.end) and (
        b.start is None or a.end is None or b.start < a.end
    )


_LONGER = 7  # days by which two intervals of one event may differ in length
_LONGEST_JUDGEMENT = 3  # sentences between an attack and what somebody calls it
_NEWS = 3  # days between an event and its report
_SHORTEST_HEAD, _SHORTEST_FRONT = 6, 4  # letters of "angriff" and of what stands in front of it
_FEW = 4  # dead of an attack of which the number may still rise to any height
_MANY_TIMES = 10


def _days(when: When | None) -> int:
    if when is None or when.start is None or when.end is None:
        return 0
    return (when.end - when.start).days


def _close(a: When | None, b: When | None) -> bool:
    if a is None or b is None or a.start is None or b.start is None:
        return True
    return abs((a.start - b.start).days) <= _NEWS


def shares_place(a: Event, b: Event) -> bool:
    return not a.places or not b.places or bool({p.id for p in a.places} & {p.id for p in b.places})


_COARSE = frozenset({"country", "region", "adm1"})


def _lies_in(a: Event, b: Event) -> bool:
    """Is a place of one event the country or the region around one of the other?"""
    return shares_place(a, b) or any(
        p.country == q.country and (p.precision in _COARSE) != (q.precision in _COARSE)
        for p in a.places
        for q in b.places
    )


_UNREAL = frozenset({"denied", "negated", "planned", "hypothetical"})
_DEADLY = frozenset({"jailbreak", "accident", "disaster", "fire"})


def _is_toll_of(later: Draft, earlier: Draft) -> bool:
    """Do the dead and hurt of a later mention belong to an earlier event?"""
    a, b = earlier.event, later.event
    near = later.scope.sentence_number - earlier.scope.sentence_number
    if a.modality in _UNREAL and b.modality not in _UNREAL:
        return False  # "bestritt, das Dorf angegriffen zu haben. Dort starben ...": of an attack that happened
    if near > 0 and _is_of_another_size(a, b):
        return False
    if near > 0 and (later.total or later.before or _suffers_elsewhere(a, b) or _speaks_of_others(later, a)):
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
        told_late = later.thereby and near == 1 and a.date_certainty == "reporting-time" and _close(a.when, b.when)
        return a.when is not None and (b.when == a.when or told_late) and _lies_in(a, b)
    if later.own_place and (not _lies_in(a, b) or (near > 0 and not a.places)):
        return False
    return near == 0 or (near <= 2 and later.scope.sentence.paragraph == earlier.scope.sentence.paragraph)


def _is_of_another_size(a: Event, b: Event) -> bool:
    """ "töteten 16 Soldaten. ... zählt 1300 Tote": so many more are those of a war."""
    known, told = ((e.fatalities.best or e.fatalities.low or 0) if e.fatalities else 0 for e in (a, b))
    return known > _FEW and told >= _MANY_TIMES * known


def _suffers_elsewhere(a: Event, b: Event) -> bool:
    """Do two events hit people of different countries only?"""
    hit_a, hit_b = ({p.actor.country for p in e.actors if p.role in ("target", "victim")} - {None} for e in (a, b))
    return bool(hit_a and hit_b and not hit_a & hit_b)


_ARMED = frozenset({"MIL", "REB", "CRM", "COP", "UAF"})


def _hits_others(a: Event, b: Event) -> bool:
    """Does one event hit people with arms and the other one people without?"""
    hit_a, hit_b = ({p.actor.sector for p in e.actors if p.role in ("target", "victim")} for e in (a, b))
    return any(armed and armed <= _ARMED and other == {"CIV"} for armed, other in ((hit_a, hit_b), (hit_b, hit_a)))


def _speaks_of_others(later: Draft, earlier: Event) -> bool:
    """ "Auf palästinensischer Seite starben 27 Menschen": its clause names a side that the earlier event does not."""
    if later.event.claimed_by is not None:
        return False
    named = {m.actor.country for m in later.scope.actors if m.actor and m.actor.sector in ("MIL", "REB")} - {None}
    known = {p.actor.country for p in earlier.actors} | {place.country for place in earlier.places}
    return bool(named and known - {None} and not named & known)


def is_restatement(later: Draft, earlier: Draft) -> bool:
    """Does a later mention name an earlier event once more?"""
    a, b = earlier.event, later.event
    same_type = a.type == b.type
    if later.fresh or _is_other_compound(later, earlier):
        return False
    beside = later.scope.sentence_number == earlier.scope.sentence_number
    if beside and any(joins(later, earlier) for joins in (_describes, _is_cause, _is_outcome, _does, _unfolds)):
        return True
    if (later.trigger.rule.casualties and _counts_victims(later, earlier)) or later.trigger.rule.toll:
        return _is_toll_of(later, earlier)
    if beside and (_is_other_noun(later, earlier) or _is_next_deed(later, earlier)):
        return False
    if not same_type or (a.mode and b.mode and a.mode != b.mode and later.trigger.rule.id != earlier.trigger.rule.id):
        return False
    if _tells_in_full(later, earlier) or _judges(later, earlier) or _dates(later, earlier):
        return True
    loose = "reporting-time" in (a.date_certainty, b.date_certainty)
    if not (overlaps(a.when, b.when) or (loose and _close(a.when, b.when))) or not shares_place(a, b):
        return False
    if later.own_time and earlier.own_time and abs(_days(a.when) - _days(b.when)) > _LONGER:
        return False
    if {a.modality, b.modality} & {"planned", "hypothetical", "negated"} and a.modality != b.modality:
        return False
    apart = _hits_others(a, b) or (a.claimed_by and b.claimed_by and a.claimed_by != b.claimed_by)
    if apart or _turns_round(a, b) or _suffers_elsewhere(a, b):
        return False  # an answer, an attack on the other side, or what that side says
    actors_a = {(p.actor.country) for p in a.actors if p.actor.country}
    actors_b = {(p.actor.country) for p in b.actors if p.actor.country}
    if actors_a and actors_b and not actors_a & actors_b:
        return False
    if later.definite:
        return a.modality in ("happened", "claimed") or later.trigger.rule.id == earlier.trigger.rule.id
    if later.trigger.kind == "continued":
        return False
    same_word = later.noun == earlier.noun
    dated = a.when is not None and a.when == b.when and (later.own_time or earlier.own_time)
    placed = bool(a.places) and {p.id for p in a.places} == {p.id for p in b.places}
    return (
        (dated and placed)
        or (same_word and (dated or placed) and later.trigger.kind == "noun")
        or (later.trigger.rule.id == earlier.trigger.rule.id and placed and not later.own_time)
    )


def _is_other_compound(later: Draft, earlier: Draft) -> bool:
    """ "Raketenangriff" and "Messerangriff" are two attacks."""
    nouns = later.trigger.kind == earlier.trigger.kind == "noun" and later.trigger.rule is earlier.trigger.rule
    if not nouns or later.noun == earlier.noun:
        return False
    a, b = later.noun, earlier.noun
    tail = next((n for n in range(min(len(a), len(b))) if a[-1 - n] != b[-1 - n]), 0)
    return tail >= _SHORTEST_HEAD and min(len(a), len(b)) - tail >= _SHORTEST_FRONT


def _counts_victims(later: Draft, earlier: Draft) -> bool:
    """Does a mention tell of the dead and not of who killed: "starben", "dabei wurden sieben Menschen ermordet"?"""
    if later.trigger.rule.frame == "victims":
        return True
    unnamed = later.scope.clause.passive and not any(p.role == "actor" for p in later.event.actors)
    return (
        unnamed
        and later.trigger.kind == "verb"
        and (later.thereby or later.scope.sentence_number == earlier.scope.sentence_number)
    )


def _describes(later: Draft, earlier: Draft) -> bool:
    """ "der Anschlag, bei dem Bewaffnete am 22. April 26 Menschen töteten": a relative clause that tells the noun."""
    if earlier.trigger.kind != "noun" or earlier.own_time:
        return False
    clause, words = later.scope.clause, later.scope.words
    inside = clause.kind == "relative" and clause.parent == earlier.scope.number and len(words) > 1
    within = inside and later.scope.token(words[0]).kind == "preposition"
    return within and later.trigger.rule.casualties and earlier.event.type == "ASSAULT"


def _is_next_deed(later: Draft, earlier: Draft) -> bool:
    """ "Rebellen griffen Goma an und drangen in die Kaserne ein": two verbs of one subject are two deeds."""
    verbs = later.trigger.kind == earlier.trigger.kind == "verb" and later.scope is not earlier.scope
    return verbs and later.trigger.rule.id != earlier.trigger.rule.id and shares_subject(later.scope)


def _is_other_noun(later: Draft, earlier: Draft) -> bool:
    """ "Ausgelöst wurden die Kämpfe durch zwei Explosionen": two nouns of one clause, the second behind a preposition:
    the cause of the first."""
    if later.scope is not earlier.scope:
        return False
    phrase = later.trigger.phrase
    nouns = later.trigger.kind == earlier.trigger.kind == "noun" and later.noun != earlier.noun
    return nouns and phrase is not None and phrase.preposition is not None


def _tells_in_full(later: Draft, earlier: Draft) -> bool:
    """ "Nach dem Angriff auf ein Schiff ... Es war am Montag beschossen worden": the occasion of the news is told."""
    a, b = earlier.event, later.event
    if not (earlier.trigger.aside and earlier.definite and a.when is None and a.type == "ASSAULT"):
        return False
    near = later.scope.sentence_number - earlier.scope.sentence_number
    if not (later.own_time and 0 < near <= 2) or later.trigger.aside or later.scope.clause.tense != "past":
        return False
    doers_a = {p.actor.id for p in a.actors if p.role == "actor"}
    doers_b = {p.actor.id for p in b.actors if p.role == "actor"}
    told = b.modality in ("happened", "claimed")
    return (
        told and shares_place(a, b) and not (doers_a and doers_b and not doers_a & doers_b) and not _turns_round(a, b)
    )


def _dates(later: Draft, earlier: Draft) -> bool:
    """ "Bei einem Anschlag in Cali starben sechs Menschen. Am Donnerstag explodierte ein Lastwagen": the sentence
    behind the news gives the day."""
    a, b = earlier.event, later.event
    follows = later.scope.sentence_number - earlier.scope.sentence_number == 1
    follows = follows and later.scope.sentence.paragraph == earlier.scope.sentence.paragraph
    alike = a.type == b.type == "ASSAULT" and earlier.trigger.rule.frame != "together"
    alike = alike and (a.mode == b.mode or not (a.mode and b.mode))
    same = alike and bool(a.places) and shares_place(a, b)
    guessed = a.date_certainty == "reporting-time" and later.own_time and _close(a.when, b.when)
    told = a.modality == "happened" and b.modality in ("happened", "claimed") and not b.fatalities
    return follows and same and guessed and told and not (_turns_round(a, b) or _suffers_elsewhere(a, b))


def _judges(later: Draft, earlier: Draft) -> bool:
    """ "Die Hamas sprach von einem Massaker": another word for the attack told just before, no second one."""
    near = later.scope.sentence_number - earlier.scope.sentence_number
    told = earlier.event.modality in ("happened", "claimed") and near <= _LONGEST_JUDGEMENT
    own = later.own_time or later.own_place or later.event.fatalities or later.event.actors
    return later.judges and told and not own and later.event.type == "ASSAULT"


def _turns_round(a: Event, b: Event) -> bool:
    """Does the second mention have as its doer whom the first one hits? An answer is another event."""
    doers = {p.actor.id for p in b.actors if p.role == "actor"}
    return bool(doers & {p.actor.id for p in a.actors if p.role in ("target", "victim")}) and not (
        doers & {p.actor.id for p in a.actors if p.role == "actor"}
    )


def _is_cause(later: Draft, earlier: Draft) -> bool:
    """ "Bei einem Luftangriff wurden neun Menschen getötet": the attack and its toll in one clause."""
    if later.scope.sentence is not earlier.scope.sentence or later.scope.number != earlier.scope.number:
        return False
    causes = later.trigger.aside and later.trigger.rule.type == "ASSAULT" and not later.trigger.rule.casualties
    return causes and later.occurs and earlier.trigger.rule.casualties and earlier.event.type == "ASSAULT"


def _does(later: Draft, earlier: Draft) -> bool:
    """ "Ein Drohnenangriff setzte ein Lager in Brand": the attack and what it did, in one clause."""
    if later.scope is not earlier.scope or {later.trigger.kind, earlier.trigger.kind} != {"verb", "noun"}:
        return False
    noun, verb = (later, earlier) if later.trigger.kind == "noun" else (earlier, later)
    leads = noun.trigger.phrase is not None and noun.trigger.phrase.preposition is None and not noun.trigger.aside
    same = noun.event.type == verb.event.type == "ASSAULT"
    return same and leads and not noun.event.actors and not any(p.role == "actor" for p in verb.event.actors)


def _unfolds(later: Draft, earlier: Draft) -> bool:
    """ "Es war ein Angriff in Rafah: Rebellen feuerten dort ...": behind a colon the attack is told."""
    noun, verb = earlier.trigger, later.trigger
    words = later.scope.words
    told = noun.kind == "noun" and verb.kind == "verb" and later.event.type == earlier.event.type == "ASSAULT"
    behind = told and bool(words) and words[0] > 0 and later.scope.token(words[0] - 1).text == ":"
    return behind and not earlier.definite and later.scope.number == earlier.scope.number + 1


def _is_outcome(later: Draft, earlier: Draft) -> bool:
    """ "Israel griff Beirut an und tötete drei Menschen": the same attackers go on in the next clause."""
    if later.scope.sentence_number != earlier.scope.sentence_number or later.own_place or later.own_time:
        return False
    goes_on = later.scope.number == earlier.scope.number + 1 and shares_subject(later.scope)
    return goes_on and later.trigger.rule.casualties and later.event.type == earlier.event.type == "ASSAULT"


def merge_counts(a: Count | None, b: Count | None) -> Count | None:
    """Two tolls of one event: the later, larger total stands; a zero gives way."""
    if a is None or b is None:
        return a or b
    return b if (b.best or b.low or 0) >= (a.best or a.low or 0) else a


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
        "places": a.places or there,
        "actors": (*plain, *extra)[:_MOST_ACTORS],
    }
    if _is_cause(later, earlier) and a.modality == "claimed" and b.modality == "happened":
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
            same = [earlier for earlier in same if not _is_told_aside(draft, earlier)] or same
        if same:
            there = (e for e in same if draft.own_place and e.own_place and shares_place(draft.event, e.event))
            join(next(there, same[0]), draft)
        else:
            _take_over(draft, kept)
            _aim(draft, kept)
            kept.append(draft)
    return kept


def _is_told_aside(later: Draft, earlier: Draft) -> bool:
    """ "Nach dem Anschlag, bei dem 26 Menschen starben, bombardierte Indien neun Orte. Dabei kamen 31 um": an attack
    that a relative clause tells has its own dead."""
    apart = later.scope.sentence_number != earlier.scope.sentence_number
    aside = earlier.scope.clause.kind == "relative" or earlier.trigger.aside or earlier.topic
    return apart and aside and earlier.event.fatalities is not None


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
        suffered = {p.actor.country for p in other.event.actors if p.role in ("target", "victim")}
        if draft.trigger.rule.type != "ACCUSE" and not suffered & own:
            continue  # "kündigte Vergeltung an": against those who attacked whoever announces it
        if other.event.type in ("ASSAULT", "COERCE") and made and recent:
            target = tuple(p._replace(role="target") for p in made)
            draft.event = replace(event, actors=(*event.actors, *target)[:_MOST_ACTORS])
            return


_LOOK_BACK = 40
_MOST_ACTORS = 8
