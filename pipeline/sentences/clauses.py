"""Splits a sentence into clauses.

Commas, dashes, brackets and quotation marks cut a sentence into segments; each segment opens a clause, continues
one, or completes one that a clause in its middle had interrupted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Literal, NamedTuple

from pipeline import language
from pipeline.records import Clause, Span, Token, WordClass
from pipeline.sentences.forms import settle_forms
from pipeline.sentences.groups import NO_GROUP, VERBS, VerbGroup, find_auxiliary, load_auxiliaries, read_group
from pipeline.sentences.segments import Segment, brings_noun, find_segments, last_word
from pipeline.sentences.verbs import Form, find_forms, find_readings
from pipeline.sentences.words import Lexicon, Words, load_lexicon

_NONFINITE: frozenset[WordClass] = frozenset(("participle", "infinitive"))
_REACH = 20  # clauses that one sentence keeps open

Kind = Literal["main", "subordinate", "relative", "infinitive", "fragment"]


class _Exceptions(NamedTuple):
    directly: frozenset[str]  # "nicht nur"
    later: frozenset[str]  # "nicht die Hisbollah, sondern Israel"


@cache
def _load_exceptions(code: str) -> _Exceptions:
    """Words behind a negation that take it back."""
    words = language.words(code, "sentences")
    return _Exceptions(frozenset(words["negation_not_before"]), frozenset(words["negation_contrasts"]))


@dataclass(slots=True)
class _Draft:
    """A clause that is still being put together: positions of its words, its kind and where it hangs."""

    kind: Kind
    opener: str | None
    positions: list[int] = field(default_factory=list)
    parent: _Draft | None = None
    quoted: bool = False
    has_finite: bool = False
    has_nonfinite: bool = False
    speaks: bool = False  # "sagte der Minister" in the middle of another clause
    closed: bool = False  # a subordinate clause whose finite verb has come
    label: bool = False  # a dateline
    borrowed: int | None = (
        None  # position of the auxiliary that stands in the clause before: "und (haben) ... zerstört"
    )


def _add_label(drafts: list[_Draft], start: int, end: int) -> None:
    if not drafts:
        drafts.append(_Draft("fragment", None, closed=True, label=True))
    drafts[0].positions.extend(range(start, end))


def find_clauses(words: Words, code: str, quotes: list[Span]) -> tuple[tuple[Token, ...], tuple[Clause, ...]]:
    """The words as tokens with their final word classes, and the clauses in text order."""
    settle_forms(words, code)
    drafts: list[_Draft] = []
    waiting: _Draft | None = None  # subordinate clause at the start of a sentence, whose governor is still to come
    active: _Draft | None = None
    for segment in find_segments(words, quotes):
        if segment.label:
            _add_label(drafts, segment.start, segment.end)
            continue
        kind, opener = _classify(words, segment, active, bool(drafts) and not drafts[-1].label, code)
        draft = _place(kind, opener, words, segment, drafts, active, code)
        if draft.parent is None and draft.kind in ("subordinate", "infinitive") and waiting is None:
            waiting = draft
        elif waiting is not None and draft.kind == "main" and draft is not waiting:
            waiting.parent, waiting = draft, None
        active = draft
    return _finish(words, drafts, code)


def _classify(
    words: Words, segment: Segment, active: _Draft | None, later: bool, code: str
) -> tuple[Kind | None, str | None]:
    """What a segment opens: a kind of clause and its opening word, or ``None`` when it only continues a clause.
    ``later``: a clause has come before it."""
    start, end, finite = segment.start, segment.end, segment.finites
    kinds, lexicon = words.kinds, load_lexicon(code)
    first = start
    while first < end and kinds[first] == "coordination":
        first += 1
    if first >= end:
        return None, None
    verb_last = bool(finite) and VERBS.issuperset(kinds[finite[-1] : last_word(kinds, start, end) + 1])
    if segment.coordinated and active is not None and active.kind in ("subordinate", "relative") and verb_last:
        return active.kind, active.opener
    opened = _find_opener(words, start, first, end, finite, verb_last, lexicon, later)
    if opened is not None:
        return opened
    if not finite:
        if not _has_zu(words, start, end, code):
            return None, None
        word = words.texts[first].lower()
        return "infinitive", word if word in lexicon.infinitive_openers else None
    governing = _running_subordinate(active)
    if verb_last and finite[0] > first and active is governing and active is not None and not active.has_finite:
        return None, None  # the rest of a list: "das aus Vertretern der Ukraine, | Russlands und der USA bestehe"
    if verb_last and finite[0] >= first + 3 and governing is not None:
        return governing.kind, governing.opener  # "dass ... seien, es aber noch einen weiten Weg gebe"
    return "main", None


def _find_opener(
    words: Words,
    start: int,
    first: int,
    end: int,
    finite: list[int],
    verb_last: bool,
    lexicon: Lexicon,
    later: bool,
) -> tuple[Kind, str] | None:
    """A conjunction with its verb at the end, a relative pronoun, or a verb that opens a condition."""
    texts, kinds = words.texts, words.kinds
    word = texts[first].lower()
    following = first + 1 if first + 1 < end else None
    if word in lexicon.conjunctions:
        pure = kinds[first] == "conjunction"  # "seit" and "während" are prepositions too: "Seit Mai wird gekämpft"
        if verb_last and (pure or finite[-1] == last_word(kinds, start, end)):
            return "subordinate", word
        if not finite and pure and _is_before_comma(texts, end):
            return "subordinate", word
    if later and verb_last:
        shift = kinds[first] == "preposition" and following is not None
        pronoun = texts[first + shift].lower()
        if pronoun in lexicon.relative_pronouns and first + shift < finite[-1]:
            return "relative", pronoun
    if later and not finite and start and texts[start - 1] == "," and word in lexicon.relative_pronouns:
        if following is None or kinds[following] in ("preposition", "pronoun"):
            return "relative", word  # "..., das aus Vertretern der Ukraine, Russlands und der USA bestehe"
        return None
    verb_first = not later and bool(finite) and finite[0] == first == start and texts[first][0].isupper()
    if verb_first and any(texts[i] == "," and kinds[i + 1] == "finite" for i in range(end, len(texts) - 1)):
        return "subordinate", word  # "Sollte keine Lösung gefunden sein, müsse ..."
    return None


def _running_subordinate(active: _Draft | None) -> _Draft | None:
    while active is not None and active.kind == "infinitive":
        active = active.parent
    return active if active is not None and active.kind in ("subordinate", "relative") else None


def _is_before_comma(texts: list[str], end: int) -> bool:
    return end < len(texts) and texts[end] == ","


def _has_zu(words: Words, start: int, end: int, code: str) -> bool:
    """Is there an infinitive with "zu" in a range without a finite verb?"""
    texts, marker = words.texts, load_auxiliaries(code).marker
    for i in range(start, end):
        if words.kinds[i] == "infinitive":
            forms = find_forms(texts[i].lower(), code)
            if "zu" in forms or ("infinitive" in forms and i > start and texts[i - 1] == marker):
                return True
    return False


def _place(
    kind: Kind | None,
    opener: str | None,
    words: Words,
    segment: Segment,
    drafts: list[_Draft],
    active: _Draft | None,
    code: str,
) -> _Draft:
    """Put a segment into a new clause or into one that waits for it."""
    positions, quoted = range(segment.start, segment.end), segment.quoted
    has_finite = bool(segment.finites)
    has_nonfinite = not _NONFINITE.isdisjoint(words.kinds[segment.start : segment.end])
    draft: _Draft | None = None
    if kind in ("main", None):
        draft = _find_waiting(drafts, quoted, has_finite, has_nonfinite)
    if draft is None and kind is None:
        draft = _find_open(active, quoted)
        auxiliary = _find_borrowed(words, segment, draft, code)
        if draft is not None and auxiliary is not None:
            draft = _Draft(draft.kind, draft.opener, parent=draft.parent, quoted=quoted, borrowed=auxiliary)
            draft.has_finite = True
            drafts.append(draft)
    if draft is None:
        draft = _Draft(kind or "fragment", opener, parent=active if kind not in ("main", None) else None, quoted=quoted)
        draft.speaks = kind == "main" and bool(drafts) and _speaks(words, segment, code)
        drafts.append(draft)
    draft.positions.extend(positions)
    draft.has_finite = draft.has_finite or has_finite
    draft.has_nonfinite = draft.has_nonfinite or has_nonfinite
    if draft.kind == "fragment" and has_finite:
        draft.kind = "main"
    if draft.kind in ("subordinate", "relative") and draft.has_finite:
        draft.closed = True
    return draft


def _speaks(words: Words, segment: Segment, code: str) -> bool:
    """ "sagte der Minister", "so hieß es": a verb in front that waits for no other."""
    first, finite = words.texts[segment.start].lower(), segment.finites[0]
    leads = finite == segment.start + (first in load_lexicon(code).insertion_openers)
    return leads and find_auxiliary(words.texts[finite].lower(), code) is None


def _find_waiting(drafts: list[_Draft], quoted: bool, has_finite: bool, has_nonfinite: bool) -> _Draft | None:
    """The innermost clause that lacks what this segment brings: "Die Stadt, die ..., | liegt", "hat, ..., | gesagt"."""
    for draft in reversed(drafts[-_REACH:]):
        if draft.quoted != quoted or draft.label or draft.speaks:
            continue
        if has_finite and not draft.has_finite and draft.kind in ("main", "fragment", "subordinate", "relative"):
            return draft
        if has_nonfinite and not has_finite and draft.has_finite and not draft.has_nonfinite and not draft.closed:
            return draft
        if draft.kind in ("main", "fragment"):
            return None
    return None


def _find_open(active: _Draft | None, quoted: bool) -> _Draft | None:
    """Where words without a verb belong: to the running clause, or behind a finished one to the clause around it."""
    draft = active
    while draft is not None and draft.closed and draft.parent is not None:
        draft = draft.parent
    return draft if draft is not None and draft.quoted == quoted else None


def _find_borrowed(words: Words, segment: Segment, draft: _Draft | None, code: str) -> int | None:
    """The auxiliary of the running clause where a further participle with its own noun leaves it out: "Sie haben
    Brücken getroffen | und den Strom unterbrochen"."""
    if draft is None or not draft.has_nonfinite:
        return None
    kinds = words.kinds
    last = last_word(kinds, segment.start, segment.end)
    if kinds[last] != "participle":
        return None
    finite = draft.borrowed
    if finite is None:
        finite = next((i for i in draft.positions if kinds[i] == "finite"), None)
    if finite is None or not brings_noun(kinds, segment.start, last):
        return None
    helpers = load_auxiliaries(code).helpers
    is_helper = any(reading.lemma in helpers for reading in find_readings(words.texts[finite].lower(), code))
    return finite if is_helper and finite < draft.positions[-1] and draft.kind in ("main", "fragment") else None


