"""A contract compiled for the columns of one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from sanitizer_core.contract.bind import BoundColumn, bind
from sanitizer_core.contract.check_ids import unknown_names
from sanitizer_core.contract.column_rules import column_rules
from sanitizer_core.contract.contract import Contract
from sanitizer_core.contract.fragments import count, named, select
from sanitizer_core.contract.pandera_spec import pandera_spec
from sanitizer_core.contract.reference import referenced
from sanitizer_core.contract.refusal import cannot_say
from sanitizer_core.contract.rule import CellTest, Rule, WholeTest
from sanitizer_core.contract.schema_problems import table_spec
from sanitizer_core.contract.spec import ColumnSpec, TableSpec
from sanitizer_core.contract.structure import findings, specs_by_column
from sanitizer_core.contract.table_rules import table_rules
from sanitizer_core.contract.terms import Terms
from sanitizer_core.contract.verdict import Finding
from sanitizer_core.contract.vocabulary import numbered
from sanitizer_core.errors import CompileError, ContractError, Problem
from sanitizer_core.schema import Schema
from sanitizer_core.sql import literal, lower
from sanitizer_core.sql.fence import fenced

ROW = "row"
"""What the row's id is called inside of every query."""


@dataclass(frozen=True)
class CompiledContract:
    """A contract for the columns of one table: what is known without reading a row, and a rule for every check.

    Args:
        columns: every column of the table, and once more for each further pattern of names that matches it.
    """

    contract: Contract
    spec: TableSpec
    columns: tuple[BoundColumn, ...]
    rules: tuple[Rule, ...]
    findings: tuple[Finding, ...]
    dialect: str = "duckdb"

    @property
    def table_columns(self) -> list[BoundColumn]:
        """The columns that checks of the whole table see: with ``strict: filter`` only those that the contract names."""
        first = {column.name: column for column in reversed(self.columns)}
        seen = [first[name] for name in dict.fromkeys(column.name for column in self.columns)]
        return [column for column in seen if column.spec is not None or self.spec.strict != "filter"]

    def cells(self, source: exp.Expr, row: exp.Expr | None) -> exp.Subquery:
        """Each cell as it is judged, under names that no column of the table has."""
        parts = [named(row.copy(), ROW)] if row is not None else []
        for column in self.columns:
            parts += column.projections()
        cells = select(parts, source.copy())
        if any(column.lost is not None for column in self.columns):
            cells = fenced(cells, self.dialect)
        return cells.subquery("cells", copy=False)

    def totals(self, source: exp.Expr) -> exp.Select:
        """One row of counts: ``n`` rows, per rule ``c0`` that were asked, and ``f0``, whether it fails as a whole."""
        parts = [named(count(), "n")]
        for position, rule in enumerate(self.rules):
            if isinstance(rule.test, CellTest):
                parts.append(named(rule.test.checked.copy(), f"c{position}"))
            elif isinstance(rule.test, WholeTest):
                broken = exp.Case(ifs=[exp.If(this=rule.test.passes.copy(), true=literal(0))], default=literal(1))
                parts.append(named(broken, f"f{position}"))
        return select(parts, self.cells(source, None))


def compile_contract(
    contract: Contract, schema: Schema, *, untyped: bool = False, dialect: str = "duckdb"
) -> CompiledContract:
    """The contract for a table with these columns.

    Args:
        untyped: whether the text columns are those of a file that knows no types (CSV); each cell is then judged
            after conversion, as if the contract said ``coerce: true``.

    Raises:
        ContractError: the schema in Python cannot be had, or cannot be held against a table; a severity or
            threshold names a check that is not there.
        CompileError: the dialect cannot say a check.
    """
    spec = _spec(contract)
    terms = Terms(contract.severities, contract.thresholds)
    columns = _bound(spec, schema, untyped, dialect)
    rules = [rule for column in columns if column.spec for rule in column_rules(column, column.spec, terms)]
    bare = CompiledContract(contract, spec, columns, (), tuple(findings(spec, schema, columns, terms)), dialect)
    rules += table_rules(bare.table_columns, spec, terms)
    ids = numbered([rule.id for rule in rules])
    _refuse_unknown_names(contract, spec, ids)
    return replace(bare, rules=tuple(_said(rule, name, dialect) for rule, name in zip(rules, ids, strict=True)))


def _said(rule: Rule, name: str, dialect: str) -> Rule:
    """The rule under its own id, in the dialect's words."""
    if not isinstance(rule.test, CellTest):
        return replace(rule, id=name)
    try:
        return replace(rule, id=name, test=replace(rule.test, failing=lower(rule.test.failing, dialect)))
    except CompileError as error:
        raise cannot_say(name, dialect, error) from None


def _spec(contract: Contract) -> TableSpec:
    if contract.table is not None:
        return table_spec(contract.table)
    return pandera_spec(referenced(contract.python or ""))


def _bound(spec: TableSpec, schema: Schema, untyped: bool, dialect: str) -> tuple[BoundColumn, ...]:
    asked = specs_by_column(spec, schema)
    nothing: list[ColumnSpec | None] = [None]
    pairs = [(column, each) for column in schema for each in asked.get(column.name, nothing)]
    return tuple(
        bind(
            column, position, replace(each, coerce=True) if each and untyped and column.type.is_text else each, dialect
        )
        for position, (column, each) in enumerate(pairs)
    )


def _refuse_unknown_names(contract: Contract, spec: TableSpec, ids: Sequence[str]) -> None:
    unknown = unknown_names(spec, contract.severities, contract.thresholds, ids)
    found = [Problem(message, hint=hint) for _, _, message, hint in unknown]
    if found:
        raise ContractError("the contract has problems", found=found)
