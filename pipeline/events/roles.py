"""Who did it to whom: the parts that the actors of a clause play in its event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.events.lexicon import Lexicon, find_nouns, find_tags
from pipeline.events.parts import Part
from pipeline.events.relatives import find_antecedent
from pipeline.events.scopes import Scope, find_phrase
from pipeline.events.subjects import find_subjects
from pipeline.events.triggers import Trigger
from pipeline.records import ActorRole, Participation
from pipeline.sentences.verbs import find_forms

# What the subject is where it neither acts nor takes part.
_SUBJECT_ROLES: dict[str, ActorRole] = {"victims": "victim", "suffer": "target", "receive": "beneficiary"}


@dataclass(slots=True)
class _Cast:
    """Who plays which part in one event: what the helpers of ``assign_roles`` share. The first part given stays."""

    trigger: Trigger
    scope: Scope
    lexicon: Lexicon
    parts: Sequence[Part]
    subjects: Sequence[Part]
    found: dict[str, Participation] = field(default_factory=dict)

    def give(self, part: Part, role: ActorRole) -> None:
        actor = part.mention.actor
        if actor is not None and actor.id not in self.found:
            self.found[actor.id] = Participation(actor, role)

    @property
    def together(self) -> bool:
        return self.trigger.rule.frame in ("together", "mediate")

    @property
    def subject_role(self) -> ActorRole:
        rule = self.trigger.rule
        if rule.frame == "mediate":
            return "mediator"
        if self.together:
            return "participant"
        if rule.frame == "say" and rule.type == "STATEMENT":
            return "speaker"
        return _SUBJECT_ROLES.get(rule.frame, "actor")

    @property
    def object_role(self) -> ActorRole:
        if self.trigger.rule.frame == "give":
            return "beneficiary"
        return "actor" if self.trigger.rule.mode in ("troops", "withdraw") else "target"  # "zieht seine Truppen ab"

    def stands_behind(self, part: Part, *cues: str) -> bool:
        """Is the part introduced by a preposition of one of these lists?"""
        return part.function == "preposition" and any(part.preposition in self.lexicon.cues[cue] for cue in cues)

    def is_target(self, part: Part) -> bool:
        # "forderte von Kiew", but "die Schwester von Kim drohte", "verlangte die Freilassung von Geiseln"
        asked = self.trigger.rule.type == "REQUEST" and (self._is_demanded(part) or not self._hangs_on_event(part))
        if self.stands_behind(part, "of_prepositions") and not asked:
            return False
        if self.trigger.rule.frame == "say" and self.stands_behind(part, "forum_prepositions"):
            return False
        hits = self.trigger.kind == "verb" and self.trigger.rule.type == "ASSAULT"
        if hits and self.stands_behind(part, "noun_target_prepositions"):
            return False
        if part.head is not None and self.scope.token(part.head).text.lower() in self.lexicon.cues["side_nouns"]:
            return False
        return self.stands_behind(part, "target_prepositions") and not self.stands_behind(part, "place_prepositions")

    def _is_demanded(self, part: Part) -> bool:
        """ "forderten den Rücktritt von Präsident N. N." """
        noun = self.scope.token(part.head).text.lower() if part.head is not None else None
        return noun in self.lexicon.cues["demanded_nouns"]

    def is_mediator(self, part: Part) -> bool:
        """ "unter russischer Vermittlung", "durch Vermittlung Katars"."""
        cues, head = self.lexicon.cues, part.head
        if head is None or self.scope.token(head).text.lower() not in cues["mediating_nouns"]:
            return False
        phrase = find_phrase(self.scope.sentence, head, self.lexicon, self.scope.gaps)
        return phrase.preposition in cues["mediating_prepositions"]

    def _hangs_on_event(self, part: Part) -> bool:
        return part.head is not None and bool(find_nouns(self.lexicon, self.scope.token(part.head).text))

    def is_aboard(self, part: Part) -> bool:
        """ "Ein Auto mit Friedenssoldaten (geriet unter Feuer)": who stands behind "mit" in front of the verb."""
        leads = self.scope.finite is None or part.last < self.scope.finite
        return leads and self.stands_behind(part, "with_prepositions")

    def is_weapon_of(self, part: Part) -> bool:
        """ "unter Beschuss der Rebellen": whose fire it is."""
        head = self.scope.token(part.head).text if part.head is not None and part.head < part.first else ""
        return bool(find_tags(self.lexicon, head) & self.trigger.rule.with_tags)

    def is_other_side(self, part: Part) -> bool:
        """ "lieferte Panzer an Kiew", "kündigte das Abkommen mit Paris"."""
        if self.trigger.rule.type == "SANCTION" and self.stands_behind(part, "relation_prepositions"):
            return True
        gives = self.trigger.rule.frame == "give" and self.stands_behind(part, "beneficiary_prepositions")
        return gives or (self.trigger.rule.type == "REJECT" and self.stands_behind(part, "with_prepositions"))


def assign_roles(
    trigger: Trigger, scope: Scope, scopes: Sequence[Scope], all_parts: Sequence[Sequence[Part]], lexicon: Lexicon
) -> tuple[Participation, ...]:
    """Actors with their roles. What the words do not say stays empty."""
    rule = trigger.rule
    if rule.frame in ("fell", "none", "hold"):
        return ()
    antecedent = find_antecedent(scope, all_parts, lexicon)
    parts = all_parts[scope.number]
    if antecedent is not None and antecedent.function == "preposition":
        parts = [*parts, *antecedent.parts]
    cast = _Cast(trigger, scope, lexicon, parts, find_subjects(scope, scopes, all_parts, lexicon))
    if trigger.kind == "noun":
        _cast_noun(cast)
    elif scope.clause.passive and rule.frame not in ("victims", "flee"):
        _cast_passive(cast)
    else:
        for part in parts:
            if cast.is_mediator(part):
                cast.give(part, "mediator")
        _cast_active(cast)
        if antecedent is not None and antecedent.function == "object" and trigger.kind == "verb":
            for part in antecedent.parts:
                cast.give(part, "participant" if cast.together else cast.object_role)
    return tuple(cast.found.values())


def _cast_noun(cast: _Cast) -> None:
    """What stands around an event noun; then the subject of a verb that only says that it takes place."""
    trigger, clause = cast.trigger, cast.scope.clause
    for part in cast.parts:
        if not trigger.aside or _near(part, trigger, cast.scope):
            _cast_beside_noun(cast, part)
    if trigger.aside:
        return
    cues = cast.lexicon.cues
    threatens = (
        clause.verb in cues["threat_verbs"] | cues["answer_verbs"]
    )  # "drohte mit Krieg", "reagierte mit Angriffen"
    named = not clause.passive and (threatens or not (trigger.phrase and trigger.phrase.preposition))
    awaited = clause.passive and clause.verb in cues["expect_verbs"] and trigger.rule.type == "CONSULT"
    supposes = (
        clause.verb in (cues["hypothetical_verbs"] | cues["deny_verbs"] | cues["exclude_verbs"]) - cues["threat_verbs"]
    )
    reports = clause.verb in cues["report_verbs"]
    hit = clause.verb in cues["hit_verbs"] and bool(cues["hit_nouns"] & cast.scope.lower)
    hit = hit or (clause.verb in cues["escape_verbs"] and trigger.rule.type == "ASSAULT" and not cast.together)
    for part in cast.subjects:
        if hit:
            cast.give(part, "target")  # "wurde Ziel eines Angriffs", "entging einem Anschlag"
        elif awaited:
            cast.give(part, cast.subject_role)  # "wird zu einem Besuch erwartet"
        elif supposes or (reports and trigger.rule.type == "ASSAULT"):
            continue  # "Armenien meldete Schüsse": who reports an attack neither made it nor need have suffered it
        elif cast.together or (named and (not part.derived or _is_force(cast, part)) and not _stops(cast)):
            cast.give(part, "actor" if threatens else cast.subject_role)
    if clause.verb in cues["aim_verbs"]:
        for part in cast.parts:
            if part.function == "dative" or (part.derived and part not in cast.subjects):
                cast.give(part, "target")
    if cast.together:
        _cast_guests(cast)


def _cast_guests(cast: _Cast) -> None:
    """Who takes part besides the subject: "mit X", "zwischen X und Y", whom somebody invites."""
    invites = cast.scope.clause.verb in cast.lexicon.cues["invite_verbs"]
    opened = False  # "zwischen dem Gesandten X und dem Gesandten Y": all that follows takes part
    for part in cast.parts:
        invited = invites and part.function in ("bare", "object")
        if opened or invited or cast.stands_behind(part, "with_prepositions"):
            cast.give(part, "participant")
        opened = opened or cast.stands_behind(part, "between")


def _is_force(cast: _Cast, part: Part) -> bool:
    """ "Ukrainische Einheiten traten den Rückzug an": an adjective of nation in front of a force."""
    return part.head is not None and "force" in find_tags(cast.lexicon, cast.scope.token(part.head).text)


def _stops(cast: _Cast) -> bool:
    """ "beendete die Geiselnahme": whoever ends an attack need not have begun it."""
    return cast.trigger.rule.type == "ASSAULT" and cast.scope.clause.verb in cast.lexicon.cues["stopping_verbs"]


def _cast_beside_noun(cast: _Cast, part: Part) -> None:
    trigger, rule = cast.trigger, cast.trigger.rule
    behind = part.first > trigger.word
    if part.head == trigger.word and part.function in ("adjective", "genitive"):
        suffers = part.function == "genitive" and rule.genitive_target and cast.subject_role == "actor"
        cast.give(part, "target" if suffers else "actor" if cast.subject_role == "speaker" else cast.subject_role)
    elif (
        cast.together
        and behind
        and cast.stands_behind(part, "with_prepositions", "target_prepositions", "agent_prepositions")
    ):
        if not cast.stands_behind(part, "place_prepositions"):
            cast.give(part, "participant")
    elif cast.stands_behind(part, "agent_prepositions") and (behind or cast.scope.clause.passive):
        if behind and _hangs_elsewhere(cast, part):
            return
        suffers = (
            rule.genitive_target and cast.stands_behind(part, "of_prepositions") and part.first <= trigger.word + 4
        )
        cast.give(part, "target" if suffers else "actor")
    elif behind and cast.is_target(part):
        cast.give(part, cast.object_role)


def _hangs_elsewhere(cast: _Cast, part: Part) -> bool:
    """ "Luftangriffe seit dem Amtsantritt von Präsident N. N.": what "von" follows is a noun of its own."""
    scope, head = cast.scope, part.head
    if head is None or head <= cast.trigger.word or scope.token(head).kind != "name" or head in scope.timed:
        return False
    offset = scope.token(head).start
    named = [mention.span for mention in scope.places] + [mention.span for mention in scope.actors]
    return not any(span.start <= offset < span.end for span in named)


def _cast_passive(cast: _Cast) -> None:
    for part in cast.subjects:
        cast.give(part, "participant" if cast.together else cast.object_role)
    for part in cast.parts:
        if cast.stands_behind(part, "agent_prepositions"):
            cast.give(part, "participant" if cast.together else "actor")
        elif cast.together and (cast.stands_behind(part, "with_prepositions") or _may_be_active(cast, part)):
            cast.give(part, "participant")
        elif cast.is_target(part) or (cast.trigger.rule.type == "ACCUSE" and part.function == "dative"):
            cast.give(part, cast.object_role)


def _may_be_active(cast: _Cast, part: Part) -> bool:
    """ "Er werde Selenskyj empfangen": a participle that is an infinitive too, beside a second bare actor."""
    forms = find_forms(cast.scope.token(cast.trigger.word).text.lower(), cast.lexicon.language)
    return part.function == "bare" and "infinitive" in forms


def _cast_active(cast: _Cast) -> None:
    rule = cast.trigger.rule
    counts = rule.frame == "victims" and cast.scope.clause.verb in cast.lexicon.cues["counting_verbs"]
    for part in cast.subjects if not counts else ():
        if rule.frame != "undergo":
            cast.give(part, cast.subject_role)
        elif part.derived:
            cast.give(part, "actor" if "weapon" in cast.scope.tags else "victim")
    for part in cast.parts:
        if part in cast.subjects:
            continue
        if cast.together:
            joined = part.function in ("object", "bare") and not part.derived
            if joined or cast.stands_behind(part, "with_prepositions", "against"):
                cast.give(part, "participant")
        elif rule.frame in _SUBJECT_ROLES:
            _cast_beside_sufferer(cast, part)
        elif rule.type == "STATEMENT":
            continue
        elif part.function in ("bare", "object", "dative") or cast.is_target(part) or cast.is_other_side(part):
            fired = part.preposition is None and cast.scope.clause.verb in cast.lexicon.cues["firing_verbs"]
            if not fired:
                cast.give(part, cast.object_role)


def _cast_beside_sufferer(cast: _Cast, part: Part) -> None:
    """Who stands beside a verb whose subject suffers or receives: "durch Rebellen", "aus Israel", "unter Feuer der
    Rebellen"."""
    frame = cast.trigger.rule.frame
    gives = frame == "receive" and cast.stands_behind(part, "origin_prepositions")
    fires = frame == "suffer" and cast.is_weapon_of(part)
    if gives or fires or cast.stands_behind(part, "agent_prepositions"):
        cast.give(part, "actor")
    elif frame == "victims" and not cast.subjects and part.function == "bare":
        cast.give(part, "victim")  # "40.000 Menschen kostete der Aufstand das Leben"
    elif frame == "suffer" and not cast.subjects and cast.is_aboard(part):
        cast.give(part, "target")


def _near(part: Part, trigger: Trigger, scope: Scope) -> bool:
    """In the phrase of the noun: not beyond the finite verb, and not far off."""
    if part.head == trigger.word:
        return True
    finite = scope.finite
    if finite is not None and min(part.first, trigger.word) < finite < max(part.first, trigger.word):
        return False
    return 0 < part.first - trigger.word <= 6
