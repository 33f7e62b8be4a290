"""Reads what others have made: web pages, PDF, Word, mails, archives, feeds. Nothing here trusts its input.

All of it runs in a process of its own with limits (``pipeline.formats.cell``), never in the caller's:
``pipeline.ingest.parser`` starts that process and asks it. A parser is a generator of ``Extract`` and raises
``FormatError`` for what it cannot use.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import IO, TYPE_CHECKING, NamedTuple

from pipeline.formats.charset import decode, decode_line
from pipeline.formats.feed import Entry
from pipeline.formats.objects import read_objects
from pipeline.formats.records import LARGEST, LARGEST_FILE, Extract, FormatError, Refused

if TYPE_CHECKING:
    from pipeline.formats.web_archive import Answer

__all__ = ["ARCHIVES", "KINDS", "Entry", "Extract", "Item", "Refused", "Unit", "find_kind", "find_units"]

# How names end, and what such files are.
KINDS = {
    ".txt": "text", ".jsonl": "lines", ".ndjson": "lines", ".json": "objects",
    ".html": "page", ".htm": "page", ".xhtml": "page", ".pdf": "pdf", ".docx": "word", ".eml": "mail",
    ".zip": "archive", ".warc": "web_archive", ".warc.gz": "web_archive", ".gz": "packed",
}  # fmt: skip
ARCHIVES = ("archive", "web_archive", "packed")
_DEEPEST = 2  # an archive in a mail, a mail in an archive; no archive in an archive in an archive

Item = Extract | Refused | Entry


class Unit(NamedTuple):
    """A part of a file that is read, and can fail, for itself. ``size`` in bytes."""

    name: str
    size: int
    read: Callable[[], Iterator[Item]]


def find_kind(name: str) -> str | None:
    lower = name.lower()
    return next((kind for suffix, kind in KINDS.items() if lower.endswith(suffix)), None)


def find_units(
    kind: str, file: IO[bytes], name: str, url: str | None = None, charset: str | None = None, depth: int = 0
) -> Iterator[Unit | Refused]:
    """The parts of a file, one at a time. ``depth``: how many archives and mails it lies in."""
    if kind == "archive":
        from pipeline.formats.archive import Member, read_archive

        for member in read_archive(file, name, tuple(KINDS)):
            if isinstance(member, Member):
                yield Unit(member.name, len(member.raw), _reader(member.name, member.raw, depth + 1))
            else:
                yield member
    elif kind == "packed":
        yield from _unpack(file, name, depth)
    elif kind == "web_archive":
        from pipeline.formats.web_archive import read_web_archive

        for answer in read_web_archive(file, name):
            if isinstance(answer, Refused):
                yield answer
            else:
                shown = f"{name}: {answer.url}"
                yield Unit(shown, len(answer.raw), _answer_reader(answer, shown, depth))
    else:
        raw = file.read(LARGEST_FILE + 1)
        if not raw.strip():
            raise FormatError("empty", name=name)
        if kind == "page":
            yield Unit(name, len(raw), _page_reader(raw, name, url, charset))
        elif kind == "feed":
            yield Unit(name, len(raw), _feed_reader(raw, name, url, charset))
        else:
            yield Unit(name, len(raw), _reader(name, raw, depth, kind))


def _unpack(file: IO[bytes], name: str, depth: int) -> Iterator[Unit]:
    from pipeline.formats.archive import read_packed

    inner = PurePath(name[: -len(".gz")]).name
    kind = find_kind(inner)
    if kind is None or kind in ARCHIVES:
        raise FormatError("kind", name=name, kinds=", ".join(KINDS))
    inner = f"{name}: {inner}"
    for first, raw in read_packed(file, name, by_lines=kind == "lines"):
        yield Unit(inner, len(raw), _reader(inner, raw, depth + 1, first=first))


def _page_reader(raw: bytes, name: str, url: str | None, charset: str | None) -> Callable[[], Iterator[Item]]:
    from pipeline.formats.page import read_page

    return lambda: read_page(raw, name, url, charset)


def _answer_reader(answer: Answer, name: str, depth: int) -> Callable[[], Iterator[Item]]:
    if answer.kind == "page":
        return _page_reader(answer.raw, name, answer.url, answer.charset)
    items = _reader(name, answer.raw, depth + 1, answer.kind)
    return lambda: (item._replace(url=answer.url) if isinstance(item, Extract) else item for item in items())


def _feed_reader(raw: bytes, name: str, url: str | None, charset: str | None) -> Callable[[], Iterator[Item]]:
    from pipeline.formats.feed import read_feed

    return lambda: read_feed(raw, name, url, charset)


def _reader(name: str, raw: bytes, depth: int, kind: str | None = None, first: int = 1) -> Callable[[], Iterator[Item]]:
    return lambda: _read(name, raw, depth, kind or find_kind(name), first)


def _read(name: str, raw: bytes, depth: int, kind: str | None, first: int = 1) -> Iterator[Item]:
    """``first``: the number of the first line."""
    if len(raw) > LARGEST_FILE:
        raise FormatError("too_long", name=name, most=LARGEST_FILE // 1_000_000)
    if not raw.strip():
        raise FormatError("empty", name=name)
    if kind == "mail" and depth > _DEEPEST:
        raise FormatError("archive_deep", name=name)
    if kind == "text":
        if len(raw) > LARGEST:
            raise FormatError("too_long", name=name, most=LARGEST // 1_000_000)
        yield Extract(name, decode(raw, name))
    elif kind == "lines":
        lines = enumerate(io.BytesIO(raw), first)
        yield from (Extract(name, decode_line(line), line=number) for number, line in lines if line.strip())
    elif kind == "objects":
        yield from read_objects(raw, name)
    elif kind == "page":
        yield from _page_reader(raw, name, None, None)()
    elif kind == "pdf":
        from pipeline.formats.pdf import read_pdf

        yield from read_pdf(raw, name)
    elif kind == "word":
        from pipeline.formats.word import read_word

        yield from read_word(raw, name)
    elif kind == "mail":
        yield from _read_mail(name, raw, depth)
    elif kind in ARCHIVES:
        yield from _read_inner(name, raw, depth, kind)


def _read_mail(name: str, raw: bytes, depth: int) -> Iterator[Item]:
    from pipeline.formats.mail import Attachment, read_mail

    for found in read_mail(raw, name):
        if not isinstance(found, Attachment):
            yield found
        elif kind := "mail" if found.is_mail else find_kind(found.name):
            inner = f"{name}: {PurePath(found.name).name}"
            yield from _guard(_read(inner, found.raw, depth + 1, kind))


def _read_inner(name: str, raw: bytes, depth: int, kind: str) -> Iterator[Item]:
    if depth >= _DEEPEST:
        raise FormatError("archive_deep", name=name)
    for unit in find_units(kind, io.BytesIO(raw), name, depth=depth):
        yield from (unit,) if isinstance(unit, Refused) else _guard(unit.read())


def _guard(items: Iterator[Item]) -> Iterator[Item]:
    """A report that came with others: its failure is its own."""
    try:
        yield from items
    except FormatError as error:
        yield error.refused
