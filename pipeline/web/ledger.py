"""What a watch remembers, in one SQLite file: feeds, articles and what sites have said. Every change is one
transaction, so a watch that is killed goes on where it was."""

from __future__ import annotations

import fcntl
import json
import math
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from pipeline.errors import StoreError
from pipeline.formats import Entry
from pipeline.ingest.refusal import refuse
from pipeline.web.addresses import name_article

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS feeds (
  url TEXT PRIMARY KEY, etag TEXT, modified TEXT, next REAL NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0,
  gone INTEGER NOT NULL DEFAULT 0, message TEXT) STRICT;
CREATE TABLE IF NOT EXISTS articles (
  url TEXT PRIMARY KEY, stamp TEXT NOT NULL, state TEXT NOT NULL, entry TEXT NOT NULL,
  next REAL NOT NULL, failures INTEGER NOT NULL DEFAULT 0, message TEXT) STRICT;
CREATE TABLE IF NOT EXISTS sites (url TEXT PRIMARY KEY, robots TEXT, asked REAL NOT NULL) STRICT;
"""
# Numbered like the formats of a store; a file says its number as ``user_version``.
_CHANGES: Final = (
    "ALTER TABLE feeds ADD COLUMN moved TEXT; ALTER TABLE sites ADD COLUMN rest REAL NOT NULL DEFAULT 0;",
    "ALTER TABLE articles ADD COLUMN name TEXT; ALTER TABLE articles ADD COLUMN takes INTEGER NOT NULL DEFAULT 0;"
    "UPDATE articles SET name = name_article(url), takes = state = 'taken'; CREATE INDEX named ON articles (name);",
    "ALTER TABLE feeds ADD COLUMN told REAL NOT NULL DEFAULT 0;",
    "UPDATE articles SET entry = 'null' WHERE state <> 'waiting';",
)
# Nothing is put off for longer (seconds): what lies further ahead was written while the clock was wrong.
LONGEST: Final = 604_800.0
_SITE: Final = "substr(url, 1, 8 + instr(substr(url, 9), '/'))"


class FeedState(NamedTuple):
    """``next``: when the feed is asked again (seconds since 1970). ``failures``: in a row. ``gone``: it is asked no
    more. ``moved``: where it has gone for good. ``told``: when it last answered with its articles."""

    etag: str | None = None
    modified: str | None = None
    next: float = 0.0
    failures: int = 0
    gone: bool = False
    moved: str | None = None
    told: float = 0.0


class Waiting(NamedTuple):
    """An article that was announced and is not taken yet, or is to be taken again. ``takes``: how often it was."""

    url: str
    entry: Entry
    failures: int
    takes: int


class Site(NamedTuple):
    """What a site has said: its robots.txt, ``None`` where it could not be asked; when; until when it wants no
    request."""

    robots: str | None
    asked: float
    rest: float


class Ledger:
    """The memory of a watch. ``InputError`` when another watch uses the file, ``StoreError`` when it cannot be used."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = path.with_name(path.name + ".lock").open("w")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not path.exists():
                path.touch(mode=0o600)  # addresses of feeds may hold tokens
        except BlockingIOError:
            self._lock.close()
            raise refuse("watched", name=path) from None
        except OSError as error:
            raise StoreError(f"{path} cannot be opened: {error.strerror or error}.") from None
        try:
            self._base = sqlite3.connect(path, isolation_level=None)
            self._base.create_function("name_article", 1, name_article, deterministic=True)
            self._base.execute("PRAGMA journal_mode = WAL")
            self._base.execute("PRAGMA synchronous = FULL")
            self._base.execute("PRAGMA secure_delete = ON")
            self._base.executescript(_TABLES)
            self._change()
        except sqlite3.Error as error:
            self._lock.close()
            raise StoreError(f"{path} cannot be opened: {error}.") from None

    def _change(self) -> None:
        (number,) = self._base.execute("PRAGMA user_version").fetchone()
        for place, change in enumerate(_CHANGES[number:], number + 1):
            self._base.executescript(f"BEGIN; {change} PRAGMA user_version = {place}; COMMIT;")

    def close(self) -> None:
        self._base.close()
        self._lock.close()

    def _run(self, sql: str, values: Iterable[Any] = ()) -> sqlite3.Cursor:
        try:
            return self._base.execute(sql, tuple(values))
        except sqlite3.Error as error:  # a full disk, a damaged file
            raise StoreError(f"{self._path} cannot be used: {error}.") from None

    @contextmanager
    def _together(self) -> Iterator[None]:
        """Changes that are made all or none."""
        self._run("BEGIN")
        try:
            yield
        except BaseException:
            self._base.rollback()
            raise
        self._run("COMMIT")

    # --- feeds -------------------------------------------------------------------------------------------

    def feed(self, url: str) -> FeedState:
        sql = "SELECT etag, modified, next, failures, gone, moved, told FROM feeds WHERE url = ?"
        row = self._run(sql, [url]).fetchone()
        return FeedState(*row)._replace(gone=bool(row[4])) if row else FeedState()

    def set_feed(self, url: str, state: FeedState, message: str | None = None) -> None:
        self._run(
            "INSERT OR REPLACE INTO feeds (url, etag, modified, next, failures, gone, moved, told, message) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [url, *state, message],
        )

    def next_time(self, feeds: Iterable[str]) -> float | None:
        """When there is something to do again for these feeds and for articles; ``None`` when there is nothing."""
        sql = (
            "SELECT min(next) FROM (SELECT next FROM feeds WHERE NOT gone AND url IN (SELECT value FROM json_each(?)) "
            "UNION ALL SELECT next FROM articles WHERE state = 'waiting')"
        )
        (found,) = self._run(sql, [json.dumps(list(feeds))]).fetchone()
        return None if found is None else float(found)

    # --- articles ----------------------------------------------------------------------------------------

    def announce(self, entries: Iterable[tuple[str, Entry]], now: float) -> None:
        """Remember the articles (address, entry) that a feed points to: those that are new, or have changed since they
        were announced. Which is which is told by ``name_article``."""
        with self._together():
            for url, entry in entries:
                name, stamp, said = name_article(url), entry.updated or entry.published or "", json.dumps(entry)
                row = self._run("SELECT url, stamp FROM articles WHERE name = ? LIMIT 1", [name]).fetchone()
                if row is None:
                    self._run(
                        "INSERT INTO articles (url, name, stamp, state, entry, next) VALUES (?, ?, ?, 'waiting', ?, 0)",
                        [url, name, stamp, said],
                    )
                elif _is_newer(stamp, row[1], now):
                    self._run(
                        "UPDATE articles SET stamp = ?, entry = ?, failures = iif(state = 'waiting', failures, 0), "
                        "state = 'waiting' WHERE url = ?",
                        [stamp, said, row[0]],
                    )

    def waiting(self, now: float, most: int) -> list[Waiting]:
        """The first articles to take now: of each site in turn, in the order in which they were announced."""
        rows = self._run(
            "SELECT url, entry, failures, takes FROM (SELECT *, rowid AS place, "
            f"row_number() OVER (PARTITION BY {_SITE} ORDER BY rowid) AS turn "
            "FROM articles WHERE state = 'waiting' AND NOT next BETWEEN ? AND ?) ORDER BY turn, place LIMIT ?",
            [math.nextafter(now, math.inf), now + LONGEST, most],
        )
        return [Waiting(url, Entry(*json.loads(entry)), failures, takes) for url, entry, failures, takes in rows]

    def take(self, articles: Iterable[tuple[str, float]]) -> None:
        """Articles (address, when it may be taken again at the earliest) that are in the store. From then on the ledger
        knows no more of them than the address: what is removed from the store shall not go on here."""
        with self._together():
            for url, until in articles:
                self._run(
                    "UPDATE articles SET state = 'taken', entry = 'null', message = NULL, takes = takes + 1, next = ? "
                    "WHERE url = ?",
                    [until, url],
                )

    def postpone(self, url: str, failures: int, until: float, message: str) -> None:
        self._run(
            "UPDATE articles SET failures = ?, next = ?, message = ? WHERE url = ?", [failures, until, message, url]
        )

    def give_up(self, url: str, until: float, message: str) -> None:
        """Ask for an article no more, or, when it changes, not before ``until``."""
        self._run(
            "UPDATE articles SET state = 'refused', entry = 'null', next = ?, message = ? WHERE url = ?",
            [until, message, url],
        )

    def problems(self) -> list[tuple[str, str]]:
        """Addresses that could not be read, with the reason."""
        sql = (
            "SELECT url, message FROM feeds WHERE message IS NOT NULL UNION ALL "
            "SELECT url, message FROM articles WHERE message IS NOT NULL"
        )
        return [(str(url), str(message)) for url, message in self._run(sql)]

    # --- sites -------------------------------------------------------------------------------------------

    def site(self, url: str) -> Site | None:
        row = self._run("SELECT robots, asked, rest FROM sites WHERE url = ?", [url]).fetchone()
        return Site(*row) if row else None

    def set_rules(self, url: str, robots: str | None, asked: float) -> None:
        self._run(
            "INSERT INTO sites (url, robots, asked) VALUES (?, ?, ?) "
            "ON CONFLICT (url) DO UPDATE SET robots = excluded.robots, asked = excluded.asked",
            [url, robots, asked],
        )

    def set_rest(self, url: str, until: float) -> None:
        self._run("UPDATE sites SET rest = ? WHERE url = ?", [until, url])


def _is_newer(stamp: str, before: str, now: float) -> bool:
    """Whether an article that was announced with the one stamp has changed since it was with the other. Feeds write the
    same instant in several ways, and one lags behind the other; what cannot be compared counts when it is different."""
    if not stamp or stamp == before:
        return False
    new, old = _read_instant(stamp), _read_instant(before)
    return new is None or old is None or (new != old and (old > now or new > old))


def _read_instant(stamp: str) -> float | None:
    """Seconds since 1970 of an instant as feeds write it (ISO 8601, RFC 5322)."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(stamp)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        except (ValueError, OverflowError):
            pass
    return None
