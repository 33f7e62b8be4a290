"""A Word document (docx): its paragraphs and tables in order."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lxml import etree

from pipeline.formats.records import LARGEST, Extract, FormatError, clean, tidy

if TYPE_CHECKING:
    from docx.document import Document
    from docx.opc.part import Part

LARGEST_UNPACKED = 100_000_000  # bytes
_MOST_PARTS = 5_000
_PIECE = 1 << 16
_LONGEST_MARK = 4 * len("<!DOCTYPE")  # bytes, in UTF-32
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NOTES = ("/word/footnotes.xml", "/word/endnotes.xml")
_HEADS = re.compile(r"/word/(header|footer)\d*\.xml")
_SHELLS = {_W + name for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")}
# What was taken out, what stands for readers who cannot show a box, what a field is made of, and how to say a word.
_LEFT_OUT = {
    _W + "del", _W + "moveFrom", _W + "instrText", _W + "pPr", _W + "rPr", _W + "sdtPr", _W + "rt",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}  # fmt: skip
_END_TAKEN_OUT = f"{_W}pPr/{_W}rPr/{_W}del"
_HIDDEN = f"{_W}rPr/{_W}vanish"
_SIGNS = {_W + "tab": "\t", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "-"}
_TEMPLATE = "2013-12-23T23:15"  # when the template of python-docx was made; no day of any report


def read_word(raw: bytes, name: str) -> Iterator[Extract]:
    """The report in a Word document. ``FormatError`` for one that is broken, a bomb or without text."""
    _check(raw, name)
    import docx
    from docx.opc.exceptions import OpcError

    try:
        document = docx.Document(io.BytesIO(raw))
        text = clean("\n".join(_lines(document))).strip()
        margin = clean("\n".join(_heads(document))).strip()
        about = document.core_properties
        title, author, language = about.title, about.author, about.language
        made = about.created.isoformat() if about.created is not None else None
    except (OpcError, etree.LxmlError, zipfile.BadZipFile, zlib.error, ValueError, TypeError, KeyError, AttributeError,
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
        published=made if made and not made.startswith(_TEMPLATE) else None,
        certain=False,  # the day on which the file was made
        margin=margin or None,
    )


def _lines(document: Document) -> Iterator[str]:
    """Paragraphs and rows of tables in order, what lies in fields and forms too; foot and end notes at the end."""
    yield from _blocks(document.element.body)
    for part in document.part.package.iter_parts():
        if str(part.partname) in _NOTES:
            for note in _parse(part):
                if note.get(_W + "type") is None:  # else the line above the notes
                    yield from (line.strip() for line in _blocks(note))


def _heads(document: Document) -> Iterator[str]:
    """What stands at the head and foot of every page."""
    for part in document.part.package.iter_parts():
        if _HEADS.fullmatch(str(part.partname)):
            yield from _blocks(_parse(part))


def _parse(part: Part) -> etree._Element:
    return etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True))


def _blocks(parent: etree._Element) -> Iterator[str]:
    begun = ""  # of a paragraph whose end was taken out: it goes on in the next
    for element in parent:
        if element.tag == _W + "p":
            boxes = list[etree._Element]()
            words = begun + _read_paragraph(element, boxes)
            begun = words if element.find(_END_TAKEN_OUT) is not None else ""
            if not begun:
                yield words
            for box in boxes:  # beside the paragraph, not in its sentence
                yield from _blocks(box)
        elif element.tag == _W + "tbl":
            yield from _rows(element)
        elif element.tag in _SHELLS:
            yield from _blocks(element)
    if begun:
        yield begun


def _rows(table: etree._Element) -> Iterator[str]:
    for row in table.iterfind(f"{_W}tr"):
        cells = (" ".join(" ".join(_blocks(cell)).split()) for cell in _cells(row))
        line = " | ".join(cell for cell in cells if cell)
        if line:
            yield line


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for element in row:
        if element.tag == _W + "tc":
            yield element
        elif element.tag in _SHELLS:
            yield from _cells(element)


def _read_paragraph(element: etree._Element, boxes: list[etree._Element]) -> str:
    """The words of a paragraph as they stand when all changes are taken; text boxes that hang on it go to ``boxes``."""
    words = list[str]()
    for child in element:
        if child.tag == _W + "t":
            words.append(child.text or "")
        elif child.tag in _SIGNS:
            words.append(_SIGNS[child.tag])
        elif child.tag == _W + "txbxContent":
            boxes.append(child)
        elif child.tag not in _LEFT_OUT and not _is_hidden(child):
            words.append(_read_paragraph(child, boxes))
    return "".join(words)


def _is_hidden(element: etree._Element) -> bool:
    mark = element.find(_HIDDEN) if element.tag == _W + "r" else None
    return mark is not None and mark.get(_W + "val") not in ("0", "false", "off")


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
                is_xml = member.filename.lower().endswith((".xml", ".rels"))
                with parts.open(member) as stream:
                    end = b""
                    while piece := stream.read(_PIECE):
                        total += len(piece)
                        if total > LARGEST_UNPACKED:
                            raise FormatError("bomb", name=name)
                        if is_xml and _has_doctype(end + piece):
                            raise FormatError("xml_bomb", name=name)
                        end = piece[-_LONGEST_MARK:]
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError):
        raise FormatError("broken", name=name, kind="Word") from None


def _has_doctype(piece: bytes) -> bool:
    """In any encoding: UTF-16 and UTF-32 only put zeros between the letters. Text has its ``<`` escaped."""
    return b"<!doctype" in piece.replace(b"\0", b"").lower()
