"""A contract as one SELECT: what every check counts, or all failing rows with every reason.

For a table that stays where it is: no statement stores anything, so that dbt can run it as a test. What a dialect
cannot say, and what only Python can, is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlglot import exp

from sanitizer_core.contract.compiled import CompiledContract, compile_contract
from sanitizer_core.contract.contract import Contract
from sanitizer_core.contract.fragments import any_of, count, named, ref, select, when
from sanitizer_core.contract.refusal import ONLY_PANDERA, WITHOUT_ORDER, cannot_say
from sanitizer_core.contract.rule import BrokenTest, CellTest, PythonTest, Rule, UniqueTest, WholeTest
from sanitizer_core.errors import CompileError, did_you_mean
from sanitizer_core.schema import Schema
from sanitizer_core.sql import column, literal
from sanitizer_core.sql.fence import fenced
from sanitizer_core.sql.unpivoted import Line, unpivoted

SEPARATOR = "; "
"""What stands between two reasons of a row, and between two columns."""

_ADDED = ("reasons", "failed_columns", "severity")


def contract_query(
    contract: Contract,
    schema: Schema,
    relation: exp.Expr | str,
    dialect: str,
    *,
    order: Sequence[str] = (),
    broken_only: bool = True,
) -> exp.Query:
    """The rows that fail, one statement.

    The columns of the table, then ``reasons`` (texts of ``id: sentence``, joined by ``; `` in the order of the contract),
    ``failed_columns`` and ``severity`` (``error`` when one of the reasons is); their names get ``_`` behind them where the
    table has such a column. What is broken and no matter of rows (a missing column, ``unique_values_eq``) is a row of
    its own, whose cells are null.

    Args:
        schema: the columns of the relation.
        relation: a table or subquery, or the name of a table.
        order: columns that say which row is the first, for ``report_duplicates: exclude_first`` and ``exclude_last``.
        broken_only: whether rows are left out that fail only checks which pass within their thresholds.

    Raises:
        ContractError: the contract does not fit the table.
        CompileError: the dialect cannot say a check; it names both.
    """
    compiled = compile_contract(contract, schema, dialect=dialect)
    return Statement(compiled, schema, _table(relation), tuple(order)).failing(broken_only=broken_only)


def contract_counts_query(
    contract: Contract, schema: Schema, relation: exp.Expr | str, dialect: str, *, order: Sequence[str] = ()
) -> exp.Query:
    """What every check counts, one statement: a row per check and finding.

    ``check_id``, ``column_name``, ``severity``, ``checked``, ``failed`` and ``passed`` (a boolean), in the order of the
    contract. A check that speaks of all rows at once is checked once.

    Raises:
        ContractError: the contract does not fit the table.
        CompileError: the dialect cannot say a check; it names both.
    """
    compiled = compile_contract(contract, schema, dialect=dialect)
    return Statement(compiled, schema, _table(relation), tuple(order)).counts()


def _table(relation: exp.Expr | str) -> exp.Expr:
    return exp.Table(this=exp.to_identifier(relation, quoted=True)) if isinstance(relation, str) else relation


@dataclass(frozen=True)
class Statement:
    """The layers of a statement; in the innermost, columns of the table are ``o0``, ``o1`` ... and cells as in ``bind``."""

    compiled: CompiledContract
    schema: Schema
    relation: exp.Expr
    order: tuple[str, ...]

    @property
    def _dialect(self) -> str:
        return self.compiled.dialect

    @cached_property
    def _by_row(self) -> dict[int, Rule]:
        """The rules by which single rows fail."""
        found = {
            position: rule
            for position, rule in enumerate(self.compiled.rules)
            if isinstance(rule.test, CellTest | UniqueTest)
        }
        for rule in self.compiled.rules:
            if isinstance(rule.test, PythonTest):
                raise cannot_say(rule.id, self._dialect, ONLY_PANDERA)
        return found

    def _whole(self) -> Iterator[tuple[int, Rule, WholeTest]]:
        for position, rule in enumerate(self.compiled.rules):
            if isinstance(rule.test, WholeTest):
                yield position, rule, rule.test

    def _cells(self) -> exp.Select:
        """Every column of the table as it is, and as it is judged."""
        parts = [named(column(name), f"o{place}") for place, name in enumerate(self.schema.names)]
        for each in self.compiled.columns:
            parts += each.projections()
        cells = select(parts, self.relation.copy())
        converted = any(each.lost is not None for each in self.compiled.columns)
        return fenced(cells, self._dialect) if converted else cells

    def _flagged(self) -> exp.Select:
        """``b0`` is 1 where a row fails rule 0, else 0; ``a0`` is 1 where it was asked."""
        flags = [named(_bit(self._fails(rule)), f"b{position}") for position, rule in self._by_row.items()]
        asked = [named(_asked(rule), f"a{position}") for position, rule in self._by_row.items()]
        return select([*self._cells_kept(), *flags, *asked], self._cells().subquery("cells", copy=False))

    def _cells_kept(self) -> list[exp.Expr]:
        return [ref(f"o{place}") for place in range(len(self.schema))]

    def _fails(self, rule: Rule) -> exp.Expr:
        test = rule.test
        if isinstance(test, CellTest):
            return test.failing.copy()
        if isinstance(test, UniqueTest):
            return self._repeated(test, rule)
        raise TypeError(test)

    def _repeated(self, test: UniqueTest, rule: Rule) -> exp.Expr:
        keys = [key.copy() for key in test.keys]
        if self._dialect == "bigquery" and any(self._is_float(key) for key in test.keys):
            raise cannot_say(rule.id, self._dialect, "it cannot tell rows apart by floats")
        if test.keep == "all":
            inside = exp.Sum(this=_bit(exp.not_(test.skip.copy()))) if test.skip is not None else count()
            failing: exp.Expr = _above(exp.Window(this=inside, partition_by=keys), 1)
        else:
            skipped = [_bit(test.skip.copy())] if test.skip is not None else []
            number = exp.Window(
                this=exp.RowNumber(), partition_by=[*keys, *skipped], order=self._first_to_last(test, rule)
            )
            failing = _above(number, 1)
        return exp.and_(exp.not_(test.skip.copy()), failing) if test.skip is not None else failing

    def _is_float(self, key: exp.Expr) -> bool:
        kinds = {f"v{each.position}": each.cell.kind for each in self.compiled.columns}
        return kinds.get(key.name) == "float"

    def _first_to_last(self, test: UniqueTest, rule: Rule) -> exp.Order:
        """The order of the table; backward where the last row may stay."""
        if not self.order:
            raise cannot_say(rule.id, self._dialect, WITHOUT_ORDER)
        for name in self.order:
            if name not in self.schema:
                raise CompileError(f"the order names {name!r}, no column", hint=did_you_mean(name, self.schema.names))
        backward = test.keep == "exclude_last"
        places = [ref(f"o{self.schema.names.index(name)}") for name in self.order]
        return exp.Order(expressions=[exp.Ordered(this=each, desc=backward, nulls_first=backward) for each in places])

    def failing(self, *, broken_only: bool) -> exp.Query:
        """See ``contract_query``."""
        rows = self._judged(broken_only=broken_only).subquery("judged", copy=False)
        told = [*self._told_cells(), *self._told(list(self._by_row.items()))]
        some = [_raised(position) for position in self._by_row]
        query: exp.Query = select(told, rows).where(any_of(some), copy=False)
        for part in [*self._whole_rows(), *self._certain_rows()]:
            query = exp.Union(this=query, expression=part, distinct=False)
        return query

    def _judged(self, *, broken_only: bool) -> exp.Select:
        """The flagged rows, without the flags of checks that pass within their threshold."""
        flagged = self._flagged()
        if not broken_only or not any(rule.threshold for rule in self._by_row.values()):
            return flagged
        flags = [named(self._held(position, rule), f"b{position}") for position, rule in self._by_row.items()]
        return select([*self._cells_kept(), *flags], flagged.subquery("flagged", copy=False))

    def _held(self, position: int, rule: Rule) -> exp.Expr:
        flag = ref(f"b{position}")
        if rule.threshold is None:
            return flag
        failed, checked = (exp.Window(this=exp.Sum(this=ref(f"{letter}{position}"))) for letter in "ba")
        return when(_passes(rule, failed, checked), literal(0), flag)

    def _told_cells(self) -> list[exp.Expr]:
        return [named(ref(f"o{place}"), name) for place, name in enumerate(self.schema.names)]

    def _told(self, rules: Sequence[tuple[int, Rule]]) -> list[exp.Expr]:
        reasons = [(_raised(position), rule.reason) for position, rule in rules]
        by_column: dict[str, list[exp.Expr]] = {}
        for position, rule in rules:
            for name in rule.columns:
                by_column.setdefault(name, []).append(_raised(position))
        columns = [(any_of(flags), name) for name, flags in sorted(by_column.items())]
        errors = [_raised(position) for position, rule in rules if rule.severity == "error"]
        severity = when(any_of(errors), literal("error"), literal("warning")) if errors else literal("warning")
        parts = (joined(reasons), joined(columns), severity)
        return [named(part, name) for part, name in zip(parts, self._names, strict=True)]

    @cached_property
    def _names(self) -> list[str]:
        """The names of what stands behind the table's own columns."""
        taken = {name.lower() for name in self.schema.names}

        def free(name: str) -> str:
            return name if name not in taken else free(f"{name}_")

        return [free(name) for name in _ADDED]

    def _whole_rows(self) -> Iterator[exp.Select]:
        """A row for each check that speaks of all rows at once, where it fails."""
        for position, rule, test in self._whole():
            broken = named(when(test.passes.copy(), literal(0), literal(1)), f"b{position}")
            found = select([broken], self._cells().subquery("cells", copy=False)).subquery("found", copy=False)
            yield select(self._without_cells(rule), found).where(_raised(position), copy=False)

    def _certain_rows(self) -> Iterator[exp.Select]:
        """A row for each thing that is known to be broken before a row is read."""
        for finding in self.compiled.findings:
            parts = (f"{finding.check}: {finding.message}", finding.column or "", finding.severity)
            yield exp.select(*self._constants(parts))
        for rule in self.compiled.rules:
            if isinstance(rule.test, BrokenTest):
                yield exp.select(*self._without_cells(rule))

    def _without_cells(self, rule: Rule) -> list[exp.Expr]:
        return self._constants((rule.reason, SEPARATOR.join(rule.columns), rule.severity))

    def _constants(self, parts: tuple[str, str, str]) -> list[exp.Expr]:
        nothing = [named(exp.null(), name) for name in self.schema.names]
        return [*nothing, *(named(literal(part), name) for part, name in zip(parts, self._names, strict=True))]

    def counts(self) -> exp.Query:
        """See ``contract_counts_query``."""
        asked = self._counted_rules()
        numbers = [named(value, name) for counted in asked for name, value in counted[1]]
        lines = [*(line for line, _ in asked), *self._finding_lines()]
        cells = self._flagged_with_whole().subquery("flagged", copy=False)
        counted = select([*numbers, named(count(), "n")], cells)
        return unpivoted(_COUNT_NAMES, lines, counted)

    def _flagged_with_whole(self) -> exp.Select:
        """As ``_flagged``, with the cells that checks of all rows at once look at."""
        flagged = self._flagged()
        looked_at = {each.name for _, _, test in self._whole() for each in test.passes.find_all(exp.Column)}
        return flagged.select(*(ref(name) for name in sorted(looked_at)), copy=False)

    def _counted_rules(self) -> list[tuple[Line, list[tuple[str, exp.Expr]]]]:
        found: list[tuple[Line, list[tuple[str, exp.Expr]]]] = []
        for position, rule in enumerate(self.compiled.rules):
            test = rule.test
            head = (literal(rule.id), literal(rule.column) if rule.column else exp.null(), literal(rule.severity))
            if isinstance(test, BrokenTest):
                found.append(((*head, literal(1), literal(1), exp.false()), []))
                continue
            failed, checked = ref(f"f{position}"), ref(f"c{position}")
            if isinstance(test, WholeTest):
                numbers = [(f"f{position}", when(test.passes.copy(), literal(0), literal(1)))]
                passed: exp.Expr = exp.EQ(this=failed.copy(), expression=literal(0))
                found.append(((*head, literal(1), failed, passed), numbers))
                continue
            numbers = [(f"f{position}", _total(f"b{position}")), (f"c{position}", _total(f"a{position}"))]
            found.append(((*head, checked, failed, _passes(rule, failed, checked)), numbers))
        return found

    def _finding_lines(self) -> list[Line]:
        return [
            (
                literal(finding.check),
                literal(finding.column) if finding.column else exp.null(),
                literal(finding.severity),
                literal(1),
                literal(1),
                exp.false(),
            )
            for finding in self.compiled.findings
        ]


