"""Reports that nobody dated: the day that the text tells, the days on which it may have been published, and what stays
without a date."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline import process
from pipeline.ingest.documents import complete
from pipeline.published import find_published
from pipeline.records import Document
from pipeline.wording import languages, say

GOLD = Path(__file__).resolve().parents[2] / "shared" / "data" / "gold_dev"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Stand: 12.06.2024, 18:00 Uhr\n\nRebellen griffen an.", "2024-06-12"),
        ("KIEW, 3. März 2024 (dpa) – Am Sonntag griff die Armee an.", "2024-03-03"),
        ("Goma/Kigali, den 3. März 2024 – Rebellen griffen an.", "2024-03-03"),
        ("Rebellen in Goma\nFreitag, 3. Mai 2024\nSie griffen an.", "2024-05-03"),
        ("Am heutigen Dienstag, 15. April 2025, tagt der Rat.", "2025-04-15"),
        ("Am heutigen 15. April 2025 tagt der Rat.", "2025-04-15"),
        ("Gestern, am 12. Juli 2025, griff die Armee an.", "2025-07-13"),
        ("Für morgen, den 20. September 2024, ist ein Streik geplant.", "2024-09-19"),
    ],
)
def test_the_text_tells_its_day(text: str, day: str) -> None:
    assert find_published(text, "de").day == date.fromisoformat(day)


BOTH = "Aktualisiert am 20.12.2025, 22:30 Uhr\nVeröffentlicht am 19.12.2025\n\n{}Rebellen griffen an.\n{}Alles ruhig.\n"


def test_a_report_is_as_old_as_its_publication_and_a_ticker_as_its_last_change() -> None:
    for texts, day in ((("", ""), 19), (("22:14 Uhr: ", "21:05 Uhr: "), 20)):
        document = complete(Document("a", BOTH.format(*texts), "de"))
        assert (document.published, document.published_source) == (date(2025, 12, day), "metadata")


@pytest.mark.parametrize(
    "text",
    [
        "Am 3. März 2024 griff die Armee an.",
        "„Gestern, am 12. Juli 2025, war ich dort“, sagte er.",
        "Die Einheit, die am 3. März 2024 kam – eine Brigade –, zog ab.",
        "Heute leben dort 300 Menschen. Am 3. Mai 1945 fiel die Stadt.",
        "Gestern, am 12. Juli 2025, griff sie an. Gestern, am 14. Juli 2025, zog sie ab.",
    ],
)
def test_what_looks_like_the_day_of_a_text_and_is_none(text: str) -> None:
    assert find_published(text, "de").day is None


@pytest.mark.parametrize(
    ("text", "day", "reason"),
    [
        ("Vor genau zwei Jahren, am 15. April 2023, begann der Krieg.", "2025-04-15", "counted"),
        ("Vor drei Tagen, am 12. Mai 2025, griff die Armee an.", "2025-05-15", "counted"),
        ("Genau ein Jahr nach dem Angriff vom 7. Oktober 2023 wird gedacht.", "2024-10-07", "counted"),
        (
            "Vor genau einem Jahr fiel die Stadt. Nur drei Tage später, am 5. Mai 2023, fiel der Hafen.",
            "2024-05-02",
            "counted",
        ),
        (
            "Der Überfall der Hamas geschah am 7. Oktober. Am kommenden Montag, genau ein Jahr nach dem Angriff, wird "
            "gedacht.",
            "2024-10-04",
            "anniversary",
        ),
        (
            "Kommenden Dienstag jährt sich der Überfall. Der 24. Februar 2022 war ein Donnerstag.",
            "2026-02-21",
            "anniversary",
        ),
        (
            "Begonnen hatte die Offensive am 27. November. Das Mandat läuft bis zum 1. März 2025. Der Rat berät an "
            "diesem Montag.",
            "2024-12-09",
            "weekday",
        ),
        ("Am Freitag, dem 13. Juni 2025, griff die Armee an.", "2025-06-15", "week"),
        ("Am 13. Juni 2025 griff die Armee an.", "2025-06-13", "named"),
    ],
)
def test_the_day_is_among_the_candidates_with_its_reason(text: str, day: str, reason: str) -> None:
    found = find_published(text, "de")
    assert found.day is None
    reasons = dict(zip(found.candidates, found.reasons, strict=True))
    assert reasons[date.fromisoformat(day)].key == f"published.{reason}"
    assert all(say(why, language) for why in found.reasons for language in languages())


def test_own_weekday_rules_out_the_other_days() -> None:
    text = "Am Freitag, dem 13. Juni 2025, griff die Armee an. An diesem Montag tagt der Rat."
    assert find_published(text, "de").candidates[0] == date(2025, 6, 16)


@pytest.mark.parametrize("text", ["", "Der Krieg begann im Mai.", "Am Montag griffen sie an.", "31.12.9999 99.99.9999"])
def test_a_text_that_tells_nothing_has_no_candidates_but_what_it_names(text: str) -> None:
    assert find_published(text, "de").day is None


UNDATED = """Rebellen rücken auf Goma vor

