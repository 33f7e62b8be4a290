"""An annotated document as the JSON object that other programs read (data/annotation.schema.json).

Dates are ISO days and inclusive at both ends, unlike ``records.When``, whose end is exclusive.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from pipeline.records import (
    Actor,
    Count,
    Document,
    Event,
    Place,
    PlaceMention,
    Problem,
    Reason,
    TimeMention,
    When,
)
from pipeline.wording import say

Json = dict[str, Any]


def to_dict(document: Document, *, with_text: bool = False, reasons: str = "en") -> Json:
    """The document with everything found in it. ``reasons`` is the language of the sentences that explain."""
    answer: Json = {"id": document.id, "language": document.language, "title": document.title, "url": document.url}
    if document.source is not None:
        answer["source"] = document.source
    if document.author is not None:
        answer["author"] = document.author
    if with_text:
        answer["text"] = document.text
    if document.parts:  # what is not the report's own running text
        answer["parts"] = [
            {"start": part.span.start, "end": part.span.end, "kind": part.kind} for part in document.parts
        ]
    answer |= {
        "published": document.published.isoformat() if document.published else None,
        "published_source": document.published_source,
        "sentences": [list(sentence.span) for sentence in document.sentences],
        "times": [_time(mention, document.text, reasons) for mention in document.times],
        "places": [_place_mention(mention, document.text, reasons) for mention in document.places],
        "actors": [
            {"start": m.span.start, "end": m.span.end, "text": document.text[slice(*m.span)], **actor_dict(m.actor)}
            for m in document.actors
        ],
        "events": [event_dict(event, reasons) for event in document.events],
        "problems": [problem_dict(problem) for problem in document.problems],
    }
    return answer


def last_day(when: When | None) -> date | None:
    """The last day of an interval, inclusive; ``None`` when that side is open or nothing is known."""
    return when.end - timedelta(days=1) if when is not None and when.end is not None else None


def days(when: When | None) -> tuple[str | None, str | None]:
    """First and last day, both inclusive, as ISO dates."""
    last = last_day(when)
    return when.start.isoformat() if when and when.start else None, last.isoformat() if last else None


def reason_dict(reason: Reason) -> Json:
    return {"key": reason.key, "values": dict(reason.values)}


def problem_dict(problem: Problem) -> Json:
    start, end = problem.span or (None, None)
    return {"stage": problem.stage, "message": problem.message, "start": start, "end": end}


def time_dict(mention: TimeMention, reasons: str = "en") -> Json:
    """A resolved expression without its position in a text."""
    first, last = days(mention.when)
    when = mention.when
    return {
        "rule": mention.rule,
        "timex_type": mention.timex_type,
        "timex_value": mention.timex_value,
        "date_start": first,
        "date_end": last,
        "precision": when.precision if when else None,
        "certainty": mention.certainty,
        "approximate": when.approximate if when else False,
        "clock": when.time.isoformat("minutes") if when and when.time else None,
        "anchor": mention.anchor.isoformat() if mention.anchor else None,
        "reason": say(mention.reason, reasons),
        "candidates": [
            dict(zip(("date_start", "date_end"), days(candidate.when), strict=True))
            | {"reason": say(candidate.reason, reasons)}
            for candidate in mention.candidates
        ],
    }


def _time(mention: TimeMention, text: str, reasons: str) -> Json:
    start, end = mention.span
    return {"start": start, "end": end, "text": text[start:end], **time_dict(mention, reasons)}


def place_dict(place: Place | None) -> Json:
    """A place; every field is ``None`` when it is not known."""
    return {
        "place_id": place.id if place else None,
        "name": place.name if place else None,
        "country": place.country if place else None,
        "admin1": place.admin1 if place else None,
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
        "precision": place.precision if place else None,
        "radius_km": place.radius_km if place else None,
    }


def _place_mention(mention: PlaceMention, text: str, reasons: str) -> Json:
    start, end = mention.span
    return {
        "start": start,
        "end": end,
        "text": text[start:end],
        "role": mention.role,
        **place_dict(mention.place),
        "score": round(mention.score, 3),
        "reason": say(mention.reason, reasons),
        "candidates": [place_dict(place) for place in mention.candidates],
    }


def actor_dict(actor: Actor | None) -> Json:
    return {
        "actor_id": actor.id if actor else None,
        "name": actor.name if actor else None,
        "country": actor.country if actor else None,
        "sector": actor.sector if actor else None,
    }


def count_dict(count: Count | None) -> Json | None:
    return None if count is None else count._asdict()


def event_dict(event: Event, reasons: str = "en") -> Json:
    first, last = days(event.when)
    return {
        "id": event.id,
        "type": event.type,
        "mode": event.mode,
        "acled": event.acled,
        "sentence": list(event.sentence),
        "trigger_start": event.trigger.start,
        "trigger_end": event.trigger.end,
        "date_start": first,
        "date_end": last,
        "ongoing": event.ongoing,
        "precision": event.when.precision if event.when else None,
        "approximate": event.when.approximate if event.when else False,
        "date_certainty": event.date_certainty,
        "time": event.time,
        "places": [place_dict(place) for place in event.places],
        "actors": [actor_dict(part.actor) | {"role": part.role} for part in event.actors],
        "modality": event.modality,
        "claimed_by": event.claimed_by,
        "fatalities": count_dict(event.fatalities),
        "injured": count_dict(event.injured),
        "confidence": round(event.confidence, 3),
        "reason": " ".join(say(reason, reasons) for reason in event.reasons),
        "reasons": [reason_dict(reason) for reason in event.reasons],
        "mentions": [list(span) for span in event.mentions],
    }
