"""Who did it to whom: the parts that the actors of a clause play in its event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.actors.knowledge import is_person
from pipeline.actors.words import is_plural_verb
from pipeline.events.lexicon import Lexicon, find_nouns, find_tags
from pipeline.events.parts import Part, are_joined
from pipeline.events.relatives import find_antecedent
from pipeline.events.scopes import Scope, find_phrase
from pipeline.events.triggers import Trigger
from pipeline.records import ActorRole, Participation

# What the subject is where it neither acts nor takes part.
_SUBJECT_ROLES: dict[str, ActorRole] = {"victims": "victim", "suffer": "target", "receive": "beneficiary"}


def find_subjects(
    scope: Scope, scopes: Sequence[Scope], all_parts: Sequence[Sequence[Part]], lexicon: Lexicon
) -> list[Part]:
    """The actors that are the subject of a clause; infinitives and second predicates take them from their neighbour."""
    parts = all_parts[scope.number]
    clause = scope.clause
    if clause.kind == "infinitive":
        return _find_controllers(scope, scopes, all_parts, lexicon)
    antecedent = find_antecedent(scope, all_parts, lexicon)
    if antecedent is not None and antecedent.function == "subject":
        return list(antecedent.parts)
    bare = [part for part in parts if part.function == "bare"]
    plain = [part for part in bare if not part.derived]
    if plain and not _goes_on(scope, plain[0], lexicon) and not _has_other_subject(scope, plain[0], lexicon):
        leads = bare[0].derived and scope.finite is not None and bare[0].last < scope.finite < plain[0].first
        return _first_group(scope, bare[:1] if leads else plain)  # "Russische Raketen trafen Zivilisten"
    if scope.number > 0 and (shares_subject(scope) or _lists_on(scope, scopes, lexicon)):
        previous = scopes[scope.number - 1]
        while previous.clause.kind == "infinitive" and previous.number > 0:
            previous = scopes[previous.number - 1]
        if previous.clause.kind == clause.kind:
            shared = find_subjects(previous, scopes, all_parts, lexicon)
            if shared:
                return shared
    derived = [part for part in bare if part.derived]
    return _first_group(scope, derived) if derived else []


def _goes_on(scope: Scope, first: Part, lexicon: Lexicon) -> bool:
    """ "... und töteten Soldaten", "(als Jets Natans angriffen) und General N. N. töteten": the subject stands in the
    clause before; ``first`` is the actor that could be one."""
    words = scope.words
    if scope.number == 0 or not shares_subject(scope):
        return False
    if scope.finite is None or (len(words) > 1 and scope.finite == words[1]):
        return True
    actor = first.mention.actor
    return actor is not None and is_person(actor) and is_plural_verb(scope.token(scope.finite).text, lexicon.language)


def _has_other_subject(scope: Scope, first: Part, lexicon: Lexicon) -> bool:
    """A pronoun that only can be the subject and stands for nobody known ("Er rief die Rebellen auf"), or an attack or
    weapon in front of the verb ("Ein Luftangriff tötete drei Soldaten")."""
    starts = {mention.span.start for mention in scope.actors}
    for i in scope.words:
        token = scope.token(i)
        if i >= first.first:
            break
        if token.text.lower() in lexicon.cues["subject_pronouns"] and token.start not in starts:
            return True
        if token.kind == "name" and scope.finite is not None and scope.finite < first.first:
            attacks = any(entry.rule.type == "ASSAULT" and not entry.weak for entry in find_nouns(lexicon, token.text))
            phrase = find_phrase(scope.sentence, i, lexicon, scope.gaps)
            oblique = (
                phrase.preposition
                or phrase.article in lexicon.cues["articles_object"] | lexicon.cues["articles_oblique"]
            )
            if (attacks or "weapon" in find_tags(lexicon, token.text)) and not oblique and phrase.head is None:
                return True
    return False


def shares_subject(scope: Scope) -> bool:
    """ "und zerstörte ...", or a clause whose auxiliary stands in the one before: "(haben) Brücken getroffen"."""
    if not scope.words:
        return False
    opens = scope.token(scope.words[0]).kind == "coordination"
    return opens or (scope.clause.mood is not None and scope.finite is None)


def _lists_on(scope: Scope, scopes: Sequence[Scope], lexicon: Lexicon) -> bool:
    """ "Sie befreiten Gefangene, plünderten Banken und ...": a main clause that opens with its verb behind another of
    the same tense; not "..., teilte ein Sprecher mit"."""
    clause, before = scope.clause, scopes[scope.number - 1].clause
    verb_first = scope.finite is not None and scope.words[:1] == (scope.finite,)
    says = any(rule.speech or rule.frame == "say" for rule in lexicon.verbs.get(clause.verb or "", ()))
    alike = clause.kind == before.kind == "main" and clause.tense == before.tense and not before.passive
    return verb_first and alike and not says and clause.verb not in lexicon.cues["report_verbs"]


def _first_group(scope: Scope, parts: Sequence[Part]) -> list[Part]:
    """The first part with those that "und" joins to it."""
    group = [parts[0]]
    for part in parts[1:]:
        if not are_joined(scope, group[-1].last, part.first):
            break
        group.append(part)
    return group


def _find_controllers(
    scope: Scope, scopes: Sequence[Scope], all_parts: Sequence[Sequence[Part]], lexicon: Lexicon
) -> list[Part]:
    """Who is to do what an infinitive says: the subject of the governing clause, or whom it asks or lets do it."""
    parent = scope.clause.parent
    if parent is None or parent >= scope.number:
        return []
    governor = scopes[parent]
    subjects = find_subjects(governor, scopes, all_parts, lexicon)
    if governor.clause.verb not in lexicon.cues["object_control_verbs"]:
        return subjects
    asked = ("bare", "object", "dative")
    return [
        part
        for part in all_parts[parent]
        if part not in subjects
        and (part.function in asked or part.preposition in lexicon.cues["addressee_prepositions"])
    ]


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
        elif cast.together and cast.stands_behind(part, "with_prepositions"):
            cast.give(part, "participant")
        elif cast.is_target(part) or (cast.trigger.rule.type == "ACCUSE" and part.function == "dative"):
            cast.give(part, cast.object_role)


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
