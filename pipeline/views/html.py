"""The parts of the page that are HTML of our own. Every word that comes from a report or a file is escaped here."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from pipeline.views.card import Piece
from pipeline.views.legend import Entry
from pipeline.views.palette import Palette
from pipeline.views.phrases import day_of, known, say_count, say_day, say_type, say_when
from pipeline.wording import label, text


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
    chip = f"<small class='chip'>{escape(_modality(row, language))}</small>"
    return f"<h3>{escape(say_type(row, language))} {chip}</h3><dl>{listed}</dl>"


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
    return f"<h4>{escape(text(question, language))}</h4><p>{body}</p>"


def sources(reports: Sequence[dict[Any, Any]], language: str) -> str:
    """The reports that an event is known from, each with its day of publication and how that is known."""
    lines = []
    for report in reports:
        named = " · ".join(str(report[key]) for key in ("title", "source", "url") if known(report[key]))
        day = day_of(report["published"])
        how = "unknown_source" if report["published_source"] == "unknown" else report["published_source"]
        said = text("published_unknown", language)
        if day:
            said = text("published", language, day=say_day(day, language), source=text(f"published_{how}", language))
        lines.append(f"<li>{escape(named or text('untitled', language))}<br>{_small(said)}</li>")
    return f"<h4>{escape(text('sources', language))}</h4><ul>{''.join(lines)}</ul>"


def quote(words: str) -> str:
    """A sentence of which no report is stored."""
    return f"<blockquote>{escape(words)}</blockquote>"


def note(words: str) -> str:
    return f"<span class='notice'>{escape(words)}</span>"


def legend(entries: Sequence[Entry]) -> str:
    spans = (f"<span><b style='color:{e.colour}'>{e.glyph}</b> {escape(e.words)}</span>" for e in entries)
    return f"<div class='marks'>{''.join(spans)}</div>"


def style(palette: Palette) -> str:
    """The little of our own that Streamlit's theme does not give."""
    quads = dict(zip(("assault", "demand", "talk", "help", "none"), palette.quads, strict=True))
    return f"""<style>
    .block-container {{ padding: 2.2rem 2rem 1rem; }}
    @media (max-width: 640px) {{ .block-container {{ padding: 3.6rem 1rem 1rem; }} }}
    /* Plotly draws the map for 700 pixels before it knows its column, and forgets to resize while borders load. */
    .st-key-map-box .maplibregl-map, .st-key-map-box .gl-container {{ width: 100% !important; }}
    h1 {{ font-size: 1.6rem; margin: 0; padding: 0; }}
    .notice, .source, .legend {{ color: {palette.muted}; margin: 0; font-size: .9rem; }}
    .st-key-card h3 {{ padding: 0; font-size: 1.15rem; }} .st-key-card h4 {{ padding: 0; font-size: .95rem; }}
    .st-key-card p, .st-key-card ul {{ margin: .1rem 0; }} .st-key-card small {{ color: {palette.muted}; }}
    .st-key-card blockquote {{ margin: .2rem 0; padding: .1rem .8rem; color: inherit; }}
    .st-key-card dl {{ display: grid; grid-template-columns: max-content 1fr; gap: 0 .8rem; }}
    .st-key-card dl {{ margin: .2rem 0; padding: 0; }}
    .st-key-card dt {{ color: {palette.muted}; }} .st-key-card dd {{ margin: 0; }}
    .chip {{ border: 1px solid {palette.muted}; border-radius: 1rem; padding: 0 .5rem; font-weight: 400; }}
    mark {{ color: inherit; background: none; border-radius: .2rem; padding: 0 .1rem; border-bottom: 2px solid; }}
    .marks {{ display: flex; flex-wrap: wrap; gap: .1rem 1rem; font-size: .85rem; color: {palette.muted}; }}
    .marks b {{ letter-spacing: -.1em; }}
    mark.trigger {{ border-color: {quads["assault"]}; font-weight: 600; }}
    mark.time {{ border-color: {quads["demand"]}; }}
    mark.place {{ border-color: {quads["help"]}; }} mark.actor {{ border-color: {quads["talk"]}; }}
    </style>"""
