"""Tells what a place name does in its sentence: it says where something happens (location), it stands for a government
that acts (actor: "Moskau warnte"), or it only places something else (context: datelines, parents, origins)."""

from __future__ import annotations

from functools import cache

from pipeline.actors.knowledge import load_states
from pipeline.gazetteer import Gazetteer
from pipeline.gazetteer.build import read_table
from pipeline.places.names import SETTLEMENTS
from pipeline.places.spotted import Spotted
from pipeline.places.words import PlaceWords, kind_of, load_words
from pipeline.records import Clause, Place, PlaceRole, Sentence, Token
from pipeline.times.direction import find_clause

_FARTHEST_DATELINE = 4  # words before the place in a dateline
_LONGEST_DATELINE = 14  # tokens from the place to the dash: "(Ukraine), 20.12.2025 –"
_DASHES = ("–", "—", "-")
_LONGEST_SOURCE = 8  # letters of what stands in brackets behind the place of a dateline


@cache
def capital_ids(gazetteer: Gazetteer) -> frozenset[str]:
    """Ids of the places that stand for their governments: capitals and seats of government of all countries."""
    found = set()
    seats = {(row["iso3"], row["capital"]) for row in read_table("countries")}
    seats |= {(country, seat) for country, state in load_states().items() for seat in state.seats}
    for country, seat in seats:
        for candidate in gazetteer.find(seat):
            if candidate.place.country == country and candidate.place.precision == "city":
                found.add(candidate.place.id)
                break
    return frozenset(found)


def find_role(
    mention: Spotted, place: Place, sentence: Sentence, previous: PlaceRole | None, capitals: frozenset[str], code: str
) -> PlaceRole:
    """The role by the words around the name; ``previous`` is the role of the name it is coordinated with."""
    words = load_words(code)
    tokens = sentence.tokens
    if _is_dateline(mention, sentence, words) or _is_topic(mention, place, sentence, capitals):
        return "context"
    if mention.joined and previous is not None:
        return previous
    if mention.parent:
        return "context"  # "das Dorf X in der Region Y"
    if mention.compound:
        return "context"  # "Kenia-Reise"
    noun = _noun_before(tokens, mention)
    if place.precision != "country" and place.id not in capitals and mention.name not in words.sets["political_areas"]:
        return _role_of_ground(mention, place, noun, words)
    if mention.genitive:
        return _role_of_genitive(mention, place, tokens, words)
    index = find_clause(sentence, mention.span.start)
    clause = sentence.clauses[index] if index is not None else None
    if mention.preposition is not None:
        return _role_with_preposition(mention, place, noun, clause, tokens, words)
    return _role_without_preposition(mention, place, noun, clause, tokens, words)


def _role_of_ground(mention: Spotted, place: Place, noun: str | None, words: PlaceWords) -> PlaceRole:
    """Towns and regions that stand for no government."""
    near = noun in words.sets["near_nouns"] and place.precision in (*SETTLEMENTS, "site")
    inside = noun in words.sets["parent_nouns"] and not near
    if _is_of_office(mention, noun, words) or (mention.preposition is None and inside):
        return "context"
    return "location"


def _is_of_office(mention: Spotted, noun: str | None, words: PlaceWords) -> bool:
    """ "die Regierung in Khartum", "der Emir von Katar"; but "die Gesandten in Dschidda" are there."""
    rules = noun in words.sets["ruler_nouns"] and mention.preposition in words.sets["ruler_prepositions"]
    return rules or noun in words.sets["office_nouns"]


def _role_of_genitive(mention: Spotted, place: Place, tokens: tuple[Token, ...], words: PlaceWords) -> PlaceRole:
    noun = tokens[mention.first - 1].text.lower() if mention.first else ""
    if mention.article or (place.precision == "country" and noun in words.sets["parent_nouns"]):
        return "context"  # "im Nordwesten des Iraks", "im Nordosten Myanmars"
    if (owned := _owned_noun(tokens, mention)) is not None and kind_of(owned, words.code) is not None:
        return "context"  # "Iraks zweitgrößte Stadt"
    behind = tokens[mention.last + 1] if mention.last + 1 < len(tokens) else None
    if noun in words.sets["people_nouns"] or noun in words.sets["pressure_nouns"]:
        return "actor"  # "Vertreter Riads", "nach Darstellung Kiews"
    follows = mention.first > 0 and tokens[mention.first - 1].kind == "name"
    if place.precision != "country" and follows and (behind is None or behind.kind != "name"):
        return "location"  # "in den Straßen Bangkoks", but "Kiews Armee"
    return "actor" if place.precision == "country" or mention.preposition is None else "location"


