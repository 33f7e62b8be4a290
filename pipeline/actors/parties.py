"""Several actors in one phrase: "beide Seiten", "die drei Armeen", "die Außenminister Kenias und Ugandas"."""

from __future__ import annotations

from pipeline.actors.knowledge import actor_by_id, find_holder, group_actor, state_actor
from pipeline.actors.owners import Owners
from pipeline.actors.words import Head, look_up
from pipeline.records import Actor

_PEOPLE = frozenset(
    {"civ", "refugees", "protesters", "settlers", "hostages", "prisoners", "medics", "med", "edu", "bus", "uaf", "crm"}
)
_FRESH = 3  # sentences after which two parties that "und" joined are no longer the nearest


class Parties(Owners):
    """Finds the members of a phrase that names a number of parties."""

    def _find_members(self, position: int, head: Head) -> tuple[Actor, ...]:
        """Whom "beide Seiten", "die drei Armeen", "ihre Gesandten" take up: the actors named together or last; nobody
        where that is not clear."""
        sets, memory = self.lexicon.sets, self.memory
        if position == 0 or (head.kind == "group" and head.key in _PEOPLE):
            return ()  # "seine beiden Brüder"
        before = self.tokens[position - 1]
        low = before.text.lower()
        if low in sets["both"] or low in self.lexicon.numbers:
            wanted = self.lexicon.numbers.get(low, 2)
            if low not in sets["both"] and not self._is_definite(position - 1):
                return ()
            here = {actor.country or actor.id for actor in self.run}
            sides = tuple(a for a in self.sides_before if (a.country or a.id) not in here)
            sides = sides if len(sides) > 1 else tuple(memory.sides.values())
            named = [sides[-2:] if wanted == 2 else ()]
            if not self._shares_clause(position):  # "Katar und Ägypten mahnten beide Seiten"
                fresh = self.number - memory.joined_at <= _FRESH
                named.insert(0, self._latest_subject())
                named.insert(0 if fresh else len(named), memory.joined)
            members = next((found for found in named if len(found) == wanted), ())
        elif low in sets["their"] and head.kind == "office":
            members = self._latest_subject()
        else:
            return ()
        return tuple(self._member(head, actor) for actor in members) if len(members) > 1 else ()

    def _shares_clause(self, position: int) -> bool:
        """Were the last parties that "und" joined named in the clause around a word?"""
        if self.memory.joined_at != self.number or self.run_end < 1:
            return False
        offset, other = self.tokens[position].start, self.tokens[self.run_end - 1].start
        around = self._clause_at(offset)
        return around is not None and around.span.start <= other < around.span.end

    def _is_definite(self, position: int) -> bool:
        return position > 0 and self.tokens[position - 1].text.lower() in self.lexicon.sets["definite_articles"]

    def _latest_subject(self) -> tuple[Actor, ...]:
        """The actors of the last plural subject, not further back than the sentence before."""
        subject = self.memory.subjects.get("p")
        return subject.actors if subject is not None and self.number - subject.sentence <= 1 else ()

    def _peers(self, head: Head) -> Head:
        """The office of "seine Kollegen": that of the person named last."""
        offices = self.memory.offices.items()
        known = (key for (key, country), actor in offices if country is None and actor == self.memory.person)
        key = next(known, None) if head.key == "colleague" else None
        return head._replace(key=key, sector="GOV") if key else head

    def _member(self, head: Head, actor: Actor) -> Actor:
        """What of a party a noun names: its army, its president, or the party itself."""
        head = self._peers(head)
        if actor.country is None or actor.sector not in ("GOV", "MIL", "SPY"):
            return actor
        if head.key == "mil" and actor.sector != "MIL":
            return group_actor("mil", actor.country)
        if head.kind == "office":
            known = self.memory.offices.get((head.key, actor.country))
            return known or find_holder(head.key, actor.country, self.published) or actor
        return actor

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
        seated = head.key == "colleague" and i < len(tokens) and tokens[i].text.lower() in sets["locatives"]
        i += seated  # "mit seinen Kollegen in Baku und Eriwan"
        while (plural or seated) and i < len(tokens):
            if (
                tokens[i].text.lower() in sets["definite_articles"]
                or tokens[i].text.lower() in sets["origin_prepositions"]
            ):
                i += 1
            word = look_up(self.code, tokens[i].text) if i < len(tokens) else None
            found = self._match(i, word) if word is not None else None
            if found is not None and found[1].kind == "seat" and seated:
                found = found[0], found[1]._replace(kind="state")
            if found is None or found[1].kind not in ("state", "body"):
                break
            actor = state_actor(found[1].key) if found[1].kind == "state" else actor_by_id(found[1].key)
            bare = not listed and i == position + 1 and not seated
            if actor is None or (bare and not self._is_genitive(*found)):
                break
            listed.append(actor)
            i = end = found[0]
            if i >= len(tokens) or not (tokens[i].text == "," or tokens[i].kind == "coordination"):
                break
            i += 1
        return end, tuple(listed)
