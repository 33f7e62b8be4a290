"""An old, damaged, scattered or packed store is put right, and nothing that can be known is lost."""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import deltalake
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline import process, rows
from pipeline.cli.arguments import make_shared
from pipeline.cli.upkeep import add_commands
from pipeline.errors import InputError, StoreError
from pipeline.records import Document, Filter, Part, Span
from pipeline.store import Store, migrations, rewriting
from pipeline.store.migrations import NEWEST, read_format
from pipeline.store.rewriting import compact
from pipeline.store.tables import Tables
from pipeline.store.upkeep import SERIOUS
from pipeline.store.writing import make_rows
from pipeline.wording import say

NOW = datetime(2025, 12, 21, 9, 30, tzinfo=UTC)
TEXTS = {
    "a": "Bei einem russischen Raketenangriff auf Odessa sind am Sonntag acht Menschen getötet worden.",
    "b": "Russische Raketen haben am Sonntag Odessa getroffen. Dabei wurden zehn Menschen getötet.",
    "c": "Russische Drohnen griffen am Sonntag Charkiw an.",
}


def report(key: str) -> Document:
    return process(Document(key, TEXTS[key], "de", date(2024, 3, 4), "given", "Titel", "Zeitung"))


@pytest.fixture(scope="module")
def reports():
    return {key: report(key) for key in TEXTS}


@pytest.fixture
def store(tmp_path, reports):
    filled = Store(tmp_path / "store")
    for key in reports:
        filled.add([reports[key]], now=NOW)
    return filled


def rows_of(store: Store) -> list[dict[str, object]]:
    return json.loads(store.events().to_json(orient="records", date_format="iso"))


def make_older(path: Path) -> None:
    for file in [path, *path.rglob("*")]:
        os.utime(file, (time.time() - 9000,) * 2)


# --- older formats ------------------------------------------------------------


def make_old_store(folder: Path, documents: list[Document], number: int) -> None:
    """A store as the program of that format wrote it: 1 had a table ``merged`` and no corrections; until 2 documents
    had no author, until 3 no signature."""
    lacking = {"signature"} if number > 2 else {"author", "signature"}
    old = pa.schema([field for field in rows.DOCUMENTS if field.name not in lacking])
    tables = {"documents": old, "events": rows.EVENTS, "problems": rows.PROBLEMS}
    if number > 1:
        tables["corrections"] = rows.CORRECTIONS
    for name, schema in tables.items():
        deltalake.write_deltalake(str(folder / name), schema.empty_table())
    for document in documents:
        made = make_rows([document], {}, NOW)
        for name, content in made.items():
            schema = tables[name]
            few = [{key: row[key] for key in schema.names if key in row} for row in content]
            deltalake.write_deltalake(str(folder / name), pa.Table.from_pylist(few, schema=schema), mode="append")
    if number == 1:
        deltalake.write_deltalake(str(folder / "merged"), pa.table({"id": ["x"], "members": [["y", "z"]]}))
    else:
        (folder / "format.json").write_text(json.dumps({"format": number}))


def signatures(store: Store) -> dict[str, bytes | None]:
    table = deltalake.DeltaTable(str(store.folder / "documents")).to_pyarrow_table(columns=["id", "signature"])
    return dict(zip(table["id"].to_pylist(), table["signature"].to_pylist(), strict=True))


@pytest.mark.parametrize("number", [1, 2, 3])
def test_an_old_store_is_brought_to_the_newest_format(tmp_path, reports, number):
    folder = tmp_path / "old"
    make_old_store(folder, list(reports.values()), number)
    store = Store(folder)
    assert read_format(folder) == NEWEST
    assert not (folder / "merged").exists()
    fresh = Store(tmp_path / "new")
    fresh.add(reports.values(), now=NOW)
    assert rows_of(store) == rows_of(fresh)
    assert signatures(store) == signatures(fresh)
    assert sorted(key for key, signature in signatures(store).items() if signature) == ["a", "b"]  # "c" is too short
    assert store.reports(["a"])["author"].isna().all()
    assert store.add([replace(reports["a"], author="Ana")], now=NOW).documents <= 1
    assert store.check(now=NOW) == []
    assert rows_of(Store(folder)) == rows_of(store)


