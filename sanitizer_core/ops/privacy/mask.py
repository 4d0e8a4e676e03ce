"""The operation ``mask``."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator
from sqlglot import exp

from sanitizer_core.errors import PlanError, Where
from sanitizer_core.ops.base import AnyCase, ColumnsOperation
from sanitizer_core.ops.effects import Effect, Rewrite
from sanitizer_core.ops.selector import Columns
from sanitizer_core.ops.stat import Fitted
from sanitizer_core.schema import TEXT, Column, DataType, Schema
from sanitizer_core.sql import call, cast_to, column, literal
from sanitizer_core.sql.canonical import canonical_text

Method = Literal["hash", "tokenise", "redact", "keep_last", "generalise"]


class Mask(ColumnsOperation):
    """Hides values, so that the output can go where the input may not.

    ```yaml
    - op: mask
      params: {columns: [email], method: tokenise, key_env: SANITIZER_KEY}
    ```

    | method | what a cell becomes |
    |---|---|
    | `hash` | 64 hexadecimal digits of a keyed SHA-256; the salt (else the column's name) makes equal values of different columns differ |
    | `tokenise` | `tok_` and 24 digits; the same value has the same token in every column and table under one key, so that joins still work |
    | `redact` | the same mark for every cell (`***`) |
    | `keep_last` | its last `keep` characters behind stars; a text of at most `keep` characters becomes stars throughout |
    | `generalise` | dates: the first day of the `to` (year, quarter, month, decade); numbers: the lower edge of a step as wide as `to` |

    Null stays null. The key is read from the environment variable that `key_env` names, and is written nowhere.
    It has at least 16 characters.

    **What is kept.** The change log never holds a value that was hidden: in its place stands a keyed digest, for this
    step and for every step before it on the same column. Removed, rejected and dropped rows show nothing of the column
    either. The values themselves are sealed (AES-256-GCM under the key) in `sealed.bin`, and **undo needs the key**.
    A column that an earlier step made from this one is a column of its own: mask it too.

    Under one key the method is repeatable, but masking what is masked already changes it again (a hash of a hash), so
    cleaning twice is not cleaning once here.
    """

    op: ClassVar[str] = "mask"
    family: ClassVar[str] = "privacy"
    idempotent: ClassVar[bool] = False

    columns: Columns = Field(alias="cols", description="The columns to hide.")
    method: Annotated[Method, AnyCase] = Field(default="hash", description="How they are hidden.")
    key_env: str = Field(
        default="SANITIZER_KEY",
        pattern=r"^[A-Za-z_][A-Za-z0-9_]*$",
        description="The environment variable that holds the key.",
    )
    salt: str | None = Field(
        default=None, description="hash: what makes the hashes of this column its own; else its name."
    )
    mark: str = Field(default="***", description="redact: what stands in every cell.")
    keep: int = Field(default=4, ge=1, description="keep_last: how many characters stay.")
    to: Literal["year", "quarter", "month", "decade"] | float | None = Field(
        default=None, description="generalise: the part of a date, or the width of a step of numbers."
    )

    @model_validator(mode="after")
    def _generalise_needs_to(self) -> Mask:
        if self.method == "generalise" and self.to is None:
            raise ValueError("method 'generalise' needs 'to': year, quarter, month or decade, or the width of a step")
        if isinstance(self.to, float) and self.to <= 0:
            raise ValueError("'to' has to be greater than 0")
        return self

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.key_env,)

    def effects(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        for each in self.chosen(schema):
            if each.type.kind in ("binary", "other"):
                raise PlanError(
                    f"cannot mask {each.name!r}: it is {each.type}",
                    where=Where(column=each.name),
                    hint="Drop the column instead.",
                )
        return tuple(
            Rewrite(each.name, (self._hidden(each),), self._type(each), f"masked: {self.method}", masks=self.key_env)
            for each in self.chosen(schema)
        )

    def _type(self, cell: Column) -> DataType:
        return cell.type if self.method == "generalise" else TEXT

    def _hidden(self, cell: Column) -> exp.Expr:
        value = column(cell.name)
        text = canonical_text(value, cell.type)
        match self.method:
            case "hash":
                salted = exp.DPipe(this=literal((self.salt or cell.name) + ":"), expression=text)
                hidden = call("keyed_hash", salted, literal(self.key_env))
            case "tokenise":
                digest = call("substring", call("keyed_hash", text, literal(self.key_env)), literal(1), literal(24))
                hidden = exp.DPipe(this=literal("tok_"), expression=digest)
            case "redact":
                hidden = literal(self.mark)
            case "keep_last":
                short = exp.LTE(this=call("length", text), expression=literal(self.keep))
                stars = call("keep_last", text, literal(0), literal("*"))
                hidden = exp.Case(
                    ifs=[exp.If(this=short, true=stars)],
                    default=call("keep_last", text, literal(self.keep), literal("*")),
                )
            case "generalise":
                return self._general(cell, value)
        there = exp.Not(this=exp.Is(this=value.copy(), expression=exp.Null()))
        return exp.Case(ifs=[exp.If(this=there, true=hidden)])

    def _general(self, cell: Column, value: exp.Expr) -> exp.Expr:
        if cell.type.kind in ("date", "timestamp", "timestamptz") and isinstance(self.to, str):
            return cast_to(call("start_of", value, literal(self.to)), cell.type)
        if cell.type.is_numeric and isinstance(self.to, float):
            steps = call("floor", exp.Div(this=exp.cast(value, "DOUBLE"), expression=literal(self.to)))
            return cast_to(exp.Mul(this=steps, expression=literal(self.to)), cell.type)
        raise PlanError(
            f"cannot generalise {cell.name!r} ({cell.type}) to {self.to!r}",
            where=Where(column=cell.name),
            hint="Dates take year, quarter, month or decade; numbers the width of a step.",
        )
