"""What each clause has of its own: words, classes of words, times, places and actors."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from pipeline.events.capitals import find_capitals
from pipeline.events.lexicon import Lexicon, words_of
from pipeline.records import ActorMention, Clause, Document, PlaceMention, Sentence, Span, TimeMention, Token
from pipeline.sentences.groups import load_auxiliaries
from pipeline.sentences.verbs import find_readings

_NOTHING: frozenset[str] = frozenset()
_PLACED = frozenset({"placename"})
_NO_GAPS: frozenset[int] = frozenset()


@dataclass(eq=False, slots=True)  # made for every clause: setting the fields of a frozen one takes four times as long
class Scope:
    """A clause with what lies in it and in no clause inside it. ``words`` are indices into ``sentence.tokens``,
    ``times`` indices into ``Document.times``; ``finite`` is the index of the finite verb's token or ``None``. A long
    attribute with a participle is read as a clause of its own behind those of the sentence."""

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
    noun: int | None = None  # of an attribute ("der am Montag festgenommene ..."): the token index of its noun
    timed: frozenset[int] = frozenset()  # words of time expressions in the sentence
    gaps: frozenset[int] = frozenset()  # words of such attributes in the sentence: no part of any other phrase

    def token(self, index: int) -> Token:
        return self.sentence.tokens[index]

    def holds(self, phrases: Iterable[str]) -> bool:
        """Does one of the phrases (lower case, single spaces) stand in the clause's own words?"""
        near = [phrase for phrase in phrases if words_of(phrase) <= self.lower]
        if not near:
            return False
        text = " ".join(["", *(self.sentence.tokens[i].text.lower() for i in self.words), ""])
        return any(f" {phrase} " in text for phrase in near)


def _owners(sentence: Sentence, starts: Sequence[int]) -> list[int]:
    """For each token the innermost clause that holds it, -1 for none."""
    owners = [-1] * len(starts)
    spans = [clause.span for clause in sentence.clauses]
    for number in sorted(range(len(spans)), key=lambda i: (spans[i].start, -spans[i].end)):  # the outer ones first
        first, end = bisect_left(starts, spans[number].start), bisect_left(starts, spans[number].end)
        owners[first:end] = [number] * (end - first)
    return owners


def _by_clause(
    numbers: Sequence[int],
    mentions: Sequence[TimeMention | PlaceMention | ActorMention],
    sentence: Sentence,
    starts: Sequence[int],
    owners: Sequence[int],
) -> dict[int, list[int]]:
    """Clause -> those of the numbered mentions that lie in it."""
    if not numbers:
        return {}
    found: dict[int, list[int]] = defaultdict(list)
    for number in numbers:
        position = bisect_right(starts, mentions[number].span.start) - 1
        if 0 <= position < len(owners):
            owner = owners[position]
            if owner < 0 and sentence.clauses:
                owner = 0
            found[owner].append(number)
    return found


def find_actor_tags(mentions: Iterable[ActorMention]) -> frozenset[str]:
    """Classes of words that named actors stand for: "die Hamas" is a force, "Moskau" a government."""
    found = set()
    for mention in mentions:
        actor = mention.actor
        if actor is not None and actor.sector in ("MIL", "REB", "UAF", "CRM"):
            found.add("force")
        elif actor is not None and actor.sector == "GOV":
            found.add("government" if actor.country and actor.id == actor.country.lower() else "person")
    return frozenset(found)


class Attribute(NamedTuple):
    """ "(die) schon im Mai vom Parlament gebilligte (Mission)": token indices of its words and of its noun."""

    first: int
    last: int
    noun: int
    verb: str


_WORDS_BEFORE = 2  # a noun and a comma
_LONGEST_ATTRIBUTE = 14


def _covering(spans: Iterable[tuple[int, Span]], starts: Sequence[int]) -> dict[int, list[int]]:
    """Token index -> numbers of the mentions that hold the token."""
    found: dict[int, list[int]] = defaultdict(list)
    for number, span in spans:
        for index in range(bisect_right(starts, span.start) - 1, bisect_left(starts, span.end)):
            found[index].append(number)
    return found


