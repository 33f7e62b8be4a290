"""Many reports are taken out at once, with all that came from them, whatever they share."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest
from made_events import make_documents, print_copies

from pipeline.errors import StoreError
from pipeline.store import Store, rewriting
from pipeline.store.tables import Tables

NOW = datetime(2025, 12, 21, tzinfo=UTC)
GONE = [f"d{number:03}" for number in range(0, 60, 3)]  # of each text printed by three, one is taken out


@pytest.fixture
def reports():
    return print_copies(make_documents(60, seed=4))


@pytest.fixture
def store(tmp_path, reports):
    filled = Store(tmp_path / "store")
    filled.add(reports, now=NOW, batch=7)
    seen = {row["id"]: row["revision"] for row in filled.events().to_dict("records")}
    filled.review_all("confirm", dict.fromkeys(seen), who="Ana", why=None, now=NOW)
    return filled


def groups(store: Store) -> list[tuple[tuple[str, ...], ...]]:
    found = store.events().to_dict("records")
    return sorted((tuple(sorted(row["members"])), tuple(sorted(row["sources"]))) for row in found)


def stored_owners(store: Store) -> set[str]:
    """Of whatever is in any file of the tables."""
    owners: set[str] = set()
    for file in store.folder.rglob("*.parquet"):
        table = pq.read_table(file)
        for column in {"id", "document_id"} & set(table.column_names):
            owners.update(value for value in table.column(column).to_pylist() if value)
        if "members" in table.column_names:
            owners.update(m.replace("e", "d").partition("-")[0] for row in table["members"].to_pylist() for m in row)
    return owners


def test_what_is_left_is_a_store_that_never_had_them(store, reports, tmp_path):
    reader = Store(store.folder)
    before = reader.count()
    going = store.removals(GONE)
    store.remove(*GONE)
    other = Store(tmp_path / "other")
    other.add([report for report in reports if report.id not in GONE], now=NOW)
    assert groups(store) == groups(reader) == groups(other)
    assert before - store.count() == sum(gone.own for gone in going.values())  # none that several of them told alone
    assert set(store.events()["review"]) == {"confirmed"}
    assert not stored_owners(store) & set(GONE)
    assert store.check(now=NOW) == []


def test_what_all_reports_of_an_event_go_with_is_said_of_each(store):
    everything = [f"d{number:03}" for number in range(60)]
    going = store.removals(everything)
    assert all(gone.shared == 0 for gone in going.values())
    several = {row["id"]: row["sources"] for row in store.events().to_dict("records")}
    assert sum(gone.own for gone in going.values()) == sum(map(len, several.values()))
    store.remove(*everything)
    assert store.count() == 0
    assert store.check(now=NOW) == []


STEPS = [(rewriting, "_release_corrections"), *[(Tables, "vacuum")] * 4, (rewriting.snapshots, "drop")]


@pytest.mark.parametrize("step", range(len(STEPS)))
def test_broken_off_it_is_finished_by_whoever_opens_the_store_next(step, store, reports, tmp_path, monkeypatch):
    """Somebody wanted it gone: it must not wait for a second request."""
    module, name = STEPS[step]
    done, left = getattr(module, name), STEPS[:step].count(STEPS[step])

    def stop(*arguments):
        nonlocal left
        if not left:
            raise KeyboardInterrupt
        left -= 1
        return done(*arguments)

    (store.folder / ".import").mkdir()
    (store.folder / ".import" / "documents.parquet").write_bytes(
        next(store.folder.rglob("documents/*.parquet")).read_bytes()
    )
    with monkeypatch.context() as broken:
        broken.setattr(module, name, stop)
        with pytest.raises(KeyboardInterrupt):
            store.remove(*GONE)
    again = Store(store.folder)
    assert again.reports(GONE).empty
    assert not (store.folder / "removing.json").exists()
    other = Store(tmp_path / "other")
    other.add([report for report in reports if report.id not in GONE], now=NOW)
    assert groups(again) == groups(other)
    assert not stored_owners(again) & set(GONE)


def test_what_cannot_be_finished_is_said_by_a_check_and_tried_again(store, monkeypatch):
    def fill_up(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(rewriting, "_drop", fill_up)
        with pytest.raises(StoreError, match="No space left"):
            store.remove(*GONE)
        reader = Store(store.folder)  # can still be read
        assert reader.count() > 0
        assert [finding.kind for finding in reader.check(now=NOW)] == ["broken-removal"]
        with pytest.raises(StoreError, match="No space left"):
            reader.add([], now=NOW)
    assert [(finding.kind, finding.repaired) for finding in reader.check(repair=True, now=NOW)] == [
        ("broken-removal", True)
    ]
    assert not stored_owners(store) & set(GONE)


@pytest.mark.parametrize(("name", "hours"), [("part-loose.parquet", 2), ("again-loose.parquet", 0)])
def test_what_broken_off_runs_have_left_of_them_goes_too(store, name, hours):
    source = next((store.folder / "documents").glob("*.parquet"))
    loose = source.with_name(name)
    loose.write_bytes(source.read_bytes())
    os.utime(loose, (time.time() - hours * 3600,) * 2)
    store.remove(*GONE)
    assert not loose.exists()
    assert not stored_owners(store) & set(GONE)
