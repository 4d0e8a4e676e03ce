"""A change log, page by page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sanitizer_core import run
from sanitizer_core.audit import asking
from sanitizer_core.audit.asking import KeptRun, Question
from sanitizer_core.audit.files import RunFiles


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a run that changed 60 cells of two columns."""
    place = tmp_path_factory.mktemp("paged")
    rows = "".join(f" a{number} , b{number % 3} \n" for number in range(30))
    (place / "in.csv").write_text(f"a,b\n{rows}")
    (place / "recipe.yaml").write_text("name: paged\nsteps:\n  - op: clean_text\n")
    run(place / "in.csv", place / "recipe.yaml", place / "out.csv")
    return place / "out.run"


@pytest.mark.parametrize("enough", [asking.ENOUGH, 1e-9], ids=["in time", "out of time"])
@pytest.mark.parametrize("first", [1, 7, asking.READ_FIRST])
def test_pages_lose_and_repeat_nothing_however_far_each_looks(
    folder: Path, first: int, enough: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "READ_FIRST", first)
    monkeypatch.setattr(asking, "ENOUGH", enough)
    with KeptRun.open(RunFiles.at(folder)) as kept:
        for question in (Question(), Question(column="b"), Question(old=" b2 "), Question(row=29), Question(new="z")):
            told: list[dict[str, Any]] = []
            after: int | None = 0
            while after is not None:
                part = kept.page(question, 4, after)
                assert len(part.entries) <= 4 and (part.after is None or part.after > after)
                told, after = told + part.entries, part.after
            key = ["row", "column"]
            assert sorted(told, key=lambda each: [each[name] for name in key]) == kept.entries(question, None)
