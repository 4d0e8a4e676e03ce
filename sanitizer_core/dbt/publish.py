"""Run records from what dbt wrote about its last run: out of band, so that no hook slows a build."""

from __future__ import annotations

import json
import platform
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sanitizer_core.dbt.addresses import address_of
from sanitizer_core.dbt.asking import Dbt
from sanitizer_core.dbt.compiled import compiled
from sanitizer_core.dbt.sync import locked_jobs
from sanitizer_core.errors import ProjectError, SanitizerError, Where
from sanitizer_core.pipeline.compiling import Compiled
from sanitizer_core.pipeline.describe import column_records, input_columns
from sanitizer_core.record import RecipeName, RowCounts, RunRecord, Status

_HEADER = re.compile(
    r"^-- (?P<name>.+), version (?P<version>\d+): (?P<what>.+) \(\w+\)\n-- recipe (?P<digest>[0-9a-f]{64})",
    re.MULTILINE,
)
_WHATS = {
    "the clean table": "clean",
    "the log of changed cells": "changes",
    "the rows that steps removed": "removed",
    "the rows that could not be read": "rejected",
}
_SPACE = uuid.UUID("6f1b6a0e-6d1f-5d5f-9b44-0d1d5a7a2f11")
"""The space of the records' ids, so that the same run of the same model has the same id."""


@dataclass(frozen=True)
class Node:
    """A model of the run that holds what a recipe came to."""

    result: Mapping[str, Any]
    node: Mapping[str, Any]
    what: str
    recipe: RecipeName

    @property
    def relation(self) -> str:
        return str(self.node["relation_name"])

    @property
    def source(self) -> str | None:
        """What it was made from, by its id."""
        return next(iter(self.node["depends_on"]["nodes"]), None)


@dataclass(frozen=True)
class Artifacts:
    """The files that dbt leaves behind."""

    manifest: Mapping[str, Any]
    results: Mapping[str, Any]
    nodes: tuple[Node, ...] = field(default=())

    @classmethod
    def load(cls, folder: Path) -> Artifacts:
        """What dbt left in a folder.

        Raises:
            ProjectError: there is nothing, or nothing that dbt wrote.
        """
        manifest, results = (_read(folder / name) for name in ("manifest.json", "run_results.json"))
        return cls(manifest, results, tuple(_cleaned(manifest, results)))

    def node(self, unique_id: str | None) -> Mapping[str, Any] | None:
        """A model, seed or source."""
        found: Mapping[str, Any] | None
        found = self.manifest["nodes"].get(unique_id) or self.manifest["sources"].get(unique_id)
        return found

    def relation_of(self, unique_id: str | None) -> str | None:
        """The name of a node's relation in the warehouse."""
        node = self.node(unique_id)
        return node["relation_name"] if node is not None else None

    def address_of(self, unique_id: str | None, place: Mapping[str, Any]) -> str:
        """Where a node's relation is; nothing where it has none."""
        node = self.node(unique_id)
        return address_of(node, place) if node is not None and node.get("relation_name") else ""

    def scores_of(self, unique_id: str | None) -> list[str]:
        """The score relations over a node."""
        return [
            str(node["relation_name"])
            for node in self.manifest["nodes"].values()
            if "sanitizer.score(" in str(node.get("raw_code"))
            and unique_id in node["depends_on"]["nodes"]
            and node.get("relation_name")
        ]

    def beside(self, clean: Node, what: str) -> Node | None:
        """The model that holds what else the recipe came to for the same input."""
        same = (each for each in self.nodes if each.what == what and each.recipe == clean.recipe)
        return next((each for each in same if each.source == clean.source and _built(each)), None)


