"""Who did it to whom: the parts that the actors of a clause play in its event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from pipeline.events.lexicon import Lexicon, find_nouns, find_tags
from pipeline.events.scopes import Scope, find_phrase, index_at
from pipeline.events.triggers import Trigger
from pipeline.records import ActorMention, ActorRole, Participation

Function = Literal["bare", "object", "dative", "genitive", "adjective", "preposition", "source"]


@dataclass(frozen=True, slots=True)
class Part:
    """An actor mention in its clause: its case as far as the words show it, and the noun it modifies."""

    mention: ActorMention
    function: Function
    preposition: str | None
    head: int | None
    first: int
    last: int
    derived: bool  # stands for the noun it modifies: "zwei russische Kampfflugzeuge"


def find_parts(scope: Scope, triggers: Sequence[int], lexicon: Lexicon, timed: frozenset[int]) -> list[Part]:
    """The parts of a clause's actors; ``triggers`` and ``timed`` are token indices of event words and of times."""
    spans = [(index_at(scope, m.span.start), index_at(scope, m.span.end - 1)) for m in scope.actors]
    covered = {i: number for number, (first, last) in enumerate(spans) for i in range(first, last + 1)}
    placed = frozenset(
        i
        for m in scope.places
        for i in range(index_at(scope, m.span.start), index_at(scope, m.span.end - 1) + 1)
        if i not in covered
    )
    phrases = _Phrases(scope, frozenset(triggers), lexicon, timed, covered, placed)
    parts: list[Part] = []
    for mention, (first, last) in zip(scope.actors, spans, strict=True):
        if mention.actor is None:
            continue
        if scope.noun is not None and first <= scope.noun <= last:
            parts.append(Part(mention, "bare", None, None, first, last, False))  # an attribute speaks of its noun
            continue
        if phrases.is_adjective(first, last):
            part = phrases.read_adjective(mention, first, last, parts[-1] if parts else None)
        else:
            part = phrases.read_noun(mention, first, last, parts[-1] if parts else None)
        if part is not None:
            parts.append(part)
    return parts


