"""The dashboard's script, run without a browser."""

from __future__ import annotations

import re
import shutil
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pipeline import ingest, process, wording
from pipeline.actors.lookup import find_actor
from pipeline.errors import InputError
from pipeline.formats.records import LARGEST_FILE
from pipeline.records import Filter, Reason
from pipeline.store import Store
from pipeline.views.card import reasons_of

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dashboard") / "store"
    documents = [
        item for file in ingest.find_files([ROOT / "seeds"]) for item in ingest.read_file(file, ingest.Known())
    ]
    Store(folder).add([process(document) for document in documents], now=NOW)
    return folder


@pytest.fixture
def app(filled, monkeypatch):
    monkeypatch.setenv("CET_STORE", str(filled))
    return AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)


def counts(app) -> str:
    return next(str(item.value) for item in app.get("html") if "von" in str(item.value) and "<b>" in str(item.value))


def told(app) -> str:
    return " ".join(str(item.value) for item in app.get("html") if "class='message" in str(item.value))


def test_it_opens_with_the_seed(app):
    app.run()
    assert not app.exception
    assert "Ereignissen" in counts(app)
    assert len(app.get("plotly_chart")) == 2
    assert len(app.dataframe) == 1
    assert len(app.dataframe[0].value) > 10


def test_what_is_only_imagined_is_hidden_until_it_is_asked_for(app):
    app.run()
    before = len(app.dataframe[0].value)
    app.multiselect(key="modality").set_value([]).run()
    assert len(app.dataframe[0].value) > before


def test_filters_narrow_each_other_and_can_be_reset(app):
    app.run()
    everything = len(app.dataframe[0].value)
    app.multiselect(key="actor").set_value(["rus"]).run()
    some = len(app.dataframe[0].value)
    app.text_input(key="q").set_value("Istanbul").run()
    assert 0 < len(app.dataframe[0].value) < some < everything
    next(button for button in app.button if button.label == "Filter zurücksetzen").click().run()
    assert len(app.dataframe[0].value) == everything
    app.text_input(key="q").set_value("gibt es nicht").run()
    assert "Kein Ereignis passt" in app.info[0].value


def test_the_events_without_a_place_are_a_click_away(app):
    app.run()
    button = next(button for button in app.button if "ohne Ort" in button.label)
    count = int(button.label.split()[0])
    button.click().run()
    assert len(app.dataframe[0].value) == count
    assert set(app.dataframe[0].value["Ort"].dropna()) == set()


def test_english_and_an_address(app):
    app.query_params["lang"] = "en"
    app.query_params["actor"] = "rus"
    app.query_params["type"] = "NONSENSE"
    app.run()
    assert not app.exception
    assert app.multiselect(key="actor").value == ["rus"]
    assert "type=NONSENSE" in told(app)
    assert app.subheader[0].value == "Filters"


def test_an_event_that_is_gone_is_said(app):
    app.query_params["event"] = "nobody"
    app.run()
    assert not app.exception
    assert "gibt es hier nicht" in told(app)


