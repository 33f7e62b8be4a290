"""What a parser says of a file: reports found in it, and what could not be read; and how large both may be."""

from __future__ import annotations

import re
from typing import NamedTuple

LARGEST = 5_000_000  # bytes of one report's text: a thick book; anything longer is an archive that wants to be split
LARGEST_FILE = 50_000_000  # bytes of a file that holds more than its text: PDF, Word, a mail with attachments
LARGEST_ARCHIVE = 2_000_000_000  # bytes of an archive on disk: it is read piece by piece

_SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b\u2060\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
# Letters that are set as one sign: PDFs have them, and no rule knows "griﬀ".
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_LONGEST = 500  # characters of a title or a name


class Extract(NamedTuple):
    """A report out of a file. ``published`` is an ISO day or instant; ``certain``: the file says it is the day of
    publication, not only a day on which something was written. ``line``: the text is a JSON line, not yet read.
    ``margin``: lines around the text that are no part of it, such as running heads, in which its day may stand."""

    name: str
    text: str
    title: str | None = None
    author: str | None = None
    outlet: str | None = None
    url: str | None = None
    language: str | None = None
    published: str | None = None
    certain: bool = True
    line: int | None = None
    margin: str | None = None


class Refused(NamedTuple):
    """Why a file, or a part of it, gives no report: a key of reasons/input.yaml with its values."""

    key: str
    values: dict[str, str]


class FormatError(Exception):
    """Raised by a parser for what it cannot use; becomes a ``Refused``."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.refused = Refused(key, {name: str(value) for name, value in values.items()})


def tidy(words: object) -> str | None:
    """A title or a name on one line, without marks that nobody sees; ``None`` when nothing is left."""
    if not isinstance(words, str):
        return None
    return _SPACE.sub(" ", words).strip()[:_LONGEST].encode("utf-8", "ignore").decode() or None


def clean(text: str) -> str:
    """A text without control characters (line breaks and tabs stay), half characters, marks that turn the direction of
    reading and places where a word may be broken, with each letter for itself; lines end with a line feed."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).translate(_LIGATURES)