def find_attributes(sentence: Sentence, timed: Container[int], planned: Container[str], code: str) -> list[Attribute]:
    """The long attributes of a sentence: an article, then a preposition or a time, then a participle before its noun.
    ``timed`` holds the token indices of its time expressions; ``planned`` are participles whose time is that of the
    noun ("das für Montag geplante Treffen")."""
    tokens = sentence.tokens
    found: list[Attribute] = []
    for i, token in enumerate(tokens[:-3]):
        if token.kind != "article" or (found and i <= found[-1].last) or tokens[i + 1].kind == "name":
            continue
        opened = False
        for j in range(i + 1, min(i + _LONGEST_ATTRIBUTE, len(tokens) - 1)):
            word = tokens[j]
            if word.kind in ("punctuation", "finite", "coordination", "pronoun", "conjunction"):
                break
            if opened and word.kind == "word" and tokens[j + 1].kind == "name" and j not in timed:
                verb = find_participle(word.text, code) if word.text.lower() not in planned else None
                if verb is not None:
                    found.append(Attribute(i + 1, j, j + 1, verb))
                    break
            opened = opened or word.kind == "preposition" or j in timed
            if j == i + 1 and word.kind == "word" and tokens[j + 1].kind == "name":
                break  # an adjective with its noun: the article belongs to that
    return found


def find_participle(text: str, code: str) -> str | None:
    """The verb whose past participle a word in lower case is, endings of an adjective taken off."""
    if not text[:1].islower():
        return None
    for length in (2, 1):
        for reading in find_readings(text[:-length], code) if len(text) > length + 3 else ():
            if reading.form == "participle":
                return reading.lemma
    return None


def _attribute_clause(sentence: Sentence, attribute: Attribute, parent: int, code: str) -> Clause:
    tokens = sentence.tokens
    main = Span(tokens[attribute.last].start, tokens[attribute.last].end)
    return Clause(
        span=Span(tokens[attribute.first].start, main.end),
        kind="relative",
        verb=attribute.verb,
        verb_spans=(main,),
        main_span=main,
        tense="past",
        perfect=True,
        pluperfect=False,
        mood=None,
        passive=attribute.verb not in load_auxiliaries(code).motion,
        modal=None,
        negated=False,
        opener=None,
        quoted=parent >= 0 and sentence.clauses[parent].quoted,
        parent=parent if parent >= 0 else None,
    )


def _hand_on_label(own_times: dict[int, list[int]], clauses: Sequence[Clause], sentence: Sentence) -> None:
    """ "Juni: Die Rebellen ...": a time in front of a colon is that of the clause behind it."""
    if len(clauses) > 1 and own_times.get(0) and clauses[0].kind == "fragment":
        end = bisect_left(sentence.tokens, clauses[0].span.end, key=_START)
        if any(token.text == ":" for token in sentence.tokens[end - 1 : end + 1]):
            own_times[1] = [*own_times.pop(0), *own_times.get(1, ())]


def _antecedent_tags(clause: Clause, sentence: Sentence, own: Sequence[int], lexicon: Lexicon) -> frozenset[str]:
    """ "Drohnen, von denen 90 abgeschossen wurden": what a relative clause speaks of."""
    if clause.kind != "relative" or not own or own[0] < _WORDS_BEFORE:
        return _NOTHING
    index = own[0] - _WORDS_BEFORE
    if index and sentence.tokens[index].kind in ("participle", "particle"):
        index -= 1  # "auf eine Menge geschossen, die protestierte"
    token = sentence.tokens[index]
    return lexicon.tags[token.text] if token.kind == "name" else _NOTHING


