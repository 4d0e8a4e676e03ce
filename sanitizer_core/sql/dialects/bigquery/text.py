"""Functions on text, in the words of BigQuery, whose patterns are RE2's."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.dialects import letters
from sanitizer_core.sql.dialects.patterned import among, if_text, like, marked, masked, one_group, own, written
from sanitizer_core.sql.dialects.signs import CURLY, INVISIBLE, JOINED, PLAIN, PUNCTUATION, WITH_JOINERS, WORDS
from sanitizer_core.sql.function import Lowering, Said
from sanitizer_core.sql.white_space import WHITE_SPACE

_BLANKS = {"blanks": WHITE_SPACE}

_TITLED = (
    f"(SELECT STRING_AGG(CONCAT({letters.upper('LEFT(word, 1)')}, {letters.lower('SUBSTR(word, 2)')}), '' ORDER BY place)"  # noqa: S608 (a template, of constants)
    " FROM UNNEST(REGEXP_EXTRACT_ALL(:value, :words)) AS word WITH OFFSET AS place)"
)

LOWERINGS: Mapping[str, Said] = {
    "strip": Lowering("TRIM(:value, :blanks)", _BLANKS),
    "ltrim": Lowering("LTRIM(:value, :blanks)", _BLANKS),
    "rtrim": Lowering("RTRIM(:value, :blanks)", _BLANKS),
    "collapse_space": written("REGEXP_REPLACE(:value, :spaces, ' ')", "bigquery", spaces=f"[{WHITE_SPACE}]+"),
    "lower": Lowering(letters.lower(":value"), letters.CONSTANTS),
    "upper": Lowering(letters.upper(":value"), letters.CONSTANTS),
    "title_case": Lowering(
        f"CASE WHEN :value = '' THEN '' ELSE {_TITLED} END",
        {**letters.CONSTANTS, **written("", "bigquery", words=WORDS).constants},
    ),
    "sentence_case": Lowering(
        f"CONCAT({letters.upper('LEFT(:value, 1)')}, {letters.lower('SUBSTR(:value, 2)')})", letters.CONSTANTS
    ),
    "length": "CHAR_LENGTH(:value)",
    "contains": "STRPOS(:value, :part) > 0",
    "starts_with": "STARTS_WITH(:value, :part)",
    "ends_with": "ENDS_WITH(:value, :part)",
    "strpos": "STRPOS(:value, :part)",
    "substring": "SUBSTR(:value, GREATEST(COALESCE(:start, 1), 1), LEAST(GREATEST(COALESCE(:length, 2147483647), 0), 2147483647))",
    "left": "LEFT(:value, GREATEST(COALESCE(:length, 0), 0))",
    "right": "RIGHT(:value, GREATEST(COALESCE(:length, 0), 0))",
    "replace": if_text("part", "REPLACE(:value, :part, :by)"),
    "split_part": if_text(
        "separator",
        "CASE WHEN :value IS NULL OR :number IS NULL OR :number = 0 THEN NULL"
        " WHEN :number > 0 THEN COALESCE(SPLIT(:value, :separator)[SAFE_ORDINAL(:number)], '')"
        " ELSE COALESCE(ARRAY_REVERSE(SPLIT(:value, :separator))[SAFE_ORDINAL(ABS(:number))], '') END",
    ),
    "part_of": if_text("separator", "SPLIT(:value, :separator)[SAFE_ORDINAL(:number)]"),
    "parts_from": if_text(
        "separator",
        "CASE WHEN ARRAY_LENGTH(SPLIT(:value, :separator)) >= :number THEN ARRAY_TO_STRING(ARRAY(SELECT part FROM"
        " UNNEST(SPLIT(:value, :separator)) AS part WITH OFFSET AS place WHERE place >= :number - 1 ORDER BY place), :separator) END",
    ),
    "lpad": "CASE WHEN :fill <> '' THEN LPAD(:value, LEAST(GREATEST(COALESCE(:length, 0), 0), 1000000), :fill) END",
    "rpad": "CASE WHEN :fill <> '' THEN RPAD(:value, LEAST(GREATEST(COALESCE(:length, 0), 0), 1000000), :fill) END",
    "strip_accents": "NORMALIZE(REGEXP_REPLACE(NORMALIZE(:value, NFD), '\\\\pM', ''), NFC)",
    "nfc": "NORMALIZE(:value, NFC)",
    "compose": "NORMALIZE(:value, NFC)",
    "like": like,
    "fits_mask": masked,
    "matches": marked("REGEXP_CONTAINS(:value, :pattern)"),
    "replace_pattern": marked("REGEXP_REPLACE(:value, :pattern, :replacement)"),
    "extract_pattern": one_group(
        "CASE WHEN REGEXP_CONTAINS(:value, :pattern) THEN COALESCE(REGEXP_EXTRACT(:value, :pattern), '') END"
    ),
    "is_ascii": "BYTE_LENGTH(:value) = CHAR_LENGTH(:value)",
    "remove_invisible": written(
        "CASE WHEN REGEXP_CONTAINS(:value, :joined) THEN REGEXP_REPLACE(:value, :invisible, '')"
        " ELSE REGEXP_REPLACE(:value, :with_joiners, '') END",
        "bigquery",
        joined=JOINED,
        invisible=INVISIBLE,
        with_joiners=WITH_JOINERS,
    ),
    "plain_punctuation": Lowering(
        "REPLACE(TRANSLATE(:value, :curly, :plain), '…', '...')", {"curly": CURLY, "plain": PLAIN}
    ),
    "remove_punctuation": written("REGEXP_REPLACE(:value, :punctuation, '')", "bigquery", punctuation=PUNCTUATION),
    "fits_pattern": own("REGEXP_CONTAINS(:value, :pattern)", "bigquery", "pattern", whole=("pattern",)),
    # One evaluation: a subquery over a list of one.
    "let": "(SELECT :body FROM UNNEST([:value]) AS `@it`)",
    "among": among,
    "is_blank": Lowering("TRIM(:value, :blanks) = ''", _BLANKS),
    "may_be_padded": Lowering("TRIM(:value, :blanks) <> :value", _BLANKS),
    "first_code_point": "UNICODE(:value)",
    "md5": "TO_HEX(MD5(:value))",
    "sha256": "TO_HEX(SHA256(:value))",
    "keep_last": "CONCAT(REPEAT(:mark, GREATEST(0, CHAR_LENGTH(:value) - :count)), RIGHT(:value, LEAST(:count, CHAR_LENGTH(:value))))",
    "digit_shape": "TRANSLATE(:value, '123456789', '000000000')",
}
"""By the function's name."""
