"""Which reports are copies of one text, kept up in the copy of a process (``current``).

The longest report of a text founds it; a report that is a copy of no longer one founds its own. So a report's text
depends on what is stored now, not on the order in which it came. Where a report changes, only those that share a key
with it are looked at (``copies``).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline import copies
from pipeline.store.clusters import insert, take_numbers
from pipeline.store.regrouping import Regrouping
from pipeline.store.sql import find_one

_SLOT: Final = 2 * copies.MOST_DAYS + 1  # days: what is near a day lies in two of these
_TEXTS: Final = 10_000  # read at once
_PAIRS: Final = 50_000  # compared at once


def keep_up(connection: duckdb.DuckDBPyConnection, documents: str) -> None:
    """Bring the tables ``text`` and ``band`` up to date with the reports in ``changed``, whose rows are among those of
    ``documents`` (SQL); fill ``recopied`` with reports that did not change but have other copies now."""
    groups = _read_groups(connection, "SELECT founder FROM text JOIN changed ON report = id")
    gone = {code for (code,) in connection.execute("SELECT code FROM text JOIN changed ON report = id").fetchall()}
    left = {code for group in groups.values() for code in group} - gone
    connection.execute("DELETE FROM band WHERE code IN (SELECT code FROM text JOIN changed ON report = id)")
    connection.execute("DELETE FROM text WHERE report IN (SELECT id FROM changed)")
    connection.execute("UPDATE text SET founder = code WHERE code IN (SELECT unnest(?))", [sorted(left)])
    fresh = _load(connection, documents)
    touched = _regroup(connection, left | fresh)
    others = sorted({code for group in touched.values() for code in group} - left - fresh)
    before = _read_groups(connection, "SELECT founder FROM text WHERE code IN (SELECT unnest(?))", [others]) | groups
    after = [(code, founder) for founder, group in touched.items() for code in group]
    if after:
        connection.executemany("UPDATE text SET founder = $2 WHERE code = $1", after)
    now = {code: {code} for code in left} | _mates(touched)
    was = _mates(before)
    renewed = [code for code, mates in now.items() if code not in fresh and was.get(code) != mates]
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE recopied AS SELECT report AS id FROM text WHERE code IN (SELECT unnest(?))",
        [renewed],
    )


def _mates(groups: dict[int, set[int]]) -> dict[int, set[int]]:
    """The group of each report."""
    return {code: group for group in groups.values() for code in group}


def _read_groups(
    connection: duckdb.DuckDBPyConnection, founders: str, values: list[object] | None = None
) -> dict[int, set[int]]:
    """The groups with those founders (SQL)."""
    found = connection.execute(f"SELECT founder, code FROM text WHERE founder IN ({founders})", values or [])
    groups: dict[int, set[int]] = {}
    for founder, code in found.fetchall():
        groups.setdefault(founder, set()).add(code)
    return groups


def _load(connection: duckdb.DuckDBPyConnection, documents: str) -> set[int]:
    """The texts of what changed, each its own founder for now; returns their codes."""
    first = take_numbers(connection, 0)
    connection.execute(
        f"INSERT INTO text BY NAME SELECT {first - 1} + row_number() OVER () AS code, code AS founder, id AS report, "
        f"coalesce(published - DATE '1970-01-01' + {date(1970, 1, 1).toordinal()}, 0) AS day, signature "
        f"FROM {documents} JOIN changed USING (id, batch) WHERE signature IS NOT NULL"
    )
    last = find_one(connection, "SELECT max(code) FROM text") or 0
    fresh = range(first, max(first, last + 1))
    take_numbers(connection, len(fresh))
    for start in fresh[::_TEXTS]:
        found = connection.execute(
            "SELECT code, day, signature FROM text WHERE code BETWEEN ? AND ?", [start, start + _TEXTS - 1]
        ).fetchall()
        codes, days = (np.array([row[place] for row in found], dtype=np.int64) for place in (0, 1))
        keys = copies.make_keys(_read_minima([row[2] for row in found])).ravel()
        slots = (days // _SLOT).astype(np.int32)
        spread = {"code": codes.repeat(copies.BANDS), "slot": slots.repeat(copies.BANDS), "key": keys}
        insert(connection, "band", pa.table(spread))
    return set(fresh)


def _read_minima(packed: list[bytes]) -> NDArray[np.uint8]:
    joined = b"".join(copies.unpack(one).minima for one in packed)
    return np.frombuffer(joined, dtype=np.uint8).reshape(len(packed), copies.HASHES)


def _regroup(connection: duckdb.DuckDBPyConnection, changed: set[int]) -> dict[int, set[int]]:
    """The groups around reports that are in none yet, as far as they are others now."""
    ranks: dict[int, tuple[int, str]] = {}
    known = _find_copies(connection, changed, ranks)

    def find_neighbours(codes: set[int]) -> dict[int, set[int]]:
        if codes - set(known):
            known.update(_find_copies(connection, codes - set(known), ranks))
        return {code: known[code] for code in codes}

    def find_groups(codes: Iterable[int]) -> dict[int, set[int]]:
        wanted = "SELECT founder FROM text WHERE code IN (SELECT unnest(?))"
        groups = _read_groups(connection, wanted, [list(codes)])
        strange = [code for group in groups.values() for code in group if code not in ranks]
        _read_texts(connection, strange, ranks)
        return groups

    regrouping = Regrouping(ranks.__getitem__, find_neighbours, find_groups, by_founder=True)
    regrouping.run({code for code in changed if known[code]})
    return {founder: regrouping.members[founder] for founder in regrouping.touched}


def _find_copies(
    connection: duckdb.DuckDBPyConnection, codes: set[int], ranks: dict[int, tuple[int, str]]
) -> dict[int, set[int]]:
    """The copies of each report. ``ranks`` takes the place of each in the order of founders: the longest first."""
    near: dict[int, set[int]] = {code: set() for code in codes}
    pairs = connection.execute(
        "SELECT DISTINCT least(probe.code, band.code), greatest(probe.code, band.code) FROM "
        f"(SELECT code, key, unnest(range((day - {copies.MOST_DAYS}) // {_SLOT}, (day + {copies.MOST_DAYS}) // {_SLOT} "
        "+ 1)) AS slot FROM band JOIN text USING (code) WHERE code IN (SELECT unnest(?))) AS probe "
        "JOIN band USING (slot, key) WHERE probe.code <> band.code",
        [sorted(codes)],
    ).fetchall()
    involved = sorted({code for pair in pairs for code in pair})
    rows = _read_texts(connection, involved, ranks)
    place = {row[0]: number for number, row in enumerate(rows)}
    days = np.array([row[2] for row in rows], dtype=np.int64)
    signatures = [copies.unpack(row[3]) for row in rows]
    runs = np.array([signature.runs for signature in signatures], dtype=np.int64)
    minima = _read_minima([row[3] for row in rows])
    facts: dict[int, copies.Facts] = {}
    for start in range(0, len(pairs), _PAIRS):
        left, right = (
            np.array([place[code] for code in side]) for side in zip(*pairs[start : start + _PAIRS], strict=True)
        )
        alike = copies.are_alike(minima[left], minima[right], runs[left], runs[right])
        alike &= np.abs(days[left] - days[right]) <= copies.MOST_DAYS
        for one, other in zip(left[alike].tolist(), right[alike].tolist(), strict=True):
            for number in (one, other):
                if number not in facts:
                    facts[number] = copies.read_facts(signatures[number].facts)
            if not copies.contradict(facts[one], facts[other]):
                for a, b in ((rows[one][0], rows[other][0]), (rows[other][0], rows[one][0])):
                    if a in near:
                        near[a].add(b)
    return near


def _read_texts(
    connection: duckdb.DuckDBPyConnection, codes: list[int], ranks: dict[int, tuple[int, str]]
) -> list[tuple[int, str, int, bytes]]:
    """Code, report, day and signature of texts, and their ranks."""
    found: list[tuple[int, str, int, bytes]] = connection.execute(
        "SELECT code, report, day, signature FROM text WHERE code IN (SELECT unnest(?)) ORDER BY code", [codes]
    ).fetchall()
    ranks.update({code: (-copies.unpack(signature).runs, report) for code, report, _, signature in found})
    return found
