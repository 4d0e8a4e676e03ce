"""Functions between numbers and text, in the words of PostgreSQL, whose casts fail at what they cannot read.

A pattern guards each cast, and where a text might be beyond the range of its type, its digits are compared first.
"""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.dialects.postgres.holding import given
from sanitizer_core.sql.function import Lowering, Said
from sanitizer_core.sql.number_formats import currency_signs
from sanitizer_core.sql.white_space import WHITE_SPACE

_NUMBER = "(?:[0-9]+[.]?[0-9]*|[.][0-9]+)"
_PLAIN = f"^[+-]?{_NUMBER}$"
_WITH_POINT = "^[+-]?[0-9]+(?:[.][0-9]*)?$"
_WITH_EXPONENT = f"^[+-]?{_NUMBER}(?:[eE][+-]?[0-9]+)?$"

_DIGITS = "ltrim(:value, '+-0')"
_LIMIT = "CASE WHEN left(:value, 1) = '-' THEN '9223372036854775808' ELSE '9223372036854775807' END"

_INTEGER = (
    "CASE WHEN :value ~ '^[+-]?[0-9]+$' THEN CASE WHEN length(:value) < 19 THEN CAST(:value AS bigint)"
    f' WHEN length({_DIGITS}) < 19 OR (length({_DIGITS}) = 19 AND {_DIGITS} COLLATE "C" <= {_LIMIT})'
    " THEN CAST(:value AS bigint) END END"
)

_LONGEST = 5000
"""Digits of a number that is looked at closely; the engine's exact numbers end at 16,383 behind the point."""


def _double(value: str) -> str:
    """A template of a number's text as a double: null beyond the range, 0 below it; short ones are read at once.

    Half of the least double is rounded to 0, and what rounds to a power beyond the greatest is none.
    """
    power = f"ltrim(substring({value} FROM '[eE][+-]?([0-9]+)$'), '0')"
    exact = f"abs(CAST({value} AS numeric))"
    return (
        f"CASE WHEN length({value}) < 300 AND strpos(lower({value}), 'e') = 0 THEN CAST({value} AS double precision)"
        f" WHEN length({value}) > {_LONGEST} THEN NULL"
        f" WHEN coalesce(length({power}), 0) > 4 THEN CASE WHEN {value} ~ '[1-9].*[eE]' AND {value} !~ '[eE]-' THEN NULL"
        f" ELSE CAST(CASE WHEN left({value}, 1) = '-' THEN '-0' ELSE '0' END AS double precision) END"
        f" WHEN {exact} <= 2.4703282292062328e-324"
        f" THEN CAST(CASE WHEN left({value}, 1) = '-' THEN '-0' ELSE '0' END AS double precision)"
        f" WHEN {exact} < 1.79769313486231580793728971405303e308 THEN CAST({value} AS double precision) END"
    )


def _decimal(value: str) -> str:
    """A template of a number's text as a decimal, rounded; null where it is too large."""
    exact = f"round(CAST({value} AS numeric), CAST(:scale AS int))"
    return (
        f"CASE WHEN abs({exact}) < power(CAST(10 AS numeric), CAST(:precision AS int) - CAST(:scale AS int))"
        f" THEN CAST({exact} AS numeric(:precision, :scale)) END"
    )


_TAIL = "round(CAST(:value AS numeric), CAST(:scale AS int)) = CAST(:value AS numeric)"
# To find the parts of what is written plainly takes less time than to round and to compare, which reads it time and again.
_TRY_DECIMAL = (
    f"CASE WHEN :value ~ '{_WITH_POINT}' AND length(split_part(:value, '.', 1)) <= CAST(:precision AS int) - CAST(:scale AS int)"
    " AND length(split_part(:value, '.', 2)) <= CAST(:scale AS int) THEN CAST(:value AS numeric(:precision, :scale))"
    f" WHEN :value ~ '{_PLAIN}' AND length(:value) <= {_LONGEST} THEN CASE WHEN {_TAIL} THEN {_decimal(':value')} END END"
)
_MINUS = "CASE WHEN strpos(:value, '-') > 0 OR strpos(:value, '(') > 0 OR strpos(:value, '−') > 0 THEN '-' ELSE '' END"
_EMPTY = "left(:value, 0)"
_DIGITS_AND_MARKS = "replace(replace(coalesce(regexp_substr(:value, :run), ''), :thousands, ''), :mark, '.')"

