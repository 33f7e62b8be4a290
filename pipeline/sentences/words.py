"""Splits text into words and sorts them into word classes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from pipeline import language
from pipeline.records import WordClass
from pipeline.sentences.verbs import FINITE, find_readings, load_verbs

# A number keeps its separators (9.30, 24.02.2022, 400.000), a word its hyphens (US-Präsident, 20-Punkte-Plan).
_WORD = re.compile(r"\d+(?:[.,:]\d+)*(?![^\W\d_])|[^\W_]+(?:[-\u2010\u2011'’][^\W_]+)*-?|\.{3}|[^\w\s]|_", re.UNICODE)

# Behind these marks a word may have a capital because it opens something: "Goma – Nach dem Angriff ...".
_OPENERS = frozenset("–—-:„»")


@dataclass(slots=True)
class Words:
    """The words, numbers and marks of one sentence side by side: where they begin and end, how they read, and the word
    class of each, which their neighbours may still change. Lists, for every stage looks at every word several times."""

    texts: list[str]
    starts: list[int]
    ends: list[int]
    kinds: list[WordClass]


class Lexicon(NamedTuple):
    """The closed word classes of a language, all in lower case."""

    kinds: dict[str, WordClass]
    conjunctions: frozenset[str]
    relative_pronouns: frozenset[str]
    infinitive_openers: frozenset[str]
    insertion_openers: frozenset[str]


@cache
def load_lexicon(code: str) -> Lexicon:
    words = language.words(code, "sentences")
    kinds: dict[str, WordClass] = {}
    classes: tuple[tuple[WordClass, str], ...] = (
        ("conjunction", "conjunctions"),
        ("pronoun", "pronouns"),
        ("article", "articles"),
        ("preposition", "prepositions"),
        ("coordination", "coordinations"),
        ("negation", "negations"),
    )
    for kind, name in classes:  # a later class wins where a word is in two
        kinds.update(dict.fromkeys(words[name], kind))
    for word in words["not_verbs"]:
        kinds.setdefault(word, "word")
    for form in load_verbs(code).readings:
        if form not in kinds:
            kinds[form] = _verb_kind(form, code)
    return Lexicon(
        kinds,
        frozenset(words["conjunctions"]),
        frozenset(words["relative_pronouns"]),
        frozenset(words["infinitive_openers"]),
        frozenset(words["insertion_openers"]),
    )


@lru_cache(maxsize=language.WORDS_KEPT)
def _verb_kind(word: str, code: str) -> WordClass:
    forms = {reading.form for reading in find_readings(word, code)}
    if forms & FINITE:
        return "finite"
    if "participle" in forms:
        return "participle"
    return "infinitive" if forms else "word"


def find_words(text: str, start: int, end: int, code: str) -> Words:
    """The words of ``text[start:end]`` with a first word class each, decided by the word alone."""
    matches = list(_WORD.finditer(text, start, end))
    texts = [match[0] for match in matches]
    classes = _load_classes(code)
    words = Words(
        texts,
        [match.start() for match in matches],
        [match.end() for match in matches],
        [classes[word] for word in texts],
    )
    opened = _open(words, 0, code)
    if not _OPENERS.isdisjoint(texts):
        for i, word in enumerate(texts):
            if i > opened and word in _OPENERS and not _is_inside(text, matches[i]):
                opened = _open(words, i + 1, code)
    return words


def _open(words: Words, position: int, code: str) -> int:
    """Classify the first word from a position on as one whose capital says nothing, because something begins there;
    the position of that word."""
    kinds = words.kinds
    while position < len(kinds) and kinds[position] == "punctuation":
        position += 1
    if position < len(kinds):
        kinds[position] = _classify(words.texts[position], True, code)
    return position


def _is_inside(text: str, match: re.Match[str]) -> bool:
    """A hyphen that is no dash: "20-Punkte-Plan", "Staats- und"."""
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    return match.group() == "-" and not (before.isspace() and after.isspace())


@cache
def _load_classes(code: str) -> language.Memo[WordClass]:
    """The classes of words inside a sentence."""
    return language.Memo(lambda word: _classify(word, False, code))


def _classify(word: str, first: bool, code: str) -> WordClass:
    """The class of a word by itself; ``first`` where a capital says nothing, because something begins there."""
    kinds = load_lexicon(code).kinds
    initial = word[0]
    if initial.isdigit():
        return "number" if word[-1].isdigit() else "name"
    if not initial.isalpha():
        return "punctuation"
    if initial.islower():
        return kinds.get(word) or _verb_kind(word, code)
    kind = kinds.get(word.lower(), "name") if first or (len(word) <= 3 and word.istitle()) else "name"
    return "name" if kind in ("finite", "participle", "infinitive") else kind  # unless the clause shows otherwise
