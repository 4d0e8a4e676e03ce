"""One portable function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sanitizer_core.schema import DataType


@dataclass(frozen=True)
class Function:
    """A function that means the same on every engine.

    Args:
        name: how operations and portable expressions call it.
        parameters: their names, in order; one that ends in ``?`` may be left out (it is then NULL).
        returns: the logical type of the result; ``None`` when it is the type of the first argument.
        purpose: one sentence for the docs.
        lowerings: dialect to template.
        constants: further placeholders of the templates, so that no text is spliced into SQL.
        public: whether portable expressions may call it by name.
    """

    name: str
    parameters: tuple[str, ...]
    returns: DataType | None
    purpose: str
    lowerings: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict)
    public: bool = True

    @property
    def required(self) -> int:
        """How many arguments it needs at least."""
        return sum(not parameter.endswith("?") for parameter in self.parameters)
