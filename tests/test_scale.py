"""The same reports on many processes give the same store, whatever happens to the processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import dask
import made_files as made
import pyarrow as pa
import pyarrow.parquet
import pytest

from pipeline import process, scale
from pipeline.errors import InputError, StoreError
from pipeline.ingest import Known
from pipeline.records import Document
from pipeline.scale import parts as cutting
from pipeline.store import Store

TESTS = Path(__file__).resolve().parent
POISON = [str(TESTS / "poison.py")]
TOWNS = ("Odessa", "Charkiw", "Kiew", "Cherson", "Lwiw", "Dnipro", "Mariupol", "Donezk", "Sumy", "Poltawa")


def texts(number: int) -> list[str]:
    return [
        f"Am {1 + i % 28}. Mai {2000 + i % 25} griff Russland die Stadt {TOWNS[i % 10]} an. Dabei starben {i} Menschen."
        for i in range(number)
    ]


def write_lines(path: Path, rows: list[str]) -> Path:
    lines = (json.dumps({"id": f"d{i}", "text": text, "published": "2025-12-20"}) for i, text in enumerate(rows))
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def rows(folder: Path) -> list[str]:
    """What is in a store, without when and by which process it was put there."""
    documents = pa.table(
        Store(folder)._tables.table("documents").to_pyarrow_table().select(["id", "version", "annotation"])
    )
    return sorted(map(str, documents.to_pylist()))


def add_alone(folder: Path, names: list[str]) -> Store:
    found = (item for part in scale.find_parts(names) for item in scale.read_part(part, Known()))
    store = Store(folder)
    store.add((process(item) for item in found if isinstance(item, Document)), now=datetime.now(UTC))
    return store


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    monkeypatch.setattr(cutting, "BYTES", 4_000)
    monkeypatch.setattr(cutting, "_ROWS", 17)
    monkeypatch.setattr(cutting, "FILES", 5)


@pytest.fixture(scope="module")
def cluster() -> Iterator[object]:
    """Two worker processes, in which some reports are deadly."""
    from distributed import LocalCluster

    with warnings.catch_warnings(), dask.config.set(scale._SETTINGS):
        warnings.simplefilter("ignore")
        with LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0",
            preload=POISON, silence_logs="CRITICAL",
        ) as found:  # fmt: skip
            yield found


def run(cluster: object, names: list[str], folder: Path, **options: object) -> scale.Done:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Dask about its own sockets and loops
        address = cluster.scheduler_address  # type: ignore[attr-defined]
        return scale.run_parts(scale.find_parts(names), Known(), folder, scheduler=address, **options)


# --- cutting -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 7, 100, 4_000, 10**9])
def test_every_line_is_in_exactly_one_part(size, tmp_path, monkeypatch):
    monkeypatch.setattr(cutting, "BYTES", size)
    content = b'{"text": "Eins."}\n\n{"text": "Zw\xc3\xb6lf."}\r\nnope\n{"text": "Ende"}'
    path = tmp_path / "a.jsonl"
    path.write_bytes(content)
    found = [item for part in scale.find_parts([str(path)]) for item in scale.read_part(part, Known())]
    assert [item.text for item in found if isinstance(item, Document)] == ["Eins.", "Zwölf.", "Ende"]
    assert sum(isinstance(item, InputError) for item in found) == 1


def test_parquet_files_and_folders_on_any_file_system(tmp_path):
    wanted = texts(50)
    table = pa.table(
        {
            "id": [f"d{i}" for i in range(50)],
            "text": wanted,
            "published": [date(2025, 12, 20)] * 49 + [None],
            "more": [1] * 50,
        }
    )
    (tmp_path / "in").mkdir()
    pa.parquet.write_table(table, tmp_path / "in" / "a.parquet", row_group_size=20)
    write_lines(tmp_path / "in" / "b.jsonl", texts(3))
    (tmp_path / "in" / "c.html").write_bytes(made.page())
    for name in (str(tmp_path / "in"), f"file://{tmp_path}/in"):
        found = [item for part in scale.find_parts([name]) for item in scale.read_part(part, Known())]
        assert [item.text for item in found[:53]] == [*wanted, *texts(3)]
        assert found[0].published == date(2025, 12, 20)
        assert found[53].title == made.TITLE
        assert len(found) == 54


def test_a_file_system_in_memory():
    import fsspec

    fsspec.filesystem("memory").pipe("/in/a.jsonl", json.dumps({"text": "Am Samstag griff Russland an."}).encode())
    (part,) = scale.find_parts(["memory://in"])
    (document,) = scale.read_part(part, Known())
    assert document.text == "Am Samstag griff Russland an."


@pytest.mark.parametrize("name", ["missing", "nosuch://x/y", "file:///nowhere/x.jsonl", "empty"])
def test_what_is_not_there_is_said_in_one_sentence(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError) as caught:
        list(scale.find_parts([name]))
    assert "\n" not in str(caught.value)


def test_a_parquet_file_that_is_none(tmp_path):
    (tmp_path / "a.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(InputError, match="damaged"):
        list(scale.find_parts([str(tmp_path)]))


# --- on many processes ---------------------------------------------------------------------------------------------


def test_many_processes_give_the_store_of_one(cluster, tmp_path):
    path = write_lines(tmp_path / "in.jsonl", texts(200))
    done = run(cluster, [str(path)], tmp_path / "many")
    assert (done.documents, done.unchanged, done.refused) == (200, 0, ())
    add_alone(tmp_path / "one", [str(path)])
    assert rows(tmp_path / "many") == rows(tmp_path / "one")
    again = run(cluster, [str(path)], tmp_path / "many")
    assert (again.documents, again.unchanged) == (0, 200)
    assert rows(tmp_path / "many") == rows(tmp_path / "one")


def test_a_killed_worker_costs_nothing(cluster, tmp_path):
    path = write_lines(tmp_path / "in.jsonl", [f"{text} LANGSAM" for text in texts(90)])
    killed: list[int] = []

    def kill(_: scale.Done) -> None:
        if len(killed) < 2:
            killed.append(next(iter(cluster.workers.values())).pid)
            os.kill(killed[-1], signal.SIGKILL)

    done = run(cluster, [str(path)], tmp_path / "many", report=kill)
    assert len(killed) == 2
    assert done.documents + done.unchanged >= 90
    add_alone(tmp_path / "one", [str(path)])
    assert rows(tmp_path / "many") == rows(tmp_path / "one")


@pytest.mark.parametrize("word", ["GIFT", "ENDLOS"])
def test_a_report_that_ends_processes_becomes_a_problem(word, cluster, tmp_path):
    good = texts(60)
    path = write_lines(tmp_path / "in.jsonl", [*good[:33], f"{word} {good[33]}", *good[34:]])
    done = run(cluster, [str(path)], tmp_path / "many")
    assert done.problems == 1
    store = Store(tmp_path / "many")
    assert len(rows(tmp_path / "many")) == 60
    stored = store.document("d33")
    assert stored is not None
    assert not stored["events"]
    assert "ended the process" in stored["problems"][0]["message"]
    assert store.document("d34")["events"]


def test_a_report_that_never_ends_ends_its_process():
    code = (
        "import time; from pipeline.records import Document; from pipeline.scale import worker\n"
        "worker._SECONDS, worker.process = 0.2, lambda _: time.sleep(60)\n"
        "worker._process(Document('a', 'Am Samstag', 'de'))"
    )
    begun = time.monotonic()
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=TESTS.parent, capture_output=True, timeout=50, check=False
    )
    assert answer.returncode != 0
    assert time.monotonic() - begun < 45


def test_a_full_disk_ends_the_run_in_a_sentence_and_the_next_run_resumes(cluster, tmp_path):
    path = write_lines(tmp_path / "in.jsonl", texts(100))
    folder = tmp_path / "many"
    run(cluster, [str(write_lines(tmp_path / "first.jsonl", texts(10)))], folder)
    (tmp_path / "full").touch()  # see poison.py
    with pytest.raises(StoreError, match="No space left"):
        run(cluster, [str(path)], folder)
    (tmp_path / "full").unlink()
    assert len(rows(folder)) == 10
    done = run(cluster, [str(path)], folder)
    assert done.documents + done.unchanged == 100  # what was under way may have been stored meanwhile
    assert len(rows(folder)) == 100


def test_a_scheduler_that_is_not_there(tmp_path, monkeypatch):
    path = write_lines(tmp_path / "in.jsonl", texts(2))
    monkeypatch.setattr(scale, "_PATIENCE", "1s")
    warnings.simplefilter("ignore")
    with pytest.raises(scale.ScaleError, match="cannot be reached"):
        scale.run_parts(scale.find_parts([str(path)]), Known(), tmp_path / "s", scheduler="tcp://127.0.0.1:9")


def test_a_scheduler_without_this_program(tmp_path):
    path = write_lines(tmp_path / "in.jsonl", texts(2))
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "18787"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    process_ = subprocess.Popen(
        [*command, "--no-dashboard"], env=environment, stderr=subprocess.DEVNULL, cwd=tmp_path
    )  # fmt: skip
    warnings.simplefilter("ignore")
    try:
        with pytest.raises(scale.ScaleError, match=r"cannot run this program: .* PYTHONPATH=") as error:
            scale.run_parts(scale.find_parts([str(path)]), Known(), tmp_path / "s", scheduler="tcp://127.0.0.1:18787")
        assert "\n" not in str(error.value)
    finally:
        process_.kill()
        process_.wait()


def test_the_command_line_with_workers(tmp_path):
    path = write_lines(tmp_path / "in.jsonl", [*texts(30), " "])
    command = [sys.executable, "-m", "pipeline", "run", path, "--workers", "2", "--store", tmp_path / "s"]
    answer = subprocess.run(command, capture_output=True, cwd=TESTS.parent, timeout=120, check=False)
    assert answer.returncode == 1, answer.stderr
    assert b"30 reports added" in answer.stderr
    assert b"1 refused" in answer.stderr
    assert b"Traceback" not in answer.stderr
    assert answer.stderr.count(b"\n") == 2, answer.stderr


@pytest.mark.long
def test_a_scheduler_that_is_restarted(tmp_path, capfd):
    path = write_lines(tmp_path / "in.jsonl", [f"{text} LANGSAM" for text in texts(300)])
    environment = {**os.environ, "PYTHONPATH": f"{TESTS.parent}:{TESTS}"}
    address = "tcp://127.0.0.1:18786"

    def start(*words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:]]
        return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, cwd=TESTS.parent)

    def start_both() -> list[subprocess.Popen[bytes]]:
        scheduler = start("scheduler", "--host", "127.0.0.1", "--port", "18786", "--no-dashboard")
        worker = start("worker", address, "--nthreads", "1", "--preload", POISON[0], "--no-dashboard")
        return [scheduler, worker]

    processes = start_both()
    found: list[scale.Done] = []
    first = threading.Event()
    thread = threading.Thread(
        target=lambda: found.append(
            scale.run_parts(
                scale.find_parts([str(path)]), Known(), tmp_path / "many", scheduler=address,
                report=lambda _: first.set(),
            )
        )
    )  # fmt: skip
    thread.start()
    try:
        assert first.wait(60)
        for process_ in processes:
            process_.kill()
            process_.wait()
        time.sleep(1)
        processes = start_both()
        thread.join(180)
        assert found
        assert "Traceback" not in capfd.readouterr().err
    finally:
        for process_ in processes:
            process_.kill()
            process_.wait()
    assert len(rows(tmp_path / "many")) == 300
