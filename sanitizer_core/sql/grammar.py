"""The syntax of portable expressions: SQL's, as far as it is about one row."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import sqlglot
from sqlglot import exp, parser, tokens
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError, TokenError

LONGEST = 10_000
DEEPEST = 120


class Portable(Dialect):
    """One dialect to read expressions in: every call is a call by name, and the vocabulary says what it means."""

    class Tokenizer(tokens.Tokenizer):
        """Text in single quotes, names in double quotes, a quote doubled inside."""

        QUOTES = ["'"]  # noqa: RUF012 (sqlglot reads these attributes of the class)
        IDENTIFIERS = ['"']  # noqa: RUF012
        STRING_ESCAPES = ["'"]  # noqa: RUF012
        COMMANDS = set()  # noqa: RUF012

    class Parser(parser.Parser):
        """Knows no function by itself, but for those with a syntax of their own."""

        FUNCTIONS = {}  # noqa: RUF012
        STATEMENT_PARSERS = {}  # noqa: RUF012
        NO_PAREN_IF_COMMANDS = False
        NO_PAREN_FUNCTIONS = {}  # noqa: RUF012
        FUNCTION_PARSERS = {  # noqa: RUF012
            name: parser.Parser.FUNCTION_PARSERS[name] for name in ("CAST", "TRY_CAST", "EXTRACT")
        }


ALLOWED: dict[type[exp.Expr], tuple[str, ...]] = {
    exp.Column: ("this",), exp.Identifier: ("this", "quoted"), exp.Literal: ("this", "is_string"), exp.Null: (),
    exp.Boolean: ("this",), exp.Paren: ("this",), exp.Neg: ("this",), exp.Not: ("this",),
    **dict.fromkeys((exp.And, exp.Or, exp.Add, exp.Sub, exp.Mul, exp.Mod), ("this", "expression")),
    exp.Div: ("this", "expression", "typed", "safe"), exp.DPipe: ("this", "expression", "safe"),
    **dict.fromkeys((exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE), ("this", "expression")),
    exp.Is: ("this", "expression"), exp.NullSafeEQ: ("this", "expression"), exp.NullSafeNEQ: ("this", "expression"),
    exp.Like: ("this", "expression", "negate"), exp.ILike: ("this", "expression", "negate"),
    exp.Between: ("this", "low", "high"), exp.In: ("this", "expressions"),
    exp.Case: ("this", "ifs", "default"), exp.If: ("this", "true", "false"),
    exp.Cast: ("this", "to"), exp.TryCast: ("this", "to", "safe", "requires_string"),
    exp.DataType: ("this", "expressions", "nested", "kind"), exp.DataTypeParam: ("this",),
    exp.Extract: ("this", "expression"), exp.Var: ("this",), exp.Anonymous: ("this", "expressions"),
}  # fmt: skip
"""The nodes that may stand in an expression, and the arguments of each that are understood."""

_TELLING: dict[type[exp.Expr], tuple[str, str]] = {
    exp.Query: ("a query", "An expression speaks of one row; join tables before the recipe."),
    exp.SubqueryPredicate: ("a query", "An expression speaks of one row; join tables before the recipe."),
    exp.Values: ("a query", "An expression speaks of one row; join tables before the recipe."),
    exp.Window: ("a window function", "An expression speaks of one row."),
    exp.Star: ("'*'", "Name the columns."),
    exp.Alias: ("a second name", "Names that hold blanks stand in double quotes."),
    exp.Aliases: ("a call of an unknown function", "See the page on expressions for those that there are."),
    exp.Block: ("';'", "An expression is one value."),
    exp.Command: ("a statement", "An expression is one value."),
    exp.DDL: ("a statement", "An expression is one value."),
    exp.Placeholder: ("a placeholder", "Write the value itself."),
    exp.Parameter: ("a parameter", "Write the value itself."),
    exp.Interval: ("an interval", "Use add_days, add_months or add_seconds."),
    exp.Escape: ("ESCAPE", r"Use matches(column, 'pattern'), in which \% is the character."),
    exp.Collate: ("COLLATE", "Text is compared by code point, on every engine."),
    exp.SimilarTo: ("SIMILAR TO", "Use matches(column, '^...$')."),
    exp.RegexpLike: ("this operator", "Use matches(column, 'pattern')."),
    exp.AtTimeZone: ("AT TIME ZONE", "Instants are in UTC."),
    exp.Bracket: ("'[ ]'", "Use substring or split_part."),
    exp.Dot: ("a name with a dot", 'Write a name that has a dot in double quotes: "a.b".'),
    exp.BitwiseXor: ("'^'", "Use power(x, y)."),
    exp.JSONExtract: ("'->'", "Expressions do not look inside JSON."),
}


class ExpressionError(ValueError):
    """A text is not a portable expression; says what in it is not, and what to write instead."""


@lru_cache(maxsize=1024)
def read(text: str) -> exp.Expr:
    """The tree as it was written; not to be changed.

    Raises:
        ExpressionError: wrong syntax, or something that is not allowed in an expression.
    """
    if not text.strip():
        raise ExpressionError("an expression is empty")
    if len(text) > LONGEST:
        raise ExpressionError(f"an expression of {len(text)} characters; at most {LONGEST} are allowed")
    if "\0" in text:
        raise ExpressionError(f"{_short(text)} holds the character NUL")
    tree = _parsed(text)
    problem = next(_forbidden(tree), None)
    if problem is not None:
        raise ExpressionError(f"{_short(text)}: {problem}")
    return tree


def _parsed(text: str) -> exp.Expr:
    try:
        found = Portable().tokenize(text)
        if any(token.comments for token in found):
            raise ExpressionError(f"{_short(text)}: a comment is not allowed. Say it in the step's 'description'.")
        return sqlglot.parse_one(text, dialect=Portable)
    except TokenError:
        raise ExpressionError(
            f"{_short(text)} is not an expression: a quote is not closed. Text is 'so', names are \"so\"."
        ) from None
    except SqlglotError as error:
        raise ExpressionError(_told(text, error)) from None
    except RecursionError:
        raise ExpressionError(f"{_short(text)} is nested too deeply") from None


def _told(text: str, error: SqlglotError) -> str:
    known = getattr(error, "errors", None)
    place = known[0] if known else {}
    near = str(place.get("highlight") or "").strip()
    column = place.get("col")
    where = f" near {near!r} (character {column})" if near and column else ""
    return (
        f"{_short(text)} is not an expression: it cannot be read{where}. Text stands in single quotes; names that are "
        "words of SQL, or hold blanks or signs, in double quotes."
    )


def _forbidden(tree: exp.Expr) -> Iterator[str]:
    if _too_deep(tree):
        yield f"it is nested more than {DEEPEST} deep. Use IN (...) instead of many ORs, or more than one step."
        return
    for node in tree.walk():
        allowed = ALLOWED.get(type(node))
        if allowed is None:
            what, hint = next((told for kind, told in _TELLING.items() if isinstance(node, kind)), (_named(node), ""))
            yield f"{what} is not allowed in an expression. {hint}".rstrip()
        elif isinstance(node, exp.Column) and node.table:
            dotted = ".".join(part.name for part in node.parts)
            yield f'{dotted} is read as a column of a table. Write a name that has a dot in double quotes: "{dotted}".'
        else:
            yield from (f"{key} is not allowed here ({_named(node)})" for key in _said(node) - set(allowed))


def _said(node: exp.Expr) -> set[str]:
    return {key for key, value in node.args.items() if value not in (None, [], False)}


def _named(node: exp.Expr) -> str:
    return " ".join(_short(node.sql()).split())


def _too_deep(tree: exp.Expr) -> bool:
    level: list[exp.Expr] = [tree]
    for _ in range(DEEPEST):
        level = [child for node in level for child in node.iter_expressions()]
        if not level:
            return False
    return True


def _short(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:77] + "...")


def written(node: exp.Expr) -> str:
    """A part of an expression as its user would write it."""
    return node.sql(dialect=Portable)