@dataclass(frozen=True, slots=True)
class _Phrases:
    """The noun phrases of a clause around its actors. ``covered`` maps token indices to numbers of actors."""

    scope: Scope
    triggers: frozenset[int]
    lexicon: Lexicon
    timed: frozenset[int]
    covered: dict[int, int]
    placed: frozenset[int]  # words of place names: "in Teheran | Hamas-Chef N. N."

    def is_adjective(self, first: int, last: int) -> bool:
        token = self.scope.token(first)
        return first == last and (
            (token.text[:1].islower() and token.kind == "word") or _modifies(self.scope, last, self.lexicon)
        )

    def read_adjective(self, mention: ActorMention, first: int, last: int, previous: Part | None) -> Part | None:
        """ "zwei russische Kampfflugzeuge": an adjective of nation in front of a noun that is no actor itself."""
        tokens = self.scope.sentence.tokens
        behind = range(last + 1, min(last + 9, len(tokens)))
        head = next((i for i in behind if tokens[i].kind == "name" and i not in self.timed), None)
        if head is None:
            return None
        if self.covered.get(head, self.covered[first]) != self.covered[first]:
            return self._share_noun(mention, first, head, previous)
        if head in self.triggers:
            return Part(mention, "adjective", None, head, first, last, False)
        function, preposition, owner = self.function(first)
        if tokens[head].text.lower() in self.lexicon.cue("source_nouns"):
            return Part(mention, "source", preposition, head, first, last, False)
        if function == "genitive" and owner in self.triggers:
            return Part(mention, function, preposition, owner, first, last, False)
        return Part(mention, function, preposition, head, first, last, True)

    def _share_noun(self, mention: ActorMention, first: int, head: int, previous: Part | None) -> Part | None:
        """ "mit ukrainischen, russischen und europäischen Beamten": adjectives that share the noun of the last one."""
        between = self.scope.sentence.tokens[first + 1 : head]
        if not any(token.text == "," or token.kind == "coordination" for token in between):
            return None
        function, preposition, _ = self.function(first)
        part = Part(mention, function, preposition, None, first, first, False)
        return self._join(part, previous)

    def _join(self, part: Part, previous: Part | None) -> Part:
        """What "und" or a comma puts beside another actor plays the same part."""
        if previous is None or part.function == "preposition" or not _joined(self.scope, previous.last, part.first):
            return part
        if previous.function == "bare" and part.function != "bare":
            return part
        if previous.preposition in self.lexicon.cue("dative_prepositions") and self._has_direct_article(part.first):
            return part  # "die Armee unter N. N. und die Miliz": no dative, so a second subject
        return replace(previous, mention=part.mention, first=part.first, last=part.last)

    def _is_genitive_name(self, mention: ActorMention, first: int, last: int) -> bool:
        """ "vor einem Angriff Chinas": a name with the genitive s right behind a noun, whatever stands before that."""
        text = self.scope.token(last).text
        ends = mention.actor is not None and not mention.actor.name.endswith(text)
        return (
            first == last
            and ends
            and _has_genitive_s(text)
            and self._is_free_noun(first - 1)
            and first - 1 not in self.timed
        )

    def _read_genitive(self, mention: ActorMention, head: int, first: int, last: int) -> Part | None:
        """What a genitive belongs to: an event noun, or a noun whose part in the clause it shares."""
        if head in self.triggers:
            return Part(mention, "genitive", None, head, first, last, False)
        if head in self.covered:
            return None  # "der Präsident der Ukraine": part of another actor
        function, preposition, _ = self.function(head)
        return Part(mention, function, preposition, head, first, last, True)

    def _has_direct_article(self, first: int) -> bool:
        position = self._phrase_start(first)
        return position >= 0 and self.scope.token(position).text.lower() in self.lexicon.cue("articles_direct")

    def read_noun(self, mention: ActorMention, first: int, last: int, previous: Part | None) -> Part | None:
        tokens = self.scope.sentence.tokens
        function, preposition, genitive_head = self.function(first)
        if self._is_source(last, preposition, genitive_head):
            return Part(mention, "source", preposition, genitive_head, first, last, False)
        if preposition in self.lexicon.cue("partitive_prepositions") and self._is_partitive(genitive_head):
            function, preposition, genitive_head = self.function(genitive_head or 0)  # "eine Gruppe von Soldaten"
        if self._is_genitive_name(mention, first, last):
            return self._read_genitive(mention, first - 1, first, last)
        if function != "preposition" and genitive_head is None and _has_genitive_s(tokens[last].text):
            # A name with the genitive s: "Angriff Russlands", "Haitis Regierung".
            owned = self._behind_adjectives(last + 1)
            if self._is_free_noun(owned) and first == last:
                if owned in self.triggers:
                    return Part(mention, "adjective", None, owned, first, last, False)
                return Part(mention, function, preposition, owned, first, last, True)
            if self._is_free_noun(first - 1) and first - 1 not in self.timed:
                genitive_head, function = first - 1, "genitive"
        if function == "genitive" and genitive_head is not None:
            return self._read_genitive(mention, genitive_head, first, last)
        return self._join(Part(mention, function, preposition, genitive_head, first, last, False), previous)

    def _is_source(self, last: int, preposition: str | None, head: int | None) -> bool:
        """ "nach Angaben von Anwohnern", "laut Polizei", "der Armee zufolge": who says it, no part of what happened."""
        tokens, cue = self.scope.sentence.tokens, self.lexicon.cue
        if preposition in cue("source_prepositions"):
            return True
        if last + 1 < len(tokens) and tokens[last + 1].text.lower() in cue("source_postpositions"):
            return True
        return head is not None and tokens[head].text.lower() in cue("source_nouns")

    def _is_partitive(self, head: int | None) -> bool:
        return head is not None and self.scope.token(head).text.lower() in self.lexicon.cue("partitive_nouns")

    def _behind_adjectives(self, index: int) -> int:
        """ "Russlands erste groß angelegte Invasion": the noun that a name in front owns."""
        tokens = self.scope.sentence.tokens
        stop = min(index + 4, len(tokens) - 1)
        while index < stop and tokens[index].kind in ("word", "number", "participle") and index not in self.timed:
            index += 1
        return index

    def _is_free_noun(self, index: int) -> bool:
        tokens = self.scope.sentence.tokens
        return 0 <= index < len(tokens) and tokens[index].kind == "name" and index not in self.covered

    def function(self, first: int) -> tuple[Function, str | None, int | None]:
        """Case of the phrase whose actor begins at ``first``, its preposition, and the noun that it may modify."""
        tokens, lexicon = self.scope.sentence.tokens, self.lexicon
        if self._is_genitive_plural(first):
            return "genitive", None, first - 1
        position = self._phrase_start(first)
        article = None
        if position >= 0 and tokens[position].kind in ("article", "negation"):
            article = tokens[position].text.lower()
            position -= 1
        if position >= 0 and tokens[position].kind == "preposition" and position not in self.timed:
            return "preposition", tokens[position].text.lower(), position - 1 if position else None
        if article is None:
            return "bare", None, None
        is_noun = position >= 0 and tokens[position].kind == "name" and position not in self.timed
        if article in lexicon.cue("articles_genitive"):
            return "genitive", None, position if is_noun else None
        if article in lexicon.cue("articles_genitive_maybe") and is_noun:
            return "genitive", None, position
        if article in lexicon.cue("articles_object"):
            return "object", None, None
        if article in lexicon.cue("articles_oblique"):
            return "dative", None, None
        return "bare", None, None

    def _is_genitive_plural(self, first: int) -> bool:
        """ "Angriff russischer Raketen": an adjective of the genitive plural right behind a noun."""
        tokens = self.scope.sentence.tokens
        adjective = tokens[first].text[:1].islower() and tokens[first].text.endswith(
            tuple(self.lexicon.cue("genitive_plural_endings"))
        )
        return adjective and first > 0 and self._is_free_noun(first - 1) and first - 1 not in self.timed

    def _phrase_start(self, first: int) -> int:
        """The index of the token in front of a noun's adjectives and names."""
        tokens, own = self.scope.sentence.tokens, self.covered.get(first)
        position, names = first - 1, 0
        while position >= 0 and position not in self.timed:
            token = tokens[position]
            if position in self.scope.gaps:
                position -= 1
                continue
            if position in self.placed and token.kind == "name":
                break
            attribute = token.kind in ("word", "number", "participle") and token.text[:1].isalnum()
            if not attribute and not (token.kind == "name" and names < 3):
                break
            if self.covered.get(position, own) != own:
                break
            names += token.kind == "name"
            position -= 1
        return position


