"""The columns of an exported table."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

_TEXT, _WHOLE, _REAL, _DAY, _FLAG = pa.string(), pa.int64(), pa.float64(), pa.date32(), pa.bool_()
# Name and type of each column, and its HXL hashtag where the standard has one.
COLUMNS: Final[tuple[tuple[str, pa.DataType, str], ...]] = (
    ("id", _TEXT, "#event+id"),
    ("type", _TEXT, "#event+type"),
    ("mode", _TEXT, "#event+type+sub"),
    ("acled", _TEXT, "#event+type+acled"),
    ("date_start", _DAY, "#date+start"),
    ("date_end", _DAY, "#date+end"),
    ("precision", _TEXT, "#date+precision"),
    ("approximate", _FLAG, ""),
    ("date_certainty", _TEXT, ""),
    ("ongoing", _FLAG, ""),
    ("date_prec", _WHOLE, ""),
    ("time_precision", _WHOLE, ""),
    ("place", _TEXT, "#loc+name"),
    ("place_id", _TEXT, "#loc+code"),
    ("country", _TEXT, "#country+code+v_iso3"),
    ("admin1", _TEXT, "#adm1+name"),
    ("lat", _REAL, "#geo+lat"),
    ("lon", _REAL, "#geo+lon"),
    ("place_precision", _TEXT, "#geo+precision"),
    ("radius_km", _REAL, "#geo+radius+km"),
    ("where_prec", _WHOLE, ""),
    ("geo_precision", _WHOLE, ""),
    ("actor_names", _TEXT, "#actor+name+list"),
    ("modality", _TEXT, "#status"),
    ("claimed_by", _TEXT, ""),
    ("fatalities_low", _WHOLE, "#affected+killed+min"),
    ("fatalities_best", _WHOLE, "#affected+killed"),
    ("fatalities_high", _WHOLE, "#affected+killed+max"),
    ("injured_low", _WHOLE, "#affected+injured+min"),
    ("injured_best", _WHOLE, "#affected+injured"),
    ("injured_high", _WHOLE, "#affected+injured+max"),
    ("confidence", _REAL, ""),
    ("sentence", _TEXT, "#description"),
    ("trigger", _TEXT, ""),
    ("time_text", _TEXT, ""),
    ("time_rule", _TEXT, ""),
    ("reason", _TEXT, ""),
    ("places", _TEXT, ""),
    ("actors", _TEXT, ""),
    ("document_id", _TEXT, "#meta+id"),
    ("sources", _TEXT, "#meta+id+list"),
    ("texts", _WHOLE, "#meta+texts+num"),
    ("title", _TEXT, "#meta+title"),
    ("published", _DAY, "#date+published"),
    ("published_source", _TEXT, ""),
    ("source", _TEXT, "#meta+source"),
    ("url", _TEXT, "#meta+url"),
    ("origin", _TEXT, ""),
    ("version", _WHOLE, ""),
    ("review", _TEXT, "#status+review"),
    ("changed", _TEXT, ""),
)
