"""Brings spellings of one name together: case, accents, transliterations of Cyrillic and Arabic."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_APOSTROPHES = re.compile("['’ʼʹ`´]")
_MARKS = re.compile(r"[\s\-\u2010\u2011.]+")
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
# Spellings that different transliterations give one sound, reduced to one letter, in this order.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"schtsch|shch", "C"), (r"dsch|dzh|dj", "J"), (r"tsch|tch|ch(?=[aeiou])", "C"), (r"sch|sh|zh|š|ž", "S"),
        (r"kh|ch|gh|h", "H"), (r"tz|ts|z|c(?=[ei])", "s"), (r"ph|v|w", "f"), (r"ck|q|k|c", "k"),
        (r"j|y|ij|ii|i", "i"), (r"ou|oo|o", "u"), (r"ae|ä|e", "e"), (r"th|dt|d", "t"), (r"x", "ks"), (r"Ce|Ci", "C"),
    )
)  # fmt: skip
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


@lru_cache(maxsize=100_000)
def fold(name: str) -> str:
    """Case, accents, hyphens and spaces aside: "Chan-Junis" and "Chan Junis" are one."""
    decomposed = unicodedata.normalize(
        "NFKD", name.casefold().replace("ø", "o").replace("ł", "l").replace("ı", "i").replace("đ", "d")
    )
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return _MARKS.sub(" ", _APOSTROPHES.sub("", plain)).strip()


def skeleton(name: str) -> str:
    """What is left of a name when spellings of one sound are made one and double letters single; names that sound
    alike in different transliterations share it."""
    text = _ARTICLE.sub("", fold(name)).replace(" ", "")
    for pattern, sound in _SOUNDS:
        text = pattern.sub(sound, text)
    return re.sub(r"(.)\1+", r"\1", text).rstrip("Hie")


def germanise(name: str) -> list[str]:
    """Spellings that German reports may use for an Arabic or Persian name which is given in English letters:
    "Jarābulus" is "Dscharabulus", "Khān Shaykhūn" "Chan Schaichun" or "Chan Scheichun". The article is "Al-"; a single
    word may also stand without it."""
    text = fold(name)
    bare = _ARTICLE.sub("", text)
    for pattern, sound in _FROM_ENGLISH:
        bare = pattern.sub(sound, bare)
    bare = bare.title()
    forms = list(dict.fromkeys((bare, bare.replace("ai", "ei"))))
    if not bare or not _ARTICLE.match(text):
        return forms
    articled = [f"Al-{form}" for form in forms]
    return articled if " " in bare or len(bare) < _SHORTEST_WITHOUT_ARTICLE else articled + forms


def is_cyrillic(name: str) -> bool:
    return any("\u0400" <= character <= "\u04ff" for character in name)


def transliterate(name: str, *, ukrainian: bool) -> str:
    """Cyrillic letters in the German way (Duden) for Ukrainian or else Russian: "Запоріжжя" is "Saporischschja",
    "Белгород" "Belgorod", "Горлівка" "Horliwka"."""
    text = name.lower()
    for pattern, sound in _UKRAINIAN if ukrainian else _RUSSIAN:
        text = pattern.sub(sound, text)
    return "".join(_CYRILLIC.get(character, character) for character in text).title()
