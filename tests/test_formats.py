"""Every kind of file becomes documents, or one clear sentence in both languages; nothing hostile gets far."""

from __future__ import annotations

import io
import os
import stat
import struct
import time
import zipfile
from datetime import UTC, date, datetime

import made_files as made
import pytest

from pipeline import ingest, language, process
from pipeline.errors import InputError
from pipeline.formats import cell
from pipeline.formats.pdf import MOST_PAGES, join_lines
from pipeline.ingest import Known, parser
from pipeline.ingest.documents import find_day
from pipeline.ingest.parts import find_kind, find_parts
from pipeline.ingest.tongue import find_language
from pipeline.records import Document
from pipeline.wording import say

DAY = date(2025, 12, 20)


def read(name: str, raw: bytes, known: Known = Known()) -> list[Document | InputError]:  # noqa: B008
    return list(ingest.read_upload(name, raw, known))


def one(name: str, raw: bytes, known: Known = Known()) -> Document:  # noqa: B008
    (found,) = read(name, raw, known)
    if isinstance(found, InputError):
        raise found
    return found


# --- what is found -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", made.every_kind())
def test_the_report_is_found_in_every_kind_of_file(name, tmp_path):
    raw = made.every_kind()[name]
    path = tmp_path / name
    path.write_bytes(raw)
    uploaded, on_disk = read(name, raw), list(ingest.read_file(path, Known()))
    assert [document.text for document in uploaded] == [document.text for document in on_disk]
    for document in uploaded:
        assert "griff Russland die Stadt Odessa an" in document.text
        assert "Behörden" in document.text
        assert not any(word in document.text for word in ("alert", "<p>", "Impressum"))
        assert document.language == "de"
        assert any(event.type == "ASSAULT" for event in process(document).events)


def test_a_page_tells_title_author_outlet_and_day():
    document = one("a.html", made.page())
    assert (document.title, document.author, document.source) == (made.TITLE, made.AUTHOR, made.OUTLET)
    assert (document.published, document.published_source) == (DAY, "metadata")
    given = one("a.html", made.page(), Known(published=date(2024, 1, 1)))
    assert (given.published, given.published_source) == (date(2024, 1, 1), "given")


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252", "utf-16"])
def test_a_page_in_any_encoding(charset):
    assert "Behörden" in one("a.html", made.page(charset=charset)).text


@pytest.mark.parametrize(
    ("head", "day", "source"),
    [
        ('<meta property="article:published_time" content="2025-12-20T23:30:00Z">', date(2025, 12, 21), "metadata"),
        ('<meta name="date" content="2025-12-20">', DAY, "metadata"),
        ('<meta name="DC.date.issued" content="Sat, 20 Dec 2025 10:00:00 GMT">', DAY, "metadata"),
        ('<link rel="canonical" href="https://blatt.example/2025/12/20/angriff.html">', DAY, "inferred"),
        ("", None, "unknown"),
    ],
)
def test_where_a_page_says_its_day(head, day, source):
    document = one("a.html", made.page(stamp=None, head=head))
    assert (document.published, document.published_source) == (day, source)


@pytest.mark.parametrize(
    ("more", "day", "source"),
    [
        ('<time datetime="2025-12-20T14:05:00+01:00">heute</time>', DAY, "metadata"),
        ("<time>20.12.2025, 14:05 Uhr</time>", DAY, "inferred"),
        ('<span class="date">20.12.2025</span>', DAY, "inferred"),
        ("<p>Stand: 20.12.2025, 14:05 Uhr</p>", DAY, "metadata"),
        ('<aside><a href="/x">Anderes</a><time datetime="2020-01-01">1.1.2020</time></aside>', None, "unknown"),
        ('<div class="related"><time datetime="2020-01-01">1.1.2020</time></div>', None, "unknown"),
        ("<p>© 2025 Beispielblatt</p>", None, "unknown"),
    ],
)  # fmt: skip
def test_where_an_article_shows_its_day(more, day, source):
    document = one("a.html", made.page(f"{more}<p>{made.TEXT}</p>", stamp=None))
    assert (document.published, document.published_source) == (day, source)


def test_a_day_that_the_text_only_tells_of_is_not_that_of_the_page():
    body = "".join(f"<p>{line} Am 3. Mai 2019 war es ruhig.</p>" for line in made.TEXT.splitlines())
    assert one("a.html", made.page(body, stamp=None)).published is None


