"""pandas columns as Arrow columns, where an object column may hold anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sanitizer_core.errors import SourceError, Where
from sanitizer_core.sources.cells import can_be_text, column_of, kind_of
from sanitizer_core.sources.names import unique_names

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def arrow_from_pandas(frame: pd.DataFrame) -> tuple[pa.Table, list[str]]:
    """A pandas table as an Arrow table, and what was found odd.

    A column of objects of one kind gets its type; of several kinds it becomes text. An index that is more than the
    numbers of the rows comes along as columns. NaN is pandas' mark of a missing value, and becomes null.

    Raises:
        SourceError: an object column holds what neither has a type nor a text.
    """
    import pyarrow as pa

    notes = []
    if not _counts_rows(frame.index):
        frame = frame.reset_index()
        notes.append("the index of the pandas table is read as columns in front")
    names, renamed = unique_names(_flat(label) for label in frame.columns)
    arrays = []
    for place, name in enumerate(names):
        array, note = _array(frame.iloc[:, place], name)
        arrays.append(array)
        notes += [note] if note else []
    return pa.table(arrays, names=names), [*notes, *renamed]


def _counts_rows(index: pd.Index[Any]) -> bool:
    import pandas as pd

    return isinstance(index, pd.RangeIndex) and index.name is None


def _flat(label: object) -> object:
    return " ".join(str(part) for part in label if str(part)) if isinstance(label, tuple) else label


def _array(series: pd.Series[Any], name: str) -> tuple[pa.Array | pa.ChunkedArray, str | None]:
    import pyarrow as pa

    try:
        if series.dtype != object:
            return pa.array(series, from_pandas=True), None
        return _objects(series, name)
    except (pa.ArrowException, OverflowError, TypeError) as error:
        hint = "Turn the column into text or numbers first."
        raise SourceError(f"the column cannot be read: {error}", hint=hint, where=Where(column=name)) from error


def _objects(series: pd.Series[Any], name: str) -> tuple[pa.Array, str | None]:
    missing = series.isna()
    kinds = frozenset(kind_of(value) for value in series[~missing])
    if len(kinds) > 1 and not can_be_text(kinds):
        hint = "Turn the column into one of them first."
        raise SourceError(
            f"the column holds objects of several kinds: {', '.join(sorted(kinds))}",
            hint=hint,
            where=Where(column=name),
        )
    values = [None if none else value for value, none in zip(series, missing, strict=True)]
    array, mixed = column_of(values, kinds)
    if mixed:
        return array, f"column {name!r} holds several kinds of values ({', '.join(sorted(kinds))}); it is read as text"
    return array, None
