"""Relative clauses: whom "die" in "die Rebellen, die Goma angriffen" stands for, and as what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from pipeline.actors.words import is_plural_mention, is_plural_verb
from pipeline.events.lexicon import Lexicon
from pipeline.events.parts import Part, are_joined
from pipeline.events.scopes import Scope

_UNARMED = frozenset({"CIV", "MED", "EDU", "NGO", None})
_REACH = 3  # words of "(die Rebellen) in Goma", "(nahm einen Mann) fest" between a noun and the comma behind it


class Antecedent(NamedTuple):
    """The parts that a relative pronoun takes up, and their function in its clause."""

    parts: tuple[Part, ...]
    function: Literal["subject", "object", "preposition"]


def find_antecedent(scope: Scope, all_parts: Sequence[Sequence[Part]], lexicon: Lexicon) -> Antecedent | None:
    """Whom the pronoun of a relative clause stands for. Case and number decide who acts ("Kenia, das Soldaten schickt",
    "die Geiseln, die die Hamas hielt"); where both fit, the pronoun acts, but people without arms are what
    somebody who has some acts upon."""
    if scope.clause.kind != "relative" or scope.noun is not None or not scope.words or scope.clause.parent is None:
        return None
    opener = scope.words[0]
    pronoun = scope.token(opener).text.lower()
    if opener == 0 or scope.finite is None:
        return None
    if scope.token(opener).kind == "preposition" and len(scope.words) > 1:
        return _find_circumstance(scope, opener, all_parts[scope.clause.parent], lexicon)
    if pronoun not in lexicon.cues["relative_pronouns"]:
        return None
    named = _find_named(scope, opener, all_parts[scope.clause.parent])
    if not named:
        return None
    code = lexicon.language
    plural = is_plural_verb(scope.token(scope.finite).text, code)
    number = True if len(named) > 1 else _number(named[0], scope, code)
    own = [p for p in all_parts[scope.number] if p.function == "bare" and not p.derived]
    fits = pronoun not in lexicon.cues["articles_object"] and number in (None, plural)
    rivals = [p for p in own if _number(p, scope, code) in (None, plural)]
    helpless = all(_is_unarmed(p) for p in named) and not all(_is_unarmed(p) for p in rivals)
    if fits and not (rivals and helpless):
        return Antecedent(named, "subject")
    return Antecedent(named, "object") if own else None


def _find_circumstance(scope: Scope, opener: int, parts: Sequence[Part], lexicon: Lexicon) -> Antecedent | None:
    """ "der Senator, auf den geschossen wurde": as if the noun stood behind the preposition."""
    if scope.token(scope.words[1]).text.lower() not in lexicon.cues["relative_datives"]:
        return None
    preposition = scope.token(opener).text.lower()
    named = _find_named(scope, opener, parts)
    here = (replace(part, function="preposition", preposition=preposition, head=None) for part in named)
    return Antecedent(tuple(here), "preposition") if named else None


def _is_unarmed(part: Part) -> bool:
    return part.mention.actor is not None and part.mention.actor.sector in _UNARMED


def _number(part: Part, scope: Scope, code: str) -> bool | None:
    return is_plural_mention(part.mention, [scope.token(i).text for i in range(part.first, part.last + 1)], code)


def _find_named(scope: Scope, opener: int, parts: Sequence[Part]) -> tuple[Part, ...]:
    """The last actor in front of the comma, with those that "und" joins to it."""
    before = [p for p in parts if p.last < opener - 1 and not p.derived]
    if not before or scope.token(opener - 1).text != ",":
        return ()
    last = max(before, key=lambda p: p.last)
    between = scope.sentence.tokens[last.last + 1 : opener - 1]
    if between and (len(between) > _REACH or between[0].kind not in ("preposition", "particle")):
        return ()
    group = [last]
    for part in sorted(before, key=lambda p: p.first, reverse=True)[1:]:
        if not are_joined(scope, part.last, group[0].first):
            break
        group.insert(0, part)
    return tuple(group)
