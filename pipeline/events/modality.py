"""Did it happen, is it planned, claimed, denied, imagined or negated, and who says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from pipeline.events.lexicon import Lexicon
from pipeline.events.roles import Part, find_subjects
from pipeline.events.scopes import Scope
from pipeline.events.triggers import Trigger
from pipeline.records import Actor, Modality, When

# Whoever speaks for one of these is a party; doctors, residents, courts and aid organisations are not.
_PARTIES = frozenset({"GOV", "MIL", "REB", "SPY", "OPP", "PTY", "UAF", "CRM"})


class Source(NamedTuple):
    actor: Actor | None
    neutral: bool  # no party to the conflict


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
    """Who says it, and whether this source is no party. "Nach Angaben des Geheimdienstes behauptete Kiew, ..." names
    the service."""
    _, actor, neutral = find_cue_source(scope, parts[scope.number], lexicon)
    if actor is not None:
        return actor, neutral
    subjects = find_subjects(scope, scopes, parts, lexicon)
    actor = subjects[0].mention.actor if subjects else None
    if actor is not None and actor.sector is not None:
        return actor, actor.sector not in _PARTIES
    return actor, bool(lexicon.cue("neutral_sources") & scope.lower)


def find_cue_source(scope: Scope, parts: Sequence[Part], lexicon: Lexicon) -> tuple[bool, Actor | None, bool]:
    """ "laut X", "nach Angaben von X", "..., so X": is there such a cue, who is named, and is that no party."""
    named = next((part for part in parts if part.function == "source" or _follows_so(part, scope, lexicon)), None)
    if named is not None:
        actor = named.mention.actor
        before = {scope.token(i).text.lower() for i in range(max(0, named.first - 5), named.first)}
        neutral = actor is not None and actor.sector is not None and actor.sector not in _PARTIES
        return True, actor, neutral or bool(lexicon.cue("neutral_sources") & before)
    told = scope.holds(lexicon.phrases["claim_cues"]) or _stands_behind_claim_noun(scope, lexicon)
    own = next((part for part in parts if part.function == "bare"), None)
    if told and own is not None and lexicon.cue("own_words") & scope.lower:  # "nach eigenen Angaben"
        actor = own.mention.actor
        return True, actor, actor is not None and actor.sector not in _PARTIES
    return told, None, told and bool(lexicon.cue("neutral_sources") & scope.lower)


def _follows_so(part: Part, scope: Scope, lexicon: Lexicon) -> bool:
    """ "..., so der Gouverneur": a word for saying behind a comma at the end."""
    start = part.first - 1
    while start > 0 and scope.token(start).kind in ("article", "word", "name"):
        if scope.token(start).text in lexicon.cue("so"):
            break
        start -= 1
    return start > 0 and scope.token(start).text in lexicon.cue("so") and scope.token(start - 1).text in (",", "“", '"')


def _stands_behind_claim_noun(scope: Scope, lexicon: Lexicon) -> bool:
    if not scope.lower & lexicon.cue("claim_nouns"):
        return False
    words = [scope.token(i).text.lower() for i in scope.words]
    return any(
        word in lexicon.cue("claim_nouns") and lexicon.cue("claim_prepositions") & set(words[max(0, i - 3) : i])
        for i, word in enumerate(words)
    )


def is_hearsay(scope: Scope, lexicon: Lexicon) -> bool:
    """ "sollen getötet worden sein": the modal tells hearsay, not a plan."""
    kinds = [scope.token(i).kind for i in scope.words]
    count = kinds.count("participle")
    return count >= 2 or (count == 1 and bool(lexicon.cue("hearsay_auxiliaries") & scope.lower))


@dataclass(frozen=True, slots=True)
class _Question:
    """What the steps of ``find_modality`` ask about: a trigger in its clause, and the clause that reports it."""

    trigger: Trigger
    scope: Scope
    scopes: Sequence[Scope]
    parts: Sequence[Sequence[Part]]
    when: When | None
    published: date | None
    lexicon: Lexicon
    says: int | None
    before: Source | None  # whose words the sentences before gave

    @property
    def reporter(self) -> Scope | None:
        return self.scopes[self.says] if self.says is not None else None

    @property
    def parent(self) -> Scope | None:
        parent = self.scope.clause.parent
        return self.scopes[parent] if parent is not None and parent < len(self.scopes) else None

    def holds(self, scope: Scope, cues: str) -> bool:
        return scope.holds(self.lexicon.phrases[cues])

    def source(self, scope: Scope | None) -> tuple[Actor | None, bool]:
        """Who says it in a clause, and whether that is no party; nobody is named where there is no clause."""
        return _source(scope, self.scopes, self.parts, self.lexicon) if scope is not None else (None, True)

    def answer(self, modality: Modality, by: Scope | None = None, says: int | None = None) -> Verdict:
        return Verdict(modality, self.source(by)[0] if by else None, self.says if says is None else says)


def find_modality(
    trigger: Trigger,
    scope: Scope,
    scopes: Sequence[Scope],
    parts: Sequence[Sequence[Part]],
    when: When | None,
    published: date | None,
    lexicon: Lexicon,
    before: Source | None = None,
) -> Verdict:
    """The modality of one trigger; ``when`` is the interval of its own time expression, if it has one, ``before`` whose
    words the sentences before gave. The first step that has an answer gives it."""
    says = find_saying(scope, scopes, lexicon)
    question = _Question(trigger, scope, scopes, parts, when, published, lexicon, says, before)
    answers = (step(question) for step in _STEPS)
    return next((answer for answer in answers if answer is not None), question.answer("happened"))


def _by_fixed_words(question: _Question) -> Verdict | None:
    """Words that decide by themselves: "frei erfunden", an anniversary, a meeting called off."""
    trigger, scope, reporter = question.trigger, question.scope, question.reporter
    if reporter is not None and question.holds(reporter, "denied_cues"):
        return question.answer("denied", reporter)
    if scope.lower & question.lexicon.cue("anniversary_words") and trigger.kind == "noun":
        return question.answer("happened")
    if trigger.cancelled:
        return question.answer("negated")
    if question.holds(scope, "denied_cues") and not trigger.rule.speech:
        return question.answer("denied")
    return None


def _by_governor(question: _Question) -> Verdict | None:
    """What the verb of the governing clause makes of this one."""
    parent, clause, cue = question.parent, question.scope.clause, question.lexicon.cue
    if parent is None:
        return None
    verb = parent.clause.verb
    rumour = bool(cue("rumour_nouns") & parent.lower)
    if question.holds(parent, "denied_cues"):
        return question.answer("denied", parent)
    if verb in cue("deny_verbs") and clause.kind != "relative":
        return question.answer("denied", parent, parent.number)
    if rumour and question.holds(parent, "refuted_cues"):
        return question.answer("negated")
    if rumour and parent.clause.negated and clause.kind in ("subordinate", "relative"):
        return question.answer("denied")
    if verb in cue("exclude_verbs"):
        return question.answer("negated", parent, parent.number)
    if verb in cue("attempt_verbs"):
        return question.answer("happened")
    if clause.kind == "infinitive" and cue("ready_words") & parent.lower:
        return question.answer("hypothetical", question.reporter)
    proposed = clause.kind == "relative" and clause.mood == "subjunctive1"  # "ein Format, das aus Gesprächen bestehe"
    depends = clause.kind in ("infinitive", "subordinate")
    if depends and verb in cue("planned_verbs") and not clause.perfect:
        return question.answer("planned", parent, parent.number)
    if (depends or proposed) and verb in cue("hypothetical_verbs") and clause.tense != "past":
        return question.answer("hypothetical", parent, parent.number)
    return None


def _by_own_verb(question: _Question) -> Verdict | None:
    """What the verb of its clause makes of a noun."""
    trigger, scope, cue = question.trigger, question.scope, question.lexicon.cue
    if trigger.kind != "noun":
        return None
    verb = scope.clause.verb
    preposition = trigger.phrase.preposition if trigger.phrase else None
    if trigger.aside and not (verb in cue("warning_verbs") and preposition in cue("warned_of")):
        return question.answer("happened")
    if verb in cue("deny_verbs"):
        return question.answer("denied", scope)
    if verb in cue("exclude_verbs"):
        return question.answer("negated")
    if verb in cue("hypothetical_verbs"):
        return question.answer("hypothetical", question.reporter or scope)
    if verb in (cue("planned_verbs") | cue("invite_verbs")) and not trigger.rule.toll:
        return question.answer("planned", scope)
    return None


def _as_condition(question: _Question) -> Verdict | None:
    """ "wenn ...", "möglicherweise", "könnte": imagined."""
    scope, clause, cue = question.scope, question.scope.clause, question.lexicon.cue
    inverted = clause.kind == "subordinate" and clause.opener is not None and scope.words[:1] == (scope.finite,)
    depends = clause.mood == "subjunctive2" and any(
        other.clause.parent == scope.number and other.clause.opener in cue("hypothetical_openers")
        for other in question.scopes
    )
    able = clause.tense == "past" and clause.mood == "indicative"  # "konnte ihn festnehmen"
    possible = (clause.modal in cue("possible_modals") and not able) or cue("hypothetical_cues") & scope.lower
    if clause.opener in cue("hypothetical_openers") or inverted or depends or possible:
        return question.answer("hypothetical", question.reporter)
    return None


def _as_negated(question: _Question) -> Verdict | None:
    trigger, clause = question.trigger, question.scope.clause
    own_verb = trigger.kind != "noun"
    article = trigger.phrase.article if trigger.phrase else None
    cue = question.lexicon.cue
    bare = trigger.phrase is not None and trigger.phrase.preposition is None and clause.verb in cue("light_verbs")
    denied = clause.negated and not trigger.rule.negated and (own_verb or bare)  # "Das Treffen fand nicht statt"
    if denied or article in cue("subject_negations"):
        party = own_verb and not question.source(question.reporter)[1]
        return question.answer(
            "denied" if party and clause.perfect else "negated", question.reporter if party else None
        )
    return None


def _as_wish(question: _Question) -> Verdict | None:
    scope, clause = question.scope, question.scope.clause
    if clause.mood == "subjunctive2" and question.reporter is None and not question.trigger.rule.speech:
        told = find_cue_source(scope, question.parts[scope.number], question.lexicon)[0]
        if not told and not _goes_on(question):
            return question.answer("hypothetical")
    if clause.kind == "infinitive" and clause.opener is not None and not clause.perfect:
        return question.answer("hypothetical", question.reporter)
    return None


def _goes_on(question: _Question) -> bool:
    """Indirect speech that goes on after the sentence with its verb of saying: "Soldaten hätten sie getötet."."""
    clause = question.scope.clause
    if question.before is None or clause.kind not in ("main", "relative", "subordinate"):
        return False
    return clause.mood == "subjunctive1" or (clause.mood == "subjunctive2" and clause.perfect)


def find_source(
    scopes: Sequence[Scope], parts: Sequence[Sequence[Part]], lexicon: Lexicon, before: Source | None
) -> Source | None:
    """Whose words the sentence gives: of its first verb of saying, or of the sentences before while it only goes on
    with indirect speech."""
    for scope in scopes:
        verb = scope.clause.verb or ""
        speaks = any(rule.speech for rule in lexicon.verbs.get(verb, ())) or verb in lexicon.cue("report_verbs")
        if speaks or find_cue_source(scope, parts[scope.number], lexicon)[0]:
            return Source(*_source(scope, scopes, parts, lexicon))
    goes_on = any(scope.clause.mood in ("subjunctive1", "subjunctive2") for scope in scopes[:1])
    return before if goes_on else None


def _is_hearsay(question: _Question) -> bool:
    return question.scope.clause.modal is not None and is_hearsay(question.scope, question.lexicon)


def _as_planned(question: _Question) -> Verdict | None:
    trigger, clause, cue = question.trigger, question.scope.clause, question.lexicon.cue
    start = question.when.start if question.when is not None else None
    end = question.when.end if question.when is not None else None
    published, hearsay = question.published, _is_hearsay(question)
    ahead = start is not None and published is not None and start > published
    today = start is not None and published is not None and start >= published
    due_later = end is not None and published is not None and (end - published).days > 1
    due = trigger.rule.type in ("CONSULT", "AGREE") and clause.tense == "present" and not clause.perfect and today
    planned = not trigger.rule.negated and (
        (clause.modal in cue("planned_modals") and (clause.tense != "past" or due_later) and not hearsay)
        or (clause.tense == "future" and not (clause.modal and hearsay))
        or ((ahead or due) and clause.tense != "past")
        or bool(trigger.phrase and cue("planned_cues") & set(trigger.phrase.words))
    )
    return question.answer("planned", question.reporter) if planned else None


def _as_claimed(question: _Question) -> Verdict | None:
    """ "nach Angaben", "soll getötet haben", indirect speech: only a party says so."""
    trigger, scope, reporter = question.trigger, question.scope, question.reporter
    if trigger.rule.speech:
        return question.answer("happened")  # it was said, whatever is true of what was said
    cue, cue_actor, cue_neutral = find_cue_source(scope, question.parts[scope.number], question.lexicon)
    if cue and not cue_neutral:
        return Verdict("claimed", cue_actor, question.says)
    if _is_hearsay(question) and reporter is None:
        return question.answer("claimed")
    source, neutral = question.source(reporter)
    if reporter is not None and not neutral and trigger.rule.frame != "say":
        return Verdict("claimed", source, question.says)
    if reporter is None and question.before is not None and _goes_on(question):
        return None if question.before.neutral else Verdict("claimed", question.before.actor, None)
    if trigger.kind == "noun" and scope.clause.verb in question.lexicon.cue("report_verbs"):
        source, neutral = question.source(scope)
        if source is not None and not neutral:
            return Verdict("claimed", source, question.says)
    return None


_STEPS = (
    _by_fixed_words,
    _by_governor,
    _by_own_verb,
    _as_condition,
    _as_negated,
    _as_wish,
    _as_planned,
    _as_claimed,
)
