"""The kind of job that cleans a dataset by a recipe; a run comes of it."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anyio import to_thread
from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.access import Caller
from sanitizer_api.datasets import repository as datasets
from sanitizer_api.datasets.models import Dataset
from sanitizer_api.datasets.places import Place, readable
from sanitizer_api.definitions import repository as definitions
from sanitizer_api.jobs.schemas import Cleaning, Options
from sanitizer_api.permissions import Role
from sanitizer_api.problems import NotFoundError
from sanitizer_api.queue.kinds import Kind, Outcome, Parts, Work
from sanitizer_api.quotas.counting import Quotas, What
from sanitizer_api.runs import repository as runs_kept
from sanitizer_api.runs import service as runs
from sanitizer_api.runs.files import located
from sanitizer_api.runs.models import Run
from sanitizer_api.stores.keys import run_key
from sanitizer_core.audit.files import RunFiles
from sanitizer_core.contract import Contract
from sanitizer_core.document import Document
from sanitizer_core.errors import RecipeError, SanitizerError
from sanitizer_core.fitted import FittedRecipe
from sanitizer_core.pipeline.running import run
from sanitizer_core.pipeline.watch import Watch
from sanitizer_core.recipe import Recipe
from sanitizer_core.record import RunRecord
from sanitizer_core.sinks import artifact_folder
from sanitizer_core.sources.options import Format


@dataclass(frozen=True)
class Order:
    """What the process that cleans is told.

    Args:
        source: the address; ``shown`` stands for it wherever people read.
        folder: where the artifacts go.
        fitted: the folder of the run whose fitted values are used.
    """

    run_id: str
    source: str
    shown: str
    format: Format | None
    recipe: dict[str, Any]
    contract: dict[str, Any] | None
    folder: str
    options: dict[str, Any]
    memory: str | None
    threads: int | None
    fitted: str | None = None


def clean(order: Order, watch: Watch) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Carries an order out, and gives the record of the run and its files.

    Raises:
        SanitizerError: in words that do not tell where on the server the source or the store is.
    """
    try:
        published = Recipe.from_document(Document(order.recipe, "recipe.yaml"))
        recipe = _reading(published, order)
        contract = Contract.from_data(order.contract, "contract.yaml") if order.contract is not None else None
        stored = "://" in order.folder
        # Files that go to an object store are looked at here before they are sent.
        folder = tempfile.mkdtemp() + "/run" if stored else order.folder
        result = run(
            order.source, _fitted(recipe, order.fitted), artifacts=folder, contract=contract, watch=watch, run_id=order.run_id,
            source_name=order.shown, engine="duckdb", memory_limit=order.memory, threads=order.threads,
            audit=order.options.get("audit"), strict=bool(order.options.get("strict")),
        )  # fmt: skip
        files = [file_record(path) for path in sorted(Path(folder).iterdir())]
        if stored:
            with artifact_folder(order.folder) as staged:
                shutil.copytree(folder, staged, copy_function=os.replace, dirs_exist_ok=True)
    except SanitizerError as error:
        places = (
            (order.source, order.shown),
            (order.folder, "the registry's store"),
            (order.fitted, "the run's folder"),
        )
        for place, shown in places:
            error.message = error.message.replace(place, shown) if place else error.message
        raise
    named = {name: place.rsplit("/", 1)[-1] for name, place in result.record.artifacts.items()}
    # What a job says of reading does not make another recipe of it.
    told = result.record.recipe.model_copy(update={"digest": published.digest()})
    record = result.record.model_copy(update={"artifacts": named, "recipe": told})
    return record.model_dump(mode="json", by_alias=True), files


def file_record(path: Path) -> dict[str, Any]:
    """A file of a run: its name, its bytes, and their SHA-256 (hex)."""
    with path.open("rb") as file:
        return {
            "name": path.name,
            "size": path.stat().st_size,
            "digest": hashlib.file_digest(file, "sha256").hexdigest(),
        }