Am Montag eroberten Rebellen die Stadt Sake. Tags zuvor war Minova gefallen. Vor drei Wochen hatte die Armee noch
gesiegt. Am 23. Januar 2012 war Goma zum ersten Mal besetzt worden, im November 2012 wieder. Seit gestern wird
gekämpft. In der Nacht fielen Schüsse. Am 3. Mai soll verhandelt werden. Ende des Monats tagt der Rat.
"""


def test_in_an_undated_report_the_absolute_is_resolved_and_nothing_else() -> None:
    document = process(complete(Document("x", UNDATED, "de")))
    days = {
        document.text[slice(*mention.span)]: mention.when.start
        for mention in document.times
        if mention.when is not None
    }
    assert days == {"23. Januar 2012": date(2012, 1, 23), "November 2012": date(2012, 11, 1)}
    assert {problem.stage for problem in document.problems} == {"input", "times"}


ARTICLES = sorted(GOLD.glob("[0-9]*.txt"))
# For these the text tells the day: 03 and 15 expect an anniversary on a weekday, 05 and 11 count whole years back to a
# day that they name, 07 calls its day a Monday between two dates, 17 says its day. The others do not: 01, 09 and 13
# name no year of their own, 19 speaks "almost a year" after a day.
TOLD = {"03", "05", "07", "11", "15", "17"}


@pytest.mark.skipif(not ARTICLES, reason="the articles with gold are no part of the project")
def test_articles_without_their_date() -> None:
    found = set()
    for path in ARTICLES:
        gold: dict[str, Any] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        document = process(complete(Document(path.stem, path.read_text(encoding="utf-8"), "de")))
        published = find_published(document.text, "de")
        if date.fromisoformat(gold["dct"]) in (published.day, *published.candidates):
            found.add(path.stem)
        if document.published is not None:
            continue
        assert any(problem.stage == "input" for problem in document.problems)
        for timex in gold["timexes"]:
            hits = [m for m in document.times if m.span.start < timex["char_end"] and timex["char_start"] < m.span.end]
            when = next((m.when for m in hits if m.when is not None), None)
            if timex["certainty"] == "explicit" and timex["start"] and re.search(r"\d{4}", timex["text"]):
                lead = timex["text"].lower().split()[0]
                other = [one["value"] for one in timex.get("alternatives", []) if one["field"] == "value"]
                right = [(start, end) for start, end in [(timex["start"], timex["end"]), *other]]
                assert when is not None, timex["text"]
                assert when.start is not None
                assert when.end is not None
                start, end = f"{when.start}", f"{when.end - timedelta(days=1)}"
                assert any(
                    (lead == "bis" or first == start) and (lead == "seit" or last == end) for first, last in right
                ), timex["text"]
            elif timex["certainty"] == "relative" and timex["anchor"] == "dct":
                assert when is None, timex["text"]
    assert found == TOLD
