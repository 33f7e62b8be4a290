"""Counts, bins and pages agree with reading every event."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pandas as pd
import pytest

from pipeline import process
from pipeline.records import Document, Filter
from pipeline.store import Store

NOW = datetime(2025, 12, 21, tzinfo=UTC)
OTHERS = {
    "a": "Bei einem russischen Raketenangriff auf Odessa sind am Sonntag acht Menschen getötet worden.",
    "b": "Russische Drohnen griffen am Sonntag Charkiw an. Dabei wurden zwei Menschen verletzt.",
    "c": "Die Vereinten Nationen verurteilten den Angriff.",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory, seed):
    filled = Store(tmp_path_factory.mktemp("reading") / "store")
    documents = [process(Document(key, text, "de", date(2024, 3, 4), "given")) for key, text in OTHERS.items()]
    filled.add([process(replace(seed, source="Zeitung")), *documents], now=NOW)
    return filled


def test_totals_say_what_has_no_place_and_no_date(store):
    events, totals = store.events(), store.totals()
    assert totals.events == len(events) == store.count()
    assert totals.unplaced == sum(not places for places in events["places"]) == store.count(Filter(located=False))
    undated = events["date_start"].isna() & events["date_end"].isna()
    assert totals.undated == undated.sum() == store.count(Filter(dated=False))
    assert 0 < totals.unplaced < totals.events
    assert totals.first == events["date_start"].min().date()


@pytest.mark.parametrize(
    "order", ["date", "place", "type", "actors", "modality", "fatalities", "injured", "confidence"]
)
@pytest.mark.parametrize("descending", [False, True])
def test_pages_put_together_are_all_events_once(store, order, descending):
    pages = [store.page(offset=n, limit=5, order=order, descending=descending) for n in range(0, 60, 5)]
    ids = [identifier for page in pages for identifier in page["id"]]
    assert sorted(ids) == sorted(store.events()["id"])
    if order == "confidence":
        levels = [level for page in pages for level in page["confidence"]]
        assert levels == sorted(levels, reverse=descending)
    assert list(store.page(limit=3).columns) == list(store.events().columns)


@pytest.mark.parametrize("lanes", ["actor", "place", "type", "country", "origin"])
@pytest.mark.parametrize("by", ["day", "week", "month", "year"])
def test_an_overview_counts_what_reading_every_event_counts(store, lanes, by):
    overview = store.overview(by=by, lanes=lanes, most=1000)
    assert overview.others == 0
    events = store.events()
    total = len(events) - overview.undated
    counted = overview.counts["events"].sum()
    assert counted >= total if lanes in ("actor", "place", "country") else counted == total
    for lane, row in enumerate(overview.lanes.to_dict("records")):
        wanted = {
            "actor": Filter(actors=(row["id"],)) if row["id"] else Filter(named=False),
            "place": Filter(places=(row["id"],)) if row["id"] else Filter(located=False),
            "country": Filter(countries=(row["id"],)) if row["id"] else None,
            "type": Filter(types=(row["id"],)),
            "origin": Filter(origins=(row["id"],)),
        }[lanes]
        if wanted is None:
            continue
        assert store.count(wanted) == row["events"]
        counts = overview.counts[overview.counts["lane"] == lane]
        assert counts["events"].sum() == store.count(replace(wanted, dated=True))
        for cell in counts.to_dict("records"):
            assert sum(cell["types"].values()) == cell["events"]
            assert cell["types"][cell["type"]] == max(cell["types"].values())


def test_a_cell_of_an_overview_is_a_filter(store):
    overview = store.overview(by="month", lanes="type")
    for cell in overview.counts.to_dict("records"):
        first = cell["period"].date()
        last = (cell["period"] + pd.offsets.MonthEnd(1)).date()
        kind = overview.lanes.loc[cell["lane"], "id"]
        assert store.count(Filter(types=(kind,), begins=(first, last))) == cell["events"]


def test_lanes_beyond_the_most_share_one_in_which_each_event_counts_once(store):
    overview = store.overview(lanes="actor", most=4)
    everything = store.overview(lanes="actor", most=1000)
    rest = overview.lanes[overview.lanes["id"] == "…"]
    named = everything.lanes[everything.lanes["id"].notna()]
    assert len(rest) == 1
    assert overview.others == len(named) - 3
    outside = set(named["id"][3:])
    expected = sum(bool(outside & {actor["actor_id"] for actor in actors}) for actors in store.events()["actors"])
    assert int(rest["events"].iloc[0]) == expected


def test_running_totals_and_claims_are_no_fatalities_of_a_tally(store):
    events = store.events()
    counted = events[(events["modality"] == "happened") & (events["mode"] != "casualty-toll")]
    expected = counted["fatalities_best"].fillna(counted["fatalities_low"]).sum()
    tally = store.tally(lanes="type")
    assert tally.rows["killed"].sum() == expected > 0
    counted = counted["injured_best"].fillna(counted["injured_low"])
    assert tally.rows["injured"].sum() == counted.sum() > 0
    figures = events[["fatalities_best", "fatalities_low", "injured_best", "injured_low"]]
    told = figures.notna().any(axis=1)
    fact = (events["modality"] == "happened") & (events["mode"] != "casualty-toll")
    assert tally.untold == (told & ~fact).sum()
    assert tally.rows["telling"].sum() == (told & fact).sum()


def test_a_tally_tells_only_the_periods_apart_that_it_is_asked_for(store):
    events = store.events()
    first, last = events["date_start"].min().date(), events["date_start"].median().date()
    inside = (events["date_start"] >= pd.Timestamp(first)) & (events["date_end"] <= pd.Timestamp(last))
    rows = store.tally(lanes="type", periods=((first, last),)).rows
    ends = rows["begin"] + pd.to_timedelta(rows["days"] - 1, unit="D")
    found = rows[(rows["begin"] >= pd.Timestamp(first)) & (ends <= pd.Timestamp(last))]
    assert found.groupby("lane")["events"].sum().to_dict() == events[inside].groupby("type").size().to_dict() != {}
    assert rows["events"].sum() == len(events)
    assert len(store.tally(lanes="type", periods=()).rows) == events["type"].nunique() < len(rows)


def test_a_tally_counts_each_event_once_in_each_of_its_lanes_and_in_that_of_the_rest(store):
    everything = store.tally(lanes="actor", most=1000)
    lanes = store.overview(lanes="actor", most=1000).lanes
    counted = everything.rows.groupby("lane")["events"].sum().to_dict()
    assert counted == dict(zip(lanes["id"].fillna(""), lanes["events"], strict=True))
    few = store.tally(lanes="actor", most=4)
    rest = store.overview(lanes="actor", most=4)
    assert few.others == rest.others > 0
    assert len(few.names) == 3
    assert few.rows.loc[few.rows["lane"] == "…", "events"].sum() == rest.lanes.set_index("id").loc["…", "events"]
    assert store.tally().rows["events"].sum() == store.count()


def test_bins_of_places_count_each_event_once_and_keep_the_worst_precision(store):
    events = store.events()
    for zoom in (None, 0, 3, 8):
        bins = store.place_bins(zoom=zoom)
        for row in bins.to_dict("records"):
            if zoom is None:
                inside = [any(p["place_id"] == row["place_id"] for p in places) for places in events["places"]]
            else:
                box = (row["west"], row["south"], row["east"], row["north"])
                inside = [
                    any(box[0] <= p["lon"] < box[2] and box[1] <= p["lat"] < box[3] for p in places)
                    for places in events["places"]
                ]
                assert store.count(Filter(bounds=box)) == row["events"]
            assert sum(inside) == row["events"]
    (world,) = store.place_bins(Filter(places=("geonames:745044",)), zoom=-3).to_dict("records")
    assert world["events"] == store.count(Filter(places=("geonames:745044",)))
    assert world["place_id"] == "geonames:745044"
    assert len(store.place_bins(bounds=(-180, -90, 0, 90))) < len(store.place_bins())
    assert len(store.place_bins(bounds=(170, -90, -170, 90))) == 0


def test_filters_narrow_by_every_value_of_their_facet(store):
    facets = store.facets()
    for name in ("roles", "regions", "precisions", "place_precisions", "origins", "outlets"):
        table = getattr(facets, name)
        assert len(table) == facets.values[name]
        for row in table.to_dict("records"):
            assert store.count(Filter(**{name: (row["id"],)})) == row["events"] > 0
    assert store.count(Filter(fatalities=8)) == (store.events()["fatalities_best"] >= 8).sum() > 0
    assert store.count(Filter(confidence=0.8)) == (store.events()["confidence"] >= 0.8).sum() > 0
    assert store.count(Filter(actors=("rus",), roles=("speaker",))) < store.count(Filter(actors=("rus",)))
    assert len(store.facets(most=2).actors) == 2


def test_an_empty_store_has_empty_views(tmp_path):
    store = Store(tmp_path / "store")
    assert store.totals() == (0, 0, 0, None, None)
    assert store.overview().counts.empty
    assert store.place_bins(zoom=2).empty
    assert store.page().empty


def test_pairs_of_actors_count_each_event_once(store):
    expected: dict[tuple[str, str], int] = {}
    without = 0
    for actors in store.events()["actors"]:
        by = {
            side: {actor["actor_id"] for actor in actors if actor["role"] in roles}
            for side, roles in (("a", ("actor", "speaker")), ("h", ("target", "victim")), ("m", ("participant",)))
        }
        found = {(s, t) for x, y in (("a", "h"), ("m", "m")) for s in by[x] for t in by[y] if s != t}
        without += not found
        for pair in found:
            expected[pair] = expected.get(pair, 0) + 1
    pairs = store.pairs(most=1000)
    rows = pairs.table.to_dict("records")
    assert {(row["source"], row["target"]): row["events"] for row in rows} == expected
    assert pairs.left_out == without
    few = store.pairs(most=2).table
    assert 0 < len(few) < len(rows)
    assert len(set(few["source"]) | set(few["target"])) == 2


def test_chunks_put_together_are_all_events_in_their_order(store):
    wanted = Filter(types=("CONSULT", "ASSAULT"))
    chunks = list(store.event_chunks(wanted, size=7))
    assert all(len(chunk) == 7 for chunk in chunks[:-1])
    assert pd.concat(chunks, ignore_index=True).equals(store.events(wanted))
    (empty,) = store.event_chunks(Filter(text="nothing of the kind"))
    assert empty.empty
