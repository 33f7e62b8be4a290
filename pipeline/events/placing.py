"""Where it happened: the location mentions that belong to an event, or none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.events.lexicon import Lexicon
from pipeline.events.scopes import Scope, index_at
from pipeline.events.triggers import Trigger
from pipeline.records import Modality, Place, PlaceMention, Reason

_MOST = 3
_COARSE = ("country", "adm1", "region")
SETTLED = ("site", "village", "city", "district")
# Types whose events have a scene that the sentence around them may name.
_SCENES = frozenset({"ASSAULT", "COERCE", "PROTEST", "OTHER", "MOBILIZE", "AID", "RETREAT"})


class Placed(NamedTuple):
    places: tuple[Place, ...]
    own: bool  # named in the clause itself
    reason: Reason


NOWHERE = Placed((), False, Reason("events.place_none"))


def find_locations(trigger: Trigger, scope: Scope, triggers: Sequence[Trigger], lexicon: Lexicon) -> list[PlaceMention]:
    """The location mentions of the clause that belong to one of its triggers."""
    found = [
        mention
        for mention in scope.places
        if mention.role == "location"
        and mention.place is not None
        and not (_is_seat(mention, scope, lexicon) or only_names(mention, scope, lexicon))
    ]
    if not found:
        found = [mention for mention in scope.places if _is_area(mention, scope, lexicon)]
    if not found and trigger.rule.mode == "withdraw":  # "der Abzug aus Mali"
        found = [m for m in scope.places if m.role == "context" and m.place and is_origin(m, scope, lexicon)]
    occasions = [
        t for t in triggers if t.aside and t.phrase and t.phrase.preposition in lexicon.cues["occasion_prepositions"]
    ]
    if trigger in occasions:
        return [m for m in found if _follows(trigger, m, scope, lexicon)]
    return [m for m in found if not any(_follows(t, m, scope, lexicon) for t in occasions)]


def is_destination(mention: PlaceMention, scope: Scope, lexicon: Lexicon) -> bool:
    """ "nach Esmeraldas": where something goes."""
    return _preposition(scope, mention) in lexicon.cues["claim_prepositions"]


def is_origin(mention: PlaceMention, scope: Scope, lexicon: Lexicon) -> bool:
    """ "aus Israel": where something comes from."""
    return _preposition(scope, mention) in lexicon.cues["origin_prepositions"]


def is_struck(mention: PlaceMention, scope: Scope, lexicon: Lexicon) -> bool:
    """ "Angriff auf Goma", "nahmen Goma ein", "rückten in Goma ein": the place itself is what is attacked; "bei einem
    Angriff in Goma" only names the scene."""
    preposition, index = _find_preposition(scope, index_at(scope, mention.span.start))
    return preposition is None or strikes(preposition, scope.token(index + 1).text, scope, lexicon)


def strikes(preposition: str, article: str | None, scope: Scope, lexicon: Lexicon) -> bool:
    """Does a preposition with what follows it put what is attacked: "auf", "gegen", "in die"?"""
    moves = scope.clause.verb in lexicon.cues["enter_verbs"] or article in lexicon.cues["articles_direct"]
    within = preposition in lexicon.cues["place_prepositions"] and moves
    return within or preposition in lexicon.cues["struck_prepositions"]


def _is_area(mention: PlaceMention, scope: Scope, lexicon: Lexicon) -> bool:
    """ "im Nordosten Myanmars": a part of a country, where nothing finer is named."""
    first = index_at(scope, mention.span.start)
    if mention.place is None or mention.role != "context" or first < 2:
        return False
    noun = first - 2 if scope.token(first - 1).kind == "article" else first - 1
    directions, inside = lexicon.cues["direction_nouns"], lexicon.cues["venue_prepositions"]
    return noun > 0 and scope.token(noun).text.lower() in directions and scope.token(noun - 1).text.lower() in inside


def only_names(mention: PlaceMention, scope: Scope, lexicon: Lexicon) -> bool:
    """ "die Waffenruhe von Minsk", "auf dem Weg nach Peschawar": no scene."""
    preposition, index = _find_preposition(scope, index_at(scope, mention.span.start))
    if preposition is None or index < 1:
        return False
    noun = scope.token(index - 1).text.lower()
    agreed = preposition in lexicon.cues["of_prepositions"] and noun in lexicon.cues["named_after_places"]
    return agreed or (preposition in lexicon.cues["claim_prepositions"] and noun in lexicon.cues["way_nouns"])


_REACH_OF_SOURCE = 5  # words between "Angaben" and the place of who gave them


def _is_seat(mention: PlaceMention, scope: Scope, lexicon: Lexicon) -> bool:
    """ "nach Angaben des Ministeriums in Beirut": where the source sits."""
    first = index_at(scope, mention.span.start)
    if first and scope.token(first - 1).kind == "name":
        return False  # "hat laut Selenskyj | Kupjansk erobert"
    for i in range(first - 1, max(-1, first - 1 - _REACH_OF_SOURCE), -1):
        token = scope.token(i)
        if token.text.lower() in lexicon.cues["source_prepositions"]:
            return True
        if token.text.lower() in lexicon.cues["source_nouns"]:
            return scope.token(i + 1).kind in ("preposition", "article")  # not "nach Angaben Truppen nach Juba"
        genitive = token.text.lower() in lexicon.cues["articles_genitive"] | lexicon.cues["articles_genitive_maybe"]
        if token.kind not in ("preposition", "name", "word") and not genitive:
            return False
    return False


