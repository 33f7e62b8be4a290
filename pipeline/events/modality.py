"""Did it happen, is it planned, claimed, denied, imagined or negated, and who says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from pipeline.events.lexicon import Lexicon
from pipeline.events.roles import Part, find_subjects
from pipeline.events.scopes import Scope
from pipeline.events.triggers import Trigger
from pipeline.records import Actor, Modality, When

# Whoever speaks for one of these is a party; doctors, residents, courts and aid organisations are not.
_PARTIES = frozenset({"GOV", "MIL", "REB", "SPY", "OPP", "PTY", "UAF", "CRM"})


class Verdict(NamedTuple):
    modality: Modality
    claimed_by: Actor | None
    says: int | None  # number of the clause in the sentence that reports this one


def find_saying(scope: Scope, scopes: Sequence[Scope], lexicon: Lexicon) -> int | None:
    """The clause of the same sentence whose verb of saying governs this one."""

    def says(other: Scope) -> bool:
        rules = lexicon.verbs.get(other.clause.verb or "", ())
        return any(rule.speech for rule in rules) or other.clause.verb in lexicon.cue("report_verbs")

    seen = {scope.number}
    indirect = scope.clause.mood in ("subjunctive1", "subjunctive2")
    told = scope.clause.kind == "relative" or (
        scope.clause.kind == "subordinate" and scope.clause.opener not in lexicon.cue("content_openers")
    )
    parent = scope.clause.parent if indirect or not told else None
    if scope.finite is None and scope.clause.parent is None and scope.number > 0 and says(scopes[scope.number - 1]):
        return scope.number - 1
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
        if words and scopes[after].finite == words[0]:
            return after
    if root.clause.mood in ("subjunctive1", "subjunctive2") and scope.clause.kind != "relative":
        for other in scopes:
            if other.number != scope.number and other.clause.parent is None and says(other):
                return other.number
    return None


def _source(
    scope: Scope, scopes: Sequence[Scope], parts: Sequence[Sequence[Part]], lexicon: Lexicon
) -> tuple[Actor | None, bool]:
    """Who says it, and whether this source is no party."""
    subjects = find_subjects(scope, parts[scope.number], scopes, parts)
    actor = subjects[0].mention.actor if subjects else None
    if actor is not None and actor.sector is not None:
        return actor, actor.sector not in _PARTIES
    return actor, bool(lexicon.cue("neutral_sources") & scope.lower)


def find_cue_source(scope: Scope, parts: Sequence[Part], lexicon: Lexicon) -> tuple[bool, Actor | None, bool]:
    """ "laut X", "nach Angaben von X": is there such a cue, who is named, and is that no party."""
    text = f" {scope.text()} "
    at = next((text.find(f" {cue} ") for cue in lexicon.phrases["claim_cues"] if f" {cue} " in text), -1)
    adjective_source = False
    if at < 0:
        words = [scope.token(i).text.lower() for i in scope.words]
        for i, word in enumerate(words):
            if word in lexicon.cue("claim_nouns") and any(
                w in lexicon.cue("claim_prepositions") for w in words[max(0, i - 3) : i]
            ):
                adjective_source = True
        if not adjective_source:
            return False, None, False
    tokens = scope.sentence.tokens
    for part in parts:
        before = {tokens[i].text.lower() for i in range(max(0, part.first - 5), part.first)}
        after = {tokens[i].text.lower() for i in range(part.last + 1, min(len(tokens), part.last + 4))}
        if before & lexicon.cue("claim_marks") or after & lexicon.cue("claim_marks_after"):
            actor = part.mention.actor
            neutral = actor is not None and actor.sector is not None and actor.sector not in _PARTIES
            return True, actor, neutral or bool(lexicon.cue("neutral_sources") & before)
    return True, None, bool(lexicon.cue("neutral_sources") & scope.lower)


def is_hearsay(scope: Scope, lexicon: Lexicon) -> bool:
    """ "sollen getötet worden sein": the modal tells hearsay, not a plan."""
    kinds = [scope.token(i).kind for i in scope.words]
    count = kinds.count("participle")
    return count >= 2 or (count == 1 and bool(lexicon.cue("hearsay_auxiliaries") & scope.lower))


def find_modality(
    trigger: Trigger,
    scope: Scope,
    scopes: Sequence[Scope],
    parts: Sequence[Sequence[Part]],
    when: When | None,
    published: date | None,
    lexicon: Lexicon,
) -> Verdict:
    """The modality of one trigger; ``when`` is the interval of its own time expression, if it has one."""
    clause, rule = scope.clause, trigger.rule
    says = find_saying(scope, scopes, lexicon)
    future = when is not None and when.start is not None and published is not None and when.start > published
    own_verb = trigger.kind != "noun"
    reporter = scopes[says] if says is not None else None
    if reporter is not None and any(f" {cue} " in f" {reporter.text()} " for cue in lexicon.phrases["denied_cues"]):
        return Verdict("denied", _source(reporter, scopes, parts, lexicon)[0], says)
    if scope.lower & lexicon.cue("anniversary_words") and trigger.kind == "noun":
        return Verdict("happened", None, says)
    if trigger.cancelled:
        return Verdict("negated", None, says)
    text = f" {scope.text()} "
    article = trigger.phrase.article if trigger.phrase else None
    if any(f" {cue} " in text for cue in lexicon.phrases["denied_cues"]) and not rule.speech:
        return Verdict("denied", None, says)
    # What the governing verb makes of it.
    parent = scopes[clause.parent] if clause.parent is not None and clause.parent < len(scopes) else None
    if parent is not None:
        verb = parent.clause.verb
        parent_text = f" {parent.text()} "
        refuted = any(f" {cue} " in parent_text for cue in lexicon.phrases["refuted_cues"])
        rumour = bool(lexicon.cue("rumour_nouns") & parent.lower)
        if any(f" {cue} " in parent_text for cue in lexicon.phrases["denied_cues"]):
            return Verdict("denied", _source(parent, scopes, parts, lexicon)[0], says)
        if verb in lexicon.cue("deny_verbs") and clause.kind != "relative":
            return Verdict("denied", _source(parent, scopes, parts, lexicon)[0], parent.number)
        if rumour and refuted:
            return Verdict("negated", None, says)
        if rumour and parent.clause.negated and clause.kind in ("subordinate", "relative"):
            return Verdict("denied", None, says)
        if verb in lexicon.cue("exclude_verbs"):
            return Verdict("negated", _source(parent, scopes, parts, lexicon)[0], parent.number)
        if verb in lexicon.cue("attempt_verbs"):
            return Verdict("happened", None, says)
        if clause.kind in ("infinitive", "subordinate") and verb in lexicon.cue("planned_verbs") and not clause.perfect:
            return Verdict("planned", _source(parent, scopes, parts, lexicon)[0], parent.number)
        if (
            clause.kind in ("infinitive", "subordinate")
            and verb in lexicon.cue("hypothetical_verbs")
            and clause.tense != "past"
        ):
            return Verdict("hypothetical", _source(parent, scopes, parts, lexicon)[0], parent.number)
    if trigger.kind == "noun" and not trigger.aside:
        if clause.verb in lexicon.cue("deny_verbs"):
            return Verdict("denied", _source(scope, scopes, parts, lexicon)[0], says)
        if clause.verb in lexicon.cue("exclude_verbs"):
            return Verdict("negated", None, says)
        if clause.verb in lexicon.cue("hypothetical_verbs"):
            return Verdict("hypothetical", _source(scope, scopes, parts, lexicon)[0], says)
        if clause.verb in (lexicon.cue("planned_verbs") | lexicon.cue("invite_verbs")) and not rule.toll:
            return Verdict("planned", _source(scope, scopes, parts, lexicon)[0], says)
    if trigger.aside:
        return Verdict("happened", None, says)
    conditional = clause.opener in lexicon.cue("hypothetical_openers") or (
        clause.kind == "subordinate"
        and clause.opener is not None
        and scope.finite is not None
        and scope.words[:1] == (scope.finite,)
    )
    source, neutral = _source(reporter, scopes, parts, lexicon) if reporter else (None, True)
    depends = clause.mood == "subjunctive2" and any(
        other.clause.parent == scope.number and other.clause.opener in lexicon.cue("hypothetical_openers")
        for other in scopes
    )
    if (
        conditional
        or depends
        or lexicon.cue("hypothetical_cues") & scope.lower
        or clause.modal in lexicon.cue("possible_modals")
    ):
        return Verdict("hypothetical", source, says)
    today = published is not None and when is not None and when.start is not None and when.start >= published
    due = rule.type in ("CONSULT", "AGREE") and clause.tense == "present" and not clause.perfect and today
    if (own_verb and clause.negated and not rule.negated) or article in lexicon.cue("subject_negations"):
        party = reporter is not None and not neutral and own_verb
        return Verdict("denied" if party and clause.perfect else "negated", source if party else None, says)
    if clause.mood == "subjunctive2" and reporter is None and not rule.speech:
        return Verdict("hypothetical", None, says)
    if clause.kind == "infinitive" and clause.opener is not None and not clause.perfect:
        return Verdict("hypothetical", source, says)
    hearsay = clause.modal is not None and is_hearsay(scope, lexicon)
    due_later = when is not None and when.end is not None and published is not None and (when.end - published).days > 1
    planned = not rule.negated and (
        (clause.modal in lexicon.cue("planned_modals") and (clause.tense != "past" or due_later) and not hearsay)
        or (clause.tense == "future" and not (clause.modal and hearsay))
        or ((future or due) and clause.tense != "past")
        or bool(trigger.phrase and lexicon.cue("planned_cues") & set(trigger.phrase.words))
        or (clause.mood == "subjunctive2" and clause.tense == "future")
    )
    if planned:
        return Verdict("planned", source, says)
    cue, cue_actor, cue_neutral = find_cue_source(scope, parts[scope.number], lexicon)
    if cue and not cue_neutral:
        return Verdict("claimed", cue_actor, says)
    if rule.speech:
        return Verdict("happened", None, says)
    if hearsay and reporter is None:
        return Verdict("claimed", None, says)
    if reporter is not None and not neutral and rule.frame != "say":
        return Verdict("claimed", source, says)
    if trigger.kind == "noun" and clause.verb in lexicon.cue("report_verbs"):
        own_source, own_neutral = _source(scope, scopes, parts, lexicon)
        if own_source is not None and not own_neutral:
            return Verdict("claimed", own_source, says)
    return Verdict("happened", None, says)
