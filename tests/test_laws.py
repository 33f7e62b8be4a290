"""The laws every stage keeps, on the seed article and on text that nobody planned for."""

from __future__ import annotations

import gc
import pickle
import re
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields, replace
from datetime import date, timedelta
from functools import _lru_cache_wrapper
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pipeline
from pipeline import STAGES, language, process, process_batch, wording
from pipeline.records import Document, Problem, Reason

PUBLISHED = date(2025, 12, 20)
FRAGMENTS = st.sampled_from(
    ["am Samstag", "in Odessa",
     "„", "“", "Russland", "griff an", "zwei Tote", "1.1.1.1", "\n", ". ", ", ", "🙂", "\x00",
     "seit Wochen", "sagte", "-", "3000 v. Chr.", "Kiews",
     "nicht", "ﬁ", "ı", "am 31. Februar", "32.13.2025", "99:99 Uhr"]
)  # fmt: skip
HOSTILE = {
    "dots": "1.1.1.1.",
    "one preposition": "am am am ",
    "digits": "7",
    "one word": "a",
    "nested quotes": "„‚",
    "nested brackets": "((",
    "commas": "und, ",
    "names": "Odessa ",
    "capitals": "AM ",
    "numbers": "12 ",
    "weekdays": "Samstag, ",
    "newlines": "\n",
    "numbers of dead": "acht Tote, ",
    "words with a colon": "Foto: ",
}


def spans(document: Document):
    for sentence in document.sentences:
        yield "sentence", sentence.span
        yield from (("token", token[:2]) for token in sentence.tokens)
        yield from (("clause", clause.span) for clause in sentence.clauses)
    yield from (("time", mention.span) for mention in document.times)
    yield from (("place", mention.span) for mention in document.places)
    yield from (("actor", mention.span) for mention in document.actors)
    for event in document.events:
        yield from (("event", span) for span in (event.sentence, event.trigger, *event.mentions))


def assert_sayable(reason: Reason) -> None:
    """Whether a reason has all that its sentences ask for."""
    stage, _, key = reason.key.partition(".")
    for code in wording.languages():
        template = language.read_yaml(language.DATA / "ui" / code / "reasons" / f"{stage}.yaml")[key]
        assert {name for _, name, _, _ in Formatter().parse(template) if name} <= {name for name, _ in reason.values}


def assert_lawful(document: Document) -> None:
    for kind, (start, end) in spans(document):
        assert 0 <= start < end <= len(document.text), (kind, start, end)
    for sentence in document.sentences:
        for token in sentence.tokens:
            assert document.text[token.start : token.end] == token.text
    for mentions in (document.times, document.places, document.actors):
        assert [m.span for m in mentions] == sorted(m.span for m in mentions)
        several = mentions is document.actors  # one phrase may name several actors: "beide Seiten"
        apart = (a.span.end <= b.span.start or (several and a.span == b.span) for a, b in pairwise(mentions))
        assert all(apart), "mentions overlap"
    for time_mention in document.times:
        assert time_mention.rule
        assert_sayable(time_mention.reason)
        when = time_mention.when
        assert when is None or when.start is None or when.end is None or when.start < when.end
    for place_mention in document.places:
        assert 0 <= place_mention.score <= 1
        assert_sayable(place_mention.reason)
        place = place_mention.place
        assert place is None or (abs(place.lat) <= 90 and abs(place.lon) <= 180 and place.radius_km > 0)
    assert len({event.id for event in document.events}) == len(document.events)
    for event in document.events:
        assert event.reasons
        for reason in event.reasons:
            assert_sayable(reason)
        assert 0 <= event.confidence <= 1
        assert event.time is None or 0 <= event.time < len(document.times)


@pytest.mark.parametrize(("name", "stage"), STAGES, ids=[name for name, _ in STAGES])
def test_a_stage_fills_exactly_its_field(name, stage, seed):
    before = seed
    for earlier, add in STAGES:
        if earlier == name:
            break
        before = add(before)
    after = stage(before)
    changed = {field.name for field in fields(Document) if getattr(before, field.name) != getattr(after, field.name)}
    assert changed - {"problems"} == {name}
    assert after.problems[: len(before.problems)] == before.problems


def test_the_seed_is_lawful(seed):
    document = process(seed)
    assert not document.problems
    assert_lawful(document)


@pytest.mark.parametrize("days", [-40_000, -7000, -4545, -1401, -1000, -365, -8, 9, 66, 5000])
def test_the_seed_of_another_day_is_lawful(seed, days):
    published = seed.published + timedelta(days=days)
    document = process(replace(seed, published=published, published_source="given"))
    assert_lawful(document)


@settings(deadline=None, max_examples=60)
@given(st.lists(FRAGMENTS | st.text(max_size=12), max_size=30).map(" ".join))
def test_any_text_is_lawful(text):
    document = process(Document("x", text, "de", PUBLISHED, "given"))
    assert not [p for p in document.problems if "This stage failed" in p.message]
    assert document.text == text
    assert_lawful(document)


