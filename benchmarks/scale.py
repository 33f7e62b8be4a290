"""How reports spread over processes: wall time, processor time and memory for one and several workers.

    python -m benchmarks.scale [--documents 20000] [--workers 1 2] [--keep FOLDER] REPORTS...

REPORTS are texts (or folders of them) whose articles are varied: another day, another number in front, so that each is
a report of its own and none is a copy. The start of the workers, some seconds, is part of the time.
Printed per number of workers: seconds on the clock, seconds of processor time that the workers spent on reports, the
most memory that a worker held, and against the first line speed-up and efficiency (processor time of one over all).
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import psutil

from pipeline import gazetteer, ingest, scale
from pipeline.ingest import Known
from pipeline.records import Document
from pipeline.scale import parts


def vary(articles: list[Document], number: int) -> Iterator[dict[str, str]]:
    """As many reports as wanted, made of a few: each told on another day and headed with its number."""
    for i in range(number):
        article = articles[i % len(articles)]
        day = (article.published or date(2025, 12, 20)) - timedelta(days=i // len(articles))
        yield {"id": f"b{i}", "text": f"Meldung {i}.\n{article.text}", "published": day.isoformat()}


class Memory(threading.Thread):
    """Looks now and then how much the processes below this one hold; ``most`` of any, in MB."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most = 0.0
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(1.0):
            for child in psutil.Process().children(recursive=True):
                try:
                    self.most = max(self.most, child.memory_info().rss / 1e6)
                except psutil.Error:
                    continue


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("reports", nargs="+", type=Path)
    arguments.add_argument("--documents", type=int, default=20_000)
    arguments.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    arguments.add_argument("--keep", type=Path, help="folder for the stores (default: a temporary one)")
    options = arguments.parse_args()
    warnings.simplefilter("ignore")
    gazetteer.load()
    found = [item for file in ingest.find_files(options.reports) for item in ingest.read_file(file, Known())]
    articles = [item for item in found if isinstance(item, Document)]
    parts.BYTES = 200_000
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        lines = folder / "reports.jsonl"
        with lines.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in vary(articles, options.documents))
        print("| documents | workers | s | processor s | ms each | MB a worker | MB caller | speed-up | efficiency |")
        print("| --: | --: | --: | --: | --: | --: | --: | --: | --: |")
        first: tuple[float, float] | None = None
        for workers in options.workers:
            memory = Memory()
            memory.start()
            start = time.monotonic()
            done = scale.run_parts(
                scale.find_parts([str(lines)]), Known(), folder / f"store-{workers}", workers=workers
            )
            seconds = time.monotonic() - start
            memory.over.set()
            first = first or (seconds, done.seconds)
            own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
            print(
                f"| {done.documents} | {workers} | {seconds:.1f} | {done.seconds:.1f} | "
                f"{1000 * done.seconds / max(1, done.documents):.1f} | {memory.most:.0f} | {own:.0f} | "
                f"{first[0] / seconds:.2f} | {first[1] / done.seconds:.2f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
