"""The command line as scripts and people use it: real files, real exit codes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from sanitizer_core.cli.app import main

PEOPLE = """id,name,age,salary,gender,city,date_joined
1, Ann ,34,50000.5,F,Rome,2021-03-04
2,BOB,,61000,m,,2020-01-31
2,BOB,,61000,m,,2020-01-31
3,Eve,45,,f,Paris,2019-12-01
4,Zoe,420,58000,F,Rome,not a date
5,Max,29,52000,M,Oslo,2022-02-28
"""

DEFAULT_RECIPE = """{"name": "default_recipe", "version": 3, "steps": [
  {"op": "fix_dtypes", "params": {"date_joined": "datetime", "id": "string"}},
  {"op": "handle_missing", "params": {"strategy": "median", "custom": {"city": "unknown"}}},
  {"op": "remove_duplicates"},
  {"op": "handle_outliers", "params": {"cols": ["age", "salary"], "method": "IQR"}},
  {"op": "clean_text", "params": {"cols": ["name", "gender"]}},
  {"op": "encode_categoricals", "params": {"cols": ["gender"], "method": "onehot"}},
  {"op": "scale_numeric", "params": {"cols": ["age", "salary"], "method": "standard"}}]}
"""


@dataclass(frozen=True)
class Said:
    """What a command came to."""

    code: int
    out: str
    err: str


Cli = Callable[..., Said]


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Cli:
    """The command line, called in a folder with a messy file and a recipe."""
    monkeypatch.chdir(tmp_path)
    Path("people.csv").write_text(PEOPLE, encoding="utf-8")
    Path("recipe.json").write_text(DEFAULT_RECIPE, encoding="utf-8")

    def call(*words: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["sanitizer", *words])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capfd.readouterr()
        return Said(int(ended.value.code or 0), said.out, said.err)

    return call


def rows_of(query: str) -> list[tuple[Any, ...]]:
    """What a query over files gives, by DuckDB alone."""
    with duckdb.connect() as connection:
        return connection.execute(query).fetchall()


def test_the_default_recipe_runs_as_it_stands_and_is_undone(cli: Cli) -> None:
    done = cli("run", "recipe.json", "people.csv", "-o", "out.csv", "--json")
    told = json.loads(done.out)
    assert done.code == 0
    assert list(told) == [
        "run_id",
        "status",
        "recipe",
        "rows",
        "cells_changed",
        "score",
        "contract",
        "artifacts",
        "seconds",
    ]
    assert told["rows"] == {"in": 6, "out": 5, "removed": 1, "rejected": 0}
    assert told["recipe"]["name"] == "default_recipe"
    assert set(told["score"]["before"]) == {"overall", "completeness", "uniqueness", "consistency", "integrity"}
    assert all(Path(path).exists() for path in told["artifacts"].values())
    assert (
        Path("out.csv").read_text(encoding="utf-8").splitlines()[0]
        == "id,name,age,salary,gender_f,gender_m,city,date_joined"
    )
    assert cli("restore", "out.run", "-o", "back.csv").code == 0
    assert Path("back.csv").read_text(encoding="utf-8") == PEOPLE


def test_changes_tell_the_story_of_a_row_a_column_and_a_value(cli: Cli) -> None:
    cli("run", "recipe.json", "people.csv", "-o", "out.csv")
    row = json.loads(cli("changes", "out.run", "--row", "4", "--json").out)
    assert [(each["column"], each["old"], each["new"]) for each in row["changes"][:1]] == [("age", "420", "61")]
    gone = json.loads(cli("changes", "out.run", "--row", "2", "--json").out)
    assert gone["total"] == 0
    assert gone["gone"][0]["what"] == "removed"
    named = json.loads(cli("changes", "out.run", "--column", "city", "--new", "unknown", "--json").out)
    assert [each["row"] for each in named["changes"]] == [1]
    assert "1 more" not in cli("changes", "out.run", "--op", "handle_outliers").out
    wrong = cli("changes", "out.run", "--column", "agee")
    assert wrong.code == 3
    assert "Did you mean 'age'?" in wrong.err


def test_a_fitted_recipe_gives_on_a_slice_what_it_gives_on_the_whole(cli: Cli) -> None:
    lines = PEOPLE.splitlines(keepends=True)
    Path("slice.csv").write_text(lines[0] + "".join(lines[4:]), encoding="utf-8")
    assert cli("fit", "recipe.json", "people.csv", "-o", "fitted.json").code == 0
    cli("run", "recipe.json", "people.csv", "-o", "whole.csv")
    assert cli("run", "fitted.json", "slice.csv", "-o", "part.csv").code == 0
    assert cli("run", "recipe.json", "slice.csv", "-o", "same.csv", "--fitted", "fitted.json").code == 0
    whole = Path("whole.csv").read_text(encoding="utf-8").splitlines()
    part = Path("part.csv").read_text(encoding="utf-8").splitlines()
    assert part[1:] == whole[-3:]
    assert Path("same.csv").read_text(encoding="utf-8").splitlines() == part


def test_lint_tells_every_problem_at_once_with_its_line(cli: Cli) -> None:
    Path("bad.yaml").write_text(
        "name: bad\nsteps:\n  - op: clean_text\n    params: {case: lowr}\n  - op: fix_dtype\n    params: {a: int}\n",
        encoding="utf-8",
    )
    said = cli("recipe", "lint", "bad.yaml")
    assert said.code == 1
    assert "unknown operation 'fix_dtype' in step 2 (bad.yaml:5). Did you mean 'fix_dtypes'?" in said.err
    assert "'case' cannot be 'lowr' in step 1, clean_text (bad.yaml:4)" in said.err


def test_lint_holds_columns_and_types_against_a_source(cli: Cli) -> None:
    Path("r.yaml").write_text(
        "name: r\nsteps:\n  - op: clean_text\n    params: {columns: [nam]}\n  - op: scale_numeric\n    params: {columns: [city]}\n",
        encoding="utf-8",
    )
    said = cli("recipe", "lint", "r.yaml", "--source", "people.csv")
    assert said.code == 1
    assert "no column 'nam' in step 1, clean_text, column 'nam' (r.yaml:3). Did you mean 'name'?" in said.err
    assert "'city' is text in step 2, scale_numeric, column 'city' (r.yaml:5)" in said.err


def test_the_digest_does_not_change_with_the_description(cli: Cli) -> None:
    before = cli("recipe", "digest", "recipe.json").out
    plain = json.loads(DEFAULT_RECIPE) | {"description": "other words"}
    Path("other.json").write_text(json.dumps(plain), encoding="utf-8")
    assert cli("recipe", "digest", "other.json").out == before
    plain["steps"][3]["params"]["method"] = "mad"
    Path("other.json").write_text(json.dumps(plain), encoding="utf-8")
    assert cli("recipe", "digest", "other.json").out != before


def test_a_contract_is_inferred_checked_and_broken(cli: Cli) -> None:
    assert cli("contract", "infer", "people.csv", "-o", "people.yaml").code == 0
    assert cli("check", "people.yaml", "people.csv").code in (0, 2)
    Path("strange.csv").write_text(PEOPLE.replace("34", "thirty"), encoding="utf-8")
    said = cli("check", "people.yaml", "strange.csv", "--rejected", "failing.parquet", "--json")
    assert said.code == 1
    assert json.loads(said.out)["rows_failed"] >= 1
    failing = rows_of("SELECT _row, len(_reasons) FROM 'failing.parquet' ORDER BY _row")
    assert failing[0][0] == 0
    assert all(count >= 1 for _, count in failing)


@pytest.mark.parametrize(
    ("on_violation", "code", "rows", "written"),
    [("fail", 1, 6, False), ("quarantine", 2, 5, True), ("warn", 2, 6, True)],
)
def test_what_a_broken_contract_does_to_a_run(cli: Cli, on_violation: str, code: int, rows: int, written: bool) -> None:
    Path("nothing.yaml").write_text("name: nothing\ncontract: c.yaml\nsteps: []\n", encoding="utf-8")
    Path("c.yaml").write_text(
        f"contract: c\non_violation: {on_violation}\nschema:\n  columns:\n    age: {{dtype: Int64, nullable: true, checks: {{less_than: 150}}}}\n",
        encoding="utf-8",
    )
    said = cli("run", "nothing.yaml", "people.csv", "-o", "out.csv", "--json")
    told = json.loads(said.out)
    assert said.code == code
    assert told["rows"]["out"] == rows
    assert told["rows"]["rejected"] == 6 - rows
    assert Path("out.csv").exists() is written
    if on_violation != "fail":
        assert cli("restore", "out.run", "-o", "back.csv").code == 0
        assert Path("back.csv").read_text(encoding="utf-8") == PEOPLE


def test_compiled_sql_gives_the_cells_of_a_run(cli: Cli) -> None:
    cli("run", "recipe.json", "people.csv", "-o", "out.parquet")
    sql = cli("compile", "recipe.json", "--dialect", "duckdb", "--source", "people.csv").out
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE source AS FROM read_csv('people.csv', all_varchar = true)")
        compiled = connection.execute(sql).fetchall()
        assert compiled == connection.execute("FROM 'out.parquet'").fetchall()
    assert "/* step_4: handle_outliers */" in sql


def test_compile_says_what_it_lacks(cli: Cli) -> None:
    assert "Did you mean 'duckdb'?" in cli("compile", "recipe.json", "--dialect", "duckbd").err
    assert "--source" in cli("compile", "recipe.json", "--dialect", "duckdb").err


def test_diff_counts_what_differs_by_key_and_by_position(cli: Cli) -> None:
    Path("other.csv").write_text(PEOPLE.replace("Oslo", "Bergen").replace("3,Eve", "9,Eve"), encoding="utf-8")
    same = cli("diff", "people.csv", "people.csv")
    assert same.code == 0
    assert "alike in every cell" in same.out
    told = json.loads(cli("diff", "people.csv", "other.csv", "--json").out)
    assert told["cells_changed"] == {"id": 1, "city": 1}
    twice = cli("diff", "people.csv", "other.csv", "--key", "id")
    assert twice.code == 3
    assert "more than once in A" in twice.err


def test_a_column_called_rowid_is_no_number_of_rows(cli: Cli) -> None:
    Path("a.csv").write_text("rowid,name\n1,Ada\n1,Alan\n1,Grace\n", encoding="utf-8")
    Path("b.csv").write_text("rowid,name\n1,Ada\n", encoding="utf-8")
    told = json.loads(cli("diff", "a.csv", "b.csv", "--json").out)
    assert (told["rows_a"], told["rows_b"], told["rows_removed"], told["cells_changed"]) == (3, 1, 2, {})
    contract = "contract: names\nschema:\n  columns:\n    name: {dtype: str, checks: {isin: [Ada, Grace]}}\n"
    Path("names.yaml").write_text(contract, encoding="utf-8")
    cli("check", "names.yaml", "a.csv", "--rejected", "broken.csv")
    assert [line.split(",")[-1] for line in Path("broken.csv").read_text(encoding="utf-8").split()[1:]][-1] == "Alan"


def test_an_audit_summary_counts_but_cannot_be_undone(cli: Cli) -> None:
    full = json.loads(cli("run", "recipe.json", "people.csv", "-o", "a.csv", "--json").out)
    brief = json.loads(cli("run", "recipe.json", "people.csv", "-o", "b.csv", "--json", "--audit", "summary").out)
    assert "changes" not in brief["artifacts"]
    record = json.loads(Path("b.run/run.json").read_text(encoding="utf-8"))
    first = json.loads(Path("a.run/run.json").read_text(encoding="utf-8"))
    assert [step["changed"] for step in record["steps"]] == [step["changed"] for step in first["steps"]]
    assert full["rows"] == brief["rows"]
    said = cli("restore", "b.run", "-o", "back.csv")
    assert said.code == 3
    assert "--audit cells" in said.err


def test_changed_cells_are_counted_alike_with_a_log_with_a_summary_and_without_an_output(cli: Cli) -> None:
    Path("untidy.csv").write_text("name,n\n Ada ,1\n n/a ,2\nx,3\nx ,3\n bob,y\n", encoding="utf-8")
    recipe = "name: r\nsteps: [{op: clean_text, params: {case: keep}}, {op: nullify}, {op: remove_duplicates}]\n"
    names = "contract: names\non_violation: quarantine\nschema:\n  columns:\n    n: {dtype: str, checks: {ne: y}}\n"
    Path("r.yaml").write_text(recipe, encoding="utf-8")
    Path("names.yaml").write_text(names, encoding="utf-8")
    ways = (("-o", "a.csv"), ("-o", "b.csv", "--audit", "summary"), ())
    for more in ((), ("--contract", "names.yaml")):
        told = [json.loads(cli("run", "r.yaml", "untidy.csv", "--json", *way, *more).out) for way in ways]
        # " Ada " and " n/a ", which two steps changed; "x " went away whole, and so does " bob" where the contract is.
        assert [each["cells_changed"] for each in told] == [2 if more else 3] * 3
    unaudited = cli("run", "r.yaml", "untidy.csv", "--audit", "none")
    assert "cells    not counted, since no log was asked for" in unaudited.out
    said = cli("run", "r.yaml", "untidy.csv", "-o", "c.csv", "--audit", "none", "--json")
    assert json.loads(said.out)["cells_changed"] is None
    assert "<dd>not counted</dd>" in Path("c.run/report.html").read_text(encoding="utf-8")


def test_broken_lines_are_rejected_with_their_line_and_strict_fails(cli: Cli) -> None:
    Path("broken.csv").write_text("a,b\n1,2\n3\n4,5,6\n7,8\n", encoding="utf-8")
    Path("nothing.yaml").write_text("name: nothing\nsteps: []\n", encoding="utf-8")
    said = cli("run", "nothing.yaml", "broken.csv", "-o", "out.parquet", "--json")
    assert said.code == 2
    assert json.loads(said.out)["rows"] == {"in": 4, "out": 2, "removed": 0, "rejected": 2}
    lines = rows_of("SELECT _line, _text FROM 'out.run/rejected.parquet' ORDER BY 1")
    assert lines == [(3, "3"), (4, "4,5,6")]
    strict = cli("run", "nothing.yaml", "broken.csv", "-o", "strict.parquet", "--strict")
    assert strict.code == 3
    assert "broken.csv:3" in strict.err
    assert not Path("strict.parquet").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("run", "recipe.json", "peple.csv", "-o", "o.csv"), "Did you mean 'people.csv'"),
        (("run", "recipe.jsn", "people.csv", "-o", "o.csv"), "there is no such file"),
        (("run", "recipe.json", "people.csv", "-o", "o.parqet"), "Did you mean 'parquet'"),
        (("run", "recipe.json", "people.csv", "--josn"), "No such option: --josn"),
        (("restore", "people.csv", "-o", "o.csv"), "not the folder of a run"),
        (("ops", "clean_txt"), "Did you mean 'clean_text'"),
        (("check", "recipe.json", "people.csv"), "contract"),
    ],
)
def test_wrong_words_are_answered_with_a_sentence(cli: Cli, words: tuple[str, ...], message: str) -> None:
    said = cli(*words)
    assert said.code == 3
    assert message in said.err
    assert "Traceback" not in said.err


def test_a_type_that_only_the_first_rows_promise_is_taken_back(cli: Cli) -> None:
    rows = "\n".join(f"{number},x" for number in range(12_000))
    Path("late.csv").write_text(f"n,t\n{rows}\nlate,x\n", encoding="utf-8")
    Path("nothing.yaml").write_text("name: nothing\nsteps: []\n", encoding="utf-8")
    assert cli("run", "nothing.yaml", "late.csv", "-o", "out.parquet").code == 0
    assert rows_of("SELECT typeof(n), max(n) FROM 'out.parquet' GROUP BY 1") == [("VARCHAR", "late")]


def test_standard_input_and_output(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("r.yaml").write_text("name: r\nsteps:\n  - {op: clean_text, params: {columns: [name]}}\n", encoding="utf-8")
    with Path("people.csv").open(encoding="utf-8") as given:
        monkeypatch.setattr(sys, "stdin", given)
        said = cli("run", "r.yaml", "-", "-o", "-")
    assert said.code == 0
    assert said.out.splitlines()[1].startswith("1,ann,34,")


def test_the_report_needs_nothing_else(cli: Cli) -> None:
    cli("run", "recipe.json", "people.csv", "-o", "out.csv")
    page = Path("out.run/report.html").read_text(encoding="utf-8")
    assert "http:" not in page
    assert "https:" not in page
    assert "src=" not in page
    assert "420" in page
    assert "<title>default_recipe v3: passed</title>" in page


def test_post_codes_keep_their_zeros_unless_a_step_names_them(cli: Cli) -> None:
    Path("codes.csv").write_text("code,n\n0810,1\n2000,\n3000,3\n", encoding="utf-8")
    Path("all.yaml").write_text(
        "name: a\nsteps:\n  - {op: handle_missing, params: {columns: all numeric, strategy: median}}\n",
        encoding="utf-8",
    )
    cli("run", "all.yaml", "codes.csv", "-o", "out.csv")
    assert Path("out.csv").read_text(encoding="utf-8") == "code,n\n0810,1\n2000,2\n3000,3\n"
    Path("named.yaml").write_text(
        "name: a\nsteps:\n  - {op: handle_missing, params: {columns: [code], strategy: median}}\n", encoding="utf-8"
    )
    assert "1 cell in code" in cli("run", "named.yaml", "codes.csv", "-o", "out.csv").out
