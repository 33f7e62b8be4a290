"""What a report has said so far about actors and places: the ground for what it says in short."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.records import Actor, Document


class Subject(NamedTuple):
    """A mention that a pronoun can take up; more than one actor where "und" joins them."""

    actors: tuple[Actor, ...]
    sentence: int


@dataclass(slots=True)
class Memory:
    """``names``: short forms of people and bodies introduced in the text. ``offices``: who was named in an office of a
    country. ``groups``: the last group of a kind with its country. ``bodies``: the last named body of a sector.
    ``sides``: the last actor of each party, the latest at the end. ``joined``: the last actors that "und" joined.
    ``armies``: countries whose forces the words have named."""

    names: dict[str, Actor] = field(default_factory=dict)
    offices: dict[tuple[str, str | None], Actor] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    bodies: dict[str, Actor] = field(default_factory=dict)
    subjects: dict[str, Subject] = field(default_factory=dict)
    sides: dict[str, Actor] = field(default_factory=dict)
    joined: tuple[Actor, ...] = ()
    joined_at: int = 0  # number of the sentence that joined them
    armies: set[str] = field(default_factory=set)
    person: Actor | None = None
    latest: Actor | None = None  # the last subject
    armed: str | None = None  # the last country named that has an army
    focus: str | None = None  # the country of the last place


def find_main_country(document: Document) -> str | None:
    """The country that most of a report's places lie in; ``None`` without places."""
    count = Counter(
        mention.place.country
        for mention in document.places
        if mention.place is not None and mention.place.country and mention.role != "actor"
    )
    if not count:
        return None
    most = max(count.values())
    return min(country for country, number in count.items() if number == most)
