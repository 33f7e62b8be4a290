"""Events of other data sets from their CSV files, to stand beside those extracted from reports: ACLED and UCDP GED.

Each row becomes a Document with one ready event, marked by ``origin``; their codes of precision become ours
(data/imports/*.yaml). A row that cannot be read in full is kept with what can be read of it, and a problem says its
number and what is wrong; it never stops the rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from pipeline.imports import acled, ucdp
from pipeline.imports.codebook import Codebook, load_codebook
from pipeline.imports.found import Found
from pipeline.imports.lines import decode_lines
from pipeline.imports.refusal import refuse
from pipeline.imports.table import Row, read_table, settle
from pipeline.records import Document, Event, Participation, Reason, Span

__all__ = ["decode_lines", "read_file", "read_lines"]

_READERS: Final[dict[str, Callable[[Row, Codebook], Found]]] = {"acled": acled.read_row, "ucdp": ucdp.read_row}


def read_file(path: Path) -> Iterator[Document]:
    """The rows of a CSV file. ``InputError`` when it cannot be opened or is of neither data set."""
    try:
        with path.open("rb") as file:
            yield from read_lines(decode_lines(file), path.name)
    except OSError as error:
        raise refuse("unreadable", name=path.name, why=error.strerror or error) from None


def read_lines(lines: Iterable[str], name: str) -> Iterator[Document]:
    """The rows of the lines of a CSV file, a document each. ``name`` stands for the file in messages and in the id of
    a row that has none of its own. ``InputError`` when the columns are those of neither data set."""
    columns, table = read_table(lines)
    origin = next((origin for origin in _READERS if set(load_codebook(origin).columns) <= set(columns)), None)
    if origin is None:
        known = ", ".join(load_codebook(origin).name for origin in _READERS)
        raise refuse("unknown", name=name, known=known)
    codebook = load_codebook(origin)
    taken: dict[str, int] = {}
    for row in settle(table, codebook.days):
        found = _read_row(row, codebook)
        yield _make_document(row, found, _make_id(row, found, name, taken), name, codebook)


def _read_row(row: Row, codebook: Codebook) -> Found | None:
    """What a row says. One that ends early counts where all that is left of it makes sense - programs leave out empty
    cells at the end -, else a cell is missing in its middle and each that follows would be taken for another."""
    read = _READERS[codebook.origin]
    if row.fits:
        return read(row, codebook)
    if not row.ends_early or not set(codebook.columns) <= row.cells.keys():
        return None
    known = len(row.problems)
    found = read(row, codebook)
    if len(row.problems) == known and found.when is not None and found.place is not None:
        return found
    del row.problems[known:]
    return None


def _make_id(row: Row, found: Found | None, name: str, taken: dict[str, int]) -> str:
    """The row's own id, else one made of its words; a row whose id was there before is another one all the same."""
    identifier = found.id if found else None
    if identifier is None:
        row.complain("no_id" if found else "kept")
        identifier = hashlib.sha256(f"{name}\x1f{row.raw}".encode("utf-8", "replace")).hexdigest()[:16]
    number = taken[identifier] = taken.get(identifier, 0) + 1
    if number > 1:
        row.complain("twice", id=identifier)
        identifier = f"{identifier}:{number}"
    return identifier


def _make_document(row: Row, found: Found | None, key: str, name: str, codebook: Codebook) -> Document:
    identifier = f"{codebook.origin}:{key}"
    problems = tuple(row.problems)
    if found is None:
        return Document(
            identifier, row.raw, "en", title=f"{name}, {row.number}", source=codebook.name, problems=problems,
            origin=codebook.origin,
        )  # fmt: skip
    return Document(
        identifier, found.text, "en", found.published, "metadata" if found.published else "unknown", found.title,
        found.outlet or codebook.name, events=(_make_event(identifier, found, codebook),), problems=problems,
        origin=codebook.origin,
    )  # fmt: skip


def _make_event(identifier: str, found: Found, codebook: Codebook) -> Event:
    """What a row says, as if a report had said it: the words that name the event are those of the data set."""
    reasons = (
        Reason("imports.type", (("name", codebook.name), ("type", found.kind))),
        Reason("imports.date", (("name", codebook.name), ("code", found.date_code))),
        Reason("imports.place", (("name", codebook.name), ("code", found.place_code))),
    )
    return Event(
        id=identifier,
        document_id=identifier,
        type=found.type.type,
        mode=found.type.mode,
        acled=found.acled,
        sentence=Span(0, len(found.text)),
        trigger=Span(0, len(found.kind)),
        when=found.when,
        date_certainty="explicit" if found.when else "unknown",
        ongoing=False,
        time=None,
        places=(found.place,) if found.place else (),
        actors=tuple(Participation(actor, role) for actor, role in found.actors),
        modality="happened",
        claimed_by=None,
        fatalities=found.fatalities,
        injured=None,
        confidence=1.0,
        reasons=reasons,
    )
