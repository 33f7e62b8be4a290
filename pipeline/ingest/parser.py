"""Asks the process in which files are parsed (``pipeline.formats.cell``), starts it, and ends it when it takes too
long. A process parses one file at a time; idle ones are kept for the next."""

from __future__ import annotations

import atexit
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.errors import InputError
from pipeline.formats import Entry, Extract
from pipeline.formats.cell import search_allowance
from pipeline.ingest.refusal import refuse

_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 10.0  # times the processor time that a part may take, on a clock: machines may be busy
_START = 3.0  # seconds in which the process starts
_LONGEST_ANSWER = 64_000_000  # bytes of a line


class _EndedError(Exception):
    """The process ended, or had to be ended."""


class _Cell:
    """The process and what is read of its answers."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pipeline.formats.cell"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env=_environment(),
            start_new_session=True,
        )
        self.waiting = bytearray()

    def ask(self, request: dict[str, Any], raw: bytes) -> None:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps(request).encode() + b"\n" + raw)
            self.process.stdin.flush()
        except OSError:
            raise _EndedError from None

    def answer(self, seconds: float) -> dict[str, Any]:
        """The next answer. ``_EndedError`` when none comes in time."""
        assert self.process.stdout is not None
        end = time.monotonic() + seconds
        start = 0
        while (cut := self.waiting.find(b"\n", start)) < 0:
            start = len(self.waiting)
            left = end - time.monotonic()
            ready = select.select([self.process.stdout], [], [], max(0.0, left))[0]
            piece = os.read(self.process.stdout.fileno(), 1 << 20) if ready else b""
            if not piece or len(self.waiting) > _LONGEST_ANSWER:
                raise _EndedError
            self.waiting += piece
        line = bytes(self.waiting[:cut])
        del self.waiting[: cut + 1]
        answer: dict[str, Any] = json.loads(line)
        return answer

    def end(self) -> None:
        if self.owner == os.getpid():
            self.process.kill()
            for pipe in (self.process.stdin, self.process.stdout):
                try:
                    if pipe is not None:
                        pipe.close()
                except OSError:  # bytes that nobody reads any more
                    pass
            self.process.wait()


def _environment() -> dict[str, str]:
    """Where modules are found, and nothing else of the caller's: no secret."""
    return {
        "PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }  # fmt: skip


_idle: list[_Cell] = []  # processes that wait for work; those of a parent that forked are not ours
_MOST_IDLE = 2


def parse(
    kind: str,
    name: str,
    *,
    path: Path | None = None,
    raw: bytes = b"",
    url: str | None = None,
    charset: str | None = None,
) -> Iterator[Extract | Entry | InputError]:
    """What is found in a file (``path``) or in bytes (``raw``), in order; what cannot be read comes as the error that
    says why, and the parts after it all the same."""
    request: dict[str, Any] = {"kind": kind, "name": name, "size": len(raw), "url": url, "charset": charset}
    request["path"] = str(path.resolve()) if path else None
    size = path.stat().st_size if path else len(raw)
    answered = 0  # parts
    while True:
        begun: str | None = None
        well = False
        cell = _take()
        try:
            seconds = search = _START + search_allowance(size)
            cell.ask(request | {"skip": answered}, raw)
            while not (answer := cell.answer(seconds * _PATIENCE)).get("done"):
                if "begin" in answer:
                    begun, seconds = str(answer["begin"]), float(answer["seconds"])
                    answered += 1
                elif "end" in answer:
                    begun, seconds = None, search
                else:
                    yield _understand(answer)
            well = True
        except (_EndedError, ValueError, KeyError, TypeError):
            pass
        finally:  # also when nobody wants the rest
            _give_back(cell, well=well)
        if well:
            return
        yield refuse("too_much", name=begun or name)
        if begun is None:
            return


def _understand(answer: dict[str, Any]) -> Extract | Entry | InputError:
    """The process has read hostile input, so its answers are data: nothing is unpickled or evaluated."""
    if "extract" in answer:
        return Extract(*answer["extract"])
    if "entry" in answer:
        return Entry(*answer["entry"])
    key, values = answer["refused"]
    return refuse(key, **values)


def _take() -> _Cell:
    while _idle:
        try:
            cell = _idle.pop()
        except IndexError:  # another thread was faster
            break
        if cell.owner == os.getpid() and cell.process.poll() is None:
            return cell
        cell.end()
    return _Cell()


def _give_back(cell: _Cell, *, well: bool) -> None:
    if well and len(_idle) < _MOST_IDLE:
        _idle.append(cell)
    else:
        cell.end()


@atexit.register
def _end_all() -> None:
    while _idle:
        _idle.pop().end()
