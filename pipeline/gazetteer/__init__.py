"""Names of places and the points they mean: geopy's Geocoder interface over an index on this machine.

The index is built at the first use in the user's cache directory (``$CET_CACHE``, else ``$XDG_CACHE_HOME``, else
``~/.cache``) and opened read-only afterwards; a broken or outdated one is built anew. No network is needed.
"""

from __future__ import annotations

import math
import os
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from geopy.exc import GeocoderQueryError
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location

from pipeline.errors import GazetteerError
from pipeline.gazetteer.build import RANK_SOUND, Progress, build_index, fingerprint
from pipeline.gazetteer.folding import fold, is_cyrillic, skeleton, transliterate, without_article
from pipeline.gazetteer.membership import may_hold
from pipeline.language import WORDS_KEPT
from pipeline.records import Place, Reason

__all__ = ["Candidate", "Gazetteer", "Resolved", "Resolver", "load", "resolve_name"]

_LONGEST_NAME = 120
_LEAST_ALIKE = 0.45  # share of letters in common: a town may have been renamed in part (Dnipro)
_KEPT_SECONDS = 30 * 24 * 3600
_COLUMNS = "place.id, place.name, country, admin1, lat, lon, precision, radius, population"


Resolved: TypeAlias = tuple[Place | None, float, Reason, tuple[Place, ...]]  # place, score, reason, places not taken
Resolver: TypeAlias = Callable[[str, str | None], Resolved]  # name and country


class Candidate(NamedTuple):
    """A place that a name can mean. ``rank``: how good the name is as evidence (build.RANK_*, 0 best)."""

    place: Place
    rank: int
    population: int


def cache_folder() -> Path:
    """Where the index and answers of online services live; a temporary folder when the user's own cannot be written.
    A folder that the user names is taken as it is."""
    given = os.environ.get("CET_CACHE")
    if given:
        return Path(given)
    base = os.environ.get("XDG_CACHE_HOME")
    folder = (Path(base) if base else Path.home() / ".cache") / "conflict-event-timeline"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    return Path(tempfile.gettempdir()) / f"conflict-event-timeline-{user}"


def _share(name: str, other: str) -> float:
    """The share of letters that two names have in common, in order, Arabic articles aside: a keyboard's row and a
    village of its sound have few."""
    return SequenceMatcher(None, without_article(name), without_article(other)).ratio()


class Gazetteer(Geocoder):  # type: ignore[misc]
    """geopy's geocoder over the index: ``geocode`` returns a ``Location`` (``raw`` holds the row), a list of them, or
    ``None``; names that cannot be looked up raise geopy's ``GeocoderQueryError``."""

    def __init__(self, path: Path) -> None:
        super().__init__(user_agent="conflict-event-timeline")
        self._path = path
        self._connection, self._bits = _open(path)
        self._find = lru_cache(maxsize=WORDS_KEPT)(self._look_up)

    def find(self, name: str) -> tuple[Candidate, ...]:
        """Every place of that name, best evidence first: rank of the name, then population. Empty for a name that is
        not known, is empty, or is longer than any name."""
        if not 1 < len(name) <= _LONGEST_NAME:
            return ()
        key = fold(name)
        return self._find(key) if may_hold(self._bits, key) else ()

    def find_id(self, place_id: str) -> Place | None:
        """The place of an id; ``None`` when there is none."""
        rows = self._select(f"SELECT {_COLUMNS} FROM place WHERE place.id = ?", place_id)
        return _place(rows[0]) if rows else None

    def find_by_sound(self, name: str, least_alike: float = _LEAST_ALIKE) -> tuple[Candidate, ...]:
        """Places whose name sounds like this in another transliteration; less certain than ``find``. ``least_alike`` is
        the share of letters that the two spellings must have in common."""
        if not 3 < len(name) <= _LONGEST_NAME:
            return ()
        key = skeleton(name)
        if len(key) < 4:
            return ()
        rows = self._select(
            f"SELECT {_COLUMNS} FROM sound JOIN place ON place.number = sound.place WHERE key = ? "
            "ORDER BY population DESC LIMIT 12",
            key,
        )
        found = (Candidate(_place(row), RANK_SOUND, row[8]) for row in rows)
        return tuple(candidate for candidate in found if _share(name, candidate.place.name) >= least_alike)

    def _look_up(self, key: str) -> tuple[Candidate, ...]:
        rows = self._select(
            f"SELECT {_COLUMNS}, name.rank FROM name JOIN place ON place.number = name.place WHERE key = ? "
            "ORDER BY name.rank, population DESC LIMIT 40",
            key,
        )
        return tuple(Candidate(_place(row), row[9], row[8]) for row in rows)

    def _select(self, query: str, key: str) -> list[Any]:
        """The rows for a key. An index that turns out to be damaged is built anew, once."""
        try:
            return self._connection.execute(query, (key,)).fetchall()
        except sqlite3.DatabaseError:
            self._connection.close()
            build_index(self._path)
            self._connection, self._bits = _open(self._path)
            return self._connection.execute(query, (key,)).fetchall()

    def geocode(
        self,
        query: str,
        *,
        exactly_one: bool = True,
        timeout: Any = DEFAULT_SENTINEL,  # noqa: ARG002 - part of geopy's interface
        country: str | None = None,
    ) -> Location | list[Location] | None:
        """``timeout`` is accepted for geopy's sake: a look-up takes microseconds."""
        if not isinstance(query, str) or not query.strip() or len(query) > _LONGEST_NAME or "\0" in query:
            raise GeocoderQueryError("A place name must be a text of 1 to 120 characters.")
        place, _, _, others = resolve_name(query, country, self)
        if place is None:
            return None
        found = [_location(place), *(_location(other) for other in others)]
        return found[0] if exactly_one else found


