"""Sentences, words and clauses: where they begin, how their verbs speak, what hangs on what."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from pipeline.records import Clause, Document, Sentence
from pipeline.sentences import add_sentences, find_sentence_at, split_sentences
from pipeline.sentences.verbs import find_readings


def read(text: str) -> Sentence:
    (sentence,) = split_sentences(text, "de")
    return sentence


def words(sentence: Sentence, clause: Clause) -> str:
    """The clause's own words: those of no clause inside it."""
    inner = [c for c in sentence.clauses if c is not clause and clause.span.start <= c.span.start < clause.span.end]
    return " ".join(
        token.text
        for token in sentence.tokens
        if clause.span.start <= token.start < clause.span.end
        and not any(c.span.start <= token.start < c.span.end for c in inner)
    )


def clauses(text: str) -> list[str]:
    """Each clause as "kind<parent: words", without the end mark."""
    sentence = read(text)
    return [
        f"{c.kind}{'' if c.parent is None else f'<{c.parent}'}: {words(sentence, c).strip(' .,')}"
        for c in sentence.clauses
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rebellen griffen die Stadt an.", ["main: Rebellen griffen die Stadt an"]),
        ("Sie kamen und zerstörten zwei Brücken.", ["main: Sie kamen", "main: und zerstörten zwei Brücken"]),
        ("Er sagte, dass Truppen kämen.", ["main: Er sagte", "subordinate<0: dass Truppen kämen"]),
        ("Als Schüsse fielen, flohen viele.", ["subordinate<1: Als Schüsse fielen", "main: flohen viele"]),
        ("Er sagte, die Lage sei ruhig.", ["main: Er sagte", "main<0: die Lage sei ruhig"]),
        (
            "Er sagte, die Lage sei ruhig und werde sich bessern.",
            ["main: Er sagte", "main<0: die Lage sei ruhig", "main<0: und werde sich bessern"],
        ),
        ("Die Lage sei ruhig, sagte er.", ["main<1: Die Lage sei ruhig", "main: sagte er"]),
        ("Sie drohten, die Stadt zu stürmen.", ["main: Sie drohten", "infinitive<0: die Stadt zu stürmen"]),
        (
            "Er hatte versprochen, die Offensive im Osten voranzutreiben, und lobte die Truppen.",
            [
                "main: Er hatte versprochen",
                "infinitive<0: die Offensive im Osten voranzutreiben",
                "main: und lobte die Truppen",
            ],
        ),
        (
            "Kiew behauptete, auf der von Moskau besetzten Insel zwei Boote zerstört zu haben.",
            ["main: Kiew behauptete", "infinitive<0: auf der von Moskau besetzten Insel zwei Boote zerstört zu haben"],
        ),
        (
            "Er kennt ein Format, das aus Vertretern der Ukraine, Russlands und der USA bestehe.",
            ["main: Er kennt ein Format", "relative<0: das aus Vertretern der Ukraine , Russlands und der USA bestehe"],
        ),
        (
            "Sie haben Schäden angerichtet, Brücken getroffen und den Strom unterbrochen.",
            ["main: Sie haben Schäden angerichtet", "main: Brücken getroffen", "main: und den Strom unterbrochen"],
        ),
        (
            "Sie haben Dörfer geplündert und Bewohner vertrieben.",
            ["main: Sie haben Dörfer geplündert", "main: und Bewohner vertrieben"],
        ),
        ("Sie wurden verhaftet und verhört.", ["main: Sie wurden verhaftet und verhört"]),
        ("Der Mann, der floh, kam um.", ["main: Der Mann , , kam um", "relative<0: der floh"]),
        (
            "Sollte bis Mai keine Einigung stehen, droht Krieg.",
            ["subordinate<1: Sollte bis Mai keine Einigung stehen", "main: droht Krieg"],
        ),
        ("Er nannte das „unklug“ und ging.", ["main: Er nannte das „ unklug “", "main: und ging"]),
        ("Kiew (dpa) – Nach dem Angriff brannte es.", ["fragment: Kiew ( dpa", "main: Nach dem Angriff brannte es"]),
        ("Frage: Was geschah in Goma?", ["fragment: Frage", "main: Was geschah in Goma ?"]),
    ],
)  # fmt: skip
def test_clauses(text: str, expected: list[str]) -> None:
    assert clauses(text) == expected


