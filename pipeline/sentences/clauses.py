"""Splits a sentence into clauses.

Commas, dashes, brackets and quotation marks cut a sentence into segments; each segment opens a clause, continues
one, or completes one that a clause in its middle had interrupted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from pipeline import language
from pipeline.records import Clause, Span, Token, WordClass
from pipeline.sentences.forms import settle_forms
from pipeline.sentences.groups import NO_GROUP, VERBS, VerbGroup, load_auxiliaries, read_group
from pipeline.sentences.segments import Segment, brings_noun, find_segments
from pipeline.sentences.verbs import Form, find_readings
from pipeline.sentences.words import Lexicon, load_lexicon

_REACH = 20  # clauses that one sentence keeps open

Kind = Literal["main", "subordinate", "relative", "infinitive", "fragment"]


@cache
def load_exceptions(code: str) -> frozenset[str]:
    """Words behind a negation that take it back: "nicht nur"."""
    return frozenset(language.words(code, "sentences")["negation_not_before"])


@dataclass(slots=True)
class _Draft:
    """A clause that is still being put together: positions of its tokens, its kind and where it hangs."""

    kind: Kind
    opener: str | None
    positions: list[int] = field(default_factory=list)
    parent: _Draft | None = None
    quoted: bool = False
    has_finite: bool = False
    has_nonfinite: bool = False
    closed: bool = False  # a subordinate clause whose finite verb has come
    label: bool = False  # a dateline
    borrowed: int | None = (
        None  # position of the auxiliary that stands in the clause before: "und (haben) ... zerstört"
    )


def _add_label(drafts: list[_Draft], start: int, end: int) -> None:
    if not drafts:
        drafts.append(_Draft("fragment", None, closed=True, label=True))
    drafts[0].positions.extend(range(start, end))


def find_clauses(tokens: list[Token], code: str, quotes: list[Span]) -> tuple[list[Token], tuple[Clause, ...]]:
    """The tokens with their final word classes, and the clauses in text order."""
    tokens = settle_forms(tokens, code)
    drafts: list[_Draft] = []
    waiting: _Draft | None = None  # subordinate clause at the start of a sentence, whose governor is still to come
    active: _Draft | None = None
    for segment in find_segments(tokens, quotes):
        if segment.label:
            _add_label(drafts, segment.start, segment.end)
            continue
        kind, opener = _classify(tokens, segment, active, bool(drafts) and not drafts[-1].label, code)
        draft = _place(kind, opener, tokens, segment, drafts, active, code)
        if draft.parent is None and draft.kind in ("subordinate", "infinitive") and waiting is None:
            waiting = draft
        elif waiting is not None and draft.kind == "main" and draft is not waiting:
            waiting.parent, waiting = draft, None
        active = draft
    return _finish(tokens, drafts, code)


def _classify(
    tokens: list[Token], segment: Segment, active: _Draft | None, later: bool, code: str
) -> tuple[Kind | None, str | None]:
    """What a segment opens: a kind of clause and its opening word, or ``None`` when it only continues a clause.
    ``later``: a clause has come before it."""
    start, end, finite = segment.start, segment.end, segment.finites
    lexicon = load_lexicon(code)
    first = start
    while first < end and tokens[first].kind == "coordination":
        first += 1
    if first >= end:
        return None, None
    verb_last = bool(finite) and _only_verbs(tokens, finite[-1], _last_word(tokens, start, end))
    if segment.coordinated and active is not None and active.kind in ("subordinate", "relative") and verb_last:
        return active.kind, active.opener
    opened = _find_opener(tokens, start, first, end, finite, verb_last, lexicon, later)
    if opened is not None:
        return opened
    if not finite:
        if not _has_zu(tokens, start, end, code):
            return None, None
        word = tokens[first].text.lower()
        return "infinitive", word if word in lexicon.infinitive_openers else None
    governing = _running_subordinate(active)
    if verb_last and finite[0] > first and active is governing and active is not None and not active.has_finite:
        return None, None  # the rest of a list: "das aus Vertretern der Ukraine, | Russlands und der USA bestehe"
    if verb_last and finite[0] >= first + 3 and governing is not None:
        return governing.kind, governing.opener  # "dass ... seien, es aber noch einen weiten Weg gebe"
    return "main", None


def _last_word(tokens: list[Token], start: int, end: int) -> int:
    """The last token of a range that is no mark; ``start`` where there are only marks."""
    return next((i for i in range(end - 1, start, -1) if tokens[i].kind != "punctuation"), start)


def _find_opener(
    tokens: list[Token],
    start: int,
    first: int,
    end: int,
    finite: list[int],
    verb_last: bool,
    lexicon: Lexicon,
    later: bool,
) -> tuple[Kind, str] | None:
    """A conjunction with its verb at the end, a relative pronoun, or a verb that opens a condition."""
    word = tokens[first].text.lower()
    following = tokens[first + 1] if first + 1 < end else None
    if word in lexicon.conjunctions and (
        verb_last or (not finite and tokens[first].kind == "conjunction" and _is_before_comma(tokens, end))
    ):
        return "subordinate", word
    if later and verb_last:
        shift = tokens[first].kind == "preposition" and following is not None
        pronoun = tokens[first + shift].text.lower()
        if pronoun in lexicon.relative_pronouns and first + shift < finite[-1]:
            return "relative", pronoun
    if later and not finite and start and tokens[start - 1].text == "," and word in lexicon.relative_pronouns:
        if following is None or following.kind in ("preposition", "pronoun"):
            return "relative", word  # "..., das aus Vertretern der Ukraine, Russlands und der USA bestehe"
        return None
    if not later and finite and finite[0] == first == start and tokens[first].text[0].isupper():
        governing = next((t for t in tokens[end:] if t.kind not in ("punctuation", "coordination")), None)
        if _is_before_comma(tokens, end) and governing is not None and governing.kind == "finite":
            return "subordinate", word  # "Sollte keine Lösung gefunden sein, müsse ..."
    return None


def _running_subordinate(active: _Draft | None) -> _Draft | None:
    while active is not None and active.kind == "infinitive":
        active = active.parent
    return active if active is not None and active.kind in ("subordinate", "relative") else None


def _only_verbs(tokens: list[Token], start: int, end: int) -> bool:
    return all(tokens[i].kind in ("finite", "participle", "infinitive") for i in range(start, end + 1))


def _is_before_comma(tokens: list[Token], end: int) -> bool:
    return end < len(tokens) and tokens[end].text == ","


def _has_zu(tokens: list[Token], start: int, end: int, code: str) -> bool:
    """Is there an infinitive with "zu" in a range without a finite verb?"""
    marker = load_auxiliaries(code).marker
    for i in range(start, end):
        if tokens[i].kind == "infinitive":
            forms = {reading.form for reading in find_readings(tokens[i].text.lower(), code)}
            if "zu" in forms or ("infinitive" in forms and i > start and tokens[i - 1].text == marker):
                return True
    return False


def _place(
    kind: Kind | None,
    opener: str | None,
    tokens: list[Token],
    segment: Segment,
    drafts: list[_Draft],
    active: _Draft | None,
    code: str,
) -> _Draft:
    """Put a segment into a new clause or into one that waits for it."""
    positions, quoted = range(segment.start, segment.end), segment.quoted
    has_finite = bool(segment.finites)
    has_nonfinite = any(tokens[i].kind in ("participle", "infinitive") for i in positions)
    draft: _Draft | None = None
    if kind in ("main", None):
        draft = _find_waiting(drafts, quoted, has_finite, has_nonfinite)
    if draft is None and kind is None:
        draft = _find_open(active, quoted)
        auxiliary = _find_borrowed(tokens, segment, draft, code)
        if draft is not None and auxiliary is not None:
            draft = _Draft(draft.kind, draft.opener, parent=draft.parent, quoted=quoted, borrowed=auxiliary)
            draft.has_finite = True
            drafts.append(draft)
    if draft is None:
        draft = _Draft(kind or "fragment", opener, parent=active if kind not in ("main", None) else None, quoted=quoted)
        drafts.append(draft)
    draft.positions.extend(positions)
    draft.has_finite = draft.has_finite or has_finite
    draft.has_nonfinite = draft.has_nonfinite or has_nonfinite
    if draft.kind == "fragment" and has_finite:
        draft.kind = "main"
    if draft.kind in ("subordinate", "relative") and draft.has_finite:
        draft.closed = True
    return draft


def _find_waiting(drafts: list[_Draft], quoted: bool, has_finite: bool, has_nonfinite: bool) -> _Draft | None:
    """The innermost clause that lacks what this segment brings: "Die Stadt, die ..., | liegt", "hat, ..., | gesagt"."""
    for draft in reversed(drafts[-_REACH:]):
        if draft.quoted != quoted or draft.label:
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


def _find_borrowed(tokens: list[Token], segment: Segment, draft: _Draft | None, code: str) -> int | None:
    """The auxiliary of the running clause where a further participle with its own noun leaves it out: "Sie haben
    Brücken getroffen | und den Strom unterbrochen"."""
    if draft is None or not draft.has_nonfinite:
        return None
    last = _last_word(tokens, segment.start, segment.end)
    if tokens[last].kind != "participle":
        return None
    finite = draft.borrowed
    if finite is None:
        finite = next((i for i in draft.positions if tokens[i].kind == "finite"), None)
    if finite is None or not brings_noun(tokens, segment.start, last):
        return None
    auxiliaries = load_auxiliaries(code)
    helpers = auxiliaries.helpers
    is_helper = any(reading.lemma in helpers for reading in find_readings(tokens[finite].text.lower(), code))
    return finite if is_helper and finite < draft.positions[-1] and draft.kind in ("main", "fragment") else None


