"""Instants as the readers of a language have them on their clocks."""

from __future__ import annotations

from datetime import datetime

from pipeline import language


def in_zone(moment: datetime, code: str) -> datetime | None:
    """An instant in the zone in which a language is read; ``None`` beyond the calendar."""
    from dateutil.zoneinfo import get_zonefile_instance  # its own table: the same on every machine

    zone = get_zonefile_instance().get(language.words(code, "layout")["zone"])
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return None


def read_moment(stamp: object, code: str) -> datetime | None:
    """An instant (ISO 8601) on the clock of the language's zone, if it is written in UTC, else on the writer's own."""
    try:
        moment = datetime.fromisoformat(str(stamp).strip())
    except ValueError:
        return None
    offset = moment.utcoffset()
    local = in_zone(moment, code) if offset is not None and not offset else moment
    return local.replace(tzinfo=None) if local is not None else None
