"""``sanitizer check``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sanitizer_core.cli.console import plural, say, say_json

EXIT = {"passed": 0, "failed": 1, "warned": 2}


def check_command(
    contract: Annotated[Path, typer.Argument(help="A contract, or a schema that Pandera wrote.")],
    source: Annotated[str, typer.Argument(help="The table to check.")],
    rejected: Annotated[
        str | None, typer.Option(help="Where every failing row goes, with every reason it has.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Fail at the first row that cannot be read.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Hold SOURCE against CONTRACT; nothing is changed."""
    from sanitizer_core.pipeline.contracts import check_source

    checked = check_source(contract, source, rejected, strict=strict)
    verdict = checked.verdict
    if as_json:
        say_json(verdict.to_json() | {"rejected_lines": checked.lines, "rejected": rejected})
        raise typer.Exit(EXIT[verdict.status])
    say(
        f"{verdict.contract} v{verdict.version}: {verdict.status}; {plural(verdict.rows_failed, 'row')} of {verdict.rows:,} break it"
    )
    for finding in verdict.findings:
        say(f"  {finding.severity}: {finding.message}" + (f" ({finding.hint})" if finding.hint else ""))
    for check in verdict.checks:
        if check.failed or not check.passed:
            word = check.severity if not check.passed else "within its threshold"
            say(f"  {word}: {check.id}: {check.failed:,} of {check.checked:,} ({check.description})")
    if checked.lines:
        say(f"  {plural(checked.lines, 'line')} could not be read")
    if rejected is not None:
        say(f"  failing rows: {rejected}")
    raise typer.Exit(EXIT[verdict.status])
