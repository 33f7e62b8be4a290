"""Figures and words of the dashboard, without a browser."""

from __future__ import annotations

import io
import json
import math
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from benchmarks.store import make_documents
from pipeline import pictures, process, wording
from pipeline.app import data, player, scene, viewport
from pipeline.app.scene import Few, Many
from pipeline.errors import ExportError
from pipeline.records import Document, Filter
from pipeline.store import Store
from pipeline.views import Palette, draw_map, draw_still_map, draw_timeline, html, mark_sentence, statistics
from pipeline.views.address import DEFAULT_MODALITIES, Address, read_address, write_address
from pipeline.views.axis import find_ticks, shorten_name
from pipeline.views.card import find_place, find_time, reasons_of
from pipeline.views.crowd import period_of
from pipeline.views.lanes import pack
from pipeline.views.limits import say_filters
from pipeline.views.overview import draw_overview, find_dense, key_counts, read_spots
from pipeline.views.phrases import say_count, say_when
from pipeline.views.picks import find_picked, pick_cell, pick_place, read_picks, write_bounds
from pipeline.views.sheet import draw_sheet, draw_strip
from pipeline.views.spots import Spot, bounds, circle, find_spots
from pipeline.views.still import MOST_NAMES, WORLD
from pipeline.views.tally import BYS, tally_events
from pipeline.views.timeline import MOST_LANES, find_days

LIGHT = Palette.of(dark=False)
DAYS = pd.date_range("2025-01-01", periods=30, freq="10D").as_unit("s")


@pytest.fixture(scope="module")
def store(seed, tmp_path_factory):
    filled = Store(tmp_path_factory.mktemp("views") / "store")
    filled.add([process(seed)], now=datetime(2025, 12, 21, tzinfo=UTC))
    return filled


@pytest.fixture(scope="module")
def frame(store):
    return store.events()


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    """Events at more places than a map has room for, one place each."""
    patch = pytest.MonkeyPatch()
    filled = Store(tmp_path_factory.mktemp("crowd") / "store")
    filled.add(make_documents(4000), now=datetime(2026, 1, 1, tzinfo=UTC))
    patch.setattr(data, "open_store", lambda _: filled)
    patch.setattr(data, "MOST_SPOTS", 60)
    patch.setattr(scene, "MOST_SPOTS", 60)
    yield Many(data.Reader.of(filled), Address(), filled.totals(), Filter())
    patch.undo()


def many(frame: pd.DataFrame, times: int) -> pd.DataFrame:
    copies = []
    for n in range(times):
        copy = frame.copy()
        copy["id"] = copy["id"] + f"-{n}"
        for column in ("date_start", "date_end"):
            copy[column] = copy[column] + pd.Timedelta(days=11 * n)
        copies.append(copy)
    return pd.concat(copies, ignore_index=True)


# --- timeline ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["actor", "place", "type"])
@pytest.mark.parametrize("language", wording.languages())
def test_every_dated_event_is_on_the_timeline_and_no_other(frame, by, language):
    drawn = draw_timeline(frame, by=by, language=language, palette=LIGHT)
    dated = frame.loc[frame["date_start"].notna() | frame["date_end"].notna(), "id"]
    points = [trace for trace in drawn.figure.data if trace.customdata is not None]
    shown = {event for trace in points for index in trace.customdata for event in drawn.groups[index]}
    assert shown == set(dated)
    assert len(dated) < len(frame)
    json.loads(drawn.figure.to_json())


def test_what_is_not_selected_is_dimmed(frame):
    one = frame.loc[frame["date_start"].notna(), "id"].iloc[0]
    drawn = draw_timeline(frame, by="type", language="de", palette=LIGHT, selected=[one])
    (points,) = [trace for trace in drawn.figure.data if trace.customdata is not None]
    bright = {i for i, opacity in zip(points.customdata, points.marker.opacity, strict=True) if opacity > 0.5}
    assert {event for index in bright for event in drawn.groups[index]} == {one}


def test_a_day_a_night_a_month_and_a_vague_time_look_different(frame):
    drawn = draw_timeline(frame, by="type", language="de", palette=LIGHT)
    styles = {
        (trace.line.width, trace.line.dash) for trace in drawn.figure.data if trace.mode == "lines" and trace.x[0]
    }
    assert len(styles) >= 3


def test_thousands_of_events_become_counts_and_none_is_lost(frame):
    crowd = many(frame, 120)
    for core in (False, True):
        drawn = draw_timeline(crowd, by="actor", language="de", palette=LIGHT, core=core)
        shown = {event for group in drawn.groups for event in group}
        assert shown == set(crowd.loc[crowd["date_start"].notna(), "id"])
        assert len(drawn.groups) < 2000
        assert len(drawn.figure.layout.yaxis.tickvals) <= MOST_LANES


