"""A row of an ACLED export (https://acleddata.com/acled-codebook)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from pipeline.imports.codebook import Codebook
from pipeline.imports.found import Found
from pipeline.imports.names import country_of, find_actor, find_place
from pipeline.imports.table import Row
from pipeline.records import Count, Place, When

_LONGEST = 5000  # characters of text


def read_row(row: Row, codebook: Codebook) -> Found:
    """What the row says; what it cannot say is in its problems."""
    family, name = row.text("event_type"), row.text("sub_event_type")
    kind = codebook.types.get(name or "") or codebook.families.get(family or "")
    if kind is None:
        row.complain("type_unknown", text=name or family or "")
        kind = codebook.families["Strategic developments"]
    label = name or family or codebook.name
    sides = [row.text("actor1"), row.text("actor2")]
    helpers = [row.text(f"assoc_actor_{side}", f"ally_actor_{side}") for side in (1, 2)]
    actors = [(find_actor(side), role) for side, role in zip(sides, kind.roles, strict=True) if side]
    for names, role in zip(helpers, kind.roles, strict=True):
        actors += [(find_actor(other.strip()), role) for other in (names or "").split(";") if other.strip()]
    dead = row.whole("fatalities")
    said = row.text("notes") or ", ".join(part for part in (*sides, row.text("location")) if part)
    return Found(
        id=row.text("event_id_cnty"),
        text=f"{label}: {said}"[:_LONGEST],
        kind=label,
        type=kind,
        acled=f"{family}:{name}" if family and name else None,
        title=f"{label}, {row.text('location') or row.text('country') or codebook.name}",
        outlet=row.text("source"),
        published=None,
        when=_read_when(row, codebook),
        date_code=f"time_precision {row.text('time_precision') or '?'}",
        place=_read_place(row, codebook),
        place_code=f"geo_precision {row.text('geo_precision') or '?'}",
        actors=tuple(dict.fromkeys(actors)),
        fatalities=None if dead is None else Count(None, dead, None),
    )


def _read_when(row: Row, codebook: Codebook) -> When | None:
    day = row.day("event_date")
    if day is None or day.year in (date.min.year, date.max.year):
        row.complain("undated")
        return None
    dating = codebook.dates.get(row.whole("time_precision") or 0)
    if dating is None:
        row.complain("code", column="time_precision", text=row.text("time_precision") or "")
        dating = codebook.dates[max(codebook.dates)]  # the widest: nothing is claimed that is not known
    first, days = day, 1
    if dating.interval == "week":
        first, days = day - timedelta(days=day.weekday()), 7
    elif dating.interval == "month":
        first, days = day.replace(day=1), monthrange(day.year, day.month)[1]
    return When(first, first + timedelta(days=days), dating.precision, dating.approximate)


def _read_place(row: Row, codebook: Codebook) -> Place | None:
    lat, lon = row.real("latitude", -90, 90), row.real("longitude", -180, 180)
    placing = codebook.places.get(row.whole("geo_precision") or 0)
    if placing is None:
        row.complain("code", column="geo_precision", text=row.text("geo_precision") or "")
        placing = codebook.places[max(codebook.places)]
    if lat is None or lon is None:
        row.complain("unplaced")
        return None
    country = country_of(row.text("country"))
    return find_place(codebook.origin, row.text("location"), country, row.text("admin1"), lat, lon, placing)
