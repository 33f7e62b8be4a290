"""The process in which files from others are parsed: ``python -m pipeline.formats.cell``.

It reads requests from standard input (a JSON line, then as many bytes as it says) and answers with JSON lines, last of
them ``{"done": true}``. It may use ``MEMORY`` bytes, write no file and start no process; each part of a file has a time
of its own, after which the kernel ends the process. ``pipeline.ingest.parser`` is the other side.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

MEMORY = 1 << 30  # bytes of address space
SECONDS, BYTES_PER_SECOND = 2.0, 500_000  # of processor time: a start, and so much of the part a second
_PAGE = ("trafilatura", "htmldate")
_LIBRARIES = {
    "page": _PAGE, "web_archive": _PAGE, "mail": _PAGE, "pdf": ("pypdf",), "word": ("docx",), "feed": ("feedparser",),
}  # fmt: skip


def allowance(size: int) -> float:
    """Seconds of processor time for a part of so many bytes."""
    return SECONDS + size / BYTES_PER_SECOND


def search_allowance(size: int) -> float:
    """Seconds of processor time to find the next part of a file of so many bytes."""
    return min(allowance(size), 120.0)


def main() -> None:
    _confine()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)  # whatever a library prints is no answer
    os.dup2(nowhere, 2)
    requests = sys.stdin.buffer
    while line := requests.readline():
        request = json.loads(line)
        raw = requests.read(request["size"])
        for answer in answer_request(request, raw):
            answers.write(json.dumps(answer) + "\n")
            answers.flush()


def _confine() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the caller decides
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(limit, (value, value))


def answer_request(request: dict[str, Any], raw: bytes) -> Iterator[dict[str, Any]]:
    """The answers to one request. ``skip``: how many parts were answered before (a part that ended the process is
    skipped, and the rest goes on in the next)."""
    try:
        with Path(request["path"]).open("rb") if request["path"] else io.BytesIO(raw) as file:
            yield from _answer(request, file)
    except OSError as error:
        yield _refused("unreadable", name=request["name"], why=error.strerror or "?")
    yield {"done": True}


def _answer(request: dict[str, Any], file: IO[bytes]) -> Iterator[dict[str, Any]]:
    from pipeline.formats import Refused, find_kind, find_units
    from pipeline.formats.records import FormatError

    name = request["name"]
    size = os.fstat(file.fileno()).st_size if request["path"] else request["size"]
    units = find_units(request["kind"], file, name, request["url"], request["charset"])
    number = 0
    while True:
        _start_clock(search_allowance(size))  # an archive may hold much that is no report
        try:
            unit = next(units, None)
        except FormatError as error:
            yield {"refused": error.refused}
            return
        except MemoryError:
            yield _refused("too_much", name=name)
            return
        if unit is None:
            return
        number += 1
        if number <= request["skip"]:
            continue
        if isinstance(unit, Refused):
            yield {"begin": name, "seconds": SECONDS}
            yield {"refused": unit}
            yield {"end": True}
            continue
        _start_clock(0)
        _load(find_kind(unit.name) or request["kind"])
        yield {"begin": unit.name, "seconds": allowance(unit.size)}
        _start_clock(allowance(unit.size))
        yield from _read(unit)
        yield {"end": True}


def _read(unit: Any) -> Iterator[dict[str, Any]]:
    from pipeline.formats import Entry, Extract
    from pipeline.formats.records import FormatError

    try:
        for item in unit.read():
            kind = {Extract: "extract", Entry: "entry"}.get(type(item), "refused")
            yield {kind: item}
    except FormatError as error:
        yield {"refused": error.refused}
    except MemoryError:
        yield _refused("too_much", name=unit.name)
    except RecursionError:
        yield _refused("deep", name=unit.name)
    except Exception as error:  # a parser met what its authors did not think of
        yield _refused("failed", name=unit.name, why=type(error).__name__)


def _refused(key: str, **values: str) -> dict[str, Any]:
    return {"refused": (key, values)}


def _load(kind: str) -> None:
    """Load what reads a kind before the clock starts: that is no fault of the file."""
    for name in _LIBRARIES.get(kind, ()):
        importlib.import_module(name)


def _start_clock(seconds: float) -> None:
    signal.setitimer(signal.ITIMER_PROF, seconds)


if __name__ == "__main__":
    main()