def test_the_dense_time_is_shown_and_what_lies_outside_is_counted(frame):
    near = frame[frame["precision"] == "day"].copy()
    near[["date_start", "date_end"]] = pd.Timestamp("2025-12-20").as_unit("s")
    far = near.head(1).assign(id="far")
    far[["date_start", "date_end"]] = pd.Timestamp("2022-02-24").as_unit("s")
    drawn = draw_timeline(pd.concat([near, far]), by="type", language="de", palette=LIGHT, core=True).figure
    assert pd.Timestamp(drawn.layout.xaxis.range[0]).year == 2025
    assert [note.text for note in drawn.layout.annotations] == ["◀ 1 früher"]
    spread = pd.concat([near.assign(id=f"x{n}", date_start=day, date_end=day) for n, day in enumerate(DAYS)])
    whole = draw_timeline(spread, by="type", language="de", palette=LIGHT, core=True).figure
    assert not whole.layout.annotations


def test_nothing_is_drawn_of_nothing(frame):
    for empty in (frame.iloc[:0], frame[frame["date_start"].isna()]):
        drawn = draw_timeline(empty, by="actor", language="de", palette=LIGHT)
        assert drawn.groups == ()
        assert wording.text("no_dated", "de") in drawn.figure.layout.annotations[0].text
    assert draw_map([], language="de", palette=LIGHT).groups == ()
    assert draw_still_map([], language="de", palette=LIGHT).groups == ()


@pytest.mark.parametrize("day", ["0001-01-01", "0044-03-15", "9999-12-31"])
def test_the_ends_of_the_calendar_do_not_break_it(frame, day):
    old = many(frame, 1)
    old.loc[0, ["date_start", "date_end"]] = pd.Timestamp(day).as_unit("s")
    for crowd in (old, pd.concat([old, many(frame, 100)], ignore_index=True)):
        assert draw_timeline(crowd, by="actor", language="de", palette=LIGHT).groups


def test_a_side_that_is_open_stays_on_the_timeline(frame):
    open_ended = frame.head(3).copy()
    open_ended["date_start"] = pd.to_datetime(["2025-01-05", None, "2025-03-01"]).astype("datetime64[s]")
    open_ended["date_end"] = pd.to_datetime([None, "2025-02-01", "2025-03-02"]).astype("datetime64[s]")
    assert len(draw_timeline(open_ended, by="type", language="de", palette=LIGHT).groups) == 3
    said = [say_when(row, "de") for row in open_ended.to_dict("records")]
    assert said[0] == "seit 05.01.2025"
    assert said[1] == "bis 01.02.2025"


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)), max_size=40))
def test_packed_intervals_never_overlap(lengths):
    intervals = [(float(start), float(start + length)) for start, length in lengths]
    rows = pack(intervals)
    for i, (start, end) in enumerate(intervals):
        assert not any(
            rows[j] == rows[i] and intervals[j][0] < end and start < intervals[j][1] for j in range(i) if intervals
        )


def test_words_of_a_report_are_not_read_as_markup(frame):
    hostile = frame.head(4).copy()
    for column in ("trigger", "actor_names", "place"):
        hostile[column] = "<img src=x onerror=alert(1)>"
    hostile["actors"] = [[{"name": "<b>x</b>", "actor_id": "x", "role": "actor"}]] * 4
    hostile["places"] = [[{**dict(frame["places"].iloc[0][0]), "name": "<script>"}]] * 4
    for drawn in (
        draw_timeline(hostile, by="actor", language="de", palette=LIGHT),
        draw_map(find_spots(hostile), language="de", palette=LIGHT),
        draw_still_map(find_spots(hostile), language="de", palette=LIGHT),
    ):
        read = drawn.figure.to_json()
        assert "<img" not in read.replace("\\u003c", "<")
        assert "<script" not in read.replace("\\u003c", "<")
    row = hostile.to_dict("records")[0]
    assert "<img" not in html.head(row, "de")
    assert "<img" not in html.sentence([html.Piece("<img src=x>", "time"), html.Piece("<img>", None)], "de")
    assert "<b>x" not in html.why("why_date", ["<b>x"], ["<b>x"], "de")


@pytest.mark.parametrize(
    ("day", "unit", "first", "last"),
    [
        ("2025-12-24", "week", "2025-12-22", "2025-12-28"), ("2024-02-10", "month", "2024-02-01", "2024-02-29"),
        ("2025-12-24", "decade", "2020-01-01", "2029-12-31"), ("2025-12-24", "century", "2000-01-01", "2099-12-31"),
        ("0001-01-01", "decade", "0001-01-01", "0009-12-31"), ("9999-12-31", "week", "9999-12-27", "9999-12-31"),
    ],
)  # fmt: skip
def test_periods(day, unit, first, last):
    assert period_of(date.fromisoformat(day), unit) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("by", ["actor", "place", "type"])
