"""A web archive (WARC, packed or not): the pages that servers answered with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, NamedTuple

from pipeline.formats.page import LARGEST
from pipeline.formats.records import LARGEST_FILE, FormatError, Refused, tidy

_KINDS = {
    "text/html": "page", "application/xhtml+xml": "page", "text/plain": "text", "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "word",
}  # fmt: skip


_PACKINGS = ("", "identity", "gzip", "deflate", "br")


class Answer(NamedTuple):
    """A page or a file as a server sent it. ``charset``: what its header said."""

    kind: str
    url: str
    raw: bytes
    charset: str | None


class _Brotli:
    """Unpacks a body that is packed by Brotli, as warcio wants it done, and no more than a file may hold."""

    unused_data = None  # what stands behind the body: nothing

    def __init__(self) -> None:
        import brotli

        self._inner = brotli.Decompressor()

    def decompress(self, raw: bytes) -> bytes:
        return bytes(self._inner.process(raw, output_buffer_limit=LARGEST_FILE + 1))


def read_web_archive(file: IO[bytes], name: str) -> Iterator[Answer | Refused]:
    """The answers that are reports of a kind and went well, and what was put in without any answer; refused is what is
    packed in a way that is not read. ``FormatError`` when the archive is broken, from there on."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.bufferedreaders import BufferedReader
    from warcio.exceptions import ArchiveLoadFailed

    BufferedReader.DECOMPRESSORS["br"] = _Brotli
    try:
        for record in ArchiveIterator(file):
            headers = record.http_headers if record.rec_type == "response" else record.rec_headers
            if record.rec_type not in ("response", "resource") or headers is None:
                continue
            if record.rec_type == "response" and headers.get_statuscode() not in ("200", "203"):
                continue
            said, _, more = (headers.get_header("Content-Type") or "").partition(";")
            if kind := _KINDS.get(said.strip().lower()):
                charset = more.lower().partition("charset=")[2].partition(";")[0].strip(" \"'") or None
                url = tidy(record.rec_headers.get_header("WARC-Target-URI")) or ""
                packing = (headers.get_header("Content-Encoding") or "").strip().lower()
                if packing not in _PACKINGS:
                    yield Refused("packing", {"name": f"{name}: {url}", "kind": packing[:40]})
                    continue
                most = LARGEST if kind == "page" else LARGEST_FILE
                yield Answer(kind, url, record.content_stream().read(most + 1), charset)
    except (ArchiveLoadFailed, OSError, EOFError, ValueError, AttributeError, TypeError, IndexError, KeyError):
        raise FormatError("broken", name=name, kind="WARC") from None
