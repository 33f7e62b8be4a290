"""Rows of a CSV file, one at a time, and what their cells say. A broken row costs only itself."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from typing import Final

from pipeline.imports.days import find_order, read_day
from pipeline.imports.refusal import refuse
from pipeline.records import Problem

_LONGEST = 200_000  # characters of a row; more than that is a quotation mark that nobody closed
_MOST_LINES = 200
_AHEAD = 1000  # rows that are looked at for what holds for all of them
_COMMA: Final = re.compile(r"-?\d+,\d+")  # a number as spreadsheets of many languages write it
_SEPARATOR: Final = re.compile(r"\ufeff?\"?sep=(.)\"?\s*", re.IGNORECASE)  # a first line for Excel alone


@dataclass(slots=True)
class Row:
    """A row with its number as a spreadsheet shows it. What is wrong with it is collected in ``problems``."""

    number: int
    raw: str
    cells: dict[str, str]
    fits: bool = True  # as many cells as columns
    ends_early: bool = False  # fewer cells than columns
    month_first: bool | None = None  # in days written as 3/8/2024; None: not known
    problems: list[Problem] = field(default_factory=list)

    def complain(self, key: str, **values: object) -> None:
        error = refuse(key, row=self.number, **values)
        self.problems.append(Problem("input", str(error), reason=error.reason))

    def text(self, *columns: str) -> str | None:
        """The first of these cells that is not empty, its blanks made plain."""
        for column in columns:
            words = " ".join(self.cells.get(column, "").split())
            if words and words.lower() not in ("na", "nan", "null"):
                return words
        return None

    def real(self, column: str, least: float, most: float) -> float | None:
        words = self.text(column)
        if words is None:
            return None
        try:
            number = float(words.replace(",", ".") if _COMMA.fullmatch(words) else words)
        except ValueError:
            number = float("nan")
        if not least <= number <= most:
            self.complain("number", column=column, text=words[:80])
            return None
        return number

    def whole(self, column: str, least: int = 0, most: int = 100_000_000) -> int | None:
        """A whole number, also where it is written as 3.0."""
        number = self.real(column, least, most)
        if number is None:
            return None
        if number != int(number):
            self.complain("number", column=column, text=self.text(column) or "")
            return None
        return int(number)

    def day(self, column: str) -> date | None:
        words = self.text(column)
        if words is None:
            return None
        found = read_day(words, self.month_first)
        if found is None:
            key = "two_days" if read_day(words, month_first=True) and read_day(words, month_first=False) else "day"
            self.complain(key, column=column, text=words[:80])
        return found


def read_table(lines: Iterable[str]) -> tuple[list[str], Iterator[Row]]:
    """The names of the columns, in lower case, and the rows below."""
    source = iter(lines)
    header, number = next(source, ""), 2
    if told := _SEPARATOR.fullmatch(header):
        header, number = next(source, ""), 3
    delimiter = told[1] if told else max(",;\t", key=header.count)
    columns = ["_".join(cell.lower().split()) for cell in _parse(header, delimiter) or ()]
    return columns, _read_rows(source, columns, delimiter, number)


def settle(rows: Iterator[Row], days: Iterable[str]) -> Iterator[Row]:
    """The rows, with what only many of them tell together: how the columns ``days`` are to be read."""
    first, names = list(islice(rows, _AHEAD)), tuple(days)
    order = find_order(row.cells.get(name, "") for row in first for name in names)
    for row in chain(first, rows):
        row.month_first = order
        yield row


def _read_rows(lines: Iterator[str], columns: list[str], delimiter: str, first: int) -> Iterator[Row]:
    for number, (raw, cells) in enumerate(_split(lines, len(columns), delimiter), first):
        if not raw.strip():
            continue
        row = Row(number, raw.rstrip("\r\n"), dict(zip(columns, cells or (), strict=False)))
        row.fits = cells is not None and len(cells) == len(columns)
        row.ends_early = cells is not None and len(cells) < len(columns)
        if cells is None:
            row.complain("quote")
        elif not row.fits:
            row.complain("columns", found=len(cells), expected=len(columns))
        if "\ufffd" in raw:
            row.complain("encoding")
        yield row


def _parse(record: str, delimiter: str) -> list[str] | None:
    """The cells of a record; ``None`` while a quotation mark is open."""
    if record.count('"') % 2:
        return None
    try:
        return next(csv.reader(io.StringIO(record, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return None


def _cut(cells: list[str] | None, width: int) -> list[str] | None:
    """Without the empty cells that spreadsheets add behind the last column."""
    while cells and len(cells) > width and not cells[-1].strip():
        cells.pop()
    return cells


def _split(lines: Iterator[str], width: int, delimiter: str) -> Iterator[tuple[str, list[str] | None]]:
    """Records of one or, within quotation marks, several lines, with their cells. A mark that is never closed would
    swallow what follows: where lines put together are no row, the first of them alone is broken (``None``), and reading
    goes on with the next."""
    waiting: list[str] = []
    held: list[str] = []
    while True:
        line = waiting.pop() if waiting else next(lines, None)
        if line is not None:
            held.append(line)
            cells = _cut(_parse("".join(held), delimiter), width)
            if cells is not None and (len(held) == 1 or len(cells) == width):
                yield "".join(held), cells
                held = []
                continue
            if cells is None and len(held) < _MOST_LINES and sum(map(len, held)) < _LONGEST:
                continue
        elif not held:
            return
        yield held[0], None
        waiting += reversed(held[1:])
        held = []
