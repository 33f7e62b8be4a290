"""The columns of a page of a PDF. Most programs write one after the other; on a page that was written row by row each
line runs across all of them, and they are told apart by where its pieces begin."""

from __future__ import annotations

import re
from collections import Counter
from itertools import groupby
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pypdf import PageObject

_FEWEST = 6  # lines that begin anew at the same place
_SHARE = 0.5  # of the lines that have several pieces
_NARROWEST = 18  # characters of a column of running text, by its median; a table's are shorter
_WIDER = 1.3  # times the first column's usual line: what is longer runs across
_GRID = 4  # points within which pieces begin at the same place
_FAR = 80  # points from the beginning of a line to that of the next column
_SPACE = 4  # bytes; some programs end each line with a space of its own
_PIECE = re.compile(r"\S+(?: {1,2}\S+)*")  # of a line in which spaces stand for the distance


class _Piece(NamedTuple):
    column: int
    text: str


def read_lines(page: PageObject) -> list[str]:
    """The lines of a page in the order of reading."""
    begins: Counter[int] = Counter()
    first, last, level, levels = 0.0, 0.0, 0.0, 0

    def look(operator: bytes, operands: Sequence[Any], cm: Sequence[float], tm: Sequence[float]) -> None:
        nonlocal first, last, level, levels
        if operator not in (b"Tj", b"TJ"):
            return
        x, y = cm[0] * tm[4] + cm[4], cm[3] * tm[5] + cm[5]
        if abs(y - level) > 1:
            first, level, levels = x, y, levels + 1
        elif x > last and x - first > _FAR and _size(operands) > _SPACE:
            begins[round(x / _GRID)] += 1
        last = x

    lines = str(page.extract_text(visitor_operand_before=look)).split("\n")
    if max(begins.values(), default=0) < max(_FEWEST, _SHARE * levels):
        return lines
    pieces = _layout(page)
    rows = [_cut(line, gutters) for line in pieces] if (gutters := _find_gutters(pieces)) else []
    return _read_columns(rows) if _run_across(lines, rows) else lines


def _size(operands: Sequence[Any]) -> int:
    """Bytes of the letters that an operator shows."""
    shown = operands[0] if operands else ""
    pieces = shown if isinstance(shown, list) else [shown]
    return sum(len(piece) for piece in pieces if isinstance(piece, str | bytes))


def _run_across(lines: list[str], rows: list[list[str]]) -> bool:
    """Do most lines of the text as it was written hold the cells of several columns?"""
    written = {"".join(line.split()) for line in lines}
    several = ["".join("".join(row).split()) for row in rows if all(row)]
    return sum(row in written for row in several) > len(several) / 2


def _layout(page: PageObject) -> list[list[_Piece]]:
    shown = str(page.extract_text(extraction_mode="layout")).split("\n")
    return [[_Piece(found.start(), found[0]) for found in _PIECE.finditer(line)] for line in shown]


def _read_columns(rows: list[list[str]]) -> list[str]:
    found: list[str] = []
    widest = _WIDER * median(len(row[0]) for row in rows if all(row))
    for across, block in groupby(rows, key=lambda row: len(row[0]) > widest and not any(row[1:])):
        if across:  # a headline above the columns
            found += (row[0] for row in block)
        else:
            found += (cell for column in zip(*block, strict=True) for cell in (*filter(None, column), ""))
    return found


def _find_gutters(lines: list[list[_Piece]]) -> list[int]:
    """Where columns begin, but for the first; none on a page that has one, or that is a table."""
    several = [line for line in lines if len(line) > 1]
    counts = Counter(piece.column for line in several for piece in line[1:])
    least = max(_FEWEST, _SHARE * len(several))
    gutters = sorted(column for column, count in counts.items() if count >= least)
    rows = [row for line in several if all(row := _cut(line, gutters))]
    if len(rows) < _FEWEST or any(median(map(len, column)) < _NARROWEST for column in zip(*rows, strict=True)):
        return []
    return gutters


def _cut(line: list[_Piece], gutters: list[int]) -> list[str]:
    """The cells of a line, one for each column."""
    cells: list[list[str]] = [[] for _ in range(len(gutters) + 1)]
    for column, text in line:
        cells[sum(column >= gutter for gutter in gutters)].append(text)
    return [" ".join(" ".join(cell).split()) for cell in cells]
