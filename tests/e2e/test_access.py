"""For everybody: contrast and names by axe-core, everything by keyboard, nothing wider than a phone."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Page

AXE = Path(__file__).parent / "axe" / "axe.min.js"
RUN = """async () => {
    const found = await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']});
    return found.violations.filter(rule => ['serious', 'critical'].includes(rule.impact)).flatMap(
        rule => rule.nodes.map(node => [rule.id, node.target.flat().join(' '), node.html]));
}"""
# What Streamlit and Plotly draw themselves and we cannot change: rule -> part of the element's HTML.
THEIRS = {
    "scrollable-region-focusable": "stVerticalBlock",  # a container of fixed height
}
# Dialogs and menus: each in one of the two (they share their colours), so that the test stays short.
OPENED = {"light": ("review-correct", "Export"), "dark": ("batch", "Bericht hinzufügen")}
PAGES = ("/?window=all", "/?page=statistics", "/?page=accuracy", "/?step=day&pick=@located", "/?foo=1&q=gibtesnicht")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_violation_and_enough_contrast(chromium, dashboard, scheme):
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="de-DE", color_scheme=scheme)
    page = Page(context.new_page(), dashboard)
    for path in PAGES:
        page.open(path)
        if path == PAGES[0]:
            with page.answered():
                page.page.locator("[data-testid=stDataFrame]").first.click(position={"x": 120, "y": 52})
        page.page.evaluate(AXE.read_text(encoding="utf-8"))
        assert violations(page) == [], path
        for button in OPENED[scheme] if path == PAGES[0] else ():
            page.press(button if button[0].isupper() else f"key:{button}")
            if button == "batch":
                with page.answered():
                    page.page.get_by_role("dialog").get_by_text("Berichtigen", exact=True).click()
            assert violations(page) == [], button
            page.page.keyboard.press("Escape")
            page.until(lambda: page.page.get_by_role("dialog").count() == 0)
    context.close()


def violations(page) -> list:
    return [one for one in page.page.evaluate(RUN) if THEIRS.get(one[0], "\0") not in one[2]]


def test_every_control_is_reached_by_the_keyboard_and_seen_when_it_is(page):
    page.open("/?step=day")
    controls = page.page.evaluate(
        """() => [...document.querySelectorAll('button, input, [role=slider], [role=combobox], summary')]
            .filter(it => it.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true})
                    && !it.disabled && !it.closest('[aria-hidden=true]') && it.tabIndex >= 0)
            .map((it, i) => { it.dataset.control = i; return i; }).length"""
    )
    reached: set[str] = set()
    for _ in range(controls * 3):
        page.page.keyboard.press("Tab")
        number = page.page.evaluate("document.activeElement?.dataset?.control ?? null")
        if number is not None:
            reached.add(number)
        if len(reached) == controls:
            break
    missing = page.page.evaluate(
        """reached => [...document.querySelectorAll('[data-control]')]
            .filter(it => !reached.includes(it.dataset.control)).map(it => it.outerHTML.slice(0, 200))""",
        sorted(reached),
    )
    # What is there only for a hovering mouse is seen when the keyboard reaches it.
    outlined = page.page.evaluate(
        """() => ['.modebar-btn', '[data-testid=stElementToolbar] button'].map(name => {
            const it = document.querySelector(name); it.focus({focusVisible: true});
            return getComputedStyle(it).outlineStyle + getComputedStyle(it).outlineWidth; })"""
    )
    assert outlined == ["solid2px", "solid2px"]
    # Of a group of choices one is reached by Tab, the others from it by the arrows.
    assert [html for html in missing if 'role="radio"' not in html and "segmented" not in html] == []


def test_the_charts_name_the_table_as_their_text(page):
    page.open()
    for name in ("map", "timeline"):
        chart = page.page.locator(f"[class*='st-key-{name}-'] [aria-label*='Tabelle darunter']")
        assert chart.count() == 1
    assert page.page.locator("[aria-label='Alle gezeigten Ereignisse als Tabelle']").count() == 1


@pytest.mark.parametrize("path", ["/?window=all&step=week", "/?page=statistics&lang=en"])
def test_a_phone_shows_everything_without_scrolling_sideways(chromium, dashboard, path):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="de-DE", has_touch=True)
    page = Page(context.new_page(), dashboard).open(path)
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 390
    wide = page.page.evaluate(
        """() => [...document.querySelectorAll(':is(.stMain) :is(button, [role=slider], h1, h2, p)')]
            .filter(it => it.offsetParent && !it.closest('.js-plotly-plot')
                    && (it.getBoundingClientRect().right > 391 || it.getBoundingClientRect().left < -1))
            .map(it => it.outerHTML.slice(0, 160))"""
    )
    assert wide == []
    context.close()


def test_the_language_is_remembered_by_the_browser_and_an_address_wins(chromium, dashboard):
    german, other, english = (chromium.new_context(locale=locale) for locale in ("de-DE", "de-DE", "en-GB"))
    empty = "/?q=gibtesnicht"  # no charts: faster
    page = Page(german.new_page(), dashboard).open(empty)
    assert page.page.title() == "Konflikt-Zeitleiste"
    assert page.page.evaluate("document.documentElement.lang") == "de"
    with page.answered():
        page.page.get_by_text("English", exact=True).click()
    page.open(f"{empty}&lang=de")  # looking at a German link is no choice
    assert page.page.title() == "Konflikt-Zeitleiste"
    page.open()
    assert page.page.title() == "Conflict Event Timeline"
    assert page.page.evaluate("document.documentElement.lang") == "en"
    assert Page(other.new_page(), dashboard).open(empty).page.title() == "Konflikt-Zeitleiste"
    assert Page(english.new_page(), dashboard).open(empty).page.title() == "Conflict Event Timeline"
    for context in (german, other, english):
        context.close()


def test_light_or_dark_is_chosen_and_remembered(page):
    shade = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
    page.open("/?q=gibtesnicht")
    light = page.page.evaluate(shade)
    shown = page.counts()
    with page.page.expect_event("load"):
        page.page.locator(".st-key-theme button").click()
    page.until(lambda: page.page.evaluate(shade) != light)
    page.page.wait_for_selector("[class*='st-key-counts'] b", timeout=120_000)
    assert page.settle().counts() == shown
    assert "q=gibtesnicht" in page.page.url