def _is_address(mention: PlaceMention, scope: Scope) -> bool:
    """ "das Ministerium in Kabul wies dies zurück": where the speaker is at home."""
    opener = _find_preposition(scope, index_at(scope, mention.span.start))[1]
    return any(
        index_at(scope, m.span.end - 1) == opener - 1 for m in scope.actors if m.actor and m.actor.sector == "GOV"
    )


def _follows(trigger: Trigger, mention: PlaceMention, scope: Scope, lexicon: Lexicon) -> bool:
    """ "nach dem Angriff auf Goma", but "(nach schweren Kämpfen) die Stadt Goma": an object of the verb."""
    position = index_at(scope, mention.span.start)
    between = scope.finite is not None and trigger.word < scope.finite < position
    if not trigger.word < position <= trigger.word + 6 or between:
        return False
    opener = scope.token(trigger.word + 1).text.lower()
    return opener not in lexicon.cues["articles_direct"] | lexicon.cues["articles_object"]


def _preposition(scope: Scope, mention: PlaceMention) -> str | None:
    return _find_preposition(scope, index_at(scope, mention.span.start))[0]


def _find_preposition(scope: Scope, first: int) -> tuple[str | None, int]:
    """The preposition in front of a phrase that begins at a token, in lower case, and its index."""
    for i in range(first - 1, max(-1, first - 6), -1):
        token = scope.token(i)
        if token.kind == "preposition" and i not in scope.timed:
            return token.text.lower(), i
        if i in scope.timed or token.kind not in ("article", "word", "name"):
            break
    return None, -1


def narrow(mentions: Sequence[PlaceMention]) -> tuple[Place, ...]:
    """Distinct places, without the region or country that a finer one of the same country stands in."""
    places: list[Place] = []
    for mention in mentions:
        if mention.place is not None and mention.place.id not in {place.id for place in places}:
            places.append(mention.place)
    fine = {place.country for place in places if place.precision in SETTLED}
    regions = {place.country for place in places if place.precision in ("adm1", "region")}
    waters = any(place.precision in ("sea", "river", "lake", "border") for place in places)
    kept = [
        place
        for place in places
        if not (place.precision == "country" and waters)
        and not (place.precision in _COARSE and place.country in fine)
        and not (place.precision == "country" and place.country in regions)
    ]
    return tuple((kept or places)[:_MOST])


def place_event(
    trigger: Trigger,
    scope: Scope,
    own: Sequence[PlaceMention],
    sentence: tuple[Place, ...],
    governing: tuple[Place, ...],
    venue: tuple[Place, ...],
    focus: tuple[Place, ...],
    modality: Modality,
    lexicon: Lexicon,
) -> Placed:
    """The places of an event: its clause's, else its sentence's, else the place in ``focus`` that its words take up.
    ``governing`` are the places of the clauses it hangs on by grammar, ``venue`` that of a saying."""
    rule = trigger.rule
    if scope.lower & lexicon.cues["virtual_cues"]:
        return NOWHERE
    if rule.frame == "say" or rule.type in ("STATEMENT", "ACCUSE", "REJECT", "REQUEST", "THREATEN", "SUPPORT"):
        spoken = [
            m
            for m in own
            if _preposition(scope, m) in lexicon.cues["venue_prepositions"]
            and m.place
            and m.place.precision in SETTLED
            and not _is_address(m, scope)
        ]
        if not spoken and venue and rule.type != "STATEMENT":
            return Placed(venue, False, Reason("events.place_sentence", (("place", _names(venue)),)))
        if not spoken:
            return NOWHERE
        return Placed(narrow(spoken), True, Reason("events.place_own", (("place", _names(narrow(spoken))),)))
    reports = scope.clause.verb in lexicon.cues["report_verbs"]  # "aus Gonaïves wurden Kämpfe gemeldet"
    here = [m for m in own if reports or not is_origin(m, scope, lexicon)] or list(own)
    if here:
        places = narrow(here)
        return Placed(places, True, Reason("events.place_own", (("place", _names(places)),)))
    bargained = rule.type == "RETREAT" and rule.frame == "together"  # what talks lead to happens elsewhere
    if governing and not trigger.aside and modality != "denied" and not bargained:
        return Placed(governing, False, Reason("events.place_sentence", (("place", _names(governing)),)))
    if focus and scope.lower & lexicon.cues["there"] and rule.type in ("AGREE", "CONSULT"):
        return Placed(focus, False, Reason("events.place_focus", (("place", _names(focus)),)))
    if rule.type not in _SCENES or modality in ("planned", "hypothetical", "denied"):
        return NOWHERE
    if sentence and not trigger.aside and not bargained:
        return Placed(sentence, False, Reason("events.place_sentence", (("place", _names(sentence)),)))
    if focus and not trigger.aside:
        return Placed(focus, False, Reason("events.place_focus", (("place", _names(focus)),)))
    return NOWHERE


def _names(places: Sequence[Place]) -> str:
    return ", ".join(place.name for place in places)
