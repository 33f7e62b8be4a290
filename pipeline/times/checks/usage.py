"""Words of time that mean something else where they stand: ages, greetings, "je früher, desto besser"."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from pipeline.times.checks.place import Place, is_title

_ADULT = 14  # years: "die 14-jährige" is a person, "der zehnjährige Krieg" a time


def is_initial(at: Place) -> bool:
    """ "Freitags wird demonstriert", not "des Freitags"."""
    return at.before is None or at.before.kind == "punctuation"


def is_no_age(at: Place) -> bool:
    """ "drei Jahre alt", "die 24-Jährige", "der 47-jährige Mann" tell an age, not a time."""
    words = at.grammar.words
    if at.after is not None and at.after.text.lower() in words["age_words"]:
        return False
    index = bisect_left(at.sentence.tokens, at.match.start, key=lambda token: token.start)
    if any(token.text.lower() in words["age_nouns"] for token in at.sentence.tokens[max(0, index - 2) : index]):
        return False
    if _is_span_of_ages(at, index):
        return False
    if _is_limit_of_age(at, index):
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


def _is_span_of_ages(at: Place, index: int) -> bool:
    """ "Kinder zwischen sechs und elf Jahren"."""
    words, tokens = at.grammar.words, at.sentence.tokens
    front = tokens[max(0, index - 4) : index]
    return (
        len(front) == 4
        and front[1].text.lower() in words["span_openers"]
        and front[0].text.lower() in words["person_nouns"]
    )


def _is_limit_of_age(at: Place, index: int) -> bool:
    """ "Kinder unter zwölf Jahren", "Menschen über 60 Jahre"."""
    words, tokens = at.grammar.words, at.sentence.tokens
    limit = index if tokens[index].text.lower() in words["age_limits"] else index - 1
    return (
        limit > 0
        and tokens[limit].text.lower() in words["age_limits"]
        and tokens[limit - 1].text.lower() in words["person_nouns"]
    )


def is_singular(at: Place) -> bool:
    """ "im vergangenen Jahre" is one year, "der vergangenen Jahre" are many."""
    if not at.match.captured["unit_word"].lower().endswith("e"):
        return True
    words = at.grammar.words
    dative = at.match.captured.get("modifier", "").lower().endswith(tuple(words["dative_endings"]))
    return dative or (at.before is not None and at.before.text.lower() in words["dative_leads"])


def is_deictic(at: Place) -> bool:
    """ "morgen" the day, not "Morgen" the part of a day: that one is capitalised inside a sentence."""
    word = at.text[at.match.start : at.match.end]
    if is_title(at) or at.text.startswith("-", at.match.end):
        return False  # die Zeitung „Heute“, das „heute-journal“
    if at.before is not None and word[0].isupper() and at.before.kind != "punctuation" and not word.isupper():
        return False
    return (
        at.before is None or at.before.text.lower() not in at.grammar.words["deictic_not_before"] or word[0].islower()
    )


def is_daypart(at: Place) -> bool:
    if at.after is not None and at.after.start == at.match.end and at.after.text.startswith("-"):
        return False
    return (
        at.before is None
        or at.before.text.lower() not in at.grammar.words["greetings"]
        or at.text[at.match.start].islower()
    )


def is_reference(at: Place) -> bool:
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


def is_per(at: Place) -> bool:
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


def is_since_then(at: Place) -> bool:
    """The adverb, not the conjunction "seitdem er kam"."""
    return not any(
        clause.span.start == at.match.start and clause.kind == "subordinate" for clause in at.sentence.clauses
    )
