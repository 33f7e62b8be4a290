"""Questions to the stored events, each one query over ``seen`` (a row an event) and ``latest`` (a row a report).

Sums, counts and bins are made here, so that a view of a million events moves a few thousand rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, NamedTuple, TypeAlias

import pandas as pd

from pipeline.records import Filter
from pipeline.store.conditions import choose, within

Query: TypeAlias = Callable[[str, list[Any]], Any]  # SQL and its values -> a DuckDB result
Order: TypeAlias = Literal["date", "place", "type", "actors", "modality", "fatalities", "injured", "confidence"]

# From the closest precision of a place to the widest.
WORST: Final = ("site", "village", "city", "lake", "river", "border", "district", "adm1", "region", "sea", "country")
DAY: Final = "coalesce(date_start, date_end)"
_ORDERS: Final[dict[str, str]] = {
    "date": DAY,
    "place": "place",
    "type": "type",
    "actors": "nullif(actor_names, '')",
    "modality": "modality",
    "fatalities": "coalesce(fatalities_best, fatalities_low, fatalities_high)",
    "injured": "coalesce(injured_best, injured_low, injured_high)",
    "confidence": "confidence",
}
_LISTS: Final = (
    "places", "actors", "place_ids", "countries", "regions", "actor_ids", "members", "sources", "changed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facets:
    """The values that stored events have, each a table with ``id``, ``name`` and ``events`` (how many), most first.
    A table holds at most as many rows as were asked for; ``values`` says how many values there are of each."""

    actors: pd.DataFrame
    places: pd.DataFrame
    countries: pd.DataFrame
    types: pd.DataFrame
    modalities: pd.DataFrame
    documents: pd.DataFrame
    regions: pd.DataFrame
    roles: pd.DataFrame
    precisions: pd.DataFrame
    place_precisions: pd.DataFrame
    origins: pd.DataFrame
    outlets: pd.DataFrame
    values: dict[str, int]
    first: date | None
    last: date | None


class Totals(NamedTuple):
    """How many events pass a filter, how many of them have no place, no date, and the days they cover."""

    events: int
    unplaced: int
    undated: int
    first: date | None
    last: date | None


def find_events(query: Query, wanted: Filter, limit: int | None) -> pd.DataFrame:
    chosen, values = choose(wanted)
    sql = f"SELECT * EXCLUDE (number, search) FROM {chosen} ORDER BY date_start NULLS LAST, id"
    return typed(query(sql + (f" LIMIT {int(limit)}" if limit is not None else ""), values).df())


def find_chunks(query: Query, wanted: Filter, size: int) -> Iterator[pd.DataFrame]:
    chosen, values = choose(wanted)
    # Numbers are never given twice, so what changes meanwhile is left out, not mixed up.
    found = query(f"SELECT number FROM {chosen} ORDER BY date_start NULLS LAST, id", values).fetchall()
    for start in range(0, max(len(found), 1), size):
        numbers = [number for (number,) in found[start : start + size]]
        sql = (
            "SELECT * EXCLUDE (number, layer, search) FROM event WHERE number IN (SELECT unnest(?)) "
            "ORDER BY date_start NULLS LAST, id"
        )
        yield typed(query(sql, [numbers]).df())


def find_page(
    query: Query,
    wanted: Filter,
    offset: int,
    limit: int,
    order: Order,
    descending: bool,
    columns: Sequence[str] | None,
) -> pd.DataFrame:
    chosen, values = choose(wanted)
    direction = "DESC" if descending else "ASC"
    table = chosen.partition(" ")[0]
    # The ids first: sorting a million wide rows for the sake of fifty would take seconds.
    inner = f"SELECT number, id FROM {chosen} ORDER BY {_ORDERS[order]} {direction} NULLS LAST, id LIMIT ? OFFSET ?"
    found = query(inner, [*values, int(limit), int(offset)]).fetchall()
    # Their cells lie all over the table, so each column that is read costs.
    cells = "* EXCLUDE (number, search)" if columns is None else ", ".join(f'"{name}"' for name in columns)
    sql = f"SELECT {cells} FROM {table} WHERE number IN (SELECT unnest(?))"
    frame = typed(query(sql, [[number for number, _ in found]]).df())
    return frame.set_index("id", drop=False).reindex([key for _, key in found]).reset_index(drop=True)


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Days as ``datetime64`` (``NaT`` when not known), numbers of people as ``Int64``, lists as lists, texts
    as ``str``."""
    for column in frame.columns.intersection(["date_start", "date_end", "published"]):
        frame[column] = pd.to_datetime(frame[column]).astype("datetime64[s]")
    for column in frame.columns:
        if column.startswith(("fatalities_", "injured_")):
            frame[column] = frame[column].astype("Int64")
    for column in frame.columns.intersection(list(_LISTS)):
        frame[column] = [list(cell) if cell is not None else [] for cell in frame[column]]
    for column in frame.columns:  # DuckDB takes a column of texts for one of anything where none is known
        if frame[column].dtype == object and frame[column].isna().all():
            frame[column] = frame[column].astype("str")
    for column in frame.columns.intersection(["review", "revision"]):
        frame[column] = frame[column].astype(object).where(frame[column].notna(), None)
    return frame


def count_events(query: Query, wanted: Filter) -> int:
    chosen, values = choose(wanted)
    (number,) = query(f"SELECT count(*) FROM {chosen}", values).fetchone()
    return int(number)


def find_totals(query: Query, wanted: Filter) -> Totals:
    chosen, values = choose(wanted)
    row = query(
        f"SELECT count(*), count(*) FILTER (len(place_ids) = 0), count(*) FILTER ({DAY} IS NULL), min({DAY}), "
        f"max(coalesce(date_end, date_start)) FROM {chosen}",
        values,
    ).fetchone()
    return Totals(*row)


