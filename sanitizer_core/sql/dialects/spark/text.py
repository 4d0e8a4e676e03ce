"""Functions on text, in the words of Spark. Its functions count code points; its patterns are Java's."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sanitizer_core.sql.dialects.spark import letters
from sanitizer_core.sql.function import Lowering, Said
from sanitizer_core.sql.white_space import WHITE_SPACE

_SET = {"set": WHITE_SPACE}


def _int(value: str) -> str:
    """Lengths and positions are whole numbers of 32 bits in Spark."""
    return f"CAST(least(greatest({value}, 0), 2147483647) AS INT)"


# Parts of empty text between empty separators are its characters.
_CHARACTERS = "regexp_extract_all(:value, '(?s).', 0)"
_PARTS = "(length(:value) - length(replace(:value, :separator, ''))) DIV nullif(length(:separator), 0) + 1"
_NUMBER = "CAST(least(greatest(:number, -2147483647), 2147483647) AS INT)"
# Spark has no normal forms of its own, and brings ICU along, which has.
_ICU = "reflect('com.ibm.icu.text.Normalizer', '{}', {}, false)"
_COMPOSED = f"CASE WHEN :value IS NOT NULL THEN {_ICU.format('compose', ':value')} END"
_BARE = _ICU.format("compose", f"regexp_replace({_ICU.format('decompose', ':value')}, :marks, '')")


def _padded(side: str) -> str:
    length = "CAST(least(greatest(:length, 0), 1000000) AS INT)"
    return f"CASE WHEN :fill <> '' THEN {side}(:value, {length}, :fill) END"


def _words() -> str:
    first, rest = letters.upper("left(w, 1)"), letters.lower("substring(w, 2)")
    return f"array_join(transform(regexp_extract_all(:value, :words, 0), w -> concat({first}, {rest})), '')"


_AGAIN = r"(?!(?<=(?s:.))\G)"
"""Fails where the match before ended: Java finds nothing there once more, RE2 does not."""
_WHOLE = r"(?![\x{DC00}-\x{DFFF}])"
"""Fails between the halves of a character beyond 16 bits, where Java finds nothing too."""


def _replace_all(constants: Mapping[str, str]) -> Lowering:
    return Lowering(
        "regexp_replace(:value, :own, :replacement)", {"own": f"{_WHOLE}(?:{constants['pattern']}){_AGAIN}"}
    )


def _replace_first(constants: Mapping[str, str]) -> Lowering:
    """What follows the first is found along with it, and put back."""
    pattern = constants["pattern"]
    groups = re.compile(pattern.replace(r"\z", r"\Z")).groups
    own = rf"(?!(?<=(?s:.))\G\z)(?:{pattern})(?s:(.*))"
    return Lowering("regexp_replace(:value, :own, :by)", {"own": own, "by": f"{constants['replacement']}${groups + 1}"})


LOWERINGS: Mapping[str, Said] = {
    "strip": Lowering("trim(BOTH :set FROM :value)", _SET),
    "ltrim": Lowering("trim(LEADING :set FROM :value)", _SET),
    "rtrim": Lowering("trim(TRAILING :set FROM :value)", _SET),
    "collapse_space": "regexp_replace(:value, :spaces, ' ')",
    "lower": Lowering(letters.lower(":value"), letters.CONSTANTS),
    "upper": Lowering(letters.upper(":value"), letters.CONSTANTS),
    "title_case": Lowering(_words(), letters.CONSTANTS),
    "sentence_case": Lowering(
        f"concat({letters.upper('left(:value, 1)')}, {letters.lower('substring(:value, 2)')})", letters.CONSTANTS
    ),
    "length": "CAST(length(:value) AS BIGINT)",
    "contains": "contains(:value, :part)",
    "starts_with": "startswith(:value, :part)",
    "ends_with": "endswith(:value, :part)",
    "strpos": "CAST(instr(:value, :part) AS BIGINT)",
    "substring": f"substring(:value, CAST(least(greatest(:start, 1), 2147483647) AS INT), {_int('coalesce(:length, 2147483647)')})",
    "left": f"left(:value, {_int(':length')})",
    "right": f"right(:value, {_int(':length')})",
    "replace": "replace(:value, :part, :by)",
    "split_part": f"CASE WHEN :number = 0 OR :number IS NULL OR :value IS NULL THEN NULL WHEN :separator = '' THEN coalesce(try_element_at({_CHARACTERS}, {_NUMBER}), '')"
    f" ELSE split_part(:value, :separator, {_NUMBER}) END",
    "part_of": f"CASE WHEN :separator = '' THEN try_element_at({_CHARACTERS}, {_NUMBER})"
    f" WHEN :number <= {_PARTS} THEN split_part(:value, :separator, {_NUMBER}) END",
    "parts_from": f"CASE WHEN :separator = '' THEN CASE WHEN :number <= length(:value) THEN substring(:value, {_NUMBER}) END"
    f" WHEN :number = 1 THEN :value WHEN :number <= {_PARTS} THEN substring(:value,"
    f" length(substring_index(:value, :separator, {_NUMBER} - 1)) + length(:separator) + 1) END",
    "lpad": _padded("lpad"),
    "rpad": _padded("rpad"),
    "strip_accents": Lowering(f"CASE WHEN :value IS NOT NULL THEN {_BARE} END", {"marks": r"\p{M}+"}),
    "nfc": _COMPOSED,
    "compose": _COMPOSED,
    # Spark's LIKE takes a backslash for the sign of escape.
    "like": Lowering(r":value LIKE replace(:pattern, :escape, :escaped)", {"escape": "\\", "escaped": "\\\\"}),
    "matches": ":value RLIKE :pattern",
    "replace_pattern": _replace_all,
    "replace_first_pattern": _replace_first,
    "extract_pattern": "CASE WHEN :value RLIKE :pattern THEN regexp_extract(:value, :pattern, :group) END",
}
