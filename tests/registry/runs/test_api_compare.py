"""Two runs or datasets side by side."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from registry.dirty_runs import report, run_here
from registry.served import Somebody
from sanitizer_core import RunResult
from sanitizer_core.pipeline.comparing import Bin, Change, compare, stability

RECIPE = "name: sales\nsteps: []\n"


@pytest.fixture(scope="module")
def sales(folder: Path) -> list[RunResult]:
    """Two runs: in the second the amounts have doubled, a column has another name, and one is new."""
    first = "id,amount,customer_name,kind,gone\n" + "".join(f"{n},{n},n{n},{'ab'[n % 2]},x\n" for n in range(100))
    second = "id,amount,CustomerName,kind,added\n" + "".join(f"{n},{2 * n},n{n},c,y\n" for n in range(100))
    return [run_here(folder / "shared" / name, rows, RECIPE) for name, rows in (("first", first), ("second", second))]


@pytest.fixture
def sides(join: Any, sales: list[RunResult]) -> tuple[Somebody, str, str]:
    """Somebody who reported both, and their ids."""
    ada: Somebody = join()
    first, second = (report(ada, each).removeprefix("/runs/") for each in sales)
    return ada, first, second


def compared(who: Somebody, a: str, b: str, **more: Any) -> dict[str, Any]:
    answer = who.http.get("/compare", params={"a": a, "b": b, **more})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_numbers_schema_and_distributions_of_two_runs(sides: tuple[Somebody, str, str]) -> None:
    ada, first, second = sides
    told = compared(ada, f"run:{first}", f"run:{second}")
    assert told["rows"] == {"a": 100, "b": 100, "percent": 0, "significant": False}
    assert (told["removed"], told["added"]) == (["customer_name", "gone"], ["CustomerName", "added"])
    columns = {each["a"]: each for each in told["columns"]}
    mean = columns["amount"]["numbers"]["mean"]
    assert (mean["a"], mean["b"], mean["percent"], mean["significant"]) == (49.5, 99, 100, True)
    assert columns["amount"]["significant"] and columns["amount"]["drift"] == "major"
    assert not columns["id"]["significant"] and columns["id"]["psi"] == 0 and columns["id"]["drift"] == "none"
    assert columns["kind"]["drift"] == "major" and columns["kind"]["numbers"] == {}
    assert {each["label"]: (each["a"], each["b"]) for each in columns["kind"]["bins"]}["c"] == (0, 1)


def test_names_that_are_alike_are_proposed_and_confirmed(sides: tuple[Somebody, str, str]) -> None:
    ada, first, second = sides
    (likely, *others) = compared(ada, f"run:{first}", f"run:{second}")["alike"]
    assert (likely["a"], likely["b"]) == ("customer_name", "CustomerName") and likely["score"] >= 85 and others == []
    told = compared(ada, f"run:{first}", f"run:{second}", a_column="customer_name", b_column="CustomerName")
    assert told["alike"] == [] and "customer_name" not in told["removed"]
    assert next(each for each in told["columns"] if each["a"] == "customer_name")["psi"] == 0


def test_a_run_is_compared_with_a_dataset(sides: tuple[Somebody, str, str], folder: Path) -> None:
    ada, first, _ = sides
    made = ada.http.post("/datasets", json={"name": "sales", "address": str(folder / "shared" / "first" / "in.csv")})
    told = compared(ada, f"dataset:{made.json()['id']}", f"run:{first}")
    assert not any(each["significant"] for each in told["columns"]) and told["added"] == told["removed"] == []


def test_what_cannot_be_compared_is_said(sides: tuple[Somebody, str, str], join: Any) -> None:
    ada, first, second = sides
    assert ada.http.get("/compare", params={"a": f"run:{first}", "b": first}).status_code == 400
    assert ada.http.get("/compare", params={"a": f"run:{first}", "b": f"dataset:{first}"}).status_code == 404
    pair = {"a": f"run:{first}", "b": f"run:{second}", "a_column": "gone", "b_column": "addd"}
    wrong = ada.http.get("/compare", params=pair)
    assert wrong.status_code == 422 and "'added'" in wrong.json()["hint"]
    assert join().http.get("/compare", params={"a": f"run:{first}", "b": f"run:{second}"}).status_code == 404


def test_a_zero_base_has_no_per_cent_but_is_significant() -> None:
    assert Change.of(0, 5) == Change(0, 5, None, significant=True)
    assert Change.of(0, 0) == Change(0, 0, 0.0, significant=False)
    assert Change.of(-10, -11).percent == -10 and not Change.of(-10, -11).significant
    assert Change.of(10, 12).significant is False and Change.of(10, 12.1).significant is True
    assert Change.of(None, 1).significant and not Change.of(None, None).significant


def test_the_stability_index_is_the_sum_over_the_bins() -> None:
    bins = [Bin("x", 0.5, 0.25), Bin("y", 0.5, 0.75)]
    assert stability(bins) == pytest.approx(-0.25 * math.log(0.5) + 0.25 * math.log(1.5), abs=1e-6)
    assert stability([Bin("x", 1.0, 0.0), Bin("y", 0.0, 1.0), Bin("z", 0.0, 0.0)]) > 10


def test_empty_tables_and_columns_of_nothing_are_compared(tmp_path: Path) -> None:
    for name, rows in (("empty", "a,b\n"), ("full", "a,b\n1,\n2,\n")):
        (tmp_path / f"{name}.csv").write_text(rows)
    told = compare(tmp_path / "empty.csv", tmp_path / "full.csv")
    assert told.rows.percent is None and told.rows.significant
    assert [each.psi >= 0 for each in told.columns] == [True, True]
    assert compare(tmp_path / "full.csv", tmp_path / "full.csv").columns[0].psi == 0


def test_of_a_large_table_medians_and_tenths_are_those_of_a_sample(
    sales: list[RunResult], monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = (str(each.folder) for each in sales)
    whole = compare(a, b)
    monkeypatch.setattr("sanitizer_core.pipeline.comparing.SAMPLED", 60)
    some = [compare(a, b) for _ in range(2)]
    assert some[0] == some[1], "always the same rows"
    before, after = (next(pair for pair in each.columns if pair.a == "amount") for each in (whole, some[0]))
    assert after.numbers["sum"] == before.numbers["sum"] and after.missing == before.missing
    assert [each.a for each in after.bins if each.label != "missing"] != [
        each.a for each in before.bins if each.label != "missing"
    ]
