"""Tables and contracts that every engine has to judge alike, and the ways to ask an engine for its judgement."""

from __future__ import annotations

import datetime as dt
from typing import Any

from contract.held import Columns

NAN = float("nan")
TEXTS = ["abc", "abd", "xabc", "", "ab\n", None, "é", "ABC", "a٣", "a\u2028"]
CELLS = ["1", " 2 ", "+3", "1_0", "x", "", None, "1.5", "1e3", "99999999999999999999", "nan", "-inf", "yes", "0", "2024-02-29",
         "2023-02-29", "2024-01-02T03:04:05.1234567", "2024-01-02 24:00", "2024-01-02 03:04:05+02:30"]  # fmt: skip
DAYS = [dt.datetime(2020, 1, 1), dt.datetime(2021, 1, 1, 12, 30), None, dt.datetime(2020, 1, 1)]


def _of(dtype: str) -> dict[str, Any]:
    return {"a": {"dtype": dtype, "coerce": True, "nullable": True}}


Judged = tuple[Columns, dict[str, Any], dict[str, Any]]

_AS_IT_IS: dict[str, Judged] = {
    "numbers": (
        {"a": ("BIGINT", [1, 2, 3, None, 3]), "b": ("DOUBLE", [0.5, NAN, None, float("inf"), -0.0])},
        {"columns": {"a": {"ge": 2, "isin": [2, 3.0], "unique": True}, "b": {"nullable": True, "in_range": {"min_value": 0, "max_value": 1}}}},
        {},
    ),
    "decimals and truths": (
        {"a": ("DECIMAL(5,2)", [1, 2, None]), "b": ("BOOLEAN", [True, False, None])},
        {"columns": {"a": {"gt": 1.5, "notin": [2]}, "b": {"eq": 1}}},
        {},
    ),
    "texts": (
        {"a": ("VARCHAR", TEXTS), "b": ("VARCHAR", TEXTS[::-1])},
        {"columns": {
            "a": {"str_matches": r"[^\W\d]+$", "str_contains": r"(?i)b(c|d)", "str_startswith": "a", "str_length": {"min_value": 1, "max_value": 3}},
            "b": {"nullable": True, "str_endswith": "c", "gt": "ab", "isin": ["abc", "é"], "str_matches": r"\S*\s?$"},
        }},
        {"severities": {"a.str_length": "warning", "b": "warning"}},
    ),
    "times": (
        {"a": ("TIMESTAMP", DAYS), "b": ("DATE", [each and each.date() for each in DAYS])},
        {"columns": {"a": {"nullable": True, "gt": "2020-06-01 00:00:00", "unique": True}, "b": {"le": "2020-12-31"}}},
        {},
    ),
    "together unique": (
        {"a": ("BIGINT", [1, 1, 1, None, None]), "b": ("VARCHAR", ["x", "x", "y", None, None]), "rowid": ("VARCHAR", list("abcde"))},
        {"columns": {"a": {"nullable": True}, "b": {"nullable": True}}, "unique": ["a", "b"]},
        {},
    ),
    "within thresholds": (
        {"a": ("BIGINT", [1, 2, 3, None]), "b": ("BIGINT", [1, 1, 1, 9])},
        {"columns": {"a": {"nullable": True, "ge": 3}, "b": {"lt": 5, "unique": True}}},
        {"thresholds": {"a.greater_than_or_equal_to": {"max_fraction": 2 / 3}, "b.unique": {"max_count": 2}, "b.less_than": {"max_count": 1}}},
    ),
    "columns that are not there, and checks of all rows": (
        {'the "a"': ("VARCHAR", ["x", "y", None]), "reasons": ("BIGINT", [1, 2, 3])},
        {"columns": {'the "a"': {"unique_values_eq": ["x"]}, "gone": {}, "reasons": {"str_length": 3, "unique_values_eq": [1, 2, 3]}}, "strict": True},
        {},
    ),
    "an empty table": ({"a": ("BIGINT", [])}, {"columns": {"a": {"unique": True, "ge": 0, "unique_values_eq": [1]}}}, {}),
    "every cell": (
        {"a": ("BIGINT", [1, 9]), "b": ("BIGINT", [9, 2])},
        {"checks": [{"max_value": 9, "options": {"check_name": "lt", "ignore_na": False}}]},
        {},
    ),
    "a default": ({"a": ("BIGINT", [1, None])}, {"columns": {"a": {"default": 0, "gt": 0, "nullable": True}}}, {}),
    "no checks": ({"a": ("BIGINT", [1, None])}, {"columns": {"a": {"nullable": True}}}, {}),
}  # fmt: skip

_CONVERTED: dict[str, Judged] = {
    f"text as {dtype}": ({"a": ("VARCHAR", CELLS)}, {"columns": _of(dtype)}, {})
    for dtype in (
        "int64",
        "int8",
        "uint64",
        "Int64",
        "float64",
        "Decimal(5, 2)",
        "bool",
        "datetime64[ns]",
        "date",
        "datetime64[ns, UTC]",
    )
}

_OTHERWISE: dict[str, Judged] = {
    "numbers as other numbers": (
        {"a": ("DOUBLE", [1.0, 1.5, NAN, None, 1e300]), "b": ("DECIMAL(6,3)", [1, 1.5, None, 999.999, 0]), "c": ("BIGINT", [0, 1, None, 2, 300])},
        {"columns": {
            "a": {"dtype": "int64", "coerce": True, "nullable": True}, "b": {"dtype": "Decimal(4, 2)", "coerce": True, "nullable": True},
            "c": {"dtype": "boolean", "coerce": True, "nullable": True},
        }},
        {},
    ),
    "other things as text": (
        {"a": ("BIGINT", [1, None]), "b": ("BOOLEAN", [True, False]), "c": ("DATE", [dt.date(2024, 1, 2), None])},
        {"columns": {name: {"dtype": "str", "coerce": True, "nullable": True, "isin": ["1", "True", "2024-01-02"]} for name in "abc"}},
        {},
    ),
}  # fmt: skip

JUDGED = _AS_IT_IS | _CONVERTED | _OTHERWISE
"""By name: a table, a schema, and further parts of the contract."""
