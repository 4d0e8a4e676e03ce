"""The words by which users name types."""

from __future__ import annotations

import pytest

from sanitizer_core.schema import FLOAT, INTEGER, TEXT, TIMESTAMP, TIMESTAMPTZ, DataType
from sanitizer_core.types_by_name import type_named


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("String", TEXT), ("category", TEXT), (" BIGINT ", INTEGER), ("double precision", FLOAT), ("datetime64[ns]", TIMESTAMP),
        ("datetime", TIMESTAMP), ("datetimetz", TIMESTAMPTZ), ("decimal(10,2)", DataType("decimal", 10, 2)),
        ("numeric(5)", DataType("decimal", 5, 0)), ("decimal(38, 38)", DataType("decimal", 38, 38)),
        ("decimal", DataType("decimal", 18, 3)),
    ],
)  # fmt: skip
def test_a_word_names_a_type(word: str, kind: DataType) -> None:
    assert type_named(word) == kind


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("flaot", "unknown type 'flaot'. Did you mean 'float'"), ("decimal(39,2)", "takes 1 to 38 digits"),
        ("decimal(2,3)", "takes 1 to 38 digits"), ("decimal(0)", "takes 1 to 38 digits"),
    ],
)  # fmt: skip
def test_what_names_no_type_is_told(word: str, told: str) -> None:
    with pytest.raises(ValueError, match=told.replace("(", r"\(")):
        type_named(word)
