"""A Word document (docx): its paragraphs and tables in order."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.formats.records import LARGEST, Extract, FormatError, clean, tidy

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table

LARGEST_UNPACKED = 100_000_000  # bytes
_MOST_PARTS = 5_000
_PIECE = 1 << 16


def read_word(raw: bytes, name: str) -> Iterator[Extract]:
    """The report in a Word document. ``FormatError`` for one that is broken, a bomb or without text."""
    _check(raw, name)
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        document = docx.Document(io.BytesIO(raw))
        text = clean("\n".join(_lines(document))).strip()
        about = document.core_properties
        title, author, language, made = about.title, about.author, about.language, about.created
    except (OpcError, LxmlError, zipfile.BadZipFile, zlib.error, ValueError, TypeError, KeyError, AttributeError,
            IndexError, NotImplementedError, OSError, RecursionError):  # fmt: skip
        raise FormatError("broken", name=name, kind="Word") from None
    if len(text) > LARGEST:
        raise FormatError("too_long", name=name, most=LARGEST // 1_000_000)
    if not text:
        raise FormatError("empty", name=name)
    yield Extract(
        name=name,
        text=text,
        title=tidy(title),
        author=tidy(author) if author != "python-docx" else None,
        language=tidy(language[:2].lower()) if language else None,
        published=made.isoformat() if made is not None else None,
        certain=False,  # the day on which the file was made
    )


def _lines(document: Document) -> Iterator[str]:
    from docx.table import Table

    for block in document.iter_inner_content():
        if isinstance(block, Table):
            yield from _rows(block)
        else:
            yield block.text


def _rows(table: Table) -> Iterator[str]:
    for row in table.rows:
        cells: dict[int, str] = {id(cell._tc): " ".join(cell.text.split()) for cell in row.cells}  # merged cells once
        line = " | ".join(cell for cell in cells.values() if cell)
        if line:
            yield line


def _check(raw: bytes, name: str) -> None:
    """Unpack everything once, holding little, before a library does so holding all: what grows too large is a bomb, and
    a document type has no place in Word's XML, only in attacks by entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            members = parts.infolist()
            if len(members) > _MOST_PARTS:
                raise FormatError("bomb", name=name)
            total = 0
            for member in members:
                if member.flag_bits & 1:
                    raise FormatError("archive_locked", name=name)
                with parts.open(member) as stream:
                    first = stream.read(_PIECE)
                    if member.filename.lower().endswith((".xml", ".rels")) and _has_doctype(first):
                        raise FormatError("xml_bomb", name=name)
                    total += len(first)
                    while piece := stream.read(_PIECE):
                        total += len(piece)
                        if total > LARGEST_UNPACKED:
                            raise FormatError("bomb", name=name)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError):
        raise FormatError("broken", name=name, kind="Word") from None


def _has_doctype(start: bytes) -> bool:
    """In any encoding: UTF-16 and UTF-32 only put zeros between the letters. It must stand before the first element."""
    return b"<!doctype" in start.replace(b"\0", b"").lower()
