"""What a worker does with a part of the input: read, process, store. It runs in processes that Dask starts."""

from __future__ import annotations

import faulthandler
import gc
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline import gazetteer, language, process
from pipeline.errors import InputError, PipelineError
from pipeline.ingest import Known
from pipeline.records import Document, Problem
from pipeline.scale.parts import Part, read_part

if TYPE_CHECKING:
    from pipeline.store import Store

# After so long on one report the process is ended: no report that anybody wrote takes a tenth of it.
_SECONDS, _CHARACTERS_PER_SECOND = 60.0, 5_000
_POISON = "Processing this report ended the process, so nothing was extracted."


class Work(NamedTuple):
    """Some reports of a part: those from number ``first`` up to ``stop``; ``None``: to its end."""

    part: Part
    first: int = 0
    stop: int | None = None


class Done(NamedTuple):
    """What came of some work: reports added, their events, reports known already, problems recorded with them, and
    what could not be read, in a sentence each. ``seconds``: of processor time."""

    documents: int = 0
    events: int = 0
    unchanged: int = 0
    problems: int = 0
    refused: tuple[str, ...] = ()
    seconds: float = 0.0

    def plus(self, other: Done) -> Done:
        pairs: Iterator[tuple[Any, Any]] = zip(self, other, strict=True)
        return Done(*(a + b for a, b in pairs))


@cache
def _open_store(folder: str) -> Store:
    from pipeline.store import Store  # heavy, and needed by workers only

    gc.set_threshold(100_000)  # as on the command line
    gazetteer.load()
    for code in language.available():
        process(Document("", "2024.", code))  # every stage loads its tables: time of the process, not of a report
    return Store(Path(folder))


class WorkError(PipelineError):
    """A worker met what nobody thought of. Only words travel: not every exception can."""


def do_work(work: Work, known: Known, folder: str) -> Done:
    """Read, process and store some reports. Storing is idempotent, so work may be done again. ``StoreError`` when it
    cannot be stored."""
    try:
        return _do(work, known, folder)
    except PipelineError:
        raise
    except Exception as error:
        raise WorkError(f"A worker failed ({type(error).__name__}: {error}).") from None


def _do(work: Work, known: Known, folder: str) -> Done:
    store = _open_store(folder)
    begun = _processor_time()
    refused: list[str] = []
    problems = 0

    def documents() -> Iterator[Document]:
        nonlocal problems
        for item in _read(work, known):
            if isinstance(item, InputError):
                refused.append(str(item))
                continue
            document = _process(item)
            problems += len(document.problems)
            yield document

    added = store.add(documents(), now=datetime.now(UTC))
    return Done(*added, problems, tuple(refused), _processor_time() - begun)


def answer() -> None:
    """Nothing: who can be asked for it has this program."""


def count(work: Work, known: Known) -> int:
    """How many reports (and failures) there are in some work."""
    return sum(1 for _ in _read(work, known))


def set_aside(work: Work, known: Known, folder: str) -> Done:
    """Store a report that ends the process as what it is: unread, with that as its problem."""
    store = _open_store(folder)
    documents = [
        replace(item, problems=(*item.problems, Problem("input", _POISON)))
        for item in _read(work, known)
        if isinstance(item, Document)
    ]
    added = store.add(documents, now=datetime.now(UTC))
    return Done(*added, len(documents))


def _read(work: Work, known: Known) -> Iterator[Document | InputError]:
    return islice(read_part(work.part, known), work.first, work.stop)


def _process(document: Document) -> Document:
    """Process a report; if it never ends, end the process: its caller then knows what to do."""
    faulthandler.dump_traceback_later(_SECONDS + len(document.text) / _CHARACTERS_PER_SECOND, exit=True)
    try:
        return process(document)
    finally:
        faulthandler.cancel_dump_traceback_later()


def _processor_time() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