# The kinds of marks (``current``) and the columns of events by which there are facets.
_MARKS: Final = {
    "actor": "actors", "place": "places", "country": "countries", "region": "regions", "role": "roles",
    "document": "documents", "outlet": "outlets",
}  # fmt: skip
_COLUMNS: Final = {
    "type": "types", "modality": "modalities", "precision": "precisions", "place_precision": "place_precisions",
    "origin": "origins",
}  # fmt: skip


def find_facets(query: Query, wanted: Filter, most: int) -> Facets:
    chosen, values = choose(wanted)
    marked = query(
        f"WITH kept AS (SELECT number FROM {chosen}), counted AS ("
        "SELECT code, count(*) AS events FROM mark JOIN kept USING (number) GROUP BY 1) "
        "SELECT kind, id, coalesce(value.name, title, source, id) AS name, counted.events AS events, "
        "count(*) OVER (PARTITION BY kind) AS size FROM counted JOIN value USING (code) "
        "LEFT JOIN latest USING (id) QUALIFY row_number() OVER "
        "(PARTITION BY kind ORDER BY counted.events DESC, name, id) <= ? ORDER BY kind, events DESC, name, id",
        [*values, most],
    ).df()
    columns = ", ".join(_COLUMNS)
    plain = query(
        f"SELECT {columns}, count(*) AS events FROM {chosen} "
        f"GROUP BY GROUPING SETS ({', '.join(f'({column})' for column in _COLUMNS)})",
        values,
    ).df()
    tables: dict[str, pd.DataFrame] = {}
    sizes: dict[str, int] = {}
    for kind, name in _MARKS.items():
        own = marked[marked["kind"] == kind]
        sizes[name] = int(own["size"].iloc[0]) if len(own) else 0
        tables[name] = own[["id", "name", "events"]].reset_index(drop=True)
    for column, name in _COLUMNS.items():
        own = plain[plain[column].notna()].sort_values(["events", column], ascending=[False, True])
        sizes[name] = len(own)
        own = pd.DataFrame({"id": own[column], "name": own[column], "events": own["events"]})
        tables[name] = own.head(most).reset_index(drop=True)
    totals = find_totals(query, wanted)
    return Facets(**tables, values=sizes, first=totals.first, last=totals.last)


def find_place_bins(
    query: Query, wanted: Filter, zoom: float | None, bounds: tuple[float, float, float, float] | None, most: int
) -> pd.DataFrame:
    chosen, values = choose(wanted)
    inside = "true"
    if bounds is not None:
        inside, limits = within(bounds, "place")
        values = [*values, *limits]
    size = 1.0 if zoom is None else 45 / 2**zoom  # degrees: eight cells to a side of a map tile
    cell = ("place_id", "NULL") if zoom is None else (f"floor(lon / {size})", f"floor(lat / {size})")
    outline = ("west", "best.x"), ("south", "best.y"), ("east", "(best.x + 1)"), ("north", "(best.y + 1)")
    edges = "" if zoom is None else "".join(f", {side} * {size} AS {name}" for name, side in outline)
    worst = f"[{', '.join(repr(precision) for precision in WORST)}]"
    frame: pd.DataFrame = query(
        f"""
        WITH kept AS (SELECT number, type FROM {chosen}),
        here AS (
          SELECT number, type, place.*, {cell[0]} AS x, {cell[1]} AS y
          FROM kept JOIN spot USING (number) JOIN place USING (code) WHERE {inside}
        ),
        kind AS (SELECT x, y, code, type, count(*) AS n FROM here GROUP BY ALL),
        sums AS (SELECT x, y, code, sum(n) AS n FROM kind GROUP BY ALL),
        best AS (
          SELECT x, y, arg_max(code, (n, -code)) AS code, max(list_position({worst}, precision)) AS worst,
            max(radius_km) AS radius_km, count(DISTINCT place_id) AS places
          FROM sums JOIN place USING (code) GROUP BY x, y
        ),
        main AS (SELECT x, y, arg_max(type, (n, type)) AS type FROM
          (SELECT x, y, type, sum(n) AS n FROM kind GROUP BY ALL) GROUP BY x, y),
        counted AS (SELECT x, y, count(DISTINCT number) AS events FROM here GROUP BY x, y)
        SELECT place.place_id, place.name, place.country, place.lat, place.lon, {worst}[worst] AS precision,
          best.radius_km, places, events, main.type
          {edges}
        FROM best JOIN place USING (code) JOIN main ON main.x = best.x AND main.y IS NOT DISTINCT FROM best.y
        JOIN counted ON counted.x = best.x AND counted.y IS NOT DISTINCT FROM best.y
        ORDER BY events DESC, place_id LIMIT ?""",
        [*values, most],
    ).df()
    return frame


_REPORT: Final = "id, title, source, url, author, published, published_source"


def find_reports(query: Query, ids: Iterable[str]) -> pd.DataFrame:
    sql = f"SELECT {_REPORT} FROM latest WHERE list_contains(?, id) ORDER BY published NULLS LAST, id"
    frame: pd.DataFrame = query(sql, [list(ids)]).df()
    return frame


def search_reports(query: Query, words: str, most: int) -> pd.DataFrame:
    sql = (
        f"SELECT {_REPORT} FROM latest WHERE contains(lower(concat_ws(' ', title, author, source, url, id)), lower(?)) "
        "ORDER BY added_at DESC, id LIMIT ?"
    )
    frame: pd.DataFrame = query(sql, [words.strip(), most]).df()
    return frame
