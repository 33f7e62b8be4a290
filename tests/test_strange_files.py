"""Files that are right but seldom: what programs other than the usual ones write is read as well."""

from __future__ import annotations

import gzip
import io
import json
from datetime import date

import docx
import made_files as made
import pytest
from docx.oxml import parse_xml

from pipeline import ingest
from pipeline.errors import InputError
from pipeline.ingest import Known
from pipeline.records import Document

FIRST, SECOND = made.TEXT.strip().split("\n")
DAY = date(2025, 12, 20)


def read(name: str, raw: bytes) -> list[Document | InputError]:
    return list(ingest.read_upload(name, raw, Known()))


def one(name: str, raw: bytes) -> Document:
    (found,) = read(name, raw)
    if isinstance(found, InputError):
        raise found
    return found


# --- mails -----------------------------------------------------------------------------------------------------------


def test_a_mail_that_was_passed_on_is_a_report_of_its_own():
    inner = f"From: Bernd <b@b.example>\nSubject: Zweiter\nDate: Fri, 19 Dec 2025 10:00:00 +0100\n\n{SECOND}\n"
    raw = (
        f"From: =?utf-8?Q?M=C3=BCller=2C_Anna?= <a@a.example>\nSubject: =?iso-8859-1?Q?Angriff_auf_=D6dessa?=\n"
        " =?utf-8?B?IGFtIE1lZXI=?=\nDate: Sat, 20 Dec 2025 14:05:00 +0100 (CET)\nMIME-Version: 1.0\n"
        f"Content-Type: multipart/mixed; boundary=A\n\n--A\nContent-Type: text/plain\n\n{FIRST.split('.')[0]}.\n"
        f"--A\nContent-Type: message/rfc822\n\n{inner}--A\nContent-Type: text/plain; charset=utf-8\n"
        "Content-Disposition: attachment; filename*=utf-8''B%C3%A4richt.txt\nContent-Transfer-Encoding: base64\n\n"
        "QW0gTW9udGFnIGdyaWZmZW4gUmViZWxsZW4gQmVuaSBhbi4=\n--A--\n"
    ).encode()
    outer, passed, attached = read("a.eml", raw)
    assert isinstance(outer, Document)
    assert isinstance(passed, Document)
    assert isinstance(attached, Document)
    assert (outer.title, outer.author, outer.published) == ("Angriff auf Ödessa am Meer", "Müller, Anna", DAY)
    assert (passed.title, passed.author, passed.published) == ("Zweiter", "Bernd", date(2025, 12, 19))
    assert passed.text == SECOND
    assert attached.text == "Am Montag griffen Rebellen Beni an."


def test_mails_in_mails_in_mails_have_an_end():
    raw = b"Subject: innen\n\nAm Montag griffen Rebellen Beni an.\n"
    for depth in range(6):
        raw = b"Subject: %d\nContent-Type: message/rfc822\n\n%s" % (depth, raw)
    found = read("a.eml", raw)
    assert [type(item) for item in found][-1] is InputError
    assert "archive" in str(found[-1])


def test_an_empty_plain_part_leaves_the_page():
    raw = (
        "Subject: X\nContent-Type: multipart/alternative; boundary=Q\n\n--Q\nContent-Type: text/plain\n"
        f"\n \n--Q\nContent-Type: text/html; charset=utf-8\n\n<body><p>{FIRST}</p><p>{SECOND}</p></body>\n--Q--\n"
    )
    assert one("a.eml", raw.encode()).text.split("\n") == [FIRST, SECOND]


@pytest.mark.parametrize(("more", "broken"), [("", "und \ndort"), ("; delsp=yes", "u \nnd dort")])
def test_lines_that_a_mail_program_broke_are_whole(more, broken):
    head = f"Subject: X\nContent-Type: text/plain; charset=utf-8; format=flowed{more}\n\n"
    text = f"Am Montag griffen Rebellen hier {broken} an.\n\nDanach war Ruhe.\n-- \nRedaktion\n"
    found = one("a.eml", (head + text).encode()).text
    assert found == "Am Montag griffen Rebellen hier und dort an.\n\nDanach war Ruhe.\n-- \nRedaktion"


