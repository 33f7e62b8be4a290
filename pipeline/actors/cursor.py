"""The place of reading in a report: its words, places and times, what was said so far, and the mentions found."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from operator import attrgetter

from pipeline.actors.knowledge import is_person
from pipeline.actors.memory import Memory, Subject, find_main_country
from pipeline.actors.words import Head, is_plural_verb, load_lexicon
from pipeline.records import Actor, ActorMention, Clause, Document, PlaceMention, Sentence, Span, Token
from pipeline.times.direction import find_clause

_START = attrgetter("start")
_FARTHEST = 2  # sentences from "er" back to the man it means
_NEAREST = 6  # mentions in front of a pronoun that it may take up


class Cursor:
    """Reads one document. ``mentions`` grow in text order; two overlap only where one phrase names several actors."""

    def __init__(self, document: Document) -> None:
        self.code = document.language
        self.lexicon = load_lexicon(document.language)
        self.published = document.published
        self.places = sorted(document.places, key=lambda mention: mention.span)
        self.place_starts = [mention.span.start for mention in self.places]
        self.times = sorted(mention.span for mention in document.times)
        self.time_starts = [span.start for span in self.times]
        self.memory = Memory()
        self.countries = frozenset(mention.place.country for mention in self.places if mention.place is not None)
        self.main_country = find_main_country(document)
        self.paragraph = -1
        self.opened = 0  # the number of the first sentence of the paragraph
        self.mentions: list[ActorMention] = []
        self.tokens: tuple[Token, ...] = ()
        self.sentence: Sentence | None = None
        self.number = 0
        self.done = 0  # characters before this offset are in a mention already
        self.run: list[Actor] = []  # the actors that "und" and commas have joined so far
        self.run_end = -1  # index of the token behind the last of them
        self.sides_before: tuple[Actor, ...] = ()  # the parties that earlier sentences named
        self.subjects_before: dict[str, Subject] = {}  # what pronouns of an object take up

    def _place_at(self, token: Token) -> PlaceMention | None:
        i = bisect_right(self.place_starts, token.start) - 1
        return self.places[i] if i >= 0 and token.start < self.places[i].span.end else None

    def _is_timed(self, token: Token) -> bool:
        i = bisect_right(self.time_starts, token.start) - 1
        return i >= 0 and token.start < self.times[i].end

    def _verb_at(self, token: Token) -> str | None:
        """The verb of the innermost clause around a word."""
        clause = self._clause_at(token.start)
        return clause.verb if clause is not None else None

    def _clause_at(self, offset: int) -> Clause | None:
        """The innermost clause around an offset of the text."""
        index = find_clause(self.sentence, offset) if self.sentence is not None else None
        clause = self.sentence.clauses[index] if self.sentence is not None and index is not None else None
        return clause if clause is not None and clause.span.start <= offset < clause.span.end else None

    def _emit(self, start: int, end: int, actor: Actor, gender: str, subject: bool = True) -> None:
        self._emit_all(start, end, (actor,), gender, subject)

    def _emit_all(self, start: int, end: int, actors: tuple[Actor, ...], gender: str, subject: bool = True) -> None:
        span = Span(self.tokens[start].start, self.tokens[end - 1].end)
        if span.start < self.done:
            return
        for actor in actors:
            self.mentions.append(ActorMention(span, actor))
        self.done = span.end
        for actor in actors:
            self._note_side(actor)
        self._join(start, end, actors)
        if not subject or self._is_behind_preposition(start):
            return
        self.memory.latest = actors[-1]
        self.memory.subjects[gender] = Subject(actors, self.number)
        if len(self.run) > 1:
            self.memory.subjects["p"] = Subject(tuple(self.run), self.number)

    def _note_side(self, actor: Actor) -> None:
        """Parties of a conflict: states with their people, and each armed group by itself."""
        if actor.sector in ("REB", "OPP", "UAF", "CRM"):
            key: str | None = actor.id
        else:
            key = actor.country if actor.sector in ("GOV", "MIL", "SPY") else None
        if key is not None:
            self.memory.sides.pop(key, None)
            self.memory.sides[key] = actor

    def _join(self, start: int, end: int, actors: tuple[Actor, ...]) -> None:
        """Keep account of what "und" joins: "Niger, Mali und Burkina Faso"."""
        between = self.tokens[self.run_end : start] if 0 <= self.run_end <= start else ()
        joined = any(token.kind == "coordination" or token.text == "," for token in between) and all(
            token.kind in ("coordination", "article", "word", "preposition") or token.text == "," for token in between
        )
        known = self.run if joined else []
        self.run = [*known, *(actor for actor in actors if actor.id not in {other.id for other in known})]
        self.run_end = end
        if len(self.run) > 1:
            self.memory.joined, self.memory.joined_at = tuple(self.run), self.number

    def _is_behind_preposition(self, start: int) -> bool:
        i = start - 1
        while i >= 0 and i > start - 4 and self.tokens[i].kind in ("word", "number"):
            i -= 1
        if i > 0 and self.tokens[i].kind == "article":
            i -= 1
        before = self.tokens[i] if i >= 0 else None
        opens = before is not None and i == 0 and before.text.lower() in self.lexicon.sets["also_conjunctions"]
        return before is not None and before.kind == "preposition" and not opens

    def _add(self, span: Span, actor: Actor) -> None:
        if span.start >= self.done:
            self.mentions.append(ActorMention(span, actor))
            self.done = span.end

    def _note_office(self, head: Head, actor: Actor) -> None:
        self.memory.offices[head.key, actor.country] = actor
        self.memory.offices[head.key, None] = actor

    def _remember_person(self, actor: Actor, position: int, end: int) -> None:
        self.memory.person = actor
        if end - position > 1:
            self.memory.names[self.tokens[end - 1].text] = actor
        if actor.country and actor.sector == "GOV":
            self.memory.armed = actor.country

    def _remember_body(self, actor: Actor) -> None:
        if actor.sector is not None:
            self.memory.bodies[actor.sector] = actor
        if actor.sector == "MIL" and actor.country:
            self.memory.armies.add(actor.country)
        if actor.sector == "REB" and actor.country:
            self.memory.groups["reb"] = actor.country

    def _note_places(self, sentence: Sentence) -> None:
        if sentence.paragraph != self.paragraph:  # a paragraph may leave the place of the one before without a word
            self.paragraph, self.opened, self.memory.focus = sentence.paragraph, self.number, None
        first = bisect_left(self.place_starts, sentence.span.start)
        last = bisect_left(self.place_starts, sentence.span.end)
        for mention in self.places[first:last]:
            if mention.role == "location" and mention.place is not None and mention.place.country:
                self.memory.focus = mention.place.country

    def _gender(self, actor: Actor) -> str:
        return "f" if actor.name.split()[0] in self.lexicon.female_names else "m"

    def _read_demonstrative(self, position: int) -> None:
        """ "Die hat abgelehnt": an article right in front of the verb that opens a sentence takes up who was named."""
        token = self.tokens[position]
        gender = self.lexicon.demonstratives.get(token.text)
        if gender is None or position or len(self.tokens) < 2 or self.tokens[1].kind != "finite":
            return
        keys = {True: ("p", "b"), False: (gender,), None: ()}[self._is_plural_verb(token)]
        found = [
            subject
            for key in keys
            if (subject := self.memory.subjects.get(key)) is not None and self.number - subject.sentence == 1
        ]
        for subject in found[:1]:
            self.mentions.extend(ActorMention(Span(token.start, token.end), actor) for actor in subject.actors)
            self.done = token.end

    def _read_object_pronoun(self, token: Token) -> None:
        """ "warf ihm Verrat vor", "nahmen ihn fest": the man whom this sentence has named beside its subject, else he
        whom the sentence before was about."""
        first = self.sentence.span.start if self.sentence is not None else token.start
        known = [m.actor for m in self.mentions[-_NEAREST:] if m.actor is not None and m.span.start >= first]
        subject = self.subjects_before.get("m")
        if subject is not None and self.number - subject.sentence <= 1 and len(subject.actors) == 1:
            known.insert(0, subject.actors[0])
        acting = {a for s in self.memory.subjects.values() if s.sentence == self.number for a in s.actors}
        acting &= {self.memory.latest}
        named = [actor for actor in known if actor not in acting and is_person(actor)]
        if named and self.done <= token.start:
            self.mentions.append(ActorMention(Span(token.start, token.end), named[-1]))
            self.done = token.end

    def _read_feminine_dative(self, position: int) -> None:
        """ "wirft ihr vor": without a noun behind it no article, but the body or woman that the sentence before was
        about."""
        token, subject = self.tokens[position], self.subjects_before.get("f")
        behind = self.tokens[position + 1] if position + 1 < len(self.tokens) else None
        alone = behind is None or behind.kind in ("particle", "punctuation", "negation", "preposition", "participle")
        if alone and subject is not None and self.number - subject.sentence <= 1 and self.done <= token.start:
            acting = self.memory.latest
            self.mentions.extend(ActorMention(Span(token.start, token.end), a) for a in subject.actors if a != acting)
            self.done = token.end

    def _read_pronoun(self, position: int) -> None:
        token = self.tokens[position]
        text = token.text
        low = text.lower()
        if low in self.lexicon.sets["object_pronouns"]:
            self._read_object_pronoun(token)
            return
        gender = self.lexicon.pronouns.get(low)
        if gender is None or (low == "sie" and text[0].isupper() and position > 1):
            return
        if gender == "p" and (text[0].isupper() or self._is_behind_preposition(position)):
            return  # "zwölf von ihnen" tells of a part of them
        keys: tuple[str, ...] = (gender,)
        if gender == "f":  # "sie zündeten" is several, "sie zündete" one
            keys = {True: ("p", "b"), False: ("f",), None: ("f", "p", "b")}[self._is_plural_verb(token)]
        found = [
            subject
            for key in keys
            if (subject := self.memory.subjects.get(key)) is not None
            and self.number - subject.sentence <= self._reach(gender)
        ]
        if not found:
            return
        subject = max(found, key=lambda candidate: candidate.sentence)
        if gender == "p" and subject.sentence == self.number:
            return  # "Soldaten halfen ihnen": not themselves
        if gender == "n" and not (
            subject.sentence == self.number
            and position
            and self.tokens[position - 1].text == ","
            and not self._is_empty(token)
        ):
            return
        if self.done <= token.start:
            self.mentions.extend(ActorMention(Span(token.start, token.end), actor) for actor in subject.actors)
            self.done = token.end
            key = next(key for key in keys if self.memory.subjects.get(key) is subject)
            self.memory.subjects[key] = Subject(subject.actors, self.number)  # the next pronoun may go on with it

    def _reach(self, gender: str) -> int:
        """How many sentences back a pronoun may take up; "er" further within its paragraph."""
        return max(1, min(_FARTHEST, self.number - self.opened)) if gender == "m" else 1

    def _is_plural_verb(self, token: Token) -> bool | None:
        """Whether the finite verb of the clause around a word has the ending of the plural; ``None`` without one."""
        around = self._clause_at(token.start)
        for span in around.verb_spans if around is not None else ():
            index = bisect_left(self.tokens, span.start, key=_START)
            if index < len(self.tokens) and self.tokens[index].kind == "finite":
                return is_plural_verb(self.tokens[index].text, self.code)
        return None

    def _is_empty(self, token: Token) -> bool:
        clause = self._clause_at(token.start)
        return self.sentence is None or (clause is not None and clause.verb in self.lexicon.sets["empty_es_verbs"])
