"""The dashboard as a user meets it: in a browser, with the seed's events."""

from __future__ import annotations

import csv
import io
import json

from .conftest import Page

POINT = """(graph, wanted) => {
    const trace = graph._fullData.find(trace => trace.customdata && trace.visible === true);
    const i = [...trace.customdata].findIndex((group, n) => group === wanted && trace.marker.opacity[n] > 0.5);
    const layout = graph._fullLayout, box = graph.getBoundingClientRect();
    const x = layout.xaxis, y = layout.yaxis;
    return [box.left + x._offset + x.d2p(trace.x[i]), box.top + y._offset + y.d2p(trace.y[i])];
}"""
SPOT = """(graph, name) => {
    const trace = graph._fullData.find(trace => trace.customdata);
    const i = trace.text.findIndex(text => text.includes(name));
    const map = graph._fullLayout.map._subplot, box = map.div.getBoundingClientRect();
    const at = map.map.project([trace.lon[i], trace.lat[i]]);
    return [box.left + at.x, box.top + at.y];
}"""


def test_opens_on_the_events_of_the_seed(page):
    page.open()
    shown, total = page.counts()
    assert 10 <= shown <= total
    assert page.graph("timeline").evaluate("graph => graph.data.length") > 3
    assert page.graph("map").evaluate("graph => graph._fullLayout.map._subplot.map.queryRenderedFeatures().length") > 20
    assert page.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_filters_by_actor_and_by_place_and_the_address_restores_them(page):
    page.open()
    before, total = page.counts()
    page.choose("Akteur", "Russland")
    by_actor, same = page.counts()
    assert 0 < by_actor < before
    assert same == total
    assert "actor=rus" in page.page.url
    address = page.page.url
    page.choose("Ort", "Istanbul")
    by_both, _ = page.counts()
    assert 0 < by_both < by_actor
    page.open(address.removeprefix(page.address))
    assert page.counts() == (by_actor, total)


def test_a_click_on_the_timeline_is_followed_by_map_table_and_card(page):
    page.open("/?window=all")
    graph = page.graph("timeline")
    wanted = graph.evaluate("""graph => {
        const trace = graph.data.find(trace => trace.customdata);
        return trace.customdata[trace.text.findIndex(text => text.includes('Istanbul'))]; }""")
    wanted_point = graph.evaluate(POINT, wanted)
    with page.answered():
        page.page.mouse.click(*wanted_point)
    assert page.page.locator(".st-key-clear").inner_text().strip() == "✕ Auswahl aufheben: 1 Ereignis"
    assert page.bright("timeline") == [wanted]
    assert len(page.bright("map")) == 1
    card = page.page.locator(".st-key-card")
    assert "Istanbul" in card.inner_text()
    assert "Warum dieses Datum?" in card.inner_text()
    assert card.locator("mark.time").first.inner_text() == "Juli"
    assert "event=" in page.page.url
    page.press("key:clear")
    assert page.page.locator(".st-key-clear").count() == 0
    assert len(page.bright("map")) > 1


def test_a_click_on_the_map_is_followed_by_the_timeline(page):
    page.open()
    point = page.graph("map").evaluate(SPOT, "Istanbul")
    with page.answered():
        page.page.mouse.click(*point)
    shown, _ = page.counts()
    assert page.page.locator(".st-key-clear").count() == 1
    assert 0 < len(page.bright("timeline")) < shown


def test_the_csv_holds_what_is_seen(page):
    page.open().choose("Ort", "Istanbul")
    shown, _ = page.counts()
    rows = list(csv.DictReader(io.StringIO(page.download("export-data-csv").decode("utf-8"))))
    assert len(rows) == shown
    assert {row["place"] for row in rows} == {"Istanbul"}
    assert {(row["date_start"], row["date_end"]) for row in rows} == {("2025-07-01", "2025-07-31")}
    (said,) = {row["filter"] for row in rows}
    assert said.startswith(f"{shown} von {page.counts()[1]} Ereignissen; Ort: Istanbul")


def test_charts_and_geojson_can_be_taken_away(page):
    page.open()
    assert page.download("export-timeline-png").startswith(b"\x89PNG")
    svg = page.download("export-map-svg").decode("utf-8")
    assert svg.startswith("<svg")
    assert "Istanbul" in svg
    features = json.loads(page.download("export-data-geojson"))["features"]
    assert len(features) == page.counts()[0]


def test_the_map_in_an_html_file_needs_no_network(page, chromium, tmp_path):
    page.open()
    saved = tmp_path / "map.html"
    saved.write_bytes(page.download("export-map-html"))
    asked: list[str] = []
    context = chromium.new_context(offline=True)
    opened = context.new_page()
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(saved.as_uri())
    opened.wait_for_selector(".scattergeo path.point", timeout=60_000)
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    context.close()


def test_a_report_is_added_once_its_day_is_confirmed(page):
    page.open()
    page.press("Bericht hinzufügen")
    dialog = page.page.get_by_role("dialog")
    words = dialog.get_by_label("Text des Berichts")
    words.fill(
        "Stand: 04.03.2024\n\nBei einem Luftangriff auf Charkiw sind am Sonntag zwei Menschen getötet worden. "
        "<img src=x>"
    )
    with page.answered():
        words.press("Control+Enter")
    page.press("key:add-read")
    dialog.get_by_text("Tag steht im Bericht").wait_for(timeout=120_000)
    assert dialog.get_by_label("Tag der Veröffentlichung").count()
    dialog.locator(".st-key-add-run button").click()
    page.page.wait_for_selector("text=Neue Berichte: 1", timeout=120_000)
    page.settle()
    assert "03.03.2024" in page.page.locator(".st-key-card").inner_text()


def test_english_dark_and_on_a_phone(chromium, dashboard):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="en-GB", color_scheme="dark")
    page = Page(context.new_page(), dashboard).open("/?lang=en")
    assert page.page.get_by_role("heading", name="Conflict Event Timeline").count() == 1
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert "events" in page.page.locator(".st-key-counts b").first.inner_text()
    assert not page.outside
    context.close()
