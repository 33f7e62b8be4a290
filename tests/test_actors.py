"""Who is named: states, forces, people in office, groups, and what short forms and pronouns take up."""

from __future__ import annotations

import csv
import time
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from pipeline import language
from pipeline.actors import actor_by_id, add_actors, group_actor, state_actor
from pipeline.actors.knowledge import load_bodies, load_states, load_terms
from pipeline.actors.words import find_head
from pipeline.imports.names import find_actor
from pipeline.places import add_places
from pipeline.records import Document
from pipeline.sentences import add_sentences


def mentions(text: str, published: date | None = date(2025, 6, 1)) -> list[tuple[str, str]]:
    document = add_actors(add_sentences(Document("d", text, "de", published=published)))
    spans = [mention.span for mention in document.actors]
    assert all(a.end <= b.start or a == b for a, b in pairwise(spans))  # one phrase may name several
    return [(text[m.span.start : m.span.end], m.actor.id) for m in document.actors if m.actor]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gestern rückten russische Truppen vor.", ("russische Truppen", "rus-mil")),
        ("Die Kiewer Armee meldete Verluste.", ("Kiewer Armee", "ukr-mil")),
        ("Das sagten US-Beamte.", ("US-Beamte", "usa")),
        ("Der ukrainische Präsident Selenskyj reiste.", ("ukrainische Präsident Selenskyj", "selenskyj-wolodymyr")),
        ("Trumps Gesandte verhandelten.", ("Trumps Gesandte", "usa")),
        ("Es waren europäische Verbündete.", ("europäische Verbündete", "officials")),
        ("Die Miliz M23 rückte vor.", ("Miliz M23", "cod-m23")),
        ("Das berichtet Projektleiterin Miriam Addo.", ("Projektleiterin Miriam Addo", "miriam-addo")),
        ("Der Internationale Strafgerichtshof ermittelt.", ("Internationale Strafgerichtshof", "icc")),
        ("Die Armee sagte, sie habe angegriffen.", ("sie", "mil")),
        ("Helfer warnten. Die Angreifer kamen. Sie zündeten Häuser an.", ("Sie", "uaf")),
        ("Die Armee schwieg, die Angreifer kamen. Sie meldete Verluste.", ("Sie", "mil")),
        ("General Ali Omar kam. Paris lobte den General.", ("General", "ali-omar")),
        ("Israel tötete den Chef der Hamas, Ahmed al-Schami.", ("Ahmed al-Schami", "ahmed-al-schami")),
        ("Haitis Regierung trat zurück.", ("Haitis Regierung", "hti")),
        ("Nach dem Hamas-Angriff flohen sie.", ("Hamas", "hamas")),
        ("Die Lakurawa-Miliz überfiel ein Dorf.", ("Lakurawa-Miliz", "nga-lakurawa")),
        ("Dort rückten prorussische Separatisten vor.", ("prorussische Separatisten", "rus-novorossiya")),
        ("Das Comando Vermelho drohte.", ("Comando Vermelho", "bra-cv")),
        ("Der Islamische Widerstand im Irak schoss.", ("Islamische Widerstand im Irak", "irq-islamic-resistance")),
        ("Das sagte Kim Yo Jong.", ("Kim Yo Jong", "kim-yo-jong")),
        ("Die Miliz Twirgane griff an.", ("Miliz Twirgane", "twirgane")),
        ("Die Miliz Twirgane griff an. Er kam von der Miliz Twirgane.", ("Miliz Twirgane", "twirgane")),
        ("Die Front Libre griff an.", ("Front Libre", "libre")),
        ("Gestern hat die Miliz Gefangene gemacht.", ("Miliz", "reb")),
        ("Außenminister Marco Rubio traf seinen russischen Kollegen.", ("russischen Kollegen", "lawrow-sergej")),
    ],
)  # fmt: skip
def test_who_is_named(text: str, expected: tuple[str, str]) -> None:
    assert expected in mentions(text)


