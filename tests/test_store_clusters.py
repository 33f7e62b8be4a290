"""Groups that are kept up event by event are those that comparing all events at once gives."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from made_events import NOW, make_documents

from pipeline.merge import merge_events
from pipeline.records import Document
from pipeline.store import Store, current


def groups_of(store: Store) -> set[tuple[str, tuple[str, ...]]]:
    frame = store.events()
    return {(key, tuple(members)) for key, members in zip(frame["id"], frame["members"], strict=True)}


def expected(documents: list[Document]) -> set[tuple[str, tuple[str, ...]]]:
    merged = merge_events(event for document in documents for event in document.events)
    return {(m.id if len(m.members) > 1 else m.members[0], m.members) for m in merged}


@pytest.mark.parametrize("seed", range(6))
def test_adding_changing_and_removing_in_any_order_gives_the_same_groups(tmp_path, monkeypatch, seed):
    if seed % 2:
        monkeypatch.setattr("pipeline.store.clusters._MANY", 2.0)  # never all anew
    documents = make_documents(90, seed)
    store = Store(tmp_path / "store")
    draw = random.Random(seed)
    stored: dict[str, Document] = {}
    order = draw.sample(documents, len(documents))
    while order:
        chunk = [order.pop() for _ in range(min(len(order), draw.randint(1, 12)))]
        stored |= {document.id: document for document in chunk}
        store.add(chunk, now=NOW)
        change = draw.choice(sorted(stored))
        stored[change] = replace(stored[change], events=stored[change].events[: draw.randint(0, 2)])
        store.add([stored[change]], now=NOW)
        if draw.random() < 0.3:
            gone = draw.choice(sorted(stored))
            stored.pop(gone)
            store.remove(gone)
        assert groups_of(store) == expected(list(stored.values()))
    assert any(len(members) > 2 for _, members in groups_of(store))
    assert groups_of(Store(store.folder)) == groups_of(store)


def test_imported_events_are_never_put_together(tmp_path, monkeypatch):
    from pipeline import rows

    row = rows.event_row
    monkeypatch.setattr(rows, "event_row", lambda event, document: row(event, document) | {"origin": "acled"})
    documents = make_documents(30, 1)
    store = Store(tmp_path / "store")
    store.add(documents, now=NOW)
    assert {len(members) for _, members in groups_of(store)} == {1}


def test_a_snapshot_is_taken_up_and_a_broken_one_is_no_harm(tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.store.current._LARGE", 20)
    monkeypatch.setattr("pipeline.store.current._make_snapshot", lambda _: False)  # knows nothing of 20
    documents = make_documents(80, 5)
    store = Store(tmp_path / "store")
    store.add(documents[:60], now=NOW)
    assert groups_of(store) == expected(documents[:60])
    (snapshot,) = (store.folder / "current").iterdir()
    other = Store(store.folder)
    other.add(documents[60:], now=NOW)
    assert groups_of(other) == groups_of(store) == expected(documents)
    assert other.version() == store.version()
    snapshot.write_bytes(b"no database")
    assert groups_of(Store(store.folder)) == expected(documents)
    store.remove(documents[0].id)
    assert groups_of(Store(store.folder)) == groups_of(store) == expected(documents[1:])


def test_a_snapshot_is_made_by_a_process_of_its_own(tmp_path, monkeypatch):
    documents = make_documents(40, 6)
    store = Store(tmp_path / "store")
    store.add(documents, now=NOW)
    assert current._make_snapshot(store.folder)
    assert not current._make_snapshot(tmp_path / "store" / "format.json")
    monkeypatch.setattr(current, "_LARGE", 20)
    assert groups_of(Store(store.folder)) == expected(documents)