def _finish(tokens: list[Token], drafts: list[_Draft], code: str) -> tuple[list[Token], tuple[Clause, ...]]:
    exceptions = load_exceptions(code)
    out = list(tokens)
    drafts.sort(key=lambda draft: draft.positions[0])
    index = {id(draft): i for i, draft in enumerate(drafts)}
    clauses: list[Clause] = []
    for draft in drafts:
        positions = draft.positions
        if draft.borrowed is not None:
            positions = [draft.borrowed, *positions]
        own = [tokens[i] for i in positions]
        verbs = [i for i, token in enumerate(own) if token.kind in VERBS]
        verb_last = draft.kind in ("subordinate", "relative") and own[0].kind != "finite"
        group = read_group(own, verbs, verb_last, code) if verbs else NO_GROUP
        for local, (kind, lemma) in group.lemmas.items():
            out[positions[local]] = out[positions[local]]._replace(kind=kind, lemma=lemma)
        if draft.kind == "subordinate" and own[0].kind == "preposition" and own[0].text.lower() == draft.opener:
            out[positions[0]] = out[positions[0]]._replace(kind="conjunction")  # "während der Krieg andauert"
        for local in verbs:  # that the group has no use for
            if local not in group.lemmas:
                out[positions[local]] = _leftover(own[local], code)
        parent = index[id(draft.parent)] if draft.parent is not None else _governor(clauses, group, drafts, own)
        clauses.append(_clause(draft, own, group, parent, exceptions))
    return out, tuple(clauses)


