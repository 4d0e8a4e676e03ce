"""The operation ``python``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from sanitizer_core.errors import PlanError, did_you_mean
from sanitizer_core.ops.base import TableOp
from sanitizer_core.ops.effects import Effect, RunPython
from sanitizer_core.ops.stat import Fitted
from sanitizer_core.schema import Schema

if TYPE_CHECKING:
    import pyarrow as pa


class Python(TableOp):
    """Calls a function of yours on Arrow data, for what no operation says.

    ```yaml
    - op: python
      params: {function: "my_package.cleaning:fix_names", arguments: {language: fr}}
    ```

    ```python
    import pyarrow as pa
    import pyarrow.compute as pc

    def fix_names(table: pa.Table, language: str) -> pa.Table:
        return table.set_column(table.schema.get_field_index("name"), "name", pc.utf8_title(table["name"]))
    ```

    The function is given a `pyarrow.Table` and returns one with as many rows, in the same order. Columns it changed are
    compared cell by cell and logged like any other change, so a run with it is undone like any other; columns it added
    are added, columns it left out are dropped. It is called batch by batch (`scope: batches`, bounded memory) or once
    with everything (`scope: table`). What it raises ends the run with its words.

    It has to be a function of its arguments alone. With `scope: batches` the batches are as the engine cuts them, so a
    function must not depend on where one ends. Only engines that reach Python can run the step; it cannot be compiled
    to SQL. Whether cleaning twice is cleaning once is up to the function.
    """

    op: ClassVar[str] = "python"
    family: ClassVar[str] = "extension"
    idempotent: ClassVar[bool] = False
    refusals: ClassVar[Mapping[str, str]] = {
        "postgres": "the whole step: the rows do not leave the database",
        "spark": "the whole step: the workers of a cluster know nothing of the function",
    }

    function: str = Field(
        pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$", description="Where it is: package.module:function."
    )
    arguments: dict[str, Any] = Field(default={}, description="Further arguments, by name.")
    scope: Literal["batches", "table"] = Field(default="batches", description="Batch by batch, or everything at once.")

    def outline(self, schema: Schema) -> tuple[Effect, ...] | None:
        self._loaded()
        return None

    def effects(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        called: partial[pa.Table] = partial(self._loaded(), **self.arguments)
        return (RunPython(called, self.scope == "table", f"the function {self.function}"),)

    def _loaded(self) -> Any:
        module, _, name = self.function.partition(":")
        try:
            found = import_module(module)
        except ImportError as error:
            raise PlanError(
                f"cannot import {module!r}: {error}", hint="Install its package where the recipe runs."
            ) from None
        if not callable(getattr(found, name, None)):
            raise PlanError(f"{module!r} has no function {name!r}", hint=did_you_mean(name, dir(found)))
        return getattr(found, name)
