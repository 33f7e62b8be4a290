"""A PDF: its words in the order of reading, paragraphs put together again, running heads left out."""

from __future__ import annotations

import io
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from pipeline import language
from pipeline.formats.columns import read_lines
from pipeline.formats.records import LARGEST, Extract, FormatError, clean, tidy

if TYPE_CHECKING:
    from pypdf import PdfReader

MOST_PAGES = 1_000
_EDGE = 3  # lines at the top and the foot of a page that may be running heads
_SHORTEST = 20  # characters without which a file is taken for pictures of pages
_DIGITS = re.compile(r"\d+")
_CUT = re.compile("\xad$")
_FILE_NAME = re.compile(r"\w+:\S*|.*\.\w{2,5}|Microsoft Word - .*|(?i:untitled|unbenannt|dokument|document)\W*\d*")
_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)")
_ENDS = (".", "!", "?", "…", ":", "“", "”", '"', "«", "»")


def read_pdf(raw: bytes, name: str) -> Iterator[Extract]:
    """The report in a PDF. ``FormatError`` for one that is locked, broken, too long or without text."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield _read(PdfReader(io.BytesIO(raw)), name)
    except FormatError:
        raise
    except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError, AssertionError,
            OSError, NotImplementedError, RecursionError):  # fmt: skip  # what damaged files make the library raise
        raise FormatError("broken", name=name, kind="PDF") from None


def _read(reader: PdfReader, name: str) -> Extract:
    if reader.is_encrypted:
        try:
            opened = bool(reader.decrypt(""))
        except Exception:  # the cipher is one that needs another library
            opened = False
        if not opened:
            raise FormatError("pdf_locked", name=name)
    count = reader.root_object.get("/Pages", {}).get("/Count", 0)
    if isinstance(count, int) and count > MOST_PAGES:
        raise FormatError("pdf_pages", name=name, most=MOST_PAGES)
    pages: list[list[str]] = []
    length = 0
    for page in islice(reader.pages, MOST_PAGES + 1):
        if len(pages) == MOST_PAGES:
            raise FormatError("pdf_pages", name=name, most=MOST_PAGES)
        lines = [clean(_CUT.sub("-", line)).strip() for line in read_lines(page)]
        length += sum(map(len, lines))
        if length > LARGEST:
            raise FormatError("too_long", name=name, most=LARGEST // 1_000_000)
        pages.append(lines)
    heads = _find_running_heads(pages)
    text = join_lines([line for page in pages for line in [*_without_heads(page, heads), ""]])
    if len(text) < _SHORTEST:
        raise FormatError("pdf_scanned", name=name)
    about = reader.metadata
    made = _DATE.match(str(about.get("/CreationDate", ""))) if about else None
    return Extract(
        name=name,
        text=text,
        title=_headline(tidy(about.title)) if about else None,
        author=tidy(about.author) if about else None,
        published="-".join(made.groups()) if made else None,
        certain=False,  # the day on which the file was made, often but not always that of publication
        margin="\n".join(line for line in dict.fromkeys(pages[0]) if _shape(line) in heads) or None,
    )


def _headline(title: str | None) -> str | None:
    """A title that is not only the name of a file or what a program calls a new one."""
    return None if title and _FILE_NAME.fullmatch(title) else title


def _shape(line: str) -> str:
    return _DIGITS.sub("#", line)


def _edges(page: list[str]) -> set[int]:
    places = [i for i, line in enumerate(page) if line]
    return {*places[:_EDGE], *places[-_EDGE:]}


def _find_running_heads(pages: list[list[str]]) -> set[str]:
    """The lines that stand at the top or the foot of most pages, whatever their numbers."""
    counts = Counter(key for page in pages for key in {_shape(page[i]) for i in _edges(page)})
    return {key for key, count in counts.items() if count >= 2 and count > len(pages) / 2}


def _without_heads(page: list[str], heads: set[str]) -> list[str]:
    edges = _edges(page)
    return [line for i, line in enumerate(page) if i not in edges or _shape(line) not in heads]


def join_lines(lines: list[str]) -> str:
    """Lines of a page as paragraphs: a line that is full, or behind which the next begins with a small letter, goes on
    in that; a word cut at its end is whole again."""
    widths = sorted(len(line) for line in lines if line)
    width = widths[int(len(widths) * 0.9)] if widths else 0
    paragraphs: list[str] = []
    before = ""  # the line above, where it may go on
    for line in lines:
        if not line:
            before = "" if before.endswith(_ENDS) else before
            continue
        if not before or not _goes_on(before, line, width):
            paragraphs.append(line)
        elif before.endswith("-") and before[-2:-1].isalpha():
            paragraphs[-1] = _join_word(paragraphs[-1], line)
        else:
            paragraphs[-1] += " " + line
        before = line
    return "\n".join(paragraphs).strip()


def _goes_on(line: str, following: str, width: int) -> bool:
    """Is a line broken only because it was full?"""
    if line.endswith(_ENDS):
        return len(line) >= 0.9 * width
    full = len(line) + 1 + len(following.split(" ", 1)[0]) > width or len(line) >= 0.75 * width
    return full or (following[0].islower() and len(line) >= 0.4 * width)


def _join_word(paragraph: str, line: str) -> str:
    """A word that is cut at the end of a line: "Gouver-neur" is one, "Süd-Kordofan" keeps its hyphen, and "Ein- und
    Ausfuhr" its space too."""
    if not line[0].islower():
        return paragraph + line
    if line.split(" ", 1)[0] in _joints():
        return f"{paragraph} {line}"
    return paragraph[:-1] + line


@cache
def _joints() -> frozenset[str]:
    """Words behind a hyphen that stands for the rest of a word, in all languages."""
    return frozenset(word for code in language.available() for word in language.words(code, "layout")["joints"])
