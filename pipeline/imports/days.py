"""Days as the data sets write them, and as spreadsheets rewrite them when a file is opened and saved."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from pipeline.imports.codebook import load_names

_ISO: Final = re.compile(r"(\d{4})[-/.](\d\d?)[-/.](\d\d?)(?:[ T].*)?")
_WORDS: Final = re.compile(r"(\d\d?)[. -]{1,2}([^\W\d_]+)[. -]{1,2}(\d{4}|\d\d)")
_NUMBERS: Final = re.compile(r"(\d\d?)([/.-])(\d\d?)\2(\d{4}|\d\d)(?: .*)?")
_SERIAL: Final = re.compile(r"[2-9]\d{4}(?:[.,]0+)?")  # a day as Excel counts them, from 1954 to 2173
_FIRST_SERIAL: Final = date(1899, 12, 30)
_PIVOT: Final = 70  # 69 is 2069, 70 is 1970 (POSIX)
_MONTHS: Final = 12


def read_day(words: str, month_first: bool | None = None) -> date | None:
    """2024-03-08, 8 March 2024, 08-Mar-24, 08.03.2024, 3/8/2024 or Excel's 45359. ``month_first`` says which of two
    numbers before a year is the month, where both could be; ``None`` when that is not known: then it is no day."""
    try:
        if match := _ISO.fullmatch(words):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _WORDS.fullmatch(words):
            return date(_year(match[3]), load_names().months[match[2][:3].lower()], int(match[1]))
        if match := _NUMBERS.fullmatch(words):
            order = _order(match) if _order(match) is not None else month_first
            if order is None and match[1] != match[3]:
                return None
            day, month = (match[3], match[1]) if order else (match[1], match[3])
            return date(_year(match[4]), int(month), int(day))
        if _SERIAL.fullmatch(words):
            return _FIRST_SERIAL + timedelta(days=int(words[:5]))
    except (ValueError, KeyError):
        pass
    return None


def find_order(cells: Iterable[str]) -> bool | None:
    """Whether the month stands first in the days of a file, as those tell that can be read in one way only; ``None``
    when none does, or when they contradict each other."""
    told = {_order(match) for cell in cells if (match := _NUMBERS.fullmatch(cell.strip()))} - {None}
    return told.pop() if len(told) == 1 else None


def _order(match: re.Match[str]) -> bool | None:
    """Whether the month stands first: 3/18/2024. With dots (08.03.2024) it never does."""
    if match[2] == "." or int(match[1]) > _MONTHS:
        return False
    return True if int(match[3]) > _MONTHS else None


def _year(digits: str) -> int:
    number = int(digits)
    return number if len(digits) > len("24") else number + (1900 if number >= _PIVOT else 2000)