# Between 1e15 and 1e16 the engine writes an exponent where DuckDB does not: the point moves by fifteen places.
_MANTISSA = "replace(left(CAST(abs(:value) AS text), strpos(CAST(abs(:value) AS text), 'e') - 1), '.', '')"
# Where a number lies just between two doubles, a reader takes the even one, and DuckDB writes such a number when it is the
# shortest, as 1e+23; the engine takes care not to. Only whole numbers from 1e16 to 1e40 have such neighbours.
_ABSOLUTE = "CAST(abs(:value) AS text)"
_SHORTER = given(
    f'CASE WHEN "@d" < 1 THEN {_ABSOLUTE}'
    ' WHEN CAST(concat("@low", "@e") AS double precision) = abs(:value) THEN concat(trim_scale("@low"), "@e")'
    ' WHEN CAST(concat("@low" + "@step", "@e") AS double precision) = abs(:value) THEN'
    ' CASE WHEN "@low" + "@step" < 10 THEN concat(trim_scale("@low" + "@step"), "@e")'
    f" ELSE concat('1e+', CAST(substr(\"@e\", 3) AS int) + 1) END ELSE {_ABSOLUTE} END",
    {"@m": f"CAST(split_part({_ABSOLUTE}, 'e', 1) AS numeric)", "@e": f"concat('e', split_part({_ABSOLUTE}, 'e', 2))"},
    {"@m": '"@m"', "@d": 'scale("@m")', "@e": '"@e"'},
    {"@d": '"@d"', "@e": '"@e"', "@low": 'trunc("@m", "@d" - 1)', "@step": "CAST(concat('1e', 1 - \"@d\") AS numeric)"},
)
_TEXT = (
    "CASE WHEN abs(:value) >= 1e15 THEN CASE WHEN :value = CAST('NaN' AS double precision) THEN 'nan'"
    " WHEN abs(:value) = CAST('Infinity' AS double precision) THEN CASE WHEN :value > 0 THEN 'inf' ELSE '-inf' END"
    f" WHEN abs(:value) >= 1e16 AND abs(:value) < 1e40 THEN concat(CASE WHEN :value < 0 THEN '-' END, {_SHORTER})"
    " WHEN abs(:value) >= 1e16 THEN CAST(:value AS text)"
    f" ELSE concat(CASE WHEN :value < 0 THEN '-' END, rpad(left({_MANTISSA}, 16), 16, '0'),"
    f" CASE WHEN length({_MANTISSA}) > 16 THEN '.' || substr({_MANTISSA}, 17) END) END"
    " ELSE CAST(:value AS text) END"
)

_ANY = "CAST(:value AS text)"
_BETWEEN = ":value >= -9223372036854775808 AND :value < 9223372036854775808"


def money_marked(constants: Mapping[str, str]) -> Lowering:
    """Without a letter it can only be a sign, which is looked for much faster than the codes of all currencies."""
    return Lowering(
        "CASE WHEN :value ~ '[A-Za-zł]' THEN regexp_replace(:value, :money, '¤', 'g')"
        " ELSE regexp_replace(:value, :sign, '¤', 'g') END",
        {"money": constants["money"], "sign": f"[{currency_signs()}]"},
    )


LOWERINGS: Mapping[str, Said] = {
    "try_integer": _INTEGER,
    # What was read as an integer before is a number already, of which no pattern can be asked.
    "try_float": f"CASE WHEN {_ANY} ~ '{_WITH_EXPONENT}' THEN {_double(_ANY)} END",
    "try_decimal": _TRY_DECIMAL,
    "try_boolean": "CASE lower(:value COLLATE \"C\") WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END",
    "float_text": _TEXT,
    "plain_number": f"concat({_MINUS}, replace(regexp_replace(:value, :others, '', 'g'), :mark, '.'))",
    "first_number": f"concat({_MINUS}, {_DIGITS_AND_MARKS})",
    "leading_number": Lowering(
        f"concat(CASE WHEN :value ~ :minus THEN '-' ELSE '' END, {_DIGITS_AND_MARKS})",
        {"minus": f"^[{WHITE_SPACE}]*[-−]"},
    ),
    "before_blank": "left(:value, strpos(:value, ' ') - 1)",
    "after_blank": "substr(:value, strpos(:value, ' ') + 1)",
    "exponent_of": f"coalesce(substring(:value FROM '[0-9.,][eE]([+-]?[0-9]+)'), {_EMPTY})",
    "without_exponent": r"regexp_replace(:value, '([0-9.,])[eE][+-]?[0-9]+', '\1')",
    "parts_joined": "concat(:number, 'e', :exponent)",
    "leading_part": f"coalesce(regexp_substr(:value, :pattern), {_EMPTY})",
    "without_part": "regexp_replace(:value, :pattern, '')",
    "money_marked": money_marked,
    "loose_float": Lowering(
        f"CASE WHEN :value ~ :number THEN {_double('btrim(:value, :blanks)')} END",
        {"number": rf"^[ \t-\r]*[+-]?{_NUMBER}(?:[eE][+-]?[0-9]+)?[ \t-\r]*$", "blanks": " \t\n\v\f\r"},
    ),
    "cast_integer": f"CASE WHEN :value ~ '^[+-]?[0-9]+$' THEN {_INTEGER} WHEN :value ~ '{_PLAIN}' AND length(:value) <= {_LONGEST}"
    " THEN CASE WHEN round(CAST(:value AS numeric)) BETWEEN -9223372036854775808 AND 9223372036854775807"
    " THEN CAST(round(CAST(:value AS numeric)) AS bigint) END END",
    "cast_float": f"CASE WHEN {_ANY} ~ '{_WITH_EXPONENT}' THEN {_double(_ANY)} END",
    # A decimal of another size is converted by its text, too.
    "cast_decimal": f"CASE WHEN {_ANY} ~ '{_WITH_EXPONENT}' AND length({_ANY}) <= {_LONGEST}"
    f" AND coalesce(length(ltrim(substring({_ANY} FROM '[eE][+-]?([0-9]+)$'), '0')), 0) <= 4 THEN {_decimal(_ANY)} END",
    "same_number": f"coalesce(CASE WHEN :text ~ '{_WITH_EXPONENT}' THEN strpos(:text, 'e') <= 16 AND CAST(:number AS double precision) = ({_double(':text')}) ELSE FALSE END, FALSE)",
    "below": "abs(CAST(:number AS double precision)) < :limit",
    "whole": f"CASE WHEN :value = trunc(:value) AND {_BETWEEN} THEN CAST(:value AS bigint) END",
    "exact_float": "CASE WHEN CAST(CAST(CAST(:value AS double precision) AS text) AS numeric) = :value THEN CAST(:value AS double precision) END",
    "truth": "CASE WHEN :value = 1 THEN TRUE WHEN :value = 0 THEN FALSE END",
}
"""By the function's name."""
