"""Small and capital letters on PostgreSQL, whatever the locale of the database.

``lower`` and ``upper`` know what the locale knows: in the locale C the letters of ASCII, and elsewhere not the same
everywhere. No other collation is in every server from 15 on, so letters beyond ASCII are translated one by one, by as few
lists as hold what the text has: one block after the other, so that a statement names no letter twice.
"""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.case_mapping import EASTERN, LATIN, capital, small
from sanitizer_core.sql.dialects.postgres.holding import given

_LAST = "\U0001ffff"
_L, _E = '"@l"', '"@e"'

CASES: Mapping[str, str] = {
    f"{name}_{block}_{side}": text
    for name, mapped in (("small", small), ("capital", capital))
    for block, before, last in (("latin", "", LATIN), ("eastern", LATIN, EASTERN), ("other", EASTERN, _LAST))
    for side, text in (("from", mapped(last, before).letters), ("to", mapped(last, before).others))
} | {"beyond_latin": f"[^\x01-{LATIN}]", "beyond_eastern": f"[^\x01-{EASTERN}]"}
"""The constants of the templates that change the case."""


def in_small(text: str) -> str:
    """A template of the text in small letters; names it several times."""
    return _mapped(text, "lower", "small")


def in_capitals(text: str) -> str:
    """A template of the text in capitals; names it several times."""
    return _mapped(text, "upper", "capital")


def _mapped(text: str, function: str, name: str) -> str:
    block = f"translate({{0}}, :{name}_{{1}}_from, :{name}_{{1}}_to)"
    beyond = given(
        f'CASE WHEN "@e" ~ :beyond_eastern THEN {block.format(_E, "other")} ELSE "@e" END',
        {"@l": block.format(text, "latin")},
        {"@e": f'CASE WHEN "@l" ~ :beyond_latin THEN {block.format(_L, "eastern")} ELSE "@l" END'},
    )
    return f'CASE WHEN octet_length({text}) = length({text}) THEN {function}({text} COLLATE "C") ELSE {beyond} END'
