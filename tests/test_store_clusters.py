"""Groups that are kept up event by event are those that comparing all events at once gives."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest
from made_events import NOW, make_documents

from pipeline.cli import upkeep
from pipeline.merge import merge_events
from pipeline.records import Document, Span
from pipeline.store import Store, current, snapshots
from pipeline.store.tables import Tables


def groups_of(store: Store) -> set[tuple[str, tuple[str, ...]]]:
    frame = store.events()
    return {(key, tuple(members)) for key, members in zip(frame["id"], frame["members"], strict=True)}


def expected(documents: list[Document]) -> set[tuple[str, tuple[str, ...]]]:
    """What comparing all events gives; those of one sentence and day of publication are told in the same words."""
    merged = merge_events(
        replace(event, words=document.text[slice(*event.sentence)] if event.sentence.end > 29 else None)
        for document in documents
        for event in document.events
    )
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
    monkeypatch.setattr("pipeline.store.current.LARGE", 20)
    monkeypatch.setattr("pipeline.store.snapshots.make_elsewhere", lambda _: False)  # knows nothing of 20
    documents = make_documents(80, 5)
    store = Store(tmp_path / "store")
    store.add(documents[:60], now=NOW)
    assert groups_of(store) == expected(documents[:60])
    (snapshot,) = (store.folder / "current").iterdir()
    (snapshot.parent / "0123456789abcdef.duckdb").write_bytes(b"of an older program")
    snapshots.keep(store.folder, store._current.cursor())
    assert list(snapshot.parent.iterdir()) == [snapshot]
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
    assert snapshots.make_elsewhere(store.folder)
    assert not snapshots.make_elsewhere(tmp_path / "store" / "format.json")
    monkeypatch.setattr(current, "LARGE", 20)
    assert groups_of(Store(store.folder)) == expected(documents)


def test_a_large_store_is_prepared_so_that_its_first_reader_does_not_wait(tmp_path, monkeypatch, capsys):
    small = Store(tmp_path / "small")
    small.add(make_documents(5, 6), now=NOW)
    assert small.is_ready()
    upkeep.prepare(small)
    assert not (small.folder / "current").exists()
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(current, "LARGE", 20)

    def make_here(folder):  # another process knows no 20
        return bool(current.Current(Tables(folder), alone=True).cursor())

    monkeypatch.setattr(snapshots, "make_elsewhere", make_here)
    documents = make_documents(40, 6)
    store = Store(tmp_path / "store")
    store.add(documents, now=NOW)
    assert not store.is_ready()
    upkeep.prepare(store)
    assert "prepared" in capsys.readouterr().err
    assert Store(store.folder).is_ready()
    assert groups_of(Store(store.folder)) == expected(documents)


def test_copies_of_one_report_are_one_text_with_several_sources(tmp_path):
    """Also for what has neither date nor place nor actor, but not what was published on another day."""
    text = "Beobachter sprachen von einer deutlichen Verschärfung der Lage. Die Lage ist ernst."
    some = next(event for document in make_documents(9, 1) for event in document.events)
    bare = replace(some, places=(), actors=(), when=None, fatalities=None)
    long, short = Span(0, 63), Span(64, 83)

    def copy(key: str, day: date) -> Document:
        events = tuple(
            replace(bare, id=f"{key}-{n}", document_id=key, sentence=span, trigger=Span(span.start, span.start + 5))
            for n, span in enumerate((long, short))
        )
        return Document(key, text, "de", day, "given", source=f"Zeitung {key}", events=events)

    store = Store(tmp_path / "store")
    store.add([copy("a", date(2025, 2, 1)), copy("b", date(2025, 2, 1)), copy("c", date(2025, 6, 1))], now=NOW)
    assert sorted(len(members) for _, members in groups_of(store)) == [1, 1, 2, 2]
    store.add([copy("d", date(2025, 2, 1))], now=NOW)
    row, other = [row for row in store.events().to_dict("records") if len(row["members"]) > 1]
    assert row["sources"] == other["sources"] == ["a", "b", "d"]
    assert row["texts"] == 1
    assert list(store.reports(row["sources"])["source"]) == ["Zeitung a", "Zeitung b", "Zeitung d"]
    store.remove("a")
    assert {tuple(row["sources"]) for row in store.events().to_dict("records") if len(row["members"]) > 1} == {
        ("b", "d")
    }
