"""``sanitizer demo``."""

from __future__ import annotations

import csv
import shutil
from importlib.resources import as_file, files
from itertools import zip_longest
from pathlib import Path
from typing import Annotated

import typer

from sanitizer_core.cli.console import plural, say
from sanitizer_core.cli.progress import watching
from sanitizer_core.cli.running import tell
from sanitizer_core.errors import RestoreError

EXAMPLES = 6


def demo_command(
    folder: Annotated[Path, typer.Argument(help="Where the demo's files go.")] = Path("sanitizer-demo"),
) -> None:
    """Clean 3,337 childcare sites scraped from several sources, explain it, and undo it."""
    from sanitizer_core.pipeline.running import run

    folder.mkdir(parents=True, exist_ok=True)
    with as_file(files("sanitizer_core") / "demo") as shipped:
        for name in ("sites.csv", "recipe.yaml", "contract.yaml"):
            shutil.copyfile(shipped / name, folder / name)
    say("The same as:")
    say(f"  sanitizer run {folder}/recipe.yaml {folder}/sites.csv -o {folder}/clean.parquet\n")
    with watching() as watch:
        result = run(folder / "sites.csv", folder / "recipe.yaml", folder / "clean.parquet", watch=watch)
    tell(result.record, result.output, result.folder)
    _show_changes(folder / "clean.run")
    _undo(folder)


def _show_changes(run_folder: Path) -> None:
    from sanitizer_core.audit.asking import ask

    say("\nSome of what changed (sanitizer changes):")
    seen: set[tuple[str, str]] = set()
    for entry in ask(run_folder).entries:
        if (entry["op"], entry["column"]) not in seen and len(seen) < EXAMPLES:
            seen.add((entry["op"], entry["column"]))
            say(
                f"  row {entry['row']:>4} {entry['column']}: {entry['old']!r} -> {entry['new']!r}  [{entry['op']}: {entry['reason']}]"
            )


def _undo(folder: Path) -> None:
    """Restores the input and compares it with the file by another reader than ours: Python's own."""
    from sanitizer_core.pipeline.restoring import restore

    restored = folder / "restored.csv"
    restore(folder / "clean.run", restored)
    cells = 0
    with (
        (folder / "sites.csv").open(encoding="utf-8", newline="") as before,
        restored.open(encoding="utf-8", newline="") as after,
    ):
        for number, (old, new) in enumerate(zip_longest(csv.reader(before), csv.reader(after))):
            if old != new:
                raise RestoreError(f"record {number} did not come back: {old!r} became {new!r}")
            cells += len(old)
    say(
        f"\nUndone: {restored} holds {plural(cells, 'cell')}, header included, each byte for byte as in {folder}/sites.csv"
    )
