"""Finding the groups of new events without comparing the others again.

Where an event stands depends only on events of lower rank (``merge.rank_of``); for reports that are copies of one text
(``texts``) it is the same. So what changed is placed anew in the order of ranks, and after each move those of higher
rank that it can concern: members of its new group that it does not fit; those that would rather have joined a group
that it left or founded. Where nothing moves, nothing else can. The groups are those that ``merge_events`` finds in all
events at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from heapq import heappop, heappush
from typing import Any, TypeAlias

Number: TypeAlias = int
Neighbours: TypeAlias = Callable[[set[Number]], dict[Number, set[Number]]]  # events -> those that each can be one with
Rank: TypeAlias = Callable[[Number], Any]  # can be compared
Groups: TypeAlias = Callable[[Iterable[Number]], dict[Number, set[Number]]]  # events -> the groups that they are in


class Regrouping:
    """The groups around what changed. A group has the number of its founder, the member of lowest rank; whoever joins
    it fits every member before, or, ``by_founder``, that one alone. What the two functions that ask the store have
    given can be ranked."""

    def __init__(
        self, rank: Rank, find_neighbours: Neighbours, find_groups: Groups, *, by_founder: bool = False
    ) -> None:
        self._rank = rank
        self._by_founder = by_founder
        self._find_neighbours = find_neighbours
        self._find_groups = find_groups
        self._near: dict[Number, set[Number]] = {}
        self._founder: dict[Number, Number] = {}
        self._queue: list[tuple[object, Number]] = []
        self._queued: set[Number] = set()
        self.members: dict[Number, set[Number]] = {}
        self.touched: set[Number] = set()

    def run(self, changed: set[Number]) -> None:
        """Place events that stand in no group yet. Then ``touched`` has the founders, now or before, of groups that are
        another, and ``members`` the members of each group that was looked at."""
        self._load(changed)
        self._load({other for number in changed for other in self._near[number]} - changed)
        for number in changed:
            self._leave(number)
        self._push(changed)
        while self._queue:
            _, number = heappop(self._queue)
            self._queued.discard(number)
            if number not in self._near:
                self._load({number, *self._queued} - set(self._near))
            self._place(number)

    def _place(self, number: Number) -> None:
        before = self._founder.get(number)
        after = self._choose(number)
        if after == before:
            return
        later: set[Number] = set()
        if before is not None:
            later |= self._leave(number)
        self._founder[number] = after
        group = self.members.setdefault(after, set())
        near = self._near[number]
        if after == number:
            later |= {other for other in near if self._prefers(other, number)}
        elif not self._by_founder:
            later |= group - near
        group.add(number)
        self.touched.add(after)
        self._push(other for other in later if self._rank(other) > self._rank(number))

    def _choose(self, number: Number) -> Number:
        """The founder of the group that the event belongs to: itself where it fits nowhere."""
        rank = self._rank(number)
        before = {other for other in self._near[number] if self._rank(other) < rank and other in self._founder}
        founders = {self._founder[other] for other in before} & before
        for founder in sorted(founders, key=self._rank):
            if self._founder[founder] == founder and (
                self._by_founder
                or all(
                    member in before
                    for member in self.members[founder]
                    if member != number and self._rank(member) < rank
                )
            ):
                return founder
        return number

    def _leave(self, number: Number) -> set[Number]:
        """Take an event out of its group; returns whom that can concern."""
        founder = self._founder.pop(number, None)
        if founder is None:
            return set()
        group = self.members[founder]
        group.discard(number)
        self.touched.add(founder)
        if founder == number:
            return set(group)
        if founder not in self._near:
            self._load({founder})
        return {other for other in self._near[founder] if self._prefers(other, founder)}

    def _prefers(self, number: Number, founder: Number) -> bool:
        """Whether an event would rather be in the group of that founder than where it is."""
        own = self._founder.get(number)
        return own is None or self._rank(own) > self._rank(founder)

    def _push(self, numbers: Iterable[Number]) -> None:
        for number in numbers:
            if number not in self._queued:
                self._queued.add(number)
                heappush(self._queue, (self._rank(number), number))

    def _load(self, numbers: set[Number]) -> None:
        """Neighbours of events, and the groups that these are in."""
        found = self._find_neighbours(numbers)
        self._near |= found
        unknown = {*numbers, *(other for near in found.values() for other in near)} - set(self._founder)
        for founder, group in self._find_groups(unknown).items():
            if founder not in self.members:
                self.members[founder] = set(group)
                self._founder |= dict.fromkeys(group, founder)
