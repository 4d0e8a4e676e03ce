"""``sanitizer runs`` and ``sanitizer scores``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sanitizer_core.cli.console import plural, say, say_json, warn
from sanitizer_core.cli.publishing import JsonOption, RegistryOption
from sanitizer_core.errors import SanitizerError

if TYPE_CHECKING:
    from sanitizer_core.record import RunRecord

RecipeOption = Annotated[str | None, typer.Option("--recipe", help="Of this recipe.")]
DatasetOption = Annotated[str | None, typer.Option("--dataset", help="Of this dataset (its address).")]
LimitOption = Annotated[int, typer.Option("--limit", min=1, help="The most to show.")]
Dimension = Literal["overall", "completeness", "uniqueness", "consistency", "integrity"]


def runs_command(
    registry: RegistryOption = None,
    recipe: RecipeOption = None,
    dataset: DatasetOption = None,
    status: Annotated[Literal["passed", "warned", "failed"] | None, typer.Option(help="That ended so.")] = None,
    limit: LimitOption = 20,
    as_json: JsonOption = False,
) -> None:
    """List the runs that the registry knows, the newest first; deliver reports that had to wait."""
    from sanitizer_core.registry import Registry, send_spooled

    with Registry.connect(registry) as opened:
        left = send_spooled(opened)
        found = list(opened.runs(limit=limit, recipe=recipe, dataset=dataset, status=status))
    if left:
        warn(f"{plural(left, 'report')} could not be delivered yet")
    if as_json:
        say_json({"runs": [each.model_dump(mode="json") for each in found]})
        return
    for each in found:
        scores = f"{_shown(each.score_before)} -> {_shown(each.score_after)}"
        say(
            f"{each.started_at:%Y-%m-%d %H:%M}  {each.status:<6}  {each.recipe_name}@{each.recipe_version}  {scores}"
            f"  {each.rows_out:,} of {plural(each.rows_in, 'row')}  {each.dataset}  {each.id}"
        )


def scores_command(
    registry: RegistryOption = None,
    recipe: RecipeOption = None,
    dataset: DatasetOption = None,
    dimension: Annotated[Dimension, typer.Option(help="Of the score.")] = "overall",
    column: Annotated[str | None, typer.Option(help="Of this column; else of the whole table.")] = None,
    limit: LimitOption = 20,
    as_json: JsonOption = False,
) -> None:
    """Show a score over the runs that the registry knows, the newest first."""
    from sanitizer_core.registry import Registry

    with Registry.connect(registry) as opened:
        wanted = {"recipe": recipe, "dataset": dataset, "dimension": dimension, "column": column}
        found = list(opened.scores(limit=limit, **wanted))
    if as_json:
        say_json({"scores": [each.model_dump(mode="json") for each in found]})
        return
    for each in found:
        say(
            f"{each.started_at:%Y-%m-%d %H:%M}  {_shown(each.before)} -> {_shown(each.after)}"
            f"  {each.recipe_name}@{each.recipe_version}  {each.dataset}"
        )


def report(record: RunRecord, address: str) -> None:
    """Reports a run; whatever comes of it, the run is what it is."""
    from sanitizer_core.registry import Registry, report_run

    with Registry.connect(address) as opened:
        note = report_run(opened, record)
    if note is not None:
        warn(note)


def report_failure(recipe: str, error: SanitizerError, address: str) -> None:
    """Reports a run that could not be carried out: the kind of error and its place, since its sentence may quote a cell."""
    from sanitizer_core.registry import Registry, report_failure

    place = f" in {error.where}" if str(error.where) else ""
    with Registry.connect(address) as opened:
        note = report_failure(opened, recipe, f"{type(error).__name__}{place}")
    if note is not None:
        warn(note)


def send_files(folder: str | None, address: str) -> None:
    """Sends the files of a run that was reported; whatever comes of it, the run is what it is."""
    from sanitizer_core.registry import Registry

    if folder is None:
        warn("the run kept no files that could be sent: give it an output or --artifacts")
        return
    try:
        with Registry.connect(address) as opened:
            opened.send_files(folder)
    except SanitizerError as error:
        warn(f"the files of the run were not sent: {error}")


def _shown(score: float | None) -> str:
    return "none" if score is None else f"{score:.1f}"
