"""A filter as SQL: conditions with the values bound to them. Nothing a user typed is ever part of the SQL."""

from __future__ import annotations

from typing import Any, Final

from pipeline.records import Filter

_DATED: Final = "(date_start IS NOT NULL OR date_end IS NOT NULL)"
# Joined: a list of thousands of ids would be gone through for every event.
_MEMBER: Final = (
    "number IN (SELECT number FROM (SELECT number, id AS member FROM event UNION ALL "
    "SELECT number, unnest(members) FROM event WHERE len(members) > 1) WHERE member IN (SELECT unnest(?)))"
)
_OUTLET: Final = (
    "number IN (SELECT number FROM mark JOIN value USING (kind, code) "
    "WHERE value.kind = 'outlet' AND list_contains(?, value.id))"
)
# Fields that hold alternatives -> their condition.
_ANY: Final = {
    "places": "list_has_any(place_ids, ?)",
    "countries": "list_has_any(countries, ?)",
    "regions": "list_has_any(regions, ?)",
    "documents": "list_has_any(sources, ?)",
    "events": _MEMBER,
    "types": "list_contains(?, type)",
    "modalities": "list_contains(?, modality)",
    "precisions": "list_contains(?, precision)",
    "place_precisions": "list_contains(?, place_precision)",
    "origins": "list_contains(?, origin)",
    "outlets": _OUTLET,
}
# Fields that hold one value -> their condition.
_ONE: Final = {
    "first": f"({_DATED} AND (date_end IS NULL OR date_end >= ?))",
    "last": f"({_DATED} AND (date_start IS NULL OR date_start <= ?))",
    "fatalities": "coalesce(fatalities_best, fatalities_low, fatalities_high) >= ?",
    "confidence": "confidence >= ?",
}
# An event can be corrected and then confirmed; it is both.
_REVIEWS: Final = {
    "corrected": "(len(changed) > 0 AND review IS DISTINCT FROM 'rejected')",
    "confirmed": "review = 'confirmed'",
    "rejected": "review = 'rejected'",
    "none": "review IS NULL",
}
_WITH: Final = {"located": "len(place_ids) > 0", "dated": _DATED, "named": "len(actor_ids) > 0"}


def choose(wanted: Filter) -> tuple[str, list[Any]]:
    """The events of a filter as what stands behind FROM, with its values."""
    parts: list[str] = []
    values: list[Any] = []

    def add(part: str, *bound: Any) -> None:
        parts.append(part)
        values.extend(bound)

    for name, part in _ANY.items():
        if chosen := getattr(wanted, name):
            add(part, list(chosen))
    for name, part in _ONE.items():
        if (least := getattr(wanted, name)) is not None:
            add(part, least)
    for name, part in _WITH.items():
        if (asked := getattr(wanted, name)) is not None:
            add(part if asked else f"NOT ({part})")
    if wanted.roles:
        ids = "list_contains(?, item.actor_id) AND " if wanted.actors else ""
        bound = [list(wanted.actors)] if wanted.actors else []
        add(f"len(list_filter(actors, lambda item: {ids}list_contains(?, item.role))) > 0", *bound, list(wanted.roles))
    elif wanted.actors:
        add("list_has_any(actor_ids, ?)", list(wanted.actors))
    if wanted.bounds is not None:
        inside, edges = within(wanted.bounds)
        add(f"len(list_filter(places, lambda item: {inside})) > 0", *edges)
    if wanted.begins is not None:
        add("coalesce(date_start, date_end) BETWEEN ? AND ?", *wanted.begins)
    if wanted.text and wanted.text.strip():
        add("contains(search, ?)", wanted.text.strip().casefold())
    if not wanted.extracted:
        reviews = [_REVIEWS[review] for review in wanted.reviews if review in _REVIEWS]
        add(f"({' OR '.join(reviews)})" if reviews else "review IS DISTINCT FROM 'rejected'")
    table = "extracted" if wanted.extracted else "seen"
    return f"{table} WHERE {' AND '.join(parts) or 'true'}", values


def within(bounds: tuple[float, float, float, float], place: str = "item") -> tuple[str, list[float]]:
    """The condition that a place lies inside bounds (``records.Filter``), with its values."""
    west, south, east, north = bounds
    across = f"{place}.lon >= ? AND {place}.lon < ?" if west <= east else f"({place}.lon >= ? OR {place}.lon < ?)"
    return f"{across} AND {place}.lat >= ? AND {place}.lat < ?", [west, east, south, north]
