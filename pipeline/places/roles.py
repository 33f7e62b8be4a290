"""Tells what a place name does in its sentence: it says where something happens (location), it stands for a government
that acts (actor: "Moskau warnte"), or it only places something else (context: datelines, parents, origins)."""

from __future__ import annotations

from pipeline.gazetteer import Gazetteer
from pipeline.gazetteer.build import read_table
from pipeline.places.recognise import Spotted
from pipeline.places.words import load_words
from pipeline.records import Clause, Place, PlaceRole, Sentence, Token
from pipeline.times.direction import find_clause

_capitals: dict[int, frozenset[str]] = {}


def capital_ids(gazetteer: Gazetteer) -> frozenset[str]:
    """Ids of the places that stand for their governments: the capitals of all countries."""
    key = id(gazetteer)
    if key not in _capitals:
        found = set()
        for row in read_table("countries"):
            for candidate in gazetteer.find(row["capital"]):
                if candidate.place.country == row["iso3"] and candidate.place.precision == "city":
                    found.add(candidate.place.id)
                    break
        _capitals[key] = frozenset(found)
    return _capitals[key]


def find_role(
    mention: Spotted, place: Place, sentence: Sentence, previous: PlaceRole | None, capitals: frozenset[str], code: str
) -> PlaceRole:
    """The role by the words around the name; ``previous`` is the role of the name it is coordinated with."""
    words = load_words(code)
    tokens = sentence.tokens
    if _is_dateline(mention, sentence, words.sets["dateline_agencies"]):
        return "context"
    if mention.joined and previous is not None:
        return previous
    if mention.compound:
        return "context"  # "Kenia-Reise"
    political = place.precision == "country" or place.id in capitals
    preposition = mention.preposition
    noun = _noun_before(tokens, mention)
    if not political:
        return _local_role(noun, preposition, words.sets)
    clause_index = find_clause(sentence, mention.span.start)
    clause = sentence.clauses[clause_index] if clause_index is not None else None
    if mention.genitive:
        return "actor" if place.precision == "country" or preposition is None else "location"
    if preposition is not None:
        return _role_with_preposition(mention, place, preposition, noun, clause, tokens, words.sets)
    return _role_without_preposition(mention, place, noun, clause, tokens, words.sets)


def _local_role(noun: str | None, preposition: str | None, sets: dict[str, frozenset[str]]) -> PlaceRole:
    """Towns and regions that stand for no government."""
    if noun in sets["office_nouns"] or (preposition is None and noun in sets["parent_nouns"]):
        return "context"
    return "location"


def _role_with_preposition(
    mention: Spotted,
    place: Place,
    preposition: str,
    noun: str | None,
    clause: Clause | None,
    tokens: tuple[Token, ...],
    sets: dict[str, frozenset[str]],
) -> PlaceRole:
    country = place.precision == "country"
    after = tokens[mention.last + 1] if mention.last + 1 < len(tokens) else None
    if preposition in sets["with_actor"]:
        return "actor"
    if noun in sets["pressure_nouns"]:
        return "actor"
    if (
        preposition == "von"
        and after is not None
        and after.kind in ("word", "participle")
        and after.text[0].islower()
        and (
            after.text.endswith(("ten", "te", "tem", "ter", "tes", "nen", "ne", "nem", "ner"))
            or after.kind == "participle"
        )
    ):
        return "actor"  # "die von Moskau besetzte Krim"
    if preposition == "aus" and country:
        return "actor" if noun in sets["people_nouns"] else "context"
    if preposition == "an" and clause is not None and clause.verb in sets["appeal_verbs"]:
        return "actor"
    if noun in sets["office_nouns"]:
        return "context"
    if preposition == "gegen" and country:
        return "context"
    if preposition in ("von", "zwischen") and country:
        return "actor"
    return "location"


def _role_without_preposition(
    mention: Spotted,
    place: Place,
    noun: str | None,
    clause: Clause | None,
    tokens: tuple[Token, ...],
    sets: dict[str, frozenset[str]],
) -> PlaceRole:
    """A bare name: subject or object of its clause, or a genitive behind a noun ("Hauptstadt der Republik Kongo")."""
    before = tokens[mention.first - 1] if mention.first else None
    genitive_article = before is not None and before.kind == "article" and before.text.lower() in ("der", "des")
    behind = tokens[mention.last + 1 : mention.last + 3]
    if len(behind) == 2 and behind[0].text == "," and behind[1].text.lower() in sets["where"]:
        return "location"
    if noun is not None and genitive_article:
        return "context"
    if mention.kind in ("city", "village"):
        return "location"
    if clause is not None and clause.verb in sets["captured_verbs"] and place.precision != "country":
        # "die M23 nahm Kinshasa ein": the object of taking is a place; the subject in front of the verb acts.
        in_front = bool(clause.verb_spans) and mention.span.end <= clause.verb_spans[0].start
        return "actor" if in_front and not clause.passive and clause.kind == "main" else "location"
    return "actor"


def _noun_before(tokens: tuple[Token, ...], mention: Spotted) -> str | None:
    """The noun in front of the preposition or article that leads to the name: "Druck auf Moskau", "Verbündeten der
    Ukraine"."""
    position = mention.first - 1 - (mention.kind is not None)
    steps = 0
    while position >= 0 and steps < 4:
        token = tokens[position]
        if token.kind == "name":
            return token.text.lower()
        if token.kind not in ("article", "preposition", "word", "number"):
            return None
        position -= 1
        steps += 1
    return None


def _is_dateline(mention: Spotted, sentence: Sentence, agencies: frozenset[str]) -> bool:
    """ "Kiew/Moskau (dpa) -" at the start of a sentence."""
    if mention.first > 4:
        return False
    for token in sentence.tokens[mention.last + 1 : mention.last + 8]:
        if token.text in ("–", "—", "-"):
            return True
        if token.text in ("/", ",", "(", ")") or token.text.lower() in agencies or token.kind == "name":
            continue
        return False
    return False
