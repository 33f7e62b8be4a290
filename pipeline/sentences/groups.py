"""Reads a verb group: which verb it is, when it places its event, and how it speaks of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from pipeline import language
from pipeline.records import Mood, Tense, WordClass
from pipeline.sentences.verbs import FINITE, Form, Reading, VerbTable, find_forms, find_readings, load_verbs
from pipeline.sentences.words import Words


class Auxiliaries(NamedTuple):
    have: frozenset[str]
    be: frozenset[str]
    become: frozenset[str]
    modals: frozenset[str]
    future_modals: frozenset[str]
    forward_past: frozenset[str]
    motion: frozenset[str]
    first_person: frozenset[str]
    causatives: frozenset[str]  # "ließ verlegen": the infinitive is the main verb
    marker: str  # "zu"
    helpers: frozenset[str]  # have, be and become
    have_be: frozenset[str]
    have_become: frozenset[str]
    before_infinitive: frozenset[str]  # modals and become
    all: frozenset[str]  # helpers and modals
    governors: frozenset[str]  # helpers, modals and causatives: behind these another verb is the main verb


@cache
def load_auxiliaries(code: str) -> Auxiliaries:
    words = language.words(code, "sentences")
    auxiliaries = words["auxiliaries"]
    sets = {name: frozenset(auxiliaries[name]) for name in ("have", "be", "become")}
    for name in ("modals", "future_modals", "forward_past", "motion", "first_person", "causatives"):
        sets[name] = frozenset(words[name])
    have, be, become, modals = sets["have"], sets["be"], sets["become"], sets["modals"]
    return Auxiliaries(
        marker=words["infinitive_marker"],
        helpers=have | be | become,
        have_be=have | be,
        have_become=have | become,
        before_infinitive=modals | become,
        all=have | be | become | modals,
        governors=have | be | become | modals | sets["causatives"],
        **sets,
    )


@lru_cache(maxsize=language.WORDS_KEPT)
def find_auxiliary(word: str, code: str) -> str | None:
    """The auxiliary or modal verb that a lower-case word is a finite form of."""
    known = load_auxiliaries(code).all
    return next((r.lemma for r in find_readings(word, code) if r.lemma in known and r.form in FINITE), None)


class VerbGroup(NamedTuple):
    """What the verbs of one clause say together. Indices are positions in the sentence's words."""

    verb: str | None
    parts: tuple[int, ...]
    main: int | None
    tense: Tense | None
    perfect: bool
    pluperfect: bool
    mood: Mood | None
    passive: bool
    modal: str | None
    finite: int | None
    lemmas: dict[int, tuple[WordClass, str]]  # position -> (word class, lemma)


NO_GROUP = VerbGroup(None, (), None, None, False, False, None, False, None, None, {})
_AMBIGUOUS: frozenset[Form] = frozenset(("participle", "infinitive"))
_NONFINITE: frozenset[Form] = frozenset(("participle", "infinitive", "zu"))
VERBS: frozenset[WordClass] = frozenset(("finite", "participle", "infinitive"))
_MOODS: dict[Form, Mood] = {"subjunctive1": "subjunctive1", "subjunctive2": "subjunctive2"}
_PREFERENCE: tuple[Form, ...] = ("present", "past", "subjunctive1", "subjunctive2")


def read_group(words: Words, positions: Sequence[int], verbs: Sequence[int], verb_last: bool, code: str) -> VerbGroup:
    """Read the verbs of one clause; ``positions`` are those of its words, ``verbs`` those of its verbs. ``verb_last``
    tells that the clause is subordinate, so that its finite verb stands behind the others."""
    table, auxiliaries = load_verbs(code), load_auxiliaries(code)
    readings: dict[int, tuple[Reading, ...]] = {}
    finites: list[int] = []
    certain: list[int] = []  # that can be nothing but finite, or "zu" and a verb
    rest: list[int] = []
    for i in verbs:
        word = words.texts[i].lower()
        found, forms = find_readings(word, code), find_forms(word, code)
        if words.kinds[i] != "finite":
            found = tuple(reading for reading in found if reading.form not in FINITE)
        elif not forms.isdisjoint(FINITE):
            finites.append(i)
            if forms.isdisjoint(_AMBIGUOUS):
                certain.append(i)
        if found:
            readings[i] = found
            if not forms.isdisjoint(_NONFINITE):
                rest.append(i)
    if not readings:
        return NO_GROUP
    finite = _choose_finite(finites, certain, verb_last)
    rest = [i for i in rest if i != finite]
    if finite is None:
        return _read_nonfinite(readings, rest, auxiliaries)
    reading = _choose_reading(readings[finite], words, positions, auxiliaries)
    lemma, form = reading.lemma, reading.form
    particle = None if reading.prefix else _find_particle(words, positions, finite, lemma, table)
    prefix = words.texts[particle].lower() if particle is not None else None
    if prefix is not None:
        lemma = table.separable[prefix, lemma] or lemma
    group = _combine(readings, finite, lemma, form, rest, auxiliaries)
    if particle is None or prefix is None:
        return group
    group.lemmas[particle] = ("particle", prefix)
    return group._replace(parts=tuple(sorted((*group.parts, particle))))


