"""Hostile words in a real browser: nothing runs, nothing is asked of anybody, nothing breaks the page."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from hostile import HOSTILE
from pypdf import PdfReader
from test_hostile import make_article

from .conftest import ROOT, Page, serve

FILL = """
import sys
sys.path.insert(0, "tests")
from datetime import UTC, datetime
from pathlib import Path
from pipeline.store import Store
from test_hostile import NOW, correct_with_all, make_documents
store = Store(Path(sys.argv[1]))
store.add(make_documents(), now=NOW)
correct_with_all(store)
"""
DRAWN = {"svg", "defs", "clipPath", "g", "path", "rect", "circle", "line", "text", "tspan", "style"}
HARMLESS = """() => ({
    pwned: window.pwned ?? null,
    evil: [...document.querySelectorAll('[src*="evil.example"], link[href*="evil.example"], a[href*="evil.example"],' +
        '[src^="javascript"], a[href^="javascript"], meta[http-equiv=refresh], base, marquee, iframe[srcdoc*=script]')]
        .map(it => it.outerHTML.slice(0, 200)),
    wide: document.documentElement.scrollWidth - window.innerWidth,
    title: document.querySelector('h1')?.getBoundingClientRect().height > 10,
})"""


@pytest.fixture(scope="module")
def hostile_dashboard(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    subprocess.run([sys.executable, "-c", FILL, str(folder / "store")], cwd=ROOT, check=True, env=os.environ)
    process, address = serve(folder / "store", folder / "log")
    yield address
    process.terminate()
    process.wait(20)


@pytest.fixture
def guarded(chromium, hostile_dashboard):
    """A page that notes every dialog and every request that leaves this machine."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="de-DE", accept_downloads=True)
    page = Page(context.new_page(), hostile_dashboard)
    dialogs: list[str] = []
    page.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    yield page
    context.close()
    assert dialogs == []
    assert page.outside == []


def assert_harmless(page: Page) -> None:
    assert page.page.evaluate(HARMLESS) == {"pwned": None, "evil": [], "wide": 0, "title": True}


@pytest.mark.parametrize("path", ["/?lanes=actor", "/?lanes=place&window=all&lang=en", "/?page=statistics"])
def test_every_view_shows_them_and_nothing_happens(guarded, path):
    guarded.open(path)
    assert_harmless(guarded)
    if "statistics" in path:
        for name in ("events", "casualties", "compare"):
            with guarded.answered():
                guarded.page.locator(f".st-key-count-{name}").get_by_text("Akteur", exact=True).click()
    else:
        for label in ("Akteur", "Ort", "Region") if "lang" not in path else ("Actor", "Place"):
            with guarded.unfolded(label):
                assert_harmless(guarded)
    assert_harmless(guarded)


