"""Portable functions behind the operators of expressions: no value makes them fail."""

from __future__ import annotations

from sanitizer_core.schema import FLOAT, INTEGER
from sanitizer_core.sql.function import Function

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "add", ("left", "right"), None, "The sum of whole numbers; null beyond 64 bits.",
        {"duckdb": "TRY(:left + :right)"}, public=False,
    ),
    Function(
        "subtract", ("left", "right"), None, "The difference of whole numbers; null beyond 64 bits.",
        {"duckdb": "TRY(:left - :right)"}, public=False,
    ),
    Function(
        "multiply", ("left", "right"), None, "The product of whole numbers; null beyond 64 bits.",
        {"duckdb": "TRY(:left * :right)"}, public=False,
    ),
    Function(
        "divide", ("left", "right"), FLOAT, "The quotient as a double; null where the divisor is 0.",
        {"duckdb": ":left / NULLIF(:right, 0)"}, public=False,
    ),
    Function(
        "remainder", ("left", "right"), None, "What is left of a division, with the sign of the dividend; null where the divisor is 0.",
        {"duckdb": ":left % NULLIF(CASE WHEN :right = -1 THEN 1 ELSE :right END, 0)"}, public=False,
    ),
    *(
        Function(
            f"{name}_decimals", ("left", "right"), None, f"As {name}, of decimals; null where it needs more than 38 digits.",
            {"duckdb": f"TRY(:left {sign} :right)"}, public=False,
        )
        for name, sign in (("add", "+"), ("subtract", "-"), ("multiply", "*"))
    ),
    Function(
        "float_remainder", ("left", "right"), FLOAT, "As remainder, of floats.",
        {"duckdb": "TRY(:left % NULLIF(:right, 0))"}, public=False,
    ),
    Function(
        "abs", ("value",), None, "The number without its sign.",
        {"duckdb": "TRY(ABS(:value))"}, takes=("number",),
    ),
    Function(
        "sign", ("value",), INTEGER, "-1, 0 or 1.",
        {"duckdb": "CAST(SIGN(:value) AS BIGINT)"}, takes=("number",),
    ),
    Function(
        "ceil", ("value",), None, "The next whole number at or above, of the same type.",
        {"duckdb": "CEIL(:value)"}, public=False,
    ),
    Function(
        "floor", ("value",), None, "The next whole number at or below, of the same type.",
        {"duckdb": "FLOOR(:value)"}, public=False,
    ),
    Function(
        "trunc", ("value",), None, "The number without what stands behind the point, of the same type.",
        {"duckdb": "TRUNC(:value)"}, public=False,
    ),
    Function(
        "round_number", ("value", "digits"), None,
        "The number with so many digits behind the point (before it, when negative); halves go away from zero.",
        {"duckdb": "ROUND(:value, CAST(:digits AS INTEGER))"}, public=False,
    ),
    Function(
        "round_float", ("value", "digits"), FLOAT, "As round_number, of a float.",
        {"duckdb": "ROUND(:value, CAST(:digits AS INTEGER))"}, public=False,
    ),
    Function(
        "whole_number", ("value",), INTEGER, "The nearest whole number, halves away from zero; null beyond 64 bits.",
        {"duckdb": "TRY_CAST(ROUND(:value) AS BIGINT)"}, public=False,
    ),
    *(
        Function(
            name, ("value", "precision", "scale"), None, f"The {what} as a decimal, halves away from zero; null where it is too large.",
            {"duckdb": "TRY(CAST(:value AS DECIMAL(:precision, :scale)))"}, public=False,
        )
        for name, what in (("to_decimal", "whole number or decimal"), ("float_to_decimal", "float"))
    ),
    Function(
        "sqrt", ("value",), FLOAT, "The square root; null below 0.",
        {"duckdb": "CASE WHEN :value >= 0 THEN SQRT(:value) END"}, takes=("float",),
    ),
    Function(
        "power", ("value", "exponent"), FLOAT, "The number to a power; null where that is no number.",
        {"duckdb": "CASE WHEN NOT ISNAN(POWER(:value, :exponent)) THEN POWER(:value, :exponent) END"},
        takes=("float", "float"), also=("pow",),
    ),
    Function("exp", ("value",), FLOAT, "e to the power of the number.", {"duckdb": "EXP(:value)"}, takes=("float",)),
    Function(
        "ln", ("value",), FLOAT, "The natural logarithm; null at 0 and below.",
        {"duckdb": "CASE WHEN :value > 0 THEN LN(:value) END"}, takes=("float",),
    ),
    Function(
        "log10", ("value",), FLOAT, "The logarithm to the base 10; null at 0 and below.",
        {"duckdb": "CASE WHEN :value > 0 THEN LOG10(:value) END"}, takes=("float",),
    ),
    Function(
        "log2", ("value",), FLOAT, "The logarithm to the base 2; null at 0 and below.",
        {"duckdb": "CASE WHEN :value > 0 THEN LOG2(:value) END"}, takes=("float",),
    ),
    Function(
        "larger", ("left", "right"), None, "The greater of two; the other where one is null.",
        {"duckdb": "GREATEST(:left, :right)"}, public=False,
    ),
    Function(
        "smaller", ("left", "right"), None, "The lesser of two; the other where one is null.",
        {"duckdb": "LEAST(:left, :right)"}, public=False,
    ),
)  # fmt: skip