@pytest.mark.parametrize(
    "text",
    [
        "Die Front in Russland ist ruhig.",
        "Das liegt in Moskau.",
        "Er reiste in die US-Stadt Miami.",
        "Die ukrainische Stadt brennt.",
    ],
)
def test_a_place_is_no_actor(text: str) -> None:
    assert not [actor for _, actor in mentions(text) if actor in ("rus", "usa", "ukr")]


@pytest.mark.parametrize(
    ("text", "phrase", "expected"),
    [
        ("Rom drohte. Kiew schwieg. Vertreter beider Seiten tagten.", "Vertreter beider Seiten", {"ita", "ukr"}),
        ("Niger, Mali und Burkina Faso tagten. Die drei Länder einigten sich.", "Länder", {"ner", "mli", "bfa"}),
        ("Niger, Mali und Burkina Faso tagten. Die drei Armeen üben.", "Armeen", {"ner-mil", "mli-mil", "bfa-mil"}),
        (
            "Polen und Ungarn stritten. Es regnet. Es schneit. Es hagelt. Rom griff Kiew an. Beide Seiten schweigen.",
            "Seiten",
            {"ita", "ukr"},
        ),
        ("Ägypten und Katar berieten. Ihre Gesandten reisten ab.", "Gesandten", {"egy", "qat"}),
        ("Russland und die Ukraine verhandeln. Sie einigten sich.", "Sie", {"rus", "ukr"}),
        ("Soldaten unter Führung Kenias kamen.", "Soldaten unter Führung Kenias", {"ken-mil"}),
        (
            "Die Präsidenten Kenias, Ugandas und der USA tagen.",
            "Präsidenten Kenias, Ugandas und der USA",
            {"ruto-william", "museveni-yoweri", "usa"},
        ),
        ("Vertreter Israels und der Hamas reisten ab.", "Vertreter Israels und der Hamas", {"isr", "hamas"}),
        ("Rebellen der Gruppe M23 rückten vor.", "Rebellen der Gruppe M23", {"cod-m23"}),
        ("Kämpfer unter Führung der HTS rückten ein.", "Kämpfer unter Führung der HTS", {"syr-hts"}),
        ("Rom griff Kiew an. Katar und Ägypten mahnten beide Seiten.", "Seiten", {"ita", "ukr"}),
        ("Kanada und Mexiko klagten. Trump drohte ihnen.", "ihnen", {"can", "mex"}),
        ("Kanada und Mexiko klagten. Zwei von ihnen gingen.", "ihnen", set()),
        ("Die Siedler kamen. Soldaten halfen ihnen.", "ihnen", set()),
        ("Er sprach mit seinen Kollegen in Baku und Kiew.", "Kollegen in Baku und Kiew", {"aze", "ukr"}),
    ],
)  # fmt: skip
def test_several_actors_in_one_phrase(text: str, phrase: str, expected: set[str]) -> None:
    assert {actor for words, actor in mentions(text) if words == phrase} == expected


@pytest.mark.parametrize(
    "text", ["Beide Länder schweigen.", "Drei Länder schweigen.", "Russland griff an. Die drei Länder schweigen."]
)
def test_a_number_of_parties_that_nobody_named_is_nobody(text: str) -> None:
    assert not [actor for words, actor in mentions(text) if words == "Länder"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vier Soldaten fielen in Mali.", "mil"),
        ("Soldaten stürmten in Niger den Palast.", "mil"),
        ("Ein Offizier starb in Mali.", "mil"),
        ("Die Soldaten fielen in Mali.", "mli-mil"),
        ("Vier Regierungssoldaten fielen in Mali.", "mli-mil"),
        ("Vier malische Soldaten fielen.", "mli-mil"),
        ("Malis Armee griff an. Vier Soldaten fielen in Mali.", "mli-mil"),
        ("Amerikanische Truppen zogen ab. Vier Soldaten fielen in Mali.", "mil"),
    ],
)
def test_soldiers_without_an_owner_are_nobodys(text: str, expected: str) -> None:
    document = add_actors(add_places(add_sentences(Document("d", text, "de", published=date(2025, 6, 1)))))
    assert document.actors[-1].actor is not None
    assert document.actors[-1].actor.id == expected


