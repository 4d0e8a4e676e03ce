"""The SQL that makes the rows: who repeats whom, the clean text of each cell, and its dirt."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.dirty.columns import COLUMNS, Dirt, DirtyColumn, draw

_UNIT = 1_048_576
"""Shares are drawn in steps of 2**-20; the bits above them are left for the shape of the damage."""

_EXACT, _NEAR, _REACH = 0.02, 0.01, 1000
"""Shares of rows that repeat an earlier one, cell for cell or with dirt of their own, and how far back that one lies."""


@dataclass(frozen=True)
class DirtyTable:
    """A stretch of the endless dirty table of a seed; each method gives a SELECT.

    Args:
        rows: how many.
        seed: of every draw.
        dirt: a factor on every share of damage; 1 breaks about one cell in twelve.
        first: the number of the first row.
    """

    rows: int
    seed: int = 1
    dirt: float = 1.0
    first: int = 0

    def dirty(self) -> str:
        """The table as it is handed out, in the order of its rows."""
        cells = ", ".join(f"{self._broken(column)} AS {column.name}" for column in COLUMNS)
        return self._seeded(f"SELECT {cells} FROM ({self._drawn()})")

    def truth(self) -> str:
        """The clean table: the rows that repeat no other, each with its number in the dirty table (from 0)."""
        names = ", ".join(column.name for column in COLUMNS)
        return self._seeded(f'SELECT i AS "row", {names} FROM ({self._clean()}) WHERE i = k')

    def errors(self) -> str:
        """Every injected error: row (from 0), column, kind, clean and dirty value.

        A row that repeats another is an error of no column, with the numbers of the two rows as its values.
        """
        arms = [
            f'SELECT i AS "row", \'{column.name}\' AS "column", {self._kind(column)} AS kind, {column.name} AS clean, '
            f"{self._broken(column)} AS dirty FROM made WHERE {self._broken(column)} <> {column.name}"
            for column in COLUMNS
        ]
        repeats = "CASE WHEN e = k THEN 'exact_duplicate' ELSE 'near_duplicate' END"
        arms.append(f"SELECT i, NULL, {repeats}, k::VARCHAR, i::VARCHAR FROM made WHERE i <> k")
        return self._seeded(f"WITH made AS NOT MATERIALIZED ({self._drawn()}) {' UNION ALL '.join(arms)}")

    def _keys(self) -> str:
        """``i`` the row, ``k`` whose clean values it has, ``e`` whose dirt it has.

        A row repeats an earlier one only if that one is no repeat itself, so chains never form.
        """
        repeats = _cut(_EXACT + _NEAR)
        earlier = f"(i - 1 - {draw('back', 'i')} % {_REACH})"
        is_repeat = f"c < {repeats} AND i > {_REACH} AND {draw('repeat', earlier)} % {_UNIT} >= {repeats}"
        numbered = f"SELECT range AS i, {draw('repeat', 'range')} % {_UNIT} AS c FROM range({self.first}, {self.first + self.rows})"
        return (
            f"SELECT i, CASE WHEN {is_repeat} THEN {earlier} ELSE i END AS k, CASE WHEN c < {_cut(_EXACT)} THEN k ELSE i END AS e "
            f"FROM ({numbered})"
        )

    def _clean(self) -> str:
        cells = ", ".join(f"{_clean_or_null(column)} AS {column.name}" for column in COLUMNS)
        return f"SELECT i, k, e, {cells} FROM ({self._keys()})"

    def _drawn(self) -> str:
        """The clean cells, each with the draw that decides its fate."""
        draws = ", ".join(f"{draw(column.name + '!', 'e')} AS d_{column.name}" for column in COLUMNS)
        return f"SELECT *, {draws} FROM ({self._clean()})"

    def _broken(self, column: DirtyColumn) -> str:
        """The text handed out; null stays null."""
        texts = [_damage(dirt, column.name) for dirt in column.dirt]
        return f"CASE WHEN {column.name} IS NOT NULL THEN {self._by_draw(column, texts, column.name)} END"

    def _kind(self, column: DirtyColumn) -> str:
        return self._by_draw(column, [f"'{dirt.kind}'" for dirt in column.dirt], "NULL")

    def _by_draw(self, column: DirtyColumn, values: list[str], otherwise: str) -> str:
        arms, bound = "", 0.0
        for dirt, value in zip(column.dirt, values, strict=True):
            bound += dirt.share * self.dirt
            arms += f"WHEN d_{column.name} % {_UNIT} < {_cut(bound)} THEN {value} "
        return f"CASE {arms} ELSE {otherwise} END"

    def _seeded(self, query: str) -> str:
        return query.replace("$seed", str(self.seed))


def _cut(share: float) -> int:
    return round(share * _UNIT)


def _clean_or_null(column: DirtyColumn) -> str:
    if not column.nulls:
        return column.clean
    return f"CASE WHEN {draw(column.name + '?')} % {_UNIT} >= {_cut(column.nulls)} THEN {column.clean} END"


def _damage(dirt: Dirt, name: str) -> str:
    return dirt.sql.replace("{v}", name).replace("{d}", f"d_{name}")
