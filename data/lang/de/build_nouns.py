"""Makes not_places.tsv.gz: German words that are also names of places somewhere, from the PyPI package german-nouns
(data from Wiktionary, CC BY-SA 4.0, see SOURCES.md).

    python data/lang/de/build_nouns.py nouns.csv INDEX.sqlite

Kept are the forms of common nouns and surnames that a place in the index is called like, and all first names: what
stands behind one is a surname.
"""

from __future__ import annotations

import csv
import gzip
import sqlite3
import sys
from pathlib import Path

from pipeline.gazetteer.folding import fold


def main(nouns: str, index: str) -> None:
    keys = {key for (key,) in sqlite3.connect(index).execute("SELECT DISTINCT key FROM name")}
    kinds: dict[str, set[str]] = {}
    toponyms: set[str] = set()
    with Path(nouns).open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            pos = set(row["pos"].split(","))
            forms = {
                row["lemma"],
                *(value for name, value in row.items() if " " in name and name[0] in "ngda" and value),
            }
            if "Toponym" in pos:
                toponyms |= forms
                continue
            kind = "first" if "Vorname" in pos else "last" if "Nachname" in pos else "noun"
            for form in forms:
                if form[:1].isupper() and " " not in form and (kind == "first" or fold(form) in keys):
                    kinds.setdefault(form, set()).add(kind)
    lines = ["word\tkinds\ttoponym"]
    lines += [f"{word}\t{','.join(sorted(found))}\t{int(word in toponyms)}" for word, found in sorted(kinds.items())]
    target = Path(__file__).with_name("not_places.tsv.gz")
    target.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode("utf-8"), 9, mtime=0))


if __name__ == "__main__":
    main(*sys.argv[1:])
