"""How often events are right, by how sure the program says it is, and how fast they come.

    python -m benchmarks.events FOLDER SCORER

FOLDER holds articles with gold (``*.json`` beside ``*.txt``: "doc_id", "dct", "events"), SCORER is the module that
compares them (a path; it offers ``align_events``, ``type_ok``, ``date_tol``, ``place_ok``, ``mod_ok``, ``optional``).
Neither is part of this project. An event counts as right when its type, date, place and modality are.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import time
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from pipeline import annotation, process
from pipeline.events.confidence import LEVELS
from pipeline.records import Document


class Level(NamedTuple):
    """Events whose confidence lies in [low, high): how many there are and how many of them are right."""

    low: float
    high: float
    events: int
    right: int

    @property
    def share(self) -> float:
        return self.right / self.events if self.events else 0.0


def load_scorer(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} is no Python module.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def judge(gold: dict[str, Any], answer: dict[str, Any], scorer: ModuleType) -> list[tuple[float, bool]]:
    """Confidence and whether it is right, for each event of one article; one that the gold has not is wrong, one
    that it leaves open is left out."""
    pairs = scorer.align_events(gold["events"], answer["events"], gold["dct"])
    expected = {found: gold["events"][number] for number, found in pairs.items()}
    judged = []
    for number, event in enumerate(answer["events"]):
        wanted = expected.get(number)
        if wanted is None:
            judged.append((event["confidence"], False))
        elif not scorer.optional(wanted):
            same = (scorer.type_ok, scorer.place_ok, scorer.mod_ok)
            right = all(check(wanted, event) for check in same) and scorer.date_tol(wanted, event, gold["dct"])
            judged.append((event["confidence"], bool(right)))
    return judged


def make_table(judged: list[tuple[float, bool]]) -> list[Level]:
    """One row a level of confidence, from the least to the most sure."""
    limits = (0.0, *LEVELS, 1.01)
    return [
        Level(low, high, sum(low <= c < high for c, _ in judged), sum(low <= c < high and right for c, right in judged))
        for low, high in pairwise(limits)
    ]


def measure(folder: Path, scorer: ModuleType) -> list[Level]:
    """The table of reliability over all articles of a folder."""
    judged: list[tuple[float, bool]] = []
    for path in sorted(folder.glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        text = path.with_suffix(".txt").read_text(encoding="utf-8")
        document = process(Document(gold["doc_id"], text, "de", date.fromisoformat(gold["dct"]), "given"))
        judged += judge(gold, annotation.to_dict(document), scorer)
    return make_table(judged)


def measure_speed(texts: Sequence[str], rounds: int = 3) -> float:
    """Kilobytes of text that the whole line reads per CPU second, once its tables are loaded."""
    documents = [Document(str(number), text, "de", date(2025, 1, 1), "given") for number, text in enumerate(texts)]
    for document in documents:
        process(document)
    start = time.process_time()
    for _ in range(rounds):
        for document in documents:
            process(document)
    return rounds * sum(len(text.encode()) for text in texts) / 1000 / (time.process_time() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("scorer", type=Path)
    options = parser.parse_args()
    levels = measure(options.folder, load_scorer(options.scorer))
    speed = measure_speed([path.read_text(encoding="utf-8") for path in sorted(options.folder.glob("*.txt"))])
    print("| confidence | events | right |\n| --- | --: | --: |")
    for level in levels:
        print(f"| {level.low:.1f} to {min(level.high, 1):.1f} | {level.events} | {level.share:.0%} |")
    print(f"\nThe whole line reads {speed:.0f} KB of text per CPU second.")


if __name__ == "__main__":
    main()
