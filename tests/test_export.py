"""Every format read back by another reader, and the codes derived for users of other event data."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import date
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from starlette.requests import Request

from pipeline import export
from pipeline.app.downloads import MOST as MOST_LINKS
from pipeline.app.downloads import ROUTES, Offer, offer, stream
from pipeline.errors import ExportError, InputError
from pipeline.export.cells import guard, unguard
from pipeline.export.columns import COLUMNS

_PLACE = {"place_id": "geonames:698740", "name": "Odessa", "country": "UKR", "lat": 46.5, "lon": -30.7}
_EMPTY = {name: None for name, _, _ in COLUMNS}


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
    assert book["about"]["B1"].value == export.NOTE


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


HOSTILE = [
    '=HYPERLINK("http://x","y")', "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", " =1+1", "\u200b=1", "\u202e=1",
    "＝1+1", "＠A1", "=cmd|' /C calc'!A0", "'=1+1", "''x", "'", "%0A=1", "|x", "a;=1+1", "a\n=1+1", 'a;"=1', "a\r\n+1",
    "_x003D_1",
    "\ud800", "\x07", "\0=1", "\ufffe", "<script>alert(1)</script>", "![x](http://x)", "x" * 40_000, "🗓" * 20_000,
    '"', '""=1', ";",
    "{{7*7}}", "–5", "1;-2;+3", "", " ", "Ü ß 中 🗓", "a,b", "a\nb",
]  # fmt: skip


STORABLE = [words for words in HOSTILE if words != "\ud800"]  # half a character is refused on the way in


def hostile_frame(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {**frame.iloc[0].to_dict(), "id": f"e{n}", "sentence": words, "title": words, "source": words,
             "actor_names": words, "place": words, "sources": [words], "trigger": words, "url": words,
             "actors": [{"name": words}], "places": [{"name": words, "lat": 1.0}]}
            for n, words in enumerate(STORABLE)
        ]
    )  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: ascii(words)[:20])
def test_a_guarded_text_begins_no_formula_and_can_be_made_what_it_was(words):
    guarded = guard(words)
    assert unguard(guarded) == words
    for part in re.split(r"[;\t\r\n]", guarded):
        assert not part.strip(' "\u200b\u202e\0').startswith(("=", "+", "-", "@", "＝", "＠"))


@pytest.mark.parametrize("kind", ["csv", "geojson"])
@pytest.mark.parametrize("hxl", [False, True])
def test_csv_and_geojson_come_back_as_they_were(frame, kind, hxl):
    for events in (frame, hostile_frame(frame), frame.iloc[:0]):
        flat = export.flatten(events)
        back = export.read_table(export.table(events, kind, hxl=hxl), kind)
        assert back.schema.equals(flat.schema)
        expected = flat.to_pylist()
        for row in expected:
            for name, cell in row.items():
                if isinstance(cell, str):
                    plain = cell.encode("utf-8", "replace").decode()
                    row[name] = plain if plain or kind == "geojson" else None  # CSV does not tell "" from nothing
        assert back.to_pylist() == expected


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2", b"{}", b"\xff\xfe", b"[1]", b'{"features": [{}]}'])
@pytest.mark.parametrize("kind", ["csv", "geojson"])
def test_another_file_is_refused(content, kind):
    with pytest.raises(InputError, match="no"):
        export.read_table(content, kind)


def test_excel_gets_only_what_it_opens_without_repair(frame):
    events = hostile_frame(frame)
    events.loc[0, "date_start"] = pd.Timestamp("1899-05-01")
    content = export.table(events, "xlsx", hxl=True)
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        for name in book.namelist():
            root = ElementTree.fromstring(book.read(name))
            for text in root.iter("{http://schemas.openxmlformats.org/spreadsheetml/2006/main}t"):
                assert len((text.text or "").encode("utf-16-le")) <= 2 * 32_767
            assert not list(root.iter("{http://schemas.openxmlformats.org/spreadsheetml/2006/main}f"))
    sheet = openpyxl.load_workbook(io.BytesIO(content))["events"]
    cells = list(sheet.iter_rows(values_only=True))
    assert cells[1][0] == "#event+id"
    assert cells[2][cells[0].index("date_start")] == "1899-05-01"
    assert len(cells) == len(STORABLE) + 2
    for row in sheet.iter_rows():
        assert {cell.data_type for cell in row} <= {"s", "n", "d", "b", "inlineStr"}


ABOUT = export.About(date(2026, 1, 2), "type=ASSAULT; =1+1")


@pytest.mark.parametrize("kind", ["csv", "geojson", "xlsx", "parquet"])
def test_every_file_says_what_it_is_what_was_asked_for_and_when(frame, kind):
    frame["origin"] = ["extracted", "ucdp"]
    content = export.table(frame, kind, about=ABOUT)
    if kind == "csv":
        first, said = csv.DictReader(io.StringIO(content.decode()))
        assert "Uppsala" not in first["attribution"]
    elif kind == "geojson":
        said = json.loads(content)
    elif kind == "parquet":
        said = {k.decode(): v.decode() for k, v in pq.read_table(io.BytesIO(content)).schema.metadata.items()}
    else:
        said = dict(openpyxl.load_workbook(io.BytesIO(content))["about"].iter_rows(values_only=True))
    assert said["exported"] == "2026-01-02"
    assert said["filter"].replace("'", "") == ABOUT.filter
    assert said["note"] == export.NOTE
    assert "GeoNames" in said["attribution"]
    assert "Uppsala" in said["attribution"]


def test_what_people_said_is_exported(frame):
    frame["review"] = ["corrected", None]
    frame["changed"] = [["date", "type"], []]
    first, second = csv.DictReader(io.StringIO(export.table(frame, "csv").decode()))
    assert (first["review"], first["changed"]) == ("corrected", "date;type")
    assert (second["review"], second["changed"]) == ("", "")


@pytest.mark.parametrize("kind", ["csv", "geojson", "xlsx", "parquet"])
def test_events_written_part_by_part_are_those_written_at_once(frame, kind):
    out = io.BytesIO()
    assert export.write([frame.iloc[:1], frame.iloc[1:], frame.iloc[:0]], kind, out) == 2
    if kind == "xlsx":
        read = [list(openpyxl.load_workbook(io.BytesIO(content))["events"].values)
                for content in (out.getvalue(), export.table(frame, kind))]  # fmt: skip
    else:
        read = [out.getvalue(), export.table(frame, kind)]
        if kind == "parquet":
            read = [pq.read_table(io.BytesIO(content)).to_pylist() for content in read]
    assert read[0] == read[1]


def test_more_rows_than_a_sheet_holds_are_refused(frame, monkeypatch):
    monkeypatch.setattr("pipeline.export.files.MOST_ROWS", 1)
    with pytest.raises(ExportError, match="Excel"):
        export.table(frame, "xlsx")


# --- a file that is written while it is taken --------------------------------------------------------------------


def _big(out) -> None:
    for _ in range(200):
        out.write(b"x" * 100_000)


def test_a_stream_is_written_no_faster_than_it_is_taken_and_ends_with_its_reader():
    written = []

    def write(out) -> None:
        for number in range(200):
            out.write(b"x" * 100_000)
            written.append(number)

    blocks = stream(write)
    assert next(blocks)
    assert len(written) < 10
    blocks.close()
    assert len(written) < 10
    assert sum(map(len, stream(_big))) == 20_000_000


@pytest.mark.parametrize("kind", ["csv", "geojson", "xlsx", "parquet"])
def test_what_is_streamed_is_what_is_written_at_once(frame, kind):
    streamed = b"".join(stream(lambda out: export.write([frame], kind, out)))
    if kind == "xlsx":  # holds the time of its making
        assert openpyxl.load_workbook(io.BytesIO(streamed))["events"]["A2"].value == "a"
    else:
        assert streamed == export.table(frame, kind)


def test_a_stream_that_fails_is_no_whole_file(frame, monkeypatch):
    monkeypatch.setattr("pipeline.export.files.MOST_ROWS", 1)
    with pytest.raises(ExportError, match="Excel"):
        b"".join(stream(lambda out: export.write([frame], "xlsx", out)))


def follow(link: str):
    (route,) = ROUTES
    return route.endpoint(Request({"type": "http", "path_params": {"name": link.removeprefix("export/")}}))


def test_a_link_gives_its_file_and_an_unknown_one_says_so():
    links = [offer(Offer(f"{n}.csv", "text/csv", _big)) for n in range(MOST_LINKS + 1)]
    assert len(set(links)) == MOST_LINKS + 1
    answer = follow(links[-1])
    assert (answer.status_code, answer.media_type) == (200, "text/csv")
    assert answer.headers["content-disposition"] == f'attachment; filename="{MOST_LINKS}.csv"'
    for gone in (links[0], "guessed"):
        assert follow(gone).status_code == 404
