"""Functions on text, in the words of PostgreSQL.

Text has no NUL there, and order and comparison are those of the relation's columns, which are collated ``"C"``. LIKE is
told to know no escape; positions are brought into the range of the engine's integers.
"""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.dialects.postgres.letters import CASES, in_capitals, in_small
from sanitizer_core.sql.function import Lowering, Said
from sanitizer_core.sql.marks import MARKS
from sanitizer_core.sql.text import BREAKS
from sanitizer_core.sql.white_space import WHITE_SPACE

_WHITE = {"white": WHITE_SPACE}
_IS_ASCII = "octet_length(:value) = length(:value)"


def _within(number: str, least: int) -> str:
    """A number of characters: at least so many, and an integer of 32 bits."""
    return f"CAST(least(greatest({number}, {least}), 1073741824) AS int)"


# What is before an apostrophe is a word by itself where it is one letter. The longest that fits wins here, so that each
# branch has to shut the others out.
_WORDS = {"words": f"[^{BREAKS}'’]['’]|[^{BREAKS}'’](?!['’])[^{BREAKS}]*|['’][^{BREAKS}]*|[{BREAKS}]+"}
_FIRST, _REST = '"first"', '"rest"'
_EACH = "regexp_matches(:value, :words, 'g') WITH ORDINALITY AS m(w, o) OFFSET 0"
_TITLED = " ".join(
    [
        f"(SELECT string_agg(({in_capitals(_FIRST)}) || ({in_small(_REST)}), '' ORDER BY o)",
        'FROM (SELECT left(w[1], 1) AS "first", substr(w[1], 2) AS "rest", o FROM',
        f"{_EACH}) AS parts)",
    ]
)
_MANY = "cardinality(string_to_array(:value, :separator))"
_LETTER = "CASE WHEN :number <= greatest(length(:value), 1) THEN substr(:value, CAST(:number AS int), 1) END"
_PART = "split_part(:value, :separator, CAST(:number AS int))"

LOWERINGS: Mapping[str, Said] = {
    "strip": Lowering("btrim(:value, :white)", _WHITE),
    "ltrim": Lowering("ltrim(:value, :white)", _WHITE),
    "rtrim": Lowering("rtrim(:value, :white)", _WHITE),
    "collapse_space": Lowering(
        "CASE WHEN :value ~ :uneven THEN regexp_replace(:value, :spaces, ' ', 'g') ELSE :value END",
        {"uneven": f"[{WHITE_SPACE.replace(' ', '')}]|  "},
    ),
    "lower": Lowering(in_small(":value"), CASES),
    "upper": Lowering(in_capitals(":value"), CASES),
    # initcap takes every sign but letters and digits for the end of a word; where all of them are, it is quick.
    "title_case": Lowering(
        f'CASE WHEN :value !~ :unusual THEN initcap(:value COLLATE "C") ELSE {_TITLED} END',
        {**CASES, **_WORDS, "unusual": r"[^ -~]|[!#$%'*<=>?@\\^`~]"},
    ),
    "sentence_case": Lowering(f"({in_capitals('left(:value, 1)')}) || ({in_small('substr(:value, 2)')})", CASES),
    "length": "CAST(length(:value) AS bigint)",
    "contains": "strpos(:value, :part) > 0",
    "starts_with": "starts_with(:value, :part)",
    "ends_with": "right(:value, length(:part)) = :part",
    "strpos": "CAST(strpos(:value, :part) AS bigint)",
    "substring": f"substr(:value, {_within(':start', 1)}, {_within('coalesce(:length, 1073741824)', 0)})",
    "left": f"left(:value, {_within(':length', 0)})",
    "right": f"right(:value, {_within(':length', 0)})",
    "replace": "replace(:value, :part, :by)",
    "split_part": f"CASE WHEN :number <> 0 THEN CASE WHEN :separator <> '' THEN {_PART} WHEN :separator = '' THEN"
    " coalesce(substr(:value, CAST(CASE WHEN :number > 0 THEN :number WHEN -:number <= length(:value) THEN length(:value) + 1 + :number"
    " ELSE 1073741824 END AS int), 1), left(:value, 0)) END END",
    "part_of": f"CASE WHEN :separator = '' THEN {_LETTER} WHEN :number = 1 OR {_MANY} >= :number THEN {_PART} END",
    "parts_from": f"CASE WHEN :number = 1 THEN :value WHEN {_MANY} >= :number"
    " THEN array_to_string((string_to_array(:value, :separator))[:number:], :separator) END",
    "lpad": "CASE WHEN :fill <> '' THEN lpad(:value, CAST(least(greatest(:length, 0), 1000000) AS int), :fill) END",
    "rpad": "CASE WHEN :fill <> '' THEN rpad(:value, CAST(least(greatest(:length, 0), 1000000) AS int), :fill) END",
    "strip_accents": Lowering(
        f"CASE WHEN {_IS_ASCII} THEN :value ELSE normalize(regexp_replace(normalize(:value, NFD), :marks, '', 'g'), NFC) END",
        {"marks": f"[{MARKS}]+"},
    ),
    "nfc": f"CASE WHEN {_IS_ASCII} THEN :value ELSE normalize(:value, NFC) END",
    "compose": f"CASE WHEN {_IS_ASCII} THEN :value ELSE normalize(:value, NFC) END",
    "like": ":value LIKE :pattern ESCAPE ''",
    "matches": ":value ~ :pattern",
    "replace_pattern": "regexp_replace(:value, :pattern, :replacement, 'g')",
    "replace_first_pattern": "regexp_replace(:value, :pattern, :replacement)",
    "extract_pattern": "CASE WHEN :value ~ :pattern"
    " THEN coalesce(regexp_substr(:value, :pattern, 1, 1, '', CAST(:group AS int)), '') END",
}
"""By the function's name."""
