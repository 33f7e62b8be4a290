"""What the clauses of one sentence give each other: dates and places that a clause lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from pipeline.events.dating import UNDATED, Dated, choose_time, find_own_times, from_mention, is_since
from pipeline.events.focus import Focus
from pipeline.events.lexicon import Lexicon, Rule
from pipeline.events.modality import Verdict
from pipeline.events.placing import is_destination, narrow, only_names
from pipeline.events.scopes import Scope, find_actor_tags, find_phrase, index_at
from pipeline.events.subjects import shares_subject
from pipeline.events.triggers import Trigger, find_triggers
from pipeline.records import Document, Place


class Neighbours:
    """The clauses of one sentence with their triggers, and what the sentences before established."""

    def __init__(self, document: Document, scopes: Sequence[Scope], lexicon: Lexicon, focus: Focus) -> None:
        self.document, self.scopes, self.lexicon, self.focus = document, scopes, lexicon, focus
        self.latest: tuple[int, tuple[Place, ...]] | None = None  # clause and places of the last event that has some
        self.triggers: list[list[Trigger]] = [find_triggers(scope, lexicon, self._promised(scope)) for scope in scopes]

    def _promised(self, scope: Scope) -> frozenset[str]:
        """Classes of words in the clauses that say what this one promises, threatens or offers, and of the actors of
        the clause whose subject it shares."""
        children = [s.tags for s in self.scopes if s.clause.parent == scope.number and s.clause.kind != "relative"]
        following = self.scopes[scope.number + 1 : scope.number + 2]
        children += [
            s.tags for s in following if s.clause.parent is None and s.clause.mood in ("subjunctive1", "subjunctive2")
        ]
        if shares_subject(scope) and scope.number:
            children.append(find_actor_tags(self.scopes[scope.number - 1].actors))
        return frozenset().union(*children)

    def _timed(self, scope: Scope) -> frozenset[int]:
        """Token indices of the clause's time expressions."""
        if not scope.times:
            return frozenset()
        return frozenset(
            i
            for number in scope.times
            for i in range(
                index_at(scope, self.document.times[number].span.start),
                index_at(scope, self.document.times[number].span.end - 1) + 1,
            )
        )

    def _clause_date(self, scope: Scope) -> Dated | None:
        """The date that the clause's own expressions give to its verb."""
        times = self.document.times
        asides = self.triggers[scope.number]
        free = [
            n
            for n in scope.times
            if not any(
                t.aside and n in find_own_times(t, scope, asides, times, self.lexicon)
                for t in asides
                if t.phrase and t.phrase.preposition in self.lexicon.cues["occasion_prepositions"]
            )
        ]
        over = scope.clause.tense == "past"
        chosen = choose_time(free, scope, times, over, self.document.published, self.lexicon)
        return from_mention(chosen, scope, self.document, self.lexicon) if chosen is not None else None

    def _since_occasion(self, scope: Scope) -> Dated | None:
        """ "Seit der Einnahme der Stadt Ende Januar wurden 200 Menschen verletzt": from the occasion to the report; the
        day of the report is no date for what has lasted since an occasion without one."""
        triggers, times, published = self.triggers[scope.number], self.document.times, self.document.published
        for t in triggers:
            if not (t.aside and t.phrase and t.phrase.preposition in self.lexicon.cues["since"]) or published is None:
                continue
            numbers = find_own_times(t, scope, triggers, times, self.lexicon)
            chosen = choose_time(numbers, scope, times, True, published, self.lexicon)
            dated = from_mention(chosen, scope, self.document, self.lexicon, t) if chosen is not None else None
            if dated is not None and dated.when is not None and dated.when.start is not None:
                until = replace(dated.when, end=published + timedelta(days=1), precision="range")
                return dated._replace(when=until, certainty="inferred", ongoing=True)
            return UNDATED._replace(ongoing=True)
        return None

    def _lasts(self, scope: Scope) -> bool:
        """Does the clause tell since when without a date?"""
        times = self.document.times
        return any(times[n].when is None and is_since(scope, times[n], self.lexicon) for n in scope.times)

    def _hours_apart(self, scope: Scope) -> Dated | None:
        """ "Wenige Stunden zuvor hatten Rebellen ...": of the day in focus, as near as the words tell."""
        cues, times = self.lexicon.cues, self.document.times
        apart = scope.lower & (cues["earlier_words"] | cues["later_words"])
        if not apart or not any(times[n].timex_value.startswith("PT") for n in scope.times if not times[n].when):
            return None
        return self.focus.latest

    def _sentence_date(self, scope: Scope, own_dates: Sequence[Dated | None], says: int | None) -> Dated | None:
        """What a clause may take over: from the clause that governs it, else from the clause before it."""
        seen = {scope.number}
        parent = scope.clause.parent
        if scope.clause.opener in self.lexicon.cues["as_told"]:
            return None
        if scope.number and shares_subject(scope):
            before, date = self.scopes[scope.number - 1].clause, own_dates[scope.number - 1]
            if date is not None and before.parent == scope.clause.parent and before.tense == scope.clause.tense:
                return date
        for child in self.scopes:  # "Als am Freitag ein Konvoi ausbrach, geriet er in einen Hinterhalt"
            date = own_dates[child.number]
            within = (
                child.clause.parent == scope.number and child.clause.opener in self.lexicon.cues["same_time_openers"]
            )
            if within and date is not None:
                return date
        while parent is not None and parent not in seen and parent < len(self.scopes):
            if parent == says:
                return None
            ahead = self.scopes[parent].clause.tense == "future" and scope.clause.tense == "past"
            if own_dates[parent] is not None and not ahead:  # "das 400 geschickt hat, will im Mai 600 entsenden"
                return own_dates[parent]
            seen.add(parent)
            parent = self.scopes[parent].clause.parent
        if scope.clause.parent is not None:
            return None
        for number in range(scope.number - 1, -1, -1):
            other = self.scopes[number].clause
            if (
                other.parent is None
                and other.tense == scope.clause.tense
                and (other.pluperfect or not scope.clause.pluperfect)
                and own_dates[number] is not None
            ):
                return own_dates[number]
        return None

    def _sentence_places(self, scope: Scope) -> tuple[Place, ...]:
        """Places named in a clause beside this one, nearest first; not those of a clause that only says it. A clause
        that shares the subject of the one before ("... und zerstörten zwei Brücken") shares its place."""
        if shares_subject(scope) and self.latest is not None and self.latest[0] == scope.number - 1:
            return self.latest[1]
        for number in [*range(scope.number - 1, -1, -1), *range(scope.number + 1, len(self.scopes))]:
            other = self.scopes[number]
            if other.clause.kind == "infinitive" or other.noun is not None:
                continue  # where somebody threatens or plans to go
            if other.clause.verb in self.lexicon.cues["topic_verbs"]:
                continue  # "... und begründete dies mit dem Anschlag von Goma"
            if number > scope.number and self.triggers[number] and self._stands_apart(scope, other):
                continue  # another event behind this one
            if (
                all(t.rule.speech for t in self.triggers[number])
                and self.triggers[number]
                and number != scope.clause.parent
            ):
                continue
            located = (m for m in other.places if m.role == "location" and m.place)
            mentions = [m for m in located if not only_names(m, other, self.lexicon)]
            if number > scope.number:  # "... nahm Männer fest, zwölf wurden nach Esmeraldas verlegt"
                mentions = [m for m in mentions if not is_destination(m, other, self.lexicon)]
            if mentions:
                return narrow(mentions)
        return ()

    def _stands_apart(self, scope: Scope, behind: Scope) -> bool:
        """A main clause, "..., woraufhin Israel Tyrus bombardierte"; and "..., nachdem in Delhi ein Auto explodierte"
        where this clause does not tell whom that killed."""
        opener, cues = behind.clause.opener, self.lexicon.cues
        counts = any(t.rule.casualties or t.rule.toll for t in self.triggers[scope.number])
        return (
            behind.clause.kind == "main"
            or opener in cues["apart_openers"]
            or (opener in cues["after_openers"] and not counts)
        )

    def _governing_places(self, scope: Scope) -> tuple[Place, ...]:
        """Places of the governing clause where that is no event of its own, or where this clause says "wo"; places of
        the main clause for its condition."""
        parent = scope.clause.parent
        if parent is None or parent >= len(self.scopes):
            return ()
        other = self.scopes[parent]
        mentions = [m for m in other.places if m.role == "location" and m.place]
        linked = (
            not self.triggers[parent]
            or scope.clause.opener in self.lexicon.cues["where"]
            or (scope.finite is not None and scope.words[:1] == (scope.finite,))
        )
        return narrow(mentions) if mentions and linked else ()

    def _venue(self, verdict: Verdict) -> tuple[Place, ...]:
        """Where somebody said it: "In Kiew sagte X, ..."."""
        if verdict.says is None:
            return ()
        mentions = [m for m in self.scopes[verdict.says].places if m.role == "location" and m.place]
        return narrow(mentions)

    def _focus_places(self, scope: Scope, rule: Rule) -> tuple[Place, ...]:
        """The place in focus that the words of a clause take up: "die Stadt" a town, "die Region" an area, "dort", a
        building and the dead of an attack whatever was last."""
        cues, focus = self.lexicon.cues, self.focus
        if self._takes_up(scope, "area_anaphora"):
            return focus.areas
        if self._takes_up(scope, "capital_words"):
            return focus.find_capital(self.document) or focus.settled
        if self._takes_up(scope, "town_anaphora"):
            return focus.settled
        if scope.lower & cues["sum_words"]:
            return ()
        if scope.clause.pluperfect and scope.times:
            return ()  # "Im Juli waren bei Kämpfen 48 Menschen umgekommen": then, and perhaps elsewhere
        if scope.lower & cues["place_anaphora"] or "building" in scope.tags or rule.casualties:
            return focus.places
        return ()

    def _takes_up(self, scope: Scope, nouns: str) -> bool:
        """Does one of the nouns stand with a definite article: "in der Stadt", not "über armenischem Gebiet"?"""
        cues = self.lexicon.cues
        for index in scope.words if scope.lower & cues[nouns] else ():
            if scope.token(index).text.lower() in cues[nouns]:
                behind = scope.sentence.tokens[index + 1 : index + 2]
                quarter = scope.token(index).text.lower() in cues["quarter_words"]
                if not quarter and any(token.kind == "name" for token in behind):
                    continue  # "die Stadt Bariire", which no gazetteer has
                phrase = find_phrase(scope.sentence, index, self.lexicon, scope.gaps)
                if {phrase.article, phrase.preposition} & (cues["definite_articles"] | cues["contractions"]):
                    return True
        return False
