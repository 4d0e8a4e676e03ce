"""Where Spark's idea of letters differs from the one that is meant: characters by themselves, whatever stands beside them.

Spark (by ICU) maps whole words: a Σ at the end of one, ß to SS, and letters that Unicode took in lately. What is meant is one
character for one character, by the tables of Unicode 15.
"""

from __future__ import annotations

_LATE_CAPITALS = "\u1c89\ua7cb\ua7cc\ua7ce\ua7d2\ua7d4\ua7da\ua7dc\U00010d50-\U00010d65\U00016ea0-\U00016eb8"
_LATE_SMALL = "\u019b\u0264\u1c8a\ua7cd\ua7cf\ua7d3\ua7d5\ua7db\U00010d70-\U00010d85\U00016ebb-\U00016ed3"

# Small letters with an iota beside or below, which have a capital of one character.
_IOTA = "ᾀᾁᾂᾃᾄᾅᾆᾇᾐᾑᾒᾓᾔᾕᾖᾗᾠᾡᾢᾣᾤᾥᾦᾧᾳῃῳ"
_IOTA_CAPITALS = "ᾈᾉᾊᾋᾌᾍᾎᾏᾘᾙᾚᾛᾜᾝᾞᾟᾨᾩᾪᾫᾬᾭᾮᾯᾼῌῼ"
# Letters without a capital of one character, which stay.
_STAYING = (
    "\u0149\u01f0\u0390\u03b0\u0587\u1e96-\u1e9a\u1f50\u1f52\u1f54\u1f56\u1fb2\u1fb4\u1fb6\u1fb7\u1fc2\u1fc4\u1fc6\u1fc7"
    "\u1fd2\u1fd3\u1fd6\u1fd7\u1fe2-\u1fe4\u1fe6\u1fe7\u1ff2\u1ff4\u1ff6\u1ff7\ufb00-\ufb06\ufb13-\ufb17"
)

CONSTANTS = {
    "late_capitals": f"[{_LATE_CAPITALS}]",
    "odd_small": f"[ß{_IOTA}{_IOTA_CAPITALS}{_STAYING}{_LATE_SMALL}]",
    "one": "(?s).",
    "capitals_apart": "\u0130\u03a3",
    "small_apart": "i\u03c3",
    "small_known": f"ß{_IOTA}",
    "capitals_known": f"ẞ{_IOTA_CAPITALS}",
}
"""What the templates name."""


def lower(value: str) -> str:
    """A template for the small letters of what another template gives."""
    plain = "lower(translate({0}, :capitals_apart, :small_apart))"
    each = f"CASE WHEN c RLIKE :late_capitals THEN c ELSE {plain.format('c')} END"
    return (
        f"CASE WHEN {value} RLIKE :late_capitals THEN array_join(transform(regexp_extract_all({value}, :one, 0), c -> {each}), '')"
        f" ELSE {plain.format(value)} END"
    )


def upper(value: str) -> str:
    """A template for the capitals of what another template gives."""
    each = "CASE WHEN c RLIKE :odd_small THEN translate(c, :small_known, :capitals_known) ELSE upper(c) END"
    return (
        f"CASE WHEN {value} RLIKE :odd_small THEN array_join(transform(regexp_extract_all({value}, :one, 0), c -> {each}), '')"
        f" ELSE upper({value}) END"
    )
