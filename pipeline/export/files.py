"""The formats: flat tables, one after the other, into a file, so that a million events need the memory of a few."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Final, TypeAlias

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import ExportError
from pipeline.export.cells import excel, guard
from pipeline.export.columns import COLUMNS
from pipeline.imports.codebook import load_codebook

NOTE: Final = "Extracted by machine from news reports and not checked by a person, unless the column review says so."
ATTRIBUTION: Final = "Places: GeoNames (CC BY 4.0)."
MOST_ROWS: Final = 1_048_575  # rows that an Excel sheet holds below its header

Tables: TypeAlias = Iterator[pa.Table]
Said: TypeAlias = Callable[[], dict[str, str]]  # what a file says of itself; all of it is known at the end


def attribution(origins: Iterable[str]) -> str:
    """Whom to name for events of these origins: the gazetteer, and the data sets that they were imported from."""
    imported = sorted({origin for origin in origins if origin != "extracted"})
    return " ".join([ATTRIBUTION, *(load_codebook(origin).terms for origin in imported)])


def _csv(tables: Tables, said: Said, out: BinaryIO, hxl: bool) -> None:
    """A CSV file has no place for what it says of itself, so each row says it, with whom to name for that row."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    own = {name: guard(words) for name, words in said().items() if name != "events"}

    def flush() -> None:
        out.write(text.getvalue().encode("utf-8", "replace"))
        text.seek(0)
        text.truncate()

    writer.writerow([*(name for name, *_ in COLUMNS), *own])
    if hxl:
        writer.writerow([*(tag for *_, tag in COLUMNS), *(f"#meta+{name}" for name in own)])
    flush()
    for table in tables:
        for row in table.to_pylist():
            named = own | {"attribution": attribution([row["origin"] or "extracted"])}
            writer.writerow([*(guard(cell) for cell in row.values()), *named.values()])
        flush()


def _geojson(tables: Tables, said: Said, out: BinaryIO, _: bool) -> None:
    def dump(value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, default=date.isoformat).encode("utf-8", "replace")

    out.write(b'{"type": "FeatureCollection", "features": [')
    before = b""
    for table in tables:
        for row in table.to_pylist():
            lat, lon = row.pop("lat"), row.pop("lon")
            row |= {"places": json.loads(row["places"]), "actors": json.loads(row["actors"])}
            # RFC 7946: lon first
            point = None if lat is None or lon is None else {"type": "Point", "coordinates": [lon, lat]}
            out.write(before + dump({"type": "Feature", "id": row["id"], "geometry": point, "properties": row}))
            before = b",\n"
    out.write(b"], " + dump(said())[1:])


def _xlsx(tables: Tables, said: Said, out: BinaryIO, hxl: bool) -> None:
    book = openpyxl.Workbook(write_only=True)
    book.properties.title = "Conflict events"
    sheet = book.create_sheet("events")
    sheet.freeze_panes = "A2"
    sheet.append([name for name, *_ in COLUMNS])
    if hxl:
        sheet.append([tag for *_, tag in COLUMNS])
    count = 1 + hxl
    for table in tables:
        count += table.num_rows
        if count - 1 > MOST_ROWS:
            sheet.close()
            raise ExportError(f"An Excel sheet holds {MOST_ROWS:,} events; export CSV or Parquet.")
        for row in table.to_pylist():
            sheet.append([excel(cell) for cell in row.values()])
    sheet = book.create_sheet("about")
    for name, words in said().items():
        sheet.append([name, excel(words)])
    book.properties.description = excel(" ".join(said().values()))
    with TemporaryFile() as whole:  # so that a program that knows only whole archives can read it
        book.save(whole)
        whole.seek(0)
        shutil.copyfileobj(whole, out)


def _parquet(tables: Tables, said: Said, out: BinaryIO, _: bool) -> None:
    schema = pa.schema([(name, of) for name, of, _ in COLUMNS])
    with pq.ParquetWriter(
        out, schema, compression="zstd", store_schema=False
    ) as writer:  # so that what is said is seen
        for table in tables:
            writer.write_table(table)
        writer.add_key_value_metadata(said())


WRITERS: Final[dict[str, Callable[[Tables, Said, BinaryIO, bool], None]]] = {
    "csv": _csv,
    "geojson": _geojson,
    "xlsx": _xlsx,
    "parquet": _parquet,
}
