"""Looking at events closely: zooming, playing, another base map, the page of statistics."""

from __future__ import annotations

import re
from contextlib import contextmanager

import pytest

from benchmarks.store import make_store

from .conftest import Page, serve
from .test_browser import SPOT

MAP = "graph => ({zoom: graph._fullLayout.map.zoom, lat: graph._fullLayout.map.center.lat})"
RANGE = "graph => graph._fullLayout.xaxis.range.map(day => new Date(day).getTime())"


@contextmanager
def changed(page, name: str, script: str):
    """What is done inside changes what a script says of a chart."""
    before = page.graph(name).evaluate(script)
    yield
    page.until(lambda: page.graph(name).evaluate(script) != before)


def tell(page, script: str):
    """What a script says of the map that is drawn and stands still; ``None`` while another picture replaces it."""
    return page.page.evaluate(
        f"""() => {{ const [graph, other] = document.querySelectorAll(".st-key-map-box .js-plotly-plot");
            const map = graph?._fullLayout?.map?._subplot?.map;
            return !other && map?._loaded && map.loaded() && !map.isMoving() ? ({script})(graph) : null; }}"""
    )


def drawn(page, script: str, fits=lambda said: said):
    """What a script says of the map, once it fits."""
    page.until(lambda: (said := tell(page, script)) is not None and fits(said))
    return tell(page, script) or drawn(page, script, fits)


def scroll(page, zoom: float) -> dict:
    """Turn the wheel over the middle of the map until it has reached a zoom; where it stands then."""
    box = page.graph("map").bounding_box()
    page.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    place = drawn(page, MAP)
    closer = place["zoom"] < zoom
    while (place["zoom"] < zoom) is closer:  # a turn is lost where another picture comes just then
        page.page.mouse.wheel(0, -400 if closer else 400)
        page.page.wait_for_timeout(100)
        place = drawn(page, MAP)
    return place


def test_both_charts_zoom_to_the_selection_and_back(page):
    page.open("/?pick=@place:geonames:745044&window=all")
    before, span = page.graph("map").evaluate(MAP), page.graph("timeline").evaluate(RANGE)
    with changed(page, "map", MAP), changed(page, "timeline", RANGE):
        page.press("key:zoom")
    near, short = page.graph("map").evaluate(MAP), page.graph("timeline").evaluate(RANGE)
    assert near["zoom"] > before["zoom"] + 1
    assert abs(near["lat"] - 41) < 2
    assert short[1] - short[0] < (span[1] - span[0]) / 5
    address = page.page.url
    with changed(page, "map", MAP):
        page.press("key:zoom")
    page.open(address.removeprefix(page.address))
    assert page.graph("map").evaluate(MAP) == near


def test_a_map_of_few_events_stays_where_it_was_moved_and_asks_nothing(page):
    page.open()
    asked = page.asked
    near = scroll(page, drawn(page, MAP)["zoom"] + 2)
    page.press("key:button-without_date")  # another picture of the same places
    drawn(page, MAP, lambda said: said == near)
    assert page.asked == asked + 1


def test_the_timeline_stays_where_it_was_moved_until_it_is_clicked_twice(page):
    page.open("/?window=all")
    first = page.graph("timeline").evaluate(RANGE)
    box = page.graph("timeline").locator(".nsewdrag").first.bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + 4  # where no mark is
    with changed(page, "timeline", RANGE):
        page.page.mouse.move(*middle)
        page.page.mouse.down()
        page.page.mouse.move(middle[0] - 100, middle[1], steps=5)
        page.page.mouse.up()
    moved = page.graph("timeline").evaluate(RANGE)
    page.choose("Akteur", "Russland")  # another picture, of another time
    page.until(lambda: page.graph("timeline").evaluate(RANGE) == moved)
    page.page.reload()
    page.settle()
    page.until(lambda: page.graph("timeline").evaluate(RANGE) == moved)
    page.page.mouse.dblclick(*middle)
    page.until(lambda: abs(page.graph("timeline").evaluate(RANGE)[0] - first[0]) < 864e5)


def test_events_without_place_or_date_are_a_click_away(page):
    page.open()
    for key in ("without_place", "without_date"):
        button = page.page.locator(f".st-key-button-{key} button").first
        number = int(button.inner_text().split()[0])
        with page.answered():
            button.click()
        assert f": {number} Ereignis" in page.page.locator(".st-key-clear").inner_text()
    assert "pick=%40dated" in page.page.url


