"""Every failing row with a flag per check, stored once; counts and reasons are read from it.

No row that is in order is stored. The flags of a row are the bits of a few numbers. Rows are found by a chain of ``OR``,
which makes nothing of a condition that no row fails; of a very wide table it would be too long to be read, and the
numbers are made of every row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce

from sqlglot import exp

from sanitizer_core.contract.asking import Asking
from sanitizer_core.contract.compiled import ROW, CompiledContract
from sanitizer_core.contract.fragments import any_of, count, count_where, named, ref, select, when
from sanitizer_core.contract.rule import CellTest, Rule
from sanitizer_core.contract.scan import quoted
from sanitizer_core.sql import literal
from sanitizer_core.sql.lists import texts_that_are

_BITS = 62
_MOST_IN_A_CHAIN = 200


@dataclass(frozen=True)
class FlagTable:
    """The table of failing rows: ``row``, and the flags as the bits of ``m0``, ``m1`` ...

    Args:
        name: what it is stored as.
        stored: names of tables of failing row ids, by position of the rule, where SQL could not say it.
    """

    compiled: CompiledContract
    name: str
    stored: Mapping[int, str]

    @cached_property
    def rules(self) -> list[int]:
        """The positions of the rules by which single rows can fail."""
        rules = enumerate(self.compiled.rules)
        return [position for position, rule in rules if isinstance(rule.test, CellTest) or position in self.stored]

    @cached_property
    def columns(self) -> dict[str, list[int]]:
        """The rules by which the cells of a column fail, for the columns that have one."""
        return self._by_column(self.rules)

    def _by_column(self, rules: Sequence[int]) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for position in rules:
            for column in self.compiled.rules[position].columns:
                found.setdefault(column, []).append(position)
        return found

    def _flags(self) -> dict[str, exp.Expr]:
        """What is flagged: ``b0`` where a row fails rule 0, ``u0`` where the cell of column 0 could not be converted."""
        rules = {f"b{position}": self._failing(position) for position in self.rules}
        lost = [column.lost_flag for column in self.compiled.columns if column.lost_flag is not None]
        return rules | {flag.name: flag for flag in lost}

    def _failing(self, position: int) -> exp.Expr:
        rule: Rule = self.compiled.rules[position]
        if isinstance(rule.test, CellTest):
            return rule.test.failing.copy()
        ids = exp.select(exp.column(ROW, quoted=True)).from_(exp.Table(this=quoted(self.stored[position])))
        return exp.In(this=exp.column(ROW, table="cells", quoted=True), query=ids.subquery())

    def query(self, scan: Asking) -> exp.Select:
        """What the table holds."""
        flags = list(self._flags().values())
        if not flags:
            return exp.select(exp.cast(exp.Null(), "BIGINT").as_(ROW, quoted=True)).where(exp.false())
        if len(flags) <= _MOST_IN_A_CHAIN:
            return self._chained(flags, scan)
        masks = [_mask(flags[start : start + _BITS]) for start in range(0, len(flags), _BITS)]
        parts = [named(mask, f"m{number}") for number, mask in enumerate(masks)]
        cells = self.compiled.cells(scan.table, scan.row())
        flagged = select([exp.column(ROW, quoted=True), *parts], cells).subquery("flagged", copy=False)
        some = [exp.NEQ(this=ref(f"m{number}"), expression=literal(0)) for number in range(len(masks))]
        return select([exp.Star()], flagged).where(any_of(some), copy=False)

    def _chained(self, flags: Sequence[exp.Expr], scan: Asking) -> exp.Select:
        masks = [_mask(flags[start : start + _BITS]) for start in range(0, len(flags), _BITS)]
        parts = [named(mask, f"m{number}") for number, mask in enumerate(masks)]
        cells = self.compiled.cells(scan.table, scan.row())
        rows = select([exp.column(ROW, quoted=True), *parts], cells)
        return rows.where(any_of([flag.copy() for flag in flags]), copy=False)

    @cached_property
    def _places(self) -> dict[str, int]:
        """Which bit each flag is, over all the numbers."""
        return {flag: place for place, flag in enumerate(self._flags())}

    def _raised(self, flag: str) -> exp.Expr:
        """A flag, as read from the table."""
        number, bit = divmod(self._places[flag], _BITS)
        masked = exp.BitwiseAnd(this=ref(f"m{number}"), expression=literal(1 << bit))
        return exp.NEQ(this=exp.Paren(this=masked), expression=literal(0))

    def _fails(self, rules: Sequence[int]) -> exp.Expr:
        """Whether a row fails one of these rules."""
        return any_of([self._raised(f"b{position}") for position in rules])

    def counts(self) -> exp.Select:
        """One row: ``n`` failing rows, ``b0`` per rule, ``u0`` per converted column, and per column ``s0`` failing cells."""
        flags = [named(count_where(self._raised(flag)), flag) for flag in self._places]
        columns = enumerate(self.columns.values())
        cells = [named(count_where(self._fails(rules)), f"s{place}") for place, rules in columns]
        return select([named(count(), "n"), *flags, *cells], exp.Table(this=quoted(self.name)))

    def reasons(self, failed: Sequence[int]) -> exp.Select:
        """The failing rows in words: ``row``, ``reasons``, ``columns``, ``severity``.

        Args:
            failed: positions of the rules that rows fail.
        """
        rules, dialect = self.compiled.rules, self.compiled.dialect
        reasons = [when(self._fails([position]), literal(rules[position].reason)) for position in failed]
        by_column = sorted(self._by_column(failed).items())
        columns = [when(self._fails(there), literal(column)) for column, there in by_column]
        errors = [position for position in failed if rules[position].severity == "error"]
        severity = when(self._fails(errors), literal("error"), literal("warning"))
        parts = {
            "reasons": texts_that_are(reasons, dialect),
            "columns": texts_that_are(columns, dialect),
            "severity": severity,
        }
        told = [named(part, name) for name, part in parts.items()]
        return select([exp.column(ROW, quoted=True), *told], exp.Table(this=quoted(self.name)))


def _mask(flags: Sequence[exp.Expr]) -> exp.Expr:
    bits = [when(flag, literal(1 << number), literal(0)) for number, flag in enumerate(flags)]
    return exp.cast(reduce(lambda left, right: exp.Add(this=left, expression=right), bits), "BIGINT")
