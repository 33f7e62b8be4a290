"""Cells that do nothing: what a spreadsheet would run as a formula is made plain, and can be made what it was."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

# What begins a formula, also in the wide forms that some spreadsheets take; or a quote that already makes plain.
_BEGINS: Final = r"(?=['=+\-@|%＝＋－＠])"
# Where a cell begins: at its start and, for a program that takes other signs to part cells or rows, behind these;
# blanks, marks of direction and quotation marks before it do not count.
_START: Final = r"(^|[;\t\r\n\v\f])([\s\"\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\0]*)"
# A cell that begins with a tab or a return is taken for a formula by some programs whatever follows.
_GUARD: Final = re.compile(f"^(?=[\t\r])|{_START}{_BEGINS}")
_GUARDED: Final = re.compile(f"^'(?=[\t\r])|{_START}'{_BEGINS}")
# What XML cannot hold, and the escapes that Excel would read in a text.
_UNFIT: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_LONGEST: Final = 32_767  # characters that an Excel cell holds, as UTF-16 counts them
_MANY: Final = _LONGEST // 2  # letters that are few enough whatever they are
_FIRST_YEAR: Final = 1901  # of Excel's calendar, whose 1900 is none


def guard(cell: Any) -> Any:
    """A text with a quote before whatever begins a formula in it."""
    return _GUARD.sub(r"\1\2'", cell) if isinstance(cell, str) else cell


def unguard(text: str) -> str:
    """What ``guard`` was given."""
    return _GUARDED.sub(r"\1\2", text)


def excel(cell: Any) -> Any:
    """A value that Excel opens without a complaint: texts of characters that it knows, days of its calendar."""
    if isinstance(cell, date) and cell.year < _FIRST_YEAR:
        return cell.isoformat()
    if not isinstance(cell, str):
        return cell
    plain = _ESCAPE.sub("_x005F_", guard(_UNFIT.sub("", cell)))
    return plain.encode("utf-16-le")[: 2 * _LONGEST].decode("utf-16-le", "ignore") if len(plain) > _MANY else plain
