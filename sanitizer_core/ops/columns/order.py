"""Columns in the order in which a selector names them."""

from __future__ import annotations

from sanitizer_core.ops.selector import ColumnSelector
from sanitizer_core.schema import Column, Schema


def as_named(selector: ColumnSelector, schema: Schema) -> tuple[Column, ...]:
    """The selected columns word by word, those of one word in the order of the table.

    Raises:
        PlanError: a word fits no column.
    """
    chosen = {cell.name: cell for cell in selector.resolve(schema)}
    found: dict[str, Column] = {}
    for word in selector.include:
        if word in chosen:
            found.setdefault(word, chosen[word])
            continue
        for cell in ColumnSelector(include=(word,)).resolve(schema):
            if cell.name in chosen:
                found.setdefault(cell.name, cell)
    return tuple(found.values())
