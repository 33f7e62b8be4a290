"""Files that are right but seldom: what programs other than the usual ones write is read as well."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from datetime import date

import brotli
import docx
import made_files as made
import pytest
from docx.oxml import parse_xml

from pipeline import ingest
from pipeline.errors import InputError
from pipeline.formats.pdf import join_lines
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


@pytest.mark.parametrize(
    "head",
    [
        "-----Ursprüngliche Nachricht-----\nVon: Anna Muster <a@m.example>\nGesendet: Samstag, 20. Dezember 2025 "
        "14:05\nAn: Redaktion\nBetreff: Lage in Odessa\n",
        "Begin forwarded message:\n\n*From:* Anna Muster\n*Subject:* Lage in Odessa\n"
        "*Date:* Sat, 20 Dec 2025 14:05:00 +0100\n",
    ],
)  # fmt: skip
def test_a_mail_that_was_passed_on_in_the_text_of_another_has_its_own_day(head):
    raw = made.mail(text=f"Zur Kenntnis.\n\n{head}\n{FIRST}\n").replace(b"Sat, 20 Dec", b"Mon, 22 Dec", 1)
    outer, inner = read("a.eml", raw)
    assert isinstance(outer, Document)
    assert isinstance(inner, Document)
    assert outer.text.startswith("Zur Kenntnis.")
    assert (outer.published, outer.title) == (date(2025, 12, 22), made.TITLE)
    assert (inner.text, inner.author, inner.title, inner.published) == (FIRST, "Anna Muster", "Lage in Odessa", DAY)


def test_a_mail_whose_plain_part_only_points_to_its_page():
    raw = (
        "Subject: X\nContent-Type: multipart/alternative; boundary=Q\n\n--Q\nContent-Type: text/plain\n\n"
        "Bitte HTML einschalten.\n--Q\nContent-Type: text/html; charset=utf-8\n\n"
        f"<body><p>{FIRST}</p><p>{SECOND}</p></body>\n--Q--\n"
    )
    assert one("a.eml", raw.encode()).text.split("\n") == [FIRST, SECOND]
    kept = raw.replace("Bitte HTML einschalten.", f"{FIRST} Das ist alles, was diese Nachricht zu sagen hat.")
    assert one("a.eml", kept.encode()).text.startswith(f"{FIRST} Das ist alles")


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


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<w:p><w:r><w:t>Sichtbar</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t> versteckt</w:t></w:r>"
         "<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>.</w:t></w:r></w:p>", "Sichtbar."),
        ("<w:p><w:r><w:ruby><w:rt><w:r><w:t>Lautung</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>Wort</w:t></w:r>"
         "</w:rubyBase></w:ruby></w:r></w:p>", "Wort"),
        ("<w:p><w:hyperlink w:anchor='x'><w:r><w:t>Ein Verweis</w:t></w:r></w:hyperlink><w:r><w:commentReference "
         "w:id='0'/><w:t> im Satz.</w:t></w:r></w:p>", "Ein Verweis im Satz."),
    ],
)  # fmt: skip
def test_what_a_reader_of_a_word_file_does_not_see(xml, text):
    assert one("a.docx", word_with(xml)).text == f"{FIRST}\n{text}"


def word_with(*xml: str, head: str | None = None) -> bytes:
    document = docx.Document()
    document.add_paragraph(FIRST)
    if head:
        document.sections[0].header.paragraphs[0].text = head
    for number, element in enumerate(xml, 1):
        document.element.body.insert(number, parse_xml(element.replace(">", f" {SPACES}>", 1)))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_paragraph_whose_end_was_taken_out_goes_on_in_the_next():
    end = "<w:pPr><w:rPr><w:del w:id='9'/></w:rPr></w:pPr>"
    first = f"<w:p>{end}<w:r><w:t xml:space='preserve'>Ein Satz, der </w:t></w:r></w:p>"
    assert one("a.docx", word_with(first, "<w:p><w:r><w:t>weitergeht.</w:t></w:r></w:p>")).text == (
        f"{FIRST}\nEin Satz, der weitergeht."
    )


def test_notes_stand_behind_the_text_and_comments_nowhere():
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    link = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = {
        "footnotes": "<w:footnote w:type='separator' w:id='0'><w:p><w:r><w:t>---</w:t></w:r></w:p></w:footnote>"
        "<w:footnote w:id='2'><w:p><w:r><w:footnoteRef/><w:t>\tDie Note.</w:t></w:r></w:p></w:footnote>",
        "endnotes": "<w:endnote w:id='2'><w:p><w:r><w:t>Am Ende.</w:t></w:r></w:p></w:endnote>",
        "comments": "<w:comment w:id='0'><w:p><w:r><w:t>Stimmt das?</w:t></w:r></w:p></w:comment>",
    }
    out = io.BytesIO()
    sentence = (
        "<w:p><w:r><w:t>Sie griffen an</w:t></w:r><w:r><w:footnoteReference w:id='2'/></w:r><w:r><w:t>, sagte er.</w:t>"
        "</w:r></w:p>"
    )
    with zipfile.ZipFile(io.BytesIO(word_with(sentence))) as old, zipfile.ZipFile(out, "w") as new:
        for member in old.infolist():
            raw = old.read(member).decode("utf-8", "surrogateescape")
            for name in parts:
                raw = raw.replace(
                    "</Types>", f'<Override PartName="/word/{name}.xml" ContentType="{kind}.{name}+xml"/></Types>'
                )
                if member.filename == "word/_rels/document.xml.rels":
                    tie = f'<Relationship Id="{name}" Type="{link}/{name}" Target="{name}.xml"/>'
                    raw = raw.replace("</Relationships>", f"{tie}</Relationships>")
            new.writestr(member.filename, raw.encode("utf-8", "surrogateescape"))
        for name, xml in parts.items():
            new.writestr(f"word/{name}.xml", f"<w:{name} {SPACES}>{xml}</w:{name}>")
    assert one("a.docx", out.getvalue()).text == f"{FIRST}\nSie griffen an, sagte er.\nDie Note.\nAm Ende."


def test_the_head_of_a_word_file_tells_its_day_and_is_no_text():
    found = one("a.docx", word_with(head="Lagebericht Nr. 7 – Samstag, 20. Dezember 2025"))
    assert (found.text, found.published, found.published_source) == (FIRST, DAY, "inferred")


# --- PDF -------------------------------------------------------------------------------------------------------------

PAGES = ("Die erste Brigade griff am Samstag die Stadt an.", "Die zweite Brigade zog am Sonntag wieder ab.")


def test_heads_of_a_pdf_of_two_pages_are_no_text_and_tell_its_day():
    pages = [f"Blatt Nr. 295 - Samstag, 20. Dezember 2025\n{text}\nSeite {n} von 2" for n, text in enumerate(PAGES, 1)]
    found = one("a.pdf", made.pdf(pages, info="/Title (about:blank) /CreationDate (D:20260301140500)"))
    assert found.text == "\n".join(PAGES)
    assert (found.published, found.published_source, found.title) == (DAY, "inferred", None)


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_a_pdf_that_is_encrypted_and_opens_without_a_password(algorithm):
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(made.pdf())))
    writer.encrypt("", "owner", algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    assert "griff Russland die Stadt Odessa an" in one("a.pdf", out.getvalue()).text


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["Die Rebellen griffen am Montag den Gouver-", "neur in der Stadt an."],
         "Die Rebellen griffen am Montag den Gouverneur in der Stadt an."),
        (["Die Kämpfe erreichten die Stadt in Süd-", "Kordofan am Montag."],
         "Die Kämpfe erreichten die Stadt in Süd-Kordofan am Montag."),
        (["Die Regierung verbot am Montag die Ein-", "und Ausfuhr von Waffen."],
         "Die Regierung verbot am Montag die Ein- und Ausfuhr von Waffen."),
        (["Am Montag griffen sie im Osten", "Flugabwehrraketenstellungen an, und"],
         "Am Montag griffen sie im Osten Flugabwehrraketenstellungen an, und"),
        (["Angriff auf Goma", "Rebellen haben am Montag die Stadt angegriffen."],
         "Angriff auf Goma\nRebellen haben am Montag die Stadt angegriffen."),
    ],
)  # fmt: skip
def test_lines_of_a_pdf_that_belong_together(lines, text):
    assert join_lines(lines) == text


def test_columns_that_were_written_row_by_row():
    left = [f"Die Armee griff am Montag die Stadt {i} an" for i in "ABCDEFGH"]
    right = [f"und der Minister lobte den Ort {i} sehr" for i in "ABCDEFG"]
    rows = [f"1 0 0 1 50 {780 - 14 * i} Tm ({cell}) Tj" for i, cell in enumerate(left)]
    for i, cell in enumerate(right):
        rows[i] += f" 1 0 0 1 310 {780 - 14 * i} Tm ({cell}) Tj"
    text = one("a.pdf", made.pdf(["\n".join(rows)], placed=True)).text.replace("\n", " ")
    assert text == " ".join([*left, *right])


def test_rows_of_a_table_in_a_pdf_stay_rows():
    rows = [
        f"1 0 0 1 50 {780 - 14 * i} Tm ({i}. Mai) Tj 1 0 0 1 310 {780 - 14 * i} Tm (Angriff auf Ort {i}) Tj"
        for i in range(1, 9)
    ]
    assert "1. Mai Angriff auf Ort 1" in one("a.pdf", made.pdf(["\n".join(rows)], placed=True)).text


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


@pytest.mark.parametrize(
    "shape",
    [
        lambda rows: json.dumps(rows, indent=1),
        lambda rows: json.dumps({"total": 2, "tags": ["a"], "articles": rows}),
        lambda rows: "\n".join(map(json.dumps, rows)),
    ],
)
def test_a_json_file_holds_its_reports_in_a_list(shape):
    rows = [{"id": "a", "text": FIRST, "published": "2025-12-20"}, {"headline": "Kopf", "articleBody": SECOND}]
    for raw, name in ((shape(rows).encode(), "a.json"), (gzip.compress(shape(rows).encode("utf-16")), "a.json.gz")):
        first, second = read(name, raw)
        assert isinstance(first, Document)
        assert isinstance(second, Document)
        assert (first.id, first.text, first.published) == ("a", FIRST, DAY)
        assert (second.text, second.title) == (SECOND, "Kopf")


def test_a_json_file_of_one_report_and_one_with_a_bad_entry():
    assert one("a.json", json.dumps({"content": FIRST, "tags": [{"name": "x"}]}, indent=2).encode()).text == FIRST
    good, bad = read(
        "a.json",
        json.dumps(
            [
                {"text": FIRST},
                {"title": "nichts"},
            ]
        ).encode(),
    )
    assert isinstance(good, Document)
    assert "a.json, entry 2: This report has no text" in str(bad)
    (broken,) = read("a.json", b'[{"text": "x"')
    assert "no file of the kind JSON" in str(broken)


# --- packed files ----------------------------------------------------------------------------------------------------


def test_lines_in_a_packed_file_keep_their_numbers():
    rows = [json.dumps({"id": str(n), "text": f"{FIRST} {n}"}) for n in range(5_000)]
    rows[4_321] = "nope"
    found = read("a.jsonl.gz", gzip.compress("\n".join(rows).encode()))
    assert [item.id for item in found if isinstance(item, Document)][-1] == "4999"
    assert len(found) == 5_000
    assert "a.jsonl.gz: a.jsonl, line 4322:" in str(found[4_321])


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("a.txt.gz", gzip.compress(bytes(60_000_000)), "excessively large"),
        ("a.jsonl.gz", gzip.compress(b"x" * 40_000_000), "too long for one report"),
        ("a.txt.gz", gzip.compress(FIRST.encode())[:40], "damaged"),
        ("a.txt.gz", b"no gzip", "damaged"),
        ("a.tar.gz", gzip.compress(b"x"), "not read"),
        ("a.tar", b"x", "not read"),
    ],
)
def test_packed_files_that_are_not_read(name, raw, said):
    (error,) = read(name, raw)
    assert said in str(error)


@pytest.mark.parametrize(
    ("name", "raw"), [("a.txt.gz", FIRST.encode()), ("a.html.gz", made.page()), ("a.pdf.gz", made.pdf())]
)
def test_a_packed_file_is_read_as_what_it_holds(name, raw):
    assert "griff Russland die Stadt Odessa an" in one(name, gzip.compress(raw)).text


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
        archive("response", brotli.compress(made.page()), HTML, ("Content-Encoding", "br")),
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


def test_a_page_packed_in_a_way_that_is_not_read_leaves_the_others():
    packed = archive("response", b"(\xb5/\xfd junk", HTML, ("Content-Encoding", "zstd"))
    bad, good = read("a.warc.gz", packed + archive("response", made.page(), HTML))
    assert "a.warc.gz: https://blatt.example/a is packed in a way (zstd)" in str(bad)
    assert isinstance(good, Document)


@pytest.mark.parametrize(
    "raw", [archive("revisit", b"", HTML), archive("response", made.page(), HTML, status="404 Not Found")]
)
def test_what_a_web_archive_only_mentions_is_no_report(raw):
    (found,) = read("a.warc.gz", raw)
    assert isinstance(found, InputError)


def test_lists_that_say_something_of_one_report_are_no_reports():
    row = {"id": "x", "mentions": [{"text": "Goma"}, {"text": "Bukavu"}]}
    (refused,) = read("a.json", json.dumps(row).encode())
    assert "This report has no text" in str(refused)
