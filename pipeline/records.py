"""Every type that travels between the stages: frozen, slotted, picklable, without behaviour.

A field that is not known holds ``None`` (or an empty tuple), never 0, "" or the day of publication.
All offsets are Python string offsets into ``Document.text``, half-open. Coordinates are WGS84 degrees,
countries ISO 3166-1 alpha-3 (``XKX`` for Kosovo).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

# --- vocabularies -------------------------------------------------------------------------------------

DatePrecision: TypeAlias = Literal[
    "minute", "daypart", "night", "day", "multi-day", "weekend", "week", "month-part", "month", "quarter",
    "season", "half-year", "year", "decade", "century", "range", "vague",
]  # fmt: skip
Certainty: TypeAlias = Literal["explicit", "relative", "inferred"]
DateCertainty: TypeAlias = Literal["explicit", "relative", "inferred", "reporting-time", "unknown"]
TimexType: TypeAlias = Literal["DATE", "TIME", "DURATION", "SET"]
PlaceRole: TypeAlias = Literal["location", "actor", "context"]
PlacePrecision: TypeAlias = Literal[
    "site", "village", "city", "district", "adm1", "region", "country", "sea", "river", "lake", "border"
]
ActorRole: TypeAlias = Literal["actor", "target", "victim", "speaker", "mediator", "participant", "beneficiary"]
Modality: TypeAlias = Literal["happened", "planned", "claimed", "denied", "hypothetical", "negated"]
EventType: TypeAlias = Literal[
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT",
    "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT", "STATEMENT", "OTHER",
]  # fmt: skip
PublishedSource: TypeAlias = Literal["given", "metadata", "inferred", "unknown"]
Origin: TypeAlias = Literal["extracted", "acled", "ucdp"]
Review: TypeAlias = Literal["corrected", "confirmed", "rejected", "none"]
Stage: TypeAlias = Literal["input", "language", "sentences", "times", "places", "actors", "events", "store"]

PartKind: TypeAlias = Literal["related", "caption", "byline", "notice", "ticker"]

# --- grounds ------------------------------------------------------------------------------------------


class Reason(NamedTuple):
    """Why an answer is what it is, as data: a key of ``data/ui/<language>/reasons.yaml`` and the values
    its sentence takes. ``wording.say`` renders it, so one reason reads in every language of the interface."""

    key: str
    values: tuple[tuple[str, str], ...] = ()


class Span(NamedTuple):
    """A half-open range of characters in ``Document.text``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the reader should know: what went wrong, in one sentence, and where. ``reason``, which is not stored,
    says it in any language of the interface."""

    stage: Stage
    message: str
    span: Span | None = None
    reason: Reason | None = None


# --- sentences ----------------------------------------------------------------------------------------

WordClass: TypeAlias = Literal[
    "finite",  # finite verb: griff, hat, soll
    "participle",  # past participle in a verb group: angegriffen
    "infinitive",  # with or without zu: angreifen, anzugreifen
    "particle",  # separated verb prefix: "griff ... an"
    "article",  # articles, demonstratives, possessives, quantifiers in front of a noun
    "preposition",
    "conjunction",  # subordinating: dass, wenn, weil, nachdem
    "coordination",  # und, oder, sowie, aber
    "pronoun",  # personal and relative
    "negation",  # nicht, kein, nie, weder
    "name",  # capitalised, not at the start of a sentence, or all capitals: nouns and names alike
    "number",
    "word",  # anything else: adjectives, adverbs, lower-case nouns
    "punctuation",
]


class Token(NamedTuple):
    """One word, number or mark. ``lemma`` is set for verb forms (infinitive, separable prefix joined)."""

    start: int
    end: int
    text: str
    kind: WordClass
    lemma: str | None = None


Tense: TypeAlias = Literal["past", "present", "future"]
Mood: TypeAlias = Literal["indicative", "subjunctive1", "subjunctive2", "imperative"]


class Clause(NamedTuple):
    """A part of a sentence with at most one verb group.

    ``tense`` is when the clause says its event lies ("haben angegriffen" is past, "wird tagen" future,
    "war angegriffen worden" past), not the form of its finite verb. ``modal`` is the lemma of a modal verb
    ("sollen"). ``opener`` is the subordinating word in lower case ("dass", "wenn", "die" of a relative
    clause), ``None`` in a main clause. ``parent`` is the index of the governing clause in the sentence.
    """

    span: Span
    kind: Literal["main", "subordinate", "relative", "infinitive", "fragment"]
    verb: str | None  # lemma of the main verb, separable prefix joined: "angreifen"
    verb_spans: tuple[Span, ...]  # every part of the verb group, in text order
    main_span: Span | None  # the part that carries the main verb's meaning
    tense: Tense | None
    perfect: bool  # perfect or pluperfect: completed before the time spoken of
    pluperfect: bool  # "hatte ... erklärt": before the narrative's focus
    mood: Mood | None
    passive: bool
    modal: str | None
    negated: bool
    opener: str | None
    quoted: bool  # inside quotation marks that hold a whole clause: somebody's own words
    parent: int | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its words and clauses. Clauses cover it in text order; a clause that is interrupted
    (a relative clause in its middle) is given by its outer span, and the inner clause follows it.
    ``heading`` marks lines that are no running text: headlines, datelines, "Empfohlene Geschichten"."""

    span: Span
    tokens: tuple[Token, ...]
    clauses: tuple[Clause, ...]
    heading: bool = False
    paragraph: int = 0