@pytest.mark.parametrize(
    ("text", "verb", "tense", "mood", "passive", "modal"),
    [
        ("Rebellen griffen die Stadt an.", "angreifen", "past", "indicative", False, None),
        ("Rebellen haben die Stadt angegriffen.", "angreifen", "past", "indicative", False, None),
        ("Rebellen greifen die Stadt an.", "angreifen", "present", "indicative", False, None),
        ("Rebellen werden die Stadt angreifen.", "angreifen", "future", "indicative", False, None),
        ("Die Stadt wird angegriffen.", "angreifen", "present", "indicative", True, None),
        ("Die Stadt wurde angegriffen.", "angreifen", "past", "indicative", True, None),
        ("Die Stadt sei angegriffen worden.", "angreifen", "past", "subjunctive1", True, None),
        ("Die Minister wollen am Montag tagen.", "tagen", "future", "indicative", False, "wollen"),
        ("Der Gipfel sollte am Montag beginnen.", "beginnen", "future", "indicative", False, "sollen"),
        ("Er könne die Stadt halten.", "halten", "present", "subjunctive1", False, "können"),
        ("Sie hätten die Stadt gehalten.", "halten", "past", "subjunctive2", False, None),
        ("Er würde Gespräche unterstützen.", "unterstützen", "future", "subjunctive2", False, None),
        ("Kein Lastwagen ist in die Stadt gelangt.", "gelangen", "past", "indicative", False, None),
        ("Beide Seiten vereinbarten eine Waffenruhe.", "vereinbaren", "past", "indicative", False, None),
        ("Drei Soldaten wurden verwundet.", "verwunden", "past", "indicative", True, None),
        ("Die Gespräche finden in Kairo statt.", "stattfinden", "present", "indicative", False, None),
        ("Die Minister wollen am Montag beraten.", "beraten", "future", "indicative", False, "wollen"),
        ("Die Parteien werden morgen beraten.", "beraten", "future", "indicative", False, None),
        ("Die Stadt soll verlassen worden sein.", "verlassen", "past", "indicative", True, "sollen"),
        ("Heute haben für „Brot statt Geld“ viele demonstriert.", "demonstrieren", "past", "indicative", False, None),
        ("Sie versuchten zu fliehen.", "versuchen", "past", "indicative", False, None),
    ],
)  # fmt: skip
def test_verb_groups(text: str, verb: str, tense: str, mood: str, passive: bool, modal: str | None) -> None:
    (clause,) = read(text).clauses
    assert (clause.verb, clause.tense, clause.mood, clause.passive, clause.modal) == (verb, tense, mood, passive, modal)


@pytest.mark.parametrize(
    ("text", "perfect", "pluperfect"),
    [("Sie flohen.", False, False), ("Sie sind geflohen.", True, False), ("Sie waren geflohen.", True, True)],
)
def test_what_is_over(text: str, perfect: bool, pluperfect: bool) -> None:
    (clause,) = read(text).clauses
    assert (clause.perfect, clause.pluperfect) == (perfect, pluperfect)


def test_a_shared_auxiliary_speaks_for_every_participle() -> None:
    first, second = read("Milizen haben am Montag Brücken gesprengt und Straßen blockiert.").clauses
    assert (first.verb, first.tense, first.perfect) == ("sprengen", "past", True)
    assert (second.verb, second.tense, second.perfect) == ("blockieren", "past", True)
    assert first.span.end <= second.span.start


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("Es gab keine Kämpfe.", True), ("Die Armee griff nicht an.", True), ("Niemand starb.", True),
        ("Die Armee griff nicht nur Goma an.", False), ("Es gab kaum Kämpfe.", False), ("Es gab Kämpfe.", False),
    ],
)  # fmt: skip
def test_negation(text: str, negated: bool) -> None:
    assert read(text).clauses[0].negated is negated


