"""The rules of one column."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from sanitizer_core.contract.bind import BoundColumn
from sanitizer_core.contract.check_ids import column_check_ids
from sanitizer_core.contract.comparable import NotComparableError, is_null
from sanitizer_core.contract.conditions import condition, has_exactly, member
from sanitizer_core.contract.fragments import count, count_where
from sanitizer_core.contract.refusal import cannot_say
from sanitizer_core.contract.rule import BrokenTest, CellTest, PythonTest, Rule, Test, UniqueTest, WholeTest
from sanitizer_core.contract.sentences import check_sentence, dtype_sentence, keep_sentence
from sanitizer_core.contract.spec import CheckSpec, ColumnSpec
from sanitizer_core.contract.terms import Terms
from sanitizer_core.errors import CompileError
from sanitizer_core.sql import literal


def column_rules(bound: BoundColumn, spec: ColumnSpec, terms: Terms) -> Iterator[Rule]:
    """Every rule of a column, in the order in which Pandera asks."""
    tests: list[tuple[str, str, Test]] = [
        *_dtype_tests(bound, spec),
        *_nullable_tests(bound, spec),
        *_unique_tests(bound, spec),
    ]
    for name, sentence, test in tests:
        yield _rule(bound, f"{bound.name}.{name}", sentence, test, terms)
    for check_id, check in zip(column_check_ids(bound.name, spec.checks), spec.checks, strict=True):
        sentence = check_sentence(bound.name, check)
        yield _rule(bound, check_id, sentence, _said(bound, check, check_id), terms, warning=check.warning)


def _said(bound: BoundColumn, check: CheckSpec, check_id: str) -> Test:
    try:
        return check_test(bound, check)
    except CompileError as error:
        raise cannot_say(check_id, bound.dialect, error) from None


def _rule(bound: BoundColumn, name: str, sentence: str, test: Test, terms: Terms, *, warning: bool = False) -> Rule:
    pattern = bound.spec.name if bound.spec and bound.spec.regex else None
    severity = terms.severity(name, bound.name, warning=warning, pattern=pattern)
    return Rule(name, bound.name, (bound.name,), sentence, severity, terms.threshold(name, bound.name, pattern), test)


def is_missing(bound: BoundColumn) -> exp.Expr:
    """Whether the cell is null; what could not be converted is not, for it was there."""
    null = exp.Is(this=bound.cell.value, expression=exp.Null())
    return exp.and_(null, exp.not_(bound.lost_flag)) if bound.lost_flag is not None else null


def _dtype_tests(bound: BoundColumn, spec: ColumnSpec) -> Iterator[tuple[str, str, Test]]:
    if bound.expected is None or bound.mistyped:
        return
    parts = [part for part in (bound.lost_flag, bound.outside(), _outside_categories(bound, spec)) if part is not None]
    if parts:
        sentence = dtype_sentence(bound.name, spec.dtype or "", bound.expected, coerce=bound.lost is not None)
        yield "dtype", sentence, CellTest(exp.or_(*parts), count(bound.present_flag))


def _outside_categories(bound: BoundColumn, spec: ColumnSpec) -> exp.Expr | None:
    if spec.categories is None or bound.cell.kind == "other":
        return None
    members = (member(each, bound.cell) for each in spec.categories if not is_null(each))
    known = [each for each in members if each is not None]
    return exp.not_(exp.In(this=bound.cell.value, expressions=known)) if known else exp.not_(is_missing(bound))


def _nullable_tests(bound: BoundColumn, spec: ColumnSpec) -> Iterator[tuple[str, str, Test]]:
    if not spec.nullable:
        yield "nullable", f"{bound.name} must not be null", CellTest(is_missing(bound), count())


def _unique_tests(bound: BoundColumn, spec: ColumnSpec) -> Iterator[tuple[str, str, Test]]:
    if spec.unique:
        rises = bound.cell.kind not in {"text", "boolean", "other"}
        test = UniqueTest((bound.cell.value,), spec.report_duplicates, rises, bound.lost_flag)
        yield "unique", keep_sentence(bound.name, spec.report_duplicates), test


def check_test(bound: BoundColumn, check: CheckSpec) -> Test:
    """How a check of a column is found out: in SQL where it can be said there, by Pandera else."""
    if not check.built_in or check.groupby is not None or check.element_wise:
        return PythonTest(check, bound.name, whole=not check.element_wise)
    try:
        if check.name == "unique_values_eq":
            return _values_test(bound, check)
        return _cell_test(bound, check)
    except NotComparableError as error:
        return BrokenTest(str(error))


def _cell_test(bound: BoundColumn, check: CheckSpec) -> Test:
    asked = condition(check.name, check.arguments, bound.cell)
    if asked.passes is None:
        return PythonTest(check, bound.name, whole=False)
    present = exp.not_(exp.Is(this=bound.cell.value, expression=exp.Null()))
    failing: exp.Expr = exp.not_(asked.passes)
    # A condition on a null is null, and so no failure, unless it is one that no cell can change.
    if asked.passes.find(exp.Boolean) or not check.ignore_na:
        failing = exp.and_(present, failing)
    if check.ignore_na:
        return CellTest(failing, count(bound.present_flag), bound.lost_flag)
    return CellTest(failing if asked.nulls_pass else exp.or_(failing, is_missing(bound)), count(), bound.lost_flag)


def _values_test(bound: BoundColumn, check: CheckSpec) -> Test:
    values = check.arguments["values"]
    exactly = has_exactly(values, bound.cell)
    if exactly is None:
        return PythonTest(check, bound.name, whole=True)
    nulls = count_where(is_missing(bound))
    if any(map(is_null, values)):
        there: exp.Expr = exp.false() if check.ignore_na else exp.GT(this=nulls, expression=literal(0))
        return WholeTest(exp.and_(exactly, there))
    if check.ignore_na:
        return WholeTest(exactly)
    return WholeTest(exp.and_(exactly, exp.EQ(this=nulls, expression=literal(0))))
