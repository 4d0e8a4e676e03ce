"""Checks that SQL cannot say, made by Pandera itself.

A check of single elements (``element_wise``, and patterns that RE2 cannot read) sees the table in batches. Any other
may depend on all rows at once, as ``s > s.mean()`` does, and gets its column, or the whole table, in memory.
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from sqlglot import exp

from sanitizer_core.contract.compiled import ROW, CompiledContract
from sanitizer_core.contract.outcome import Outcome
from sanitizer_core.contract.quiet import without_words_of_spark
from sanitizer_core.contract.rule import PythonTest
from sanitizer_core.contract.scan import Scan
from sanitizer_core.contract.spec import CheckSpec, Flavour

BATCH_ROWS = 200_000


@dataclass(frozen=True)
class _Part:
    rows: pa.Array
    checked: int
    whole: bool = False
    error: str | None = None


def store_failures(scan: Scan, compiled: CompiledContract, test: PythonTest, name: str) -> Outcome:
    """Stores the ids of failing rows under a name (column ``row``)."""
    check = pandera_check(test.check)
    flavour: Flavour = "pandas" if test.check.built_in else compiled.spec.flavour
    run = _with_polars if flavour == "polars" else _with_pandas
    parts = [run(table, check, test) for table in _tables(scan, compiled, test)]
    rows = pa.chunked_array([part.rows for part in parts], type=pa.int64())
    scan.store_rows(name, pa.table({ROW: rows}))
    return Outcome(
        checked=sum(part.checked for part in parts),
        failed=len(rows),
        whole=any(part.whole for part in parts),
        error=next((part.error for part in parts if part.error), None),
    )


def pandera_check(spec: CheckSpec) -> Any:
    """The ``pandera.Check``, made to fail where it would only warn, and to name every failing row."""
    with without_words_of_spark():
        import pandera.pandas  # noqa: F401 (makes the checks known for pandas)
    from pandera.api.checks import Check

    if spec.native is not None:
        check = copy.copy(spec.native)
    else:
        check = getattr(Check, spec.name)(**spec.arguments)
        check.ignore_na, check.groupby, check.groups = spec.ignore_na, _grouping(spec), spec.groups
    check.raise_warning, check.n_failure_cases = False, None
    return check


def _grouping(spec: CheckSpec) -> Any:
    return [spec.groupby] if isinstance(spec.groupby, str) else spec.groupby


def _tables(scan: Scan, compiled: CompiledContract, test: PythonTest) -> Iterator[pa.Table]:
    """The rows as Arrow, in batches where the check allows; the last column is the row id."""
    reader = scan.stream(_query(scan, compiled, test), BATCH_ROWS)
    if test.whole:
        yield reader.read_all()
        return
    empty = True
    for batch in reader:
        empty = False
        yield pa.Table.from_batches([batch])
    if empty:
        yield pa.Table.from_batches([], schema=reader.schema)


def _query(scan: Scan, compiled: CompiledContract, test: PythonTest) -> exp.Select:
    columns = {column.name: column for column in compiled.table_columns}
    names = _needed(test, list(columns))
    row = exp.column(ROW, quoted=True).as_(row_name(names), quoted=True)
    cells = [columns[name].cell.value.as_(name, quoted=True) for name in names]
    query = exp.select(*cells, row).from_(compiled.cells(scan.table, scan.row()))
    lost = columns[test.column].lost_flag if test.column is not None else None
    return query.where(exp.not_(lost)) if lost is not None else query


def _needed(test: PythonTest, every: list[str]) -> list[str]:
    """The columns that the check is given; a grouping by a function may look at any."""
    if test.column is None or callable(test.check.groupby):
        return every
    groups = _grouping(test.check) or []
    return [name for name in every if name == test.column or name in groups]


def row_name(names: Iterable[str]) -> str:
    """A name for the row id that is none of these."""
    taken, name = {each.lower() for each in names}, ROW
    while name in taken:
        name += "_"
    return name


def _with_pandas(table: pa.Table, check: Any, test: PythonTest) -> _Part:
    import pandas as pd
    import pandera.pandas as pandera

    rows = table.column(table.num_columns - 1).to_numpy()
    names = table.column_names[:-1]
    frame = pd.DataFrame({name: _series(table.column(name)) for name in names}).set_axis(pd.Index(rows), axis="index")
    checked = int(frame[test.column].notna().sum()) if test.column and check.ignore_na else len(frame)
    errors = _validated(_schema(pandera, names, check, test), frame, quiet=test.check.built_in)
    for error in errors:
        output = error.check_output
        if error.reason_code.name == "CHECK_ERROR":
            return _Part(pa.array([], pa.int64()), checked, whole=True, error=str(error.failure_cases))
        if check.groupby is None and hasattr(error.failure_cases, "columns"):
            passed = output.all(axis="columns") if output.ndim > 1 else output
            return _Part(pa.array(output.index[~passed.astype(bool)].to_numpy(), pa.int64()), checked)
        return _Part(pa.array([], pa.int64()), checked, whole=True)
    return _Part(pa.array([], pa.int64()), checked)


def _series(values: pa.ChunkedArray) -> Any:
    """A pandas column that keeps whole numbers and truth values with nulls what they are."""
    import pandas as pd

    if values.null_count and pa.types.is_integer(values.type):
        return values.to_pandas(types_mapper={values.type: pd.Int64Dtype()}.get)
    if values.null_count and pa.types.is_boolean(values.type):
        return values.to_pandas(types_mapper={values.type: pd.BooleanDtype()}.get)
    return values.to_pandas()


def _with_polars(table: pa.Table, check: Any, test: PythonTest) -> _Part:
    import pandera.polars as pandera
    import polars as pl

    rows = table.column(table.num_columns - 1)
    names = table.column_names[:-1]
    frame = pl.DataFrame({name: pl.from_arrow(table.column(name)) for name in names})
    checked = frame.height - (frame[test.column].null_count() if test.column and check.ignore_na else 0)
    for error in _validated(_schema(pandera, names, check, test), frame, quiet=False):
        output = error.check_output
        if error.reason_code.name == "CHECK_ERROR":
            return _Part(pa.array([], pa.int64()), checked, whole=True, error=str(error.failure_cases))
        if isinstance(output, pl.DataFrame) and output.height == frame.height:
            failed = (~output.to_series().fill_null(value=True)).to_arrow()
            return _Part(rows.filter(failed).combine_chunks().cast(pa.int64()), checked)
        return _Part(pa.array([], pa.int64()), checked, whole=True)
    return _Part(pa.array([], pa.int64()), checked)


def _schema(pandera: Any, names: list[str], check: Any, test: PythonTest) -> Any:
    """A schema that asks this check and nothing else."""
    if test.column is None:
        return pandera.DataFrameSchema(checks=[check])
    own = {test.column: pandera.Column(checks=[check], nullable=True)}
    return pandera.DataFrameSchema({name: pandera.Column(nullable=True) for name in names} | own)


def _validated(schema: Any, frame: Any, *, quiet: bool) -> list[Any]:
    """What Pandera finds, whatever its own settings say about how much it checks."""
    from pandera.config import ValidationDepth, config_context
    from pandera.errors import SchemaErrors

    with warnings.catch_warnings(), config_context(True, ValidationDepth.SCHEMA_AND_DATA):
        if quiet:
            # pandas warns that groups in a pattern are not extracted, which nobody asked for.
            warnings.filterwarnings("ignore", message=".*match groups.*", category=UserWarning)
        try:
            schema.validate(frame, lazy=True)
        except SchemaErrors as errors:
            return list(errors.schema_errors)
    return []
