"""Who says it: the verb of saying that governs a clause, "nach Angaben", whose words go on in the next sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.events.lexicon import Lexicon
from pipeline.events.parts import Part
from pipeline.events.scopes import Scope
from pipeline.events.subjects import find_subjects
from pipeline.records import Actor

# Whoever speaks for one of these is a party; doctors, residents, courts and aid organisations are not.
_PARTIES = frozenset({"GOV", "MIL", "REB", "SPY", "OPP", "PTY", "UAF", "CRM"})


class Source(NamedTuple):
    actor: Actor | None
    neutral: bool  # no party to the conflict


def find_saying(scope: Scope, scopes: Sequence[Scope], lexicon: Lexicon) -> int | None:
    """The clause of the same sentence whose verb of saying governs this one."""

    def says(other: Scope) -> bool:
        rules = lexicon.verbs.get(other.clause.verb or "", ())
        told = any(rule.speech and (not rule.with_tags or rule.with_tags & other.tags) for rule in rules)
        return told or other.clause.verb in lexicon.cues["report_verbs"]

    seen = {scope.number}
    indirect = scope.clause.mood in ("subjunctive1", "subjunctive2")
    told = scope.clause.kind == "relative" or (
        scope.clause.kind == "subordinate" and scope.clause.opener not in lexicon.cues["content_openers"]
    )
    parent = scope.clause.parent if indirect or not told else None
    if _lacks_verb(scope) and scope.number > 0 and says(scopes[scope.number - 1]):
        return scope.number - 1
    for other in scopes:  # "Wie die Armee mitteilte, wurden drei Menschen getötet"
        beside = other.clause.opener in lexicon.cues["as_told"] and other.clause.parent == scope.number
        if beside and scope.clause.parent is None and says(other):
            return other.number
    while parent is not None and parent not in seen and parent < len(scopes):
        if says(scopes[parent]):
            return parent
        seen.add(parent)
        if scopes[parent].clause.kind == "relative" and not indirect:
            return None
        parent = scopes[parent].clause.parent
    root = scopes[max(seen, key=lambda n: scopes[n].clause.parent is None)]
    after = scope.number + 1
    if after < len(scopes) and scopes[after].clause.parent is None and says(scopes[after]):
        words = scopes[after].words
        named = any(scopes[after].token(i).kind in ("article", "name", "pronoun") for i in words)
        if words and scopes[after].finite == words[0] and named:
            return after  # "..., teilte die Armee mit", but "rächte sich, warnte aber vorab"
    if root.clause.mood in ("subjunctive1", "subjunctive2") and scope.clause.kind != "relative":
        for other in scopes:
            if other.number != scope.number and other.clause.parent is None and says(other):
                return other.number
    return None


def _lacks_verb(scope: Scope) -> bool:
    """A main clause without a finite verb; not "(hat abgelehnt) und Goma bombardiert", which shares its own."""
    return scope.finite is None and scope.clause.parent is None and scope.clause.mood != "indicative"


def find_speaker(
    scope: Scope, scopes: Sequence[Scope], parts: Sequence[Sequence[Part]], lexicon: Lexicon
) -> tuple[Actor | None, bool]:
    """Who says it, and whether this source is no party. "Nach Angaben des Geheimdienstes behauptete Kiew, ..." names
    the service."""
    _, actor, neutral = find_cue_source(scope, parts[scope.number], lexicon)
    if actor is not None:
        return actor, neutral
    subjects = find_subjects(scope, scopes, parts, lexicon)
    actor = subjects[0].mention.actor if subjects else None
    if actor is not None and actor.sector is not None:
        words = {scope.token(i).text.lower() for i in range(subjects[0].first, subjects[0].last + 1)}
        return actor, actor.sector not in _PARTIES or bool(lexicon.cues["neutral_sources"] & words)
    return actor, bool(lexicon.cues["neutral_sources"] & scope.lower)


def find_cue_source(scope: Scope, parts: Sequence[Part], lexicon: Lexicon) -> tuple[bool, Actor | None, bool]:
    """ "laut X", "nach Angaben von X", "..., so X": is there such a cue, who is named, and is that no party."""
    named = next((part for part in parts if part.function == "source"), None)
    if named is not None:
        actor = named.mention.actor
        before = {scope.token(i).text.lower() for i in range(max(0, named.first - 5), named.first)}
        neutral = actor is not None and actor.sector is not None and actor.sector not in _PARTIES
        return True, actor, neutral or bool(lexicon.cues["neutral_sources"] & before)
    told = scope.holds(lexicon.phrases["claim_cues"]) or _stands_behind_claim_noun(scope, lexicon)
    own = next((part for part in parts if part.function == "bare"), None)
    if told and own is not None and lexicon.cues["own_words"] & scope.lower:  # "nach eigenen Angaben"
        actor = own.mention.actor
        return True, actor, actor is not None and actor.sector not in _PARTIES
    return told, None, told and bool(lexicon.cues["neutral_sources"] & scope.lower)


def _stands_behind_claim_noun(scope: Scope, lexicon: Lexicon) -> bool:
    if not scope.lower & lexicon.cues["claim_nouns"]:
        return False
    words = [scope.token(i).text.lower() for i in scope.words]
    return any(
        word in lexicon.cues["claim_nouns"] and lexicon.cues["claim_prepositions"] & set(words[max(0, i - 3) : i])
        for i, word in enumerate(words)
    )


def find_source(
    scopes: Sequence[Scope], parts: Sequence[Sequence[Part]], lexicon: Lexicon, before: Source | None
) -> Source | None:
    """Whose words the sentence gives: of its first verb of saying, or of the sentences before while it only goes on
    with indirect speech."""
    for scope in scopes:
        verb = scope.clause.verb or ""
        speaks = any(rule.speech for rule in lexicon.verbs.get(verb, ())) or verb in lexicon.cues["report_verbs"]
        if speaks or find_cue_source(scope, parts[scope.number], lexicon)[0]:
            return Source(*find_speaker(scope, scopes, parts, lexicon))
    goes_on = any(scope.clause.mood in ("subjunctive1", "subjunctive2") for scope in scopes[:1])
    return before if goes_on else None
