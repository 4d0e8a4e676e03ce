"""The one text of a value: what the change log holds, and what a cell that came as text is compared with."""

from __future__ import annotations

from sqlglot import exp

from sanitizer_core.schema import DataType
from sanitizer_core.sql.tree import call

KIND = "kind"
"""Where a cast to text tells what it is a text of, for dialects that write it in another way."""


def canonical_text(value: exp.Expr, kind: DataType) -> exp.Expr:
    """A portable tree for the text that reads back as the same value.

    Whole floats have no ``.0`` (so that ``5`` read as a float has not changed), dates and times are ISO 8601
    with a blank between them, instants are in UTC.
    """
    if kind.is_text:
        return value
    if kind.kind == "float":
        return call("float_text", value)
    if kind.kind == "timestamptz":
        return call("instant_text", value)
    text = exp.Cast(this=value.copy(), to=exp.DataType.build("TEXT"))
    text.meta[KIND] = kind
    return text


def differs(old: exp.Expr, old_type: DataType, new: exp.Expr, new_type: DataType) -> exp.Expr:
    """Whether a cell changed: as values where the type stayed, as text where it did not."""
    if old_type == new_type:
        return exp.NullSafeNEQ(this=old.copy(), expression=new.copy())
    return exp.NullSafeNEQ(this=canonical_text(old.copy(), old_type), expression=canonical_text(new.copy(), new_type))
