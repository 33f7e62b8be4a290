"""Would the tests notice a wrong number in the language pack?

    python -m benchmarks.mutation [--count 20] [--seed 1]

Changes one number at a time in a temporary copy of the project (a month's, a weekday's, the shift of "tags darauf", the
day of a feast, a quantifier in a rule) and runs the tests of time expressions on it. Numbers are drawn section by
section, so that the hundred numerals do not crowd out the rest. Prints each change, whether a test caught it, and how
many of them were caught; the exit status is 1 when one was not.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import yaml

PROJECT = Path(__file__).resolve().parent.parent
PACK = Path("data/lang/de/times")
NEEDED = ("pipeline", "tests/test_times.py", "tests/cases", "docs/times.md", "pyproject.toml", "data/lang", "data/ui")
DIGIT = re.compile(r"(?<!\\)(?<![\w(?])\d(?!\d)")  # of a pattern: "{0,3}", "[0-5]"


class Number(NamedTuple):
    """A number of the pack: where it stands, what it is, and how to change it in the loaded file."""

    section: str
    shown: str
    change: Callable[[], None]


def find_numbers(name: str, content: dict[str, Any]) -> Iterator[Number]:
    if name == "rules":
        for rule in content["rules"]:
            yield from _walk("rules.with", rule.get("with", {}), rule["id"])
            for match in DIGIT.finditer(rule["pattern"]):
                shown = f"{rule['id']}: {rule['pattern'][max(0, match.start() - 12) : match.end() + 6]}"
                yield Number("rules.pattern", shown, _change_digit(rule, match))
        return
    for section, part in content.items():
        yield from _walk(f"{name}.{section}", part, section)


def _change_digit(rule: dict[str, Any], match: re.Match[str]) -> Callable[[], None]:
    def change() -> None:
        digit = str((int(match.group()) + 1) % 10)
        rule["pattern"] = rule["pattern"][: match.start()] + digit + rule["pattern"][match.end() :]

    return change


def _walk(section: str, part: Any, path: str) -> Iterator[Number]:
    items = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, value in items:
        if isinstance(key, (int, float)) and isinstance(part, dict):
            yield Number(section, f"{path}: {key} -> {key + 1}", _swap_keys(part, key))
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            yield Number(section, f"{path}.{key}: {value} -> {value + 1}", _set_item(part, key, value + 1))
        else:
            yield from _walk(section, value, f"{path}.{key}")


def _swap_keys(part: dict[Any, Any], key: float) -> Callable[[], None]:
    def change() -> None:
        part[key], part[key + 1] = part.get(key + 1, []), part[key]

    return change


def _set_item(part: Any, key: Any, value: float) -> Callable[[], None]:
    return lambda: part.__setitem__(key, value)


def draw(numbers: Sequence[Number], count: int, seed: int) -> list[Number]:
    """So many numbers, one of each section in turn."""
    chance = random.Random(seed)
    sections: dict[str, list[Number]] = {}
    for number in numbers:
        sections.setdefault(number.section, []).append(number)
    for members in sections.values():
        chance.shuffle(members)
    names = sorted(sections)
    chance.shuffle(names)
    drawn: list[Number] = []
    while len(drawn) < min(count, len(numbers)):
        for name in names:
            if sections[name] and len(drawn) < count:
                drawn.append(sections[name].pop())
    return drawn


def is_caught(folder: Path, file: str, content: dict[str, Any]) -> bool:
    """Whether the tests of time expressions fail on a copy of the project with that file."""
    path = folder / PACK / f"{file}.yaml"
    kept = path.read_text(encoding="utf-8")
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1000), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "tests/test_times.py", "-x", "-q"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    path.write_text(kept, encoding="utf-8")
    return run.returncode != 0


def load(file: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((PROJECT / PACK / f"{file}.yaml").read_text(encoding="utf-8"))
    return content


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutation", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    caught = 0
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name in NEEDED:
            source, target = PROJECT / name, folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, target)
        files = {name: load(name) for name in ("words", "named_days", "rules")}
        if is_caught(folder, "words", files["words"]):
            print("The tests fail before anything is changed.", file=sys.stderr)
            return 2
        places = [(name, number) for name, content in files.items() for number in find_numbers(name, content)]
        for drawn in draw([number for _, number in places], options.count, options.seed):
            name = next(file for file, number in places if number is drawn)
            content = load(name)
            same = next(number for number in find_numbers(name, content) if number.shown == drawn.shown)
            same.change()
            noticed = is_caught(folder, name, content)
            caught += noticed
            print(f"{'caught  ' if noticed else 'NOT SEEN'}  {name:10s}  {drawn.shown}", flush=True)
    print(f"{caught} of {options.count} caught")
    return int(caught < options.count)


if __name__ == "__main__":
    sys.exit(main())
