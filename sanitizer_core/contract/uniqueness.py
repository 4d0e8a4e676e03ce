"""Rows whose values are there more than once.

Hashes of 64 bits find the few values that may repeat; only the rows that have one are then compared value by value, for
two values of one hash need not be equal. No window sorts the rows. In a table that is too long for its hashes to be held
in memory, a number or time that only rises, as ids mostly do, is seen to be unique by one look at each value.
"""

from __future__ import annotations

from sqlglot import exp

from sanitizer_core.contract.compiled import ROW, CompiledContract
from sanitizer_core.contract.fragments import call, count, count_where
from sanitizer_core.contract.rule import UniqueTest
from sanitizer_core.contract.scan import Scan, quoted
from sanitizer_core.engines.hashes import MOST_IN_MEMORY
from sanitizer_core.sql import literal


def store_repeats(scan: Scan, compiled: CompiledContract, test: UniqueTest, name: str, rows: int) -> int:
    """Stores the ids of failing rows under a name (column ``row``); says how many there are.

    Args:
        rows: of the table.
    """
    hashes = f"{name}_hashes"
    if not _store_hashes(scan, compiled, test, hashes, rows):
        return 0
    suspects, groups = f"{name}_suspects", f"{name}_groups"
    scan.store(suspects, _suspects(scan, compiled, test, hashes))
    scan.store(groups, _groups(suspects, len(test.keys)))
    failed = scan.store(name, _failing(suspects, groups, test))
    scan.drop([hashes, suspects, groups])
    return failed


def _store_hashes(scan: Scan, compiled: CompiledContract, test: UniqueTest, name: str, rows: int) -> bool:
    """Stores the hashes that come again (column ``h``); says whether there are any."""
    if rows <= MOST_IN_MEMORY:
        return scan.store_repeated_hashes(name, _hashes(compiled, test, scan.table))
    if not _only_rises(scan, compiled, test) and scan.store(name, _grouped(_hashes(compiled, test, scan.table))):
        return True
    scan.drop([name])
    return False


def _only_rises(scan: Scan, compiled: CompiledContract, test: UniqueTest) -> bool:
    """Whether each value is greater than the one before: in whatever order rows come, all then differ."""
    if not test.may_rise:
        return False
    key = test.keys[0]
    before = exp.Window(this=exp.Lag(this=key.copy()))
    rows = _asked(exp.select(key.copy().as_("k"), before.as_("b")).from_(compiled.cells(scan.table, None)), test)
    null = exp.Is(this=exp.column("k"), expression=exp.Null())
    falls = exp.LTE(this=exp.column("k"), expression=exp.column("b"))
    broken = count_where(exp.or_(null, falls)).as_("broken")
    return int(scan.one(exp.select(broken).from_(rows.subquery("keys")))["broken"]) == 0


def _asked(select: exp.Select, test: UniqueTest) -> exp.Select:
    return select.where(exp.not_(test.skip.copy())) if test.skip is not None else select


def _hash(test: UniqueTest) -> exp.Expr:
    return call("hash", *(key.copy() for key in test.keys))


def _hashes(compiled: CompiledContract, test: UniqueTest, table: exp.Expr) -> exp.Select:
    return _asked(exp.select(_hash(test).as_("h")).from_(compiled.cells(table, None)), test)


def _grouped(hashes: exp.Select) -> exp.Select:
    return exp.select("h").from_(hashes.subquery("hashes")).group_by("h").having(_more_than_one())


def _more_than_one() -> exp.Expr:
    return exp.GT(this=count(), expression=literal(1))


def _key(position: int, table: str | None = None) -> exp.Column:
    return exp.column(f"k{position}", table=table)


def _suspects(scan: Scan, compiled: CompiledContract, test: UniqueTest, hashes: str) -> exp.Select:
    cells = compiled.cells(scan.table, scan.row())
    keys = [key.copy().as_(f"k{position}") for position, key in enumerate(test.keys)]
    repeated = exp.select("h").from_(exp.Table(this=quoted(hashes)))
    select = exp.select(exp.column(ROW, quoted=True), *keys).from_(cells)
    return _asked(select, test).where(exp.In(this=_hash(test), query=repeated.subquery()))


def _groups(suspects: str, width: int) -> exp.Select:
    keys = [_key(position) for position in range(width)]
    row = exp.column(ROW, quoted=True)
    first, last = exp.Min(this=row.copy()).as_("first_row"), exp.Max(this=row).as_("last_row")
    source = exp.Table(this=quoted(suspects))
    return exp.select(*keys, first, last).from_(source).group_by(*(key.copy() for key in keys)).having(_more_than_one())


def _failing(suspects: str, groups: str, test: UniqueTest) -> exp.Select:
    row = exp.column(ROW, table="s", quoted=True)
    same = exp.and_(
        *(
            exp.NullSafeEQ(this=_key(position, "s"), expression=_key(position, "g"))
            for position in range(len(test.keys))
        )
    )
    source = exp.Table(this=quoted(suspects)).as_("s")
    select = exp.select(row).from_(source).join(exp.Table(this=quoted(groups)).as_("g"), on=same)
    stays = {"exclude_first": "first_row", "exclude_last": "last_row"}.get(test.keep)
    if stays is None:
        return select
    return select.where(exp.NEQ(this=row.copy(), expression=exp.column(stays, table="g")))
