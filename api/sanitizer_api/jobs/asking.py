"""From what somebody asks to what a job does: names and labels are resolved once, when it is asked for."""

from __future__ import annotations

import uuid
from typing import Any

from sanitizer_api.datasets import repository as datasets
from sanitizer_api.definitions.kinds import CONTRACT, RECIPE
from sanitizer_api.definitions.models import Definition, Version
from sanitizer_api.definitions.service import LATEST, Library
from sanitizer_api.jobs.schemas import Cleaning, DatasetRef, JobRequest, VersionRef
from sanitizer_api.jobs.service import Desk
from sanitizer_api.problems import ApiError, NotFoundError
from sanitizer_api.runs import repository as runs


class UnsuitableError(ApiError):
    """The recipe or the contract is not one that the registry can run."""

    status, name, title = 422, "unsuitable", "It cannot be run here"


async def cleaning_of(desk: Desk, asked: JobRequest) -> Cleaning:
    """What the job does.

    Raises:
        NotFoundError: the dataset, the recipe, the contract, its version or the run that fitted is not there.
        UnsuitableError: that run was of another recipe, or the recipe names a contract in a file, or Python that jobs may not call.
    """
    dataset = await _dataset(desk, asked.dataset)
    reference = str(asked.version) if asked.version is not None else asked.label or LATEST
    recipe = await Library(desk.session, RECIPE, desk.caller).version(asked.recipe, reference)
    contract = await _contract(desk, asked.contract or _named_contract(recipe[1].content))
    await _refuse_unfitted(desk, asked.options.fitted, recipe[1])
    for content in (recipe[1].content, contract[1].content if contract else recipe[1].content.get("contract")):
        _refuse_python(content, desk.settings.job_modules)
    return Cleaning(
        dataset=dataset,
        recipe=_reference(*recipe),
        contract=_reference(*contract) if contract else None,
        options=asked.options,
    )


async def _dataset(desk: Desk, given: str) -> DatasetRef:
    try:
        found = await datasets.dataset(desk.session, uuid.UUID(given))
    except ValueError:
        found = None
    found = found or await datasets.named(desk.session, given)
    if found is None:
        raise NotFoundError(f"there is no dataset {given!r}", hint="GET /api/v1/datasets lists them.")
    return DatasetRef(id=found.id, name=found.name)


async def _refuse_unfitted(desk: Desk, run_id: uuid.UUID | None, recipe: Version) -> None:
    run = await runs.run(desk.session, run_id) if run_id is not None else None
    if run is None and run_id is not None:
        raise NotFoundError(f"there is no run {run_id}, whose fitted values were asked for")
    if run is not None and run.recipe_digest != recipe.digest:
        raise UnsuitableError(
            f"the run {run_id} fitted another recipe ({run.recipe_name}, version {run.recipe_version})",
            hint="Name a run of this very version, or leave 'fitted' out.",
        )


def _named_contract(recipe: dict[str, Any]) -> str | None:
    """The contract that a recipe names; one that it holds itself goes with it."""
    named = recipe.get("contract")
    if not isinstance(named, str):
        return None
    if "@" not in named:
        raise UnsuitableError(
            f"the recipe's contract is the file {named!r}, which the registry does not have",
            hint="Publish the contract, and name it in 'contract' here, or as name@version in the recipe.",
        )
    return named


async def _contract(desk: Desk, named: str | None) -> tuple[Definition, Version] | None:
    if named is None:
        return None
    name, _, reference = named.partition("@")
    return await Library(desk.session, CONTRACT, desk.caller).version(name, reference or LATEST)


def _refuse_python(content: Any, allowed: str) -> None:
    """Functions and schemas in Python run as the worker does; only those of allowed modules do."""
    modules = [each.strip() for each in allowed.split(",") if each.strip()]
    for reference in _python_of(content):
        module = reference.partition(":")[0]
        if not any(module == each or module.startswith(f"{each}.") for each in modules):
            raise UnsuitableError(
                f"{reference!r} is Python, which jobs call only from modules that are allowed",
                hint="Whoever runs the registry allows modules by SANITIZER_JOB_MODULES.",
            )


def _python_of(content: Any) -> list[str]:
    """What a recipe or a contract names in Python."""
    if not isinstance(content, dict):
        return []
    steps = content.get("steps", [])
    called = [step.get("params", {}).get("function") for step in steps if step.get("op") == "python"]
    return [str(each) for each in (content.get("python"), *called) if each is not None]


def _reference(definition: Definition, version: Version) -> VersionRef:
    return VersionRef(version_id=version.id, name=definition.name, version=version.number, digest=version.digest)
