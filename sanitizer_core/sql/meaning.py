"""What an expression means: from the tree as it was written to a tree of portable nodes with types."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from sqlglot import exp

from sanitizer_core.errors import PlanError, Problem, Where, did_you_mean
from sanitizer_core.schema import (
    BOOLEAN,
    DATE,
    FLOAT,
    INTEGER,
    TEXT,
    TIME,
    TIMESTAMP,
    TIMESTAMPTZ,
    Column,
    DataType,
    Schema,
)
from sanitizer_core.sql.conversion import converted
from sanitizer_core.sql.date_parts import PARTS
from sanitizer_core.sql.grammar import written
from sanitizer_core.sql.operators import ACTIONS, calculated
from sanitizer_core.sql.tree import call, cast_to, column, literal
from sanitizer_core.sql.typed import DIGITS, Typed, as_type, inner, refused, together
from sanitizer_core.sql.vocabulary import WORDS, number_constant, unknown_function

_WIDEST = frozenset(
    {"VARCHAR", "BIGINT", "DOUBLE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "BOOLEAN", "DATE", "TIME", "BLOB"}
)
_LIMIT = 2**63


def meaning(node: exp.Expr, schema: Schema) -> Typed:
    """The node's tree and type over a table with this schema.

    Raises:
        PlanError: an unknown column, or types that do not go together.
    """
    handler = _HANDLERS.get(type(node))
    if handler is None:
        raise refused(f"{written(node)} is not allowed in an expression")
    return handler(node, schema)


def find_column(identifier: exp.Expr, schema: Schema) -> Column | None:
    """The column that a name means: as it is written; else, without quotes, whatever its case."""
    name = identifier.name
    if name in schema:
        return schema[name]
    if identifier.args.get("quoted"):
        return None
    alike = [each for each in schema if each.name.lower() == name.lower()]
    return alike[0] if len(alike) == 1 else None


def _column(node: exp.Expr, schema: Schema) -> Typed:
    found = find_column(node.this, schema)
    if found is None:
        raise unknown_column(node.this, schema)
    tree: exp.Expr = column(found.name)
    kind = found.type
    if kind.native is not None and kind.kind not in ("other", "decimal") and kind.native.upper() not in _WIDEST:
        tree = cast_to(tree, kind)
    return Typed(tree, kind if kind.kind == "other" else replace(kind, native=None), written(node))


def unknown_column(identifier: exp.Expr, schema: Schema) -> PlanError:
    """The error that there is no such column."""
    name = identifier.name
    message, hint = f"no column {name!r}", did_you_mean(name, schema.names)
    if identifier.args.get("quoted") and not (hint or "").startswith("Did"):
        hint = f"Double quotes name columns; text stands in single quotes: '{name}'."
    elif hint is None:
        hint = unknown_function(name)[1] or f"The table has: {', '.join(schema.names[:20])}."
    return PlanError(message, found=[Problem(message, Where(column=name), hint, missing_column=True)])


def _literal(node: exp.Expr, _: Schema) -> Typed:
    text = str(node.this)
    if node.args.get("is_string"):
        return Typed(literal(text), TEXT, written(node), text)
    try:
        return _number(number_constant(text), text)
    except ArithmeticError:
        raise refused(f"{text} is not a number") from None


def _number(value: int | Decimal, source: str) -> Typed:
    if isinstance(value, int) and -_LIMIT <= value < _LIMIT:
        return Typed(cast_to(literal(value), INTEGER), INTEGER, source, value)
    if isinstance(value, int):
        raise refused(f"{source} is beyond the whole numbers of 64 bits", "Write it with a decimal point.")
    if not math.isfinite(float(value)):
        raise refused(f"{source} is beyond the range of numbers")
    return Typed(literal(float(value)), FLOAT, source, value)


def _boolean(node: exp.Expr, _: Schema) -> Typed:
    return Typed(exp.Boolean(this=node.this), BOOLEAN, written(node))


def _null(node: exp.Expr, _: Schema) -> Typed:
    return Typed(exp.Null(), None, written(node))


def _paren(node: exp.Expr, schema: Schema) -> Typed:
    return meaning(node.this, schema)


def _negative(node: exp.Expr, schema: Schema) -> Typed:
    if isinstance(node.this, exp.Literal) and not node.this.is_string:
        return _number(-number_constant(str(node.this.this)), written(node))
    value = meaning(node.this, schema)
    if value.type is None or not value.type.is_numeric:
        raise refused(f"'-' needs a number, but {value}")
    if value.type == INTEGER:
        return Typed(call("subtract", cast_to(literal(0), INTEGER), value.tree), INTEGER, written(node))
    return Typed(exp.Neg(this=inner(value.tree)), value.type, written(node))


def _arithmetic(node: exp.Expr, schema: Schema) -> Typed:
    return calculated(node, meaning(node.this, schema), meaning(node.args["expression"], schema))


def _join(node: exp.Expr, schema: Schema) -> Typed:
    sides = [meaning(node.this, schema), meaning(node.args["expression"], schema)]
    for value in sides:
        if value.type not in (TEXT, None):
            raise refused(f"'||' joins texts, but {value}", f"Convert it: CAST({value.source} AS text).")
    left, right = (as_type(value, TEXT) for value in sides)
    return Typed(exp.DPipe(this=inner(left.tree), expression=inner(right.tree)), TEXT, written(node))


def _compare(node: exp.Expr, schema: Schema) -> Typed:
    values = [meaning(node.this, schema), meaning(node.args["expression"], schema)]
    (left, right), kind = together(values, "compare")
    if not isinstance(node, (exp.NullSafeEQ, exp.NullSafeNEQ)):
        _known(values)
    _comparable(kind, values)
    made = type(node)(this=inner(left.tree), expression=inner(right.tree))
    return Typed(made, BOOLEAN, written(node))


def _comparable(kind: DataType | None, values: list[Typed]) -> None:
    if kind is not None and kind.kind == "other":
        raise refused(
            f"values of the type {kind.native} cannot be compared: {values[0].source}",
            "Only IS NULL can be asked of them.",
        )


def _known(values: list[Typed]) -> None:
    null = next((value for value in values if value.type is None), None)
    if null is not None:
        raise refused(
            f"{values[0].source} is compared with NULL, which is never true", f"Write {values[0].source} IS NULL."
        )


def _is(node: exp.Expr, schema: Schema) -> Typed:
    value, what = meaning(node.this, schema), node.args["expression"]
    if not isinstance(what, (exp.Null, exp.Boolean)):
        raise refused(f"IS asks for NULL, TRUE or FALSE, but {written(what)} stands there")
    if isinstance(what, exp.Boolean):
        if value.type not in (BOOLEAN, None):
            raise refused(f"IS {written(what)} needs a boolean, but {value}")
        value = as_type(value, BOOLEAN)
        return Typed(
            exp.NullSafeEQ(this=inner(value.tree), expression=exp.Boolean(this=what.this)), BOOLEAN, written(node)
        )
    return Typed(exp.Is(this=inner(value.tree), expression=exp.Null()), BOOLEAN, written(node))


def _logic(node: exp.Expr, schema: Schema) -> Typed:
    sides = [_condition(meaning(each, schema), written(node)) for each in (node.this, node.args["expression"])]
    made = type(node)(this=inner(sides[0].tree), expression=inner(sides[1].tree))
    return Typed(made, BOOLEAN, written(node))


def _not(node: exp.Expr, schema: Schema) -> Typed:
    return _negated(_condition(meaning(node.this, schema), written(node)), written(node))


def _negated(value: Typed, source: str) -> Typed:
    return Typed(exp.Not(this=inner(value.tree)), BOOLEAN, source)


def _condition(value: Typed, source: str) -> Typed:
    if value.type not in (BOOLEAN, None):
        raise refused(
            f"in {source}, a condition has to be true or false, but {value}", f"Compare it: {value.source} = ... ."
        )
    return as_type(value, BOOLEAN)


def _between(node: exp.Expr, schema: Schema) -> Typed:
    values = [meaning(node.args[key], schema) for key in ("this", "low", "high")]
    (value, low, high), kind = together(values, "compare")
    _known(values)
    _comparable(kind, values)
    return Typed(
        exp.Between(this=inner(value.tree), low=inner(low.tree), high=inner(high.tree)), BOOLEAN, written(node)
    )


def _in(node: exp.Expr, schema: Schema) -> Typed:
    values = [meaning(each, schema) for each in (node.this, *node.expressions)]
    if any(value.type is None for value in values[1:]):
        raise refused(f"NULL in the list of {written(node)} equals nothing", "Leave it out, and add: OR ... IS NULL.")
    (value, *choices), kind = together(values, "compare")
    _comparable(kind, values)
    return Typed(exp.In(this=inner(value.tree), expressions=[each.tree for each in choices]), BOOLEAN, written(node))


def _like(node: exp.Expr, schema: Schema) -> Typed:
    sides = [meaning(node.this, schema), meaning(node.args["expression"], schema)]
    for value in sides:
        if value.type not in (TEXT, None):
            raise refused(f"LIKE compares texts, but {value}", f"Convert it: CAST({value.source} AS text).")
    trees = [as_type(value, TEXT).tree for value in sides]
    if isinstance(node, exp.ILike):
        trees = [call("lower", tree) for tree in trees]
    found = Typed(call("like", *trees), BOOLEAN, written(node))
    return _negated(found, written(node)) if node.args.get("negate") else found


def _case(node: exp.Expr, schema: Schema) -> Typed:
    """Both forms of CASE; ``CASE x WHEN y`` compares as ``x = y`` does."""
    conditions = []
    for branch in node.args["ifs"]:
        asked = exp.EQ(this=node.this.copy(), expression=branch.this.copy()) if node.this else branch.this
        conditions.append(_condition(meaning(asked, schema), written(branch.this)))
    default = node.args.get("default")
    results = [meaning(branch.args["true"], schema) for branch in node.args["ifs"]]
    results += [meaning(default, schema)] if default is not None else []
    results, kind = together(results, "choose between")
    ifs = [exp.If(this=asked.tree, true=result.tree) for asked, result in zip(conditions, results, strict=False)]
    return Typed(exp.Case(ifs=ifs, default=results[-1].tree if default is not None else None), kind, written(node))


def _if(node: exp.Expr, schema: Schema) -> Typed:
    parts = [node.this, node.args["true"], node.args.get("false")]
    return WORDS["if"].build([meaning(each, schema) for each in parts if each is not None], written(node))


_TYPES: dict[str, DataType] = {
    **dict.fromkeys(("TEXT", "VARCHAR", "CHAR", "NVARCHAR"), TEXT),
    **dict.fromkeys(("INT", "BIGINT", "SMALLINT", "TINYINT"), INTEGER), **dict.fromkeys(("FLOAT", "DOUBLE"), FLOAT),
    "BOOLEAN": BOOLEAN, "DATE": DATE, "TIME": TIME, **dict.fromkeys(("TIMESTAMP", "DATETIME", "TIMESTAMPNTZ"), TIMESTAMP),
    "TIMESTAMPTZ": TIMESTAMPTZ, "DECIMAL": DataType("decimal", 18, 3),
}  # fmt: skip


def target_type(node: exp.Expr) -> DataType:
    """The type that a cast names."""
    kind = _TYPES.get(str(node.this.value if hasattr(node.this, "value") else node.this))
    sizes = [int(str(each.this.this)) for each in node.expressions]
    if kind is None or (sizes and kind.kind != "decimal"):
        raise refused(
            f"no type {written(node)} to convert to",
            f"Allowed: {', '.join(sorted(each.lower() for each in _TYPES))}, decimal(p,s).",
        )
    if not sizes:
        return kind
    precision, scale = sizes[0], sizes[1] if len(sizes) > 1 else 0
    if not 0 <= scale <= precision <= DIGITS or precision == 0:
        raise refused(
            f"{written(node)} is out of range",
            f"A decimal has 1 to {DIGITS} digits, of which s stand behind the point.",
        )
    return DataType("decimal", precision, scale)


def _cast(node: exp.Expr, schema: Schema) -> Typed:
    value, kind = meaning(node.this, schema), target_type(node.args["to"])
    return replace(converted(value, kind), source=written(node), constant=None)


def _extract(node: exp.Expr, schema: Schema) -> Typed:
    part = {"DOY": "dayofyear"}.get(node.name.upper(), node.name.lower())
    if part not in (*PARTS, "epoch"):
        _, hint = unknown_function(part)
        raise refused(
            f"nothing called {part} can be extracted", hint if "isodow" in str(hint) else did_you_mean(part, PARTS)
        )
    return WORDS[part].build([meaning(node.args["expression"], schema)], written(node))


def _call(node: exp.Expr, schema: Schema) -> Typed:
    word = WORDS[str(node.this).lower()]
    return word.build([meaning(each, schema) for each in node.expressions], written(node))


_HANDLERS: dict[type[exp.Expr], Callable[[exp.Expr, Schema], Typed]] = {
    exp.Column: _column, exp.Literal: _literal, exp.Boolean: _boolean, exp.Null: _null, exp.Paren: _paren, exp.Neg: _negative,
    **dict.fromkeys(ACTIONS, _arithmetic), exp.DPipe: _join,
    **dict.fromkeys((exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE), _compare),
    **dict.fromkeys((exp.NullSafeEQ, exp.NullSafeNEQ), _compare),
    exp.Is: _is, exp.And: _logic, exp.Or: _logic, exp.Not: _not, exp.Between: _between, exp.In: _in,
    exp.Like: _like, exp.ILike: _like, exp.Case: _case, exp.If: _if, exp.Cast: _cast, exp.TryCast: _cast,
    exp.Extract: _extract, exp.Anonymous: _call,
}  # fmt: skip