def test_time_is_played_in_windows_whose_ends_are_seen(page):
    page.open("/?window=all&step=day")
    player = page.page.locator(".st-key-player")
    first = player.locator(".notice").inner_text()
    assert first.startswith("24.02.2022: 1 ")
    assert len(page.bright("timeline")) == 1
    page.press("key:play")
    page.until(lambda: player.locator(".notice").inner_text() not in (first, ""))
    assert "Anhalten" in player.inner_text()
    page.page.locator(".st-key-play button").evaluate("button => button.click()")  # what is drawn anew may move
    page.until(lambda: "Abspielen" in player.inner_text())
    page.settle()
    stopped = player.locator(".notice").inner_text()
    assert stopped != first
    day, number = stopped.split(": ")
    assert number.split()[0] != "0"  # no window without events is played
    assert "at=" + "-".join(reversed(day.split("."))) in page.page.url
    assert page.graph("timeline").evaluate("graph => graph.layout.shapes.filter(s => s.type === 'rect').length") == 1


def test_online_tiles_are_only_asked_for_when_chosen_and_it_is_said(page):
    page.allowed = ("https://tile.openstreetmap.org/",)
    page.page.route(f"{page.allowed[0]}**", lambda route: route.abort())
    page.open()
    assert not page.outside
    assert "Natural Earth, deutsche Sicht" in page.page.locator("body").inner_text()
    page.page.get_by_role("combobox", name="Kartengrundlage").click()
    with page.answered():
        page.page.get_by_role("option", name="OpenStreetMap (online)").click()
    assert "fragt jetzt tile.openstreetmap.org" in page.page.locator("body").inner_text()
    page.until(lambda: page.outside)


def test_statistics_are_counted_another_way_and_taken_away(page):
    page.open("/?page=statistics")
    bars = page.page.locator(".st-key-count-events .js-plotly-plot")
    assert bars.evaluate("graph => graph.data[0].orientation") != "h"
    with page.answered():
        page.page.locator(".st-key-count-events").get_by_text("Akteur", exact=True).click()
    page.until(lambda: bars.evaluate("graph => graph.data[0].orientation") == "h")
    assert "Ukraine" in bars.evaluate("graph => graph.data.flatMap(bar => [...bar.y])")
    assert page.page.locator(".st-key-count-compare .js-plotly-plot").count() == 1
    assert "Ukraine" in page.download("export-events-svg").decode("utf-8")
    assert page.download("export-compare-html").startswith(b"<!doctype html>")


# --- very many events --------------------------------------------------------------------------------------------

BUBBLES = "graph => graph.data.find(trace => trace.customdata).text"
OPENS = "Klick: näher heran"  # what a cell of the grid says


@pytest.fixture(scope="module")
def crowd(chromium, tmp_path_factory):
    folder = tmp_path_factory.mktemp("crowd")
    make_store(folder / "store", 100_000)
    process, address = serve(folder / "store", folder / "log")
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="de-DE", accept_downloads=True)
    page = Page(context.new_page(), address)
    yield page
    context.close()
    process.terminate()
    process.wait(20)
    assert not page.outside


def counted(bubble: str) -> int:
    """The number of events that a bubble tells."""
    return sum(int(number.replace(".", "")) for number in re.findall(r": ([\d.]+)(?=<|$)", bubble))


def click(page, bubble: str) -> None:
    point = page.graph("map").evaluate(SPOT, bubble.split("</b>")[0] + "</b>")
    with page.answered():
        page.page.mouse.click(*point)


def test_single_events_of_a_town_are_reached_by_clicks_among_a_hundred_thousand(crowd):
    crowd.open()
    shown, total = crowd.counts()
    assert shown == total > 90_000
    cells = crowd.graph("map").evaluate(BUBBLES)
    assert all(OPENS in cell for cell in cells)
    unplaced = int(
        crowd.page.locator(".st-key-button-without_place button").first.inner_text().split()[0].replace(".", "")
    )
    assert sum(map(counted, cells)) == shown - unplaced  # no cell is left out
    cell = next(cell for cell in cells[4:] if "+" in cell)
    click(crowd, cell)
    crowd.until(lambda: crowd.counts() == (counted(cell), total))
    towns = crowd.graph("map").evaluate(BUBBLES)
    assert not any(OPENS in town for town in towns)
    assert sum(map(counted, towns)) == counted(cell)
    address = crowd.page.url
    town = towns[0]
    click(crowd, town)
    chip = crowd.page.locator(".st-key-clear")
    crowd.until(lambda: chip.count() and counted(town) == int(chip.inner_text().split()[-2].replace(".", "")))
    with crowd.answered():
        crowd.page.locator("[data-testid=stDataFrame]").first.click(position={"x": 120, "y": 52})
    name = town.removeprefix("<b>").split("<")[0]
    assert name in crowd.page.locator(".st-key-card dl").inner_text()
    crowd.open(address.removeprefix(crowd.address))
    assert crowd.counts() == (counted(cell), total)
    crowd.press("key:area-clear")
    assert crowd.counts() == (total, total)


