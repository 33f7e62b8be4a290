"""What looks like a time and is none: "2003 Menschen", "Resolution 1701", "Guten Morgen", "je früher, desto besser"."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from typing import NamedTuple

from pipeline.records import Sentence, Token
from pipeline.sentences.verbs import FINITE, find_readings
from pipeline.times.grammar import Grammar, Match

_FAR = 40  # words around
_COMPOUND = 20  # letters of a compound that tell what it is
_ADULT = 14  # years: "die 14-jährige" is a person, "der zehnjährige Krieg" a time


class _Place(NamedTuple):
    """A match with its neighbours in the sentence."""

    match: Match
    text: str
    before: Token | None
    after: Token | None
    grammar: Grammar
    sentence: Sentence


def is_time(match: Match, text: str, sentence: Sentence, first: int, grammar: Grammar) -> bool:
    """Whether a match stands where a time can stand; ``first`` is the index of its first token."""
    tokens = sentence.tokens
    last = bisect_right(tokens, match.end - 1, key=lambda token: token.start)
    after = tokens[last] if last < len(tokens) else None
    if after is not None and after.start == match.end and after.text == "%":
        return False
    check = _CHECKS.get(match.rule.checks or "")
    return check is None or check(_Place(match, text, tokens[first - 1] if first else None, after, grammar, sentence))


def _is_year(at: _Place) -> bool:
    """A number of four digits stands for a year unless something is counted or numbered by it."""
    words = at.grammar.words
    before, after = at.before, at.after
    previous = before.text.lower() if before else ""
    strong = previous in words["year_leads_strong"]
    if previous in words["not_year_nouns"] or not _is_unnumbered(at):
        return False
    if before is not None and before.kind == "number" and before.end + 1 >= at.match.start:
        return False  # part of a longer number
    if before is not None and _is_label(at, before):
        return False
    if _NUMBERED.search(at.text, max(0, at.match.start - 10), at.match.start) or _is_title(at):
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


_NUMBERED = re.compile(r"(?<!\d)(?:\d{1,3}|0\d{3})[-–/](?:\d{4}[-–/])?$")  # "Heft 12/2020", "0800-2022"


def _is_label(at: _Place, before: Token) -> bool:
    """ "Nr. 1983", "die Straße M 1945"."""
    if before.text == ".":
        before = _token_before(at, before) or before
        return before.text.lower() in at.grammar.words["not_year_nouns"]
    return len(before.text) == 1 and before.text.isupper()


def _is_title(at: _Place) -> bool:
    """ "der Film „1917“", "die Wochenzeitung „Der Freitag“": nothing else stands between the quotation marks."""
    closed = at.after is not None and at.after.text in _QUOTES and at.after.start == at.match.end
    before = at.before
    if not closed or before is None:
        return False
    if before.text in _QUOTES:
        return before.end == at.match.start
    return before.kind == "article" and before.text[0].isupper() and at.text[before.start - 1 : before.start] in _QUOTES


_QUOTES = frozenset("„“”\"»«'‚‘’")


def _is_weekday(at: _Place) -> bool:
    """Not "Welt am Sonntag", "der Schwarze Freitag", „Der Freitag“."""
    words = at.grammar.words
    if _is_surname(at) or (at.before is not None and at.before.text.lower() in words["weekday_epithets"]):
        return False
    front = at.text[max(0, at.match.start - _COMPOUND) : at.match.start].lower().rstrip()
    return not front.endswith(tuple(words["newspaper_leads"])) and not _is_title(at)


def _is_surname(at: _Place) -> bool:
    """ "Frau August", "Minister Sonntag", "Peter Freitag"."""
    if at.before is None or not at.text[at.match.start].isupper():
        return False
    return at.before.text.lower() in at.grammar.words["titles"] or at.before.text in at.grammar.given_names


def _is_season(at: _Place) -> bool:
    """Not "der Prager Frühling", "Winter-Mode"; "Winter-Offensive"."""
    if at.text.startswith("-", at.match.end) and not _is_dated_compound(at):
        return False
    named = at.before is not None and at.before.text in at.grammar.words["season_epithets"]
    return not named and not _is_surname(at)


def _is_no_name(at: _Place) -> bool:
    """Not "die Straße des 17. Juni", "die Bewegung 20. Februar"."""
    words, before = at.grammar.words, at.before
    while before is not None and (before.kind == "number" or before.text == "."):
        before = _token_before(at, before)
    if before is not None and before.text.lower() in words["genitive_leads"]:
        before = _token_before(at, before)
    return before is None or not before.text.lower().endswith(tuple(words["named_after"]))


def _token_before(at: _Place, token: Token) -> Token | None:
    index = bisect_left(at.sentence.tokens, token.start, key=lambda token: token.start)
    return at.sentence.tokens[index - 1] if index else None


def _is_unit_free(at: _Place) -> bool:
    """ "um 20.15", not "um 20.15 Prozent"."""
    return at.after is None or at.after.text.lower() not in at.grammar.words["number_units_after"]


def _is_spoken_hour(at: _Place) -> bool:
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


def _is_unnumbered(at: _Place) -> bool:
    """No "Kapitel 12.3.", "Bundesstraße 2020"."""
    return at.before is None or not at.before.text.lower().endswith(tuple(at.grammar.words["numbering_endings"]))


def _is_initial(at: _Place) -> bool:
    """ "Freitags wird demonstriert", not "des Freitags"."""
    return at.before is None or at.before.kind == "punctuation"


def _is_inside_attribute(at: _Place) -> bool:
    """ "die 1918 einsetzende Epidemie", "das 1994 erschienene Buch"."""
    leads = ("article", "preposition", "name", "punctuation")
    if at.before is None or at.after is None or at.before.kind not in leads or not _is_odd_year(at.match):
        return False
    return _is_participle(at.after, at.grammar)


def _is_before_name(at: _Place, after: Token) -> bool:
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


def _is_only_verb(at: _Place, word: Token) -> bool:
    """ "2014 besetzte Russland die Krim": no other word can be the verb of the sentence."""
    tokens = at.sentence.tokens
    index = bisect_left(tokens, word.start, key=lambda token: token.start)
    return (
        any(reading.form in FINITE for reading in find_readings(word.text.lower(), at.grammar.code))
        and index + 2 < len(tokens)
        and tokens[index + 2].kind in ("article", "pronoun")
        and not any(token.kind == "finite" for token in tokens[max(0, index - _FAR) : index + _FAR])
    )


def _second_after(at: _Place, after: Token) -> str | None:
    position = bisect_right(at.sentence.tokens, after.start, key=lambda token: token.start)
    return at.sentence.tokens[position].kind if position < len(at.sentence.tokens) else None


def _is_range_of_units(at: _Place) -> bool:
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


def _is_month(at: _Place) -> bool:
    """ "im August", not "August Bebel": a first name has no preposition in front and a name right behind. "Ende des
    Mais", not "Mais"."""
    words = at.grammar.words
    if _words(at).lower() in words["other_nouns"] and not _is_genitive(at):
        return False
    if not _is_no_name(at):
        return False
    if _is_surname(at):
        return False
    if at.before is not None and at.before.text in words["month_epithets"]:
        return False  # "Schwarzer September"
    if at.after is not None and at.after.text in words["regnal_articles"] and _is_subject(at):
        return False  # "August der Starke"
    if at.text.startswith("-", at.match.end):  # "Juli-Offensive", not "Mai-Tai"
        return _is_dated_compound(at)
    if (
        at.after is None
        or at.after.kind != "name"
        or at.text[at.match.end : at.after.start] != " "
        or at.sentence.heading
    ):
        return True
    return at.before is not None and at.before.kind not in ("name", "coordination", "punctuation")


