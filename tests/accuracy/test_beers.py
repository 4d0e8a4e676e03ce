"""How well a recipe repairs real dirty data whose truth is known."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from sanitizer_core.pipeline.running import run

ROOT = Path(__file__).parents[2]
BEERS = ROOT.parent / "shared" / "data" / "beers"

pytestmark = pytest.mark.skipif(
    not BEERS.exists(), reason="the data may not be copied into the project, and is not beside it"
)


def cells(path: Path) -> list[list[str]]:
    """The cells of a file by Python's reader, numbers by their value: 12 and 12.0 are one."""
    with path.open(encoding="utf-8", newline="") as file:
        return [[_by_value(cell) for cell in row] for row in list(csv.reader(file))[1:]]


def _by_value(cell: str) -> str:
    try:
        return repr(float(cell))
    except ValueError:
        return cell


def repair_f1(dirty: list[list[str]], clean: list[list[str]], repaired: list[list[str]]) -> tuple[float, int]:
    """F1 of repairs (changed cells that are right, against cells that were wrong), and clean cells that were broken."""
    triples = [each for rows in zip(dirty, clean, repaired, strict=True) for each in zip(*rows, strict=True)]
    changed = [each for each in triples if each[0] != each[2]]
    wrong = [each for each in triples if each[0] != each[1]]
    right = sum(after == truth for before, truth, after in changed if before != truth)
    broken = sum(before == truth for before, truth, after in changed)
    precision, recall = right / len(changed), right / len(wrong)
    return 2 * precision * recall / (precision + recall), broken


def test_beers_are_repaired_without_breaking_a_clean_cell(tmp_path: Path) -> None:
    run(BEERS / "dirty.csv", ROOT / "benchmarks" / "beers.yaml", tmp_path / "clean.csv")
    f1, broken = repair_f1(cells(BEERS / "dirty.csv"), cells(BEERS / "clean.csv"), cells(tmp_path / "clean.csv"))
    assert f1 >= 0.96
    assert broken == 0


def test_the_measure_sees_a_missed_and_a_broken_cell() -> None:
    assert repair_f1([["a", "x"]], [["b", "x"]], [["b", "x"]]) == (1.0, 0)
    assert repair_f1([["a", "x"], ["c", "y"]], [["b", "x"], ["d", "y"]], [["b", "z"], ["c", "y"]]) == (0.5, 1)
