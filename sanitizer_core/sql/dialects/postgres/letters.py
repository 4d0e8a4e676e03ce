"""Small and capital letters on PostgreSQL, whatever the locale of the database.

``lower`` and ``upper`` know what the locale knows: in the locale C the letters of ASCII, and elsewhere not the same
everywhere. No other collation is in every server from 15 on, so letters beyond ASCII are translated one by one, by the
shortest list that holds all that the text has.
"""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.case_mapping import EASTERN, LATIN, capital, small

_LAST = "\U0001ffff"

CASES: Mapping[str, str] = {
    f"{name}_{block}_{side}": text
    for name, mapped in (("small", small), ("capital", capital))
    for block, last in (("latin", LATIN), ("eastern", EASTERN), ("all", _LAST))
    for side, text in (("from", mapped(last).letters), ("to", mapped(last).others))
} | {"beyond_latin": f"[^\x01-{LATIN}]", "beyond_eastern": f"[^\x01-{EASTERN}]"}
"""The constants of the templates that change the case."""


def in_small(text: str) -> str:
    """A template of the text in small letters; names it several times."""
    return _mapped(text, "lower", "small")


def in_capitals(text: str) -> str:
    """A template of the text in capitals; names it several times."""
    return _mapped(text, "upper", "capital")


def _mapped(text: str, function: str, name: str) -> str:
    return (
        f'CASE WHEN octet_length({text}) = length({text}) THEN {function}({text} COLLATE "C")'
        f" WHEN {text} !~ :beyond_latin THEN translate({text}, :{name}_latin_from, :{name}_latin_to)"
        f" WHEN {text} !~ :beyond_eastern THEN translate({text}, :{name}_eastern_from, :{name}_eastern_to)"
        f" ELSE translate({text}, :{name}_all_from, :{name}_all_to) END"
    )
