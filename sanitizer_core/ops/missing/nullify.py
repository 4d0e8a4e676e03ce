"""The operation ``nullify``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from pydantic import Field, StrictFloat, StrictInt, StrictStr
from sqlglot import exp

from sanitizer_core.errors import PlanError
from sanitizer_core.ops.base import ColumnsOperation
from sanitizer_core.ops.constant import typed, value_of_type
from sanitizer_core.ops.effects import Effect, Rewrite
from sanitizer_core.ops.selector import no_such_column
from sanitizer_core.ops.stat import Fitted
from sanitizer_core.ops.wording import listed
from sanitizer_core.schema import DataType, Schema
from sanitizer_core.sql import call, literal, value_of
from sanitizer_core.sql.logic import any_of, choose, one_of

Token = StrictInt | StrictFloat | StrictStr

DEFAULT_TOKENS: tuple[Token, ...] = (
    "", "-", "--", "---", "—", ".", "..", "...", "?", "??", "???",
    "n/a", "#n/a", "<n/a>", "n.a.", "n.a", "na", "<na>", "#na",
    "null", "(null)", "<null>", "#null!", "\\n", "none", "(none)", "<none>", "nil", "nan", "nat", "(blank)",
)  # fmt: skip
"""What people and programs write for nothing; no word that could be an answer, such as *unknown* or *other*."""


class Nullify(ColumnsOperation):
    """Makes null of the cells that only stand for a missing value: `N/A`, `-`, `?`, `null`, blank text.

    A cell of text is compared without the white space around it and without regard to case, so `" n/a "` and `N/A`
    are one token. A cell of nothing but white space is the token `""`. Cells of other types are compared as values of
    their type: the token 999 (or `"999"`) fits the number 999 in a column of whole numbers, of decimals or of floats,
    and `nan` fits NaN in a column of floats.

    ```yaml
    - op: nullify
      params:
        also: [tbd]
        custom: {age: [999, -1], joined: ["1900-01-01"]}
    ```

    Without parameters it looks for a cautious list of tokens in every column. Words that could be an answer
    (*unknown*, *other*, *0*) and sentinel numbers (999, -1) are not in it: name them where they mean missing.
    Where a token of the list is a real value (`NA` for Namibia, `None` as an answer), name it in `keep`,
    or leave the column out with `columns: {include: all, except: [country]}`.

    Null stays null. Undo gives back each cell's own text.
    """

    op: ClassVar[str] = "nullify"
    family: ClassVar[str] = "missing"

    tokens: tuple[Token, ...] = Field(
        default=DEFAULT_TOKENS, description="What means missing in every chosen column, instead of the usual list."
    )
    also: tuple[Token, ...] = Field(default=(), description="Further tokens, besides `tokens`.")
    keep: tuple[Token, ...] = Field(default=(), description="Tokens of the list that are real values here.")
    custom: dict[str, tuple[Token, ...]] = Field(
        default={}, description="Further tokens of single columns, whether or not `columns` chooses them."
    )

    def effects(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        self._refuse_unknown(schema)
        everywhere = {cell.name for cell in self.chosen(schema)}
        general = self._general()
        made = []
        # Columns of a type with the same tokens share their trees, which is what lets thousands of them go as a list.
        shared: dict[tuple[DataType, str], tuple[exp.Expr, ...]] = {}
        for cell in schema:
            tokens = (*(general if cell.name in everywhere else ()), *self.custom.get(cell.name, ()))
            alike = cell.type, repr(tokens)
            if alike not in shared:
                shared[alike] = _passes(cell.type, tokens)
            if shared[alike]:
                made.append(Rewrite(cell.name, shared[alike], cell.type, _reason(tokens)))
        return tuple(made)

    def _refuse_unknown(self, schema: Schema) -> None:
        missing = [name for name in self.custom if name not in schema]
        if missing:
            raise PlanError("columns are missing", found=[no_such_column(name, schema) for name in missing])

    def _general(self) -> tuple[Token, ...]:
        kept = {_folded(token) for token in self.keep}
        return tuple(token for token in (*self.tokens, *self.also) if _folded(token) not in kept)


def _folded(token: Token) -> str:
    return str(token).removesuffix(".0").strip().lower()


def _passes(kind: DataType, tokens: Iterable[Token]) -> tuple[exp.Expr, ...]:
    means = _means_missing(kind, tokens)
    return (choose((means, exp.Null()), otherwise=value_of()),) if means is not None else ()


def _means_missing(kind: DataType, tokens: Iterable[Token]) -> exp.Expr | None:
    """Whether a cell is one of the tokens; ``None`` when no cell of its type can be."""
    if kind.is_text:
        return _text_is(value_of(), sorted({_folded(token) for token in tokens}))
    values = _values(kind, tokens)
    conditions = [one_of(value_of(), [typed(value, kind) for value in values])] if values else []
    if kind.kind == "float" and any(_folded(token) == "nan" for token in tokens):
        conditions.append(call("is_nan", value_of()))
    return any_of(conditions) if conditions else None


def _text_is(value: exp.Expr, tokens: list[str]) -> exp.Expr | None:
    """Whether text is a token: cheap looks at its first sign, length and ends spare most cells the rest.

    A token may have white space around it, of any length.
    """
    if not tokens:
        return None
    first = call("first_code_point", value)
    # Control signs and blanks, and all beyond ASCII: few cells begin so, and three looks are cheaper than thirty.
    unusual = [exp.LTE(this=first, expression=literal(ord(" "))), exp.GTE(this=first.copy(), expression=literal(127))]
    plain = sorted(sign for sign in _beginnings(tokens) if ord(" ") < sign < 127)
    begins = any_of([*unusual, *([one_of(first.copy(), map(literal, plain))] if plain else [])])
    short = exp.LTE(this=call("length", value), expression=literal(max(map(len, tokens))))
    bare = one_of(call("lower", call("strip", value)), map(literal, tokens))
    ends = choose((any_of([short, call("may_be_padded", value)]), bare), otherwise=exp.false())
    return choose((begins, ends), otherwise=exp.false())


def _beginnings(tokens: list[str]) -> set[int]:
    """The code points with which a token can begin."""
    signs = {
        sign for token in tokens for sign in (token[:1], token[:1].upper(), _ALSO_LOWER.get(token[:1], "")) if sign
    }
    return {ord(sign) for word in signs for sign in word}


_ALSO_LOWER = {"k": "\u212a", "å": "\u212b", "ω": "\u2126"}
"""The signs (kelvin, angstrom, ohm) whose small letter is that of another."""


def _values(kind: DataType, tokens: Iterable[Token]) -> list[object]:
    """The tokens that can be values of the column's type."""
    found: list[object] = []
    for token in tokens:
        try:
            value = value_of_type(token, kind)
        except (ValueError, ArithmeticError):
            continue
        is_nan = value != value
        if not is_nan and value not in found:
            found.append(value)
    return found


def _reason(tokens: tuple[Token, ...]) -> str:
    if tokens == DEFAULT_TOKENS:
        return "stands for a missing value (blank, 'n/a', 'null', '-', '?' and the like)"
    return f"stands for a missing value ({listed(map(str, tokens))})"
