"""Questions to the stored events, each one query over ``seen`` (a row an event) and ``latest`` (a row a report).

Sums, counts and bins are made here, so that a view of a million events moves a few thousand rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, NamedTuple, TypeAlias, get_args

import pandas as pd

from pipeline.records import Filter
from pipeline.store.conditions import choose, within

Query: TypeAlias = Callable[[str, list[Any]], Any]  # SQL and its values -> a DuckDB result
Period: TypeAlias = Literal["day", "week", "month", "quarter", "year", "decade", "century"]
Lanes: TypeAlias = Literal["actor", "place", "type", "country", "origin"]
Order: TypeAlias = Literal["date", "place", "type", "actors", "modality", "fatalities", "injured", "confidence"]

# From the closest precision of a place to the widest.
WORST: Final = ("site", "village", "city", "lake", "river", "border", "district", "adm1", "region", "sea", "country")
_DAY: Final = "coalesce(date_start, date_end)"
_ORDERS: Final[dict[str, str]] = {
    "date": _DAY,
    "place": "place",
    "type": "type",
    "actors": "nullif(actor_names, '')",
    "modality": "modality",
    "fatalities": "coalesce(fatalities_best, fatalities_low, fatalities_high)",
    "injured": "coalesce(injured_best, injured_low, injured_high)",
    "confidence": "confidence",
}
_LANES: Final[dict[str, str]] = {
    "actor": "SELECT id AS event, {rest}, unnest(list_distinct(list_transform(actors, "
    "lambda item: {{'id': item.actor_id, 'name': item.name}}))) AS item FROM kept",
    "place": "SELECT id AS event, {rest}, unnest(list_distinct(list_transform(places, "
    "lambda item: {{'id': item.place_id, 'name': item.name}}))) AS item FROM kept",
    "type": "SELECT id AS event, {rest}, {{'id': type, 'name': type}} AS item FROM kept",
    "country": "SELECT event, * EXCLUDE (event, code), {{'id': code, 'name': code}} AS item FROM "
    "(SELECT id AS event, {rest}, unnest(list_distinct(countries)) AS code FROM kept)",
    "origin": "SELECT id AS event, {rest}, {{'id': origin, 'name': origin}} AS item FROM kept",
}
_LISTS: Final = (
    "places", "actors", "place_ids", "countries", "regions", "actor_ids", "members", "sources", "changed",
)  # fmt: skip
_LIST_OF: Final = {"actor": "actors", "place": "places", "country": "countries"}


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


@dataclass(frozen=True, slots=True)
class Overview:
    """Events counted by lane and period. ``lanes``: ``id``, ``name``, ``events``, the fullest first; the last one has
    no id and is named ``None`` where events have no value (nobody, nowhere) or share the lane of the rest (id
    ``"…"``). ``counts``: ``lane`` (position in ``lanes``), ``period`` (its first day), ``events``, ``type`` (the
    commonest), ``types`` (how many of each type), ``fatalities`` (of what happened; never of a running total).
    ``others`` is how many values the lane of the rest holds, ``undated`` how many events have no day."""

    lanes: pd.DataFrame
    counts: pd.DataFrame
    others: int
    undated: int


def find_events(query: Query, wanted: Filter, limit: int | None) -> pd.DataFrame:
    chosen, values = choose(wanted)
    sql = f"SELECT * EXCLUDE (search) FROM {chosen} ORDER BY date_start NULLS LAST, id"
    return typed(query(sql + (f" LIMIT {int(limit)}" if limit is not None else ""), values).df())


def find_page(query: Query, wanted: Filter, offset: int, limit: int, order: Order, descending: bool) -> pd.DataFrame:
    chosen, values = choose(wanted)
    direction = "DESC" if descending else "ASC"
    table = chosen.partition(" ")[0]
    # The ids first: sorting a million wide rows for the sake of fifty would take seconds.
    inner = f"SELECT id FROM {chosen} ORDER BY {_ORDERS[order]} {direction} NULLS LAST, id LIMIT ? OFFSET ?"
    ids = [row[0] for row in query(inner, [*values, int(limit), int(offset)]).fetchall()]
    frame = typed(query(f"SELECT * EXCLUDE (search) FROM {table} WHERE list_contains(?, id)", [ids]).df())
    return frame.set_index("id", drop=False).reindex(ids).reset_index(drop=True)


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Days as ``datetime64`` (``NaT`` when not known), numbers of people as ``Int64``, lists as lists."""
    for column in ("date_start", "date_end", "published"):
        frame[column] = pd.to_datetime(frame[column]).astype("datetime64[s]")
    for column in frame.columns:
        if column.startswith(("fatalities_", "injured_")):
            frame[column] = frame[column].astype("Int64")
    for column in ("review", "revision"):
        frame[column] = frame[column].astype(object).where(frame[column].notna(), None)
    for column in _LISTS:
        frame[column] = [list(cell) if cell is not None else [] for cell in frame[column]]
    return frame


