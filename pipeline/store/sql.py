"""SQL as DuckDB reads it: texts, definitions of columns, single answers."""

from __future__ import annotations

from typing import Any, Final

import duckdb
import pyarrow as pa


def find_one(connection: duckdb.DuckDBPyConnection, sql: str) -> Any:
    """The first value of the first row; ``None`` without a row. The result is read to its end, as DuckDB asks."""
    found = connection.execute(sql).fetchall()
    return found[0][0] if found else None


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def columns_of(schema: pa.Schema) -> str:
    """The columns of a table as DuckDB's definition of them."""
    return ", ".join(f'"{field.name}" {_sql_type(field.type)}' for field in schema)


def _sql_type(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return f"{_sql_type(kind.value_type)}[]"
    if pa.types.is_struct(kind):
        return f"STRUCT({columns_of(pa.schema(list(kind)))})"
    return _SQL_TYPES[kind]


_SQL_TYPES: Final = {
    pa.string(): "VARCHAR",
    pa.int32(): "INTEGER",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.binary(): "BLOB",
    pa.date32(): "DATE",
    pa.timestamp("us", tz="UTC"): "TIMESTAMPTZ",
}