def test_cells_become_finer_where_the_map_is_zoomed_by_hand(crowd):
    crowd.open()
    coarse, first = drawn(crowd, BUBBLES), drawn(crowd, MAP)
    counts, shown, asked = crowd.counts(), crowd.page.url, crowd.asked
    near = scroll(crowd, first["zoom"] + 3)
    finer = drawn(crowd, BUBBLES, lambda said: len(said) > len(coarse))
    crowd.settle()
    assert sum(map(counted, finer)) == sum(map(counted, coarse))
    assert drawn(crowd, MAP) == near  # what the reader sees does not move
    assert 1 <= crowd.asked - asked <= near["zoom"] - first["zoom"]  # once for each doubling at most
    scroll(crowd, first["zoom"])
    drawn(crowd, BUBBLES, lambda said: said == coarse)
    assert (crowd.counts(), crowd.page.url) == (counts, shown)  # it was no filter


def test_each_reader_has_a_map_of_their_own_on_a_phone_and_in_another_language_and_theme(crowd, chromium):
    crowd.open()
    first, coarse = drawn(crowd, MAP), drawn(crowd, BUBBLES)
    near = scroll(crowd, first["zoom"] + 3)
    drawn(crowd, BUBBLES, lambda said: len(said) > len(coarse))
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="de-DE")
    phone = Page(context.new_page(), crowd.address).open()
    assert drawn(phone, BUBBLES) == coarse
    phone.graph("map").scroll_into_view_if_needed()
    there = scroll(phone, first["zoom"] + 2)
    drawn(phone, BUBBLES, lambda said: len(said) > len(coarse))
    phone.settle()
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    phone.page.get_by_test_id("stExpandSidebarButton").click()
    with phone.answered():
        phone.page.locator(".st-key-reader").get_by_text("English").click()
    drawn(phone, BUBBLES, lambda said: len(said) > len(coarse) and not any(OPENS in cell for cell in said))
    assert drawn(phone, MAP) == there
    with phone.page.expect_navigation():  # a theme is taken when a page is loaded
        phone.page.locator(".st-key-theme button").click()
    phone.settle()
    drawn(phone, MAP, lambda said: said == there)
    drawn(phone, BUBBLES, lambda said: len(said) > len(coarse))
    assert drawn(crowd, MAP) == near
    assert len(drawn(crowd, BUBBLES)) > len(coarse)
    assert not phone.outside
    context.close()


def test_the_map_stays_closer_while_the_film_runs(crowd):
    crowd.open("/?window=all&step=month")
    first, coarse = drawn(crowd, MAP), drawn(crowd, BUBBLES)
    near = scroll(crowd, first["zoom"] + 3)
    drawn(crowd, BUBBLES, lambda said: len(said) > len(coarse))
    crowd.settle()
    play, notice = crowd.page.locator(".st-key-play button"), crowd.page.locator(".st-key-player .notice")
    play.click()  # from here on the page may never come to rest
    for _ in range(2):
        before = notice.inner_text()
        crowd.until(lambda before=before: notice.inner_text() not in (before, ""))
    play.evaluate("button => button.click()")
    crowd.until(lambda: "Abspielen" in play.inner_text())
    crowd.settle()
    drawn(crowd, MAP, lambda said: said == near)
    drawn(crowd, BUBBLES, lambda said: len(said) > len(coarse))


def test_a_place_that_was_found_by_zooming_is_selected_where_it_is(crowd):
    crowd.open()
    near = scroll(crowd, 4)
    middle = """graph => {
        const far = graph._fullLayout.map._subplot.map.getCenter();
        const {lat, lon, text} = graph.data.find(trace => trace.customdata);
        const away = i => Math.hypot(lat[i] - far.lat, lon[i] - far.lng);
        return text[[...text.keys()].sort((a, b) => away(a) - away(b))[0]]; }"""
    town = drawn(crowd, middle, lambda said: OPENS not in said)
    crowd.settle()
    click(crowd, town)
    assert "pick=%40place" in crowd.page.url
    drawn(crowd, MAP, lambda said: said == near)


def test_any_number_of_events_is_taken_away(crowd):
    crowd.open()
    rows = crowd.download("export-data-csv").count(b"\r\n")
    assert rows == crowd.counts()[0] + 1
