"""Finds the words that name places: known names, longest first, that stand where a place name can stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.gazetteer import Candidate, Gazetteer
from pipeline.gazetteer.build import RANK_ALTERNATE, RANK_GERMAN
from pipeline.places.words import PlaceWords, kind_of, load_words
from pipeline.records import Sentence, Span, Token

_LONGEST = 5  # words of a name
_LARGE = 50_000  # inhabitants that make a name likely without other evidence


@dataclass(frozen=True, slots=True)
class Spotted:
    """A possible mention: the tokens ``first`` to ``last`` of a sentence, what the words can mean, and what announces
    them: ``kind`` of a type word in front ("Gebiet"), a ``preposition``, another place it is coordinated with."""

    sentence: int
    first: int
    last: int
    span: Span
    name: str
    candidates: tuple[Candidate, ...]
    kind: str | None
    preposition: str | None
    genitive: bool
    joined: bool


def find_names(text: str, number: int, sentence: Sentence, gazetteer: Gazetteer, code: str) -> Iterator[Spotted]:
    """The place names of a sentence in order."""
    words = load_words(code)
    tokens = sentence.tokens
    position = 0
    previous_end = -1  # index of the last token of the previous mention
    while position < len(tokens):
        found = None
        if tokens[position].text[0].isupper():
            found = _match_at(text, number, sentence, position, previous_end, gazetteer, words, code)
        if found is None:
            position += 1
            continue
        yield found
        previous_end = found.last
        position = found.last + 1


def _match_at(
    text: str,
    number: int,
    sentence: Sentence,
    first: int,
    previous_end: int,
    gazetteer: Gazetteer,
    words: PlaceWords,
    code: str,
) -> Spotted | None:
    tokens = sentence.tokens
    for last in _ends(tokens, first, words):
        span = Span(tokens[first].start, tokens[last].end)
        name = text[span.start : span.end]
        if last == first and name in words.never:
            continue
        candidates, name, genitive, span = _look_up(name, span, gazetteer, words)
        if not candidates:
            continue
        kind, preposition, adjective = _announced(tokens, first, words, code)
        joined = _is_joined(tokens, first, previous_end, words)
        spotted = Spotted(number, first, last, span, name, candidates, kind, preposition, genitive, joined)
        kept = _admit(spotted, tokens, words, adjective)
        if kept:
            return Spotted(number, first, last, span, name, kept, kind, preposition, genitive, joined)
    return None


def _ends(tokens: tuple[Token, ...], first: int, words: PlaceWords) -> list[int]:
    """Where a name that begins here may end, longest first: at words with a capital, over particles ("Deir al-Balah",
    "Straße von Hormus", "Rostow am Don")."""
    ends = [first]
    for last in range(first + 1, min(first + _LONGEST, len(tokens))):
        token = tokens[last]
        if token.start - tokens[last - 1].end > 1:
            break
        if token.text[0].isupper() and token.kind != "punctuation":
            ends.append(last)
        elif token.text.lower() not in words.sets["particles"] and token.text not in ("'", "’", "."):
            break
    return ends[::-1]


def _look_up(
    name: str, span: Span, gazetteer: Gazetteer, words: PlaceWords
) -> tuple[tuple[Candidate, ...], str, bool, Span]:
    candidates = gazetteer.find(name)
    genitive = False
    end = words.genitive
    if not candidates and len(name) > 4 and name.endswith(end):
        candidates = gazetteer.find(name[: -len(end)])
        genitive = bool(candidates)
        if genitive:
            name = name[: -len(end)]
    if not candidates and "-" in name:
        # "Kenia-Reise", "Kursk-Offensive": the part in front of the hyphen, when it is a country or a region.
        front = name.partition("-")[0]
        if front.isupper() or len(front) < 4:
            return (), name, False, span
        found = tuple(c for c in gazetteer.find(front) if c.rank <= RANK_GERMAN and c.place.precision != "village")
        if found:
            return found, front, False, Span(span.start, span.start + len(front))
    return candidates, name, genitive, span


def _announced(
    tokens: tuple[Token, ...], first: int, words: PlaceWords, code: str
) -> tuple[str | None, str | None, bool]:
    """What stands in front: the kind of a type word, the preposition, and whether an adjective stands between."""
    kind = None
    adjective = False
    position = first - 1
    if position >= 0 and tokens[position].kind in ("name", "word") and tokens[position].text[0].isupper():
        kind = kind_of(tokens[position].text, code)
        if kind is not None:
            position -= 1
    steps = 0
    while position >= 0 and steps < 4:
        token = tokens[position]
        if token.kind == "preposition" or token.text.lower() in words.sets["locative"]:
            return kind, token.text.lower(), adjective
        if token.kind in ("article", "number"):
            pass
        elif token.kind in ("word", "participle") and token.text[0].islower():
            adjective = True
        else:
            break
        position -= 1
        steps += 1
    return kind, None, adjective


def _is_joined(tokens: tuple[Token, ...], first: int, previous_end: int, words: PlaceWords) -> bool:
    """Whether this name is coordinated with the mention before it: "Rafah und Kerem Schalom", "Kiew/Moskau"."""
    if previous_end < 0 or first - previous_end not in (2, 3):
        return False
    return all(
        token.text.lower() in words.sets["joints"] or token.kind in ("article", "preposition")
        for token in tokens[previous_end + 1 : first]
    )


def _admit(spotted: Spotted, tokens: tuple[Token, ...], words: PlaceWords, adjective: bool) -> tuple[Candidate, ...]:
    """The candidates that are believed here. German nouns, articles and surnames are names of villages somewhere, so a
    name that is not clearly a place needs something that announces it."""
    first, last = spotted.first, spotted.last
    best = spotted.candidates[0]
    before = tokens[first - 1] if first else None
    after = tokens[last + 1] if last + 1 < len(tokens) else None
    single = first == last
    area = any(c.rank <= 1 and c.place.precision not in ("city", "village") for c in spotted.candidates)
    announced = (
        spotted.kind is not None
        or spotted.joined
        or (spotted.preposition in words.sets["locative_strong"] and not _has_article(tokens, first))
    )
    if single:
        kinds = words.others.get(spotted.name, frozenset())
        toponym = spotted.name in words.toponyms
        if kinds and not toponym and spotted.kind is None and not (area and best.rank == 0):
            return ()
        if "noun" in kinds and not announced:
            return ()
    if best.place.precision == "country" and best.rank <= 1:
        return tuple(c for c in spotted.candidates if c.rank <= RANK_ALTERNATE)
    if before is not None and before.kind == "name" and tokens[first].start - before.end == 1 and spotted.kind is None:
        known = (best.rank == 0 and area) or (best.rank <= 2 and best.population >= 10 * _LARGE)
        if not known or "first" in words.others.get(before.text, frozenset()):
            return ()  # the surname of a person
    led = announced or area or spotted.genitive
    if not led and after is not None and after.kind == "name" and after.start - tokens[last].end == 1:
        return ()  # the first name of a person
    if not area and _has_article(tokens, first) and spotted.kind is None and not adjective:
        return ()  # towns take no article: "das Essen"
    if area or best.rank <= 1 or announced:
        limit = RANK_ALTERNATE if not announced else 9
        kept = tuple(
            c for c in spotted.candidates if c.rank <= limit and (announced or c.rank <= 1 or c.population >= _LARGE)
        )
        if announced and not area and best.rank > 1 and spotted.kind is None and not spotted.joined:
            kept = tuple(c for c in kept if c.population >= 1000 or c.rank <= 2)
        return kept
    return tuple(c for c in spotted.candidates if c.rank <= 2 and c.population >= 4 * _LARGE)


def _has_article(tokens: tuple[Token, ...], first: int) -> bool:
    """Whether an article stands directly in front, alone or inside "im", "zum", "ins"."""
    if first == 0:
        return False
    token = tokens[first - 1]
    return token.kind == "article" or (
        token.kind == "preposition"
        and token.text.lower()[-1] in "ms"
        and len(token.text) <= 4
        and token.text.lower() not in ("aus", "bis")
    )
