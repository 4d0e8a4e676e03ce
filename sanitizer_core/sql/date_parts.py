"""Portable functions that take dates and instants apart, move them, and measure between them (UTC, weeks by ISO 8601)."""

from __future__ import annotations

from sanitizer_core.schema import DATE, FLOAT, INTEGER
from sanitizer_core.sql.function import Function, Takes

PARTS = ("year", "quarter", "month", "week", "day", "dayofyear", "isodow", "hour", "minute", "second")
"""What can be taken from a date or a time; ``isodow`` is 1 on a Monday and 7 on a Sunday."""

CLOCK_PARTS = ("hour", "minute", "second")

UNITS = ("year", "quarter", "month", "week", "day", "hour", "minute", "second")
"""To what an instant can be cut."""

_PURPOSES = {
    "week": "The week of the year by ISO 8601 (the first has the year's first Thursday).",
    "isodow": "The day of the week: 1 is Monday, 7 is Sunday.",
    "dayofyear": "The day of the year, from 1.",
    "second": "The whole seconds of the minute.",
}


def _part(name: str) -> Function:
    takes: Takes = "clock" if name in CLOCK_PARTS else "moment"
    purpose = _PURPOSES.get(name, f"The {name} as a whole number.")
    also = {"isodow": ("dayofweek_iso",), "dayofyear": ("doy",)}.get(name, ())
    return Function(
        name,
        ("value",),
        INTEGER,
        purpose,
        {"duckdb": f"CAST(DATE_PART('{name}', :value) AS BIGINT)"},
        takes=(takes,),
        also=also,
    )


def _cut(unit: str) -> Function:
    purpose = f"The beginning of the {unit} that the moment lies in, of the same type."
    lowering = f"DATE_TRUNC('{unit}', :value)"
    return Function(f"cut_to_{unit}", ("value",), None, purpose, {"duckdb": lowering}, public=False)


def _in_calendar(kind: str, moved: str) -> str:
    last = "9999-12-31" if kind == "DATE" else "9999-12-31 23:59:59.999999"
    return f"CASE WHEN {moved} BETWEEN {kind} '0001-01-01' AND {kind} '{last}' THEN {moved} END"


FUNCTIONS: tuple[Function, ...] = (
    *map(_part, PARTS),
    Function(
        "epoch", ("value",), FLOAT, "Seconds since 1970-01-01 00:00:00 UTC.",
        {"duckdb": "CAST(EPOCH_US(:value) AS DOUBLE) / 1000000"}, takes=("moment",),
    ),
    Function(
        "make_date", ("year", "month", "day"), DATE, "The date of three numbers; null where there is no such day.",
        {"duckdb": "CASE WHEN :year BETWEEN 1 AND 9999 THEN TRY(MAKE_DATE(:year, :month, :day)) END"}, takes=("integer", "integer", "integer"),
    ),
    Function(
        "add_days", ("value", "days"), DATE, "The date so many days later; null beyond the calendar.",
        {"duckdb": _in_calendar("DATE", "TRY(:value + CAST(:days AS INTEGER))")}, takes=("date", "integer"),
    ),
    Function(
        "add_months", ("value", "months"), DATE,
        "The date so many months later, on the last day where the month is shorter; null beyond the calendar.",
        {"duckdb": _in_calendar("DATE", "TRY(CAST(:value + TO_MONTHS(CAST(:months AS INTEGER)) AS DATE))")}, takes=("date", "integer"),
    ),
    Function(
        "days_between", ("start", "finish"), INTEGER, "How many days from the first date to the second.",
        {"duckdb": "CAST(DATE_DIFF('day', :start, :finish) AS BIGINT)"}, takes=("date", "date"),
    ),
    Function(
        "seconds_between", ("start", "finish"), FLOAT, "How many seconds from the first moment to the second.",
        {"duckdb": "CAST(EPOCH_US(:finish) AS DOUBLE) / 1000000 - CAST(EPOCH_US(:start) AS DOUBLE) / 1000000"}, takes=("timestamp", "timestamp"),
    ),
    Function(
        "add_seconds", ("value", "seconds"), None, "The moment so many seconds later; null beyond the calendar.",
        {"duckdb": _in_calendar("TIMESTAMP", "TRY(:value + TO_MICROSECONDS(CAST(ROUND(:seconds * 1000000) AS BIGINT)))")}, takes=("timestamp", "float"),
    ),
    *map(_cut, UNITS),
)  # fmt: skip
