"""Functions on text, in the words of Trino, whose patterns are those of Joni (the default) in the syntax of Java."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.dialects.patterned import among, if_text, marked, own, written
from sanitizer_core.sql.dialects.signs import CURLY, INVISIBLE, JOINED, PLAIN, PUNCTUATION, WITH_JOINERS, WORDS
from sanitizer_core.sql.function import Lowering, Said
from sanitizer_core.sql.white_space import WHITE_SPACE

_BLANKS = {"blanks": WHITE_SPACE}

# Case is mapped letter by letter, as it is meant; but for ß, which has a capital of its own.
_CAPITAL = "REPLACE(UPPER({0}), 'ß', 'ẞ')"
_TITLED = (
    f"ARRAY_JOIN(TRANSFORM(REGEXP_EXTRACT_ALL(:value, :words), word -> {_CAPITAL.format('SUBSTR(word, 1, 1)')}"
    " || LOWER(SUBSTR(word, 2))), '')"
)

LOWERINGS: Mapping[str, Said] = {
    "strip": Lowering("TRIM(BOTH :blanks FROM :value)", _BLANKS),
    "ltrim": Lowering("TRIM(LEADING :blanks FROM :value)", _BLANKS),
    "rtrim": Lowering("TRIM(TRAILING :blanks FROM :value)", _BLANKS),
    "collapse_space": written("REGEXP_REPLACE(:value, :spaces, ' ')", "trino", spaces=f"[{WHITE_SPACE}]+"),
    "lower": "LOWER(:value)",
    "upper": _CAPITAL.format(":value"),
    "title_case": written(_TITLED, "trino", words=WORDS),
    "sentence_case": f"{_CAPITAL.format('SUBSTR(:value, 1, 1)')} || LOWER(SUBSTR(:value, 2))",
    "length": "LENGTH(:value)",
    "contains": "STRPOS(:value, :part) > 0",
    "starts_with": "STARTS_WITH(:value, :part)",
    "ends_with": "SUBSTR(:value, GREATEST(LENGTH(:value) - LENGTH(:part), 0) + 1) = :part",
    "strpos": "STRPOS(:value, :part)",
    "substring": "SUBSTR(:value, GREATEST(COALESCE(:start, 1), 1), LEAST(GREATEST(COALESCE(:length, 2147483647), 0), 2147483647))",
    "left": "SUBSTR(:value, 1, GREATEST(COALESCE(:length, 0), 0))",
    "right": "SUBSTR(:value, GREATEST(LENGTH(:value) - GREATEST(COALESCE(:length, 0), 0), 0) + 1)",
    "replace": if_text("part", "REPLACE(:value, :part, :by)"),
    "split_part": if_text(
        "separator",
        "CASE WHEN :number <> 0 AND :value IS NOT NULL"
        " THEN COALESCE(ELEMENT_AT(SPLIT(:value, :separator), CAST(:number AS BIGINT)), '') END",
    ),
    "part_of": if_text("separator", "ELEMENT_AT(SPLIT(:value, :separator), :number)"),
    "parts_from": if_text(
        "separator",
        "CASE WHEN CARDINALITY(SPLIT(:value, :separator)) >= :number"
        " THEN ARRAY_JOIN(SLICE(SPLIT(:value, :separator), :number, 2147483647), :separator) END",
    ),
    "lpad": "CASE WHEN :fill <> '' THEN LPAD(:value, LEAST(GREATEST(COALESCE(:length, 0), 0), 1000000), :fill) END",
    "rpad": "CASE WHEN :fill <> '' THEN RPAD(:value, LEAST(GREATEST(COALESCE(:length, 0), 0), 1000000), :fill) END",
    "strip_accents": "NORMALIZE(REGEXP_REPLACE(NORMALIZE(:value, NFD), '\\p{M}', ''), NFC)",
    "nfc": "NORMALIZE(:value, NFC)",
    "compose": "NORMALIZE(:value, NFC)",
    "like": ":value LIKE :pattern",
    "fits_mask": ":value LIKE :mask",
    "matches": "REGEXP_LIKE(:value, :pattern)",
    "replace_pattern": marked("REGEXP_REPLACE(:value, :pattern, :replacement)"),
    "extract_pattern": "CASE WHEN REGEXP_LIKE(:value, :pattern) THEN COALESCE(REGEXP_EXTRACT(:value, :pattern, :group), '') END",
    "is_ascii": "LENGTH(TO_UTF8(:value)) = LENGTH(:value)",
    "remove_invisible": written(
        "CASE WHEN REGEXP_LIKE(:value, :joined) THEN REGEXP_REPLACE(:value, :invisible, '')"
        " ELSE REGEXP_REPLACE(:value, :with_joiners, '') END",
        "trino",
        joined=JOINED,
        invisible=INVISIBLE,
        with_joiners=WITH_JOINERS,
    ),
    "plain_punctuation": Lowering(
        "REPLACE(TRANSLATE(:value, :curly, :plain), '…', '...')", {"curly": CURLY, "plain": PLAIN}
    ),
    "remove_punctuation": written("REGEXP_REPLACE(:value, :punctuation, '')", "trino", punctuation=PUNCTUATION),
    "fits_pattern": own("REGEXP_LIKE(:value, :pattern)", "trino", "pattern", whole=("pattern",)),
    "let": 'ELEMENT_AT(TRANSFORM(ARRAY[:value], "@it" -> :body), 1)',
    "among": among,
    "is_blank": Lowering("TRIM(BOTH :blanks FROM :value) = ''", _BLANKS),
    "may_be_padded": Lowering("TRIM(BOTH :blanks FROM :value) <> :value", _BLANKS),
    "first_code_point": "CASE WHEN :value = '' THEN 0 ELSE CODEPOINT(CAST(SUBSTR(:value, 1, 1) AS VARCHAR(1))) END",
    "md5": "LOWER(TO_HEX(MD5(TO_UTF8(:value))))",
    "sha256": "LOWER(TO_HEX(SHA256(TO_UTF8(:value))))",
    "keep_last": (
        "LPAD('', GREATEST(0, LENGTH(:value) - :count), :mark)"
        " || SUBSTR(:value, GREATEST(LENGTH(:value) - :count, 0) + 1)"
    ),
    "digit_shape": "TRANSLATE(:value, '123456789', '000000000')",
}
"""By the function's name."""
