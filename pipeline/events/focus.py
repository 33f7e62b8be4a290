"""What the sentences of a report have established so far, which the next ones take up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipeline.actors.knowledge import load_states
from pipeline.events.dating import Dated, is_entry
from pipeline.events.drafts import Draft
from pipeline.events.lexicon import Lexicon
from pipeline.events.placing import SETTLED, narrow
from pipeline.events.scopes import Scope
from pipeline.events.sources import Source
from pipeline.records import Document, Place, Sentence, TimeMention


@dataclass(slots=True)
class Focus:
    """What the narrative has established: date and places of a paragraph; ``settled`` and ``areas`` are the last town
    and the last region of the whole report, which "die Stadt" and "die Region" take up, ``latest`` its last date."""

    paragraph: int = -1
    date: Dated | None = None
    latest: Dated | None = None
    places: tuple[Place, ...] = ()
    settled: tuple[Place, ...] = ()
    areas: tuple[Place, ...] = ()
    entry: bool = False  # the paragraph is an entry of a chronology: "13. November: ..."
    source: Source | None = None  # whose words the last sentence gave
    asked: bool = False  # the last sentence was a question
    # Attacks of the last sentence that have only the day of the report.
    fresh: list[Draft] = field(default_factory=list)

    def enter(self, sentence: Sentence, lexicon: Lexicon) -> None:
        """Begin a sentence: a new paragraph establishes all anew, but an answer goes on with what was asked."""
        if sentence.paragraph != self.paragraph and not self.asked:
            self.date, self.places, self.source, self.entry = None, (), None, False
        self.paragraph = sentence.paragraph
        self.asked = bool(sentence.tokens) and sentence.tokens[-1].text in lexicon.cues["questions"]

    def read_on(
        self,
        drafts: Sequence[Draft],
        scopes: Sequence[Scope],
        times: Sequence[TimeMention],
        own_dates: Sequence[Dated | None],
        lexicon: Lexicon,
    ) -> None:
        """Take in what one sentence told."""
        self._note_scene(drafts, scopes, times, own_dates, lexicon)
        self._date_incident(drafts, scopes, own_dates, lexicon)

    def note(self, places: tuple[Place, ...]) -> None:
        self.places = places
        self.settled = tuple(p for p in places if p.precision in SETTLED) or self.settled
        self.areas = tuple(p for p in places if p.precision in ("adm1", "region", "district")) or self.areas

    def _note_scene(
        self,
        drafts: Sequence[Draft],
        scopes: Sequence[Scope],
        times: Sequence[TimeMention],
        own_dates: Sequence[Dated | None],
        lexicon: Lexicon,
    ) -> None:
        """Date and places of the last plain happening."""
        for draft in drafts:
            self.entry = self.entry or (draft.own_time and is_entry(draft.event.time, draft.scope, times, lexicon))
            if draft.trigger.aside or draft.topic or draft.event.modality not in ("happened", "claimed"):
                continue
            past = draft.scope.clause.pluperfect and self.date is not None
            told = draft.event.when is not None and not draft.event.ongoing and not past
            if draft.own_time and told and draft.event.time is not None:
                event = draft.event
                self.date = Dated(event.when, event.date_certainty, event.time, False, event.reasons[1])
                self.latest = self.date
            if draft.own_place and draft.trigger.rule.frame != "say":
                self.note(draft.event.places)
        if not drafts:
            self._note_setting(scopes, own_dates)
        if not self.places:
            settled = [
                m for s in scopes for m in s.places if m.role == "location" and m.place and m.place.precision in SETTLED
            ]
            self.note(narrow(settled[-1:]))

    def _note_setting(self, scopes: Sequence[Scope], own_dates: Sequence[Dated | None]) -> None:
        """ "Am Freitag standen sechs Männer vor ihrer Tür in Banias": what follows happens there and then."""
        for scope, dated in zip(scopes, own_dates, strict=True):
            clause = scope.clause
            told = clause.parent is None and clause.tense == "past" and clause.mood == "indicative"
            if not told or clause.pluperfect or dated is None or dated.when is None or dated.ongoing:
                continue
            self.date = self.latest = dated
            here = [m for m in scope.places if m.role == "location" and m.place and m.place.precision in SETTLED]
            if here:
                self.note(narrow(here))

    def _date_incident(
        self, drafts: Sequence[Draft], scopes: Sequence[Scope], own_dates: Sequence[Dated | None], lexicon: Lexicon
    ) -> None:
        """ "Ein Soldat wurde bei dem Vorfall am Montag verletzt": dates the attack that the sentence before told."""
        nouns = lexicon.cues["incident_nouns"]
        for scope, date in zip(scopes, own_dates, strict=True):
            if date is None or not scope.lower & nouns or scope.clause.tense != "past":
                continue
            for draft in self.fresh:
                reasons = (draft.event.reasons[0], date.reason, *draft.event.reasons[2:])
                draft.event = replace(
                    draft.event, when=date.when, date_certainty="inferred", time=date.time, reasons=reasons
                )
        self.fresh = [
            draft
            for draft in drafts
            if draft.event.type in ("ASSAULT", "COERCE") and draft.event.date_certainty == "reporting-time"
        ]

    def find_capital(self, document: Document) -> tuple[Place, ...]:
        """ "in der Hauptstadt": that of the country in focus, where the report names it somewhere."""
        country = self.settled[0].country if self.settled else None
        state = load_states().get(country) if country else None
        seats = state.seats if state else ()
        found = (m.place for m in document.places if m.place and m.place.country == country)
        capital = next((place for place in found if place.name in seats), None)
        return (capital,) if capital is not None else ()