def test_what_the_store_counts_is_drawn_like_single_events(store, frame, by):
    """Every pick of the drawing finds as many events as its point says."""
    found = store.overview(by="month", lanes=by, most=5)
    drawn = draw_overview(
        found.lanes, found.counts, others=found.others, by=by, unit="month", language="de", palette=LIGHT
    )
    (points,) = [trace for trace in drawn.figure.data if trace.customdata is not None]
    assert len(drawn.groups) == len(points.x) == len(found.counts)
    for group, said, number in zip(drawn.groups, points.text, found.counts["events"], strict=True):
        assert f": {number}</b>" in said
        assert not group or len(find_picked(frame, group)) == number
    keys = key_counts(found.lanes, found.counts)
    one = next(iter(sorted(keys)))
    lit = draw_overview(
        found.lanes, found.counts, others=found.others, by=by, unit="month", language="de", palette=LIGHT, bright=[one]
    ).figure
    (points,) = [trace for trace in lit.data if trace.customdata is not None]
    assert sum(opacity > 0.5 for opacity in points.marker.opacity) == 1


@pytest.mark.parametrize("zoom", [None, 4.0])
def test_bins_of_places_are_spots_and_their_picks_find_their_events(store, frame, zoom):
    bins = store.place_bins(zoom=zoom)
    spots = read_spots(bins)
    for spot, number in zip(spots, bins["events"], strict=True):
        assert spot.count == number == len(find_picked(frame, [spot.pick]))
    dimmed = read_spots(bins, {spots[0].pick})
    assert [spot.bright for spot in dimmed] == [True] + [False] * (len(spots) - 1)


def test_the_dense_time_of_counts():
    days = pd.to_datetime(["2020-01-01", "2025-01-01", "2025-02-01", "2025-03-01", "2025-04-01"])
    counts = pd.DataFrame({"period": days, "events": [1, 10, 10, 10, 2]})
    assert find_dense(counts) == (days[1], days[3])
    assert find_dense(counts.iloc[:0]) is None
    assert find_dense(counts.iloc[1:]) == (days[1], days[4])


def test_the_days_of_the_timeline_are_those_of_its_events(frame):
    everything, dense = find_days(frame, core=False), find_days(frame, core=True)
    assert everything[0] == date(2022, 2, 24)
    assert everything[0] < dense[0] < dense[1] <= everything[1]
    assert find_days(frame.iloc[:0], core=True) is None


# --- picks -------------------------------------------------------------------------------------------------------


def test_a_pick_stands_for_the_events_that_fit_it(frame):
    unplaced = {row["id"] for row in frame.to_dict("records") if not row["places"]}
    undated = set(frame.loc[frame["date_start"].isna() & frame["date_end"].isna(), "id"])
    assert find_picked(frame, ["@located"]) == unplaced
    assert find_picked(frame, ["@dated"]) == undated
    july = {row["id"] for row in frame.to_dict("records") if row["type"] == "CONSULT" and row["date_start"].month == 7}
    cell = pick_cell("type", date(2025, 7, 1), date(2025, 7, 31), "CONSULT")
    assert find_picked(frame, [cell]) == july
    one = frame["id"].iloc[0]
    assert find_picked(frame, [one, cell, "@cell:type:x", "@cell:", pick_place("nowhere")]) == july | {one}
    assert read_picks([pick_place("geonames:1")]).places == {"geonames:1"}


# --- map ---------------------------------------------------------------------------------------------------------


def test_each_place_is_one_bubble_with_its_events(frame):
    drawn = draw_map(find_spots(frame), language="de", palette=LIGHT)
    placed = {
        row["id"]: {place["place_id"] for place in row["places"]} for row in frame.to_dict("records") if row["places"]
    }
    picks = [pick for group in drawn.groups for pick in group]
    assert find_picked(frame, picks) == set(placed)
    assert find_picked(frame, picks[:1]) == {event for event, ids in placed.items() if picks[0][7:] in ids}
    assert len(drawn.groups) == len(set.union(*placed.values()))
    assert len(placed) < len(frame)


def test_only_areas_have_halos(frame):
    spots = find_spots(frame)
    assert {spot.precision for spot in spots} >= {"city", "adm1", "sea"}
    halos = [
        trace
        for trace in draw_map(find_spots(frame), language="de", palette=LIGHT).figure.data
        if trace.fill == "toself"
    ]
    rings = sum(trace.lat.count(None) for trace in halos)
    assert rings == sum(spot.precision not in ("city", "site", "village") for spot in spots)


