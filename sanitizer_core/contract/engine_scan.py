"""A relation of an engine that a contract is held against where it is, whatever the engine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp

from sanitizer_core.chain import Relation
from sanitizer_core.contract.compiled import ROW, CompiledContract
from sanitizer_core.contract.fragments import count, named, ref, select
from sanitizer_core.contract.outcome import Outcome
from sanitizer_core.contract.refusal import ONLY_PANDERA, WITHOUT_ORDER, cannot_say
from sanitizer_core.contract.rule import UniqueTest
from sanitizer_core.contract.scan import next_number, quoted
from sanitizer_core.engines.protocol import Engine
from sanitizer_core.schema import Schema
from sanitizer_core.sql import column, literal


@dataclass(frozen=True)
class EngineScan:
    """A relation of an engine, and the column that holds the id of each row.

    Args:
        ordered: whether the ids are in an order that means something.
    """

    engine: Engine
    relation: str
    row_id: str
    ordered: bool
    number: int = field(default_factory=next_number)

    @property
    def table(self) -> exp.Table:
        return exp.Table(this=quoted(self.relation))

    def row(self) -> exp.Expr:
        return exp.cast(column(self.row_id), "BIGINT")

    def schema(self) -> Schema:
        return Schema(tuple(each for each in self.engine.schema_of(self.relation) if each.name != self.row_id))

    def temporary(self, *parts: object) -> str:
        return "_".join(["_contract", str(self.number), *map(str, parts)])

    def one(self, statement: exp.Query) -> dict[str, Any]:
        (row,) = self.engine.fetch(statement)
        return dict(zip(statement.named_selects, row, strict=True))

    def store(self, name: str, query: exp.Query) -> int:
        self.engine.create(Relation(name, query, stored=True))
        (row,) = self.engine.fetch(exp.select(count()).from_(exp.Table(this=quoted(name))))
        return int(row[0])

    def show(self, name: str, query: exp.Query) -> None:
        self.engine.create(Relation(name, query))

    def drop(self, names: Iterable[str]) -> None:
        for name in names:
            if self.engine.has(name):
                self.engine.drop(name)

    def store_failing(self, compiled: CompiledContract, position: int, name: str, rows: int) -> Outcome:
        rule = compiled.rules[position]
        if not isinstance(rule.test, UniqueTest):
            raise cannot_say(rule.id, compiled.dialect, ONLY_PANDERA)
        if rule.test.keep != "all" and not self.ordered:
            raise cannot_say(rule.id, compiled.dialect, WITHOUT_ORDER)
        return Outcome(rows, self.store(name, _repeats(compiled, rule.test, self)))


def _repeats(compiled: CompiledContract, test: UniqueTest, scan: EngineScan) -> exp.Select:
    keys = [key.copy() for key in test.keys]
    place: exp.Expr = exp.Window(this=count(), partition_by=keys)
    if test.keep != "all":
        order = exp.Ordered(this=ref(ROW), desc=test.keep == "exclude_last", nulls_first=test.keep == "exclude_last")
        place = exp.Window(this=exp.RowNumber(), partition_by=keys, order=exp.Order(expressions=[order]))
    rows = select([ref(ROW), named(place, "place")], compiled.cells(scan.table, scan.row()))
    if test.skip is not None:
        rows = rows.where(exp.not_(test.skip.copy()), copy=False)
    failing = exp.GT(this=ref("place"), expression=literal(1))
    return select([ref(ROW)], rows.subquery("placed", copy=False)).where(failing, copy=False)
