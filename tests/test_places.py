"""Places in running German: which words name one, what they do in the sentence, and which place is meant."""

from __future__ import annotations

import re
import time
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from pipeline import language, process
from pipeline.places import add_places
from pipeline.places.words import kind_of, load_words
from pipeline.records import Document, PlaceMention
from pipeline.sentences import add_sentences

PACK: dict[str, Any] = language.words("de", "places")
CASES = [(name, kind, sentence) for name, kinds in PACK["cases"].items() for kind in kinds for sentence in kinds[kind]]
TAG = re.compile(r"<(location|actor|context)>(.*?)</\1>")


def read(text: str) -> tuple[PlaceMention, ...]:
    document = add_places(add_sentences(Document("d", text, "de")))
    assert all(a.span.end <= b.span.start for a, b in pairwise(document.places))
    return document.places


def places(text: str) -> dict[str, tuple[str, str | None, str]]:
    """Name, country and precision by the words of the text; the last of equal words."""
    return {
        text[m.span.start : m.span.end]: (m.place.name, m.place.country, m.place.precision)
        for m in read(text)
        if m.place is not None
    }


def roles(text: str) -> list[tuple[str, str]]:
    return [(m.role, text[m.span.start : m.span.end]) for m in read(text)]


@pytest.mark.parametrize(("name", "kind", "sentence"), CASES, ids=lambda value: str(value)[:50])
def test_examples_and_counter_examples_of_the_lists(name: str, kind: str, sentence: str) -> None:
    plain = TAG.sub(r"\2", sentence)
    assert roles(plain) == TAG.findall(sentence), (name, kind)


def test_every_list_has_examples() -> None:
    lists = {name for name, entries in PACK.items() if isinstance(entries, list)} | {"type_words"}
    assert lists == set(PACK["cases"])
    assert all(set(kinds) == {"examples", "not"} for kinds in PACK["cases"].values())


@pytest.mark.parametrize(
    ("word", "kind"),
    [("Hafenstadt", "city"), ("Gebiet", "adm1"), ("Bergdorf", "village"), ("Flüchtlingslager", "site"),
     ("Halbinsel", "region"), ("Fluss", "river"), ("Meer", "sea"), ("Regierung", None), ("Stadtrat", None),
     ("Stichwort", None), ("Sport", None), ("Badeort", "city")],
)  # fmt: skip
def test_what_a_type_word_announces(word: str, kind: str | None) -> None:
    assert kind_of(word, "de") == kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In Kiew fiel der Strom aus.", ("Kiew", ("Kiew", "UKR", "city"))),
        ("Im Bundesstaat Rotes Meer brach Cholera aus.", ("Bundesstaat Rotes Meer", ("Rotes Meer", "SDN", "adm1"))),
        ("Im Gouvernement Rotes Meer sank ein Boot.", ("Gouvernement Rotes Meer", ("Rotes Meer", "EGY", "adm1"))),
        ("In Niger und Kaduna überfielen nigerianische Banditen Dörfer.", ("Niger", ("Niger", "NGA", "adm1"))),
        ("In Niger und Mali regieren Militärs.", ("Niger", ("Niger", "NER", "country"))),
        ("In Xinjiang entstehen Lager.", ("Xinjiang", ("Xinjiang", "CHN", "adm1"))),
        ("In der Inneren Mongolei bebte die Erde.", ("Inneren Mongolei", ("Innere Mongolei", "CHN", "adm1"))),
        ("In Kyjiw fiel der Strom aus.", ("Kyjiw", ("Kiew", "UKR", "city"))),
        ("In Königsberg tagte der Rat.", ("Königsberg", ("Kaliningrad", "RUS", "city"))),
        ("Kämpfe um Artjomowsk halten an.", ("Artjomowsk", ("Bachmut", "UKR", "city"))),
        ("Rund um Tschassiw Jar wird gekämpft.", ("Tschassiw Jar", ("Tschassiw Jar", "UKR", "city"))),
        ("In Chan Junis fehlen Zelte.", ("Chan Junis", ("Chan Junis", "PSE", "city"))),
        ("Vor Odessas Küste sank ein Schiff.", ("Odessas", ("Odessa", "UKR", "city"))),
        ("In der VAE-Hauptstadt Abu Dhabi wird verhandelt.", ("Abu Dhabi", ("Abu Dhabi", "ARE", "city"))),
        ("In der DR Kongo wird gekämpft.", ("DR Kongo", ("DR Kongo", "COD", "country"))),
        ("Die Kursk-Offensive stockt.", ("Kursk", ("Kursk", "RUS", "city"))),
        ("In der Odessa-Region fiel der Strom aus.", ("Odessa-Region", ("Oblast Odessa", "UKR", "adm1"))),
        ("Im Charkiwer Gebiet fiel der Strom aus.", ("Charkiwer Gebiet", ("Oblast Charkiw", "UKR", "adm1"))),
    ],
)
def test_names_in_all_their_forms(text: str, expected: tuple[str, tuple[str, str, str]]) -> None:
    assert places(text)[expected[0]] == expected[1]


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("In Odessa wurde ein Hafen getroffen.", "city"),
        ("In der Oblast Odessa wurde ein Hafen getroffen.", "adm1"),
        ("In der Region Odessa wurde ein Hafen getroffen.", "adm1"),
        ("In der Stadt Dnipro brannte es.", "city"),
        ("In Dnipro brannte es.", "city"),
        ("Truppen stehen am Dnipro.", "river"),
        ("Truppen überquerten den Dnipro.", "river"),
        ("Im Niger regiert das Militär.", "country"),
        ("Ein Boot sank auf dem Niger.", "river"),
    ],
)
def test_city_region_and_river_of_one_name(text: str, precision: str) -> None:
    ((_, _, found),) = places(text).values()
    assert found == precision