def _by_sentence(spans: Sequence[Span], sentences: Sequence[Sentence]) -> dict[int, list[int]]:
    """Number of a sentence -> those of the spans that begin in it."""
    found: dict[int, list[int]] = defaultdict(list)
    starts = [sentence.span.start for sentence in sentences]
    for number, span in enumerate(spans):
        position = bisect_right(starts, span.start) - 1
        if position >= 0 and span.start < sentences[position].span.end:
            found[position].append(number)
    return found


def find_scopes(document: Document, lexicon: Lexicon) -> list[list[Scope]]:
    """The scopes of every sentence, in the order of its clauses."""
    times = _by_sentence([mention.span for mention in document.times], document.sentences)
    places = _by_sentence([mention.span for mention in document.places], document.sentences)
    actors = _by_sentence([mention.span for mention in document.actors], document.sentences)
    capital_words = lexicon.cues["capital_words"]
    result = []
    for number, sentence in enumerate(document.sentences):
        starts = [token.start for token in sentence.tokens]
        owners = _owners(sentence, starts)
        clauses = list(sentence.clauses)
        nouns: dict[int, int] = {}
        timed = _covering(((i, document.times[i].span) for i in times[number]), starts)
        for attribute in find_attributes(sentence, timed, lexicon.cues["planned_cues"], document.language):
            nouns[len(clauses)] = attribute.noun
            clauses.append(_attribute_clause(sentence, attribute, owners[attribute.noun], document.language))
            for index in range(attribute.first, attribute.last + 1):
                owners[index] = len(clauses) - 1
        timed_words = frozenset(timed) if timed else _NO_GAPS
        gaps = _NO_GAPS
        if nouns:
            gaps = frozenset(i for i, owner in enumerate(owners) if owner >= len(sentence.clauses))
            placed = _covering(((i, document.places[i].span) for i in places[number]), starts)
            acting = _covering(((i, document.actors[i].span) for i in actors[number]), starts)
        own_times = _by_clause(times[number], document.times, sentence, starts, owners)
        _hand_on_label(own_times, clauses, sentence)
        own_places = _by_clause(places[number], document.places, sentence, starts, owners)
        own_actors = _by_clause(actors[number], document.actors, sentence, starts, owners)
        words: dict[int, list[int]] = defaultdict(list)
        for index, owner in enumerate(owners):
            words[owner].append(index)
        texts = [token.text for token in sentence.tokens]
        scopes = []
        for clause_number, clause in enumerate(clauses):
            own = words.get(clause_number, [])
            noun = nouns.get(clause_number)
            own_texts = [texts[index] for index in own]
            tags = _NOTHING.union(*map(lexicon.tags.__getitem__, own_texts))
            tags |= _antecedent_tags(clause, sentence, own, lexicon)
            people = [document.actors[i] for i in own_actors.get(clause_number, ())]
            mentions = [document.places[i] for i in own_places.get(clause_number, ())]
            if people and mentions:
                acting_spans = {mention.span for mention in people}  # "meldete Kiew": who speaks is no scene
                mentions = [mention for mention in mentions if mention.span not in acting_spans]
            lower = frozenset([text.lower() for text in own_texts])
            if not capital_words.isdisjoint(lower):
                mentions += find_capitals(sentence.tokens, own, lexicon)
            if noun is not None:  # what the attribute says happened to its noun
                tags |= lexicon.tags[sentence.tokens[noun].text]
                mentions += [document.places[i] for i in placed.get(noun, ())]
                people += [document.actors[i] for i in acting.get(noun, ())]
            if mentions and any(mention.role == "location" for mention in mentions):
                tags |= _PLACED
            if people:
                tags |= find_actor_tags(people)
            scopes.append(
                Scope(
                    sentence=sentence,
                    sentence_number=number,
                    clause=clause,
                    number=clause_number,
                    words=tuple(own),
                    tags=tags,
                    lower=lower,
                    times=tuple(own_times.get(clause_number, ())),
                    places=tuple(mentions),
                    actors=tuple(people),
                    finite=next((i for i in own if sentence.tokens[i].kind == "finite"), None),
                    noun=noun,
                    timed=timed_words,
                    gaps=gaps if noun is None else _NO_GAPS,
                )
            )
        result.append(scopes)
    return result


