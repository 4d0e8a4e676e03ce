"""Fitted values that are not known yet: trees for what the statement that uses them measures itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlglot import exp

from sanitizer_core.ops.stat import Stat
from sanitizer_core.sql.logic import choose, is_null, negated


@dataclass
class Measured:
    """What a step asks of the data, and what it works out of it once, for all rows.

    Args:
        asked: the statistics, by the names that stand for them.
        worked_out: trees of such names, in the order in which they were asked for; whether they are rounded as fitted
            values are.
    """

    asked: dict[str, Stat] = field(default_factory=dict)
    worked_out: dict[str, tuple[exp.Expr, bool]] = field(default_factory=dict)

    def of(self, stat: Stat) -> exp.Expr:
        """The value of a statistic; null where there is nothing to measure."""
        for name, known in self.asked.items():
            if known == stat:
                return exp.Placeholder(this=name)
        name = f"measured{len(self.asked) + 1}"
        self.asked[name] = stat
        return exp.Placeholder(this=name)

    def once(self, tree: exp.Expr, *, rounded: bool = False) -> exp.Expr:
        """What a tree of such values comes to, worked out once.

        Args:
            rounded: to 12 significant digits, as fitted values are.
        """
        name = f"worked_out{len(self.worked_out) + 1}"
        self.worked_out[name] = tree, rounded
        return exp.Placeholder(this=name)


def where_positive(number: exp.Expr, tree: exp.Expr) -> exp.Expr:
    """The tree where a number is above 0, else null."""
    return choose((exp.GT(this=number.copy(), expression=exp.Literal.number(0)), tree))


def known(tree: exp.Expr) -> exp.Expr:
    """Whether there is a value."""
    return negated(is_null(tree))
