"""Names that are told apart: two who are called the same are not one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping


def tell_apart(names: Mapping[str, str], notes: Mapping[str, str] | None = None) -> dict[str, str]:
    """For each id its name; where several have the same, with what tells them apart in brackets: its note (such as a
    country) where no other of that name has it, else its id."""
    shared = Counter(names.values())
    noted = Counter((name, (notes or {}).get(identifier)) for identifier, name in names.items())
    told = {}
    for identifier, name in names.items():
        note = (notes or {}).get(identifier)
        alone = note and noted[name, note] == 1
        told[identifier] = name if shared[name] == 1 else f"{name} ({note if alone else identifier})"
    return told
