"""The sums of the page of statistics, on events whose totals are known: shown, exported, and the same where the store
counts what is too much to be loaded."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest

from pipeline import pictures
from pipeline.app import scene as scenes
from pipeline.app.counts import Choice, count, notes_of
from pipeline.app.data import Reader
from pipeline.app.scene import open_scene
from pipeline.records import Actor, Count, Document, Event, Participation, Place, Span, When
from pipeline.store import Store
from pipeline.views import Palette
from pipeline.views.address import Address
from pipeline.views.names import tell_actors_apart, tell_apart
from pipeline.views.statistics import Period, count_casualties
from pipeline.views.tally import Tally

NOW = datetime(2025, 12, 21, tzinfo=UTC)
LIGHT = Palette.of(dark=False)
MONDAY = date(2025, 1, 6)
# Two of one name: a body of the tables and one that only a report names.
ARMY, NAMESAKE, OTHER = (
    Actor("rus-mil", "Armee", "RUS", "MIL"),
    Actor("armee", "Armee", None, None),
    Actor("somebody", "Jemand", None, None),
)
PLACES = [Place(f"t:{n}", f"Ort {n}", "UKR", None, 48.0 + 2 * n, 30.0, "city", 25) for n in range(12)]
CHOICES = (Period(MONDAY, MONDAY + timedelta(days=6)), Period(MONDAY + timedelta(days=7), MONDAY + timedelta(days=13)))


def made(key, place, killed=None, injured=None, *, day=MONDAY, days=1, who=ARMY, **other):
    """A report of one event."""
    event = {
        "type": "ASSAULT", "mode": None, "modality": "happened",
        "when": When(day, day + timedelta(days=days), "day" if days == 1 else "range"),
    } | other  # fmt: skip
    text = f"Bericht {key}: " + " ".join(f"{key}wort{n}" for n in range(30))
    return Document(
        key, text, "de", date(2025, 2, 1), "given",
        events=(
            Event(
                f"e-{key}", key, event["type"], event["mode"], None, Span(0, 20), Span(0, 7), event["when"], "explicit",
                False, None, (PLACES[place],), (Participation(who, "actor"), Participation(OTHER, "target")),
                event["modality"], None, killed, injured, 0.9, (),
            ),
        ),
    )  # fmt: skip


def reports():
    return [
        made("a", 0, Count(8, 8, 8)),
        made("b", 0, Count(10, 10, 10)),  # the same event, told with another figure
        made("c", 1, Count(100, 100, 100), modality="claimed"),
        made("d", 2, Count(500, 500, 500), mode="casualty-toll"),
        made("e", 3, Count(5, None, None)),  # at least
        made("f", 4, Count(None, None, 7)),  # at most
        made("g", 5, Count(3, 3, 3), modality="planned"),
        made("h", 6, Count(4, 4, 4), days=365),
        made("i", 7, None, Count(2, 3, 4), day=MONDAY + timedelta(days=7), type="PROTEST", who=NAMESAKE),
        made("j", 8, Count(1, 1, 1), when=None),
        made("k", 9, day=MONDAY + timedelta(days=7), who=NAMESAKE),
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("statistics") / "store"
    Store(folder).add(reports(), now=NOW)
    return folder


@pytest.fixture(params=["few", "many"])
def scene(request, folder, monkeypatch):
    """The same events, loaded or left in the store."""
    if request.param == "many":
        monkeypatch.setattr(scenes, "FEW", 0)
    monkeypatch.setenv("CET_NO_SEEDS", "1")
    opened = open_scene(Reader.of(Store(folder)), Address())
    assert opened.totals.events == 10
    return opened


def counted(scene, name, by):
    return count(name, scene, Choice(by, *CHOICES), LIGHT)


def bars(found, by):
    """What the bars of each name say: key -> number."""
    told: dict[str, dict[str, float]] = {}
    for bar in found.figure.data:
        keys, numbers = (bar.x, bar.y) if by == "time" else (bar.y, bar.x)
        told[bar.name] = {str(key)[:10]: number for key, number in zip(keys, numbers, strict=True)}
    return told


def test_claims_totals_and_what_is_told_twice_are_not_added(scene):
    found = counted(scene, "casualties", "type")
    best = found.figure.data[0].x[0]
    assert best in (8 + 5 + 4 + 1, 9 + 5 + 4 + 1, 10 + 5 + 4 + 1)
    assert bars(found, "type") == {"Tote": {"Gewalt": best}, "Verletzte": {"Protest": 3}}
    assert found.left_out == 4  # a claim, a total, a plan, and "at most"
    (note, *_) = notes_of("casualties", found, "type", "de")
    assert "4 Ereignisse mit Zahlen fehlen: behauptet, geplant" in note


def test_differing_figures_are_kept_as_low_and_high(scene):
    killed, injured = counted(scene, "casualties", "type").figure.data
    (best,) = killed.x
    low, high = best - int(killed.error_x.arrayminus[0]), best + int(killed.error_x.array[0])
    assert (low, high) == (8 + 5 + 4 + 1, 10 + 5 + 4 + 1)
    assert killed.customdata[0] == f" ({low} bis {high})"
    assert (injured.error_x.arrayminus[0], injured.error_x.array[0]) == (1, 1)


def test_over_time_what_is_dated_no_closer_is_said_to_be_left_out(scene):
    found = counted(scene, "casualties", "time")
    ((week, number),) = bars(found, "time")["Tote"].items()
    assert (week, number) == ("2025-01-06", counted(scene, "casualties", "type").figure.data[0].x[0] - 4 - 1)
    assert found.left_out == 4 + 2
    events = counted(scene, "events", "time")
    assert sum(sum(bar.y) for bar in events.figure.data) == 8
    assert events.left_out == 2


def test_a_bar_of_time_is_as_wide_as_its_week_also_when_it_is_the_only_one(scene):
    killed = counted(scene, "casualties", "time").figure
    assert len(killed.data[0].x) == 1
    first, last = (pd.Timestamp(day) for day in killed.layout.xaxis.range)
    for bar in killed.data:
        monday = pd.Timestamp(bar.x[0])
        begins = monday + pd.Timedelta(milliseconds=bar.offset)
        ends = begins + pd.Timedelta(milliseconds=bar.width)
        assert first < monday < begins < ends < monday + pd.Timedelta(days=7) < last
        assert ends - begins > (last - first) / 20
    assert killed.layout.xaxis.title.text == "Ein Balken je Woche"


def test_no_line_is_drawn_over_a_bar_of_which_reports_do_not_differ():
    figures = {"killed": [1, 3], "killed_low": [1, 2], "killed_high": [1, 4]}
    rows = {"begin": MONDAY, "days": 1, "lane": ["a", "b"], "quad": "none", "events": 1, "telling": 1}
    injured = dict.fromkeys(("injured", "injured_low", "injured_high"), 0)
    tally = Tally(pd.DataFrame(rows | figures | injured), 0)
    (killed,) = count_casualties(tally, "actor", "de", LIGHT).figure.data
    assert [list(map(str, ends)) for ends in (killed.error_x.arrayminus, killed.error_x.array)] == [["nan", "1.0"]] * 2


def test_two_periods_hold_only_what_lies_in_them_as_a_whole_and_the_rest_is_counted_once(scene):
    for by in ("type", "actor"):
        found = counted(scene, "compare", by)
        assert found.left_out == 2  # of a year, and without a day; each has two actors
    assert [sum(bar.x) for bar in counted(scene, "compare", "type").figure.data] == [6, 2]


def test_two_actors_of_one_name_are_not_added_up(scene):
    found = bars(counted(scene, "events", "actor"), "actor")
    numbers = {name: number for family in found.values() for name, number in family.items()}
    assert len(numbers) == 3
    drawn = counted(scene, "events", "actor").figure
    sums = {}
    for bar in drawn.data:
        for name, number in zip(bar.y, bar.x, strict=True):
            sums[name] = sums.get(name, 0) + number
    assert sums == {"Armee (Russland)": 8, "Armee (armee)": 2, "Jemand": 10}
    (heat,) = counted(scene, "pairs", "time").figure.data
    cells = {(y, x): z for y, row in zip(heat.y, heat.z, strict=True) for x, z in zip(heat.x, row, strict=True) if z}
    assert cells == {("Armee (Russland)", "Jemand"): 8, ("Armee (armee)", "Jemand"): 2}
    lanes = scene.timeline(LIGHT).figure.layout.yaxis.ticktext
    assert sum("Armee (Russland)" in lane for lane in lanes) == 1


def test_an_exported_chart_has_the_same_numbers_and_says_what_it_left_out(scene):
    found = counted(scene, "casualties", "type")
    note = " ".join(notes_of("casualties", found, "type", "en"))
    page = pictures.picture(found.figure, "html", title="x", subtitle="y", note=note, size=None).decode()
    assert re.search(rf'"x":\s*\[{found.figure.data[0].x[0]}\]', page)
    assert "4 events with figures are left out" in re.sub(r"<br ?/?>|\\u003cbr\\u003e|\s+", " ", page)


def test_the_note_of_a_figure_leads_to_how_it_was_measured(scene):
    note = "Gemessen: Seite „Messung“ (?page=accuracy), docs. <b>x</b>"
    links = {"?page=accuracy": "http://example.org/?page=accuracy&x='"}
    page = pictures.picture(counted(scene, "events", "type").figure, "html", title="x", note=note, links=links)
    found = re.sub(r"\\u00([0-9a-f]{2})", lambda code: chr(int(code[1], 16)), page.decode())
    assert "<a href='http://example.org/?page=accuracy&amp;x=&#x27;'>?page=accuracy</a>" in found
    assert "<b>x</b>" not in found


def test_names_are_told_apart_only_where_they_must_be():
    names = {"rus": "Russland", "a": "Front", "b": "Front", "": "Front"}
    assert tell_apart(names) == {"rus": "Russland", "a": "Front (a)", "b": "Front (b)", "": "Front"}
    assert tell_apart(names, {"a": "Mali", "b": "Mali"}.get)["a"] == "Front (a)"
    assert tell_apart(names, {"a": "Mali", "b": "Niger"}.get)["b"] == "Front (Niger)"
    assert tell_actors_apart({"rus-mil": "Armee", "ukr-mil": "Armee"}, "en") == {
        "rus-mil": "Armee (Russia)", "ukr-mil": "Armee (Ukraine)"
    }  # fmt: skip