_COUNT_NAMES = ("check_id", "column_name", "severity", "checked", "failed", "passed")


def _bit(condition: exp.Expr) -> exp.Expr:
    return when(condition, literal(1), literal(0))


def _above(value: exp.Expr, limit: int) -> exp.Expr:
    return exp.GT(this=value, expression=literal(limit))


def _raised(position: int) -> exp.Expr:
    return exp.EQ(this=ref(f"b{position}"), expression=literal(1))


def _total(name: str) -> exp.Expr:
    return exp.Coalesce(this=exp.Sum(this=ref(name)), expressions=[literal(0)])


def _asked(rule: Rule) -> exp.Expr:
    """1 where a rule asks the row, else 0."""
    test = rule.test
    if not isinstance(test, CellTest):
        return literal(1)
    cell = test.checked.this
    asked = (
        literal(1) if isinstance(cell, exp.Star) else _bit(exp.not_(exp.Is(this=cell.copy(), expression=exp.Null())))
    )
    return when(test.lost.copy(), literal(0), asked) if test.lost is not None else asked


def _passes(rule: Rule, failed: exp.Expr, checked: exp.Expr) -> exp.Expr:
    """As ``Threshold.allows``."""
    none = exp.EQ(this=failed.copy(), expression=literal(0))
    if rule.threshold is None:
        return none
    parts: list[exp.Expr] = []
    if rule.threshold.max_count is not None:
        parts.append(exp.LTE(this=failed.copy(), expression=literal(rule.threshold.max_count)))
    if rule.threshold.max_fraction is not None:
        share = exp.Div(
            this=exp.cast(failed.copy(), "DOUBLE"),
            expression=exp.cast(exp.Nullif(this=checked.copy(), expression=literal(0)), "DOUBLE"),
            typed=True,
        )
        parts.append(exp.LTE(this=share, expression=literal(rule.threshold.max_fraction)))
    return exp.or_(none, exp.and_(*parts))


def joined(parts: Sequence[tuple[exp.Expr, str]]) -> exp.Expr:
    """The texts whose conditions hold, with ``; `` between them; empty where none does."""
    if not parts:
        return literal("")
    told = [when(condition, literal(SEPARATOR + text), literal("")) for condition, text in parts]
    whole = told[0]
    for each in told[1:]:
        whole = exp.DPipe(this=whole, expression=each)
    return exp.Substring(this=whole, start=literal(len(SEPARATOR) + 1))
