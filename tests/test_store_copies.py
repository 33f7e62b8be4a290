"""Agency reports that many outlets print are one text with several sources; what only looks alike is not."""

from __future__ import annotations

import json
import random
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pipeline import process
from pipeline.records import Document, Filter
from pipeline.store import Store

NOW = datetime(2025, 12, 21, tzinfo=UTC)
SUNDAY = date(2025, 12, 21)
PARAGRAPHS = (
    "Bei einem russischen Raketenangriff auf die Hafenstadt Odessa sind am Samstag nach Angaben der Behörden acht "
    "Menschen getötet worden. 27 weitere wurden verletzt, wie der Gouverneur mitteilte. Beobachter sprachen von einer "
    "neuen Stufe der Gewalt.",
    "Präsident Wolodymyr Selenskyj verurteilte den Angriff scharf und forderte mehr Flugabwehr von den Verbündeten. "
    "Das Verteidigungsministerium in Moskau äußerte sich zunächst nicht zu den Vorwürfen.",
    "In der Nacht zum Sonntag griffen Drohnen zudem die Stadt Charkiw an, wo ein Lagerhaus in Brand geriet. Verletzte "
    "gab es dort nach ersten Erkenntnissen nicht.",
    "Der ukrainische Außenminister will am Montag in Brüssel mit seinen Amtskollegen über die Lage beraten. Die "
    "Europäische Union sagte der Ukraine weitere Hilfe zu.",
)
AGENCY = "\n\n".join(PARAGRAPHS)
PRINTED = {
    "a": f"Kiew (dpa) – {AGENCY}",
    "b": f"Tote in Odessa\n\n{AGENCY}\n\nVon Anna Muster, mit Material der Nachrichtenagentur",
    "c": "Russland beschießt Hafenstadt\n\n" + "\n\n".join(PARAGRAPHS[:3]) + "\n\n(afp)",
}


@cache
def report(key: str, text: str, day: date | None = SUNDAY) -> Document:
    source = "given" if day else "unknown"
    return process(Document(key, text, "de", day, source, source=f"Zeitung {key}"))


def copies() -> list[Document]:
    return [report(key, text) for key, text in PRINTED.items()]


def told(store: Store) -> set[tuple[object, ...]]:
    """All that readers see of the events."""
    frame = store.events().drop(columns=["version"])
    return {json.dumps(row, sort_keys=True) for row in json.loads(frame.to_json(orient="records", date_format="iso"))}


def filled(folder: Path, documents: list[Document]) -> Store:
    store = Store(folder)
    store.add(documents, now=NOW)
    return store


def texts_of(store: Store) -> int:
    """How many texts the reports of a store are."""
    return store._query("SELECT count(DISTINCT founder) FROM text", []).fetchone()[0]


def test_three_outlets_print_one_text(tmp_path):
    alone = filled(tmp_path / "alone", [report("a", PRINTED["a"])])
    store = filled(tmp_path / "store", copies())
    assert texts_of(store) == 1
    events, once = store.events(), alone.events()
    assert len(events) == len(once) > 5
    assert sorted(events["type"]) == sorted(once["type"])
    assert list(events["texts"]) == [1] * len(events)
    (odessa,) = events[events["place"] == "Odessa"].to_dict("records")
    assert odessa["sources"] == ["a", "b", "c"]
    assert odessa["fatalities_best"] == 8
    assert list(store.reports(odessa["sources"])["source"]) == ["Zeitung a", "Zeitung b", "Zeitung c"]
    # Neither placed nor dated by its own words: only that it is the same text says that it is the same event.
    (bare,) = events[events["sentence"].str.contains("Beobachter sprachen")].to_dict("records")
    assert bare["sources"] == ["a", "b", "c"]
    assert store.tally().rows["killed"].max() == 8
    facet = dict(store.facets().outlets[["id", "events"]].itertuples(index=False))
    for key in ("a", "b", "c"):
        by_key = sum(key in sources for sources in events["sources"])
        assert store.count(Filter(outlets=(f"Zeitung {key}",))) == facet[f"Zeitung {key}"] == by_key > 3


def test_what_only_one_copy_tells_stays(tmp_path):
    more = report("d", f"{AGENCY}\n\nIn Cherson starben am Freitag drei Menschen durch Artilleriefeuer.")
    store = filled(tmp_path / "store", [*copies(), more])
    assert texts_of(store) == 1
    (own,) = store.events().query("place == 'Cherson'").to_dict("records")
    assert own["sources"] == ["d"]
    assert own["fatalities_best"] == 3
    assert set(store.events().query("place == 'Brüssel'")["sources"].explode()) == {"a", "b", "d"}  # "c" is cut


