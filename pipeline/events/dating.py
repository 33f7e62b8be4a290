"""When it happened: which time expression dates an event, and what an event without one may take over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from pipeline.events.lexicon import Lexicon, find_nouns, load_taxonomy
from pipeline.events.scopes import Scope, find_phrase, index_at
from pipeline.events.triggers import Trigger
from pipeline.records import DateCertainty, Document, Modality, Reason, TimeMention, When

_REACH = 7  # words between a noun and the time expression that belongs to it
_MARKS = 3  # signs in front of the hour of an entry: "+++ 14:05 +++"
_REACH_OF_SUPERLATIVE = 4  # words of "schwerste russische Angriff seit"


class Dated(NamedTuple):
    when: When | None
    certainty: DateCertainty
    time: int | None
    ongoing: bool
    reason: Reason


UNDATED = Dated(None, "unknown", None, False, Reason("events.date_none"))


def _length(when: When) -> int:
    if when.start is None or when.end is None:
        return 1 << 20
    return (when.end - when.start).days


def _says_until(scope: Scope, mention: TimeMention, lexicon: Lexicon) -> bool:
    """ "bis zum 3. April": the end of something, no date of a completed act."""
    first = index_at(scope, mention.span.start)
    words = {scope.token(i).text.lower() for i in range(max(0, first - 2), first + 1)}
    return bool(words & lexicon.cues["until"])


def is_since(scope: Scope, mention: TimeMention, lexicon: Lexicon) -> bool:
    """ "seit Montag", "seit Beginn der Kämpfe am Montag"."""
    return _find_since(scope, mention, lexicon) is not None


def _find_since(scope: Scope, mention: TimeMention, lexicon: Lexicon) -> int | None:
    first = index_at(scope, mention.span.start)
    for i in range(first, max(-1, first - _REACH), -1):
        token = scope.token(i)
        if token.text.lower() in lexicon.cues["since"]:
            return i
        if i < first and token.kind not in ("name", "article", "word") and i < first - 1:
            return None
    return None


def _compares(scope: Scope, mention: TimeMention, lexicon: Lexicon) -> bool:
    """ "erstmals seit zehn Jahren", "der schwerste Angriff seit Mai": dates nothing."""
    if not is_since(scope, mention, lexicon):
        return False
    first = index_at(scope, mention.span.start)
    before = [scope.token(i) for i in range(max(0, first - _REACH_OF_SUPERLATIVE), first + 1)]
    endings = tuple(lexicon.cues["superlative_endings"])
    return any(
        token.text.lower() in lexicon.cues["first_words"] or (token.kind == "word" and token.text.endswith(endings))
        for token in before
    )


def find_own_times(
    trigger: Trigger, scope: Scope, triggers: Sequence[Trigger], times: Sequence[TimeMention], lexicon: Lexicon
) -> list[int]:
    """The time expressions of a clause that belong to one of its triggers. What stands with an occasion in front of
    the finite verb ("nach dem Putsch vom 26. Juli") dates the occasion, all else the clause."""
    asides = [
        t for t in triggers if t.aside and t.phrase and t.phrase.preposition in lexicon.cues["occasion_prepositions"]
    ]
    found = []
    for number in scope.times:
        position = index_at(scope, times[number].span.start)
        owner = None
        for aside in asides:
            between = scope.finite is not None and aside.word < scope.finite < position
            if aside.word < position <= aside.word + _REACH and not between:
                owner = aside
        if owner is None:
            if trigger not in asides:
                found.append(number)
        elif owner is trigger:
            found.append(number)
    found = [n for n in found if not _dates_other(index_at(scope, times[n].span.start), triggers, scope, lexicon)]
    found = [n for n in found if not _dates_topic(index_at(scope, times[n].span.start), trigger, scope, lexicon)]
    if trigger.phrase is not None and trigger.phrase.preposition in lexicon.cues["topic_prepositions"]:
        behind = range(trigger.word, trigger.word + _REACH)  # "für die Tötung seines Chefs Ende Mai"
        found = [n for n in found if index_at(scope, times[n].span.start) in behind] or found
    return found


def _dates_other(position: int, triggers: Sequence[Trigger], scope: Scope, lexicon: Lexicon) -> bool:
    """ "sprach von einem Bruch der Waffenruhe von 2020": behind "von" the time of a noun that tells no event here."""
    before = position - 1 if scope.token(position).text.lower() not in lexicon.cues["of_prepositions"] else position
    if before < 1 or scope.token(before).text.lower() not in lexicon.cues["of_prepositions"]:
        return False
    noun = scope.token(before - 1)
    named = find_nouns(lexicon, noun.text) or noun.text.lower() in lexicon.cues["named_after_places"]
    return bool(named) and before - 1 not in {trigger.word for trigger in triggers}


def _dates_topic(position: int, trigger: Trigger, scope: Scope, lexicon: Lexicon) -> bool:
    """ "Als Vergeltung für den Angriff am 7. April": a time that belongs to a noun which is only talked about."""
    for i in range(position - 1, max(-1, position - 1 - _REACH), -1):
        token = scope.token(i)
        if i == trigger.word or token.kind in ("punctuation", "finite"):
            return False
        if token.kind == "name" and find_nouns(lexicon, token.text):
            phrase = find_phrase(scope.sentence, i, lexicon, scope.gaps)
            return phrase.preposition in lexicon.cues["topic_prepositions"]
    return False


def _is_label(scope: Scope, mention: TimeMention, lexicon: Lexicon) -> bool:
    """ "13.00 Uhr: Vor sechs Tagen ...": the hour of an entry in a ticker."""
    behind = index_at(scope, mention.span.end - 1) + 1
    tokens = scope.sentence.tokens
    return behind < len(tokens) and tokens[behind].text in lexicon.cues["label_marks"]


def is_entry(number: int | None, scope: Scope, times: Sequence[TimeMention], lexicon: Lexicon) -> bool:
    """Does an entry of a chronology or a ticker begin with this expression: "13. November: ", "+++ 14:05 +++ "?"""
    if number is None or times[number].timex_type not in ("DATE", "TIME") or scope.number > 1 or not scope.words:
        return False
    leads = index_at(scope, times[number].span.start) <= scope.words[0] + _MARKS
    return leads and _is_label(scope, times[number], lexicon)


def choose_time(
    numbers: Sequence[int],
    scope: Scope,
    times: Sequence[TimeMention],
    completed: bool,
    published: date | None,
    lexicon: Lexicon,
) -> int | None:
    """The most exact of several expressions; "bis X" and what is still to come date nothing that is over."""
    best: int | None = None
    for number in numbers:
        mention = times[number]
        if mention.when is None or mention.timex_type == "SET":
            continue
        if completed and _says_until(scope, mention, lexicon) and not is_since(scope, mention, lexicon):
            continue
        if (len(numbers) > 1 and _is_label(scope, mention, lexicon)) or _compares(scope, mention, lexicon):
            continue
        start = mention.when.start
        if completed and published is not None and start is not None and start > published:
            continue
        if best is None or _length(mention.when) < _length(times[best].when or mention.when):
            best = number
    return best


def day(published: date) -> When:
    return When(published, published + timedelta(days=1), "day")


def find_known(
    trigger: Trigger, scope: Scope, countries: frozenset[str], named: frozenset[str], lexicon: Lexicon
) -> Dated | None:
    """A date from data/taxonomy/known_events.yaml, for what reports name without one. ``countries`` are all that the
    report names, ``named`` those of the mention itself."""
    article = trigger.phrase.article if trigger.phrase else None
    if trigger.kind != "noun" or (article is not None and article not in lexicon.cues["definite_articles"]):
        return None  # "ein Massaker" is none that is known
    word = scope.token(trigger.word).text.lower()
    for entry in load_taxonomy().known:
        words = entry["words"].get(lexicon.language, ())
        if not any(word.startswith(known) or word.endswith(known) for known in words):
            continue
        if (
            entry["country"] in countries
            and ({entry["country"], entry["actor"]} & named)
            and "first_mention" not in entry
        ):
            when = When(entry["start"], entry["end"] + timedelta(days=1), "day")
            return Dated(when, "inferred", None, False, Reason("events.date_known", (("entry", entry["id"]),)))
    return None


def from_mention(
    number: int, scope: Scope, document: Document, lexicon: Lexicon, trigger: Trigger | None = None
) -> Dated:
    """The date that an expression of the clause gives to what it tells, or to a ``trigger``. In "Seit den Angriffen am
    Montag starben viele" the deaths last from Monday to the report, and the attacks were on Monday; so was what stands
    behind the conjunction: "seit am Montag Rebellen angriffen"."""
    mention, published = document.times[number], document.published
    shown = document.text[mention.span.start : mention.span.end]
    reason = Reason("events.date_own", (("expression", shown),))
    when, since, first = mention.when, _find_since(scope, mention, lexicon), index_at(scope, mention.span.start)
    if since is None or scope.clause.opener in lexicon.cues["since"]:
        return Dated(when, mention.certainty, number, False, reason)
    if trigger is not None and since < trigger.word < first:
        return Dated(when, mention.certainty, number, False, reason)
    if when is None:
        return Dated(None, mention.certainty, number, True, reason)
    if scope.clause.pluperfect:
        return Dated(replace(when, end=None), mention.certainty, number, False, reason)
    if since < first - 1 and published is not None and when.end is not None:
        end = max(when.end, published + timedelta(days=1))
        when = replace(when, end=end, precision="range", time=None)
    return Dated(when, mention.certainty, number, True, reason)


def date_event(
    trigger: Trigger,
    scope: Scope,
    own: Dated | None,
    sentence: Dated | None,
    saying: Dated | None,
    focus: Dated | None,
    modality: Modality,
    published: date | None,
    earlier: bool,
    entry: bool = False,
) -> Dated:
    """The date of an event from what stands nearest: its own expression, that of its sentence, the day of the saying,
    the date in focus, the day's news; else none. In an ``entry`` of a chronology all is of its date."""
    if own is not None:
        return own
    clause, rule = scope.clause, trigger.rule
    if trigger.aside or modality == "denied":
        return UNDATED
    if modality in ("planned", "hypothetical"):
        return UNDATED
    if sentence is not None and not (rule.speech or rule.frame == "say"):
        return sentence._replace(certainty="inferred", reason=Reason("events.date_sentence", sentence.reason.values))
    if saying is not None:
        return saying._replace(certainty="inferred", reason=Reason("events.date_saying", saying.reason.values))
    if entry and focus is not None and clause.tense != "future":
        return focus._replace(
            certainty="inferred", ongoing=False, reason=Reason("events.date_focus", focus.reason.values)
        )
    if rule.speech or rule.frame == "say":
        if sentence is not None and not clause.pluperfect:
            return sentence._replace(
                certainty="inferred", reason=Reason("events.date_sentence", sentence.reason.values)
            )
        if clause.pluperfect or published is None:
            return UNDATED
        return Dated(day(published), "reporting-time", None, False, Reason("events.date_reporting"))
    is_preterite = clause.tense == "past" and not clause.perfect
    if clause.pluperfect and earlier:
        return UNDATED
    told = (
        is_preterite
        or clause.pluperfect
        or rule.casualties
        or (modality == "negated" and not (clause.perfect and clause.mood == "indicative"))
    )
    # "will zwei Jets abgeschossen haben", "behauptet, ein Lager zerstört zu haben"
    hearsay = clause.perfect and (clause.modal is not None or clause.kind == "infinitive")
    if focus is not None and (told or hearsay):
        return focus._replace(
            certainty="inferred", ongoing=False, reason=Reason("events.date_focus", focus.reason.values)
        )
    if clause.pluperfect or published is None or modality == "negated":
        return UNDATED
    return Dated(day(published), "reporting-time", None, False, Reason("events.date_reporting"))
