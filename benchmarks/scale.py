"""How reports spread over processes: wall time, processor time and memory for one and several workers.

    python -m benchmarks.scale [--documents 20000] [--workers 1 2] [--keep FOLDER] REPORTS...

REPORTS are texts (or folders of them) whose articles are varied: another day, another number in front, so that each is
a report of its own and none is a copy. The start of the workers, some seconds, is part of the time.
Printed per number of workers: seconds on the clock, seconds of processor time that the workers spent on reports, and a
report; the memory that a worker and the caller, in which the scheduler runs, held at most in the first fifth of the run
and in all of it, which tells whether it grows; and against the first line speed-up and efficiency (processor time of
one over all).
"""

from __future__ import annotations

import argparse
import contextlib
import json
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
    """Looks now and then how much this process and those below it hold, in MB."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.samples: list[tuple[float, float]] = []  # the caller, the largest worker
        self.over = threading.Event()

    def run(self) -> None:
        own = psutil.Process()
        while not self.over.wait(0.5):
            held = [0.0]
            for child in own.children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    held.append(child.memory_info().rss / 1e6)
            self.samples.append((own.memory_info().rss / 1e6, max(held)))

    def most(self) -> str:
        """Of workers and of the caller: at most in the first fifth, and in all."""
        first = self.samples[: max(1, len(self.samples) // 5)]
        return " | ".join(
            f"{max((sample[place] for sample in part), default=0):.0f}"
            for place in (1, 0)
            for part in (first, self.samples)
        )


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
        print(
            "| documents | workers | s | processor s | ms each | MB a worker, first fifth | all "
            "| MB caller with scheduler, first fifth | all | speed-up | efficiency |"
        )
        print("| --: " * 11 + "|")
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
            print(
                f"| {done.documents} | {workers} | {seconds:.1f} | {done.seconds:.1f} | "
                f"{1000 * done.seconds / max(1, done.documents):.1f} | {memory.most()} | "
                f"{first[0] / seconds:.2f} | {first[1] / done.seconds:.2f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