@pytest.mark.parametrize(
    ("words", "others"),
    [
        ("Odessa", "Cherson"),
        ("acht Menschen", "zwölf Menschen"),
        ("27 weitere", "41 weitere"),
        ("am Samstag", "am Freitag"),
    ],
)
def test_reports_of_one_pattern_are_no_copies(tmp_path, words, others):
    other = report("z", PRINTED["a"].replace(words, others))
    store = filled(tmp_path / "store", [*copies(), other])
    assert texts_of(store) == 2
    for row in store.events().to_dict("records"):
        assert row["texts"] == 1 + (len(row["sources"]) > 1 and "z" in row["sources"])


def test_a_hundred_reports_of_one_pattern_are_a_hundred_texts(tmp_path):
    """Police reports: the same words, another place and number each time."""
    cities = ("Odessa", "Charkiw", "Cherson", "Mykolajiw", "Dnipro", "Sumy", "Lwiw", "Poltawa", "Riwne", "Luzk")
    pattern = (
        "Bei einem Angriff auf {place} sind am Samstag {dead} Menschen getötet worden. Die Behörden leiteten "
        "Ermittlungen ein. Rettungskräfte suchten in den Trümmern nach Überlebenden, teilte der Zivilschutz am "
        "Abend weiter mit. Mehrere Wohnhäuser wurden beschädigt, der Strom fiel aus."
    )
    documents = [
        report(f"{place}{dead}", pattern.format(place=place, dead=dead)) for place in cities for dead in range(3, 13)
    ]
    store = filled(tmp_path / "store", documents)
    assert texts_of(store) == len(documents) == 100
    attacks = store.events().query("type == 'ASSAULT'")
    assert attacks["place"].nunique() == len(cities)


def test_the_same_text_on_another_day_is_another(tmp_path):
    days = [SUNDAY, date(2025, 12, 23), date(2025, 12, 28)]
    store = filled(tmp_path / "store", [report(f"d{day}", PRINTED["a"], day) for day in days])
    assert texts_of(store) == 2
    attacks = store.events().query("place == 'Odessa'")
    assert sorted(len(sources) for sources in attacks["sources"]) == [1, 2]
    assert sorted(attacks["date_start"].dt.date) == [date(2025, 12, 20), date(2025, 12, 27)]


def test_reports_without_a_day_are_copies_of_each_other_only(tmp_path):
    undated = [report(f"{key}0", text, None) for key, text in PRINTED.items()]
    store = filled(tmp_path / "store", [*copies(), *undated])
    assert texts_of(store) == 2


def test_of_two_readings_of_one_text_that_of_the_earlier_day_holds(tmp_path):
    text = PRINTED["a"].replace("am Samstag", "gestern")
    late, early = report("a-late", text, date(2025, 12, 22)), report("b-early", text)
    store = filled(tmp_path / "store", [late, early])
    (attack,) = store.events().query("place == 'Odessa'").to_dict("records")
    assert attack["date_start"].date() == date(2025, 12, 20)
    assert attack["sources"] == ["a-late", "b-early"]


def test_a_corrected_report_is_a_version_of_itself(tmp_path):
    store = filled(tmp_path / "store", copies())
    corrected = report("a", PRINTED["a"].replace("acht Menschen", "zwölf Menschen"))
    store.add([corrected], now=NOW)
    assert texts_of(store) == 2  # the others still say eight
    (odessa,) = store.events().query("place == 'Odessa'").to_dict("records")
    assert (odessa["fatalities_low"], odessa["fatalities_high"], odessa["texts"]) == (8, 12, 2)
    for key in "bc":
        store.add([report(key, PRINTED[key].replace("acht Menschen", "zwölf Menschen"))], now=NOW)
    assert texts_of(store) == 1
    (odessa,) = store.events().query("place == 'Odessa'").to_dict("records")
    assert (odessa["fatalities_best"], odessa["texts"]) == (12, 1)
    found = duckdb.execute("SELECT count(*) FROM read_parquet(?)", [f"{store.folder}/documents/*.parquet"]).fetchone()
    assert found == (6,)  # no version is lost
    assert told(store) == told(filled(tmp_path / "fresh", [*(
        report(key, PRINTED[key].replace("acht Menschen", "zwölf Menschen")) for key in "abc"
    )]))  # fmt: skip