def _finish(words: Words, drafts: list[_Draft], code: str) -> tuple[tuple[Token, ...], tuple[Clause, ...]]:
    texts, kinds = words.texts, words.kinds
    final = kinds.copy()
    lemmas: list[str | None] = [None] * len(texts)
    drafts.sort(key=lambda draft: draft.positions[0])
    index = {id(draft): i for i, draft in enumerate(drafts)}
    clauses: list[Clause] = []
    for draft in drafts:
        positions = draft.positions
        if draft.borrowed is not None:
            positions = [draft.borrowed, *positions]
        opening = positions[0]
        verbs = [i for i in positions if kinds[i] in VERBS]
        verb_last = draft.kind in ("subordinate", "relative") and kinds[opening] != "finite"
        group = read_group(words, positions, verbs, verb_last, code) if verbs else NO_GROUP
        for i, (kind, lemma) in group.lemmas.items():
            final[i], lemmas[i] = kind, lemma
        if draft.kind == "subordinate" and kinds[opening] == "preposition" and texts[opening].lower() == draft.opener:
            final[opening] = "conjunction"  # "während der Krieg andauert"
        for i in verbs:  # that the group has no use for
            if i not in group.lemmas:
                final[i], lemmas[i] = _leftover(texts[i], kinds[i], code)
        if draft.parent is not None:
            parent: int | None = index[id(draft.parent)]
        else:
            parent = _governor(clauses, group, drafts, kinds[opening] == "coordination")
        clauses.append(_clause(draft, words, positions, group, parent, code))
    return tuple(map(Token._make, zip(words.starts, words.ends, texts, final, lemmas, strict=True))), tuple(clauses)


