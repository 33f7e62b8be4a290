"""Near-duplicate reports: agency copy that many outlets print, cut, headed and signed in their own way.

MinHash (Broder 1997) over runs of five words, a byte of each minimum (Li and Konig 2010), with banding (Leskovec et
al., Mining of Massive Datasets, 3.4): two texts share ``keys`` when they are likely to be copies, so that copies are
looked up, never compared one by one; ``is_copy`` then tells from the signatures. Reports that are written to one
pattern are alike too, but in the same place name another day, place or number: such *facts* are kept with the words
around them, and reports that contradict each other are no copies. Pure and deterministic: the same text has the same
signature everywhere.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from pipeline import language

HASHES = 126
# Of three hashes each, and each hash in two: a third of a text shares a key with the whole with 95 %, unrelated ones
# with 0.1 %.
BANDS = 84
LEAST = 0.22  # of the runs of words that two texts have together, at least so much is in both (a third less what the
# estimate can be wrong by),
INSIDE = 0.6  # and of those of the shorter one at least so much
MOST_DAYS = 2  # between the publications of two copies: beyond, a weekday is another day
_RUN = 5  # words
_FEWEST = 12  # words: shorter texts are alike by chance
_MOST = 20_000  # words of a text that are looked at
_MOST_FACTS = 64  # those with the smallest frames, so that two copies keep the same
_FRAME = 3  # words on each side of a fact
_WORD = re.compile(r"\w+")
_NUMERIC = re.compile(r"[\d.\s/-]+")
_DATELINE = 4  # words: "Kiew (dpa)" at the head of a text is the outlet's, not the report's
_HEADS = ("(", "/", ",", "–", "-")


class Mention(NamedTuple):
    """Where a text names a day, a place or somebody, and whom or what (the same for different words)."""

    start: int
    end: int
    value: str


class Signature(NamedTuple):
    """``runs``: how many different ones; ``minima``: a byte for each of ``HASHES``; ``facts``: 8 bytes each (24 bits
    of the words around it, 20 of its own, 20 of what it means), sorted."""

    runs: int
    minima: bytes
    facts: bytes = b""

    @property
    def keys(self) -> tuple[int, ...]:
        """A number for each of ``BANDS``, to join on."""
        return tuple(make_keys(np.frombuffer(self.minima, dtype=np.uint8)[None, :])[0].tolist())


def make_keys(minima: NDArray[np.uint8]) -> NDArray[np.int32]:
    """A row of ``BANDS`` keys for each row of minima: of neighbours, then of every 42nd; below 2^31."""
    beside = minima.reshape(len(minima), -1, 3)
    apart = minima.reshape(len(minima), 3, -1).transpose(0, 2, 1)
    parts = np.concatenate([beside, apart], axis=1).astype(np.int32)
    bands = np.arange(BANDS, dtype=np.int32)
    keys: NDArray[np.int32] = (bands << 24) | (parts[:, :, 0] << 16) | (parts[:, :, 1] << 8) | parts[:, :, 2]
    return keys


def pack(signature: Signature | None) -> bytes | None:
    """As it is stored: some 400 bytes."""
    if signature is None:
        return None
    return signature.runs.to_bytes(4, "little") + signature.minima + signature.facts


def unpack(packed: bytes) -> Signature:
    return Signature(int.from_bytes(packed[:4], "little"), packed[4 : 4 + HASHES], packed[4 + HASHES :])


# Odd factors, so that the upper half of a product (without what exceeds 64 bits) is another order of all numbers: as
# good as a permutation (Dietzfelbinger et al. 1997).
_FACTORS = np.frombuffer(
    b"".join(blake2b(number.to_bytes(4, "big"), digest_size=8).digest() for number in range(HASHES)), dtype="<u8"
) | np.uint64(1)
_HALF = np.uint64(32)
_STEP = np.uint64(0x9E3779B97F4A7C15)


def sign_report(report: Mapping[str, Any]) -> Signature | None:
    """The signature of a report as annotation.to_dict gives it; its captions, bylines and pointers do not count."""
    text: str = report["text"]
    for part in report.get("parts", ()):
        if part["kind"] != "ticker":
            start, end = part["start"], part["end"]
            text = text[:start] + " " * (end - start) + text[end:]
    mentions = []
    for time in report["times"]:
        day = time["date_start"]
        stamp = day is not None and day == report["published"] and _NUMERIC.fullmatch(time["text"])
        # When a page was made is no fact of the report.
        value = "" if stamp or time["precision"] == "minute" else f"{day or time['timex_value']}/{time['date_end']}"
        mentions.append(Mention(time["start"], time["end"], value))
    for kind, name in (("places", "place_id"), ("actors", "actor_id")):
        mentions += [Mention(item["start"], item["end"], item[name] or "?") for item in report[kind]]
    return sign(text, mentions, _number_words(report["language"]))


def _number_words(code: str) -> dict[str, int]:
    """Words for numbers in a language; none where it has no pack."""
    numbers: dict[str, int] = language.words(code, "events_counts")["numbers"] if language.is_known(code) else {}
    return numbers


def sign(text: str, mentions: Iterable[Mention] = (), numbers: Mapping[str, int] | None = None) -> Signature | None:
    """The signature of a text; ``None`` for one of too few words to tell."""
    matches = [match for _, match in zip(range(_MOST), _WORD.finditer(text), strict=False)]
    words = [match[0].casefold() for match in matches]
    if len(words) < _FEWEST:
        return None
    hashed = np.array([crc32(word.encode("utf-8", "surrogatepass")) for word in words], dtype=np.uint64)
    runs = np.zeros(len(words) - _RUN + 1, dtype=np.uint64)
    for place in range(_RUN):
        runs = (runs + hashed[place : place + len(runs)]) * _STEP
    runs = np.unique(runs ^ runs >> _HALF)
    minima = np.full(HASHES, np.iinfo(np.uint64).max, dtype=np.uint64)
    for start in range(0, len(runs), 1024):  # in pieces, so that memory stays small
        part = runs[start : start + 1024]
        minima = np.minimum(minima, ((part[:, None] * _FACTORS) >> _HALF).min(axis=0))
    facts = _find_facts(text, matches, words, mentions, numbers or {})
    return Signature(len(runs), minima.astype(np.uint8).tobytes(), facts)


def _find_facts(
    text: str, matches: list[re.Match[str]], words: list[str], mentions: Iterable[Mention], numbers: Mapping[str, int]
) -> bytes:
    starts = [match.start() for match in matches]
    named: dict[int, tuple[int, int, str]] = {}  # word -> the word after, the last character, what it means
    after = 0
    for mention in sorted(mentions, key=lambda mention: (mention.start, -mention.end)):
        first = bisect_right(starts, mention.start) - 1
        if first < 0 or matches[first].end() <= mention.start:
            first += 1
        if first >= after and first < len(words) and starts[first] < mention.end:
            after = bisect_left(starts, mention.end)
            named[first] = after, mention.end, mention.value
    for place, word in enumerate(words):
        if (word[0].isdigit() or word in numbers) and place not in named and numbers.get(word, 2) > 1:
            named[place] = place + 1, matches[place].end(), str(numbers.get(word, word))
    tokens: list[str] = [""] * _FRAME
    facts: list[tuple[int, str, str]] = []  # place among the tokens, its words, what it means
    read = 0
    for place in sorted(named):
        if place < read:
            continue  # a number in what is named
        tokens += words[read:place]
        read, end, value = named[place]
        headed = len(tokens) < _FRAME + _DATELINE and text[end : end + 2].lstrip().startswith(_HEADS)
        if value and not headed:
            facts.append((len(tokens), " ".join(words[place:read]), value))
        tokens.append("#")
    tokens += [*words[read:], *[""] * _FRAME]
    packed = {
        _digest(" ".join(tokens[place - _FRAME : place + _FRAME + 1]), 24) << 40
        | _digest(said, 20) << 20
        | _digest(value, 20)
        for place, said, value in facts
    }
    return np.array(sorted(packed)[:_MOST_FACTS], dtype="<u8").tobytes()


def _digest(text: str, bits: int) -> int:
    return crc32(text.encode("utf-8", "surrogatepass")) >> (32 - bits)


def similarity(first: Signature, second: Signature) -> float:
    """How much of their runs of words two texts share (Jaccard), estimated within about .05; 0 to 1."""
    left, right = (np.frombuffer(one.minima, dtype=np.uint8)[None, :] for one in (first, second))
    return float(_compare(left, right)[0])


def _compare(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.float64]:
    chance = 1 / 256  # that a byte is the same for another reason
    alike: NDArray[np.float64] = np.maximum(((first == second).mean(axis=1) - chance) / (1 - chance), 0)
    return alike


def are_alike(
    first: NDArray[np.uint8], second: NDArray[np.uint8], runs: NDArray[np.int64], others: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether texts, row by row, have most of the shorter one's words in common. ``runs`` and ``others``: how many runs
    of words they have."""
    shared = _compare(first, second)
    both = shared / (1 + shared) * (runs + others)
    alike: NDArray[np.bool_] = (shared >= LEAST) & (both >= INSIDE * np.minimum(runs, others))
    return alike


Facts = dict[int, tuple[set[int], set[int]]]  # frame -> the words in it, what they mean


def read_facts(packed: bytes) -> Facts:
    facts: Facts = {}
    for fact in np.frombuffer(packed, dtype="<u8").tolist():
        said, meant = facts.setdefault(fact >> 40, (set(), set()))
        said.add(fact >> 20 & 0xFFFFF)
        meant.add(fact & 0xFFFFF)
    return facts


def contradict(first: Facts, second: Facts) -> bool:
    """Whether two texts name another day, place, body or number between the same words."""
    if len(second) < len(first):
        first, second = second, first
    for frame, (said, meant) in first.items():
        if frame in second and said.isdisjoint(second[frame][0]) and meant.isdisjoint(second[frame][1]):
            return True
    return False


def is_copy(first: Signature, second: Signature) -> bool:
    """Whether two texts are one, but for what outlets cut or add."""
    left, right = (np.frombuffer(one.minima, dtype=np.uint8)[None, :] for one in (first, second))
    alike = are_alike(left, right, np.array([first.runs]), np.array([second.runs]))[0]
    return bool(alike) and not contradict(read_facts(first.facts), read_facts(second.facts))
