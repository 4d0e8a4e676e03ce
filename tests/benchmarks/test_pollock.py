"""How well the shared Pollock files are read, told nothing, beside CleverCSV and DuckDB in the same run."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.pollock import DATA, READERS, Score, clean, f1, mean, ours, scores

FILES = sorted((DATA / "csv").glob("*.csv"))
MEASURES = ("header", "records", "cells")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FILES, reason="the Pollock files may not be copied, and stand not beside the project"),
]


@pytest.fixture(scope="module")
def found() -> dict[str, Score]:
    return {name: mean(scores(reader, FILES).values()) for name, reader in READERS.items()}


def test_f1_is_that_of_multisets() -> None:
    assert f1([], []) == 1.0
    assert f1(["a", "a", "b"], ["a", "b", "b"]) == pytest.approx(2 / 3)
    assert f1(["a"], []) == 0.0


@pytest.mark.parametrize("measure", MEASURES)
def test_polluted_files_are_read_nearly_as_they_were_meant(found: dict[str, Score], measure: str) -> None:
    assert getattr(found["ours"], measure) >= 0.99


@pytest.mark.parametrize("other", sorted(set(READERS) - {"ours"}))
@pytest.mark.parametrize("measure", MEASURES)
def test_others_read_them_less_well(found: dict[str, Score], other: str, measure: str) -> None:
    assert getattr(found["ours"], measure) > getattr(found[other], measure)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_row_is_lost_in_silence(path: Path) -> None:
    table = ours(path)
    assert len(table.rows) + table.rejected >= len(clean(path).rows)
