"""What an expression needs its columns to be, so that text files are read in the types that it speaks of."""

from __future__ import annotations

import pytest

from sanitizer_core.schema import BOOLEAN, DATE, FLOAT, INTEGER, TEXT, Schema
from sanitizer_core.sql.needs import needs_of

SCHEMA = Schema.of(
    [("zip", INTEGER), ("age", INTEGER), ("price", FLOAT), ("born", DATE), ("name", TEXT), ("ok", BOOLEAN)]
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("age > 18", {"age": "numeric"}),
        ("zip = '01234'", {"zip": "text"}),
        ("'01234' = (zip)", {"zip": "text"}),
        ("zip IN ('01234', '1')", {"zip": "text"}),
        ("born > '2000-01-01'", {"born": "temporal"}),
        ("born = 'soon'", {"born": "text"}),
        ("LEFT(zip, 2) = '01'", {"zip": "text"}),
        ("matches(zip, '^0')", {"zip": "text"}),
        ("CONCAT(name, '-', zip)", {"name": "text", "zip": "text"}),
        ("COALESCE(zip, 'none')", {"zip": "text"}),
        ("zip || name", {"zip": "text", "name": "text"}),
        ("zip LIKE '0%'", {"zip": "text"}),
        ("age IS NULL", {"age": "any"}),
        ("TRY_CAST(age AS text)", {"age": "any"}),
        ("age IS NULL OR AGE < 3", {"age": "numeric"}),
        ("age < 3 OR age = 'x'", {"age": "text"}),
        ("-price + 1 > age", {"price": "numeric", "age": "numeric"}),
        ("ok", {"ok": "any"}),
        ("nowhere = 1", {}),
        (None, {}),
    ],
)
def test_a_column_is_needed_as_what_stands_beside_it_says(text: str | None, expected: dict[str, str]) -> None:
    assert needs_of(text, SCHEMA) == expected
