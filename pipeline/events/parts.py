"""What the actors of a clause are in its grammar: case, preposition, and the noun that they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.actors.words import is_feminine
from pipeline.events.lexicon import Lexicon
from pipeline.events.scopes import Scope, index_at
from pipeline.records import ActorMention

_REACH_OF_SO = 12  # words of "so der frühere Sprecher des Generalstabs der Armee"
_OPENING_QUOTES = frozenset('„“»«"‚')
_BEFORE_SO = frozenset((",", "(", "–", "“", '"'))

Function = Literal["bare", "object", "dative", "genitive", "adjective", "preposition", "source"]


@dataclass(frozen=True, slots=True)
class Part:
    """An actor mention in its clause: its case as far as the words show it, and the noun it modifies."""

    mention: ActorMention
    function: Function
    preposition: str | None
    head: int | None
    first: int
    last: int
    derived: bool  # stands for the noun it modifies: "zwei russische Kampfflugzeuge"


def find_parts(scope: Scope, triggers: Sequence[int], lexicon: Lexicon, timed: frozenset[int]) -> list[Part]:
    """The parts of a clause's actors; ``triggers`` and ``timed`` are token indices of event words and of times."""
    if not scope.actors:
        return []
    spans = [(index_at(scope, m.span.start), index_at(scope, m.span.end - 1)) for m in scope.actors]
    covered = {i: number for number, (first, last) in enumerate(spans) for i in range(first, last + 1)}
    placed = frozenset(
        i
        for m in scope.places
        for i in range(index_at(scope, m.span.start), index_at(scope, m.span.end - 1) + 1)
        if i not in covered
    )
    phrases = _Phrases(scope, frozenset(triggers), lexicon, timed, covered, placed)
    parts: list[Part] = []
    for mention, (first, last) in zip(scope.actors, spans, strict=True):
        if mention.actor is None:
            continue
        if scope.noun is not None and first <= scope.noun <= last:
            parts.append(Part(mention, "bare", None, None, first, last, False))  # an attribute speaks of its noun
            continue
        if phrases.is_adjective(first, last):
            part = phrases.read_adjective(mention, first, last, parts[-1] if parts else None)
        else:
            part = phrases.read_noun(mention, first, last, parts[-1] if parts else None)
        if part is not None:
            parts.append(part)
    if scope.lower & lexicon.cues["so"]:
        parts = [replace(p, function="source") if _follows_so(p.first, scope, lexicon) else p for p in parts]
    return parts


def _follows_so(first: int, scope: Scope, lexicon: Lexicon) -> bool:
    """ "..., so der Gouverneur": who is named behind a comma and a word for saying."""
    start = first - 1
    while start > max(0, first - _REACH_OF_SO) and scope.token(start).kind in ("article", "word", "name"):
        if scope.token(start).text in lexicon.cues["so"]:
            return scope.token(start - 1).text in _BEFORE_SO
        start -= 1
    return False


