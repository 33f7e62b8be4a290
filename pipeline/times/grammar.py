"""Compiles the rules of a language pack (times/words.yaml, named_days.yaml and rules.yaml).

A rule is a regular expression over named word classes. At each word only the rules that can begin with its letters are
tried; which these are is asked once per distinct word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from pipeline import language
from pipeline.errors import PackError
from pipeline.records import Sentence
from pipeline.times.openings import LONGEST, NEXT, Index, find_beginnings, find_leads, fold, forget

# word class in a rule -> section of words.yaml
_CLASSES = {
    "month": "months", "weekday": "weekdays", "weekday-adverb": "weekday_adverbs", "season": "seasons",
    "unit": "units", "unit-adjective": "unit_adjectives", "daypart": "dayparts", "number": "numbers",
    "half": "halves", "decade": "decades", "part": "parts", "half-part": "half_parts", "modifier": "modifiers",
    "deictic": "deictic_days", "weekday-short": "weekday_shorts", "old-month": "old_months", "half-word": "half_words",
    "ordinal": "ordinals", "clock-part": "clock_parts", "early-late": "early_late", "year-word": "year_words",
    "beside": "beside", "part-days": "part_days", "nth-unit": "nth_units",
}  # fmt: skip
_LISTS = {
    "vague": "vague_amounts",
    "approx": "approximations",
    "joint": "list_joints",
    "zone": "zones",
    "ordinal-noun": "ordinal_nouns",
}
_ATOM = re.compile(r"\{([a-z0-9-]*[a-z][a-z0-9-]*)(?::([a-z-]+))?\}")
_LOOK_BEHIND = re.compile(r"\(\?<[=!][^)]*\)")


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    pattern: re.Pattern[str]
    op: str
    constants: Mapping[str, Any]
    checks: str | None
    require: tuple[str, ...]  # at least one of these captures must be there
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that fits at a place, with what its captures mean."""

    rule: Rule
    start: int
    end: int
    captured: Mapping[str, str]


class Found(NamedTuple):
    """A match with its sentence and the number of that sentence in the text."""

    match: Match
    sentence: Sentence
    number: int


_NONE: frozenset[str] = frozenset()


