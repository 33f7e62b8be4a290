"""Splits a sentence into clauses.

Commas, dashes, brackets and quotation marks cut a sentence into segments; each segment opens a clause, continues
one, or completes one that a clause in its middle had interrupted.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Literal, NamedTuple

from pipeline import language
from pipeline.records import Clause, Span, Token, WordClass
from pipeline.sentences.groups import NO_GROUP, VerbGroup, load_auxiliaries, read_group
from pipeline.sentences.verbs import FINITE, Form, find_readings
from pipeline.sentences.words import Lexicon, load_lexicon

_CUTS = frozenset(',;:–—()[]„“”»«"‚‘›‹…') | {"..."}
_QUOTE_MARKS = frozenset('„“”»«"')
_INFLECTED = ("e", "en", "er", "em", "es")

Kind = Literal["main", "subordinate", "relative", "infinitive", "fragment"]


class Negations(NamedTuple):
    words: frozenset[str]
    not_before: frozenset[str]


@cache
def load_negations(code: str) -> Negations:
    words = language.words(code, "sentences")
    return Negations(frozenset(words["negations"]), frozenset(words["negation_not_before"]))


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


def find_clauses(tokens: list[Token], code: str, quotes: list[Span]) -> tuple[list[Token], tuple[Clause, ...]]:
    """The tokens with their final word classes, and the clauses in text order."""
    tokens = _settle_forms(_wake_first_verb(_drop_attributes(tokens), code), code)
    drafts: list[_Draft] = []
    waiting: _Draft | None = None  # subordinate clause at the start of a sentence, whose governor is still to come
    active: _Draft | None = None
    for start, end, quoted in _find_segments(tokens, quotes):
        for part_start, part_end, coordinated in _split_coordination(tokens, start, end):
            kind, opener = _classify(tokens, part_start, part_end, coordinated, active, bool(drafts), code)
            draft = _place(kind, opener, tokens, part_start, part_end, drafts, active, quoted)
            if draft.parent is None and draft.kind in ("subordinate", "infinitive") and waiting is None:
                waiting = draft
            elif waiting is not None and draft.kind == "main" and draft is not waiting:
                waiting.parent, waiting = draft, None
            active = draft
    return _finish(tokens, drafts, code)


def _drop_attributes(tokens: list[Token]) -> list[Token]:
    """Participles in front of a noun are no verbs of the clause: "die besetzte Krim", "verletzte Zivilisten"."""
    out = tokens
    for i, token in enumerate(tokens):
        if token.kind not in ("finite", "participle", "infinitive") or not token.text.endswith(_INFLECTED):
            continue
        following = tokens[i + 1] if i + 1 < len(tokens) else None
        if following is None or not (
            following.kind == "name" or (following.kind == "word" and following.text.endswith(_INFLECTED))
        ):
            continue
        if following.kind == "word" and not (i + 2 < len(tokens) and tokens[i + 2].kind == "name"):
            continue
        previous = tokens[i - 1] if i else None
        if previous is None:
            continue
        attributive = previous.kind in ("article", "preposition", "number") or (
            previous.kind == "word" and previous.text.endswith(_INFLECTED)
        )
        if not attributive and previous.kind in ("name", "word", "finite"):
            attributive = _in_extended_attribute(tokens, i)
        if attributive:
            if out is tokens:
                out = list(tokens)
            out[i] = token._replace(kind="word")
    return out


def _in_extended_attribute(tokens: list[Token], position: int) -> bool:
    """ "auf der von Moskau besetzten Krim": an article directly before a preposition or adverb opens an attribute."""
    for i in range(position - 1, max(0, position - 7), -1):
        if tokens[i].kind == "punctuation":
            return False
        adverb = tokens[i].kind == "word" and not tokens[i].text.endswith(_INFLECTED)
        if (adverb or tokens[i].kind == "preposition") and tokens[i - 1].kind == "article":
            return True
    return False


def _wake_first_verb(tokens: list[Token], code: str) -> list[Token]:
    """A capitalised first word that is an auxiliary or modal: "Sollte bis Freitag ...", "Hat die Armee ..."."""
    first = next((i for i, token in enumerate(tokens) if token.kind != "punctuation"), None)
    if first is None or tokens[first].kind != "name" or first + 1 >= len(tokens):
        return tokens
    auxiliaries = load_auxiliaries(code)
    helpers = auxiliaries.have | auxiliaries.be | auxiliaries.become | auxiliaries.modals
    for reading in find_readings(tokens[first].text.lower(), code):
        if reading.form in FINITE and reading.lemma in helpers:
            tokens = list(tokens)
            tokens[first] = tokens[first]._replace(kind="finite")
            break
    return tokens


def _settle_forms(tokens: list[Token], code: str) -> list[Token]:
    """Decide between finite and non-finite readings of one form ("verletzt", "kommen") by what stands around it:
    "zu" before it, a verb directly behind it, or an auxiliary before it in the same stretch."""
    auxiliaries = load_auxiliaries(code)
    helpers = auxiliaries.have | auxiliaries.be | auxiliaries.become
    out = list(tokens)
    helper: str | None = None  # lemma of the auxiliary or modal that waits for its other half
    for i, token in enumerate(tokens):
        if token.text in _CUTS:
            helper = None
        if token.text in auxiliaries.be and _is_infinitive(tokens, i, auxiliaries.marker):
            out[i] = token._replace(kind="infinitive")  # "gewesen zu sein", not "sein Haus"
        if token.kind != "finite":
            continue
        readings = find_readings(token.text.lower(), code)
        forms = {reading.form: reading.lemma for reading in readings if reading.form not in FINITE}
        own = next((r.lemma for r in readings if r.lemma in helpers | auxiliaries.modals and r.form in FINITE), None)
        following = tokens[i + 1] if i + 1 < len(tokens) else None
        before_verb = following is not None and following.kind in ("finite", "infinitive", "participle")
        takes_infinitive = helper in auxiliaries.modals | auxiliaries.become
        if "infinitive" in forms and ((i and tokens[i - 1].text == auxiliaries.marker) or takes_infinitive):
            out[i] = token._replace(kind="infinitive")
        elif "participle" in forms and (helper in helpers or before_verb):
            out[i] = token._replace(kind="participle")
        elif "infinitive" in forms and before_verb and i and following is not None and following.kind == "finite":
            out[i] = token._replace(kind="infinitive")
        elif own is not None:
            helper = own
    return out


def _is_infinitive(tokens: list[Token], position: int, marker: str) -> bool:
    following = tokens[position + 1] if position + 1 < len(tokens) else None
    ends = following is None or following.kind in ("punctuation", "finite", "coordination")
    return (
        ends
        and position > 0
        and (tokens[position - 1].text == marker or tokens[position - 1].kind in ("participle", "finite", "word"))
    )


def _find_segments(tokens: list[Token], quotes: list[Span]) -> list[tuple[int, int, bool]]:
    """Ranges of tokens between cuts, with whether they lie inside a quotation. Quotation marks around a word or
    two without a verb (a "special operation") are no cut."""
    segments = []
    start = 0
    finite_starts = [token.start for token in tokens if token.kind == "finite"]
    quotes = [q for q in quotes if bisect_left(finite_starts, q.start) < bisect_left(finite_starts, q.end)]
    marks = {q.start for q in quotes} | {q.end - 1 for q in quotes}
    for i in range(len(tokens) + 1):
        if i < len(tokens) and (
            tokens[i].text not in _CUTS or (tokens[i].text in _QUOTE_MARKS and tokens[i].start not in marks)
        ):
            continue
        if i > start:
            position = tokens[start].start
            quoted = any(quote.start <= position < quote.end for quote in quotes)
            segments.append((start, i, quoted))
        start = i + 1
    return segments


def _is_finite(token: Token) -> bool:
    return token.kind == "finite"


def _split_coordination(tokens: list[Token], start: int, end: int) -> list[tuple[int, int, bool]]:
    """Cut "griff an und zerstörte" in front of the conjunction between two finite verbs."""
    finites = [i for i in range(start, end) if _is_finite(tokens[i])]
    if len(finites) < 2:
        return [(start, end, False)]
    parts: list[tuple[int, int, bool]] = []
    begin = start
    for left, right in pairwise(finites):
        cut = next((i for i in range(right - 1, left, -1) if tokens[i].kind == "coordination"), None)
        if cut is not None and cut > begin:
            parts.append((begin, cut, bool(parts)))
            begin = cut
    parts.append((begin, end, bool(parts)))
    return parts


def _classify(
    tokens: list[Token], start: int, end: int, coordinated: bool, active: _Draft | None, later: bool, code: str
) -> tuple[Kind | None, str | None]:
    """What a segment opens: a kind of clause and its opening word, or ``None`` when it only continues a clause."""
    lexicon = load_lexicon(code)
    first = start
    while first < end and tokens[first].kind == "coordination":
        first += 1
    if first >= end:
        return None, None
    finite = [i for i in range(start, end) if _is_finite(tokens[i])]
    last_word = max((i for i in range(start, end) if tokens[i].kind != "punctuation"), default=start)
    verb_last = bool(finite) and _only_verbs(tokens, finite[-1], last_word)
    if coordinated and active is not None and active.kind in ("subordinate", "relative") and verb_last:
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
    if verb_last and finite[0] >= first + 3 and governing is not None:
        return governing.kind, governing.opener  # "dass ... seien, es aber noch einen weiten Weg gebe"
    return "main", None


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
        if _is_before_comma(tokens, end) and governing is not None and _is_finite(governing):
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
    auxiliaries = load_auxiliaries(code)
    for i in range(start, end):
        if tokens[i].kind == "infinitive" or tokens[i].kind == "finite":
            forms = {reading.form for reading in find_readings(tokens[i].text.lower(), code)}
            if "zu" in forms or ("infinitive" in forms and i > start and tokens[i - 1].text == auxiliaries.marker):
                return True
    return False


def _place(
    kind: Kind | None,
    opener: str | None,
    tokens: list[Token],
    start: int,
    end: int,
    drafts: list[_Draft],
    active: _Draft | None,
    quoted: bool,
) -> _Draft:
    """Put a segment into a new clause or into one that waits for it."""
    has_finite = any(_is_finite(tokens[i]) for i in range(start, end))
    has_nonfinite = any(tokens[i].kind in ("participle", "infinitive") for i in range(start, end))
    draft: _Draft | None = None
    if kind in ("main", None):
        draft = _find_waiting(drafts, quoted, has_finite, has_nonfinite)
    if draft is None and kind is None:
        draft = _find_open(active, quoted)
    if draft is None:
        draft = _Draft(kind or "fragment", opener, parent=active if kind not in ("main", None) else None, quoted=quoted)
        drafts.append(draft)
    draft.positions.extend(range(start, end))
    draft.has_finite = draft.has_finite or has_finite
    draft.has_nonfinite = draft.has_nonfinite or has_nonfinite
    if draft.kind == "fragment" and has_finite:
        draft.kind = "main"
    if draft.kind in ("subordinate", "relative") and draft.has_finite:
        draft.closed = True
    return draft


def _find_waiting(drafts: list[_Draft], quoted: bool, has_finite: bool, has_nonfinite: bool) -> _Draft | None:
    """The innermost clause that lacks what this segment brings: "Die Stadt, die ..., | liegt", "hat, ..., | gesagt"."""
    for draft in reversed(drafts):
        if draft.quoted != quoted:
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


def _finish(tokens: list[Token], drafts: list[_Draft], code: str) -> tuple[list[Token], tuple[Clause, ...]]:
    negations = load_negations(code)
    out = list(tokens)
    drafts.sort(key=lambda draft: draft.positions[0])
    index = {id(draft): i for i, draft in enumerate(drafts)}
    clauses: list[Clause] = []
    for draft in drafts:
        positions = draft.positions
        own = [tokens[i] for i in positions]
        verb_last = draft.kind in ("subordinate", "relative") and own[0].kind != "finite"
        group = read_group(own, verb_last, code)
        for local, (kind, lemma) in group.lemmas.items():
            out[positions[local]] = out[positions[local]]._replace(kind=kind, lemma=lemma)
        for local, token in enumerate(own):  # verbs that the group has no use for
            if token.kind in ("finite", "participle", "infinitive") and local not in group.lemmas:
                out[positions[local]] = _leftover(token, code)
        parent = index[id(draft.parent)] if draft.parent is not None else _governor(clauses, group, drafts)
        clauses.append(_clause(draft, own, group, parent, negations))
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


def _governor(clauses: list[Clause], group: VerbGroup, drafts: list[_Draft]) -> int | None:
    """Indirect speech without a conjunction hangs on the clause before it: "Er sagte, die Lage sei ruhig."; a
    quotation or indirect speech that comes first hangs on the clause behind it."""
    number = len(clauses)
    draft = drafts[number]
    indirect = group.mood == "subjunctive1" or (draft.quoted and draft.kind == "main")
    if not indirect:
        return None
    for i in range(number - 1, -1, -1):
        if clauses[i].mood == "indicative" and not clauses[i].quoted and clauses[i].kind == "main":
            return i
    for i in range(number + 1, len(drafts)):
        if not drafts[i].quoted and drafts[i].kind == "main" and drafts[i].has_finite:
            return i
    return None


def _clause(draft: _Draft, own: list[Token], group: VerbGroup, parent: int | None, negations: Negations) -> Clause:
    negated = any(
        token.text.lower() in negations.words
        and not (i + 1 < len(own) and own[i + 1].text.lower() in negations.not_before)
        for i, token in enumerate(own)
    )
    kind: Kind = draft.kind
    if group is NO_GROUP and kind == "main":
        kind = "fragment"
    main = own[group.main] if group.main is not None else None
    return Clause(
        span=Span(own[0].start, own[-1].end),
        kind=kind,
        verb=group.verb,
        verb_spans=tuple(Span(own[i].start, own[i].end) for i in group.parts),
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