@dataclass(frozen=True, slots=True)
class _Phrases:
    """The noun phrases of a clause around its actors. ``covered`` maps token indices to numbers of actors."""

    scope: Scope
    triggers: frozenset[int]
    lexicon: Lexicon
    timed: frozenset[int]
    covered: dict[int, int]
    placed: frozenset[int]  # words of place names: "in Teheran | Hamas-Chef N. N."

    def is_adjective(self, first: int, last: int) -> bool:
        token = self.scope.token(first)
        return first == last and (
            (token.text[:1].islower() and token.kind == "word") or _modifies(self.scope, last, self.lexicon)
        )

    def read_adjective(self, mention: ActorMention, first: int, last: int, previous: Part | None) -> Part | None:
        """ "zwei russische Kampfflugzeuge": an adjective of nation in front of a noun that is no actor itself."""
        tokens = self.scope.sentence.tokens
        behind = range(last + 1, min(last + 9, len(tokens)))
        head = next((i for i in behind if tokens[i].kind == "name" and i not in self.timed), None)
        if head is None:
            return None
        if self.covered.get(head, self.covered[first]) != self.covered[first]:
            return self._share_noun(mention, first, head, previous)
        if head in self.triggers:
            return Part(mention, "adjective", None, head, first, last, False)
        function, preposition, owner = self.function(first)
        if tokens[head].text.lower() in self.lexicon.cues["source_nouns"]:
            return Part(mention, "source", preposition, head, first, last, False)
        if function == "genitive" and owner in self.triggers:
            return Part(mention, function, preposition, owner, first, last, False)
        return Part(mention, function, preposition, head, first, last, True)

    def _share_noun(self, mention: ActorMention, first: int, head: int, previous: Part | None) -> Part | None:
        """ "mit ukrainischen, russischen und europäischen Beamten": adjectives that share the noun of the last one."""
        between = self.scope.sentence.tokens[first + 1 : head]
        if not any(token.text == "," or token.kind == "coordination" for token in between):
            return None
        function, preposition, _ = self.function(first)
        part = Part(mention, function, preposition, None, first, first, False)
        return self._join(part, previous)

    def _join(self, part: Part, previous: Part | None) -> Part:
        """What "und" or a comma puts beside another actor plays the same part."""
        if previous is None or part.function == "preposition" or not are_joined(self.scope, previous.last, part.first):
            return part
        if previous.function == "bare" and part.function != "bare":
            return part
        if previous.preposition in self.lexicon.cues["dative_prepositions"] and self._has_direct_article(part.first):
            return part  # "die Armee unter N. N. und die Miliz": no dative, so a second subject
        return replace(previous, mention=part.mention, first=part.first, last=part.last)

    def _is_genitive_name(self, mention: ActorMention, first: int, last: int) -> bool:
        """ "vor einem Angriff Chinas": a name with the genitive s right behind a noun, whatever stands before that."""
        text = self.scope.token(last).text
        ends = mention.actor is not None and not mention.actor.name.endswith(text)
        return (
            first == last
            and ends
            and _is_genitive_form(text, self.lexicon)
            and self._is_free_noun(first - 1)
            and first - 1 not in self.timed
        )

    def _read_genitive(self, mention: ActorMention, head: int, first: int, last: int) -> Part | None:
        """What a genitive belongs to: an event noun, or a noun whose part in the clause it shares."""
        if head in self.triggers:
            return Part(mention, "genitive", None, head, first, last, False)
        if head in self.covered:
            return None  # "der Präsident der Ukraine": part of another actor
        function, preposition, _ = self.function(head)
        return Part(mention, function, preposition, head, first, last, True)

    def _has_direct_article(self, first: int) -> bool:
        position = self._phrase_start(first)
        return position >= 0 and self.scope.token(position).text.lower() in self.lexicon.cues["articles_direct"]

    def read_noun(self, mention: ActorMention, first: int, last: int, previous: Part | None) -> Part | None:
        tokens = self.scope.sentence.tokens
        function, preposition, genitive_head = self.function(first)
        if self._is_source(last, preposition, genitive_head):
            return Part(mention, "source", preposition, genitive_head, first, last, False)
        if preposition in self.lexicon.cues["partitive_prepositions"] and self._is_partitive(genitive_head):
            function, preposition, genitive_head = self.function(genitive_head or 0)  # "eine Gruppe von Soldaten"
        if function == "bare" and self._is_feminine_dative(mention, first, last):
            function = "dative"
        if self._is_genitive_name(mention, first, last):
            return self._read_genitive(mention, first - 1, first, last)
        if function != "preposition" and genitive_head is None and _is_genitive_form(tokens[last].text, self.lexicon):
            # A name with the genitive s: "Angriff Russlands", "Haitis Regierung".
            owned = self._behind_adjectives(last + 1)
            if self._is_free_noun(owned) and first == last:
                if owned in self.triggers:
                    return Part(mention, "adjective", None, owned, first, last, False)
                return Part(mention, function, preposition, owned, first, last, True)
            if self._is_free_noun(first - 1) and first - 1 not in self.timed | self.placed:
                genitive_head, function = first - 1, "genitive"
        if function == "genitive" and genitive_head is not None:
            return self._read_genitive(mention, genitive_head, first, last)
        return self._join(Part(mention, function, preposition, genitive_head, first, last, False), previous)

    def _is_feminine_dative(self, mention: ActorMention, first: int, last: int) -> bool:
        """ "warfen der Regierung vor": behind "der" a feminine noun is no subject."""
        position = self._phrase_start(first)
        if position < 0 or self.scope.token(position).text.lower() not in self.lexicon.cues["articles_genitive_maybe"]:
            return False
        if position > 1 and self.scope.token(position - 1).text[:1].isupper():
            return False  # "der Vorsitzende der Regierung": a genitive
        return is_feminine(mention, [self.scope.token(i).text for i in range(first, last + 1)], self.lexicon.language)

    def _is_source(self, last: int, preposition: str | None, head: int | None) -> bool:
        """ "nach Angaben von Anwohnern", "laut Polizei", "der Armee zufolge": who says it, no part of what happened."""
        tokens, cues = self.scope.sentence.tokens, self.lexicon.cues
        if preposition in cues["source_prepositions"]:
            return True
        if last + 1 < len(tokens) and tokens[last + 1].text.lower() in cues["source_postpositions"]:
            return True
        return head is not None and tokens[head].text.lower() in cues["source_nouns"]

    def _is_partitive(self, head: int | None) -> bool:
        return head is not None and self.scope.token(head).text.lower() in self.lexicon.cues["partitive_nouns"]

    def _behind_adjectives(self, index: int) -> int:
        """ "Russlands erste groß angelegte Invasion": the noun that a name in front owns."""
        tokens = self.scope.sentence.tokens
        stop = min(index + 4, len(tokens) - 1)
        while index < stop and tokens[index].kind in ("word", "number", "participle") and index not in self.timed:
            index += 1
        return index

    def _is_free_noun(self, index: int) -> bool:
        tokens = self.scope.sentence.tokens
        return 0 <= index < len(tokens) and tokens[index].kind == "name" and index not in self.covered

    def function(self, first: int) -> tuple[Function, str | None, int | None]:
        """Case of the phrase whose actor begins at ``first``, its preposition, and the noun that it may modify."""
        tokens, lexicon = self.scope.sentence.tokens, self.lexicon
        if self._is_genitive_plural(first):
            return "genitive", None, first - 1
        position = self._phrase_start(first)
        alone = not (position >= 0 and tokens[position].kind == "preposition")
        if alone and tokens[first].text.lower() in lexicon.cues["dative_pronouns"]:
            return "dative", None, None
        if alone and tokens[first].text.lower() in lexicon.cues["object_pronouns"]:
            return "object", None, None
        article = None
        if self._is_relative_pronoun(position):
            return "bare", None, None  # "bei dem | Bewaffnete zwölf Menschen töteten"
        if position >= 0 and tokens[position].kind in ("article", "negation"):
            article = tokens[position].text.lower()
            position -= 1
        if position >= 0 and tokens[position].kind == "preposition" and position not in self.timed:
            return "preposition", tokens[position].text.lower(), position - 1 if position else None
        if article is None:
            return "bare", None, None
        is_noun = position >= 0 and tokens[position].kind == "name" and position not in self.timed
        if article in lexicon.cues["articles_genitive"]:
            return "genitive", None, position if is_noun else None
        if article in lexicon.cues["articles_genitive_maybe"] and is_noun:
            return "genitive", None, position
        if article in lexicon.cues["articles_object"]:
            return "object", None, None
        if article in lexicon.cues["articles_oblique"]:
            return "dative", None, None
        return "bare", None, None

    def _is_relative_pronoun(self, position: int) -> bool:
        """The word that opens a relative clause, behind its preposition if it has one: no article of what follows."""
        words = self.scope.words
        if self.scope.clause.kind != "relative" or self.scope.noun is not None or len(words) < 2:
            return False
        opener = 1 if self.scope.token(words[0]).kind == "preposition" else 0
        return position == words[opener]

    def _is_genitive_plural(self, first: int) -> bool:
        """ "Angriff russischer Raketen": an adjective of the genitive plural right behind a noun."""
        tokens = self.scope.sentence.tokens
        adjective = tokens[first].text[:1].islower() and tokens[first].text.endswith(
            tuple(self.lexicon.cues["genitive_plural_endings"])
        )
        return adjective and first > 0 and self._is_free_noun(first - 1) and first - 1 not in self.timed

    def _phrase_start(self, first: int) -> int:
        """The index of the token in front of a noun's adjectives and names."""
        tokens, own = self.scope.sentence.tokens, self.covered.get(first)
        position, names, counted = first - 1, 0, False
        while position >= 0 and position not in self.timed:
            token = tokens[position]
            quoted = position == first - 1 and token.text in _OPENING_QUOTES  # "der „New York Times“"
            if quoted or position in self.scope.gaps:
                position -= 1
                continue
            if position in self.placed and token.kind == "name":
                break
            attribute = token.kind in ("word", "number", "participle") and token.text[:1].isalnum()
            aged = token.text == "-" and position > 0 and tokens[position - 1].kind == "number"  # "dem 14-Jährigen"
            if not attribute and not aged and not (token.kind == "name" and names < 3 and not counted):
                break  # "im Bahnhof der Stadt | 26 Menschen"
            if self.covered.get(position, own) != own:
                break
            names += token.kind == "name"
            counted = counted or token.kind == "number"
            position -= 1
        return position


def _is_genitive_form(text: str, lexicon: Lexicon) -> bool:
    """ "Chinas": a name with the ending of the genitive."""
    return text.endswith(tuple(lexicon.cues["name_genitive"])) and len(text) > 3


def _modifies(scope: Scope, index: int, lexicon: Lexicon) -> bool:
    """A capitalised adjective of nation at the head of a sentence or "Kiewer" before a noun."""
    token = scope.token(index)
    return (
        token.text.lower().endswith(tuple(lexicon.cues["adjective_endings"]))
        and index + 1 < len(scope.sentence.tokens)
        and (scope.token(index + 1).kind == "name")
    )


def are_joined(scope: Scope, last: int, first: int) -> bool:
    """Two mentions with nothing between them but a comma, "und", articles and adjectives; or two of the same words."""
    if first <= last:
        return True
    between = scope.sentence.tokens[last + 1 : first]
    return (
        bool(between)
        and len(between) <= 6
        and (between[0].kind == "coordination" or between[0].text == ",")
        and all(t.kind in ("coordination", "article", "word", "name") or t.text == "," for t in between)
        and sum(t.kind == "name" for t in between) <= 2
    )
