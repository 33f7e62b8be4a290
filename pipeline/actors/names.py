"""Names that no table knows: people by their first names, titles and offices, groups by the noun in front."""

from __future__ import annotations

from pipeline.actors.knowledge import actor_by_id, actor_id, person_in
from pipeline.actors.owners import NOBODY, Owner
from pipeline.actors.parties import Parties
from pipeline.actors.words import Head, look_up
from pipeline.records import Actor, Sector

_LONGEST_NAME = 5


class Names(Parties):
    """Finds where a name begins and ends, and whom it names."""

    def _apposition(self, end: int) -> tuple[Owner, Sector | None, str | None, int]:
        """ "Miriam Addo, Leiterin der Hilfsorganisation": what follows the comma, and where to read on."""
        if end + 1 >= len(self.tokens) or self.tokens[end].text != ",":
            return NOBODY, None, None, end
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
        return NOBODY, None, None, end

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
                or (end > position and self._has_particle(token.text))
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

    def _has_particle(self, text: str) -> bool:
        """ "al-Dschabari": a surname that begins with a particle in lower case."""
        particle, _, rest = text.partition("-")
        return rest[:1].isupper() and particle in self.lexicon.sets["name_particles"]

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
        if head.gender not in "fn" or head.key not in ("reb", "crm", "ngo", "med", "bus", "pty", "opp"):
            return None
        behind = self._behind_subject_name(position)
        if behind == end and self._is_common(end) and self.tokens[end].text not in self.memory.names:
            return None
        if self._is_timed(self.tokens[end]) or self._place_at(self.tokens[end]) is not None:
            return None
        return max(behind, end + 1), self._new_group(end, max(behind, end + 1), head, owner)

    def _new_group(self, start: int, end: int, head: Head, owner: Owner) -> Actor:
        """The actor for an unknown group of this name, remembered under it."""
        name = " ".join(token.text for token in self.tokens[start:end])
        actor = self.memory.names.get(name) or self.memory.names.get(self.tokens[start].text)
        if actor is None:
            actor = Actor(actor_id(name), name, self._country(head, owner, start - 1), head.sector)
        self.memory.names[name] = self.memory.names[self.tokens[start].text] = actor
        self._remember_body(actor)
        return actor

    def _behind_subject_name(self, position: int) -> int:
        """Where a name behind a noun ends that opens its clause with an article: all up to the finite verb is one
        phrase ("Die Front Libre griff ..."). ``position + 1`` where there is no such name."""
        tokens, end = self.tokens, position + 1
        opens = position > 0 and tokens[position - 1].kind == "article"
        if not opens or (position > 1 and tokens[position - 2].kind not in ("punctuation", "coordination")):
            return position + 1
        while end < min(position + 1 + _LONGEST_NAME, len(tokens)) and tokens[end].kind == "name":
            word = look_up(self.code, tokens[end].text)
            if (word is not None and not word.is_given_name) or self._place_at(tokens[end]) is not None:
                return position + 1
            end += 1
        return end if end < len(tokens) and tokens[end].kind == "finite" else position + 1

    def _read_named(self, position: int) -> int | None:
        """ "Die Front Libre griff ...": a noun that is an armed group only with a name behind it."""
        if self.tokens[position].text.lower() not in self.lexicon.sets["name_only"]:
            return None
        end = self._behind_subject_name(position)
        known = self.memory.names.get(self.tokens[position + 1].text) if position + 1 < len(self.tokens) else None
        if end == position + 1 and known is None:
            return None
        end = max(end, position + 2)
        actor = known or self._new_group(position + 1, end, Head("group", "reb", "REB", "f", False, ""), NOBODY)
        self._emit(position, end, actor, "f")
        return end
