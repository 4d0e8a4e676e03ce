"""Types that a recipe declares for some columns, beside those that are found for the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanitizer_core.pipeline.restoring import restore
from sanitizer_core.pipeline.running import run
from sanitizer_core.recipe import Recipe

LATE = "id,age\n" + "1,5\n" * 30_000 + "zz,5\n7,qq\n"
"""What the first rows promise of ``id``, a later one breaks."""


@pytest.mark.parametrize("steps", ["[]", "[{op: clean_text}]", "[{op: remove_duplicates}]"])
@pytest.mark.parametrize(
    ("text", "kinds", "rejected"),
    [
        ("id,age\n1,5\n2,x\n", ["integer", "integer"], 1),
        ("id,age\n1,5\nq,6\n", ["text", "integer"], 0),
        (LATE, ["text", "integer"], 1),
    ],
)
def test_a_declared_type_rejects_rows_and_the_others_are_found_all_the_same(
    steps: str, text: str, kinds: list[str], rejected: int, tmp_path: Path
) -> None:
    source = tmp_path / "ages.csv"
    source.write_text(text, encoding="utf-8")
    recipe = Recipe.loads(f"name: ages\ninput: {{columns: {{age: integer}}}}\nsteps: {steps}")
    result = run(source, recipe, tmp_path / "ages.parquet")
    assert [column.type for column in result.record.columns] == kinds
    assert result.record.rows.rejected == rejected
    restore(str(result.folder), tmp_path / "back.csv")
    assert (tmp_path / "back.csv").read_text(encoding="utf-8") == text
