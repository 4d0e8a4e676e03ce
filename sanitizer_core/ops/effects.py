"""What a step does to a table, in the few kinds that the compiler knows.

Trees speak of columns by the names they have when the step begins; ``value_of()`` is the cell as the pass before
left it, and in the first pass as the step found it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlglot import exp

from sanitizer_core.schema import DataType
from sanitizer_core.sql.lookup import Lookup

if TYPE_CHECKING:
    import pyarrow as pa

Origin = Literal["identity", "transformation", "aggregation", "masking"]


@dataclass(frozen=True)
class Rewrite:
    """New cells for a column; the compiler logs those that differ.

    Args:
        column: whose cells.
        passes: trees, each made on what the one before gave.
        type: what the column's type is afterwards.
        reason: one sentence for the log.
        confidence: 0 to 1; less than 1 when the new value is a guess.
        inputs: further columns that the new value is made from.
        masks: the environment variable of the key under which the old values are sealed, for they must not be seen.
        lookup: values by key; ``found()`` and ``hit()`` in the first pass speak of what was found.
    """

    column: str
    passes: tuple[exp.Expr, ...]
    type: DataType
    reason: str
    confidence: float = 1.0
    inputs: tuple[str, ...] = ()
    masks: str | None = None
    lookup: Lookup | None = None


@dataclass(frozen=True)
class MapValues:
    """New cells that SQL cannot say: a Python function over the distinct values that need it.

    Args:
        guard: which values are handed to the function; the others stay.
        function: from a list of values to the list of their new values.
        passes: trees that are made on what the function gave, as those of a ``Rewrite`` after its first.
    """

    column: str
    guard: exp.Expr
    function: Callable[[list[str]], list[str | None]]
    reason: str
    confidence: float = 1.0
    passes: tuple[exp.Expr, ...] = ()


@dataclass(frozen=True)
class CarryOver:
    """New cells for those that are missing: the nearest value that is there before them, or after them.

    Args:
        present: the cell's value, null where it counts as missing.
        by: columns that form groups; nothing is carried from one to another.
        order: which row comes before which; rows that tie stay in the order of the input.
        backward: whether the value comes from after the cell rather than from before it.
    """

    column: str
    present: exp.Expr
    by: tuple[str, ...]
    order: tuple[exp.Ordered, ...]
    backward: bool
    reason: str
    confidence: float = 1.0


@dataclass(frozen=True)
class AddColumn:
    """A column that was not there.

    Args:
        after: the column it stands behind; at the end when ``None``.
        lookup: as of ``Rewrite``.
    """

    name: str
    value: exp.Expr
    type: DataType
    inputs: tuple[str, ...]
    reason: str
    origin: Origin = "transformation"
    after: str | None = None
    lookup: Lookup | None = None


@dataclass(frozen=True)
class DropColumn:
    """A column that goes; its cells are kept among the artifacts."""

    name: str
    reason: str


@dataclass(frozen=True)
class RenameColumn:
    """Another name for the same cells."""

    old: str
    new: str


@dataclass(frozen=True)
class OrderColumns:
    """The columns in this order."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class RemoveRows:
    """Rows that go, kept whole among the removed rows (or the rejected ones).

    Args:
        where: true for a row that goes.
        rejected: whether the row could not be parsed, rather than not being wanted.
        told: a tree for the reason of each row, where they differ.
        lookup: as of ``Rewrite``.
    """

    where: exp.Expr
    reason: str
    rejected: bool = False
    told: exp.Expr | None = None
    lookup: Lookup | None = None


@dataclass(frozen=True)
class RemoveRepeats:
    """Of rows that agree in some columns (nulls agree with nulls), one stays, or none.

    Args:
        columns: what is compared.
        order: trees; the row that comes first by them stays (then the one that came first in the input).
        keep_none: whether no row of a group with repeats stays.
        last: whether the row that comes last stays instead of the first.
        compared: what is compared instead of the columns as they are, one tree for each.
    """

    columns: tuple[str, ...]
    order: tuple[exp.Ordered, ...]
    keep_none: bool
    reason: str
    last: bool = False
    compared: tuple[exp.Expr, ...] = ()


@dataclass(frozen=True)
class SortRows:
    """Rows in this order; equal ones stay as they were."""

    order: tuple[exp.Ordered, ...]


@dataclass(frozen=True)
class RunPython:
    """Columns from a Python function on Arrow data.

    Args:
        function: from a table to a table with as many rows; it sees the columns as the step found them.
        whole: whether it wants the whole table at once rather than batch by batch.
    """

    function: Callable[[pa.Table], pa.Table]
    whole: bool
    reason: str


@dataclass(frozen=True)
class Note:
    """A sentence for the user about what the step does not do; it changes nothing."""

    text: str


Effect = (
    Rewrite | MapValues | CarryOver | AddColumn | DropColumn | RenameColumn | OrderColumns
    | RemoveRows | RemoveRepeats | SortRows | RunPython | Note
)  # fmt: skip
