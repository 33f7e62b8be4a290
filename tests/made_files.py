"""Files of every kind that ingest reads, made here, each with the same report in it."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from email.message import EmailMessage

TEXT = (
    "Am Samstag griff Russland die Stadt Odessa an. Dabei starben mindestens acht Menschen, sagten die Behörden.\n"
    "Die Regierung in Kiew sprach von einem schweren Verbrechen und forderte neue Hilfe von den Verbündeten.\n"
)
TITLE, AUTHOR, OUTLET = "Angriff auf Odessa", "Anna Muster", "Beispielblatt"
STAMP = "2025-12-20T14:05:00+01:00"


def page(
    body: str | None = None, *, stamp: str | None = STAMP, language: str = "de", charset: str = "utf-8", head: str = ""
) -> bytes:
    """A web page as outlets make them: menus, linked data, a caption, pointers to other articles."""
    dated = json.dumps({"@context": "https://schema.org", "@graph": [{"@type": "NewsArticle", "datePublished": stamp}]})
    script = f'<script type="application/ld+json">{dated}</script>' if stamp else ""
    paragraphs = body if body is not None else "".join(f"<p>{line}</p>" for line in TEXT.splitlines())
    return f"""<!DOCTYPE html><html lang="{language}"><head><meta charset="{charset}"><title>{TITLE} | {OUTLET}</title>
<meta property="og:site_name" content="{OUTLET}"><meta name="author" content="{AUTHOR}">{head}{script}
</head><body><nav><a href="/">Start</a><a href="/p">Politik</a></nav><article><h1>{TITLE}</h1><p>Von {AUTHOR}, Kiew</p>
<p>Ein Haus in Odessa im Mai 2019. Foto: Agentur</p>{paragraphs}<h2>Empfohlene Geschichten</h2>
<ul><li>Liste mit 2 Artikeln</li><li>Was am Montag in Genf geschah</li><li>Ende der Liste</li></ul>
<script>alert("x")</script></article><footer>Impressum</footer></body></html>""".encode(charset, "xmlcharrefreplace")


def pdf(
    pages: list[str] | None = None, *, info: str = "", tail: str = "", count: int | None = None, placed: bool = False
) -> bytes:
    """A PDF with a page of text for each string, written by hand: Helvetica, WinAnsi, 14 points a line. ``placed``: the
    strings are not text but what says where each piece of it stands."""
    texts = pages if pages is not None else [TEXT]
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(texts)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(texts) if count is None else count} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for i, text in enumerate(texts):
        lines = [line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in text.split("\n")]
        shown = "50 780 Td 14 TL " + " ".join(f"({line}) Tj T*" for line in lines)
        content = f"BT /F1 12 Tf {text if placed else shown} ET".encode("cp1252")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * i} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    out = io.BytesIO(b"")
    out.write(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate([*objects, f"<< {info} >>".encode()], 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    size = len(places) + 1
    out.write(f"trailer << /Size {size} /Root 1 0 R /Info {size - 1} 0 R {tail} >>\nstartxref\n{start}\n%%EOF".encode())
    return out.getvalue()


def word(text: str = TEXT, *, made: object = None) -> bytes:
    import docx

    document = docx.Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    table = document.add_table(1, 2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Ort", "Odessa"
    document.core_properties.title, document.core_properties.author = TITLE, AUTHOR
    if made is not None:
        document.core_properties.created = made
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def mail(*, attached: dict[str, bytes] | None = None, html: bool = False, text: str = TEXT) -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = TITLE, f"{AUTHOR} <anna@example.org>", "b@example.org"
    message["Date"] = "Sat, 20 Dec 2025 14:05:00 +0100"
    if html:
        message.set_content(page().decode(), subtype="html")
    else:
        message.set_content(text)
    for name, raw in (attached or {}).items():
        message.add_attachment(raw, maintype="application", subtype="octet-stream", filename=name)
    return bytes(message)


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in members.items():
            archive.writestr(name, raw)
    return out.getvalue()


def lines(*texts: str) -> bytes:
    rows = [{"id": str(i), "text": text, "published": "2025-12-20"} for i, text in enumerate(texts or (TEXT,))]
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def web_archive(*pages: bytes, packed: bool = True) -> bytes:
    """A WARC 1.0 by hand: a record for each page, packed one by one."""
    out = b""
    for number, raw in enumerate(pages or (page(),)):
        answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + raw
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number:032d}>\r\n"
            f"WARC-Date: 2026-01-01T00:00:00Z\r\nWARC-Target-URI: https://blatt.example/{number}\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
        )
        record = head.encode() + answer + b"\r\n\r\n"
        out += gzip.compress(record) if packed else record
    return out


def every_kind() -> dict[str, bytes]:
    """A file of each kind, by its name."""
    return {
        "a.txt": TEXT.encode(),
        "a.html": page(),
        "a.pdf": pdf(),
        "a.docx": word(),
        "a.eml": mail(attached={"b.pdf": pdf()}),
        "a.jsonl": lines(),
        "a.zip": zipped({"b.txt": TEXT.encode(), "c.html": page()}),
        "a.warc.gz": web_archive(),
        "a.warc": web_archive(packed=False),
    }
