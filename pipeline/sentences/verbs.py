"""The verb table of a language pack: which verb a form belongs to, and which tense and mood it has."""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import chain
from typing import Literal, NamedTuple, TypeAlias

from pipeline import language

Form: TypeAlias = Literal["present", "past", "subjunctive1", "subjunctive2", "infinitive", "participle", "zu"]
FINITE: frozenset[Form] = frozenset(("present", "past", "subjunctive1", "subjunctive2"))


class Reading(NamedTuple):
    """One way to read a word form as a verb; ``prefix`` is set where the form holds the separable prefix."""

    lemma: str
    form: Form
    prefix: str = ""


class VerbTable(NamedTuple):
    readings: dict[str, tuple[Reading, ...]]  # word form in lower case -> how it can be read
    separable: dict[tuple[str, str], str]  # (prefix, verb without prefix) -> verb
    prefixes: frozenset[str]


_COLUMNS: tuple[tuple[int, Form], ...] = (
    (2, "present"), (3, "present"), (4, "past"), (5, "past"), (6, "subjunctive1"), (7, "subjunctive1"),
    (8, "subjunctive2"), (9, "subjunctive2"),
)  # fmt: skip


@cache
def load_verbs(code: str) -> VerbTable:
    """The tables verbs.tsv.gz and verbs_more.tsv of data/lang/<code>, turned into look-ups (about 0.2 s, once per
    process)."""
    words = language.words(code, "sentences")
    rare = frozenset(words["rare_verbs"])
    variants: dict[str, str] = words["spelling_variants"]
    found: dict[str, dict[Reading, None]] = {}
    separable: dict[tuple[str, str], str] = {}

    def add(word: str, reading: Reading) -> None:
        if word:
            found.setdefault(word, {})[reading] = None
        for letters, others in variants.items():
            if letters in word:
                found.setdefault(word.replace(letters, others), {})[reading] = None

    for row in chain(language.table(code, "verbs"), language.table(code, "verbs_more")):
        if row[0] in rare:
            continue
        lemma, prefix, participles, zu = row[0], row[1], row[10], row[11]
        add(lemma, Reading(lemma, "infinitive", prefix))
        add(zu, Reading(lemma, "zu", prefix))
        for participle in participles.split(","):
            add(participle, Reading(lemma, "participle", prefix))
        if prefix:
            separable[prefix, lemma.removeprefix(prefix)] = lemma
        for column, form in _COLUMNS:
            if row[column]:  # with a separable prefix the joined form stands at the end of a subordinate clause
                add(prefix + row[column], Reading(lemma, form, prefix))
    prefixes = frozenset(prefix for prefix, _ in separable if len(prefix) > 1)
    return VerbTable({word: tuple(readings) for word, readings in found.items()}, separable, prefixes)


@lru_cache(maxsize=language.WORDS_KEPT)
def find_forms(word: str, code: str) -> frozenset[Form]:
    """The forms that a lower-case word can have as a verb."""
    return frozenset(reading.form for reading in find_readings(word, code))


@lru_cache(maxsize=language.WORDS_KEPT)
def find_readings(word: str, code: str) -> tuple[Reading, ...]:
    """How a lower-case word can be read as a verb; a separable verb that the table lacks ("einwerben",
    "voranzutreiben") is read from its prefix and the verb behind it. Empty for every other word."""
    table = load_verbs(code)
    marker: str = language.words(code, "sentences")["infinitive_marker"]
    known = table.readings.get(word)
    if known is not None:
        return known
    for cut in range(2, min(len(word) - 3, 10)):
        prefix = word[:cut]
        if prefix in table.prefixes:
            found = tuple(
                Reading(prefix + reading.lemma, reading.form, prefix)
                for reading in table.readings.get(word[cut:], ())
                if not reading.prefix and reading.form != "zu"
            )
            rest = word[cut:]
            if not found and rest.startswith(marker):
                behind = table.readings.get(rest.removeprefix(marker), ())
                found = tuple(
                    Reading(prefix + r.lemma, "zu", prefix) for r in behind if not r.prefix and r.form == "infinitive"
                )
            if found:
                return found
    return ()
