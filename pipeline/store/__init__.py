"""The store: Delta Lake tables, written by this package alone and read through DuckDB.

Nothing is overwritten. Every run appends a batch: first its events, then its documents. A document counts with its
latest version, and its events are those of the same batch, so a reader sees a batch whole or not at all, and what a
broken-off run has left behind is never seen. What is asked for is answered from ``current``, which is derived.

    tables     the Delta tables            writing       adds reports
    current    what they say now (layout, loading, snapshots)
    clusters   which events of different reports are one (regrouping)
    reading, counting                      questions
    conditions                             a filter as SQL
    corrections, changes                   what people say about events
    rewriting, removal                     files put together, reports taken out
    migrations, upkeep, archive            older formats, damage, the whole store as one file
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import duckdb
import pandas as pd
import pyarrow as pa
from deltalake.exceptions import DeltaError

from pipeline import process
from pipeline.errors import StoreError
from pipeline.records import Document, Filter
from pipeline.store import archive, corrections, counting, reading, removal, rewriting, upkeep
from pipeline.store.corrections import Correction, Entry
from pipeline.store.counting import Overview, Pairs, Tally
from pipeline.store.current import Current
from pipeline.store.reading import Facets, Totals
from pipeline.store.refusal import fail
from pipeline.store.removal import Removal
from pipeline.store.tables import SCHEMAS, Tables
from pipeline.store.upkeep import Finding
from pipeline.store.writing import BATCH, Added, Writer

__all__ = ["Added", "Correction", "Facets", "Finding", "Overview", "Pairs", "Removal", "Store", "Tally", "Totals"]


class Store:
    """A folder of tables, made when it does not exist. ``StoreError`` when it cannot be read or written, or when a
    table of it is lost; ``damaged`` opens it also then, for a ``check``."""

    def __init__(self, folder: Path, *, damaged: bool = False) -> None:
        self.folder = Path(folder)
        self._tables = Tables(self.folder, damaged=damaged)
        self._writer = Writer(self._tables)
        self._current = Current(self._tables)
        if not self._tables.broken:
            with contextlib.suppress(StoreError):  # a folder that must not be written, a full disk: a check says so
                rewriting.finish_delete(self._tables)

    # --- writing -----------------------------------------------------------------------------------------

    def add(self, documents: Iterable[Document], *, now: datetime, batch: int = BATCH) -> Added:
        """Store documents with their events, ``batch`` documents a commit. The same document again changes nothing; one
        whose content has changed becomes a new version."""
        rewriting.finish_delete(self._tables)  # else what is added here would go with what was to be taken out
        return self._writer.add(documents, now, batch)

    def is_new(self) -> bool:
        """Whether no report was ever added: one that was removed must not come back with what a new store is given."""
        return self._tables.table("documents").version() == 0 and self.count() == 0

    def removal(self, document_id: str) -> Removal:
        """What ``remove`` would take."""
        return self.removals([document_id])[document_id]

    def removals(self, documents: Sequence[str]) -> dict[str, Removal]:
        """What ``remove`` would take with each of several documents that go together."""
        return removal.find_removals(self._query, documents)

    def remove(self, *documents: str) -> None:
        """Take documents and everything that came from them out of the store, history and corrections included."""
        rewriting.delete(self._tables, documents)

    # --- corrections -------------------------------------------------------------------------------------

    def correct(
        self,
        event_id: str,
        changes: Mapping[str, Any],
        *,
        who: str,
        why: str,
        now: datetime,
        after: str | None,
    ) -> Correction:
        """Change what is known of an event (``changes`` as in pipeline/store/changes.py), as somebody says it.
        ``after`` is the ``revision`` of the event that they saw. ``ConflictError`` when somebody else has corrected the
        event since: then this correction is in the history, but not in effect. ``InputError`` for what cannot be."""
        return self._record(Entry(event_id, "correct", who, why, after, changes), now)

    def confirm(
        self, event_id: str, *, who: str, now: datetime, after: str | None, why: str | None = None
    ) -> Correction:
        """Say that an event is right as it is shown; raises as ``correct``."""
        return self._record(Entry(event_id, "confirm", who, why, after), now)

    def reject(self, event_id: str, *, who: str, why: str, now: datetime, after: str | None) -> Correction:
        """Say that an event is none: from then on it is shown only to a filter that asks for it; raises as
        ``correct``."""
        return self._record(Entry(event_id, "reject", who, why, after), now)

    def undo(
        self, event_id: str, correction_id: str, *, who: str, why: str, now: datetime, after: str | None
    ) -> Correction:
        """Take a correction, confirmation or rejection back; raises as ``correct``."""
        return self._record(Entry(event_id, "undo", who, why, after, undoes=correction_id), now)

    def review_all(
        self,
        action: Literal["confirm", "reject"],
        seen: Mapping[str, str | None],
        *,
        who: str,
        why: str | None,
        now: datetime,
    ) -> list[Correction]:
        """Confirm or reject many events at once: ids, each with the ``revision`` that was seen. Each gets an entry of
        its own in its history, all of one ``number``; what somebody else was faster with stands as ``conflict`` and
        changes nothing. ``InputError`` for what cannot be: then nothing is said about any."""
        entries = [Entry(event_id, action, who, why, after) for event_id, after in seen.items()]
        return corrections.record(self._tables, self._current, entries, now=now)

    def correct_all(
        self,
        changes: Mapping[str, Mapping[str, Any]],
        seen: Mapping[str, str | None],
        *,
        who: str,
        why: str,
        now: datetime,
    ) -> list[Correction]:
        """Change what is known of many events at once: ids, each with its ``changes`` as in ``correct``; the rest as
        ``review_all``."""
        entries = [Entry(event_id, "correct", who, why, seen[event_id], each) for event_id, each in changes.items()]
        return corrections.record(self._tables, self._current, entries, now=now)

    def count_said(self, number: int) -> int:
        """Of how many events something was said under a number that is still in effect."""
        return corrections.count_batch(self._current.cursor(), number)

    def undo_all(self, number: int, *, who: str, why: str, now: datetime) -> list[Correction]:
        """Take back what was said at once under a number, where it is still in effect."""
        found = corrections.find_batch(self._current.cursor(), number)
        entries = [Entry(event_id, "undo", who, why, after, undoes=said) for event_id, said, after in found]
        return corrections.record(self._tables, self._current, entries, now=now) if entries else []

    def _record(self, entry: Entry, now: datetime) -> Correction:
        (made,) = corrections.record(self._tables, self._current, [entry], now=now)
        if made.standing == "conflict":
            raise corrections.find_faster(self._current.cursor(), entry.event_id)
        return made

    def history(self, event_id: str) -> tuple[Correction, ...]:
        """What was said about an event, oldest first."""
        return corrections.find_history(self._current.cursor(), event_id)

    # --- upkeep ------------------------------------------------------------------------------------------

    def is_ready(self) -> bool:
        """Whether the next question is answered soon. The first one to a store of more than 50,000 events that nobody
        has prepared takes about two minutes a million."""
        return self._current.is_ready()

    def prepare(self) -> None:
        """Do what the first question to a large store would wait for, in a process of its own."""
        self._current.prepare()

    def check(self, *, repair: bool = False, now: datetime) -> list[Finding]:
        """Everything in the store that does not fit together; with ``repair`` what can be put right is."""
        try:
            found = list(upkeep.check(self._tables, repair, process, now))
        except (OSError, duckdb.Error, DeltaError, pa.ArrowException) as error:
            raise fail("unreadable", self.folder, error) from None
        if repair:
            self._current.drop_snapshot()
            self._current.forget()
        return found

    def compact(self, *, keep_hours: int = 24) -> tuple[int, int]:
        """Put small files together, and remove those that only versions of the tables older than ``keep_hours`` need.
        Reports keep all their versions. Returns how many files were put together and how many removed."""
        together = rewriting.compact(self._tables)
        return together, sum(self._tables.vacuum(name, keep_hours) for name in SCHEMAS)

    def tidy(self) -> None:
        """``compact`` where it is time: what takes a few reports now and then makes a file each time."""
        if rewriting.is_scattered(self._tables):
            self.compact()

    def export_to(self, file: Path) -> dict[str, int]:
        """Write the whole store, all versions and corrections, into one file; returns the rows of each table."""
        return archive.export_store(self._tables, file)

    def import_from(self, file: Path) -> dict[str, int]:
        """Fill this store, which must be empty, from such a file; returns the rows of each table."""
        return archive.import_store(self._tables, file)

    # --- reading -----------------------------------------------------------------------------------------

    def _query(self, sql: str, values: list[Any]) -> Any:
        """Run a query over what the tables say now. Values are always bound, never written into the SQL."""
        try:
            return self._current.cursor().execute(sql, values)
        except duckdb.Error as error:
            raise fail("unreadable", self.folder, error) from None

    def version(self) -> tuple[int, ...]:
        """Numbers that change whenever the tables change."""
        return self._tables.versions()

    def events(self, wanted: Filter | None = None, *, limit: int | None = None) -> pd.DataFrame:
        """The events that pass a filter, by date, one row each (columns: rows.EVENTS and the report's title,
        published, published_source, source, url). What several reports tell is one row: ``sources`` lists the ids
        of all its reports, ``members`` those of its events. Days are ``datetime64``, ``NaT`` when not known."""
        return reading.find_events(self._query, wanted or Filter(), limit)

    def event_chunks(self, wanted: Filter | None = None, *, size: int = 20_000) -> Iterator[pd.DataFrame]:
        """What ``events`` gives, part by part, as it stood when the first part was asked for; at least one part."""
        return reading.find_chunks(self._query, wanted or Filter(), size)

    def page(
        self,
        wanted: Filter | None = None,
        *,
        offset: int = 0,
        limit: int = 100,
        order: reading.Order = "date",
        descending: bool = False,
        columns: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """A part of what ``events`` gives, from row ``offset`` on, in an order; what is unknown comes last. Of its
        ``columns`` those that are named (``id`` among them), by default all."""
        return reading.find_page(self._query, wanted or Filter(), offset, limit, order, descending, columns)

    def count(self, wanted: Filter | None = None) -> int:
        return reading.count_events(self._query, wanted or Filter())

    def totals(self, wanted: Filter | None = None) -> Totals:
        """How many events pass a filter, how many without a place, without a date, and the days they cover."""
        return reading.find_totals(self._query, wanted or Filter())

    def days(self, wanted: Filter | None = None) -> pd.DataFrame:
        """The same for each day that events begin on, one query for all that is asked of the time of a view: ``day``
        (``NaT`` of those without a date), ``events``, ``unplaced``, ``last`` (the latest day that they reach)."""
        return counting.find_days(self._query, wanted or Filter())

    def facets(self, wanted: Filter | None = None, *, most: int = 2000) -> Facets:
        """What the events that pass a filter can be told apart by; of each kind at most the ``most`` commonest."""
        return reading.find_facets(self._query, wanted or Filter(), most)

    def overview(
        self,
        wanted: Filter | None = None,
        *,
        by: counting.Period = "month",
        lanes: counting.Lanes = "actor",
        most: int = 12,
    ) -> Overview:
        """Events counted by lane and period. An event stands in the lane of each of its actors (places, countries),
        in the period of its first known day; what exceeds ``most`` lanes shares one, where each counts once."""
        return counting.find_overview(self._query, wanted or Filter(), by, lanes, most)

    def tally(
        self,
        wanted: Filter | None = None,
        *,
        lanes: Literal["actor", "type"] | None = None,
        most: int = 100,
        periods: Sequence[tuple[date, date]] | None = None,
    ) -> Tally:
        """Events and casualties counted by type and week, and by actor where it is asked for: an event stands in the
        lane of each of its actors; what exceeds ``most`` lanes shares one, where each counts once. ``periods`` (first
        and last days): instead of weeks, by which of these an event lies in as a whole; none: by no time at all."""
        return counting.find_tally(self._query, wanted or Filter(), lanes, most, periods)

    def pairs(self, wanted: Filter | None = None, *, most: int = 12) -> Pairs:
        """Who acted on whom, for the ``most`` actors with the most events among them."""
        return counting.find_pairs(self._query, wanted or Filter(), most)

    def place_bins(
        self,
        wanted: Filter | None = None,
        *,
        zoom: float | None = None,
        bounds: tuple[float, float, float, float] | None = None,
        most: int = 5000,
    ) -> pd.DataFrame:
        """Events counted by place, or by cell of a grid when ``zoom`` (0: a cell is 45 degrees wide, halved by each
        step) is given; only places inside ``bounds`` (``Filter.bounds``). A row each, the fullest first: ``place_id``,
        ``name``, ``country``, ``lat``, ``lon`` of the place with most events in it, the worst ``precision`` and
        ``radius_km``, ``places``, ``events`` (each once), the commonest ``type``; of a cell also its ``west``,
        ``south``, ``east``, ``north``, which select its events as ``Filter.bounds``."""
        return reading.find_place_bins(self._query, wanted or Filter(), zoom, bounds, most)

    def document(self, document_id: str) -> dict[str, Any] | None:
        """The report with its text and everything found in it, as annotation.to_dict gives it; ``None`` if unknown."""
        found = self._current.document(document_id)
        answer: dict[str, Any] | None = json.loads(found) if found is not None else None
        return answer

    def reports(self, ids: Iterable[str]) -> pd.DataFrame:
        """What is known of reports: id, title, source, url, author, published, published_source; in the order of their
        publication."""
        return reading.find_reports(self._query, ids)

    def find_reports(self, words: str, *, most: int = 50) -> pd.DataFrame:
        """The same of the ``most`` newest reports whose title, author, source or address holds these words, also of
        those without any event."""
        return reading.search_reports(self._query, words, most)

    def problems(self) -> pd.DataFrame:
        """What went wrong or stayed unknown, a row a problem, for the latest version of each document."""
        return self._current.problems()
