"""Functions on text, in the words of Redshift.

Its patterns may be read byte by byte, so that what is beyond ASCII stands outside of sets; it has no Unicode
normalization and no functions on lists.
"""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.errors import CompileError
from sanitizer_core.sql.characters import Ranges
from sanitizer_core.sql.dialects import letters
from sanitizer_core.sql.dialects.patterned import among, constant, group_number, if_text, like, masked, own, renumbered
from sanitizer_core.sql.dialects.signs import CURLY, PLAIN, PUNCTUATION
from sanitizer_core.sql.function import IN_PLACE, Lowering, Said
from sanitizer_core.sql.pattern_parser import Characters, Repeat, parse
from sanitizer_core.sql.pattern_posix import REFERENCE, numbers_of, plain
from sanitizer_core.sql.white_space import WHITE_SPACE

_BLANKS = {"blanks": WHITE_SPACE}


def _matches(texts: Mapping[str, str]) -> Lowering:
    return Lowering(":value ~ :pattern", {"pattern": plain(constant(texts, "pattern"))})


def _replace(texts: Mapping[str, str]) -> Lowering:
    pattern, wants_all = constant(texts, "pattern"), REFERENCE + "0" in texts["replacement"]
    replacement = renumbered(texts["replacement"], numbers_of(pattern), int(wants_all), "$")
    told = f"({plain(pattern)})" if wants_all else plain(pattern)
    return Lowering("REGEXP_REPLACE(:value, :pattern, :replacement)", {"pattern": told, "replacement": replacement})


def _group(texts: Mapping[str, str]) -> Lowering:
    number = group_number(texts)
    if number > 1:
        raise CompileError(
            "only the first group of a pattern can be taken there", hint="Let the wanted group be the first one."
        )
    found = "REGEXP_SUBSTR(:value, :pattern, 1, 1, 'e')" if number else "REGEXP_SUBSTR(:value, :pattern)"
    return Lowering(f"CASE WHEN :value ~ :pattern THEN {found} END", {"pattern": plain(constant(texts, "pattern"))})


def _signs(pattern: str) -> str:
    """Every character of a set."""
    ((node,),) = parse(pattern, own=True).branches
    part = node.part if isinstance(node, Repeat) else node
    ranges: Ranges = part.ranges if isinstance(part, Characters) else ()
    return "".join(chr(code) for low, high in ranges for code in range(low, high + 1))


LOWERINGS: Mapping[str, Said] = {
    "strip": Lowering("BTRIM(:value, :blanks)", _BLANKS),
    "ltrim": Lowering("LTRIM(:value, :blanks)", _BLANKS),
    "rtrim": Lowering("RTRIM(:value, :blanks)", _BLANKS),
    "collapse_space": Lowering(
        "REGEXP_REPLACE(TRANSLATE(:value, :white, :plain), ' +', ' ')",
        {"white": WHITE_SPACE, "plain": " " * len(WHITE_SPACE)},
    ),
    "lower": Lowering(letters.lower(":value"), letters.CONSTANTS),
    "upper": Lowering(letters.upper(":value"), letters.CONSTANTS),
    "sentence_case": Lowering(
        f"{letters.upper('LEFT(:value, 1)')} || {letters.lower('SUBSTRING(:value, 2)')}", letters.CONSTANTS
    ),
    "length": "CAST(LEN(:value) AS BIGINT)",
    "contains": if_text("part", "STRPOS(:value, :part) > 0"),
    "starts_with": if_text("part", "STRPOS(:value, :part) = 1"),
    "ends_with": if_text("part", "STRPOS(REVERSE(:value), REVERSE(:part)) = 1"),
    "strpos": if_text("part", "CAST(STRPOS(:value, :part) AS BIGINT)"),
    "substring": "SUBSTRING(:value, GREATEST(COALESCE(:start, 1), 1), LEAST(GREATEST(COALESCE(:length, 16777216), 0), 16777216))",
    "left": "LEFT(:value, GREATEST(COALESCE(:length, 0), 0))",
    "right": "RIGHT(:value, GREATEST(COALESCE(:length, 0), 0))",
    "replace": if_text("part", "REPLACE(:value, :part, :by)"),
    "part_of": if_text(
        "separator",
        "CASE WHEN (LEN(:value) - LEN(REPLACE(:value, :separator, ''))) / LEN(:separator) >= :number - 1"
        " THEN SPLIT_PART(:value, :separator, :number) END",
    ),
    "lpad": if_text("fill", "LPAD(:value, LEAST(GREATEST(COALESCE(:length, 0), 0), 1000000), :fill)"),
    "rpad": if_text("fill", "RPAD(:value, LEAST(GREATEST(COALESCE(:length, 0), 0), 1000000), :fill)"),
    "like": like,
    "fits_mask": masked,
    "matches": _matches,
    "replace_pattern": _replace,
    "extract_pattern": _group,
    "is_ascii": "OCTET_LENGTH(:value) = LEN(:value)",
    "plain_punctuation": Lowering(
        "REPLACE(TRANSLATE(:value, :curly, :plain), '…', '...')", {"curly": CURLY, "plain": PLAIN}
    ),
    "remove_punctuation": Lowering("TRANSLATE(:value, :punctuation, '')", {"punctuation": _signs(PUNCTUATION)}),
    "fits_pattern": own(":value ~ :pattern", "redshift", "pattern", whole=("pattern",)),
    "let": IN_PLACE,
    "among": among,
    "is_blank": Lowering("LEN(BTRIM(:value, :blanks)) = 0", _BLANKS),
    "may_be_padded": Lowering("LEN(BTRIM(:value, :blanks)) <> LEN(:value)", _BLANKS),
    "first_code_point": "CAST(ASCII(:value) AS BIGINT)",
    "md5": "MD5(:value)",
    "sha256": "SHA2(:value, 256)",
    "keep_last": "REPEAT(:mark, GREATEST(0, LEN(:value) - :count)) || RIGHT(:value, LEAST(:count, LEN(:value)))",
    "digit_shape": "TRANSLATE(:value, '123456789', '000000000')",
}
"""By the function's name."""
