"""Portable functions: conditions."""

from __future__ import annotations

from sanitizer_core.schema import BOOLEAN, INTEGER
from sanitizer_core.sql.function import Function
from sanitizer_core.sql.white_space import WHITE_SPACE

FUNCTIONS: tuple[Function, ...] = (
    Function(
        # Written as a list of one: what stands in the body once is evaluated once, and only where the branch is taken,
        # while DuckDB takes what stands in COALESCE twice out of it, and evaluates it for every row. Long patterns
        # stay out of the body: DuckDB compiles them anew for every 2,048 rows.
        "let", ("value", "body"), None, "The body, in which ``@it`` is the value.",
        {"duckdb": 'LIST_TRANSFORM([:value], LAMBDA "@it" : :body)[1]'}, public=False,
    ),
    Function(
        # DuckDB makes a join over all rows of an IN with more than a few options, even in a branch that no row takes.
        "among", ("value", "words"), BOOLEAN, "Whether the text is one of the lines of ``words``.",
        {"duckdb": "LIST_CONTAINS(STRING_SPLIT(:words, CHR(10)), :value)"}, public=False,
    ),
    Function(
        "is_blank", ("value",), BOOLEAN, "Whether the text is empty or nothing but white space; null for null.",
        # Most cells begin with a sign of ASCII that can be seen: a cheap look at it spares the pattern.
        {
            "duckdb": "CASE WHEN :value = '' THEN TRUE WHEN ascii(:value) BETWEEN 33 AND 126 THEN FALSE"
            " ELSE regexp_full_match(:value, :spaces) END"
        },
        {"spaces": f"[{WHITE_SPACE}]*"}, takes=("text",),
    ),
    Function(
        "may_be_padded", ("value",), BOOLEAN,
        "False only of text with no white space at either end: a cheap look before stripping it.",
        {"duckdb": "ascii(:value) NOT BETWEEN 33 AND 126 OR :value[-1] NOT BETWEEN '!' AND '~'"}, public=False,
    ),
    Function(
        "first_code_point", ("value",), INTEGER, "The code point of the text's first sign; 0 of empty text.",
        {"duckdb": "ascii(:value)"}, public=False,
    ),
    Function(
        "is_nan", ("value",), BOOLEAN, "Whether the float is NaN (not a number).", {"duckdb": "isnan(:value)"},
        takes=("float",),
    ),
    Function(
        "is_finite", ("value",), BOOLEAN, "Whether the float is neither NaN nor infinite.",
        {"duckdb": "isfinite(:value)"}, takes=("float",),
    ),
    Function(
        "finite", ("value",), None, "The float, or null where it is NaN or infinite.",
        {"duckdb": "CASE WHEN isfinite(:value) THEN :value END"}, public=False,
    ),
)  # fmt: skip
