"""What a text without a date says about its day all the same: days that it counts from, weekdays that it calls its own,
anniversaries that it expects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from pipeline import language, resolve
from pipeline.records import Reason, Sentence, TimeMention
from pipeline.sentences import split_sentences
from pipeline.times import find_times
from pipeline.times.amounts import find_amount
from pipeline.times.direction import find_outlook
from pipeline.times.grammar import load_grammar
from pipeline.times.known_days import KnownDays

_STORY = 20_000  # characters that are searched
_HEAD = 600  # characters at either end in which a day named in full is a candidate by itself
_MOST = 7  # candidates
_APPOSITION = 8  # characters between "gestern" and ", am 12. Juli 2025"
_DAY = timedelta(days=1)
_WEEK = 7
_DAYS = {"day": 1, "week": _WEEK}
_AMOUNT = re.compile(r"P(\d{1,3})([DWMY])")
_WEEKDAY = re.compile(r"XXXX-WXX-(\d)")
_MONTH_DAY = re.compile(r"XXXX-(\d\d)-(\d\d)")


class _Story(NamedTuple):
    """A text with its sentences and expressions; relative ones have no days yet."""

    text: str
    code: str
    sentences: tuple[Sentence, ...]
    mentions: tuple[TimeMention, ...]
    words: dict[str, Any]

    def inside(self, sentence: Sentence) -> list[TimeMention]:
        start, end = sentence.span
        return [mention for mention in self.mentions if start <= mention.span.start < end]

    def said(self, mention: TimeMention) -> str:
        return self.text[slice(*mention.span)].lower()

    def day_of(self, mention: TimeMention) -> date | None:
        """The day that an expression names in full."""
        named = mention.rule.startswith("day.") and mention.certainty == "explicit" and mention.when is not None
        return mention.when.start if named and mention.when is not None else None

    def beside(self, number: int) -> date | None:
        """The day named in full right behind an expression: "gestern, am 12. Juli 2025", "heutigen 15. April 2025"."""
        if number + 1 >= len(self.mentions):
            return None
        one, other = self.mentions[number], self.mentions[number + 1]
        gap = self.text[one.span.end : other.span.start]
        if len(gap) > _APPOSITION or any(word.strip(",()") not in self.words["joints"] for word in gap.lower().split()):
            return None
        return self.day_of(other)


def _read(text: str, code: str) -> _Story:
    head = text[:_STORY]
    sentences = split_sentences(head, code)
    return _Story(
        head, code, sentences, find_times(head, sentences, None, code), language.words(code, "published")["clues"]
    )


def find_told(text: str, code: str) -> date | None:
    """The day that a text calls its today, yesterday or tomorrow, when it calls no other so."""
    story = _read(text, code)
    grammar = load_grammar(code)
    told = set()
    for number, mention in enumerate(story.mentions):
        day = story.beside(number)
        if day is None or _is_quoted(story, mention):
            continue
        first = story.said(mention).split()[0]
        if grammar.has("deictic", first):
            told.add(day - int(grammar.key_of("deictic", first)) * _DAY)
    return told.pop() if len(told) == 1 else None


def _is_quoted(story: _Story, mention: TimeMention) -> bool:
    return any(
        clause.quoted and clause.span.start <= mention.span.start < clause.span.end
        for sentence in story.sentences
        if sentence.span.start <= mention.span.start < sentence.span.end
        for clause in sentence.clauses
    )


def find_candidates(text: str, code: str) -> dict[date, Reason]:
    """Days on which a text may have been published, the strongest clue first, with the reason of each."""
    story = _read(text, code)
    clues = (_count_back, _expect_anniversaries, _find_own_weekday)
    found = next((days for clue in clues if (days := dict(clue(story)))), {})
    for day, reason in _find_named(story):
        found.setdefault(day, reason)
    own = _own_weekday(story)
    fitting = [(day, reason) for day, reason in found.items() if own is None or day.isoweekday() == own]
    return dict(fitting[:_MOST])


Clue = Iterator[tuple[date, Reason]]


def _count_back(story: _Story) -> Clue:
    """ "Vor genau zwei Jahren, am 15. April 2023", "vor genau einem Jahr ... Nur einen Tag später, am 20. September
    2023", "genau ein Jahr nach dem Angriff vom 7. Oktober 2023"."""
    for number, mention in enumerate(story.mentions):
        amount = _AMOUNT.fullmatch(mention.timex_value)
        if amount is None or mention.rule not in ("offset.ago", "offset.year-ago-from"):
            continue
        exact = any(word in _words_around(story, mention) for word in story.words["exact"])
        if not exact and amount[2] != "D":
            continue
        origin = story.beside(number) or (_later_origin(story, number) if exact else None)
        if origin is None and exact and not _names_weekday(story, mention):
            origin = next((day for day in map(story.day_of, _same_sentence(story, mention)) if day is not None), None)
        if origin is not None:
            day = _add(origin, int(amount[1]), amount[2])
            yield day, Reason("published.counted", (("origin", origin.isoformat()), ("words", story.said(mention))))