def _read(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise ProjectError(
            "there is no such file", where=Where(file=str(path)), hint="Run 'dbt build', or name dbt's target folder."
        ) from None
    except (OSError, ValueError) as error:
        raise ProjectError(f"the file cannot be read: {error}", where=Where(file=str(path))) from None


def _cleaned(manifest: Mapping[str, Any], results: Mapping[str, Any]) -> Iterator[Node]:
    for result in results["results"]:
        node = manifest["nodes"].get(result["unique_id"])
        found = _HEADER.search(str(result.get("compiled_code") or ""))
        if node is not None and found is not None and found["what"] in _WHATS:
            name = RecipeName(name=found["name"], version=int(found["version"]), digest=found["digest"])
            yield Node(result, node, _WHATS[found["what"]], name)


def _built(node: Node) -> bool:
    return bool(node.result["status"] == "success")


def publish(artifacts: Path, folder: Path, dbt: Dbt) -> dict[Path, RunRecord]:
    """Writes a record for each model that a recipe cleaned; the same run gives the same records.

    Raises:
        ProjectError: what dbt wrote cannot be read, or dbt cannot count the rows.
    """
    read = Artifacts.load(artifacts)
    cleaned = [each for each in read.nodes if each.what == "clean"]
    answers = dbt.ask("sanitizer.tell_run", "sanitizer_run:", _questions(read, cleaned)) if cleaned else {}
    planned = _planned(dbt.project, str(read.manifest["metadata"]["adapter_type"]))
    records: dict[Path, RunRecord] = {}
    folder.mkdir(parents=True, exist_ok=True)
    for each in cleaned:
        record = _record(read, each, answers, planned(each.recipe.digest))
        path = folder / f"{each.node['name']}.json"
        path.write_text(record.model_dump_json(by_alias=True, indent=2) + "\n", encoding="utf-8")
        records[path] = record
    return records


def _questions(read: Artifacts, cleaned: list[Node]) -> dict[str, list[str]]:
    counted: dict[str, None] = {}
    scores: dict[str, None] = {}
    for each in filter(_built, cleaned):
        others = [read.beside(each, what) for what in ("changes", "removed", "rejected")]
        names = [read.relation_of(each.source), each.relation, *(other.relation for other in others if other)]
        counted.update(dict.fromkeys(name for name in names if name))
        scores.update(dict.fromkeys((*read.scores_of(each.source), *read.scores_of(each.node["unique_id"]))))
    return {"counted": list(counted), "scores": list(scores)}


def _planned(project: Path, adapter: str) -> Callable[[str], Compiled | str]:
    """What a recipe that the project pins makes of its columns, by its digest; or why that cannot be told."""
    try:
        jobs = locked_jobs(project)
    except SanitizerError as error:
        why = str(error.problems[0])
        return lambda _: why

    @cache
    def of(digest: str) -> Compiled | str:
        if digest not in jobs:
            return "this recipe is not the one that the project pins now"
        try:
            return compiled(jobs[digest], adapter)
        except SanitizerError as error:
            return str(error.problems[0])

    return of


def _record(read: Artifacts, each: Node, answers: Mapping[str, Any], planned: Compiled | str) -> RunRecord:
    metadata, rows = read.results["metadata"], answers.get("rows", {})
    place = answers.get("place", {})
    changes = read.beside(each, "changes")
    timing = [part for part in each.result["timing"] if part["name"] == "execute"]
    return RunRecord(
        run_id=str(uuid.uuid5(_SPACE, f"{metadata['invocation_id']}/{each.node['unique_id']}")),
        status=_status(read, each),
        started=timing[0]["started_at"] if timing else metadata["generated_at"],
        seconds=float(each.result["execution_time"]),
        recipe=each.recipe,
        source={"address": read.address_of(each.source, place), "facts": {"dbt": each.node["unique_id"]}},
        engine=str(read.manifest["metadata"]["adapter_type"]),
        versions={
            "sanitizer-core": version("sanitizer-core"),
            "dbt": metadata["dbt_version"],
            "python": platform.python_version(),
        },
        rows=_rows(read, each, rows),
        cells_changed=rows.get(changes.relation, 0) if changes is not None else None,
        steps=(),
        input_columns=input_columns(planned.table, planned.given) if isinstance(planned, Compiled) else (),
        columns=column_records(planned.table) if isinstance(planned, Compiled) else (),
        score=_score(read, each, answers.get("scores", {})),
        contract=_contract(read, each),
        notes=tuple(_notes(each, changes, planned)),
        artifacts={
            what: address_of(held.node, place) for what, held in (("output", each), ("changes", changes)) if held
        },
    )


def _notes(each: Node, changes: Node | None, planned: Compiled | str) -> Iterator[str]:
    if not _built(each):
        yield f"dbt: {each.result['status']}: {each.result.get('message') or ''}".strip()
    if changes is None:
        yield "changed cells were not counted: no model holds sanitizer.changes(...) of this recipe and input"
    if isinstance(planned, str):
        yield f"what its columns are made from is not known: {planned}"


def _rows(read: Artifacts, each: Node, rows: Mapping[str, int]) -> RowCounts:
    """What is neither there nor rejected was removed; a recipe adds no rows."""
    out = rows.get(each.relation, 0)
    rejecting = read.beside(each, "rejected")
    rejected = rows.get(rejecting.relation, 0) if rejecting is not None else 0
    came = rows.get(read.relation_of(each.source) or "", out + rejected)
    return RowCounts(in_=came, out=out, removed=max(0, came - out - rejected), rejected=rejected)


def _tests(read: Artifacts, each: Node) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """The contract's tests of a model that were run, each with its result."""
    for result in read.results["results"]:
        node = read.manifest["nodes"].get(result["unique_id"]) or {}
        told = node.get("test_metadata") or {}
        if told.get("name") == "meets_contract" and node.get("attached_node") == each.node["unique_id"]:
            yield node, result


def _status(read: Artifacts, each: Node) -> Status:
    if not _built(each):
        return "failed"
    statuses = {str(result["status"]) for _, result in _tests(read, each)}
    if statuses & {"fail", "error", "runtime error"}:
        return "failed"
    return "warned" if "warn" in statuses else "passed"


def _contract(read: Artifacts, each: Node) -> dict[str, Any] | None:
    for node, result in _tests(read, each):
        arguments = node["test_metadata"]["kwargs"]
        passed = {"pass": "passed", "warn": "warned"}.get(str(result["status"]), "failed")
        return {
            "contract": arguments.get("contract"),
            "version": arguments.get("version"),
            "status": passed,
            "rows_failed": int(result.get("failures") or 0),
            "checks": [],
        }
    return None


def _score(read: Artifacts, each: Node, scores: Mapping[str, list[list[Any]]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for when, unique_id in (("before", each.source), ("after", each.node["unique_id"])):
        for relation in read.scores_of(unique_id):
            if relation in scores:
                found[when] = _scores(scores[relation])
    return found


def _scores(rows: list[list[Any]]) -> dict[str, Any]:
    whole = {dimension: score for dimension, name, score in rows if name is None}
    columns: dict[str, dict[str, float]] = {}
    for dimension, name, score in rows:
        if name is not None:
            columns.setdefault(name, {})[dimension] = score
    return whole | {"columns": columns}
