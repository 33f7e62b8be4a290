"""Commands that look after a store (``store check``, ``compact``, ``remove``, ...), and ``import FILE.csv``.

The store is loaded only when one of them runs: it takes a second, and the other commands do without it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.cli.arguments import Shared, store_folder
from pipeline.errors import InputError
from pipeline.records import Document

if TYPE_CHECKING:
    from pipeline.store import Store

_BATCH = 10_000  # rows of an imported file a commit


def add_commands(commands: Any, shared: Shared) -> None:
    def open_store(options: argparse.Namespace, must_exist: bool = True, damaged: bool = False) -> Store:
        from pipeline.store import Store

        folder = store_folder(options.store)
        if must_exist and not folder.exists():
            raise InputError(f"There is no store at {folder}; fill one with: python -m pipeline run PATH.")
        return Store(folder, damaged=damaged)

    rows = commands.add_parser("import", parents=[shared.stored], help="put events of ACLED or UCDP GED into the store")
    rows.add_argument("files", nargs="+", type=Path, metavar="FILE.csv")
    rows.set_defaults(command=lambda options: import_files(open_store(options, must_exist=False), options.files))

    store = commands.add_parser("store", help="look after the store")
    tasks: Any = store.add_subparsers(title="tasks", required=True, metavar="TASK")
    check = tasks.add_parser("check", parents=[shared.stored], help="does everything in it fit together?")
    check.add_argument("--repair", action="store_true", help="put right what can be")
    check.set_defaults(command=lambda options: check_store(open_store(options, damaged=True), options.repair))
    compact = tasks.add_parser("compact", parents=[shared.stored], help="put small files together, remove old ones")
    compact.add_argument(
        "--keep-hours", type=int, default=24, metavar="N", help="keep files that were in use so long ago (default: 24)"
    )
    compact.set_defaults(command=lambda options: compact_store(open_store(options), options.keep_hours))
    gone = tasks.add_parser(
        "remove", parents=[shared.stored], help="take a report out, with all that came from it, for good"
    )
    gone.add_argument("reports", nargs="+", metavar="ID", help="of the report: document_id of its events")
    gone.set_defaults(command=lambda options: remove_reports(open_store(options), options.reports))
    whole = tasks.add_parser("export", parents=[shared.stored], help="write the whole store into one file")
    whole.add_argument("out", type=Path, metavar="OUT")
    whole.set_defaults(command=lambda options: _say_rows(open_store(options).export_to(options.out), "written"))
    back = tasks.add_parser("import", parents=[shared.stored], help="fill an empty store from such a file")
    back.add_argument("file", type=Path, metavar="FILE")
    back.set_defaults(command=lambda options: import_store(open_store(options, False), options.file))


def import_files(store: Store, files: list[Path]) -> int:
    """Exit status 1 when a row had a problem, 2 when no file was of a kind that is imported."""
    from pipeline import imports
    from pipeline.store import Added

    total, problems, refused = Added(0, 0, 0), 0, 0

    def documents(file: Path) -> Iterable[Document]:
        nonlocal problems
        for document in imports.read_file(file):
            for problem in document.problems:
                problems += 1
                print(f"pipeline: {file}: {problem.message}", file=sys.stderr)
            yield document

    for file in files:
        try:
            added = store.add(documents(file), now=datetime.now(UTC), batch=_BATCH)
        except InputError as error:
            refused += 1
            print(f"pipeline: {error}", file=sys.stderr)
        else:
            total = Added(*(a + b for a, b in zip(total, added, strict=True)))
    print(
        f"{total.documents} rows added with {total.events} events, {total.unchanged} known already, {refused} files "
        f"refused, {problems} problems.",
        file=sys.stderr,
    )
    if refused == len(files):
        return 2
    prepare(store)
    return 1 if refused or problems else 0


def prepare(store: Store) -> None:
    """The reader who opens the dashboard next does not wait."""
    if not store.is_ready():
        print("The store is prepared for its readers (about two minutes a million events).", file=sys.stderr)
    store.prepare()


def check_store(store: Store, repair: bool) -> int:
    """One line a finding; exit status 1 when something serious is left."""
    from pipeline.store.upkeep import SERIOUS

    found = store.check(repair=repair, now=datetime.now(UTC))
    if repair:
        prepare(store)
    for finding in found:
        print(f"{finding.kind}\t{finding.where}\t{'repaired' if finding.repaired else 'found'}")
    left = [finding for finding in found if finding.kind in SERIOUS and not finding.repaired]
    print(f"{len(found)} findings, {len(left)} of them serious and not repaired.", file=sys.stderr)
    return 1 if left else 0


def compact_store(store: Store, keep_hours: int) -> int:
    if keep_hours < 0:
        raise InputError("--keep-hours must not be negative.")
    together, removed = store.compact(keep_hours=keep_hours)
    prepare(store)
    print(f"{together} files put together, {removed} old ones removed.", file=sys.stderr)
    return 0


def remove_reports(store: Store, ids: list[str]) -> int:
    """Nothing is removed when one of the reports is not there."""
    known = set(store.reports(ids)["id"])
    if missing := [identifier for identifier in ids if identifier not in known]:
        raise InputError(f"There is no report {missing[0]} in this store.")
    going = store.removals(ids)
    store.remove(*going)
    for identifier, gone in going.items():
        print(
            f"{identifier}\t{gone.own} events removed, {gone.shared} left to other reports, "
            f"{gone.corrections} corrections removed"
        )
    prepare(store)
    return 0


def import_store(store: Store, file: Path) -> int:
    counts = store.import_from(file)
    prepare(store)
    return _say_rows(counts, "taken")


def _say_rows(counts: dict[str, int], what: str) -> int:
    print(", ".join(f"{count} {name}" for name, count in counts.items()) + f" {what}.", file=sys.stderr)
    return 0
