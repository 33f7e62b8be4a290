"""The words of a language that name events, compiled once per process from data/lang/<language>/events*.yaml."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache, lru_cache, partial
from typing import Any, cast, get_args

import yaml

from pipeline import language
from pipeline.errors import PackError
from pipeline.language import Memo
from pipeline.records import EventType

# Endings a German noun can take; umlauts of plurals are written out in the data.
_ENDINGS = ("", "s", "es", "e", "en", "n", "er", "ern", "nen", "ses", "se", "sen")
_FEMININE = ("in", "innen")  # "Botschafterin"
_LONGEST_WORD = 48  # no compound that anybody reads is longer; longer runs of letters are not looked at
_SHORTEST_PREFIX = 3
_FRAMES = frozenset((
    "attack", "victims", "together", "say", "give", "receive", "move", "undergo", "suffer", "flee", "mediate", "fell",
    "hold", "none",
))  # who does what; see events_triggers.yaml  # fmt: skip
_KEYS = frozenset((
    "id", "type", "mode", "acled", "verbs", "nouns", "weak", "weak_nouns", "acting_nouns", "with", "without", "passive",
    "active", "followed", "genitive", "frame", "speech", "claims", "casualties", "toll", "negated", "examples", "not",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of events_triggers.yaml."""

    id: str
    type: EventType
    mode: str | None
    acled: str | None
    frame: str
    order: int
    with_tags: frozenset[str]
    without_tags: frozenset[str]
    followed: frozenset[str]
    passive: bool
    active: bool
    negated: bool
    weak: bool
    speech: bool
    casualties: bool
    toll: bool
    claims: bool
    genitive_target: bool
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]

    @property
    def demands(self) -> int:
        """How much the rule asks of a clause; the most demanding rule that fits wins."""
        return bool(self.with_tags) + self.passive + self.active + 2 * self.negated


