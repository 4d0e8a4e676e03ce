"""One portable function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from sanitizer_core.schema import DataType

Takes = Literal[
    "any", "text", "integer", "number", "float", "boolean", "date", "timestamp", "moment", "clock", "pattern"
]
"""What an argument has to be: ``moment`` is a date or an instant, ``clock`` has a time of day, ``pattern`` is a constant."""


@dataclass(frozen=True)
class Lowering:
    """What one dialect says for a portable function.

    Args:
        template: SQL of the dialect, in which ``:name`` stands for a parameter or a constant.
        constants: in place of the function's own where the dialect reads them differently, such as a pattern.
    """

    template: str
    constants: Mapping[str, str] = field(default_factory=dict)


IN_PLACE = ":body"
"""The lowering of ``let`` in dialects that cannot name a value: it stands wherever the body names it."""

Said = str | Lowering | Callable[[Mapping[str, str]], Lowering]
"""A lowering: a template alone, one with constants, or what makes one of the arguments that are constants (such as
the format of a date), by the parameter's name.

Raises:
    CompileError: the dialect cannot say it of these constants.
"""


@dataclass(frozen=True)
class Function:
    """A function that means the same on every engine.

    Args:
        name: how operations and portable expressions call it.
        parameters: their names, in order; one that ends in ``?`` may be left out (it is then NULL).
        returns: the logical type of the result; ``None`` when it is the type of the first argument.
        purpose: one sentence for the docs.
        lowerings: dialect to template; those of DuckDB stand beside the function, for they are what the others are
            held against, and those of a further dialect in ``sql.dialects`` under the dialect's name.
        constants: further placeholders of the templates, so that no text is spliced into SQL.
        public: whether portable expressions may call it by name.
        takes: what each argument has to be; a function without cannot be called by portable expressions, since
            nothing would hold its arguments against their types before any data is read.
        also: further names by which portable expressions may call it.
    """

    name: str
    parameters: tuple[str, ...]
    returns: DataType | None
    purpose: str
    lowerings: Mapping[str, Said]
    constants: Mapping[str, str] = field(default_factory=dict)
    public: bool = True
    takes: tuple[Takes, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def required(self) -> int:
        """How many arguments it needs at least."""
        return sum(not parameter.endswith("?") for parameter in self.parameters)

    @property
    def callable(self) -> bool:
        """Whether portable expressions may call it."""
        return self.public and len(self.takes) == len(self.parameters)