def _reading(recipe: Recipe, order: Order) -> Recipe:
    """The recipe; where it does not say the format, it is what the first bytes said.

    They also say that it is no file of DuckDB, whose views could name any file of the server.
    """
    if order.format is None or recipe.input.format not in (None, "duckdb"):
        return recipe
    return recipe.model_copy(update={"input": recipe.input.model_copy(update={"format": order.format})})


def _fitted(recipe: Recipe, folder: str | None) -> Recipe | FittedRecipe:
    """The recipe, with the values of an earlier run of it; how the input is read may differ from there."""
    if folder is None:
        return recipe
    try:
        with RunFiles.at(folder).open("fitted.json") as file:
            values = FittedRecipe.model_validate_json(file.read())
    except ValueError:
        raise RecipeError(f"the values that were fitted in {folder} cannot be read") from None
    return values.model_copy(update={"recipe": recipe.plain(), "digest": recipe.digest()})


async def carry_out(work: Work) -> Outcome:
    """Cleans, in a process of its own; the run is kept in the transaction in which the job succeeds."""
    wanted = Cleaning.model_validate(work.wanted)
    parts, key = work.parts, run_key(work.organisation, work.place)
    async with work.session() as session:
        dataset = await _dataset(session, wanted)
        recipe = await _content(session, wanted.recipe.version_id)
        contract = await _content(session, wanted.contract.version_id) if wanted.contract else None
        earlier = await runs_kept.run(session, wanted.options.fitted) if wanted.options.fitted else None
    fitted = await to_thread.run_sync(_fitted_in, parts, wanted.options, earlier)
    async with _readable(dataset, parts) as place:
        order = Order(
            str(work.place), place.address, wanted.dataset.name, place.format, recipe, contract, parts.store.address(key),
            wanted.options.model_dump(), parts.settings.job_memory, parts.settings.job_threads, fitted,
        )  # fmt: skip
        content, files = await work.in_process(clean, order)
    record = RunRecord.model_validate(content)

    async def keep(session: AsyncSession) -> None:
        await runs.report(session, _caller(work), record, files_key=key, files=files)
        quotas = Quotas(session, work.organisation, parts.settings)
        await quotas.take(What.ROWS, f"run:{work.place}", record.rows.in_, refuse=False)
        await quotas.take(What.STORAGE, f"run:{work.place}", sum(each["size"] for each in files), refuse=False)

    rows = record.rows.model_dump(by_alias=True)
    return Outcome({"status": record.status, "rows": rows, "files": files}, work.place, keep)


def _fitted_in(parts: Parts, options: Options, run: Run | None) -> str | None:
    """The folder of the run whose fitted values are asked for."""
    if options.fitted is None:
        return None
    if run is None:
        raise NotFoundError(f"the run {options.fitted}, whose fitted values were asked for, was deleted")
    record = RunRecord.model_validate(run.record)
    return located(parts.settings, parts.store, run, record).address.location


@asynccontextmanager
async def _readable(dataset: Dataset, parts: Parts) -> AsyncIterator[Place]:
    """Where the core can read a dataset, for the time of the block."""
    with tempfile.TemporaryDirectory(dir=parts.scratch) as folder, ExitStack() as stack:
        opening = readable(dataset, parts.store, parts.settings, Path(folder))
        yield await to_thread.run_sync(stack.enter_context, opening)


async def discard(parts: Parts, organisation: uuid.UUID, place: uuid.UUID) -> None:
    """Takes away what an attempt wrote into the store."""
    await to_thread.run_sync(parts.store.delete, run_key(organisation, place))


KIND = Kind("run", carry_out, discard)


def _caller(work: Work) -> Caller:
    """Who asked for the job; what is written is written as theirs."""
    return Caller(work.requested_by, work.organisation, Role.MEMBER, work.job, frozenset())


async def _dataset(session: AsyncSession, wanted: Cleaning) -> Dataset:
    found = await datasets.dataset(session, wanted.dataset.id)
    if found is None:
        raise NotFoundError(f"the dataset {wanted.dataset.name!r} was deleted")
    return found


async def _content(session: AsyncSession, version_id: uuid.UUID) -> dict[str, Any]:
    found = await definitions.version_of_id(session, version_id)
    if found is None:
        raise NotFoundError("the version is no longer there")
    return found.content