_LEFTOVERS: tuple[tuple[WordClass, tuple[Form, ...]], ...] = (
    ("participle", ("participle",)),
    ("infinitive", ("infinitive", "zu")),
)


def _leftover(word: str, kind: WordClass, code: str) -> tuple[WordClass, str | None]:
    """Class and lemma of a verb form outside the verb group of its clause."""
    readings = find_readings(word.lower(), code)
    for other, forms in _LEFTOVERS:
        for reading in readings:
            if reading.form in forms:
                return other, reading.lemma
    return kind, readings[0].lemma if readings else None


def _governor(clauses: list[Clause], group: VerbGroup, drafts: list[_Draft], coordinated: bool) -> int | None:
    """Indirect speech without a conjunction hangs on the clause before it: "Er sagte, die Lage sei ruhig."; a
    quotation or indirect speech that comes first hangs on the clause behind it; what goes on with it ("... und werde
    sich bessern") hangs where it does."""
    number = len(clauses)
    draft = drafts[number]
    if group.mood in ("subjunctive1", "subjunctive2") and coordinated and clauses:
        before = clauses[-1]
        if before.kind == "main" and before.mood == "subjunctive1" and before.parent is not None:
            return before.parent
    indirect = group.mood == "subjunctive1" or (draft.quoted and draft.kind == "main")
    if not indirect:
        return None
    for i in range(number - 1, max(-1, number - _REACH), -1):
        if clauses[i].mood == "indicative" and not clauses[i].quoted and clauses[i].kind == "main":
            return i
    for i in range(number + 1, min(number + _REACH, len(drafts))):
        if not drafts[i].quoted and drafts[i].kind == "main" and drafts[i].has_finite:
            return i
    return None


