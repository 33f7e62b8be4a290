"""Bytes as text: the encoding is told by a mark or by the page itself, else UTF-8, else what the letters suggest."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from pipeline.formats.records import FormatError

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_BINARY = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b")
_SAMPLE = 200_000  # bytes whose letters are looked at
_META = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([-\w]{2,40})|<\?xml[^>]{0,100}encoding=["']([-\w]{2,40})""",
    re.IGNORECASE,
)
# Names by which pages call encodings. ISO 8859-1 and ASCII mean Windows 1252 in a page (WHATWG Encoding, 4.2).
_TEXT = re.compile(r"utf-?8|utf-?16(-?[lb]e)?|cp125\d|iso8859-\d+|koi8-[ru]|mac-roman|gb\w+|big5|euc_\w+|shift_jis")
_AS_WINDOWS = {"iso8859-1": "cp1252", "ascii": "cp1252"}


def decode(raw: bytes, name: str) -> str:
    """The text of a file that does not name its encoding. ``FormatError`` when it is empty, no text, or in no encoding
    that is known."""
    text = _decode_marked(raw)
    if text is None and raw.strip():
        if b"\0" in raw or raw.startswith(_BINARY):
            raise FormatError("binary", name=name)
        text = _decode_unmarked(raw)
        if text is None:
            raise FormatError("encoding", name=name)
    if not text or not text.strip():
        raise FormatError("empty", name=name)
    return text


def _decode_marked(raw: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                break
    return None


def decode_line(raw: bytes) -> str:
    """A line of UTF-8, with a mark before it or not; one in another encoding is told by its letters."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decode_unmarked(raw) or raw.decode("utf-8", "replace")


def decode_page(raw: bytes, declared: str | None, name: str) -> str:
    """The source of a web page. ``declared`` is what the server or the mail said. What no encoding fits is read as
    Windows 1252 with marks where letters are lost: the rest of a page is worth reading."""
    if not raw.strip():
        raise FormatError("empty", name=name)
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw.decode(encoding, "replace")
    if b"\0" not in raw:  # what reads as UTF-8 is UTF-8, whatever a page that was saved anew still says
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            pass
    said = _META.search(raw[:4096])
    for named in (declared, (said[1] or said[2]).decode("ascii", "replace") if said else None):
        known = find_encoding(named)
        if known is not None:
            try:
                return raw.decode(known)
            except UnicodeDecodeError:
                continue
    return _decode_unmarked(raw) or raw.decode("cp1252", "replace")


def find_encoding(name: str | None) -> str | None:
    """Python's name for an encoding of text; ``None`` for one that is unknown or no encoding of text."""
    try:
        found = codecs.lookup((name or "").strip()).name
    except (LookupError, ValueError):
        return None
    found = _AS_WINDOWS.get(found, found)
    return found if _TEXT.fullmatch(found) else None


def _decode_unmarked(raw: bytes) -> str | None:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    best = from_bytes(raw[:_SAMPLE], cp_exclusion=["utf_7"]).best()
    if best is None or not best.encoding:
        return None
    try:
        text = raw.decode(best.encoding)
    except (UnicodeDecodeError, LookupError):
        return None
    return text if _looks_written(text[:10_000]) else None


def _looks_written(text: str) -> bool:
    """Text read in a wrong encoding shows control characters, or no spaces between its letters."""
    controls = sum(not (c.isprintable() or c.isspace()) for c in text)
    return controls <= len(text) // 50 and sum(c.isspace() for c in text) >= len(text) // 50
