"""Formats of dates in the words of dialects that are compiled only."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sanitizer_core.errors import CompileError

READ = {
    "Y": "[0-9]{4}", "y": "[0-9]{2}", "m": "[0-9]{1,2}", "d": "[0-9]{1,2}", "H": "[0-9]{1,2}", "I": "[0-9]{1,2}",
    "M": "[0-9]{1,2}", "S": "[0-9]{1,2}", "b": "[A-Za-z]{3}", "p": "[AaPp][Mm]", "f": "[0-9]{1,6}",
}  # fmt: skip
"""What each directive reads; engines' own leniency is kept out by it."""

_DIRECTIVE = re.compile(r"%(-?)(.)|([^%]+)", re.DOTALL)


def directives(source: str) -> list[tuple[str, str]]:
    """``(directive, "")`` or ``("", literal text)``; a bare number is ``-m``."""
    return [
        (bare + letter, "") if letter and letter != "%" else ("", text or "%")
        for bare, letter, text in _DIRECTIVE.findall(source)
    ]


def spelled(source: str, words: Mapping[str, str], dialect: str, quoted: tuple[str, str] = ("", "")) -> str:
    """A format with the dialect's words for its directives.

    Args:
        quoted: what stands around letters that mean themselves.

    Raises:
        CompileError: the dialect has no word for one of them.
    """
    made = ""
    for directive, text in directives(source):
        if directive and directive not in words:
            raise CompileError(
                f"{dialect} has no word for %{directive} of the format {source!r}", hint="Use another format."
            )
        literal = f"{quoted[0]}{text}{quoted[1]}" if any(map(str.isalpha, text)) else text
        made += words[directive] if directive else literal
    return made


def shape(source: str) -> str:
    """A pattern of what the format reads.

    Raises:
        CompileError: weekdays, which are read and passed over, and offsets.
    """
    parts = []
    for directive, text in directives(source):
        if directive and directive not in READ:
            raise CompileError(
                f"%{directive} of the format {source!r} cannot be read there", hint="Use another format."
            )
        parts.append(READ[directive] if directive else "".join(_literal(sign) for sign in text))
    return "".join(parts)


def _literal(sign: str) -> str:
    return sign if sign.isalnum() or sign.isspace() else f"[{sign}]" if sign not in "\\^]" else f"\\{sign}"


def to_iso(source: str) -> tuple[str, list[str]]:
    """A pattern with a group for each directive, and the directives in order; for formats of numbers alone.

    Raises:
        CompileError: there is a name, a half of the day or a year of two digits in it.
    """
    found = [directive for directive, _ in directives(source) if directive]
    wrong = next((each for each in found if each not in "YmdHMSf"), None)
    if wrong is not None:
        raise CompileError(f"%{wrong} of the format {source!r} cannot be read there", hint="Use a format of numbers.")
    parts = [
        f"({READ[directive]})" if directive else "".join(map(_literal, text)) for directive, text in directives(source)
    ]
    return f"^{''.join(parts)}$", found
