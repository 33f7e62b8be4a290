"""Names of places and the points they mean: geopy's Geocoder interface over an index on this machine.

The index is built at the first use in the user's cache directory (``$CET_CACHE``, else ``$XDG_CACHE_HOME``, else
``~/.cache``) and opened read-only afterwards; a broken or outdated one is built anew. No network is needed.
"""

from __future__ import annotations

import math
import os
import sqlite3
import tempfile
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from geopy.exc import GeocoderQueryError
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location

from pipeline.errors import GazetteerError
from pipeline.gazetteer.build import RANK_SOUND, Progress, build, fingerprint
from pipeline.gazetteer.folding import fold, skeleton
from pipeline.records import Place, Reason

__all__ = ["Candidate", "Gazetteer", "load", "resolve_name"]

_LONGEST_NAME = 120
_COLUMNS = "place.id, place.name, country, admin1, lat, lon, precision, radius, population"


class Candidate(NamedTuple):
    """A place that a name can mean. ``rank``: how good the name is as evidence (build.RANK_*, 0 best)."""

    place: Place
    rank: int
    population: int


def cache_folder() -> Path:
    """Where the index lives; a temporary folder when the user's own cannot be written."""
    given = os.environ.get("CET_CACHE")
    base = os.environ.get("XDG_CACHE_HOME")
    folder = Path(given) if given else (Path(base) if base else Path.home() / ".cache") / "conflict-event-timeline"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    if given:
        raise GazetteerError(f"The folder {folder} (CET_CACHE) cannot be written.")
    return Path(tempfile.gettempdir()) / f"conflict-event-timeline-{os.getuid()}"


class Gazetteer(Geocoder):  # type: ignore[misc]
    """geopy's geocoder over the index: ``geocode`` returns a ``Location`` (``raw`` holds the row), a list of them, or
    ``None``; names that cannot be looked up raise geopy's ``GeocoderQueryError``."""

    def __init__(self, path: Path) -> None:
        super().__init__(user_agent="conflict-event-timeline")
        self._connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        self._find = lru_cache(maxsize=100_000)(self._look_up)

    def find(self, name: str) -> tuple[Candidate, ...]:
        """Every place of that name, best evidence first: rank of the name, then population. Empty for a name that is
        not known, is empty, or is longer than any name."""
        if not 1 < len(name) <= _LONGEST_NAME:
            return ()
        return self._find(fold(name))

    def find_by_sound(self, name: str) -> tuple[Candidate, ...]:
        """Places whose name sounds like this in another transliteration; less certain than ``find``."""
        if not 3 < len(name) <= _LONGEST_NAME:
            return ()
        key = skeleton(name)
        if len(key) < 4:
            return ()
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM sound JOIN place ON place.id = sound.place WHERE key = ? "
            "ORDER BY population DESC LIMIT 12",
            (key,),
        )
        return tuple(Candidate(_place(row), RANK_SOUND, row[8]) for row in rows)

    def _look_up(self, key: str) -> tuple[Candidate, ...]:
        rows = self._connection.execute(
            f"SELECT {_COLUMNS}, name.rank FROM name JOIN place ON place.id = name.place WHERE key = ? "
            "ORDER BY name.rank, population DESC LIMIT 40",
            (key,),
        )
        return tuple(Candidate(_place(row), row[9], row[8]) for row in rows)

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
    raw = {name: getattr(place, name) for name in Place.__slots__}
    return Location(place.name, (place.lat, place.lon), raw)


_opened: dict[Path, Gazetteer] = {}


def load(progress: Progress | None = None) -> Gazetteer:
    """The gazetteer of this process; the index is built first where it is missing, broken or out of date.
    ``progress`` is told how far that is, from 0 to 1."""
    path = cache_folder() / f"places-{_fingerprint()}.sqlite"
    if path not in _opened:
        _opened[path] = _open(path, progress)
    return _opened[path]


_fingerprint = cache(fingerprint)


def _open(path: Path, progress: Progress | None) -> Gazetteer:
    if not _is_whole(path):
        build(path, progress)
    try:
        return Gazetteer(path)
    except sqlite3.Error as error:
        raise GazetteerError(f"The place index {path} cannot be opened: {error}.") from None


def _is_whole(path: Path) -> bool:
    if not path.exists():
        return False
    try:
        connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
        try:
            (value,) = connection.execute("SELECT value FROM meta WHERE key = 'fingerprint'").fetchone()
            (count,) = connection.execute("SELECT count(*) FROM (SELECT 1 FROM name LIMIT 1000)").fetchone()
        finally:
            connection.close()
    except (sqlite3.Error, TypeError):
        return False
    return bool(value == _fingerprint() and count == 1000)


def weigh(candidate: Candidate) -> float:
    """Evidence for a candidate standing alone, 0 to 1: a better name counts for more than a larger town."""
    by_name = {0: 1.0, 1: 0.85, 2: 0.62, 3: 0.45, 4: 0.5, 5: 0.2}[candidate.rank]
    size = min(1.0, math.log10(max(10, candidate.population)) / 7)
    bonus = 0.05 if candidate.place.precision == "country" else 0.0
    if candidate.place.precision == "adm1" and candidate.rank > 1:
        bonus = -0.12  # a bare name is rather the city than the region called after it
    return max(0.0, 0.62 * by_name + 0.33 * size + bonus)


def resolve_name(
    name: str, country: str | None = None, gazetteer: Gazetteer | None = None
) -> tuple[Place | None, float, Reason, tuple[Place, ...]]:
    """The place a name means without a text around it: ``(place, score, reason, places not taken)``."""
    found = gazetteer or load()
    if "\0" in name:
        return None, 0.0, Reason("places.unknown-name"), ()
    candidates = found.find(name.strip())
    how = "places.by-name"
    if not candidates:
        candidates, how = found.find_by_sound(name.strip()), "places.by-sound"
    if country:
        candidates = tuple(c for c in candidates if c.place.country == country.upper()) or candidates
    if not candidates:
        return None, 0.0, Reason("places.unknown-name"), ()
    ranked = sorted(candidates, key=lambda c: (-weigh(c), c.place.id))
    best = ranked[0]
    others = tuple(c.place for c in ranked[1:6])
    values = (("name", best.place.name), ("country", best.place.country or "–"), ("others", str(len(ranked) - 1)))
    return best.place, round(min(1.0, weigh(best)), 3), Reason(how, values), others