def opens_condition(scope: Scope, lexicon: Lexicon) -> bool:
    """ "(drohte mit Krieg,) sollte Moskau nicht abziehen": a clause whose first word makes it a condition."""
    leads = scope.finite is not None and scope.words[:1] == (scope.finite,) and scope.number > 0
    return leads and scope.token(scope.finite or 0).text.lower() in lexicon.cues["conditional_finites"]


_START = attrgetter("start")


def index_at(scope: Scope, offset: int) -> int:
    """The index of the token that holds an offset (or the one before it)."""
    return max(bisect_right(scope.sentence.tokens, offset, key=_START) - 1, 0)


def is_preposition(token: Token, lexicon: Lexicon) -> bool:
    """Also one with a capital after a dateline: "Goma – Nach dem Angriff"."""
    return token.kind == "preposition" or (
        token.kind == "name" and token.text.lower() in lexicon.cues["event_prepositions"]
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


def _compares(tokens: Sequence[Token], position: int, lexicon: Lexicon) -> bool:
    """ "mehr als (150)", "bis zu (150)": words in front of a number."""
    if position == 0 or tokens[position + 1].kind != "number":
        return False
    before, word = tokens[position - 1].text.lower(), tokens[position].text.lower()
    cues = lexicon.cues
    more = word in cues["as"] and before in cues["more_words"]
    return more or (word in cues["event_zu"] and before in cues["up_to"])


def _is_closed(tokens: Sequence[Token], position: int, lexicon: Lexicon) -> bool:
    """ "von Idlib (aus)": do names behind "von" end here?"""
    while position >= 0 and tokens[position].kind == "name":
        position -= 1
    return position >= 0 and tokens[position].text.lower() in lexicon.cues["of_prepositions"]


def find_phrase(
    sentence: Sentence, index: int, lexicon: Lexicon, gaps: frozenset[int] = frozenset(), further: bool = True
) -> Phrase:
    """Walk left from a noun over its adjectives to its article and preposition; ``gaps`` are words to step over,
    ``further`` also looks in front of "Beginn" ("nach dem Beginn der Offensive")."""
    tokens = sentence.tokens
    words: list[str] = []
    article: str | None = None
    preposition: str | None = None
    position, steps = index - 1, 0
    while position >= 0 and steps < _WALK:
        token = tokens[position]
        if position not in gaps:
            if token.kind not in ("word", "number", "participle") or not token.text[:1].isalnum():
                if _compares(tokens, position, lexicon):
                    position -= 2  # "von mehr als 150 Toten"
                    continue
                break
            words.append(token.text.lower())
            steps += 1
        position -= 1
    if position >= 0 and steps < _WALK and tokens[position].kind in ("article", "negation"):
        article = tokens[position].text.lower()
        position -= 1
    if position >= 0 and is_preposition(tokens[position], lexicon):
        preposition = tokens[position].text.lower()
        position -= 1
        if preposition in lexicon.cues["closers"] and _is_closed(tokens, position, lexicon):
            preposition = None
    head = position if position >= 0 and preposition is None and tokens[position].kind == "name" else None
    noun = tokens[head].text.lower() if further and head is not None else None
    cues = lexicon.cues
    if head is not None and (
        noun in cues["begin_nouns"] or (noun in cues["lasting_nouns"] and article is None and words)
    ):
        before = find_phrase(sentence, head, lexicon, gaps, further=False)
        if noun in cues["lasting_nouns"] and before.preposition not in cues["lasting_prepositions"]:
            return Phrase(position + 1, preposition, article, tuple(words), head)
        return Phrase(before.start, before.preposition, article, tuple(words), None if before.preposition else head)
    return Phrase(position + 1, preposition, article, tuple(words), head)