def _owned_noun(tokens: tuple[Token, ...], mention: Spotted) -> str | None:
    """The noun behind a name, over its adjectives."""
    for token in tokens[mention.last + 1 : mention.last + 4]:
        if token.kind == "name":
            return token.text
        if token.kind not in ("word", "number", "participle"):
            return None
    return None


def _role_with_preposition(
    mention: Spotted,
    place: Place,
    noun: str | None,
    clause: Clause | None,
    tokens: tuple[Token, ...],
    words: PlaceWords,
) -> PlaceRole:
    sets, preposition = words.sets, mention.preposition
    country = place.precision == "country"
    if preposition in sets["with_actor"] or noun in sets["pressure_nouns"]:
        return "actor"
    if noun in sets["parent_nouns"] and preposition not in sets["containing"]:
        return "context" if country else "location"  # "die Grenze zu Syrien"
    if preposition in sets["agent_prepositions"] and _is_agent(mention, clause, tokens, words):
        return "actor"  # "die von Moskau besetzte Krim"
    if preposition in sets["origin_prepositions"] and country:
        return "actor" if noun in sets["people_nouns"] else "context"
    if preposition in sets["appeal_prepositions"] and clause is not None and clause.verb in sets["appeal_verbs"]:
        return "actor"
    if _is_of_office(mention, noun, words) or (preposition in sets["target_prepositions"] and country):
        return "context"
    behind = tokens[mention.last + 1].text.lower() if mention.last + 1 < len(tokens) else ""
    if country and preposition in sets["agent_prepositions"] and behind in sets["way_prepositions"]:
        return "context"  # "die Straße von Armenien nach Bergkarabach"
    related = (preposition in sets["between_prepositions"] and noun in sets["relation_nouns"]) or (
        preposition in sets["bond_prepositions"] and noun in sets["bond_nouns"]
    )
    return "actor" if related or (preposition in sets["party_prepositions"] and country) else "location"


def _is_agent(mention: Spotted, clause: Clause | None, tokens: tuple[Token, ...], words: PlaceWords) -> bool:
    """Whether a participle follows that tells what the government does or did."""
    after = tokens[mention.last + 1] if mention.last + 1 < len(tokens) else None
    if after is None or not after.text[0].islower() or after.text in words.sets["distance_words"]:
        return False
    if after.kind in ("word", "participle") and after.text.endswith(words.attribute_endings):
        return True
    return after.kind == "participle" and clause is not None and clause.passive


def _role_without_preposition(
    mention: Spotted,
    place: Place,
    noun: str | None,
    clause: Clause | None,
    tokens: tuple[Token, ...],
    words: PlaceWords,
) -> PlaceRole:
    """A bare name: subject or object of its clause, or a genitive behind a noun ("Hauptstadt der Republik Kongo")."""
    before = tokens[mention.first - 1] if mention.first else None
    if noun is not None and before is not None and before.text.lower() in words.sets["genitive_articles"]:
        return "context"
    behind = tokens[mention.last + 1 : mention.last + 3]
    if len(behind) == 2 and behind[0].text == "," and behind[1].text.lower() in words.sets["where"]:
        return "location"
    if mention.kind in SETTLEMENTS or (behind and behind[0].text.lower() in words.sets["hit_nouns"]):
        return "location"  # "war Bamako Ziel eines Angriffs"
    if clause is None:
        return "actor"
    if clause.verb in words.sets["left_verbs"] and _is_object(mention, clause):
        return "location"
    if clause.verb in words.sets["captured_verbs"] and place.precision != "country":
        # "die M23 nahm Kinshasa ein": the object of taking is a place; the subject in front of the verb acts.
        in_front = bool(clause.verb_spans) and mention.span.end <= clause.verb_spans[0].start
        takes = before is not None and before.kind == "finite" and behind and behind[0].kind == "article"
        if takes and behind[0].text.lower() in words.sets["direct_articles"]:
            return "actor"  # "hatte Peking die Insel umzingelt"
        return "actor" if in_front and not clause.passive and clause.kind == "main" else "location"
    return "actor"


