"""Numbers that look like a year or a clock time: "2003 Menschen", "Resolution 1701", "um 20.15 Prozent"."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from pipeline.records import Token
from pipeline.sentences.verbs import FINITE, find_readings
from pipeline.times.checks.place import Place, is_part_of_title, token_before
from pipeline.times.grammar import Grammar, Match

_GROUP = 4  # digits of a long number that stand together
_FAR = 40  # words around


_NUMBERED = re.compile(r"(?<!\d)(?:\d{1,3}|0\d{3})[-–/](?:\d{4}[-–/])?$")  # "Heft 12/2020", "0800-2022"


def is_year(at: Place) -> bool:
    """A number of four digits stands for a year unless something is counted or numbered by it."""
    words = at.grammar.words
    before, after = at.before, at.after
    previous = before.text.lower() if before else ""
    strong = previous in words["year_leads_strong"]
    if previous in words["not_year_nouns"] or not is_unnumbered(at):
        return False
    if _is_part_of_number(at) or (before is not None and _is_label(at, before)):
        return False
    if _NUMBERED.search(at.text, max(0, at.match.start - 10), at.match.start) or is_part_of_title(at):
        return False
    if _is_inside_attribute(at):
        return True
    if previous in words["number_words_before"] and not strong:
        about = previous in words["year_approximations"] and after is not None and after.kind == "preposition"
        return about and _is_odd_year(at.match)
    if after is None:
        return True
    following = after.text.lower()
    if following in words["number_units_after"] or _is_range_of_units(at):
        return False
    if strong and after.kind == "name" and not _is_odd_year(at.match) and _is_plural(after, at.grammar):
        return False  # "in 2000 Dörfern"
    if strong or (previous in words["year_adverbs"] and _is_odd_year(at.match)):
        return True
    if after.kind == "name" and after.start - at.match.end <= 1:
        return _is_before_name(at, after)
    if after.kind == "word" and following.endswith(tuple(words["inflections"])):
        return _is_finite(following, at.grammar) or _second_after(at, after) != "name" or _is_only_verb(at, after)
    if before is not None and before.kind == "name" and previous not in words["year_leads"]:
        return 1400 <= int(at.match.captured["year"]) <= 2099
    return True


def _is_part_of_number(at: Place) -> bool:
    """ "040 2019 55", "DE12 2004 0000"."""
    before, after = at.before, at.after
    if before is not None and before.kind == "number" and before.end + 1 >= at.match.start:
        return True
    return (
        after is not None and after.kind == "number" and after.start == at.match.end + 1 and len(after.text) == _GROUP
    )


def _is_label(at: Place, before: Token) -> bool:
    """ "Nr. 1983", "die Straße M 1945", "Flug LH 2012"."""
    numbered = at.grammar.words["not_year_nouns"]
    if before.text == ".":
        before = token_before(at, before) or before
        return before.text.lower() in numbered
    if not before.text.isupper() or len(before.text) > _CODE:
        return False
    noun = token_before(at, before)
    return len(before.text) == 1 or (noun is not None and noun.text.lower() in numbered)


_CODE = 3  # letters


def _is_inside_attribute(at: Place) -> bool:
    """ "die 1918 einsetzende Epidemie", "das 1994 erschienene Buch"."""
    leads = ("article", "preposition", "name", "punctuation")
    if at.before is None or at.after is None or at.before.kind not in leads or not _is_odd_year(at.match):
        return False
    return _is_participle(at.after, at.grammar)


def _is_before_name(at: Place, after: Token) -> bool:
    """ "1797 Rastatt räumen", "* 1921 Erster Krieg"; what "1847 Soldaten" counts may be a plural."""
    if at.before is None:
        return after.text.isupper()
    if not _is_odd_year(at.match):
        return False
    listed = at.before is at.sentence.tokens[0] and at.before.kind == "punctuation"
    return listed or not _is_plural(after, at.grammar)


def _is_plural(noun: Token, grammar: Grammar) -> bool:
    """A noun that may be a plural by its last letter."""
    return noun.text.endswith(tuple(grammar.words["plural_endings"]))


def _is_participle(token: Token, grammar: Grammar) -> bool:
    """An inflected participle in front of its noun."""
    word = token.text.lower()
    return token.kind == "participle" or word.endswith(tuple(grammar.words["participle_endings"]))


def _is_finite(word: str, grammar: Grammar) -> bool:
    """ "2016 führte er"; not "2016 verletzte Menschen", which can be read as a participle."""
    if not any(reading.form in FINITE for reading in find_readings(word, grammar.code)):
        return False
    stems = (word.removesuffix(ending) for ending in grammar.words["inflections"] if word.endswith(ending))
    return not any(reading.form == "participle" for stem in stems for reading in find_readings(stem, grammar.code))


def _is_only_verb(at: Place, word: Token) -> bool:
    """ "2014 besetzte Russland die Krim": no other word can be the verb of the sentence."""
    tokens = at.sentence.tokens
    index = bisect_left(tokens, word.start, key=lambda token: token.start)
    return (
        any(reading.form in FINITE for reading in find_readings(word.text.lower(), at.grammar.code))
        and index + 2 < len(tokens)
        and tokens[index + 2].kind in ("article", "pronoun")
        and not any(token.kind == "finite" for token in tokens[max(0, index - _FAR) : index + _FAR])
    )


def _second_after(at: Place, after: Token) -> str | None:
    position = bisect_right(at.sentence.tokens, after.start, key=lambda token: token.start)
    return at.sentence.tokens[position].kind if position < len(at.sentence.tokens) else None


def _is_range_of_units(at: Place) -> bool:
    """ "2000 bis 3000 Grad"."""
    words = at.grammar.words
    first = bisect_right(at.sentence.tokens, at.match.end - 1, key=lambda token: token.start)
    middle, number, unit = ([*at.sentence.tokens[first : first + 3], None, None, None])[:3]
    return (
        middle is not None
        and number is not None
        and unit is not None
        and middle.text.lower() in words["range_middles"]
        and number.kind == "number"
        and (
            unit.text.lower() in words["number_units_after"]
            or (unit.kind == "name" and not _is_odd_year(at.match) and _is_plural(unit, at.grammar))
        )
    )


def _is_odd_year(match: Match) -> bool:
    """Whether a number is so little round that it hardly counts people."""
    number = int(match.captured["year"])
    return 1700 <= number <= 2099 and number % 50 != 0


def is_unnumbered(at: Place) -> bool:
    """No "Kapitel 12.3.", "Bundesstraße 2020"."""
    return at.before is None or not at.before.text.lower().endswith(tuple(at.grammar.words["numbering_endings"]))


def is_unit_free(at: Place) -> bool:
    """ "um 20.15", not "um 20.15 Prozent"."""
    return at.after is None or at.after.text.lower() not in at.grammar.words["number_units_after"]


def is_spoken_hour(at: Place) -> bool:
    """ "Um elf verließ er das Haus", "am Montag um elf"; not "um elf Rebellen", "stieg um drei"."""
    if at.match.captured.get("clock_part"):
        return True
    if at.after is not None and at.after.kind not in ("punctuation", "finite", "preposition", "coordination"):
        return False
    tokens = at.sentence.tokens
    index = bisect_left(tokens, at.match.start, key=lambda token: token.start) - 1
    while index >= 0 and tokens[index].text.lower() in at.grammar.words["clock_leads"]:
        index -= 1
    if index < 0 or tokens[index].kind == "punctuation":
        return at.after is not None and at.after.kind == "finite"
    return any(at.grammar.has(name, tokens[index].text) for name in ("weekday", "deictic", "daypart"))