def _has_genitive_s(text: str) -> bool:
    return text.endswith("s") and len(text) > 3


def _modifies(scope: Scope, index: int, lexicon: Lexicon) -> bool:
    """A capitalised adjective of nation at the head of a sentence or "Kiewer" before a noun."""
    token = scope.token(index)
    return (
        token.text.lower().endswith(tuple(lexicon.cue("adjective_endings")))
        and index + 1 < len(scope.sentence.tokens)
        and (scope.token(index + 1).kind == "name")
    )


def _joined(scope: Scope, last: int, first: int) -> bool:
    """Two mentions with nothing between them but a comma, "und", articles and adjectives; or two of the same words."""
    if first <= last:
        return True
    between = scope.sentence.tokens[last + 1 : first]
    return (
        bool(between)
        and len(between) <= 6
        and (between[0].kind == "coordination" or between[0].text == ",")
        and all(t.kind in ("coordination", "article", "word", "name") or t.text == "," for t in between)
        and sum(t.kind == "name" for t in between) <= 2
    )


def find_subjects(
    scope: Scope, scopes: Sequence[Scope], all_parts: Sequence[Sequence[Part]], lexicon: Lexicon
) -> list[Part]:
    """The actors that are the subject of a clause; infinitives and second predicates take them from their neighbour."""
    parts = all_parts[scope.number]
    clause = scope.clause
    if clause.kind == "infinitive":
        return _find_controllers(scope, scopes, all_parts, lexicon)
    bare = [part for part in parts if part.function == "bare"]
    plain = [part for part in bare if not part.derived]
    if plain and not _opens_with_verb(scope) and not _has_other_subject(scope, plain[0], lexicon):
        leads = bare[0].derived and scope.finite is not None and bare[0].last < scope.finite < plain[0].first
        return _first_group(scope, bare[:1] if leads else plain)  # "Russische Raketen trafen Zivilisten"
    if scope.number > 0 and shares_subject(scope):
        previous = scopes[scope.number - 1]
        while previous.clause.kind == "infinitive" and previous.number > 0:
            previous = scopes[previous.number - 1]
        if previous.clause.kind == clause.kind:
            shared = find_subjects(previous, scopes, all_parts, lexicon)
            if shared:
                return shared
    derived = [part for part in bare if part.derived]
    return _first_group(scope, derived) if derived else []