def test_quotations_are_somebodys_own_words() -> None:
    quoted, saying = read("„Wir ziehen morgen ab“, sagte der General.").clauses
    assert quoted.quoted
    assert quoted.parent == 1
    assert not saying.quoted
    assert not any(clause.quoted for clause in read("Er sprach von einer „Operation“ im Süden.").clauses)


@pytest.mark.parametrize(
    ("text", "word", "kind"),
    [
        ("Goma – Nach dem Angriff flohen viele.", "Nach", "preposition"),
        ("Während der Krieg andauert, tagt der Rat.", "Während", "conjunction"),
        ("Während des Krieges tagt der Rat.", "Während", "preposition"),
        ("Sie haben Dörfer geplündert.", "geplündert", "participle"),
        ("Die von Rebellen besetzte Stadt brennt.", "besetzte", "word"),
        ("Sie kündigten an, die Stadt einzunehmen.", "einzunehmen", "infinitive"),
        ("Der 20-Punkte-Plan liegt vor.", "Der", "article"),
        ("Er griff sie an.", "an", "particle"),
    ],
)
def test_word_classes(text: str, word: str, kind: str) -> None:
    assert next(token.kind for token in read(text).tokens if token.text == word) == kind


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Am 3. April starben zwei Menschen. Am 4. April keiner.", 2),
        ("Der Vertrag vom 1. Mai gilt.", 1),
        ("Dr. Maier kam. Prof. Huber ging.", 2),
        ("Das kostet 1.200 Euro. Mehr nicht.", 2),
        ("„Wir gehen.“ Das sagte er.", 2),
        ("Um 9.30 Uhr fielen Schüsse.", 1),
        ("Er kam usw. Dann ging er.", 2),
        ("Was nun? Niemand weiß es!", 2),
        ("", 0),
        ("   \n\n  ", 0),
    ],
)
def test_sentence_boundaries(text: str, count: int) -> None:
    assert len(split_sentences(text, "de")) == count


def test_headings_and_paragraphs() -> None:
    text = "Lage im Osten\n\nRebellen griffen an. Viele flohen.\n\nAm Abend war es ruhig."
    sentences = split_sentences(text, "de")
    assert [s.heading for s in sentences] == [True, False, False, False]
    assert sentences[1].paragraph == sentences[2].paragraph != sentences[3].paragraph
    assert find_sentence_at(sentences, text.index("Viele")) == 2
    assert find_sentence_at(sentences, text.index("\n\nRebellen") + 1) is None


@pytest.mark.parametrize(
    ("form", "lemma"),
    [
        ("voranzutreiben", "vorantreiben"), ("vorantreibt", "vorantreiben"), ("gelangt", "gelangen"),
        ("gelangten", "gelangen"), ("verwundet", "verwunden"), ("einzuschüchtern", "einschüchtern"),
        ("erstach", "erstechen"),
    ],
)  # fmt: skip
def test_forms_of_verbs(form: str, lemma: str) -> None:
    assert lemma in {reading.lemma for reading in find_readings(form, "de")}


@pytest.mark.parametrize("word", ["stadt", "morgen", "heute", "anzug", "zug", "unterzeug"])
def test_words_that_are_no_verbs(word: str) -> None:
    assert not find_readings(word, "de")


def test_only_sentences_are_filled() -> None:
    document = Document("x", "Rebellen griffen an.", "de")
    assert add_sentences(document) == replace(document, sentences=split_sentences(document.text, "de"))


@pytest.mark.parametrize(
    "part", ["und griff an ", ", dass er kam", "„Er kam“ ", "die von ", "hat getroffen und ", "– "]
)
def test_time_is_linear(part: str) -> None:
    text = part * (60_000 // len(part))
    split_sentences("Am Montag griff er an.", "de")
    start = time.process_time()
    split_sentences(text, "de")
    assert time.process_time() - start < 4
