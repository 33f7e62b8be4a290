"""A zip archive: its members one after the other, each bounded. Their names are shown and never used as paths. And a
file packed by gzip."""

from __future__ import annotations

import gzip
import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, NamedTuple

from pipeline.formats.records import LARGEST, LARGEST_FILE, FormatError, Refused, tidy

MOST_MEMBERS = 100_000
LARGEST_UNPACKED = 4_000_000_000  # bytes of all members together
_RATIO, _HARMLESS = 200, 2_000_000  # what text is packed by at most; below these bytes nobody minds
_PIECE, _LONGEST_LINE = 1_000_000, 6 * LARGEST  # bytes of JSON lines that are read at once, and of one at most
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError)


class Member(NamedTuple):
    name: str
    raw: bytes


def read_archive(file: IO[bytes], name: str, is_read: tuple[str, ...]) -> Iterator[Member | Refused]:
    """The members whose names end as one of ``is_read`` says. ``FormatError`` for an archive that cannot be opened, or
    that is made to burst."""
    try:
        archive = zipfile.ZipFile(file)
        members = [member for member in archive.infolist() if not member.is_dir()]
    except _BROKEN:
        raise FormatError("archive_broken", name=name) from None
    if len(members) > MOST_MEMBERS:
        raise FormatError("archive_many", name=name, most=MOST_MEMBERS)
    if sum(member.compress_size for member in members) > file.seek(0, io.SEEK_END):  # they lie in each other
        raise FormatError("bomb", name=name)
    total = 0
    for member in members:
        shown = tidy(member.filename) or "?"
        if not shown.lower().endswith(is_read):
            continue
        if _leads_out(member.filename) or stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG):
            yield Refused("archive_path", {"name": f"{name}: {shown}"})
            continue
        if _is_hidden(shown):
            continue
        shown = f"{name}: {shown}"
        if member.flag_bits & 1:
            yield Refused("archive_locked", {"name": shown})
            continue
        if member.file_size > LARGEST_FILE:
            yield Refused("too_long", {"name": shown, "most": str(LARGEST_FILE // 1_000_000)})
            continue
        if member.file_size > max(_HARMLESS, member.compress_size * _RATIO):
            yield Refused("bomb", {"name": shown})
            continue
        try:
            with archive.open(member) as stream:
                raw = stream.read(LARGEST_FILE + 1)
        except _BROKEN:
            yield Refused("broken", {"name": shown, "kind": "zip"})
            continue
        total += len(raw)
        if total > LARGEST_UNPACKED:
            raise FormatError("bomb", name=name)
        yield Member(shown, raw)


def read_packed(file: IO[bytes], name: str, *, by_lines: bool) -> Iterator[tuple[int, bytes]]:
    """The bytes of a packed file; ``by_lines``: piece by piece, each of whole lines, with the number of its first.
    ``FormatError`` for one that is broken, or that is made to burst."""
    most = min(LARGEST_UNPACKED, max(_HARMLESS, file.seek(0, io.SEEK_END) * _RATIO))
    file.seek(0)
    number, total = 1, 0
    try:
        with gzip.GzipFile(fileobj=file) as stream:
            while raw := stream.read(_PIECE if by_lines else LARGEST_FILE + 1):
                if by_lines and not raw.endswith(b"\n"):
                    rest = stream.readline(_LONGEST_LINE)
                    if len(rest) == _LONGEST_LINE:
                        raise FormatError("line_too_long", most=LARGEST // 1_000_000)
                    raw += rest
                total += len(raw)
                if total > most:
                    raise FormatError("bomb", name=name)
                yield number, raw
                number += raw.count(b"\n")
                if not by_lines:
                    return
    except _BROKEN:
        raise FormatError("broken", name=name, kind="gzip") from None


def _is_hidden(name: str) -> bool:
    return any((part.startswith(".") and part != "..") or part == "__MACOSX" for part in PurePosixPath(name).parts)


def _leads_out(name: str) -> bool:
    """Absolute names, drives and steps upwards: whoever unpacks such an archive writes outside of its folder."""
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in path.parts[0] if path.parts else True