def test_a_migration_that_was_broken_off_is_made_once_more(tmp_path, reports, monkeypatch):
    folder = tmp_path / "old"
    make_old_store(folder, list(reports.values()), 1)

    def break_off(*_: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.store.migrations._add_columns", break_off)
        with pytest.raises(StoreError, match="no space left"):
            Store(folder)
    assert read_format(folder) == 2
    assert Store(folder).count() > 0


STEPS = [(number, name, step) for number, name, most in (
    (1, "write_format", 3), (2, "write_format", 2), (3, "write_format", 1), (3, "sign_documents", 3),
) for step in range(most)]  # fmt: skip


@pytest.mark.parametrize(("number", "name", "step"), STEPS)
def test_a_migration_that_ends_with_its_process_is_made_once_more(number, name, step, tmp_path, reports, monkeypatch):
    folder, done, left = tmp_path / "old", getattr(migrations, name), step
    make_old_store(folder, list(reports.values()), number)

    def end(*arguments: object) -> object:
        nonlocal left
        if not left:
            raise KeyboardInterrupt
        left -= 1
        return done(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(migrations, name, end)
        with pytest.raises((KeyboardInterrupt, StoreError)):  # the latter where a library is told of the end
            Store(folder)
    store, fresh = Store(folder), Store(tmp_path / "new")
    fresh.add(reports.values(), now=NOW)
    assert read_format(folder) == NEWEST
    assert rows_of(store) == rows_of(fresh)
    assert signatures(store) == signatures(fresh)
    assert store.check(now=NOW) == []


def test_several_that_open_an_old_store_at_once_bring_it_to_the_newest_format_once(tmp_path, reports):
    folder = tmp_path / "old"
    make_old_store(folder, list(reports.values()), 1)
    with ThreadPoolExecutor(6) as pool:
        stores = list(pool.map(Store, [folder] * 6))
    assert len({store.version() for store in stores}) == 1
    assert len(signatures(stores[0])) == 3
    assert stores[0].version()[0] == 5  # made, three times appended to, one column added, written anew


def test_a_newer_store_is_not_touched(tmp_path):
    folder = tmp_path / "store"
    Store(folder)
    (folder / "format.json").write_text(json.dumps({"format": NEWEST + 1}))
    with pytest.raises(StoreError, match="newer version"):
        Store(folder)
    (folder / "format.json").write_text("{")
    with pytest.raises(StoreError, match="damaged"):
        Store(folder)


# --- damage ------------------------------------------------------------


def files_of(store: Store, name: str) -> list[Path]:
    return sorted(path for path in (store.folder / name).glob("*.parquet") if pq.ParquetFile(path).metadata.num_rows)


def kinds(findings) -> list[tuple[str, bool]]:
    return sorted((finding.kind, finding.repaired) for finding in findings)


def test_a_sound_store_has_no_findings(store):
    assert store.check(now=NOW) == []
    assert store.check(repair=True, now=NOW) == []


def test_a_report_that_is_read_anew_keeps_what_is_not_its_text(tmp_path):
    text = "Foto: Ein Angriff auf Odessa tötete zwei Menschen.\n\n" + TEXTS["a"]
    parts = (Part(Span(0, text.index("\n")), "caption"),)
    whole = process(Document("p", text, "de", date(2024, 3, 4), "given", author="Ana", parts=parts))
    store = Store(tmp_path / "store")
    store.add([whole], now=NOW)
    before, report = rows_of(store), store.document("p")
    files_of(store, "events")[0].unlink()
    again = Store(store.folder)
    again.check(repair=True, now=NOW)
    assert [{**row, "version": 1} for row in rows_of(again)] == before
    assert again.document("p") == report
    assert list(again.reports(["p"])["author"]) == ["Ana"]


@pytest.mark.parametrize("damage", ["lost", "cut", "scrambled", "emptied"])
def test_lost_events_are_read_anew_from_the_reports(store, damage):
    before = rows_of(store)
    file = files_of(store, "events")[0]
    whole = file.read_bytes()
    if damage == "lost":
        file.unlink()
    elif damage == "emptied":
        file.write_bytes(b"")
    elif damage == "cut":
        file.write_bytes(whole[: len(whole) // 2])
    else:
        file.write_bytes(whole[:50] + bytes(byte ^ 0x55 for byte in whole[50:-200]) + whole[-200:])
    with pytest.raises(StoreError):
        Store(store.folder).events()
    kind = "missing-file" if damage == "lost" else "damaged-file"
    assert kinds(Store(store.folder).check(now=NOW)) == [(kind, False)]
    repaired = Store(store.folder)
    assert (kind, True) in kinds(repaired.check(repair=True, now=NOW))
    assert repaired.check(now=NOW) == []
    after = rows_of(repaired)
    assert [{**row, "version": 0} for row in after] == [{**row, "version": 0} for row in before]
    assert rows_of(Store(store.folder)) == after
    if damage != "lost":
        assert len(list((store.folder / "damaged").iterdir())) == 1


@pytest.mark.parametrize("packed", [False, True], ids=["fresh", "compacted"])
@pytest.mark.parametrize("name", ["events", "documents", "corrections"])
def test_every_bit_that_turns_over_is_found(store, name, packed):
    store.reject(store.events()["id"][0], who="Ana", why="x", now=NOW, after=None)
    if packed:
        store.confirm(store.events()["id"][0], who="Ben", now=NOW, after=None)
        store.compact(keep_hours=0)
    file = files_of(store, name)[0]
    before, whole = rows_of(store), file.read_bytes()
    rows_end = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")  # what a file says of itself has no checksum
    for place in range(4, rows_end, max(1, rows_end // 40)):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :])
        found = Store(store.folder, damaged=True).check(now=NOW)
        try:
            unharmed = pq.read_table(file).equals(pq.read_table(io.BytesIO(whole)))
        except (OSError, pa.ArrowException):
            unharmed = False
        assert unharmed or kinds(found) == [("damaged-file", False)], place  # what nobody reads may be anything
    repaired = Store(store.folder)
    repaired.check(repair=True, now=NOW)
    if name == "events":
        assert [{**row, "version": 0} for row in rows_of(repaired)] == [{**row, "version": 0} for row in before]


def test_what_a_report_is_called_comes_back_from_what_was_found_in_it(store):
    file = files_of(store, "documents")[0]
    table = pq.read_table(file)
    pq.write_table(table, file, compression="none", use_dictionary=False, write_page_checksum=True)
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b"Titel", b"Tatel", 1))
    store.check(repair=True, now=NOW)
    kept = [row for path in files_of(store, "documents") for row in pq.read_table(path).to_pylist()]
    assert table.to_pylist()[0] in kept


@pytest.mark.parametrize("name", ["documents", "corrections"])
def test_of_a_file_with_one_damaged_row_the_others_are_kept(store, reports, name):
    store.add([replace(reports[key], title="Titel Zwei", source="Anders") for key in reports], now=NOW)
    event = store.events()["id"][0]
    store.reject(event, who="Titel Zwei", why="x", now=NOW, after=None)
    last = max(files_of(store, name), key=lambda path: path.stat().st_mtime_ns)
    table = pq.read_table(last)
    field = "title" if name == "documents" else "who"
    bad = pa.array([b"Ti\xfftel", *[b"x"] * (len(table) - 1)])
    spoilt = table.set_column(table.schema.get_field_index(field), field, bad)
    pq.write_table(spoilt.replace_schema_metadata(None), last)
    raw = pa.schema([f if f.name != field else pa.field(field, pa.string()) for f in spoilt.schema])
    columns = [c if n != field else pa.chunked_array([pa.Array.from_buffers(pa.string(), len(bad), bad.buffers())])
               for n, c in zip(spoilt.column_names, spoilt.columns, strict=True)]  # fmt: skip
    pq.write_table(pa.table(columns, schema=raw), last)
    with pytest.raises(StoreError, match="check --repair"):
        Store(store.folder).events()
    again = Store(store.folder)
    assert kinds(again.check(now=NOW)) == [("damaged-file", False)]
    assert ("damaged-file", True) in kinds(again.check(repair=True, now=NOW))
    assert not [finding for finding in Store(store.folder).check(now=NOW) if finding.kind in SERIOUS]
    if name == "documents":
        assert sorted(set(again.reports(reports)["source"])) == ["Anders", "Zeitung"]
    else:
        assert again.history(event) == ()


def test_a_lost_file_of_documents_leaves_the_others_readable(store):
    files_of(store, "documents")[0].unlink()
    repaired = Store(store.folder)
    assert ("missing-file", True) in kinds(repaired.check(repair=True, now=NOW))
    assert repaired.events()["sources"].explode().nunique() == 2


def test_what_a_broken_off_run_leaves_is_found_and_removed_once_it_is_old(store, reports):
    made = make_rows([replace(reports["a"], id="z")], {}, NOW)
    store._tables.append("events", made["events"])
    loose = store.folder / "events" / "part-loose.parquet"
    loose.write_bytes(files_of(store, "events")[0].read_bytes())
    before = rows_of(store)
    assert kinds(store.check(repair=True, now=NOW)) == [("orphan-batch", False)]
    make_older(store.folder)
    assert kinds(store.check(now=NOW)) == [("loose-file", False), ("orphan-batch", False)]
    assert kinds(store.check(repair=True, now=NOW)) == [("loose-file", True), ("orphan-batch", True)]
    assert not loose.exists()
    assert store.check(now=NOW) == []
    assert rows_of(store) == before


def test_a_changed_document_and_one_written_twice_are_named(store, reports):
    made = make_rows([reports["a"]], {}, NOW)["documents"]
    store._tables.append("documents", [{**made[0], "annotation": '{"text": "forged"}', "version": 9}])
    assert ("changed-document", False) in kinds(store.check(now=NOW))
    made = make_rows([reports["b"]], {}, NOW)
    for name, content in made.items():
        store._tables.append(name, content)
    assert ("twice", False) in kinds(store.check(now=NOW))


def test_a_correction_of_what_is_gone_is_kept_and_named(store, reports):
    event = store.events()["id"][0]
    store.reject(event, who="Ana", why="falsch", now=NOW, after=None)
    for document in reports.values():
        store.add([replace(document, events=())], now=NOW)
    assert store.check(now=NOW) == []  # older versions still have it


@pytest.mark.parametrize("name", ["documents", "events", "problems", "corrections"])
@pytest.mark.parametrize("damage", ["log lost", "log empty", "log cut", "first of log lost", "a file"])
def test_a_table_without_a_log_is_made_anew_of_its_files(store, reports, name, damage):
    event = store.events()["id"][0]
    made = store.confirm(event, who="Ana", now=NOW, after=None)
    store.compact()
    store.add([replace(reports["c"], title="Neu")], now=NOW)
    before = rows_of(store)
    log = store.folder / name / "_delta_log"
    if damage == "a file":
        shutil.rmtree(store.folder / name)
        (store.folder / name).write_text("x")
    elif damage == "log cut":
        last = max(log.glob("*.json"))
        last.write_bytes(last.read_bytes()[:40])
        for file in log.glob("*checkpoint*"):
            file.unlink()
    elif damage == "first of log lost":
        for file in (*log.glob("*0.json"), *log.glob("*checkpoint*")):
            file.unlink()
    else:
        shutil.rmtree(log)
        if damage == "log empty":
            log.mkdir()
    with pytest.raises(StoreError, match=f"the table {name} is .* python -m pipeline store check --repair") as caught:
        Store(store.folder)
    assert caught.value.reason is not None
    assert "Tabelle" in say(caught.value.reason, "de")
    with pytest.raises(StoreError, match="python -m pipeline store check"):
        Store(store.folder, damaged=True).events()
    assert kinds(Store(store.folder, damaged=True).check(now=NOW)) == [("damaged-table", False)]
    opened = Store(store.folder, damaged=True)
    assert ("damaged-table", True) in kinds(opened.check(repair=True, now=NOW))
    assert next((store.folder / "damaged").iterdir()).name.startswith(name)
    if damage == "a file" and name in ("documents", "corrections"):
        return  # nothing was left
    again = Store(store.folder)
    assert [{**row, "version": 0} for row in rows_of(again)] == [{**row, "version": 0} for row in before]
    assert again.check(now=NOW) == []
    assert again.add(reports.values(), now=NOW).documents == 1
    undone = again.undo(event, made.id, who="Ana", why="x", now=NOW, after=made.id)
    assert [past.id for past in again.history(event)] == [made.id, undone.id]


def test_a_store_of_unknown_format_is_brought_to_the_newest_again(store):
    before = rows_of(store)
    (store.folder / "format.json").write_text("{")
    with pytest.raises(StoreError, match=r"format\.json; python -m pipeline store check"):
        Store(store.folder)
    assert Store(store.folder, damaged=True).check(repair=True, now=NOW) == []
    assert rows_of(Store(store.folder)) == before


def test_what_cannot_be_a_store_says_so(store, tmp_path, monkeypatch):
    file = tmp_path / "file"
    file.write_text("x")
    with pytest.raises(StoreError, match="a store is a folder"):
        Store(file)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "mkdir", refuse)
        with pytest.raises(StoreError, match="cannot be opened: Permission denied"):
            Store(tmp_path / "new")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refuse)
        for change in (lambda: store.remove("a"), store.compact):
            with pytest.raises(StoreError, match="cannot be written: Permission denied"):
                change()
    with monkeypatch.context() as patch:
        patch.setattr("shutil.move", refuse)
        (files_of(store, "events")[0]).write_bytes(b"")
        with pytest.raises(StoreError, match="Permission denied"):
            store.check(repair=True, now=NOW)


# --- compaction ------------------------------------------------------------


def test_compaction_changes_no_answer_and_keeps_every_version(store, reports):
    store.add([replace(reports["c"], title="Neu")], now=NOW)
    event = store.events()["id"][0]
    made = store.confirm(event, who="Ana", now=NOW, after=None)
    reader, before = Store(store.folder), rows_of(store)
    assert reader.count() == len(before)
    together, removed = store.compact(keep_hours=0)
    assert together > 0
    assert removed > 0
    assert len(files_of(store, "events")) == 1
    for asked in (reader, store, Store(store.folder)):
        assert rows_of(asked) == before
        assert asked.document("a")["text"] == TEXTS["a"]
        assert asked.history(event)[0].id == made.id
    assert deltalake.DeltaTable(str(store.folder / "documents")).to_pyarrow_table().num_rows == 4
    store.add([replace(reports["c"], title="Noch neuer")], now=NOW)
    store.undo(event, made.id, who="Ana", why="x", now=NOW, after=made.id)
    assert reader.count(Filter(reviews=("confirmed",))) == 0
    assert store.check(now=NOW) == []


def test_what_comes_in_small_portions_is_put_together_in_time(store, monkeypatch):
    reader, before = Store(store.folder), rows_of(store)
    store.tidy()
    assert len(store._tables.files("documents")) == 3
    monkeypatch.setattr(rewriting, "_MANY", 2)
    store.tidy()
    assert [len(store._tables.files(name)) for name in ("documents", "events")] == [1, 1]
    assert rows_of(reader) == rows_of(store) == before
    assert store.check(now=NOW) == []


def test_only_one_process_at_a_time_puts_files_together(store):
    other = Store(store.folder)
    before = rows_of(other)
    with store._tables.rewriting():
        assert compact(other._tables) == 0
    assert other.version() == store.version()
    assert compact(store._tables) > 0
    assert compact(other._tables) == 0
    assert rows_of(other) == before
    assert store.check(now=NOW) == []


def test_a_full_disk_is_said_in_the_words_of_the_system(store, monkeypatch):
    full = "Generic LocalFileSystem error:\n  Unable to copy data to file: No space left on device (os error 28)"
    before = rows_of(store)

    class Full:
        def create_checkpoint(self) -> None:
            raise deltalake.exceptions.DeltaError(full)

    with monkeypatch.context() as patch:
        patch.setattr(Tables, "table", lambda *_: Full())
        with pytest.raises(StoreError, match=r"cannot be written: No space left on device\.$"):
            store._tables.create_checkpoint("documents")
    assert store.compact(keep_hours=0)[0] > 0
    assert rows_of(store) == before


# --- the commands ------------------------------------------------------------


def run(folder: Path, *words: str) -> int:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(), make_shared())
    options = parser.parse_args([*words, "--store", str(folder)])
    return options.command(options)


def test_commands(store, tmp_path, capsys):
    assert run(store.folder, "store", "check") == 0
    assert run(store.folder, "store", "compact", "--keep-hours", "0") == 0
    assert run(store.folder, "store", "export", str(tmp_path / "all.zip")) == 0
    assert run(tmp_path / "copy", "store", "import", str(tmp_path / "all.zip")) == 0
    assert rows_of(Store(tmp_path / "copy")) == rows_of(store)
    files_of(store, "events")[0].unlink()
    assert run(store.folder, "store", "check") == 1
    assert run(store.folder, "store", "check", "--repair") == 0
    assert "missing-file" in capsys.readouterr().out
    with pytest.raises(InputError, match="There is no store"):
        run(tmp_path / "nothing", "store", "check")
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n")
    good = tmp_path / "good.csv"
    columns = "id,type_of_violence,where_prec,date_prec,date_start,date_end,latitude,longitude,country"
    good.write_text(f"{columns}\n1,1,1,1,2020-01-01,2020-01-01,12.6,-8.0,Mali\n2,1,1,1,never,2020-01-01,12.6,-8,Mali\n")
    assert run(store.folder, "import", str(bad)) == 2
    assert run(store.folder, "import", str(good)) == 1
    assert "Row 3" in capsys.readouterr().err
    assert store.count(Filter(origins=("ucdp",))) == 2
