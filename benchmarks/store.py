"""Time and memory of questions to a store of made events, small and large in one run.

    python -m benchmarks.store [--events 300 1000000] [--keep FOLDER]

The events are written into the store's tables as adding reports would, eight to a report, but not read from texts:
places, actors, types and days are drawn so that they spread as in the news, some places and actors far more often.
"""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pipeline.records import Actor, Count, Document, Event, Participation, Place, Reason, Span, When

NOW = datetime(2026, 1, 1, tzinfo=UTC)
EVENTS_A_REPORT = 8
TEXT = "Bei einem Angriff auf {place} sind am Sonntag nach Angaben der Behörden {dead} Menschen getötet worden ({n})."
TYPES = ("ASSAULT", "ASSAULT", "ASSAULT", "COERCE", "CONSULT", "PROTEST", "ACCUSE", "AID", "RETREAT", "STATEMENT")
COUNTRIES = ("UKR", "RUS", "SDN", "SYR", "ISR", "PSE", "MMR", "COD", "MLI", "YEM", "ETH", "LBN")
FIRST = date(2006, 1, 1)
DAYS = 20 * 365


def make_places(draw: random.Random) -> list[Place]:
    """Three thousand places in twelve countries."""
    places = []
    for number in range(3000):
        country = COUNTRIES[int(draw.paretovariate(0.8)) % len(COUNTRIES)]
        lat, lon = draw.uniform(-35, 60), draw.uniform(-20, 120)
        precision, radius = draw.choice([("city", 25.0), ("city", 25.0), ("village", 15.0), ("adm1", 120.0)])
        name = f"Ort {number}"
        admin1 = f"Gebiet {number % 40}"
        places.append(Place(f"made:{number}", name, country, admin1, lat, lon, precision, radius))  # type: ignore[arg-type]
    return places


def make_documents(number: int, seed: int = 1) -> Iterator[Document]:
    """Reports with ``number`` events in all."""
    draw = random.Random(seed)
    places = make_places(draw)
    actors = [Actor(f"made-{n}", f"Gruppe {n}", COUNTRIES[n % len(COUNTRIES)], "REB") for n in range(300)]
    reason = (
        Reason("events.trigger_verb", (("word", "Angriff"), ("rule", "made"))),
        Reason("events.date_own", (("expression", "am Sonntag"),)),
    )
    for key in range(0, number, EVENTS_A_REPORT):
        published = FIRST + timedelta(days=int(DAYS * draw.random() ** 0.6))
        events, sentences = [], []
        for place_in_report in range(min(EVENTS_A_REPORT, number - key)):
            where = places[int(draw.paretovariate(0.4)) % len(places)]
            start = published - timedelta(days=draw.randint(0, 6))
            length = draw.choice([1, 1, 1, 1, 2, 7, 30])
            when = When(start, start + timedelta(days=length), "day" if length == 1 else "range")
            dead = draw.choice([None, None, None, 1, 2, 8])
            sentence = TEXT.format(place=where.name, dead=dead or "einige", n=key + place_in_report)
            begin = sum(len(other) + 1 for other in sentences)
            sentences.append(sentence)
            who = [actors[int(draw.paretovariate(0.5)) % len(actors)] for _ in range(draw.choice([0, 1, 2]))]
            events.append(
                Event(
                    f"made-{key + place_in_report}", f"made-{key}", draw.choice(TYPES), None, None,  # type: ignore[arg-type]
                    Span(begin, begin + len(sentence)), Span(begin + 10, begin + 17),
                    when if draw.random() > 0.05 else None, "explicit", False, None,
                    (where,) if draw.random() > 0.15 else (),
                    tuple(Participation(actor, role) for actor, role in zip(who, ("actor", "target"), strict=False)),  # type: ignore[arg-type]
                    draw.choice(["happened", "happened", "happened", "claimed", "planned"]), None,  # type: ignore[arg-type]
                    Count(dead, dead, dead) if dead else None, None, round(draw.random(), 2), reason,
                )
            )  # fmt: skip
        yield Document(
            f"made-{key}", " ".join(sentences), "de", published, "given", f"Bericht {key}", f"Zeitung {key % 50}",
            events=tuple(events),
        )  # fmt: skip


