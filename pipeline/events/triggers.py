"""Which words of a clause say that something happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.events.casualties import find_casualties
from pipeline.events.lexicon import Lexicon, NounEntry, Rule, find_prefix_tags, load_taxonomy
from pipeline.events.scopes import Phrase, Scope, find_phrase
from pipeline.records import Span

_MOST_TRIGGERS = 12  # in one clause


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger in its clause. ``word`` is the index of its token; ``phrase`` what stands before a noun;
    ``aside`` tells that the noun only names the occasion of another happening ("nach dem Angriff")."""

    rule: Rule
    span: Span
    word: int
    kind: Literal["verb", "noun", "continued"]
    mode: str | None
    acled: str | None
    phrase: Phrase | None = None
    aside: bool = False
    cancelled: bool = False


def is_fitting(rule: Rule, scope: Scope, lexicon: Lexicon, near: frozenset[str] = frozenset()) -> bool:
    """Does the clause hold what the rule asks for? A rule of saying also looks at what is said."""
    if rule.with_tags and not rule.with_tags & scope.tags and not (rule.speech and rule.with_tags & near):
        return False
    if rule.without_tags and (rule.without_tags & scope.tags or (rule.speech and rule.without_tags & near)):
        return False
    if rule.negated and not scope.clause.negated and not lexicon.cues["nearly_none"] & scope.lower:
        return False
    if rule.active and scope.clause.passive:
        return False
    return not rule.passive or scope.clause.passive


def _best(rules: tuple[Rule, ...], scope: Scope, lexicon: Lexicon, near: frozenset[str]) -> Rule | None:
    fitting = [rule for rule in rules if is_fitting(rule, scope, lexicon, near)]
    return max(fitting, key=lambda rule: (rule.demands, -rule.order)) if fitting else None


def find_weapon(rule: Rule, scope: Scope, noun: str | None, lexicon: Lexicon) -> tuple[str | None, str | None]:
    """Mode and ACLED sub-event: a weapon in the noun or the clause decides where the rule leaves it open."""
    taxonomy = load_taxonomy()
    mode, key = rule.mode, rule.acled
    if key in ("attack", "clash", "violence", "battles") and rule.type == "ASSAULT":
        named = find_prefix_tags(lexicon.language, noun) if noun else frozenset()
        for tags in (named, scope.tags):
            for weapon, weapon_mode, weapon_key in taxonomy.weapons:
                if weapon in tags and (key in ("attack", "violence") or tags is named):
                    return rule.mode or weapon_mode, taxonomy.acled[weapon_key]
    if key == "attack":
        return mode, None
    return mode, taxonomy.acled.get(key) if key else None


def find_verb(scope: Scope, lexicon: Lexicon, near: frozenset[str]) -> Trigger | None:
    """The clause's verb as a trigger."""
    clause = scope.clause
    if clause.verb is None or clause.main_span is None:
        return None
    rule = _best(lexicon.verbs.get(clause.verb, ()), scope, lexicon, near)
    if rule is None:
        return None
    word = next(
        (i for i in scope.words if scope.token(i).start == clause.main_span.start), scope.words[0] if scope.words else 0
    )
    mode, acled = find_weapon(rule, scope, None, lexicon)
    return Trigger(rule, clause.main_span, word, "verb", mode, acled)


def _followed(rule: Rule, scope: Scope, index: int) -> bool:
    tokens = scope.sentence.tokens
    return not rule.followed or (index + 1 < len(tokens) and tokens[index + 1].text.lower() in rule.followed)


def _fitting_entry(entries: tuple[NounEntry, ...], scope: Scope, index: int, lexicon: Lexicon) -> NounEntry | None:
    fitting = [e for e in entries if is_fitting(e.rule, scope, lexicon) and _followed(e.rule, scope, index)]
    return max(fitting, key=lambda e: (e.rule.demands, -e.rule.order)) if fitting else None


