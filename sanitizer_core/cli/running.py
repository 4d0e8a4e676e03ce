"""``sanitizer run``."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sanitizer_core.cli.console import plural, say, say_json, some_of, warn
from sanitizer_core.cli.history import report, report_failure, send_files
from sanitizer_core.cli.progress import watching
from sanitizer_core.errors import SanitizerError

if TYPE_CHECKING:
    from sanitizer_core.record import RunRecord

EXIT = {"passed": 0, "failed": 1, "warned": 2}


def run_command(
    recipe: Annotated[Path, typer.Argument(help="A recipe (YAML or JSON), or a fitted one.")],
    source: Annotated[
        str, typer.Argument(help="The input: a file, a folder, an address, or - for the standard input.")
    ],
    output: Annotated[
        str | None, typer.Option("--output", "-o", help="Where the clean table goes: a file, a folder, or -.")
    ] = None,
    artifacts: Annotated[
        str | None, typer.Option(help="The folder of the log and the report; else NAME.run beside the output.")
    ] = None,
    contract: Annotated[Path | None, typer.Option(help="A contract, instead of the recipe's own.")] = None,
    fitted: Annotated[
        Path | None, typer.Option(help="Fitted values of this recipe, instead of measuring them.")
    ] = None,
    audit: Annotated[Literal["cells", "summary", "none"] | None, typer.Option(help="How changes are logged.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Fail at the first row that cannot be read.")] = False,
    guard: Annotated[
        bool,
        typer.Option("--guard/--no-guard", help="Whether CSV and Excel cells that look like formulas are defused."),
    ] = True,
    memory_limit: Annotated[str | None, typer.Option(help="The most memory to take, such as 4GB.")] = None,
    registry: Annotated[
        str | None,
        typer.Option(envvar="SANITIZER_REGISTRY", help="A registry that the run is reported to, when it is done."),
    ] = None,
    send_artifacts: Annotated[
        bool,
        typer.Option(
            "--send-artifacts",
            help="Send the registry the run's files too: the clean table, its log, what it removed. Else only the record.",
        ),
    ] = False,
    threads: Annotated[int | None, typer.Option(min=1, help="How many cores to use.")] = None,
    engine: Annotated[
        str | None,
        typer.Option(
            help="duckdb, postgres or spark; else postgres where source and output are tables of one database."
        ),
    ] = None,
    master: Annotated[str | None, typer.Option(help="Run on a Spark that is started here, such as local[2].")] = None,
    remote: Annotated[str | None, typer.Option(help="Run on a Spark Connect server, such as sc://host:15002.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Clean SOURCE by RECIPE; explain every changed cell, and keep what undoes it."""
    from sanitizer_core.cli.choosing import fitted_or_plain
    from sanitizer_core.pipeline.running import run
    from sanitizer_core.sinks import WriteOptions

    with _told_if_failed(recipe, registry), watching(not as_json) as watch:
        result = run(
            source,
            fitted_or_plain(recipe, fitted),
            output,
            artifacts=artifacts,
            contract=contract,
            audit=audit,
            strict=strict,
            write=WriteOptions(guard_formulas=guard),
            memory_limit=memory_limit,
            threads=threads,
            engine=engine,
            master=master,
            remote=remote,
            watch=watch,
        )
    if as_json and output != "-":
        say_json(result.record.json_object())
    elif output != "-":
        tell(result.record, result.output, result.folder)
    if registry is not None:
        report(result.record, registry)
        if send_artifacts:
            send_files(result.folder, registry)
    raise typer.Exit(EXIT[result.record.status])


@contextmanager
def _told_if_failed(recipe: Path, registry: str | None) -> Iterator[None]:
    """A block whose failure the registry learns, too."""
    try:
        yield
    except SanitizerError as error:
        if registry is not None:
            report_failure(recipe.stem, error, registry)
        raise


def tell(record: RunRecord, output: str | None, folder: str | None) -> None:
    """Tells people what a run came to."""
    rows = record.rows
    say(f"{record.recipe.name} v{record.recipe.version}: {record.status} in {record.seconds:.2f} s")
    say(f"  rows     {rows.in_:,} in, {rows.out:,} out, {rows.removed:,} removed, {rows.rejected:,} rejected")
    say(f"  cells    {_told_cells(record.cells_changed)}")
    for step in record.steps:
        if told := told_step(step):
            say(f"           {told}")
    if record.score:
        say(f"  score    {record.score['before']['overall']:.1f} -> {record.score['after']['overall']:.1f}")
    _tell_contract(record.contract)
    if record.quality_gate is not None and not record.quality_gate["passed"]:
        say(f"  gate     failed: the score is below {record.quality_gate['minimum']}")
    if output is not None:
        say(f"  output   {output}")
    if record.engine == "postgres" and output is not None and folder is None:
        say(f"  undo     sanitizer restore {shlex.quote(output)} -o TABLE")
    if record.engine == "spark":
        say(
            f"  undo     sanitizer restore {shlex.quote(str(folder or output))} -o FOLDER --master ... (or --remote ...)"
        )
    elif folder is not None:
        say(f"  report   {record.artifacts.get('report', 'none')}")
        say(f"  undo     sanitizer restore {shlex.quote(str(folder))} -o FILE")
    for note in record.notes:
        warn(note)


def _told_cells(changed: int | None) -> str:
    return "not counted, since no log was asked for" if changed is None else f"{plural(changed, 'cell')} changed"


def told_step(step: Any) -> str:
    """``step 2 clean_text: 12 cells in name, 3 rows removed``; empty when it did nothing."""
    parts = [plural(sum(step.changed.values()), "cell") + " in " + some_of(step.changed)] if step.changed else []
    parts += [f"{plural(step.removed, 'row')} removed"] if step.removed else []
    parts += [f"{plural(step.rejected, 'row')} rejected"] if step.rejected else []
    parts += [f"added {some_of(step.added)}"] if step.added else []
    parts += [f"dropped {some_of(step.dropped)}"] if step.dropped else []
    return f"step {step.number} {step.op}: {'; '.join(parts)}" if parts else ""


def _tell_contract(contract: dict[str, Any] | None) -> None:
    if contract is None:
        return
    failed = [check for check in contract["checks"] if not check["passed"]]
    say(
        f"  contract {contract['contract']} v{contract['version']}: {contract['status']}, {plural(contract['rows_failed'], 'row')} break it"
    )
    for finding in contract["findings"]:
        say(f"           {finding['severity']}: {finding['message']}")
    for check in failed:
        say(
            f"           {check['severity']}: {check['id']}: {check['failed']:,} of {check['checked']:,} ({check['description']})"
        )