def test_a_mail_tells_subject_sender_and_day_and_brings_its_attachments():
    body, attached = read("a.eml", made.mail(attached={"b.docx": made.word(), "logo.png": b"\x89PNG"}))
    assert (body.title, body.author, body.published) == (made.TITLE, made.AUTHOR, DAY)
    assert body.published_source == "metadata"
    assert "Ort | Odessa" in attached.text
    assert one("a.eml", made.mail(html=True)).text.count("Behörden") == 1


def test_the_day_on_which_a_file_was_made_is_only_inferred():
    for raw, name in (
        (made.pdf(info="/Title (Angriff) /CreationDate (D:20251220140500+01'00')"), "a.pdf"),
        (made.word(made=datetime(2025, 12, 20, 12, tzinfo=UTC)), "a.docx"),
    ):
        document = one(name, raw)
        assert (document.published, document.published_source) == (DAY, "inferred")
    text = "Stand: 12.05.2025\n" + made.TEXT
    assert one("a.docx", made.word(text, made=datetime(2025, 12, 20, tzinfo=UTC))).published == date(2025, 5, 12)


def test_the_lines_of_a_pdf_become_paragraphs_and_running_heads_go():
    text = "Die {0} Armee griff am Samstag die Stadt an, sagte der Gouver-\nneur am {0} Abend in {0} Kiew."
    words = ("erste", "zweite", "dritte", "vierte")
    pages = [f"Beispielblatt Nr. 7\n{text.format(word)}\nSeite {n}" for n, word in enumerate(words, 1)]
    document = one("a.pdf", made.pdf(pages))
    assert "Gouverneur am dritte Abend in dritte Kiew." in document.text
    assert "Seite" not in document.text
    assert "Beispielblatt" not in document.text
    assert (
        join_lines(["Eine Zeile, die voll ist", "geht weiter.", "Kurz.", "Neu."])
        == "Eine Zeile, die voll ist geht weiter.\nKurz.\nNeu."
    )


def test_an_archive_gives_each_report_and_one_failure_leaves_the_others():
    raw = made.zipped(
        {
            "x/a.txt": made.TEXT.encode(), "b.pdf": b"%PDF-1.4 broken", "c.txt": b"", "__MACOSX/a.txt": b"x",
            "d.png": b"x", "../e.txt": b"x", "f.zip": made.zipped({"g.html": made.page()}),
            "h.jsonl": made.lines("Eins.", "Zwei.") + b"nope\n",
        }
    )  # fmt: skip
    found = read("a.zip", raw)
    texts = [item.text for item in found if isinstance(item, Document)]
    errors = [str(item) for item in found if isinstance(item, InputError)]
    assert len(texts) == 4
    assert [text for text in texts if len(text) < 10] == ["Eins.", "Zwei."]
    assert len(errors) == 4
    for word in ("b.pdf is damaged", "c.txt is empty", "e.txt has a name that leads out", "h.jsonl, line 3"):
        assert any(word in error for error in errors), word


def test_text_without_direction_marks_and_control_characters():
    body = f"<p>Am Samstag griff Russland\u202e die \x07Stadt Odessa an, sagten die Behörden.</p><p>{made.TEXT}</p>"
    text = one("a.html", made.page(body)).text
    assert not set(text) & set("\u202e\x07")


# --- what is no running text -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["related", "caption", "byline", "notice", "ticker"])
def test_lines_that_are_not_running_text(kind):
    rules = language.words("de", "layout")[kind]
    assert rules["examples"]
    assert {line: find_kind(line, "de") for line in rules["examples"]} == dict.fromkeys(rules["examples"], kind)
    assert {line: find_kind(line, "de") for line in rules["not"]} == dict.fromkeys(rules["not"])


def test_what_is_not_running_text_is_marked_and_gives_no_event():
    document = process(one("a.html", made.page()))
    marked = {document.text[slice(*part.span)].lstrip("- "): part.kind for part in document.parts}
    assert marked["Von Anna Muster, Kiew"] == "byline"
    assert marked["Ein Haus in Odessa im Mai 2019. Foto: Agentur"] == "caption"
    assert marked["Was am Montag in Genf geschah"] == "related"
    spans = [part.span for part in document.parts]
    assert not [e for e in document.events if any(s.start <= e.trigger.start < s.end for s in spans)]