def find_triggers(scope: Scope, lexicon: Lexicon, near: frozenset[str] = frozenset()) -> list[Trigger]:
    """All triggers of a clause. A noun beside a verb that only says that it takes place is the event; beside a verb
    that is an event itself, a noun counts when it names an occasion ("nach dem Angriff") or what is reported.
    ``near`` are classes of words in the clauses that depend on this one: what a promise promises."""
    clause = scope.clause
    if scope.noun is not None and not scope.times:
        return []  # "die von Moskau besetzte Krim" tells what is; "die im März besetzte Stadt" what happened
    verb = find_verb(scope, lexicon, near)
    light = clause.verb is None or clause.verb in lexicon.cues["light_verbs"]
    found: list[Trigger] = []
    mediates = lexicon.cues["mediating_prepositions"]
    tokens = scope.sentence.tokens
    for index in scope.words:
        token = tokens[index]
        entries = lexicon.event_nouns[token.text]
        if not entries or token.kind in ("finite", "article", "preposition"):
            continue
        if len(found) == _MOST_TRIGGERS:
            break
        entry = _fitting_entry(entries, scope, index, lexicon)
        if entry is None:
            continue
        phrase = find_phrase(scope.sentence, index, lexicon, scope.gaps)
        aside = phrase.preposition in lexicon.cues["event_prepositions"] or clause.verb in lexicon.cues["naming_verbs"]
        if not is_event_noun(entry, phrase, scope, verb, lexicon):
            continue
        if verb is not None and entry.rule.frame == "mediate" and phrase.preposition in mediates:
            continue  # "unter Vermittlung Katars haben sie ...": who mediated that
        if entry.rule.type == "ASSAULT" and any(t.rule.type == "CONSULT" and not t.aside for t in found):
            continue  # a clause tells of talks or of fighting; beside talks, fighting is their subject
        mode, acled = find_weapon(entry.rule, scope, token.text, lexicon)
        cancelled = clause.verb in lexicon.cues["cancel_verbs"] and not aside
        span = Span(token.start, token.end)
        found.append(Trigger(entry.rule, span, index, "noun", mode, acled, phrase, aside, cancelled))
    if verb is not None and not (found and light and any(not t.aside for t in found)):
        found.insert(0, verb)
    if not found or (verb is not None and found == [verb] and _reports(scope, lexicon)):
        found += find_counted(scope, lexicon)
    return found or find_predicate(scope, lexicon)


def _reports(scope: Scope, lexicon: Lexicon) -> bool:
    return scope.clause.verb in lexicon.cues["report_verbs"]


def find_counted(scope: Scope, lexicon: Lexicon) -> list[Trigger]:
    """ "Pakistan meldete 31 getötete Zivilisten": an attribute that counts people, where no verb tells of them."""
    attributes: Sequence[str] = lexicon.counts["dead_attributes"]
    light = scope.clause.verb is None or scope.clause.verb in lexicon.cues["light_verbs"] or _reports(scope, lexicon)
    if not light or not scope.lower.intersection(attributes):
        return []
    rule = next((rule for rule in lexicon.rules if rule.toll), None)
    for index in scope.words[:-1]:
        token = scope.token(index)
        behind = scope.token(index + 1)
        counts = token.text in attributes and behind.kind == "name" and rule is not None
        if counts and rule is not None and counts_casualties(scope, lexicon):
            phrase = find_phrase(scope.sentence, index, lexicon, scope.gaps)
            return [Trigger(rule, Span(token.start, token.end), index, "noun", None, None, phrase)]
    return []


def counts_casualties(scope: Scope, lexicon: Lexicon) -> bool:
    toll = find_casualties([scope.token(i) for i in scope.words], lexicon)
    return bool(toll.fatalities or toll.injured)


def find_predicate(scope: Scope, lexicon: Lexicon) -> list[Trigger]:
    """ "Zwei Kollegen sind tot": a state as the trigger of the clause that counts people in it."""
    states: Sequence[str] = lexicon.counts["dead_predicates"]
    if not scope.lower.intersection(states):
        return []
    rule = next((rule for rule in lexicon.rules if rule.toll), None)
    for index in scope.words:
        token = scope.token(index)
        if rule is not None and token.text in lexicon.counts["dead_predicates"] and counts_casualties(scope, lexicon):
            return [Trigger(rule, Span(token.start, token.end), index, "verb", None, None)]
    return []


def is_event_noun(entry: NounEntry, phrase: Phrase, scope: Scope, verb: Trigger | None, lexicon: Lexicon) -> bool:
    """Does an event noun stand for something that happens here, or is it only talked about?"""
    cues, lemma, rule = lexicon.cues, scope.clause.verb, entry.rule
    aside = phrase.preposition in cues["event_prepositions"]
    if lemma in cues["deny_verbs"] and phrase.preposition in cues["rumour_prepositions"]:
        return bool(cues["rumour_nouns"] & scope.lower)
    if (
        _is_topic(scope, phrase, lexicon)
        or (entry.weak and _is_predicate(scope, phrase, lexicon))
        or (lemma in cues["end_verbs"] and scope.clause.kind == "infinitive")
    ):
        return False
    if (rule.toll and lemma in cues["care_verbs"]) or (lemma in cues["topic_verbs"] and not aside):
        return False
    if entry.weak and phrase.preposition in cues["warned_of"] and verb is not None and not rule.casualties:
        return lemma in cues["warning_verbs"]  # "vor der Wahl": only says when
    told = _is_told(entry, phrase, scope, lexicon)
    if told is not None:
        return told
    light = lemma is None or lemma in cues["light_verbs"]
    if scope.clause.kind == "infinitive" and not light and verb is None and _is_known_object(phrase, lexicon):
        return False
    if lemma in cues["naming_verbs"] and phrase.preposition is None and not entry.weak:
        return not _is_predicate(scope, phrase, lexicon)  # "nannte die Invasion eine Operation"
    if verb is not None and verb.rule.speech:
        return aside and phrase.preposition in cues["occasion_prepositions"] and not entry.weak
    if verb is not None and not light and not aside:
        return _does_damage(entry, phrase, scope, verb)
    if rule.toll and verb is None:
        return light or aside or counts_casualties(scope, lexicon)
    return not entry.weak or aside or (light and verb is None and _is_named_outright(entry, phrase, scope, lexicon))


