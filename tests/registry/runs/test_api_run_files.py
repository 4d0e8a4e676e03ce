"""What a run kept, asked over HTTP: changes, rows that went, report, tables, undo."""

from __future__ import annotations

import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from registry.dirty_runs import SITES, cells_of, clean_sites, every_item, report, run_here
from sanitizer_core import RunResult

MASKED = "name: people\nsteps:\n  - op: mask\n    params: {columns: [name], key_env: PEOPLE_KEY}\n"


@pytest.fixture(scope="module")
def sites(folder: Path) -> RunResult:
    return clean_sites(folder / "shared")


def log_of(result: RunResult) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = pq.read_table(f"{result.folder}/changes.parquet").to_pylist()
    return told


def test_every_change_of_a_run_is_told_page_by_page(join: Any, sites: RunResult) -> None:
    ada = join()
    told = every_item(ada, f"{report(ada, sites)}/changes", limit=200)
    logged = log_of(sites)
    assert len(told) == len(logged) > 1000
    assert [each | {"run": sites.record.run_id} for each in told] == logged


def test_changes_are_asked_for_by_column_step_op_row_and_value(join: Any, sites: RunResult) -> None:
    ada = join()
    path, logged = f"{report(ada, sites)}/changes", log_of(sites)
    full = [each for each in logged if each["old"] is not None and each["new"] is not None]
    rare = Counter(each["op"] for each in full).most_common()[-1][0]
    some = next(each for each in full if each["op"] == rare)
    for asked in ({"column": some["column"]}, {"step": some["step"]}, {"op": some["op"]}, {"row": some["row"]},
                  {"old": some["old"]}, {"new": some["new"]}, {"column": some["column"], "row": some["row"]}):  # fmt: skip
        expected = [each for each in logged if all(each[name] == value for name, value in asked.items())]
        told = every_item(ada, path, limit=200, **asked)
        assert [(each["row"], each["column"], each["new"]) for each in told] == [
            (each["row"], each["column"], each["new"]) for each in expected
        ], asked
    emptied = every_item(ada, path, missing="new")
    assert len(emptied) == sum(each["new"] is None for each in logged)


def test_a_column_or_operation_that_the_run_has_not_is_named(join: Any, sites: RunResult) -> None:
    ada = join()
    path = f"{report(ada, sites)}/changes"
    answer = ada.http.get(path, params={"column": "adress"})
    assert answer.status_code == 422 and "'address'" in answer.json()["hint"].lower()
    assert ada.http.get(path, params={"op": "clean_txt"}).status_code == 422
    assert ada.http.get(path, params={"cursor": "nonsense"}).status_code == 400
    assert ada.http.get(path, params={"row": -1}).status_code == 422


def test_rows_that_went_are_told_whole_with_their_reasons(join: Any, folder: Path) -> None:
    result = run_here(
        folder / "shared" / "gone", "id,n\n1,a\n1,a\n2,x\n3,7\n",
        "name: gone\nsteps:\n  - op: remove_duplicates\n  - {op: fix_dtypes, params: {columns: {n: integer}, on_failure: reject}}\n",
    )  # fmt: skip
    ada = join()
    path = report(ada, result)
    (removed,) = every_item(ada, f"{path}/removed")
    assert (removed["row"], removed["op"], removed["cells"]) == (1, "remove_duplicates", {"id": "1", "n": "a"})
    rejected = every_item(ada, f"{path}/rejected", limit=1)
    assert [each["row"] for each in rejected] == [0, 2] and rejected[0]["reasons"] == ["'n' is not an integer"]
    assert [each["row"] for each in every_item(ada, f"{path}/rejected", row=2)] == [2]


