"""The part of cleaning text that SQL cannot say: wrong encodings, HTML, Unicode's other forms."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Literal, cast

from sqlglot import exp

from sanitizer_core.errors import MissingExtraError
from sanitizer_core.sql import call, literal
from sanitizer_core.sql.logic import any_of, negated

_PYTHON_FORMS = ("nfd", "nfkc", "nfkd")
_MOST_ROUNDS = 10
_UNSEEN = ("script", "style", "head", "template")
_LINES = frozenset(
    "address article aside blockquote br dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p"
    " pre section table td th tr ul".split()
)
"""Tags that begin a line or a cell, so that a blank has to take their place."""


@dataclass(frozen=True)
class Repair:
    """What is to be repaired, in this order."""

    mojibake: bool
    html: bool
    form: str

    @property
    def needed(self) -> bool:
        """Whether there is anything that SQL cannot say."""
        return self.mojibake or self.html or self.form in _PYTHON_FORMS

    def guard(self, value: exp.Expr) -> exp.Expr:
        """Which values can need it; the others never leave the engine."""
        conditions = []
        if self.mojibake or self.form in _PYTHON_FORMS:
            conditions.append(negated(call("is_ascii", value)))
        if self.html:
            conditions += [call("contains", value, literal("<")), call("contains", value, literal("&"))]
        return any_of(conditions)

    def values(self, values: list[str]) -> list[str | None]:
        """The repaired values.

        Raises:
            MissingExtraError: the library for wrong encodings is not installed.
        """
        steps: list[Callable[[str], str]] = []
        if self.mojibake:
            steps.append(_encoding_repair())
        if self.html:
            steps.append(without_html)
        if self.form in _PYTHON_FORMS:
            form = cast(Literal["NFD", "NFKC", "NFKD"], self.form.upper())
            steps.append(lambda text: unicodedata.normalize(form, text))
        return [_through(steps, text) for text in values]


def _through(steps: list[Callable[[str], str]], text: str) -> str:
    """The text when there is nothing left to do: an entity may hide another, and a folded letter a tag."""
    for _ in range(_MOST_ROUNDS):
        before = text
        for step in steps:
            text = step(text)
        if text == before:
            break
    return text


def _encoding_repair() -> Callable[[str], str]:
    try:
        from ftfy import fix_encoding
    except ModuleNotFoundError:
        raise MissingExtraError("ftfy", "text") from None
    return fix_encoding


def without_html(text: str) -> str:
    """The text of a piece of HTML, as a browser would show it without its layout."""
    reader = _Text()
    reader.feed(text)
    reader.close()
    return "".join(reader.parts)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self.unseen += 1
        elif tag in _LINES:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self.unseen = max(self.unseen - 1, 0)
        elif tag in _LINES:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.parts.append(data)
