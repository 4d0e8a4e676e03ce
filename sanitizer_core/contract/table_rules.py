"""The rules of the table as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import exp

from sanitizer_core.contract.bind import BoundColumn
from sanitizer_core.contract.check_ids import table_check_ids, unique_ids
from sanitizer_core.contract.column_rules import check_test
from sanitizer_core.contract.fragments import count
from sanitizer_core.contract.rule import BrokenTest, CellTest, PythonTest, Rule, Test, UniqueTest
from sanitizer_core.contract.sentences import check_sentence, keep_sentence
from sanitizer_core.contract.spec import CheckSpec, TableSpec
from sanitizer_core.contract.terms import Terms

_OF_COLUMNS = ("str_matches", "str_contains", "str_startswith", "str_endswith", "str_length", "unique_values_eq")


def table_rules(columns: Sequence[BoundColumn], spec: TableSpec, terms: Terms) -> Iterator[Rule]:
    """Every rule of the table, in the order in which Pandera asks."""
    for rule_id, names in zip(unique_ids(len(spec.unique)), spec.unique, strict=True):
        yield from _unique_rule(rule_id, names, columns, spec, terms)
    for rule_id, check in zip(table_check_ids(spec.checks), spec.checks, strict=True):
        severity = terms.severity(rule_id, None, warning=check.warning)
        sentence = check_sentence("every cell" if check.built_in else "the table", check)
        yield Rule(rule_id, None, (), sentence, severity, terms.threshold(rule_id), _test(columns, check))


def _unique_rule(
    rule_id: str, names: Sequence[str], columns: Sequence[BoundColumn], spec: TableSpec, terms: Terms
) -> Iterator[Rule]:
    """As in Pandera, names that the table has not are left out: that they are missing is told elsewhere."""
    bound = [column for name in names for column in columns if column.name == name]
    if not bound:
        return
    lost = [column.lost_flag for column in bound if column.lost_flag is not None]
    keys = tuple(column.cell.value for column in bound)
    test = UniqueTest(keys, spec.report_duplicates, skip=exp.or_(*lost) if lost else None)
    subject = " and ".join(column.name for column in bound) + (" together" if len(bound) > 1 else "")
    sentence = keep_sentence(subject, spec.report_duplicates)
    there = tuple(column.name for column in bound)
    yield Rule(rule_id, None, there, sentence, terms.severity(rule_id, None), terms.threshold(rule_id), test)


def _test(columns: Sequence[BoundColumn], check: CheckSpec) -> Test:
    """A built-in check of the table asks each cell of each column; a row fails when one of its cells does."""
    if not check.built_in or check.groupby is not None or check.element_wise:
        return PythonTest(check, None, whole=not check.element_wise)
    if check.name in _OF_COLUMNS:
        return BrokenTest(f"{check.name} reads the cells of one column, and was asked of the whole table")
    failing: list[exp.Expr] = []
    for column in columns:
        test = check_test(column, check)
        if isinstance(test, BrokenTest):
            return BrokenTest(f"{column.name}: {test.reason}")
        if not isinstance(test, CellTest):
            return PythonTest(check, None, whole=True)
        failing.append(test.failing)
    return CellTest(exp.or_(*failing) if failing else exp.false(), count())