def _opens_with_verb(scope: Scope) -> bool:
    """ "... und töteten Soldaten": the subject stands in the clause before."""
    words = scope.words
    if scope.number == 0 or not shares_subject(scope):
        return False
    return scope.finite is None or (len(words) > 1 and scope.finite == words[1])


def _has_other_subject(scope: Scope, first: Part, lexicon: Lexicon) -> bool:
    """A pronoun that only can be the subject and stands for nobody known ("Er rief die Rebellen auf"), or an attack or
    weapon in front of the verb ("Ein Luftangriff tötete drei Soldaten")."""
    starts = {mention.span.start for mention in scope.actors}
    for i in scope.words:
        token = scope.token(i)
        if i >= first.first:
            break
        if token.text.lower() in lexicon.cue("subject_pronouns") and token.start not in starts:
            return True
        if token.kind == "name" and scope.finite is not None and i < scope.finite < first.first:
            attacks = any(entry.rule.type == "ASSAULT" and not entry.weak for entry in find_nouns(lexicon, token.text))
            phrase = find_phrase(scope.sentence, i, lexicon, scope.gaps)
            oblique = phrase.preposition or phrase.article in lexicon.cue("articles_object") | lexicon.cue(
                "articles_oblique"
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


def _first_group(scope: Scope, parts: Sequence[Part]) -> list[Part]:
    """The first part with those that "und" joins to it."""
    group = [parts[0]]
    for part in parts[1:]:
        if not _joined(scope, group[-1].last, part.first):
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
    if governor.clause.verb not in lexicon.cue("object_control_verbs"):
        return subjects
    asked = ("bare", "object", "dative")
    return [
        part
        for part in all_parts[parent]
        if part not in subjects
        and (part.function in asked or part.preposition in lexicon.cue("addressee_prepositions"))
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
        if self.together:
            return "participant"
        if rule.frame == "say" and rule.type == "STATEMENT":
            return "speaker"
        return "victim" if rule.frame == "victims" else "actor"

    @property
    def object_role(self) -> ActorRole:
        if self.trigger.rule.frame == "give":
            return "beneficiary"
        return "actor" if self.trigger.rule.mode in ("troops", "withdraw") else "target"  # "zieht seine Truppen ab"

    def stands_behind(self, part: Part, *cues: str) -> bool:
        """Is the part introduced by a preposition of one of these lists?"""
        return part.function == "preposition" and any(part.preposition in self.lexicon.cue(cue) for cue in cues)

    def is_target(self, part: Part) -> bool:
        return self.stands_behind(part, "target_prepositions") and not self.stands_behind(part, "place_prepositions")

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
    parts = all_parts[scope.number]
    cast = _Cast(trigger, scope, lexicon, parts, find_subjects(scope, scopes, all_parts, lexicon))
    if trigger.kind == "noun":
        _cast_noun(cast)
    elif scope.clause.passive and rule.frame not in ("victims", "flee"):
        _cast_passive(cast)
    else:
        _cast_active(cast)
    return tuple(cast.found.values())


def _cast_noun(cast: _Cast) -> None:
    """What stands around an event noun; then the subject of a verb that only says that it takes place."""
    trigger, clause = cast.trigger, cast.scope.clause
    for part in cast.parts:
        if not trigger.aside or _near(part, trigger, cast.scope):
            _cast_beside_noun(cast, part)
    if trigger.aside:
        return
    cue = cast.lexicon.cue
    threatens = clause.verb in cue("threat_verbs") | cue(
        "answer_verbs"
    )  # "drohte mit Krieg", "reagierte mit Angriffen"
    named = not clause.passive and (threatens or not (trigger.phrase and trigger.phrase.preposition))
    supposes = clause.verb in (cue("hypothetical_verbs") | cue("deny_verbs") | cue("exclude_verbs")) - cue(
        "threat_verbs"
    )
    reports = clause.verb in cue("report_verbs")
    for part in cast.subjects:
        if supposes or (reports and trigger.rule.type == "ASSAULT"):
            _cast_reporter(cast, part)
        elif cast.together or (named and not part.derived):
            cast.give(part, "actor" if threatens else cast.subject_role)
    if clause.verb in cue("aim_verbs"):
        for part in cast.parts:
            if part.function == "dative" or (part.derived and part not in cast.subjects):
                cast.give(part, "target")
    if cast.together:
        invites = clause.verb in cue("invite_verbs")
        opened = False  # "zwischen dem Gesandten X und dem Gesandten Y": all that follows takes part
        for part in cast.parts:
            invited = invites and part.function in ("bare", "object")
            if opened or invited or cast.stands_behind(part, "with_prepositions"):
                cast.give(part, "participant")
            opened = opened or cast.stands_behind(part, "between")


def _cast_reporter(cast: _Cast, part: Part) -> None:
    """ "Armenien meldete Schüsse": who reports an attack suffers it, unless the words name another who does."""
    sector = part.mention.actor.sector if part.mention.actor is not None else None
    if sector in ("GOV", "MIL") and not cast.found and cast.scope.clause.verb in cast.lexicon.cue("complain_verbs"):
        cast.give(part, "target")


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
        suffers = (
            rule.genitive_target and cast.stands_behind(part, "of_prepositions") and part.first <= trigger.word + 4
        )
        cast.give(part, "target" if suffers else "actor")
    elif behind and cast.is_target(part):
        cast.give(part, cast.object_role)


def _cast_passive(cast: _Cast) -> None:
    for part in cast.subjects:
        cast.give(part, "participant" if cast.together else cast.object_role)
    for part in cast.parts:
        if cast.stands_behind(part, "agent_prepositions"):
            cast.give(part, "participant" if cast.together else "actor")
        elif cast.together and cast.stands_behind(part, "with_prepositions"):
            cast.give(part, "participant")
        elif cast.is_target(part):
            cast.give(part, cast.object_role)


def _cast_active(cast: _Cast) -> None:
    rule = cast.trigger.rule
    for part in cast.subjects:
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
        elif rule.frame == "victims":
            if cast.stands_behind(part, "agent_prepositions"):
                cast.give(part, "actor")
        elif rule.type == "STATEMENT":
            continue
        elif part.function in ("bare", "object", "dative") or cast.is_target(part) or cast.is_other_side(part):
            cast.give(part, cast.object_role)


def _near(part: Part, trigger: Trigger, scope: Scope) -> bool:
    """In the phrase of the noun: not beyond the finite verb, and not far off."""
    if part.head == trigger.word:
        return True
    finite = scope.finite
    if finite is not None and min(part.first, trigger.word) < finite < max(part.first, trigger.word):
        return False
    return 0 < part.first - trigger.word <= 6
