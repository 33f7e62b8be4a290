"""Names that look like a time: "August Bebel", "Peter Freitag", "Straße des 17. Juni", "der Prager Frühling"."""

from __future__ import annotations

from bisect import bisect_right

from pipeline.records import Token
from pipeline.times.checks.place import Place, is_part_of_title, said, token_before

_COMPOUND = 20  # letters of a compound that tell what it is


def is_month(at: Place) -> bool:
    """ "im August", not "August Bebel": a first name has no preposition in front and a name right behind. "Ende des
    Mais", not "Mais"."""
    words = at.grammar.words
    if said(at).lower() in words["other_nouns"] and not _is_genitive(at):
        return False
    if not is_no_name(at):
        return False
    if _is_surname(at) or _is_beside_verb(at):
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


def is_weekday(at: Place) -> bool:
    """Not "Welt am Sonntag", "der Schwarze Freitag", „Der Freitag“."""
    words = at.grammar.words
    if _is_surname(at) or (at.before is not None and at.before.text.lower() in words["weekday_epithets"]):
        return False
    front = at.text[max(0, at.match.start - _COMPOUND) : at.match.start].lower().rstrip()
    if at.before is not None and at.before.kind == "article" and _is_named(at, at.before):
        return False
    return not front.endswith(tuple(words["newspaper_leads"])) and not is_part_of_title(at)


def is_season(at: Place) -> bool:
    """Not "der Prager Frühling", "Winter-Mode"; "Winter-Offensive"."""
    if at.text.startswith("-", at.match.end) and not _is_dated_compound(at):
        return False
    named = at.before is not None and at.before.text in at.grammar.words["season_epithets"]
    return not named and not _is_surname(at) and not _is_beside_verb(at) and not is_part_of_title(at)


def is_no_name(at: Place) -> bool:
    """Not "die Straße des 17. Juni", "die Bewegung 20. Februar"."""
    words, before = at.grammar.words, at.before
    while before is not None and (before.kind == "number" or before.text == "."):
        before = token_before(at, before)
    if before is not None and before.text.lower() in words["genitive_leads"]:
        before = token_before(at, before)
    if before is not None and before.text.lower().endswith(tuple(words["named_after"])):
        return False
    return not is_part_of_title(at)


def is_no_surname(at: Place) -> bool:
    """ "im Ramadan", not "Omar Ramadan"."""
    before = at.before
    if is_part_of_title(at):
        return False
    if before is None or before.kind != "name" or before.start == at.sentence.tokens[0].start:
        return True
    return before.text.lower() in at.grammar.words["festive_nouns"] or before.text.islower() or " " in said(at)


def _is_surname(at: Place) -> bool:
    """ "Frau August", "Dr. März", "Minister Sonntag", "Peter Freitag"."""
    before = at.before
    if before is not None and before.text == ".":
        before = token_before(at, before)
    if before is None or not at.text[at.match.start].isupper():
        return False
    return before.text.lower() in at.grammar.words["titles"] or before.text in at.grammar.given_names


def _is_beside_verb(at: Place) -> bool:
    """ "dann sah Mai die Rote Karte": a verb right in front and no preposition; "es war Sommer" is a time."""
    before, after = at.before, at.after
    if before is None or before.kind != "finite" or before.lemma in at.grammar.words["becoming_verbs"]:
        return False
    return after is not None and after.kind in ("article", "preposition")


def _is_named(at: Place, article: Token) -> bool:
    """ "die Wochenzeitung Der Freitag": the article has a capital inside the sentence."""
    before = token_before(at, article)
    return article.text.istitle() and before is not None and before.kind == "name"


def _is_dated_compound(at: Place) -> bool:
    compound = at.text[at.match.end + 1 : at.match.end + _COMPOUND].lower()
    return compound.startswith(tuple(at.grammar.words["dated_compounds"]))


def _is_subject(at: Place) -> bool:
    """Whether a capitalised word follows the article behind, and no preposition stands in front."""
    position = bisect_right(at.sentence.tokens, at.match.end, key=lambda token: token.start) + 1
    behind = at.sentence.tokens[position : position + 1]
    free = at.before is None or at.before.kind in ("punctuation", "name", "coordination")
    return free and bool(behind) and behind[0].text[0].isupper()


def _is_genitive(at: Place) -> bool:
    return at.before is not None and at.before.text.lower() in at.grammar.words["genitive_leads"]
