"""Reads the noun phrases of a report one sentence after the other and says whom they name."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import NamedTuple

from pipeline.actors.knowledge import (
    actor_by_id,
    actor_id,
    find_holder,
    group_actor,
    load_bodies,
    person_in,
    state_actor,
    was_active,
)
from pipeline.actors.memory import Memory, Subject, find_main_country
from pipeline.actors.words import Head, Name, Word, find_head, is_tail_in, load_lexicon, look_up
from pipeline.records import Actor, ActorMention, Document, PlaceMention, Sector, Sentence, Span, Token

_LONGEST_PHRASE = 8  # words between an adjective of nation and its noun
_LONGEST_NAME = 5


class Owner(NamedTuple):
    """What a noun phrase says about where its actor belongs: a country ("" where it names none) or a body."""

    country: str | None
    body: Actor | None = None
    sector: Sector | None = None


_NOBODY = Owner(None)


class Reader:
    """Reads one document. ``mentions`` grow in text order and never overlap."""

    def __init__(self, document: Document) -> None:
        self.code = document.language
        self.lexicon = load_lexicon(document.language)
        self.published = document.published
        self.places = sorted(document.places, key=lambda mention: mention.span)
        self.place_starts = [mention.span.start for mention in self.places]
        self.times = sorted(mention.span for mention in document.times)
        self.time_starts = [span.start for span in self.times]
        self.memory = Memory()
        self.main_country = find_main_country(document)
        self.mentions: list[ActorMention] = []
        self.genders = {body.actor.id: body.gender for body in load_bodies()}
        self.tokens: tuple[Token, ...] = ()
        self.sentence: Sentence | None = None
        self.number = 0
        self.done = 0  # characters before this offset are in a mention already
        self.run: list[Actor] = []  # the actors that "und" and commas have joined so far
        self.run_end = -1  # index of the token behind the last of them
        self.sides_before: tuple[Actor, ...] = ()  # the parties that earlier sentences named

    def read(self, number: int, sentence: Sentence) -> None:
        self.sentence, self.tokens, self.number = sentence, sentence.tokens, number
        self.run, self.run_end = [], -1
        self.sides_before = tuple(self.memory.sides.values())
        position = 0
        while position < len(self.tokens):
            token = self.tokens[position]
            if token.kind in ("punctuation", "number"):
                position += 1
                continue
            word = look_up(self.code, token.text)
            after = self._read_word(position, word) if word is not None else self._read_plain(position)
            position = max(after, position + 1)
        self._note_places(sentence)

    # --- words ----------------------------------------------------------------------------------------

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
            return self._read_head(position, position, word.head, Owner(home) if home else _NOBODY)
        if word.inhabitant is not None:
            self._emit(position, position + 1, group_actor("civ", word.inhabitant), "p")
            self.memory.armed = word.inhabitant
            return position + 1
        if word.is_given_name:
            return self._read_untitled(position)
        return position + 1

    def _read_plain(self, position: int) -> int:
        token = self.tokens[position]
        if token.kind == "pronoun":
            self._read_pronoun(position)
            return position + 1
        if not token.text[:1].isupper():
            return position + 1
        names = self.memory.names
        actor = names.get(token.text) or (names.get(token.text[:-1]) if token.text.endswith("s") else None)
        if actor is None:
            return self._read_registered(position)
        if token.text not in names:
            owned = self._owned_head(position + 1)
            if owned is not None:
                return self._read_head(owned, position, self._head_at(owned), Owner(actor.country))
        self._emit(position, position + 1, actor, self._gender(actor))
        return position + 1

    def _match(self, position: int, word: Word) -> tuple[int, Name] | None:
        """The longest known name that begins here."""
        tokens = self.tokens
        for name in word.names:
            end = position + 1 + len(name.rest)
            if end <= len(tokens) and all(tokens[position + 1 + i].text in forms for i, forms in enumerate(name.rest)):
                if name.alone and self._has_other_first_name(position, name.key):
                    continue
                return end, name
        return None

    def _has_other_first_name(self, position: int, person: str) -> bool:
        """ "Eric Trump" is not Donald Trump, and nobody long before or after his time in office is meant."""
        if self.published is not None and not was_active(person, self.published.year):
            return True
        if position == 0:
            return False
        before = self.tokens[position - 1].text
        if before not in self.lexicon.given_names:
            return False
        known = actor_by_id(person)
        return known is not None and before not in known.name.split()

    def _head_at(self, position: int) -> Head:
        word = look_up(self.code, self.tokens[position].text)
        if word is None or word.head is None:
            raise AssertionError("asked for a head where there is none")
        return word.head

    def _owned_head(self, position: int) -> int | None:
        """The noun for actors that a genitive name owns: "Syriens neue Machthaber"."""
        for i in range(position, min(position + 4, len(self.tokens))):
            token = self.tokens[i]
            if token.kind == "name":
                word = look_up(self.code, token.text)
                return i if word is not None and word.head is not None and self._match(i, word) is None else None
            if token.kind not in ("word", "number", "participle"):
                return None
        return None

    def _is_genitive(self, end: int, name: Name) -> bool:
        text = self.tokens[end - 1].text
        if not text.endswith("s"):
            return False
        if name.rest:
            return text[:-1] in name.rest[-1]
        return text[:-1] in self.lexicon.names

    # --- names ----------------------------------------------------------------------------------------

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
        self._emit(position, end, actor, self.genders.get(actor.id, "f"))
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
        owner, sector, office, behind = self._apposition(end)
        actor = self._person(position, end, owner, sector)
        if office:
            self.memory.offices[office, actor.country] = actor
        self._emit(position, end, actor, self._gender(actor))
        return behind

    def _apposition(self, end: int) -> tuple[Owner, Sector | None, str | None, int]:
        """ "Miriam Addo, Leiterin der Hilfsorganisation": what follows the comma, and where to read on."""
        if end + 1 >= len(self.tokens) or self.tokens[end].text != ",":
            return _NOBODY, None, None, end
        country = None
        for i in range(end + 1, min(end + 5, len(self.tokens))):
            token = self.tokens[i]
            word = look_up(self.code, token.text)
            if word is not None and word.head is not None and word.head.kind == "office":
                owner = Owner(country) if country else self._extension(i + 1)[1]
                return owner, self._office_sector(word.head, owner), word.head.key, i + 1
            if word is not None and word.nation:
                country = word.nation
            elif token.kind not in ("word", "article"):
                break
        return _NOBODY, None, None, end

    def _read_registered(self, position: int) -> int:
        """ "Brückenwerk e. V.": a registered society."""
        tokens = self.tokens
        if " ".join(t.text for t in tokens[position + 1 : position + 4]) in self.lexicon.sets["society_marks"]:
            name = tokens[position].text
            actor = Actor(actor_id(name), name, None, "NGO")
            self.memory.names[name] = actor
            self._remember_body(actor)
            self._emit(position, position + 1, actor, "f")
        return position + 1

    def _name_end(self, position: int) -> int:
        """Where a personal name that begins here ends; ``position`` itself where none does."""
        tokens, sets = self.tokens, self.lexicon.sets
        end = position
        while end < min(position + _LONGEST_NAME, len(tokens)):
            token = tokens[end]
            if token.text in sets["no_names"] or self._is_timed(token):
                break
            if (
                (token.kind == "name" and token.text[:1].isupper() and token.text[:1].isalpha())
                or (
                    end > position
                    and token.text in sets["name_particles"]
                    and end + 1 < len(tokens)
                    and tokens[end + 1].kind == "name"
                )
                or (
                    end > position
                    and token.text == "."
                    and len(tokens[end - 1].text) <= 2
                    and end + 1 < len(tokens)
                    and tokens[end + 1].kind == "name"
                )
            ):
                end += 1
            else:
                break
        return end

    def _looks_like_name(self, position: int, end: int) -> bool:
        """No noun for actors and no abstract noun among the words."""
        for i in range(position, end):
            token = self.tokens[i]
            if token.kind != "name":
                continue
            if token.text.lower().endswith(self.lexicon.noun_endings) and len(token.text) > 5:
                return False
            word = look_up(self.code, token.text)
            if word is not None and not word.is_given_name and (word.head is not None or word.nation is not None):
                return False
            if i == position and self._place_at(token) is not None and not (word and word.is_given_name):
                return False
        return True

    def _find_person(self, position: int) -> tuple[int, Actor | None]:
        """A known person at this position, or the end of an unknown name (and ``None``)."""
        if position >= len(self.tokens) or self.tokens[position].kind != "name":
            return position, None
        text = self.tokens[position].text
        if text in self.lexicon.sets["titles"] or (text.endswith(".") and len(text) < 6):
            position += 1
        word = look_up(self.code, self.tokens[position].text) if position < len(self.tokens) else None
        if word is not None:
            found = self._match(position, word)
            if found is not None and found[1].kind == "person":
                return found[0], person_in(found[1].key, self.published)
            if found is not None:
                return position, None
        end = self._name_end(position)
        while end > position and not self._looks_like_name(position, end):
            end -= 1
        if end == position + 1 and self.tokens[position].text in self.memory.names:
            return end, self.memory.names[self.tokens[position].text]
        if end - position > 1 or (end - position == 1 and not self._is_common(position)):
            return end, None
        return position, None

    def _is_common(self, position: int) -> bool:
        """One capitalised word behind an office is a name only where nothing of a noun is about it."""
        text = self.tokens[position].text
        return text.lower().endswith(("en", "er", "e", *self.lexicon.noun_endings)) or len(text) < 4

    def _person(self, position: int, end: int, owner: Owner, sector: Sector | None) -> Actor:
        """The actor for an unknown name, remembered under its surname."""
        words = [t.text for t in self.tokens[position:end]]
        if words and len(words) > 1 and words[-1].endswith("s") and words[-1][:-1] in self.memory.names:
            words[-1] = words[-1][:-1]
        if len(words) == 1 and words[0] in self.memory.names:
            return self.memory.names[words[0]]
        name = " ".join(words).replace(" .", ".")
        country = owner.country or (owner.body.country if owner.body else None)
        actor = Actor(actor_id(name), name, country or None, sector)
        self.memory.names[words[-1]] = actor
        self.memory.person = actor
        return actor

    # --- noun phrases ---------------------------------------------------------------------------------

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
        if country:
            self.memory.armed = country
            if head is not None:
                self.memory.groups[key] = country

    def _modifier(self, text: str) -> Owner | None:
        """Who stands in front of the last hyphen: "US-", "RSF-", "Trump-"."""
        modifier = text.rpartition("-")[0].removeprefix("Ex-")
        for name in self.lexicon.names.get(modifier, ()):
            if name.rest:
                continue
            if name.kind in ("state", "seat"):
                return Owner(name.key)
            actor = person_in(name.key, self.published) if name.kind == "person" else actor_by_id(name.key)
            if actor is not None:
                return Owner(actor.country, actor if name.kind == "body" else None)
        actor = self.memory.names.get(modifier)
        return Owner(actor.country, actor) if actor is not None else None

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

    def _read_head(self, position: int, start: int, head: Head, owner: Owner) -> int:
        """A noun for actors with what belongs to it, from the token ``start`` on."""
        if owner == _NOBODY:
            if members := self._find_members(position, head):
                self._emit_all(start, position + 1, members, "p")
                return position + 1
            if owners := self._find_owners(position + 1):
                self._emit_all(start, position + 3, tuple(self._member(head, actor) for actor in owners), "p")
                return position + 3
            end, listed = self._list_owners(position, head)
            if len(listed) > 1:
                self._emit_all(start, end, tuple(self._member(head, actor) for actor in listed), "p")
                return end
        if head.kind == "reference":
            return self._read_reference(position, start, head)
        end = position + 1
        if head.kind == "office":
            return self._read_office(position, start, head, owner)
        if owner.country is None and owner.body is None and not self._is_owned(position):
            end, owner = self._extension(end)
        if head.gender in "bm" and (person := self._apposed_person(position, head, owner)) is not None:
            self._emit(start, person[0], person[1], head.gender)
            return person[0]
        named = self._named_group(position, end, head, owner) if end == position + 1 else None
        if named is not None:
            named_end, actor = named
            self._emit(start, named_end, actor, head.gender)
            return named_end
        actor = self._group(head, owner, position)
        if actor.country:
            self.memory.groups[head.key] = actor.country
            if owner.country:
                self.memory.armed = owner.country
        self._emit(start, end, actor, head.gender)
        return end

    def _find_members(self, position: int, head: Head) -> tuple[Actor, ...]:
        """Whom "beide Seiten", "die drei Armeen", "ihre Gesandten" take up: the actors named together or last; nobody
        where that is not clear."""
        sets, memory = self.lexicon.sets, self.memory
        if position == 0:
            return ()
        before = self.tokens[position - 1]
        low = before.text.lower()
        if low in sets["both"] or low in self.lexicon.numbers:
            wanted = self.lexicon.numbers.get(low, 2)
            if low not in sets["both"] and not self._is_definite(position - 1):
                return ()
            here = {actor.country or actor.id for actor in self.run}
            sides = tuple(a for a in self.sides_before if (a.country or a.id) not in here)
            sides = sides if len(sides) > 1 else tuple(memory.sides.values())
            named = [memory.joined, tuple(a for a in self._latest_subject() if a), sides[-2:] if wanted == 2 else ()]
            members = next((found for found in named if len(found) == wanted), ())
        elif low in sets["their"] and head.kind == "office":
            members = self._latest_subject()
        else:
            return ()
        return tuple(self._member(head, actor) for actor in members) if len(members) > 1 else ()

    def _is_owned(self, position: int) -> bool:
        """ "seine Soldaten": the text says whose, so what follows ("aus dem Senegal") does not."""
        return position > 0 and self.tokens[position - 1].text.lower() in self.lexicon.sets["own"]

    def _is_definite(self, position: int) -> bool:
        return position > 0 and self.tokens[position - 1].text.lower() in self.lexicon.sets["definite_articles"]

    def _latest_subject(self) -> tuple[Actor, ...]:
        """The actors of the last plural subject, not further back than the sentence before."""
        subject = self.memory.subjects.get("p")
        return subject.actors if subject is not None and self.number - subject.sentence <= 1 else ()

    def _member(self, head: Head, actor: Actor) -> Actor:
        """What of a party a noun names: its army, its president, or the party itself."""
        if actor.country is None or actor.sector not in ("GOV", "MIL", "SPY"):
            return actor
        if head.key == "mil" and actor.sector != "MIL":
            return group_actor("mil", actor.country)
        if head.kind == "office":
            known = self.memory.offices.get((head.key, actor.country))
            return known or find_holder(head.key, actor.country, self.published) or actor
        return actor

    def _apposed_person(self, position: int, head: Head, owner: Owner) -> tuple[int, Actor] | None:
        """ "Machthaber Baschar al-Assad": a person named right behind a noun for many."""
        word = look_up(self.code, self.tokens[position + 1].text) if position + 1 < len(self.tokens) else None
        if word is None or not (word.is_given_name or word.names):
            return None
        end, actor = self._find_person(position + 1)
        if actor is not None:
            self._remember_person(actor, position + 1, end)
            return end, actor
        if end - position < 3 or not word.is_given_name:
            return None
        return end, self._person(position + 1, end, owner, head.sector)

    def _named_group(self, position: int, end: int, head: Head, owner: Owner) -> tuple[int, Actor] | None:
        """ "die Miliz M23", "die Hilfsorganisation Brückenwerk": a name right behind the noun."""
        if end >= len(self.tokens) or self.tokens[end].kind != "name" or head.gender not in "fnm":
            return None
        word = look_up(self.code, self.tokens[end].text)
        if word is not None:
            found = self._match(end, word)
            if found is not None and found[1].kind == "body":
                actor = actor_by_id(found[1].key)
                if actor is not None:
                    self._remember_body(actor)
                    return found[0], actor
            return None
        if (
            head.gender not in "fn"
            or head.key not in ("reb", "crm", "ngo", "med", "bus", "pty", "opp")
            or self._is_common(end)
        ):
            return None
        if self._is_timed(self.tokens[end]) or self._place_at(self.tokens[end]) is not None:
            return None
        name = self.tokens[end].text
        country = self._country(head, owner, position)
        actor = self.memory.names.get(name) or Actor(actor_id(name), name, country, head.sector)
        self.memory.names[name] = actor
        self._remember_body(actor)
        return end + 1, actor

    def _read_office(self, position: int, start: int, head: Head, owner: Owner) -> int:
        end = position + 1
        named = self._read_titled(end, head, owner)
        if named is not None:
            name_end, actor = named
            self._note_office(head, actor)
            self._emit(start, name_end, actor, head.gender)
            return name_end
        if owner.country is None and owner.body is None:
            end, owner = self._extension(end)
            follows = end < len(self.tokens) and self.tokens[end].text == ","
            named = (
                self._read_titled(end + follows, head, owner, needs_two=follows)
                if end > position + 1 or follows
                else None
            )
            if named is not None:
                name_end, actor = named
                self._note_office(head, actor)
                self._emit(start, end, actor, head.gender, subject=False)
                self._emit(end + follows, name_end, actor, head.gender)
                return name_end
            behind = self._behind_genitive(end)
            if behind is not None:
                name_at, name_end, owner = behind
                named = self._read_titled(name_at, head, owner, needs_two=True)
                if named is not None:
                    self._note_office(head, named[1])
                    self._emit(start, position + 1, named[1], head.gender)
                    return position + 1
        found = self._unnamed(head, owner, position, self._is_former(start))
        if found is not None:
            self._emit(start, end, found, head.gender)
        return end

    def _find_owners(self, position: int) -> tuple[Actor, ...]:
        """The parties of "(Vertreter) beider Seiten"."""
        if position + 1 >= len(self.tokens) or self.tokens[position].text.lower() not in self.lexicon.sets["both"]:
            return ()
        word = look_up(self.code, self.tokens[position + 1].text)
        return self._find_members(position + 1, word.head) if word is not None and word.head is not None else ()

    def _list_owners(self, position: int, head: Head) -> tuple[int, tuple[Actor, ...]]:
        """The parties of "(die Außenminister) der Türkei, Syriens und der USA", and where the list ends."""
        tokens, sets = self.tokens, self.lexicon.sets
        before = tokens[position - 1] if position else None
        plural = head.gender in "pb" or (before is not None and before.text.lower() in sets["plural_articles"])
        listed: list[Actor] = []
        i = end = position + 1
        while plural and i < len(tokens):
            if (
                tokens[i].text.lower() in sets["definite_articles"]
                or tokens[i].text.lower() in sets["origin_prepositions"]
            ):
                i += 1
            word = look_up(self.code, tokens[i].text) if i < len(tokens) else None
            found = self._match(i, word) if word is not None else None
            if found is None or found[1].kind not in ("state", "body"):
                break
            actor = state_actor(found[1].key) if found[1].kind == "state" else actor_by_id(found[1].key)
            if actor is None or (not listed and i == position + 1 and not self._is_genitive(*found)):
                break
            listed.append(actor)
            i = end = found[0]
            if i >= len(tokens) or not (tokens[i].text == "," or tokens[i].kind == "coordination"):
                break
            i += 1
        return end, tuple(listed)

    def _behind_genitive(self, position: int) -> tuple[int, int, Owner] | None:
        """ "(Gesandter) des russischen Präsidenten Wladimir Putin, Kirill Dmitriev": the name behind the comma, and
        whom the genitive names."""
        tokens = self.tokens
        if position >= len(tokens) or tokens[position].text.lower() not in self.lexicon.sets["genitive_openers"]:
            return None
        country: str | None = None
        for i in range(position + 1, min(position + 10, len(tokens))):
            token = tokens[i]
            if token.text == ",":
                if country is None or i + 1 >= len(tokens):
                    return None
                end = self._name_end(i + 1)
                return (i + 1, end, Owner(country)) if end - i > 2 else None
            word = look_up(self.code, token.text)
            if word is not None:
                found = self._match(i, word)
                if word.nation:
                    country = country or word.nation
                elif found is not None and found[1].kind == "person":
                    country = country or person_in(found[1].key, self.published).country
                elif "-" in token.text and (owner := self._modifier(token.text)) is not None:
                    country = country or owner.country
            if token.kind not in ("word", "name", "article"):
                return None
        return None

    def _read_titled(
        self, position: int, head: Head, owner: Owner, needs_two: bool = False
    ) -> tuple[int, Actor] | None:
        """The person behind an office."""
        end, actor = self._find_person(position)
        if end == position or (needs_two and end - position < 2 and actor is None):
            return None
        if actor is not None:
            self._remember_person(actor, position, end)
            return end, actor
        if (
            owner.country is None
            and owner.body is None
            and head.key in ("president", "premier", "foreign", "defence", "minister", "mayor", "governor")
        ):
            owner = Owner(self._local_country(self.tokens[position]))
        sector = self._office_sector(head, owner)
        if owner.country is None and owner.body is None and sector in ("CRM", "REB", "COP", "MIL") and head.prefix:
            owner = Owner(self._local_country(self.tokens[position]))
        return end, self._person(position, end, owner, sector)

    def _unnamed(self, head: Head, owner: Owner, position: int, former: bool) -> Actor | None:
        """An office without a name: who was named in it before, who held it then, or else on whose behalf it acts."""
        if owner.body is not None:
            return owner.body
        country = owner.country
        alone = country is None
        before = self.tokens[position - 1].text.lower() if position else ""
        if country == "" or before in self.lexicon.sets["both"]:
            return group_actor("officials", None)
        if alone and head.key in ("president", "premier", "foreign", "defence"):
            known = self.memory.offices.get((head.key, self.memory.focus)) or self.memory.offices.get((head.key, None))
            if known is not None and not former:
                return known
            country = self._local_country(self.tokens[position])
        sector = self._office_sector(head, owner)
        if country is not None and not former and not alone:
            keys = (
                ("president", "premier")
                if head.key == "president"
                else ("premier",)
                if head.key == "premier"
                else (head.key,)
            )
            if head.key in ("president", "premier", "foreign", "defence"):
                known = next(
                    (self.memory.offices[key, country] for key in keys if (key, country) in self.memory.offices), None
                )
                known = known or next(
                    (holder for key in keys if (holder := find_holder(key, country, self.published))), None
                )
                if known is not None:
                    return known
        if sector is None and not head.prefix and alone:
            return None
        if sector in ("GOV", None):
            if head.key in ("spokesperson", "leader") and country is None:
                return None
            return state_actor(country) if country else group_actor("officials", None)
        key = {
            "MIL": "mil",
            "REB": "reb",
            "COP": "cop",
            "CRM": "crm",
            "JUD": "jud",
            "SPY": "spy",
            "OPP": "opp",
            "CIV": "civ",
            "NGO": "ngo",
            "MED": "med",
        }.get(sector)
        if key is None or (key == "civ" and alone):
            return None
        return group_actor(key, country or self._country(Head("group", key, sector, "p", False, ""), owner, position))

    def _read_reference(self, position: int, start: int, head: Head) -> int:
        """ "die Organisation", "die Miliz": the body of that kind named last."""
        before = self.tokens[position - 1] if position else None
        if head.key == "house":
            owned = start < position or (before is not None and before.text.lower() in self.lexicon.sets["possessives"])
            person = self.memory.person
            if owned and person is not None and person.country:
                self._emit(position, position + 1, state_actor(person.country), "n")
            return position + 1
        if head.key == "sides":
            return position + 1
        named = self._named_group(position, position + 1, Head("group", "reb", "REB", "f", False, ""), _NOBODY)
        if named is not None:
            self._emit(start, named[0], named[1], "f")
            return named[0]
        kinds = ("NGO", "IGO") if head.key == "organisation" else ("REB",)
        actor = next((self.memory.bodies[kind] for kind in kinds if kind in self.memory.bodies), None)
        if actor is None and head.key == "organisation":
            actor = self.memory.bodies.get("REB")
        if actor is None and head.key == "miliz":
            actor = self._group(Head("group", "reb", "REB", "f", False, ""), _NOBODY, position)
        if actor is not None and (before is None or before.kind == "article"):
            self._emit(start, position + 1, actor, "f")
        return position + 1

    def _extension(self, position: int) -> tuple[int, Owner]:  # noqa: C901 - one branch a kind of word that can follow
        """What follows a noun for actors and says where it belongs: "der Ukraine", "aus Russland", "der Armee"."""
        tokens, sets = self.tokens, self.lexicon.sets
        if position >= len(tokens):
            return position, _NOBODY
        if [t.text.lower() in sets[key] for t, key in zip(tokens[position:], ("under", "lead"), strict=False)] == [
            True
        ] * 2:
            position += 2  # "unter Führung der HTS": who leads a force is behind it
            if position >= len(tokens):
                return position, _NOBODY
        opener = tokens[position].text.lower()
        if opener not in sets["genitive_openers"] and opener not in sets["origin_prepositions"]:
            word = look_up(self.code, tokens[position].text)
            found = self._match(position, word) if word is not None else None
            if found is not None and found[1].kind in ("state", "seat") and self._is_genitive(*found):
                return found[0], Owner(found[1].key)
            return position, _NOBODY
        is_local = opener in ("in", "im", "bei", "beim")
        i = position + 1
        country: str | None = None
        while i < min(position + 5, len(tokens)):
            token = tokens[i]
            word = look_up(self.code, token.text)
            if word is not None and (found := self._match(i, word)) is not None:
                end, name = found
                if name.kind == "person":
                    return position, _NOBODY
                if name.kind == "body":
                    actor = actor_by_id(name.key)
                    return (end if not is_local else position), Owner(actor.country if actor else None, actor)
                return (position if is_local or name.kind == "seat" else end), Owner(name.key)
            if word is not None and word.nation is not None and token.text[:1].islower():
                country = word.nation
            elif token.kind == "name":
                if word is not None and word.head is not None and word.head.kind == "office":
                    owner = self._modifier(token.text) if "-" in token.text else None
                    return position, Owner(country or (owner.country if owner else None))
                body = self._body_at(i + 1)
                if word is not None and word.head is not None and body is not None and word.head.kind != "office":
                    return body[0], Owner(body[1].country, body[1])  # "Rebellen der Gruppe M23"
                if word is not None and word.head is not None and word.head.kind == "group":
                    owner = self._modifier(token.text) if "-" in token.text else None
                    if owner is not None and owner.body is not None:
                        return i + 1, owner
                    country = country or (owner.country if owner else None) or self._country(word.head, _NOBODY, i)
                    return i + 1, Owner(country, None, word.head.sector)
                place = self._place_at(token)
                if place is not None and place.place is not None and place.place.country:
                    return position, Owner(place.place.country)
                return position, Owner(country)
            elif token.kind not in ("article", "word"):
                break
            i += 1
        return position, _NOBODY

    def _body_at(self, position: int) -> tuple[int, Actor] | None:
        """A known body named at a position: where its name ends, and the body."""
        word = look_up(self.code, self.tokens[position].text) if position < len(self.tokens) else None
        found = self._match(position, word) if word is not None else None
        actor = actor_by_id(found[1].key) if found is not None and found[1].kind == "body" else None
        return (found[0], actor) if found is not None and actor is not None else None

    # --- where an actor belongs -------------------------------------------------------------------------

    def _group(self, head: Head, owner: Owner, position: int) -> Actor:
        body = owner.body
        if body is None and owner.country is None and head.key == "reb" and position:
            known = self.memory.bodies.get("REB")
            if known is not None and self.tokens[position - 1].text.lower() in self.lexicon.sets["definite_articles"]:
                return known
        if body is not None and head.key not in ("civ", "hostages", "prisoners", "refugees", "protesters", "settlers"):
            return body
        return group_actor(head.key, self._country(head, owner, position))

    def _country(self, head: Head, owner: Owner, position: int) -> str | None:
        if owner.country is not None:
            return owner.country or None
        if owner.body is not None and owner.body.country:
            return owner.body.country
        if head.key not in self.lexicon.sets["local_groups"]:
            return None
        sets = self.lexicon.sets
        before = self.tokens[position - 1].text.lower() if position else ""
        if before in sets["both"]:
            return None
        if before in sets["own"] and self.memory.latest is not None:
            return self.memory.latest.country
        taken_up = before in self.lexicon.sets["definite_articles"] or head.key in ("cop", "crm")
        if taken_up and head.key not in ("civ", "uaf", "refugees", "medics") and head.key in self.memory.groups:
            return self.memory.groups[head.key]
        if self._is_sent(position) and self.memory.latest is not None and self.memory.latest.country:
            return self.memory.latest.country  # "entsandte Truppen nach Mali"
        country = self._local_country(self.tokens[position])
        if head.key == "mil" and country in self.lexicon.sets["without_army"]:
            return self.memory.armed
        return country

    def _is_sent(self, position: int) -> bool:
        """ "Truppen nach Mali", "Soldaten an die Grenze": what follows is where they go, not whose they are."""
        sets = self.lexicon.sets
        words = [token.text.lower() for token in self.tokens[position + 1 : position + 3]]
        if not words or words[0] in sets["destinations"]:
            return bool(words)
        return len(words) > 1 and words[0] in sets["directions"] and words[1] in sets["direct_articles"]

    def _local_country(self, token: Token) -> str | None:
        """The country of the place spoken of: in this sentence, before it, or in most of the report. Where talks are
        held tells nothing of who holds them."""
        found: list[tuple[bool, int, str]] = []
        if self.sentence is not None:
            first = bisect_left(self.place_starts, self.sentence.span.start)
            last = bisect_left(self.place_starts, self.sentence.span.end)
            found = [
                (mention.span.start > token.start, abs(mention.span.start - token.start), mention.place.country)
                for mention in self.places[first : min(last, first + 20)]
                if mention.place is not None and mention.place.country and mention.role != "actor"
            ]
        if found and self._verb_at(token) in self.lexicon.sets["venue_verbs"]:
            venues = {country for _, _, country in found}
            return next((c for c in (self.memory.focus, self.main_country) if c is not None and c not in venues), None)
        if found:
            return min(found)[2]
        return self.memory.focus or self.main_country

    def _verb_at(self, token: Token) -> str | None:
        """The verb of the innermost clause around a word."""
        clauses = self.sentence.clauses if self.sentence is not None else ()
        return next((c.verb for c in reversed(clauses) if c.span.start <= token.start < c.span.end), None)

    def _note_places(self, sentence: Sentence) -> None:
        first = bisect_left(self.place_starts, sentence.span.start)
        last = bisect_left(self.place_starts, sentence.span.end)
        for mention in self.places[first:last]:
            if mention.role == "location" and mention.place is not None and mention.place.country:
                self.memory.focus = mention.place.country

    def _office_sector(self, head: Head, owner: Owner) -> Sector | None:
        if head.inherits:
            if owner.body is not None:
                return owner.body.sector
            if owner.sector is not None:
                return owner.sector
            prefix = head.prefix.strip("-")
            for form in (prefix, prefix.removesuffix("s"), prefix.removesuffix("n"), prefix.removesuffix("en")):
                inner = find_head(self.code, form) if len(form) > 3 else None
                if inner is not None and inner.sector is not None:
                    return inner.sector
        if head.sector is None and owner.country:
            return "GOV"
        return head.sector

    def _is_former(self, start: int) -> bool:
        return any(
            token.text.lower() in self.lexicon.sets["former"] or token.text.startswith("Ex-")
            for token in self.tokens[max(0, start - 2) : start + 2]
        )

    # --- memory and pronouns ------------------------------------------------------------------------------

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
        if actor.sector == "REB" and actor.country:
            self.memory.groups["reb"] = actor.country

    def _gender(self, actor: Actor) -> str:
        return "f" if actor.name.split()[0] in self.lexicon.female_names else "m"

    def _read_pronoun(self, position: int) -> None:
        token = self.tokens[position]
        text = token.text
        low = text.lower()
        gender = self.lexicon.pronouns.get(low)
        if gender is None or (low == "sie" and text[0].isupper() and position > 1):
            return
        found = [
            subject
            for key in ((gender, "p", "b") if gender == "f" else (gender,))
            if (subject := self.memory.subjects.get(key)) is not None and self.number - subject.sentence <= 1
        ]
        if not found:
            return
        subject = max(found, key=lambda candidate: candidate.sentence)
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

    def _is_empty(self, token: Token) -> bool:
        if self.sentence is None:
            return True
        verbs = self.lexicon.sets["empty_es_verbs"]
        return any(c.verb in verbs for c in self.sentence.clauses if c.span.start <= token.start < c.span.end)

    # --- spans ----------------------------------------------------------------------------------------

    def _place_at(self, token: Token) -> PlaceMention | None:
        i = bisect_right(self.place_starts, token.start) - 1
        return self.places[i] if i >= 0 and token.start < self.places[i].span.end else None

    def _is_timed(self, token: Token) -> bool:
        i = bisect_right(self.time_starts, token.start) - 1
        return i >= 0 and token.start < self.times[i].end

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
            self.memory.joined = tuple(self.run)

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