@dataclass(frozen=True, slots=True)
class NounEntry:
    rule: Rule
    weak: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything the stage asks about words."""

    language: str
    rules: tuple[Rule, ...]
    verbs: dict[str, tuple[Rule, ...]]
    nouns: dict[str, tuple[NounEntry, ...]]  # inflected heads, lower case
    whole_nouns: dict[str, tuple[NounEntry, ...]]
    never: frozenset[str]
    heads: dict[str, frozenset[str]]  # inflected heads -> classes
    whole: dict[str, frozenset[str]]
    cues: dict[str, frozenset[str]]
    phrases: dict[str, tuple[str, ...]]
    counts: dict[str, Any]
    known: frozenset[str] = field(init=False)  # all that can be the head of a compound
    tags: Memo[frozenset[str]] = field(init=False)
    event_nouns: Memo[tuple[NounEntry, ...]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "known", frozenset((*self.heads, *self.nouns, *self.never)))
        object.__setattr__(self, "tags", Memo(partial(_find_tags, self)))
        object.__setattr__(self, "event_nouns", Memo(partial(_find_nouns, self)))


def _inflected(word: str) -> list[str]:
    base = word.lower()
    return [base + ending for ending in _ENDINGS]


def _tags_of(names: str) -> frozenset[str]:
    """Names of classes and literal words as tags: "$weapon" is a class, any other word its own tag ("=Waffe", only as a
    whole word, is another than "Waffe", which is also found in "Luftwaffe")."""
    return frozenset(name[1:] if name.startswith("$") else "=" + name.lower() for name in names.split())


def _rule(entry: dict[str, Any], order: int, kinds: frozenset[str]) -> Rule:
    name = entry.get("id", f"number {order + 1}")
    if unknown_keys := set(entry) - _KEYS:
        raise PackError(f"events_triggers.yaml: rule {name} has unknown keys {', '.join(sorted(unknown_keys))}.")
    if entry.get("type") not in get_args(EventType):
        raise PackError(f"events_triggers.yaml: rule {name} has no known type.")
    if entry.get("frame") not in _FRAMES:
        raise PackError(f"events_triggers.yaml: rule {name} has no known frame.")
    if not entry.get("examples") or not entry.get("not"):
        raise PackError(f"events_triggers.yaml: rule {name} needs examples and counter-examples.")
    wanted = [tag for key in ("with", "without") for tag in str(entry.get(key, "")).split() if tag.startswith("$")]
    if unknown := [tag for tag in wanted if tag[1:] not in kinds]:
        raise PackError(f"events_triggers.yaml: rule {name} asks for unknown classes {', '.join(unknown)}.")
    return Rule(
        id=str(name),
        type=cast(EventType, entry["type"]),
        mode=entry.get("mode"),
        acled=entry.get("acled"),
        frame=entry["frame"],
        order=order,
        with_tags=_tags_of(entry.get("with", "")),
        without_tags=_tags_of(entry.get("without", "")),
        followed=frozenset(str(entry.get("followed", "")).split()),
        passive=bool(entry.get("passive")),
        active=bool(entry.get("active")),
        negated=bool(entry.get("negated")),
        weak=bool(entry.get("weak")),
        speech=bool(entry.get("speech")),
        casualties=bool(entry.get("casualties")),
        toll=bool(entry.get("toll")),
        claims=bool(entry.get("claims")),
        genitive_target=entry.get("genitive") == "target",
        examples=tuple(entry["examples"]),
        counterexamples=tuple(entry["not"]),
    )


@cache
def load_lexicon(code: str) -> Lexicon:
    """The lexicon of a language; ``PackError`` names the file and the entry that breaks the rules above."""
    source = language.words(code, "events_triggers")
    classes: dict[str, str] = language.words(code, "events_classes")
    kinds = frozenset(classes) | {"placename"}
    verbs: dict[str, list[Rule]] = {}
    nouns: dict[str, list[NounEntry]] = {}
    whole_nouns: dict[str, list[NounEntry]] = {}
    heads: dict[str, set[str]] = {}
    whole: dict[str, set[str]] = {}

    def tag(word: str, name: str) -> None:
        base = word.lstrip("=")
        for form in (*_inflected(base), *(base.lower() + ending for ending in _FEMININE)):
            (whole if word.startswith("=") else heads).setdefault(form, set()).add(name)

    rules = tuple(_rule(entry, order, kinds) for order, entry in enumerate(source["rules"]))
    for rule, entry in zip(rules, source["rules"], strict=True):
        for verb in str(entry.get("verbs", "")).split():
            verbs.setdefault(verb, []).append(rule)
        weak_nouns, acting = (str(entry.get(key, "")).split() for key in ("weak_nouns", "acting_nouns"))
        for noun in [*str(entry.get("nouns", "")).split(), *weak_nouns, *acting]:
            store = whole_nouns if noun.startswith("=") else nouns
            own = replace(rule, genitive_target=False) if noun in acting else rule
            noun_entry = NounEntry(own, rule.weak or noun in weak_nouns)
            for form in _inflected(noun.lstrip("=")):
                store.setdefault(form, []).append(noun_entry)
        for key in ("with", "without"):
            for word in str(entry.get(key, "")).split():
                if not word.startswith("$"):
                    tag("=" + word if word.islower() else word, "=" + word.lower())
    for name, members in classes.items():
        for word in members.split():
            tag(word, name)
    cues = language.words(code, "events_cues")
    counts = language.words(code, "events_counts")
    return Lexicon(
        language=code,
        rules=rules,
        verbs={verb: tuple(found) for verb, found in verbs.items()},
        nouns={form: tuple(found) for form, found in nouns.items()},
        whole_nouns={form: tuple(found) for form, found in whole_nouns.items()},
        never=frozenset(form for word in str(source["never"]).split() for form in _inflected(word)),
        heads={form: frozenset(found) for form, found in heads.items()},
        whole={form: frozenset(found) for form, found in whole.items()},
        cues={name: frozenset(str(words).lower().split()) for name, words in cues.items() if isinstance(words, str)},
        phrases={name: tuple(words) for name, words in cues.items() if isinstance(words, list)},
        counts=counts,
    )


_NO_TAGS: frozenset[str] = frozenset()


@lru_cache(maxsize=language.WORDS_KEPT)
def _known_heads(code: str, word: str) -> tuple[str, ...]:
    """The word, in lower case, and what is its head if it is a compound: those that the lexicon has, longest first."""
    known = load_lexicon(code).known
    found = [word[start:] for start in range(_SHORTEST_PREFIX, len(word) - 1) if word[start:] in known]
    return (word, *found) if word in known else tuple(found)


def _find_tags(lexicon: Lexicon, text: str) -> frozenset[str]:
    if len(text) > _LONGEST_WORD:
        return _NO_TAGS
    tail = text.rpartition("-")[2]
    word = tail.lower()
    whole = lexicon.whole.get(word, _NO_TAGS)
    if not tail[:1].isupper():
        return whole
    heads = _known_heads(lexicon.language, word)
    return whole.union(*[lexicon.heads.get(head, _NO_TAGS) for head in heads]) if heads else whole


def find_tags(lexicon: Lexicon, text: str) -> frozenset[str]:
    """Classes of a word, by the heads of compounds: "Kamikazedrohnen" -> {"weapon", ...}. A word in lower case is no
    compound of nouns ("verstoßenden" holds no "Ende")."""
    return lexicon.tags[text]


def _find_nouns(lexicon: Lexicon, text: str) -> tuple[NounEntry, ...]:
    if len(text) > _LONGEST_WORD or not text[:1].isupper():
        return ()
    word = text.rpartition("-")[2].lower()
    if word in lexicon.never:
        return ()
    if word in lexicon.whole_nouns:
        return (*lexicon.whole_nouns[word], *lexicon.nouns.get(word, ()))
    for head in _known_heads(lexicon.language, word):
        if head in lexicon.never:
            return ()
        if head in lexicon.nouns:
            return lexicon.nouns[head]
    return ()


def find_nouns(lexicon: Lexicon, text: str) -> tuple[NounEntry, ...]:
    """Event nouns a capitalised word can be, by the longest head: "Drohnenangriffen" -> attack."""
    return lexicon.event_nouns[text]


@lru_cache(maxsize=1 << 10)
def words_of(phrase: str) -> frozenset[str]:
    return frozenset(phrase.split())


@lru_cache(maxsize=language.WORDS_KEPT)
def find_prefix_tags(code: str, word: str) -> frozenset[str]:
    """Classes named by the first part of a compound: "Raketenangriff" -> those of "Rakete"."""
    low = word.lower()
    if len(low) > _LONGEST_WORD:
        return _NO_TAGS
    lexicon = load_lexicon(code)
    for end in range(len(low) - 3, 3, -1):
        hit = lexicon.heads.get(low[:end])
        if hit:
            return hit
    return _NO_TAGS


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Names of the ACLED sub-events and the weapons that decide them."""

    acled: dict[str, str]
    weapons: tuple[tuple[str, str, str], ...]  # class, mode, key; first match wins
    known: tuple[dict[str, Any], ...]


def _file(name: str) -> Any:
    path = language.DATA / "taxonomy" / f"{name}.yaml"
    try:
        return language.read_yaml(path)
    except (OSError, yaml.YAMLError) as error:
        raise PackError(f"data/taxonomy/{name}.yaml cannot be read: {error}") from None


@cache
def load_taxonomy() -> Taxonomy:
    acled = _file("acled")
    weapons = tuple((w["class"], w["mode"], w["key"]) for w in acled.pop("weapons"))
    return Taxonomy(acled, weapons, tuple(_file("known_events")))