def count_events(query: Query, wanted: Filter) -> int:
    chosen, values = choose(wanted)
    (number,) = query(f"SELECT count(*) FROM {chosen}", values).fetchone()
    return int(number)


def find_totals(query: Query, wanted: Filter) -> Totals:
    chosen, values = choose(wanted)
    row = query(
        f"SELECT count(*), count(*) FILTER (len(place_ids) = 0), count(*) FILTER ({_DAY} IS NULL), min({_DAY}), "
        f"max(coalesce(date_end, date_start)) FROM {chosen}",
        values,
    ).fetchone()
    return Totals(*row)


def find_facets(query: Query, wanted: Filter, most: int) -> Facets:
    chosen, values = choose(wanted)
    unnested = "SELECT unnest({0}) AS item, id AS event FROM kept"
    items = (
        "SELECT item.{0} AS id, any_value(item.name) AS name, count(DISTINCT event) AS events "
        f"FROM ({unnested.format('{1}')}) WHERE item.{{0}} IS NOT NULL GROUP BY 1"
    )
    codes = f"SELECT item AS id, item AS name, count(DISTINCT event) AS events FROM ({unnested}) GROUP BY 1"
    plain = "SELECT {0} AS id, {0} AS name, count(*) AS events FROM kept WHERE {0} IS NOT NULL GROUP BY 1"
    selects = {
        "actors": items.format("actor_id", "actors"),
        "places": items.format("place_id", "places"),
        "countries": codes.format("countries"),
        "regions": codes.format("regions"),
        "roles": "SELECT item.role AS id, item.role AS name, count(DISTINCT event) AS events "
        f"FROM ({unnested.format('actors')}) GROUP BY 1",
        "documents": "SELECT latest.id, any_value(coalesce(title, source, latest.id)) AS name, count(*) AS events "
        "FROM (SELECT unnest(sources) AS report FROM kept) JOIN latest ON latest.id = report GROUP BY 1",
        "types": plain.format("type"),
        "modalities": plain.format("modality"),
        "precisions": plain.format("precision"),
        "place_precisions": plain.format("place_precision"),
        "origins": plain.format("origin"),
        "outlets": plain.format("source"),
    }
    tables: dict[str, pd.DataFrame] = {}
    sizes: dict[str, int] = {}
    for name, select in selects.items():
        found = query(
            f"WITH kept AS (SELECT * FROM {chosen}), facet AS ({select}) "
            "SELECT *, count(*) OVER () AS size FROM facet ORDER BY events DESC, name, id LIMIT ?",
            [*values, most],
        ).df()
        sizes[name] = int(found["size"].iloc[0]) if len(found) else 0
        tables[name] = found.drop(columns="size")
    totals = find_totals(query, wanted)
    return Facets(**tables, values=sizes, first=totals.first, last=totals.last)