class Grammar:
    """The words and rules of one language."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.words: Mapping[str, Any] = language.words(code, "times/words")
        self.named_days: Mapping[str, Any] = language.words(code, "times/named_days")["days"]
        known = language.words(code, "times/known_days")
        self.known_day_leads: Mapping[str, Any] = known
        self.known_days: dict[tuple[int, int], list[Mapping[str, Any]]] = {}
        for entry in known["days"]:
            self.known_days.setdefault((entry["day"].month, entry["day"].day), []).append(entry)
        self.known_wars = tuple(entry for entry in known["days"] if "war" in entry)
        self.given_names = frozenset(language.words(code, "actors")["given_names"].split())
        self._forms: dict[str, list[tuple[re.Pattern[str], Any]]] = {
            name: [(re.compile("|".join(forms), re.IGNORECASE), key) for key, forms in self.words[section].items()]
            for name, section in _CLASSES.items()
        }
        self._forms["named-day"] = [
            (re.compile("|".join(day["forms"]), re.IGNORECASE), key) for key, day in self.named_days.items()
        ]
        pack = language.words(code, "times/rules")
        self._phrases: Mapping[str, str] = pack["phrases"]
        self.rules = tuple(self._compile(row) for row in pack["rules"])
        self._index = Index(
            ((number, lead.followers), lead.openings)
            for number, rule in enumerate(self.rules)
            for lead in find_leads(_LOOK_BEHIND.sub("", rule.pattern.pattern))
        )
        forget()
        self._rules = language.Memo(self._find_rules)
        self.may_open = language.Memo(lambda word: self._index.may_hold(word.lower()))  # a word that has a rule
        self.rules_by_id = {rule.id: rule for rule in self.rules}

    # --- reading captures --------------------------------------------------------------------------------

    @lru_cache(maxsize=language.WORDS_KEPT)  # noqa: B019 - one grammar per language lives as long as the process
    def key_of(self, word_class: str, text: str) -> Any:
        """What a captured text means: "Sonnabend" is weekday 5. ``KeyError`` for a text outside the class."""
        folded = re.sub(r"\s+", " ", text)
        for pattern, key in self._forms[word_class]:
            if pattern.fullmatch(folded):
                return key
        raise KeyError(f"{text!r} is no {word_class}")

    @lru_cache(maxsize=language.WORDS_KEPT)  # noqa: B019
    def has(self, word_class: str, text: str) -> bool:
        """Whether a word belongs to a class."""
        return any(pattern.fullmatch(text) for pattern, _ in self._forms[word_class])

    def unit_of(self, word: str) -> str:
        """The unit of a word from ``span_units``."""
        lowered = word.lower()
        for unit, forms in self.words["span_units"].items():
            if lowered in forms:
                return str(unit)
        return str(self.key_of("unit", word))

    # --- compiling ---------------------------------------------------------------------------------------

    def _alternation(self, name: str) -> str:
        if name == "ordinal":
            return r"\d{1,2}\.|" + _any([form for group in self.words["ordinals"].values() for form in group])
        if name == "named-day":
            return _any([form for day in self.named_days.values() for form in day["forms"]])
        if name in _CLASSES:
            return _any([form for group in self.words[_CLASSES[name]].values() for form in group])
        if name in _LISTS:
            return _any(
                [
                    re.escape(f) if not f[-1:].isalpha() and "[" not in f and "\\" not in f else f
                    for f in self.words[_LISTS[name]]
                ]
            )
        raise PackError(f"times/rules.yaml of the language pack {self.code!r} names the unknown word class {name!r}.")

    def _expand(self, pattern: str) -> str:
        def replace(match: re.Match[str]) -> str:
            name, capture = match.group(1), match.group(2)
            group = (capture or name).replace("-", "_")
            if name in self._phrases:
                return _ATOM.sub(replace, self._phrases[name])
            if name == "day":
                return rf"(?P<{group}>0?[1-9]|[12]\d|3[01])"
            if name == "month-number":
                return r"(?P<month_number>0?[1-9]|1[0-2])"
            if name == "year":
                return rf"(?P<{group}>(?:1[4-9]|2[01])\d\d|'\d\d)"
            if name == "short-year":
                return r"(?P<year>\d{4}|'?\d\d)"
            if name == "year4":
                return rf"(?P<{group}>1\d{{3}}|20\d\d|21\d\d)"
            if name == "amount":
                suffix = f"_{capture.replace('-', '_')}" if capture else ""
                number, half, vague = (self._alternation(n) for n in ("number", "half", "vague"))
                return (
                    rf"(?P<digits{suffix}>\d{{1,4}}(?:[.,]\d)?)|(?:(?:eine[mnrs]? |ein )?(?P<half{suffix}>{half}))"
                    rf"|(?P<vague{suffix}>{vague})|(?P<number{suffix}>{number})"
                )
            if name == "month-name":
                return self._alternation("month")
            if name in ("joint", "zone", "approx", "vague", "ordinal-noun"):
                capturing = f"?P<{group}>" if name in ("zone", "approx", "vague") else "?:"
                return f"({capturing}{self._alternation(name)})"
            return f"(?P<{group}>{self._alternation(name)})"

        return _number_repeats(_ATOM.sub(replace, pattern))

    def _compile(self, row: Mapping[str, Any]) -> Rule:
        from pipeline.times.operations import OPERATIONS

        identifier = str(row.get("id"))
        place = f"The rule {identifier!r} in times/rules.yaml of the language pack {self.code!r}"
        if row.get("op") not in OPERATIONS:
            raise PackError(f"{place} names the unknown operation {row.get('op')!r}.")
        if not row.get("examples") or not row.get("not"):
            raise PackError(f"{place} needs examples and counter-examples.")
        source = rf"(?:{_spaces(self._expand(str(row['pattern'])))})(?!\w)"
        flags = 0 if row.get("case") == "lower" else re.IGNORECASE
        try:
            pattern = re.compile(source, flags)
        except re.error as error:
            raise PackError(f"{place} is no regular expression: {error}.") from None
        return Rule(
            identifier, pattern, str(row["op"]), row.get("with") or {}, row.get("checks"),
            tuple(row.get("require", ())), tuple(row["examples"]), tuple(row["not"]),
        )  # fmt: skip

    # --- matching ----------------------------------------------------------------------------------------

    def _find_rules(self, word: str) -> tuple[tuple[Rule, frozenset[str] | None], ...]:
        """The rules that can begin with a word and the sign behind it, each with what it can go on with."""
        lowered = word.lower()
        if not lowered[-1].isspace():
            numbers = sorted({number for number, _ in self._index.find(lowered)})
            return tuple((self.rules[number], None) for number in numbers)
        followers: dict[int, frozenset[str] | None] = {}
        for number, more in self._index.find(lowered[:-1] + " "):
            known = followers.get(number, _NONE)
            followers[number] = None if more is None or known is None else known | more
        return tuple((self.rules[number], followers[number]) for number in sorted(followers))

    def rules_at(self, text: str, start: int, end: int) -> list[Rule]:
        """The rules that can begin with the word between two places and what stands behind it, in order."""
        goes_on = text[end : end + 1].isalnum()  # "60" of "60er"
        rules = self._rules[fold(text[start : end + (LONGEST if goes_on else 1)])]
        behind = text[end + 1 : end + 1 + NEXT]
        if goes_on or behind[:1].isspace():
            return [rule for rule, _ in rules]
        beginnings = find_beginnings(behind.lower())
        return [rule for rule, more in rules if more is None or not more.isdisjoint(beginnings)]

    def match_at(self, text: str, start: int, end: int) -> Iterator[Match]:
        """Every rule that fits at the word between two places, longest first, then in the order of the rules."""
        found = []
        rules = self.rules_at(text, start, end)
        for order, rule in enumerate(rules):
            match = rule.pattern.match(text, start)
            if match is None:
                continue
            captured = {
                name.partition("__")[0]: value for name, value in match.groupdict().items() if value is not None
            }
            if rule.require and not any(name in captured for name in rule.require):
                continue
            found.append((-match.end(), order, Match(rule, start, match.end(), captured)))
        for _, _, chosen in sorted(found, key=lambda item: item[:2]):
            yield chosen


def _number_repeats(pattern: str) -> str:
    """A capture may stand in several alternatives; regular expressions want a name of its own for each."""
    seen: dict[str, int] = {}

    def rename(match: re.Match[str]) -> str:
        name = match.group(1)
        seen[name] = seen.get(name, 0) + 1
        return match.group() if seen[name] == 1 else f"(?P<{name}__{seen[name]}>"

    return re.sub(r"\(\?P<(\w+)>", rename, pattern)


def _any(forms: list[str]) -> str:
    return "|".join(sorted(forms, key=len, reverse=True))


def _spaces(pattern: str) -> str:
    """White space of any kind for each blank of a pattern, outside look-behinds (whose width is fixed)."""
    parts = []
    position = 0
    for fixed in _LOOK_BEHIND.finditer(pattern):
        parts += [_loosen(pattern[position : fixed.start()]), fixed.group()]
        position = fixed.end()
    return "".join([*parts, _loosen(pattern[position:])])


def _loosen(pattern: str) -> str:
    return pattern.replace(" ?", r"\s{0,3}").replace("[- ]", r"[-\s]").replace(" ", r"\s{1,3}")


@cache
def load_grammar(code: str) -> Grammar:
    return Grammar(code)