@settings(deadline=None)
@given(st.floats(-80, 80), st.floats(-180, 180), st.floats(1, 900))
def test_a_circle_keeps_its_distance(lat, lon, radius):
    from geopy.distance import great_circle

    lats, lons = circle(lat, lon, radius, points=8)
    for y, x in zip(lats, lons, strict=True):
        if abs(y) < 84:
            assert great_circle((lat, lon), (y, (x + 540) % 360 - 180)).km == pytest.approx(radius, rel=0.01)


def test_the_borders_are_drawn_without_any_request(frame):
    figure = draw_map(find_spots(frame), language="de", palette=LIGHT).figure.to_json()
    assert "http" not in figure
    world = json.loads(WORLD.read_text(encoding="utf-8"))
    assert len(world["features"]) > 190
    crimea = (34.1, 45.3)
    assert [f["properties"]["id"] for f in world["features"] if contains(f, *crimea)] == ["UKR"]
    south, west, north, east = bounds(find_spots(frame))
    assert -85 < south < 25
    assert 46 < north < 85
    assert -180 <= west < -80
    assert 50 < east <= 180


def contains(feature: dict, lon: float, lat: float) -> bool:
    inside = False
    for polygon in feature["geometry"]["coordinates"]:
        ring = polygon[0]
        for (x1, y1), (x2, y2) in pairwise(ring):
            if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
                inside = not inside
    return inside


@pytest.mark.parametrize("pick", [None, 0])
@settings(max_examples=20, deadline=None)
@given(west=st.floats(-180, 170), south=st.floats(-85, 75), side=st.floats(0.5, 180))
def test_cells_that_become_finer_are_replaced_by_what_is_in_them(crowd, pick, west, south, side):
    coarse = crowd.spots()
    bright = crowd.light([coarse[pick].pick]) if pick is not None else None
    closer = crowd.closer(bright, (west, south, min(180, west + side), min(85, south + side)))
    assert sum(spot.count for spot in closer.spots) == sum(spot.count for spot in coarse)
    assert len({spot.pick for spot in closer.spots}) == len(closer.spots) >= len(coarse)
    if bright:
        assert {spot.bright for spot in crowd.spots(bright)} == {True, False}
        assert sum(spot.count for spot in closer.spots if spot.bright) == coarse[pick].count
    if side < 5:
        assert closer.single
        inside = [spot for spot in closer.spots if west <= spot.lon < west + side and south <= spot.lat < south + side]
        assert all(spot.pick.startswith("@place") for spot in inside)


def test_finer_cells_stay_inside_the_part_that_is_open(crowd):
    open_cell = read_picks([crowd.spots()[0].pick]).bounds[0]
    inner = Many(crowd.reader, Address(area=(write_bounds(open_cell),)), crowd.totals, Filter(bounds=open_cell))
    for seen in ((-180.0, -85.0, 180.0, 85.0), (open_cell[0], open_cell[1], open_cell[0] + 0.1, open_cell[1] + 0.1)):
        found = inner.closer(None, seen).spots
        assert sum(spot.count for spot in found) == crowd.spots()[0].count
        assert all(
            open_cell[0] <= spot.lon < open_cell[2] and open_cell[1] <= spot.lat < open_cell[3] for spot in found
        )
    away = open_cell[2] + 1, -80.0, open_cell[2] + 2, -79.0
    assert inner.closer(None, away).spots == inner.spots()


@pytest.mark.parametrize(
    "bounds", ["0,0,1,1", None, 7, [0, 0, 1], [5, 0, 4, 1], [float("nan"), 0, 1, 1], [None, [], {}, ""]]
)
def test_what_a_browser_tells_of_its_map_may_be_anything(bounds, monkeypatch):
    state = {}
    monkeypatch.setattr(viewport.st, "session_state", state)
    for told in ({}, None, 7, {"seen": None}, {"seen": bounds}, {"seen": {"revision": "r", "bounds": bounds}}):
        state["viewport"] = told
        assert viewport.find_seen("r") is None
    state["viewport"] = {"seen": {"revision": "r", "bounds": [0, 0, 1, 2.5]}}
    assert viewport.find_seen("r") == (0, 0, 1, 2.5)
    assert viewport.find_seen("s") is None


# --- playing ------------------------------------------------------------------------------------------------------


class State(dict):
    __getattr__ = dict.get
    __setattr__ = dict.__setitem__


@pytest.mark.parametrize("step", ["event", "day", "week", "month"])
@pytest.mark.parametrize("window", ["all", "core"])
def test_a_film_shows_every_event_and_no_empty_time(store, step, window, monkeypatch):
    monkeypatch.setattr(player.st, "session_state", State())
    frame = store.events()
    film = Few(data.Reader.of(store), Address(step=step, window=window), store.totals(), frame)
    windows = [player.open_window(film)]
    while player.go_on(film):
        windows.append(player.open_window(film))
        assert len(windows) < 90
    assert windows == sorted(windows)
    shown = [film.light((), days).ids for days in windows]
    assert all(film.light((), days).number for days in windows)
    first, last = (pd.Timestamp(day) for day in film.days())
    dated = frame[(frame["date_start"] >= first) & (frame["date_start"] <= last)]
    assert set(dated["id"]) <= frozenset.union(*shown)
    player._toggle(film)
    assert player.open_window(film) == windows[0]  # at its end it begins anew


