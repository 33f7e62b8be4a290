"""Many events corrected in the same way: what that changes about each, in one entry that is taken back as one."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from made_events import make_documents

from pipeline.app.alike import Alike, find_changes
from pipeline.errors import InputError
from pipeline.store import Store
from pipeline.views.phrases import known

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ANA = {"who": "Ana", "why": "Immer derselbe Fehler.", "now": NOW}


@pytest.fixture
def store(tmp_path):
    filled = Store(tmp_path / "store")
    filled.add(make_documents(40, seed=3), now=NOW)
    return filled


def rows_of(store):
    return store.events().to_dict("records")


def places_of(row):
    return [place["place_id"] for place in row["places"]]


def actors_of(row):
    return [(actor["actor_id"], actor["role"]) for actor in row["actors"]]


def correct(store, alike):
    rows = rows_of(store)
    changes = {row["id"]: found for row in rows if (found := find_changes(row, alike))}
    seen = {row["id"]: row["revision"] for row in rows}
    return store.correct_all(changes, seen, **ANA)


def test_one_wrong_place_is_replaced_wherever_it_stands_and_nowhere_else(store):
    before = {row["id"]: places_of(row) for row in rows_of(store)}
    made = correct(store, Alike(place=("t:a", "t:d")))
    after = {row["id"]: places_of(row) for row in rows_of(store)}
    wrong = {event for event, places in before.items() if "t:a" in places}
    assert len(made) == len(wrong) > 3
    for event, places in before.items():
        replaced = ["t:d" if place == "t:a" else place for place in places]
        assert after[event] == list(dict.fromkeys(replaced))
    assert {said.number for said in made} == {1}
    assert {said.standing for said in made} == {"effective"}
    store.undo_all(1, **ANA)
    assert {row["id"]: places_of(row) for row in rows_of(store)} == before


def test_a_place_can_be_taken_away_or_given_to_those_that_have_none(store):
    nowhere = [row["id"] for row in rows_of(store) if not places_of(row)]
    assert len(correct(store, Alike(place=("", "t:b")))) == len(nowhere) > 0
    assert all(places_of(row) == ["t:b"] for row in rows_of(store) if row["id"] in nowhere)
    correct(store, Alike(place=("t:b", "")))
    assert not any("t:b" in places_of(row) for row in rows_of(store))
    assert all(known(row["place"]) is None for row in rows_of(store) if row["id"] in nowhere)


@pytest.mark.parametrize("right", ["ukr-mil", "", {"name": "Volkswehr Nord"}])
def test_an_actor_is_replaced_with_everybody_in_their_role(store, right):
    before = {row["id"]: actors_of(row) for row in rows_of(store)}
    wrong = {event for event, actors in before.items() if "rus-mil" in dict(actors)}
    assert len(correct(store, Alike(actor=("rus-mil", right)))) == len(wrong) > 3
    for row in rows_of(store):
        if row["id"] in wrong:
            assert "rus-mil" not in dict(actors_of(row))
            assert {role for _, role in actors_of(row)} <= {role for _, role in before[row["id"]]}
        else:
            assert actors_of(row) == before[row["id"]]


def test_type_way_of_reporting_and_days_only_where_they_differ(store):
    day = date(2025, 1, 2)
    wanted = Alike(type="PROTEST", modality="claimed", date=(day, day))
    rows = rows_of(store)
    correct(store, wanted)
    for row in rows_of(store):
        assert (row["type"], row["modality"], row["date_start"].date()) == ("PROTEST", "claimed", day)
        assert find_changes(row, wanted) == {}
    assert len(rows_of(store)) <= len(rows)
    assert find_changes(rows[0], Alike()) == {}


def test_what_cannot_be_is_said_of_none(store):
    with pytest.raises(InputError):
        correct(store, Alike(place=("t:a", "nowhere-at-all")))
    assert store.events()["review"].isna().all()
