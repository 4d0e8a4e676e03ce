"""What a task says of a run: the small one for XCom, and the one that asset events carry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.sdk import Asset, AssetAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

    from airflow.sdk import Context
    from pydantic import JsonValue

    from sanitizer_core.record import RunRecord

RESULT_KEY = "airflow.dataquality.result"
"""Under which Airflow's data-quality provider looks in an asset event's ``extra``."""

Summary = dict[str, Any]


def summary_of(record: RunRecord, output: str | None, folder: str | None, link: str | None) -> Summary:
    """The summary of a run: what a gate decides by, and where everything is. Plain JSON, a few kilobytes."""
    brief = record.json_object()
    return {
        **{name: brief[name] for name in ("run_id", "status", "recipe", "rows", "cells_changed", "score", "seconds")},
        "contract": contract_summary(record.contract),
        "quality_gate": record.quality_gate,
        "source": record.source["address"],
        "output": output,
        "artifacts": folder,
        "engine": record.engine,
        "link": link,
    }


def contract_summary(verdict: dict[str, Any] | None) -> Summary | None:
    """A verdict without the checks that passed."""
    if verdict is None:
        return None
    broken = [each | {"id": each["check"]} for each in verdict["findings"]]
    broken += [each for each in verdict["checks"] if not each["passed"]]
    return {
        "name": verdict["contract"],
        "version": verdict["version"],
        "status": verdict["status"],
        "rows_failed": verdict["rows_failed"],
        "checks": len(verdict["checks"]),
        "broken": [{name: each[name] for name in ("id", "severity")} | _counts(each) for each in broken],
    }


def _counts(broken: dict[str, Any]) -> Summary:
    if "failed" not in broken:
        return {"told": broken["message"]}
    return {"told": broken["description"], "failed": broken["failed"], "checked": broken["checked"]}


def quality_result(record: RunRecord, output: str | None) -> Summary:
    """A run as a result of Airflow's data-quality provider, so that its score requirements work on our runs.

    Its score is from 0 to 1: our overall score after cleaning by 100, else the share of checks that passed.
    """
    verdict = record.contract or {"contract": record.recipe.name, "checks": [], "findings": []}
    result = result_of_checks(verdict, record.run_id, output or record.source["address"])
    if record.score:
        result["score"] = round(float(record.score["after"]["overall"]) / 100, 4)
    return result


def result_of_checks(verdict: dict[str, Any], run_uid: str, table: str) -> Summary:
    """A verdict as a result of Airflow's data-quality provider; its score is the share of checks that passed."""
    named = [(each["id"], each["severity"], each.get("error")) for each in verdict["checks"] if not each["passed"]]
    named += [(each["check"], each["severity"], None) for each in verdict["findings"]]
    failed = sorted(name for name, severity, _ in named if severity == "error")
    warned = sorted(name for name, severity, _ in named if severity != "error")
    errored = sum(1 for _, severity, error in named if severity == "error" and error)
    passed = sum(1 for each in verdict["checks"] if each["passed"])
    asked = passed + len(named)
    return {
        "run_uid": run_uid,
        "ruleset": verdict["contract"],
        "table": table,
        "score": round(passed / asked, 4) if asked else None,
        "passed": passed,
        "warned": len(warned),
        "failed": len(failed) - errored,
        "errored": errored,
        "failed_rules": failed,
        "warned_rules": warned,
    }


def tell_assets(context: Context, outlets: Iterable[Any], summary: Summary, result: Summary) -> None:
    """Puts a run into the events of the outlets; an alias becomes the asset of the run's output."""
    extra: dict[str, JsonValue] = {"sanitizer": summary, RESULT_KEY: result}
    for outlet in outlets:
        if isinstance(outlet, Asset):
            context["outlet_events"][outlet].extra.update(extra)
        elif isinstance(outlet, AssetAlias) and summary["output"]:
            context["outlet_events"][outlet].add(Asset(asset_uri(summary["output"])), extra=extra)


def asset_uri(address: str) -> str:
    """The URI of the asset at an address, as Airflow's providers write them: without a credential."""
    from pathlib import Path
    from urllib.parse import urlsplit

    if address.startswith(("postgresql://", "postgres://")):
        place, _, table = address.partition("?table=")
        parts = urlsplit(place)
        schema, _, name = table.rpartition(".")
        return (
            f"postgres://{parts.hostname or 'localhost'}:{parts.port or 5432}{parts.path}/{schema or 'public'}/{name}"
        )
    return address if "://" in address else f"file://{Path(address).absolute()}"
