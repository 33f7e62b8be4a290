"""Settles what a word form is before clauses are found: verb or attribute, finite or not."""

from __future__ import annotations

from functools import cache, lru_cache

from pipeline import language
from pipeline.records import WordClass
from pipeline.sentences.groups import VERBS, find_auxiliary, load_auxiliaries
from pipeline.sentences.insertions import STOPS, find_resumed
from pipeline.sentences.verbs import FINITE, find_forms, find_readings
from pipeline.sentences.words import Words

CUTS = frozenset(',;:–—()[]„“”»«"‚‘›‹…') | {"..."}
_AFTER_VERBS = ("article", "number", "pronoun", "preposition", "word")
_INFLECTED = ("e", "en", "er", "em", "es")


@cache
def load_adverbs(code: str) -> frozenset[str]:
    """Words that end like adjectives and are none: "später töteten Soldaten" holds a verb."""
    return frozenset(language.words(code, "sentences")["adverbs_like_adjectives"])


@cache
def load_genitives(code: str) -> frozenset[str]:
    """Articles of the genitive plural and feminine, in which lists go on: "der USA, der Ukraine und ..."."""
    return frozenset(language.words(code, "sentences")["genitive_articles"])


def settle_forms(words: Words, code: str) -> None:
    """Change the word classes that their neighbours decide."""
    _drop_attributes(words, code)
    _wake_first_verb(words, code)
    _wake_only_verb(words, code)
    _settle_verbs(words, code)


def _drop_attributes(words: Words, code: str) -> None:
    """Participles in front of a noun are no verbs of the clause: "die besetzte Krim", "verletzte Zivilisten"."""
    texts, kinds = words.texts, words.kinds
    attributes = [
        i
        for i, kind in enumerate(kinds)
        if kind in VERBS and i and texts[i].endswith(_INFLECTED) and _is_attribute(texts, kinds, i, code)
    ]
    for i in attributes:
        kinds[i] = "word"


def _is_attribute(texts: list[str], kinds: list[WordClass], position: int, code: str) -> bool:
    """Whether an inflected verb form is an attribute of the noun behind it."""
    following = position + 1
    if following >= len(kinds):
        return False
    if kinds[following] == "word":
        if not (
            texts[following].endswith(_INFLECTED) and following + 1 < len(kinds) and kinds[following + 1] == "name"
        ):
            return False
    elif kinds[following] != "name":
        return False
    word, before = texts[position], kinds[position - 1]
    if before == "pronoun" and _is_inflected_participle(word, code):
        return "finite" in kinds[max(0, position - 4) : position - 1]  # "haben sich verfeindete Milizen bekämpft"
    if _is_only_past(word, code) or _opens_with_year(texts, kinds, position):
        return False
    if before in ("article", "preposition", "number"):
        return True
    if before == "word":
        previous = texts[position - 1]
        if previous.endswith(_INFLECTED) and previous.lower() not in load_adverbs(code):
            return True
    return before in ("name", "word", "finite") and _in_extended_attribute(texts, kinds, position)


def _is_inflected_participle(word: str, code: str) -> bool:
    """ "verfeindete", but not "würde"."""
    return "participle" in find_forms(word[:-1], code) or "participle" in find_forms(word[:-2], code)


@lru_cache(maxsize=language.WORDS_KEPT)
def _is_only_past(word: str, code: str) -> bool:
    """ "griffen", "starben" stand before no noun; "eroberten" may."""
    return find_forms(word, code) == {"past"} and not _is_inflected_participle(word, code)


def _opens_with_year(texts: list[str], kinds: list[WordClass], position: int) -> bool:
    """ "Im März 2024 eroberten Rebellen …", but "die 2014 besetzte Krim" and "2024 eroberte Orte sind …"."""
    year = texts[position - 1]
    if not (kinds[position - 1] == "number" and len(year) == 4 and year.isdigit()):
        return False
    before = kinds[max(0, position - 7) : position - 1]
    cut = next((i for i in range(position + 1, len(texts)) if texts[i] in CUTS), len(texts))
    return "article" not in before[-3:] and "finite" not in before and "finite" not in kinds[position + 1 : cut]


def _in_extended_attribute(texts: list[str], kinds: list[WordClass], position: int) -> bool:
    """ "auf der von Moskau besetzten Krim": an article directly before a preposition or adverb opens an attribute."""
    for i in range(position - 1, max(0, position - 7), -1):
        if kinds[i] == "punctuation":
            return False
        adverb = kinds[i] == "word" and not texts[i].endswith(_INFLECTED)
        if (adverb or kinds[i] == "preposition") and kinds[i - 1] == "article":
            return True
    return False