def find_overview(query: Query, wanted: Filter, by: Period, lanes: Lanes, most: int) -> Overview:
    if by not in get_args(Period) or lanes not in _LANES:
        raise ValueError(f"There is no overview by {by!r} and {lanes!r}.")
    chosen, values = choose(wanted)
    rest = (
        f"date_trunc('{by}', {_DAY})::DATE AS period, type, CASE WHEN modality = 'happened' AND mode IS DISTINCT FROM "
        "'casualty-toll' THEN coalesce(fatalities_best, fatalities_low) END AS killed"
    )
    unnested = _LANES[lanes].format(rest=rest)
    if lanes in _LIST_OF:  # who has no value at all would be lost in unnesting
        nothing = f"SELECT id AS event, {rest}, {{'id': NULL, 'name': NULL}} AS item FROM kept"
        unnested = f"{unnested} UNION ALL BY NAME {nothing} WHERE len({_LIST_OF[lanes]}) = 0"
    placed = f"WITH kept AS (SELECT * FROM {chosen}), placed AS ({unnested})"
    found = query(
        f"{placed} SELECT item.id AS id, any_value(item.name) AS name, count(DISTINCT event) AS events FROM placed "
        "GROUP BY 1 ORDER BY events DESC, name, id",
        values,
    ).df()
    named = found[found["id"].notna()]
    kept = list(named["id"][: most if len(named) <= most else most - 1])
    counts = query(
        f"{placed}, laned AS (SELECT DISTINCT ON (event, lane) event, period, type, killed, "
        "CASE WHEN item.id IS NULL THEN NULL WHEN list_contains(?, item.id) THEN item.id ELSE '…' END AS lane "
        "FROM placed) SELECT lane AS id, period, sum(n)::BIGINT AS events, arg_max(type, n) AS type, "
        "map_from_entries(list({'k': type, 'v': n} ORDER BY n DESC, type)) AS types, "
        "coalesce(sum(killed), 0)::BIGINT AS fatalities "
        "FROM (SELECT lane, period, type, count(*) AS n, sum(killed) AS killed FROM laned GROUP BY ALL) "
        "GROUP BY 1, 2 ORDER BY 1, 2",
        [*values, kept],
    ).df()
    sums = counts.groupby("id", dropna=False)["events"].sum()
    rows = named[named["id"].isin(kept)].to_dict("records")
    if len(named) > len(kept):
        rows.append({"id": "…", "name": None, "events": int(sums.get("…", 0))})
    if len(found) > len(named):
        rows.append({"id": None, "name": None, "events": int(found.loc[found["id"].isna(), "events"].iloc[0])})
    order = {row["id"]: position for position, row in enumerate(rows)}
    dated = counts[counts["period"].notna()].copy()
    dated.insert(0, "lane", [order[lane if isinstance(lane, str) else None] for lane in dated["id"]])
    dated["period"] = pd.to_datetime(dated["period"]).astype("datetime64[s]")
    dated = dated.drop(columns="id").sort_values(["lane", "period"], ignore_index=True)
    lanes_frame = pd.DataFrame(rows, columns=["id", "name", "events"])
    for column in ("id", "name"):
        lanes_frame[column] = pd.Series([row[column] for row in rows], dtype=object)
    return Overview(lanes_frame, dated, len(named) - len(kept), find_totals(query, wanted).undated)


def find_place_bins(
    query: Query, wanted: Filter, zoom: float | None, bounds: tuple[float, float, float, float] | None, most: int
) -> pd.DataFrame:
    chosen, values = choose(wanted)
    inside = ""
    if bounds is not None:
        outline, edges = within(bounds)
        inside, values = f"WHERE {outline}", [*values, *edges]
    size = None if zoom is None else 45 / 2**zoom  # degrees: eight cells to a side of a map tile
    column, row = ("NULL", "NULL") if size is None else (f"floor(item.lon / {size})", f"floor(item.lat / {size})")
    cell = "place_id" if size is None else "x, y"
    worst = f"[{', '.join(repr(precision) for precision in WORST)}]"
    frame: pd.DataFrame = query(
        f"""
        WITH kept AS (SELECT id, type, places FROM {chosen}),
        located AS (SELECT id AS event, type, unnest(places) AS item FROM kept),
        spots AS (SELECT *, item.place_id AS place_id, {column} AS x, {row} AS y FROM located {inside}),
        place AS (
          SELECT x, y, place_id, any_value(item) AS item, count(*) AS events, mode(type) AS type
          FROM spots GROUP BY x, y, place_id
        ), cell AS (
          SELECT {cell}, arg_max(item, events) AS best, max(list_position({worst}, item.precision)) AS worst,
            max(item.radius_km) AS radius_km, count(*) AS places, arg_max(type, events) AS type
          FROM place GROUP BY {cell}
        ), counted AS (SELECT {cell}, count(DISTINCT event) AS events FROM spots GROUP BY {cell})
        SELECT best.place_id AS place_id, best.name AS name, best.country AS country, best.lat AS lat, best.lon AS lon,
          {worst}[worst] AS precision, radius_km, places, events, type
          {
            ""
            if size is None
            else f", x * {size} AS west, y * {size} AS south, (x + 1) * {size} AS east, (y + 1) * {size} AS north"
        }
        FROM cell JOIN counted USING ({cell}) ORDER BY events DESC, place_id LIMIT ?""",
        [*values, most],
    ).df()
    return frame


def find_reports(query: Query, ids: Iterable[str]) -> pd.DataFrame:
    columns = "id, title, source, url, author, published, published_source"
    sql = f"SELECT {columns} FROM latest WHERE list_contains(?, id) ORDER BY published NULLS LAST, id"
    frame: pd.DataFrame = query(sql, [list(ids)]).df()
    return frame
