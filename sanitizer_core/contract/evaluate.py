"""Holding a contract against a table.

A cheap scan counts the cells there are. Uniqueness has queries of its own, checks in Python are made by Pandera. Then
one scan works out every condition and keeps the rows that fail one, with a flag per check, from which all is counted.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from sanitizer_core.contract.asking import Asking
from sanitizer_core.contract.compiled import CompiledContract, compile_contract
from sanitizer_core.contract.contract import Contract
from sanitizer_core.contract.engine_scan import EngineScan
from sanitizer_core.contract.flags import FlagTable
from sanitizer_core.contract.outcome import Outcome
from sanitizer_core.contract.python_checks import store_failures
from sanitizer_core.contract.rule import BrokenTest, CellTest, PythonTest, Rule, UniqueTest, WholeTest
from sanitizer_core.contract.scan import Scan
from sanitizer_core.contract.uniqueness import store_repeats
from sanitizer_core.contract.verdict import CheckResult, Verdict, status_of
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.engines.protocol import Engine


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
    scan = _DuckDBScan(connection, relation, row_id)
    return _held(scan, compile_contract(contract, scan.schema(), untyped=untyped))


def check_relation(engine: Engine, relation: str, contract: Contract, row_id: str, *, ordered: bool = True) -> Verdict:
    """Holds a contract against a relation where it is; see ``check_contract``.

    Args:
        ordered: whether the ids of rows are in an order that means something; a contract that asks which of several
            rows is the first cannot do without.

    Raises:
        CompileError: the engine cannot say a check; it names both.
    """
    if isinstance(engine, DuckDBEngine):
        return check_contract(engine.connection, relation, contract, row_id)
    scan = EngineScan(engine, relation, row_id, ordered)
    return _held(scan, compile_contract(contract, scan.schema(), dialect=engine.dialect))


def _held(scan: Asking, compiled: CompiledContract) -> Verdict:
    totals = scan.one(compiled.totals(scan.table))
    rows = int(totals["n"])
    outcomes = {
        position: scan.store_failing(compiled, position, _ids(scan, position), rows)
        for position in _found_apart(compiled)
    }
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
    return _verdict(compiled, counts, rows, int(found["n"]), view, cells)


class _DuckDBScan(Scan):
    """A scan that also makes the checks which are no conditions on a row."""

    def store_failing(self, compiled: CompiledContract, position: int, name: str, rows: int) -> Outcome:
        test = compiled.rules[position].test
        if isinstance(test, PythonTest):
            return store_failures(self, compiled, test, name)
        if isinstance(test, UniqueTest):
            return Outcome(rows, store_repeats(self, compiled, test, name, rows))
        raise TypeError(test)


def _found_apart(compiled: CompiledContract) -> list[int]:
    """The positions of the rules that are not found out by a condition on a row."""
    return [position for position, rule in enumerate(compiled.rules) if isinstance(rule.test, UniqueTest | PythonTest)]


def _ids(scan: Asking, position: int) -> str:
    return scan.temporary("rows", position)


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