def _wake_first_verb(words: Words, code: str) -> None:
    """A capitalised first word that is an auxiliary or modal: "Sollte bis Freitag ...", "Hat die Armee ..."; or a
    participle before its auxiliary: "Getroffen wurde ein Wohnhaus"."""
    texts, kinds = words.texts, words.kinds
    first = next((i for i, kind in enumerate(kinds) if kind != "punctuation"), None)
    if first is None or kinds[first] != "name" or first + 1 >= len(kinds):
        return
    auxiliaries = load_auxiliaries(code).all
    for reading in find_readings(texts[first].lower(), code):
        aided = reading.form == "participle" and _is_auxiliary(texts[first + 1], kinds[first + 1], code)
        if aided or (reading.form in FINITE and reading.lemma in auxiliaries):
            kinds[first] = "participle" if aided else "finite"
            break


def _wake_only_verb(words: Words, code: str) -> None:
    """A form that mostly is an attribute ("verletzte") between subject and object of a sentence without another verb:
    "Ein Schütze verletzte zwei Polizisten"."""
    texts, kinds = words.texts, words.kinds
    if "finite" in kinds:
        return
    for i in range(1, len(kinds) - 1):
        between = kinds[i - 1] in ("name", "word") and kinds[i + 1] in _AFTER_VERBS
        if kinds[i] == "word" and between and not FINITE.isdisjoint(find_forms(texts[i], code)):
            kinds[i] = "finite"
            break


def _is_auxiliary(word: str, kind: WordClass, code: str) -> bool:
    helpers = load_auxiliaries(code).helpers
    return kind == "finite" and any(r.lemma in helpers for r in find_readings(word.lower(), code))


def _settle_verbs(words: Words, code: str) -> None:
    """Decide between finite and non-finite readings of one form ("verletzt", "kommen") by what stands around it:
    "zu" before it, a verb directly behind it, or an auxiliary before it in the same stretch or before an insertion."""
    auxiliaries = load_auxiliaries(code)
    be, helpers, marker = auxiliaries.be, auxiliaries.helpers, auxiliaries.marker
    texts, kinds = words.texts, words.kinds
    settled, resumed = kinds.copy(), find_resumed(words, code)
    helper: str | None = None  # lemma of the auxiliary or modal that waits for its other half
    for i, kind in enumerate(kinds):
        if kind == "punctuation":
            listed = texts[i] == "," and _is_listed(words, i + 1, helper in auxiliaries.modals, code)
            if texts[i] in STOPS and not listed:
                helper = None
            helper = resumed.get(i, helper)
            continue
        if texts[i] in be and _is_infinitive(texts, kinds, i, marker):
            settled[i] = "infinitive"  # "gewesen zu sein", not "sein Haus"
        if kind != "finite":
            continue
        word = texts[i].lower()
        forms = find_forms(word, code)
        own = find_auxiliary(word, code)
        if forms <= FINITE:
            helper = own or helper
            continue
        following = kinds[i + 1] if i + 1 < len(kinds) else None
        before_verb = following in VERBS or _is_perfect_infinitive(texts, i + 1, marker, helpers)
        takes_infinitive = helper in auxiliaries.before_infinitive
        if "infinitive" in forms and ((i and texts[i - 1] == marker) or takes_infinitive):
            settled[i] = "infinitive"
        elif "participle" in forms and (helper in helpers or before_verb):
            settled[i] = "participle"
        elif "infinitive" in forms and before_verb and i and following == "finite":
            settled[i] = "infinitive"
        elif own is not None:
            helper = own
    words.kinds = settled


def _is_listed(words: Words, position: int, modal: bool, code: str) -> bool:
    """Whether a list goes on behind a comma: "(wollen die Minister) Kenias, Ugandas und Ruandas (tagen)", "(hat die
    Stellungen) der Armee, der Polizei und der Miliz (beschossen)"."""
    kinds, texts = words.kinds, words.texts
    if kinds[position : position + 1] == ["name"]:
        return modal
    if kinds[position : position + 2] != ["article", "name"] or texts[position].lower() not in load_genitives(code):
        return False
    end = next((i for i in range(position, len(texts)) if texts[i] in STOPS), len(texts))
    return modal or "coordination" in kinds[position:end]


def _is_infinitive(texts: list[str], kinds: list[WordClass], position: int, marker: str) -> bool:
    ends = position + 1 == len(kinds) or kinds[position + 1] in ("punctuation", "finite", "coordination")
    return (
        ends
        and position > 0
        and (texts[position - 1] == marker or kinds[position - 1] in ("participle", "finite", "word"))
    )


def _is_perfect_infinitive(texts: list[str], position: int, marker: str, helpers: frozenset[str]) -> bool:
    """ "(zerstört) zu haben", "(verletzt) zu werden": an auxiliary behind the marker."""
    return position + 1 < len(texts) and texts[position] == marker and texts[position + 1] in helpers