def test_the_report_is_a_page_that_can_run_and_fetch_nothing(join: Any, sites: RunResult) -> None:
    ada = join()
    path = report(ada, sites)
    answer = ada.http.get(f"{path}/report")
    assert answer.text == Path(f"{sites.folder}/report.html").read_text(encoding="utf-8")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "sandbox" in policy and "script-src" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    again = ada.http.get(f"{path}/report", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    told = ada.http.get(f"{path}/record").json()
    assert told == sites.record.model_dump(mode="json", by_alias=True)


def test_the_clean_table_is_sent_in_each_format(join: Any, sites: RunResult, tmp_path: Path) -> None:
    ada = join()
    path = f"{report(ada, sites)}/download"
    whole = ada.http.get(path)
    assert whole.content == Path(f"{sites.folder}/clean.parquet").read_bytes()
    assert whole.headers["content-type"] == "application/vnd.apache.parquet"
    sent = ada.http.get(path, params={"format": "csv"})
    assert cells_of(sent.text) == cells_of(Path(str(sites.output)).read_text(encoding="utf-8"))
    assert "attachment" in sent.headers["content-disposition"]
    lines = ada.http.get(path, params={"format": "jsonl"}).text.splitlines()
    assert len(lines) == sites.record.rows.out
    assert ada.http.get(path, params={"format": "xlsx"}).status_code == 422


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_input_comes_back_cell_for_cell(join: Any, sites: RunResult, tmp_path: Path, form: str) -> None:
    ada = join()
    sent = ada.http.post(f"{report(ada, sites)}/restore", json={"format": form})
    assert sent.status_code == 200, sent.text
    given = cells_of(SITES.read_text(encoding="utf-8"))
    if form == "csv":
        assert cells_of(sent.text) == given
    else:
        (tmp_path / "back.parquet").write_bytes(sent.content)
        back = pq.read_table(tmp_path / "back.parquet").to_pylist()
        assert [["" if cell is None else cell for cell in row.values()] for row in back] == given[1:]
    assert "restore" in [each["action"] for each in ada.http.get("/audit").json()["items"]]


def test_masked_columns_come_back_for_who_has_the_key(join: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "a secret of this test alone"
    monkeypatch.setenv("PEOPLE_KEY", secret)
    result = run_here(folder / "shared" / "masked", "name,age\nAda,36\nBob,41\n", MASKED)
    ada = join()
    path = f"{report(ada, result)}/restore"
    # The key in the server's own environment, which is this process's, opens nothing for anybody.
    without = ada.http.post(path, json={})
    assert (without.status_code, without.json()["type"]) == (422, "urn:sanitizer:problem:key-needed")
    wrong = ada.http.post(path, json={"key": "another secret than this"})
    assert wrong.status_code == 422 and "another secret" not in wrong.text
    right = ada.http.post(path, json={"key": secret})
    assert cells_of(right.text) == [["name", "age"], ["Ada", "36"], ["Bob", "41"]]
    assert secret not in ada.http.get("/audit").text


def test_files_that_the_registry_may_not_read_are_out_of_reach(join: Any, folder: Path, sites: RunResult) -> None:
    ada = join()
    elsewhere = run_here(folder / "private", "a\n1\n", "name: x\nsteps: []\n")
    for artifacts in (
        elsewhere.record.artifacts,
        {"run": "out.run/run.json"},
        {"run": "/etc/run.json"},
        {"run": f"{folder}/shared/../private/out.run/run.json"},
        {"run": f"{folder}/shared/nothing.run/run.json"},
        {"run": f"{folder}/own/run.json"},
        {"run": "s3://nobody:secret@bucket/out.run/run.json"},
        {},
    ):
        record = elsewhere.record.model_copy(update={"run_id": str(uuid.uuid4()), "artifacts": artifacts})
        ada.http.post("/runs", json=record.model_dump(mode="json", by_alias=True))
        for what in ("changes", "removed", "report", "download"):
            answer = ada.http.get(f"/runs/{record.run_id}/{what}")
            assert answer.status_code == 409, (artifacts, what, answer.text)
            assert answer.json()["type"] == "urn:sanitizer:problem:files-out-of-reach"
            assert "send-artifacts" in answer.json()["hint"]


def test_a_folder_that_a_later_run_wrote_into_is_not_taken_for_the_earlier_one(join: Any, folder: Path) -> None:
    ada = join()
    first = run_here(folder / "shared" / "twice", "a\n1\n", "name: x\nsteps: []\n")
    path = report(ada, first)
    assert ada.http.get(f"{path}/changes").status_code == 200
    later = run_here(folder / "shared" / "twice", "a\n2\n", "name: x\nsteps: []\n")
    answer = ada.http.get(f"{path}/changes")
    assert answer.status_code == 409 and later.record.run_id in answer.json()["detail"]


def test_the_files_of_another_organisations_run_are_not_there(join: Any, sites: RunResult) -> None:
    ada, eve = join(), join()
    path = report(ada, sites)
    for what in ("changes", "removed", "rejected", "report", "record", "download"):
        assert eve.http.get(f"{path}/{what}").status_code == 404, what
    assert eve.http.post(f"{path}/restore", json={}).status_code == 404
