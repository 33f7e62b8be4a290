"""Reads the events of one sentence: each trigger with its modality, date, places, actors and toll."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.actors.knowledge import is_person
from pipeline.actors.words import is_plural_verb
from pipeline.events.casualties import Toll, find_casualties
from pipeline.events.conjuncts import find_conjuncts
from pipeline.events.dating import (
    UNDATED,
    Dated,
    choose_time,
    date_event,
    find_known,
    find_own_times,
    from_mention,
)
from pipeline.events.drafts import Draft
from pipeline.events.filling import fill_actors
from pipeline.events.focus import Focus
from pipeline.events.lexicon import Lexicon, Rule, find_nouns
from pipeline.events.modality import Verdict, find_modality
from pipeline.events.neighbours import Neighbours
from pipeline.events.parts import Part, find_parts
from pipeline.events.placing import find_locations, place_event
from pipeline.events.roles import assign_roles
from pipeline.events.scopes import Scope, find_phrase, index_at, opens_condition
from pipeline.events.sources import find_saying, find_source
from pipeline.events.subjects import find_subjects, shares_subject
from pipeline.events.triggers import Trigger
from pipeline.records import Count, Document, Event, Participation, Place, Reason, Span

_REACH_OF_NOUN = 6  # words between a noun and the relative clause that goes on with it
_MATERIAL = frozenset({"ASSAULT", "COERCE", "AID", "RETREAT", "PROTEST", "MOBILIZE", "OTHER"})


class SentenceReader(Neighbours):
    """Reads the events of one sentence. Holds what its clauses share."""

    def __init__(
        self, document: Document, scopes: Sequence[Scope], lexicon: Lexicon, countries: frozenset[str], focus: Focus
    ) -> None:
        super().__init__(document, scopes, lexicon, focus)
        self.countries = countries
        self.parts = [self._parts(scope, found) for scope, found in zip(scopes, self.triggers, strict=True)]
        self._continue()

    def _parts(self, scope: Scope, triggers: Sequence[Trigger]) -> list[Part]:
        return find_parts(scope, [t.word for t in triggers], self.lexicon, self._timed(scope))

    def _continue(self) -> None:
        """ "und werden am Sonntag fortgesetzt": a clause that goes on with the event named before."""
        for number, scope in enumerate(self.scopes):
            verb = scope.clause.verb
            if verb not in self.lexicon.cues["continue_verbs"] or scope.clause.main_span is None:
                continue
            own = [t for t in self.triggers[number] if t.kind == "noun" and not t.aside]
            earlier = (
                own[:1] or [t for found in reversed(self.triggers[:number]) for t in found if t.kind == "noun"][:1]
            )
            if not earlier and scope.clause.kind == "relative" and scope.words:
                earlier = self._antecedent(scope)
            if earlier:
                word = index_at(scope, scope.clause.main_span.start)
                trigger = replace(earlier[0], span=scope.clause.main_span, word=word, kind="continued", aside=False)
                told = [t for t in own if self._is_told(t, scope)]
                self.triggers[number] = [t for t in self.triggers[number] if t not in own or t in told] + [trigger]

    def _is_told(self, trigger: Trigger, scope: Scope) -> bool:
        """ "die Waffenruhe, die zu Ostern galt, verlängern": the one that was, beside what is said of its sequel."""
        following = self._described(trigger, scope)
        return following is not None and self.scopes[following].clause.tense == "past"

    def _antecedent(self, scope: Scope) -> list[Trigger]:
        """The event noun in front of a relative clause: "die Gespräche, die in Caracas wiederaufgenommen wurden"."""
        for i in range(scope.words[0] - 1, max(-1, scope.words[0] - 1 - _REACH_OF_NOUN), -1):
            token = scope.token(i)
            entries = [e for e in self.lexicon.event_nouns[token.text] if not e.rule.with_tags]
            if entries and token.kind == "name":
                rule = entries[0].rule
                return [Trigger(rule, Span(token.start, token.end), i, "noun", rule.mode, None)]
        return []

    def read(self) -> list[Draft]:
        own_dates = [self._clause_date(scope) for scope in self.scopes]
        drafts: list[Draft] = []
        for whole, triggers in zip(self.scopes, self.triggers, strict=True):
            for trigger in triggers:
                for scope in find_conjuncts(trigger, whole, self.document.times):
                    draft = self._draft(trigger, scope, triggers, own_dates)
                    if draft is not None:
                        drafts.append(draft)
        self._drop_empty_sayings(drafts)
        drafts.sort(key=lambda draft: draft.trigger.rule.casualties and draft.trigger.rule.frame == "victims")
        self.focus.read_on(drafts, self.scopes, self.document.times, own_dates, self.lexicon)
        self.focus.source = find_source(self.scopes, self.parts, self.lexicon, self.focus.source)
        return drafts

    def _draft(
        self, trigger: Trigger, scope: Scope, triggers: Sequence[Trigger], own_dates: Sequence[Dated | None]
    ) -> Draft | None:
        document, lexicon, times = self.document, self.lexicon, self.document.times
        rule, clause = trigger.rule, scope.clause
        imagined = clause.opener in lexicon.cues["hypothetical_openers"] and rule.frame == "together"
        if clause.quoted and rule.type not in _MATERIAL and not imagined:
            return None
        if trigger.kind == "noun" and self._only_is(trigger, scope):
            return None
        own_numbers = find_own_times(trigger, scope, triggers, times, lexicon)
        completed = (clause.tense == "past" or trigger.aside) and clause.modal not in lexicon.cues["planned_modals"]
        # "wurde das Treffen am Freitag abgesagt", "haben für Freitag zu einer Kundgebung aufgerufen"
        called = trigger.kind == "noun" and clause.verb in lexicon.cues["invite_verbs"] | lexicon.cues["planned_verbs"]
        completed = completed and not trigger.cancelled and not called
        chosen = choose_time(own_numbers, scope, times, completed, document.published, lexicon)
        own = from_mention(chosen, scope, document, lexicon, trigger) if chosen is not None else None
        if (
            own is None
            and trigger.aside
            and trigger.phrase
            and trigger.phrase.preposition not in lexicon.cues["occasion_prepositions"]
        ):
            own = own_dates[scope.number]
        relative = self._described(trigger, scope) if own is None else None
        own = own or (own_dates[relative] if relative is not None else None)
        announced = lexicon.cues["announce_verbs"] | lexicon.cues["threat_verbs"]
        if (
            trigger.kind == "noun"
            and not trigger.aside
            and clause.verb in announced
            and not self._is_for(chosen, scope)
        ):
            own = None  # the time dates the announcement
        verdict = find_modality(
            trigger,
            scope,
            self.scopes,
            self.parts,
            own.when if own else None,
            document.published,
            lexicon,
            self.focus.source,
        )
        if relative is not None and own is not None and self.scopes[relative].clause.tense == "past":
            verdict = verdict._replace(modality="happened")
        if self._tells_nothing(trigger, scope, own, verdict):
            return None
        actors = assign_roles(trigger, scope, self.scopes, self.parts, lexicon)
        if trigger.kind == "verb" and clause.verb in lexicon.cues["threat_verbs"] and self._looms(scope, actors):
            return None
        own_places = find_locations(trigger, scope, triggers, lexicon)
        placed = place_event(
            trigger,
            scope,
            own_places,
            self._sentence_places(scope),
            self._governing_places(scope),
            self._venue(verdict),
            self._focus_places(scope, rule),
            verdict.modality,
            lexicon,
        )
        actors = fill_actors(trigger, scope, actors, placed.places, verdict, lexicon)
        dated = self._date(trigger, scope, own, verdict, own_dates, actors_countries(actors, placed.places))
        toll = self._toll(trigger, scope)
        if toll.fatalities is None and trigger.kind == "verb" and self._kills_one(trigger, scope, actors):
            toll = toll._replace(fatalities=Count(1, 1, 1))
        attempted = rule.mode == "seize" and self._is_attempt(scope)
        token = scope.token(trigger.word)
        definite = bool(
            trigger.phrase
            and (
                trigger.phrase.article in lexicon.cues["definite_articles"]
                or trigger.phrase.preposition in lexicon.cues["definite_articles"]
            )
        )
        fresh = bool(trigger.phrase and lexicon.cues["new_words"].intersection(trigger.phrase.words))
        if placed.places and not trigger.aside:
            self.latest = scope.number, placed.places
        elif self.latest is not None and shares_subject(scope):
            self.latest = scope.number, self.latest[1]
        event = Event(
            id="",
            document_id=document.id,
            type="ASSAULT" if attempted else rule.type,
            mode=None if attempted else trigger.mode,
            acled=None if attempted else trigger.acled,
            sentence=scope.sentence.span,
            trigger=trigger.span,
            when=dated.when,
            date_certainty=dated.certainty,
            ongoing=dated.ongoing,
            time=dated.time,
            places=placed.places,
            actors=actors,
            modality=verdict.modality,
            claimed_by=verdict.claimed_by.id if verdict.claimed_by else None,
            fatalities=toll.fatalities,
            injured=toll.injured,
            confidence=0.0,
            reasons=(self._trigger_reason(trigger, rule), dated.reason, placed.reason),
        )
        answers = self._answers(trigger, scope)
        occurs = bool(trigger.phrase and trigger.phrase.preposition not in lexicon.cues["occasion_prepositions"])
        return Draft(
            event, trigger, scope, own is not None, placed.own, definite, token.text.lower(), occurs, answers,
            total=bool(lexicon.cues["total_words"] & scope.lower),
            thereby=bool(lexicon.cues["toll_words"] & scope.lower), fresh=fresh,
            judges=trigger.kind == "noun" and clause.verb in lexicon.cues["judging_verbs"],
            topic=self._is_reason(trigger), before=bool(lexicon.cues["earlier_words"] & scope.lower),
        )  # fmt: skip

    def _is_reason(self, trigger: Trigger) -> bool:
        """ "als Vergeltung für die Tötung seines Kommandeurs Ende Juli"."""
        prepositions = self.lexicon.cues["topic_prepositions"] - self.lexicon.cues["event_zu"]
        return trigger.phrase is not None and trigger.phrase.preposition in prepositions

    def _looms(self, scope: Scope, actors: Sequence[Participation]) -> bool:
        """ "Dem Mann droht die Todesstrafe": nobody threatens."""
        named = any(p.role == "actor" for p in actors)
        taken_up = bool(actors) and any(scope.token(i).kind == "pronoun" for i in scope.words)
        return not (named or taken_up or scope.clause.passive)

    def _tells_nothing(self, trigger: Trigger, scope: Scope, own: Dated | None, verdict: Verdict) -> bool:
        """Words of a quotation, a question, a condition or of what was not said: no event, whatever they name."""
        rule, clause, cues = trigger.rule, scope.clause, self.lexicon.cues
        if clause.quoted and verdict.modality == "happened" and clause.tense != "past" and not rule.casualties:
            return True
        if clause.opener in cues["asking_openers"] and trigger.kind == "verb":
            return True  # "wer geschossen hat, ist unklar"
        if rule.speech and (
            verdict.modality == "negated" or (rule.type == "STATEMENT" and clause.kind == "infinitive")
        ):
            return True
        if own is None and scope.sentence.tokens and scope.sentence.tokens[-1].text in cues["questions"]:
            return True
        return verdict.modality == "hypothetical" and self._is_condition(scope)

    def _is_for(self, chosen: int | None, scope: Scope) -> bool:
        """ "hat für Freitag Manöver angekündigt": the time of what is announced."""
        if chosen is None:
            return False
        first = index_at(scope, self.document.times[chosen].span.start)
        words = {scope.token(i).text.lower() for i in range(max(0, first - 2), first + 1)}
        return bool(words & self.lexicon.cues["scheduling_prepositions"])

    def _answers(self, trigger: Trigger, scope: Scope) -> bool:
        """Does a trigger condemn or answer an attack that the report told before?"""
        lexicon = self.lexicon
        if trigger.rule.type in ("ASSAULT", "THREATEN"):
            return "response" in scope.tags
        if trigger.rule.type != "ACCUSE":
            return False
        for index in scope.words:
            attack = any(entry.rule.type == "ASSAULT" for entry in find_nouns(lexicon, scope.token(index).text))
            phrase = find_phrase(scope.sentence, index, lexicon, scope.gaps) if attack else None
            if phrase is not None and phrase.article in lexicon.cues["definite_articles"]:
                return True
        return False

    def _only_is(self, trigger: Trigger, scope: Scope) -> bool:
        """ "Die Gespräche sind positiv", "ein Gespräch über Flucht": tells how or what something is, not that it takes
        place."""
        clause, cues = scope.clause, self.lexicon.cues
        finite = scope.token(scope.finite).text if scope.finite is not None else ""
        if clause.verb in cues["become_verbs"] and finite in cues["conditional_finites"]:
            return True  # "Es sollte eine Konferenz werden"
        if clause.verb is None and scope.token(trigger.word).text.lower() in cues["interview_nouns"]:
            behind = scope.sentence.tokens[trigger.word + 1 : trigger.word + 2]
            return any(token.text.lower() in cues["interview_openers"] for token in behind)
        is_verb = clause.verb in cues["be_verbs"]
        hit = bool(self.lexicon.cues["hit_nouns"] & scope.lower)  # "Ziel der Attacke war ein Depot"
        return is_verb and not (hit or trigger.aside or trigger.rule.casualties or scope.times or scope.places)

    def _is_attempt(self, scope: Scope) -> bool:
        """ "versuchten, den Palast einzunehmen": an attack, no capture."""
        parent = scope.clause.parent
        return parent is not None and self.scopes[parent].clause.verb in self.lexicon.cues["attempt_verbs"]

    def _described(self, trigger: Trigger, scope: Scope) -> int | None:
        """The relative clause right after a noun that dates it: "die Waffenruhe, die zu Ostern galt"."""
        following = scope.number + 1
        if trigger.kind != "noun" or following >= len(self.scopes):
            return None
        other = self.scopes[following]
        if other.clause.kind != "relative" or not other.words or self.triggers[following]:
            return None
        between = range(trigger.word + 1, other.words[0])  # "den Sondergipfel der IGAD, der am Mittwoch tagt"
        near = len(between) <= 4 and all(scope.token(i).kind in ("article", "name", "punctuation") for i in between)
        return following if near else None

    def _is_condition(self, scope: Scope) -> bool:
        """ "... drohte mit Krieg, falls er nicht zurücktritt": the condition of what somebody says is no event."""
        parent = scope.clause.parent
        if opens_condition(scope, self.lexicon):
            parent = scope.number - 1
        elif scope.clause.opener not in self.lexicon.cues["hypothetical_openers"]:
            return False
        return parent is not None and any(t.rule.frame == "say" for t in self.triggers[parent])

    def _trigger_reason(self, trigger: Trigger, rule: Rule) -> Reason:
        word = self.document.text[trigger.span.start : trigger.span.end]
        return Reason(f"events.trigger_{trigger.kind}", (("word", word), ("rule", rule.id)))

    def _date(
        self,
        trigger: Trigger,
        scope: Scope,
        own: Dated | None,
        verdict: Verdict,
        own_dates: Sequence[Dated | None],
        named: frozenset[str],
    ) -> Dated:
        if scope.lower & self.lexicon.cues["anniversary_words"] and trigger.kind == "noun":
            own = None
            known = find_known(trigger, scope, self.countries, named, self.lexicon)
            return known or UNDATED
        if own is None:
            known = find_known(trigger, scope, self.countries, named, self.lexicon)
            if known is not None and (trigger.aside or scope.clause.tense != "future"):
                return known
        if own is None and not trigger.aside and (since := self._since_occasion(scope)) is not None:
            return since
        if own is None and not trigger.aside and (day := self._hours_apart(scope)) is not None:
            return day._replace(certainty="inferred", reason=Reason("events.date_focus", day.reason.values))
        if own is None and spoke_before(trigger.rule, scope, self.lexicon):
            return UNDATED
        if own is None and trigger.kind == "verb" and self._lasts(scope):
            return UNDATED._replace(ongoing=True)  # "bekriegen sich seit Jahren"
        saying = own_dates[verdict.says] if verdict.says is not None else None
        return date_event(
            trigger,
            scope,
            own,
            self._sentence_date(scope, own_dates, verdict.says),
            saying,
            self.focus.date,
            verdict.modality,
            self.document.published,
            bool(self.lexicon.cues["earlier_words"] & scope.lower),
            self.focus.entry,
        )

    def _toll(self, trigger: Trigger, scope: Scope) -> Toll:
        rule = trigger.rule
        if (
            rule.type != "ASSAULT"
            and not rule.casualties
            and rule.mode not in ("accident", "jailbreak", "disaster", "fire")
        ):
            return Toll(None, None)
        if trigger.aside and any(t.rule.casualties and not t.aside for t in self.triggers[scope.number]):
            return Toll(None, None)
        timed = self._timed(scope)
        reports = scope.clause.verb in self.lexicon.cues["report_verbs"] and scope.finite is not None
        after = scope.finite if reports and scope.finite is not None else -1  # "Ein Arzt berichtete von 20 Toten"
        doers = self._doers(trigger, scope)
        tokens = [scope.token(i) for i in scope.words if i not in timed and i > after and i not in doers]
        starts = {m.span.start for m in scope.actors} | {m.span.end for m in scope.actors}
        named = [i for i, token in enumerate(tokens) if token.start in starts or token.end in starts]
        return find_casualties(tokens, self.lexicon, named)

    def _doers(self, trigger: Trigger, scope: Scope) -> set[int]:
        """ "Zwei Männer (töteten sechs Gäste)": the words of who did it, whose number is not that of the dead."""
        if trigger.kind != "verb" or trigger.rule.frame != "attack" or scope.clause.passive:
            return set()
        parts = find_subjects(scope, self.scopes, self.parts, self.lexicon)
        own = [p for p in parts if p in self.parts[scope.number]]
        return {i for p in own for i in range(find_phrase(scope.sentence, p.first, self.lexicon).start, p.last + 1)}

    def _kills_one(self, trigger: Trigger, scope: Scope, actors: Sequence[Participation]) -> bool:
        """ "Kommandeur N. N. wurde getötet", "der Fahrer starb": one person and nobody else."""
        if not trigger.rule.casualties or scope.clause.verb not in self.lexicon.counts["dead_verbs"]:
            return False
        suffering = [p.actor for p in actors if p.role in ("target", "victim")]
        if len(suffering) != 1 or is_person(suffering[0]):
            return len(suffering) == 1
        finite = scope.token(scope.finite).text if scope.finite is not None else None
        alone = finite is not None and not is_plural_verb(finite, self.lexicon.language)
        falls = trigger.rule.frame == "victims" or scope.clause.passive
        several = self.lexicon.cues["uncounted"] | self.lexicon.cues["collective_nouns"]
        return alone and falls and suffering[0].sector in ("CIV", "MED", "COP") and not scope.lower & several

    def _drop_empty_sayings(self, drafts: list[Draft]) -> None:
        """A plain verb of saying is an event only where what is said holds none, or where it has a date of its own."""
        holding = {find_saying(d.scope, self.scopes, self.lexicon) for d in drafts}
        for draft in list(drafts):
            if draft.event.type != "STATEMENT" or draft.trigger.rule.mode == "warn":
                continue
            number = draft.scope.number
            in_passing = draft.scope.clause.opener in self.lexicon.cues["as_told"]
            says_that = (
                number in holding or in_passing or any(d.scope.number == number and d is not draft for d in drafts)
            )
            quotes = any(s.clause.quoted for s in self.scopes)
            if not draft.event.actors or quotes or (says_that and not (draft.own_time and draft.trigger.rule.claims)):
                drafts.remove(draft)


def spoke_before(rule: Rule, scope: Scope, lexicon: Lexicon) -> bool:
    """ "hatte vorab protestiert": a speech act of an earlier day that the words do not give."""
    return rule.speech and bool(lexicon.cues["earlier_words"] & scope.lower)


def actors_countries(actors: Sequence[object], places: Sequence[Place]) -> frozenset[str]:
    """Countries that a mention itself names, by its actors and places."""
    found = {getattr(getattr(p, "actor", None), "country", None) for p in actors} | {place.country for place in places}
    return frozenset(country for country in found if country)
