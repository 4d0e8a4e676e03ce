"""A table's columns as rows: one row per cell, so that a statement over thousands of columns stays short."""

from __future__ import annotations

from collections.abc import Sequence

import sqlglot
from sqlglot import exp

from sanitizer_core.sql.tree import column, literal


def cells_of(rows: exp.Select, names: Sequence[str], dialect: str) -> exp.Subquery:
    """What to select ``name`` and ``value`` from: a row for each cell of the columns, which are all of one type.

    Args:
        rows: a SELECT of these columns.
    """
    if dialect == "spark":  # its UNPIVOT leaves nothing to be said of names it does not like
        structs = [
            exp.Struct(expressions=[_field("name", literal(name)), _field("value", column(name))]) for name in names
        ]
        inline = exp.Anonymous(this="inline", expressions=[exp.Array(expressions=structs)])
        return exp.select(inline).from_(rows.subquery("s")).subquery("cells")
    unpivoted = sqlglot.parse_one("SELECT 1 FROM s AS s UNPIVOT (value FOR name IN (COLUMNS(*)))", dialect="duckdb")
    cells = unpivoted.args["from_"].this
    return exp.Subquery(this=rows, alias=exp.TableAlias(this=exp.to_identifier("s")), pivots=cells.args["pivots"])


def _field(name: str, value: exp.Expr) -> exp.PropertyEQ:
    return exp.PropertyEQ(this=exp.to_identifier(name), expression=value)
