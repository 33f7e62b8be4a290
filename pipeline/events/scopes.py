"""What each clause has of its own: words, classes of words, times, places and actors."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.events.lexicon import Lexicon, find_tags
from pipeline.records import ActorMention, Clause, Document, PlaceMention, Sentence, Span, Token


@dataclass(frozen=True, slots=True)
class Scope:
    """A clause with what lies in it and in no clause inside it. ``words`` are indices into ``sentence.tokens``,
    ``times`` indices into ``Document.times``; ``finite`` is the index of the finite verb's token or ``None``."""

    sentence: Sentence
    sentence_number: int
    clause: Clause
    number: int
    words: tuple[int, ...]
    tags: frozenset[str]
    lower: frozenset[str]
    times: tuple[int, ...]
    places: tuple[PlaceMention, ...]
    actors: tuple[ActorMention, ...]
    finite: int | None

    def token(self, index: int) -> Token:
        return self.sentence.tokens[index]

    def text(self) -> str:
        """The clause's own words in lower case with single spaces between them."""
        return " ".join(self.sentence.tokens[i].text.lower() for i in self.words)


def _owners(sentence: Sentence) -> list[int]:
    """For each token the innermost clause that holds it, -1 for none; one sweep over tokens and clauses."""
    order = sorted(
        range(len(sentence.clauses)), key=lambda i: (sentence.clauses[i].span.start, -sentence.clauses[i].span.end)
    )
    owners: list[int] = []
    stack: list[int] = []
    upcoming = 0
    for token in sentence.tokens:
        while upcoming < len(order) and sentence.clauses[order[upcoming]].span.start <= token.start:
            stack.append(order[upcoming])
            upcoming += 1
        while stack and sentence.clauses[stack[-1]].span.end <= token.start:
            stack.pop()
        owners.append(stack[-1] if stack else -1)
    return owners


def _by_clause(
    spans: Iterable[tuple[int, Span]], sentence: Sentence, starts: Sequence[int], owners: Sequence[int]
) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for number, span in spans:
        position = bisect_right(starts, span.start) - 1
        if 0 <= position < len(owners):
            owner = owners[position]
            if owner < 0 and sentence.clauses:
                owner = 0
            found[owner].append(number)
    return found


def find_scopes(document: Document, lexicon: Lexicon) -> list[list[Scope]]:
    """The scopes of every sentence, in the order of its clauses."""

    def in_sentence(spans: Sequence[Span]) -> dict[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        starts = [sentence.span.start for sentence in document.sentences]
        for number, span in enumerate(spans):
            position = bisect_right(starts, span.start) - 1
            if position >= 0 and span.start < document.sentences[position].span.end:
                found[position].append(number)
        return found

    times = in_sentence([mention.span for mention in document.times])
    places = in_sentence([mention.span for mention in document.places])
    actors = in_sentence([mention.span for mention in document.actors])
    result = []
    for number, sentence in enumerate(document.sentences):
        owners = _owners(sentence)
        starts = [token.start for token in sentence.tokens]
        own_times = _by_clause(((i, document.times[i].span) for i in times[number]), sentence, starts, owners)
        own_places = _by_clause(((i, document.places[i].span) for i in places[number]), sentence, starts, owners)
        own_actors = _by_clause(((i, document.actors[i].span) for i in actors[number]), sentence, starts, owners)
        words: dict[int, list[int]] = defaultdict(list)
        for index, owner in enumerate(owners):
            words[owner].append(index)
        scopes = []
        for clause_number, clause in enumerate(sentence.clauses):
            own = words.get(clause_number, [])
            tags: set[str] = set()
            for index in own:
                tags |= find_tags(lexicon, sentence.tokens[index].text)
            mentions = tuple(document.places[i] for i in own_places.get(clause_number, ()))
            if any(mention.role == "location" for mention in mentions):
                tags.add("placename")
            scopes.append(
                Scope(
                    sentence=sentence,
                    sentence_number=number,
                    clause=clause,
                    number=clause_number,
                    words=tuple(own),
                    tags=frozenset(tags),
                    lower=frozenset(sentence.tokens[i].text.lower() for i in own),
                    times=tuple(own_times.get(clause_number, ())),
                    places=mentions,
                    actors=tuple(document.actors[i] for i in own_actors.get(clause_number, ())),
                    finite=next((i for i in own if sentence.tokens[i].kind == "finite"), None),
                )
            )
        result.append(scopes)
    return result


def index_at(scope: Scope, offset: int) -> int:
    """The index of the token that holds an offset (or the one before it)."""
    tokens = scope.sentence.tokens
    low, high = 0, len(tokens)
    while low < high:
        middle = (low + high) // 2
        if tokens[middle].start <= offset:
            low = middle + 1
        else:
            high = middle
    return max(low - 1, 0)


def is_preposition(token: Token, lexicon: Lexicon) -> bool:
    """Also one with a capital after a dateline: "Goma – Nach dem Angriff"."""
    return token.kind == "preposition" or (
        token.kind == "name" and token.text.lower() in lexicon.cue("event_prepositions")
    )


@dataclass(frozen=True, slots=True)
class Phrase:
    """The words to the left of a noun that belong to it."""

    start: int  # token index where the phrase begins
    preposition: str | None
    article: str | None
    words: tuple[str, ...]  # adjectives, numbers and names between article and noun, lower case
    head: int | None  # token index of a noun directly before the phrase, which it may modify as genitive


_WALK = 7


def find_phrase(sentence: Sentence, index: int, lexicon: Lexicon) -> Phrase:
    """Walk left from a noun over its adjectives to its article and preposition."""
    tokens = sentence.tokens
    words: list[str] = []
    article: str | None = None
    preposition: str | None = None
    position = index - 1
    stop = max(-1, index - _WALK)
    while (
        position > stop
        and tokens[position].kind in ("word", "number", "participle")
        and tokens[position].text[:1].isalnum()
    ):
        words.append(tokens[position].text.lower())
        position -= 1
    if position > stop and tokens[position].kind in ("article", "negation"):
        article = tokens[position].text.lower()
        position -= 1
    if position >= 0 and is_preposition(tokens[position], lexicon):
        preposition = tokens[position].text.lower()
        position -= 1
    head = position if position >= 0 and preposition is None and tokens[position].kind == "name" else None
    return Phrase(position + 1, preposition, article, tuple(words), head)