def _is_known_object(phrase: Phrase, lexicon: Lexicon) -> bool:
    """ "(warf ihm vor,) das Attentat auszunutzen": speaks of what is known, and says no more of it."""
    return phrase.preposition is None and phrase.article in lexicon.cues["definite_articles"]


def _is_told(entry: NounEntry, phrase: Phrase, scope: Scope, lexicon: Lexicon) -> bool | None:
    """Beside a verb that announces, threatens, invites or reports: is the noun what it tells of? ``None`` beside any
    other verb."""
    cues, lemma = lexicon.cues, scope.clause.verb
    aside = phrase.preposition in cues["event_prepositions"]
    if lemma in cues["announce_verbs"] and not aside:
        return phrase.preposition is None
    if lemma in cues["threat_verbs"]:
        return phrase.preposition in cues["threat_prepositions"]
    if lemma in cues["invite_verbs"]:
        return phrase.preposition in cues["event_zu"] and entry.rule.type in ("CONSULT", "PROTEST")
    if lemma in cues["expect_verbs"]:
        awaited = (
            phrase.preposition in cues["event_zu"] and entry.rule.type == "CONSULT"
        )  # "wird zu Gesprächen erwartet"
        return awaited or phrase.preposition is None or phrase.preposition in cues["expected_prepositions"]
    if lemma in cues["report_verbs"] and not aside:
        if entry.weak and not entry.rule.casualties:
            return False
        return phrase.preposition is None or phrase.preposition in cues["report_prepositions"]
    return None


def _does_damage(entry: NounEntry, phrase: Phrase, scope: Scope, verb: Trigger) -> bool:
    """The noun is what did the damage: "Angriffe haben die Stromversorgung unterbrochen"."""
    if verb.rule.frame not in ("undergo", "victims", "flee") and verb.mode != "destroy":
        return False
    leads = phrase.preposition is not None or (scope.finite is not None and phrase.start < scope.finite)
    return entry.rule.type == "ASSAULT" and not entry.rule.casualties and not entry.weak and leads


def _is_named_outright(entry: NounEntry, phrase: Phrase, scope: Scope, lexicon: Lexicon) -> bool:
    """A weak noun beside a verb that only says that it takes place."""
    cues, lemma, rule = lexicon.cues, scope.clause.verb, entry.rule
    if phrase.start > 0 and scope.token(phrase.start - 1).kind == "coordination":
        return False
    if (lemma is None or lemma in cues["ongoing_verbs"] | cues["be_verbs"]) and not scope.times and not rule.casualties:
        return False
    if phrase.preposition is not None and phrase.preposition not in cues["event_zu"]:
        return lemma is None
    genitive = cues["articles_genitive"] | cues["articles_genitive_maybe"]
    return phrase.head is None or rule.casualties or phrase.article not in genitive


def _is_predicate(scope: Scope, phrase: Phrase, lexicon: Lexicon) -> bool:
    """ "als Vergeltung", "als eine Operation": what something is called."""
    return phrase.start > 0 and scope.token(phrase.start - 1).text.lower() in lexicon.cues["as"]


def _is_topic(scope: Scope, phrase: Phrase, lexicon: Lexicon) -> bool:
    """Only talked about: "über den Angriff", "Gefahr eines Krieges", "zur Beendigung der Kämpfe"."""
    if phrase.preposition in lexicon.cues["topic_prepositions"] and not (
        phrase.preposition in lexicon.cues["event_zu"] and scope.clause.verb in lexicon.cues["light_verbs"]
    ):
        return True
    head = phrase.head if phrase.preposition is None else phrase.start - 1
    if head is None or head < 0:
        return False
    word = scope.token(head).text.lower()
    if word in lexicon.cues["hit_nouns"] and scope.clause.verb in lexicon.cues["hit_verbs"]:
        return False  # "wurde Opfer eines Anschlags"
    return scope.token(head).kind == "name" and word in lexicon.cues["topic_nouns"]
