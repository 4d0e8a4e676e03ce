r"""How contracts read the cells that they judge, in the words of Spark.

Its casts take more than is meant here (``1d`` as a double), so that each is held to a pattern; ``$`` would also stand before
a last line break.
"""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.dialects.spark import dates
from sanitizer_core.sql.function import Lowering, Said
from sanitizer_core.sql.judging import CLOCK, DAY, INTEGER_TEXT, TRUTH_OF_TEXT

_BLANKS = "\t\n\v\f\r "
_RUN = "[0-9]+(?:_[0-9]+)*"
_NUMBER = f"[+-]?(?:{_RUN}[.]?(?:{_RUN})?|[.]{_RUN})(?:[eE][+-]?{_RUN})?"
_BARE = "replace(trim(BOTH :blanks FROM :value), '_', '')"
_WHOLE = {"pattern": rf"^{INTEGER_TEXT}\z", "blanks": _BLANKS}
_NUMBERS = {
    "number": rf"^[{_BLANKS}]*{_NUMBER}[{_BLANKS}]*\z",
    "infinity": r"^[+-]?(?:inf|infinity)\z",
    "nan": r"^[+-]?nan\z",
    "blanks": _BLANKS,
}
_FLOAT = (
    f"CASE WHEN :value RLIKE :number THEN TRY_CAST({_BARE} AS DOUBLE)"
    " WHEN lower(trim(BOTH :blanks FROM :value)) RLIKE :infinity THEN"
    " CASE WHEN contains(:value, '-') THEN CAST('-Infinity' AS DOUBLE) ELSE CAST('Infinity' AS DOUBLE) END"
    " WHEN lower(trim(BOTH :blanks FROM :value)) RLIKE :nan THEN CAST('NaN' AS DOUBLE) END"
)

# Further digits of a second are cut off, as Spark does by itself only of some.
_CUT = "regexp_replace(trim(:value), '([.][0-9]{6})[0-9]+', '$1')"
_NAIVE = f"TRY_CAST({_CUT} AS TIMESTAMP_NTZ)"
_WRITTEN = f"regexp_replace(regexp_replace(regexp_replace({_CUT}, :utc, 'Z'), :hours, '$1:00'), :short, '$1:$2')"
_ZONE = r"(?: *(?:Z|UTC)|[+-](?:0[0-9]|1[0-5])(?::?[0-5][0-9])?)"
_ZONED = {
    "instant": rf"^{DAY}(?:[T ]{CLOCK}{_ZONE}?)? *\z",
    "zoned": rf":[0-9]{{2}}(?:[.][0-9]{{1,9}})?{_ZONE} *\z",
    "utc": r" *(?:Z|UTC)\z",
    "hours": r"([+-][0-9]{2})\z",
    "short": r"([+-][0-9]{2}):?([0-9]{2})\z",
}
_AT_ZONE = str(dates.LOWERINGS["at_zone"]).replace(":value", f"({_NAIVE})")

LOWERINGS: Mapping[str, Said] = {
    "pandas_integer": Lowering(f"CASE WHEN :value RLIKE :pattern THEN TRY_CAST({_BARE} AS BIGINT) END", _WHOLE),
    "pandas_unsigned": Lowering(
        f"CASE WHEN :value RLIKE :pattern AND TRY_CAST({_BARE} AS DECIMAL(38, 0)) BETWEEN 0 AND 18446744073709551615"
        f" THEN TRY_CAST({_BARE} AS DECIMAL(20, 0)) END",
        _WHOLE,
    ),
    "pandas_float": Lowering(_FLOAT, _NUMBERS),
    "pandas_decimal": Lowering(
        f"CASE WHEN :value RLIKE :number THEN TRY_CAST({_BARE} AS DECIMAL(:precision, :scale)) END", _NUMBERS
    ),
    "fitting_decimal": "TRY_CAST(:value AS DECIMAL(:precision, :scale))",
    "cut_integer": (
        "CASE WHEN :value >= -9223372036854775808 AND :value < 9223372036854775808 THEN TRY_CAST(:value AS BIGINT) END"
    ),
    "nan_is_null": "NULLIF(:value, CAST('NaN' AS DOUBLE))",
    "pandas_boolean": TRUTH_OF_TEXT,
    "in_code_points": ":value",
    "pandas_timestamp": Lowering(
        f"CASE WHEN :value RLIKE :moment THEN {_NAIVE} END", {"moment": rf"^{DAY}(?:[T ]{CLOCK})? *\z"}
    ),
    "pandas_timestamptz": Lowering(
        f"CASE WHEN :value RLIKE :instant THEN CASE WHEN :value RLIKE :zoned THEN TRY_CAST({_WRITTEN} AS TIMESTAMP)"
        f" ELSE {_AT_ZONE} END END",
        _ZONED,
    ),
}
"""By the function's name."""
