"""Several processes write while others read, and processes are killed: nothing is lost, twice, or seen in parts."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import deltalake
import pytest
from made_events import NOW, make_documents, print_copies

from pipeline.records import Filter
from pipeline.store import Store
from pipeline.store.tables import Tables

ROOT = Path(__file__).resolve().parent.parent
BATCH = 6  # documents, each told apart by the title of its batch


def write(job: tuple[Path, int, int]) -> int:
    """A writer adds batches, changes some of them, compacts now and then, and corrects an event."""
    folder, name, batches = job
    store = Store(folder)
    for number in range(batches):
        title = f"{name}-{number}"
        made = make_documents(BATCH, name * 100 + number)
        documents = [
            replace(document, id=f"{title}-{document.id}", title=title, events=tuple(
                replace(event, id=f"{title}-{event.id}", document_id=f"{title}-{document.id}")
                for event in document.events
            ))
            for document in made
        ]  # fmt: skip
        store.add(documents, now=NOW, batch=BATCH)
        if number % 3 == 1:
            store.compact(keep_hours=1)
    return batches


def read(job: tuple[Path, int, int]) -> tuple[int, list[str]]:
    """Readers, each with a store of its own, until all batches are there; returns how often they asked, and what was
    wrong."""
    folder, readers, batches = job
    asked, wrong = [0] * readers, []
    end = time.monotonic() + 300

    def ask(own: int) -> None:
        try:
            store, last = Store(folder), -1
            while time.monotonic() < end:
                asked[own] += 1
                told = store._query(
                    "SELECT title, count(*) AS documents, sum(latest.events) AS events FROM latest GROUP BY 1", []
                ).fetchall()
                if any(documents != BATCH for _, documents, _ in told):
                    wrong.append(f"a part of a batch: {told}")
                if len(told) < last:
                    wrong.append(f"{len(told)} batches after {last}")
                last = len(told)
                found = store._query(
                    "SELECT (SELECT sum(events) FROM latest), (SELECT count(*) FROM event WHERE len(members) = 1), "
                    "(SELECT coalesce(sum(len(members)), 0) FROM seen)",
                    [],
                ).fetchall()
                if len(set(found[0])) > 1 and found[0] != (None, 0, 0):
                    wrong.append(f"events written, stored, seen: {found}")
                store.facets(Filter(types=("ASSAULT",)))
                if last == batches:
                    return
            wrong.append("the writers did not end")
        except Exception as error:
            wrong.append(f"{type(error).__name__}: {error}")

    threads = [threading.Thread(target=ask, args=(own,)) for own in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(asked), wrong


def write_and_read(folder: Path, batches: int, processes: int) -> None:
    Store(folder)
    with ProcessPoolExecutor(4 + processes, get_context("spawn")) as pool:
        reading = [pool.submit(read, (folder, 10 // processes, 4 * batches)) for _ in range(processes)]
        writing = [pool.submit(write, (folder, name, batches)) for name in range(4)]
        assert [writer.result() for writer in writing] == [batches] * 4
        answers = [reader.result() for reader in reading]
    assert [wrong for _, wrong in answers] == [[]] * processes
    assert sum(asked for asked, _ in answers) >= 10
    store = Store(folder)
    assert store._query("SELECT count(*) FROM latest", []).fetchall() == [(4 * batches * BATCH,)]
    assert [finding for finding in store.check(now=NOW) if finding.kind != "loose-file"] == []


def test_four_processes_write_while_ten_readers_ask(tmp_path):
    write_and_read(tmp_path / "store", batches=4, processes=2)


@pytest.mark.long
def test_four_processes_write_for_long_while_ten_processes_read(tmp_path):
    write_and_read(tmp_path / "store", batches=60, processes=10)


# --- the same reports twice at once ------------------------------------------------------------------------------


def table_rows(store: Store, name: str, *columns: str) -> list[tuple[object, ...]]:
    found = deltalake.DeltaTable(str(store.folder / name)).to_pyarrow_table(columns=list(columns))
    return sorted(zip(*found.to_pydict().values(), strict=True))


def add_same(job: tuple[Path, int]) -> int:
    folder, number = job
    return Store(folder).add(make_documents(number, 3), now=NOW, batch=4).documents


def test_processes_that_add_the_same_at_once_store_it_once(tmp_path):
    folder = tmp_path / "store"
    Store(folder)
    with ProcessPoolExecutor(3, get_context("spawn")) as pool:
        added = list(pool.map(add_same, [(folder, 80)] * 3))
    assert sum(added) == 80
    store = Store(folder)
    made = make_documents(80, 3)
    assert table_rows(store, "documents", "id", "version") == [(report.id, 1) for report in made]
    assert store.check(now=NOW) == [] or {finding.kind for finding in store.check(now=NOW)} <= {"orphan-batch"}


def test_who_is_slower_looks_again_what_is_stored(tmp_path, monkeypatch):
    store, other = Store(tmp_path / "store"), Store(tmp_path / "store")
    made = make_documents(12, 3)
    store.add(made[:2], now=NOW)
    newer = replace(made[2], title="Neuer")
    append, calls = Tables.append, []

    def overtake(self, name, content):
        if not calls:
            calls.append(name)
            other.add([*made[:2], newer, *made[3:8]], now=NOW)
        return append(self, name, content)

    monkeypatch.setattr(Tables, "append", overtake)
    assert store.add(made, now=NOW)[::2] == (5, 7)
    versions = [(report.id, 1) for report in made]
    assert table_rows(store, "documents", "id", "version") == sorted([*versions, (made[2].id, 2)])
    events = [(event.id, 1) for report in made for event in report.events]
    again = [(event.id, 2) for event in made[2].events]
    assert table_rows(store, "events", "id", "version") == sorted([*events, *again])
    assert store.document(made[2].id)["title"] is None
    assert store.check(now=NOW) == []


# --- killed at any moment ---------------------------------------------------------------------------------------


def everything(store: Store) -> tuple[object, ...]:
    """All that can be asked of a store, row by row."""
    frame = store.events()
    ids = sorted({report for sources in frame["sources"] for report in sources})
    documents = deltalake.DeltaTable(str(store.folder / "documents")).to_pyarrow_table(columns=["id", "version"])
    return (
        json.loads(frame.to_json(orient="records", date_format="iso")),
        [store.document(identifier) for identifier in ids],
        store.problems().to_dict("records"),
        sorted(map(tuple, zip(*documents.to_pydict().values(), strict=True))),
    )


def kill_and_finish(folder: Path, documents: int, kills: int, seed: int) -> Store:
    """A run that is killed at random moments, begun anew each time, and once comes to its end."""
    draw = random.Random(seed)
    command = [sys.executable, str(ROOT / "tests" / "made_events.py"), str(folder), str(documents), "3"]
    left = kills
    while True:
        with subprocess.Popen(
            command, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            if left and process.stdout.readline() == "ready\n":
                time.sleep(draw.random() ** 2 * 0.8)
                os.kill(process.pid, signal.SIGKILL)
                left -= 1
                continue
            assert process.stdout.read().endswith("done\n")
            break
    return Store(folder)


def killed_equals_undisturbed(tmp_path: Path, documents: int, kills: int, seed: int) -> None:
    undisturbed = Store(tmp_path / "undisturbed")
    undisturbed.add(print_copies(make_documents(documents, 3)), now=NOW, batch=4)
    assert undisturbed._query("SELECT count(DISTINCT founder) FROM text", []).fetchall() == [(-(-documents // 3),)]
    killed = kill_and_finish(tmp_path / "killed", documents, kills, seed)
    assert everything(killed) == everything(undisturbed)
    kinds = {finding.kind for finding in killed.check(now=NOW)}
    assert kinds <= {"orphan-batch", "loose-file"}
    for file in killed.folder.rglob("*"):
        os.utime(file, (time.time() - 9000,) * 2)
    killed.check(repair=True, now=NOW)
    assert killed.check(now=NOW) == []
    assert everything(Store(killed.folder)) == everything(undisturbed)


def test_a_run_killed_five_times_ends_like_an_undisturbed_one(tmp_path):
    killed_equals_undisturbed(tmp_path, documents=120, kills=5, seed=1)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(5))
def test_a_run_killed_fifty_times_ends_like_an_undisturbed_one(tmp_path, seed):
    killed_equals_undisturbed(tmp_path, documents=400, kills=10, seed=seed)