def _words_around(story: _Story, mention: TimeMention) -> list[str]:
    """The words of an expression and the one in front of it: "genau | ein Jahr nach"."""
    front = story.text[: mention.span.start].lower().split()[-1:] if mention.rule != "offset.ago" else []
    return [*front, *story.said(mention).split()]


def _same_sentence(story: _Story, mention: TimeMention) -> list[TimeMention]:
    at = mention.span.start
    sentence = next((s for s in story.sentences if s.span.start <= at < s.span.end), None)
    return story.inside(sentence) if sentence is not None else []


def _names_weekday(story: _Story, mention: TimeMention) -> bool:
    return any(_WEEKDAY.fullmatch(other.timex_value) for other in _same_sentence(story, mention))


def _later_origin(story: _Story, number: int) -> date | None:
    """The day that is meant when the next expression counts on from it to a day named in full: "einen Tag später, am
    20. September 2023"."""
    following = story.mentions[number + 1] if number + 1 < len(story.mentions) else None
    day = story.beside(number + 1)
    if following is None or day is None or following.rule != "offset.anaphoric":
        return None
    grammar = load_grammar(story.code)
    read = grammar.rules_by_id[following.rule].pattern.match(story.said(following))
    captured = {name: value for name, value in read.groupdict().items() if value is not None} if read else {}
    amount = find_amount(captured, grammar)
    days = _DAYS.get(str(grammar.key_of("unit", captured["unit"]))) if captured else None
    if amount is None or days is None:
        return None
    past = captured["sign"] in grammar.words["offset_signs"]["past"]
    return day + round(amount * days) * (_DAY if past else -_DAY)


def _expect_anniversaries(story: _Story) -> Clue:
    """The days before the weekday on which a day named in full returns: "Kommenden Dienstag jährt sich der Überfall",
    "am kommenden Montag - genau ein Jahr nach dem Angriff"."""
    for sentence in story.sentences:
        inside = story.inside(sentence)
        said = story.text[slice(*sentence.span)].lower().split()
        returns = any(word in said for word in story.words["returns"]) or any(
            mention.rule == "offset.year-ago-from" and mention.timex_value.endswith("Y") and _is_exact(story, mention)
            for mention in inside
        )
        weekdays = [found[1] for mention in inside if (found := _WEEKDAY.fullmatch(mention.timex_value))]
        if not returns or not weekdays:
            continue
        for origin in _origins(story):
            years = (_add(origin, more, "Y") for more in range(1, 30))
            back = next((day for day in years if day.isoweekday() == int(weekdays[0])), None)
            if back is not None:
                reason = Reason("published.anniversary", (("origin", origin.isoformat()), ("day", back.isoformat())))
                yield from ((back - timedelta(days=n), reason) for n in range(1, _WEEK))


def _is_exact(story: _Story, mention: TimeMention) -> bool:
    return any(word in _words_around(story, mention) for word in story.words["exact"])


def _origins(story: _Story) -> Iterator[date]:
    """Days that may return: those named in full, and those named without their year that the table of known days
    has for what the text speaks of."""
    known = KnownDays(story.text, load_grammar(story.code))
    for mention in story.mentions:
        day = story.day_of(mention)
        month_day = _MONTH_DAY.fullmatch(mention.timex_value)
        if day is not None:
            yield day
        elif month_day:
            yield from known.find_days(int(month_day[1]), int(month_day[2]))