# --- pictures ------------------------------------------------------------------------------------------------------


def test_an_html_picture_asks_nobody(frame):
    drawn = draw_still_map(find_spots(frame), language="de", palette=LIGHT)
    page = pictures.picture(drawn.figure, "html", title="<Titel>", note="& Quelle").decode("utf-8")
    assert "<title>&lt;Titel&gt;</title>" in page
    assert 'src="http' not in page
    assert "Kaspisches Meer" in page


@pytest.mark.parametrize("name", pictures.SIZES)
def test_a_sheet_has_the_size_that_is_asked_for_and_everything_on_it(frame, name):
    size = pictures.SIZES[name]

    def draw(rows):
        return draw_timeline(frame, by="actor", language="de", palette=LIGHT, most_rows=rows)

    sheet = draw_sheet(find_spots(frame), draw, language="de", palette=LIGHT, size=size.body).figure
    framed = pictures._framed(sheet, "Titel <b>", "1. bis 2.", "Quelle & Tag " * 40, size, {}).layout
    assert (framed.width, framed.height) == size.pixels
    assert "&lt;b&gt;" in framed.title.text
    assert framed.title.subtitle.text == "1. bis 2."
    shown = {trace.name for trace in sheet.data if trace.name and trace.showlegend is not False}
    assert wording.text("halo", "de") in shown
    if name in ("a4", "slide"):  # where single events fit
        assert wording.text("legend_night", "de") in shown
    named = [trace.name for trace in sheet.data if trace.name and trace.showlegend is not False]
    assert len(named) == len(set(named))
    assert sheet.layout.geo.domain.x[1] < sheet.layout.xaxis.domain[0] or (
        sheet.layout.geo.domain.y[0] > sheet.layout.yaxis.domain[1]
    )


SHEETS = [(85, 120), (90, 90), (80, 80), (180, 120), (80, 1200), (1200, 80), (297, 210)]


@pytest.mark.parametrize("millimetres", SHEETS)
@pytest.mark.parametrize("times", [1, 40])
def test_no_sheet_is_too_narrow_or_too_low(frame, millimetres, times):
    size, crowd = pictures.Size(*millimetres), many(frame, times)

    def draw(rows):
        return draw_timeline(crowd, by="actor", language="de", palette=LIGHT, most_rows=rows)

    for drawn in (
        draw_sheet(find_spots(crowd), draw, language="de", palette=LIGHT, size=size.body),
        draw_strip(draw, size.body),
    ):
        framed = pictures._framed(drawn.figure, "Titel", "1. bis 2.", "Quelle & Tag " * 30, size, {}).layout
        assert (framed.width, framed.height) == size.pixels
        low, high = framed.yaxis.domain or (0, 1)
        lane = (high - low) * size.body[1] / len(framed.yaxis.ticktext)
        dots = [trace.marker.size for trace in drawn.figure.data if trace.type == "scatter" and trace.marker.size]
        if times > 1 and size.body[1] > 200:  # where there is room for any lane
            assert lane > 9
            assert max(max(found) for found in dots if not isinstance(found, int)) <= lane * 1.3


@pytest.mark.parametrize("millimetres", SHEETS)
def test_words_of_a_figure_can_be_read_on_paper(millimetres):
    size = pictures.Size(*millimetres)
    assert 11 * size.scale * 72 / 96 > 6  # points of the note, the smallest ones
    assert size.pixels[0] * size.scale == pytest.approx(size.width / 25.4 * 96, abs=1)


def a_spot(name: str, lat: float, lon: float, count: int) -> Spot:
    return Spot(name, lat, lon, "city", 25.0, pick_place(name), {"none": count})


