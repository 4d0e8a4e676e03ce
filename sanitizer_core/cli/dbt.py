"""``sanitizer dbt sync|publish``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sanitizer_core.cli.console import plural, say, say_json, warn
from sanitizer_core.cli.publishing import JsonOption, RegistryOption

if TYPE_CHECKING:
    from sanitizer_core.dbt.published import Pull
    from sanitizer_core.record import RunRecord

app = typer.Typer(help="Keep a dbt project in step with its recipes.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _root() -> None:
    """Keep a dbt project in step with its recipes."""


@app.command("sync")
def sync_command(
    project: Annotated[Path, typer.Option("--project-dir", help="The folder of dbt_project.yml.")] = Path(),
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; end with 1 when something would change.")
    ] = False,
    profiles: Annotated[
        Path | None, typer.Option("--profiles-dir", help="For dbt, where a relation's columns are read through it.")
    ] = None,
    target: Annotated[str | None, typer.Option(help="For dbt, in the same way.")] = None,
    registry: RegistryOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Compile the pinned recipes into macros; run it again and nothing changes."""
    from sanitizer_core.dbt.asking import Dbt
    from sanitizer_core.dbt.relations import columns_through
    from sanitizer_core.dbt.sync import compare, locked_columns, wanted, write

    ask = locked_columns(project) if check else columns_through(Dbt(project, profiles, target))
    with _pulling(project, registry, check) as pull:
        aim = wanted(project, ask, pull)
    found = compare(project, aim) if check else write(project, aim)
    if as_json:
        say_json({"files": found, "checked": check})
    else:
        for path, state in found.items():
            say(f"{path}: {state}" if check else f"{path}: {_DONE.get(state, 'written')}")
        say(_summary(len(aim.lock.recipes) + len(aim.lock.contracts), len(found), check))
    raise typer.Exit(1 if check and found else 0)


@contextmanager
def _pulling(project: Path, registry: str | None, check: bool) -> Iterator[Pull]:
    """How published versions are had: from the registry that is named, or as they were, for a check."""
    from sanitizer_core.dbt.pins import load_pins
    from sanitizer_core.dbt.published import asks_a_registry, from_lock, from_registry, nowhere
    from sanitizer_core.registry import Registry

    pins = load_pins(project)
    address = registry or pins.registry
    if check or not asks_a_registry(pins) or address is None:
        yield from_lock(project) if check else nowhere
        return
    with Registry.connect(address) as opened:
        yield from_registry(opened)


_DONE = {"left over": "removed", "edited": "written anew, over what was edited by hand"}


def _summary(pinned: int, found: int, check: bool) -> str:
    if not found:
        return f"{plural(pinned, 'pin')}, everything is in step"
    told = "not in step; run 'sanitizer dbt sync'" if check else "brought in step"
    return f"{plural(found, 'file')} {told}"


@app.command("publish")
def publish_command(
    artifacts: Annotated[Path, typer.Argument(help="Where dbt wrote manifest.json and run_results.json.")] = Path(
        "target"
    ),
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The folder of the records; else 'sanitizer' beside the artifacts."),
    ] = None,
    project: Annotated[Path, typer.Option("--project-dir", help="The folder of dbt_project.yml.")] = Path(),
    profiles: Annotated[Path | None, typer.Option("--profiles-dir", help="For dbt, which counts the rows.")] = None,
    target: Annotated[str | None, typer.Option(help="For dbt, in the same way.")] = None,
    registry: RegistryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Turn what dbt wrote about its last run into a record for each model that a recipe cleaned."""
    from sanitizer_core.dbt.asking import Dbt
    from sanitizer_core.dbt.publish import publish

    folder = output or artifacts / "sanitizer"
    records = publish(artifacts, folder, Dbt(project, profiles, target))
    notes = _report(registry, records) if registry is not None else []
    if as_json:
        say_json({"records": {str(path): record.json_object() for path, record in records.items()}, "notes": notes})
        return
    for path, record in records.items():
        rows = record.rows
        say(
            f"{path}: {record.recipe.name} v{record.recipe.version} {record.status}, {rows.in_:,} rows in, {rows.out:,} out"
        )
    say(plural(len(records), "record"))
    for note in notes:
        warn(note)


def _report(registry: str, records: dict[Path, RunRecord]) -> list[str]:
    from sanitizer_core.registry import Registry
    from sanitizer_core.registry.reporting import report_run

    with Registry.connect(registry) as opened:
        return [note for record in records.values() if (note := report_run(opened, record)) is not None]
