"""What the branches of a macro have in common, said once: a file of a macro would else be ten times as long."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

LEAST = 120
"""Characters from which on a repeated part has a name of its own."""

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_LITERAL = re.compile(rf"'[^']{{{LEAST},}}'")


def shared(bodies: Sequence[str]) -> tuple[list[str], list[str]]:
    """``{% set %}`` blocks, in the order in which they build on each other, and the bodies that name them.

    A part is any stretch of the text, in brackets or quotes, that cuts no tag of Jinja in two: rendered, the bodies are
    what they were.
    """
    texts, parts = list(bodies), list[str]()
    found = {each for body in bodies for each in _stretches(body)}
    for part in sorted(found, key=lambda each: (-len(each), each)):
        if sum(text.count(part) for text in (*texts, *parts)) < 2:
            continue
        name = f"{{{{ part_{len(parts) + 1} }}}}"
        texts = [text.replace(part, name) for text in texts]
        parts = [*(each.replace(part, name) for each in parts), part]
    blocks = [f"{{%- set part_{number} -%}}{part}{{%- endset -%}}\n" for number, part in enumerate(parts, 1)]
    return blocks[::-1], texts


def _stretches(body: str) -> Iterator[str]:
    """What stands in brackets, by their pairs, and long constants."""
    masked = _TAG.sub(lambda match: "_" * len(match[0]), body)
    opened: list[int] = []
    for place, letter in enumerate(masked):
        if letter == "(":
            opened.append(place)
        elif letter == ")" and opened:
            start = opened.pop()
            if place - start >= LEAST:
                yield body[start : place + 1]
    yield from (body[slice(*match.span())] for match in _LITERAL.finditer(masked))
