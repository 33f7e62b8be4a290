"""Every format read back by another reader, and the codes derived for users of other event data."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipeline import export
from pipeline.errors import ExportError

_PLACE = {"place_id": "geonames:698740", "name": "Odessa", "country": "UKR", "lat": 46.5, "lon": -30.7}
_EMPTY = {name: None for name, _, _ in export._COLUMNS}


@pytest.fixture
def frame() -> pd.DataFrame:
    known = {
        "id": "a", "type": "ASSAULT", "date_start": pd.Timestamp("2025-12-19"), "date_end": pd.Timestamp("2025-12-20"),
        "precision": "night", "approximate": False, "ongoing": False, "place": "Odessa", "lat": 46.5, "lon": -30.7,
        "place_precision": "adm1", "fatalities_best": 8, "sentence": "=HYPERLINK(\"http://x\")\x07", "title": "@Titel",
        "places": [_PLACE], "actors": [], "sources": ["d1", "d2"], "document_id": "d1", "confidence": 0.5,
        "reasons": "[]", "version": 1,
    }  # fmt: skip
    unknown = {"id": "b", "type": "OTHER", "places": [], "actors": [], "sources": ["d1"], "document_id": "d1"}
    rows = pd.DataFrame([_EMPTY | {"reasons": "[]"} | known, _EMPTY | {"reasons": "[]"} | unknown])
    rows["date_start"] = pd.to_datetime(rows["date_start"])
    rows["date_end"] = pd.to_datetime(rows["date_end"])
    rows["fatalities_best"] = rows["fatalities_best"].astype("Int64")
    return rows


def test_csv_guards_formulas_and_keeps_numbers(frame):
    first, second = csv.DictReader(io.StringIO(export.table(frame, "csv").decode("utf-8")))
    assert first["sentence"].startswith("'=HYPERLINK")
    assert first["title"] == "'@Titel"
    assert (first["lon"], first["fatalities_best"]) == ("-30.7", "8")
    assert (first["date_start"], first["date_end"]) == ("2025-12-19", "2025-12-20")
    assert first["sources"] == "d1;d2"
    assert (second["lat"], second["date_start"], second["fatalities_best"], second["date_prec"]) == ("", "", "", "")


def test_csv_with_hxl_row(frame):
    rows = list(csv.reader(io.StringIO(export.table(frame, "csv", hxl=True).decode("utf-8"))))
    assert dict(zip(rows[0], rows[1], strict=True))["date_start"] == "#date+start"
    assert len(rows) == 4


def test_geojson_keeps_events_without_place(frame):
    collection = json.loads(export.table(frame, "geojson"))
    first, second = collection["features"]
    assert first["geometry"] == {"type": "Point", "coordinates": [-30.7, 46.5]}
    assert first["properties"]["places"] == [_PLACE]
    assert first["properties"]["date_end"] == "2025-12-20"
    assert second["geometry"] is None
    assert collection["note"] == export.NOTE


def test_xlsx_opens_and_holds_no_formula(frame):
    book = openpyxl.load_workbook(io.BytesIO(export.table(frame, "xlsx")))
    header, first, _ = book["events"].iter_rows()
    cells = {name.value: cell for name, cell in zip(header, first, strict=True)}
    assert "f" not in {cell.data_type for cell in first}
    assert cells["sentence"].value == '\'=HYPERLINK("http://x")'
    assert cells["lon"].value == -30.7
    assert cells["date_start"].value.date() == date(2025, 12, 19)
    assert book["about"]["A1"].value == export.NOTE


def test_parquet_keeps_types_and_says_what_it_is(frame):
    table = pq.read_table(io.BytesIO(export.table(frame, "parquet")))
    assert table["date_start"].to_pylist() == [date(2025, 12, 19), None]
    assert table["fatalities_best"].to_pylist() == [8, None]
    assert table.schema.metadata[b"note"].decode() == export.NOTE


@pytest.mark.parametrize("kind", ["csv", "geojson", "xlsx", "parquet"])
def test_no_events_is_a_file_with_columns_only(frame, kind):
    assert export.table(frame.iloc[:0], kind)


def test_an_unknown_format_is_said(frame):
    with pytest.raises(ExportError, match="no export format 'doc'"):
        export.table(frame, "doc")


@pytest.mark.parametrize(
    ("first", "last", "precision", "approximate", "codes"),
    [
        ("2025-12-20", "2025-12-20", "day", False, (1, 1)),
        ("2025-12-20", "2025-12-20", "day", True, (2, 2)),
        ("2025-12-19", "2025-12-20", "night", False, (1, 1)),
        ("2025-12-20", "2025-12-21", "weekend", False, (2, 2)),
        ("2025-12-15", "2025-12-20", "range", False, (2, 2)),
        ("2025-12-15", "2025-12-21", "week", False, (3, 2)),
        ("2025-12-15", "2025-12-22", "range", False, (4, 3)),
        ("2025-12-01", "2025-12-31", "month", False, (4, 3)),
        ("2025-12-01", "2026-01-01", "range", False, (5, 3)),
        ("2025-12-01", None, "range", False, (5, 3)),
        (None, None, None, False, (None, None)),
    ],
)
def test_date_codes(first, last, precision, approximate, codes):
    day = date.fromisoformat
    assert export.date_precision(first and day(first), last and day(last), precision, approximate) == codes