def test_a_store_that_cannot_be_opened_is_one_sentence(app, monkeypatch, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("x")
    monkeypatch.setenv("CET_STORE", str(blocked / "store"))
    app.run()
    assert not app.exception
    assert "lässt sich nicht öffnen" in told(app)


def test_an_empty_store_is_filled_from_the_seeds(app, monkeypatch, tmp_path):
    monkeypatch.setenv("CET_STORE", str(tmp_path / "new"))
    app.run()
    assert not app.exception
    assert len(app.dataframe[0].value) > 10


def test_a_report_that_was_removed_does_not_come_back_with_the_seeds(app, monkeypatch, tmp_path):
    store = Store(tmp_path / "store")
    (seed, *_) = (
        item for file in ingest.find_files([ROOT / "seeds"]) for item in ingest.read_file(file, ingest.Known())
    )
    store.add([process(seed)], now=NOW)
    store.remove(seed.id)
    monkeypatch.setenv("CET_STORE", str(store.folder))
    app.run()
    assert not app.exception
    assert "Noch keine Ereignisse" in app.info[0].value
    assert store.document(seed.id) is None


def test_the_statistics_are_a_page_of_the_same_filters(app):
    app.query_params["page"] = "statistics"
    app.query_params["actor"] = "rus"
    app.run()
    assert not app.exception
    assert len(app.get("plotly_chart")) == 4
    assert app.multiselect(key="actor").value == ["rus"]


def test_every_filter_of_the_address_is_a_widget_and_narrows(app):
    app.query_params.update(
        {"actor": "rus", "role": "actor", "country": "UKR", "precision": "day", "spot": "city", "sure": "0.3"}
    )
    app.run()
    assert not app.exception
    assert not told(app)
    assert app.multiselect(key="role").value == ["actor"]
    assert app.multiselect(key="country").value == ["UKR"]
    assert app.multiselect(key="precision").value == ["day"]
    assert app.slider(key="sure").value == 0.3
    narrow = counts(app)
    app.multiselect(key="role").set_value([]).run()
    app.slider(key="sure").set_value(0.0).run()
    assert counts(app) >= narrow
    assert "Ukraine (" in str(app.multiselect(key="country").options)


def test_the_number_of_the_killed_is_a_filter(app):
    app.run()
    app.number_input(key="killed").set_value(1).run()
    assert 0 < len(app.dataframe[0].value) < 10
    assert app.query_params["killed"] == "1"


def test_what_is_shown_on_one_page_is_kept_on_the_other(app):
    app.query_params["lanes"] = "type"
    app.run()
    app.session_state["page"] = "statistics"
    app.run()
    app.session_state["page"] = "events"
    app.run()
    assert app.session_state["lanes"] == "type"


def test_time_is_played_step_by_step_and_its_window_is_in_the_address(app):
    app.query_params["step"] = "day"
    app.query_params["window"] = "all"
    app.run()
    assert not app.exception
    first = app.session_state["at"]
    app.button(key="play-on").click().run()
    assert (app.session_state["at"] - first).days == 1
    assert app.query_params["at"] == str(app.session_state["at"])
    app.selectbox(key="step").set_value("event").run()
    seen = []
    for _ in range(30):
        seen.append((app.session_state["at"], app.session_state["until"]))
        app.button(key="play-on").click().run()
    assert seen == sorted(seen)
    assert len(set(seen)) > 4
    app.button(key="play-back").click().run()
    assert app.session_state["at"] < seen[-1][0]


def test_a_place_is_picked_in_the_address(app):
    app.query_params["pick"] = "@located"
    app.run()
    assert not app.exception
    assert app.button(key="clear").label.startswith("✕")
    assert set(app.dataframe[0].value["Ort"].dropna()) == set()
    app.button(key="zoom").click().run()
    assert app.query_params["fit"] == "selection"
    app.button(key="clear").click().run()
    assert "fit" not in app.query_params
    assert "pick" not in app.query_params


def test_periods_are_compared(app):
    app.query_params["page"] = "statistics"
    app.run()
    app.date_input(key="compare-a-first").set_value(date(2025, 12, 1)).run()
    assert not app.exception
    app.segmented_control(key="by-events").set_value("actor").run()
    assert not app.exception
    assert any("zählt bei jedem" in str(item.value) for item in app.get("html"))


@pytest.mark.parametrize(
    ("typed", "who"),
    [("Russia", "rus"), ("  russische   Streitkräfte ", "rus-mil"), ("Gruppe Wagner", "rus-wagner"), ("IRN", "irn")],
)
def test_an_actor_is_found_by_what_somebody_types(typed, who):
    found = find_actor(typed)
    assert found is not None
    assert found.id == who


@pytest.mark.parametrize("name", ["Miriam Addo", "漢字", "<img src=x>", "Бригада"])
def test_an_actor_that_no_table_knows_is_kept_as_named(filled, tmp_path, name):
    assert find_actor(name) is None
    shutil.copytree(filled, tmp_path / "store")
    store = Store(tmp_path / "store")
    event = store.events()["id"][0]
    how = {"who": "Ada", "why": "Der Bericht nennt ihn.", "now": NOW, "after": None}
    store.correct(event, {"actors": [({"name": name}, "actor"), ({"name": "russia"}, "target")]}, **how)
    actors = store.events(Filter(events=(event,)))["actors"][0]
    assert [(actor["name"], actor["role"]) for actor in actors] == [(name, "actor"), ("Russland", "target")]
    assert all(actor["actor_id"] for actor in actors)
    assert len(store.events(Filter(actors=(actors[0]["actor_id"],)))) == 1


def test_a_name_needs_letters(filled, tmp_path):
    shutil.copytree(filled, tmp_path / "store")
    store = Store(tmp_path / "store")
    for name in (" \n", "x" * 201):
        with pytest.raises(InputError, match="A name has at least one letter"):
            store.correct(
                store.events()["id"][0], {"actors": [({"name": name}, "actor")]}, who="A", why="B", now=NOW, after=None
            )


@pytest.mark.parametrize(
    ("value", "german", "english"),
    [
        ("2025-12-20", "20.12.2025", "20 December 2025"),
        ("2025-12", "Dezember 2025", "December 2025"),
        ("2025-W51", "51. Woche 2025", "week 51 of 2025"),
        ("2025-W07-WE", "Wochenende der 7. Woche 2025", "the weekend of week 7 of 2025"),
        ("2025-Q1", "1. Quartal 2025", "quarter 1 of 2025"),
        ("2025-H2", "2. Halbjahr 2025", "half-year 2 of 2025"),
        ("2025-SU", "Sommer 2025", "summer 2025"),
        ("2025", "2025", "2025"),
    ],
)
def test_a_reader_sees_days_as_they_are_written_in_the_language(value, german, english):
    reason = Reason("times.calendar-unit", (("value", value),))
    assert wording.tell(reason, "de") == f"Nach dem Kalender: {german}."
    assert english in wording.tell(reason, "en")
    assert value in wording.say(reason, "de")


def test_words_of_a_report_that_look_like_a_day_stay_as_they_are():
    reason = Reason("events.date_own", (("expression", "2025-12-20"),))
    assert "„2025-12-20“" in wording.tell(reason, "de")


def test_no_reason_of_the_seed_shows_a_day_as_programs_write_it(filled):
    for row in Store(filled).events().to_dict("records"):
        for reasons in reasons_of(row, "de").values():
            assert not re.search(r"\d{4}-\d\d", " ".join(reasons))


def test_a_file_that_may_be_uploaded_is_not_too_large_to_be_read():
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert 0 <= settings["server"]["maxUploadSize"] * 1024**2 - LARGEST_FILE < 3_000_000


def test_a_file_that_is_too_large_is_one_sentence():
    (error,) = ingest.read_upload("buch.pdf", b"%PDF" + bytes(LARGEST_FILE), ingest.Known())
    assert wording.tell(error.reason, "de").count(". ") == 0
    assert "buch.pdf ist länger als 50 MB" in wording.tell(error.reason, "de")
