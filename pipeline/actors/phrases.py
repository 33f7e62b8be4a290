"""Reads the noun phrases of a report one sentence after the other and says whom they name."""

from __future__ import annotations

from pipeline.actors.knowledge import actor_by_id, actor_id, group_actor, person_in, state_actor
from pipeline.actors.offices import Offices
from pipeline.actors.owners import NOBODY, Owner
from pipeline.actors.words import Name, Word, body_genders, is_tail_in, look_up
from pipeline.records import Actor, PlaceMention, Sentence, Span

_MUTE = frozenset(("punctuation", "number"))
_SHORTEST_ADDRESS, _LONGEST_ADDRESS = 4, 6  # words of "Frau Berger, warum ...", "Frau Professor Maria Berger,"
_LONGEST_PHRASE = 8  # words between an adjective of nation and its noun


class Reader(Offices):
    """Reads one document, word by word."""

    def read(self, number: int, sentence: Sentence) -> None:
        self.sentence, self.tokens, self.number = sentence, sentence.tokens, number
        self.run, self.run_end = [], -1
        self.sides_before = tuple(self.memory.sides.values())
        self.subjects_before = dict(self.memory.subjects)
        after = self._address_end()
        for position, token in enumerate(self.tokens):
            kind = token.kind
            if position < after or kind in _MUTE:
                continue
            word = look_up(self.code, token.text)
            if word is not None:
                after = self._read_word(position, word)
            elif kind == "pronoun" or token.text[0].isupper():
                after = self._read_plain(position)
            elif kind == "article" and token.text in self.lexicon.sets["feminine_datives"]:
                self._read_feminine_dative(position)
        self._note_places(sentence)

    def _address_end(self) -> int:
        """Where "Frau Berger," ends, whom a question speaks to: nobody who acts in it. 0 where it speaks to nobody."""
        tokens = self.tokens
        if len(tokens) < _SHORTEST_ADDRESS or tokens[0].text not in self.lexicon.sets["addresses"]:
            return 0
        end = next((i for i in range(1, _LONGEST_ADDRESS) if i < len(tokens) and tokens[i].kind != "name"), 0)
        return end if end > 1 and tokens[end].text == "," else 0

    def _read_word(self, position: int, word: Word) -> int:
        found = self._match(position, word)
        if found is not None:
            end, name = found
            if name.kind == "person":
                return self._read_person(position, end, name)
            if name.kind == "body":
                return self._read_body(position, end, name)
            return self._read_state(position, end, name)
        text = self.tokens[position].text
        if text in self.memory.names or text.removesuffix("s") in self.memory.names:
            return self._read_plain(position)
        if word.nation is not None:
            return self._read_nation(position)
        if "-" in text and (owner := self._modifier(text)) is not None:
            return self._read_compound(position, word, owner)
        if word.head is not None:
            home = next(
                (c for start, c in self.lexicon.home_prefixes.items() if word.head.prefix.startswith(start)), None
            )
            return self._read_head(position, position, word.head, Owner(home) if home else NOBODY)
        if word.inhabitant is not None:
            self._emit(position, position + 1, group_actor("civ", word.inhabitant), "p")
            self.memory.armed = word.inhabitant
            return position + 1
        if word.is_given_name:
            return self._read_untitled(position)
        return self._read_named(position) or position + 1

    def _read_plain(self, position: int) -> int:
        token = self.tokens[position]
        if token.kind == "pronoun":
            self._read_pronoun(position)
            return position + 1
        if token.kind == "article":
            self._read_demonstrative(position)
            return position + 1
        if not token.text[:1].isupper():
            return position + 1
        names = self.memory.names
        actor = names.get(token.text) or (names.get(token.text[:-1]) if token.text.endswith("s") else None)
        if actor is None:
            return self._read_metonym(position) or self._read_named(position) or self._read_registered(position)
        if token.text not in names:
            owned = self._owned_head(position + 1)
            if owned is not None:
                return self._read_head(owned, position, self._head_at(owned), Owner(actor.country))
        self._emit(position, position + 1, actor, self._gender(actor))
        return position + 1

    def _read_state(self, position: int, end: int, name: Name) -> int:
        country = name.key
        if self._is_genitive(end, name):
            owned = self._owned_head(end)
            if owned is not None:
                return self._read_head(owned, position, self._head_at(owned), Owner(country))
        place = self._place_at(self.tokens[position])
        if self._acts(position, end, name, place):
            self._emit(position, end, state_actor(country), "p" if country == "USA" else "n")
            if country not in self.lexicon.sets["without_army"]:
                self.memory.armed = country
        elif place is None:
            self.memory.focus = country
        return end

    def _acts(self, position: int, end: int, name: Name, place: PlaceMention | None) -> bool:
        """Whether the name of a state or its seat stands for those who govern it."""
        before = self.tokens[position - 1] if position else None
        if before is not None and before.kind == "article" and position > 1:
            before = self.tokens[position - 2]
        preposition = before.text.lower() if before is not None and before.kind == "preposition" else None
        parties = self.lexicon.sets["party_prepositions"]
        sets = self.lexicon.sets
        if preposition in sets["locatives"]:
            return False
        through = preposition in sets["agent_prepositions"] and name.kind == "state"
        if through and self._verb_at(self.tokens[position]) not in sets["passage_verbs"]:
            return True  # "die Annexion der Krim durch Russland"
        if self._is_related(position):
            return True
        if place is not None:
            if place.role == "actor":
                return True
            if name.kind == "seat":
                speaks = preposition is None and self._speaks(position)
                return speaks or preposition in self.lexicon.sets["seat_prepositions"]
            return place.role == "context" and preposition in parties
        if name.kind == "seat":
            if before is not None and before.kind == "conjunction":
                return True
            after = self.tokens[end] if end < len(self.tokens) else None
            if preposition in self.lexicon.sets["seat_prepositions"]:
                return True
            is_subject = preposition is None and (
                self._speaks(position) or (after is not None and after.kind == "finite")
            )
            return is_subject or (before is not None and before.kind == "finite")
        return preposition is None or preposition in parties

    def _is_related(self, position: int) -> bool:
        """ "nach Angaben aus Seoul", "Beziehungen zu Belgien": a party by the noun in front."""
        i = position - 1
        if i > 0 and self.tokens[i].kind == "article":
            i -= 1
        if i < 1 or self.tokens[i].kind != "preposition":
            return False
        return self.tokens[i - 1].text.lower() in self.lexicon.sets["relation_nouns"]

    def _speaks(self, position: int) -> bool:
        """ "meldete Kiew die Einnahme": a seat beside a verb of saying or reporting speaks."""
        return self._verb_at(self.tokens[position]) in self.lexicon.sets["speech_verbs"]

    def _read_body(self, position: int, end: int, name: Name) -> int:
        actor = actor_by_id(name.key)
        if actor is None:
            return end
        if self._is_genitive(end, name):
            owned = self._owned_head(end)
            if owned is not None:
                return self._read_head(owned, position, self._head_at(owned), Owner(actor.country, actor))
        self._remember_body(actor)
        self._emit(position, end, actor, body_genders().get(actor.id, "f"))
        return end

    def _read_person(self, position: int, end: int, name: Name) -> int:
        actor = person_in(name.key, self.published)
        if self._is_genitive(end, name):
            owned = self._owned_head(end)
            if owned is not None:
                return self._read_head(owned, position, self._head_at(owned), Owner(actor.country))
        self._remember_person(actor, position, end)
        self._emit(position, end, actor, self._gender(actor))
        return end

    def _read_untitled(self, position: int) -> int:
        """A person without an office in front: first name and surname; an office may follow behind a comma."""
        end = self._name_end(position)
        if end - position < 2 or not self._looks_like_name(position, end):
            return position + 1
        if position and is_tail_in(self.lexicon.named_after, self.tokens[position - 1].text):
            return end  # "vor der Luftwaffenschule Marco Fidel Suárez"
        owner, sector, office, behind = self._apposition(end)
        actor = self._person(position, end, owner, sector)
        if office:
            self.memory.offices[office, actor.country] = actor
        self._emit(position, end, actor, self._gender(actor))
        return behind

    def _read_metonym(self, position: int) -> int | None:
        """A place that acts and no table of actors knows: where its name ends, ``None`` for every other word."""
        mention = self._place_at(self.tokens[position])
        if mention is None or mention.role != "actor" or mention.place is None or mention.place.country is None:
            return None
        end = position + 1
        while end < len(self.tokens) and self.tokens[end].start < mention.span.end:
            end += 1
        self._emit(position, end, state_actor(mention.place.country), "n")
        return end

    def _read_registered(self, position: int) -> int:
        """ "Brückenwerk e. V.": a registered society."""
        tokens = self.tokens
        behind = tokens[position + 1 : position + 4]
        if (
            len(behind) == 3
            and f"{behind[0].text} {behind[1].text} {behind[2].text}" in self.lexicon.sets["society_marks"]
        ):
            name = tokens[position].text
            actor = Actor(actor_id(name), name, None, "NGO")
            self.memory.names[name] = actor
            self._remember_body(actor)
            self._emit(position, position + 1, actor, "f")
        return position + 1

    def _read_nation(self, position: int) -> int:
        """Adjectives of nation and what they stand before: "ukrainischen, russischen und europäischen Beamten"."""
        tokens = self.tokens
        nations: list[tuple[int, str]] = []
        i = position
        while i < min(position + _LONGEST_PHRASE, len(tokens)):
            token = tokens[i]
            word = look_up(self.code, token.text)
            if (
                word is not None
                and word.nation is not None
                and (i == position or token.text[:1].islower() or token.text.endswith("er"))
            ):
                nations.append((i, word.nation))
            elif token.kind == "coordination" or token.text == ",":
                if nations[-1][0] != i - 1:
                    break
            elif not (token.kind in ("word", "number", "participle", "finite") and not token.text[:1].isupper()):
                break
            i += 1
        if i >= len(tokens) or tokens[i].kind != "name" or self._is_timed(tokens[i]):
            return position + 1
        head_token = tokens[i]
        word = look_up(self.code, head_token.text)
        if is_tail_in(self.lexicon.place_nouns, head_token.text) or self._place_at(head_token) is not None:
            at, country = nations[-1]
            if country and self._is_target(position):
                self._emit(at, at + 1, state_actor(country), "p", subject=False)
            elif country:
                self.memory.focus = country
            return i
        for at, country in nations[:-1]:
            self._emit_nation(at, country, head_token.text, word)
        at, country = nations[-1]
        if word is not None and self._match(i, word) is not None:
            return i
        if word is not None and word.head is not None and word.head.kind != "reference":
            return self._read_head(i, at, word.head, Owner(country))
        self._emit_nation(at, country, head_token.text, word)
        return i

    def _is_target(self, position: int) -> bool:
        """Whether a preposition of attack stands before: "Offensive auf die armenische Grenzprovinz"."""
        tokens, sets = self.tokens, self.lexicon.sets
        if position and tokens[position - 1].kind == "article":
            if tokens[position - 1].text.lower() in sets["dative_articles"]:
                return False
            position -= 1
        return position > 0 and tokens[position - 1].text.lower() in sets["target_prepositions"]

    def _emit_nation(self, at: int, country: str, noun: str, word: Word | None) -> None:
        head = word.head if word is not None else None
        if not country and head is None:
            return
        key = head.key if head is not None and head.kind == "group" else "officials" if head is not None else None
        if key is None:
            key = "mil" if is_tail_in(self.lexicon.force_nouns, noun) else "gov"
        self._emit(at, at + 1, group_actor(key, country or None), "p", subject=False)
        if key == "mil" and country:
            self.memory.armies.add(country)
        if country:
            self.memory.armed = country
            if head is not None:
                self.memory.groups[key] = country

    def _read_compound(self, position: int, word: Word, owner: Owner) -> int:
        token = self.tokens[position]
        tail = token.text.rpartition("-")[2]
        if word.head is not None:
            return self._read_head(position, position, word.head, owner)
        if (
            is_tail_in(self.lexicon.place_nouns, token.text)
            or not tail[:1].isupper()
            or self._place_at(token) is not None
        ):
            return position + 1
        actor = owner.body
        if actor is None and owner.country:
            actor = group_actor("mil" if is_tail_in(self.lexicon.force_nouns, tail) else "gov", owner.country)
        if actor is not None:
            self._add(Span(token.start, token.end - len(tail) - 1), actor)
        return position + 1
