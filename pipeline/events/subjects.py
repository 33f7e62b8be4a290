"""Who acts in a clause: its own subject, or that of the clause that it goes on with or hangs on."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.actors.knowledge import is_person
from pipeline.actors.words import is_plural_mention, is_plural_verb
from pipeline.events.casualties import find_number
from pipeline.events.lexicon import Lexicon, find_nouns, find_tags
from pipeline.events.parts import Part, are_joined
from pipeline.events.relatives import find_antecedent
from pipeline.events.scopes import Scope, find_phrase
from pipeline.sentences.verbs import FINITE, find_forms


def find_subjects(
    scope: Scope, scopes: Sequence[Scope], all_parts: Sequence[Sequence[Part]], lexicon: Lexicon
) -> list[Part]:
    """The actors that are the subject of a clause; infinitives and second predicates take them from their neighbour."""
    parts = all_parts[scope.number]
    clause = scope.clause
    if clause.kind == "infinitive":
        return _find_controllers(scope, scopes, all_parts, lexicon)
    antecedent = find_antecedent(scope, all_parts, lexicon)
    if antecedent is not None and antecedent.function == "subject":
        return list(antecedent.parts)
    bare = [part for part in parts if part.function == "bare"]
    plain = [part for part in bare if not part.derived and _agrees(scope, part, lexicon)]
    if plain and not _goes_on(scope, plain[0], lexicon) and not _has_other_subject(scope, plain[0], lexicon):
        leads = bare[0].derived and scope.finite is not None and bare[0].last < scope.finite < plain[0].first
        return _first_group(scope, bare[:1] if leads else plain)  # "Russische Raketen trafen Zivilisten"
    if scope.number > 0 and (shares_subject(scope) or _lists_on(scope, scopes, lexicon)):
        previous = scopes[scope.number - 1]
        while previous.clause.kind == "infinitive" and previous.number > 0:
            previous = scopes[previous.number - 1]
        if previous.clause.kind == clause.kind:
            shared = find_subjects(previous, scopes, all_parts, lexicon)
            if shared:
                return shared
    derived = [part for part in bare if part.derived]
    return _first_group(scope, derived) if derived else []


def _agrees(scope: Scope, part: Part, lexicon: Lexicon) -> bool:
    """Several are no subject of a verb in the singular ("Ein Trupp hat zwei Soldaten erschossen"), except behind a noun
    that counts them."""
    verb = scope.token(scope.finite).text if scope.finite is not None else ""
    if not verb or not find_forms(verb.lower(), lexicon.language) <= FINITE:
        return True  # perhaps a participle whose auxiliary stands elsewhere
    if is_plural_verb(verb, lexicon.language) or scope.lower & lexicon.cues["expletives"]:
        return True
    before = part.first - 1
    while before > 0 and scope.token(before).kind == "word" and find_number(scope.token(before).text, lexicon) is None:
        before -= 1
    token = scope.token(max(0, before))
    if (find_number(token.text, lexicon) or 1) > 1:
        return False
    counts = token.kind == "name" and before not in scope.timed  # "eine Gruppe Rebellen"
    counts = counts and find_phrase(scope.sentence, before, lexicon, scope.gaps).preposition is None
    if counts or token.kind == "preposition" or token.text.lower() in lexicon.cues["articles_one"]:
        return True
    words = [scope.token(i).text for i in range(part.first, part.last + 1)]
    return not is_plural_mention(part.mention, words, lexicon.language)


def _goes_on(scope: Scope, first: Part, lexicon: Lexicon) -> bool:
    """ "... und töteten Soldaten", "(als Jets Natans angriffen) und General N. N. töteten": the subject stands in the
    clause before; ``first`` is the actor that could be one."""
    words = scope.words
    if scope.number == 0 or not shares_subject(scope):
        return False
    if scope.finite is None or (len(words) > 1 and scope.finite == words[1]):
        return True
    actor = first.mention.actor
    return actor is not None and is_person(actor) and is_plural_verb(scope.token(scope.finite).text, lexicon.language)


def _has_other_subject(scope: Scope, first: Part, lexicon: Lexicon) -> bool:
    """A pronoun that only can be the subject and stands for nobody known ("Er rief die Rebellen auf"), or an attack or
    weapon in front of the verb ("Ein Luftangriff tötete drei Soldaten")."""
    starts = {mention.span.start for mention in scope.actors}
    for i in scope.words:
        token = scope.token(i)
        if i >= first.first:
            break
        if token.text.lower() in lexicon.cues["subject_pronouns"] and token.start not in starts:
            return True
        if token.kind == "name" and scope.finite is not None and scope.finite < first.first:
            attacks = any(entry.rule.type == "ASSAULT" and not entry.weak for entry in find_nouns(lexicon, token.text))
            phrase = find_phrase(scope.sentence, i, lexicon, scope.gaps)
            oblique = (
                phrase.preposition
                or phrase.article in lexicon.cues["articles_object"] | lexicon.cues["articles_oblique"]
            )
            if (attacks or "weapon" in find_tags(lexicon, token.text)) and not oblique and phrase.head is None:
                return True
    return False


def shares_subject(scope: Scope) -> bool:
    """ "und zerstörte ...", or a clause whose auxiliary stands in the one before: "(haben) Brücken getroffen"."""
    if not scope.words:
        return False
    opens = scope.token(scope.words[0]).kind == "coordination"
    return opens or (scope.clause.mood is not None and scope.finite is None)


def _lists_on(scope: Scope, scopes: Sequence[Scope], lexicon: Lexicon) -> bool:
    """ "Sie befreiten Gefangene, plünderten Banken und ...": a main clause that opens with its verb behind another of
    the same tense; not "..., teilte ein Sprecher mit"."""
    clause, before = scope.clause, scopes[scope.number - 1].clause
    verb_first = scope.finite is not None and scope.words[:1] == (scope.finite,)
    says = any(rule.speech or rule.frame == "say" for rule in lexicon.verbs.get(clause.verb or "", ()))
    alike = clause.kind == before.kind == "main" and clause.tense == before.tense and not before.passive
    return verb_first and alike and not says and clause.verb not in lexicon.cues["report_verbs"]


def _first_group(scope: Scope, parts: Sequence[Part]) -> list[Part]:
    """The first part with those that "und" joins to it."""
    group = [parts[0]]
    for part in parts[1:]:
        if not are_joined(scope, group[-1].last, part.first):
            break
        group.append(part)
    return group


def _find_controllers(
    scope: Scope, scopes: Sequence[Scope], all_parts: Sequence[Sequence[Part]], lexicon: Lexicon
) -> list[Part]:
    """Who is to do what an infinitive says: the subject of the governing clause, or whom it asks or lets do it."""
    parent = scope.clause.parent
    if parent is None or parent >= scope.number:
        return []
    governor = scopes[parent]
    subjects = find_subjects(governor, scopes, all_parts, lexicon)
    if governor.clause.verb not in lexicon.cues["object_control_verbs"]:
        return subjects
    asked = ("bare", "object", "dative")
    return [
        part
        for part in all_parts[parent]
        if part not in subjects
        and (part.function in asked or part.preposition in lexicon.cues["addressee_prepositions"])
    ]