def test_two_persons_in_one_phrase() -> None:
    found = dict(mentions("Er traf den Sondergesandten des russischen Präsidenten Wladimir Putin, Kirill Dmitriev."))
    assert found["russischen Präsidenten Wladimir Putin"] == "putin-wladimir"
    assert found["Kirill Dmitriev"] == found["Sondergesandten"] == "dmitriev-kirill"


def test_every_noun_example_and_counter_example() -> None:
    for key, group in language.words("de", "actors")["groups"].items():
        for word in group["examples"]:
            head = find_head("de", word.rpartition("-")[2])
            assert head is not None, word
            assert head.key == key or word in ("Dschihadistenmiliz", "Binnenvertriebene", "Kinderhilfswerk"), (
                word,
                head,
            )
        for word in group["not"]:
            assert find_head("de", word) is None, word


# Groups of wars since 2011 as German reports name them.
GROUPS = [
    ("Kämpfer der JNIM überfielen Djibo in Burkina Faso.", "mli-jnim"),
    ("Die ISSP griff in Niger Soldaten an.", "isgs"),
    ("Die CODECO-Miliz tötete im Kongo Zivilisten.", "cod-codeco"),
    ("Mai-Mai-Rebellen und Nyatura-Milizen kämpften.", "cod-nyatura"),
    ("Lendu-Milizen griffen ein Dorf an.", "cod-lendu"),
    ("Die Wazalendo rückten vor.", "cod-wazalendo"),
    ("Die Bandenallianz Viv Ansanm brannte Häuser nieder.", "hti-viv-ansanm"),
    ("Die Bande G-Pep drohte.", "hti-gpep"),
    ("Die Arakan Army nahm die Stadt ein.", "mmr-arakan-army"),
    ("Die Kokang-Armee MNDAA eroberte die Stadt.", "mmr-mndaa"),
    ("Die Drei-Brüder-Allianz griff an.", "mmr-brotherhood"),
    ("Die Sultan-Murad-Division plünderte.", "syr-sultan-murad"),
    ("Die Syrische Nationale Armee rückte vor.", "syr-sna"),
    ("Ansar-Allah-Bewegung drohte Israel.", "yem-huthi"),
    ("Haschd al-Schaabi feuerte Raketen ab.", "irq-pmf"),
    ("Der Clan del Golfo erschoss Polizisten.", "col-clan-del-golfo"),
    ("Die Farc-Dissidenten legten eine Bombe.", "col-farc"),
    ("Das Jalisco-Kartell tötete Polizisten.", "mex-cjng"),
    ("Los Chapitos lieferten sich Gefechte.", "mex-chapitos"),
    ("Die Belutschische Befreiungsarmee bekannte sich.", "pak-bla"),
    ("Die Tehrik-i-Taliban Pakistan bekannte sich.", "pak-ttp"),
    ("Die Terrormiliz Boko Haram überfiel ein Dorf.", "nga-boko-haram"),
    ("Die Fano-Miliz nahm Lalibela ein.", "eth-fano"),
    ("Die Oromo-Befreiungsarmee verschleppte Studenten.", "eth-ola"),
    ("Die Terrormiliz Al-Shabaab sprengte ein Hotel.", "som-al-shabaab"),
    ("Die Libysche Nationalarmee rückte vor.", "lby-lna"),
    ("Das Sibirische Bataillon drang ein.", "rus-sibbat"),
    ("Die Al-Kuds-Brigaden feuerten Raketen ab.", "pse-pij"),
    ("Die Hügeljugend zündete Olivenbäume an.", "isr-hilltop"),
    ("Die Rebellengruppe 3R plünderte ein Dorf.", "caf-lra-3r"),
    ("Anglophone Separatisten entführten Lehrer.", "cmr-ambazonia"),
    ("Die Neue Volksarmee erschoss zwei Soldaten.", "phl-npa"),
    ("Abu Sayyaf entführte Fischer.", "phl-abu-sayyaf"),
    ("Maoistische Rebellen töteten Polizisten.", "ind-naxalites"),
    ("Die Gruppe Lashkar-e-Taiba bekannte sich.", "pak-let"),
    ("Die SSC-Khatumo verdrängte die Truppen.", "som-khatumo"),
    ("Das Comando Vermelho schoss.", "bra-cv"),
    ("Die FLN überfiel in Ruanda einen Bus.", "rwa-fln"),
]


