"""A PDF: its words in the order of reading, paragraphs put together again, running heads left out."""

from __future__ import annotations

import io
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from pipeline.formats.records import LARGEST, Extract, FormatError, clean, tidy

if TYPE_CHECKING:
    from pypdf import PdfReader

MOST_PAGES = 1_000
_EDGE = 2  # lines at the top and the foot of a page that may be running heads
_SHORTEST = 20  # characters without which a file is taken for pictures of pages
_DIGITS = re.compile(r"\d+")
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
        text = clean(page.extract_text())
        length += len(text)
        if length > LARGEST:
            raise FormatError("too_long", name=name, most=LARGEST // 1_000_000)
        pages.append([line.strip() for line in text.split("\n")])
    text = join_lines([line for page in _drop_running_heads(pages) for line in [*page, ""]])
    if len(text) < _SHORTEST:
        raise FormatError("pdf_scanned", name=name)
    about = reader.metadata
    made = _DATE.match(str(about.get("/CreationDate", ""))) if about else None
    return Extract(
        name=name,
        text=text,
        title=tidy(about.title) if about else None,
        author=tidy(about.author) if about else None,
        published="-".join(made.groups()) if made else None,
        certain=False,  # the day on which the file was made, often but not always that of publication
    )


def _drop_running_heads(pages: list[list[str]]) -> list[list[str]]:
    """Pages without the lines that stand at the top or the foot of most of them, whatever their numbers."""
    filled = [[line for line in page if line] for page in pages]
    counts = Counter(
        key for page in filled for key in {_DIGITS.sub("#", line) for line in (*page[:_EDGE], *page[-_EDGE:])}
    )
    running = {key for key, count in counts.items() if len(pages) >= 3 and count > len(pages) / 2}
    kept = []
    for page in pages:
        places = [i for i, line in enumerate(page) if line]
        edge = {*places[:_EDGE], *places[-_EDGE:]}
        kept.append([line for i, line in enumerate(page) if i not in edge or _DIGITS.sub("#", line) not in running])
    return kept


def join_lines(lines: list[str]) -> str:
    """Lines of a page as paragraphs: a line that is full goes on in the next; a word cut at its end is whole again."""
    widths = sorted(len(line) for line in lines if line)
    full = 0.75 * widths[int(len(widths) * 0.9)] if widths else 0
    paragraphs: list[str] = []
    open_line = False
    for line in lines:
        if not line:
            open_line = open_line and bool(paragraphs) and not paragraphs[-1].endswith(_ENDS)
            continue
        if open_line and paragraphs[-1].endswith("-") and paragraphs[-1][-2:-1].isalpha() and line[0].islower():
            paragraphs[-1] = paragraphs[-1][:-1] + line
        elif open_line:
            paragraphs[-1] += " " + line
        else:
            paragraphs.append(line)
        open_line = len(line) >= full and not (line.endswith(_ENDS) and len(line) < full * 1.2)
    return "\n".join(paragraphs).strip()
