"""Every error that a user of Data Sanitizer can meet.

The tree::

    SanitizerError
    ├── RecipeError        the recipe cannot be read, or has problems (all of them at once)
    ├── PlanError          the recipe does not fit the input's columns or types
    ├── CompileError       the engine cannot say what the recipe asks
    ├── FitError           a value that the recipe needs cannot be measured from this data
    ├── SourceError        the input cannot be opened or read
    ├── SinkError          the output cannot be written
    ├── ContractError      the contract cannot be read or does not fit the table
    ├── EngineError        the engine failed while it ran (carries the statement)
    ├── ProjectError       the dbt project, or what it pins, cannot be read or is not in step
    ├── RestoreError       the run cannot be undone from these artifacts
    ├── RegistryError      the registry is away, or said no
    └── MissingExtraError  an optional dependency is not installed

Each carries what was got, a hint, and where (file, line, step, op, column, engine), so that the command
line, the API and Airflow can each show it in their own way, and says whether trying again can help.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace

QUERY_INTERRUPTED = "Query interrupted"
"""What DuckDB raises, as a RuntimeError, when Ctrl-C meets it within a statement."""


@dataclass(frozen=True)
class Where:
    """The place an error speaks of; every part may be unknown. Steps count from 1, lines from 1."""

    file: str | None = None
    line: int | None = None
    step: int | None = None
    op: str | None = None
    column: str | None = None
    engine: str | None = None

    def __str__(self) -> str:
        """``step 2, clean_text, column 'name' (recipe.yaml:7)``; empty when nothing is known."""
        parts = [f"step {self.step}"] if self.step is not None else []
        parts += [self.op] if self.op else []
        parts += [f"column {self.column!r}"] if self.column is not None else []
        parts += [f"on {self.engine}"] if self.engine else []
        text = ", ".join(parts)
        place = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        return f"{text} ({place})" if text and place else text or place


@dataclass(frozen=True)
class Problem:
    """One finding: what is wrong, where, and what to do about it; whether it is that a column is missing."""

    message: str
    where: Where = Where()
    hint: str | None = None
    missing_column: bool = False

    def __str__(self) -> str:
        text = f"{self.message} in {self.where}" if str(self.where) else self.message
        return f"{text}. {self.hint}" if self.hint else text


class SanitizerError(Exception):
    """The root of the tree.

    Args:
        message: what was got and what is allowed, as one sentence without its full stop.
        hint: what to do about it, as a sentence.
        where: the place the error speaks of.
    """

    retryable = False

    def __init__(self, message: str, *, hint: str | None = None, where: Where | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.where = where or Where()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong, one by one; most errors hold just one problem."""
        return (Problem(self.message, self.where, self.hint),)

    def at(self, **known: str | int | None) -> SanitizerError:
        """The same error with more of its place known; what is known already stays."""
        missing = {key: value for key, value in known.items() if getattr(self.where, key) is None}
        self.where = replace(self.where, **missing)  # type: ignore[arg-type]
        return self

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class _ManyProblemsError(SanitizerError):
    """An error that tells everything that is wrong at once."""

    def __init__(
        self, message: str, *, found: Iterable[Problem] = (), hint: str | None = None, where: Where | None = None
    ) -> None:
        super().__init__(message, hint=hint, where=where)
        self._found = tuple(found)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self._found or super().problems


class RecipeError(_ManyProblemsError):
    """The recipe cannot be read, or has problems."""


class PlanError(_ManyProblemsError):
    """The recipe does not fit the input's columns or their types."""


class CompileError(SanitizerError):
    """The engine cannot say what the recipe asks; refused, never approximated."""


class FitError(SanitizerError):
    """A value that the recipe needs cannot be measured from this data."""


class SourceError(SanitizerError):
    """The input cannot be opened or read."""


class SinkError(SanitizerError):
    """The output cannot be written."""


class ContractError(_ManyProblemsError):
    """The contract cannot be read, or does not fit the table."""


class ProjectError(_ManyProblemsError):
    """The dbt project, or what it pins, cannot be read or is not in step."""


class EngineError(SanitizerError):
    """The engine failed while it ran.

    Args:
        statement: the SQL that failed, when there is one.
        retryable: whether the same run may go through later (a lock, a lost connection).
    """

    def __init__(
        self,
        message: str,
        *,
        statement: str | None = None,
        retryable: bool = False,
        hint: str | None = None,
        where: Where | None = None,
    ) -> None:
        super().__init__(message, hint=hint, where=where)
        self.statement = statement
        self.retryable = retryable


class RestoreError(SanitizerError):
    """The run cannot be undone from these artifacts."""


class RegistryError(_ManyProblemsError):
    """The registry is away, or said no.

    Args:
        retryable: whether the same request may go through later.
        status: what it answered, as an HTTP status; ``None`` when it did not answer.
    """

    def __init__(
        self,
        message: str,
        *,
        found: Iterable[Problem] = (),
        hint: str | None = None,
        retryable: bool = False,
        status: int | None = None,
    ) -> None:
        super().__init__(message, found=found, hint=hint)
        self.retryable = retryable
        self.status = status


class MissingExtraError(SanitizerError):
    """An optional dependency is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f"this needs the package {package!r}, which is not installed",
            hint=f"Install it with: pip install 'sanitizer-core[{extra}]'",
        )


def did_you_mean(got: str, allowed: Iterable[str]) -> str | None:
    """A hint that names the nearest allowed word, or lists them when there are few; else ``None``."""
    names = sorted({str(name) for name in allowed})
    lowered = {name.lower(): name for name in names}
    near = difflib.get_close_matches(got.lower(), list(lowered), n=1, cutoff=0.6)
    if near:
        return f"Did you mean {lowered[near[0]]!r}?"
    if names and len(names) <= 12:
        return "Allowed: " + ", ".join(names) + "."
    return None