def test_bubbles_of_a_still_map_leave_the_map_to_be_seen():
    spots = [a_spot(f"Ort {n}", 30 + n % 20, n // 20, 400 // (n + 1) + 1) for n in range(400)]
    width, ratio = 500.0, 1.2
    figure = draw_still_map(spots, language="de", palette=LIGHT, ratio=ratio, width=width).figure
    (bubbles,) = [trace for trace in figure.data if trace.customdata is not None]
    (names,) = [trace for trace in figure.data if trace.mode == "markers+text"]
    assert sum(size**2 for size in bubbles.marker.size) * math.pi / 4 < 0.3 * width * width / ratio
    sized = dict(zip((spot.name for spot in spots), bubbles.marker.size, strict=True))
    assert [sized[name] for name in names.text] == list(names.marker.size)  # a name begins where its bubble ends
    assert 0 < len(names.text) <= MOST_NAMES


@pytest.mark.parametrize(
    ("others", "side"),
    [
        ([], "middle right"),
        ([a_spot("Groß", 50, 36.5, 50)], "middle left"),  # a larger one on the right
        ([a_spot("Klein", 50, 36.5, 1)], "middle right"),  # a name may cover one smaller bubble
        ([a_spot(f"Klein {n}", 50, 36.2 + n / 5, 1) for n in range(3)], "middle left"),
    ],
)
def test_a_name_covers_nothing_larger_than_its_place(others, side):
    spots = sorted([a_spot("Hier", 50, 35, 9), *others], key=lambda spot: -spot.count)
    edges = [a_spot("West", 50, 20, 2), a_spot("Ost", 50, 50, 2)]
    figure = draw_still_map([*spots, *edges], language="de", palette=LIGHT, ratio=2.0, width=900.0).figure
    (names,) = [trace for trace in figure.data if trace.mode == "markers+text"]
    assert dict(zip(names.text, names.textposition, strict=True))["Hier"] == side


def test_names_that_begin_alike_are_told_apart_by_their_end():
    names = [f"Bewaffnete Volksbefreiungsfront der Provinz Nr. {number}" for number in range(60)]
    assert len({shorten_name(name, 22) for name in names}) == 60
    assert max(len(shorten_name(name, 22)) for name in names) <= 22
    assert shorten_name("Ukraine", 22) == "Ukraine"


@pytest.mark.parametrize("days", [1, 40, 480, 1500, 20_000])
@pytest.mark.parametrize("most", [3, 4, 6])
def test_a_narrow_axis_has_few_days(days, most):
    first = pd.Timestamp("1990-05-17")
    ticks, words = find_ticks(first, first + pd.Timedelta(days=days), "de", most)
    assert len(ticks) == len(words) <= most + 1


@pytest.mark.skipif(not pictures.can_draw(), reason="no browser is installed")
def test_a_picture_has_exactly_the_dots_that_were_asked_for(frame):
    drawn = draw_timeline(frame, by="actor", language="de", palette=LIGHT)
    size = pictures.Size(180, 120)
    png = pictures.picture(drawn.figure, "png", title="T", note="N", size=size)
    image = Image.open(io.BytesIO(png))
    assert image.size == size.dots == (2126, 1417)
    assert [round(dots) for dots in image.info["dpi"]] == [300, 300]


def test_a_part_of_the_map_is_a_filter_that_an_address_keeps():
    address = Address(area=("0,0,45,45", "22.5,0,28.125,5.625"))
    restored, ignored = read_address(write_address(address), CHOICES)
    assert (restored, ignored) == (address, [])
    assert restored.filter().bounds == (22.5, 0, 28.125, 5.625)
    for bad in ("1,2,3", "5,0,4,1", "a,b,c,d", "nan,0,1,1", "0,-91,1,1"):
        found, ignored = read_address({"area": [bad]}, CHOICES)
        assert (found.area, ignored) == ((), [f"area={bad}"])
    assert "28.12" in say_filters(address, {}, "en")


def test_a_size_that_nobody_can_print_is_refused(frame):
    drawn = draw_timeline(frame, by="actor", language="de", palette=LIGHT)
    with pytest.raises(ExportError, match="mm"):
        pictures.picture(drawn.figure, "png", title="", note="", size=pictures.Size(5, 5))


def test_a_picture_of_an_unknown_kind_is_refused(frame):
    drawn = draw_timeline(frame, by="actor", language="de", palette=LIGHT)
    with pytest.raises(ExportError, match="bmp"):
        pictures.picture(drawn.figure, "bmp", title="", note="")


def test_without_a_browser_the_picture_says_what_to_install(frame, monkeypatch):
    monkeypatch.setattr(pictures, "can_draw", lambda: False)
    drawn = draw_timeline(frame, by="actor", language="de", palette=LIGHT)
    with pytest.raises(ExportError, match="install Chromium"):
        pictures.picture(drawn.figure, "png", title="", note="")


# --- words -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "precision", "approximate", "said"),
    [
        ("2025-12-20", "2025-12-20", "day", False, "20.12.2025"),
        ("2025-07-01", "2025-07-31", "month", False, "Juli 2025"),
        ("2025-12-19", "2025-12-20", "night", False, "Nacht 19.12.2025 auf 20.12.2025"),
        ("2025-01-01", "2025-12-31", "year", False, "2025"), (None, None, None, False, "ohne Datum"),
        ("2025-11-22", "2025-12-20", "vague", True, "22.11.2025 bis 20.12.2025"),
        ("2025-11-01", "2025-11-30", "month", True, "etwa November 2025"),
    ],
)  # fmt: skip
def test_dates_in_words(first, last, precision, approximate, said):
    row = {"date_start": pd.Timestamp(first) if first else pd.NaT, "date_end": pd.Timestamp(last) if last else pd.NaT,
           "precision": precision, "approximate": approximate}  # fmt: skip
    assert say_when(row, "de") == said


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ((None, None, None), ""), ((8, 8, 8), "8"), ((0, 0, 0), "0"), ((8, 8, None), "mindestens 8"),
        ((3, 5, 9), "3 bis 9"), ((None, None, 20), "höchstens 20"), ((None, 7, None), "7"),
    ],
)  # fmt: skip
def test_counts_in_words(figures, said):
    row = dict(zip(("injured_low", "injured_best", "injured_high"), figures, strict=True))
    assert say_count(row, "injured", "de") == said


