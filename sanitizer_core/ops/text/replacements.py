"""The replacements of one column, as a tree: a handful are tried in turn, many are joined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sqlglot import exp

from sanitizer_core.errors import PlanError, Where
from sanitizer_core.ops.constant import constant, fits, value_of_type
from sanitizer_core.ops.effects import Rewrite
from sanitizer_core.ops.wording import said
from sanitizer_core.schema import TEXT, Column
from sanitizer_core.sql import call, column, literal
from sanitizer_core.sql.logic import any_of, choose, is_null, one_of
from sanitizer_core.sql.lookup import Lookup, found, hit

MANY = 40
"""From this number of entries on a join is faster than trying them in turn."""


Pairs = tuple[tuple[Any, Any], ...]


@dataclass(frozen=True)
class Replacements:
    """What ``replace_values`` does to one column.

    Args:
        entries: old and new values, as they were written.
        named: whether the column was named, so that an entry that does not fit it is an error.
    """

    cell: Column
    entries: Pairs
    named: bool
    ignore_case: bool
    unmapped: Literal["keep", "null"]
    default: Any

    def effect(self) -> Rewrite | None:
        """The rewrite; nothing where no entry fits the column."""
        known = tuple(pair for pair in self.entries if all(map(self._fits, pair)))
        if not known or (self.default is not None and not self._fits(self.default)):
            return None
        if len(known) < MANY:
            tree, lookup = self._in_turn(known), None
        else:
            tree, lookup = self._joined(known)
        return Rewrite(self.cell.name, (tree,), self.cell.type, self._reason(known), lookup=lookup)

    def _fits(self, value: Any) -> bool:
        """Whether the value is one of the column's type; one that is written as text may be read as such."""
        return value is None or self.named or fits(value, self.cell.type)

    @property
    def _value(self) -> exp.Expr:
        return column(self.cell.name)

    @property
    def _compared(self) -> exp.Expr:
        return call("lower", self._value) if self._folds else self._value

    @property
    def _folds(self) -> bool:
        return self.ignore_case and self.cell.type.is_text

    def _constant(self, value: Any) -> exp.Expr:
        return exp.Null() if value is None else constant(value, self.cell)

    def _key(self, value: Any) -> exp.Expr:
        return literal(folded(str(value_of_type(value, TEXT)))) if self._folds else self._constant(value)

    def _in_turn(self, known: Pairs) -> exp.Expr:
        branches = [(self._is(key), self._constant(new)) for key, new in known]
        return choose(*branches, otherwise=self._otherwise(known))

    def _is(self, key: Any) -> exp.Expr:
        return is_null(self._value) if key is None else exp.EQ(this=self._compared, expression=self._key(key))

    def _otherwise(self, known: Pairs) -> exp.Expr:
        """Values that the mapping does not know stay, or become the default; what it leads to stays in any case."""
        if self.unmapped == "keep" and self.default is None:
            return self._value
        targets = [self._constant(new) for _, new in known if new is not None]
        stays = any_of([is_null(self._value), one_of(self._value, targets)])
        return choose((stays, self._value), otherwise=self._constant(self.default))

    def _joined(self, known: Pairs) -> tuple[exp.Expr, Lookup]:
        rows: dict[Any, Any] = {}
        for key, new in known:
            plain = None if key is None else folded(str(key)) if self._folds else self._plain(key)
            if plain in rows:
                raise PlanError(
                    f"two entries of the mapping are for the value {plain!r}", where=Where(column=self.cell.name)
                )
            rows[plain] = None if new is None else self._plain(new)
        lookup = Lookup((self._compared,), (self.cell.type,), self.cell.type, tuple(rows.items()))
        return choose((hit(), found()), otherwise=self._otherwise(known)), lookup

    def _plain(self, value: Any) -> Any:
        self._constant(value)  # refuses what is no value of the column's type
        return value_of_type(value, self.cell.type)

    def _reason(self, known: Pairs) -> str:
        reason = f"replaced by a mapping of {len(known)} value{'s' * (len(known) != 1)}"
        if self.default is not None:
            return f"{reason}, others by {said(self.default)}"
        return f"{reason}, others by null" if self.unmapped == "null" else reason


def folded(text: str) -> str:
    """Small letters as engines have them: letter by letter, each as one letter."""
    return "".join(sign.lower()[:1] for sign in text)
