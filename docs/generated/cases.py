"""Examples for the pages of operations: the first cases of an operation's case file, which the tests run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from generated.markdown import code, table

SHOWN = 3


def examples(path: Path, op: str) -> str:
    """The first cases that clean something, each as the step, the input and what comes out of it."""
    if not path.exists():
        return ""
    cases = [
        case for case in yaml.safe_load(path.read_text(encoding="utf-8")) if "output" in case and "steps" not in case
    ]
    return "\n".join(_example(case, op) for case in cases[:SHOWN])


def _example(case: dict[str, Any], op: str) -> str:
    step: dict[str, Any] = {"op": op}
    step |= {key: case[key] for key in ("params", "when") if case.get(key)}
    written = yaml.safe_dump([step], sort_keys=False, allow_unicode=True, default_flow_style=None, width=100)
    parts = [f"### {case['name'][:1].upper()}{case['name'][1:]}\n", f"```yaml\n{written}```\n"]
    parts += ["Before:\n", _cells(case["input"]), "After:\n", _cells(case["output"])]
    gone = [(word, case[word]) for word in ("removed", "rejected") if case.get(word)]
    parts += [f"{word.capitalize()}: {_rows(rows)}.\n" for word, rows in gone]
    return "\n".join(parts)


def _rows(numbers: list[int]) -> str:
    return f"row{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))} (counted from 0)"


def _cells(columns: dict[str, list[Any]]) -> str:
    rows = zip(*columns.values(), strict=True)
    return table([code(name) for name in columns], ([_cell(cell) for cell in row] for row in rows))


def _cell(cell: Any) -> str:
    if cell is None:
        return "*null*"
    return (
        code(repr(cell)[1:-1] if isinstance(cell, str) and not cell.isprintable() else str(cell))
        if cell != ""
        else "*empty*"
    )
