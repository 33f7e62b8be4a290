"""Stored events as a file to take away: CSV, GeoJSON, Excel and Parquet, all from one flat table.

Beside what is stored, each row carries the codes that users of other event data know: UCDP GED ``date_prec`` (1-5)
and ``where_prec`` (1-7), ACLED ``time_precision`` and ``geo_precision`` (1-3). Days are inclusive; what is not known
is empty.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Hashable, Mapping
from datetime import date
from typing import Any, Final

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from pipeline.errors import ExportError
from pipeline.records import Reason
from pipeline.wording import say

NOTE: Final = "Extracted by machine from news reports and not checked by a person."
ATTRIBUTION: Final = "Places: GeoNames (CC BY 4.0)."

_TEXT, _WHOLE, _REAL, _DAY, _FLAG = pa.string(), pa.int64(), pa.float64(), pa.date32(), pa.bool_()
# Name and type of each column, and its HXL hashtag where the standard has one.
_COLUMNS: Final[tuple[tuple[str, pa.DataType, str], ...]] = (
    ("id", _TEXT, "#event+id"),
    ("type", _TEXT, "#event+type"),
    ("mode", _TEXT, "#event+type+sub"),
    ("acled", _TEXT, "#event+type+acled"),
    ("date_start", _DAY, "#date+start"),
    ("date_end", _DAY, "#date+end"),
    ("precision", _TEXT, "#date+precision"),
    ("approximate", _FLAG, ""),
    ("date_certainty", _TEXT, ""),
    ("ongoing", _FLAG, ""),
    ("date_prec", _WHOLE, ""),
    ("time_precision", _WHOLE, ""),
    ("place", _TEXT, "#loc+name"),
    ("place_id", _TEXT, "#loc+code"),
    ("country", _TEXT, "#country+code+v_iso3"),
    ("admin1", _TEXT, "#adm1+name"),
    ("lat", _REAL, "#geo+lat"),
    ("lon", _REAL, "#geo+lon"),
    ("place_precision", _TEXT, "#geo+precision"),
    ("radius_km", _REAL, "#geo+radius+km"),
    ("where_prec", _WHOLE, ""),
    ("geo_precision", _WHOLE, ""),
    ("actor_names", _TEXT, "#actor+name+list"),
    ("modality", _TEXT, "#status"),
    ("claimed_by", _TEXT, ""),
    ("fatalities_low", _WHOLE, "#affected+killed+min"),
    ("fatalities_best", _WHOLE, "#affected+killed"),
    ("fatalities_high", _WHOLE, "#affected+killed+max"),
    ("injured_low", _WHOLE, "#affected+injured+min"),
    ("injured_best", _WHOLE, "#affected+injured"),
    ("injured_high", _WHOLE, "#affected+injured+max"),
    ("confidence", _REAL, ""),
    ("sentence", _TEXT, "#description"),
    ("trigger", _TEXT, ""),
    ("time_text", _TEXT, ""),
    ("time_rule", _TEXT, ""),
    ("reason", _TEXT, ""),
    ("places", _TEXT, ""),
    ("actors", _TEXT, ""),
    ("document_id", _TEXT, "#meta+id"),
    ("sources", _TEXT, "#meta+id+list"),
    ("title", _TEXT, "#meta+title"),
    ("published", _DAY, "#date+published"),
    ("published_source", _TEXT, ""),
    ("source", _TEXT, "#meta+source"),
    ("url", _TEXT, "#meta+url"),
    ("origin", _TEXT, ""),
    ("version", _WHOLE, ""),
)

# UCDP GED where_prec and ACLED geo_precision for each precision of a place.
_WHERE: Final = {
    "site": (1, 1),
    "village": (1, 1),
    "city": (1, 1),
    "district": (3, 2),
    "adm1": (4, 3),
    "region": (5, 3),
    "country": (6, 3),
    "sea": (7, 3),
    "river": (5, 2),
    "lake": (7, 2),
    "border": (5, 2),
}
_NEAR_KM: Final = 25  # a settlement whose true spot may lie farther off is only near a known point
_ONE_DAY: Final = ("minute", "daypart", "night", "day")  # a night is one point in time, although it touches two days
_CELL = 32_767  # characters an Excel cell holds
_ROWS = 1_048_576  # rows an Excel sheet holds
# Formats with their media types.
KINDS: Final = {
    "csv": "text/csv",
    "geojson": "application/geo+json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table(frame: pd.DataFrame, kind: str, *, reasons: str = "en", hxl: bool = False) -> bytes:
    """Events as ``Store.events`` gives them, as the bytes of a file of ``kind`` csv, geojson, xlsx or parquet.
    ``reasons`` is the language of the sentences that explain; ``hxl`` adds a row of HXL hashtags below the header of
    a CSV. ``ExportError`` for another kind and for more rows than the format holds."""
    if kind not in KINDS:
        raise ExportError(f"There is no export format {kind!r} (there is: {', '.join(KINDS)}).")
    flat = flatten(frame, reasons)
    return _csv(flat, hxl) if hxl and kind == "csv" else _WRITERS[kind](flat)


def flatten(frame: pd.DataFrame, reasons: str = "en") -> pa.Table:
    """One flat row an event: no cell holds a list (``places`` and ``actors`` are JSON, ``sources`` is joined by ;)."""
    rows = [_row(record, reasons) for record in frame.to_dict("records")]
    return pa.table({name: pa.array([row[name] for row in rows], kind) for name, kind, _ in _COLUMNS})


def date_precision(
    first: date | None, last: date | None, precision: str | None, approximate: bool
) -> tuple[int | None, int | None]:
    """UCDP ``date_prec`` (1 a day, 2 two to six days, 3 a week, 4 a month, 5 longer) and ACLED ``time_precision``
    (1 a day, 2 a week, 3 longer). An interval with an open side counts as longer; no date has no code."""
    if first is None and last is None:
        return None, None
    if first is None or last is None:
        return 5, 3
    days = 1 if precision in _ONE_DAY else (last - first).days + 1
    if approximate:
        days = max(days, 2)
    return (
        1 if days == 1 else 2 if days < 7 else 3 if days == 7 else 4 if days <= 31 else 5,
        1 if days == 1 else 2 if days <= 7 else 3,
    )


def _row(record: Mapping[Hashable, Any], reasons: str) -> dict[str, Any]:
    row = {str(name): _known(cell) for name, cell in record.items()}
    date_prec, time_precision = date_precision(
        row["date_start"], row["date_end"], row["precision"], bool(row["approximate"])
    )
    where_prec, geo_precision = _WHERE.get(row["place_precision"] or "", (None, None))
    if where_prec == 1 and (row["radius_km"] or 0) > _NEAR_KM:
        where_prec = geo_precision = 2
    said = [say(Reason(key, tuple(values.items())), reasons) for key, values in json.loads(row["reasons"] or "[]")]
    return row | {
        "date_prec": date_prec,
        "time_precision": time_precision,
        "where_prec": where_prec,
        "geo_precision": geo_precision,
        "reason": " ".join(said),
        "places": json.dumps(list(row["places"] or ()), ensure_ascii=False),
        "actors": json.dumps(list(row["actors"] or ()), ensure_ascii=False),
        "sources": ";".join(row["sources"] or ()),
    }


def _known(cell: Any) -> Any:
    """A cell of a frame as a plain value; the many marks for "missing" become ``None``, a timestamp its day."""
    if isinstance(cell, pd.Timestamp):
        return cell.date()
    if pd.api.types.is_scalar(cell) and pd.isna(cell):
        return None
    return cell


def _guarded(cell: Any) -> Any:
    """A text that a spreadsheet would run as a formula is made plain by a quote in front of it."""
    return "'" + cell if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _csv(flat: pa.Table, hxl: bool = False) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(flat.column_names)
    if hxl:
        writer.writerow([tag for _, _, tag in _COLUMNS])
    writer.writerows([_guarded(cell) for cell in row.values()] for row in flat.to_pylist())
    return out.getvalue().encode("utf-8", "replace")


def _geojson(flat: pa.Table) -> bytes:
    features = []
    for row in flat.to_pylist():
        lat, lon = row.pop("lat"), row.pop("lon")
        row |= {"places": json.loads(row["places"]), "actors": json.loads(row["actors"])}
        point = (
            None if lat is None or lon is None else {"type": "Point", "coordinates": [lon, lat]}
        )  # RFC 7946: lon first
        features.append({"type": "Feature", "id": row["id"], "geometry": point, "properties": row})
    collection = {"type": "FeatureCollection", "note": NOTE, "attribution": ATTRIBUTION, "features": features}
    return json.dumps(collection, ensure_ascii=False, default=date.isoformat).encode("utf-8", "replace")


def _xlsx(flat: pa.Table) -> bytes:
    if flat.num_rows >= _ROWS:
        raise ExportError(f"An Excel sheet holds {_ROWS - 1:,} events, not {flat.num_rows:,}; export CSV or Parquet.")
    book = openpyxl.Workbook(write_only=True)
    book.properties.title = "Conflict events"
    book.properties.description = f"{NOTE} {ATTRIBUTION}"
    sheet = book.create_sheet("events")
    sheet.freeze_panes = "A2"
    sheet.append(flat.column_names)
    for row in flat.to_pylist():
        sheet.append([_excel(cell) for cell in row.values()])
    about = book.create_sheet("about")
    about.append([NOTE])
    about.append([ATTRIBUTION])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _excel(cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    return _guarded(ILLEGAL_CHARACTERS_RE.sub("", cell))[:_CELL]


def _parquet(flat: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(flat.replace_schema_metadata({"note": NOTE, "attribution": ATTRIBUTION}), out, compression="zstd")
    return out.getvalue()


_WRITERS: Final[dict[str, Callable[[pa.Table], bytes]]] = {
    "csv": _csv,
    "geojson": _geojson,
    "xlsx": _xlsx,
    "parquet": _parquet,
}
