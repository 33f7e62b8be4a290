"""The tables of the copy of a process (``current``), and what is worked out inside them.

latest    the newest version of each report
event     its events by layer: ``plain``; ``part`` of another row that several reports make; ``original`` and
          ``corrected`` where people have corrected something
seen      the events as corrected      extracted   the events as extracted
mark      what a row of ``event`` can be told apart by: actors, roles, places, countries, regions, reports, a row
          each, by code of ``value``; this counts much faster than lists
spot      where it lies, by code of ``place``
text      the reports with a signature, by the one that founds the text; ``day`` is that of publication, 0 if unknown
band      by which keys their copies are found (``texts``)
copied    those of them that are copies of one text
block     in which events can be one (``clusters``)      part   the groups that they are in
follow    events of copies, by the one that they are for sure
state     which files of the store have been taken over
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from pipeline import rows
from pipeline.store.sql import columns_of
from pipeline.store.tables import SCHEMAS

EVENT: Final = pa.schema(
    [
        ("number", pa.int64()),
        ("layer", pa.string()),
        *(field for field in rows.EVENTS if field.name != "batch"),
        *(rows.DOCUMENTS.field(name) for name in ("title", "published", "published_source", "source", "url")),
        ("regions", pa.list_(pa.string())),
        ("members", pa.list_(pa.string())),
        ("sources", pa.list_(pa.string())),
        ("texts", pa.int32()),
        ("review", pa.string()),
        ("changed", pa.list_(pa.string())),
        ("revision", pa.string()),
    ]
)
_LARGE_FIELDS: Final = ("annotation", "signature")
LATEST: Final = pa.schema(
    [*(field for field in rows.DOCUMENTS if field.name not in _LARGE_FIELDS), ("file", pa.string())]
)
TABLES: Final = f"""
CREATE TABLE latest ({columns_of(LATEST)});
CREATE TABLE batch (batch VARCHAR);
CREATE TABLE event ({columns_of(EVENT)});
CREATE TABLE text (code BIGINT, report VARCHAR, day INTEGER, signature BLOB, founder BIGINT);
CREATE TABLE band (code BIGINT, slot INTEGER, key INTEGER);
CREATE TABLE block (number BIGINT, key UBIGINT, strict BOOLEAN);
CREATE TABLE follow (number BIGINT, lead BIGINT);
CREATE TABLE part (number BIGINT, founder BIGINT, cluster BIGINT);
CREATE TABLE value (code INTEGER, kind VARCHAR, id VARCHAR, name VARCHAR);
CREATE TABLE mark (number BIGINT, kind VARCHAR, code INTEGER);
CREATE TABLE place (code INTEGER, {columns_of(pa.schema(list(rows.PLACE)))});
CREATE TABLE spot (number BIGINT, code INTEGER);
CREATE TABLE counter (last BIGINT, spread BIGINT);
INSERT INTO counter VALUES (0, 0);
CREATE TABLE correction ({columns_of(rows.CORRECTIONS)});
CREATE TABLE state (content VARCHAR);
{"".join(f"CREATE TABLE no_{name} ({columns_of(schema)});" for name, schema in SCHEMAS.items())}
"""
VIEWS: Final = """
CREATE OR REPLACE VIEW copied AS SELECT report AS document_id, founder AS text FROM text
  WHERE founder IN (SELECT founder FROM text GROUP BY founder HAVING count(*) > 1);
CREATE OR REPLACE VIEW seen AS SELECT * EXCLUDE (layer) FROM event WHERE layer IN ('plain', 'corrected');
CREATE OR REPLACE VIEW extracted AS SELECT * EXCLUDE (layer) FROM event WHERE layer IN ('plain', 'original');
"""

REGIONS: Final = (
    "list_distinct(list_transform(list_filter(places, lambda item: item.admin1 IS NOT NULL), "
    "lambda item: concat(item.country, ':', item.admin1)))"
)

# The marks and spots of rows of ``event`` that are new. A place is told apart by its point as well: imported rows have
# their own for a place that the gazetteer knows.
SPREAD: Final = """
CREATE OR REPLACE TEMP TABLE fresh AS
  SELECT number, actors, places, regions, sources FROM event WHERE number > (SELECT spread FROM counter);
CREATE OR REPLACE TEMP TABLE located AS SELECT number, unnest(places, max_depth := 2) FROM fresh;
CREATE OR REPLACE TEMP TABLE named AS
  SELECT number, 'actor' AS kind, actor_id AS id, name FROM (SELECT number, unnest(actors, max_depth := 2) FROM fresh)
  UNION ALL SELECT number, 'role', role, role FROM (SELECT number, unnest(actors, max_depth := 2) FROM fresh)
  UNION ALL SELECT number, 'place', place_id, name FROM located
  UNION ALL SELECT number, 'country', country, country FROM located WHERE country IS NOT NULL
  UNION ALL SELECT number, 'region', region, region FROM (SELECT number, unnest(regions) AS region FROM fresh)
  UNION ALL SELECT number, 'document', report, NULL FROM (SELECT number, unnest(sources) AS report FROM fresh)
  UNION ALL SELECT number, 'outlet', source, source
    FROM (SELECT number, unnest(sources) AS id FROM fresh) JOIN latest USING (id) WHERE source IS NOT NULL;
INSERT INTO value SELECT (SELECT coalesce(max(code), 0) FROM value) + row_number() OVER (), kind, id, min(name)
  FROM named ANTI JOIN value USING (kind, id) GROUP BY kind, id;
INSERT INTO mark SELECT DISTINCT number, kind, code FROM named JOIN value USING (kind, id);
INSERT INTO place SELECT (SELECT coalesce(max(code), 0) FROM place) + row_number() OVER (), place_id, min(name),
  min(country), min(admin1), lat, lon, precision, radius_km
  FROM located ANTI JOIN place USING (place_id, lat, lon, precision, radius_km)
  GROUP BY place_id, lat, lon, precision, radius_km;
INSERT INTO spot SELECT DISTINCT number, code
  FROM located JOIN place USING (place_id, lat, lon, precision, radius_km);
UPDATE counter SET spread = last;
DROP TABLE fresh; DROP TABLE located; DROP TABLE named;
"""
# What no event has any more, after a report was removed.
SWEEP: Final = """
DELETE FROM mark WHERE number NOT IN (SELECT number FROM event);
DELETE FROM spot WHERE number NOT IN (SELECT number FROM event);
DELETE FROM value WHERE code NOT IN (SELECT code FROM mark);
DELETE FROM place WHERE code NOT IN (SELECT code FROM spot);
"""