def make_store(folder: Path, events: int) -> float:
    """Fill a store; returns the seconds it took to write."""
    from pipeline.store import Store

    store = Store(folder)
    begin = time.perf_counter()
    store.add(make_documents(events), now=NOW, batch=5000)
    return time.perf_counter() - begin


def measure(folder: Path) -> list[tuple[str, float]]:
    """Seconds of each question, the best of three, and megabytes of memory at the end."""
    from pipeline.records import Filter
    from pipeline.store import Store

    shutil.rmtree(folder / "current", ignore_errors=True)
    begin = time.perf_counter()
    Store(folder).count()
    figures = [("first question, copy made from the tables", time.perf_counter() - begin)]
    begin = time.perf_counter()
    store = Store(folder)
    store.count()
    figures.append(("first question of another process", time.perf_counter() - begin))
    some = Filter(types=("ASSAULT",), countries=("UKR",), first=date(2020, 1, 1), last=date(2024, 12, 31))
    questions: dict[str, Callable[[], object]] = {
        "count, no filter": store.count,
        "count, type and country and period": lambda: store.count(some),
        "count, actor in a role": lambda: store.count(Filter(actors=("made-1",), roles=("target",))),
        "count, words in the text": lambda: store.count(Filter(text="Ort 77 ")),
        "totals": store.totals,
        "facets, no filter": store.facets,
        "facets, type and country and period": lambda: store.facets(some),
        "overview, months by actor": store.overview,
        "pairs of actors": store.pairs,
        "overview, weeks by place, filtered": lambda: store.overview(some, by="week", lanes="place"),
        "bins of the map, zoom 2": lambda: store.place_bins(zoom=2),
        "bins of the map, places, filtered": lambda: store.place_bins(some),
        "page of 100, by date": store.page,
        "page of 100, by fatalities, from row 200": lambda: store.page(offset=200, order="fatalities", descending=True),
        "one report": lambda: store.document("made-8"),
    }
    for name, ask in questions.items():
        times = []
        for _ in range(3):
            begin = time.perf_counter()
            ask()
            times.append(time.perf_counter() - begin)
        figures.append((name, min(times)))
    begin = time.perf_counter()
    store.add(list(make_documents(400, seed=2))[25:], now=NOW)
    store.count()
    figures.append(("25 reports with 200 events added and seen", time.perf_counter() - begin))
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description="Time and memory of questions to a store of made events.")
    parser.add_argument("--events", type=int, nargs="+", default=[300, 1_000_000])
    parser.add_argument("--keep", type=Path, help="folder to keep the stores in (one that is there is used)")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        for name, seconds in measure(options.measure):
            print(f"{name}\t{seconds:.4f}")
        for name, who in (
            ("memory, MB", resource.RUSAGE_SELF),
            ("the same, making the copy", resource.RUSAGE_CHILDREN),
        ):
            print(f"{name}\t{resource.getrusage(who).ru_maxrss / 1024:.0f}")
        return
    columns: list[dict[str, str]] = []
    with tempfile.TemporaryDirectory() as scratch:
        for events in options.events:
            folder = (options.keep or Path(scratch)) / f"store-{events}"
            column = {}
            if not folder.exists():
                column["written from records, without reading texts"] = f"{make_store(folder, events):.4f}"
            answer = subprocess.run(
                [sys.executable, "-m", "benchmarks.store", "--measure", str(folder)],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            column |= dict(line.split("\t") for line in answer.stdout.splitlines())
            columns.append(column)
    print("| seconds | " + " | ".join(f"{events:,} events" for events in options.events) + " |")
    print("| --- |" + " ---: |" * len(columns))
    for name in columns[-1]:
        print(f"| {name} | " + " | ".join(column.get(name, "") for column in columns) + " |")


if __name__ == "__main__":
    main()