@pytest.mark.parametrize(
    "line",
    [
        "Ein zerstörtes Haus in Sumy am 3. Mai 2019. Foto: Agentur", "Zuletzt aktualisiert am 30. Dezember 2025",
        "Ein Haus in Sumy am 3. Mai 2019 (Quelle: Agentur)", "Lesen Sie auch: Was am 3. Mai 2019 in Genf geschah",
        "Hinweis der Redaktion: Am 3. Mai 2019 wurde dieser Text korrigiert.", "(APA, 21.12.2025)",
    ],
)  # fmt: skip
def test_a_date_beside_the_text_is_not_the_one_that_the_story_is_at(line):
    text = f"Veröffentlicht am 20.12.2025\n{line}\n\nAm Abend griff Russland Odessa an. Um 23 Uhr war es vorbei.\n"
    document = process(one("a.txt", text.encode()))
    assert [event.when.start for event in document.events if event.type == "ASSAULT"] == [DAY]
    assert [mention.when.start for mention in document.times if mention.when][-2:] == [DAY, DAY]


def test_the_entries_of_a_ticker_are_read_and_dated_by_the_day_of_the_report():
    text = (
        "Stand: 20.12.2025, 22:30 Uhr\n+++ 22:14 Uhr: Russland greift Odessa mit Drohnen an +++\n"
        "Ein zerstörtes Haus in Sumy im Mai 2019. Foto: Agentur\nAm Freitag griff Russland Lwiw an.\n"
    )
    events = process(one("a.txt", text.encode())).events
    dated = {event.places[0].name: str(event.when.start) for event in events if event.when and event.places}
    assert dated == {"Odessa": "2025-12-20", "Lwiw": "2025-12-19"}


def test_a_headline_below_the_list_is_marked_and_running_text_is_not():
    text = "Mehr zum Thema\nAngriff am Montag auf Charkiw\nGespräche in Genf\nAm Samstag griff die Armee an.\nKein Ende"
    found = [text[slice(*part.span)] for part in find_parts(text, "de")]
    assert found == ["Mehr zum Thema", "Angriff am Montag auf Charkiw", "Gespräche in Genf"]


@pytest.mark.parametrize("unit", ["Foto: ", "(Bild ", "Von Anna ", "+++ ", "© ", "1", "a\n", "Liste mit 3 Artikeln\n"])
def test_marking_takes_linear_time(unit):
    def seconds(length: int) -> float:
        text = (unit * length)[:length]
        start = time.process_time()
        find_parts(text, "de")
        return time.process_time() - start

    seconds(1000)
    assert seconds(200_000) < 40 * max(min(seconds(20_000) for _ in range(3)), 0.02)


@pytest.mark.parametrize(
    ("stamp", "day"),
    [
        ("2025-12-20T23:30:00Z", date(2025, 12, 21)), ("2025-12-20T23:30:00+01:00", DAY), ("2025-12-20", DAY),
        ("2025-07-01T22:30:00+00:00", date(2025, 7, 2)), ("Sat, 20 Dec 2025 23:30:00 GMT", date(2025, 12, 21)),
        ("Sat, 20 Dec 2025 23:30:00 +0100", DAY), ("2025-12-20T14:05", DAY), ("2025-12-20 Uhr", DAY),
        ("1766235900", DAY), ("1766235900000", DAY), ("20.12.2025", DAY),
        ("Samstag, 20. Dezember 2025, 14:05 Uhr", DAY), ("20 December 2025", DAY), ("December 20, 2025", DAY),
        ("0001-01-01T00:00:00Z", date(1, 1, 1)), ("9999-12-31T23:59:59Z", None), ("gestern", None), ("", None),
        (None, None),
    ],
)  # fmt: skip
def test_an_instant_is_a_day_of_the_readers_zone(stamp, day):
    assert find_day(stamp, "de") == day


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (made.TEXT, "de"), ("Explosionen in Kiew", "de"), ("", "de"),
        ("The army attacked the city on Saturday and at least eight people were killed, the governor said.", "en"),
        ("L'armée a attaqué la ville samedi et les autorités ont été prévenues par le gouverneur.", "fr"),
        ("У суботу російська армія атакувала місто Одеса.", "uk"), ("星期六军队袭击了敖德萨,至少八人死亡。", "und"),
        ("Am Samstag griff Russland Odessa (Одеса) an.", "de"), ("20.12.2025 14:05", "de"),
        ("Армия атаковала город в субботу, и по словам губернатора погибли восемь человек, это не было на", "ru"),
    ],
)  # fmt: skip
def test_another_language_is_told_by_its_words(text, code):
    assert find_language(text, "de") == code


