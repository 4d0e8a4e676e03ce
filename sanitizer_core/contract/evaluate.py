"""Holding a contract against a table.

A cheap scan counts the cells there are. Uniqueness has queries of its own, checks in Python are made by Pandera. Then
one scan works out every condition and keeps the rows that fail one, with a flag per check, from which all is counted.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from sanitizer_core.contract.compiled import CompiledContract, compile_contract
from sanitizer_core.contract.contract import Contract
from sanitizer_core.contract.flags import FlagTable
from sanitizer_core.contract.python_checks import Outcome, store_failures
from sanitizer_core.contract.rule import BrokenTest, CellTest, PythonTest, Rule, UniqueTest, WholeTest
from sanitizer_core.contract.scan import Scan
from sanitizer_core.contract.uniqueness import store_repeats
from sanitizer_core.contract.verdict import CheckResult, Verdict, status_of


@dataclass(frozen=True)
class _Count:
    """What was counted for a rule.

    Args:
        whole: whether it speaks of all rows at once.
        error: why it could not be made.
    """

    checked: int
    failed: int
    whole: bool = False
    error: str | None = None


def check_contract(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    contract: Contract,
    row_id: str | None = None,
    *,
    untyped: bool = False,
) -> Verdict:
    """Holds a contract against a table or view.

    Args:
        relation: the name of a table or view of the connection.
        row_id: the column with the id of each row (whole numbers), which is no part of the data; without one the
            position of the row from 0 is its id.
        untyped: whether text columns are those of a file that knows no types (CSV), and each cell is judged after
            conversion to the contract's type.

    Raises:
        ContractError: the contract does not fit the table, or its schema in Python cannot be had.
        EngineError: DuckDB cannot read the table.
    """
    scan = Scan(connection, relation, row_id)
    compiled = compile_contract(contract, scan.schema(), untyped=untyped)
    totals = scan.one(compiled.totals(scan.table))
    outcomes = {position: _outcome(scan, compiled, position, int(totals["n"])) for position in _found_apart(compiled)}
    stored = {position: _ids(scan, position) for position, outcome in outcomes.items() if outcome.failed}
    flags, view = FlagTable(compiled, scan.temporary("flags"), stored), scan.temporary("failing")
    scan.store(flags.name, flags.query(scan))
    scan.drop(_ids(scan, position) for position in outcomes)
    found = scan.one(flags.counts())
    counts = [
        _count(rule, position, totals, found, outcomes.get(position)) for position, rule in enumerate(compiled.rules)
    ]
    scan.show(view, flags.reasons([position for position in flags.rules if counts[position].failed]))
    cells = {column: int(found[f"s{place}"]) for place, column in enumerate(flags.columns) if found[f"s{place}"]}
    return _verdict(compiled, counts, int(totals["n"]), int(found["n"]), view, cells)


def _found_apart(compiled: CompiledContract) -> list[int]:
    """The positions of the rules that are not found out by a condition on a row."""
    return [position for position, rule in enumerate(compiled.rules) if isinstance(rule.test, UniqueTest | PythonTest)]


def _ids(scan: Scan, position: int) -> str:
    return scan.temporary("rows", position)


def _outcome(scan: Scan, compiled: CompiledContract, position: int, rows: int) -> Outcome:
    test = compiled.rules[position].test
    if isinstance(test, PythonTest):
        return store_failures(scan, compiled, test, _ids(scan, position))
    if isinstance(test, UniqueTest):
        return Outcome(rows, store_repeats(scan, compiled, test, _ids(scan, position), rows))
    raise TypeError(test)


def _count(rule: Rule, position: int, totals: dict[str, int], found: dict[str, int], outcome: Outcome | None) -> _Count:
    match rule.test:
        case BrokenTest(reason):
            return _Count(1, 1, whole=True, error=reason)
        case WholeTest():
            return _Count(1, int(totals[f"f{position}"]), whole=True)
        case CellTest(lost=lost):
            asked = int(totals[f"c{position}"]) - (int(found[lost.name]) if lost is not None else 0)
            return _Count(asked, int(found[f"b{position}"]))
    if outcome is None or outcome.whole:
        return _Count(1, 1, whole=True, error=outcome.error if outcome else None)
    return _Count(outcome.checked, outcome.failed)


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
