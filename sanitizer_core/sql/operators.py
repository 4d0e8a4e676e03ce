"""Arithmetic: of whole numbers and decimals exact, of floats as IEEE 754 has it, and of dates by whole days."""

from __future__ import annotations

from sqlglot import exp

from sanitizer_core.schema import DATE, FLOAT, INTEGER, TEXT, DataType
from sanitizer_core.sql.grammar import written
from sanitizer_core.sql.tree import call, cast_to, literal
from sanitizer_core.sql.typed import DIGITS, Typed, as_type, inner, refused, size_of, together

ACTIONS: dict[type[exp.Expr], tuple[str, str]] = {
    exp.Add: ("add", "add"), exp.Sub: ("subtract", "subtract"), exp.Mul: ("multiply", "multiply"),
    exp.Div: ("divide", "divide"), exp.Mod: ("remainder", "divide"),
}  # fmt: skip
"""The portable function of each operator, and the verb for messages."""


def calculated(node: exp.Expr, left: Typed, right: Typed) -> Typed:
    """What an arithmetic operator makes of its two sides.

    Raises:
        PlanError: a side is no number (nor a date that is moved by days).
    """
    function, verb = ACTIONS[type(node)]
    source = written(node)
    moved = _days(node, left, right, source)
    if moved is not None:
        return moved
    for value in (left, right):
        if value.type is not None and not value.type.is_numeric:
            hint = "Use || to join texts." if isinstance(node, exp.Add) and left.type == right.type == TEXT else None
            hint = hint or _number_hint(value)
            raise refused(f"cannot {verb} {left.type or 'null'} and {right.type or 'null'}: in {source}, {value}", hint)
    if function == "divide":
        return Typed(call("divide", as_type(left, FLOAT).tree, as_type(right, FLOAT).tree), FLOAT, source)
    (first, second), kind = together([left, right], verb)
    if kind is None:
        raise refused(f"{source} has no type", "Write a number instead of NULL.")
    if kind.kind == "decimal":
        return _decimals(function, left, right, kind, source)
    if kind == FLOAT and function != "remainder":
        made = type(node)(this=inner(first.tree), expression=inner(second.tree))
        return Typed(made, FLOAT, source)
    return Typed(call("float_remainder" if kind == FLOAT else function, first.tree, second.tree), kind, source)


def _number_hint(value: Typed) -> str:
    if value.type is not None and value.type.is_temporal:
        return "Use add_days, add_months, add_seconds, days_between or seconds_between."
    return f"Convert it: TRY_CAST({value.source} AS float)."


def _decimals(function: str, left: Typed, right: Typed, common: DataType, source: str) -> Typed:
    """Exact: the result has every digit it can need, up to 38; beyond, it is null."""
    kinds = [common, common]
    kind = common
    if function == "multiply":
        sizes = [size_of(left), size_of(right)]
        kinds = [DataType("decimal", p, s) for p, s in sizes]
        scale = sum(s for _, s in sizes)
        if scale > DIGITS:
            raise refused(
                f"{source} needs {scale} digits behind the point, and {DIGITS} is the most",
                "Convert one side to float.",
            )
        kind = DataType("decimal", min(sum(p for p, _ in sizes), DIGITS), scale)
        # Of two narrow ones DuckDB would make a product of 64 bits.
        kinds[0] = DataType("decimal", kind.precision, kinds[0].scale)
    elif function != "remainder":
        kind = DataType("decimal", min((common.precision or DIGITS) + 1, DIGITS), common.scale)
        kinds = [kind, kind]
    trees = [cast_to(as_type(value, each).tree, each) for value, each in zip((left, right), kinds, strict=True)]
    name = function if function == "remainder" else f"{function}_decimals"
    return Typed(cast_to(call(name, *trees), kind), kind, source)


def _days(node: exp.Expr, left: Typed, right: Typed, source: str) -> Typed | None:
    """Dates move by whole days, and the difference of two is a number of days."""
    if left.type != DATE or not isinstance(node, (exp.Add, exp.Sub)):
        return None
    if right.type == INTEGER:
        days = right.tree if isinstance(node, exp.Add) else call("subtract", cast_to(literal(0), INTEGER), right.tree)
        return Typed(call("add_days", left.tree, days), DATE, source)
    if isinstance(node, exp.Sub) and (right.type == DATE or isinstance(right.constant, str)):
        return Typed(call("days_between", as_type(right, DATE).tree, left.tree), INTEGER, source)
    return None
