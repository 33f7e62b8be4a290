"""Files and lines become documents, or one clear sentence; nothing is invented."""

from __future__ import annotations

import json
import os
from datetime import date

import pytest

from pipeline import ingest, language, process
from pipeline.errors import InputError
from pipeline.ingest import Known
from pipeline.published import find_published

TEXT = "Am Samstag griff Russland die Stadt Odessa an. Überall hörte man Schüsse, sagten Bürger später.\n"


def read(path, known=Known()):  # noqa: B008
    (found,) = ingest.read_file(path, known)
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encoding_is_found_and_the_text_kept(tmp_path, encoding):
    path = tmp_path / "a.txt"
    path.write_bytes((TEXT * 5).replace("\n", "\r\n").encode(encoding))
    assert read(path).text == (TEXT * 5).replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"\xff\xfe", "is empty"),
        (b"\xef\xbb\xbf \n", "is empty"),
        (b"%PDF-1.7 x", "is a binary file"),
        (b"\x00\x01\x02", "is a binary file"),
        (b"PK\x03\x04rest", "is a binary file"),
        (b"\xff\xd8\xff\xe0", "is a binary file"),
        (bytes(range(128, 160)) * 20, "encoding of .* is not known"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(tmp_path, raw, sentence):
    path = tmp_path / "a.txt"
    path.write_bytes(raw)
    with pytest.raises(InputError, match=sentence):
        raise read(path)


def test_a_file_that_is_too_large_is_refused_unread(tmp_path):
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(ingest.LARGEST + 1)
    assert "longer than 5 MB" in str(read(path))


def test_missing_files_empty_folders_and_other_kinds(tmp_path):
    for path, sentence in ((tmp_path / "x.txt", "no file"), (tmp_path, "holds no report")):
        with pytest.raises(InputError, match=sentence):
            list(ingest.find_files([path]))
    other = tmp_path / "a.odt"
    other.write_bytes(b"x")
    assert "not read" in str(read(other))


def test_the_files_date_is_never_the_publication_date(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    os.utime(path, (1_000_000_000, 1_000_000_000))
    document = read(path)
    assert (document.published, document.published_source) == (None, "unknown")
    assert "publication date is not known" in document.problems[0].message


def test_notes_beside_a_file_count_and_the_user_counts_more(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    notes = "file,published,published_source,source,language,note\na.txt,2025-12-20,inferred,Blatt,de,\n"
    (tmp_path / "reports.csv").write_text(notes, encoding="utf-8")
    document = read(path)
    assert (document.published, document.published_source, document.source) == (date(2025, 12, 20), "inferred", "Blatt")
    document = read(path, Known(published=date(2024, 1, 2)))
    assert (document.published, document.published_source) == (date(2024, 1, 2), "given")


def test_a_date_in_the_notes_that_is_no_date_is_said(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    (tmp_path / "reports.csv").write_text("file,published\na.txt,gestern\n", encoding="utf-8")
    assert "is not a date" in str(read(path))


def test_the_text_may_say_its_date(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Stand: 12.05.2025\n\n" + TEXT, encoding="utf-8")
    document = read(path)
    assert (document.published, document.published_source) == (date(2025, 5, 12), "metadata")


def test_days_the_text_names_are_only_candidates():
    document = ingest.parse_line(json.dumps({"text": "Am 3. März 2024 griff Russland Odessa an."}), Known())
    assert document.published is None
    assert "2024-03-03" in document.problems[0].message


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("nope", "not valid JSON"),
        ("[1]", "no JSON object"),
        ("{}", "no text"),
        ('{"text": 3}', "no text"),
        ('{"text": " "}', "no text"),
        ('{"text": "x", "published": "2025-02-30"}', "is not a date"),
        ('{"text": "x", "published": 3}', '"published" must be'),
        ('{"text": "x", "id": []}', '"id" must be'),
        ('{"text": "x \\ud800"}', "lone surrogate"),
        ("[" * 100_000, "not valid JSON"),
    ],
)
def test_a_bad_line_is_said_in_one_sentence(line, sentence):
    with pytest.raises(InputError, match=sentence):
        ingest.parse_line(line, Known())


def test_the_id_comes_from_the_text_unless_given():
    first, again = (ingest.parse_line(json.dumps({"text": TEXT}), Known()) for _ in range(2))
    assert first.id == again.id != ingest.parse_line(json.dumps({"text": TEXT + "x"}), Known()).id
    assert ingest.parse_line(json.dumps({"text": TEXT, "id": "mine"}), Known()).id == "mine"


def test_one_bad_line_of_a_file_leaves_the_others(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": TEXT}) + "\nnope\n" + json.dumps({"text": "Zwei."}) + "\n", encoding="utf-8")
    first, bad, last = ingest.read_file(path, Known())
    assert (first.text, last.text) == (TEXT, "Zwei.")
    assert "line 2" in str(bad)


@pytest.mark.parametrize(("name", "found"), [("examples", True), ("not", False)])
def test_an_anniversary_tells_on_which_day_a_text_was_written(name, found):
    for text in language.words("de", "published")["anniversaries"][name]:
        candidates = find_published(text, "de").candidates
        assert bool(set(candidates) & {date(2025, 4, 15), date(2026, 2, 21)}) is found


@pytest.mark.parametrize(("name", "found"), [("examples", True), ("not", False)])
def test_a_line_that_is_nothing_but_a_date_is_that_of_the_report(name, found):
    for line in language.words("de", "published")["date_lines"][name]:
        published = find_published(f"Angriff auf Odessa\n{line}\n{TEXT}", "de")
        assert (published.day == date(2025, 12, 20)) is found, line
        assert not found or not published.stated
    chronicle = f"19.12.2025\n{TEXT}\n20.12.2025\n{TEXT}"
    assert find_published(chronicle, "de").day is None


def test_an_undated_report_dates_nothing_relative(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(
        "Im März 2014 fiel die Stadt. Am Dienstag griffen sie an. In derselben Nacht brannte es.", encoding="utf-8"
    )
    times = process(read(path)).times
    assert [mention.when is not None for mention in times] == [True, False, False]
