"""SQL as the text of a Jinja template that gives back exactly this SQL."""

from __future__ import annotations

import re
from typing import Any

_SPECIAL = re.compile(r"\{(?=[{%#])|\r")


def escaped(sql: str) -> str:
    """The text in which nothing is Jinja's: a brace that would open a tag, and line ends that Jinja would change."""
    return _SPECIAL.sub(lambda found: "{{ '{' }}" if found[0] == "{" else r"{{ '\r' }}", sql)


def constant(value: Any) -> str:
    """A plain value as a Jinja expression; text holds no character that Jinja or YAML could read otherwise."""
    match value:
        case dict():
            return "{" + ", ".join(f"{constant(key)}: {constant(each)}" for key, each in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(constant, value)) + "]"
        case bool():
            return "true" if value else "false"
        case None:
            return "none"
        case int() | float():
            return repr(value)
        case _:
            return _quoted(str(value))


def _quoted(text: str) -> str:
    safe = "".join(each if " " <= each <= "~" and each not in "\\'{}%#" else _code(each) for each in text)
    return f"'{safe}'"


def _code(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def refusal(message: str) -> str:
    """A template that stops dbt with this message."""
    return f"{{{{ exceptions.raise_compiler_error({constant(message)}) }}}}"
