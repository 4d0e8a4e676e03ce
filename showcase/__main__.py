"""``python -m showcase up [--keep]`` and ``down``: what ``make demo`` and ``make demo-down`` run."""

from __future__ import annotations

import fcntl
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from showcase import airflow as airflow_of
from showcase import lineage, project, registry
from showcase.airflow import Airflow
from showcase.processes import Processes, ShowcaseError
from showcase.registry import Served

app = typer.Typer(help=__doc__, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)
FolderArgument = Annotated[Path, typer.Argument(help="Where everything of the showcase goes.")]
FOLDER = Path("build/pipeline")
LAST_MODEL, LAST_COLUMN = "warehouse.main.sites_by_zip", "example"
MODELS = ("callable_sites", "titled_sites", "sites_by_zip")


@app.command()
def up(
    folder: FolderArgument = FOLDER,
    keep: Annotated[bool, typer.Option("--keep", help="Leave registry, worker and Airflow running.")] = False,
) -> None:
    """Start registry, worker and Airflow; clean a dirty file, build on it with dbt, and show what came of it."""
    began, folder = time.perf_counter(), folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with _alone(folder):
            ended = _kept(folder, began) if keep or _is_up(folder) else _once(folder, began)
    except ShowcaseError as error:
        typer.echo(f"error: {error}", err=True)
        ended = False
    except KeyboardInterrupt:
        typer.echo("interrupted: what was started is stopped", err=True)
        raise typer.Exit(130) from None
    raise typer.Exit(0 if ended else 1)


@app.command()
def down(folder: FolderArgument = FOLDER) -> None:
    """Stop what ``up --keep`` left running."""
    processes = _processes(folder.resolve())
    running = processes.running()
    if running:
        processes.stop()
    typer.echo(f"Stopped: {', '.join(running)}" if running else "Nothing was running.")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """A block that no other showcase runs in the same folder meanwhile.

    Raises:
        ShowcaseError: one does.
    """
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ShowcaseError(f"another one is running in {folder}; wait until it has ended") from None
        yield


def _is_up(folder: Path) -> bool:
    """Whether everything was left running; what is left of one that broke is stopped, for its parts do not fit new ones."""
    processes = _processes(folder)
    running = set(processes.running())
    if running and running != {*registry.PROCESSES, *airflow_of.PROCESSES}:
        processes.stop()
        return False
    return bool(running)


def _once(folder: Path, began: float) -> bool:
    """Shows it, and stops everything, however it ends."""
    try:
        return _shown(folder, began, keep=False)
    finally:
        _processes(folder).stop()


def _kept(folder: Path, began: float) -> bool:
    """Shows it, and leaves everything running (also what ran before), unless it is broken off."""
    try:
        return _shown(folder, began, keep=True)
    except KeyboardInterrupt:
        _processes(folder).stop()
        raise


def _processes(folder: Path, **environment: str) -> Processes:
    own = {"SANITIZER_HOME": str(folder / "registry"), "SANITIZER_SPOOL": str(folder / "spool")}
    own["SANITIZER_DATASET_FOLDERS"] = str(
        folder
    )  # So that the registry may read the artifacts of runs, and undo them.
    quiet = {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DO_NOT_TRACK": "1"}
    return Processes(folder / "logs", os.environ | own | quiet | environment)


def _shown(folder: Path, began: float, keep: bool) -> bool:
    prepared = project.prepare(folder)
    _say("registry and worker ...")
    served = registry.serve(folder, _processes(folder))
    registry.publish(served, prepared.recipe, prepared.contract)
    port = airflow_of.port_of(folder, _processes(folder))
    settings = airflow_of.environment(folder / "airflow", project.DAGS, port)
    processes = _processes(folder, **settings, **served.environment())
    project.sync(prepared, processes)
    _say("Airflow ...")
    airflow = Airflow.start(processes, port)
    processes.need("registry", "worker")
    _say("the DAG dbt_pipeline: sanitize, gate, dbt build, publish ...")
    run_id = airflow.run("dbt_pipeline", prepared.params())
    state = airflow.state("dbt_pipeline", run_id)
    _tell(airflow, served, run_id, prepared)
    _say(f"\n{state} in {time.perf_counter() - began:.0f} s")
    _tell_addresses(airflow, served, run_id, keep)
    return state == "success"


def _tell(airflow: Airflow, served: Served, run_id: str, prepared: project.Prepared) -> None:
    for task in airflow.tasks("dbt_pipeline", run_id):
        _say(f"  {task['task_id']:<22} {task['state']}")
        if task["state"] == "failed":
            _say(airflow.log("dbt_pipeline", run_id, task["task_id"])[-3000:])
    summary = airflow.returned("dbt_pipeline", run_id, "sanitize")
    if summary is None:
        return
    rows, score = summary["rows"], summary["score"]
    _say(
        f"\nrows       {rows['in']:,} in, {rows['out']:,} out, {rows['removed']:,} removed, {rows['rejected']:,} rejected"
    )
    _say(f"cells      {summary['cells_changed']:,} changed")
    _say(f"score      {score['before']['overall']:.1f} -> {score['after']['overall']:.1f}")
    _tell_contract(summary["contract"])
    _say(f"output     {summary['output']}")
    _say(f"artifacts  {summary['artifacts']}")
    _say(f"undo       sanitizer restore {summary['artifacts']} -o FILE")
    _say("\nlineage, from the file to the last model of dbt:")
    last = f"duckdb://{prepared.warehouse}", LAST_MODEL
    for way in lineage.paths(lineage.edges(served, last), (*last, LAST_COLUMN)):
        _say(f"  {lineage.as_text(way)}")


def _tell_contract(contract: dict[str, Any] | None) -> None:
    if contract is not None:
        _say(f"contract   {contract['name']} v{contract['version']}: {contract['status']}")
        for each in contract["broken"]:
            _say(
                f"           {each['severity']}: {each['id']}: {each.get('failed', 0):,} of {each.get('checked', 0):,}"
            )


def _tell_addresses(airflow: Airflow, served: Served, run_id: str, keep: bool) -> None:
    if not keep:
        _say("Everything is stopped again; with KEEP=1 it stays, to be looked at.")
        return
    _say(f"Airflow    {airflow.address}/dags/dbt_pipeline/runs/{run_id}")
    summary = airflow.returned("dbt_pipeline", run_id, "sanitize")
    _say(f"registry   {summary['link'] if summary else served.address}")
    _say(f"           sign in as {registry.EMAIL}, password {served.password}")
    _say("Stop it with: make demo-down")


def _say(text: str) -> None:
    typer.echo(text)


if __name__ == "__main__":
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)  # As Ctrl-C: what was started is stopped.
    app()
