"""Real output against the JSON Schema that other programs rely on."""

from __future__ import annotations

import json
from datetime import date, time
from functools import cache

import pytest
from jsonschema import Draft202012Validator

from pipeline import annotation, process
from pipeline.language import DATA
from pipeline.records import Document, When


@cache
def validator() -> Draft202012Validator:
    schema = json.loads((DATA / "annotation.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def assert_valid(answer: dict) -> None:
    answer = json.loads(json.dumps(answer, allow_nan=False))
    assert [f"{error.json_path}: {error.message}" for error in validator().iter_errors(answer)] == []


@pytest.mark.parametrize("reasons", ["en", "de"])
def test_the_seed_is_valid(seed, reasons):
    answer = annotation.to_dict(process(seed), with_text=True, reasons=reasons)
    assert answer["text"] == seed.text
    assert len(answer["events"]) > 10
    assert_valid(answer)


def test_the_measuring_articles_are_valid(shared):
    gold = sorted((shared / "data" / "gold_dev").glob("*.json"))
    assert gold
    for path in gold:
        published = json.loads(path.read_text(encoding="utf-8"))["dct"]
        text = path.with_suffix(".txt").read_text(encoding="utf-8")
        assert_valid(
            annotation.to_dict(process(Document(path.stem, text, "de", date.fromisoformat(published), "given")))
        )


@pytest.mark.parametrize("text", ["", " ", "\x00", "Nichts geschah.", "\ud800 am Samstag"])
def test_a_report_with_nothing_in_it_is_valid(text):
    assert_valid(annotation.to_dict(process(Document("x", text, "de")), with_text=True))


def test_an_unknown_language_is_valid_and_says_so():
    answer = annotation.to_dict(process(Document("x", "Bonjour", "xx")))
    assert_valid(answer)
    assert answer["problems"][0]["stage"] == "language"


@pytest.mark.parametrize(
    ("field", "value"),
    [("published", "20.12.2025"), ("published_source", "guessed"), ("events", None), ("sentences", [[0]])],
)
def test_the_schema_refuses_what_breaks_the_contract(field, value):
    answer = annotation.to_dict(Document("x", "Text", "de")) | {field: value}
    assert list(validator().iter_errors(answer))


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (None, (None, None)),
        (When(date(2025, 12, 20), date(2025, 12, 21), "day"), ("2025-12-20", "2025-12-20")),
        (When(date(2024, 2, 1), date(2024, 3, 1), "month"), ("2024-02-01", "2024-02-29")),
        (When(None, date(2025, 1, 1), "range"), (None, "2024-12-31")),
        (When(date(2025, 1, 1), None, "range", time=time(5, 40)), ("2025-01-01", None)),
    ],
)
def test_days_are_inclusive_and_open_sides_stay_open(when, expected):
    assert annotation.days(when) == expected
