"""A whole store goes through one file, and taking it over can be broken off at any moment."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline import process
from pipeline.errors import InputError, StoreError
from pipeline.records import Document, Filter
from pipeline.store import Store, archive
from pipeline.store.migrations import NEWEST
from pipeline.store.tables import SCHEMAS, Tables
from pipeline.wording import say

NOW = datetime(2025, 12, 21, 9, 30, tzinfo=UTC)
TEXTS = {
    "a": "Bei einem russischen Raketenangriff auf Odessa sind am Sonntag acht Menschen getötet worden.",
    "b": "Russische Raketen haben am Sonntag Odessa getroffen. Dabei wurden zehn Menschen getötet.",
    "c": "Russische Drohnen griffen am Sonntag Charkiw an. Die Polizei nahm in Kiew vier Menschen fest.",
}
COPY = (
    "In der Hafenstadt Odessa sind bei einem russischen Angriff mit Drohnen am Sonntag acht Menschen getötet worden. "
    "Das teilten die Behörden am Montag mit. Zwölf Menschen wurden verletzt, darunter drei Kinder, hieß es weiter. "
    "Getroffen wurden zwei Wohnhäuser und ein Lager am Rand der Stadt. Rettungskräfte suchten die ganze Nacht weiter."
)


def report(key: str, text: str, source: str = "Zeitung") -> Document:
    return process(Document(key, text, "de", date(2024, 3, 4), "given", "Titel", source))


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    """A store with versions, copies, corrections, a confirmation and a rejection, in one file."""
    folder = tmp_path_factory.mktemp("whole")
    store = Store(folder / "store")
    documents = [report(key, text) for key, text in TEXTS.items()]
    documents += [report("copy1", COPY, "Blatt"), report("copy2", "Odessa (dpa) - " + COPY, "Bote")]
    english = "The army attacked the city on Saturday and at least eight people were killed, the governor said."
    documents.append(process(replace(report("english", english), language="en")))  # stored with a problem
    for document in documents:
        store.add([document], now=NOW)
    store.add([replace(documents[2], title="Neu")], now=NOW)
    events = store.events().sort_values("id")["id"].tolist()
    made = store.correct(events[0], {"type": "AID"}, who="Ana", why="x", now=NOW, after=None)
    store.correct(events[0], {"fatalities": (1, 2, 3)}, who="Ben", why="y", now=NOW, after=made.id)
    store.confirm(events[1], who="Ana", now=NOW, after=None)
    store.reject(events[2], who="Ana", why="kein Ereignis", now=NOW, after=None)
    store.export_to(folder / "whole.zip")
    return folder / "whole.zip"


@pytest.fixture
def whole(file) -> Store:
    return Store(file.parent / "store")


def rows_of(store: Store) -> dict[str, object]:
    """All that a reader can ask of a store, and every row of its tables."""
    everything = Filter(reviews=("none", "corrected", "confirmed", "rejected"))
    events = {
        name: store.events(wanted).sort_values("id").to_json(orient="records", date_format="iso")
        for name, wanted in {"seen": Filter(), "all": everything, "extracted": Filter(extracted=True)}.items()
    }
    history = {event: store.history(event) for event in store.events(everything)["id"]}
    tables = {}
    for name in SCHEMAS:
        paths = [store.folder / path for path in store._tables.files(name)]
        found = pa.concat_tables([pq.read_table(path) for path in paths]) if paths else SCHEMAS[name].empty_table()
        tables[name] = sorted(map(str, found.to_pylist()))
    documents = {row["id"]: store.document(row["id"]) for row in store.reports(["a", "b", "c"]).to_dict("records")}
    return {**events, **tables, "history": history, "documents": documents, "problems": store.problems().to_json()}


def test_a_store_goes_through_one_file_unchanged(whole, file, tmp_path):
    other = Store(tmp_path / "other")
    counts = other.import_from(file)
    assert counts["documents"] == 7
    assert counts["corrections"] == 4
    assert counts["problems"] > 0
    assert rows_of(other) == rows_of(whole)
    assert max(other.events()["texts"]) >= 1
    assert any(len(sources) > 1 for sources in other.events()["sources"])
    assert other.check(now=NOW) == []
    assert other.export_to(tmp_path / "again.zip") == counts
    third = Store(tmp_path / "third")
    third.import_from(tmp_path / "again.zip")
    assert rows_of(third) == rows_of(whole)
    assert not list(other.folder.glob(".*"))
    assert not list(tmp_path.glob(".*"))


def test_what_was_taken_over_goes_on_as_a_store(file, tmp_path):
    store = Store(tmp_path / "store")
    store.import_from(file)
    assert store.add([report(key, TEXTS[key]) for key in "ab"], now=NOW).unchanged == 2
    assert store.add([report("d", "Am Montag griff Russland Cherson an.")], now=NOW).documents == 1
    corrected = store.events(Filter(reviews=("corrected",))).iloc[0]
    store.undo(corrected["id"], corrected["revision"], who="Ben", why="y", now=NOW, after=corrected["revision"])
    assert len(store.history(corrected["id"])) == 3
    with pytest.raises(InputError, match="only into an empty one") as caught:
        store.import_from(file)
    assert "nur in einen leeren" in say(caught.value.reason, "de")


class BrokenOffError(Exception):
    """The end of a process."""


def test_broken_off_after_any_commit_it_goes_on(whole, file, tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "_ROWS", 3)
    monkeypatch.setattr(archive, "_BYTES", 0)
    append = Tables.append
    expected = rows_of(whole)
    for commits in range(1, 30):
        left = commits

        def break_off(self, name, content):
            nonlocal left
            if not left:
                raise BrokenOffError
            left -= 1
            append(self, name, content)

        store = Store(tmp_path / str(commits))
        monkeypatch.setattr(Tables, "append", break_off)
        try:
            store.import_from(file)
        except BrokenOffError:
            pass
        else:
            break  # there are no more commits than this
        finally:
            monkeypatch.setattr(Tables, "append", append)
        if commits % 3 == 0:  # what is there may lie in other files by then
            store.compact(keep_hours=0)
        again = Store(tmp_path / str(commits))
        again.import_from(file)
        assert rows_of(again) == expected
    assert commits > 6


def test_another_file_does_not_go_on_where_one_was_broken_off(file, tmp_path, monkeypatch):
    store = Store(tmp_path / "store")
    append = Tables.append

    def fail(self, name, content):
        append(self, name, content)
        raise BrokenOffError

    monkeypatch.setattr(Tables, "append", fail)
    with pytest.raises(BrokenOffError):
        store.import_from(file)
    monkeypatch.setattr(Tables, "append", append)
    source = Store(tmp_path / "source")
    source.add([report(key, TEXTS[key]) for key in "abc"], now=NOW)
    source.export_to(tmp_path / "other.zip")
    with pytest.raises(InputError, match="only into an empty one"):
        store.import_from(tmp_path / "other.zip")


def kill_at_random(whole: Store, file: Path, tmp_path: Path, kills: int) -> None:
    code = (
        "import sys; from pipeline.store import Store, archive; from pathlib import Path; "
        "archive._ROWS, archive._BYTES = 1, 0; "
        "store = Store(Path(sys.argv[1])); print('ready', flush=True); store.import_from(Path(sys.argv[2]))"
    )

    def start(folder: Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", code, folder, file], stdout=subprocess.PIPE)

    with start(tmp_path / "undisturbed") as process_:
        process_.stdout.readline()
        begun = time.monotonic()
        assert process_.wait() == 0
        lasts = time.monotonic() - begun
    moments, number, broken = random.Random(3), 0, 0
    for _ in range(kills):
        with start(tmp_path / str(number)) as process_:
            process_.stdout.readline()
            time.sleep(moments.uniform(0, lasts / 3))
            process_.kill()
            process_.wait()
            if process_.returncode == 0:
                number += 1
            else:
                broken += 1
    assert broken
    for folder in range(number + 1):
        store = Store(tmp_path / str(folder))
        if not store.version()[0]:
            store.import_from(file)
        with start(store.folder) as process_:
            assert process_.wait() == 0
        assert rows_of(Store(store.folder)) == rows_of(whole)


def test_killed_at_random_moments_it_goes_on(whole, file, tmp_path):
    kill_at_random(whole, file, tmp_path, 4)


@pytest.mark.long
def test_killed_at_fifty_random_moments_it_goes_on(whole, file, tmp_path):
    kill_at_random(whole, file, tmp_path, 50)


def test_only_one_process_takes_a_file_over(file, tmp_path):
    store = Store(tmp_path / "store")
    with store._tables.rewriting(), pytest.raises(InputError, match="another process"):
        store.import_from(file)
    assert store.import_from(file)["documents"] == 7


def rewrite(
    file: Path,
    content: dict[str, object] | None = None,
    tables: dict[str, pa.Table | bytes] | None = None,
    rows: int = 0,
    rename: str = "{}",
) -> None:
    """A file with another list of contents, with other tables, whose digests are right but that are said to have
    ``rows`` more, or with other names of tables."""
    with zipfile.ZipFile(file) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    listed = json.loads(parts["content.json"])
    for name, table in (tables or {}).items():
        path = file.with_name(f"{name}.parquet")
        if isinstance(table, bytes):
            path.write_bytes(table)
        else:
            pq.write_table(table, path)
        parts[path.name] = path.read_bytes()
        listed["tables"][name] = {"rows": len(table) + rows, "sha256": archive._digest(path)}
    parts["content.json"] = json.dumps(listed | (content or {})).encode()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name, part in parts.items():
            new.writestr(name if name == "content.json" else rename.format(name), part)


def test_a_file_of_an_older_format_gets_what_it_lacks(whole, file, tmp_path):
    older = tmp_path / "older.zip"
    older.write_bytes(file.read_bytes())
    with zipfile.ZipFile(file) as whole_file:
        documents = pq.read_table(whole_file.extract("documents.parquet", tmp_path))
    rewrite(older, {"format": 2}, {"documents": documents.drop_columns(["author", "signature"])})
    store = Store(tmp_path / "store")
    store.import_from(older)
    assert rows_of(store) == rows_of(whole)  # the signature is made from the text, so copies are found again


@pytest.mark.parametrize(
    "damage",
    ["cut", "text", "changed", "newer", "without", "list", "none", "outside", "nested", "rows", "type", "no table"],
)
def test_a_damaged_file_is_refused_and_nothing_is_taken(file, tmp_path, damage):
    bad = tmp_path / "bad.zip"
    bad.write_bytes(file.read_bytes())
    sentence = "damaged"
    if damage == "cut":
        bad.write_bytes(bad.read_bytes()[:-40])
    elif damage == "text":
        bad.write_text("no store")
    elif damage == "newer":
        rewrite(bad, {"format": NEWEST + 1})
        sentence = "newer version"
    elif damage == "changed":
        raw = bytearray(bad.read_bytes())
        raw[len(raw) // 2] ^= 0xFF
        bad.write_bytes(raw)
    elif damage == "without":
        rewrite(bad, {"tables": {}})
    elif damage == "list":
        rewrite(bad, {"format": None})
    elif damage == "outside":
        rewrite(bad, rename="../{}")
    elif damage == "nested":
        with zipfile.ZipFile(bad, "w") as nested:
            nested.writestr("content.json", "[" * 100_000)
    elif damage == "rows":
        rewrite(bad, tables={"documents": SCHEMAS["documents"].empty_table()}, rows=3)
    elif damage == "type":
        rewrite(bad, tables={"documents": pa.table({"id": [[1]]})})
    elif damage == "no table":
        rewrite(bad, tables={"documents": b"PAR1 no"})
    else:
        bad.unlink()
        sentence = "cannot be read: No such file"
    other = Store(tmp_path / "other")
    with pytest.raises(InputError, match=sentence):
        other.import_from(bad)
    assert other.count() == 0
    assert other.version() == Store(tmp_path / "third").version()
    assert not list(other.folder.glob(".*"))


def test_a_full_disk_is_said_and_the_same_command_goes_on(whole, file, tmp_path, monkeypatch):
    store = Store(tmp_path / "store")

    def fill_up(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    for name, module in (("copyfileobj", archive.shutil), ("write_table", pq.ParquetWriter)):
        with monkeypatch.context() as full:
            full.setattr(module, name, fill_up)
            with pytest.raises(StoreError, match="No space left"):
                store.import_from(file)
    store.import_from(file)
    assert rows_of(store) == rows_of(whole)
    monkeypatch.setattr(archive, "_write_table", fill_up)
    with pytest.raises(StoreError, match="No space left"):
        store.export_to(tmp_path / "out.zip")
    assert not [path for path in tmp_path.iterdir() if "out.zip" in path.name]


def test_while_it_is_written_no_file_is_taken_away(file, tmp_path, monkeypatch):
    store = Store(tmp_path / "store")
    store.import_from(file)
    store.add([report("d", "Am Montag griff Russland Cherson an.")], now=NOW)
    other, write = Store(store.folder), archive._write_table

    def write_slowly(tables, name, files, out):
        assert other.compact(keep_hours=0)[0] == 0
        other.add([report("e", "Am Montag griff Russland Poltawa an.")], now=NOW)  # nobody who adds has to wait
        return write(tables, name, files, out)

    monkeypatch.setattr(archive, "_write_table", write_slowly)
    assert store.export_to(tmp_path / "out.zip")["documents"] == 8
    assert other.compact(keep_hours=0)[0] > 0
    monkeypatch.setattr(archive, "_write_table", write)
    copy = Store(tmp_path / "copy")
    copy.import_from(tmp_path / "out.zip")
    assert copy.check(now=NOW) == []
