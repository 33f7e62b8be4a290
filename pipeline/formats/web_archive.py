"""A web archive (WARC, packed or not): the pages that servers answered with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, NamedTuple

from pipeline.formats.page import LARGEST
from pipeline.formats.records import FormatError, tidy

_PAGES = ("text/html", "application/xhtml+xml")


class Answer(NamedTuple):
    """A page as a server sent it. ``charset``: what its header said."""

    url: str
    raw: bytes
    charset: str | None


def read_web_archive(file: IO[bytes], name: str) -> Iterator[Answer]:
    """The answers that are web pages and went well. ``FormatError`` when the archive is broken, from there on."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    try:
        for record in ArchiveIterator(file):
            headers = record.http_headers
            if record.rec_type != "response" or headers is None or headers.get_statuscode() != "200":
                continue
            kind, _, more = (headers.get_header("Content-Type") or "").partition(";")
            if kind.strip().lower() in _PAGES:
                charset = more.partition("charset=")[2].strip(" \"'") or None
                url = tidy(record.rec_headers.get_header("WARC-Target-URI")) or ""
                yield Answer(url, record.content_stream().read(LARGEST + 1), charset)
    except (ArchiveLoadFailed, OSError, EOFError, ValueError, AttributeError, TypeError, IndexError, KeyError):
        raise FormatError("broken", name=name, kind="WARC") from None