def test_twice_the_same_and_pickled_the_same(seed):
    first = process(seed)
    assert process(seed) == first
    assert pickle.loads(pickle.dumps(first)) == first


def test_two_processes_say_the_same(seed):
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert list(pool.map(process, [seed, replace(seed, id="other")])) == [
            process(seed),
            process(replace(seed, id="other")),
        ]


def test_a_batch_keeps_order_and_survives_a_failure(seed, monkeypatch):
    def fail_on_one(document: Document) -> Document:
        if document.id == "poisoned":
            raise RuntimeError("out of ink")
        return document

    monkeypatch.setattr(pipeline, "STAGES", (*STAGES[:-1], ("events", fail_on_one)))
    good, bad, last = process_batch([seed, replace(seed, id="poisoned"), replace(seed, id="last")])
    assert (good.id, bad.id, last.id) == ("seed", "poisoned", "last")
    assert not good.problems
    assert bad.problems == (Problem("events", "This stage failed (RuntimeError: out of ink); later fields are empty."),)
    assert bad.times == good.times


def test_a_language_without_a_pack_is_said(seed):
    (problem,) = process(replace(seed, language="xx")).problems
    assert problem.stage == "language"
    assert "'xx'" in problem.message


@pytest.fixture
def without_collector() -> Iterator[None]:
    """The collector of memory looks through all that other tests have left, the more often the longer a text is."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("without_collector")
@pytest.mark.parametrize("frame", ["{}", "Am Samstag griff Russland {} die Stadt Odessa an."], ids=["alone", "told"])
@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
def test_time_is_linear_in_hostile_text(unit, frame):
    """Ten times the text takes about ten times as long; quadratic code would need a hundred times. The best of three
    counts: a busy machine only ever adds."""

    def once(length: int) -> float:
        text = frame.format((unit * (length // len(unit) + 1))[:length])
        document = Document("x", text, "de", PUBLISHED, "given")
        start = time.process_time()
        process(document)
        return time.process_time() - start

    process(Document("warm", "Am Samstag griff Russland Odessa an.", "de", PUBLISHED, "given"))
    small = min(once(10_000) for _ in range(3))
    assert any(once(100_000) < 40 * max(small, 0.02) for _ in range(3))


def test_what_is_remembered_of_words_is_bounded():
    """Words that never come again must not fill the memory of a process that reads for days."""
    number = 2 * language.WORDS_KEPT
    words = (f"{'aeiou'[i % 5]}{i:x}".translate(str.maketrans("0123456789", "bcdfghklmn")) for i in range(number))
    lines = (" ".join(few).capitalize() for few in zip(*[words] * 16, strict=False))
    for text in (". ".join(few) for few in zip(*[lines] * 64, strict=False)):
        process(Document("a", text, "de", published=PUBLISHED))
    kept = {
        f"{found.__module__}.{found.__qualname__}": found.cache_info().currsize
        for found in gc.get_objects()
        if isinstance(found, _lru_cache_wrapper) and str(found.__module__).startswith("pipeline.")
    }
    assert max(kept.values()) > language.WORDS_KEPT // 2, "nothing was remembered, so this shows nothing"
    assert {name: size for name, size in kept.items() if size > language.WORDS_KEPT} == {}


def test_stages_ask_for_no_clock_network_locale_or_zone():
    """What a stage needs comes in its document; only the entry points may look at the world."""
    forbidden = (
        "date.today", "datetime.now", "time.time(", "localtime", "utcnow", "import locale", "import requests",
        "urllib.request", "import socket", "os.environ", "import random",
    )  # fmt: skip
    stages = ("sentences", "times", "places", "actors", "events", "resolve", "merge", "language", "records", "views")
    root = Path(pipeline.__file__).parent
    files = [f for name in stages for f in (root / f"{name}.py", *(root / name).glob("**/*.py")) if f.exists()]
    assert len(files) >= len(stages)
    found = [(f.name, word) for f in files for word in forbidden if word in f.read_text(encoding="utf-8")]
    assert not found


def test_no_german_word_in_python():
    """Words are data. An umlaut inside a word is the cheapest sign of German that slipped into the code; a letter that
    stands alone is no word (tables of transliteration)."""
    root = Path(pipeline.__file__).parent
    umlaut = re.compile(r"[A-Za-z][äöüÄÖÜß]|[äöüÄÖÜß][A-Za-z]")
    offending = [
        f"{path.relative_to(root)}:{number}"
        for path in sorted(root.glob("**/*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if umlaut.search(line.partition("#")[0]) and '"""' not in line and "``" not in line
    ]
    assert not offending


def test_packs_open_only_through_the_language_module():
    root = Path(pipeline.__file__).parent
    assert "de" in language.available()
    users = [p.name for p in root.glob("**/*.py") if re.search('/ "lang"|"lang/', p.read_text(encoding="utf-8"))]
    assert users == ["language.py"]