# --- independent of order ------------------------------------------------------------


def mixed() -> list[Document]:
    """Copies, cut ones among them that are no copies of each other, patterns, other days, changed facts."""
    halves = ("\n\n".join(PARAGRAPHS[:2]), "\n\n".join(PARAGRAPHS[2:]))
    return [
        *copies(),
        *(report(f"h{place}", half) for place, half in enumerate(halves)),
        report("t", PRINTED["a"].replace("Odessa", "Cherson")),
        report("n", PRINTED["b"].replace("acht", "zwölf")),
        report("m", PRINTED["b"], date(2025, 12, 23)),
        report("l", PRINTED["b"], date(2025, 12, 25)),
        report("k", "Ganz anderes: " + halves[1] + " " + "Dazu kamen am Freitag Proteste in Lwiw. " * 3),
    ]


@cache
def expected() -> frozenset[object]:
    with tempfile.TemporaryDirectory() as folder:
        return frozenset(told(filled(Path(folder) / "store", mixed())))


@settings(max_examples=8, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(order=st.permutations(range(10)), cuts=st.sets(st.integers(1, 9), max_size=4), asked=st.booleans())
def test_no_order_and_no_batches_change_what_is_seen(order, cuts, asked):
    documents = mixed()
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "store")
        edges = [0, *sorted(cuts), len(documents)]
        for first, last in pairwise(edges):
            store.add([documents[place] for place in order[first:last]], now=NOW)
            if asked:
                store.count()
        assert told(store) == expected()
        assert told(Store(store.folder)) == expected()


@pytest.mark.parametrize("seed", range(3))
def test_changing_and_removing_leaves_what_was_never_there(tmp_path, seed, monkeypatch):
    if seed:
        monkeypatch.setattr("pipeline.store.clusters._MANY", 2.0)  # never all anew
    draw = random.Random(seed)
    store = filled(tmp_path / "store", draw.sample(mixed(), 10))
    store.count()
    kept = {document.id: document for document in mixed()}
    for _ in range(6):
        chosen = draw.choice(sorted(kept))
        if draw.random() < 0.5:
            store.remove(chosen)
            del kept[chosen]
        else:
            kept[chosen] = replace(kept[draw.choice(sorted(kept))], id=chosen)
            kept[chosen] = process(replace(kept[chosen], sentences=(), times=(), places=(), actors=(), events=()))
            store.add([kept[chosen]], now=NOW)
        assert told(store) == told(filled(tmp_path / f"fresh-{_}", list(kept.values())))


# --- what people said ------------------------------------------------------------


@pytest.mark.parametrize("gone", ["a", "b", "c"])
def test_a_removed_copy_leaves_the_event_and_what_was_said_of_it(tmp_path, gone):
    store = filled(tmp_path / "store", copies())
    (odessa,) = store.events().query("place == 'Odessa'").to_dict("records")
    made = store.correct(odessa["id"], {"fatalities": (9, 9, 9)}, who="Ana", why="x", now=NOW, after=None)
    store.remove(gone)
    (left,) = store.events().query("place == 'Odessa'").to_dict("records")
    assert left["sources"] == sorted({"a", "b", "c"} - {gone})
    assert (left["fatalities_best"], left["texts"], left["review"]) == (9, 1, "corrected")
    assert [past.id for past in store.history(left["id"])] == [made.id]
    said = duckdb.execute("SELECT * FROM read_parquet(?)", [f"{store.folder}/corrections/*.parquet"]).fetchall()
    assert repr(gone) not in repr(said)
    undone = store.undo(left["id"], made.id, who="Ben", why="y", now=NOW, after=left["revision"])
    assert undone.standing == "effective"
    (left,) = store.events().query("place == 'Odessa'").to_dict("records")
    assert left["fatalities_best"] == 8
    assert store.check(now=NOW) == []
    for key in {"a", "b", "c"} - {gone}:
        store.remove(key)
    assert store.count() == 0
    assert told(store) == set()


def test_a_correction_holds_when_another_copy_joins(tmp_path):
    store = filled(tmp_path / "store", copies()[:1])
    (odessa,) = store.events().query("place == 'Odessa'").to_dict("records")
    store.confirm(odessa["id"], who="Ana", now=NOW, after=None)
    store.add(copies()[1:], now=NOW)
    (odessa,) = store.events().query("place == 'Odessa'").to_dict("records")
    assert (odessa["review"], odessa["sources"], odessa["texts"]) == ("confirmed", ["a", "b", "c"], 1)
