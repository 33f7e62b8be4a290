"""What readers say about events: corrections, also by two at once; other people's tables beside our events."""

from __future__ import annotations

import pyarrow.parquet as pq
import pytest

from .conftest import Page

UCDP = (
    "id,type_of_violence,dyad_name,side_a,side_b,where_prec,where_coordinates,adm_1,latitude,longitude,country,"
    "date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low,source_article\n"
    "77,1,A - B,Government of Atlantis,<b>Rebels</b>,1,Aleppo city,Aleppo,36.20,37.16,Syria,"
    "1,2013-01-05,2013-01-05,0,0,2,0,2,3,2,=HYPERLINK(1)\n"
    "78,1,A - B,Übergangsrat,B,1,Aleppo city,Aleppo,36.20,37.16,Syria,1,gestern,2013-01-05,0,0,2,0,2,3,2,x\n"
)
FRENCH = "Les rebelles ont attaqué la ville dimanche et le gouvernement a condamné cette attaque dans la nuit."
REPORT = "Stand: 04.03.2024\n\nRebellen griffen am Sonntag Goma an."


@pytest.fixture
def own(chromium, own_dashboard):
    """Two readers of one dashboard that no other test uses."""
    contexts = [chromium.new_context(viewport={"width": 1440, "height": 1000}, locale="de-DE") for _ in range(2)]
    pages = [Page(context.new_page(), own_dashboard) for context in contexts]
    yield pages
    for context in contexts:
        context.close()
    assert not any(page.outside for page in pages)


def say(page, button: str, who: str, why: str, done: str = "") -> None:
    """Open a dialog of the card, fill it in and save it."""
    page.press(f"key:{button}")
    fill(page, who, why, done)


def fill(page, who: str, why: str, done: str) -> None:
    dialog = page.page.get_by_role("dialog")
    dialog.locator(".st-key-review-save button").wait_for(timeout=120_000)
    for label, words in (("Wer sind Sie?", who), ("Warum?", why)):
        box = dialog.get_by_role("textbox", name=label)
        if box.count() and words and box.input_value() != words:
            box.fill(words)
            with page.answered():
                box.press("Control+Enter" if label == "Warum?" else "Enter")
    dialog.locator(".st-key-review-save button").click()
    page.page.wait_for_selector(f"text={done}", timeout=120_000)
    page.settle()


def test_an_event_is_corrected_by_two_at_once_and_nothing_is_lost(own):
    first, second = own
    first.open("/?q=Istanbul&window=all")
    with first.answered():
        first.page.locator("[data-testid=stDataFrame]").first.click(position={"x": 120, "y": 52})
    assert "nicht geprüft" in first.page.locator(".st-key-card").inner_text()
    address = first.page.url.removeprefix(first.address)
    second.open(address)
    second.press("key:review-correct")  # this reader has the dialog open while the other one saves
    first.press("key:review-correct")
    dialog = first.page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Ereignistyp").click()
    with first.answered():
        first.page.get_by_role("option", name="Protest").click()
    for name, answer in (("Volksrat <b>Nord</b>", "steht in keinem Verzeichnis"), ("Iran", "ist bekannt: Iran")):
        box = dialog.get_by_role("combobox", name="Beteiligte")
        box.fill(name)
        with first.answered():
            box.press("Enter")
        box.press("Tab")
        assert f"„{name}“ {answer}" in dialog.inner_text()
    fill(first, "Ada", "Es war ein Protest.", "Die Berichtigung ist gespeichert")
    card = first.page.locator(".st-key-card")
    assert "Protest" in card.inner_text()
    assert "berichtigt" in card.inner_text()
    assert "Volksrat <b>Nord</b> Beteiligte" in card.inner_text()
    assert "Iran Beteiligte" in card.inner_text()
    dialog = second.page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Ereignistyp").click()
    with second.answered():
        second.page.get_by_role("option", name="Sanktion").click()
    fill(second, "Bob", "Nein, eine Sanktion.", "Ada hat dieses Ereignis inzwischen berichtigt")
    assert "Protest" in second.page.locator(".st-key-card").inner_text()
    second.page.locator(".st-key-history summary").click()
    history = second.page.locator(".st-key-history").inner_text()
    assert "Es war ein Protest." in history
    assert "Nein, eine Sanktion." in history
    assert "jemand war schneller" in history
    second.page.locator(".st-key-history").get_by_role("button", name="Zurücknehmen").click()
    fill(second, "Bob", "Doch nicht.", "Das ist zurückgenommen")
    assert "Protest" not in second.page.locator(".st-key-card h2").inner_text()