def _find_own_weekday(story: _Story) -> Clue:
    """ "Noch an diesem Montag", "am heutigen Dienstag": such days behind the last day that the text tells as past, up
    to the first that it tells as still to come."""
    weekday = _own_weekday(story)
    past, ahead = _bracket(story)
    if weekday is None or past is None:
        return
    first = resolve.find_weekday(past, weekday - 1, "future")
    days = (first + timedelta(days=_WEEK * more) for more in range(_MOST))
    reason = Reason("published.weekday", (("origin", past.isoformat()),))
    yield from ((day, reason) for day in days if ahead is None or day <= ahead)


def _own_weekday(story: _Story) -> int | None:
    """The weekday of publication (1 is Monday), when the text names one and only one as "this" or "today's"."""
    own = set()
    for mention in story.mentions:
        found = _WEEKDAY.fullmatch(mention.timex_value)
        if found and story.said(mention).split()[0] in story.words["own"] and not _is_quoted(story, mention):
            own.add(int(found[1]))
    return own.pop() if len(own) == 1 else None


def _bracket(story: _Story) -> tuple[date | None, date | None]:
    """The last day told as past and the first told as still to come. A day without its year takes the latest one before
    what is to come, or behind the last day that has one."""
    grammar = load_grammar(story.code)
    past: list[date] = []
    ahead: list[date] = []
    open_days: list[tuple[int, int]] = []
    for sentence in story.sentences:
        for mention in story.inside(sentence):
            day, month_day = story.day_of(mention), _MONTH_DAY.fullmatch(mention.timex_value)
            outlook = find_outlook(sentence, mention.span.start, mention.span.end, True, grammar)
            until = story.text[: mention.span.start].lower().split()[-2:]
            if day is not None:
                to_come = outlook.direction == "future" or any(word in story.words["until"] for word in until)
                (ahead if to_come else past).append(day)
            elif month_day and outlook.direction == "past":
                open_days.append((int(month_day[1]), int(month_day[2])))
    limit = min(ahead, default=None)
    for month, number in open_days:
        base = limit or max(past, default=None)
        found = resolve.find_day(resolve.find_year(base, (month, number), "past"), month, number) if base else None
        if found is not None and limit is not None:
            past.append(found)
    known = [day for day in past if limit is None or day <= limit]
    return max(known, default=None), limit


def _find_named(story: _Story) -> Clue:
    """The days named in full near the beginning and the end, latest first; behind one that is named by its weekday too,
    the week that follows it: a report names the weekdays of its own week."""
    near = [
        (mention, day)
        for mention in story.mentions
        if (day := story.day_of(mention)) is not None
        and (mention.span.start < _HEAD or mention.span.end > len(story.text) - _HEAD)
    ]
    for mention, day in sorted(near, key=lambda one: one[1], reverse=True):
        yield day, Reason("published.named", (("origin", day.isoformat()),))
        if _has_weekday(story, mention):
            reason = Reason("published.week", (("origin", day.isoformat()),))
            yield from ((day + timedelta(days=more), reason) for more in range(1, _WEEK))


def _has_weekday(story: _Story, mention: TimeMention) -> bool:
    """ "Freitag, dem 13. Juni 2025", "Freitag (13. Juni 2025)"."""
    grammar = load_grammar(story.code)
    words = re.findall(r"\w+", story.text[: mention.span.end].lower())[-_APPOSITION:]
    inside = re.findall(r"\w+", story.said(mention))
    front = words[: -len(inside)][-2:] if len(words) > len(inside) else []
    return any(grammar.has("weekday", word) for word in (*front, *inside))


def _add(day: date, amount: int, unit: str) -> date:
    """A day some days, weeks, months or years on, none beyond the calendar; 29 February becomes 1 March."""
    try:
        if unit in "DW":
            return day + timedelta(days=amount * (_WEEK if unit == "W" else 1))
        moved = resolve.add_months(day, amount * (12 if unit == "Y" else 1))
    except OverflowError:
        return date.max
    return moved if moved.day == day.day else moved + _DAY
