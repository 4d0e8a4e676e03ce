"""The steps of a recipe as relations that stand upon each other.

A relation holds every version of every column side by side (``name``, then ``name@3`` after step 3), so that
the change log is a comparison of two columns of one relation and no operation can forget to write it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from sanitizer_core.errors import CompileError
from sanitizer_core.plan import ROW, StepInfo, Table
from sanitizer_core.sql import column, lower
from sanitizer_core.sql.fence import fenced
from sanitizer_core.sql.lookup import Lookup


@dataclass(frozen=True)
class Relation:
    """A named SELECT.

    Args:
        stored: whether an engine should keep its rows rather than evaluate it wherever it is named.
        comment: what it is for, in a few words.
        marks: whether it names rows that are to be found again by a bitmap of its name (see ``Chain.bitmaps``).
    """

    name: str
    query: exp.Query
    stored: bool = False
    comment: str = ""
    marks: bool = False


@dataclass(frozen=True)
class Gone:
    """Rows that a step took away: a relation of ``@row`` and ``@reason``."""

    relation: str
    step: StepInfo
    rejected: bool


Items = tuple[tuple[str, exp.Expr], ...]
"""Columns that a relation adds to the one before: their names and trees."""


@dataclass(frozen=True)
class Chain:
    """The steps so far.

    Args:
        dialect: whose SQL is written.
        last: the relation that holds the table as it stands.
        table: its columns and their versions.
        gone: what was taken away.
        order: columns of the relation that order the output, before the order of the input.
        bitmaps: whether the engine keeps the numbers of rows that went as a bitmap; a filter by it keeps the
            order of the rows, which a join loses.
        numbered: whether the numbers of the rows say an order that means something: that of a file, or a declared one.
        single: whether all relations end up in one statement, which leaves rows out by a condition instead.
        shuffled: whether the rows of the last relation may come in another order than the input's.
        trail: what each relation since the beginning added, while nothing is stored.
        replays: the same for versions that were not kept when the input was stored; ``over`` works them out again.
        rows: of the stored input, where it is stored; bitmaps are as long.
        flags: stored columns that say whether a version differs from the cell as it was read, by the version's name.
        alike: from how many columns on that share a tree they go through it as a list; 0 for never.
    """

    dialect: str
    last: str
    table: Table
    gone: tuple[Gone, ...] = ()
    order: tuple[tuple[str, bool], ...] = ()
    bitmaps: bool = False
    numbered: bool = True
    single: bool = False
    shuffled: bool = False
    trail: tuple[Items, ...] = field(default=(), repr=False)
    replays: tuple[Items, ...] = field(default=(), repr=False)
    rows: int = 0
    flags: Mapping[str, str] = field(default_factory=dict, repr=False)
    alike: int = 0

    def resolve(self, tree: exp.Expr) -> exp.Expr:
        """A tree that speaks of columns by their names now, in the words of the last relation and the dialect."""

        def to_version(node: exp.Expr) -> exp.Expr:
            if isinstance(node, exp.Column):
                return column(self.table.slot(node.name).now.name) if node.name != ROW else column(ROW)
            return node

        return lower(tree.transform(to_version), self.dialect, copy=False)

    def resolve_order(self, order: Iterable[exp.Ordered]) -> list[exp.Ordered]:
        """As ``resolve``, of the parts of an order."""
        return [
            exp.Ordered(
                this=self.resolve(each.this), desc=each.args.get("desc"), nulls_first=each.args.get("nulls_first")
            )
            for each in order
        ]

    def ordered(self, *, backward: bool = False) -> list[exp.Ordered]:
        """The order that steps put the rows in, as trees; empty when they are still in the order of the input."""
        return [
            exp.Ordered(this=column(name), desc=desc is not backward, nulls_first=backward) for name, desc in self.order
        ]

    def select(self, *items: exp.Expr, where: exp.Expr | None = None) -> exp.Select:
        """A SELECT over the table as it stands; the items speak of the relation's own columns."""
        query = exp.select(*items).from_(exp.to_identifier(self.last, quoted=True), copy=False)
        return query.where(where) if where is not None else query

    def over(self, names: Iterable[str], where: exp.Expr | None = None) -> exp.Select:
        """All of the last relation's rows (for which ``where`` holds) with these versions, also those that were not kept."""
        made = {alias: tree for layer in self.replays for alias, tree in layer}
        wanted = set(names) & made.keys()
        for layer in reversed(self.replays):
            for alias, tree in layer:
                if alias in wanted:
                    wanted |= {each.name for each in tree.find_all(exp.Column)} & made.keys()
        query = self.select(exp.Star(), where=where)
        for layer in self.replays:
            again = [named(tree.copy(), alias) for alias, tree in layer if alias in wanted]
            if again:
                layered = exp.select(exp.Star(), *again, copy=False)
                query = fenced(layered.from_(query.subquery("kept", copy=False), copy=False), self.dialect)
        return query


def named(tree: exp.Expr, name: str) -> exp.Alias:
    """A tree under a name, whatever that name holds."""
    return exp.Alias(this=tree, alias=exp.to_identifier(name, quoted=True))


BITS = 1 << 22
"""Rows of one bitmap. DuckDB hands the whole of a variable to every 2,048 rows: of a long one that takes longer than all else."""


def unmarked(relation: str, rows: int) -> exp.Expr:
    """A condition: the row is not among those of a relation that the engine keeps as bitmaps over so many rows."""
    return exp.EQ(this=_bit(relation, rows), expression=exp.Literal.number(0))


def bitmaps_of(relation: str, rows: int) -> dict[str, int]:
    """The variables that hold a relation's bitmaps, each with its first row."""
    return {f"{relation}_{first // BITS}": first for first in range(0, max(1, rows), BITS)}


def _bit(relation: str, rows: int) -> exp.Expr:
    parts = bitmaps_of(relation, rows)
    if len(parts) == 1:
        return _bit_of(*next(iter(parts.items())))
    ends = [exp.LT(this=column(ROW), expression=exp.Literal.number(first + BITS)) for first in parts.values()]
    cases = zip(ends, parts.items(), strict=True)
    return exp.Case(ifs=[exp.If(this=end, true=_bit_of(name, first)) for end, (name, first) in cases])


def _bit_of(variable: str, first: int) -> exp.Expr:
    bitmap = exp.Anonymous(this="getvariable", expressions=[exp.Literal.string(variable)])
    place = exp.Sub(this=column(ROW), expression=exp.Literal.number(first)) if first else column(ROW)
    return exp.Anonymous(this="get_bit", expressions=[bitmap, exp.cast(place, "INT")])


def refuse_unordered(chain: Chain, why: str) -> None:
    """Makes sure that the rows have an order.

    Raises:
        CompileError: they have none; with why they need one.
    """
    if not chain.numbered:
        raise CompileError(
            f"{why}, and a table in {chain.dialect} has none",
            hint="Declare it in the recipe (input: {order: [columns]}), or give the step an 'order' of its own.",
        )


def refuse_numbers(chain: Chain, lookup: Lookup) -> None:
    """Rows that a step names by their numbers are the input's own only where its rows have an order."""
    if lookup.relation is None and any(isinstance(key, exp.Column) and key.name == ROW for key in lookup.keys):
        refuse_unordered(chain, "rows are named by their numbers")
