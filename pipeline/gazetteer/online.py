"""Online geocoders through geopy, for names that the index does not have: Nominatim and every other service of geopy.

The rules of Nominatim's usage policy hold for all of them: one request a second for all processes of this machine
together, an own user agent that the user sets, every answer kept on disk so that nothing is asked twice, and the
attribution handed on. An outage is a ``GazetteerError``; it is never kept and never means "not found".
"""

from __future__ import annotations

import json
import math
import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from geopy.exc import GeocoderNotFound, GeopyError
from geopy.geocoders import get_geocoder_for_service

from pipeline.errors import GazetteerError, InputError
from pipeline.gazetteer import Resolved
from pipeline.gazetteer.build import read_table
from pipeline.records import Place, PlacePrecision, Reason

_SECONDS_BETWEEN = 1.0
_LONGEST_WAIT = 600  # seconds for which a process waits for its turn
_LONGEST_NAME = 120
_SCHEMA = """
CREATE TABLE IF NOT EXISTS answer (service TEXT, query TEXT, value TEXT, PRIMARY KEY (service, query));
CREATE TABLE IF NOT EXISTS pace (service TEXT PRIMARY KEY, last REAL);
"""
# Nominatim's address types as precisions; anything finer or unknown is a site.
_PRECISIONS: dict[str, PlacePrecision] = {
    "country": "country", "state": "adm1", "region": "region", "province": "adm1", "county": "district",
    "state_district": "district", "district": "district", "municipality": "district", "city": "city", "town": "city",
    "village": "village", "hamlet": "village", "suburb": "village", "river": "river", "waterway": "river",
    "sea": "sea", "ocean": "sea", "bay": "sea", "strait": "sea", "water": "lake", "lake": "lake",
}  # fmt: skip
_RADII: dict[PlacePrecision, float] = {"site": 10, "village": 15, "city": 25, "district": 60}


class Found(Protocol):
    """What geopy's ``Location`` gives."""

    latitude: float
    longitude: float
    address: str
    raw: Mapping[str, Any]


class Service(Protocol):
    """What every geocoder of geopy can do."""

    def geocode(self, query: str, **options: Any) -> Found | None: ...


class OnlineGeocoder:
    """A service of geopy by its name ("nominatim", "photon", ...).

    ``options`` are those of its class in geopy (``domain``, ``scheme``, ``api_key``, ``timeout``). ``InputError`` for
    a service that geopy does not have, for options it does not take and without a user agent.
    """

    def __init__(
        self, name: str, user_agent: str | None, folder: Path, options: Mapping[str, str] | None = None
    ) -> None:
        if not user_agent or not user_agent.strip():
            raise InputError(
                f"{name} asks who uses it: give --user-agent with the name of your application and a contact."
            )
        try:
            self._service: Service = get_geocoder_for_service(name)(user_agent=user_agent, **(options or {}))
        except GeocoderNotFound:
            raise InputError(f"geopy has no geocoder {name!r}.") from None
        except (TypeError, GeopyError) as error:
            raise InputError(f"The geocoder {name!r} cannot be set up: {error}.") from None
        self.name = name.lower()
        self._countries = {row["iso2"].lower(): row["iso3"] for row in read_table("countries")}
        self._codes = {iso3: iso2 for iso2, iso3 in self._countries.items()}
        self._path = folder / "online.sqlite"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(self._path, timeout=_LONGEST_WAIT, isolation_level=None)
            self._connection.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise GazetteerError(f"The answers of {name} cannot be kept in {folder}: {error}.") from None

    def close(self) -> None:
        self._connection.close()

    def resolve(self, name: str, country: str | None = None) -> Resolved:
        """What ``resolve_name`` gives, without other places; ``GazetteerError`` for an outage."""
        query = " ".join(name.split())
        if not query or len(query) > _LONGEST_NAME or "\0" in query:
            return None, 0.0, Reason("places.unknown-name"), ()
        found = self._ask(query, country.upper() if country else None)
        if found is None:
            return None, 0.0, Reason("places.unknown-online", (("service", self.name),)), ()
        place = self._to_place(found)
        values = (("name", place.name), ("service", self.name), ("attribution", str(found["attribution"])))
        return place, 0.5, Reason("places.by-service", values), ()

    def _ask(self, query: str, country: str | None) -> dict[str, Any] | None:
        """The answer from the disk, else from the service. The lock of the file is held while the service is asked, so
        all processes together keep the pace."""
        key = json.dumps([query, country], ensure_ascii=False)
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                row = self._connection.execute(
                    "SELECT value FROM answer WHERE service = ? AND query = ?", (self.name, key)
                ).fetchone()
                if row is None:
                    self._wait()
                    value = self._request(query, country)
                    row = (json.dumps(value, ensure_ascii=False),)
                    self._connection.execute("INSERT INTO answer VALUES (?, ?, ?)", (self.name, key, row[0]))
            finally:
                self._connection.execute("COMMIT")  # also after an outage: the request counts for the pace
        except sqlite3.Error as error:
            raise GazetteerError(f"The answers of {self.name} in {self._path} cannot be used: {error}.") from None
        answer: dict[str, Any] | None = json.loads(row[0])
        return answer

    def _wait(self) -> None:
        row = self._connection.execute("SELECT last FROM pace WHERE service = ?", (self.name,)).fetchone()
        if row is not None:
            time.sleep(min(_SECONDS_BETWEEN, max(0.0, row[0] + _SECONDS_BETWEEN - time.time())))
        self._connection.execute("INSERT OR REPLACE INTO pace VALUES (?, ?)", (self.name, time.time()))

    def _request(self, query: str, country: str | None) -> dict[str, Any] | None:
        options: dict[str, Any] = {}
        if self.name == "nominatim":
            options = {"addressdetails": True, "language": "de", "country_codes": self._codes.get(country or "")}
        try:
            found = self._service.geocode(query, **options)
        except GeopyError as error:
            why = " ".join(str(error).split()) or type(error).__name__
            raise GazetteerError(f"{self.name} did not answer ({why[:200]}); the place stays unknown.") from None
        if found is None:
            return None
        return {
            "lat": found.latitude,
            "lon": found.longitude,
            "address": found.address,
            "raw": dict(found.raw or {}),
            "attribution": str((found.raw or {}).get("licence") or self.name),
        }

    def _to_place(self, found: Mapping[str, Any]) -> Place:
        raw = found["raw"]
        kinds = (str(raw.get(key, "")) for key in ("addresstype", "type", "class"))
        precision: PlacePrecision = next((_PRECISIONS[kind] for kind in kinds if kind in _PRECISIONS), "site")
        address = raw.get("address") if isinstance(raw.get("address"), dict) else {}
        name = str(raw.get("name") or str(found["address"]).partition(",")[0])
        identifier = f"{raw['osm_type']}/{raw['osm_id']}" if "osm_id" in raw and "osm_type" in raw else name
        return Place(
            f"{self.name}:{identifier}",
            name,
            self._countries.get(str(address.get("country_code", "")).lower()),
            address.get("state"),
            float(found["lat"]),
            float(found["lon"]),
            precision,
            _RADII.get(precision) or _reach(raw.get("boundingbox")),
        )


def _reach(box: Any) -> float:
    """Half the diagonal in km of a box [south, north, west, east] in degrees, from 60 to 600; 600 without a box."""
    try:
        south, north, west, east = (float(side) for side in box)
    except (TypeError, ValueError):
        return 600.0
    width = (east - west) * math.cos(math.radians((south + north) / 2))
    return round(min(600.0, max(60.0, 111.2 * math.hypot(north - south, width) / 2)))
