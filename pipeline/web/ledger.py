"""What a watch remembers, in one SQLite file: feeds, articles and what sites have said. Every change is one
transaction, so a watch that is killed goes on where it was."""

from __future__ import annotations

import fcntl
import json
import sqlite3
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import StoreError
from pipeline.formats import Entry
from pipeline.ingest.refusal import refuse

_TABLES = """
CREATE TABLE IF NOT EXISTS feeds (
  url TEXT PRIMARY KEY, etag TEXT, modified TEXT, next REAL NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0,
  gone INTEGER NOT NULL DEFAULT 0, message TEXT) STRICT;
CREATE TABLE IF NOT EXISTS articles (
  url TEXT PRIMARY KEY, stamp TEXT NOT NULL, state TEXT NOT NULL, entry TEXT NOT NULL,
  next REAL NOT NULL, failures INTEGER NOT NULL DEFAULT 0, message TEXT) STRICT;
CREATE TABLE IF NOT EXISTS sites (url TEXT PRIMARY KEY, robots TEXT, asked REAL NOT NULL) STRICT;
"""


class FeedState(NamedTuple):
    """``next``: when the feed is asked again (seconds since 1970). ``failures``: in a row."""

    etag: str | None = None
    modified: str | None = None
    next: float = 0.0
    failures: int = 0
    gone: bool = False


class Waiting(NamedTuple):
    """An article that was announced and is not taken yet."""

    url: str
    entry: Entry
    failures: int


class Ledger:
    """The memory of a watch. ``InputError`` when another watch uses the file, ``StoreError`` when it cannot be used."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = path.with_name(path.name + ".lock").open("w")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise refuse("watched", name=path) from None
        except OSError as error:
            raise StoreError(f"{path} cannot be opened: {error.strerror or error}.") from None
        try:
            self._base = sqlite3.connect(path, isolation_level=None)
            self._base.execute("PRAGMA journal_mode = WAL")
            self._base.execute("PRAGMA synchronous = FULL")
            self._base.executescript(_TABLES)
        except sqlite3.Error as error:
            self._lock.close()
            raise StoreError(f"{path} cannot be opened: {error}.") from None

    def close(self) -> None:
        self._base.close()
        self._lock.close()

    def feed(self, url: str) -> FeedState:
        row = self._base.execute(
            "SELECT etag, modified, next, failures, gone FROM feeds WHERE url = ?", [url]
        ).fetchone()
        return FeedState(row[0], row[1], float(row[2]), int(row[3]), bool(row[4])) if row else FeedState()

    def set_feed(self, url: str, state: FeedState, message: str | None = None) -> None:
        self._base.execute("INSERT OR REPLACE INTO feeds VALUES (?, ?, ?, ?, ?, ?, ?)", [url, *state, message])

    def announce(self, url: str, entry: Entry) -> bool:
        """Remember an article that a feed points to; is it new, or changed since it was taken?"""
        stamp = entry.updated or entry.published or ""
        row = self._base.execute("SELECT stamp, state FROM articles WHERE url = ?", [url]).fetchone()
        if row is not None and (row[0] == stamp or not stamp or row[1] == "waiting"):
            return False
        self._base.execute(
            "INSERT OR REPLACE INTO articles VALUES (?, ?, 'waiting', ?, 0, 0, NULL)", [url, stamp, json.dumps(entry)]
        )
        return True

    def waiting(self, now: float) -> list[Waiting]:
        """The articles to take now, in the order in which they were announced."""
        rows = self._base.execute(
            "SELECT url, entry, failures FROM articles WHERE state = 'waiting' AND next <= ? ORDER BY rowid", [now]
        )
        return [Waiting(url, Entry(*json.loads(entry)), failures) for url, entry, failures in rows]

    def take(self, urls: list[str]) -> None:
        """Articles that are in the store."""
        with self._base:
            self._base.execute("BEGIN")
            self._base.executemany(
                "UPDATE articles SET state = 'taken', message = NULL WHERE url = ?", [(u,) for u in urls]
            )

    def postpone(self, url: str, failures: int, until: float, message: str) -> None:
        self._base.execute(
            "UPDATE articles SET failures = ?, next = ?, message = ? WHERE url = ?", [failures, until, message, url]
        )

    def give_up(self, url: str, message: str) -> None:
        self._base.execute("UPDATE articles SET state = 'refused', message = ? WHERE url = ?", [message, url])

    def problems(self) -> list[tuple[str, str]]:
        """Addresses that could not be read, with the reason."""
        sql = (
            "SELECT url, message FROM feeds WHERE message IS NOT NULL UNION ALL "
            "SELECT url, message FROM articles WHERE message IS NOT NULL"
        )
        return [(str(url), str(message)) for url, message in self._base.execute(sql)]

    def next_time(self) -> float | None:
        """When there is something to do again; ``None`` when there is nothing."""
        sql = (
            "SELECT min(next) FROM (SELECT next FROM feeds WHERE NOT gone UNION ALL "
            "SELECT next FROM articles WHERE state = 'waiting')"
        )
        (found,) = self._base.execute(sql).fetchone()
        return None if found is None else float(found)

    def site(self, url: str) -> tuple[str | None, float] | None:
        row = self._base.execute("SELECT robots, asked FROM sites WHERE url = ?", [url]).fetchone()
        return (row[0], float(row[1])) if row else None

    def set_site(self, url: str, robots: str | None, asked: float) -> None:
        self._base.execute("INSERT OR REPLACE INTO sites VALUES (?, ?, ?)", [url, robots, asked])
