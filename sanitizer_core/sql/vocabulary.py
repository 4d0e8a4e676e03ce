"""The functions that portable expressions may call: what each takes, and the portable tree that it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlglot import exp

from sanitizer_core.errors import did_you_mean
from sanitizer_core.schema import BOOLEAN, DATE, FLOAT, INTEGER, TEXT, TIMESTAMP, DataType
from sanitizer_core.sql.date_parts import UNITS
from sanitizer_core.sql.function import Function, Takes
from sanitizer_core.sql.functions import FUNCTIONS
from sanitizer_core.sql.pattern import (
    PatternError,
    check_pattern,
    check_replacement,
    fits_anywhere,
    groups_of,
    pattern,
    replacement,
)
from sanitizer_core.sql.tree import call, cast_to, literal
from sanitizer_core.sql.typed import Typed, as_type, cast_hint, inner, refused, together

MANY = 1000


@dataclass(frozen=True)
class Word:
    """A function by the name that expressions call it.

    Args:
        signature: how it is called, for the docs and for messages.
        least, most: how many arguments.
        build: from the arguments and the call as it was written to its tree.
        takes: what each argument has to be, the last one for all that follow; empty where they have to agree.
    """

    signature: str
    purpose: str
    least: int
    most: int
    build: Callable[[list[Typed], str], Typed]
    takes: tuple[Takes, ...] = ()

    def taken(self, place: int) -> Takes:
        """What the argument at a place, counted from 0, has to be."""
        return self.takes[min(place, len(self.takes) - 1)] if self.takes else "any"


def _argument(value: Typed, takes: Takes, signature: str) -> Typed:
    """The argument as the function needs it."""
    match takes:
        case "any":
            return value
        case "text" | "integer" | "float" | "boolean" | "date" | "timestamp":
            kinds = {
                "text": TEXT,
                "integer": INTEGER,
                "float": FLOAT,
                "boolean": BOOLEAN,
                "date": DATE,
                "timestamp": TIMESTAMP,
            }
            return _exactly(value, kinds[takes], signature)
        case "number":
            return value if value.known.is_numeric else _exactly(value, FLOAT, signature)
        case "moment" | "clock":
            own, wide = ("date", DATE) if takes == "moment" else ("time", TIMESTAMP)
            fits = value.known.kind in (own, "timestamp", "timestamptz")
            return value if fits else _exactly(value, wide, signature)
        case "pattern":
            return _pattern(value, signature)


def _exactly(value: Typed, kind: DataType, signature: str) -> Typed:
    if kind == TIMESTAMP and value.known.kind == "timestamptz":
        return value
    wider = (value.known.is_numeric and kind == FLOAT) or (value.type == DATE and kind == TIMESTAMP)
    if wider or value.type in (None, kind) or (isinstance(value.constant, str) and kind.is_temporal):
        return as_type(value, kind)
    raise refused(f"{signature} needs {_a(kind)}, but {value}", cast_hint(value, kind))


def _a(kind: DataType) -> str:
    return str(kind) if kind.is_text else f"an {kind}" if kind.kind[0] in "aeiou" else f"a {kind}"


def _text(value: Typed, what: str) -> str:
    if not isinstance(value.constant, str):
        raise refused(f"{what} has to be written out as a text, but {value.source} stands there")
    return value.constant


def _pattern(value: Typed, signature: str) -> Typed:
    text = _text(value, f"the pattern of {signature}")
    try:
        return Typed(pattern(check_pattern(text)), TEXT, value.source, text)
    except PatternError as error:
        raise refused(str(error)) from None


def _word(function: Function) -> Word:
    signature = f"{function.name}({', '.join(function.parameters)})"

    def build(arguments: list[Typed], source: str) -> Typed:
        given = [_argument(value, takes, signature) for value, takes in zip(arguments, function.takes, strict=False)]
        tree = call(function.name, *(value.tree for value in given))
        kind = function.returns or given[0].type
        if kind is not None and kind.kind in ("date", "timestamp", "timestamptz") and function.returns is None:
            tree = cast_to(tree, kind)
        return Typed(tree, kind, source)

    return Word(signature, function.purpose, function.required, len(function.parameters), build, function.takes)


def _coalesce(arguments: list[Typed], source: str) -> Typed:
    given, kind = together(arguments, "choose between")
    return Typed(exp.Coalesce(this=given[0].tree, expressions=[each.tree for each in given[1:]]), kind, source)


def _nullif(arguments: list[Typed], source: str) -> Typed:
    (first, second), _ = together(arguments, "compare")
    kind = arguments[0].type or first.type
    tree = exp.Nullif(this=first.tree, expression=second.tree)
    return Typed(tree if kind is None or kind == first.type else cast_to(tree, kind), kind, source)


def _folded(name: str) -> Callable[[list[Typed], str], Typed]:
    """The greatest or least of many: nulls are left out."""

    def build(arguments: list[Typed], source: str) -> Typed:
        given, kind = together(arguments, "compare")
        tree = given[0].tree
        for each in given[1:]:
            tree = call(name, tree, each.tree)
        return Typed(tree, kind, source)

    return build


def _concat(arguments: list[Typed], source: str) -> Typed:
    return Typed(_joined([_filled(each) for each in arguments]), TEXT, source)


def _filled(value: Typed) -> exp.Expr:
    return exp.Coalesce(this=_argument(value, "text", "concat(text, ...)").tree, expressions=[literal("")])


def _joined(parts: Sequence[exp.Expr]) -> exp.Expr:
    tree = parts[0]
    for part in parts[1:]:
        tree = exp.DPipe(this=inner(tree), expression=inner(part))
    return tree


def _concat_ws(arguments: list[Typed], source: str) -> Typed:
    """Texts with a separator between those that are not null: each brings it along, and the first is cut off."""
    signature = "concat_ws(separator, text, ...)"
    separator = _text(arguments[0], f"the separator of {signature}")
    parts = []
    for value in arguments[1:]:
        part = _argument(value, "text", signature).tree
        led = exp.DPipe(this=literal(separator), expression=inner(part))
        parts.append(exp.Coalesce(this=led, expressions=[literal("")]))
    return Typed(call("substring", _joined(parts), literal(len(separator) + 1)), TEXT, source)


def _if(arguments: list[Typed], source: str) -> Typed:
    condition = _argument(arguments[0], "boolean", "if(condition, value, otherwise)")
    branches, kind = together(arguments[1:], "choose between")
    default = branches[1].tree if len(branches) > 1 else None
    return Typed(exp.Case(ifs=[exp.If(this=condition.tree, true=branches[0].tree)], default=default), kind, source)


def _round(arguments: list[Typed], source: str) -> Typed:
    value = _argument(arguments[0], "number", "round(number, digits?)")
    digits = arguments[1].constant if len(arguments) > 1 else 0
    if not isinstance(digits, int) or abs(digits) > 30:
        raise refused(
            f"the digits of round have to be written out, from -30 to 30, but {arguments[1].source} stands there"
        )
    kind = value.known
    if kind != FLOAT and digits >= (kind.scale or 0):
        return value
    return Typed(_rounded(value.tree, digits, kind), kind, source)


def _rounded(tree: exp.Expr, digits: int, kind: DataType) -> exp.Expr:
    """A number next to the greatest of its type may round to one that is beyond it, and is null then."""
    if kind == FLOAT:
        return call("round_float", tree, literal(digits))
    made = call("round_number", tree, literal(digits))
    if kind == INTEGER:
        return call("whole_number", made)
    return call("to_decimal", made, literal(kind.precision), literal(kind.scale))


def _whole(name: str) -> Callable[[list[Typed], str], Typed]:
    def build(arguments: list[Typed], source: str) -> Typed:
        value = _argument(arguments[0], "number", f"{name}(number)")
        kind = value.known
        if kind == INTEGER:
            return value
        if kind.kind == "decimal":
            kind = DataType("decimal", min((kind.precision or 38) - (kind.scale or 0) + 1, 38), 0)
        return Typed(cast_to(call(name, value.tree), kind), kind, source)

    return build


def _mod(arguments: list[Typed], source: str) -> Typed:
    given, kind = together([_argument(each, "number", "mod(number, divisor)") for each in arguments], "divide")
    return Typed(
        call("float_remainder" if kind == FLOAT else "remainder", *(each.tree for each in given)), kind, source
    )


def _replace_pattern(arguments: list[Typed], source: str) -> Typed:
    signature = "regexp_replace(text, pattern, replacement)"
    value, by = _argument(arguments[0], "text", signature), _text(arguments[2], f"the replacement of {signature}")
    searched = _pattern(arguments[1], signature)
    if fits_anywhere(str(searched.constant)):
        raise refused(
            f"the pattern of {signature} fits where there is nothing: {arguments[1].source}", "Write + instead of *."
        )
    try:
        check_replacement(by, groups_of(str(searched.constant)))
    except PatternError as error:
        raise refused(str(error)) from None
    return Typed(call("replace_pattern", value.tree, searched.tree, replacement(by)), TEXT, source)


def _extract_pattern(arguments: list[Typed], source: str) -> Typed:
    signature = "regexp_extract(text, pattern, group?)"
    value, searched = _argument(arguments[0], "text", signature), _pattern(arguments[1], signature)
    group = arguments[2].constant if len(arguments) > 2 else 0
    groups = groups_of(str(searched.constant))
    if not isinstance(group, int) or not 0 <= group <= groups:
        raise refused(
            f"the group of {signature} has to be a number from 0 to {groups}, but {arguments[2].source} stands there"
        )
    return Typed(call("extract_pattern", value.tree, searched.tree, literal(group)), TEXT, source)


def _cut(arguments: list[Typed], source: str) -> Typed:
    unit = _text(arguments[0], "the unit of date_trunc(unit, moment)").lower()
    if unit not in UNITS:
        raise refused(f"date_trunc cuts to no {unit!r}", did_you_mean(unit, UNITS))
    value = _argument(arguments[1], "moment", "date_trunc(unit, moment)")
    return Typed(cast_to(call(f"cut_to_{unit}", value.tree), value.known), value.type, source)


_SPECIAL: tuple[tuple[tuple[str, ...], Word], ...] = (
    (
        ("coalesce", "ifnull", "nvl"),
        Word("coalesce(value, ...)", "The first value that is not null.", 2, MANY, _coalesce),
    ),
    (("nullif",), Word("nullif(value, other)", "The value, or null where it equals the other.", 2, 2, _nullif)),
    (
        ("greatest",),
        Word("greatest(value, ...)", "The greatest value; nulls are left out.", 2, MANY, _folded("larger")),
    ),
    (("least",), Word("least(value, ...)", "The least value; nulls are left out.", 2, MANY, _folded("smaller"))),
    (
        ("concat",),
        Word("concat(text, ...)", "The texts one after the other; null counts as empty.", 1, MANY, _concat, ("text",)),
    ),
    (
        ("concat_ws",),
        Word(
            "concat_ws(separator, text, ...)",
            "The texts that are not null, with a separator between.",
            2,
            MANY,
            _concat_ws,
            ("text",),
        ),
    ),
    (
        ("if", "iif"),
        Word("if(condition, value, otherwise?)", "A value where the condition is true, else the other.", 2, 3, _if),
    ),
    (("round",), Word("round(number, digits?)", FUNCTIONS["round_number"].purpose, 1, 2, _round, ("number", "any"))),
    (("ceil", "ceiling"), Word("ceil(number)", FUNCTIONS["ceil"].purpose, 1, 1, _whole("ceil"), ("number",))),
    (("floor",), Word("floor(number)", FUNCTIONS["floor"].purpose, 1, 1, _whole("floor"), ("number",))),
    (("trunc", "truncate"), Word("trunc(number)", FUNCTIONS["trunc"].purpose, 1, 1, _whole("trunc"), ("number",))),
    (("mod",), Word("mod(number, divisor)", FUNCTIONS["remainder"].purpose, 2, 2, _mod, ("number",))),
    (
        ("regexp_replace",),
        Word(
            "regexp_replace(text, pattern, replacement)",
            FUNCTIONS["replace_pattern"].purpose,
            3,
            3,
            _replace_pattern,
            ("text", "pattern", "any"),
        ),
    ),
    (
        ("regexp_extract",),
        Word(
            "regexp_extract(text, pattern, group?)",
            FUNCTIONS["extract_pattern"].purpose,
            2,
            3,
            _extract_pattern,
            ("text", "pattern", "any"),
        ),
    ),
    (
        ("date_trunc",),
        Word("date_trunc(unit, moment)", f"The beginning of the {', '.join(UNITS)}.", 2, 2, _cut, ("any", "moment")),
    ),
)


def _words() -> dict[str, Word]:
    words = {name: word for names, word in _SPECIAL for name in names}
    for function in FUNCTIONS.values():
        if function.callable:
            word = _word(function)
            words |= dict.fromkeys((function.name, *function.also), word)
    return words


WORDS: Mapping[str, Word] = _words()
"""Every function of the language, by each of its names."""

_NOT_HERE = {
    **dict.fromkeys(
        (
            "count",
            "sum",
            "avg",
            "mean",
            "median",
            "min",
            "max",
            "mode",
            "stddev",
            "row_number",
            "rank",
            "lag",
            "lead",
            "first",
            "last",
        ),
        "An expression speaks of one row; what is measured over all rows belongs into an operation.",
    ),
    **dict.fromkeys(
        ("now", "current_date", "current_timestamp", "today", "random", "rand", "uuid", "gen_random_uuid"),
        "An expression has to give the same on every run.",
    ),
    **dict.fromkeys(
        ("dayofweek", "dow", "weekday"),
        "Days are counted differently everywhere; isodow is 1 on Monday and 7 on Sunday.",
    ),
    "read_csv": "An expression cannot read files.",
    "strftime": "Use parse_dates with a pattern as its output.",
}


def unknown_function(name: str) -> tuple[str, str | None]:
    """What to say of a function that is not there."""
    return f"there is no function {name}", _NOT_HERE.get(name.lower()) or did_you_mean(name, WORDS)


def number_constant(text: str) -> int | Decimal:
    """The value of a numeric literal."""
    return int(text) if text.isdigit() else Decimal(text)
