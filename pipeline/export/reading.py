"""An exported CSV or GeoJSON file as the flat table that it was written from."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from typing import Any, Final

import pyarrow as pa

from pipeline.errors import InputError
from pipeline.export.cells import unguard
from pipeline.export.columns import COLUMNS

_READ: Final[dict[pa.DataType, Callable[[str], Any]]] = {
    pa.string(): unguard,
    pa.int64(): int,
    pa.float64(): float,
    pa.bool_(): lambda text: text == "True",
    pa.date32(): date.fromisoformat,
}


def read_table(content: bytes, kind: str) -> pa.Table:
    """The rows of a file that ``export.table`` wrote (csv or geojson), with the columns of ``export.flatten``.
    ``InputError`` for another file."""
    try:
        rows = _read_csv(content) if kind == "csv" else _read_geojson(content)
        return pa.table({name: pa.array([row[name] for row in rows], of) for name, of, _ in COLUMNS})
    except (ValueError, LookupError, TypeError, csv.Error, pa.ArrowException):
        raise InputError(f"This is no {kind} file that this program has exported.") from None


def _read_csv(content: bytes) -> list[dict[str, Any]]:
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    if len(lines) > 1 and lines[1][: len(COLUMNS)] == [tag for *_, tag in COLUMNS]:
        del lines[1]  # the row of HXL tags
    place = {name: index for index, name in enumerate(lines[0])}
    rows = []
    if not {name for name, *_ in COLUMNS} <= set(place):
        raise KeyError
    for line in lines[1:]:
        cells = {name: line[place[name]] for name, _, _ in COLUMNS}
        rows.append({name: _READ[of](cells[name]) if cells[name] else None for name, of, _ in COLUMNS})
    return rows


def _read_geojson(content: bytes) -> list[dict[str, Any]]:
    rows = []
    for feature in json.loads(content)["features"]:
        row = dict(feature["properties"])
        lon, lat = feature["geometry"]["coordinates"] if feature["geometry"] else (None, None)
        row |= {"lat": lat, "lon": lon}
        for name in ("places", "actors"):
            row[name] = json.dumps(row[name], ensure_ascii=False)
        for name, of, _ in COLUMNS:
            if of == pa.date32() and row[name] is not None:
                row[name] = date.fromisoformat(row[name])
        rows.append(row)
    return rows