def test_cards_with_history_and_a_link(guarded):
    guarded.open("/?event=evil-3")  # an image
    assert "Warum dieses Ereignis?" in guarded.page.locator(".st-key-card").inner_text()
    assert_harmless(guarded)
    guarded.open("/?event=evil-0")
    guarded.page.locator(".st-key-card .st-key-history summary").click()
    guarded.page.locator(".st-key-card").get_by_role("button", name="Zurücknehmen").first.wait_for()
    guarded.until(lambda: guarded.page.locator(".st-key-history .said").count() == len(HOSTILE) // 5 + 1)
    assert_harmless(guarded)
    guarded.press("key:review-correct")
    box = guarded.page.get_by_role("dialog").get_by_role("textbox", name="Ort suchen")
    box.fill(" ".join(word[:20] for word in HOSTILE)[:90])
    assert_harmless(guarded)


def test_an_address_is_read_and_what_it_says_is_only_words(guarded):
    step = 14  # so many are told in one message
    for start in range(0, len(HOSTILE), step):
        words = [word[:30] for word in HOSTILE[start : start + step]]
        path = "/?" + urlencode([("q", "gibt es nicht"), *(("type", word) for word in words), (words[-1], "1")])
        guarded.open(path)
        assert "Unbekannt in diesem Link" in guarded.page.locator(".message.warning").inner_text()
        assert_harmless(guarded)


def test_filters_hold_them_chosen_and_typed(guarded):
    many = [("actor", f"evil-{number}") for number in range(1, len(HOSTILE))]
    guarded.open("/?" + urlencode([*many, *(("place", f"evil:{number}") for number in range(1, len(HOSTILE)))]))
    assert guarded.page.locator(".stMultiSelect span[title]").count() > 2 * (len(HOSTILE) - 1)
    assert_harmless(guarded)
    guarded.open("/?q=gibt+es+nicht")
    box = guarded.page.get_by_role("textbox", name="Suche im Text")
    for start in range(0, len(HOSTILE), 30):
        box.fill(" ".join(word[:60] for word in HOSTILE[start : start + 30]))
        with guarded.answered():
            box.press("Enter")
        assert_harmless(guarded)


def test_an_article_and_an_address_to_be_read(guarded):
    guarded.open("/?q=gibt+es+nicht")
    guarded.press("Bericht hinzufügen")
    dialog = guarded.page.get_by_role("dialog")
    for label, words in (
        ("Text des Berichts", make_article().replace("\0", "")),
        ("oder eine Adresse im Netz", " ".join(word[:60] for word in HOSTILE)),
    ):
        box = dialog.get_by_role("textbox", name=label)
        box.fill(words)
        with guarded.answered():
            box.press("Control+Enter" if "Text" in label else "Enter")
    guarded.press("key:add-read")
    dialog.locator(".found").wait_for(timeout=120_000)
    assert "Diese Adresse ist nicht so geschrieben" in dialog.inner_text()
    assert_harmless(guarded)
    dialog.locator(".st-key-add-run button").click()
    guarded.page.wait_for_selector("text=Neue Berichte: 1", timeout=120_000)
    guarded.settle()
    assert_harmless(guarded)
    guarded.open("/?q=Bei+einem+Angriff")
    with guarded.answered():
        guarded.page.locator("[data-testid=stDataFrame]").first.click(position={"x": 120, "y": 52})
    guarded.page.locator(".st-key-whole-report summary").click()
    guarded.page.get_by_text("window.pwned=1").first.wait_for()
    assert_harmless(guarded)


def test_names_of_files_and_cells_of_tables(guarded):
    guarded.open("/?page=statistics")
    guarded.press("Bericht hinzufügen")
    dialog = guarded.page.get_by_role("dialog")
    head = (
        "id,type_of_violence,side_a,side_b,where_prec,where_coordinates,adm_1,latitude,longitude,country,date_prec,"
        "date_start,date_end,best,high,low,dyad_name,source_article"
    )
    rows = "".join(
        f"{n},1,{cell},{cell},1,{cell},{cell},36.2,37.1,Syria,1,2013-01-05,2013-01-05,2,3,2,{cell},{cell}\n"
        for n, cell in (
            (n, '"' + word[:300].replace('"', '""').replace("\0", "") + '"') for n, word in enumerate(HOSTILE)
        )
    )
    # Twenty messages are told at once, so a name holds several of them. (No system has files with a NUL in their name.)
    words = [word[:60].replace("\0", "") for word in HOSTILE]
    names = [" ".join(words[start : start + 7]) for start in range(0, len(words), 7)]
    files = [{"name": f"{name}.txt", "mimeType": "text/plain", "buffer": b""} for name in names]
    files.append(
        {"name": "<img src=x onerror=window.pwned=1>.csv", "mimeType": "text/csv", "buffer": f"{head}\n{rows}".encode()}
    )
    with guarded.answered():
        dialog.locator("input[type=file]").set_input_files(files)
    assert_harmless(guarded)
    guarded.press("key:add-read")
    dialog.get_by_text("die als Ereignisse dazukommen").wait_for(timeout=120_000)
    assert dialog.locator(".message.error").count() == len(names)
    assert_harmless(guarded)
    dialog.locator(".st-key-add-run button").click()
    guarded.page.wait_for_selector("text=Neue Berichte", timeout=120_000)
    guarded.settle()
    guarded.open("/?origin=ucdp&window=all")
    assert guarded.counts()[0] > 100
    assert_harmless(guarded)


def test_what_is_taken_away_does_nothing_either(guarded, chromium, tmp_path: Path):
    guarded.open("/?lanes=actor")
    saved = tmp_path / "sheet.html"
    saved.write_bytes(guarded.download("export-sheet-html"))
    drawing = ElementTree.fromstring(guarded.download("export-sheet-svg"))
    assert {element.tag.rpartition("}")[2] for element in drawing.iter()} <= DRAWN
    named = {(name.rpartition("}")[2], value) for element in drawing.iter() for name, value in element.items()}
    assert not [(name, value) for name, value in named if name.startswith("on")]
    assert not [value for name, value in named if name == "href" and not value.startswith("#")]
    printed = guarded.download("export-sheet-pdf")
    assert not [word for word in (b"/JavaScript", b"/Launch", b"/OpenAction") if word in printed]
    links = [link.get_object()["/A"]["/URI"] for link in PdfReader(io.BytesIO(printed)).pages[0]["/Annots"]]
    assert links == [f"{guarded.address}?page=accuracy"] * printed.count(b"/URI (")  # ours, and nobody else's
    for kind in ("csv", "xlsx", "geojson", "parquet"):  # what is in them: tests/test_hostile.py
        assert len(guarded.download(f"export-data-{kind}")) > 10_000
    context = chromium.new_context()
    opened = context.new_page()
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(saved.as_uri())
    opened.wait_for_selector(".scattergeo path.point", timeout=120_000)
    opened.wait_for_selector(".scatterlayer path.point", timeout=120_000)
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert opened.evaluate("window.pwned ?? null") is None
    context.close()