def test_the_languages_of_the_interface_have_the_same_keys():
    files = {
        language: (set(wording._file(language, "app")), wording._file(language, "labels"))
        for language in wording.languages()
    }
    keys, labels = files["de"]
    for other_keys, other_labels in files.values():
        assert other_keys == keys
        assert {kind: set(values) for kind, values in other_labels.items()} == {k: set(v) for k, v in labels.items()}


# --- card --------------------------------------------------------------------------------------------------------


def test_the_card_shows_the_sentence_and_the_reason_of_the_date(store, frame):
    for row in frame.to_dict("records"):
        report = store.document(row["document_id"])
        pieces = mark_sentence(row, report)
        assert "".join(piece.text for piece in pieces) == row["sentence"]
        assert "trigger" in {piece.mark for piece in pieces}
        for language in wording.languages():
            reasons = reasons_of(row, language)
            assert reasons["date"]
            assert reasons["event"]
            assert "{" not in str(reasons.values())
    (july,) = [row for row in frame.to_dict("records") if row["time_text"] == "Juli" and row["type"] == "CONSULT"]
    report = store.document(july["document_id"])
    assert find_time(july, report)["text"] == "Juli"
    assert find_place(july, report)["name"] == "Istanbul"


# --- address -----------------------------------------------------------------------------------------------------

CHOICES = {
    "actor": ["rus", "ukr"],
    "place": ["geonames:1"],
    "document": ["d"],
    "region": ["UKR:Odessa"],
    "lang": ["de", "en"],
}


@given(
    st.builds(
        Address, q=st.text(max_size=5), actor=st.lists(st.sampled_from(["rus", "ukr"]), unique=True).map(tuple),
        modality=st.lists(st.sampled_from(DEFAULT_MODALITIES), unique=True).map(tuple), first=st.none() | st.dates(),
        sure=st.floats(0, 1), killed=st.integers(0, 999), pick=st.lists(st.text(max_size=9), unique=True).map(tuple),
        region=st.lists(st.sampled_from(["UKR:Odessa"]), unique=True).map(tuple), step=st.sampled_from(["off", "day"]),
        lanes=st.sampled_from(["actor", "place", "type"]), lang=st.sampled_from(["de", "en"]),
        event=st.none() | st.just("e"),
    )
)  # fmt: skip
def test_an_address_restores_its_view(address):
    restored, ignored = read_address(write_address(address), CHOICES)
    assert restored == address
    assert ignored == []


def test_a_bad_address_is_named_and_left_out():
    address, ignored = read_address(
        {
            "actor": ["rus", "xyz"], "first": ["gestern"], "foo": ["1"], "lanes": ["z"], "last": ["2025-01-02"],
            "sure": ["nan", "2"], "killed": ["-1", "x"], "role": ["king"],
        },
        CHOICES,
    )  # fmt: skip
    assert address == Address(actor=("rus",), last=date(2025, 1, 2))
    assert ignored == [
        "actor=xyz", "first=gestern", "foo", "lanes=z", "sure=nan", "sure=2", "killed=-1", "killed=x", "role=king"
    ]  # fmt: skip


def test_a_report_without_events_leaves_the_store_readable(store):
    store.add([process(Document("none", "Nichts geschah, niemand kam.", "de"))], now=datetime(2025, 12, 21, tzinfo=UTC))
    assert store.document("none") is not None


# --- statistics --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("copies", [1, 60])
@pytest.mark.parametrize("by", BYS)
def test_every_event_is_counted_once_or_said_to_be_left_out(frame, copies, by):
    crowd = many(frame, copies)
    if by == "actor":  # an event with several actors stands in each of their bars
        crowd = crowd[[len(actors) == 1 for actors in crowd["actors"]]]
    for language in wording.languages():
        counted = statistics.count_events(tally_events(crowd, by, language), by, language, LIGHT)
        bars = (number for bar in counted.figure.data for number in (bar.y if by == "time" else bar.x))
        assert sum(bars) + counted.left_out == len(crowd)


