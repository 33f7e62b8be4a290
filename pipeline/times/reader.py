"""Reads the matches of one text in order, against the date in focus."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta

from pipeline.records import DatePrecision, Sentence, Span, TimeMention, When
from pipeline.resolve import Interval
from pipeline.times.chronicle import find_entries, find_told
from pipeline.times.context import Context, Reading
from pipeline.times.direction import find_clause, find_outlook
from pipeline.times.grammar import Found, Match
from pipeline.times.operations import OPERATIONS
from pipeline.times.ranges import find_wrapper, is_range, open_interval

_DAYS = ("day", "weekday", "deictic-day")  # operations that name a day
_TIMES_OF_DAY = ("clock", "midnight", "daypart")
_IN_RANGES = ("day", "weekday", "month", "season")
_YEARLY = "P1Y"
_BESIDE = 8  # characters: " gegen "
_NEAR = 5  # words between an anniversary and its day
_LISTED = "day.of-list"
_COUNTED_ON = "offset.anaphoric"
_TITLE = 0.5  # of a heading: the date is what it says
_OPENING = 12  # characters: a date this near the start of a sentence opens it
_CONTEXT = 60  # characters before and after an expression that its checks may look at


class Reader:
    """Reads the matches of one text in order and keeps the date in focus."""

    def __init__(self, text: str, context: Context, found: Sequence[Found], apart: Sequence[Span] = ()) -> None:
        self.text, self.context, self.found = text, context, found
        starts = [one.match.start for one in found] if apart else []
        self.apart = {  # where expressions begin that the story does not take up
            start for span in apart for start in starts[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
        }
        self.focus_sentence = self.recurring_sentence = self.yearly_sentence = -10
        self.paragraph = self.heading = -1
        self.last_end = -1  # of the last expression
        self.entries = find_entries(text, found, context.grammar)
        self.entry: tuple[Interval, DatePrecision] | None = None  # the last one whose year the text tells
        self.told = find_told(text, found, context.published, context.grammar)
        self.looks_back = False
        self.looks_back = self._is_chronicle()

    def read_all(self) -> list[TimeMention]:
        mentions = []
        for index, one in enumerate(self.found):
            if one.sentence.paragraph != self.paragraph:
                self.paragraph = one.sentence.paragraph
                _return_to_chapter(self.context)
            reading = self._read_at(index)
            if reading is None:
                continue
            start, end, precision = reading.start, reading.end, reading.precision
            self.last_end = one.match.end
            mentions.append(_mention(one.match, open_interval(reading, one.match, self.context)))
            if reading.timex_type == "SET" and reading.value == _YEARLY and not one.match.captured.get("inflected"):
                self.yearly_sentence = one.number
            if reading.timex_type == "SET" or one.match.rule.id == _LISTED:
                self.recurring_sentence = one.number
            elif one.match.rule.op in _DAYS and (not index or self.found[index - 1].match.rule.id != _LISTED):
                self.recurring_sentence = -10
            if one.match.start in self.apart:
                continue
            if start is not None and end is not None and precision is not None:
                self._move_focus(one, reading, Interval(start, end), precision)
                self._move_entry(one, reading, Interval(start, end), precision)
            elif reading.reason == "unpublished" and reading.establishes and not self.context.narrative:
                # The story has moved on to a day that nobody knows; what follows counts from that one.
                self.context.focus = self.context.focus_precision = None
        return mentions

    def _is_chronicle(self) -> bool:
        """Whether a list of entries looks back as a whole: its last date lies behind the day of publication."""
        last = max(self.entries, default=-1)
        if self.context.published is None or last == min(self.entries, default=-1):
            return False
        reading = self._read(next(one for one in self.found if one.match.start == last))
        return reading is not None and reading.start is not None and reading.start <= self.context.published

    def _move_entry(self, one: Found, reading: Reading, named: Interval, precision: DatePrecision) -> None:
        """The next entry goes on from this one where the text tells its year, or from a heading that is a date."""
        context = self.context
        if one.match.start in self.entries:
            told = reading.certainty == "explicit" or context.listed
        elif one.sentence.heading and reading.certainty == "explicit":
            told = one.match.end - one.match.start > _TITLE * (one.sentence.span.end - one.sentence.span.start)
        else:
            return
        self.entry = (named, precision) if told else None

    def _read_at(self, index: int) -> Reading | None:
        one = self.found[index]
        self.context.until = self.context.origin = None
        if one.match.rule.op in _TIMES_OF_DAY:
            self.context.part = self._part_before(index)
            return self._read_time_of_day(index)
        if one.match.rule.op == "anniversary":
            self.context.origin = self._origin_behind(index)
        elif one.match.rule.id == _COUNTED_ON and self._is_named_behind(index):
            return self._read(self.found[index + 1])  # "drei Monate später, am 18. Mai"
        elif one.match.rule.op in _IN_RANGES and self._begins_range(index):
            end = self._read(self.found[index + 1])
            self.context.until = end.start if end is not None else None
        return self._read(one)

    def _is_named_behind(self, index: int) -> bool:
        """Whether the day that an expression counts on to stands right behind it."""
        behind = self.found[index + 1 : index + 2]
        if not behind or behind[0].match.rule.op not in ("day", "named-day"):
            return False
        gap = self.text[self.found[index].match.end : behind[0].match.start].lower().replace(",", " ").split()
        return gap == [] or (len(gap) == 1 and gap[0] in self.context.grammar.words["day_joints"])

    def _part_before(self, index: int) -> str | None:
        """The part of the day in front of a clock time: "am Sonntagabend gegen acht"."""
        if not index or self.found[index - 1].number != self.found[index].number:
            return None
        one, before = self.found[index].match, self.found[index - 1].match
        if one.start - before.end > _BESIDE or not before.captured.get("daypart"):
            return None
        return str(self.context.grammar.key_of("daypart", before.captured["daypart"]))

    def _begins_range(self, index: int) -> bool:
        """Whether an expression is the first of "Mai bis Juli", "zwischen Montag und Freitag"."""
        if index + 1 >= len(self.found):
            return False
        one, other = self.found[index], self.found[index + 1]
        if one.number != other.number or other.match.rule.op not in _IN_RANGES:
            return False
        return is_range(self.text, one.match.start, one.match.end, other.match.start, self.context.grammar)

    def _origin_behind(self, index: int) -> date | None:
        """The day of "Jahrestag des Überfalls vom 7. Oktober 2023", or the day in focus."""
        one, context = self.found[index], self.context
        words = context.grammar.words
        for other in self.found[index + 1 : index + 2]:
            between = self.text[one.match.end : other.match.start].lower().split()
            if other.number == one.number and other.match.rule.op == "day" and between and len(between) <= _NEAR:
                if between[-1] not in words["belonging_leads"]:
                    return None  # "der Jahrestag am 7. Oktober": the date itself follows
                day = self._read(other)
                return day.start if day is not None else None
        focused = context.focus is not None and context.focus_precision == "day" and one.match.captured.get("ordinal")
        return context.focus.start if focused and context.focus is not None else None

    def _read(self, one: Found) -> Reading | None:
        self._look_around(one)
        try:
            return OPERATIONS[one.match.rule.op](one.match.captured, self.context, one.match.rule.constants)
        except (OverflowError, ValueError):  # a date outside the calendar: it is not known
            return None

    def _read_time_of_day(self, index: int) -> Reading | None:
        """A time of day belongs to the day that its clause names behind it: "Um 8 Uhr griffen sie am Montag an"."""
        one, context = self.found[index], self.context
        day = self._day_behind(index) if one.number != self.focus_sentence or self._is_joined(index) else None
        if day is None or day.start is None or day.end is None:
            return self._read(one)
        kept = context.focus, context.focus_precision
        context.focus, context.focus_precision = Interval(day.start, day.end), day.precision
        reading = self._read(one)
        context.focus, context.focus_precision = kept
        return reading

    def _is_joined(self, index: int) -> bool:
        """Whether the day stands right behind: "Mitternacht am Montag"."""
        behind = self.found[index + 1 : index + 2]
        gap = self.text[self.found[index].match.end : behind[0].match.start] if behind else ""
        return gap.strip().lower() in self.context.grammar.words["day_joints"]

    def _day_behind(self, index: int) -> Reading | None:
        one = self.found[index]
        clause = find_clause(one.sentence, one.match.start)
        for other in self.found[index + 1 : index + 3]:
            if other.number != one.number or find_clause(one.sentence, other.match.start) != clause:
                return None
            if other.match.rule.op in _DAYS:
                return self._read(other)
        return None

    def _look_around(self, one: Found) -> None:
        """Tell the context what stands around a match."""
        match, sentence, number = one
        context = self.context
        outlook = find_outlook(sentence, match.start, match.end, match.rule.op in _DAYS, context.grammar)
        context.direction, context.states, context.quoted = outlook.direction, outlook.states, outlook.quoted
        context.tense, context.firm = outlook.tense, outlook.firm
        context.announced, context.nearest = outlook.announced, outlook.nearest
        context.heading = sentence.heading
        context.before = self.text[max(0, match.start - _CONTEXT) : match.start].lower()
        context.after = self.text[match.end : match.end + _CONTEXT].lower()
        context.wrapper = None if self._is_range_end(one) else find_wrapper(context)
        if context.wrapper == "since":
            context.direction, context.firm = "past", True
        elif context.wrapper == "until" and (outlook.tense != "past" or outlook.perfect):
            context.direction = "future"
        context.beside = number == self.focus_sentence
        context.chained = number - self.focus_sentence <= 1
        context.recurring, context.yearly = number == self.recurring_sentence, number == self.yearly_sentence
        context.listed = match.start in self.entries and self.entry is not None
        if (direction := self.entries.get(match.start)) is not None:
            context.direction, context.firm, context.nearest = direction, self.looks_back, False
        elif match.start in self.told:
            context.direction, context.firm, context.nearest = "past", True, False
        if context.listed and self.entry is not None:
            context.focus, context.focus_precision = self.entry

    def _is_range_end(self, one: Found) -> bool:
        """ "2014 bis 2020": the date in front is the start, so "bis" opens no interval of its own."""
        if self.last_end < 0:
            return False
        gap = " ".join(self.text[self.last_end : one.match.start].lower().split())
        return gap in self.context.grammar.words["wrappers"]["until"]

    def _move_focus(self, one: Found, reading: Reading, named: Interval, precision: DatePrecision) -> None:
        context = self.context
        if one.sentence.heading and context.narrative and reading.certainty == "explicit":
            years = Interval(date(named.start.year, 1, 1), date(_last_year(named.end) + 1, 1, 1))
            again = context.chapter is not None and self.heading == one.number  # "Juni 1944 bis Mai 1945"
            context.chapter = Interval(context.chapter.start, years.end) if again and context.chapter else years
            context.focus, context.focus_precision, self.heading = context.chapter, "year", one.number
        elif reading.establishes and not _is_aside(one.match, one.sentence, context):
            context.focus, context.focus_precision = named, precision
            context.focus_morning = reading.value.endswith("TMO")
            context.focus_evening = reading.value.endswith("TEV")
            self.focus_sentence = one.number


def _return_to_chapter(context: Context) -> None:
    """A new paragraph under a heading with a year tells of that year, wherever the last one strayed."""
    chapter = context.chapter
    if chapter is not None and (context.focus is None or not chapter.start <= context.focus.start < chapter.end):
        context.focus, context.focus_precision = chapter, "year"


def _last_year(end: date) -> int:
    return (end - timedelta(days=1)).year


def _is_aside(match: Match, sentence: Sentence, context: Context) -> bool:
    """Whether a bare year in a story only looks back or ahead ("a plan worked out from 1941 on", told in 1944): it
    neither begins its sentence nor is it the year in focus or the next."""
    if match.rule.id != "year.alone" or not context.narrative or context.focus is None or sentence.heading:
        return False
    return match.start - sentence.span.start > _OPENING and (
        int(match.captured["year"]) - context.focus.start.year not in (0, 1)
    )


def _mention(match: Match, reading: Reading) -> TimeMention:
    when = None
    if (reading.start is not None or reading.end is not None) and reading.precision is not None:
        when = When(reading.start, reading.end, reading.precision, reading.approximate, reading.clock)
    return TimeMention(
        Span(match.start, match.end), match.rule.id, reading.timex_type, reading.value, when, reading.certainty,
        reading.anchor if when is not None else None, reading.as_reason, tuple(reading.candidates),
    )  # fmt: skip
