"""Publishing recipes and contracts: versions that never change, labels that move."""

from __future__ import annotations

import threading
from typing import Any

import pytest

RECIPE = "name: customers\nversion: {version}\nsteps:\n  - op: clean_text\n    params: {{columns: [{column}]}}\n"


def text(column: str = "name", version: int = 1) -> str:
    return RECIPE.format(version=version, column=column)


def publish(http: Any, column: str = "name", version: int = 1, **more: Any) -> Any:
    return http.post("/recipes", json={"text": text(column, version)} | more)


def test_publishing_twice_is_safe(join: Any) -> None:
    ada = join()
    first, second = publish(ada.http), publish(ada.http)
    assert [first.status_code, second.status_code] == [201, 200]
    assert first.json() == second.json()
    described = ada.http.post("/recipes", json={"text": "description: told better\n" + text()})
    assert described.status_code == 200, "a description changes no meaning"


def test_a_version_never_changes(join: Any) -> None:
    ada = join()
    publish(ada.http)
    answer = publish(ada.http, "city")
    assert answer.status_code == 409
    assert "version 2" in answer.json()["hint"]
    assert publish(ada.http, "city", next=True).json()["number"] == 2
    assert ada.http.get("/recipes/customers/versions/1").json()["content"]["steps"][0]["params"]["columns"] == {
        "include": ["name"]
    }


def test_two_publishers_at_once_get_one_version(join: Any) -> None:
    ada = join()
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda: answers.append(publish(ada.http))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(each.status_code for each in answers) == [200] * 7 + [201]
    assert len({each.json()["created_at"] for each in answers}) == 1


def test_a_recipe_with_problems_is_refused_with_all_of_them(join: Any) -> None:
    bad = "name: x\nsteps:\n  - op: fix_dtype\n  - op: clean_text\n    params: {colums: [a]}\n"
    answer = join().http.post("/recipes", json={"text": bad})
    assert answer.status_code == 422
    problems = answer.json()["problems"]
    assert [each["where"]["line"] for each in problems] == [3, 5]
    assert "fix_dtypes" in problems[0]["hint"]


def test_lint_finds_problems_and_publishes_nothing(join: Any) -> None:
    ada = join()
    assert ada.http.post("/recipes/lint", json={"text": text()}).json() == {"problems": []}
    assert ada.http.post("/recipes/lint", json={"text": "steps: 3"}).json()["problems"]
    assert ada.http.get("/recipes").json()["items"] == []


def test_labels_move_and_their_history_stays(join: Any) -> None:
    ada = join()
    publish(ada.http)
    publish(ada.http, "city", 2)
    for version in (1, 2, 1):
        assert ada.http.put("/recipes/customers/labels/production", json={"version": version}).status_code == 200
    assert ada.http.get("/recipes/customers/versions/production").json()["number"] == 1
    assert ada.http.delete("/recipes/customers/labels/production").status_code == 204
    moves = ada.http.get("/recipes/customers/labels").json()["items"]
    assert [(each["before"], each["after"]) for each in moves] == [(1, None), (2, 1), (1, 2), (None, 1)]


@pytest.mark.parametrize("label", ["latest", "Production", "1", "a b"])
def test_a_label_that_would_be_misread_is_refused(join: Any, label: str) -> None:
    ada = join()
    publish(ada.http)
    assert ada.http.put(f"/recipes/customers/labels/{label}", json={"version": 1}).status_code in (409, 422)


def test_a_version_is_found_by_number_label_and_latest_or_not_at_all(join: Any) -> None:
    ada = join()
    publish(ada.http)
    publish(ada.http, "city", 5)
    ada.http.put("/recipes/customers/labels/staging", json={"version": 1})
    found = [
        ada.http.get(f"/recipes/customers/versions/{each}").json()["number"] for each in ("1", "staging", "latest")
    ]
    assert found == [1, 1, 5]
    missing = ada.http.get("/recipes/customers/versions/stagin")
    assert missing.status_code == 404
    assert "staging" in missing.json()["hint"]


def test_what_one_has_is_not_sent_again(join: Any) -> None:
    ada = join()
    publish(ada.http)
    tag = ada.http.get("/recipes/customers/versions/1").headers["etag"]
    unchanged = ada.http.get("/recipes/customers/versions/1", headers={"If-None-Match": tag})
    assert unchanged.status_code == 304 and not unchanged.content
    ada.http.post("/recipes/customers/versions/1/deprecate", json={"reason": "broken dates"})
    changed = ada.http.get("/recipes/customers/versions/1", headers={"If-None-Match": tag})
    assert changed.status_code == 200 and changed.json()["deprecated_why"] == "broken dates"


def test_versions_are_compared_for_programs_and_for_people(join: Any) -> None:
    ada = join()
    publish(ada.http)
    publish(ada.http, "city", 2)
    told = ada.http.get("/recipes/customers/diff", params={"before": "1", "after": "2"}).json()
    assert not told["same_meaning"]
    assert told["differences"] == [
        {"path": "steps.1.params.columns.include.1", "change": "changed", "before": "name", "after": "city"}
    ]
    assert "-      - name" in told["text"] and "+      - city" in told["text"]


def test_a_clone_is_version_1_of_another_name(join: Any) -> None:
    ada = join()
    publish(ada.http, version=4)
    made = ada.http.post("/recipes/customers/versions/4/clone", json={"name": "suppliers"}).json()
    assert (made["name"], made["number"], made["content"]["steps"]) == (
        "suppliers", 1, ada.http.get("/recipes/customers/versions/4").json()["content"]["steps"],
    )  # fmt: skip


def test_contracts_are_published_like_recipes(join: Any) -> None:
    ada = join()
    contract = "contract: customers_clean\nversion: 2\nschema:\n  columns:\n    id: {dtype: int64, nullable: false}\n"
    assert ada.http.post("/contracts", json={"text": contract}).status_code == 201
    assert ada.http.get("/contracts/customers_clean").json()["latest"] == 2
    assert ada.http.get("/recipes").json()["items"] == [], "a contract is no recipe"


def test_lists_go_on_page_by_page(join: Any) -> None:
    ada = join()
    for number in range(1, 6):
        publish(ada.http, f"c{number}", number)
    seen, cursor = [], None
    while True:
        page = ada.http.get(
            "/recipes/customers/versions", params={"limit": 2} | ({"cursor": cursor} if cursor else {})
        ).json()
        seen += [each["number"] for each in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == [5, 4, 3, 2, 1]
    assert ada.http.get("/recipes", params={"cursor": "nonsense"}).status_code == 400


def test_a_viewer_reads_and_does_not_publish(join: Any) -> None:
    ada = join()
    publish(ada.http)
    viewer = join(ada, "viewer")
    assert viewer.http.get("/recipes/customers").status_code == 200
    assert publish(viewer.http, "city", 2).status_code == 403
    assert viewer.http.put("/recipes/customers/labels/x", json={"version": 1}).status_code == 403


def test_the_character_nul_is_refused_and_no_defect(join: Any) -> None:
    answer = join().http.post("/recipes", json={"text": text(), "note": "a\x00b"})
    assert answer.status_code == 422
