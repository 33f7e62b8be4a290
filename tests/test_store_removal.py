"""Many reports are taken out at once, with all that came from them, whatever they share."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest
from made_events import make_documents, print_copies

from pipeline.store import Store, rewriting

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


def test_broken_off_it_can_be_asked_for_again(store, reports, tmp_path, monkeypatch):
    drop = rewriting._drop

    def stop(tables, name, column, values):
        if name == "documents":
            raise KeyboardInterrupt
        drop(tables, name, column, values)

    with monkeypatch.context() as broken:
        broken.setattr(rewriting, "_drop", stop)
        with pytest.raises(KeyboardInterrupt):
            store.remove(*GONE)
    again = Store(store.folder)
    assert set(again.reports(GONE)["id"]) == set(GONE)
    again.remove(*GONE)
    other = Store(tmp_path / "other")
    other.add([report for report in reports if report.id not in GONE], now=NOW)
    assert groups(again) == groups(other)
    assert not stored_owners(again) & set(GONE)
