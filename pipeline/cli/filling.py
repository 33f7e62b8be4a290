"""``run`` and ``watch``: reports and the articles of feeds are put into the store."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline import ingest, language, process, scale
from pipeline.cli.arguments import Shared, parse_count, parse_minutes, store_folder
from pipeline.cli.streams import load_gazetteer, read, say_progress
from pipeline.cli.upkeep import prepare
from pipeline.errors import InputError
from pipeline.records import Document


def add_commands(commands: Any, shared: Shared) -> None:
    run = commands.add_parser(
        "run", parents=[shared.report, shared.stored], help="read reports and put their events into the store"
    )
    run.add_argument("paths", nargs="+", metavar="PATH", help="files, folders or web addresses")
    run.add_argument("--progress", action="store_true", help="show progress also when this is no terminal")
    run.add_argument("--workers", type=parse_count, metavar="N", help="processes of this machine that share the work")
    run.add_argument("--scheduler", metavar="ADDRESS", help="a Dask scheduler whose workers do it (tcp://host:8786)")
    run.set_defaults(command=run_reports)

    watch = commands.add_parser(
        "watch", parents=[shared.report, shared.stored], help="take the articles of feeds as they appear"
    )
    watch.add_argument("feeds", type=Path, metavar="FEEDS", help="a list of feeds (OPML)")
    watch.add_argument("--once", action="store_true", help="look at each feed that is due once, then end (for cron)")
    watch.add_argument(
        "--every", type=parse_minutes, default=15.0, metavar="MINUTES", help="between two looks at a feed (default: 15)"
    )
    watch.set_defaults(command=watch_feeds)


def run_reports(options: argparse.Namespace) -> int:
    from pipeline.store import Store

    known = ingest.Known(options.published, options.language)
    if options.language and not language.is_known(options.language):
        raise InputError(
            f"There is no language pack for {options.language!r} (there is: {', '.join(language.available())})."
        )
    if options.workers or options.scheduler:
        return _run_on_workers(options, known)
    files = [name for path in options.paths for name in _find_inputs(path)]
    load_gazetteer(options)
    refused: list[str] = []
    problems = 0

    def documents() -> Iterable[Document]:
        nonlocal problems
        for number, file in enumerate(files, 1):
            for found in read(file, known):
                if isinstance(found, InputError):
                    refused.append(str(found))
                    print(f"pipeline: {found}", file=sys.stderr)
                    continue
                document = process(found)
                for problem in document.problems:
                    problems += 1
                    print(f"pipeline: {document.url or file}: {problem.message}", file=sys.stderr)
                yield document
            say_progress(f"\r{number} of {len(files)} files ", options, end="\n" if number == len(files) else "")

    store = Store(store_folder(options.store))
    added = store.add(documents(), now=datetime.now(UTC))
    store.tidy()  # a few reports now and then make many small files, which each run would look into
    prepare(store)
    return _sum_up(added.documents, added.events, added.unchanged, len(refused), problems)


def _find_inputs(path: str) -> Iterable[str]:
    """The files behind a path; an address or a place that fsspec opens stays what it is."""
    if ingest.is_address(path) or scale.is_place(path):
        return [path]
    return map(str, ingest.find_files([Path(path)]))


def _run_on_workers(options: argparse.Namespace, known: ingest.Known) -> int:
    from pipeline.store import Store

    def report(done: scale.Done) -> None:
        say_progress(f"\r{done.documents + done.unchanged} reports ", options, end="")

    parts = list(scale.find_parts(options.paths))
    load_gazetteer(options)  # built once, before the workers open it
    done = scale.run_parts(
        parts,
        known,
        store_folder(options.store),
        workers=options.workers or 1,
        scheduler=options.scheduler,
        report=report,
    )
    say_progress("", options)
    for sentence in done.refused:
        print(f"pipeline: {sentence}", file=sys.stderr)
    prepare(Store(store_folder(options.store)))
    return _sum_up(done.documents, done.events, done.unchanged, len(done.refused), done.problems)


def _sum_up(documents: int, events: int, unchanged: int, refused: int, problems: int) -> int:
    print(
        f"{documents} reports added with {events} events, {unchanged} known already, "
        f"{refused} refused, {problems} problems.",
        file=sys.stderr,
    )
    if refused and documents + unchanged == 0:
        return 2
    return int(bool(refused))


def watch_feeds(options: argparse.Namespace) -> int:
    from pipeline.store import Store
    from pipeline.web.feed_lists import read_feed_list
    from pipeline.web.ledger import Ledger
    from pipeline.web.watch import Round, Watch

    feeds = read_feed_list(options.feeds)
    load_gazetteer(options)
    folder = store_folder(options.store)
    store = Store(folder)

    def add(documents: list[Document]) -> None:
        store.add(map(process, documents), now=datetime.now(UTC))

    def report(found: Round) -> None:
        for problem in found.problems:
            print(f"pipeline: {problem}", file=sys.stderr)
        print(f"{found.taken} articles taken, {len(found.problems)} problems.", file=sys.stderr, flush=True)
        store.tidy()

    with contextlib.closing(Ledger(folder / "watch.sqlite")) as ledger:
        known = ingest.Known(options.published, options.language)
        watch = Watch(feeds, ledger, add, known, every=options.every * 60)
        if not options.once:
            watch.forever(report)
        found = watch.once()
        report(found)
    return int(bool(found.problems))
