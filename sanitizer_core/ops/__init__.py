"""The operations: one file each, listed here; further ones come from the entry points ``sanitizer.ops``."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points

from sanitizer_core.errors import RecipeError
from sanitizer_core.ops.base import CellOp, ColumnsOperation, Operation, RowOp, SchemaOp, TableOp
from sanitizer_core.ops.categories.bucket_numeric import BucketNumeric
from sanitizer_core.ops.categories.encode_categoricals import EncodeCategoricals
from sanitizer_core.ops.columns.derive_column import DeriveColumn
from sanitizer_core.ops.columns.drop_columns import DropColumns
from sanitizer_core.ops.columns.merge_columns import MergeColumns
from sanitizer_core.ops.columns.normalize_column_names import NormalizeColumnNames
from sanitizer_core.ops.columns.remove_empty_columns import RemoveEmptyColumns
from sanitizer_core.ops.columns.rename_columns import RenameColumns
from sanitizer_core.ops.columns.select_columns import SelectColumns
from sanitizer_core.ops.columns.split_column import SplitColumn
from sanitizer_core.ops.duplicates.remove_duplicates import RemoveDuplicates
from sanitizer_core.ops.extension.python import Python
from sanitizer_core.ops.missing.handle_missing import HandleMissing
from sanitizer_core.ops.missing.nullify import Nullify
from sanitizer_core.ops.outliers.handle_outliers import HandleOutliers
from sanitizer_core.ops.privacy.mask import Mask
from sanitizer_core.ops.rows.filter_rows import FilterRows
from sanitizer_core.ops.rows.review import Review
from sanitizer_core.ops.rows.sample_rows import SampleRows
from sanitizer_core.ops.rows.sort_rows import SortRows
from sanitizer_core.ops.scaling.scale_numeric import ScaleNumeric
from sanitizer_core.ops.text.clean_text import CleanText
from sanitizer_core.ops.text.replace_pattern import ReplacePattern
from sanitizer_core.ops.text.replace_values import ReplaceValues
from sanitizer_core.ops.types.fix_dtypes import FixDtypes
from sanitizer_core.ops.types.parse_dates import ParseDates
from sanitizer_core.ops.types.parse_quantities import ParseQuantities

BUILT_IN: tuple[type[Operation], ...] = (
    NormalizeColumnNames,
    RenameColumns,
    SelectColumns,
    DropColumns,
    RemoveEmptyColumns,
    DeriveColumn,
    SplitColumn,
    MergeColumns,
    FixDtypes,
    ParseDates,
    ParseQuantities,
    Nullify,
    HandleMissing,
    RemoveDuplicates,
    HandleOutliers,
    EncodeCategoricals,
    BucketNumeric,
    ScaleNumeric,
    CleanText,
    ReplaceValues,
    ReplacePattern,
    FilterRows,
    SortRows,
    SampleRows,
    Review,
    Mask,
    Python,
)
"""Every operation that comes with the project, by family."""


@cache
def catalogue() -> dict[str, type[Operation]]:
    """Every operation by its name: the built-in ones, then those of installed packages.

    Raises:
        RecipeError: a package's entry point is not an operation, or takes a name that is taken.
    """
    found = {operation.op: operation for operation in BUILT_IN}
    for entry in entry_points(group="sanitizer.ops"):
        operation = entry.load()
        if not (isinstance(operation, type) and issubclass(operation, Operation)):
            raise RecipeError(f"the entry point {entry.name!r} of sanitizer.ops ({entry.value}) is not an Operation")
        if operation.op in found:
            raise RecipeError(
                f"the entry point {entry.value} brings the operation {operation.op!r}, which is there already"
            )
        found[operation.op] = operation
    return found


__all__ = ["BUILT_IN", "CellOp", "ColumnsOperation", "Operation", "RowOp", "SchemaOp", "TableOp", "catalogue"]
