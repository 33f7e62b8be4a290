"""A mail (eml): its body, and the reports attached to it."""

from __future__ import annotations

import email
import email.policy
import email.utils
from collections.abc import Iterator
from email.errors import MessageError
from email.message import EmailMessage
from typing import NamedTuple

from pipeline.formats.charset import decode_page
from pipeline.formats.page import read_source
from pipeline.formats.records import Extract, FormatError, clean, tidy

_MOST_ATTACHMENTS = 50


class Attachment(NamedTuple):
    name: str
    raw: bytes


def read_mail(raw: bytes, name: str) -> Iterator[Extract | Attachment]:
    """The body of a mail as a report, then its attachments, unread."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    if not isinstance(message, EmailMessage) or not message.keys():
        raise FormatError("broken", name=name, kind="E-Mail")
    body = _read_body(message, name)
    if body is not None:
        yield body
    count = 0
    for attachment in _attachments(message):
        count += 1
        if count > _MOST_ATTACHMENTS:
            raise FormatError("archive_many", name=name, most=_MOST_ATTACHMENTS)
        yield attachment
    if body is None and not count:
        raise FormatError("empty", name=name)


def _header(message: EmailMessage, name: str) -> str | None:
    try:
        value = message[name]
        return None if value is None else str(value)
    except Exception:  # the library raises many kinds for headers that break its grammar
        return None


def _read_body(message: EmailMessage, name: str) -> Extract | None:
    try:
        part = message.get_body(("plain", "html"))
    except (AttributeError, KeyError, ValueError, TypeError, MessageError):
        part = None
    if not isinstance(part, EmailMessage):
        return None
    raw = _payload(part)
    if not raw.strip():
        return None
    source = decode_page(raw, part.get_content_charset(), name)
    if part.get_content_type() == "text/html":
        found = read_source(source, name)
    else:
        found = Extract(name, clean(source).strip())
    sender, _ = email.utils.parseaddr(_header(message, "from") or "")
    return found._replace(
        title=tidy(_header(message, "subject")) or found.title,
        author=tidy(sender) or found.author,
        published=_day(_header(message, "date")) or found.published,
        certain=True,
    )


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
    for part in message.walk():
        try:
            file_name = part.get_filename()
        except Exception:  # as in _header
            file_name = None
        if file_name and isinstance(part, EmailMessage) and not part.is_multipart():
            yield Attachment(tidy(file_name) or "", _payload(part))