def test_an_event_is_rejected_and_found_again_by_its_filter(own):
    page = own[0].open("/?window=all")
    before, _ = page.counts()
    with page.answered():
        page.page.locator("[data-testid=stDataFrame]").first.click(position={"x": 120, "y": 52})
    card = page.page.locator(".st-key-card")
    assert "Von gemessenen Ereignissen dieser Sicherheit" in card.inner_text()
    say(page, "review-confirm", "Ada", "", "Das Ereignis ist bestätigt")
    assert "nicht geprüft" not in card.inner_text()  # once a person has said so
    assert "von einer Person bestätigt" in card.inner_text()
    say(page, "review-reject", "Ada", "Kein Ereignis.", "Das Ereignis ist verworfen")
    assert page.counts()[0] == before - 1
    page.open("/?review=rejected&window=all")
    assert page.counts()[0] == 1
    with page.answered():
        page.page.locator("[data-testid=stDataFrame]").first.click(position={"x": 120, "y": 52})
    assert "verworfen" in page.page.locator(".st-key-card").inner_text()


def test_other_peoples_tables_and_several_reports_are_added_at_once(own):
    page = own[0].open()
    page.press("Bericht hinzufügen")
    dialog = page.page.get_by_role("dialog")
    address = dialog.get_by_role("textbox", name="oder eine Adresse im Netz")
    address.fill("http://127.0.0.1/artikel")
    with page.answered():
        address.press("Enter")
    with page.answered():
        dialog.locator("input[type=file]").set_input_files(
            [
                {"name": name, "mimeType": "text/plain", "buffer": words.encode("cp1252")}
                for name, words in (("ged.csv", UCDP), ("leer.txt", ""), ("eins.txt", REPORT), ("un.txt", FRENCH))
            ]
        )
    page.press("key:add-read")
    page.page.wait_for_selector("text=die als Ereignisse dazukommen: 2", timeout=120_000)
    said = dialog.inner_text()
    assert "leer.txt ist leer." in said
    assert "127.0.0.1" in said  # an address on this machine is not asked
    assert "Tag steht im Bericht" in said
    dialog.locator(".st-key-add-run button").click()
    page.page.wait_for_selector("text=Neue Berichte: 4", timeout=120_000)
    page.settle()
    assert "ist nicht auf Deutsch (fr)" in page.page.locator(".stMain").inner_text()
    assert "Zeile 3: date_start ist gestern; das ist kein Tag." in page.page.locator(".stMain").inner_text()
    page.open("/?origin=ucdp&window=all")
    assert page.counts()[0] == 2
    with page.answered():
        page.page.locator("[data-testid=stDataFrame]").first.click(position={"x": 120, "y": 52})
    card = page.page.locator(".st-key-card").inner_text()
    assert "Aleppo" in card
    assert "UCDP" in card


def tick(page, *rows: int) -> None:
    """Tick rows of the table, counted from 1."""
    for row in rows:
        with page.answered():
            page.page.locator("[data-testid=stDataFrame]").first.click(position={"x": 18, "y": 17 + 35 * row})


def test_many_are_reviewed_at_once_and_taken_back_at_once(own):
    page, other = own
    page.open("/?type=CONSULT&window=all&review=none")
    shown, _ = page.counts()
    assert shown > 3
    tick(page, 1, 3)
    assert len(page.bright("timeline")) < shown  # the charts show what is ticked
    page.press("Angehakte prüfen (2)")
    fill(page, "Ada", "", "Bestätigt: 2.")
    assert page.counts()[0] == shown - 2  # the filter asks for what nobody has reviewed
    other.open("/?type=CONSULT&window=all&review=none")
    other.press(f"Gezeigte prüfen ({shown - 2})")  # this reader has the dialog open while the other one says something
    with page.answered():
        page.page.locator("[data-testid=stDataFrame]").first.click(position={"x": 120, "y": 52})
    say(page, "review-confirm", "Ada", "", "Das Ereignis ist bestätigt")
    with other.answered():
        other.page.get_by_role("dialog").get_by_text("Verwerfen", exact=True).click()
    fill(other, "Bob", "Nur Gerede.", f"Verworfen: {shown - 3}.")
    assert "Zu 1 hat inzwischen jemand anderes etwas gesagt" in other.page.locator(".stMain").inner_text()
    other.press("key:batch-undo")
    assert f"Zurückgenommen: {shown - 3}." in other.page.locator(".stMain").inner_text()
    assert other.counts()[0] == shown - 3
    page.open("/?type=CONSULT&window=all&review=confirmed")
    assert page.counts()[0] == 3
    with page.answered():
        page.page.locator("[data-testid=stDataFrame]").first.click(position={"x": 120, "y": 52})
    page.page.locator(".st-key-history summary").click()
    page.press("Alle 2 zurücknehmen")
    fill(page, "Ada", "Doch nicht geprüft.", "Das ist zurückgenommen")
    assert page.counts()[0] == 1


