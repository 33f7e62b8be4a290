"""A row of UCDP GED (https://ucdp.uu.se/downloads, codebook 25.1)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from pipeline.imports.codebook import Codebook
from pipeline.imports.days import read_day
from pipeline.imports.found import Found
from pipeline.imports.names import country_of, find_actor, find_place
from pipeline.imports.table import Row
from pipeline.records import Count, Place, When

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_LONGEST = 2000  # characters of text


def read_row(row: Row, codebook: Codebook) -> Found:
    """What the row says; what it cannot say is in its problems."""
    code = row.whole("type_of_violence")
    kind = codebook.types.get(str(code))
    if kind is None:
        row.complain("type_unknown", text=row.text("type_of_violence") or "")
        kind = next(iter(codebook.types.values()))
    sides = [row.text("side_a"), row.text("side_b")]
    number = row.text("id")
    name = kind.name or codebook.name
    said = [row.text("dyad_name") or " – ".join(side for side in sides if side), row.text("where_description"),
            row.text("source_headline", "source_article")]  # fmt: skip
    when = _read_when(row, codebook)
    low, best, high = (row.whole(column if row.text(column) else f"{column}_est") for column in ("low", "best", "high"))
    days = [day for day in map(read_day, _DAY.findall(row.text("source_date") or "")) if day]
    return Found(
        id=number.removesuffix(".0") if number else None,
        text=f"{name}: {'. '.join(part for part in said if part)}"[:_LONGEST],
        kind=name,
        type=kind,
        acled=None,
        title=row.text("conflict_name", "dyad_name"),
        outlet=row.text("source_office"),
        published=min(days) if days else None,
        when=when,
        date_code=f"date_prec {row.text('date_prec') or '?'}",
        place=_read_place(row, codebook),
        place_code=f"where_prec {row.text('where_prec') or '?'}",
        actors=tuple(
            (find_actor(ally.strip()), role)
            for side, role in zip(sides, kind.roles, strict=True)
            if side
            for ally in side.split(",")
        ),  # "GATIA, MSA": groups that fight together
        fatalities=Count(low, best, high) if any(figure is not None for figure in (low, best, high)) else None,
    )


def _read_when(row: Row, codebook: Codebook) -> When | None:
    first, last = row.day("date_start"), row.day("date_end")
    code = row.whole("date_prec")
    dating = codebook.dates.get(code or 0)
    if first is None or last is None or first > last or last == date.max:
        row.complain("undated")
        return None
    if dating is None:
        row.complain("code", column="date_prec", text=row.text("date_prec") or "")
    one_day = first == last
    precision = dating.precision if dating else "range"
    if precision == "day" and not one_day:
        precision = "multi-day"
    elif precision == "multi-day" and one_day:
        precision = "day"  # and approximate: a day or two off
    return When(first, last + timedelta(days=1), precision, dating.approximate and one_day if dating else True)


def _read_place(row: Row, codebook: Codebook) -> Place | None:
    lat, lon = row.real("latitude", -90, 90), row.real("longitude", -180, 180)
    placing = codebook.places.get(row.whole("where_prec") or 0)
    if placing is None:
        row.complain("code", column="where_prec", text=row.text("where_prec") or "")
    if lat is None or lon is None or placing is None:
        row.complain("unplaced")
        return None
    country = country_of(row.text("country"))
    return find_place(codebook.origin, row.text("where_coordinates"), country, row.text("adm_1"), lat, lon, placing)
