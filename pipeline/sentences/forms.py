"""Settles what a word form is before clauses are found: verb or attribute, finite or not."""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import takewhile

from pipeline import language
from pipeline.records import Token
from pipeline.sentences.groups import find_auxiliary, load_auxiliaries
from pipeline.sentences.verbs import FINITE, find_forms, find_readings

CUTS = frozenset(',;:–—()[]„“”»«"‚‘›‹…') | {"..."}
_STOPS = frozenset(",;:–—…()[]") | {"..."}  # an auxiliary does not reach over these; it does over quotation marks
_AFTER_VERBS = ("article", "number", "pronoun", "preposition", "word")
_INFLECTED = ("e", "en", "er", "em", "es")


@cache
def load_adverbs(code: str) -> frozenset[str]:
    """Words that end like adjectives and are none: "später töteten Soldaten" holds a verb."""
    return frozenset(language.words(code, "sentences")["adverbs_like_adjectives"])


def settle_forms(tokens: list[Token], code: str) -> list[Token]:
    """The tokens with word classes that their neighbours decide."""
    return _settle_verbs(_wake_only_verb(_wake_first_verb(_drop_attributes(tokens, code), code), code), code)


def _drop_attributes(tokens: list[Token], code: str) -> list[Token]:
    """Participles in front of a noun are no verbs of the clause: "die besetzte Krim", "verletzte Zivilisten"."""
    out = tokens
    adverbs = load_adverbs(code)
    for i, token in enumerate(tokens):
        if token.kind not in ("finite", "participle", "infinitive") or not token.text.endswith(_INFLECTED):
            continue
        following = tokens[i + 1] if i + 1 < len(tokens) else None
        if following is None or not (
            following.kind == "name" or (following.kind == "word" and following.text.endswith(_INFLECTED))
        ):
            continue
        if following.kind == "word" and not (i + 2 < len(tokens) and tokens[i + 2].kind == "name"):
            continue
        previous = tokens[i - 1] if i else None
        if previous is None:
            continue
        if previous.kind == "pronoun" and _is_inflected_participle(token.text, code):
            if not any(other.kind == "finite" for other in tokens[max(0, i - 4) : i - 1]):
                continue
            out = list(tokens) if out is tokens else out  # "haben sich verfeindete Milizen bekämpft"
            out[i] = token._replace(kind="word")
            continue
        if _is_only_past(token.text, code) or _opens_with_year(tokens, i):
            continue
        attributive = previous.kind in ("article", "preposition", "number") or (
            previous.kind == "word" and previous.text.endswith(_INFLECTED) and previous.text.lower() not in adverbs
        )
        if not attributive and previous.kind in ("name", "word", "finite"):
            attributive = _in_extended_attribute(tokens, i)
        if attributive:
            if out is tokens:
                out = list(tokens)
            out[i] = token._replace(kind="word")
    return out


def _is_inflected_participle(word: str, code: str) -> bool:
    """ "verfeindete", but not "würde"."""
    return "participle" in find_forms(word[:-1], code) or "participle" in find_forms(word[:-2], code)


@lru_cache(maxsize=language.WORDS_KEPT)
def _is_only_past(word: str, code: str) -> bool:
    """ "griffen", "starben" stand before no noun; "eroberten" may."""
    return find_forms(word, code) == {"past"} and not _is_inflected_participle(word, code)


def _opens_with_year(tokens: list[Token], position: int) -> bool:
    """ "Im März 2024 eroberten Rebellen …", but "die 2014 besetzte Krim" and "2024 eroberte Orte sind …"."""
    year = tokens[position - 1].text
    if not (tokens[position - 1].kind == "number" and len(year) == 4 and year.isdigit()):
        return False
    before = tokens[max(0, position - 7) : position - 1]
    after = takewhile(lambda token: token.text not in CUTS, tokens[position + 1 :])
    return not any(token.kind == "article" for token in before[-3:]) and not any(
        token.kind == "finite" for token in (*before, *after)
    )


def _in_extended_attribute(tokens: list[Token], position: int) -> bool:
    """ "auf der von Moskau besetzten Krim": an article directly before a preposition or adverb opens an attribute."""
    for i in range(position - 1, max(0, position - 7), -1):
        if tokens[i].kind == "punctuation":
            return False
        adverb = tokens[i].kind == "word" and not tokens[i].text.endswith(_INFLECTED)
        if (adverb or tokens[i].kind == "preposition") and tokens[i - 1].kind == "article":
            return True
    return False


