"""Where an actor belongs: by an adjective, a genitive, a first part of a compound, or the place spoken of."""

from __future__ import annotations

from bisect import bisect_left
from operator import attrgetter
from typing import NamedTuple

from pipeline.actors.cursor import Cursor
from pipeline.actors.knowledge import actor_by_id, group_actor, person_in, was_active
from pipeline.actors.words import Head, Name, Word, find_head, is_tail_in, look_up
from pipeline.records import Actor, Sector, Token

_START = attrgetter("start")


class Owner(NamedTuple):
    """What a noun phrase says about where its actor belongs: a country ("" where it names none) or a body."""

    country: str | None
    body: Actor | None = None
    sector: Sector | None = None


NOBODY = Owner(None)


class Owners(Cursor):
    """Finds what stands beside a noun for actors and says whose it is."""

    def _match(self, position: int, word: Word) -> tuple[int, Name] | None:
        """The longest known name that begins here."""
        tokens = self.tokens
        place = self._place_at(tokens[position])
        settled = place is not None and place.role == "location"
        for name in word.names:
            if settled and name.kind == "body" and not name.rest:
                continue  # Duma is a town here, no parliament
            if name.where and name.where not in self.countries:
                continue
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

    def _modifier(self, text: str) -> Owner | None:
        """Who stands in front of the last hyphen: "US-", "RSF-", "Trump-"."""
        modifier = text.rpartition("-")[0].removeprefix("Ex-")
        for name in self.lexicon.names.get(modifier, ()):
            if name.rest or (name.where and name.where not in self.countries):
                continue
            if name.kind in ("state", "seat"):
                return Owner(name.key)
            actor = person_in(name.key, self.published) if name.kind == "person" else actor_by_id(name.key)
            if actor is not None:
                return Owner(actor.country, actor if name.kind == "body" else None)
        actor = self.memory.names.get(modifier)
        return Owner(actor.country, actor) if actor is not None else None

    def _extension(self, position: int) -> tuple[int, Owner]:  # noqa: C901 - one branch a kind of word that can follow
        """What follows a noun for actors and says where it belongs: "der Ukraine", "aus Russland", "der Armee"."""
        tokens, sets = self.tokens, self.lexicon.sets
        if position >= len(tokens):
            return position, NOBODY
        following = [token.text.lower() for token in tokens[position : position + 2]]
        if len(following) == 2 and following[0] in sets["under"] and following[1] in sets["lead"]:
            position += 2  # "unter Führung der HTS": who leads a force is behind it
            if position >= len(tokens):
                return position, NOBODY
        opener = tokens[position].text.lower()
        if opener not in sets["genitive_openers"] and opener not in sets["origin_prepositions"]:
            word = look_up(self.code, tokens[position].text)
            found = self._match(position, word) if word is not None else None
            if found is not None and found[1].kind in ("state", "seat") and self._is_genitive(*found):
                return found[0], Owner(found[1].key)
            return position, NOBODY
        is_local = opener in ("in", "im", "bei", "beim")
        i = position + 1
        country: str | None = None
        while i < min(position + 5, len(tokens)):
            token = tokens[i]
            word = look_up(self.code, token.text)
            if word is not None and (found := self._match(i, word)) is not None:
                end, name = found
                if name.kind == "person":
                    return position, NOBODY
                if name.kind == "body" and end < len(tokens) and tokens[end].text in sets["allied_words"]:
                    i = end + 1  # "der Al-Kaida nahestehenden JNIM"
                    continue
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
                    country = country or (owner.country if owner else None) or self._country(word.head, NOBODY, i)
                    return i + 1, Owner(country, None, word.head.sector)
                place = self._place_at(token)
                if place is not None and place.place is not None and place.place.country:
                    return position, Owner(place.place.country)
                return position, Owner(country)
            elif token.kind not in ("article", "word"):
                break
            i += 1
        return position, NOBODY

    def _body_at(self, position: int) -> tuple[int, Actor] | None:
        """A known body named at a position: where its name ends, and the body."""
        word = look_up(self.code, self.tokens[position].text) if position < len(self.tokens) else None
        found = self._match(position, word) if word is not None else None
        actor = actor_by_id(found[1].key) if found is not None and found[1].kind == "body" else None
        return (found[0], actor) if found is not None and actor is not None else None

    def _group(self, head: Head, owner: Owner, position: int) -> Actor:
        body = owner.body
        if body is None and owner.country is None and head.key == "reb" and position:
            known = self.memory.bodies.get("REB")
            if known is not None and self.tokens[position - 1].text.lower() in self.lexicon.sets["definite_articles"]:
                return known
        if head.key == "civ" and position and self._is_armed(position):
            return group_actor("uaf", self._country(head, owner, position))
        if body is not None and head.key not in ("civ", "hostages", "prisoners", "refugees", "protesters", "settlers"):
            return body
        return group_actor(head.key, self._country(head, owner, position))

    def _is_armed(self, position: int) -> bool:
        """ "bewaffnete Männer", "vermummte Personen"."""
        sets, before = self.lexicon.sets, self.tokens[position - 1].text.lower()
        people = self.tokens[position].text.lower() in sets["armed_people"]
        return people and any(before.startswith(word) for word in sets["armed_adjectives"])

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
        if self._determiner(position) in sets["own"] and self.memory.latest is not None:
            return self.memory.latest.country
        taken_up = before in self.lexicon.sets["definite_articles"] or head.key in ("cop", "crm")
        here = self._scene_before(position) if head.key == "gov" else None  # "In Lod verhängte die Regierung ..."
        if here is not None:
            return here
        sent = self._is_sent(position) or (
            head.key in ("mil", "cop") and self._verb_at(self.tokens[position]) in sets["deployment_verbs"]
        )
        known = taken_up and head.key not in ("civ", "uaf", "refugees", "medics") and head.key in self.memory.groups
        if known and not (sent and before not in sets["definite_articles"]):
            return self.memory.groups[head.key]
        if sent and self.memory.latest is not None and self.memory.latest.country:
            return self.memory.latest.country  # "entsandte Truppen nach Mali"
        country = self._local_country(self.tokens[position])
        if self._is_anybodys(head, position):
            return country if self.memory.armies == {country} else None
        if head.key in ("mil", "settlers") and country in self.lexicon.occupiers:
            return self.lexicon.occupiers[country]
        return country

    def _scene_before(self, position: int) -> str | None:
        """The country of a place named before a noun in its sentence."""
        if self.sentence is None:
            return None
        first = bisect_left(self.place_starts, self.sentence.span.start)
        last = bisect_left(self.place_starts, self.tokens[position].start)
        return next(
            (m.place.country for m in reversed(self.places[first:last]) if m.place and m.role == "location"), None
        )

    def _is_anybodys(self, head: Head, position: int) -> bool:
        """ "Vier Soldaten sind gefallen": without an article or an owner where they fell does not tell whose they are,
        unless the army of that country is the only one that the words have named."""
        if head.key != "mil" or self._determiner(position) in self.lexicon.sets["definite_articles"]:
            return False
        loyal = head.prefix in self.lexicon.sets["loyal_prefixes"]
        return is_tail_in(self.lexicon.sets["soldiers"], self.tokens[position].text) and not loyal

    def _is_sent(self, position: int) -> bool:
        """ "Truppen nach Mali", "Soldaten an die Grenze": what follows is where they go, not whose they are."""
        sets = self.lexicon.sets
        words = [token.text.lower() for token in self.tokens[position + 1 : position + 3]]
        if not words or words[0] in sets["destinations"]:
            return bool(words)
        return len(words) > 1 and words[0] in sets["directions"] and words[1] in sets["direct_articles"]

    def _determiner(self, position: int) -> str:
        """The article of a noun in lower case, over its adjectives and numbers; "" where something else is before."""
        i = position - 1
        while i > 0 and i > position - 4 and self.tokens[i].kind in ("word", "number", "participle"):
            i -= 1
        return self.tokens[i].text.lower() if i >= 0 else ""

    def _is_owned(self, position: int) -> bool:
        """ "seine Soldaten": the text says whose, so what follows ("aus dem Senegal") does not."""
        return position > 0 and self.tokens[position - 1].text.lower() in self.lexicon.sets["own"]

    def _local_country(self, token: Token) -> str | None:
        """The country of the place spoken of: in this sentence, before it, or in most of the report. Where talks are
        held tells nothing of who holds them."""
        found: list[tuple[bool, int, str]] = []
        if self.sentence is not None:
            first = bisect_left(self.place_starts, self.sentence.span.start)
            last = bisect_left(self.place_starts, self.sentence.span.end)
            start = self._dateline_end()
            found = [
                (mention.span.start > token.start, abs(mention.span.start - token.start), mention.place.country)
                for mention in self.places[first : min(last, first + 20)]
                if mention.place is not None
                and mention.place.country
                and mention.role != "actor"
                and mention.span.start >= start
                and not self._is_goal(mention.span.start)
            ]
        if found and self._verb_at(token) in self.lexicon.sets["venue_verbs"]:
            venues = {country for _, _, country in found}
            return next((c for c in (self.memory.focus, self.main_country) if c is not None and c not in venues), None)
        if found:
            return min(found)[2]
        return self.memory.focus or (self.main_country if not self._is_at_sea() else None)

    def _is_at_sea(self) -> bool:
        """Does the sentence name waters and no land: "in der Karibik"?"""
        if self.sentence is None:
            return False
        first = bisect_left(self.place_starts, self.sentence.span.start)
        last = bisect_left(self.place_starts, self.sentence.span.end)
        named = [m.place for m in self.places[first:last] if m.place is not None and m.role == "location"]
        return bool(named) and all(place.precision in ("sea", "lake") and not place.country for place in named)

    def _is_goal(self, offset: int) -> bool:
        """ "(Soldaten flohen) in den Irak", "nach Kenia": where somebody goes, not where it is about."""
        sets, index = self.lexicon.sets, bisect_left(self.tokens, offset, key=_START)
        before = [token.text.lower() for token in self.tokens[max(0, index - 2) : index]]
        if not before or before[-1] in sets["destinations"]:
            return bool(before)
        return before[0] in sets["directions"] and before[-1] in sets["direct_articles"]

    def _dateline_end(self) -> int:
        """Where the dateline of the sentence ends: it tells where a report was written, not whose soldiers it means."""
        clauses = self.sentence.clauses if self.sentence is not None else ()
        return clauses[0].span.end if len(clauses) > 1 and clauses[0].kind == "fragment" else 0

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
