"""Holding a contract against a table.

One scan counts every check that SQL can say. Uniqueness has queries of its own, checks in Python are made by Pandera.
A second scan, which asks only what had failures, collects every failing row with every reason.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
from sqlglot import exp

from sanitizer_core.contract.compiled import CompiledContract, compile_contract
from sanitizer_core.contract.contract import Contract
from sanitizer_core.contract.failing_rows import failing_query
from sanitizer_core.contract.python_checks import store_failures
from sanitizer_core.contract.rule import BrokenTest, CellTest, PythonTest, Rule, UniqueTest, WholeTest
from sanitizer_core.contract.scan import Scan, quoted
from sanitizer_core.contract.uniqueness import store_repeats
from sanitizer_core.contract.verdict import CheckResult, Verdict, status_of


@dataclass(frozen=True)
class _Count:
    """What was counted for a rule.

    Args:
        stored: the table of the ids of its failing rows, where it was not found out in SQL.
    """

    checked: int
    failed: int
    whole: bool = False
    error: str | None = None
    stored: str | None = None


def check_contract(
    connection: duckdb.DuckDBPyConnection, relation: str, contract: Contract, row_id: str | None = None
) -> Verdict:
    """Holds a contract against a table or view.

    Args:
        relation: the name of a table or view of the connection.
        row_id: the column with the id of each row (whole numbers), which is no part of the data; without one the
            position of the row from 0 is its id.

    Raises:
        ContractError: the contract does not fit the table, or its schema in Python cannot be had.
        EngineError: DuckDB cannot read the table.
    """
    scan = Scan(connection, relation, row_id)
    compiled = compile_contract(contract, scan.schema())
    counted = scan.one(compiled.counting(scan.table))
    rows = int(counted["n"])
    counts = [_count(scan, compiled, position, rule, counted, rows) for position, rule in enumerate(compiled.rules)]
    view = scan.temporary("failing")
    failed = [position for position, each in enumerate(counts) if each.failed and not each.whole]
    stored = {position: each.stored for position, each in enumerate(counts) if each.stored is not None}
    rows_failed = scan.store(view, failing_query(scan, compiled, failed, stored))
    cells = _cells_failed(scan, view) if rows_failed else {}
    scan.drop(stored.values())
    return _verdict(compiled, counts, rows, rows_failed, view, cells)


def _count(
    scan: Scan, compiled: CompiledContract, position: int, rule: Rule, counted: dict[str, int], rows: int
) -> _Count:
    test = rule.test
    name = scan.temporary("rows", position)
    match test:
        case CellTest() | WholeTest():
            failed, checked = int(counted[f"f{position}"]), int(counted[f"c{position}"])
            return _Count(checked, failed, whole=isinstance(test, WholeTest))
        case BrokenTest():
            return _Count(1, 1, whole=True, error=test.reason)
        case UniqueTest():
            return _Count(rows, store_repeats(scan, compiled, test, name), stored=name)
        case PythonTest():
            outcome = store_failures(scan, compiled, test, name)
            if outcome.whole:
                return _Count(1, 1, whole=True, error=outcome.error, stored=name)
            return _Count(outcome.checked, outcome.failed, stored=name)


def _cells_failed(scan: Scan, view: str) -> dict[str, int]:
    column = exp.Anonymous(this="unnest", expressions=[exp.column("columns", quoted=True)])
    each = exp.select(column.as_("name")).from_(exp.Table(this=quoted(view)))
    query = exp.select("name", exp.Count(this=exp.Star())).from_(each.subquery("each")).group_by("name").order_by("name")
    return {str(name): int(cells) for name, cells in scan.run(query).fetchall()}


def _result(rule: Rule, count: _Count) -> CheckResult:
    passed = count.failed == 0 or (rule.threshold is not None and rule.threshold.allows(count.failed, count.checked))
    return CheckResult(
        id=rule.id,
        column=rule.column,
        description=rule.sentence,
        severity=rule.severity,
        threshold=rule.threshold.model_dump(exclude_none=True) if rule.threshold else None,
        checked=count.checked,
        failed=count.failed,
        passed=passed and count.error is None,
        scope="whole" if count.whole else "rows",
        error=count.error,
    )


def _verdict(
    compiled: CompiledContract, counts: list[_Count], rows: int, rows_failed: int, view: str, cells: dict[str, int]
) -> Verdict:
    contract = compiled.contract
    results = tuple(_result(rule, count) for rule, count in zip(compiled.rules, counts, strict=True))
    broken = [each.severity for each in compiled.findings] + [each.severity for each in results if not each.passed]
    return Verdict(
        contract=contract.name,
        version=contract.version,
        digest=contract.digest(),
        on_violation=contract.on_violation,
        status=status_of(broken, contract.on_violation),
        rows=rows,
        rows_failed=rows_failed,
        checks=results,
        findings=compiled.findings,
        failing_view=view,
        cells_failed_per_column=cells,
        notes=compiled.spec.ignored,
    )