# --- Word ------------------------------------------------------------------------------------------------------------

SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
BOX = "<w:txbxContent><w:p><w:r><w:t>Kasten.</w:t></w:r></w:p></w:txbxContent>"


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<w:p><w:r><w:t>A </w:t></w:r><w:ins><w:r><w:t>neu</w:t></w:r></w:ins>"
         "<w:del><w:r><w:delText>alt</w:delText></w:r></w:del><w:r><w:t>.</w:t></w:r></w:p>", "A neu."),
        ("<w:sdt><w:sdtContent><w:p><w:r><w:t>Feld.</w:t></w:r></w:p></w:sdtContent></w:sdt>", "Feld."),
        ("<w:p><w:sdt><w:sdtContent><w:r><w:t>Im</w:t></w:r></w:sdtContent></w:sdt><w:smartTag><w:r><w:t> Satz.</w:t>"
         "</w:r></w:smartTag></w:p>", "Im Satz."),
        (f"<w:p><w:r><w:t>Vor.</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires='wps'>{BOX}</mc:Choice>"
         f"<mc:Fallback>{BOX}</mc:Fallback></mc:AlternateContent></w:r></w:p>", "Vor.\nKasten."),
        ("<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Odessa</w:t></w:r></w:p></w:tc><w:tc><w:p/><w:tbl><w:tr><w:tc><w:p><w:r>"
         "<w:t>innen</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>", "Odessa | innen"),
        ("<w:p><w:r><w:t>Letz</w:t><w:softHyphen/><w:t>ter</w:t><w:tab/><w:t>Ost</w:t><w:noBreakHyphen/><w:t>West</w:t>"
         "<w:br/><w:t>neu</w:t></w:r></w:p>", "Letzter\tOst-West\nneu"),
        ("<w:p><w:r><w:fldChar/><w:instrText>PAGE</w:instrText><w:t>Nach dem Feld.</w:t></w:r></w:p>",
         "Nach dem Feld."),
    ],
)  # fmt: skip
def test_words_of_a_word_file_wherever_they_stand(xml, text):
    document = docx.Document()
    document.add_paragraph(FIRST)
    document.element.body.insert(1, parse_xml(xml.replace(">", f" {SPACES}>", 1)))
    out = io.BytesIO()
    document.save(out)
    found = one("a.docx", out.getvalue())
    assert found.text == f"{FIRST}\n{text}"
    assert found.published is None  # the day of the template is nobody's


# --- pages -----------------------------------------------------------------------------------------------------------


def page(head: str, body: str = f"<p>{FIRST}</p><p>{SECOND}</p>") -> bytes:
    return f"<html><head><title>Angriff</title>{head}</head><body><article><h1>Angriff</h1>{body}</article>".encode()


@pytest.mark.parametrize(
    "script",
    [
        '<script type="application/ld+json; charset=utf-8">{}</script>',
        '<script type="application/ld+json">//<![CDATA[\n{}\n//]]></script>',
        '<script type="application/ld+json">/*<![CDATA[*/ {} /*]]>*/</script>',
        '<script type="application/ld+json">{};</script>',
    ],
)
def test_linked_data_in_any_shell(script):
    said = {
        "@type": ["NewsArticle"], "datePublished": "2025-12-20T14:05:00+01:00", "publisher": {"name": "Blatt"},
        "author": [{"@type": "Person", "name": "Eva Ott"}],
    }  # fmt: skip
    document = one("a.html", page(script.replace("{}", json.dumps(said))))
    assert (document.published, document.published_source) == (DAY, "metadata")
    assert (document.author, document.source) == ("Eva Ott", "Blatt")


def test_the_lines_of_a_short_page_stay_lines():
    body = f'<p><time datetime="2025-12-20T10:00">20.12.2025</time></p><p>{FIRST}</p><p>{SECOND}</p>'
    document = one("a.html", page("", body))
    assert document.text.split("\n") == ["Angriff", FIRST, SECOND]
    assert document.published == DAY


# --- lines -----------------------------------------------------------------------------------------------------------


