"""Clauses whose verb is left out the second time, in their parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.events.scopes import Scope
from pipeline.events.triggers import Trigger
from pipeline.records import TimeMention


def find_conjuncts(trigger: Trigger, scope: Scope, times: Sequence[TimeMention]) -> list[Scope]:
    """The parts of a clause that tells its verb once for several happenings ("war Sake gefallen, zwei Tage zuvor
    Minova", "am Montag fiel Aleppo, am Freitag Hama und zwei Tage darauf Homs"), each with a time and a place of its
    own; the clause itself where it tells of one."""
    if trigger.kind != "verb" or scope.clause.parent is not None or not scope.places or len(scope.times) < 2:
        return [scope]
    cuts = [scope.token(i).start for i in scope.words if i > trigger.word and _opens_part(i, trigger, scope)]
    edges = [scope.clause.span.start, *cuts, scope.clause.span.end]
    parts = [_part(scope, start, end, times) for start, end in pairwise(edges)]
    told = all(part.times and part.places and part.places[0].role == "location" for part in parts[1:])
    return parts if cuts and told else [scope]


def _opens_part(index: int, trigger: Trigger, scope: Scope) -> bool:
    """A comma; behind a finite verb a comma or "und" in front of a time."""
    token = scope.token(index)
    if trigger.word != scope.finite:
        return token.text == ","
    return (token.text == "," or token.kind == "coordination") and bool({index + 1, index + 2} & scope.timed)


def _part(scope: Scope, start: int, end: int, times: Sequence[TimeMention]) -> Scope:
    first = start == scope.clause.span.start
    return replace(
        scope,
        times=tuple(n for n in scope.times if start <= times[n].span.start < end),
        places=tuple(m for m in scope.places if start <= m.span.start < end),
        actors=tuple(m for m in scope.actors if not first or m.span.start < end),
    )
