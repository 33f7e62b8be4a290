"""Hostile words in every figure, every part of the page that is HTML, and every export. In a browser: tests/e2e."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, date, datetime
from html import escape
from html.parser import HTMLParser

import openpyxl
import pandas as pd
import pytest
from hostile import HOSTILE

from pipeline import export, imports, ingest, pictures, process
from pipeline.errors import InputError
from pipeline.records import Actor, Document, Event, Participation, Place, Reason, Span, When
from pipeline.store import Store
from pipeline.views import Palette, draw_map, draw_still_map, draw_timeline, html, mark_sentence, statistics
from pipeline.views.address import Address, read_address, write_address
from pipeline.views.card import reasons_of
from pipeline.views.limits import say_filters
from pipeline.views.sheet import draw_sheet
from pipeline.views.spots import find_spots
from pipeline.views.tally import tally_events
from pipeline.wording import tell

LIGHT = Palette.of(dark=False)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
PLAIN = {"b", "i", "p", "br", "h2", "h3", "dl", "dt", "dd", "ul", "li", "small", "mark", "blockquote", "span", "div"}
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
MARKUP = re.compile(r"<(?!/?(?:b|i|br|span[^<>]*)>)")  # what Plotly might read as an element, except ours


def make_documents(words=HOSTILE):
    """A report for each word, which is its title, source, address, text and the names in it."""
    for number, word in enumerate(words):
        sentence = f"Am Montag griff {word} an."
        place = Place(f"evil:{number}", word, "UKR", word, 45 + number / 20, 30 + number / 20, "city", 25.0)
        actors = (Participation(Actor(f"evil-{number}", word, None, None), "actor"),
                  Participation(Actor(f"evil-{number}-b", word + "!", None, None), "target"))  # fmt: skip
        days = When(date(2025, 1, 1 + number % 28), date(2025, 1, 2 + number % 28), "day")
        reason = Reason("events.trigger_verb", (("word", word), ("rule", word)))
        event = Event(
            f"evil-{number}", f"evil-{number}", "ASSAULT", None, None, Span(0, len(sentence)), Span(10, 15), days,
            "explicit", False, None, (place,), actors, "claimed", f"evil-{number}", None, None, 0.5, (reason,),
        )  # fmt: skip
        yield Document(
            f"evil-{number}", sentence, "de", date(2025, 1, 5), "given", word, f"{word}", word, events=(event,)
        )


def make_article():
    """A report that begins with one of them and holds all of them."""
    told = (
        f"Bei einem Angriff in {('Goma', 'Aleppo', 'Gao')[number % 3]} wurden am {number % 28 + 1}. "
        f"{('März', 'April', 'Mai')[number % 3]} 2024 {number + 2} Menschen getötet: {word[:300]}."
        for number, word in enumerate(HOSTILE)
    )
    return "\n\n".join((HOSTILE[0], *told))


def correct_with_all(store, at_once=5):
    """All of them as who says it, why, and an actor that is typed in; the history of one event."""
    before = None
    for start in range(0, len(HOSTILE), at_once):
        words = [word[:300].strip("\0") for word in HOSTILE[start : start + at_once]]
        actors = [({"name": word[:200]}, "actor") for word in words if word.split()]
        who, why = " ".join(word[:38] for word in words), " ".join(words)
        before = store.correct("evil-0", {"actors": actors}, who=who, why=why, now=NOW, after=before).id
    return len(store.history("evil-0"))


def fill_from_reports(store):
    store.add(make_documents(), now=NOW)
    correct_with_all(store)


def fill_from_an_article(store):
    store.add([process(ingest.from_text(make_article(), ingest.Known()))], now=NOW)


def fill_from_uploads(store, at_once=16):
    """Pages whose titles, authors and places of printing are some of them; their names are others."""
    for start in range(0, len(HOSTILE), at_once):
        words = " ".join(word[:200] for word in HOSTILE[start : start + at_once])
        said = escape(words.replace("\0", ""))
        page = (
            f'<html><head><title>{said}</title><meta name="author" content="{said}">'
            f'<meta property="og:site_name" content="{said}"><meta property="article:published_time" '
            f'content="2024-03-04"></head><body><article><p>Rebellen griffen am Sonntag {said} und Goma an.</p>'
            f"<p>Dabei wurden nach Angaben der Behörden {start + 2} Menschen getötet.</p></article></body></html>"
        )
        found = ingest.read_upload(f"{words}.html", page.encode(), ingest.Known())
        store.add((process(one) for one in found if isinstance(one, Document)), now=NOW)


def fill_from_corrections(store):
    """Each of them is an actor whom somebody names, and what they say about it."""
    store.add(make_documents(words=["Goma"] * len(HOSTILE)), now=NOW)
    names = [word.replace("\0", "")[:200] for word in HOSTILE]
    changes = {f"evil-{n}": {"actors": [({"name": name}, "target")]} for n, name in enumerate(names) if name.split()}
    words = " ".join(word[:12] for word in HOSTILE)
    store.correct_all(changes, dict.fromkeys(changes), who=words[:200], why=words[:2000], now=NOW)


def fill_from_a_table(store):
    head = (
        "id,type_of_violence,side_a,side_b,where_prec,where_coordinates,adm_1,latitude,longitude,country,date_prec,"
        "date_start,date_end,best,high,low,dyad_name,source_article,source_office,conflict_name"
    )
    lines = io.StringIO()
    writer = csv.writer(lines)
    for n, word in enumerate(HOSTILE):
        words = word.replace("\0", "")
        writer.writerow([n, 1, words, words, 1, words, words, 36.2, 37.1, "Syria", 1, "2013-01-05", "2013-01-05", 2, 3,
                         2, words, words, words, words])  # fmt: skip
    found = list(imports.read_lines(io.StringIO(f"{head}\n{lines.getvalue()}", newline=""), HOSTILE[0]))
    for problem in (problem for one in found for problem in one.problems):
        assert_plain(html.message("error", tell(problem.reason, "de")))
    store.add(found, now=NOW)


# How words come in, and of how many events at least.
WAYS = {fill_from_reports: 128, fill_from_an_article: 20, fill_from_uploads: 5, fill_from_corrections: 120,
        fill_from_a_table: 100}  # fmt: skip


@pytest.fixture(scope="module", params=WAYS, ids=lambda way: way.__name__)
def store(request, tmp_path_factory):
    """What any view or export shows comes from here: every test below looks at each way in."""
    filled = Store(tmp_path_factory.mktemp("hostile") / "store")
    request.param(filled)
    assert filled.count() >= WAYS[request.param]
    return filled


@pytest.fixture(scope="module")
def reported(tmp_path_factory):
    filled = Store(tmp_path_factory.mktemp("reported") / "store")
    fill_from_reports(filled)
    return filled


@pytest.fixture(scope="module")
def frame(store):
    return store.events()


class Tags(HTMLParser):
    def __init__(self, words: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(words)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.add(tag)
        self.attributes |= {name for name, _ in attrs}


def assert_plain(words: str, *also: str) -> None:
    tags = Tags(words)
    assert tags.found <= {*PLAIN, *also}
    assert tags.attributes <= {"class", "title", "style", "role", *also}


def test_there_are_at_least_a_hundred():
    assert len(set(HOSTILE)) >= 100


def test_what_is_html_of_ours_holds_no_other_element(store, frame):
    for row in frame.to_dict("records"):
        report = store.document(row["document_id"])
        assert_plain(html.head(row, "de"))
        assert_plain(html.sentence(mark_sentence(row, report), "de"))
        for reasons in reasons_of(row, "de").values():
            assert_plain(html.why("why_event", reasons, [str(row["title"])], "de"))
        assert_plain(html.sources(store.reports(row["sources"]).to_dict("records"), "de"))
        assert_plain(html.glance(row, reasons_of(row, "de"), "de"), "details", "summary", "open")
    for entry in (said for event in frame["id"][:20] for said in store.history(event)):
        assert_plain(html.correction(entry, "de"))


def test_words_of_messages_are_only_words():
    for word in HOSTILE:
        for part in (html.message("error", word), html.found(word, word, word), html.quote(word), html.note(word)):
            assert_plain(part)


def test_the_name_of_an_upload_is_only_words():
    for word in HOSTILE:
        for name, raw in ((f"{word}.txt", b""), (f"{word}.pdf", b"no PDF"), (f"{word}.exe", b"MZ")):
            if name.endswith(".pdf") and HOSTILE.index(word) % 20:
                continue  # each is read in a process of its own
            for error in ingest.read_upload(name, raw, ingest.Known()):
                assert_plain(html.message("error", tell(error.reason, "de")))


def test_an_address_to_be_read_is_only_words(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise OSError

    monkeypatch.setattr("socket.getaddrinfo", refuse)
    monkeypatch.setattr("socket.socket.connect", refuse)
    for word in HOSTILE:
        for error in ingest.read_address(word, ingest.Known()):
            assert isinstance(error, InputError)
            assert_plain(html.message("error", tell(error.reason, "de")))


def test_no_figure_holds_an_element(frame):
    spots = find_spots(frame)
    figures = [draw_map(spots, language="de", palette=LIGHT).figure]
    figures.append(draw_still_map(spots, language="de", palette=LIGHT).figure)
    for by in ("actor", "place", "type"):
        for rows in (5, 400):
            figures.append(draw_timeline(frame, by=by, language="de", palette=LIGHT, most_rows=rows).figure)  # noqa: PERF401
    tally = tally_events(frame, "actor", "de")
    days = (
        statistics.Period(date(2025, 1, 1), date(2025, 1, 14)),
        statistics.Period(date(2025, 1, 15), date(2025, 1, 28)),
    )
    figures += [
        statistics.count_events(tally, "actor", "de", LIGHT).figure, statistics.count_pairs(frame, "de", LIGHT).figure,
        statistics.compare(tally, tally, *days, "de", LIGHT).figure,
    ]  # fmt: skip
    for figure in figures:
        words = [word for word in strings(json.loads(figure.to_json())) if "%{" not in word]
        assert [word for word in words if MARKUP.search(word)] == []
        assert [word for word in words if CONTROL.search(word)] == []  # no drawing could be made of them


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def test_a_page_to_take_away_holds_no_element_of_theirs(frame):
    sheet = draw_sheet(
        find_spots(frame), lambda rows: draw_timeline(frame, by="actor", language="de", palette=LIGHT, most_rows=rows),
        language="de", palette=LIGHT, size=(1000, 600),
    ).figure  # fmt: skip
    page = pictures.picture(
        sheet, "html", title=" ".join(HOSTILE), note=" ".join(HOSTILE), subtitle=HOSTILE[3]
    ).decode()
    body = page[page.rindex("Plotly.newPlot") :]
    assert "<script>window" not in body
    assert "<img" not in body
    assert page.count("</script") == body.count("</script") + 2  # Plotly itself, and its settings
    assert f"<title>{HOSTILE[0]}" not in page


@pytest.mark.parametrize("hxl", [False, True])
def test_no_cell_of_a_table_is_a_formula(frame, hxl):
    assert_no_formula(frame, hxl)


def assert_no_formula(frame, hxl):
    about = export.About(NOW.date(), " ".join(HOSTILE))  # what a filter says
    tables = {kind: export.table(frame, kind, hxl=hxl, about=about) for kind in export.KINDS}
    for row in csv.reader(io.StringIO(tables["csv"].decode("utf-8"))):
        for cell in row[1:]:
            begins = cell.lstrip()[:1]  # programs pass over spaces, tabs and line ends before a formula
            assert begins not in ("=", "+", "-", "@", "＝") or cell.lstrip("+-").replace(".", "").isdigit()
    book = openpyxl.load_workbook(io.BytesIO(tables["xlsx"]))
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert len(json.loads(tables["geojson"])["features"]) == len(frame)
    assert len(pd.read_parquet(io.BytesIO(tables["parquet"]))) == len(frame)


def test_an_address_can_hold_anything():
    for word in HOSTILE:
        names = ("q", "actor", "place", "type", "first", "sure", "killed", "pick", "event", "lanes", "lang", word)
        address, _ = read_address({name: [word] for name in names}, {"lang": ["de"], "actor": [], "place": []})
        assert address.lang == "de"
        assert address.q == word
        restored, _ = read_address(write_address(address), {"lang": ["de"]})
        assert restored == address
        said = say_filters(address, {}, "de")
        assert_plain(html.note(said))


def test_a_filter_asks_for_words_only(reported):
    total = reported.count()
    for word in HOSTILE:
        found = reported.events(Address(q=word, modality=()).filter())
        assert len(found) <= total
        if word.strip() and "\x00" not in word and len(word) < 300:
            assert f"evil-{HOSTILE.index(word)}" in set(found["id"])