def test_the_countries_of_the_report_decide() -> None:
    assert places("Spaniens Polizei war in Palma im Einsatz.")["Palma"][1] == "ESP"
    assert places("Die mosambikanische Armee rückte in Palma ein.")["Palma"][1] == "MOZ"
    assert places("Die britische Polizei war in Birmingham im Einsatz.")["Birmingham"][1] == "GBR"


def test_a_region_named_with_the_town_decides() -> None:
    text = "Die Schule in Perwomajsk in der Oblast Luhansk ist zu."
    assert places(text)["Perwomajsk"][1] == "UKR"


def test_what_was_announced_once_stays_known() -> None:
    text = "In Sake und Goma wird gekämpft. Wer Sake hält, hält die Straße."
    assert [words for _, words in roles(text)] == ["Sake", "Goma", "Sake"]


@pytest.mark.parametrize(
    "text",
    ["Der Grund ist der Berg am Ende.", "Die Regierung hat die Kraft.", "Petra Pau sprach, Pau antwortete.",
     "Das Treffen der ASEM war kurz.", "Die Washington Post berichtet.", "Tag und Nacht war Ruhe.",
     "Ahmad Hassan und Ali Osman starben.", "Er wurde schwer verletzt.", "Rechte und Linke stritten.",
     "Der Roman von A. L. Kennedy ist gut.", "David A. Paterson ging, Paterson schwieg.",
     "Er starb nach kurzem Leiden.", "Die Republik ist Sache aller.",
     "Am Essen lag es nicht.", "Der Zar schwieg.", "Beide Staaten schwiegen."],
)  # fmt: skip
def test_words_that_are_no_places_here(text: str) -> None:
    assert not read(text)


def test_a_mention_tells_why_and_what_else_it_could_be() -> None:
    (mention,) = read("In der Oblast Odessa fiel der Strom aus.")
    assert mention.reason.key == "places.by-name"
    (mention,) = read("In Odessa fiel der Strom aus.")
    assert {place.country for place in mention.candidates} >= {"USA"}
    assert 0 < mention.score <= 1


def test_unknown_names_stay_unknown() -> None:
    assert not read("Im Dorf Qwrtzpfhausen fiel der Strom aus.")


@pytest.mark.parametrize("word", ["Odessa ", "Nord- ", "Straße von ", "in der ", "Deir al-", "Kiew/", "New York "])
def test_time_is_linear(word: str) -> None:
    document = add_sentences(Document("d", word * (40_000 // len(word)), "de"))
    start = time.process_time()
    add_places(document)
    assert time.process_time() - start < 3


def test_words_of_the_pack_are_lower_case_where_they_are_compared_so() -> None:
    words = load_words("de")
    capital = {"institutions", "clubs", "first_names", "common_areas", "political_areas"}
    for name, entries in words.sets.items():
        if name not in capital:
            assert all(entry == entry.lower() for entry in entries), name


ROWS = [
    [cell.strip() for cell in line.strip("| \n").split("|")]
    for line in (language.DATA.parent / "docs" / "places.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and line.count("|") == 7
][2:]


def test_the_page_shows_ten_examples() -> None:
    assert len(ROWS) == 10


@pytest.mark.parametrize(("sentence", "words", "name", "country", "precision", "role"), ROWS)
def test_examples_of_the_page(sentence: str, words: str, name: str, country: str, precision: str, role: str) -> None:
    assert places(sentence)[words] == (name, None if country == "–" else country, precision)
    assert (role, words) in roles(sentence)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Der Angriff traf einen Markt in El Fascher.", ["El Fascher"]),
        ("Gekämpft wurde in al-Obeid und Al-Hassake.", ["El Obeid", "Hasaka"]),
        ("Ed Sheeran sang, Al Gore sprach, al-Assad und al-Baghdadi schwiegen.", []),
    ],
)
def test_a_name_with_an_arabic_article_is_known_in_spellings_no_list_has(text, names):
    document = process(Document("x", text, "de", date(2025, 11, 4), "given"))
    assert [mention.place.name for mention in document.places if mention.place] == names


@pytest.mark.parametrize("name", ["Omar Samsam", "Ahmed Samsam", "Karim Goma"])
def test_a_surname_behind_a_first_name_is_no_place(name: str) -> None:
    text = f"Der Minister {name} reiste am Sonntag nach Kairo."
    found = process(Document("x", text, "de", date(2025, 12, 20), "given")).places
    assert [mention.place.name for mention in found if mention.place] == ["Kairo"]
