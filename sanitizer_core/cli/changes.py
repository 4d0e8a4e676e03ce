"""``sanitizer changes``."""

from __future__ import annotations

from typing import Annotated

import typer

from sanitizer_core.cli.console import plural, say, say_json


def changes_command(
    artifacts: Annotated[
        str, typer.Argument(help="The folder of a run, or the table that a run inside a database wrote.")
    ],
    column: Annotated[
        str | None, typer.Option(help="Changes of this column, by its name in the input or in the output.")
    ] = None,
    row: Annotated[int | None, typer.Option(min=0, help="The story of this row of the input, counted from 0.")] = None,
    step: Annotated[int | None, typer.Option(min=0, help="Changes by this step.")] = None,
    op: Annotated[str | None, typer.Option(help="Changes by this operation.")] = None,
    old: Annotated[str | None, typer.Option(help="Changes from this value.")] = None,
    new: Annotated[str | None, typer.Option(help="Changes to this value.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="At most so many; 0 for all.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Ask the change log of a run what happened to a column, a row or a value."""
    from sanitizer_core.audit.asking import Question
    from sanitizer_core.pipeline.asking_tables import ask_run

    answer = ask_run(artifacts, Question(column, row, step, op, old, new), limit or None)
    if as_json:
        say_json({"total": answer.total, "changes": answer.entries, "gone": answer.gone})
        return
    for entry in answer.entries:
        say(f"row {entry['row']}, {entry['column']}: {_shown(entry['old'])} -> {_shown(entry['new'])}  "
            f"[step {entry['step']} {entry['op']}: {entry['reason']}]")  # fmt: skip
    for gone in answer.gone:
        say(f"row {gone['row']}: {gone['what']} by step {gone['step']} {gone['op']}: {gone['reason']}")
    shown = len(answer.entries)
    rest = f", {answer.total - shown:,} more (--limit 0 shows all)" if shown < answer.total else ""
    say(f"{plural(answer.total, 'change')}{rest}")


def _shown(value: str | None) -> str:
    return "null" if value is None else repr(value)
