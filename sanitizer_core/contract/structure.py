"""What can be said of a table without reading a row: missing, extra, disordered and mistyped columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sanitizer_core.contract.bind import BoundColumn
from sanitizer_core.contract.comparable import is_null
from sanitizer_core.contract.spec import ColumnSpec, TableSpec
from sanitizer_core.contract.terms import Terms
from sanitizer_core.contract.verdict import Finding, FindingKind
from sanitizer_core.contract.vocabulary import TABLE
from sanitizer_core.errors import did_you_mean
from sanitizer_core.schema import Schema


def specs_by_column(spec: TableSpec, table: Schema) -> dict[str, list[ColumnSpec]]:
    """What the contract asks of each column of the table; a pattern of names stands for every column it matches."""
    asked: dict[str, list[ColumnSpec]] = {}
    for column in spec.columns:
        names = [name for name in table.names if re.match(column.name, name)] if column.regex else [column.name]
        for name in names:
            if name in table:
                asked.setdefault(name, []).append(_typed(column, spec))
    if not spec.columns and spec.dtype is not None:
        # Pandera then puts a bare column of that type in the place of each, which allows no nulls.
        asked = {name: [_typed(ColumnSpec(name), spec)] for name in table.names}
    return asked


def _typed(column: ColumnSpec, spec: TableSpec) -> ColumnSpec:
    return replace(column, dtype=spec.dtype or column.dtype, coerce=column.coerce or spec.coerce)


def findings(spec: TableSpec, table: Schema, bound: Sequence[BoundColumn], terms: Terms) -> Iterator[Finding]:
    """Every structural finding, in the order of the contract and then of the table."""
    yield from _missing(spec, table, terms)
    yield from _extra(spec, table, terms)
    yield from _disordered(spec, table, terms)
    for column in bound:
        if column.mistyped and column.spec is not None:
            wanted = column.spec.dtype
            message = f"{column.name} must be {wanted}, and is {column.actual.native or column.actual}"
            hint = None if column.spec.coerce else "With 'coerce: true' each cell is judged after conversion."
            yield _finding("mistyped", f"{column.name}.dtype", column.name, message, terms, hint)


def _finding(
    kind: FindingKind, check: str, column: str | None, message: str, terms: Terms, hint: str | None = None
) -> Finding:
    return Finding(check, kind, column, message, terms.severity(check, column), hint)


def _missing(spec: TableSpec, table: Schema, terms: Terms) -> Iterator[Finding]:
    for column in spec.columns:
        if not column.required or (spec.add_missing_columns and (column.nullable or not is_null(column.default))):
            continue
        if column.regex and not any(re.match(column.name, name) for name in table.names):
            message = f"no column of the table is called like {column.name!r}"
            yield _finding("missing", f"{column.name}.required", column.name, message, terms)
        if not column.regex and column.name not in table:
            hint = did_you_mean(column.name, table.names)
            yield _finding("missing", f"{column.name}.required", column.name, f"{column.name} is missing", terms, hint)


def _extra(spec: TableSpec, table: Schema, terms: Terms) -> Iterator[Finding]:
    if spec.strict is not True:
        return
    known = specs_by_column(spec, table)
    for name in table.names:
        if name not in known:
            yield _finding("extra", f"{TABLE}.strict", name, f"{name} is not in the contract", terms)


def _disordered(spec: TableSpec, table: Schema, terms: Terms) -> Iterator[Finding]:
    if not spec.ordered:
        return
    known = specs_by_column(spec, table)
    there = [name for name in table.names if name in known]
    for actual, expected in zip(there, _contract_order(spec, table), strict=False):
        if actual != expected:
            message = f"{actual} stands where {expected} belongs"
            yield _finding("disordered", f"{TABLE}.ordered", actual, message, terms)


def _contract_order(spec: TableSpec, table: Schema) -> list[str]:
    names: dict[str, None] = {}
    for column in spec.columns:
        matched = [name for name in table.names if re.match(column.name, name)] if column.regex else [column.name]
        names.update(dict.fromkeys(name for name in matched if name in table))
    return list(names)