def _is_dated_compound(at: _Place) -> bool:
    compound = at.text[at.match.end + 1 : at.match.end + _COMPOUND].lower()
    return compound.startswith(tuple(at.grammar.words["dated_compounds"]))


def _is_subject(at: _Place) -> bool:
    """Whether a capitalised word follows the article behind, and no preposition stands in front."""
    position = bisect_right(at.sentence.tokens, at.match.end, key=lambda token: token.start) + 1
    behind = at.sentence.tokens[position : position + 1]
    free = at.before is None or at.before.kind in ("punctuation", "name", "coordination")
    return free and bool(behind) and behind[0].text[0].isupper()


def _is_no_surname(at: _Place) -> bool:
    """ "im Ramadan", not "Omar Ramadan"."""
    before = at.before
    if before is None or before.kind != "name" or before.start == at.sentence.tokens[0].start:
        return True
    return before.text.lower() in at.grammar.words["festive_nouns"] or before.text.islower() or " " in _words(at)


def _is_genitive(at: _Place) -> bool:
    return at.before is not None and at.before.text.lower() in at.grammar.words["genitive_leads"]


def _words(at: _Place) -> str:
    return at.text[at.match.start : at.match.end]


def _is_odd_year(match: Match) -> bool:
    """Whether a number is so little round that it hardly counts people."""
    number = int(match.captured["year"])
    return 1700 <= number <= 2099 and number % 50 != 0


