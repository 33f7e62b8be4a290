"""Capitals that a report names by their country: "in der ukrainischen Hauptstadt", "in Haitis Hauptstadt"."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from pipeline import gazetteer as gazetteers
from pipeline.actors.knowledge import load_states
from pipeline.actors.words import look_up
from pipeline.events.lexicon import Lexicon
from pipeline.gazetteer.build import read_table
from pipeline.records import Place, PlaceMention, Reason, Span, Token

_REACH = 2  # words between the country and the noun: "(der) ukrainischen, belagerten Hauptstadt"


@cache
def find_capital(country: str) -> Place | None:
    """The seat of a country's government, as data/gazetteer/countries.tsv names it."""
    seat = next((row["capital"] for row in read_table("countries") if row["iso3"] == country), None)
    found = gazetteers.load().find(seat) if seat else ()
    return next((c.place for c in found if c.place.country == country and c.place.precision == "city"), None)


def find_capitals(tokens: Sequence[Token], words: Sequence[int], lexicon: Lexicon) -> list[PlaceMention]:
    """The capitals among the ``words`` of a clause (token indices) that a country in front or behind tells apart."""
    found = []
    for i in words:
        if tokens[i].text.lower() not in lexicon.cues["capital_words"]:
            continue
        country = _find_country(tokens, i, lexicon)
        place = find_capital(country) if country else None
        if place is not None:
            reason = Reason("events.place_own", (("place", place.name),))
            found.append(PlaceMention(Span(tokens[i].start, tokens[i].end), "location", place, 1.0, reason))
    return found


def _find_country(tokens: Sequence[Token], index: int, lexicon: Lexicon) -> str | None:
    for token in reversed(tokens[max(0, index - _REACH) : index]):
        word = look_up(lexicon.language, token.text)
        if word is not None and word.nation:
            return word.nation
        if (country := _owner(token.text, lexicon)) is not None:
            return country
        if token.kind not in ("word", "punctuation"):
            break
    behind = tokens[index + 1] if index + 1 < len(tokens) else None
    return _owner(behind.text, lexicon) if behind is not None else None


def _owner(text: str, lexicon: Lexicon) -> str | None:
    """The country of a genitive: "Haitis"."""
    return next((_names().get(text.removesuffix(e)) for e in lexicon.cues["name_genitive"] if text.endswith(e)), None)


@cache
def _names() -> dict[str, str]:
    """Countries by their names of one word."""
    return {
        name: country
        for country, state in load_states().items()
        for name in (state.name, *state.aliases)
        if name.isalpha()
    }