def test_a_report_in_another_language_gets_a_message():
    english = "The army attacked the city on Saturday and at least eight people were killed, the governor said. " * 3
    document = process(one("a.txt", english.encode()))
    assert document.language == "en"
    assert "no language pack for 'en'" in document.problems[-1].message


# --- what is refused ---------------------------------------------------------------------------------------------


def locked_pdf() -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(made.pdf())))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def word_with(part: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made.word())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            new.writestr(member.filename, content if member.filename == part else old.read(member))
    return out.getvalue()


def locked_zip() -> bytes:
    raw = bytearray(made.zipped({"a.txt": b"x" * 50}))
    raw[6] |= 1  # the flag of encryption in the local header and in the directory
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    return bytes(raw)


def zip_with_a_link() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("passwd.txt")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


def zip_in_itself() -> bytes:
    """A hundred names in the list of contents that all mean one member."""
    raw = made.zipped({"a00.txt": made.TEXT.encode() * 100})
    listed, end = raw.index(b"PK\x01\x02"), raw.index(b"PK\x05\x06")
    names = b"".join(raw[listed:end].replace(b"a00", b"a%02d" % number) for number in range(100))
    return raw[:listed] + names + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 100, 100, len(names), listed, 0)


def device_in_zip() -> bytes:
    member = zipfile.ZipInfo("a.txt")
    member.external_attr = (stat.S_IFIFO | 0o666) << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(member, made.TEXT)
    return out.getvalue()


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    + "]><w>&j;</w>"
)
REFUSED = {
    "an encrypted PDF": ("a.pdf", locked_pdf, "encrypted PDF"),
    "a scanned PDF": ("a.pdf", lambda: made.pdf([""]), "only pictures"),
    "a broken PDF": ("a.pdf", lambda: made.pdf()[:300], "damaged"),
    "a PDF of 10,000 pages": ("a.pdf", lambda: made.pdf(["x"] * 10_000), f"more than {MOST_PAGES} pages"),
    "a PDF that hides its pages": ("a.pdf", lambda: made.pdf(["x"] * (MOST_PAGES + 5), count=1), "more than"),
    "an empty page": ("a.html", lambda: b"<html><body></body></html>", "no article"),
    "a deep page": ("a.html", lambda: b"<div>" * 100_000 + b"x", "nested too deeply"),
    "an empty file": ("a.html", lambda: b"", "is empty"),
    "a broken Word file": ("a.docx", lambda: made.word()[:2000], "damaged"),
    "a zip that is no Word file": ("a.docx", lambda: made.zipped({"a.txt": b"x"}), "damaged"),
    "an empty Word file": ("a.docx", lambda: word_with("word/document.xml", b"<x/>"), "damaged"),
    "an XML bomb in Word": ("a.docx", lambda: word_with("word/document.xml", BOMB.encode()), "definitions of its own"),
    "an XML bomb in UTF-16": ("a.docx", lambda: word_with("word/styles.xml", BOMB.encode("utf-16")), "definitions"),
    "definitions behind a long remark": (
        "a.docx",
        lambda: word_with("word/document.xml", b"<!--" + b" " * 65_525 + b"--><!DOCTYPE w [<!ENTITY a 'x'>]><w/>"),
        "definitions",
    ),
    "a device in a zip": ("a.zip", device_in_zip, "leads out"),
    "a bomb in Word": ("a.docx", lambda: word_with("word/document.xml", bytes(150_000_000)), "excessively large"),
    "no mail": ("a.eml", lambda: b"hello", "damaged"),
    "an empty mail": ("a.eml", lambda: made.mail(text=" "), "is empty"),
    "no zip": ("a.zip", lambda: b"PK\x03\x04 nothing", "no undamaged zip"),
    "a zip with nothing to read": ("a.zip", lambda: made.zipped({"a.png": b"x"}), "holds no report"),
    "a zip bomb": ("a.zip", lambda: made.zipped({"a.txt": bytes(40_000_000)}), "excessively large"),
    "a locked zip": ("a.zip", locked_zip, "protected by a password"),
    "a zip in a zip in a zip": (
        "a.zip",
        lambda: made.zipped({"b.zip": made.zipped({"c.zip": made.zipped({"d.txt": b"x"})})}),
        "too many archives",
    ),
    "an absolute name": ("a.zip", lambda: made.zipped({"/etc/a.txt": b"x"}), "leads out"),
    "a step upwards": ("a.zip", lambda: made.zipped({"a/../../b.txt": b"x"}), "leads out"),
    "a step upwards in Windows": ("a.zip", lambda: made.zipped({"..\\..\\b.txt": b"x"}), "leads out"),
    "a share": ("a.zip", lambda: made.zipped({"\\\\server\\b.txt": b"x"}), "leads out"),
    "a link": ("a.zip", zip_with_a_link, "leads out"),
    "members that lie in each other": ("a.zip", zip_in_itself, "excessively large"),
    "a drive": ("a.zip", lambda: made.zipped({"C:\\b.txt": b"x"}), "leads out"),
    "no web archive": ("a.warc", lambda: b"nothing at all\r\n\r\n", "damaged"),
    "another kind": ("a.exe", lambda: b"MZ", "not read"),
    "a program called text": ("a.txt", lambda: b"\x7fELF\0\0", "binary"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_said_in_one_sentence_of_both_languages(case):
    name, make, sentence = REFUSED[case]
    (error,) = read(name, make())
    assert isinstance(error, InputError)
    assert sentence in str(error)
    assert error.reason is not None
    german = say(error.reason, "de")
    assert german != str(error)
    for said in (str(error), german):
        assert said.endswith(".")
        assert "\n" not in said
        assert "Traceback" not in said


def test_both_languages_have_the_same_sentences():
    from pipeline import wording

    german, english = (wording._file(code, "reasons/input") for code in ("de", "en"))
    assert german.keys() == english.keys()


def test_a_file_larger_than_any_report_is_refused_unread(tmp_path):
    path = tmp_path / "a.pdf"
    with path.open("wb") as file:
        file.truncate(60_000_000)
    (error,) = ingest.read_file(path, Known())
    assert "longer than 50 MB" in str(error)


# --- the process that parses -------------------------------------------------------------------------------------


@pytest.fixture
def impatient(monkeypatch):
    """Parsers that hang, die or eat memory, in a process that gives them little time."""
    hook = (
        "import sys, os, time; from pipeline.formats import cell, page; cell.SECONDS = 0.3\n"
        "def read(raw, name, url=None, charset=None):\n"
        "    if b'HANG' in raw:\n"
        "        while True: pass\n"
        "    if b'DIE' in raw: os.abort()\n"
        "    if b'EAT' in raw: bytearray(3 << 30)\n"
        "    if b'PRINT' in raw: print('{\"done\": true}', flush=True)\n"
        "    if b'ODD' in raw: raise ZeroDivisionError\n"
        "    if b'WRITE' in raw: open('/tmp/never-written', 'w').write('x' * 10_000)\n"
        "    if b'SECRET' in raw and 'CET_SECRET' in os.environ: os.abort()\n"
        "    yield page.Extract(name, raw.decode())\n"
        "page.read_page = read; cell.main()\n"
    )
    start = parser.subprocess.Popen

    def popen(command, **options):
        return start([command[0], "-c", hook], **options)

    parser._end_all()
    monkeypatch.setenv("CET_SECRET", "token")
    monkeypatch.setattr(parser.subprocess, "Popen", popen)
    yield
    parser._end_all()


@pytest.mark.parametrize(
    ("word", "sentence"),
    [("HANG", "too much time or memory"), ("DIE", "too much"), ("EAT", "too much"), ("ODD", "ZeroDivisionError"),
     ("WRITE", "cannot be read")],
)  # fmt: skip
@pytest.mark.usefixtures("impatient")
def test_a_parser_that_goes_wrong_costs_one_report(word, sentence):
    start = time.monotonic()
    first, bad, last = read("a.zip", made.zipped({"a.html": b"eins", "b.html": word.encode(), "c.html": b"drei"}))
    assert (first.text, last.text) == ("eins", "drei")
    assert "b.html" in str(bad)
    assert sentence in str(bad)
    assert time.monotonic() - start < 20


@pytest.mark.usefixtures("impatient")
def test_a_parser_sees_no_secret_and_cannot_answer_by_printing():
    assert [item.text for item in read("a.html", b"SECRET PRINT")] == ["SECRET PRINT"]


def test_processes_are_kept_and_end_with_their_caller():
    read("a.html", made.page())
    (first, *_) = [cell.process.pid for cell in parser._idle]
    read("a.html", made.page())
    assert first in [cell.process.pid for cell in parser._idle]
    parser._end_all()
    assert not parser._idle
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


def test_the_time_of_a_part_grows_with_its_size():
    assert cell.allowance(0) == cell.SECONDS
    assert cell.allowance(10_000_000) > 5 * cell.SECONDS
