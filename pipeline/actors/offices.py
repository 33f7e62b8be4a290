"""Nouns for actors: groups, offices and what takes them up."""

from __future__ import annotations

from pipeline.actors.knowledge import find_holder, group_actor, person_in, state_actor
from pipeline.actors.names import Names
from pipeline.actors.owners import NOBODY, Owner
from pipeline.actors.words import Head, look_up
from pipeline.records import Actor


class Offices(Names):
    """Reads a noun for actors with what belongs to it."""

    def _read_head(self, position: int, start: int, head: Head, owner: Owner) -> int:
        """A noun for actors with what belongs to it, from the token ``start`` on."""
        if self._is_relative_of(position):
            return position + 1
        if owner == NOBODY:
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
        self._note_group(actor, head, owner)
        several = head.gender == "m" and self._determiner(position) in self.lexicon.sets["plural_only"]
        self._emit(start, end, actor, "p" if several else head.gender)  # "die Angreifer"
        return end

    def _note_group(self, actor: Actor, head: Head, owner: Owner) -> None:
        """Remember whose group was named: "Kämpfer der JNIM" are later "die Islamisten"."""
        if actor == owner.body:
            self._remember_body(actor)
        if actor.country:
            self.memory.groups[head.key] = actor.country
            if actor.sector == "MIL":
                self.memory.armies.add(actor.country)
            if owner.country:
                self.memory.armed = owner.country

    def _is_relative_of(self, position: int) -> bool:
        """ "die Schwester von Machthaber N. N.": a person known only by somebody else."""
        sets, behind = self.lexicon.sets, self.tokens[position + 1 : position + 2]
        kin = self.tokens[position].text.lower() in sets["kin"]
        return kin and bool(behind) and behind[0].text.lower() in sets["kin_openers"]

    def _read_office(self, position: int, start: int, head: Head, owner: Owner) -> int:
        head, end = self._peers(head), position + 1
        named = self._read_titled(end, head, owner)
        if named is not None:
            name_end, actor = named
            self._note_office(head, actor)
            self._emit(start, name_end, actor, head.gender)
            return name_end
        if owner.country is None and owner.body is None:
            end, owner = self._extension(end)
            behind_place = self._behind_place(end)
            follows = int(behind_place < len(self.tokens) and self.tokens[behind_place].text == ",")
            follows += follows and self._is_office(behind_place + 1)  # "der Gouverneur von Nord-Kivu, General N. N.,"
            name_at = behind_place + follows if follows else end
            named = (
                self._read_titled(name_at, head, owner, needs_two=bool(follows))
                if end > position + 1 or follows
                else None
            )
            if named is not None:
                name_end, actor = named
                self._note_office(head, actor)
                self._emit(start, end, actor, head.gender, subject=False)
                self._emit(name_at, name_end, actor, head.gender)
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

    def _behind_place(self, position: int) -> int:
        """Where "von Nord-Kivu" ends, a place that an office is of; ``position`` itself where none follows."""
        openers = self.lexicon.sets["genitive_openers"]
        if position >= len(self.tokens) or self.tokens[position].text.lower() not in openers:
            return position
        end = position + 1
        while end < len(self.tokens) and self._place_at(self.tokens[end]) is not None:
            end += 1
        return end if end > position + 1 else position

    def _is_office(self, position: int) -> bool:
        word = look_up(self.code, self.tokens[position].text) if position < len(self.tokens) else None
        return word is not None and word.head is not None and word.head.kind == "office"

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
        if (
            alone
            and head.key in ("commander", "governor", "mayor")
            and before in self.lexicon.sets["definite_articles"]
        ):
            known = self.memory.offices.get((head.key, None)) if not former and not head.prefix else None
            if known is not None:
                return known  # "den General": the one named before
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
        named = self._named_group(position, position + 1, Head("group", "reb", "REB", "f", False, ""), NOBODY)
        if named is not None:
            self._emit(start, named[0], named[1], "f")
            return named[0]
        kinds = ("NGO", "IGO") if head.key == "organisation" else ("REB",)
        actor = next((self.memory.bodies[kind] for kind in kinds if kind in self.memory.bodies), None)
        if actor is None and head.key == "organisation":
            actor = self.memory.bodies.get("REB")
        if actor is None and head.key == "miliz":
            actor = self._group(Head("group", "reb", "REB", "f", False, ""), NOBODY, position)
        if actor is not None and (before is None or before.kind == "article"):
            self._emit(start, position + 1, actor, "f")
        return position + 1
