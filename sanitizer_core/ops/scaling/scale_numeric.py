"""The operation ``scale_numeric``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field, FiniteFloat, model_validator
from sqlglot import exp

from sanitizer_core.errors import FitError, Where
from sanitizer_core.ops.base import AnyCase, ColumnsOperation, Needs
from sanitizer_core.ops.effects import Effect, Note, RemoveRows, Rewrite
from sanitizer_core.ops.measured import Measured
from sanitizer_core.ops.scaling.formula import Formula, log, min_max, robust, standard
from sanitizer_core.ops.spelling import spelled
from sanitizer_core.ops.stat import Fitted, Stat
from sanitizer_core.ops.wording import said
from sanitizer_core.schema import FLOAT, Column, Schema
from sanitizer_core.sql import cast_to, column, literal

Method = Annotated[
    Literal["standard", "minmax", "robust", "log", "log1p"],
    spelled(
        {"z": "standard", "zscore": "standard", "z_score": "standard", "standardize": "standard", "min_max": "minmax"}
    ),
]
Logarithm = Literal["e", 2, 10]

_OWN = {
    "range": ("minmax",),
    "clip": ("minmax",),
    "quantiles": ("robust",),
    "base": ("log",),
    "not_positive": ("log", "log1p"),
}
"""Which methods a parameter belongs to."""


class ScaleNumeric(ColumnsOperation):
    """Puts numbers on a common scale.

    | method | what becomes of x | as |
    |---|---|---|
    | `standard` | (x − mean) / standard deviation of the population | scikit-learn's StandardScaler |
    | `minmax` | a + (x − min) × (b − a) / (max − min), where `range` is [a, b], [0, 1] | MinMaxScaler |
    | `robust` | (x − median) / (Q3 − Q1), the quartiles or other `quantiles` | RobustScaler |
    | `log` | the logarithm of x to the `base` e, 2 or 10 | numpy.log, log2, log10 |
    | `log1p` | ln(1 + x), which takes 0 too | numpy.log1p |

    ```yaml
    - op: scale_numeric
      params: {columns: [age, salary], method: standard}
    ```

    The columns become floats. A column without spread is only shifted, as scikit-learn does: every value becomes 0
    (`standard`, `robust`) or the lower end of the range (`minmax`); nothing is divided by 0.

    Null stays null, NaN stays NaN, and the infinities stay what they are; they are not measured. Quantiles are
    interpolated (type 7 of Hyndman and Fan 1996).

    A number that has no logarithm (for `log` 0 and below, for `log1p` −1 and below) is what `not_positive` says:
    `fail` refuses to fit, `null` empties the cell, `reject` puts the row among the rejected ones. A fitted recipe that
    meets such a number in a later batch cannot fail by then: under `fail` the cell becomes null, and the log says so.

    What a method measures is fitted: a fitted recipe scales each batch alike, and values beyond those that it was
    fitted on leave the range, unless `clip` keeps them in it. Undo gives the numbers back digit for digit.

    **Cleaning twice is not cleaning once here**: scaled numbers scaled again by the same values are other numbers.
    """

    op: ClassVar[str] = "scale_numeric"
    family: ClassVar[str] = "scaling"
    refusals: ClassVar[Mapping[str, str]] = {
        "postgres": "logarithms to the base 2: it has none that gives the nearest double",
        "spark": "logarithms: the last of their 16 digits is Java's own",
    }
    needs: ClassVar[Needs] = "numeric"
    idempotent: ClassVar[bool] = False

    method: Method = Field(default="standard", description="The scale.")
    range: tuple[FiniteFloat, FiniteFloat] = Field(
        default=(0.0, 1.0), description="For `minmax`: where the least and the greatest value go."
    )
    clip: bool = Field(
        default=False, description="For `minmax`: whether values beyond the fitted ones are kept in the range."
    )
    quantiles: tuple[FiniteFloat, FiniteFloat] = Field(
        default=(0.25, 0.75), description="For `robust`: the two quantiles whose distance is the unit, as fractions."
    )
    base: Annotated[Logarithm, AnyCase] = Field(default="e", description="For `log`: the base.")
    not_positive: Annotated[Literal["fail", "null", "reject"], spelled({"null": "null"})] = Field(
        default="fail", description="For `log` and `log1p`: what happens to a number that has no logarithm."
    )

    @model_validator(mode="after")
    def _parameters_fit_the_method(self) -> ScaleNumeric:
        for name in sorted(self.model_fields_set & set(_OWN)):
            if self.method not in _OWN[name]:
                raise ValueError(f"{name!r} belongs to the method {_OWN[name][0]!r}, not to {self.method!r}")
        if self.range[0] >= self.range[1]:
            raise ValueError(f"'range' goes from the lower end to the upper, got {list(self.range)}")
        if not 0 <= self.quantiles[0] < self.quantiles[1] <= 1:
            raise ValueError(f"'quantiles' are two fractions, the lower first, got {list(self.quantiles)}")
        return self

    def stats(self, schema: Schema) -> tuple[Stat, ...]:
        formula = self._formula
        asks = formula.asks if formula.above is None or self.not_positive == "fail" else ()
        return tuple(Stat(cell.name, measure, argument) for cell in self.chosen(schema) for measure, argument in asks)

    def effects(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        return tuple(effect for cell in self.chosen(schema) for effect in self._cell(cell, fitted))

    def measured(self, schema: Schema, values: Measured) -> tuple[Effect, ...] | None:
        formula = self._formula
        if formula.trees is None:
            return None
        effects: list[Effect] = []
        for cell in self.chosen(schema):
            found = [values.of(Stat(cell.name, measure, argument)) for measure, argument in formula.asks]
            passes = formula.trees(cast_to(column(cell.name), FLOAT), found)
            effects.append(Rewrite(cell.name, passes, FLOAT, f"scaled by what was measured: {self.method}"))
        return tuple(effects)

    @property
    def _formula(self) -> Formula:
        match self.method:
            case "standard":
                return standard()
            case "minmax":
                return min_max(*self.range, clip=self.clip)
            case "robust":
                return robust(*self.quantiles)
            case "log":
                return log(str(self.base))
            case _:
                return log("e", shift=1)

    def _cell(self, cell: Column, fitted: Fitted) -> list[Effect]:
        formula = self._formula
        value = cast_to(column(cell.name), FLOAT)
        if formula.above is not None:
            return self._logarithm(cell, formula, fitted)
        values = [fitted.get(cell.name, measure, argument) for measure, argument in formula.asks]
        if None in values:
            # The column holds nothing but nulls (or NaN): its type still is what the next step relies on.
            return [
                Note(f"{cell.name!r} holds no numbers to scale"),
                Rewrite(cell.name, (value,), FLOAT, "made a float"),
            ]
        numbers = [float(each) for each in values]
        return [Rewrite(cell.name, formula.passes(value, numbers), FLOAT, f"scaled: {formula.told(numbers)}")]

    def _logarithm(self, cell: Column, formula: Formula, fitted: Fitted) -> list[Effect]:
        limit = formula.above or 0.0
        least = fitted.get(cell.name, "min") if self.not_positive == "fail" else None
        if least is not None and float(least) <= limit:
            raise FitError(
                f"{cell.name!r} goes down to {said(float(least))}, but only numbers above {said(limit)} have a logarithm here",
                where=Where(column=cell.name),
                hint="Say not_positive: null or reject"
                + (", or take the method log1p." if limit == 0 and float(least) > -1 else "."),
            )
        value = cast_to(column(cell.name), FLOAT)
        effects: list[Effect] = []
        if self.not_positive == "reject":
            beyond = exp.LTE(this=value.copy(), expression=literal(limit))
            effects.append(
                RemoveRows(beyond, f"{cell.name!r} is {said(limit)} or less, and has no logarithm", rejected=True)
            )
        reason = f"scaled: {formula.told([])}; null where it is {said(limit)} or less"
        return [*effects, Rewrite(cell.name, formula.passes(value, []), FLOAT, reason)]
