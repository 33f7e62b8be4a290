"""Brings spellings of one name together: case, accents, transliterations of Cyrillic and Arabic."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pipeline.language import WORDS_KEPT


def _bare(text: str) -> str:
    """Letters without what stands above or below them."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


_PLAIN: dict[int, str | int] = {letter: _bare(chr(letter)) for letter in range(0xC0, 0x250)}
_PLAIN |= str.maketrans("øłıđ", "olid")  # letters that do not decompose
_PLAIN |= dict.fromkeys(map(ord, "'‘’ʼʻʿʾʹ`´"), "")
_PLAIN |= dict.fromkeys(map(ord, "-\u2010\u2011."), " ")
_CYRILLIC = {
    "а": "a", "б": "b", "в": "w", "г": "g", "д": "d", "е": "e", "ё": "jo", "ж": "sch", "з": "s", "и": "i", "й": "j",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "ch", "ц": "z", "ч": "tsch", "ш": "sch", "щ": "schtsch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "ju",
    "я": "ja", "і": "i", "ї": "ji", "є": "je", "ґ": "g", "ў": "u", "ћ": "c", "ђ": "d", "џ": "dsch", "љ": "lj",
    "њ": "nj", "ј": "j",
}  # fmt: skip
_LONE_S = (r"(?<=[аеёиоуыэюяіїє])с(?=[аеёиоуыэюяіїє])", "ss")
# What the two languages write otherwise than letter by letter, applied before the table.
_UKRAINIAN = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (_LONE_S, (r"['’ʼ]", ""), (r"г", "h"), (r"ьо", "jo"), (r"и", "y"))
)
_RUSSIAN = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        _LONE_S, (r"(?<=[аеоуэюя])й", "i"), (r"\bе|(?<=[аеёиоуыэюяьъ])е", "je"), (r"(?<=[жчшщ])ё", "o"),
        (r"кс", "x"), (r"ий\b", "i"), (r"ый\b", "y"), (r"ьи", "ji"),
    )
)  # fmt: skip
# Spellings that different transliterations give one sound, and the letter that stands for it.
_SOUNDS = {
    spelling: sound
    for sound, spellings in {
        "C": "schtsch shch tsch tch ch+", "J": "dsch dzh dj", "S": "sch sh zh", "H": "kh ch gh h", "s": "tz ts z c+",
        "f": "ph v w", "k": "ck q k c", "i": "j y ij ii i", "u": "ou oo o", "e": "ae e", "t": "th dt d", "ks": "x",
    }.items()
    for spelling in spellings.split()
}  # fmt: skip
_SOFT = {"ch": "aeiou", "c": "ei"}  # in front of these letters they have the sound of the spelling with "+"
_SPELLING = re.compile("|".join(sorted((s for s in _SOUNDS if s[-1] != "+"), key=len, reverse=True)))
_SOFTENED = re.compile("(?<=C)[ei]")
_TWICE = re.compile(r"(.)\1+")
_SHORTEST_WITHOUT_ARTICLE = 5
_ARTICLE = re.compile(r"^(?:al|el|ar|as|ash|asch|an|at|ath|ad|adh|ed|es|ez|az)[\s\-]")
# English letters for Arabic and Persian sounds and the German ones for the same, in this order.
_FROM_ENGLISH = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ch", "tsch"), (r"kh", "ch"), (r"(?<!t)(?<!s)sh", "sch"), (r"j", "dsch"), (r"zh", "sch"), (r"ou|oo", "u"),
        (r"ee", "i"), (r"iyy", "ij"), (r"y(?=[aeiou])", "j"), (r"y", "i"), (r"z", "s"), (r"q", "k"), (r"v", "w"),
        (r"ah\b", "a"),
    )
)  # fmt: skip


_LINK = re.compile(r"(?<=\w) [EI] (?=\w)")  # Persian: "Pul-e Chumri", "Masar-i-Scharif"


@lru_cache(maxsize=WORDS_KEPT)
def fold(name: str) -> str:
    """Case, accents, hyphens and spaces aside: "Chan-Junis" and "Chan Junis" are one."""
    plain = name.casefold().translate(_PLAIN)
    return " ".join((plain if plain.isascii() else _bare(plain)).split())


def has_article(name: str) -> bool:
    """Whether a name begins with an Arabic article: "Al-Hasaka", "El Obeid"."""
    folded = fold(name)
    return " " in folded and _ARTICLE.match(folded) is not None


def without_article(name: str) -> str:
    """A folded name behind its Arabic article, if it has one."""
    return _ARTICLE.sub("", fold(name))


def skeleton(name: str) -> str:
    """What is left of a name when spellings of one sound are made one and double letters single; names that sound
    alike in different transliterations share it."""
    text = _ARTICLE.sub("", fold(name)).replace(" ", "")
    text = _SOFTENED.sub("", _SPELLING.sub(_sound_of, text))
    return _TWICE.sub(r"\1", text).rstrip("Hie")


def _sound_of(match: re.Match[str]) -> str:
    spelling = match[0]
    follows = match.string[match.end() : match.end() + 1]
    if follows and follows in _SOFT.get(spelling, ""):
        return _SOUNDS[f"{spelling}+"]
    return _SOUNDS[spelling]


def germanise(name: str) -> list[str]:
    """Spellings that German reports may use for an Arabic or Persian name which is given in English letters:
    "Jarābulus" is "Dscharabulus", "Khān Shaykhūn" "Chan Schaichun" or "Chan Scheichun". The article is "Al-"; a single
    word may also stand without it."""
    text = fold(name)
    bare = _ARTICLE.sub("", text)
    for pattern, sound in _FROM_ENGLISH:
        bare = pattern.sub(sound, bare)
    bare = _LINK.sub("-e ", bare.title())
    forms = list(dict.fromkeys((bare, bare.replace("ai", "ei"), bare.replace("-e ", "-i-"))))
    if not bare or not _ARTICLE.match(text):
        return forms
    articled = [f"Al-{form}" for form in forms]
    return articled if " " in bare or len(bare) < _SHORTEST_WITHOUT_ARTICLE else articled + forms


def is_cyrillic(name: str) -> bool:
    return any("\u0400" <= character <= "\u04ff" for character in name)


def transliterate(name: str, *, ukrainian: bool) -> str:
    """Cyrillic letters in the German way (Duden) for Ukrainian or else Russian: "Запоріжжя" is "Saporischschja",
    "Белгород" "Belgorod", "Горлівка" "Horliwka"."""
    text = name.lower().replace("\u0301", "")
    for pattern, sound in _UKRAINIAN if ukrainian else _RUSSIAN:
        text = pattern.sub(sound, text)
    return "".join(_CYRILLIC.get(character, character) for character in text).title()