def _choose_finite(candidates: list[int], certain: list[int], verb_last: bool) -> int | None:
    if not candidates:
        return None
    if verb_last:
        # "..., dass sie hätten kommen können": the auxiliary may stand before a chain of infinitives.
        return certain[-1] if certain else candidates[-1]
    if certain:
        return certain[0]
    return candidates[0]


def _choose_reading(
    found: Sequence[Reading], words: Words, positions: Sequence[int], auxiliaries: Auxiliaries
) -> Reading:
    if len(found) == 1:
        chosen = found[0]
    else:
        finite = [reading for reading in found if reading.form in FINITE]
        helpers = [r for r in finite if r.lemma in auxiliaries.have_become]
        chosen = min(helpers or finite, key=lambda reading: _PREFERENCE.index(reading.form))
    if chosen.form == "subjunctive1" and any(words.texts[i].lower() in auxiliaries.first_person for i in positions):
        return chosen._replace(form="present")  # "ich habe", "ich hoffe": no indirect speech
    return chosen


def _find_particle(words: Words, positions: Sequence[int], finite: int, lemma: str, table: VerbTable) -> int | None:
    """The separated prefix: "griff ... an". It closes the clause, or stands before punctuation or a conjunction."""
    texts, prefixes = words.texts, table.prefixes
    following: int | None = None
    for i in reversed(positions):
        if i <= finite:
            return None
        if (
            texts[i] in prefixes
            and (texts[i], lemma) in table.separable
            and (
                following is None
                or words.starts[following] > words.ends[i] + 1  # punctuation or another clause stands between
                or words.kinds[following] in ("punctuation", "coordination", "conjunction")
            )
        ):
            return i
        following = i
    return None


def _read_nonfinite(readings: dict[int, tuple[Reading, ...]], rest: list[int], auxiliaries: Auxiliaries) -> VerbGroup:
    """A group without a finite verb: "um die Stadt einzunehmen", "zerstört zu haben", "angegriffen"."""
    if not rest:
        return NO_GROUP
    helpers = auxiliaries.helpers
    chosen = {i: _nonfinite(readings[i]) for i in rest}
    mains = [i for i in rest if chosen[i].lemma not in helpers] or rest
    main = mains[-1]
    participle = chosen[main].form == "participle"
    aided = any(chosen[i].lemma in helpers for i in rest if i != main)
    perfect = participle and any(chosen[i].lemma in auxiliaries.have_be for i in rest if i != main)
    passive = participle and aided and any(chosen[i].lemma in auxiliaries.become for i in rest if i != main)
    lemmas = {i: _nonfinite_class(chosen[i]) for i in rest}
    return VerbGroup(
        chosen[main].lemma, tuple(rest), main, "past" if participle else None, perfect, False, None,
        passive or (participle and not aided), None, None, lemmas,
    )  # fmt: skip


def _nonfinite(found: Sequence[Reading]) -> Reading:
    order = ("zu", "participle", "infinitive")
    return min((r for r in found if r.form in order), key=lambda r: order.index(r.form))


def _as_infinitive(found: Sequence[Reading], chosen: Reading) -> Reading:
    """ "wollen beraten", "ließ einberufen": a form that is participle and infinitive at once is the infinitive here."""
    return next((r for r in found if r.form == "infinitive" and r.lemma == chosen.lemma), chosen)


def _nonfinite_class(reading: Reading) -> tuple[WordClass, str]:
    return "participle" if reading.form == "participle" else "infinitive", reading.lemma


