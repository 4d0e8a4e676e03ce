"""What a contract asks of one table, check by check, each with the way in which it is found out."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from sanitizer_core.contract.envelope import Severity, Threshold
from sanitizer_core.contract.spec import CheckSpec, Keep


@dataclass(frozen=True)
class CellTest:
    """A condition on each row, in SQL.

    Args:
        failing: true where the row fails (null counts as false).
        checked: how many rows were asked, as an aggregate; those with a ``lost`` cell are then taken off.
        lost: true where the cell could not be converted, and so was not asked.
    """

    failing: exp.Expr
    checked: exp.Expr
    lost: exp.Column | None = None


@dataclass(frozen=True)
class WholeTest:
    """A condition on a column as a whole, as an aggregate that is true when it holds."""

    passes: exp.Expr


@dataclass(frozen=True)
class UniqueTest:
    """Values that may be there once.

    Args:
        keys: what has to differ; nulls are equal to one another, as pandas has it.
        skip: true of rows that are not asked.
        may_rise: whether it is one number or time, which often only rises from row to row.
    """

    keys: tuple[exp.Expr, ...]
    keep: Keep
    may_rise: bool = False
    skip: exp.Expr | None = None


@dataclass(frozen=True)
class PythonTest:
    """A check that only Pandera can do.

    Args:
        column: the name of the column, nothing for the table.
        whole: whether the check has to see all rows at once, which are then held in memory.
    """

    check: CheckSpec
    column: str | None
    whole: bool


@dataclass(frozen=True)
class BrokenTest:
    """A check that means nothing for the column, as ``str_length`` on numbers; it fails."""

    reason: str


Test = CellTest | WholeTest | UniqueTest | PythonTest | BrokenTest


@dataclass(frozen=True)
class Rule:
    """One check of a contract, for one table.

    Args:
        columns: those whose cells break the contract where a row fails.
    """

    id: str
    column: str | None
    columns: tuple[str, ...]
    sentence: str
    severity: Severity
    threshold: Threshold | None
    test: Test

    @property
    def reason(self) -> str:
        """Why a row fails it."""
        return f"{self.id}: {self.sentence}"
