"""What a contract says around its schema."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Severity = Literal["error", "warning"]
OnViolation = Literal["quarantine", "fail", "warn"]


class Threshold(BaseModel):
    """How much of a check may fail while the check still passes; where both are given, both must hold."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_fraction: float | None = Field(default=None, ge=0, le=1, description="Failed cells by checked cells, 0 to 1.")
    max_count: int | None = Field(default=None, ge=0, description="Failed cells.")

    @model_validator(mode="after")
    def _says_something(self) -> Threshold:
        if self.max_fraction is None and self.max_count is None:
            raise ValueError("needs 'max_fraction' or 'max_count'")
        return self

    def allows(self, failed: int, checked: int) -> bool:
        """Whether so many failures among so many checked cells are within it."""
        few = self.max_count is None or failed <= self.max_count
        return few and (self.max_fraction is None or failed == 0 or failed / checked <= self.max_fraction)

    def __str__(self) -> str:
        parts = [f"{self.max_fraction:.4g} of the cells"] if self.max_fraction is not None else []
        parts += [f"{self.max_count:,} cells"] if self.max_count is not None else []
        return "at most " + " and ".join(parts)
