"""A text and what is known about it become a Document; the publication date is found here, with how it is known."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from itertools import groupby
from operator import itemgetter

from pipeline import language as languages
from pipeline.formats.clock import in_zone
from pipeline.formats.records import Extract
from pipeline.ingest.parts import find_parts
from pipeline.ingest.refusal import refuse
from pipeline.ingest.tongue import find_language
from pipeline.published import find_margin, find_published
from pipeline.records import Document, Problem, PublishedSource
from pipeline.sentences import split_sentences
from pipeline.times import find_times
from pipeline.wording import say

_ENTRIES = 2  # of a ticker
DEFAULT = "de"  # the language of a report that does not say it and does not look like another


@dataclass(frozen=True, slots=True)
class Known:
    """What the user knows about a report beforehand; ``None``: not known."""

    published: date | None = None
    language: str | None = None


def parse_day(text: str) -> date:
    """An ISO day. ``InputError`` for anything else, and for days that no calendar has."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise refuse("date", text=repr(text)) from None


def document_id(text: str) -> str:
    """An id that depends on the text (or the address) alone."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def from_text(text: str, known: Known) -> Document:
    """A document of a text alone."""
    return from_extract(Extract("", text), known)


def from_extract(found: Extract, known: Known) -> Document:
    """A document of what a parser has found. What the user knows counts before what the file says."""
    code = known.language or find_language(found.text, _pack(found.language))
    said = find_day(found.published, code)
    document = Document(
        id=document_id(found.text),
        text=found.text,
        language=code,
        title=found.title,
        author=_persons(found.author, code),
        source=found.outlet,
        url=found.url,
    )
    if known.published is not None:
        document = replace(document, published=known.published, published_source="given")
    elif said is not None and found.certain:
        document = replace(document, published=said, published_source="metadata")
    document = complete(document)
    if document.published is None and languages.is_known(code):
        around = find_margin(found.margin or "", code)
        day = around.day or said  # the day on which a file was made: better than none
        if day is not None:
            source: PublishedSource = "metadata" if around.stated else "inferred"
            return replace(document, published=day, published_source=source, problems=())
    return document


def _persons(author: str | None, code: str) -> str | None:
    """Authors without what stands before their names, and without those who are nobody ("Redaktion")."""
    if author is None or not languages.is_known(code):
        return author
    byline = languages.words(code, "layout")["byline"]
    names = (name.split() for name in author.split("; "))
    kept = (name[1:] if len(name) > 1 and name[0].lower() in byline["leads"] else name for name in names)
    return "; ".join(" ".join(name) for name in kept if not _is_nobody(name, byline["nobody"])) or None


def _is_nobody(name: list[str], words: list[str]) -> bool:
    return any(part.lower() in words for word in name for part in word.split("-"))


def _pack(code: str | None) -> str:
    """Pages in German often say that they are in English, and words tell better: only a pack's own code counts."""
    return code if code and languages.is_known(code) else DEFAULT


def find_day(stamp: str | None, code: str) -> date | None:
    """The day of an instant as pages, mails and feeds write it (ISO 8601, RFC 5322). An instant in UTC is a day of the
    zone in which the language is read; one with another offset is a day of the writer's own clock."""
    if not stamp:
        return None
    try:
        moment = datetime.fromisoformat(stamp.strip())
    except ValueError:
        found = _read_mail_date(stamp) or _read_mail_date(f"{stamp} 00:00:00")  # "January 26, 2025" too
        if found is None:
            return _read_epoch(stamp) or _read_day(stamp[:10]) or _read_words(stamp, code)
        moment = found
    offset = moment.utcoffset()
    is_instant = offset is not None and not offset and ("T" in stamp or ":" in stamp)
    if is_instant and languages.is_known(code):
        local = in_zone(moment, code)
        return local.date() if local is not None else None
    return moment.date()


def _read_mail_date(stamp: str) -> datetime | None:
    try:
        return parsedate_to_datetime(stamp)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _read_epoch(stamp: str) -> date | None:
    """Seconds or milliseconds since 1970, as some systems put them into pages."""
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) in (10, 13)):
        return None
    return datetime.fromtimestamp(int(stamp[:10]), UTC).date()


def _read_words(stamp: str, code: str) -> date | None:
    """A date as people write it: "20. Dezember 2025, 14:05 Uhr"."""
    if not languages.is_known(code):
        return None
    days = {
        mention.when.start
        for mention in find_times(stamp, split_sentences(stamp, code), None, code)
        if mention.when is not None and mention.when.precision in ("day", "minute")
    }
    return days.pop() if len(days) == 1 else None


def complete(document: Document) -> Document:
    """Mark what is not running text; look for the publication date in the text when nobody gave it, and say so when it
    cannot be found. A date that is not known stays unknown: it is never the file's date, and never today."""
    if not languages.is_known(document.language):
        return document
    document = replace(document, parts=find_parts(document.text, document.language))
    if document.published is not None:
        return document
    entries = sum(part.kind == "ticker" for part in document.parts)
    found = find_published(document.text, document.language, grows=entries >= _ENTRIES)
    if found.day is not None:
        return replace(document, published=found.day, published_source="metadata" if found.stated else "inferred")
    message = "The publication date is not known, so expressions such as weekdays stay without a date; give it."
    if found.candidates:
        groups = groupby(zip(found.candidates, found.reasons, strict=True), key=itemgetter(1))
        may_be = [f"{', '.join(f'{day}' for day, _ in days)} ({say(why).rstrip('.')})" for why, days in groups]
        message = message[:-1] + f"; by the text it may be {'; '.join(may_be)}."
    return replace(document, problems=(*document.problems, Problem("input", message)))
