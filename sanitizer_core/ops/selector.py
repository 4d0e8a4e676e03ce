"""Which columns a step speaks of."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterable
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from sanitizer_core.errors import PlanError, Problem, Where, did_you_mean
from sanitizer_core.schema import Column, Schema

TYPE_WORDS: dict[str, Callable[[Column], bool]] = {
    "text": lambda column: column.type.is_text,
    "numeric": lambda column: column.type.is_numeric,
    "temporal": lambda column: column.type.is_temporal,
    "columns": lambda _: True,
    **{
        kind: (lambda column, kind=kind: column.type.kind == kind)  # type: ignore[misc]
        for kind in ("integer", "decimal", "float", "boolean", "date", "time", "timestamp", "timestamptz", "binary")
    },
}
"""What may follow ``all`` in a selector."""


class ColumnSelector(BaseModel):
    """Columns by name, by glob (``price_*``), by regular expression (``/^price/``) or by type (``all text``).

    Written as one such word, as a list of them, or as ``{include: [...], except: [...]}``.
    A name that a column really has is that column, whatever signs are in it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    include: tuple[str, ...] = Field(default=("all",), description="Names, globs, /patterns/ and type words.")
    exclude: tuple[str, ...] = Field(default=(), alias="except", description="What is left out, in the same words.")

    @field_validator("include", "exclude", mode="before")
    @classmethod
    def _one_is_a_list(cls, words: Any) -> Any:
        return (words,) if isinstance(words, str) else words

    @field_validator("include", "exclude")
    @classmethod
    def _words_are_sound(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        for word in words:
            if _is_pattern(word):
                try:
                    re.compile(word[1:-1])
                except re.error as error:
                    raise ValueError(f"{word} is not a regular expression: {error}") from None
        return words

    @property
    def is_all(self) -> bool:
        """Whether it names no column and no type, so that an operation may pick those it can work on."""
        return self.include == ("all",)

    @property
    def named(self) -> frozenset[str]:
        """The words that may be plain names of columns."""
        return frozenset(word for word in self.include if not (_is_pattern(word) or _is_glob(word) or _is_type(word)))

    def resolve(self, schema: Schema) -> tuple[Column, ...]:
        """The selected columns, in the order of the table.

        Raises:
            PlanError: a name, glob or pattern that fits no column (a type may fit none).
        """
        chosen = _names(self.include, schema) - _names(self.exclude, schema)
        return tuple(column for column in schema if column.name in chosen)


def _is_pattern(word: str) -> bool:
    return len(word) > 2 and word.startswith("/") and word.endswith("/")


def _is_glob(word: str) -> bool:
    return any(sign in word for sign in "*?[")


def _is_type(word: str) -> bool:
    return word == "all" or (word.startswith("all ") and word[4:] in TYPE_WORDS)


def _names(words: Iterable[str], schema: Schema) -> set[str]:
    names: set[str] = set()
    missing: list[Problem] = []
    for word in words:
        found = _matching(word, schema)
        names |= found
        if not found and not _is_type(word):
            missing.append(no_such_column(word, schema))
    if missing:
        raise PlanError("columns are missing", found=missing)
    return names


def _matching(word: str, schema: Schema) -> set[str]:
    if word in schema:
        return {word}
    if _is_type(word):
        fits = TYPE_WORDS[word.removeprefix("all").strip() or "columns"]
        return {column.name for column in schema if fits(column)}
    if _is_pattern(word):
        pattern = re.compile(word[1:-1])
        return {name for name in schema.names if pattern.search(name)}
    if _is_glob(word):
        return {name for name in schema.names if fnmatch.fnmatchcase(name, word)}
    return set()


def no_such_column(name: str, schema: Schema) -> Problem:
    """The finding that a table has no such column, with the nearest one it has."""
    if name.startswith("all "):
        hint = did_you_mean(name[4:], TYPE_WORDS)
    else:
        hint = did_you_mean(name, schema.names) or f"The table has: {', '.join(schema.names[:20])}."
    return Problem(f"no column {name!r}", Where(column=name), hint, missing_column=True)


def _from_words(value: Any) -> Any:
    return {"include": value} if isinstance(value, (str, list, tuple)) else value


Columns = Annotated[ColumnSelector, BeforeValidator(_from_words)]
"""The type of a parameter that names columns."""

ALL = ColumnSelector()
