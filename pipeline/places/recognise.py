"""Finds the words that name places: known names, longest first, that stand where a place name can stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pipeline.gazetteer import Candidate, Gazetteer
from pipeline.gazetteer.build import RANK_ALTERNATE, RANK_GERMAN, RANK_PRIMARY
from pipeline.places.names import LARGE, SETTLEMENTS, complete, find_ends, load_names, look_up, may_begin
from pipeline.places.spotted import Spotted
from pipeline.places.surnames import FAMOUS, Memory, looks_personal
from pipeline.places.words import PlaceWords, kind_of, load_words
from pipeline.records import Clause, Sentence, Span, Token
from pipeline.times.direction import find_clause

_METROPOLIS = 2_000_000  # ... or without announcement though a noun is written alike: "Paris", "Riad"
_LONGEST_LEAD = 4  # words of "in der ostukrainischen Region"
_LONGEST_ABBREVIATION = 5
_PARENTS = ("adm1", "district", "region")  # kinds that hold a place named in front of them
_GROUNDS = ("city", "village", "adm1", "region", "river", "site")  # kinds that a common noun may be the name of


def find_names(
    text: str, number: int, sentence: Sentence, gazetteer: Gazetteer, code: str, memory: Memory
) -> Iterator[Spotted]:
    """The place names of a sentence in order. They are added to ``memory``: what was a place once is one again without
    an announcement."""
    words = load_words(code)
    tokens = sentence.tokens
    position = 0
    previous: Spotted | None = None
    while position < len(tokens):
        found = None
        word = tokens[position].text
        if word[0].isupper() or may_begin(word, words):
            found = _match_at(text, number, sentence, position, previous, gazetteer, words, memory)
        if found is None:
            position += 1
            continue
        memory.places.add(found.name)
        yield found
        previous = found
        position = found.last + 1


def _match_at(
    text: str,
    number: int,
    sentence: Sentence,
    first: int,
    previous: Spotted | None,
    gazetteer: Gazetteer,
    words: PlaceWords,
    memory: Memory,
) -> Spotted | None:
    tokens = sentence.tokens
    names = load_names(gazetteer, words.code)
    for last in find_ends(tokens, first, words):
        start = tokens[first].start
        name = text[start : tokens[last].end]
        if last == first and name in words.never:
            continue
        if name[-1] == "-":
            named = complete(name, tokens[last + 1 :], gazetteer, words)
        else:
            named = names(name) if first == last else look_up(name, False, gazetteer, words)
        if named is None:
            continue
        spotted = Spotted(
            number,
            first,
            last,
            Span(start, start + named.length),
            named.name,
            named.candidates,
            *_read_front(tokens, first, words, sentence.clauses),
            named.genitive,
            _is_joined(tokens, first, previous.last if previous else -1, words),
            named.compound,
        )
        if previous is not None and spotted.joined and previous.plural and spotted.kind is None:
            spotted = replace(spotted, kind=previous.kind, plural=True)
        else:
            plural = spotted.kind is not None and tokens[first - 1].text.lower() in words.sets["plural_types"]
            parent = previous is not None and _is_parent(tokens, first, previous.last, words)
            spotted = replace(spotted, plural=plural, parent=parent) if plural or parent else spotted
        kept = _admit(spotted, sentence, words, memory)
        if kept:
            return spotted if len(kept) == len(named.candidates) else replace(spotted, candidates=kept)
    return None


def _read_front(
    tokens: tuple[Token, ...], first: int, words: PlaceWords, clauses: tuple[Clause, ...]
) -> tuple[str | None, str | None, bool, bool]:
    """What stands in front: the kind of a type word, the preposition, whether there is an article directly in front and
    an adjective between."""
    kind, adjective, dative = None, False, False
    position = first - 1
    if position >= 0 and tokens[position].kind in ("name", "word") and tokens[position].text[0].isupper():
        kind = kind_of(tokens[position].text, words.code)
        if kind is not None:
            position -= 1
    article = first > 0 and _is_article(tokens[first - 1], words) and not _opens_relative(clauses, tokens, first - 1)
    preposition = None
    for token in reversed(tokens[max(0, position - 3) : position + 1]):
        lowered = token.text.lower()
        if token.kind == "preposition" or lowered in words.sets["locative"]:
            preposition = lowered
            if dative and lowered in words.sets["infinitive_openers"]:
                preposition = None  # "um der Ukraine zu helfen"
            break
        if token.kind == "article":
            dative = lowered in words.sets["dative_articles"]
        elif token.kind in ("word", "participle") and token.text[0].islower():
            adjective = True
        elif token.kind != "number":
            break
    return kind, preposition, article, adjective


def _opens_relative(clauses: tuple[Clause, ...], tokens: tuple[Token, ...], index: int) -> bool:
    """ "die Rebellen, die | Goma einnahmen": a pronoun that looks like an article."""
    first = index - (index > 0 and tokens[index - 1].kind == "preposition")  # "ein Akt, hinter dem | Belgrad steht"
    if first < 1 or tokens[first - 1].text != ",":
        return False
    return any(clause.kind == "relative" and clause.span.start == tokens[first].start for clause in clauses)


def _is_article(token: Token, words: PlaceWords) -> bool:
    """An article, alone or inside a preposition: "der", "im", "zur"."""
    return token.kind == "article" or token.text.lower() in words.sets["contracted"]


def _is_joined(tokens: tuple[Token, ...], first: int, previous_end: int, words: PlaceWords) -> bool:
    """Whether this name is coordinated with the mention before it: "Rafah und Kerem Schalom", "Kiew/Moskau"."""
    if previous_end < 0 or first - previous_end not in (2, 3):
        return False
    between = tokens[previous_end + 1 : first]
    return between[0].text.lower() in words.sets["joints"] and all(
        token.text.lower() in words.sets["joints"] or token.kind == "article" for token in between
    )


def _is_parent(tokens: tuple[Token, ...], first: int, previous_end: int, words: PlaceWords) -> bool:
    """Whether nothing but "in der Region" stands between this name and the one before; the type word may be part of the
    name."""
    if not 0 < first - previous_end - 1 <= _LONGEST_LEAD:
        return False
    between = tokens[previous_end + 1 : first]
    if between[0].text.lower() not in words.sets["containing"]:
        return False
    *middle, last = between[1:] or between
    if not all(token.text.islower() for token in middle):
        return False
    kind = kind_of(last.text if last.text[0].isupper() else tokens[first].text, words.code)
    return kind in _PARENTS


def _admit(spotted: Spotted, sentence: Sentence, words: PlaceWords, memory: Memory) -> tuple[Candidate, ...]:
    """The candidates that are believed here. German nouns, articles and surnames are names of villages somewhere, so a
    name that is not clearly a place needs something that announces it."""
    tokens, best = sentence.tokens, spotted.candidates[0]
    area = any(c.rank <= RANK_GERMAN and c.place.precision not in SETTLEMENTS for c in spotted.candidates)
    sure = any(c.rank == 0 and c.place.precision not in SETTLEMENTS for c in spotted.candidates)
    is_known = spotted.name in memory.places
    national = _is_national(spotted, tokens, words)
    named = spotted.kind is not None or spotted.joined or is_known or national
    spotted = replace(spotted, adjective=False) if national else spotted
    strong = spotted.preposition in words.sets["locative_strong"] or _sets_out(spotted, tokens, words)
    led = strong and not (spotted.article or spotted.genitive)
    announced = named or led or _is_besieged(spotted, sentence, words)
    if _is_institution(spotted, tokens, words):
        return ()
    if spotted.first == spotted.last and not _is_single(spotted, words, memory, sure, announced):
        return ()
    if best.place.precision == "country" and best.rank <= RANK_GERMAN:
        return tuple(c for c in spotted.candidates if c.rank <= RANK_ALTERNATE)
    if looks_personal(spotted, tokens, words, sure or named, announced or sure):
        return ()
    if not area and spotted.article and not (spotted.kind or spotted.adjective or spotted.compound):
        return ()  # towns take no article: "das Essen"
    if not (area or announced or best.rank <= RANK_GERMAN):
        return tuple(c for c in spotted.candidates if c.rank <= RANK_PRIMARY and c.population >= 4 * LARGE)
    if not announced:
        kept = tuple(
            c
            for c in spotted.candidates
            if c.rank <= RANK_GERMAN or (c.rank <= RANK_ALTERNATE and c.population >= LARGE)
        )
        regions = {(c.place.country, c.place.name) for c in kept if c.place.precision == "adm1"}
        seats = (c for c in spotted.candidates if regions and (c.place.country, c.place.admin1) in regions)
        return (*kept, *(c for c in seats if c.place.precision == "city" and c not in kept))
    if named or area:
        return spotted.candidates
    return tuple(c for c in spotted.candidates if c.population >= 1000 or c.rank <= RANK_PRIMARY)


def _is_national(spotted: Spotted, tokens: tuple[Token, ...], words: PlaceWords) -> bool:
    """ "im russischen Engels": an adjective of the nation in whose country a place of this name lies."""
    before = tokens[spotted.first - 1] if spotted.first and spotted.adjective else None
    nation = words.nations.get(before.text.lower()) if before is not None and before.kind == "word" else None
    return nation is not None and any(c.place.country == nation for c in spotted.candidates)


def _sets_out(spotted: Spotted, tokens: tuple[Token, ...], words: PlaceWords) -> bool:
    """ "von Nyala aus", "südlich von Nyala"."""
    if spotted.preposition not in words.sets["agent_prepositions"]:
        return False
    behind = tokens[spotted.last + 1].text.lower() if spotted.last + 1 < len(tokens) else ""
    before = tokens[spotted.first - 2].text.lower() if spotted.first > 1 else ""
    return behind in words.sets["origin_prepositions"] or before in words.sets["locative_strong"]


def _is_besieged(spotted: Spotted, sentence: Sentence, words: PlaceWords) -> bool:
    """ "hat Nyala bombardiert": the bare object of a verb that takes a place."""
    if spotted.article or spotted.adjective or spotted.preposition or spotted.name not in words.others:
        return False
    index = find_clause(sentence, spotted.span.start)
    return index is not None and sentence.clauses[index].verb in words.sets["besieged_verbs"]


def _is_single(spotted: Spotted, words: PlaceWords, memory: Memory, sure: bool, announced: bool) -> bool:
    """Whether one word, which may also be a noun, a person's name or an abbreviation, can be a place here."""
    name, best = spotted.name, spotted.candidates[0]
    is_known = name in memory.places
    kinds = words.others.get(name, frozenset())
    if spotted.kind is not None and ("noun" not in kinds or spotted.kind in _GROUNDS):
        return True
    if name in words.sets["common_areas"] and not announced:
        return False
    if name.isupper() and best.rank > RANK_GERMAN and len(name) <= _LONGEST_ABBREVIATION:
        return False
    if sure:
        return True
    if memory.is_surname(name):
        return False
    if name in memory.followers and best.rank > 0 and best.population < FAMOUS and not announced:
        return False
    if kinds and name not in words.toponyms and not is_known:
        return best.rank == 0 and announced and "first" not in kinds
    if "noun" not in kinds:
        return True
    if best.rank <= RANK_GERMAN and best.population >= _METROPOLIS and not (spotted.article or spotted.adjective):
        return True
    led = announced and not spotted.adjective  # "nach kurzem Leiden"
    return is_known or spotted.joined or (led and (best.rank == 0 or best.population >= LARGE))


def _is_institution(spotted: Spotted, tokens: tuple[Token, ...], words: PlaceWords) -> bool:
    """ "New York Times", "Bank of England", "Maccabi Tel Aviv"."""
    after = tokens[spotted.last + 1].text if spotted.last + 1 < len(tokens) else ""
    before = tokens[spotted.first - 1].text if spotted.first else ""
    return (
        after in words.sets["institutions"] or before in words.sets["foreign_joints"] or before in words.sets["clubs"]
    )
