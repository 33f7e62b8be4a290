"""How many people were killed and hurt, as a clause says it."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pipeline.events.lexicon import Lexicon, find_tags
from pipeline.records import Count, Token

_PEOPLE = frozenset({"civilian", "force", "politician", "person", "prisoner", "protester"})
_THINGS = frozenset({"weapon", "building", "aid", "arms", "service", "settlement", "territory", "ship", "aircraft"})
_YEAR = 4  # digits
_LONGEST_NUMBER = 9  # digits; a longer run is no number of people


class Toll(NamedTuple):
    """Killed and hurt; ``None`` where the text gives no number."""

    fatalities: Count | None
    injured: Count | None


@dataclass(frozen=True, slots=True)
class _Number:
    start: int
    end: int
    low: int | None
    best: int | None
    high: int | None
    part: bool  # "darunter zwei Kinder"


def find_number(word: str, lexicon: Lexicon) -> int | None:
    """The value of a word that is a number ("12", "zwölf"), else ``None``."""
    return _value(word.lower(), lexicon.counts)


def _value(word: str, counts: dict[str, Any]) -> int | None:
    """The value of one word: "12", "1.200", "zwölf", "dreiundzwanzig", "zweihundert"."""
    if word[:1].isdigit():
        digits = word.replace(".", "").replace("\u202f", "")
        return int(digits) if digits.isdigit() and digits.isascii() and len(digits) <= _LONGEST_NUMBER else None
    numbers: dict[str, int] = counts["numbers"]
    if word in numbers:
        return numbers[word]
    if len(word) > 40:
        return None
    multipliers: dict[str, int] = counts["multipliers"]
    for name, factor in multipliers.items():
        head, found, tail = word.partition(name)
        if found and (head or tail):
            first = numbers.get(head) if head else 1
            rest = (_value(tail, counts) if tail else 0) if tail != word else None
            if first is not None and rest is not None and rest < factor:
                return first * factor + rest
    ones, joiner, tens = word.partition(str(counts["joiner"]))
    if joiner and ones in numbers and tens in numbers and numbers[ones] < 10 <= numbers[tens]:
        return numbers[ones] + numbers[tens]
    return None


def _preceded(words: Sequence[str], index: int, phrases: Sequence[str]) -> int:
    """How many words before ``index`` form one of the phrases; 0 for none."""
    for phrase in phrases:
        parts = phrase.split()
        if index >= len(parts) and list(words[index - len(parts) : index]) == parts:
            return len(parts)
    return 0


def _find_numbers(words: Sequence[str], counts: dict[str, Any]) -> list[_Number]:
    found: list[_Number] = []
    index = 0
    vague: dict[str, int | None] = counts["vague"]
    dozen: dict[str, int] = counts["dozen"]
    multipliers: dict[str, int] = counts["multipliers"]
    while index < len(words):
        word = words[index]
        start, end = index, index + 1
        low: int | None
        best: int | None
        high: int | None
        if word in vague:
            low, best, high = vague[word], None, None
        else:
            value = 1 if found and _is_one_more(words, index, counts) else _value(word, counts)
            if value is None:
                index += 1
                continue
            if _is_age(words, index, counts):
                index += 1
                continue
            if end < len(words) and words[end] in dozen:
                value, end = value * dozen[words[end]], end + 1
            elif end < len(words) and words[end] in multipliers:
                value, end = value * multipliers[words[end]], end + 1
            low = best = high = value
            second = _value(words[end + 1], counts) if end + 1 < len(words) else None
            opened = index > 0 and words[index - 1] in counts["range_openers"]
            if (
                second is not None
                and second > value
                and words[end] in counts["range_words"]
                and (opened or words[end] != counts["joiner"])
            ):
                low, best, high, end = value, None, second, end + 2
            elif _preceded(words, start, counts["at_least"]):
                high = None
            elif (size := _preceded(words, start, counts["at_most"])) and (
                size == 2 or words[start - 1] not in counts["about"]
            ):
                low = None
        before = words[max(0, start - 4) : start]
        parts: Sequence[str] = counts["part_of"]
        joined = " ".join(before)
        part = any(phrase in before or (" " in phrase and phrase in joined) for phrase in parts)
        part = part or _is_bracketed(words, start, end)
        found.append(_Number(start, end, low, best, high, part))
        index = end
    return found


def _followed(words: Sequence[str], index: int, phrases: Sequence[str]) -> int:
    """How many words from ``index`` on form one of the phrases; 0 for none."""
    for phrase in phrases:
        parts = phrase.split()
        if list(words[index : index + len(parts)]) == parts:
            return len(parts)
    return 0


def _is_bracketed(words: Sequence[str], start: int, end: int) -> bool:
    """ "ein Mädchen (9)": how old somebody is."""
    return start > 0 and words[start - 1] == "(" and words[end : end + 1] == [")"]


def _find_shares(
    words: Sequence[str],
    texts: Sequence[str],
    numbers: Sequence[_Number],
    pieces: Sequence[int],
    counts: dict[str, Any],
) -> set[int]:
    """Indices of numbers that say of how many others are a part, or that part of the dead: "drei der (20) Geiseln",
    "von den (20) Geiseln wurden drei getötet", "ein Bus mit (30) Pilgern", "unter den 40 Toten sind (zwölf) Kinder"."""
    shares: set[int] = set()
    told = -1  # the piece whose dead an "unter den 40 Toten" has counted
    for k, number in enumerate(numbers):
        start = number.start
        if pieces[start] == told:
            shares.add(k)
            continue
        counted = any(
            w in counts["dead_nouns"] or w in counts["hurt_nouns"] for w in words[number.end : number.end + 2]
        )
        size = _preceded(words, start, counts["of"])
        if size and k and numbers[k - 1].end == start - size:
            shares.add(k - 1 if counted else k)
        elif _preceded(words, start, counts["out_of"]):
            if counted:
                told = pieces[start]
            else:
                shares.add(k)
        elif not counted and _preceded(words, start, counts["aboard"]) and start > 1 and texts[start - 2][:1].isupper():
            shares.add(k)
        elif (size := _followed(words, number.end, counts["part_behind"])) and any(
            text[:1].isupper() for text in texts[number.end + size : number.end + size + 1]
        ):
            shares.add(k)  # "zwei davon Kinder", but "40 von ihnen getötet"
    return shares


def _is_age(words: Sequence[str], index: int, counts: dict[str, Any]) -> bool:
    """ "(einen) 50-Jährigen": how old somebody is."""
    return (
        words[index + 1 : index + 2] == ["-"]
        and words[index + 2 : index + 3] != []
        and words[index + 2] in counts["aged"]
    )


def _is_one_more(words: Sequence[str], index: int, counts: dict[str, Any]) -> bool:
    """ "(ein Vater) und seine Tochter": a relative who is joined to a number of people."""
    joined = words[index - 1] in (counts["joiner"], ",") and index + 1 < len(words)
    return joined and words[index] in counts["possessives"] and words[index + 1] in counts["kin"]


def _counts_people(
    words: Sequence[str], texts: Sequence[str], number: _Number, named: Container[int], lexicon: Lexicon
) -> bool:
    counts = lexicon.counts
    first = texts[number.start]
    if (
        len(first) == _YEAR and first.isdigit() and first[:2] in ("19", "20")
    ):  # "1984 begonnene": a year, unless people follow
        behind = texts[number.end] if number.end < len(texts) else ""
        return bool(behind[:1].isupper() and find_tags(lexicon, behind) & _PEOPLE)
    for i in range(number.end, min(number.end + 5, len(words))):
        word = words[i]
        if word in counts["units"] or word in (":", "%"):
            return False
        if word == "." and i == number.end:  # an ordinal, a date, or the end of the sentence: the next word tells
            continue
        if word in counts["dead_nouns"] or word in counts["hurt_nouns"] or word in counts["aged"]:
            return True
        if texts[i][:1].isupper():
            tags = find_tags(lexicon, texts[i])
            if tags & _PEOPLE or i in named:
                return True
            one = number.best == 1 and number.low == 1 and not words[number.start][:1].isdigit()
            return not tags & _THINGS and not one and i - number.end < 3
        if not texts[i][:1].isalpha() and not _is_age(words, i, counts) and not _is_age(words, i - 1, counts):
            break
    return not (number.best == 1 and not words[number.start][:1].isdigit())


def _sum(counts: Sequence[tuple[int | None, int | None, int | None]]) -> Count:
    def add(values: Sequence[int | None]) -> int | None:
        known = [value for value in values if value is not None]
        return sum(known) if len(known) == len(values) else None

    low = [c[0] for c in counts if c[0] is not None]
    return Count(sum(low) if low else None, add([c[1] for c in counts]), add([c[2] for c in counts]))


def _find_states(tokens: Sequence[Token], words: Sequence[str], counts: dict[str, Any]) -> list[str | None]:
    """For each word whether it tells of the dead, of the hurt or of people who are neither ("vermisst")."""

    def state(i: int) -> str | None:
        word, lemma = words[i], tokens[i].lemma
        if word in counts["dead_idiom"]:
            return "dead" if i + 1 < len(words) and words[i + 1] == counts["dead_idiom"][word] else None
        if word in counts["dead_nouns"] or lemma in counts["dead_verbs"] or word in counts["dead_words"]:
            return "dead"
        if word in counts["hurt_nouns"] or lemma in counts["hurt_verbs"] or word in counts["hurt_words"]:
            return "hurt"
        return "safe" if word in counts["other_words"] else None

    return [state(i) for i in range(len(words))]


def _find_pieces(tokens: Sequence[Token], states: Sequence[str | None]) -> list[int]:
    """For each word the number of its piece: up to a comma, or to an "und" after which another state follows."""
    piece, pieces, seen = 0, [], False
    for token, state in zip(tokens, states, strict=True):
        if token.text in (",", ";", ":") or (token.kind == "coordination" and seen):
            piece, seen = piece + 1, False
        pieces.append(piece)
        seen = seen or bool(state)
    return pieces


def find_casualties(tokens: Sequence[Token], lexicon: Lexicon, named: Container[int] = ()) -> Toll:
    """The toll that a run of words gives; ``named`` are the indices of words that name actors. "darunter zwei Kinder"
    adds nothing; "keine Toten" is 0, not unknown."""
    counts = lexicon.counts
    texts = [token.text for token in tokens]
    words = [text.lower() for text in texts]
    states = _find_states(tokens, words, counts)
    if not {"dead", "hurt"}.intersection(states):
        return Toll(None, None)
    pieces = _find_pieces(tokens, states)
    labels = [(i, label) for i, label in enumerate(states) if label]
    by_piece: dict[int, list[tuple[int, str]]] = {}
    for i, label in labels:
        by_piece.setdefault(pieces[i], []).append((i, label))
    groups: dict[str, list[tuple[int | None, int | None, int | None]]] = {"dead": [], "hurt": [], "safe": []}
    numbers = _find_numbers(words, counts)
    corrected = any(words[n.start - 1] in counts["to_words"] for n in numbers if n.start)
    shares = _find_shares(words, texts, numbers, pieces, counts)
    for k, number in enumerate(numbers):
        if k in shares:
            continue
        if corrected and number.start and words[number.start - 1] in counts["from_words"]:
            continue  # "von zwölf auf neun"
        if number.part or not _counts_people(words, texts, number, named, lexicon):
            continue
        found = _label(number, pieces, by_piece, labels)
        if found is not None:
            groups[found].append((number.low, number.best, number.high))
    for label in _find_none(words, states, counts):
        groups[label] = groups[label] or [(0, 0, 0)]
    return Toll(_sum(groups["dead"]) if groups["dead"] else None, _sum(groups["hurt"]) if groups["hurt"] else None)


def _find_none(words: Sequence[str], states: Sequence[str | None], counts: dict[str, Any]) -> list[str]:
    """ "keine Toten", "keine Verletzten": the states of which the text says that there were none."""
    nouns = {*counts["dead_nouns"], *counts["hurt_nouns"]}
    found = []
    for i, word in enumerate(words):
        if word in counts["none"]:
            near = range(i + 1, min(i + 4, len(words)))
            found.append(next((states[j] for j in near if states[j] and words[j] in nouns), None))
    return [label for label in found if label]


def _label(
    number: _Number,
    pieces: Sequence[int],
    by_piece: dict[int, list[tuple[int, str]]],
    states: Sequence[tuple[int, str]],
) -> str | None:
    """Killed, hurt or neither: the nearest such word of the same piece, else the next one, else the last one before."""
    own = by_piece.get(pieces[number.start], [])
    if own:
        after = [label for i, label in own if i >= number.end]
        return after[0] if after else own[-1][1]
    later = next((label for i, label in states if i >= number.end), None)
    return later or next((label for i, label in reversed(states) if i < number.start), None)
