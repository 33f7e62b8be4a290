"""What is known of one event and how sure that is; how time is drawn; how accurate the whole is said to be."""

from __future__ import annotations

import re

import pytest

from .test_browser import SPOT

TITLES = "graph => graph.layout.yaxis.ticktext ?? graph._fullLayout.yaxis.ticktext ?? []"
MARKS = """graph => [...new Set(graph.data.flatMap(trace =>
    [trace.marker?.symbol, trace.line?.dash].flat().filter(it => typeof it === 'string')))]"""


def choose_row(page, number: int) -> None:
    with page.answered():
        page.page.locator("[data-testid=stDataFrame]").first.click(position={"x": 120, "y": 17 + 35 * number})


def test_the_card_says_why_and_is_cited(page):
    page.open("/?q=Freitag&window=all")
    choose_row(page, 1)
    card = page.page.locator(".st-key-card")
    words = card.inner_text()
    for question in ("Warum dieses Datum?", "Warum dieser Ort?", "Warum dieses Ereignis?"):
        assert question in words
    assert "Der Satz blickt zurück; gezählt von 20.12.2025 ist das 19.12.2025." in words
    assert "Erwogen, aber nicht genommen: 26.12.2025" in words
    assert "Veröffentlicht am 20.12.2025" in words
    assert not re.search(r"\d{4}-\d\d-\d\d", words)
    assert card.locator("mark.time", has_text="Freitag").count()
    assert card.locator("mark.trigger").count()
    link, citation = (card.locator("[data-testid=stCode]").nth(place) for place in (0, 1))
    assert "event=" in link.inner_text()
    assert "19.12.2025" in citation.inner_text()
    assert "Maschinell ausgewertet, nicht geprüft" in citation.inner_text()
    assert "?page=accuracy" in citation.inner_text()
    assert citation.locator("button[aria-label='Copy to clipboard']").count() == 1


def test_day_night_month_and_vague_look_different_in_lanes_of_three_kinds(page):
    page.open("/?window=all")
    assert {"diamond", "dot"} <= set(page.graph("timeline").evaluate(MARKS))
    seen = set()
    for name in ("Ort", "Ereignistyp"):
        with page.answered():
            page.page.locator(".st-key-lanes").get_by_text(name, exact=True).click()
        seen.add(str(page.graph("timeline").evaluate(TITLES)))
    assert len(seen) == 2


def test_how_accurate_it_is_and_how_that_was_measured_is_a_click_away(page):
    page.open("/?q=Istanbul")
    page.page.locator(".notice a").click()
    page.page.get_by_text("Wie verlässlich ist das?").wait_for(timeout=120_000)
    page.settle()
    assert page.page.locator("table").count() == 2
    assert "make quality" in page.page.locator(".stMain").inner_text()
    page.open("/?page=accuracy&lang=en")
    assert page.page.get_by_text("How reliable is this?").count() == 1


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=str)
def test_a_click_on_the_map_says_why_without_scrolling(page, size):
    page.page.set_viewport_size({"width": size[0], "height": size[1]})
    page.open("/?q=Istanbul")
    point = page.graph("map").evaluate(SPOT, "Istanbul")
    with page.answered():
        page.page.mouse.click(*point)
    glance = page.page.locator(".st-key-glance")
    assert "Gespräche · Juli 2025 · Istanbul" in glance.inner_text()
    for number, question in enumerate(("Warum dieses Datum?", "Warum dieser Ort?")):
        line = glance.locator("p").nth(number)
        assert question in line.inner_text()
        box = line.bounding_box()
        assert 0 < box["y"] < box["y"] + box["height"] <= size[1]
    table = page.page.locator("[data-testid=stDataFrame]").first
    table.scroll_into_view_if_needed()
    table.hover()
    unsafe = page.page.locator("[aria-label^='Download as CSV']")  # Streamlit's own: formulas stay formulas in it
    assert unsafe.count() == 1
    assert unsafe.is_hidden()
    glance.locator("summary").click()  # it can be folded, and is at its place at the end of the page
    assert glance.locator("p").first.is_hidden()
