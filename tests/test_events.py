"""The words that name events, the counts, and what a sentence makes of them."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline import process
from pipeline.events.casualties import find_casualties
from pipeline.events.lexicon import load_lexicon, load_taxonomy
from pipeline.events.scopes import find_scopes
from pipeline.events.triggers import find_triggers
from pipeline.language import words
from pipeline.records import Document
from pipeline.sentences import add_sentences
from pipeline.wording import say

LEXICON = load_lexicon("de")
EXAMPLES = [(rule.id, text) for rule in LEXICON.rules for text in rule.examples]
COUNTEREXAMPLES = [(rule.id, text) for rule in LEXICON.rules for text in rule.counterexamples]
COUNTS = words("de", "events_counts")


def fired(text: str) -> set[str]:
    document = add_sentences(Document("x", text, "de", date(2025, 6, 8), "given"))
    return {t.rule.id for scopes in find_scopes(document, LEXICON) for s in scopes for t in find_triggers(s, LEXICON)}


def toll(text: str):
    document = add_sentences(Document("x", text, "de"))
    return find_casualties([token for sentence in document.sentences for token in sentence.tokens], LEXICON)


@pytest.mark.parametrize(("rule", "text"), EXAMPLES)
def test_a_rule_fires_on_its_examples(rule, text):
    assert rule in fired(text)


@pytest.mark.parametrize(("rule", "text"), COUNTEREXAMPLES)
def test_a_rule_is_silent_on_its_counterexamples(rule, text):
    assert rule not in fired(text)


@pytest.mark.parametrize(("text", "fatalities", "injured"), COUNTS["examples"])
def test_counts(text, fatalities, injured):
    found = toll(text)
    assert (found.fatalities and list(found.fatalities)) == fatalities
    assert (found.injured and list(found.injured)) == injured


@pytest.mark.parametrize("text", COUNTS["not"])
def test_numbers_that_count_no_casualties(text):
    assert toll(text) == (None, None)


def test_every_acled_key_of_a_rule_is_known():
    special = {None, "attack", "seize"}  # decided by the weapon, or by who it was
    assert {rule.acled for rule in LEXICON.rules} - special <= set(load_taxonomy().acled)


@pytest.mark.parametrize(
    ("text", "kind", "modality"),
    [
        ("Rebellen griffen am Samstag die Stadt Goma an.", "ASSAULT", "happened"),
        ("Die Unterhändler wollen am Montag in Genf verhandeln.", "CONSULT", "planned"),
        ("Falls die Rebellen Bukavu angreifen, flieht die Regierung.", "ASSAULT", "hypothetical"),
        ("Das Treffen in Kairo fiel aus.", "CONSULT", "negated"),
        ("Den Vorschlag lehnte der Kreml ab.", "REJECT", "happened"),
    ],
)
def test_modality(text, kind, modality):
    document = process(Document("x", text, "de", date(2025, 6, 8), "given"))
    assert (kind, modality) in {(event.type, event.modality) for event in document.events}


def test_object_first_does_not_turn_the_roles_round():
    document = process(Document("x", "Den Vorschlag lehnte der Kreml ab.", "de", date(2025, 6, 8), "given"))
    (event,) = document.events
    assert [(p.actor.country, p.role) for p in event.actors] == [("RUS", "actor")]


def test_every_reason_reads_in_both_languages(seed):
    for event in process(seed).events:
        assert len(event.reasons) == 3
        for reason in event.reasons:
            assert say(reason, "de")
            assert say(reason, "en")


def test_ids_depend_on_document_and_words(seed):
    first = [event.id for event in process(seed).events]
    assert first == [event.id for event in process(seed).events]
    assert len(set(first)) == len(first)
