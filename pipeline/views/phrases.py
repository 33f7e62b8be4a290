"""An event's date, place and casualties in the words of a reader."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
from babel import Locale
from babel.core import get_global
from babel.dates import format_date

from pipeline.wording import label, text, write_day

Row = Mapping[Any, Any]
_DAYS = ("minute", "daypart", "day")
_UNITS = {"month": "LLLL yyyy", "year": "yyyy"}


def known(cell: Any) -> Any:
    """``None`` for the many marks of a missing cell."""
    return None if cell is None or (pd.api.types.is_scalar(cell) and pd.isna(cell)) else cell


def day_of(cell: Any) -> date | None:
    cell = known(cell)
    return cell.date() if isinstance(cell, pd.Timestamp) else cell


def say_day(day: date, language: str) -> str:
    return write_day(day, language)


def say_when(row: Row, language: str) -> str:
    """The interval of an event: "20.12.2025", "Juli 2025", "Nacht 19. auf 20.12.2025", "ohne Datum"."""
    first, last = day_of(row["date_start"]), day_of(row["date_end"])
    precision = known(row["precision"])
    if first is None and last is None:
        return text("undated", language)
    if first is None or last is None:
        key, day = ("until_day", last) if first is None else ("from_day", first)
        assert day is not None
        return text(key, language, day=say_day(day, language))
    if first == last:
        said = say_day(first, language)
    elif precision == "night":
        return text("night", language, first=say_day(first, language), last=say_day(last, language))
    elif precision in _UNITS and first.day == 1 and (precision == "month" or first.year == last.year):
        said = str(format_date(first, _UNITS[precision], locale=language))
    else:
        said = text("days", language, first=say_day(first, language), last=say_day(last, language))
    return text("about", language, what=said) if row["approximate"] and precision != "vague" else said


def say_type(row: Row, language: str) -> str:
    """ "Gewalt: Drohnen" for an ASSAULT of mode drone."""
    kind = label("types", row["type"], language)
    mode = known(row["mode"])
    return f"{kind}: {label('modes', mode, language)}" if mode else kind


def say_place(row: Row, language: str) -> str:
    """The first place with its precision where it is less than a town."""
    name = known(row["place"])
    if not name:
        return text("unplaced", language)
    return str(name)


def say_country(code: str, language: str) -> str:
    """The name of a country from its ISO 3166-1 alpha-3 code; the code itself when it has none."""
    short = get_global("territory_aliases").get(code, [code[:2] if code == "XKX" else code])
    return str(Locale.parse(language).territories.get(short[0], code))


def say_count(row: Row, kind: str, language: str) -> str:
    """The number of ``fatalities`` or ``injured``: "8", "8 bis 12", "mindestens 8"; empty when none is given."""
    low, best, high = (known(row[f"{kind}_{figure}"]) for figure in ("low", "best", "high"))
    if low is not None and high is not None and low != high:
        return text("count_range", language, low=low, high=high)
    if high is None and low is not None:
        return text("count_least", language, low=low)
    if low is None and high is not None:
        return text("count_most", language, high=high)
    number = best if best is not None else low
    return "" if number is None else str(number)


def say_review(row: Row, language: str) -> str:
    """What people have said of an event: "nicht geprüft", "bestätigt", "berichtigt", "verworfen"."""
    return label("reviews", known(row["review"]) or "none", language)


def say_number(count: int, language: str) -> str:
    return text("one_event", language) if count == 1 else text("many_events", language, count=count)