# --- times --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class When:
    """An interval of days. ``end`` is exclusive here and inclusive in every export; a side may be open."""

    start: date | None
    end: date | None
    precision: DatePrecision
    approximate: bool = False
    time: datetime.time | None = None  # local clock time, where one is named


@dataclass(frozen=True, slots=True)
class DateCandidate:
    """A reading of a time expression that was considered and not taken, and why."""

    when: When
    reason: Reason


@dataclass(frozen=True, slots=True)
class TimeMention:
    """A time expression. ``anchor`` is the day it was counted from: the publication date or the date in
    focus; ``None`` where the expression stands alone or could not be resolved."""

    span: Span
    rule: str
    timex_type: TimexType
    timex_value: str  # TimeML TIMEX3
    when: When | None
    certainty: Certainty
    anchor: date | None
    reason: Reason
    candidates: tuple[DateCandidate, ...] = ()


# --- places -------------------------------------------------------------------------------------------


class Place(NamedTuple):
    """A place with its representative point. ``radius_km``: the true spot lies within this distance."""

    id: str  # "geonames:698740" where GeoNames knows it, else "cet:<slug>" from data/gazetteer
    name: str
    country: str | None
    admin1: str | None
    lat: float
    lon: float
    precision: PlacePrecision
    radius_km: float


@dataclass(frozen=True, slots=True)
class PlaceMention:
    span: Span
    role: PlaceRole
    place: Place | None
    score: float  # 0 to 1
    reason: Reason
    candidates: tuple[Place, ...] = ()  # not taken, best first


# --- actors -------------------------------------------------------------------------------------------

Sector: TypeAlias = Literal[
    "GOV", "MIL", "REB", "OPP", "PTY", "COP", "JUD", "SPY", "MED", "EDU", "BUS", "CRM", "CIV", "UAF", "NGO", "IGO"
]  # PLOVER


class Actor(NamedTuple):
    """Somebody who acts: a state, government, army, group, organisation or person."""

    id: str
    name: str
    country: str | None
    sector: Sector | None


@dataclass(frozen=True, slots=True)
class ActorMention:
    span: Span
    actor: Actor | None


# --- events -------------------------------------------------------------------------------------------


class Participation(NamedTuple):
    actor: Actor
    role: ActorRole


