"""Language packs: every word of a language lives in data/lang/<code>/, and only this module opens those files.

A pack is a folder with
    pack.yaml     name of the language in itself and in English
    *.yaml        lexica and rules, one file per stage or phenomenon
    *.tsv         large tables (``#`` starts a comment line, the first other line names the columns)
    SOURCES.md    licence and source of everything in the folder

Every rule in a YAML file carries ``examples`` and ``not`` (counter-examples); tests run all of them. The stage that
uses a file compiles and checks it when it first asks for it (``PackError`` names the file and the entry).
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import IO, Any, Final, TypeVar

import yaml

from pipeline.errors import PackError

DATA = Path(__file__).resolve().parent.parent / "data"
_PACKS = DATA / "lang"

# Words whose answers a stage remembers. Frequent ones come again and again; most of the rest never do, and a process
# that reads for days would fill its memory with them.
WORDS_KEPT: Final = 1 << 14

V = TypeVar("V")


class Memo(dict[str, V]):
    """What a function says of words, each asked once: news repeats its words. Forgets all when it has grown large."""

    def __init__(self, find: Callable[[str], V]) -> None:
        self._find = find

    def __missing__(self, word: str) -> V:
        if len(self) >= WORDS_KEPT:
            self.clear()
        self[word] = found = self._find(word)
        return found


@cache
def available() -> tuple[str, ...]:
    """Codes of all language packs (ISO 639-1), sorted."""
    return tuple(sorted(path.parent.name for path in _PACKS.glob("*/pack.yaml")))


def is_known(language: str) -> bool:
    return language in available()


def _path(language: str, name: str) -> Path:
    if not is_known(language):
        raise PackError(f"There is no language pack {language!r}.")
    return _PACKS / language / name


def read_yaml(path: Path) -> Any:
    """The content of a file of the program's own data, read by the fast C parser where PyYAML has it. ``OSError`` and
    ``yaml.YAMLError`` go to the caller, who can say what the file is for."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def words(language: str, name: str) -> dict[str, Any]:
    """The mapping in data/lang/<language>/<name>.yaml. Treat it as read-only: it is shared."""
    path = _path(language, f"{name}.yaml")
    try:
        content = read_yaml(path)
    except FileNotFoundError:
        raise PackError(f"The language pack {language!r} has no file {name}.yaml.") from None
    except yaml.YAMLError as error:
        raise PackError(f"{path.name} of the language pack {language!r} is not valid YAML: {error}") from None
    if not isinstance(content, dict):
        raise PackError(f"{path.name} of the language pack {language!r} must hold a mapping at its top.")
    return content


def table(language: str, name: str) -> Iterator[list[str]]:
    """The rows of data/lang/<language>/<name>.tsv (or .tsv.gz) without comments and the line of column names."""
    path = _path(language, f"{name}.tsv")
    packed = path.with_name(path.name + ".gz")
    raw: IO[bytes] = gzip.open(packed) if packed.exists() else path.open("rb")  # type: ignore[assignment] # noqa: SIM115
    with io.TextIOWrapper(raw, encoding="utf-8") as lines:
        rows = (line.rstrip("\n").split("\t") for line in lines if not line.startswith("#"))
        columns = len(next(rows))
        for row in rows:
            if len(row) != columns:
                raise PackError(f"{path.name} of the language pack {language!r} has a row of {len(row)} columns: {row}")
            yield row
