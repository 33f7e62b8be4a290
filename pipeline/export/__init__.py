"""Stored events as a file to take away: CSV, GeoJSON, Excel and Parquet, all from one flat table. Each file says
what it is, which events were asked for, on which day, and whom to name: in a sheet, in members of their own, in its
metadata, or, where a format has no such place, in columns.

Beside what is stored, each row carries the codes that users of other event data know: UCDP GED ``date_prec`` (1-5)
and ``where_prec`` (1-7), ACLED ``time_precision`` and ``geo_precision`` (1-3). Days are inclusive; what is not known
is empty.
"""

from __future__ import annotations

import io
import json
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO, Final

import pandas as pd
import pyarrow as pa

from pipeline.accuracy import say_accuracy
from pipeline.errors import ExportError
from pipeline.export.columns import COLUMNS
from pipeline.export.files import MOST_ROWS, NOTE, WRITERS, attribution
from pipeline.export.reading import read_table
from pipeline.records import Reason
from pipeline.wording import say

__all__ = [
    "KINDS",
    "MOST_ROWS",
    "NOTE",
    "About",
    "attribution",
    "date_precision",
    "flatten",
    "read_table",
    "table",
    "write",
]


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
# Formats with their media types.
KINDS: Final = {
    "csv": "text/csv",
    "geojson": "application/geo+json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}


@dataclass(frozen=True, slots=True)
class About:
    """Which events a file holds: the day on which it was made, and the filter in words of the interface."""

    day: date
    filter: str


def table(
    frame: pd.DataFrame, kind: str, *, reasons: str = "en", hxl: bool = False, about: About | None = None
) -> bytes:
    """Events as ``Store.events`` gives them, as the bytes of a file; as ``write``."""
    out = io.BytesIO()
    write([frame], kind, out, reasons=reasons, hxl=hxl, about=about)
    return out.getvalue()


def write(
    frames: Iterable[pd.DataFrame],
    kind: str,
    out: BinaryIO,
    *,
    reasons: str = "en",
    hxl: bool = False,
    about: About | None = None,
) -> int:
    """Write events (``Store.event_chunks``), part by part, as a file of ``kind`` csv, geojson, xlsx or parquet; returns
    how many. ``reasons`` is the language of the sentences that explain; ``hxl`` adds a row of HXL hashtags below the
    header of a CSV or Excel table. ``ExportError`` for another kind and for more rows than the format holds."""
    if kind not in KINDS:
        raise ExportError(f"There is no export format {kind!r} (there is: {', '.join(KINDS)}).")
    origins: set[str] = set()
    count = 0

    def flats() -> Iterator[pa.Table]:
        nonlocal count
        for frame in frames:
            origins.update(frame["origin"].dropna())
            count += len(frame)
            yield flatten(frame, reasons)

    def said() -> dict[str, str]:
        asked = {"exported": about.day.isoformat(), "filter": about.filter} if about else {}
        return {
            "note": NOTE,
            "accuracy": say_accuracy("en"),
            "attribution": attribution(origins),
            **asked,
            "events": str(count),
        }

    WRITERS[kind](flats(), said, out, hxl)
    return count


def flatten(frame: pd.DataFrame, reasons: str = "en") -> pa.Table:
    """One flat row an event: no cell holds a list (``places`` and ``actors`` are JSON, ``sources`` is joined by ;)."""
    rows = [_row(record, reasons) for record in frame.to_dict("records")]
    return pa.table({name: pa.array([row[name] for row in rows], kind) for name, kind, _ in COLUMNS})


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
        "changed": ";".join(row.get("changed") or ()),
    }


def _known(cell: Any) -> Any:
    """A cell of a frame as a plain value; the many marks for "missing" become ``None``, a timestamp its day."""
    if isinstance(cell, pd.Timestamp):
        return cell.date()
    if pd.api.types.is_scalar(cell) and pd.isna(cell):
        return None
    return cell