class Count(NamedTuple):
    """A number of people. "mindestens acht": (8, 8, None); "Dutzende": (24, None, None); "keine": (0, 0, 0)."""

    low: int | None
    best: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Event:
    id: str  # from the document and the words: the same input gives the same id
    document_id: str
    type: EventType
    mode: str | None
    acled: str | None
    sentence: Span
    trigger: Span  # the first part of the trigger
    when: When | None
    date_certainty: DateCertainty
    ongoing: bool
    time: int | None  # index into Document.times of the expression that dates the event
    places: tuple[Place, ...]
    actors: tuple[Participation, ...]
    modality: Modality
    claimed_by: str | None  # Actor.id
    fatalities: Count | None
    injured: Count | None
    confidence: float  # 0 to 1
    reasons: tuple[Reason, ...]  # trigger, date, place, in this order
    mentions: tuple[Span, ...] = ()  # triggers of restatements of the same event in this document
    words: str | None = None  # in the store: the same for events that are told in the very same words
    text: int | None = None  # in the store: the same for events of reports that are copies of one text
    copies: frozenset[str] = frozenset()  # in the store: the documents of copies that tell it in the same place


class Part(NamedTuple):
    """Lines that are not the report's own running text: pointers to other articles, a caption, a byline, a notice such
    as "Stand: 12.05.2025". The entry of a ``ticker`` is running text, but stands for itself."""

    span: Span
    kind: PartKind


@dataclass(frozen=True, slots=True)
class Document:
    """A report on its way down the line. Ingest fills ``parts`` and what is known about the report, each stage one of
    the fields from ``sentences`` to ``events``."""

    id: str
    text: str
    language: str
    published: date | None = None
    published_source: PublishedSource = "unknown"
    title: str | None = None
    source: str | None = None
    url: str | None = None
    sentences: tuple[Sentence, ...] = ()
    times: tuple[TimeMention, ...] = ()
    places: tuple[PlaceMention, ...] = ()
    actors: tuple[ActorMention, ...] = ()
    events: tuple[Event, ...] = ()
    problems: tuple[Problem, ...] = ()
    author: str | None = None
    parts: tuple[Part, ...] = ()
    origin: Origin = "extracted"


# --- what a reader asks of the store --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filter:
    """Which stored events to show. An empty tuple or ``None`` means: no restriction.

    ``actors`` and ``places`` hold ids; an event passes when it has one of them. ``roles`` narrows ``actors`` to those
    who have one of these roles; alone it asks for anybody in such a role. ``countries`` and ``regions`` ("UKR:Odessa",
    country and first-level region) match those of a place. ``first`` and ``last`` are inclusive days; an event passes
    when its interval touches them, an event without a date only while both are ``None``. ``text`` is searched, whatever
    the case, in the sentence, the title and the names of actors and places. ``documents`` and ``events`` hold ids; an
    event that several reports tell passes when one of its reports or one of their events is among them. ``outlets``
    holds sources of reports. ``fatalities`` and ``confidence`` are the least that is asked for. ``located``, ``dated``
    and ``named`` ask for events with (or without) any place, date or actor. ``bounds`` (west, south, east, north in
    degrees, without the east and north edge) asks for a place inside; west may lie east of east, across the
    antimeridian. ``begins`` asks for a first known day between two inclusive days, as overviews count. ``reviews``:
    what people said of an event; an event that was rejected passes only when it is asked for. ``extracted`` leaves all
    corrections aside.
    """

    actors: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    text: str | None = None
    events: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    precisions: tuple[str, ...] = ()
    place_precisions: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    fatalities: int | None = None
    confidence: float | None = None
    located: bool | None = None
    dated: bool | None = None
    named: bool | None = None
    bounds: tuple[float, float, float, float] | None = None
    begins: tuple[date, date] | None = None
    reviews: tuple[Review, ...] = ()
    extracted: bool = False
