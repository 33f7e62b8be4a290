"""Expressions of time in running German text."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import yaml
from babel.dates import get_day_names, get_month_names

from pipeline.language import DATA
from pipeline.records import Document, TimeMention
from pipeline.sentences import split_sentences
from pipeline.times import add_times, find_times, resolve_expression
from pipeline.times.grammar import Rule, load_grammar

CASES: list[dict[str, Any]] = yaml.safe_load(
    (DATA.parent / "tests" / "cases" / "de" / "times.yaml").read_text(encoding="utf-8")
)
GRAMMAR = load_grammar("de")


def find(text: str, published: date | None) -> tuple[TimeMention, ...]:
    return find_times(text, split_sentences(text, "de"), published, "de")


def interval(mention: TimeMention) -> str:
    if mention.when is None or mention.when.start is None or mention.when.end is None:
        return "none"
    first, last = mention.when.start, mention.when.end - timedelta(days=1)
    return f"{first}" if first == last else f"{first}/{last}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:60])
def test_sentence(case: dict[str, Any]) -> None:
    published = date.fromisoformat(case["published"]) if case.get("published") else None
    found = find(case["text"], published)
    read = [[case["text"][m.span.start : m.span.end], interval(m), m.timex_value] for m in found]
    assert read == case.get("times", [])


@pytest.mark.parametrize("rule", GRAMMAR.rules, ids=lambda rule: rule.id)
def test_rule_fits_its_examples(rule: Rule) -> None:
    assert [example for example in rule.examples if rule.pattern.search(example) is None] == []


@pytest.mark.parametrize("rule", [rule for rule in GRAMMAR.rules if rule.checks is None], ids=lambda rule: rule.id)
def test_rule_leaves_its_counter_examples(rule: Rule) -> None:
    assert [example for example in rule.counter_examples if rule.pattern.search(example)] == []


def test_months_and_weekdays_agree_with_cldr() -> None:

    for number, name in get_month_names("wide", locale="de").items():
        assert GRAMMAR.key_of("month", name) == number
    for number, name in get_day_names("wide", locale="de").items():
        assert GRAMMAR.key_of("weekday", name) == number


def test_without_a_date_of_publication_only_the_absolute_is_resolved() -> None:
    text = "Am Samstag griffen sie an. Der Krieg begann am 24. Februar 2022."
    document = add_times(Document("x", text, "de", sentences=split_sentences(text, "de")))
    assert [interval(mention) for mention in document.times] == ["none", "2022-02-24"]
    assert [problem.stage for problem in document.problems] == ["times"]


def test_odd_format_of_an_absolute_date() -> None:
    found = resolve_expression("24 Feb 2022", None, "de")
    assert found is not None
    assert interval(found) == "2022-02-24"


def test_the_other_direction_is_a_candidate() -> None:
    (mention,) = find("Am Freitag griffen Rebellen die Stadt an.", date(2025, 12, 20))
    assert [candidate.when.start for candidate in mention.candidates] == [date(2025, 12, 26)]


@pytest.mark.parametrize("rule", GRAMMAR.rules, ids=lambda rule: rule.id)
def test_examples_are_read_as_times(rule: Rule) -> None:
    for example in rule.examples:
        assert find(f"Dies geschah {example}, sagte er", date(2024, 6, 12)), example


@pytest.mark.parametrize(
    "words", ["frühen Mitternacht", "Mitternacht", "Nachmittag", "Morgengrauen", "vergangenen Wochen"]
)
def test_words_that_a_rule_lists_itself_are_known_to_the_arithmetic(words: str) -> None:
    assert find(f"Der Angriff begann am {words}.", date(2024, 6, 12))


ROWS = [
    [cell.strip() for cell in line.strip("| \n").split("|")]
    for line in (DATA.parent / "docs" / "times.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| 2")
]


def test_the_page_shows_ten_examples() -> None:
    assert len(ROWS) == 10


@pytest.mark.parametrize(("published", "sentence", "words", "days"), ROWS)
def test_examples_of_the_page(published: str, sentence: str, words: str, days: str) -> None:
    found = {sentence[m.span.start : m.span.end]: interval(m) for m in find(sentence, date.fromisoformat(published))}
    assert found[words] == days
