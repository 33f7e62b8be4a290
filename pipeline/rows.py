"""Events and documents as flat rows: one row an event, columns as the store, the dashboard and the exports name them.

Days are inclusive. A list column holds dictionaries; ``reasons`` and ``time_reason`` are JSON texts of
``[key, {name: value}]``, to be rendered in the language of the reader.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import pyarrow as pa

from pipeline import annotation, copies
from pipeline.merge import MergedEvent
from pipeline.records import Actor, Count, Document, Event, Participation, Place, Reason, Span, When

Row = dict[str, Any]

PLACE = pa.struct(
    [
        ("place_id", pa.string()),
        ("name", pa.string()),
        ("country", pa.string()),
        ("admin1", pa.string()),
        ("lat", pa.float64()),
        ("lon", pa.float64()),
        ("precision", pa.string()),
        ("radius_km", pa.float64()),
    ]
)
ACTOR = pa.struct([(name, pa.string()) for name in ("actor_id", "name", "country", "sector", "role")])
EVENTS = pa.schema(
    [
        ("id", pa.string()),
        ("document_id", pa.string()),
        ("batch", pa.string()),
        ("version", pa.int32()),
        ("type", pa.string()),
        ("mode", pa.string()),
        ("acled", pa.string()),
        ("sentence", pa.string()),
        ("sentence_start", pa.int32()),
        ("sentence_end", pa.int32()),
        ("trigger", pa.string()),
        ("trigger_start", pa.int32()),
        ("trigger_end", pa.int32()),
        ("date_start", pa.date32()),
        ("date_end", pa.date32()),
        ("precision", pa.string()),
        ("approximate", pa.bool_()),
        ("date_certainty", pa.string()),
        ("ongoing", pa.bool_()),
        ("time_text", pa.string()),
        ("time_start", pa.int32()),
        ("time_end", pa.int32()),
        ("time_rule", pa.string()),
        ("time_reason", pa.string()),
        ("place", pa.string()),
        ("place_id", pa.string()),
        ("country", pa.string()),
        ("admin1", pa.string()),
        ("lat", pa.float64()),
        ("lon", pa.float64()),
        ("place_precision", pa.string()),
        ("radius_km", pa.float64()),
        ("places", pa.list_(PLACE)),
        ("actors", pa.list_(ACTOR)),
        ("actor_names", pa.string()),
        ("place_ids", pa.list_(pa.string())),
        ("countries", pa.list_(pa.string())),
        ("actor_ids", pa.list_(pa.string())),
        ("modality", pa.string()),
        ("claimed_by", pa.string()),
        *((f"{kind}_{figure}", pa.int64()) for kind in ("fatalities", "injured") for figure in ("low", "best", "high")),
        ("confidence", pa.float64()),
        ("reasons", pa.string()),
        ("origin", pa.string()),
        ("search", pa.string()),
    ]
)
DOCUMENTS = pa.schema(
    [
        ("id", pa.string()),
        ("batch", pa.string()),
        ("version", pa.int32()),
        ("content", pa.string()),
        ("language", pa.string()),
        ("title", pa.string()),
        ("published", pa.date32()),
        ("published_source", pa.string()),
        ("source", pa.string()),
        ("url", pa.string()),
        ("author", pa.string()),
        ("added_at", pa.timestamp("us", tz="UTC")),
        ("signature", pa.binary()),
        ("annotation", pa.string()),
        ("events", pa.int32()),
    ]
)
PROBLEMS = pa.schema(
    [
        ("document_id", pa.string()),
        ("batch", pa.string()),
        ("stage", pa.string()),
        ("message", pa.string()),
        ("start", pa.int32()),
        ("end", pa.int32()),
    ]
)
# What somebody said about an event: rows are only added, in the order of ``number``.
CORRECTIONS = pa.schema(
    [
        ("id", pa.string()),
        ("number", pa.int64()),
        ("event_id", pa.string()),
        ("document_id", pa.string()),
        ("members", pa.list_(pa.string())),
        ("action", pa.string()),
        ("changes", pa.string()),
        ("undoes", pa.string()),
        ("who", pa.string()),
        ("why", pa.string()),
        ("at", pa.timestamp("us", tz="UTC")),
        ("after", pa.string()),
        ("standing", pa.string()),
    ]
)


def reason_json(*reasons: Reason) -> str:
    return json.dumps([[reason.key, dict(reason.values)] for reason in reasons], ensure_ascii=False)


def _count(kind: str, count: Count | None) -> Row:
    return {f"{kind}_{figure}": getattr(count, figure) if count else None for figure in Count._fields}


def _facts(event: Event) -> Row:
    """What several reports of one event can say together."""
    places = [annotation.place_dict(place) for place in event.places]
    first = places[0] if places else annotation.place_dict(None)
    return {
        "date_start": event.when.start if event.when else None,
        "date_end": annotation.last_day(event.when),
        "precision": event.when.precision if event.when else None,
        "approximate": bool(event.when and event.when.approximate),
        "date_certainty": event.date_certainty,
        "ongoing": event.ongoing,
        "place": first["name"],
        "place_id": first["place_id"],
        "country": first["country"],
        "admin1": first["admin1"],
        "lat": first["lat"],
        "lon": first["lon"],
        "place_precision": first["precision"],
        "radius_km": first["radius_km"],
        "places": places,
        "actors": [annotation.actor_dict(part.actor) | {"role": part.role} for part in event.actors],
        "actor_names": ", ".join(dict.fromkeys(part.actor.name for part in event.actors)),
        "place_ids": [place.id for place in event.places],
        "countries": [place.country for place in event.places if place.country],
        "actor_ids": [part.actor.id for part in event.actors],
        "modality": event.modality,
        "claimed_by": event.claimed_by,
        **_count("fatalities", event.fatalities),
        **_count("injured", event.injured),
        "confidence": event.confidence,
    }


def event_row(event: Event, document: Document) -> Row:
    """One event with what it takes to show it."""
    text = document.text
    mention = document.times[event.time] if event.time is not None else None
    sentence = text[slice(*event.sentence)]
    row: Row = {
        "id": event.id,
        "document_id": document.id,
        "type": event.type,
        "mode": event.mode,
        "acled": event.acled,
        "sentence": sentence,
        "sentence_start": event.sentence.start,
        "sentence_end": event.sentence.end,
        "trigger": text[slice(*event.trigger)],
        "trigger_start": event.trigger.start,
        "trigger_end": event.trigger.end,
        "time_text": text[slice(*mention.span)] if mention else None,
        "time_start": mention.span.start if mention else None,
        "time_end": mention.span.end if mention else None,
        "time_rule": mention.rule if mention else None,
        "time_reason": reason_json(mention.reason) if mention else None,
        **_facts(event),
        "reasons": reason_json(*event.reasons),
        "origin": document.origin,
    }
    searched = (sentence, document.title or "", row["actor_names"], *(place.name for place in event.places))
    row["search"] = " ".join(searched).casefold()
    return row


def read_event(row: Row) -> Event:
    """The event of a stored row, without what only its report knows (its time mention and its reasons)."""
    last = row["date_end"]
    end = last + timedelta(days=1) if last is not None and last < date.max else None
    when = None
    if row["precision"] is not None:
        when = When(row["date_start"], end, row["precision"], row["approximate"])
    return Event(
        id=row["id"],
        document_id=row["document_id"],
        type=row["type"],
        mode=row["mode"],
        acled=row["acled"],
        sentence=Span(row["sentence_start"], row["sentence_end"]),
        trigger=Span(row["trigger_start"], row["trigger_end"]),
        when=when,
        date_certainty=row["date_certainty"],
        ongoing=row["ongoing"],
        time=None,
        places=tuple(_read_place(item) for item in row["places"]),
        actors=tuple(_read_participation(item) for item in row["actors"]),
        modality=row["modality"],
        claimed_by=row["claimed_by"],
        fatalities=_read_count(row, "fatalities"),
        injured=_read_count(row, "injured"),
        confidence=row["confidence"],
        reasons=(),
        words=row.get("words"),
        text=row.get("text"),
        copies=frozenset(row.get("copies") or ()),
    )


# Few places and actors make most of the events: a hundred thousand events share theirs.
@lru_cache(maxsize=50_000)
def _place(*fields: Any) -> Place:
    return Place(*fields)


@lru_cache(maxsize=50_000)
def _participation(actor_id: str, name: str, country: str | None, sector: Any, role: Any) -> Participation:
    return Participation(Actor(actor_id, name, country, sector), role)


def _read_place(item: Row) -> Place:
    return _place(*(item[field.name] for field in PLACE))


def _read_participation(item: Row) -> Participation:
    return _participation(*(item[field.name] for field in ACTOR))


def _read_count(row: Row, kind: str) -> Count | None:
    figures = [row[f"{kind}_{figure}"] for figure in Count._fields]
    return None if figures == [None, None, None] else Count(*figures)


def merged_row(merged: MergedEvent, best: Row, searches: dict[str, str]) -> Row:
    """One event out of several reports. ``best`` is the row of the member that says most (``merged.event``),
    ``searches`` has what is searched in each member by id."""
    row = best | _facts(merged.event)
    return {
        **row,
        "id": merged.id,
        "regions": regions(row["places"]),
        "search": " ".join(searches[member] for member in merged.members),
        "members": list(merged.members),
        "sources": list(merged.sources),
        "texts": merged.texts,
    }


def regions(places: list[Row]) -> list[str]:
    """The first-level regions of places, "UKR:Odessa"."""
    named = (f"{place['country'] or ''}:{place['admin1']}" for place in places if place["admin1"])
    return list(dict.fromkeys(named))


def is_imported(document_id: str) -> bool:
    """Whether a document is a row of ACLED or UCDP GED; what it says was not read from its text."""
    return document_id.startswith(("acled:", "ucdp:"))


def document_row(document: Document) -> Row:
    """The report with all that was found in it, as the JSON of the contract."""
    report = annotation.to_dict(document, with_text=True)
    return {
        "id": document.id,
        "language": document.language,
        "title": document.title,
        "published": document.published,
        "published_source": document.published_source,
        "source": document.source,
        "url": document.url,
        "author": document.author,
        "signature": copies.pack(copies.sign_report(report)) if document.origin == "extracted" else None,
        "annotation": json.dumps(report, ensure_ascii=False),
        "events": len(document.events),
    }


def problem_rows(document: Document) -> list[Row]:
    return [{"document_id": document.id, **annotation.problem_dict(problem)} for problem in document.problems]
