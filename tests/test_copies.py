"""Copies of agency reports are found by their signatures, other reports on the same event are not."""

from __future__ import annotations

import random
import time

import pytest

from pipeline.copies import (
    BANDS,
    Mention,
    Signature,
    contradict,
    is_copy,
    pack,
    read_facts,
    sign,
    similarity,
    unpack,
)

WORDS = [f"wort{i}" for i in range(3000)]


def article(seed: int, length: int = 300) -> list[str]:
    return random.Random(seed).choices(WORDS, k=length)


def signed(words: list[str]):
    found = sign(" ".join(words))
    assert found is not None
    return found


@pytest.mark.parametrize(
    "change",
    [
        lambda words: ["Kiew", "(dpa)", "–", *words],
        lambda words: [*words, "Von", "Anna", "Muster", "Mit", "Material", "der", "dpa"],
        lambda words: words[:240],
        lambda words: words[:150],
        lambda words: [word.upper() for word in words],
        lambda words: [*words[:100], "gestern", *words[101:]],
        lambda words: [*words[150:], *words[:150]],
    ],
    ids=["headed", "signed", "cut", "halved", "case", "a word", "turned"],
)
def test_a_changed_copy_is_a_copy(change):
    for seed in range(20):
        original, copy = signed(article(seed)), signed(change(article(seed)))
        assert is_copy(original, copy)
        assert set(original.keys) & set(copy.keys)


def test_of_copies_cut_to_a_third_nine_in_ten_are_found():
    found = 0
    for seed in range(100):
        words = article(seed, 400)
        whole, cut = signed(words), signed([*article(seed + 500, 6), *words[:133], *article(seed + 600, 4)])
        found += is_copy(whole, cut) and bool(set(whole.keys) & set(cut.keys))
    assert found >= 82  # the share that 84 keys promise at this likeness is 89 %


def test_another_report_is_no_copy():
    for seed in range(20):
        words = article(seed)
        quoting = signed([*article(seed + 100), *words[:60]])  # the same quotation in both
        assert not is_copy(signed(words), quoting)
        assert not is_copy(signed(words), signed(article(seed + 200)))
        assert not set(signed(words).keys) & set(signed(article(seed + 200)).keys)


def test_the_estimate_is_near_the_truth():
    words = article(1, 1000)
    half = signed([*words[:500], *article(2, 500)])
    assert similarity(signed(words), signed(words)) == 1
    assert abs(similarity(signed(words), half) - 1 / 3) < 0.12


def test_the_same_everywhere():
    found = sign("Am Samstag griff Russland die Stadt Odessa an, dabei starben mindestens acht Menschen.")
    assert found is not None
    assert found.keys[0] == 10041195
    assert len(set(found.keys)) == BANDS


def test_texts_of_few_words_have_no_signature():
    assert sign("Am Samstag griff Russland die Stadt Odessa an.") is None
    assert sign("") is None


def test_a_signature_is_stored_and_read():
    found = sign("Am Samstag griff Russland die Stadt Odessa an, dabei starben mindestens 8 Menschen und 3 Tiere.")
    packed = pack(found)
    assert packed is not None
    assert unpack(packed) == found
    assert len(packed) == 4 + 126 + 2 * 8
    assert pack(None) is None


# --- facts ------------------------------------------------------------

PATTERN = "Bei einem Angriff auf {} sind {} nach ersten Angaben der Behörden {} Menschen getötet worden, hieß es dort."


def filled(place: str, day: str, dead: str, meant: dict[str, str] | None = None) -> Signature:
    text = PATTERN.format(place, day, dead)
    mentions = [Mention(text.index(w), text.index(w) + len(w), (meant or {}).get(w, w)) for w in (place, day)]
    found = sign(text, mentions, {"acht": 8, "zehn": 10, "ein": 1})
    assert found is not None
    return found


FIRST = filled("Odessa", "am Samstag", "acht")


@pytest.mark.parametrize(
    "other",
    [
        filled("Cherson", "am Samstag", "acht"),
        filled("Odessa", "in der Nacht zum Sonntag", "acht"),
        filled("Odessa", "am Samstag", "zehn"),
        filled("Odessa", "am Samstag", "10"),
    ],
)
def test_another_place_day_or_number_is_another_report(other):
    assert contradict(read_facts(FIRST.facts), read_facts(other.facts))
    assert not is_copy(FIRST, other)


@pytest.mark.parametrize(
    "same",
    [
        filled("Odessa", "am Samstag", "8"),
        filled("Odesa", "am Samstag", "acht", {"Odesa": "Odessa"}),
        filled("Odessa", "gestern", "acht", {"gestern": "am Samstag"}),
        filled("Odessa", "am Samstag", "acht", {"am Samstag": "2025-12-27"}),
    ],
    ids=["digits", "spelling", "words of the day", "read for another day"],
)
def test_other_words_for_the_same_are_no_contradiction(same):
    assert not contradict(read_facts(FIRST.facts), read_facts(same.facts))


def test_the_dateline_is_the_outlets():
    body = PATTERN.format("Odessa", "am Samstag", "8")
    one, other = f"Kiew (dpa) – {body}", f"Moskau/Kiew (dpa) – {body}"
    first, second = (
        sign(t, [Mention(t.index(w), t.index(w) + len(w), w)]) for t, w in ((one, "Kiew"), (other, "Moskau"))
    )
    assert first is not None
    assert second is not None
    assert is_copy(first, second)


def test_time_is_linear():
    def seconds(length: int) -> float:
        text = " ".join(article(1, length))
        start = time.process_time()
        sign(text)
        return time.process_time() - start

    assert min(seconds(10_000) for _ in range(3)) < 30 * max(min(seconds(1000) for _ in range(3)), 0.002)
