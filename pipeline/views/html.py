"""The parts of the page that are HTML of our own. Every word that comes from a report or a file is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

from pipeline.store import Correction
from pipeline.views.card import Piece
from pipeline.views.legend import Entry
from pipeline.views.phrases import day_of, known, say_count, say_day, say_review, say_type, say_when
from pipeline.wording import label, text, write_day


def head(row: dict[Any, Any], language: str) -> str:
    """What happened, how it is reported, when, where, who and how many."""
    lines = [
        (text("time", language), _strong(say_when(row, language), _certainty(row, language))),
        (text("place", language), _place(row, language)),
    ]
    people = [f"{escape(item['name'])} {_small(label('roles', item['role'], language))}" for item in row["actors"]]
    if people:
        lines.append((text("actors", language), ", ".join(people)))
    for word, kind in (("killed", "fatalities"), ("injured", "injured")):
        if said := say_count(row, kind, language):
            lines.append((text(word, language), _strong(said)))
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{value}</dd>" for name, value in lines)
    chips = [_modality(row, language), say_review(row, language)]
    shown = " ".join(f"<small class='chip'>{escape(words)}</small>" for words in chips)
    return f"<h2>{escape(say_type(row, language))} {shown}</h2><dl>{listed}</dl>"


def _small(words: str) -> str:
    return f"<small>{escape(words)}</small>"


def _strong(words: str, note: str = "") -> str:
    return f"<b>{escape(words)}</b>" + (f" {_small(note)}" if note else "")


def _certainty(row: dict[Any, Any], language: str) -> str:
    said = label("certainties", row["date_certainty"], language)
    return f"{said}, {text('ongoing', language)}" if row["ongoing"] else said


def _place(row: dict[Any, Any], language: str) -> str:
    if not known(row["place"]):
        return f"<i>{escape(text('unplaced', language))}</i>"
    precision = label("place_precisions", row["place_precision"], language)
    return _strong(row["place"], f"{precision}, {text('radius', language, km=round(row['radius_km']))}")


def _modality(row: dict[Any, Any], language: str) -> str:
    claimant = known(row["claimed_by"])
    if claimant is None or row["modality"] != "claimed":
        return label("modalities", row["modality"], language)
    name = next((item["name"] for item in row["actors"] if item["actor_id"] == claimant), claimant)
    return text("claimed_by", language, who=name)


def sentence(pieces: Sequence[Piece], language: str) -> str:
    """A sentence with its marks, and what the marks mean."""
    words = {kind: escape(text(f"mark_{kind}", language)) for kind in ("trigger", "time", "place", "actor")}
    body = "".join(
        f"<mark class='{mark}' title='{words[mark]}'>{escape(stretch)}</mark>" if mark else escape(stretch)
        for stretch, mark in pieces
    )
    marks = " ".join(f"<mark class='{kind}'>{word}</mark>" for kind, word in words.items())
    return f"<blockquote>{body}</blockquote><p class='legend'>{marks}</p>"


def why(question: str, reasons: Sequence[str], others: Sequence[str], language: str) -> str:
    """The reasons of a decision under the question it answers, and what was considered and not taken."""
    body = " ".join(escape(reason) for reason in reasons)
    if others:
        body += "<br>" + _small(f"{text('not_taken', language)}: {'; '.join(others)}")
    return f"<h3>{escape(text(question, language))}</h3><p>{body}</p>"


def glance(row: dict[Any, Any], reasons: Mapping[str, Sequence[str]], language: str) -> str:
    """An event in a line, and in one each why it has its date and its place."""
    named = (say_type(row, language), say_when(row, language), known(row["place"]) or text("unplaced", language))
    lines = "".join(
        f"<p><b>{escape(text(f'why_{what}', language))}</b> {escape(' '.join(reasons[what]))}</p>"
        for what in ("date", "place")
        if reasons[what]
    )
    return f"<details open><summary>{escape(' · '.join(named))}</summary>{lines}</details>"


def sources(reports: Sequence[dict[Any, Any]], language: str, texts: int | None = None) -> str:
    """The reports that an event is known from, each with its day of publication and how that is known; and that they
    are fewer ``texts``, where some are copies."""
    lines = []
    for report in reports:
        named = " · ".join(str(report[key]) for key in ("title", "author", "source", "url") if known(report.get(key)))
        day = day_of(report["published"])
        how = "unknown_source" if report["published_source"] == "unknown" else report["published_source"]
        said = text("published_unknown", language)
        if day:
            said = text("published", language, day=say_day(day, language), source=text(f"published_{how}", language))
        lines.append(f"<li>{escape(named or text('untitled', language))}<br>{_small(said)}</li>")
    copied = ""
    if texts is not None and texts < len(reports):
        key = "one_text" if texts == 1 else "few_texts"
        copied = f"<p>{_small(text(key, language, sources=str(len(reports)), texts=str(texts)))}</p>"
    return f"<h3>{escape(text('sources', language))}</h3>{copied}<ul>{''.join(lines)}</ul>"


def quote(words: str) -> str:
    """A sentence of which no report is stored."""
    return f"<blockquote>{escape(words)}</blockquote>"


def message(kind: str, words: str) -> str:
    """An "error", "warning" or "success" whose words may come from anywhere: Streamlit's own read Markdown, in which a
    name could load an image or an icon."""
    role = "alert" if kind == "error" else "status"
    return f"<p class='message {kind}' role='{role}'>{escape(words)}</p>"


def found(name: str, address: str, how: str) -> str:
    """A report that was read but is not kept yet."""
    parts = [f"<b>{escape(name)}</b>", *([_small(address)] if address else []), _small(how)]
    return f"<p class='found'>{'<br>'.join(parts)}</p>"


def correction(entry: Correction, language: str) -> str:
    """One entry of the history of an event."""
    day = say_day(entry.at.date(), language)
    what = text(f"said_{entry.action}", language)
    changed = ", ".join(text(_FIELDS[name], language) for name in entry.changes)
    standing = (
        "" if entry.standing == "effective" else f" <i>({escape(text(f'standing_{entry.standing}', language))})</i>"
    )
    first = f"<b>{escape(what)}</b>{': ' + escape(changed) if changed else ''}{standing}"
    values = "; ".join(_change(name, value, language) for name, value in entry.changes.items())
    lines = [
        first,
        *([_small(values)] if values else []),
        _small(f"{entry.who}, {day}" + (f": {entry.why}" if entry.why else "")),
    ]
    return f"<p class='said'>{'<br>'.join(lines)}</p>"


# What a correction changes -> the key of its word.
_FIELDS = {
    "date": "date", "places": "place", "actors": "actors", "type": "type", "modality": "modality",
    "fatalities": "killed", "injured": "injured",
}  # fmt: skip


def _change(name: str, value: Any, language: str) -> str:
    if name == "date":
        first, last = value or (None, None)
        return say_span(first, last, language) if value else text("undated", language)
    if name == "places":
        return ", ".join(item["name"] for item in value) or text("unplaced", language)
    if name == "actors":
        return ", ".join(f"{item['name']} ({label('roles', item['role'], language)})" for item in value) or "–"
    if name in ("type", "modality"):
        return label("types" if name == "type" else "modalities", value, language)
    return "–".join("?" if number is None else str(number) for number in value or (None,))


def say_span(first: str | None, last: str | None, language: str) -> str:
    """A time between two ISO days, either of which may be open."""
    ends = (write_day(date.fromisoformat(day), language) if day else "…" for day in (first, last))
    return " – ".join(dict.fromkeys(ends))


def listed(lines: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"


def note(words: str) -> str:
    return f"<span class='notice'>{escape(words)}</span>"


def legend(entries: Sequence[Entry]) -> str:
    spans = (f"<span><i class='{e.shape}' style='color:{e.colour}'></i>{escape(e.words)}</span>" for e in entries)
    return f"<div class='marks'>{''.join(spans)}</div>"


def download(address: str, words: str) -> str:
    """A link under which a file is taken, looking like the buttons beside it."""
    return f"<a class='download' href='{escape(address)}' download>{escape(words)}</a>"
