"""What is stored comes back, once, whatever happens in between."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from multiprocessing import get_context

import pyarrow.parquet as pq
import pytest

from pipeline import cli, process
from pipeline.errors import StoreError
from pipeline.records import Document, Filter
from pipeline.store import Added, Store

NOW = datetime(2025, 12, 21, tzinfo=UTC)


@pytest.fixture(scope="module")
def processed(seed):
    return process(replace(seed, source="Zeitung's"))


@pytest.fixture
def store(tmp_path, processed):
    filled = Store(tmp_path / "store")
    filled.add([processed], now=NOW)
    return filled


def test_the_same_report_twice_changes_nothing(store, processed):
    before = store.version()
    events = store.events()
    assert store.add([processed, processed], now=NOW) == Added(0, 0, 2)
    assert store.version() == before
    assert store.events().equals(events)
    assert len(events) == len(processed.events) == store.count()


def test_a_changed_report_is_a_new_version_and_the_old_one_is_not_lost(store, processed):
    later = replace(processed, published=date(2025, 12, 27), published_source="given", events=processed.events[:3])
    assert store.add([later], now=NOW) == Added(1, 3, 0)
    assert list(store.events()["id"]) == [event.id for event in sorted_by_date(later.events)]
    import deltalake

    old = deltalake.DeltaTable(str(store.folder / "events")).to_pyarrow_table()
    assert old.num_rows == len(processed.events) + 3


def sorted_by_date(events):
    dated = [event for event in events if event.when and event.when.start]
    return sorted(dated, key=lambda event: (event.when.start, event.id)) + sorted(
        (event for event in events if event not in dated), key=lambda event: event.id
    )


@pytest.mark.parametrize(
    "wanted",
    [
        Filter(actors=("rus",)),
        Filter(places=("geonames:745044",)),
        Filter(countries=("TUR",)),
        Filter(types=("ASSAULT",)),
        Filter(modalities=("planned",)),
        Filter(first=date(2025, 12, 21)),
        Filter(last=date(2025, 7, 31)),
        Filter(text="ISTANBUL"),
        Filter(actors=("rus",), types=("CONSULT",), last=date(2025, 8, 1)),
    ],
)
def test_a_filter_gives_what_reading_every_event_gives(store, wanted):
    def passes(row) -> bool:
        first, last = row["date_start"], row["date_end"]
        return (
            (not wanted.actors or bool({actor["actor_id"] for actor in row["actors"]} & set(wanted.actors)))
            and (not wanted.places or bool({place["place_id"] for place in row["places"]} & set(wanted.places)))
            and (not wanted.countries or bool({place["country"] for place in row["places"]} & set(wanted.countries)))
            and (not wanted.types or row["type"] in wanted.types)
            and (not wanted.modalities or row["modality"] in wanted.modalities)
            and (wanted.first is None or (last == last and last.date() >= wanted.first))
            and (wanted.last is None or (first == first and first.date() <= wanted.last))
            and (
                not wanted.text
                or wanted.text.casefold() in f"{row['sentence']} {row['actor_names']} {row['place']}".casefold()
            )
        )

    expected = [row["id"] for row in store.events().to_dict("records") if passes(row)]
    assert list(store.events(wanted)["id"]) == expected
    assert store.count(wanted) == len(expected)
    assert 0 < len(expected) < store.count()


def test_a_search_is_never_read_as_sql(store):
    for text in ("'; DROP TABLE events; --", "%", "_", '"', "\\", "x' OR '1'='1"):
        store.events(Filter(text=text, actors=(text,)))
    assert store.count() > 0
    assert store.count(Filter(text="%")) == 0


def test_facets_count_each_event_once(store):
    facets, events = store.facets(), store.events()
    assert facets.types["events"].sum() == len(events)
    russia = facets.actors.set_index("id").loc["rus", "events"]
    assert russia == sum("rus" in {actor["actor_id"] for actor in actors} for actors in events["actors"])
    assert facets.first == events["date_start"].min().date()


def test_the_report_comes_back_with_its_text(store, processed):
    report = store.document(processed.id)
    assert report is not None
    assert report["text"] == processed.text
    assert store.document("nobody") is None


def test_a_removed_report_is_gone_from_every_file(tmp_path):
    texts = {
        "a": "Bei einem russischen Raketenangriff auf Odessa sind am Sonntag acht Menschen getötet worden: Quarzbert.",
        "b": "Russische Raketen haben am Sonntag Odessa getroffen. Dabei wurden zehn Menschen getötet.",
        "c": "Zilpzalp sagte nichts.",
    }
    store, other = Store(tmp_path / "store"), Store(tmp_path / "store")
    for key in ("b", "a", "c"):
        found = process(Document(key, texts[key], "de", date(2024, 3, 4), "given", title=f"Titel {key}"))
        store.add([found], now=NOW)
        store.add([replace(found, title=f"Neuer Titel {key}")], now=NOW)  # an older version, too
    (odessa,) = store.events(Filter(types=("ASSAULT",))).to_dict("records")
    store.confirm(odessa["id"], who="Ana", why="steht dort", now=NOW, after=None)
    store.compact()
    assert store.removal("a") == (store.count(Filter(documents=("a",))) - 1, 1, 0)
    assert list(store.find_reports("neuer titel C")["id"]) == ["c"]  # it tells no event
    other.count()
    words = (b"Quarzbert", b"Neuer Titel a", b"Zilpzalp", b"Neuer Titel c")
    assert all(word in _content(store.folder, packed=False) for word in words)
    for key in ("a", "c"):
        store.remove(key)
    assert not any(word in _content(store.folder) for word in words)
    for reader in (store, other, Store(store.folder)):
        assert reader.document("a") is None
        assert reader.removal("a") == (0, 0, 0)
        (left,) = reader.events(Filter(types=("ASSAULT",))).to_dict("records")
        assert (left["sources"], left["fatalities_best"], left["review"]) == (["b"], 10, "confirmed")
        assert reader.removal("b").corrections == 1
    store.remove("b")
    assert other.count() == 0
    assert b"steht dort" not in _content(store.folder)
    assert store.check(now=NOW) == []


def test_a_report_is_removed_from_the_command_line(store, processed, capsys):
    assert cli.main(["store", "remove", "nobody", processed.id, "--store", str(store.folder)]) == 2
    assert "no report nobody" in capsys.readouterr().err
    number = store.count()
    assert cli.main(["store", "remove", processed.id, "--store", str(store.folder)]) == 0
    assert capsys.readouterr().out.startswith(f"{processed.id}\t{number} events removed, 0 left")
    assert store.count() == 0


def _content(folder, packed=True):
    """All bytes of all files of a store; those of its tables also unpacked."""
    found = [path.read_bytes() for path in folder.rglob("*") if path.is_file() and packed]
    found += [repr(pq.read_table(path).to_pydict()).encode() for path in folder.rglob("*.parquet")]
    return b"".join(found)


def test_an_empty_store_answers(tmp_path):
    store = Store(tmp_path / "new" / "store")
    assert store.events().empty
    assert store.count() == 0
    assert store.facets().actors.empty
    assert store.problems().empty


def test_problems_are_kept(store):
    store.add([process(Document("x", "Am Samstag griff Russland Odessa an.", "xx"))], now=NOW)
    assert store.problems().query("document_id == 'x'")["stage"].tolist() == ["language"]


def test_a_store_that_cannot_be_opened_says_so(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("x")
    with pytest.raises(StoreError, match="cannot be opened"):
        Store(blocked / "store")


def _write(job):
    folder, name, document = job
    Store(folder).add([replace(document, id=f"{name}-{i}") for i in range(3)], now=NOW)


def test_several_processes_write_at_once_and_nothing_is_lost(tmp_path, processed):
    folder = tmp_path / "store"
    Store(folder)
    with ProcessPoolExecutor(3, get_context("spawn")) as pool:
        list(pool.map(_write, [(folder, str(n), processed) for n in range(3)]))
    events = Store(folder).events()
    assert {len(sources) for sources in events["sources"]} == {9}  # copies of one text
    assert sum(len(members) for members in events["members"]) == 9 * len(processed.events)


# --- several reports of one event --------------------------------------------------------------------------------

REPORTS = {
    "a": "Bei einem russischen Raketenangriff auf Odessa sind am Sonntag acht Menschen getötet worden.",
    "b": "Russische Raketen haben am Sonntag Odessa getroffen. Dabei wurden zehn Menschen getötet.",
    "c": "Russische Drohnen griffen am Sonntag Charkiw an.",
}


def test_one_event_in_two_reports_is_one_with_both_as_sources(tmp_path):
    store = Store(tmp_path / "store")
    found = {key: process(Document(key, text, "de", date(2024, 3, 4), "given")) for key, text in REPORTS.items()}
    store.add([found["c"], found["b"]], now=NOW)
    apart = store.count()
    store.add([found["a"]], now=NOW)
    events = store.events()
    (odessa,) = [row for row in events.to_dict("records") if row["place"] == "Odessa" and row["type"] == "ASSAULT"]
    assert odessa["sources"] == ["a", "b"]
    assert len(odessa["members"]) == 2
    assert (odessa["fatalities_low"], odessa["fatalities_high"]) == (8, 10)
    assert store.count() == len(events) <= apart
    for member in odessa["members"]:
        assert list(store.events(Filter(events=(member,)))["id"]) == [odessa["id"]]
    assert odessa["id"] in set(store.events(Filter(documents=("a",)))["id"])
    assert store.facets().documents["events"].sum() == sum(len(sources) for sources in events["sources"])
    other = Store(tmp_path / "other")
    other.add([found["a"], found["b"], found["c"]], now=NOW)
    assert list(other.events()["id"]) == list(events["id"])
    store.remove("a")
    assert set(store.events()["sources"].explode()) == {"b", "c"}