def _place(row: Sequence[Any]) -> Place:
    return Place(*row[:8])


def _location(place: Place) -> Location:
    return Location(place.name, (place.lat, place.lon), place._asdict())


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)


def _open(path: Path) -> tuple[sqlite3.Connection, bytes]:
    """A connection for reading, and which names the index may hold. A damaged index is built anew, once."""
    try:
        connection = _connect(path)
        (bits,) = connection.execute("SELECT bits FROM membership").fetchone()
    except sqlite3.DatabaseError:
        connection.close()
        build_index(path)
        connection = _connect(path)
        (bits,) = connection.execute("SELECT bits FROM membership").fetchone()
    return connection, bits


# By process, because a connection must not be used on both sides of a fork, and by what says where the index is.
_opened: dict[tuple[int, str | None, str | None], Gazetteer] = {}
_fingerprint = cache(fingerprint)


def load(progress: Progress | None = None) -> Gazetteer:
    """The gazetteer of this process; the index is built first where it is missing, broken or out of date.
    ``progress`` is told how far that is, from 0 to 1. ``GazetteerError`` when it can neither be read nor built."""
    place = os.getpid(), os.environ.get("CET_CACHE"), os.environ.get("XDG_CACHE_HOME")
    if place not in _opened:
        path = cache_folder() / f"places-{_fingerprint()}.sqlite"
        if not is_whole(path):
            build_index(path, progress)
            _remove_outdated(path)
        try:
            _opened[place] = Gazetteer(path)
        except sqlite3.Error as error:
            raise GazetteerError(f"The place index {path} cannot be opened: {error}.") from None
    return _opened[place]


def is_whole(path: Path) -> bool:
    """Whether an index was written to its end and not cut since: its header tells how many pages the file has, and the
    fingerprint is its last row."""
    try:
        with path.open("rb") as file:
            header = file.read(32)
        pages = int.from_bytes(header[28:32], "big")
        size = int.from_bytes(header[16:18], "big")
        if pages == 0 or pages * size != path.stat().st_size:
            return False
        connection = _connect(path)
        try:
            (value,) = connection.execute("SELECT value FROM meta WHERE key = 'fingerprint'").fetchone()
        finally:
            connection.close()
    except (OSError, sqlite3.Error, TypeError):
        return False
    return bool(value == _fingerprint())


def _remove_outdated(path: Path) -> None:
    """Delete indexes of other versions that nobody opened for a month."""
    now = path.stat().st_mtime
    for other in path.parent.glob("places-*.sqlite"):
        try:
            if now - max(other.stat().st_atime, other.stat().st_mtime) > _KEPT_SECONDS:
                other.unlink()
        except OSError:
            continue


_BY_NAME = (1.0, 0.85, 0.62, 0.45, 0.5, 0.2)  # by the rank of the name


def weigh(candidate: Candidate) -> float:
    """Evidence for a candidate standing alone, 0 to 1: a better name counts for more than a larger town."""
    by_name = _BY_NAME[candidate.rank]
    size = min(1.0, math.log10(max(10, candidate.population)) / 7)
    bonus = 0.05 if candidate.place.precision == "country" else 0.0
    if candidate.place.precision == "adm1" and candidate.rank > 1:
        bonus = -0.12  # a bare name is rather the city than the region called after it
    elif candidate.place.precision == "river":
        bonus = -0.15  # or than the river that flows through it
    return max(0.0, 0.62 * by_name + 0.33 * size + bonus)


def resolve_name(name: str, country: str | None = None, gazetteer: Gazetteer | None = None) -> Resolved:
    """The place a name means without a text around it; ``country`` (ISO 3166-1 alpha-3) is preferred, where it has a
    place of that name."""
    found = gazetteer or load()
    name = name.strip()
    candidates = found.find(name)
    how = "places.by-name"
    if not candidates and len(name) <= _LONGEST_NAME and is_cyrillic(name):
        forms = (transliterate(name, ukrainian=ukrainian) for ukrainian in (True, False))
        candidates = next((places for places in map(found.find, forms) if places), ())
    if not candidates:
        candidates, how = found.find_by_sound(name), "places.by-sound"
    if country:
        candidates = tuple(c for c in candidates if c.place.country == country.upper()) or candidates
    if not candidates:
        return None, 0.0, Reason("places.unknown-name"), ()
    ranked = sorted(candidates, key=lambda c: (-weigh(c), c.place.id))
    best = ranked[0]
    others = tuple(c.place for c in ranked[1:6])
    values = (("name", best.place.name), ("country", best.place.country or "–"), ("others", str(len(ranked) - 1)))
    return best.place, round(min(1.0, weigh(best)), 3), Reason(how, values), others
