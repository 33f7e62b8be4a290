"""Files, uploads, web addresses and JSON lines become documents; the publication date is found here, with how it is
known.

    files, addresses, feeds --formats (in a process of their own)--> Extract --documents, parts, tongue--> Document

Read are the kinds in ``SUFFIXES``. A ``reports.csv`` beside files tells what is known about them: file, published,
published_source, source, title, author, url, language, note. What cannot be read comes back as the error that says why,
in one sentence, so that the rest goes on.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.errors import InputError
from pipeline.formats.records import LARGEST, LARGEST_FILE
from pipeline.ingest.documents import Known, complete, document_id, from_text, parse_day
from pipeline.ingest.files import REPORTS, SUFFIXES, find_files, is_plain, load_notes, read_file, read_text, read_upload
from pipeline.ingest.lines import parse_line
from pipeline.ingest.refusal import decode, refuse
from pipeline.records import Document

__all__ = [
    "LARGEST", "LARGEST_FILE", "REPORTS", "SUFFIXES", "Known", "complete", "decode", "document_id", "find_files",
    "from_text", "is_address", "is_plain", "load_notes", "parse_day", "parse_line", "read_address", "read_file",
    "read_text", "read_upload", "refuse",
]  # fmt: skip


def read_address(url: str, known: Known) -> Iterator[Document | InputError]:
    """The article behind a web address, or the newest articles of a feed; what cannot be read comes as the error that
    says why. Which addresses are asked, and how, is in docs/security.md."""
    from pipeline.web import articles

    yield from articles.read_address(url, known)


def is_address(text: str) -> bool:
    """Does somebody mean a web address, not a file?"""
    return text.strip().lower().startswith(("http://", "https://"))