def _wake_first_verb(tokens: list[Token], code: str) -> list[Token]:
    """A capitalised first word that is an auxiliary or modal: "Sollte bis Freitag ...", "Hat die Armee ..."; or a
    participle before its auxiliary: "Getroffen wurde ein Wohnhaus"."""
    first = next((i for i, token in enumerate(tokens) if token.kind != "punctuation"), None)
    if first is None or tokens[first].kind != "name" or first + 1 >= len(tokens):
        return tokens
    auxiliaries = load_auxiliaries(code)
    helpers = auxiliaries.all
    for reading in find_readings(tokens[first].text.lower(), code):
        aided = reading.form == "participle" and _is_auxiliary(tokens[first + 1], code)
        if aided or (reading.form in FINITE and reading.lemma in helpers):
            tokens = list(tokens)
            tokens[first] = tokens[first]._replace(kind="participle" if aided else "finite")
            break
    return tokens


def _wake_only_verb(tokens: list[Token], code: str) -> list[Token]:
    """A form that mostly is an attribute ("verletzte") between subject and object of a sentence without another verb:
    "Ein Schütze verletzte zwei Polizisten"."""
    if any(token.kind == "finite" for token in tokens):
        return tokens
    for i in range(1, len(tokens) - 1):
        between = tokens[i - 1].kind in ("name", "word") and tokens[i + 1].kind in _AFTER_VERBS
        if tokens[i].kind == "word" and between and not FINITE.isdisjoint(find_forms(tokens[i].text, code)):
            tokens = list(tokens)
            tokens[i] = tokens[i]._replace(kind="finite")
            break
    return tokens


def _is_auxiliary(token: Token, code: str) -> bool:
    helpers = load_auxiliaries(code).helpers
    return token.kind == "finite" and any(r.lemma in helpers for r in find_readings(token.text.lower(), code))


def _settle_verbs(tokens: list[Token], code: str) -> list[Token]:
    """Decide between finite and non-finite readings of one form ("verletzt", "kommen") by what stands around it:
    "zu" before it, a verb directly behind it, or an auxiliary before it in the same stretch."""
    auxiliaries = load_auxiliaries(code)
    helpers = auxiliaries.helpers
    out = list(tokens)
    helper: str | None = None  # lemma of the auxiliary or modal that waits for its other half
    for i, token in enumerate(tokens):
        if token.kind == "punctuation":
            # "wollen die Minister Kenias, Ugandas und Ruandas tagen" goes on
            listed = token.text == "," and i + 1 < len(tokens) and tokens[i + 1].kind == "name"
            if token.text in _STOPS and not (listed and helper in auxiliaries.modals):
                helper = None
            continue
        if token.text in auxiliaries.be and _is_infinitive(tokens, i, auxiliaries.marker):
            out[i] = token._replace(kind="infinitive")  # "gewesen zu sein", not "sein Haus"
        if token.kind != "finite":
            continue
        word = token.text.lower()
        forms = find_forms(word, code)
        own = find_auxiliary(word, code)
        if forms <= FINITE:
            helper = own or helper
            continue
        following = tokens[i + 1] if i + 1 < len(tokens) else None
        before_verb = following is not None and (
            following.kind in ("finite", "infinitive", "participle") or _is_perfect_infinitive(tokens, i + 1, code)
        )
        takes_infinitive = helper in auxiliaries.before_infinitive
        if "infinitive" in forms and ((i and tokens[i - 1].text == auxiliaries.marker) or takes_infinitive):
            out[i] = token._replace(kind="infinitive")
        elif "participle" in forms and (helper in helpers or before_verb):
            out[i] = token._replace(kind="participle")
        elif "infinitive" in forms and before_verb and i and following is not None and following.kind == "finite":
            out[i] = token._replace(kind="infinitive")
        elif own is not None:
            helper = own
    return out


def _is_infinitive(tokens: list[Token], position: int, marker: str) -> bool:
    following = tokens[position + 1] if position + 1 < len(tokens) else None
    ends = following is None or following.kind in ("punctuation", "finite", "coordination")
    return (
        ends
        and position > 0
        and (tokens[position - 1].text == marker or tokens[position - 1].kind in ("participle", "finite", "word"))
    )


def _is_perfect_infinitive(tokens: list[Token], position: int, code: str) -> bool:
    """ "(zerstört) zu haben", "(verletzt) zu werden": an auxiliary behind the marker."""
    auxiliaries = load_auxiliaries(code)
    if position + 1 >= len(tokens) or tokens[position].text != auxiliaries.marker:
        return False
    helpers = auxiliaries.helpers
    return tokens[position + 1].text in helpers
