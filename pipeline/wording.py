"""Turns what the program knows as data into sentences of the interface languages (data/ui/<language>/)."""

from __future__ import annotations

import re
from datetime import date
from functools import cache, lru_cache
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from pipeline.errors import PackError
from pipeline.language import DATA, read_yaml
from pipeline.records import Reason

_UI = DATA / "ui"
_WRITTEN = 20_000  # numbers and days that are kept as they are written: a page shows most of them again and again


@cache
def languages() -> tuple[str, ...]:
    """Codes of the languages of the interface, sorted."""
    return tuple(sorted(path.parent.name for path in _UI.glob("*/app.yaml")))


@cache
def _file(language: str, name: str) -> dict[str, Any]:
    path = _UI / language / f"{name}.yaml"
    try:
        content = read_yaml(path)
    except FileNotFoundError:
        raise PackError(f"The interface language {language!r} has no file {name}.yaml.") from None
    if not isinstance(content, dict):
        raise PackError(f"{path.name} of the interface language {language!r} must hold a mapping at its top.")
    return content


def text(key: str, language: str, **values: object) -> str:
    """The words of the interface for a key of app.yaml; ``KeyError`` when the key does not exist. Whole numbers are
    written as in the language: 1.000 or 1,000."""
    for name, value in values.items():
        if isinstance(value, int):
            values[name] = write_number(value, language)
    return str(_file(language, "app")[key]).format_map(values)


@lru_cache(maxsize=_WRITTEN)
def write_number(number: int, language: str) -> str:
    return str(format_decimal(number, locale=language))


def write_share(share: float, language: str, digits: int = 2) -> str:
    """0.8 as "0,80" or "0.80"."""
    return str(format_decimal(share, f"0.{'0' * digits}", locale=language))


def label(kind: str, value: str, language: str) -> str:
    """The word for a value of the records ("types", "ASSAULT"), from labels.yaml; the value itself if it has none."""
    return str(_file(language, "labels").get(kind, {}).get(value, value))


def say(reason: Reason, language: str = "en") -> str:
    """The sentence for a reason. ``Reason("times.weekday", (("day", "2025-12-20"),))`` takes the template ``weekday``
    of reasons/times.yaml; a value that begins with "@" is looked up under ``words`` of the same file."""
    stage, _, key = reason.key.partition(".")
    templates = _file(language, f"reasons/{stage}")
    words = templates.get("words", {})
    values = {
        name: words.get(value[1:], value[1:]) if value.startswith("@") else value for name, value in reason.values
    }
    return str(templates[key]).format_map(_Values(values))


class _Values(dict[str, str]):
    """What a template asks for and a reason lacks is an ellipsis: no report is lost for a word."""

    def __missing__(self, name: str) -> str:
        return "…"


@lru_cache(maxsize=_WRITTEN)
def write_day(day: date, language: str) -> str:
    """20.12.2025 or 20 December 2025."""
    return str(format_date(day, text("day_pattern", language), locale=language))


# Values of reasons that are a day, or another time as TIMEX3 writes it: all others are words of a report.
_TIMES = frozenset(("anchor", "at", "day", "end", "evening", "first", "last", "month", "morning", "origin", "season",
                    "start", "value"))  # fmt: skip
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"(?P<year>\d{4})-(?:(?P<month>\d\d)|W(?P<week>\d\d)(?P<weekend>-WE)?|(?P<part>[QH])(?P<number>\d)"
                   r"|(?P<season>[A-Z]{2}))")  # fmt: skip


def tell(reason: Reason, language: str) -> str:
    """As ``say``, for people: days and months as they are written in the language, not as programs write them."""
    values = ((name, _write_time(value, language) if name in _TIMES else value) for name, value in reason.values)
    return say(Reason(reason.key, tuple(values)), language)


def _write_time(value: str, language: str) -> str:
    if found := _TIME.fullmatch(value):
        year, number = found["year"], found["number"] or (found["week"] or "").lstrip("0")
        if found["month"]:
            return str(format_date(date(int(year), int(found["month"]), 1), "LLLL yyyy", locale=language))
        key = found["season"] or found["part"] or ("WE" if found["weekend"] else "W")
        return text(f"timex_{key}", language, year=year, number=number)
    return _DAY.sub(lambda day: write_day(date.fromisoformat(day[0]), language), value)
