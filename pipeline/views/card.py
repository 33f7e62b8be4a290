"""What one event is known from: its sentence with marks, its reasons, its report."""

from __future__ import annotations

import json
from typing import Any, Literal, NamedTuple

from pipeline.records import Reason
from pipeline.views.phrases import Row, known
from pipeline.wording import tell

Mark = Literal["trigger", "time", "place", "actor"]


class Piece(NamedTuple):
    """A stretch of a sentence and what it is; ``None`` for plain words."""

    text: str
    mark: Mark | None


def mark_sentence(row: Row, report: dict[str, Any]) -> list[Piece]:
    """The sentence of an event cut into pieces. ``report`` is what ``Store.document`` returns. Where marks overlap, the
    trigger wins, then time, place and actor."""
    words: str = report["text"]
    start, end = int(row["sentence_start"]), int(row["sentence_end"])
    marks: list[Mark | None] = [None] * (end - start)

    def paint(kind: Mark, first: int, last: int) -> None:
        for position in range(max(first, start), min(last, end)):
            marks[position - start] = kind

    for kind, mentions in (("actor", report["actors"]), ("place", report["places"])):
        for mention in mentions:
            paint(kind, mention["start"], mention["end"])  # type: ignore[arg-type]
    for mention in report["times"]:
        paint("time", mention["start"], mention["end"])
    paint("trigger", int(row["trigger_start"]), int(row["trigger_end"]))
    pieces: list[Piece] = []
    for position, mark in enumerate(marks):
        letter = words[start + position]
        if pieces and pieces[-1].mark == mark:
            pieces[-1] = Piece(pieces[-1].text + letter, mark)
        else:
            pieces.append(Piece(letter, mark))
    return pieces


def find_time(row: Row, report: dict[str, Any]) -> dict[str, Any] | None:
    """The time expression that dates the event, as the report's JSON has it."""
    start = known(row["time_start"])
    found = (mention for mention in report["times"] if start is not None and mention["start"] == int(start))
    return next(found, None)


def find_place(row: Row, report: dict[str, Any]) -> dict[str, Any] | None:
    """The first mention of the event's place, in its sentence if it is named there."""
    identifier = known(row["place_id"])
    named = [mention for mention in report["places"] if identifier and mention["place_id"] == identifier]
    inside = [m for m in named if row["sentence_start"] <= m["start"] < row["sentence_end"]]
    return next(iter(inside + named), None)


def reasons_of(row: Row, language: str) -> dict[str, list[str]]:
    """The reasons of an event in words, under "event", "date" and "place"; that of its time expression first under
    "date"."""
    event, date, place = ([], [], [])  # type: tuple[list[str], list[str], list[str]]
    if known(row["time_reason"]):
        date += [_say(key, values, language) for key, values in json.loads(row["time_reason"])]
    for key, values in json.loads(row["reasons"] or "[]"):
        target = date if ".date_" in key else place if ".place_" in key else event
        target.append(_say(key, values, language))
    return {"event": event, "date": date, "place": place}


def _say(key: str, values: dict[str, str], language: str) -> str:
    return tell(Reason(key, tuple(values.items())), language)
