"""The operation ``handle_outliers``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, FiniteFloat, model_validator
from sqlglot import exp

from sanitizer_core.errors import PlanError
from sanitizer_core.ops.base import ColumnsOperation, Needs
from sanitizer_core.ops.effects import Effect, Note, RemoveRows, Rewrite
from sanitizer_core.ops.flag import flag
from sanitizer_core.ops.measured import Measured
from sanitizer_core.ops.outliers.fences import Fences, Rule, fixed, iqr, mad, percentile, zscore
from sanitizer_core.ops.outliers.verdict import Verdict, verdict, verdict_by_group, verdict_measured
from sanitizer_core.ops.selector import no_such_column
from sanitizer_core.ops.spelling import spelled
from sanitizer_core.ops.stat import Fitted, Stat
from sanitizer_core.schema import Column, Schema
from sanitizer_core.sql import literal
from sanitizer_core.sql.logic import any_of, choose

Method = Annotated[
    Literal["iqr", "zscore", "mad", "percentile", "range"],
    spelled({
        "z": "zscore", "z_score": "zscore", "robust_z": "mad", "robust_zscore": "mad", "robust_z_score": "mad",
        "percentiles": "percentile", "quantile": "percentile", "quantiles": "percentile", "fixed": "range", "fixed_range": "range",
    }),
]  # fmt: skip
Action = Annotated[
    Literal["clip", "flag", "null", "remove"],
    spelled(
        {"cap": "clip", "winsorize": "clip", "winsorise": "clip", "nullify": "null", "null": "null", "drop": "remove"}
    ),
]

_OWN: dict[str, tuple[str, ...]] = {
    "iqr": ("factor",), "zscore": ("threshold",), "mad": ("threshold",), "percentile": ("lower", "upper"),
    "range": ("minimum", "maximum"),
}  # fmt: skip
"""The parameters of each method."""


class HandleOutliers(ColumnsOperation):
    """Finds values far from the others of their column, and clips, flags, nulls or removes them.

    | method | the fences, beyond which a value is an outlier |
    |---|---|
    | `iqr` | Q1 − `factor` × IQR and Q3 + `factor` × IQR, where IQR = Q3 − Q1 (Tukey 1977); the factor is 1.5 |
    | `zscore` | mean ± `threshold` × standard deviation of the population; the threshold is 3 |
    | `mad` (or `robust_zscore`) | median ± `threshold` × MAD / 0.6745, where MAD is the median distance from the median: a modified z-score of 3.5 (Iglewicz and Hoaglin 1993) |
    | `percentile` | the quantiles `lower` (0.01) and `upper` (0.99); 0 and 1 are no fences |
    | `range` | `min` and `max`, as they are given |

    ```yaml
    - op: handle_outliers
      params: {columns: [age, salary], method: iqr, action: clip, by: country}
    ```

    The actions: `clip` (the default) brings an outlier to the nearer fence, `null` empties its cell, `remove` takes the
    row away, and `flag` changes nothing but adds a boolean column `<name>_outlier`.

    Quantiles are interpolated between neighbours (type 7 of Hyndman and Fan 1996, as NumPy and pandas have it). A
    value on a fence is no outlier. In a column of whole numbers (or decimals) the fences are the whole numbers
    between them, so that a clipped value is one too; where there is none between, those around them.

    A column without spread (IQR, standard deviation or MAD of 0) has no outliers: it is left as it is, and the run
    notes it. With `by` each group has its own fences; a group without spread, or one that a fitted recipe did not see
    when it was fitted, is left as it is.

    Null and NaN are never outliers and are not measured; infinity is beyond every fence and is not measured. Fences
    are fitted: a fitted recipe judges each batch by the same ones. Undo gives every old value and row back.
    """

    op: ClassVar[str] = "handle_outliers"
    family: ClassVar[str] = "outliers"
    needs: ClassVar[Needs] = "numeric"

    method: Method = Field(default="iqr", description="How the fences are found.")
    action: Action = Field(default="clip", description="What happens to outliers.")
    factor: FiniteFloat | None = Field(
        default=None, gt=0, description="For `iqr`: how many IQRs beyond the quartiles; 1.5 when left out."
    )
    threshold: FiniteFloat | None = Field(
        default=None, gt=0, description="For `zscore` and `mad`: how many deviations; 3 and 3.5 when left out."
    )
    lower: FiniteFloat | None = Field(
        default=None, ge=0, lt=1, description="For `percentile`: the lower quantile as a fraction; 0.01 when left out."
    )
    upper: FiniteFloat | None = Field(
        default=None, gt=0, le=1, description="For `percentile`: the upper quantile as a fraction; 0.99 when left out."
    )
    minimum: FiniteFloat | None = Field(
        default=None, alias="min", description="For `range`: the least value that is allowed."
    )
    maximum: FiniteFloat | None = Field(
        default=None, alias="max", description="For `range`: the greatest value that is allowed."
    )
    by: Annotated[tuple[str, ...], BeforeValidator(lambda names: (names,) if isinstance(names, str) else names)] = (
        Field(default=(), description="Columns that form groups, each with fences of its own.")
    )

    @model_validator(mode="after")
    def _parameters_fit_the_method(self) -> HandleOutliers:
        given = [name for names in _OWN.values() for name in names if getattr(self, name) is not None]
        strange = [name for name in given if name not in _OWN[self.method]]
        if strange:
            owner = next(method for method, names in _OWN.items() if strange[0] in names)
            raise ValueError(f"{strange[0]!r} belongs to the method {owner!r}, not to {self.method!r}")
        if self.method == "range" and (not given or self.by):
            raise ValueError("the method 'range' takes 'min', 'max' or both, and no groups")
        low, high = (self.minimum, self.maximum) if self.method == "range" else (self.lower, self.upper)
        if low is not None and high is not None and low > high:
            raise ValueError(f"the lower bound {low:g} is above the upper bound {high:g}")
        return self

    def stats(self, schema: Schema) -> tuple[Stat, ...]:
        return tuple(stat for cell in self._cells(schema) for stat in self._rule.stats(cell.name, self.by))

    def effects(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        effects: list[Effect] = []
        verdicts: list[Verdict] = []
        for cell in self._cells(schema):
            judged = self._verdict(cell, schema, fitted)
            if isinstance(judged, Note):
                effects.append(judged)
            else:
                verdicts.append(judged)
        return (*effects, *self._actions(verdicts, schema), *self._unjudged_flags(verdicts, schema))

    def measured(self, schema: Schema, values: Measured) -> tuple[Effect, ...] | None:
        verdicts = [verdict_measured(cell, self._rule, values) for cell in self._cells(schema)]
        if self.by or None in verdicts:
            return None
        return tuple(self._actions([each for each in verdicts if each is not None], schema))

    def _actions(self, verdicts: list[Verdict], schema: Schema) -> Iterator[Effect]:
        if self.action == "remove":
            yield from self._removals(verdicts)
        else:
            yield from (self._cell_effect(each, schema) for each in verdicts)

    @property
    def _rule(self) -> Rule:
        match self.method:
            case "iqr":
                return iqr(self.factor or 1.5)
            case "zscore":
                return zscore(self.threshold or 3.0)
            case "mad":
                return mad(self.threshold or 3.5)
            case "percentile":
                return percentile(
                    0.01 if self.lower is None else self.lower, 0.99 if self.upper is None else self.upper
                )
            case _:
                return fixed(self.minimum, self.maximum)

    def _cells(self, schema: Schema) -> tuple[Column, ...]:
        missing = [name for name in self.by if name not in schema]
        if missing:
            raise PlanError("columns are missing", found=[no_such_column(name, schema) for name in missing])
        return tuple(cell for cell in self.chosen(schema) if cell.name not in self.by)

    def _verdict(self, cell: Column, schema: Schema, fitted: Fitted) -> Verdict | Note:
        rule = self._rule
        values = [fitted[stat] for stat in rule.stats(cell.name, self.by)]
        if self.by:
            groups = dict(_groups(rule, values))
            return verdict_by_group(cell, groups, self.by, rule.words, schema)
        if None in values:
            return Note(f"{cell.name!r} holds no numbers, so it has no outliers")
        fences = rule.fences(*values)
        if fences is None:
            return Note(f"{cell.name!r} has no spread ({rule.spread} 0), so nothing in it is an outlier")
        return verdict(cell, fences)

    def _cell_effect(self, judged: Verdict, schema: Schema) -> Effect:
        cell, beyond = judged.cell, f"beyond {judged.told}"
        if self.action == "flag":
            sure = exp.Coalesce(this=judged.outlier, expressions=[literal(False)])
            return replace(
                flag(cell, "outlier", sure, f"whether {cell.name!r} is {beyond}", schema), lookup=judged.lookup
            )
        if self.action == "null":
            emptied = choose((judged.outlier, exp.Null()), otherwise=judged.unchanged)
            return Rewrite(
                cell.name, (emptied,), cell.type, f"{beyond}: emptied", inputs=judged.inputs, lookup=judged.lookup
            )
        return Rewrite(
            cell.name, (judged.clipped,), cell.type, f"{beyond}: clipped", inputs=judged.inputs, lookup=judged.lookup
        )

    def _removals(self, verdicts: list[Verdict]) -> Iterator[RemoveRows]:
        """One removal for all columns, unless each has to look its groups up."""
        if self.by:
            for each in verdicts:
                yield RemoveRows(each.outlier, _removed(each), lookup=each.lookup)
        elif verdicts:
            told = choose(*((each.outlier, literal(_removed(each))) for each in verdicts))
            yield RemoveRows(any_of(each.outlier for each in verdicts), "outliers", told=told)

    def _unjudged_flags(self, verdicts: list[Verdict], schema: Schema) -> Iterator[Effect]:
        """The columns are the same whatever the data: one without fences is flagged false throughout."""
        judged = {each.cell.name for each in verdicts}
        for cell in self._cells(schema) if self.action == "flag" else ():
            if cell.name not in judged:
                yield flag(cell, "outlier", exp.false(), f"{cell.name!r} has no outliers", schema)


def _removed(judged: Verdict) -> str:
    return f"{judged.cell.name!r} is beyond {judged.told}"


def _groups(rule: Rule, values: list[Any]) -> Iterator[tuple[tuple[Any, ...], Fences]]:
    """The fences of each group that has some."""
    for rows in zip(*(each or () for each in values), strict=True):
        measured = [row[-1] for row in rows]
        fences = rule.fences(*measured) if None not in measured else None
        if fences is not None:
            yield tuple(rows[0][:-1]), fences