def test_one_wrong_place_is_corrected_in_many_rows_at_once_and_taken_back_at_once(own):
    page = own[0].open("/?place=geonames:745044&window=all")
    wrong, _ = page.counts()
    page.open("/?window=all")
    page.press("key:batch")
    dialog = page.page.get_by_role("dialog")
    with page.answered():
        dialog.get_by_text("Berichtigen", exact=True).click()
    assert dialog.locator(".st-key-review-save button").is_disabled()  # nothing is to be changed yet
    name = dialog.get_by_role("textbox", name="Ort suchen")
    name.fill("Genf")
    with page.answered():
        name.press("Enter")
    for label, option in (("Falscher Ort", "Istanbul"), ("Richtiger Ort", "Genf")):
        dialog.get_by_role("combobox", name=label).click()
        with page.answered():
            page.page.get_by_role("option").filter(has_text=option).first.click()
    fill(page, "Ada", "Es war Genf.", f"Berichtigt: {wrong}.")
    assert "Genf" in " ".join(page.graph("map").evaluate("graph => graph.data.flatMap(trace => trace.text ?? [])"))
    page.press("key:batch-undo")
    assert f"Zurückgenommen: {wrong}." in page.page.locator(".stMain").inner_text()


def test_a_report_is_removed_with_everything_that_came_from_it(own, tmp_path_factory):
    page, other = own
    page.open("/?window=all")
    before = page.counts()
    page.press("Bericht hinzufügen")
    dialog = page.page.get_by_role("dialog")
    words = dialog.get_by_role("textbox", name="Text des Berichts")
    words.fill("Stand: 04.03.2024\n\nQuarzbert: Rebellen griffen am Dienstag Khartum an.")
    with page.answered():
        words.press("Control+Enter")
    page.press("key:add-read")
    with page.answered():
        dialog.locator(".st-key-add-run button").click()
    page.page.wait_for_selector("text=Neue Berichte: 1", timeout=120_000)
    page.settle()
    assert b"Quarzbert" in _stored(tmp_path_factory)
    with page.answered():
        page.page.locator("[data-testid=stDataFrame]").first.click(position={"x": 120, "y": 52})
    address = page.page.url.removeprefix(page.address)
    say(page, "review-confirm", "Ada", "Quarzbert war dabei.", "Das Ereignis ist bestätigt")
    page.press("key:remove-here")
    assert "Quarzbert: Rebellen griffen" in dialog.inner_text()
    assert "verschwinden: 1. Das lässt sich nicht zurücknehmen" in dialog.inner_text()
    assert dialog.locator(".st-key-remove-now button").is_disabled()
    with page.answered():
        dialog.get_by_text("Ja, endgültig entfernen").click()
    dialog.locator(".st-key-remove-now button").click()
    page.page.wait_for_selector("text=alles, was aus ihm stammt, ist entfernt", timeout=120_000)
    page.settle()
    assert page.counts() == before
    assert b"Quarzbert" not in _stored(tmp_path_factory)
    other.open(address)
    assert "gibt es hier nicht" in other.page.locator(".stMain").inner_text()
    assert other.counts()[1] == before[1]
    other.press("key:remove")  # any report can be looked up, also one without events
    assert other.page.get_by_role("dialog").get_by_text("Quarzbert").count() == 0


def _stored(tmp_path_factory) -> bytes:
    """What the stores of these tests hold, unpacked."""
    files = [path for path in tmp_path_factory.getbasetemp().glob("own*/store/**/*") if path.is_file()]
    tables = [repr(pq.read_table(path).to_pydict()).encode() for path in files if path.suffix == ".parquet"]
    return b"".join([path.read_bytes() for path in files] + tables)
