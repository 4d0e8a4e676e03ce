"""Runs of the core on real dirty data: sites of childcare, scraped from several sources."""

from __future__ import annotations

import csv
from importlib.resources import files
from pathlib import Path
from typing import Any

from registry.served import Somebody
from sanitizer_core import RunResult, run

SHIPPED = Path(str(files("sanitizer_core"))) / "demo"
SITES = SHIPPED / "sites.csv"


def clean_sites(folder: Path, **options: Any) -> RunResult:
    """The run of the demo, its files in ``sites.run`` of the folder."""
    return run(SITES, SHIPPED / "recipe.yaml", folder / "sites.csv", **options)


def run_here(folder: Path, rows: str, recipe: str, **options: Any) -> RunResult:
    """A run on a few rows, its files in ``out.run`` of the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "in.csv").write_text(rows, encoding="utf-8")
    (folder / "recipe.yaml").write_text(recipe, encoding="utf-8")
    return run(folder / "in.csv", folder / "recipe.yaml", folder / "out.csv", **options)


def report(who: Somebody, result: RunResult) -> str:
    """Reports a run; gives its path below the API."""
    answer = who.http.post("/runs", json=result.record.model_dump(mode="json", by_alias=True))
    assert answer.status_code in (200, 201), answer.text
    return f"/runs/{result.record.run_id}"


def cells_of(text: str) -> list[list[str]]:
    """The cells of CSV by Python's own reader."""
    return list(csv.reader(text.splitlines(keepends=True)))


def every_item(who: Somebody, path: str, **params: Any) -> list[dict[str, Any]]:
    """The items of all pages."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        answer = who.http.get(path, params=params | cursor)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}