def test_a_mark_line_ends_and_a_broken_line():
    good = json.dumps({"id": "a", "text": FIRST, "published": "2025-12-20"}, ensure_ascii=False)
    first, broken, last = read("a.jsonl", f"\ufeff{good}\r\n{good[:40]}\r\n{good}\r\n".encode())
    assert isinstance(first, Document)
    assert isinstance(last, Document)
    assert isinstance(broken, InputError)
    assert "line 2" in str(broken)
    assert first.text == last.text == FIRST


def test_a_line_of_another_encoding():
    raw = json.dumps({"text": FIRST}, ensure_ascii=False).encode("cp1252")
    for found in (one("a.jsonl", raw), one("a.zip", made.zipped({"a.ndjson": raw}))):
        assert found.text == FIRST


@pytest.mark.parametrize(
    ("row", "day"),
    [
        ({"headline": "Kopf", "articleBody": FIRST, "datePublished": "2025-12-20T10:00:00+01:00",
          "author": {"name": "Eva"}, "publisher": {"name": "Blatt"}, "inLanguage": "de"}, DAY),
        ({"title": "Kopf", "content": FIRST, "date": "2025-12-20", "author": "Eva", "outlet": "Blatt"}, DAY),
        ({"title": "Kopf", "text": FIRST, "published": "2025-12-20T23:30:00Z", "author": "Eva", "source": "Blatt"},
         date(2025, 12, 21)),
    ],
)  # fmt: skip
def test_what_others_call_the_same(row, day):
    found = one("a.jsonl", json.dumps(row).encode())
    assert (found.text, found.title, found.author, found.source) == (FIRST, "Kopf", "Eva", "Blatt")
    assert (found.published, found.published_source) == (day, "given")


def test_names_of_others_are_not_read_beside_a_text():
    found = one("a.jsonl", json.dumps({"text": FIRST, "body": SECOND, "date": "2025-12-20"}).encode())
    assert (found.text, found.published) == (FIRST, None)


# --- web archives ----------------------------------------------------------------------------------------------------


def archive(kind: str, body: bytes, *headers: tuple[str, str], status: str = "200 OK") -> bytes:
    answer = [f"HTTP/1.1 {status}", *(": ".join(header) for header in headers), "", ""]
    block = body if kind == "resource" else "\r\n".join(answer).encode() + body
    type_of = "text/html" if kind == "resource" else "application/http; msgtype=response"
    about = [
        "WARC/1.0", f"WARC-Type: {kind}", "WARC-Target-URI: https://blatt.example/a", f"Content-Type: {type_of}",
        "WARC-Record-ID: <urn:uuid:0>", "WARC-Date: 2025-12-20T14:05:00Z", f"Content-Length: {len(block)}", "", "",
    ]  # fmt: skip
    return gzip.compress("\r\n".join(about).encode() + block + b"\r\n\r\n")


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HTML = ("Content-Type", "text/html; Charset=UTF-8")
CHUNKS = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (made.page()[:500], made.page()[500:])) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        archive("response", gzip.compress(made.page()), HTML, ("Content-Encoding", "gzip")),
        archive("response", CHUNKS, HTML, ("Transfer-Encoding", "chunked")),
        archive("response", made.page(), HTML, status="203 Non-Authoritative Information"),
        archive("resource", made.page()),
        archive("response", made.pdf(), ("Content-Type", "application/pdf")),
        archive("response", made.word(), ("Content-Type", WORD)),
        archive("response", made.TEXT.encode(), ("Content-Type", "text/plain; charset=utf-8")),
    ],
)  # fmt: skip
def test_what_a_web_archive_holds(raw):
    document = one("a.warc.gz", raw)
    assert "griff Russland die Stadt Odessa an" in document.text
    assert document.url == "https://blatt.example/a"


@pytest.mark.parametrize(
    "raw", [archive("revisit", b"", HTML), archive("response", made.page(), HTML, status="404 Not Found")]
)
def test_what_a_web_archive_only_mentions_is_no_report(raw):
    (found,) = read("a.warc.gz", raw)
    assert isinstance(found, InputError)
