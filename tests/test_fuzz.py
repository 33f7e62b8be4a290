"""Whatever is handed to ingest becomes reports or sentences: no crash, no hang, nothing unsaid."""

from __future__ import annotations

import os
import random
import time

import made_files as made
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import ingest, process
from pipeline.errors import InputError
from pipeline.formats import Entry
from pipeline.ingest import Known
from pipeline.ingest.parser import parse
from pipeline.records import Document

FILES = made.every_kind()
PIECES = (
    b"",
    b"\0",
    b"\xff\xfe",
    b"<",
    b"]]>",
    b"%%EOF",
    b"PK\x01\x02",
    b"endstream",
    b"&lol;",
    b"\r\n\r\n",
    b"{",
    b'"',
    b"9" * 20,
)
SOUP = (
    "<p>", "</p>", "<div", "<table><tr><td>", "<!--", "<![CDATA[", "&#0;", "&#x110000;", "<svg><style>", "\0",
    "<meta charset=utf-7>", "<base href=//x>", "<script>", "Am Samstag griff Russland Odessa an. ",
    "<script type='application/ld+json'>{\"datePublished\": [1]}</script>", "<time datetime='x'>",
)  # fmt: skip
LONGEST = 2.0  # seconds for one file, ingest and process together; measured on the clock of this process
SHORT, LONG = 40, int(os.environ.get("CET_FUZZ", "100000")) // len(FILES)  # files of each kind


def mutate(raw: bytes, dice: random.Random) -> bytes:
    """A file as a bad disk, a bad tool or a bad person leaves it."""
    content = bytearray(raw)
    for _ in range(dice.choice((1, 1, 2, 5, 40))):
        at, length = dice.randrange(len(content) + 1), dice.choice((1, 1, 4, 64, 1000))
        match dice.randrange(6):
            case 0:
                content[at : at + length] = dice.randbytes(length)
            case 1:
                del content[at : at + length]
            case 2:
                content[at:at] = dice.choice(PIECES) * dice.choice((1, 1, 50))
            case 3:
                content[at:at] = content[at : at + length] * dice.choice((1, 20))
            case 4 if content:
                content[at % len(content)] ^= 1 << dice.randrange(8)
            case _:
                del content[at:]
    return bytes(content)


def check(name: str, raw: bytes) -> float:
    """Read a file as an upload; returns the seconds of processor time it took here."""
    begun = time.process_time()
    found = list(ingest.read_upload(name, raw, Known()))
    assert found, "neither a report nor a sentence"
    for item in found:
        if isinstance(item, InputError):
            assert item.reason is not None
            assert str(item).endswith((".", ")."))
            assert "Traceback" not in str(item)
            continue
        assert isinstance(item, Document)
        item.text.encode("utf-8")
        assert item.text.strip()
        document = process(item)
        assert not [problem for problem in document.problems if "stage failed" in problem.message]
        for part in document.parts:
            assert 0 <= part.span.start < part.span.end <= len(document.text)
    return time.process_time() - begun


def fuzz(name: str, number: int) -> None:
    dice = random.Random(name)
    check(name, FILES[name])  # whatever is loaded once
    for turn in range(number):
        raw = mutate(FILES[name], dice)
        clock = time.monotonic()
        seconds = check(name, raw)
        assert seconds < LONGEST, f"file {turn} took {seconds:.1f} s of processor time"
        assert time.monotonic() - clock < 20 * LONGEST, f"file {turn} hung"


@pytest.mark.parametrize("name", FILES)
def test_damaged_files_of_every_kind(name):
    fuzz(name, SHORT)


def test_damaged_feeds():
    raw = (
        b'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Blatt</title><language>de</language>'
        b"<item><title>Angriff</title><link>https://blatt.example/1</link>"
        b"<pubDate>Sat, 20 Dec 2025 14:05:00 +0100</pubDate></item></channel></rss>"
    )
    dice = random.Random("feed")
    for _ in range(10 * SHORT):
        for item in parse("feed", "feed", raw=mutate(raw, dice), url="https://blatt.example/feed"):
            assert isinstance(item, Entry | InputError)
            assert not isinstance(item, Entry) or item.url.startswith("http")


@pytest.mark.long
@pytest.mark.parametrize("name", FILES)
def test_a_hundred_thousand_damaged_files(name):
    fuzz(name, LONG)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(sorted(FILES)), st.binary(max_size=300))
def test_any_bytes_under_any_name(name, raw):
    check(name, raw)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.sampled_from(SOUP)
        | st.text(max_size=10),
        max_size=60,
    )
)  # fmt: skip
def test_any_soup_of_tags(pieces):
    check("a.html", "".join(pieces).encode("utf-8", "surrogatepass"))
