"""What goes with reports that are taken out of the store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from pipeline.store.reading import Query


class Removal(NamedTuple):
    """What goes with a report: the events that it and others that go too alone tell, those of which others remain, and
    what people said of the former."""

    own: int
    shared: int
    corrections: int


_REMOVALS: Final = """
WITH gone AS (SELECT DISTINCT unnest($1) AS id),
told AS (SELECT number, len(sources) AS number_of, unnest(sources) AS id FROM seen),
counted AS (SELECT number, count(*) AS going FROM told SEMI JOIN gone USING (id) GROUP BY number),
taken AS (
  SELECT id, count(*) FILTER (going = number_of) AS own, count(*) FILTER (going < number_of) AS shared
  FROM told JOIN counted USING (number) GROUP BY id
),
-- What people said of nothing but events of these reports.
said AS (SELECT id AS correction, len(members) AS number_of, unnest(members) AS member FROM correction),
lost AS (
  SELECT DISTINCT correction, number_of, member, document_id FROM said
  JOIN (SELECT DISTINCT id AS member, document_id FROM event) USING (member)
  WHERE document_id IN (SELECT id FROM gone)
),
whole AS (SELECT correction FROM lost GROUP BY correction HAVING count(DISTINCT member) = any_value(number_of)),
heard AS (
  SELECT document_id AS id, count(DISTINCT correction) AS corrections FROM lost SEMI JOIN whole USING (correction)
  GROUP BY ALL
)
SELECT id, coalesce(own, 0), coalesce(shared, 0), coalesce(corrections, 0)
FROM gone LEFT JOIN taken USING (id) LEFT JOIN heard USING (id)
"""


def find_removals(query: Query, documents: Sequence[str]) -> dict[str, Removal]:
    """What goes with each of reports that go together."""
    found = query(_REMOVALS, [list(documents)]).fetchall()
    return {identifier: Removal(*counts) for identifier, *counts in found}
