"""With which letters can a regular expression begin? Rules are looked up by them, so that most words of a text cost no
matching at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

Item = TypeVar("Item")

LONGEST = 10  # letters of an opening that are told apart
DIGITS = "0"  # stands for any number at the beginning
END = "\n"  # stands for the end of a word, whatever sign follows
_TEN = "0123456789"
_WORD_ENDS = r"(?!\w)"
_QUANTIFIER = re.compile(r"\{(\d+),?\d*\}|[?*+]")
_GROUP = re.compile(r"\((?:\?(?::|P<\w+>|(?P<look>[=!]|<[=!])))?")
_REPEATED = re.compile(r"\(\?P=\w+\)")
_DIGIT_CLASS = re.compile(r"(?:\d-?\d?|\\d)+")


class _Letters(NamedTuple):
    """The letters that come first; ``open`` says that what follows them in the expression belongs to them."""

    text: str
    open: bool


_NOTHING = _Letters("", True)  # a place where nothing need stand
_ANYTHING = _Letters("", False)


def find_openings(source: str) -> frozenset[str]:
    """The openings of a regular expression in lower case, of ``LONGEST`` letters at most. One that is shorter says
    that anything may follow, and "" that it may begin with anything."""
    found, _ = _alternatives(source, 0)
    return frozenset(letters.text for letters in found)


def index_by_openings(items: Iterable[tuple[Item, frozenset[str]]]) -> dict[str, list[Item]]:
    """The items under each of their openings; the beginnings of openings stand in the index as well, some of them
    without an item."""
    index: dict[str, list[Item]] = {}
    for item, openings in items:
        for opening in openings:
            for length in range(len(opening)):
                index.setdefault(opening[:length], [])
            index.setdefault(opening, []).append(item)
    return index


def find_in_index(index: Mapping[str, Sequence[Item]], word: str) -> list[Item]:
    """What stands in the index under a beginning of a word in lower case with the sign behind it."""
    folded = DIGITS + word.lstrip(_TEN) if word[:1].isdigit() else word
    found = list(index.get("", ()))
    for length in range(1, min(len(folded), LONGEST) + 1):
        letters = folded[:length]
        items = index.get(letters)
        if items is None:
            break
        if items:
            found.extend(items)
        if not folded[length : length + 1].isalnum():
            found.extend(index.get(letters + END, ()))
    return found


def _alternatives(source: str, position: int) -> tuple[set[_Letters], int]:
    """What the alternatives up to the closing bracket or the end begin with, and where they end."""
    found: set[_Letters] = set()
    current = {_NOTHING}
    while position < len(source) and source[position] != ")":
        if source[position] == "|":
            found |= current
            current = {_NOTHING}
            position += 1
            continue
        element, position = _element(source, position)
        quantifier = _QUANTIFIER.match(source, position)
        if quantifier:
            position = quantifier.end()
            element = _repeat(element, quantifier)
        current = {joined for letters in current for joined in _join(letters, element)}
    return found | current, position


def _repeat(element: set[_Letters], quantifier: re.Match[str]) -> set[_Letters]:
    """What may be left out may be followed by anything; how often it comes is told apart for numbers alone."""
    if quantifier.group() != "?":
        element = {letters._replace(open=letters.text == DIGITS) for letters in element}
    optional = quantifier.group() in ("?", "*") or quantifier.group(1) == "0"
    return element | {_NOTHING} if optional else element


def _join(letters: _Letters, element: set[_Letters]) -> Iterable[_Letters]:
    return [_cut(letters.text, more) for more in element] if letters.open else [letters]


def _cut(text: str, more: _Letters) -> _Letters:
    if more.text.startswith(DIGITS) and text:
        return _Letters(text, text == DIGITS)  # a number goes on, or follows letters that are enough to know
    joined = text + more.text
    return _Letters(joined, more.open) if len(joined) < LONGEST else _Letters(joined[:LONGEST], False)


def _element(source: str, position: int) -> tuple[set[_Letters], int]:
    """What one element begins with: a sign, a class of signs, a group."""
    if source.startswith(_WORD_ENDS, position):
        return {_Letters(END, False)}, position + len(_WORD_ENDS)
    sign = source[position]
    if sign == "(":
        repeated = _REPEATED.match(source, position)
        if repeated:
            return {_ANYTHING}, repeated.end()
        group = _GROUP.match(source, position)
        assert group is not None
        found, end = _alternatives(source, group.end())
        return ({_NOTHING} if group.group("look") else found), end + 1
    if sign == "[":
        end = source.index("]", position + 2) + 1
        return _class(source[position + 1 : end - 1]), end
    if sign == "\\":
        return {_escaped(source[position + 1])}, position + 2
    return {_sign(sign)}, position + 1


def _sign(sign: str) -> _Letters:
    if sign.isdigit():
        return _Letters(DIGITS, True)
    return _Letters(sign.lower(), sign.isalpha())


def _escaped(sign: str) -> _Letters:
    special = {"d": _Letters(DIGITS, True), "s": _Letters(" ", False), "b": _NOTHING, "w": _ANYTHING}
    return special.get(sign) or _sign(sign)


def _class(signs: str) -> set[_Letters]:
    if _DIGIT_CLASS.fullmatch(signs):
        return {_Letters(DIGITS, True)}
    if signs.startswith("^") or "\\w" in signs or re.search(r"[a-z]-[a-z]", signs):
        return {_ANYTHING}
    return {_escaped(one[1]) if one[0] == "\\" else _sign(one) for one in re.findall(r"\\.|.", signs)}
