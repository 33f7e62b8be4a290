"""What people say about events is laid over them, can be taken back, and is never lost."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context

import pytest

from pipeline import process, wording
from pipeline.errors import ConflictError, InputError
from pipeline.records import Document, Filter
from pipeline.store import Store

NOW = datetime(2025, 12, 21, 9, 30, tzinfo=UTC)
REPORTS = {
    "a": "Bei einem russischen Raketenangriff auf Odessa sind am Sonntag acht Menschen getötet worden.",
    "b": "Russische Raketen haben am Sonntag Odessa getroffen. Dabei wurden zehn Menschen getötet.",
    "c": "Russische Drohnen griffen am Sonntag Charkiw an.",
}
ANA = {"who": "Ana", "why": "Quelle geprüft", "now": NOW}
BEN = {"who": "Ben", "why": "anderer Bericht", "now": NOW + timedelta(minutes=5)}


def report(key: str) -> Document:
    return process(Document(key, REPORTS[key], "de", date(2024, 3, 4), "given"))


@pytest.fixture
def store(tmp_path):
    filled = Store(tmp_path / "store")
    filled.add([report("a"), report("c")], now=NOW)
    return filled


def find(store: Store, place: str, **wanted: object) -> dict[str, object]:
    frame = store.events(Filter(**wanted))
    (row,) = [r for r in frame.to_dict("records") if r["place"] == place and r["type"] == "ASSAULT"]
    return row


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"date": (date(2024, 3, 2), date(2024, 3, 2))}, {"precision": "day", "date_certainty": "explicit"}),
        ({"date": ("2024-02-01", "2024-02-29")}, {"precision": "month"}),
        ({"date": ("2024-02-01", None)}, {"precision": "range", "ongoing": True}),
        ({"date": None}, {"precision": None, "date_certainty": "unknown"}),
        ({"places": ["geonames:703448"]}, {"country": "UKR", "place_id": "geonames:703448"}),
        ({"places": []}, {"place": None, "places": [], "countries": [], "regions": []}),
        ({"actors": [("ukr-mil", "actor"), ("rus", "target")]}, {"actor_ids": ["ukr-mil", "rus"]}),
        ({"actors": []}, {"actor_names": "", "actors": []}),
        ({"type": "COERCE"}, {"type": "COERCE", "acled": None}),
        ({"modality": "claimed"}, {"modality": "claimed"}),
        ({"fatalities": (7, 8, None)}, {"fatalities_low": 7, "fatalities_best": 8}),
        ({"injured": (0, 0, 0)}, {"injured_low": 0, "injured_high": 0}),
        ({"fatalities": None, "type": "AID"}, {"type": "AID"}),
    ],
    ids=str,
)
def test_each_field_can_be_corrected_and_taken_back(store, changes, expected):
    before = find(store, "Odessa")
    made = store.correct(before["id"], changes, after=None, **ANA)
    after = store.events(Filter(events=(before["id"],))).to_dict("records")[0]
    for name, value in expected.items():
        assert after[name] == value or (value is None and after[name] != after[name])
    assert after["changed"] == list(changes)
    assert after["review"] == "corrected"
    assert after["revision"] == made.id
    assert list(store.events(Filter(reviews=("corrected",)))["id"]) == [before["id"]]
    as_extracted = store.events(Filter(extracted=True))
    assert find(store, "Odessa", extracted=True) == before
    assert len(as_extracted) == store.count() == store.count(Filter(extracted=True))
    store.undo(before["id"], made.id, after=made.id, **BEN)
    undone = find(store, "Odessa")
    assert {**undone, "revision": None} == before
    assert [(entry.action, entry.standing) for entry in store.history(before["id"])] == [
        ("correct", "undone"),
        ("undo", "effective"),
    ]


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({}, "nothing"),
        ({"sentence": "x"}, "field"),
        ({"date": ("2024-03-02", "2024-03-01")}, "order"),
        ({"date": "2024-03-02"}, "date"),
        ({"date": ("gestern", None)}, "date"),
        ({"date": ("2024-02-30", None)}, "date"),
        ({"date": 5}, "date"),
        ({"places": ["nowhere:1"]}, "place"),
        ({"places": "geonames:703448"}, "place"),
        ({"places": ["' OR 1=1 --"]}, "place"),
        ({"actors": [("nobody-at-all", "actor")]}, "actor"),
        ({"actors": [("rus", "villain")]}, "role"),
        ({"actors": ["rus"]}, "role"),
        ({"actors": 7}, "actor"),
        ({"type": "WAR"}, "type"),
        ({"type": ["ASSAULT"]}, "type"),
        ({"modality": "perhaps"}, "modality"),
        ({"fatalities": (3, 2, 1)}, "people"),
        ({"fatalities": (-1, None, None)}, "people"),
        ({"fatalities": ("viele", None, None)}, "people"),
        ({"injured": 5}, "people"),
        ({"injured": (10**12, None, None)}, "people"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_in_one_sentence_and_nothing_is_kept(store, changes, key):
    event = find(store, "Odessa")
    with pytest.raises(InputError) as refused:
        store.correct(event["id"], changes, after=None, **ANA)
    assert refused.value.reason.key == f"store.{key}"
    for language in wording.languages():
        assert wording.say(refused.value.reason, language).count("\n") == 0
    assert store.history(event["id"]) == ()


def test_who_and_why_must_be_said(store):
    event = find(store, "Odessa")["id"]
    for words in ({"who": " "}, {"why": ""}, {"who": "x" * 500}, {"why": "x" * 5000}):
        with pytest.raises(InputError):
            store.reject(event, after=None, **{**ANA, **words})
    store.confirm(event, who="Ana", now=NOW, after=None)
    with pytest.raises(InputError, match="no longer there"):
        store.confirm("nothing", who="Ana", now=NOW, after=None)


def test_a_rejected_event_is_shown_only_where_it_is_asked_for(store):
    event, total = find(store, "Odessa"), store.count()
    made = store.reject(event["id"], after=None, **ANA)
    assert store.count() == total - 1 == store.totals().events
    assert event["id"] not in set(store.events()["id"])
    assert list(store.events(Filter(reviews=("rejected",)))["id"]) == [event["id"]]
    assert store.count(Filter(extracted=True)) == total
    assert store.overview(lanes="type").lanes["events"].sum() == total - 1
    store.undo(event["id"], made.id, after=made.id, **BEN)
    assert store.count() == total


def test_confirmed_and_corrected_go_together(store):
    event = find(store, "Odessa")["id"]
    first = store.correct(event, {"type": "COERCE"}, after=None, **ANA)
    store.confirm(event, who="Ben", now=NOW, after=first.id)
    for review in ("corrected", "confirmed"):
        assert list(store.events(Filter(reviews=(review,)))["id"]) == [event]
    assert store.count(Filter(reviews=("none",))) == store.count() - 1
    assert store.events(Filter(events=(event,)))["type"].tolist() == ["COERCE"]


def test_who_comes_second_is_told_and_nothing_is_lost(store):
    event = find(store, "Odessa")
    first = store.correct(event["id"], {"type": "COERCE"}, after=event["revision"], **ANA)
    with pytest.raises(ConflictError) as told:
        store.correct(event["id"], {"type": "AID"}, after=event["revision"], **BEN)
    for language in wording.languages():
        assert "Ana" in wording.say(told.value.reason, language)
    assert store.events(Filter(events=(event["id"],)))["type"].tolist() == ["COERCE"]
    history = store.history(event["id"])
    assert [(entry.who, entry.standing) for entry in history] == [("Ana", "effective"), ("Ben", "conflict")]
    assert history[1].changes == {"type": "AID"}
    with pytest.raises(InputError):
        store.undo(event["id"], history[1].id, after=first.id, **BEN)
    again = store.correct(event["id"], {"type": "AID"}, after=first.id, **BEN)
    assert store.events(Filter(events=(event["id"],)))["type"].tolist() == ["AID"]
    store.undo(event["id"], again.id, after=again.id, **ANA)
    assert store.events(Filter(events=(event["id"],)))["type"].tolist() == ["COERCE"]


def correct_once(job):
    folder, event, number = job
    try:
        store = Store(folder)
        store.correct(event, {"fatalities": (number, number, number)}, after=None, who=f"P{number}", why="x", now=NOW)
    except ConflictError as told:
        return number, str(told)
    return number, None


def test_of_several_processes_at_once_one_is_in_effect_and_the_others_are_told(store):
    event = find(store, "Odessa")["id"]
    with ProcessPoolExecutor(4, get_context("spawn")) as pool:
        answers = dict(pool.map(correct_once, [(store.folder, event, number) for number in range(8)]))
    (winner,) = [number for number, told in answers.items() if told is None]
    assert all(f"P{winner} " in told for told in answers.values() if told is not None)
    assert store.events(Filter(events=(event,)))["fatalities_best"].tolist() == [winner]
    history = store.history(event)
    assert {entry.who for entry in history} == {f"P{number}" for number in range(8)}
    assert [entry.who for entry in history if entry.standing == "effective"] == [f"P{winner}"]


def test_corrections_survive_that_the_report_is_read_anew_and_that_others_join(store):
    event = find(store, "Odessa")
    store.correct(event["id"], {"places": ["geonames:703448"]}, after=None, **ANA)
    changed = replace(report("a"), title="Neuer Titel")
    store.add([changed], now=NOW)
    (row,) = store.events(Filter(reviews=("corrected",))).to_dict("records")
    assert (row["id"], row["title"], row["place_id"]) == (event["id"], "Neuer Titel", "geonames:703448")
    store.add([report("b")], now=NOW)
    (row,) = store.events(Filter(reviews=("corrected",))).to_dict("records")
    assert row["sources"] == ["a", "b"]
    assert row["place_id"] == "geonames:703448"
    assert (row["fatalities_low"], row["fatalities_high"]) == (8, 10)
    assert [entry.who for entry in store.history(row["id"])] == ["Ana"]
    store.add([replace(report("a"), events=())], now=NOW)
    assert store.count(Filter(reviews=("corrected",))) == 0
    store.add([report("a")], now=NOW)
    assert store.count(Filter(reviews=("corrected",))) == 1


def test_a_second_process_sees_corrections_and_a_removed_report_takes_them_along(store):
    event = find(store, "Odessa")["id"]
    store.reject(event, after=None, who="Ana Geheim", why="falsch", now=NOW)
    assert Store(store.folder).count(Filter(reviews=("rejected",))) == 1
    store.remove("a")
    assert store.count(Filter(reviews=("rejected",))) == 0
    left = b"".join(path.read_bytes() for path in store.folder.rglob("*.parquet"))
    assert b"Geheim" not in left


def test_what_people_write_is_kept_as_they_wrote_it(store):
    event = find(store, "Odessa")["id"]
    for words in ("'; DROP TABLE x; --", "<script>alert(1)</script>", "=1+1", "\u202eabc", "x" * 2000):
        store.confirm(
            event,
            who=words[:200],
            why=words,
            now=NOW,
            after=store.events(Filter(events=(event,)))["revision"][0] or None,
        )
        assert store.history(event)[-1].why == words


# --- many at once ----------------------------------------------------------------------------------------------------


def seen_of(store: Store) -> dict[str, str | None]:
    return {row["id"]: row["revision"] for row in store.events().to_dict("records")}


@pytest.mark.parametrize("action", ["confirm", "reject"])
def test_many_are_reviewed_at_once_each_with_its_own_history_and_taken_back_at_once(store, action):
    before = store.events()
    made = store.review_all(action, seen_of(store), **ANA)
    assert len(made) == len(before) == 2
    assert {said.number for said in made} == {1}
    assert {said.standing for said in made} == {"effective"}
    for event in before["id"]:
        (said,) = store.history(event)
        assert (said.action, said.who, said.why, said.at) == (action, "Ana", "Quelle geprüft", NOW)
    wanted = Filter(reviews=("confirmed" if action == "confirm" else "rejected",))
    assert store.count(wanted) == Store(store.folder).count(wanted) == len(before)
    store.undo_all(1, **BEN)
    after = store.events()
    assert list(after["id"]) == list(before["id"])
    assert after["review"].isna().all()
    assert [[said.standing for said in store.history(event)] for event in after["id"]] == [
        ["undone", "effective"]
    ] * len(after)
    assert store.undo_all(1, **BEN) == []


def test_of_many_at_once_what_somebody_else_was_faster_with_stays_theirs(store):
    mine = seen_of(store)
    odessa = find(store, "Odessa")["id"]
    store.correct(odessa, {"fatalities": (9, 9, 9)}, after=None, **BEN)
    made = store.review_all("reject", mine, **ANA)
    assert [said.standing for said in made].count("conflict") == 1
    assert find(store, "Odessa")["fatalities_best"] == 9
    assert [said.standing for said in store.history(odessa)] == ["effective", "conflict"]
    assert store.count() == 1
    store.correct(odessa, {"type": "COERCE"}, after=store.history(odessa)[0].id, **BEN)
    store.undo_all(made[0].number, **ANA)  # what was said since is not touched
    assert store.count() == len(mine)
    assert store.events(Filter(types=("COERCE",)))["id"].tolist() == [odessa]


def test_what_cannot_be_said_of_one_is_said_of_none(store):
    with pytest.raises(InputError, match="no longer"):
        store.review_all("confirm", seen_of(store) | {"nobody": None}, **ANA)
    with pytest.raises(InputError):
        store.review_all("reject", seen_of(store), who="Ana", why=" ", now=NOW)
    assert store.events()["review"].isna().all()