_LEFTOVERS: tuple[tuple[WordClass, tuple[Form, ...]], ...] = (
    ("participle", ("participle",)),
    ("infinitive", ("infinitive", "zu")),
)


def _leftover(token: Token, code: str) -> Token:
    """A verb form outside the verb group of its clause."""
    readings = find_readings(token.text.lower(), code)
    for kind, forms in _LEFTOVERS:
        for reading in readings:
            if reading.form in forms:
                return token._replace(kind=kind, lemma=reading.lemma)
    return token._replace(lemma=readings[0].lemma if readings else None)


def _governor(clauses: list[Clause], group: VerbGroup, drafts: list[_Draft], own: list[Token]) -> int | None:
    """Indirect speech without a conjunction hangs on the clause before it: "Er sagte, die Lage sei ruhig."; a
    quotation or indirect speech that comes first hangs on the clause behind it; what goes on with it ("... und werde
    sich bessern") hangs where it does."""
    number = len(clauses)
    draft = drafts[number]
    if group.mood in ("subjunctive1", "subjunctive2") and own[0].kind == "coordination" and clauses:
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
    draft: _Draft, own: list[Token], group: VerbGroup, parent: int | None, exceptions: frozenset[str]
) -> Clause:
    negations = [i for i, token in enumerate(own) if token.kind == "negation"]
    negated = any(not (i + 1 < len(own) and own[i + 1].text.lower() in exceptions) for i in negations)
    kind: Kind = draft.kind
    if group is NO_GROUP and kind == "main":
        kind = "fragment"
    main = own[group.main] if group.main is not None else None
    first = 0 if draft.borrowed is None else 1
    return Clause(
        span=Span(own[first].start, own[-1].end),
        kind=kind,
        verb=group.verb,
        verb_spans=tuple(Span(own[i].start, own[i].end) for i in group.parts if i >= first),
        main_span=Span(main.start, main.end) if main is not None else None,
        tense=group.tense,
        perfect=group.perfect,
        pluperfect=group.pluperfect,
        mood=group.mood,
        passive=group.passive,
        modal=group.modal,
        negated=negated,
        opener=draft.opener,
        quoted=draft.quoted,
        parent=parent if parent is not None and parent >= 0 else None,
    )