def _is_no_age(at: _Place) -> bool:
    """ "drei Jahre alt", "die 24-Jährige", "der 47-jährige Mann" tell an age, not a time."""
    words = at.grammar.words
    if at.after is not None and at.after.text.lower() in words["age_words"]:
        return False
    index = bisect_left(at.sentence.tokens, at.match.start, key=lambda token: token.start)
    if any(token.text.lower() in words["age_nouns"] for token in at.sentence.tokens[max(0, index - 2) : index]):
        return False
    if _is_span_of_ages(at, index):
        return False
    if at.before is not None and at.before.text.lower() in words["age_leads"]:
        return at.grammar.key_of("unit", at.match.captured["unit"]) != "year" if at.match.captured.get("unit") else True
    adjective = at.match.captured.get("unit_adjective")
    if adjective and at.grammar.key_of("unit-adjective", adjective) == "year":
        if (
            adjective[0].isupper()
            or at.text[at.match.start].isupper()
            or int(at.match.captured.get("digits") or 0) >= _ADULT
        ):
            return False
        position = bisect_right(at.sentence.tokens, at.match.end, key=lambda token: token.start)
        return not any(t.text.lower() in words["person_nouns"] for t in at.sentence.tokens[position - 1 : position + 2])
    return True


def _is_span_of_ages(at: _Place, index: int) -> bool:
    """ "Kinder zwischen sechs und elf Jahren"."""
    words, tokens = at.grammar.words, at.sentence.tokens
    front = tokens[max(0, index - 4) : index]
    return (
        len(front) == 4
        and front[1].text.lower() in words["span_openers"]
        and front[0].text.lower() in words["person_nouns"]
    )


def _is_singular(at: _Place) -> bool:
    """ "im vergangenen Jahre" is one year, "der vergangenen Jahre" are many."""
    if not at.match.captured["unit_word"].lower().endswith("e"):
        return True
    words = at.grammar.words
    dative = at.match.captured.get("modifier", "").lower().endswith(tuple(words["dative_endings"]))
    return dative or (at.before is not None and at.before.text.lower() in words["dative_leads"])


def _is_deictic(at: _Place) -> bool:
    """ "morgen" the day, not "Morgen" the part of a day: that one is capitalised inside a sentence."""
    word = at.text[at.match.start : at.match.end]
    if _is_title(at) or at.text.startswith("-", at.match.end):
        return False  # die Zeitung „Heute“, das „heute-journal“
    if at.before is not None and word[0].isupper() and at.before.kind != "punctuation" and not word.isupper():
        return False
    return (
        at.before is None or at.before.text.lower() not in at.grammar.words["deictic_not_before"] or word[0].islower()
    )


def _is_daypart(at: _Place) -> bool:
    if at.after is not None and at.after.start == at.match.end and at.after.text.startswith("-"):
        return False
    return (
        at.before is None
        or at.before.text.lower() not in at.grammar.words["greetings"]
        or at.text[at.match.start].islower()
    )


def _is_reference(at: _Place) -> bool:
    """Not "nie zuvor", "so bald"; not "Myanmar (früher Birma)", where a name follows in the brackets."""
    word = at.text[at.match.start : at.match.end].lower()
    stops = at.grammar.words["reference_checks"].get(word)
    if at.before is not None and stops is not None and at.before.text.lower() in stops:
        return False
    if at.before is not None and at.before.text == "(" and at.after is not None and at.after.kind == "name":
        return False
    return not (
        at.text[at.match.start].isupper()
        and at.before is not None
        and at.before.kind != "punctuation"
        and " " not in word
        and word.isalpha()
        and not at.text[at.match.start : at.match.end].isupper()
        and not word.startswith(tuple(at.grammar.words["reference_nouns"]))
    )


def _is_per(at: _Place) -> bool:
    """ "400 Euro im Monat", "bis zu 200 Patienten am Tag": a number and what it counts stand in front."""
    tokens = at.sentence.tokens
    first = bisect_left(tokens, at.match.start, key=lambda token: token.start)
    return (
        first > 1
        and tokens[first - 1].kind in ("name", "number", "punctuation")
        and any(
            token.kind == "number" or token.text.lower() in at.grammar.words["counts"]
            for token in tokens[max(0, first - 3) : first]
        )
    )


def _is_since_then(at: _Place) -> bool:
    """The adverb, not the conjunction "seitdem er kam"."""
    return not any(
        clause.span.start == at.match.start and clause.kind == "subordinate" for clause in at.sentence.clauses
    )


_CHECKS: Mapping[str, Callable[[_Place], bool]] = {
    "number": _is_year,
    "weekday": _is_weekday,
    "season": _is_season,
    "no-name": _is_no_name,
    "no-unit": _is_unit_free,
    "spoken-hour": _is_spoken_hour,
    "unnumbered": _is_unnumbered,
    "initial": _is_initial,
    "month": _is_month,
    "no-age": _is_no_age,
    "no-surname": _is_no_surname,
    "singular": _is_singular,
    "deictic": _is_deictic,
    "daypart": _is_daypart,
    "reference": _is_reference,
    "per": _is_per,
    "since-then": _is_since_then,
}
