"""Functions that the cases of the operation ``python`` name."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc


def shout(table: pa.Table, mark: str = "!") -> pa.Table:
    """The column ``name`` in capitals with a mark behind."""
    louder = pc.binary_join_element_wise(pc.utf8_upper(table["name"]), mark, "")
    return table.set_column(table.schema.get_field_index("name"), "name", louder)


def reshape(table: pa.Table) -> pa.Table:
    """Drops ``b`` and adds the length of ``a``."""
    return table.drop_columns(["b"]).append_column("length", pc.utf8_length(table["a"]).cast(pa.int64()))


def halve(table: pa.Table) -> pa.Table:
    """Returns fewer rows than it was given."""
    return table.slice(0, table.num_rows // 2)


def fail(table: pa.Table) -> pa.Table:
    """Raises."""
    raise ValueError("no idea what to do")


def swap_case(table: pa.Table) -> pa.Table:
    """Small letters become capitals in every column of text, and capitals small."""
    for index, field in enumerate(table.schema):
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            table = table.set_column(index, field.name, pc.utf8_swapcase(table.column(index)))
    return table