def _combine(
    readings: dict[int, tuple[Reading, ...]],
    finite: int,
    lemma: str,
    form: Form,
    rest: list[int],
    auxiliaries: Auxiliaries,
) -> VerbGroup:
    if not rest or lemma not in auxiliaries.governors:  # "griff an", "versuchten zu fliehen", "kam geflogen"
        tense = _tense(lemma, form, None, False, False, auxiliaries)
        mood = _MOODS.get(form, "indicative")
        lemmas: dict[int, tuple[WordClass, str]] = {finite: ("finite", lemma)}
        return VerbGroup(lemma, (finite,), finite, tense, False, False, mood, False, None, finite, lemmas)
    chosen = {i: _nonfinite(readings[i]) for i in rest}
    helpers = auxiliaries.helpers
    is_modal = lemma in auxiliaries.modals
    ahead = is_modal or lemma in auxiliaries.causatives or (lemma in auxiliaries.become and form == "present")
    if ahead and rest and not any(reading.lemma in helpers for reading in chosen.values()):
        chosen[rest[-1]] = _as_infinitive(readings[rest[-1]], chosen[rest[-1]])
    is_helper = lemma in helpers
    mood = _MOODS.get(form, "indicative")
    mains = [i for i in rest if chosen[i].lemma not in helpers and chosen[i].lemma not in auxiliaries.modals]
    caused = [i for i in mains if chosen[i].form == "infinitive" and chosen[i].lemma not in auxiliaries.causatives]
    causes = bool(caused) and lemma in auxiliaries.causatives  # "ließ verlegen"
    made = (is_helper or is_modal) and bool(caused) and len(caused) < len(mains)  # "hat, will verlegen lassen"
    wanted = lemma in auxiliaries.have and any(  # "hat abreisen wollen"
        chosen[i].form == "infinitive" and chosen[i].lemma in auxiliaries.modals for i in rest
    )
    if causes or made:
        mains = caused
    if not (is_modal or is_helper or causes):
        mains = []  # "versuchten zu fliehen", "kam geflogen": the finite verb is the main verb
        rest = []
    elif not mains and rest:
        mains = [i for i in rest if chosen[i].lemma not in auxiliaries.modals][-1:]  # "war geworden"
    main = mains[-1] if mains else finite
    rest = [i for i in rest if i in mains[-1:] or chosen[i].lemma in helpers or chosen[i].lemma in auxiliaries.modals]
    main_form = chosen[main].form if main != finite else None
    perfect_infinitive = main_form == "participle" and any(
        chosen[i].form == "infinitive" and chosen[i].lemma in auxiliaries.have_be for i in rest if i != main
    )
    become_inside = any(chosen[i].lemma in auxiliaries.become for i in rest if i != main)
    be_inside = any(chosen[i].lemma in auxiliaries.be for i in rest if i != main)
    verb = chosen[main].lemma if main != finite else lemma
    passive = main_form == "participle" and (
        lemma in auxiliaries.become
        or become_inside
        or ((lemma in auxiliaries.be or be_inside) and verb not in auxiliaries.motion)  # "soll geräumt sein"
        or (is_modal and perfect_infinitive is False)
    )
    perfect = (
        perfect_infinitive
        or (main_form == "participle" and lemma in auxiliaries.have_be)
        or (made and lemma in auxiliaries.have)
        or wanted
    )
    tense = _tense(lemma, form, main_form, perfect, perfect_infinitive, auxiliaries)
    parts = sorted({finite, *rest})
    lemmas = {i: _nonfinite_class(chosen[i]) for i in rest}
    lemmas[finite] = ("finite", lemma)
    return VerbGroup(
        verb, tuple(parts), main, tense, perfect, perfect and form == "past" and not is_modal, mood, passive,
        lemma if is_modal and main != finite else None, finite, lemmas,
    )  # fmt: skip


def _tense(
    lemma: str, form: Form, main_form: str | None, perfect: bool, perfect_infinitive: bool, auxiliaries: Auxiliaries
) -> Tense:
    if perfect or perfect_infinitive:
        return "past"
    if lemma in auxiliaries.become:
        if main_form in ("infinitive", "zu"):
            return "future"
        if main_form == "participle" and form == "subjunctive2":
            return "future"  # "würden am Sonntag fortgesetzt"
    if lemma in auxiliaries.future_modals and main_form is not None:
        # "sollte beginnen" looks ahead, "wollte beginnen" looks back.
        return "past" if form == "past" and lemma not in auxiliaries.forward_past else "future"
    if form == "past":
        return "past"
    return "present"
