"""Clauses whose verb is left out the second time, in their parts."""

from __future__ import annotations

from bisect import bisect_left
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
    whole = _Parts(scope, times)
    parts = [whole.cut(start, end) for start, end in pairwise(edges)]
    told = all(part.times and part.places and part.places[0].role == "location" for part in parts[1:])
    return parts if cuts and told else [scope]


def _opens_part(index: int, trigger: Trigger, scope: Scope) -> bool:
    """A comma; behind a finite verb a comma or "und" in front of a time."""
    token = scope.token(index)
    if trigger.word != scope.finite:
        return token.text == ","
    return (token.text == "," or token.kind == "coordination") and bool({index + 1, index + 2} & scope.timed)


class _Parts:
    """A clause that can be cut; where its times and places stand is looked up, as a hostile one has thousands."""

    def __init__(self, scope: Scope, times: Sequence[TimeMention]) -> None:
        self._scope = scope
        self._times = _Starts([times[n].span.start for n in scope.times])
        self._places = _Starts([place.span.start for place in scope.places])

    def cut(self, start: int, end: int) -> Scope:
        scope = self._scope
        first = start == scope.clause.span.start
        return replace(
            scope,
            times=tuple(scope.times[i] for i in self._times.between(start, end)),
            places=tuple(scope.places[i] for i in self._places.between(start, end)),
            actors=tuple(m for m in scope.actors if m.span.start < end) if first else scope.actors,
        )


class _Starts:
    """Where mentions start, which may be in any order."""

    def __init__(self, starts: list[int]) -> None:
        self._order = sorted(range(len(starts)), key=starts.__getitem__)
        self._starts = sorted(starts)

    def between(self, start: int, end: int) -> list[int]:
        """The numbers of those that start in a half-open stretch, in their own order."""
        return sorted(self._order[bisect_left(self._starts, start) : bisect_left(self._starts, end)])
