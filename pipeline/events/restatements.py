"""Restatements: whether a later mention in a report names an earlier event once more."""

from __future__ import annotations

from pipeline.events.drafts import (
    Draft,
    are_close,
    count_days,
    hit_by,
    lies_in,
    overlaps,
    shares_place,
    suffer_elsewhere,
)
from pipeline.events.subjects import shares_subject
from pipeline.events.tolls import counts_victims, is_toll_of
from pipeline.records import Event

_LONGER = 7  # days by which two intervals of one event may differ in length
_LONGEST_JUDGEMENT = 3  # sentences between an attack and what somebody calls it
_SHORTEST_HEAD, _SHORTEST_FRONT = 6, 4  # letters of "angriff" and of what stands in front of it
_ARMED = frozenset({"MIL", "REB", "CRM", "COP", "UAF"})


def is_restatement(later: Draft, earlier: Draft) -> bool:
    """Does a later mention name an earlier event once more?"""
    a, b = earlier.event, later.event
    same_type = a.type == b.type
    beside = later.scope.sentence_number == earlier.scope.sentence_number
    unlike = not (same_type or beside or later.trigger.rule.casualties or later.trigger.rule.toll)
    if unlike or later.fresh or any(differ(later, earlier) for differ in (_is_other_compound, _counts_others, _lasts)):
        return False
    if beside and any(joins(later, earlier) for joins in (_describes, is_cause, _is_outcome, _does, _unfolds)):
        return True
    if (later.trigger.rule.casualties and counts_victims(later, earlier)) or later.trigger.rule.toll:
        return is_toll_of(later, earlier)
    if beside and (_is_other_noun(later, earlier) or _is_next_deed(later, earlier)):
        return False
    if not same_type or (a.mode and b.mode and a.mode != b.mode and later.trigger.rule.id != earlier.trigger.rule.id):
        return False
    if _tells_in_full(later, earlier) or _judges(later, earlier) or _dates(later, earlier):
        return True
    loose = "reporting-time" in (a.date_certainty, b.date_certainty)
    if not (overlaps(a.when, b.when) or (loose and are_close(a.when, b.when))) or not shares_place(a, b):
        return False
    if later.own_time and earlier.own_time and abs(count_days(a.when) - count_days(b.when)) > _LONGER:
        return False
    if {a.modality, b.modality} & {"planned", "hypothetical", "negated"} and a.modality != b.modality:
        return False
    apart = _hits_others(a, b) or (a.claimed_by and b.claimed_by and a.claimed_by != b.claimed_by)
    if apart or _turns_round(a, b) or suffer_elsewhere(a, b):
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


def _hits_others(a: Event, b: Event) -> bool:
    """Does one event hit people with arms and the other one people without?"""
    hit_a, hit_b = ({actor.sector for actor in hit_by(e)} for e in (a, b))
    return any(armed and armed <= _ARMED and other == {"CIV"} for armed, other in ((hit_a, hit_b), (hit_b, hit_a)))


def _counts_others(later: Draft, earlier: Draft) -> bool:
    """ "Nach dem Messerangriff mit drei Toten": in another paragraph than an attack with other dead, another one."""
    a, b = earlier.event.fatalities, later.event.fatalities
    apart = later.scope.sentence.paragraph != earlier.scope.sentence.paragraph and later.trigger.aside
    return apart and a is not None and b is not None and a.best != b.best


def _is_other_compound(later: Draft, earlier: Draft) -> bool:
    """ "Raketenangriff" and "Messerangriff" are two attacks."""
    nouns = later.trigger.kind == earlier.trigger.kind == "noun" and later.trigger.rule.id == earlier.trigger.rule.id
    if not nouns or later.noun == earlier.noun:
        return False
    a, b = later.noun, earlier.noun
    tail = next((n for n in range(min(len(a), len(b))) if a[-1 - n] != b[-1 - n]), 0)
    return tail >= _SHORTEST_HEAD and min(len(a), len(b)) - tail >= _SHORTEST_FRONT


def _lasts(later: Draft, earlier: Draft) -> bool:
    """ "Seit dem Angriff im Februar wurden 14.000 Menschen getötet": what lasts since an attack is not that attack."""
    beside = later.scope.sentence_number == earlier.scope.sentence_number
    return beside and later.event.ongoing != earlier.event.ongoing


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
    if not follows or later.scope.sentence.paragraph != earlier.scope.sentence.paragraph:
        return False
    alike = a.type == b.type == "ASSAULT" and earlier.trigger.rule.frame != "together"
    alike = alike and (a.mode == b.mode or not (a.mode and b.mode))
    there = lies_in(a, b) if earlier.trigger.kind == "noun" else shares_place(a, b)
    same = alike and bool(a.places) and there
    guessed = a.date_certainty == "reporting-time" and later.own_time and are_close(a.when, b.when)
    told = a.modality == "happened" and b.modality in ("happened", "claimed") and not b.fatalities
    return same and guessed and told and not (_turns_round(a, b) or suffer_elsewhere(a, b))


def _judges(later: Draft, earlier: Draft) -> bool:
    """ "Die Hamas sprach von einem Massaker": another word for the attack told just before, no second one."""
    near = later.scope.sentence_number - earlier.scope.sentence_number
    told = earlier.event.modality in ("happened", "claimed") and near <= _LONGEST_JUDGEMENT
    own = later.own_time or later.own_place or later.event.fatalities or later.event.actors
    return later.judges and told and not own and later.event.type == "ASSAULT"


def _turns_round(a: Event, b: Event) -> bool:
    """Does the second mention have as its doer whom the first one hits? An answer is another event."""
    doers = {p.actor.id for p in b.actors if p.role == "actor"}
    return bool(doers & {actor.id for actor in hit_by(a)}) and not (
        doers & {p.actor.id for p in a.actors if p.role == "actor"}
    )


def is_cause(later: Draft, earlier: Draft) -> bool:
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