@pytest.mark.parametrize(("text", "expected"), GROUPS)
def test_armed_groups_of_recent_wars(text: str, expected: str) -> None:
    document = add_actors(add_places(add_sentences(Document("d", text, "de", published=date(2025, 6, 1)))))
    assert expected in {mention.actor.id for mention in document.actors if mention.actor}


@pytest.mark.parametrize(
    "text",
    [
        "Die FLN kämpfte in Algerien gegen Frankreich.",
        "Das AA in Berlin schwieg.",
        "Die B40 bei Wiesbaden war gesperrt.",
        "Am Turkana-See regnete es.",
        "Er trug einen GPS-Sender und ein rotes Hemd.",
        "Die CAM-Software lief.",
        "Die Maoisten sind Geschichte, sagte Luba Schmidt.",
        "Die Fähre nach Sansibar lief aus.",
    ],
)
def test_other_words_are_no_armed_groups(text: str) -> None:
    known = {row["id"] for row in rows("groups")} - {"ind-naxalites"}
    document = add_actors(add_places(add_sentences(Document("d", text, "de", published=date(2025, 6, 1)))))
    assert not known & {mention.actor.id for mention in document.actors if mention.actor}


def rows(name: str) -> list[dict[str, str]]:
    lines = (language.DATA / "actors" / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))


def test_every_group_has_a_source_and_a_name_of_its_own() -> None:
    groups = rows("groups")
    names = [name.strip("?") for row in groups for name in (row["name"], *row["aliases"].split("|")) if name]
    assert len(groups) > 400
    assert all(row["source"] and row["name_en"] and row["gender"] in "fmnp" for row in groups)
    assert len(names) == len(set(names))


def test_the_groups_of_a_real_file_are_known(shared: Path) -> None:
    with (shared / "data" / "ucdpged_sample1000.csv").open(encoding="utf-8", newline="") as file:
        events = [row for row in csv.DictReader(file) if float(row["year"]) >= 2011]
    sides = {name.strip() for row in events for side in (row["side_a"], row["side_b"]) for name in side.split(",")}
    groups = {name for name in sides if name != "Civilians" and not name.startswith("Government of")}
    assert len(groups) > 100
    assert [name for name in sorted(groups) if actor_by_id(find_actor(name).id) is None] == []


def test_ids_are_unique_and_found_again() -> None:
    ids = [body.actor.id for body in load_bodies()] + list(load_terms())
    assert len(ids) == len(set(ids))
    assert all(actor_by_id(i) is not None for i in ids[:40])
    assert actor_by_id("rus") == state_actor("RUS")
    assert actor_by_id("sdn-civ") == group_actor("civ", "SDN")
    assert actor_by_id("niemand") is None


def test_names_of_states_are_those_of_cldr() -> None:
    babel = pytest.importorskip("babel")
    known = set(babel.Locale("de").territories.values())
    states = load_states().values()
    assert sum(not ({s.name, *s.aliases} & known) for s in states) <= 3


@pytest.mark.parametrize(
    "word", ["Armee ", "russische ", "Putin ", "er ", "UN-", "Sprecher der ", "dass sie kommen, ist klar, "]
)
def test_time_is_linear(word: str) -> None:
    document = add_sentences(Document("d", word * (40_000 // len(word)), "de"))
    start = time.process_time()
    add_actors(document)
    assert time.process_time() - start < 2
