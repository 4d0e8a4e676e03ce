"""The table of results: ratios, goals, and sections that are replaced in place."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.contestants import BY_KEY
from benchmarks.race import Result
from benchmarks.results import ratios, scaling, write_section
from benchmarks.timing import ContestantError, Cost, cost_of


def took(key: str, *seconds: float) -> Result:
    return Result(BY_KEY[key], tuple(Cost(each, each, 100.0) for each in seconds))


def test_ratios_are_of_medians_and_goals_are_held_against_them() -> None:
    body = ratios(
        [took("copy", 1.0, 9.0, 1.0), took("ours", 2.0, 2.0, 2.0), took("polars", 4.0, 4.0, 4.0)], 2_000_000, 216.4, 3
    )
    assert "## 2,000,000 rows" in body
    assert "| **Data Sanitizer, full log** | 2.00 s | 2.00 s | 2.00 | 0.50 | 2.00 s | 2.00 | 0.50 | 100 MB |" in body
    assert "at most 1.6 times the bare copy: 2.00, not reached" in body
    assert "without one: 0.50, reached" in body
    assert "pandas" not in body.split("Held against")[1]


def test_one_who_failed_has_no_ratio() -> None:
    body = ratios([took("copy", 1.0), Result(BY_KEY["pandas"], failure="out of memory")], 10, 1, 1)
    assert "| pandas by hand, no log | failed |" in body


def test_growth_is_told_per_million_rows() -> None:
    body = scaling([(2_000_000, [took("ours", 3.0)])], "3GB")
    assert "| 2,000,000 | **Data Sanitizer, full log** | 3.0 s | 3.0 s | 1.50 s | 100 MB |" in body
    assert "`--memory-limit 3GB`" in body


def test_a_section_is_replaced_where_it_stands_and_a_new_one_comes_last(tmp_path: Path) -> None:
    path = tmp_path / "RESULTS.md"
    for name, body in (("a", "first\n1"), ("b", "second"), ("a", "first \\1 again")):
        write_section(name, body, path)
    text = path.read_text()
    assert text.index("first \\1 again") < text.index("second")
    assert "first\n1" not in text
    assert text.count("<!-- a -->") == 1


def test_the_cost_of_a_process_is_its_own(tmp_path: Path) -> None:
    small = cost_of([sys.executable, "-c", "pass"], tmp_path)
    # More than the tests themselves take: a process begins as a copy of the one that starts it.
    large = cost_of([sys.executable, "-c", "x = bytearray(b'1' * 900_000_000)"], tmp_path)
    assert large.peak - small.peak > 150
    assert small.seconds > 0


def test_a_process_that_fails_is_told_with_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(ContestantError, match="no such luck"):
        cost_of([sys.executable, "-c", "import sys; sys.exit('no such luck')"], tmp_path)
