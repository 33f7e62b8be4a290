"""Did it happen, is it planned, claimed, denied, imagined or negated, and who says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from pipeline.events.lexicon import Lexicon
from pipeline.events.parts import Part
from pipeline.events.scopes import Scope, opens_condition
from pipeline.events.sources import Source, find_cue_source, find_saying, find_speaker
from pipeline.events.triggers import Trigger
from pipeline.records import Actor, Modality, When
from pipeline.sentences.groups import load_auxiliaries


class Verdict(NamedTuple):
    modality: Modality
    claimed_by: Actor | None
    says: int | None  # number of the clause in the sentence that reports this one


def is_hearsay(scope: Scope, lexicon: Lexicon) -> bool:
    """ "sollen getötet worden sein": the modal tells hearsay, not a plan."""
    kinds = [scope.token(i).kind for i in scope.words]
    count = kinds.count("participle")
    if count == 1 and scope.clause.perfect and scope.clause.verb in load_auxiliaries(lexicon.language).motion:
        return True  # "sollen umgekommen sein", but "soll abgeschlossen sein"
    return count >= 2 or (count == 1 and bool(lexicon.cues["hearsay_auxiliaries"] & scope.lower))


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
        return find_speaker(scope, self.scopes, self.parts, self.lexicon) if scope is not None else (None, True)

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
    if scope.lower & question.lexicon.cues["anniversary_words"] and trigger.kind == "noun":
        return question.answer("happened")
    if trigger.cancelled and scope.clause.negated:
        return None  # "wurde nicht abgesagt"
    if trigger.cancelled:
        open_yet = scope.clause.modal in question.lexicon.cues["possible_modals"]  # "könnte platzen"
        return question.answer("hypothetical" if open_yet else "negated")
    if question.holds(scope, "denied_cues") and not trigger.rule.speech:
        return question.answer("denied")
    return None


def _by_governor(question: _Question) -> Verdict | None:
    """What the verb of the governing clause makes of this one."""
    parent, clause, cues = question.parent, question.scope.clause, question.lexicon.cues
    if parent is None:
        return None
    verb = parent.clause.verb
    rumour = bool(cues["rumour_nouns"] & parent.lower)
    if question.holds(parent, "denied_cues"):
        return question.answer("denied", parent)
    apart = clause.kind == "main" and _stands_apart(question.scope)
    if verb in cues["deny_verbs"] and clause.kind != "relative" and not apart:
        return question.answer("denied", parent, parent.number)
    if rumour and question.holds(parent, "refuted_cues"):
        return question.answer("negated")
    if rumour and parent.clause.negated and clause.kind in ("subordinate", "relative"):
        return question.answer("denied")
    if verb in cues["exclude_verbs"]:
        return question.answer("hypothetical" if parent.clause.negated else "negated", parent, parent.number)
    if verb in cues["attempt_verbs"]:
        return question.answer("happened")
    if clause.kind == "infinitive" and cues["ready_words"] & parent.lower:
        return question.answer("hypothetical", question.reporter)
    proposed = clause.kind == "relative" and clause.mood == "subjunctive1"  # "ein Format, das aus Gesprächen bestehe"
    if clause.kind == "infinitive" and verb in cues["order_verbs"]:
        return question.answer("planned", question.reporter)
    depends = clause.kind in ("infinitive", "subordinate")
    if depends and parent.lower & cues["hypothetical_cues"]:
        return question.answer(
            "hypothetical", question.reporter
        )  # "dass sie Goma erobern, hält er für unwahrscheinlich"
    if depends and verb in cues["planned_verbs"] and not clause.perfect:
        return question.answer("planned", parent, parent.number)
    over = clause.perfect if clause.kind == "infinitive" else clause.tense == "past"
    if (depends or proposed) and verb in cues["hypothetical_verbs"] and not over:
        return question.answer("hypothetical", parent, parent.number)
    return None


def _stands_apart(scope: Scope) -> bool:
    """Behind a semicolon: "bestritt dies; man habe die Angreifer zurückgeschlagen" tells what is claimed instead."""
    first = scope.words[0] if scope.words else 0
    return first > 0 and scope.token(first - 1).text == ";"


def _by_own_verb(question: _Question) -> Verdict | None:
    """What the verb of its clause makes of a noun."""
    trigger, scope, cues = question.trigger, question.scope, question.lexicon.cues
    if trigger.kind != "noun":
        return None
    verb = scope.clause.verb
    preposition = trigger.phrase.preposition if trigger.phrase else None
    if trigger.aside and not (verb in cues["warning_verbs"] and preposition in cues["warned_of"]):
        within = preposition not in cues["occasion_prepositions"]  # "soll bei einem Angriff getötet worden sein"
        return None if within and _is_hearsay(question) else question.answer("happened")
    if verb in cues["deny_verbs"]:
        return question.answer("denied", scope)
    if verb in cues["exclude_verbs"]:
        return question.answer("hypothetical" if scope.clause.negated else "negated")
    open_yet = scope.clause.modal is not None or scope.clause.negated
    if open_yet and verb in cues["comment_verbs"] and trigger.rule.type == "ASSAULT":
        return question.answer("happened")  # "will den Angriff aufklären"
    if verb in cues["expect_verbs"] | cues["invite_verbs"] and preposition in cues["event_zu"]:
        return question.answer("planned", scope)
    if verb in cues["hypothetical_verbs"] and not _costs_lives(scope, question.lexicon):
        return question.answer("hypothetical", question.reporter or scope)
    if verb in (cues["planned_verbs"] | cues["invite_verbs"]) and not trigger.rule.toll:
        return question.answer("negated" if scope.clause.negated else "planned", scope)
    return None


def _costs_lives(scope: Scope, lexicon: Lexicon) -> bool:
    """ "Der Anschlag forderte zwölf Tote": nobody demands anything."""
    return any(r.casualties and r.with_tags & scope.tags for r in lexicon.verbs.get(scope.clause.verb or "", ()))


def _as_condition(question: _Question) -> Verdict | None:
    """ "wenn ...", "möglicherweise", "könnte": imagined."""
    scope, clause, cues = question.scope, question.scope.clause, question.lexicon.cues
    inverted = clause.kind == "subordinate" and clause.opener is not None and scope.words[:1] == (scope.finite,)
    depends = clause.mood == "subjunctive2" and any(
        other.clause.parent == scope.number and other.clause.opener in cues["hypothetical_openers"]
        for other in question.scopes
    )
    able = clause.tense == "past" and clause.mood == "indicative"  # "konnte ihn festnehmen"
    possible = (clause.modal in cues["possible_modals"] and not able) or _is_doubted(scope, question.lexicon)
    inverted = inverted or opens_condition(scope, question.lexicon)
    if clause.opener in cues["hypothetical_openers"] or inverted or depends or possible:
        return question.answer("hypothetical", question.reporter)
    return None


def _is_doubted(scope: Scope, lexicon: Lexicon) -> bool:
    """A word like "womöglich" that belongs to more than a number ("womöglich Hunderte")."""
    cues, counts = lexicon.cues["hypothetical_cues"], lexicon.counts
    if not scope.lower & cues:
        return False
    tokens = scope.sentence.tokens
    for i in scope.words:
        if tokens[i].text.lower() in cues:
            behind = tokens[i + 1] if i + 1 < len(tokens) else None
            if behind is None or not (behind.kind == "number" or behind.text.lower() in counts["vague"]):
                return True
    return False


def _as_negated(question: _Question) -> Verdict | None:
    trigger, clause = question.trigger, question.scope.clause
    own_verb = trigger.kind != "noun"
    article = trigger.phrase.article if trigger.phrase else None
    cues = question.lexicon.cues
    bare = trigger.phrase is not None and trigger.phrase.preposition is None and clause.verb in cues["light_verbs"]
    denied = (
        clause.negated and not trigger.rule.negated and not trigger.cancelled and (own_verb or bare)
    )  # "Das Treffen fand nicht statt"
    denied = denied and not _compares(question.scope, question.lexicon)
    if denied or article in cues["subject_negations"]:
        party = own_verb and not question.source(question.reporter)[1]
        return question.answer(
            "denied" if party and clause.perfect else "negated", question.reporter if party else None
        )
    return None


def _compares(scope: Scope, lexicon: Lexicon) -> bool:
    """ "..., so viele wie seit Wochen nicht": a comparison behind a comma denies nothing."""
    if not scope.lower & lexicon.cues["comparing"]:
        return False
    behind = False
    for i in scope.words:
        token = scope.token(i)
        behind = behind or (token.text.lower() in lexicon.cues["comparing"] and i > (scope.finite or 0))
        if token.kind == "negation":
            return behind
    return False


def _as_wish(question: _Question) -> Verdict | None:
    scope, clause = question.scope, question.scope.clause
    if clause.mood == "subjunctive2" and question.reporter is None and not question.trigger.rule.speech:
        told = find_cue_source(scope, question.parts[scope.number], question.lexicon)[0]
        if not told and not _goes_on(question):
            return question.answer("claimed" if _is_reported(question) else "hypothetical")
    if clause.kind == "infinitive" and clause.opener is not None and not clause.perfect:
        return question.answer("hypothetical", question.reporter)
    return None


def _is_reported(question: _Question) -> bool:
    """ "Die Soldaten hätten 15 Angreifer getötet": the plural of the perfect has no other form for indirect speech, so
    without a word of what might have been it is that, whoever said it."""
    scope, cues = question.scope, question.lexicon.cues
    plural = scope.finite is not None and scope.token(scope.finite).text.lower() in cues["reported_plurals"]
    return plural and scope.clause.perfect and not scope.lower & cues["unreal_words"]


def _goes_on(question: _Question) -> bool:
    """Indirect speech that goes on after the sentence with its verb of saying: "Soldaten hätten sie getötet."."""
    clause = question.scope.clause
    if question.before is None or clause.kind not in ("main", "relative", "subordinate"):
        return False
    return clause.mood == "subjunctive1" or (clause.mood == "subjunctive2" and clause.perfect)


def _is_hearsay(question: _Question) -> bool:
    return question.scope.clause.modal is not None and is_hearsay(question.scope, question.lexicon)


def _as_planned(question: _Question) -> Verdict | None:
    trigger, clause, cues = question.trigger, question.scope.clause, question.lexicon.cues
    start = question.when.start if question.when is not None else None
    end = question.when.end if question.when is not None else None
    published, hearsay = question.published, _is_hearsay(question)
    ahead = start is not None and published is not None and start > published
    today = start is not None and published is not None and start >= published
    due_later = end is not None and published is not None and (end - published).days > 1
    due = trigger.rule.type in ("CONSULT", "AGREE") and clause.tense == "present" and not clause.perfect and today
    meant = clause.modal in cues["intent_modals"] and clause.tense == "past" and not clause.perfect
    planned = not trigger.rule.negated and (
        (meant and not hearsay)  # "wollten Anschläge verüben": nobody says that they did
        or (clause.modal in cues["planned_modals"] and (clause.tense != "past" or due_later) and not hearsay)
        or (clause.tense == "future" and not (clause.modal and hearsay))
        or ((ahead or due) and clause.tense != "past")
        or bool(trigger.phrase and cues["planned_cues"] & set(trigger.phrase.words))
    )
    return question.answer("planned", question.reporter) if planned else None


def _as_claimed(question: _Question) -> Verdict | None:
    """ "nach Angaben", "soll getötet haben", indirect speech: only a party says so."""
    trigger, scope, reporter = question.trigger, question.scope, question.reporter
    if trigger.rule.speech:  # it was said, whatever is true of what was said; "soll abgelehnt haben" is hearsay
        return question.answer("claimed" if _is_hearsay(question) and reporter is None else "happened")
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
    if trigger.kind == "noun" and scope.clause.verb in question.lexicon.cues["report_verbs"]:
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
