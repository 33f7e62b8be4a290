"""Reports with ready events, for tests of the store that need many and no reading. Run as a program it is a process
that adds some to a store, batch by batch, so that it can be killed: ``made_events.py FOLDER COUNT SEED``."""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pipeline.records import Actor, Count, Document, Event, Participation, Place, Problem, Span, When

NOW = datetime(2025, 12, 21, tzinfo=UTC)
TEXT = "Am Sonntag geschah etwas. Und dann geschah noch etwas anderes."
ACTORS = [Actor(f"{c.lower()}-mil", c, c, "MIL") for c in ("RUS", "UKR")] + [Actor("somebody", "Jemand", None, "REB")]
PLACES = [
    Place("t:a", "A", "UKR", "Nord", 50.0, 36.2, "city", 25),
    Place("t:b", "B", "UKR", "Nord", 50.1, 36.4, "village", 15),  # within the radius of A
    Place("t:n", "Nord", "UKR", "Nord", 51.9, 37.9, "adm1", 300),  # A and B within its radius, cells away
    Place("t:d", "D", "FJI", None, -17.0, 179.95, "city", 60),
    Place("t:e", "E", "FJI", None, -17.0, -179.9, "village", 15),  # across the antimeridian
    Place("t:u", "U", "UKR", None, 49.0, 32.0, "country", 500),
]


def make_documents(number: int, seed: int, days: int = 5) -> list[Document]:
    """Reports of a few events each, drawn from few days, places and actors, so that many are one."""
    draw = random.Random(seed)
    documents = []
    for key in range(number):
        events = []
        for place in range(draw.randint(0, 3)):
            start = date(2025, 1, 1) + timedelta(days=draw.randint(0, days - 1))
            length = draw.choice([1, 1, 1, 2, 5, 9])
            when = When(start, start + timedelta(days=length), draw.choice(["day", "night", "week"]))
            count = draw.choice([None, 4, 4, 7])
            events.append(
                Event(
                    f"e{key:03}-{place}", f"d{key:03}", draw.choice(["ASSAULT", "ASSAULT", "CONSULT", "OTHER"]),
                    draw.choice([None, "flood"]), None, draw.choice([Span(0, 25), Span(0, 25), Span(26, 63)]),
                    Span(11, 18),
                    draw.choice([when, when, when, None]), "explicit", False, None,
                    tuple(draw.sample(PLACES, draw.choice([0, 1, 1, 2]))),
                    tuple(Participation(a, "actor") for a in draw.sample(ACTORS, draw.choice([0, 1, 1, 2]))),
                    draw.choice(["happened", "claimed", "planned"]), None,
                    Count(count, count, count) if count else None, None, round(draw.random(), 3), (),
                )
            )  # fmt: skip
        problems = (Problem("times", "nichts"),) if key % 7 == 0 else ()
        documents.append(
            Document(f"d{key:03}", TEXT, "de", date(2025, 2, 1), "given", events=tuple(events), problems=problems)
        )
    return documents


def print_copies(documents: list[Document], outlets: int = 3) -> list[Document]:
    """The same reports, but each text is printed by several: what these tell stays their own."""
    return [
        replace(document, text=" ".join([TEXT, *(f"Wort{key // outlets}x{n}" for n in range(20)), f"Blatt{key}"]))
        for key, document in enumerate(documents)
    ]


def main(folder: str, count: str, seed: str) -> None:
    from pipeline.store import Store

    store = Store(Path(folder))
    print("ready", flush=True)
    store.add(print_copies(make_documents(int(count), int(seed))), now=NOW, batch=4)
    print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