def told_events(frame):
    told = frame[frame["date_start"] == frame["date_end"]].head(4).copy()
    told["fatalities_best"] = pd.array([5, 7, 11, None], dtype="Int64")
    told["fatalities_low"] = pd.array([5, 7, 11, 2], dtype="Int64")
    told["modality"] = ["happened", "claimed", "happened", "happened"]
    told["mode"] = [None, None, "casualty-toll", None]
    told["injured_best"] = told["injured_low"] = pd.array([None] * 4, dtype="Int64")
    return told


@pytest.mark.parametrize("by", ["time", "type"])
def test_claims_and_totals_are_not_added_to_what_happened(frame, by):
    counted = statistics.count_casualties(tally_events(told_events(frame), by, "de"), by, "de", LIGHT)
    assert sum(sum(bar.y if by == "time" else bar.x) for bar in counted.figure.data) == 7
    assert counted.left_out == 2


def test_two_periods_are_compared_and_no_event_counts_in_both(frame):
    days = many(frame[frame["precision"] == "day"], 3)
    cut = days["date_start"].sort_values().iloc[len(days) // 2].date()
    first = statistics.Period(date(2020, 1, 1), cut - timedelta(days=1))
    second = statistics.Period(cut, cut + (first.last - first.first))
    tally = tally_events(days, "type", "de")
    counted = statistics.compare(tally, tally, first, second, "de", LIGHT)
    assert [sum(bar.x) for bar in counted.figure.data] == [
        (days["date_start"] < pd.Timestamp(cut)).sum(), (days["date_start"] >= pd.Timestamp(cut)).sum()
    ]  # fmt: skip
    assert counted.left_out == 0
    shorter = statistics.compare(
        tally, tally, first, statistics.Period(cut, cut), "de", LIGHT
    ).figure.layout.xaxis.title.text
    assert shorter == wording.text("per_30_days", "de")


def test_pairs_have_a_direction_only_where_somebody_acts_on_somebody(frame):
    rows = frame.head(2).copy()
    names = [("Nord", "actor"), ("Süd", "target")], [("Nord", "participant"), ("West", "participant")]
    rows["actors"] = [[{"actor_id": name, "name": name, "role": role} for name, role in pairs] for pairs in names]
    (heat,) = statistics.count_pairs(rows, "de", LIGHT).figure.data
    cells = {(y, x): z for y, row in zip(heat.y, heat.z, strict=True) for x, z in zip(heat.x, row, strict=True) if z}
    assert cells == {("Nord", "Süd"): 1, ("Nord", "West"): 1, ("West", "Nord"): 1}


def test_actors_whose_names_are_shortened_alike_are_not_added_up(frame):
    rows = frame.head(2).copy()
    middle = "x" * 40
    names = [[(f"Bewaffnete Volksbefreiungs{n}{middle}front", "actor"), ("Süd", "target")] for n in (1, 2)]
    rows["actors"] = [[{"actor_id": name, "name": name, "role": role} for name, role in pairs] for pairs in names]
    (heat,) = statistics.count_pairs(rows, "de", LIGHT).figure.data
    assert sorted(z for row in heat.z for z in row if z) == [1, 1]
    bars = statistics.count_events(tally_events(rows, "actor", "de"), "actor", "de", LIGHT).figure
    counted = {y: x for bar in bars.data for y, x in zip(bar.y, bar.x, strict=True)}
    assert len(counted) == 3
    assert max(map(len, bars.layout.yaxis.ticktext)) <= 34


def test_statistics_of_nothing_say_so(frame):
    nothing = frame.iloc[:0]
    today = statistics.Period(date(2025, 1, 1), date(2025, 1, 1))
    for by in BYS:
        tally = tally_events(nothing, by, "de")
        for counted in (
            statistics.count_events(tally, by, "de", LIGHT),
            statistics.count_casualties(tally, by, "de", LIGHT),
            statistics.compare(tally, tally, today, today, "de", LIGHT),
            statistics.count_pairs(nothing, "de", LIGHT),
        ):
            assert "zählen" in counted.figure.layout.annotations[0].text


def test_events_of_other_data_sets_are_marked_on_both_charts(frame):
    foreign = frame.assign(origin="acled")
    marks = draw_timeline(foreign, by="type", language="de", palette=LIGHT).figure.data
    said = [text for trace in marks for text in (trace.text or ()) if trace.text is not None]
    assert said
    assert all("Herkunft: ACLED" in text for text in said)
    spots = find_spots(foreign)
    assert {spot.origins for spot in spots} == {("acled",)}
    drawn = draw_map(spots, language="en", palette=LIGHT).figure
    assert any("also from: ACLED" in text for trace in drawn.data for text in (trace.text or ()))
    assert not any(spot.origins for spot in find_spots(frame))
