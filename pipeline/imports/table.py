"""Rows of a CSV file, one at a time, and what their cells say. A broken row costs only itself."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from pipeline.imports.codebook import load_names
from pipeline.imports.refusal import refuse

_LONGEST = 200_000  # characters of a row; more than that is a quotation mark that nobody closed
_MOST_LINES = 200
_ISO: Final = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?:[ T].*)?")
_WORDS: Final = re.compile(r"(\d\d?)[ -](\w+)[ -](\d{4})")


@dataclass(slots=True)
class Row:
    """A row with its number as a spreadsheet shows it. What is wrong with it is collected in ``problems``."""

    number: int
    raw: str
    cells: dict[str, str]
    fits: bool = True  # as many cells as columns
    problems: list[str] = field(default_factory=list)

    def complain(self, key: str, **values: object) -> None:
        self.problems.append(str(refuse(key, row=self.number, **values)))

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
            number = float(words)
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
            self.complain("number", column=column, text=str(number))
            return None
        return int(number)

    def day(self, column: str) -> date | None:
        """A day, as 2024-03-08, 8 March 2024 or 08-Mar-2024."""
        words = self.text(column)
        if words is None:
            return None
        found = read_day(words)
        if found is None:
            self.complain("day", column=column, text=words[:80])
        return found


def read_day(words: str) -> date | None:
    try:
        if match := _ISO.fullmatch(words):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _WORDS.fullmatch(words):
            months = [month[:3].lower() for month in load_names().months]
            return date(int(match[3]), months.index(match[2][:3].lower()) + 1, int(match[1]))
    except ValueError:
        pass
    return None


def read_table(lines: Iterable[str]) -> tuple[list[str], Iterator[Row]]:
    """The names of the columns, in lower case, and the rows below."""
    source = iter(lines)
    header = next(source, "")
    delimiter = max(",;\t", key=header.count)
    columns = [cell.strip().lower() for cell in _parse(header, delimiter) or ()]
    return columns, _read_rows(source, columns, delimiter)


def _read_rows(lines: Iterator[str], columns: list[str], delimiter: str) -> Iterator[Row]:
    for number, (raw, cells) in enumerate(_split(lines, len(columns), delimiter), 2):
        if not raw.strip():
            continue
        row = Row(number, raw.rstrip("\r\n"), dict(zip(columns, cells or (), strict=False)))
        row.fits = cells is not None and len(cells) == len(columns)
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
            cells = _parse("".join(held), delimiter)
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