def _clause(
    draft: _Draft, words: Words, positions: list[int], group: VerbGroup, parent: int | None, code: str
) -> Clause:
    starts, ends, kinds = words.starts, words.ends, words.kinds
    kind: Kind = draft.kind
    if group is NO_GROUP and kind == "main":
        kind = "fragment"
    main = group.main
    return Clause(
        span=Span(starts[draft.positions[0]], ends[positions[-1]]),
        kind=kind,
        verb=group.verb,
        verb_spans=tuple(Span(starts[i], ends[i]) for i in group.parts if i != draft.borrowed),
        main_span=Span(starts[main], ends[main]) if main is not None else None,
        tense=group.tense,
        perfect=group.perfect,
        pluperfect=group.pluperfect,
        mood=group.mood,
        passive=group.passive,
        modal=group.modal,
        negated="negation" in kinds[positions[0] : positions[-1] + 1] and _is_negated(words, positions, code),
        opener=draft.opener,
        quoted=draft.quoted,
        parent=parent if parent is not None and parent >= 0 else None,
    )


def _is_negated(words: Words, positions: list[int], code: str) -> bool:
    """Whether a negation among the words of a clause is not taken back: "nicht nur", "nicht X, sondern Y"."""
    texts, exceptions = words.texts, _load_exceptions(code)
    behind = [*positions[1:], None]
    return any(
        words.kinds[i] == "negation"
        and (j is None or texts[j].lower() not in exceptions.directly)
        and exceptions.later.isdisjoint(texts[i + 1 : positions[-1]])
        for i, j in zip(positions, behind, strict=True)
    )