def _is_object(mention: Spotted, clause: Clause) -> bool:
    """Does a bare name stand behind the first part of the verb of a main clause: "verließen Mali", "haben Mali
    verlassen"?"""
    return clause.kind != "main" or (bool(clause.verb_spans) and mention.span.start > clause.verb_spans[0].start)


def _is_topic(mention: Spotted, place: Place, sentence: Sentence, capitals: frozenset[str]) -> bool:
    """ "Kolumbien: Zwei Anschläge an einem Tag": a country as the heading of what follows, or a town in front of an
    item of news; but "Moskau: Wir warten" in a headline speaks."""
    behind = sentence.tokens[mention.last + 1 : mention.last + 2]
    labels = mention.first == 0 and any(token.text == ":" for token in behind)
    return labels and (place.precision == "country" or place.id not in capitals or not sentence.heading)


def _noun_before(tokens: tuple[Token, ...], mention: Spotted) -> str | None:
    """The noun in front of the preposition or article that leads to the name: "Druck auf Moskau", "Verbündeten der
    Ukraine"."""
    position = mention.first - 1 - (mention.kind is not None)
    for token in reversed(tokens[max(0, position - 3) : position + 1]):
        if token.kind == "name":
            return token.text.lower()
        if token.kind not in ("article", "preposition", "word", "number"):
            return None
    return None


def _is_dateline(mention: Spotted, sentence: Sentence, words: PlaceWords) -> bool:
    """ "Kiew/Moskau (dpa) -" or "Bozen (lpa)." at the start of a sentence."""
    if mention.first > _FARTHEST_DATELINE:
        return False
    behind = [token.text for token in sentence.tokens[mention.last + 1 : mention.last + 8]]
    if not mention.preposition and (mention.first == 0 or mention.joined) and _is_source(behind):
        return True
    if not mention.preposition and not sentence.heading and _is_bare(sentence.tokens):
        return True
    if not mention.preposition and _names_agency(sentence.tokens[mention.last + 1 :], words):
        return True
    before = sentence.tokens[mention.last]
    for token in sentence.tokens[mention.last + 1 : mention.last + _LONGEST_DATELINE]:
        if token.text in _DASHES:
            return token.start > before.end  # "Aleppo–Damaskus" is a road
        before = token
        if token.text in ("/", ",", ".", "(", ")") or token.kind in ("name", "number"):
            continue
        if token.text.lower() not in words.sets["dateline_agencies"]:
            return False
    return False


def _is_bare(tokens: tuple[Token, ...]) -> bool:
    """ "Bangkok.", "Berlin, 25. Juli 2025.": nothing but a place and a day."""
    return len(tokens) <= _LONGEST_DATELINE and all(t.kind in ("name", "number", "punctuation") for t in tokens)


def _names_agency(behind: tuple[Token, ...], words: PlaceWords) -> bool:
    """ "Washington, 4. Dezember (kna) Am Morgen ...": an agency in brackets behind the place, a date between."""
    for i, token in enumerate(behind[:_LONGEST_DATELINE]):
        if token.text == "(":
            return i + 1 < len(behind) and behind[i + 1].text.lower() in words.sets["dateline_agencies"]
        if token.text not in ("/", ",", ".") and token.kind not in ("name", "number"):
            return False
    return False


def _is_source(behind: list[str]) -> bool:
    """Whether a sentence of nothing but short names in brackets goes on: "(abc/dpa)."."""
    if behind[:1] != ["("] or ")" not in behind:
        return False
    close = behind.index(")")
    return behind[close + 1 :] in ([], ["."]) and all(len(text) <= _LONGEST_SOURCE for text in behind[:close])
