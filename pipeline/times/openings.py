"""With which letters can a regular expression begin, and with which can it go on behind its first word? Rules are
looked up by both, so that most words of a text cost no matching at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Generic, Literal, NamedTuple, TypeVar

Item = TypeVar("Item")

LONGEST = 10  # letters of an opening that are told apart
NEXT = 3  # letters of the second word that are told apart
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
_NONE: frozenset[None] = frozenset()
_BEFORE = frozenset((None,))  # the white space is still to come


class _Element(NamedTuple):
    """A part of an expression that a quantifier can stand behind; ``source`` is what a group or a class holds."""

    kind: Literal["group", "look", "repeated", "end", "class", "escaped", "sign"]
    source: str
    optional: bool
    many: bool


class Lead(NamedTuple):
    """How one alternative of a regular expression begins. ``openings``: its first letters in lower case, ``LONGEST``
    at most; one that is shorter says that anything may follow, and "" that it may begin with anything. ``followers``:
    what it goes on with behind its first white space, ``NEXT`` letters at most; ``None`` when it can match without
    any, or with anything behind it."""

    openings: frozenset[str]
    followers: frozenset[str] | None


def find_leads(source: str) -> list[Lead]:
    """How a regular expression can begin. Alternatives that go on in the same way are one."""
    found: dict[frozenset[str] | None, set[str]] = {}
    for alternative in (unfolded for one in _split(source) for unfolded in _unfold(_parse(one))):
        nexts = {letters and _shorten(letters.text) for letters in _go_on_in(alternative)}
        followers = frozenset(letters for letters in nexts if letters) if all(nexts) else None
        found.setdefault(followers, set()).update(letters.text for letters in _begin_in(alternative))
    return [Lead(frozenset(openings), followers) for followers, openings in found.items()]


def _unfold(alternative: tuple[_Element, ...]) -> Iterator[tuple[_Element, ...]]:
    """The alternatives that groups and options make before the first white space, as far as some of them hold one and
    others do not."""
    number, element = next(((i, e) for i, e in enumerate(alternative) if _second(e) != _BEFORE), (0, None))
    if element is None or not (not element.many if element.kind == "group" else element.optional):
        yield alternative
        return
    before, behind = alternative[:number], alternative[number + 1 :]
    if element.optional:
        yield from _unfold((*before, *behind))
    if element.kind != "group":
        yield from _unfold((*before, element._replace(optional=False), *behind))
        return
    inner = _split(element.source)
    plain = [source for source in inner if _go_on(source) == _BEFORE]
    if plain:
        yield from _unfold((*before, element._replace(source="|".join(plain), optional=False), *behind))
    for source in inner:
        if source not in plain:
            yield from _unfold((*before, *_parse(source), *behind))


def _shorten(letters: str) -> str:
    """What is compared of the letters behind a white space: of a number only that it is one."""
    return DIGITS if letters.startswith(DIGITS) else letters.partition(END)[0].rstrip()[:NEXT]


def forget() -> None:
    """Give back what is kept while many expressions are read: they share most of their parts."""
    for kept in (_split, _parse, _begin, _go_on, _first, _second):
        kept.cache_clear()


class Index(Generic[Item]):
    """Items under the openings of their expressions."""

    def __init__(self, items: Iterable[tuple[Item, frozenset[str]]]) -> None:
        self._items: dict[str, list[Item]] = {}  # the beginnings of openings stand here as well, some without an item
        for item, openings in items:
            for opening in openings:
                for length in range(len(opening)):
                    self._items.setdefault(opening[:length], [])
                self._items.setdefault(opening, []).append(item)
        self._words = {letters[:-1] for letters in self._items if letters and not letters[-1].isalnum()}

    def find(self, word: str) -> list[Item]:
        """What stands under a beginning of a word in lower case with the sign behind it."""
        folded = fold(word)
        found = list(self._items.get("", ()))
        for length in range(1, min(len(folded), LONGEST) + 1):
            letters = folded[:length]
            items = self._items.get(letters)
            if items is None:
                break
            if items:
                found.extend(items)
            if not folded[length : length + 1].isalnum():
                found.extend(self._items.get(letters + END, ()))
        return found

    def may_hold(self, word: str) -> bool:
        """Whether something stands under a beginning of a word in lower case, whatever sign is behind it."""
        if word[0].isdigit() or self._items.get(""):
            return True
        for length in range(1, min(len(word), LONGEST) + 1):
            items = self._items.get(word[:length])
            if items is None:
                return False
            if items:
                return True
        return word in self._words


def find_beginnings(behind: str) -> tuple[str, ...]:
    """The followers of an expression that fit what stands behind, ``NEXT`` letters in lower case."""
    folded = fold(behind)
    return folded[:1], folded[:2], folded


def fold(word: str) -> str:
    """All numbers at the beginning of a word are one."""
    return DIGITS + word.lstrip(_TEN) if word[:1].isdigit() else word


@cache
def _begin(source: str) -> frozenset[_Letters]:
    """What the alternatives of an expression begin with."""
    return frozenset(letters for one in _split(source) for letters in _begin_in(_parse(one)))


def _begin_in(alternative: tuple[_Element, ...]) -> set[_Letters]:
    current = {_NOTHING}
    for element in alternative:
        if not any(letters.open for letters in current):
            break
        first = _first(element)
        current = {joined for letters in current for joined in _join(letters, first)}
    return current


@cache
def _go_on(source: str) -> frozenset[_Letters | None]:
    """What the alternatives go on with behind their first white space; ``None`` for one that ends before it."""
    return frozenset(letters for one in _split(source) for letters in _go_on_in(_parse(one)))


def _go_on_in(alternative: tuple[_Element, ...]) -> set[_Letters | None]:
    before = True  # it may be that no white space has come
    behind: set[_Letters] = set()
    for element in alternative:
        second = _second(element) if before else _NONE
        if any(letters.open for letters in behind):
            first = _first(element)
            behind = {joined for letters in behind for joined in _join(letters, first, NEXT)}
        elif not before:
            break
        behind.update(letters for letters in second if letters)
        before = None in second
    return {*behind, None} if before else {*behind}


@cache
def _second(element: _Element) -> frozenset[_Letters | None]:
    """What may come behind the first white space of an element."""
    found: Iterable[_Letters | None]
    if element.kind == "group":
        found = _go_on(element.source)
        if element.many:
            found = {letters and letters._replace(open=False) for letters in found}
    elif element.kind == "repeated" or (element.kind == "class" and element.source.startswith("^")):
        found = {_ANYTHING}  # who knows whether it holds white space
    else:
        found = {_NOTHING if letters.text.startswith(" ") else None for letters in _first(element)}
    return frozenset((*found, None) if element.optional else found)


@cache
def _first(element: _Element) -> frozenset[_Letters]:
    """What an element begins with. What may be left out may be followed by anything; how often it comes is told apart
    for numbers alone."""
    found = _single(element)
    if element.many:
        found = frozenset(letters._replace(open=letters.text == DIGITS) for letters in found)
    return found | {_NOTHING} if element.optional else found


def _single(element: _Element) -> frozenset[_Letters]:
    kind, source = element.kind, element.source
    if kind == "group":
        return _begin(source)
    if kind == "class":
        return _class(source)
    if kind == "escaped":
        return frozenset((_escaped(source),))
    if kind == "sign":
        return frozenset((_sign(source),))
    return frozenset(({"look": _NOTHING, "end": _Letters(END, False), "repeated": _ANYTHING}[kind],))


def _join(letters: _Letters, element: frozenset[_Letters], longest: int = LONGEST) -> Iterable[_Letters]:
    return {_cut(letters.text, more, longest) for more in element} if letters.open else (letters,)


def _cut(text: str, more: _Letters, longest: int) -> _Letters:
    if more.text.startswith(DIGITS) and text:
        return _Letters(text, text == DIGITS)  # a number goes on, or follows letters that are enough to know
    joined = text + more.text
    return _Letters(joined, more.open) if len(joined) < longest else _Letters(joined[:longest], False)


@cache
def _split(source: str) -> tuple[str, ...]:
    """The alternatives of an expression."""
    found = []
    start = position = 0
    while position < len(source):
        if source[position] == "|":
            found.append(source[start:position])
            position += 1
            start = position
        else:
            position = _element(source, position)[1]
    return (*found, source[start:])


@cache
def _parse(alternative: str) -> tuple[_Element, ...]:
    """The elements of an alternative."""
    found: list[_Element] = []
    position = 0
    while position < len(alternative):
        element, position = _element(alternative, position)
        quantifier = _QUANTIFIER.match(alternative, position)
        if quantifier:
            position = quantifier.end()
            sign = quantifier.group()
            element = element._replace(optional=sign in "?*" or quantifier.group(1) == "0", many=sign != "?")
        found.append(element)
    return tuple(found)


def _element(source: str, position: int) -> tuple[_Element, int]:
    """A sign, a class of signs, a group; and where it ends."""
    if source.startswith(_WORD_ENDS, position):
        return _Element("end", "", False, False), position + len(_WORD_ENDS)
    sign = source[position]
    if sign == "(":
        repeated = _REPEATED.match(source, position)
        if repeated:
            return _Element("repeated", "", False, False), repeated.end()
        group = _GROUP.match(source, position)
        assert group is not None
        end = _find_close(source, group.end())
        return _Element("look" if group.group("look") else "group", source[group.end() : end], False, False), end + 1
    if sign == "[":
        end = source.index("]", position + 2)
        return _Element("class", source[position + 1 : end], False, False), end + 1
    if sign == "\\":
        return _Element("escaped", source[position + 1], False, False), position + 2
    return _Element("sign", sign, False, False), position + 1


def _find_close(source: str, position: int) -> int:
    """Where the bracket closes that has been opened before a position."""
    depth = 1
    while True:
        sign = source[position]
        if sign == "\\":
            position += 1
        elif sign == "[":
            position = source.index("]", position + 2)
        elif sign == "(":
            depth += 1
        elif sign == ")":
            depth -= 1
            if not depth:
                return position
        position += 1


def _sign(sign: str) -> _Letters:
    if sign.isdigit():
        return _Letters(DIGITS, True)
    return _Letters(sign.lower(), sign.isalpha())


def _escaped(sign: str) -> _Letters:
    special = {"d": _Letters(DIGITS, True), "s": _Letters(" ", False), "b": _NOTHING, "w": _ANYTHING}
    return special.get(sign) or _sign(sign)


def _class(signs: str) -> frozenset[_Letters]:
    if _DIGIT_CLASS.fullmatch(signs):
        return frozenset((_Letters(DIGITS, True),))
    if signs.startswith("^") or "\\w" in signs or re.search(r"[a-z]-[a-z]", signs):
        return frozenset((_ANYTHING,))
    return frozenset(_escaped(one[1]) if one[0] == "\\" else _sign(one) for one in re.findall(r"\\.|.", signs))
