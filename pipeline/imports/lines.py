"""The lines of a CSV file as text, whatever has written it."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO, Final

_WIDE: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode_lines(file: BinaryIO) -> Iterator[str]:
    """Line by line: UTF-8, with or without its mark; a line that is none is Windows 1252, in which spreadsheets of
    Western systems write (Latin-1 is part of it). UTF-16 where the mark of that stands first. A letter that is lost all
    the same is U+FFFD."""
    mark = file.read(2)
    file.seek(0)
    if mark in _WIDE:
        text = io.TextIOWrapper(file, "utf-16", "replace", newline="")
        try:
            yield from text
        finally:
            text.detach()  # whoever has opened the file closes it
        return
    for number, raw in enumerate(file):
        line = _decode(raw if number else raw.removeprefix(codecs.BOM_UTF8))
        yield from io.StringIO(line, newline="")  # a lone return ends a line too


def _decode(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")
