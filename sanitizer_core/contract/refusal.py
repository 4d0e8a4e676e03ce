"""What is said where a dialect cannot say a check."""

from __future__ import annotations

from sanitizer_core.errors import CompileError

HINT = "Leave the check out of this contract, or hold the contract against the table with 'sanitizer check', which runs on DuckDB."

ONLY_PANDERA = "no SQL is known that means it, and Pandera has to make it"
WITHOUT_ORDER = "a table has no first and no last row without an order"


def cannot_say(check: str, dialect: str, why: CompileError | str) -> CompileError:
    """The error for a check, by its id, that a dialect cannot say."""
    reason = why if isinstance(why, str) else why.message
    return CompileError(f"{dialect} cannot say the check {check!r}: {reason}", hint=HINT)
