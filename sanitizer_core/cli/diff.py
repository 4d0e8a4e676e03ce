"""``sanitizer diff``."""

from __future__ import annotations

from typing import Annotated

import typer

from sanitizer_core.cli.console import plural, say, say_json, some_of


def diff_command(
    a: Annotated[str, typer.Argument(help="A table, or the folder of a run.")],
    b: Annotated[str, typer.Argument(help="Another.")],
    key: Annotated[
        list[str] | None, typer.Option(help="A column that names a row; may be given several times. Else by position.")
    ] = None,
    limit: Annotated[int, typer.Option(min=0, help="How many cells are shown one by one.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Compare two tables cell by cell; exit code 1 when they differ."""
    from sanitizer_core.pipeline.diffing import diff

    found = diff(a, b, key or (), examples=limit)
    if as_json:
        say_json(found.to_json())
    else:
        _tell(found)
    raise typer.Exit(0 if found.is_empty else 1)


def _tell(found: object) -> None:
    from sanitizer_core.pipeline.diffing import Difference

    assert isinstance(found, Difference)
    say(
        f"rows     {found.rows_a:,} in A, {found.rows_b:,} in B; {found.rows_removed:,} only in A, {found.rows_added:,} only in B"
    )
    for word, names in (("only in A", found.columns_removed), ("only in B", found.columns_added)):
        if names:
            say(f"columns  {word}: {some_of(names)}")
    for name, (old, new) in found.types_changed.items():
        say(f"type     {name}: {old} -> {new}")
    for name, count in found.cells_changed.items():
        say(f"cells    {name}: {plural(count, 'cell')} differ")
    for example in found.examples:
        where = (
            f"row {example['row']}" if "row" in example else ", ".join(f"{k}={v}" for k, v in example["key"].items())
        )
        say(f"  {where}, {example['column']}: {example['old']!r} -> {example['new']!r}")
    if found.is_empty:
        say("the two are alike in every cell")
