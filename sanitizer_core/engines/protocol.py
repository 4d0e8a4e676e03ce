"""What a run asks of an engine, whichever it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn, Protocol

from sqlglot import exp

from sanitizer_core.chain import Chain, Relation
from sanitizer_core.errors import CompileError
from sanitizer_core.ops.effects import Effect
from sanitizer_core.plan import StepInfo
from sanitizer_core.schema import Schema

MOST_LAYERS = 12
"""How many relations may stand upon each other before the table is stored between two steps."""


def refuse_python(dialect: str, step: StepInfo, instead: str) -> NoReturn:
    """Refuses a step that needs Python, on an engine whose rows do not come to this process.

    Raises:
        CompileError: always.
    """
    raise CompileError(f"{dialect} cannot run step {step.number} ({step.op}), which needs Python", hint=instead)


class Engine(Protocol):
    """Where the relations of a run are made and asked; its names are the run's own, and nobody else sees them.

    Queries come as trees that speak the engine's dialect already (see ``sql.lower``).
    """

    @property
    def dialect(self) -> str:
        """Whose SQL is written for it, by the name under which ``sql.dialects`` has lowerings."""
        ...

    @property
    def keeps_order(self) -> bool:
        """Whether a relation gives its rows in the order of the query that made it.

        Where it does not, a step whose cells depend on the order of the rows is refused unless the recipe declares
        ``input.order``, and whoever wants an order asks for it.
        """
        ...

    @property
    def bitmaps(self) -> bool:
        """Whether row numbers of a relation with ``marks`` are kept as a bitmap (see ``chain.unmarked``)."""
        ...

    @property
    def rows(self) -> int:
        """Rows of the numbered input; 0 before ``number`` was called."""
        ...

    def sql(self, query: exp.Expr) -> str:
        """The text of a tree."""
        ...

    def fetch(self, query: exp.Query) -> list[tuple[Any, ...]]:
        """The rows of a query whose result is small.

        Raises:
            EngineError: with the statement that failed.
        """
        ...

    def create(self, relation: Relation) -> None:
        """Makes a relation known under its name, in place of an earlier one; its rows are kept if it says so."""
        ...

    def drop(self, relation: str) -> None:
        """Lets go of a stored relation's rows."""
        ...

    def has(self, relation: str) -> bool:
        """Whether a relation of this name was made."""
        ...

    def schema_of(self, relation: str) -> Schema:
        """The columns of a relation, with the engine's own name of each type."""
        ...

    def number(self, name: str, query: exp.Select, order: Sequence[exp.Ordered] = ()) -> None:
        """Keeps the rows of a query as a relation with ``@row``, which counts them from 0, as a whole number.

        Called again with the same name, what it kept before is void.

        Args:
            query: whose items all have names.
            order: in the words of the relation that the query reads. Without, rows are numbered as they come where
                the engine keeps their order, elsewhere in any way that stays the same for the run.
        """
        ...

    def hand_over(self, name: str, secret: str) -> None:
        """Puts a secret where only the session's own SQL finds it, by its name; no statement holds it."""
        ...

    def run_python(self, chain: Chain, step: StepInfo, effects: Sequence[Effect]) -> tuple[Effect, ...]:
        """Carries out the effects that need Python, and gives effects that say the same with what came of it.

        Raises:
            CompileError: the engine runs no Python.
        """
        ...

    def stores(self, chain: Chain, layers: int, *, last: bool) -> bool:
        """Whether the table as it stands is better kept than worked out anew by whoever reads it next.

        Args:
            layers: relations that stand on each other since it was kept.
            last: whether no step follows.
        """
        ...

    def is_wide(self, columns: int) -> bool:
        """Whether a table has so many columns that its input is kept by itself, before any step is planned on it."""
        ...

    def percent(self) -> float:
        """How much of the running statement is done, 0 to 100; below 0 when it cannot say. For any thread."""
        ...
