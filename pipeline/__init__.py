"""From a German news report to dated, placed events: one straight line of pure stages.

report --ingest--> Document --sentences--> --times--> --places--> --actors--> --events--> store

Each stage is ``Document -> Document``: it reads what earlier stages filled in and fills exactly one field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from pipeline import language
from pipeline.actors import add_actors
from pipeline.events import add_events
from pipeline.places import add_places
from pipeline.records import Document, Problem, Stage
from pipeline.sentences import add_sentences
from pipeline.times import add_times

__all__ = ["STAGES", "process", "process_batch"]

STAGES: tuple[tuple[Stage, Callable[[Document], Document]], ...] = (
    ("sentences", add_sentences),
    ("times", add_times),
    ("places", add_places),
    ("actors", add_actors),
    ("events", add_events),
)


def process(document: Document) -> Document:
    """Run every stage. Never raises for what a document contains: a stage that fails is recorded as a problem
    of the document, and what earlier stages found is kept."""
    if not language.is_known(document.language):
        known = ", ".join(language.available())
        message = f"There is no language pack for {document.language!r}, so nothing was extracted (there is: {known})."
        return replace(document, problems=(*document.problems, Problem("language", message)))
    for name, stage in STAGES:
        try:
            document = stage(document)
        except Exception as error:  # one document's failure is that document's problem, never the batch's
            message = f"This stage failed ({type(error).__name__}: {error}); later fields are empty."
            return replace(document, problems=(*document.problems, Problem(name, message)))
    return document


def process_batch(documents: Iterable[Document]) -> Iterator[Document]:
    """Process documents one by one, in order, holding one at a time."""
    return map(process, documents)
