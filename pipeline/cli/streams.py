"""What commands read and write: reports, lines of standard input, answers, progress."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from pipeline import gazetteer, ingest, scale
from pipeline.errors import ExportError, InputError
from pipeline.records import Document


def write(answer: dict[str, Any], out: TextIO) -> None:
    try:
        print(json.dumps(answer, ensure_ascii=False), file=out, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ExportError(f"The answer cannot be written: {error.strerror or error}.") from None


def lines() -> Iterator[str]:
    """Lines of standard input, one at a time; bytes that are no UTF-8 are kept visible, so no line is lost."""
    for raw in sys.stdin.buffer:
        line = raw.decode("utf-8", "replace")
        if line.strip():
            yield line


def say_progress(message: str, options: argparse.Namespace, end: str = "\n") -> None:
    if getattr(options, "progress", False) or sys.stderr.isatty():
        print(message, file=sys.stderr, end=end, flush=True)


def load_gazetteer(options: argparse.Namespace) -> None:
    """Open the place index; the first time on a machine it is built, and that takes a while."""
    gazetteer.load(lambda share, what: say_progress(f"\r{what} {share:4.0%} ", options, end="\n" if share >= 1 else ""))


def read(name: str, known: ingest.Known) -> Iterator[Document | InputError]:
    """The reports of a file, behind an address, or in a place that fsspec opens."""
    if scale.is_place(name):
        return (item for part in scale.find_parts([name]) for item in scale.read_part(part, known))
    return ingest.read_address(name, known) if ingest.is_address(name) else ingest.read_file(Path(name), known)
