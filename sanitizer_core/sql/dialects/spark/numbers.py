"""Functions between numbers and text, in the words of Spark. Its casts are tried, and never raise."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.function import Lowering, Said
from sanitizer_core.sql.white_space import WHITE_SPACE

_FLOAT = "[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][+-]?[0-9]+)?"
_BLANKS = r"[ \t\n\x0B\f\r]*"
_INFINITY = "CAST('Infinity' AS DOUBLE)"
_READ = "TRY_CAST(:value AS DOUBLE)"
_DECIMAL = "TRY_CAST(:value AS DECIMAL(:precision, :scale))"
_MINUS = "CASE WHEN contains(:value, '-') OR contains(:value, '(') OR contains(:value, '−') THEN '-' ELSE '' END"
_FIRST = "replace(replace(coalesce(regexp_extract(:value, :run, 0), ''), :thousands, ''), :mark, '.')"
# A double holds 2^63, which is no whole number of 64 bits.
_HELD = ":value < 9223372036854775808"

# Java before 19 writes some doubles with a digit too many, and all with two at least: the fewest that read back are looked for.
_JAVA = "CAST(:value AS STRING)"
_FEWEST = "element_at(filter(transform({}, n -> format_string(concat('%.', n, 'e'), :value)), s -> CAST(s AS DOUBLE) = :value), 1)"
_SHORT = (
    f"CASE WHEN abs(:value) < 1e-300 THEN {_FEWEST.format('sequence(0, 16)')}"
    f" ELSE {_FEWEST.format('array(14, 15, 16)')} END"
)
_SCIENTIFIC = f"regexp_replace({_SHORT}, :empty, 'e')"
_PLAIN = f"trim(TRAILING '.' FROM trim(TRAILING '0' FROM CAST(TRY_CAST({_SHORT} AS DECIMAL(38, 21)) AS STRING)))"
_FLOAT_TEXT = (
    "CASE WHEN :value IS NULL THEN NULL WHEN :value = CAST('NaN' AS DOUBLE) THEN 'nan'"
    f" WHEN abs(:value) = {_INFINITY} THEN CASE WHEN :value > 0 THEN 'inf' ELSE '-inf' END"
    f" WHEN :value = 0 THEN CASE WHEN startswith({_JAVA}, '-') THEN '-0' ELSE '0' END"
    " WHEN abs(:value) < 1e15 AND :value % 1 = 0 THEN CAST(CAST(:value AS BIGINT) AS STRING)"
    f" WHEN length({_JAVA}) < 17 AND NOT contains({_JAVA}, 'E') THEN {_JAVA}"
    f" WHEN abs(:value) >= CAST('1e-4' AS DOUBLE) AND abs(:value) < 1e16 THEN {_PLAIN} ELSE {_SCIENTIFIC} END"
)

LOWERINGS: Mapping[str, Said] = {
    "try_integer": r"CASE WHEN :value RLIKE '^[+-]?[0-9]+\\z' THEN TRY_CAST(:value AS BIGINT) END",
    "try_float": Lowering(
        f"CASE WHEN :value RLIKE :whole AND abs({_READ}) < {_INFINITY} THEN {_READ} END", {"whole": rf"^{_FLOAT}\z"}
    ),
    "try_decimal": Lowering(
        f"CASE WHEN :value RLIKE :whole AND length(regexp_extract(:value, :behind, 1)) <= :scale THEN {_DECIMAL} END",
        {"whole": r"^[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)\z", "behind": r"[.]([0-9]*[1-9])0*\z"},
    ),
    "try_boolean": r"CASE WHEN :value RLIKE '^(?i)true\\z' THEN TRUE WHEN :value RLIKE '^(?i)false\\z' THEN FALSE END",
    "float_text": Lowering(_FLOAT_TEXT, {"empty": "(?:[.]0+|(?<=[.][0-9]{0,17}[1-9])0+)e"}),
    "plain_number": f"concat({_MINUS}, coalesce(replace(regexp_replace(:value, :others, ''), :mark, '.'), ''))",
    "first_number": f"concat({_MINUS}, {_FIRST})",
    "leading_number": Lowering(
        f"concat(CASE WHEN :value RLIKE :signed THEN '-' ELSE '' END, {_FIRST})", {"signed": f"^[{WHITE_SPACE}]*[-−]"}
    ),
    "before_blank": "CASE WHEN contains(:value, ' ') THEN substring_index(:value, ' ', 1)"
    " ELSE left(:value, greatest(length(:value) - 1, 0)) END",
    "after_blank": "substring(:value, instr(:value, ' ') + 1)",
    "exponent_of": "regexp_extract(:value, '[0-9.,][eE]([+-]?[0-9]+)', 1)",
    "without_exponent": Lowering(
        "regexp_replace(:value, :first, '$1$2')", {"first": "([0-9.,])[eE][+-]?[0-9]+((?s:.*))"}
    ),
    "parts_joined": "concat(coalesce(:number, ''), 'e', coalesce(:exponent, ''))",
    "money_marked": "regexp_replace(:value, :money, '¤')",
    "leading_part": "regexp_extract(:value, :pattern, 0)",
    "without_part": lambda constants: Lowering(
        "regexp_replace(:value, :own, '$1')", {"own": rf"(?:{constants['pattern']})((?s:.*))"}
    ),
    "loose_float": Lowering(
        f"CASE WHEN :value RLIKE :whole AND abs({_READ}) < {_INFINITY} THEN {_READ} END",
        {"whole": rf"^{_BLANKS}{_FLOAT}{_BLANKS}\z"},
    ),
    # The first digit behind the point says whether it is rounded up.
    "cast_integer": Lowering(
        "TRY_CAST(round(TRY_CAST(regexp_replace(:value, :behind, '$1') AS DECIMAL(38, 1))) AS BIGINT)",
        {"behind": r"([.][0-9])[0-9]+\z"},
    ),
    "cast_float": f"CASE WHEN abs({_READ}) < {_INFINITY} THEN {_READ} END",
    "cast_decimal": _DECIMAL,
    "same_number": "coalesce(instr(:text, 'e') <= 16 AND CAST(:number AS DOUBLE) = TRY_CAST(:text AS DOUBLE), FALSE)",
    "below": "abs(CAST(:number AS DOUBLE)) < :limit",
    "whole": f"CASE WHEN :value % 1 = 0 AND {_HELD} THEN TRY_CAST(:value AS BIGINT) END",
    "exact_float": "CASE WHEN TRY_CAST(CAST(:value AS DOUBLE) AS DECIMAL(38, 10)) = :value THEN CAST(:value AS DOUBLE) END",
    "truth": "CASE WHEN :value = 1 THEN TRUE WHEN :value = 0 THEN FALSE END",
}
