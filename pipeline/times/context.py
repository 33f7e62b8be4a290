"""What an expression is read against, and what comes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from typing import TYPE_CHECKING, Any

from pipeline.records import Certainty, DateCandidate, DatePrecision, Reason, Tense, TimexType
from pipeline.resolve import Direction, Interval

if TYPE_CHECKING:
    from pipeline.times.grammar import Grammar
    from pipeline.times.known_days import KnownDays


@dataclass(slots=True)
class Context:
    """``published`` is the day of publication, ``focus`` the last date that the narrative established, ``direction``
    where the clause looks; each ``None`` when not known. ``narrative`` marks texts that tell of the past by dates of
    their own (a history, not the day's news): there a date without a year follows the one before it."""

    grammar: Grammar
    published: date | None
    known: KnownDays
    focus: Interval | None = None
    focus_precision: DatePrecision | None = None
    focus_morning: bool = False  # the focus is the morning of its day: the night of it began the evening before
    focus_evening: bool = False  # the focus is the evening of its day: the small hours behind it are the next day's
    chapter: Interval | None = None  # the years that the last heading with a year names
    chained: bool = False  # the focus was established in this sentence or the one before
    beside: bool = False  # the focus was established in this sentence
    listed: bool = False  # the expression labels an entry of a list and goes on from the focus
    narrative: bool = False
    essay: bool = False  # the text names no day near its publication
    yearly: bool = False  # the sentence tells of what happens every year: "jedes Jahr im Mai"
    firm: bool = False  # the direction is told by the words around the date, not by the tense alone
    announced: bool = False  # the clause speaks of the future, and not in the present tense
    nearest: bool = False  # a headline in the present tense: it looks where the date is nearer
    part: str | None = None  # the part of the day that stands right in front: "am Abend um acht"
    until: date | None = None  # the end of the range that the expression begins
    origin: date | None = None  # the day that an anniversary counts from
    recurring: bool = False  # the sentence tells of what happens again: "freitags von 14 bis 18 Uhr"
    direction: Direction | None = None
    tense: Tense | None = None
    states: bool = False  # the clause says what is, in the present
    before: str = ""  # the text in front of the expression, at most 40 characters, in lower case
    after: str = ""
    wrapper: str | None = None  # "since", "until" or "before": what stands in front
    heading: bool = False
    quoted: bool = False  # somebody's words, quoted or reported

    @property
    def anchor(self) -> date | None:
        """The day that relative expressions count from when they look at no other."""
        if self.narrative and self.focus is not None:
            return self.focus.start
        return self.published

    def toward(self) -> Direction:
        """The direction, taken as the past where the clause does not say."""
        return self.direction or "past"

    def lean(self, back: date, ahead: date) -> None:
        """Let a headline in the present tense look where the date is nearer: "Rat tagt am Freitag"."""
        if self.nearest and self.published is not None:
            self.direction = "future" if ahead - self.published < self.published - back else "past"


@dataclass(slots=True)
class Reading:
    """What an expression means. ``interval`` is half-open; either side may be ``None``, both: no interval."""

    timex_type: TimexType
    value: str
    start: date | None = None
    end: date | None = None
    precision: DatePrecision | None = None
    certainty: Certainty = "relative"
    approximate: bool = False
    clock: time | None = None
    anchor: date | None = None
    reason: str = "unresolved"
    values: dict[str, str] = field(default_factory=dict)
    candidates: list[DateCandidate] = field(default_factory=list)
    establishes: bool = True  # later anaphora count from it

    def __post_init__(self) -> None:
        if self.start is not None and self.end is not None and self.start >= self.end:
            self.start = self.end = None

    @property
    def as_reason(self) -> Reason:
        return Reason(f"times.{self.reason}", tuple(self.values.items()))


Captured = dict[str, Any]
