"""A mail (eml): its body, and the reports attached to it."""

from __future__ import annotations

import email
import email.policy
import email.utils
from collections.abc import Iterator
from email.errors import MessageError
from email.message import EmailMessage, Message
from functools import cache
from typing import NamedTuple

from pipeline import language
from pipeline.formats.charset import decode_page
from pipeline.formats.page import read_source
from pipeline.formats.records import Extract, FormatError, clean, tidy

_MOST_ATTACHMENTS = 50
_STUB = 1_000  # characters of a plain part; a shorter one may only say that the mail is a page
_LABEL = 30  # characters in front of a colon


class Attachment(NamedTuple):
    name: str
    raw: bytes
    is_mail: bool = False


def read_mail(raw: bytes, name: str) -> Iterator[Extract | Attachment]:
    """The body of a mail as a report, then its attachments, unread."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    if not isinstance(message, EmailMessage) or not message.keys():
        raise FormatError("broken", name=name, kind="E-Mail")
    body = _read_body(message, name)
    if body is not None:
        yield from split_passed_on(body)
    count = 0
    for attachment in _attachments(message):
        count += 1
        if count > _MOST_ATTACHMENTS:
            raise FormatError("archive_many", name=name, most=_MOST_ATTACHMENTS)
        yield attachment
    if body is None and not count:
        raise FormatError("empty", name=name)


def _header(message: Message, name: str) -> str | None:
    try:
        value = message[name]
        return None if value is None else str(value)
    except Exception:  # the library raises many kinds for headers that break its grammar
        return None


def _read_body(message: EmailMessage, name: str) -> Extract | None:
    found = _read_part(message, "plain", name)
    if found is None or len(found.text) < _STUB:
        page = _read_page(message, name, needed=found is None)
        found = page if found is None or (page and len(page.text) > 2 * len(found.text)) else found
    if found is None:
        return None
    sender, _ = email.utils.parseaddr(_header(message, "from") or "")
    return found._replace(
        title=tidy(_header(message, "subject")) or found.title,
        author=tidy(sender) or found.author,
        published=_day(_header(message, "date")) or found.published,
        certain=True,
    )


def _read_page(message: EmailMessage, name: str, *, needed: bool) -> Extract | None:
    """The body as a page; beside a plain part that may only point to it, one that cannot be read is none."""
    try:
        return _read_part(message, "html", name)
    except FormatError:
        if needed:
            raise
        return None


def split_passed_on(found: Extract) -> Iterator[Extract]:
    """A mail and those that were passed on in its text, each a report of its own: "Von: … Gesendet: … Betreff: …"."""
    lines = found.text.split("\n")
    mail, start, number = found, 0, 0
    while number < len(lines):
        end, head = _read_head(lines, number)
        if {"from", "date"} <= head.keys():
            if text := "\n".join(lines[start:number]).strip():
                yield mail._replace(text=text)
            author = head["from"] if "@" not in head["from"] else email.utils.parseaddr(head["from"])[0]
            title = tidy(head.get("subject"))
            mail, start = found._replace(author=tidy(author), title=title, published=tidy(head["date"])), end
        number = max(end, number + 1)
    if text := "\n".join(lines[start:]).strip():
        yield mail._replace(text=text)


def _read_head(lines: list[str], number: int) -> tuple[int, dict[str, str]]:
    """The lines from here on that begin as the head of a mail does, by what they tell, and where they end."""
    labels, head = _labels(), dict[str, str]()
    while number < len(lines):
        label, colon, value = lines[number].replace("*", "").partition(":")
        kind = labels.get(label.strip().lower()) if colon and len(label) < _LABEL else None
        if kind is None:
            break
        head[kind] = value.strip()
        number += 1
    return number, head


@cache
def _labels() -> dict[str, str]:
    """What the lines of such a head are called, in all languages, and what each of them tells."""
    packs = (language.words(code, "layout")["mail_head"] for code in language.available())
    return {word: kind for pack in packs for kind, words in pack.items() for word in words}


def _read_part(message: EmailMessage, kind: str, name: str) -> Extract | None:
    """The body as plain text or as a page, where the mail has it and it is not empty."""
    try:
        part = message.get_body((kind,))
    except (AttributeError, KeyError, ValueError, TypeError, MessageError):
        part = None
    raw = _payload(part) if isinstance(part, EmailMessage) else b""
    if not isinstance(part, EmailMessage) or not raw.strip():
        return None
    source = decode_page(raw, part.get_content_charset(), name)
    if kind == "html":
        return read_source(source, name)
    if str(part.get_param("format", "")).lower() == "flowed":
        source = _join_flowed(source, drop=str(part.get_param("delsp", "")).lower() == "yes")
    text = clean(source).strip()
    return Extract(name, text) if text else None


def _join_flowed(source: str, drop: bool) -> str:
    """Paragraphs whose lines a mail program has broken (RFC 3676): a line that ends with a space goes on in the next,
    but for the one above a signature. ``drop``: the space is not the writer's."""
    lines = [line.removeprefix(" ") for line in source.replace("\r\n", "\n").split("\n")]
    soft = [line.endswith(" ") and line != "-- " for line in lines]
    shown = [line[:-1] if is_soft and drop else line for line, is_soft in zip(lines, soft, strict=True)]
    return "".join(line + ("" if is_soft else "\n") for line, is_soft in zip(shown, soft, strict=True))


def _day(stamp: str | None) -> str | None:
    try:
        return email.utils.parsedate_to_datetime(stamp).isoformat() if stamp else None
    except (ValueError, TypeError, OverflowError):
        return None


def _payload(part: EmailMessage) -> bytes:
    try:
        raw = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        return b""
    return raw if isinstance(raw, bytes) else b""


def _attachments(message: EmailMessage) -> Iterator[Attachment]:
    waiting: list[Message] = [message]
    while waiting:
        part = waiting.pop()
        if part.get_content_type() == "message/rfc822" and part is not message:  # a mail that was passed on
            for inner in _parts(part):
                yield Attachment(tidy(_header(inner, "subject")) or "?", _bytes(inner), is_mail=True)
            continue
        waiting += reversed(_parts(part))
        try:
            file_name = part.get_filename()
        except Exception:  # as in _header
            file_name = None
        if file_name and isinstance(part, EmailMessage) and not part.is_multipart():
            yield Attachment(tidy(file_name) or "", _payload(part))


def _parts(part: Message) -> list[Message]:
    inner = part.get_payload()
    return [one for one in inner if isinstance(one, Message)] if isinstance(inner, list) else []


def _bytes(message: Message) -> bytes:
    try:
        return message.as_bytes(policy=email.policy.compat32)
    except Exception:  # as in _header
        return b""
