"""Who did it to whom: the parts that the actors of a clause play in its event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.events.lexicon import Lexicon
from pipeline.events.scopes import Scope, index_at
from pipeline.events.triggers import Trigger
from pipeline.records import Actor, ActorMention, ActorRole, Participation

Function = Literal["bare", "object", "dative", "genitive", "adjective", "preposition"]


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
    parts: list[Part] = []
    spans = [(index_at(scope, m.span.start), index_at(scope, m.span.end - 1)) for m in scope.actors]
    covered = {i: number for number, (first, last) in enumerate(spans) for i in range(first, last + 1)}
    tokens = scope.sentence.tokens
    for mention, (first, last) in zip(scope.actors, spans, strict=True):
        if mention.actor is None:
            continue
        following = last + 1
        is_adjective = tokens[first].text[:1].islower() and tokens[first].kind == "word" and first == last
        if is_adjective or (first == last and _modifies(scope, last, lexicon)):
            head = next(
                (
                    i
                    for i in range(following, min(following + 8, len(tokens)))
                    if tokens[i].kind == "name" and i not in timed
                ),
                None,
            )
            if head is None or (head in covered and covered[head] != covered[first]):
                continue
            if head in triggers:
                parts.append(Part(mention, "adjective", None, head, first, last, False))
                continue
            function, preposition, _ = _function(scope, first, lexicon, timed, covered)
            parts.append(Part(mention, function, preposition, head, first, last, True))
            continue
        function, preposition, genitive_head = _function(scope, first, lexicon, timed, covered)
        if (
            function != "preposition"
            and genitive_head is None
            and tokens[last].text.endswith("s")
            and len(tokens[last].text) > 3
        ):
            # A name with the genitive s: "Angriff Russlands", "Haitis Regierung".
            if (
                following < len(tokens)
                and tokens[following].kind == "name"
                and following not in covered
                and first == last
            ):
                if following in triggers:
                    parts.append(Part(mention, "adjective", None, following, first, last, False))
                else:
                    parts.append(Part(mention, function, preposition, following, first, last, True))
                continue
            if first > 0 and tokens[first - 1].kind == "name" and first - 1 not in covered and first - 1 not in timed:
                genitive_head = first - 1
                function = "genitive"
        if function == "genitive" and genitive_head is not None and genitive_head not in triggers:
            if genitive_head in covered:
                continue  # "der Präsident der Ukraine": part of another actor
            head_function, head_preposition, _ = _function(scope, genitive_head, lexicon, timed, covered)
            parts.append(Part(mention, head_function, head_preposition, genitive_head, first, last, True))
            continue
        if function == "preposition" and parts and _joined(scope, parts[-1].last, first):
            pass
        elif function != "preposition" and parts and _joined(scope, parts[-1].last, first):
            previous = parts[-1]
            if previous.function != "bare" or function == "bare":
                parts.append(
                    Part(mention, previous.function, previous.preposition, previous.head, first, last, previous.derived)
                )
                continue
        parts.append(Part(mention, function, preposition, genitive_head, first, last, False))
    return parts


def _modifies(scope: Scope, index: int, lexicon: Lexicon) -> bool:
    """A capitalised adjective of nation at the head of a sentence or "Kiewer" before a noun."""
    token = scope.token(index)
    return (
        token.text.lower().endswith(tuple(lexicon.cue("adjective_endings")))
        and index + 1 < len(scope.sentence.tokens)
        and (scope.token(index + 1).kind == "name")
    )


def _joined(scope: Scope, last: int, first: int) -> bool:
    """Two mentions with nothing between them but a comma, "und", articles and adjectives."""
    between = scope.sentence.tokens[last + 1 : first]
    return (
        bool(between)
        and len(between) <= 6
        and (between[0].kind == "coordination" or between[0].text == ",")
        and all(t.kind in ("coordination", "article", "word", "name") or t.text == "," for t in between)
        and sum(t.kind == "name" for t in between) <= 2
    )


def _function(
    scope: Scope, first: int, lexicon: Lexicon, timed: frozenset[int], covered: dict[int, int]
) -> tuple[Function, str | None, int | None]:
    tokens = scope.sentence.tokens
    own = covered.get(first)
    position = first - 1
    names = 0
    while position >= 0 and (
        (
            tokens[position].kind in ("word", "number", "participle")
            and tokens[position].text[:1].isalnum()
            and position not in timed
        )
        or (tokens[position].kind == "name" and names < 3 and position not in timed)
    ):
        if position in covered and covered[position] != own:
            break
        names += tokens[position].kind == "name"
        position -= 1
    article = None
    if position >= 0 and tokens[position].kind in ("article", "negation"):
        article = tokens[position].text.lower()
        position -= 1
    if position >= 0 and tokens[position].kind == "preposition" and position not in timed:
        return "preposition", tokens[position].text.lower(), position - 1 if position else None
    if article is not None:
        before = tokens[position] if position >= 0 else None
        is_noun = before is not None and before.kind == "name" and position not in timed
        if article in lexicon.cue("articles_genitive"):
            return "genitive", None, position if is_noun else None
        if article in lexicon.cue("articles_genitive_maybe") and is_noun:
            return "genitive", None, position
        if article in lexicon.cue("articles_object"):
            return "object", None, None
        if article in lexicon.cue("articles_oblique"):
            return "dative", None, None
    return "bare", None, None


def find_subjects(
    scope: Scope, parts: Sequence[Part], scopes: Sequence[Scope], all_parts: Sequence[Sequence[Part]]
) -> list[Part]:
    """The actors that are the subject of a clause; an infinitive or a second predicate takes them from its neighbour."""
    bare = [part for part in parts if part.function == "bare" and not part.derived]
    if not bare:
        bare = [part for part in parts if part.function == "bare"]
    if bare:
        group = [bare[0]]
        for part in bare[1:]:
            if _joined(scope, group[-1].last, part.first):
                group.append(part)
            else:
                break
        return group
    clause = scope.clause
    parent = clause.parent
    if clause.kind == "infinitive" and parent is not None and parent < len(scopes) and parent != scope.number:
        return find_subjects(scopes[parent], all_parts[parent], scopes, all_parts) if parent < scope.number else []
    if scope.number > 0 and scope.words and scope.token(scope.words[0]).kind == "coordination":
        previous = scopes[scope.number - 1]
        if previous.clause.kind == clause.kind:
            return find_subjects(previous, all_parts[scope.number - 1], scopes, all_parts)
    return []


def assign_roles(
    trigger: Trigger, scope: Scope, scopes: Sequence[Scope], all_parts: Sequence[Sequence[Part]], lexicon: Lexicon
) -> tuple[Participation, ...]:
    """Actors with their roles. What the words do not say stays empty."""
    parts = list(all_parts[scope.number])
    rule, clause = trigger.rule, scope.clause
    found: dict[str, tuple[Actor, ActorRole]] = {}

    def give(part: Part, role: ActorRole) -> None:
        actor = part.mention.actor
        if actor is not None and actor.id not in found:
            found[actor.id] = (actor, role)

    agents = lexicon.cue("agent_prepositions")
    targets = lexicon.cue("target_prepositions")
    together = rule.frame in ("together", "mediate")
    is_noun = trigger.kind == "noun"
    near = [part for part in parts if not trigger.aside or _near(part, trigger, scope)]
    subject_role: ActorRole = {
        "say": "speaker" if rule.type == "STATEMENT" else "actor",
        "victims": "victim",
    }.get(rule.frame, "actor")
    object_role: ActorRole = "beneficiary" if rule.frame == "give" else "target"
    if rule.frame in ("fell", "none", "hold"):
        return ()
    if is_noun:
        for part in near:
            if part.function == "adjective" and part.head == trigger.word:
                give(part, "participant" if together else "victim" if rule.frame == "victims" else "actor")
            elif part.function == "genitive" and part.head == trigger.word:
                give(
                    part,
                    "participant"
                    if together
                    else "victim"
                    if rule.frame == "victims"
                    else "target"
                    if rule.genitive_target
                    else "actor",
                )
            elif part.function == "preposition":
                if (
                    together
                    and part.preposition in lexicon.cue("with_prepositions") | targets | agents
                    and part.first > trigger.word
                ):
                    if part.preposition not in lexicon.cue("place_prepositions"):
                        give(part, "participant")
                elif part.preposition in agents and (part.first > trigger.word or clause.passive):
                    give(part, "target" if rule.genitive_target and part.first == trigger.word + 2 else "actor")
                elif (
                    part.preposition in targets
                    and part.first > trigger.word
                    and part.preposition not in lexicon.cue("place_prepositions")
                ):
                    give(part, object_role)
        if trigger.aside:
            return tuple(Participation(actor, role) for actor, role in found.values())
        subjects = [p for p in find_subjects(scope, parts, scopes, all_parts) if not p.derived or together]
        if subjects and not clause.passive and not (trigger.phrase and trigger.phrase.preposition):
            for part in subjects:
                give(part, "participant" if together else subject_role)
        elif subjects and together:
            for part in subjects:
                give(part, "participant")
        if together:
            for part in parts:
                if part.function == "preposition" and part.preposition in lexicon.cue("with_prepositions"):
                    give(part, "participant")
        return tuple(Participation(actor, role) for actor, role in found.values())
    subjects = find_subjects(scope, parts, scopes, all_parts)
    if clause.passive and rule.frame not in ("victims", "move", "flee"):
        passive_role: ActorRole = "participant" if together else object_role
        for part in subjects:
            give(part, passive_role)
        for part in parts:
            if part.function == "preposition" and part.preposition in agents:
                give(part, "participant" if together else "actor")
            elif (
                part.function == "preposition"
                and part.preposition in targets
                and part.preposition not in lexicon.cue("place_prepositions")
            ):
                give(part, object_role)
    else:
        if rule.frame == "undergo":
            for part in subjects:
                if part.derived:
                    give(part, "actor") if "weapon" in scope.tags else give(part, "victim")
        else:
            for part in subjects:
                give(part, "participant" if together else subject_role)
        for part in parts:
            if part in subjects:
                continue
            if together:
                if (
                    part.function == "preposition"
                    and part.preposition in lexicon.cue("with_prepositions") | lexicon.cue("against")
                ) or (part.function in ("object", "bare") and not part.derived):
                    give(part, "participant")
            elif rule.frame == "victims":
                if part.function == "preposition" and part.preposition in agents:
                    give(part, "actor")
            elif part.function in ("bare", "object", "dative"):
                if rule.type != "STATEMENT":
                    give(part, object_role)
            elif part.function == "preposition" and part.preposition in targets | (
                lexicon.cue("beneficiary_prepositions") if rule.frame == "give" else frozenset()
            ):
                if part.preposition not in lexicon.cue("place_prepositions") and rule.type != "STATEMENT":
                    give(part, object_role)
    return tuple(Participation(actor, role) for actor, role in found.values())


def _near(part: Part, trigger: Trigger, scope: Scope) -> bool:
    """In the phrase of the noun: not beyond the finite verb, and not far off."""
    if part.head == trigger.word:
        return True
    finite = scope.finite
    if finite is not None and min(part.first, trigger.word) < finite < max(part.first, trigger.word):
        return False
    return 0 < part.first - trigger.word <= 6
