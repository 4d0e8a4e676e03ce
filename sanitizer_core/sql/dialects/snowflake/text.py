"""Functions on text, in the words of Snowflake.

There is no Unicode normalization, so ``nfc``, ``compose`` and ``strip_accents`` are left out.
"""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.dialects import letters
from sanitizer_core.sql.dialects.patterned import (
    Made,
    among,
    constant,
    group_number,
    if_text,
    marked,
    own,
    written,
)
from sanitizer_core.sql.dialects.signs import CURLY, INVISIBLE, JOINED, PLAIN, PUNCTUATION, WITH_JOINERS, WORDS
from sanitizer_core.sql.function import IN_PLACE, Lowering, Said
from sanitizer_core.sql.pattern_posix import plain
from sanitizer_core.sql.white_space import WHITE_SPACE

_BLANKS = {"blanks": WHITE_SPACE}


def _matches(texts: Mapping[str, str]) -> Lowering:
    """What is compared has to fit from end to end; the flag lets . be a line feed."""
    pattern = plain(constant(texts, "pattern"))
    return Lowering("REGEXP_LIKE(:value, :pattern, 's')", {"pattern": f".*({pattern}).*"})


def _group(found: str) -> Made:
    def made(texts: Mapping[str, str]) -> Lowering:
        number, given = group_number(texts), _matches(texts)
        pattern = {"pattern": plain(constant(texts, "pattern")), "whole": given.constants["pattern"]}
        part = found if number == 0 else f"REGEXP_SUBSTR(:value, :pattern, 1, 1, 'e', {number})"
        return Lowering(f"CASE WHEN REGEXP_LIKE(:value, :whole, 's') THEN COALESCE({part}, '') END", pattern)

    return made


def _invisible(found: str) -> str:
    """Sets cannot name the character NUL."""
    return found.replace(r"\x00-\x08", r"\x01-\x08")


_TITLED = (
    f"ARRAY_TO_STRING(TRANSFORM(REGEXP_SUBSTR_ALL(:value, :words), word -> {letters.upper('LEFT(CAST(word AS VARCHAR), 1)')}"
    f" || {letters.lower('SUBSTR(CAST(word AS VARCHAR), 2)')}), '')"
)

LOWERINGS: Mapping[str, Said] = {
    "strip": Lowering("TRIM(:value, :blanks)", _BLANKS),
    "ltrim": Lowering("LTRIM(:value, :blanks)", _BLANKS),
    "rtrim": Lowering("RTRIM(:value, :blanks)", _BLANKS),
    "collapse_space": written("REGEXP_REPLACE(:value, :spaces, ' ')", "snowflake", spaces=f"[{WHITE_SPACE}]+"),
    "lower": Lowering(letters.lower(":value"), letters.CONSTANTS),
    "upper": Lowering(letters.upper(":value"), letters.CONSTANTS),
    "title_case": Lowering(_TITLED, {**letters.CONSTANTS, **written("", "snowflake", words=WORDS).constants}),
    "sentence_case": Lowering(
        f"{letters.upper('LEFT(:value, 1)')} || {letters.lower('SUBSTR(:value, 2)')}", letters.CONSTANTS
    ),
    "length": "LENGTH(:value)",
    "contains": "CONTAINS(:value, :part)",
    "starts_with": "STARTSWITH(:value, :part)",
    "ends_with": "ENDSWITH(:value, :part)",
    "strpos": "CHARINDEX(:part, :value)",
    "substring": "SUBSTR(:value, GREATEST(COALESCE(:start, 1), 1), LEAST(GREATEST(COALESCE(:length, 2147483647), 0), 2147483647))",
    "left": "LEFT(:value, GREATEST(COALESCE(:length, 0), 0))",
    "right": "RIGHT(:value, GREATEST(COALESCE(:length, 0), 0))",
    "replace": if_text("part", "REPLACE(:value, :part, :by)"),
    "split_part": if_text("separator", "CASE WHEN :number <> 0 THEN SPLIT_PART(:value, :separator, :number) END"),
    "part_of": if_text("separator", "CAST(GET(SPLIT(:value, :separator), :number - 1) AS VARCHAR)"),
    "parts_from": if_text(
        "separator",
        "CASE WHEN ARRAY_SIZE(SPLIT(:value, :separator)) >= :number"
        " THEN ARRAY_TO_STRING(ARRAY_SLICE(SPLIT(:value, :separator), :number - 1, 2147483647), :separator) END",
    ),
    "lpad": "CASE WHEN :fill <> '' THEN LPAD(:value, LEAST(GREATEST(COALESCE(:length, 0), 0), 1000000), :fill) END",
    "rpad": "CASE WHEN :fill <> '' THEN RPAD(:value, LEAST(GREATEST(COALESCE(:length, 0), 0), 1000000), :fill) END",
    "like": ":value LIKE :pattern",
    "fits_mask": ":value LIKE :mask",
    "matches": _matches,
    "replace_pattern": marked("REGEXP_REPLACE(:value, :pattern, :replacement)", posix=True),
    "replace_first_pattern": marked("REGEXP_REPLACE(:value, :pattern, :replacement, 1, 1)", posix=True),
    "extract_pattern": _group("REGEXP_SUBSTR(:value, :pattern)"),
    "is_ascii": "OCTET_LENGTH(:value) = LENGTH(:value)",
    "remove_invisible": written(
        "CASE WHEN REGEXP_LIKE(:value, :joined, 's') THEN REGEXP_REPLACE(REPLACE(:value, CHR(0), ''), :invisible, '')"
        " ELSE REGEXP_REPLACE(REPLACE(:value, CHR(0), ''), :with_joiners, '') END",
        "snowflake",
        joined=f"(?:.|\n)*{JOINED}(?:.|\n)*",
        invisible=_invisible(INVISIBLE),
        with_joiners=_invisible(WITH_JOINERS),
    ),
    "plain_punctuation": Lowering(
        "REPLACE(TRANSLATE(:value, :curly, :plain), '…', '...')", {"curly": CURLY, "plain": PLAIN}
    ),
    "remove_punctuation": written("REGEXP_REPLACE(:value, :punctuation, '')", "snowflake", punctuation=PUNCTUATION),
    "fits_pattern": own("REGEXP_LIKE(:value, :pattern)", "snowflake", "pattern", whole=("pattern",)),
    "let": IN_PLACE,
    "among": among,
    "is_blank": Lowering("TRIM(:value, :blanks) = ''", _BLANKS),
    "may_be_padded": Lowering("LENGTH(TRIM(:value, :blanks)) <> LENGTH(:value)", _BLANKS),
    "first_code_point": "UNICODE(:value)",
    "md5": "MD5(:value)",
    "sha256": "SHA2(:value, 256)",
    "keyed_hash": "SHA2(GETVARIABLE(:key) || SHA2(GETVARIABLE(:key) || :value, 256), 256)",
    "keep_last": "REPEAT(:mark, GREATEST(0, LENGTH(:value) - :count)) || RIGHT(:value, LEAST(:count, LENGTH(:value)))",
    "digit_shape": "TRANSLATE(:value, '123456789', '000000000')",
}
"""By the function's name."""
