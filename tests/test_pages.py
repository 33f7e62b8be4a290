"""Pages as outlets make them: what each says of itself, which words are its own, and how its entries are dated."""

from __future__ import annotations

import json
from datetime import date

import pytest

from pipeline import ingest, process
from pipeline.formats.charset import decode_page
from pipeline.ingest import Known
from pipeline.records import Document

FIRST = (
    "Bei einem Angriff auf die Stadt Goma im Osten des Kongo sind am Samstag mindestens zwölf Menschen getötet worden. "
    "Das teilte die Armee mit, die Rebellen dafür verantwortlich machte."
)
SECOND = (
    "Die Regierung in Kinshasa forderte am Sonntag den Rückzug der Rebellen. Ruanda wies jede Beteiligung zurück, ein "
    "Sprecher nannte die Vorwürfe haltlos."
)
OTHER = (
    "Russische Truppen haben am Dienstag Pokrowsk erobert, wie das Ministerium in Moskau mitteilte. Zwanzig Soldaten "
    "starben demnach bei den Kämpfen in der Stadt."
)
STORY = f"<p>{FIRST}</p><p>{SECOND}</p>"
TITLE = "Zwölf Tote in Goma"
DAY = date(2025, 1, 26)


def page(body: str, *, head: str = "", title: str = TITLE, linked: object = None) -> bytes:
    script = f'<script type="application/ld+json">{json.dumps(linked)}</script>' if linked else ""
    return f"<html lang='de'><head><title>{title}</title>{head}{script}</head><body>{body}</body></html>".encode()


def article(above: str = "", below: str = "") -> str:
    return f"<main><article><h1>{TITLE}</h1>{above}{STORY}{below}</article></main>"


def read(raw: bytes) -> Document:
    (found,) = ingest.read_upload("a.html", raw, Known())
    assert isinstance(found, Document)
    return found


# --- the day ---------------------------------------------------------------------------------------------------------

BOTH = (
    '<time class="entry-date published" datetime="2025-01-26T10:00:00+01:00">26. Januar 2025</time>'
    '<time class="updated" datetime="2025-01-30T10:00:00+01:00">30. Januar 2025</time>'
)
GRAPH = {
    "@graph": [
        {"@type": "WebSite", "datePublished": "2010-01-01"},
        {"@type": "WebPage", "datePublished": "2011-01-01"},
        {"@type": ["NewsArticle"], "datePublished": "2025-01-26T09:00:00Z", "dateModified": "2025-02-01T09:00:00Z"},
    ]
}


@pytest.mark.parametrize(
    ("raw", "source"),
    [
        (page(article(), linked=GRAPH), "metadata"),
        (page(article(), head='<meta name="publishedDate" content="2025-01-26T10:00:00">'), "metadata"),
        (page(article(), head='<meta property="article:modified_time" content="2025-02-01">'
              '<meta property="article:published_time" content="2025-01-26T10:00:00+01:00">'), "metadata"),
        (page(article(BOTH)), "metadata"),
        (page(article(BOTH.replace(' class="entry-date published"', "").replace(' class="updated"', ""))), "metadata"),
        (page(article("<div>Aktualisiert: 30.01.2025, 12:00 Uhr<br>Veröffentlicht: 26.01.2025, 23:50 Uhr</div>")),
         "metadata"),
        (page(article("<p>Erstellt am 26. Januar 2025</p>")), "metadata"),
        (page(article("<p>26.01.2025, 10:00 | aktualisiert 28.01.2025, 12:00</p>")), "metadata"),
        (page(article('<p class="teaser">Aus Goma, 26.1.2025 14:30</p>')), "inferred"),
        (page(f"<div><h1>{TITLE}</h1><div>Goma, 26. Januar 2025</div>{STORY}</div>"), "inferred"),
        (page(article('<div class="info">Afrika | Eva Ott | 26.01.2025</div>')), "inferred"),
        (page(article() + f'<article><h2>Anderes</h2><time datetime="2025-01-20">20.01.</time><p>{OTHER}</p></article>',
              head='<link rel="canonical" href="https://b.example/2025/01/26/goma">'), "inferred"),
        (page(article('<time datetime="2025-01-26T10:00">26.01.</time>')
              + f'<article><h2>Anderes</h2><time datetime="2025-01-20">20.01.</time><p>{OTHER}</p></article>'),
         "metadata"),
    ],
)  # fmt: skip
def test_the_day_of_a_page_is_that_of_its_publication(raw, source):
    document = read(raw)
    assert (document.published, document.published_source) == (DAY, source)


def test_a_day_above_an_article_that_is_one_of_its_caption_or_of_none():
    assert read(page(article("<p>Soldaten in Goma</p>"))).published is None


# --- who wrote it, where ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "author"),
    [
        (page(article("<div class='author'>Von Eva Ott und Jörg von Tal, La Paz</div>")), "Eva Ott; Jörg von Tal"),
        (page(article("<p class='author'>Von Eva Ott, Kiew</p>")), "Eva Ott"),
        (page(article(), head="<meta name='author' content='Redaktion'>"), None),
        (page(article(), linked={"@type": "NewsArticle", "author": {"name": "Von Petra Pult"}}), "Petra Pult"),
        (page(article(), linked={"@type": "NewsArticle", "author": {"name": "dpa"}}), "dpa"),
        (page(article(), head="<meta property='og:site_name' content='Blatt'>", linked={
            "@type": "NewsArticle", "author": [{"name": "Blatt"}, {"name": "Blatt Redaktion"}, {"name": "Eva Ott"}]}),
         "Eva Ott"),
    ],
)  # fmt: skip
def test_authors_are_persons_without_what_stands_around_their_names(raw, author):
    assert read(raw).author == author


