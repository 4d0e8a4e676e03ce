"""The operation ``replace_values``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    model_validator,
)

from sanitizer_core.errors import PlanError
from sanitizer_core.ops.base import AnyCase, ColumnsOperation, Needs
from sanitizer_core.ops.effects import Effect
from sanitizer_core.ops.selector import no_such_column
from sanitizer_core.ops.stat import Fitted
from sanitizer_core.ops.text.replacements import Replacements, folded
from sanitizer_core.schema import Column, Schema

Value = StrictBool | StrictInt | StrictFloat | StrictStr | None


class Entry(BaseModel):
    """One entry of a mapping; JSON has only text for keys, so an old value of another kind is written in this form."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    old: Value = Field(description="The value that is replaced; null is a value too.")
    new: Value = Field(description="What takes its place.")


def _from_mapping(mapping: Any) -> Any:
    return [{"old": old, "new": new} for old, new in mapping.items()] if isinstance(mapping, dict) else mapping


Entries = Annotated[tuple[Entry, ...], BeforeValidator(_from_mapping)]
"""Written as a mapping of old to new values, or as a list of ``{old, new}``."""


class ReplaceValues(ColumnsOperation):
    """Replaces whole cells by a mapping from old values to new ones.

    ```yaml
    - op: replace_values
      params:
        columns: [gender]
        mapping: {m: male, f: female, x: null}
        ignore_case: true
        default: other
    - op: replace_values
      params: {custom: {country: {UK: GB}, age: {999: null}}}
    ```

    `mapping` is for every chosen column; `custom` has mappings for single columns, whose entries come before those of
    `mapping`. Keys and values are read as values of the column's type; an entry that is no value of the type of a column
    that was only chosen by a pattern or by `all` is left out there, and refused for a column that was named. A column
    keeps its type.

    In JSON, where keys are always text, an old value that is none is written as a list:
    `"mapping": [{"old": null, "new": "unknown"}]`. An entry for the text `"5"` fits the number 5 in a named column.

    Each cell is replaced at most once: `{a: b, b: a}` swaps. With `ignore_case`, letters of either case fit a key.

    `default` takes the place of a value that is neither a key nor what a key leads to, so a column that is partly clean
    already stays so; `unmapped: null` makes null of it.

    **Nulls** stay null, also under `default`, unless null is a key (`{null: unknown}`). **Undo** gives back each cell as
    it was. Many entries are joined as a table rather than tried one after the other.

    Cleaning twice is not cleaning once here where a value is itself a key (a swap).
    """

    op: ClassVar[str] = "replace_values"
    family: ClassVar[str] = "text"
    idempotent: ClassVar[bool] = False

    mapping: Entries = Field(
        default=(), description="New value by old value, for every chosen column; or a list of `{old, new}`."
    )
    custom: dict[str, Entries] = Field(default={}, description="Mappings of single columns, by column.")
    ignore_case: bool = Field(default=False, description="Whether a key fits letters of either case.")
    default: Value = Field(default=None, description="What becomes of values that the mapping does not know.")
    unmapped: Annotated[Literal["keep", "null"], AnyCase] = Field(
        default="keep", description="What becomes of values that the mapping does not know, when there is no default."
    )

    @model_validator(mode="after")
    def _says_something(self) -> ReplaceValues:
        if not self.mapping and not self.custom:
            raise ValueError("replace_values needs a 'mapping', or 'custom' mappings by column")
        if self.default is not None and self.unmapped == "null":
            raise ValueError("either 'default' or 'unmapped: null', got both")
        for mapping in (self.mapping, *self.custom.values()):
            self._refuse_twins(mapping)
        return self

    def _refuse_twins(self, entries: tuple[Entry, ...]) -> None:
        seen: dict[Any, Entry] = {}
        for entry in entries:
            other = seen.setdefault(self._identity(entry.old), entry)
            if other is not entry:
                raise ValueError(f"{other.old!r} and {entry.old!r} are the same key")

    def _identity(self, key: Value) -> tuple[type, Value]:
        """True is no 1 here, though Python has them equal."""
        return type(key), folded(key) if self.ignore_case and isinstance(key, str) else key

    def demands(self, schema: Schema) -> dict[str, Needs]:
        return {
            name: _need(entries) for name, entries in self._entries(schema, only_known=True).items() if name in schema
        }

    def effects(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        missing = [no_such_column(name, schema) for name in self.custom if name not in schema]
        if missing:
            raise PlanError("columns are missing", found=missing)
        made = []
        for name, entries in self._entries(schema).items():
            cell = schema[name]
            effect = self._replacements(cell, entries).effect()
            made += [effect] if effect is not None else []
        return tuple(made)

    def _entries(self, schema: Schema, *, only_known: bool = False) -> dict[str, tuple[Entry, ...]]:
        """The entries of each column that has any, in the order of the table."""
        chosen = {cell.name for cell in self.columns.resolve(schema)} if self.mapping else set()
        found = {}
        for cell in schema:
            entries = self.custom.get(cell.name, ())
            if cell.name in chosen:
                own = {self._identity(entry.old) for entry in entries}
                entries += tuple(entry for entry in self.mapping if self._identity(entry.old) not in own)
            if entries and (not only_known or cell.name in self.columns.named | set(self.custom)):
                found[cell.name] = entries
        return found

    def _replacements(self, cell: Column, entries: tuple[Entry, ...]) -> Replacements:
        named = cell.name in self.columns.named or cell.name in self.custom
        pairs = tuple((entry.old, entry.new) for entry in entries)
        return Replacements(cell, pairs, named, self.ignore_case, self.unmapped, self.default)


def _need(entries: Iterable[Entry]) -> Needs:
    """What a named column is needed as: text, where any entry is one that is no number, date or boolean."""
    words = [each for entry in entries for each in (entry.old, entry.new) if each is not None]
    if any(isinstance(each, str) for each in words):
        return "text"
    return "numeric" if all(isinstance(each, (int, float)) and not isinstance(each, bool) for each in words) else "any"
