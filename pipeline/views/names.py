"""Names that are told apart: two who are called the same are not one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from pipeline.actors.knowledge import actor_by_id
from pipeline.views.phrases import say_country


def tell_apart(names: Mapping[str, str], note: Callable[[str], str | None] = lambda _: None) -> dict[str, str]:
    """For each id its name; where several have the same, with what tells them apart in brackets: what ``note`` says of
    the id, where it says that of no other one of that name, else the id itself."""
    shared = {name for name, number in Counter(names.values()).items() if number > 1}
    notes = {identifier: note(identifier) for identifier, name in names.items() if name in shared}
    noted = Counter((names[identifier], said) for identifier, said in notes.items())
    told = dict(names)
    for identifier, said in notes.items():
        if identifier:
            alone = said and noted[names[identifier], said] == 1
            told[identifier] = f"{names[identifier]} ({said if alone else identifier})"
    return told


def tell_actors_apart(names: Mapping[str, str], language: str) -> dict[str, str]:
    """The same of actors, by their country where the tables know it."""

    def note(identifier: str) -> str | None:
        actor = actor_by_id(identifier)
        return say_country(actor.country, language) if actor and actor.country else None

    return tell_apart(names, note)
