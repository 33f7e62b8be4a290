"""What a row of an imported file says, before it becomes an event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipeline.imports.codebook import Kind
from pipeline.records import Actor, ActorRole, Count, Place, When


@dataclass(frozen=True, slots=True)
class Found:
    """``text`` begins with ``kind``, what the data set calls this type of event. ``acled`` is its name in ACLED's
    codebook, where it has one."""

    id: str | None
    text: str
    kind: str
    type: Kind
    acled: str | None
    title: str | None
    outlet: str | None
    published: date | None
    when: When | None
    date_code: str
    place: Place | None
    place_code: str
    actors: tuple[tuple[Actor, ActorRole], ...]
    fatalities: Count | None
