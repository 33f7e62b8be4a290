"""What a single word says about actors: names, adjectives of nation, nouns for groups and offices."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

from pipeline import language
from pipeline.actors.knowledge import load_bodies, load_generic, load_states, load_terms
from pipeline.errors import PackError
from pipeline.records import ActorMention, Sector
from pipeline.sentences.words import find_words

_LONGEST_WORD = 48  # longer runs of letters are no words
_SHORTEST_PREFIX = 3
_NOUN_ENDINGS = ("", "s", "es", "n", "en")
_PLURAL = frozenset("p")


class Head(NamedTuple):
    """A noun for actors. ``kind``: group ("Armee"), office ("Sprecher") or reference ("die Organisation")."""

    kind: str
    key: str
    sector: Sector | None
    gender: str  # m, f, n, p, or b where singular and plural look alike
    inherits: bool
    prefix: str  # what stands before the head in a compound: "banden" in "Bandenchef"


class Name(NamedTuple):
    """A known name that begins with a word. ``kind``: state, seat, body or person; ``key`` is a country or id;
    ``where`` the country that the report must name for it to be meant, "" for none."""

    rest: tuple[frozenset[str], ...]
    kind: str
    key: str
    alone: bool  # one word of several that stands for a person: "Selenskyj"
    where: str = ""


class Word(NamedTuple):
    names: tuple[Name, ...]  # longest first
    nation: str | None  # country of an adjective; "" where the adjective names no state
    head: Head | None
    inhabitant: str | None
    is_given_name: bool


class Lexicon(NamedTuple):
    names: dict[str, tuple[Name, ...]]
    nations: dict[str, str]
    inhabitants: dict[str, str]
    heads: dict[str, Head]
    whole_heads: dict[str, Head]
    given_names: frozenset[str]
    female_names: frozenset[str]
    force_nouns: frozenset[str]
    place_nouns: frozenset[str]
    named_after: frozenset[str]  # things that are named after persons
    sets: dict[str, frozenset[str]]
    noun_endings: tuple[str, ...]
    plural_endings: tuple[str, ...]  # of a verb in the third person
    regional_prefixes: tuple[str, ...]
    pronouns: dict[str, str]  # third person -> gender: {"er": "m"}
    demonstratives: dict[str, str]  # the same of "Der", "Die"
    numbers: dict[str, int]
    home_prefixes: dict[str, str]
    occupiers: dict[str, str]  # country without an army -> the one whose army is there


def _forms(word: str) -> list[str]:
    return [word + ending for ending in _NOUN_ENDINGS]


def _tails(nouns: list[str]) -> frozenset[str]:
    return frozenset(form for noun in nouns for form in (*_forms(noun.lower()), noun.lower() + "e"))


def _listed(value: Any) -> list[str]:
    return value.split() if isinstance(value, str) else [str(v) for v in value]


@cache
def load_lexicon(code: str) -> Lexicon:  # noqa: C901 - one short step a section of the file
    """The words of a language for actors; ``PackError`` names an entry that breaks the rules of actors.yaml."""
    source = language.words(code, "actors")
    endings = _listed(source["adjective_endings"])
    heads: dict[str, Head] = {}
    whole: dict[str, Head] = {}

    def add_head(noun: str, head: Head) -> None:
        store = whole if noun.startswith("=") else heads
        word = noun.lstrip("=").lower()
        adjectival = word.endswith("er") and head.gender == "m" and word[:-2] + "e" in plurals
        for form in {word, *([] if head.gender == "p" else _forms(word)), *([word[:-1] + "n"] if adjectival else [])}:
            store.setdefault(form, head)

    plurals: set[str] = set()
    for key, group in source["groups"].items():
        if key not in load_generic():
            raise PackError(f"actors.yaml: group {key} has no row in actors/generic.tsv.")
        if not group.get("examples") or not group.get("not"):
            raise PackError(f"actors.yaml: group {key} needs examples and counter-examples.")
        plurals |= {word.lstrip("=").lower() for word in str(group["nouns"].get("p", "")).split()}
    for gender in "pbfnm":  # a plural form that is listed wins over a singular form that is built
        for key, group in source["groups"].items():
            for noun in str(group["nouns"].get(gender, "")).split():
                add_head(noun, Head("group", key, load_generic()[key][1], gender, False, ""))
    for key, office in source["offices"].items():
        for gender in "mfn":
            for noun in str(office.get(gender, "")).split():
                head = Head("office", key, office["sector"], gender, bool(office.get("inherit")), "")
                add_head(noun, head)
                for form in _forms(noun.lower()):
                    known = heads.get(form)
                    if known is None or (known.kind == "group" and known.gender == "m"):
                        heads[form] = head
    for key, reference in source["references"].items():
        for gender, nouns in reference.items():
            for noun in nouns.split():
                whole[noun.lstrip("=").lower()] = Head("reference", key, None, gender, False, "")
    nations: dict[str, str] = {}
    inhabitants: dict[str, str] = {}
    for state in load_states().values():
        for stem in state.adjectives:
            for ending in endings:
                nations.setdefault((stem + ending).lower(), state.country)
        for seat in state.seats:
            if " " not in seat and seat[-1] not in "aeiouáàéíóúy":
                nations.setdefault((seat + "er").lower(), state.country)
        for noun in state.inhabitants:
            forms = {noun, noun + "n", noun + "s"} | (
                {noun[:-1] + "in", noun[:-1] + "innen"} if noun[-1] == "e" else {noun + "in", noun + "innen"}
            )
            for form in forms:
                inhabitants.setdefault(form, state.country)
    for stem in _listed(source["stateless_adjectives"]):
        for ending in endings:
            nations.setdefault(stem + ending, "")
    given = set(_listed(source["given_names"]))
    names = _load_names(code, tuple(endings), given)
    force = _tails(_listed(source["force_nouns"]))
    place = _tails(_listed(source["place_nouns"]))
    named_after = _tails(_listed(source["named_after"]))
    return Lexicon(
        names,
        nations,
        inhabitants,
        heads,
        whole,
        frozenset(given),
        frozenset(_listed(source["female_names"])),
        force,
        place,
        named_after,
        {
            key: frozenset(_listed(source[key]))
            for key in (
                "party_prepositions", "origin_prepositions", "genitive_openers", "no_names",
                "name_particles", "former", "possessives", "without_army", "titles",
                "local_groups", "empty_es_verbs", "armed_adjectives", "armed_people",
                "own", "locatives", "seat_prepositions", "target_prepositions", "dative_articles",
                "definite_articles", "both", "also_conjunctions", "their", "under", "lead", "destinations",
                "society_marks", "plural_articles", "speech_verbs", "venue_verbs", "directions",
                "agent_prepositions", "passage_verbs", "relation_nouns", "deployment_verbs", "direct_articles",
                "soldiers", "loyal_prefixes", "plural_only", "singular_verbs",
                "kin", "kin_openers", "name_only", "object_pronouns", "addresses", "feminine_datives", "allied_words",
            )
        },
        tuple(_listed(source["noun_endings"])),
        tuple(_listed(source["plural_endings"])),
        tuple(_listed(source["regional_prefixes"])),
        dict(source["pronouns"]),
        dict(source["demonstratives"]),
        dict(source["numbers"]),
        dict(source["home_prefixes"]),
        dict(source["without_army"]),
    )  # fmt: skip


def _load_names(  # noqa: C901 - one loop a table
    code: str, endings: tuple[str, ...], given: set[str]
) -> dict[str, tuple[Name, ...]]:
    found: dict[str, dict[tuple[tuple[frozenset[str], ...], str], Name]] = {}
    sibilants, particles = (language.words(code, "actors")[name] for name in ("sibilants", "name_particles"))

    def add(alias: str, kind: str, key: str, where: str = "") -> None:
        steps: list[frozenset[str]] = []
        for word in alias.split(" "):
            if word.endswith("_"):
                forms = frozenset(word[:-1] + ending for ending in endings if ending)
                steps.append(forms if steps else forms | {form[0].upper() + form[1:] for form in forms})
                continue
            steps.extend(frozenset((text,)) for text in find_words(word, 0, len(word), code).texts)
        if not steps:
            return
        last = next(iter(steps[-1])) if len(steps[-1]) == 1 else ""
        if last[-1:].isalpha() and last[-1:] not in sibilants:
            longer = (last + "s", last + "es") if kind == "body" and not last.isupper() else (last + "s",)
            plural = (last + "n",) if last.endswith("e") and kind == "state" else ()  # "in den Niederlanden"
            steps[-1] = frozenset((last, *longer, *plural))
        alone = kind == "person" and len(steps) == 1
        prefixed = {first for first in steps[0] if first.partition("-")[0].lower() in particles and "-" in first}
        for first in sorted(steps[0] | {first[0].lower() + first[1:] for first in prefixed}):  # "al-Schabaab"
            name = Name(tuple(steps[1:]), kind, key, alone, where)
            found.setdefault(first, {}).setdefault((name.rest, kind if kind == "person" else where), name)

    for body in load_bodies():
        for alias in (body.actor.name, *body.aliases):
            add(alias, "body", body.actor.id)
        for alias in body.short:
            add(alias, "body", body.actor.id, body.actor.country or "")
    for state in load_states().values():
        for alias in (state.name, *state.aliases):
            add(alias, "state", state.country)
        for seat in state.seats:
            add(seat, "seat", state.country)
    for person, terms in load_terms().items():
        for term in terms:
            add(term.actor.name, "person", person)
            for alias in term.aliases:
                add(alias, "person", person)
            first, *others = term.actor.name.split()
            if others and len(first) > 2 and first.isalpha():
                given.add(first)
    return {
        first: tuple(sorted(names.values(), key=lambda name: (-len(name.rest), name.kind, name.key)))
        for first, names in found.items()
    }


@lru_cache(maxsize=language.WORDS_KEPT)
def find_head(code: str, text: str) -> Head | None:
    """The noun for actors in a word, by the longest head: "Drogenbanden" -> crm, "Bandenchef" -> leader."""
    word = text.lower()
    if len(word) > _LONGEST_WORD:
        return None
    lexicon = load_lexicon(code)
    if word in lexicon.whole_heads:
        return lexicon.whole_heads[word]
    for start in range(len(word) - 2):
        if start == 0 or start >= _SHORTEST_PREFIX:
            head = lexicon.heads.get(word[start:])
            if head is not None:
                return head._replace(prefix=word[:start]) if start else head
    return None


@lru_cache(maxsize=language.WORDS_KEPT)
def is_tail_in(words: frozenset[str], text: str) -> bool:
    """Whether a word or the tail of a compound is in a set of lower-case words ("=wort": only as a whole word)."""
    word = text.rpartition("-")[2].lower()
    if len(word) > _LONGEST_WORD:
        return False
    return "=" + word in words or any(
        word[start:] in words for start in range(len(word) - 2) if start == 0 or start >= _SHORTEST_PREFIX
    )


@cache
def body_genders() -> dict[str, str]:
    """Actor id -> grammatical gender of the name of a body ("m", "f", "n", "p")."""
    return {body.actor.id: body.gender for body in load_bodies()}


def is_plural_verb(text: str, code: str) -> bool:
    """Whether a finite verb has the ending of the third person plural: "sie zündeten", not "sie zündete"."""
    lexicon, low = load_lexicon(code), text.lower()
    return low.endswith(lexicon.plural_endings) and low not in lexicon.sets["singular_verbs"]


def is_plural_mention(mention: ActorMention, words: Sequence[str], code: str) -> bool | None:
    """Whether the ``words`` of a mention name several: "Rebellen" do, "Armee" does not; ``None`` where a form is both
    ("Kämpfer", "USA")."""
    heads = (word.head for text in words if (word := look_up(code, text)) is not None and word.head is not None)
    head = next(heads, None)
    if head is not None:
        return {"p": True, "f": False, "n": False}.get(head.gender)
    actor = mention.actor
    if actor is None or (len(words) == 1 and words[0].isupper()):
        return None
    return False


def is_feminine(mention: ActorMention, words: Sequence[str], code: str) -> bool:
    """Whether the ``words`` of a mention are a feminine noun of the singular: "Regierung", not "Armeechef", nor
    "Vorsitzende", who may be a man."""
    heads = (word.head for text in words if (word := look_up(code, text)) is not None and word.head is not None)
    head = next(heads, None)
    if head is not None:
        return head.gender == "f" and head.kind == "group"
    return mention.actor is not None and body_genders().get(mention.actor.id) == "f"


@lru_cache(maxsize=language.WORDS_KEPT)
def look_up(code: str, text: str) -> Word | None:
    """Everything the tables know about a word; ``None`` for nearly all words."""
    lexicon = load_lexicon(code)
    names = lexicon.names.get(text, ())
    low = text.lower()
    nation = lexicon.nations.get(low)
    if nation is None and low[-3:-1] != "" and "isch" in low[-7:]:
        prefix = next((p for p in lexicon.regional_prefixes if low.startswith(p)), None)
        nation = lexicon.nations.get(low[len(prefix) :]) if prefix else None
    capital = text[:1].isupper()
    tail = text.rpartition("-")[2]
    head = find_head(code, tail) if capital and tail[:1].isupper() else None
    inhabitant = lexicon.inhabitants.get(text)
    given = text in lexicon.given_names
    hyphened = capital and "-" in text
    if names or nation is not None or head or inhabitant or given or hyphened:
        return Word(names, nation, head, inhabitant, given)
    return None
