"""Figures and words of the dashboard, without a browser."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import pictures, process, wording
from pipeline.errors import ExportError
from pipeline.records import Document
from pipeline.store import Store
from pipeline.views import Palette, draw_map, draw_still_map, draw_timeline, html, mark_sentence, statistics
from pipeline.views.address import DEFAULT_MODALITIES, Address, read_address, write_address
from pipeline.views.card import find_place, find_time, reasons_of
from pipeline.views.lanes import pack
from pipeline.views.maps import WORLD, bounds, circle, find_spots
from pipeline.views.phrases import say_count, say_when
from pipeline.views.timeline import MOST_LANES

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
    assert drawn.drawn == len(dated) < len(frame)
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
    assert draw_map(frame.iloc[:0], language="de", palette=LIGHT).groups == ()
    assert draw_still_map(frame.iloc[:0], language="de", palette=LIGHT).groups == ()


@pytest.mark.parametrize("day", ["0001-01-01", "0044-03-15", "9999-12-31"])
def test_the_ends_of_the_calendar_do_not_break_it(frame, day):
    old = many(frame, 1)
    old.loc[0, ["date_start", "date_end"]] = pd.Timestamp(day).as_unit("s")
    for crowd in (old, pd.concat([old, many(frame, 100)], ignore_index=True)):
        assert draw_timeline(crowd, by="actor", language="de", palette=LIGHT).drawn > 0


def test_a_side_that_is_open_stays_on_the_timeline(frame):
    open_ended = frame.head(3).copy()
    open_ended["date_start"] = pd.to_datetime(["2025-01-05", None, "2025-03-01"]).astype("datetime64[s]")
    open_ended["date_end"] = pd.to_datetime([None, "2025-02-01", "2025-03-02"]).astype("datetime64[s]")
    assert draw_timeline(open_ended, by="type", language="de", palette=LIGHT).drawn == 3
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
        draw_map(hostile, language="de", palette=LIGHT),
        draw_still_map(hostile, language="de", palette=LIGHT),
    ):
        read = drawn.figure.to_json()
        assert "<img" not in read.replace("\\u003c", "<")
        assert "<script" not in read.replace("\\u003c", "<")
    row = hostile.to_dict("records")[0]
    assert "<img" not in html.head(row, "de")
    assert "<img" not in html.sentence([html.Piece("<img src=x>", "time"), html.Piece("<img>", None)], "de")
    assert "<b>x" not in html.why("why_date", ["<b>x"], ["<b>x"], "de").replace("<h4>", "")


# --- map ---------------------------------------------------------------------------------------------------------


def test_each_place_is_one_bubble_with_its_events(frame):
    drawn = draw_map(frame, language="de", palette=LIGHT)
    placed = {
        row["id"]: {place["place_id"] for place in row["places"]} for row in frame.to_dict("records") if row["places"]
    }
    assert {event for group in drawn.groups for event in group} == set(placed)
    assert len(drawn.groups) == len(set.union(*placed.values()))
    assert drawn.drawn == len(placed) < len(frame)


def test_only_areas_have_halos(frame):
    spots = find_spots(frame)
    assert {spot.precision for spot in spots} >= {"city", "adm1", "sea"}
    halos = [trace for trace in draw_map(frame, language="de", palette=LIGHT).figure.data if trace.fill == "toself"]
    rings = sum(trace.lat.count(None) for trace in halos)
    assert rings == sum(spot.precision not in ("city", "site", "village") for spot in spots)


@given(st.floats(-80, 80), st.floats(-180, 180), st.floats(1, 900))
def test_a_circle_keeps_its_distance(lat, lon, radius):
    from geopy.distance import great_circle

    lats, lons = circle(lat, lon, radius, points=8)
    for y, x in zip(lats, lons, strict=True):
        if abs(y) < 84:
            assert great_circle((lat, lon), (y, (x + 540) % 360 - 180)).km == pytest.approx(radius, rel=0.01)


def test_the_borders_are_drawn_without_any_request(frame):
    figure = draw_map(frame, language="de", palette=LIGHT).figure.to_json()
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


# --- pictures ------------------------------------------------------------------------------------------------------


def test_an_html_picture_asks_nobody(frame):
    drawn = draw_still_map(frame, language="de", palette=LIGHT)
    page = pictures.picture(drawn.figure, "html", title="<Titel>", note="& Quelle").decode("utf-8")
    assert "<title>&lt;Titel&gt;</title>" in page
    assert 'src="http' not in page
    assert "Kaspisches Meer" in page


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

CHOICES = {"actor": ["rus", "ukr"], "place": ["geonames:1"], "document": ["d"], "lang": ["de", "en"]}


@given(
    st.builds(
        Address, q=st.text(max_size=5), actor=st.lists(st.sampled_from(["rus", "ukr"]), unique=True).map(tuple),
        modality=st.lists(st.sampled_from(DEFAULT_MODALITIES), unique=True).map(tuple), first=st.none() | st.dates(),
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
        {"actor": ["rus", "xyz"], "first": ["gestern"], "foo": ["1"], "lanes": ["z"], "last": ["2025-01-02"]}, CHOICES
    )
    assert address == Address(actor=("rus",), last=date(2025, 1, 2))
    assert ignored == ["actor=xyz", "first=gestern", "foo", "lanes=z"]


def test_a_report_without_events_leaves_the_store_readable(store):
    store.add([process(Document("none", "Nichts geschah, niemand kam.", "de"))], now=datetime(2025, 12, 21, tzinfo=UTC))
    assert store.document("none") is not None


# --- statistics --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("copies", [1, 60])
def test_every_event_is_counted_once_or_said_to_be_left_out(frame, copies):
    crowd = many(frame, copies)
    for language in wording.languages():
        counted = statistics.count_events(crowd, language, LIGHT)
        assert sum(sum(bar.y) for bar in counted.figure.data) + counted.left_out == len(crowd)


def test_claims_and_totals_are_not_added_to_what_happened(frame):
    told = frame[frame["date_start"] == frame["date_end"]].head(4).copy()
    told["fatalities_best"] = pd.array([5, 7, 11, None], dtype="Int64")
    told["fatalities_low"] = pd.array([5, 7, 11, 2], dtype="Int64")
    told["modality"] = ["happened", "claimed", "happened", "happened"]
    told["mode"] = [None, None, "casualty-toll", None]
    told["injured_best"] = told["injured_low"] = pd.array([None] * 4, dtype="Int64")
    counted = statistics.count_casualties(told, "de", LIGHT)
    assert sum(sum(bar.y) for bar in counted.figure.data) == 7
    assert counted.left_out == 2


def test_pairs_have_a_direction_only_where_somebody_acts_on_somebody(frame):
    rows = frame.head(2).copy()
    names = [("Nord", "actor"), ("Süd", "target")], [("Nord", "participant"), ("West", "participant")]
    rows["actors"] = [[{"name": name, "role": role} for name, role in pairs] for pairs in names]
    (heat,) = statistics.count_pairs(rows, "de", LIGHT).figure.data
    cells = {(y, x): z for y, row in zip(heat.y, heat.z, strict=True) for x, z in zip(heat.x, row, strict=True) if z}
    assert cells == {("Nord", "Süd"): 1, ("Nord", "West"): 1, ("West", "Nord"): 1}


def test_statistics_of_nothing_say_so(frame):
    for count in (statistics.count_events, statistics.count_casualties, statistics.count_pairs):
        assert "zählen" in count(frame.iloc[:0], "de", LIGHT).figure.layout.annotations[0].text