@pytest.mark.parametrize(
    ("raw", "outlet"),
    [
        (page(article(), title=f"{TITLE} – Konfliktblog"), "Konfliktblog"),
        (page(article(), title=f"Außenamt - Presse - {TITLE}"), "Außenamt"),
        (page(article(), linked={"@type": "NewsArticle", "headline": f"{TITLE} | Blatt",
                                 "publisher": {"name": "Blatt"}}), "Blatt"),
        (page(article()), None),
    ],
)  # fmt: skip
def test_the_title_is_the_headline_and_the_outlet_is_not_part_of_it(raw, outlet):
    document = read(raw)
    assert (document.title, document.source) == (TITLE, outlet)


def test_what_reads_as_utf_8_is_utf_8_whatever_the_page_says():
    raw = "<meta charset='iso-8859-1'>Präsident".encode()
    assert decode_page(raw, "iso-8859-1", "a").endswith("Präsident")
    assert decode_page(raw.decode().encode("cp1252"), None, "a").endswith("Präsident")


# --- whose words -----------------------------------------------------------------------------------------------------

CARD = (
    "<article><h3><a href='/p'>Pokrowsk gefallen</a></h3><time datetime='2025-01-21'>21.01.</time>"
    f"<p>{OTHER}</p></article>"
)


@pytest.mark.parametrize(
    "raw",
    [
        page(f"<div>{CARD}</div>{article()}"),
        page(article(below=f"<section><h2>Mehr aus dem Ressort</h2>{CARD}{CARD}</section>")),
        page(article() + CARD),
    ],
)
def test_pointers_to_other_articles_are_not_read(raw):
    document = process(read(raw))
    assert "Pokrowsk" not in document.text
    assert [place.name for event in document.events for place in event.places]


def test_words_that_stand_twice_are_read_once():
    day = (
        "<div><span class='sr'>Veröffentlicht am 26. Januar 2025</span><span aria-hidden='true'>26. Januar 2025</span>"
    )
    assert "Veröffentlicht am 26. Januar 2025\n" in read(page(article(f"{day}</div>"))).text


def test_letters_that_are_set_as_one_and_places_to_break_a_word():
    document = process(read(page(f"<h1>{TITLE}</h1><p>Am Samstag griﬀ Russ&shy;land Odes&shy;sa an.</p>{STORY}")))
    assert "griff Russland Odessa an" in document.text


# --- live blogs ------------------------------------------------------------------------------------------------------

ENTRIES = [
    ("2025-12-20T21:51:00Z", "22:51 Uhr", "In Kiew sind am Abend mehrere Explosionen zu hören gewesen."),
    ("2025-12-20T08:05:00+01:00", "08:05 Uhr", "Russland hat in Odessa ein Wohnhaus beschossen."),
    ("2025-12-19T21:05:00+01:00", "21:05 Uhr", "In Cherson sind am Abend drei Menschen getötet worden."),
]  # fmt: skip
STARTED = {"@type": "LiveBlogPosting", "headline": "Liveblog", "datePublished": "2025-12-19T06:00:00+01:00"}


def live(form: str) -> bytes:
    shown = "".join(form.format(stamp=stamp, clock=clock, words=f"{words} {SECOND}") for stamp, clock, words in ENTRIES)
    return page(f"<main><article><h1>Liveblog</h1><p>{SECOND}</p>{shown}</article></main>", linked=STARTED)


@pytest.mark.parametrize(
    "form",
    [
        "<div class='entry'><time datetime='{stamp}'>{clock}</time><h2>Neu</h2><p>{words}</p></div>",
        "<section><header><h3>Neu</h3><time datetime='{stamp}'>{clock}</time></header><p>{words}</p></section>",
        "<article><div><a href='#1'><time datetime='{stamp}'>{clock}</time></a></div><p>{words}</p></article>",
        "<h3><time datetime='{stamp}'>{clock}</time></h3><p>{words}</p>",
    ],
)  # fmt: skip
def test_each_entry_of_a_live_blog_has_its_day(form):
    document = process(read(live(form)))
    assert "20.12.2025, 22:51" in document.text
    assert (document.published, document.published_source) == (date(2025, 12, 20), "metadata")
    days = {
        place.name: event.when.start for event in document.events for place in event.places if event.when is not None
    }
    assert (
        days.items()
        >= {"Kiew": date(2025, 12, 20), "Odessa": date(2025, 12, 20), "Cherson": date(2025, 12, 19)}.items()
    )


def test_entries_that_only_the_linked_data_holds():
    updates = [
        {"headline": "Neu", "datePublished": stamp, "articleBody": f"<p>{words}</p>"} for stamp, _, words in ENTRIES
    ]
    document = read(page(f"<h1>Liveblog</h1>{STORY}", linked=STARTED | {"liveBlogUpdate": updates}))
    assert document.text.endswith(f"19.12.2025, 21:05\nNeu\n{ENTRIES[2][2]}")
    assert document.published == date(2025, 12, 20)


def test_comments_are_no_entries():
    comments = "".join(
        f"<div class='leser'><time datetime='2025-01-{day}T08:00:00+01:00'>heute</time><p>{OTHER}</p></div>"
        for day in (27, 28)
    )
    raw = page(
        f"{article()}<div>{comments}</div>", head='<meta property="article:published_time" content="2025-01-26T10:00">'
    )
    assert read(raw).published == DAY
