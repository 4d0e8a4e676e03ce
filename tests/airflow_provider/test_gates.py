"""``QualityGateOperator``, ``ContractCheckOperator`` and ``RestoreOperator`` on real Airflow."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from airflow_provider.conftest import RegistryAt
from airflow_provider.running import Airflow
from sanitizer_core import Recipe
from sanitizer_core import run as run_here

pytestmark = [pytest.mark.slow, pytest.mark.airflow]

LENIENT = """\
contract: people_clean
version: 2
on_violation: quarantine
severities: {name.nullable: warning}
schema:
  schema_type: dataframe
  version: 0.20.0
  columns:
    id: {dtype: int64}
    name: {dtype: str, nullable: false}
"""
STRICT = LENIENT.replace("warning", "error")
RUN = "SanitizeOperator(task_id='clean', source='{csv}', target='{csv}.parquet', recipe={{'name': 'r'}}, contract={contract!r}, fail_on='never')"


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text("id,name\n1,Ada\n2,\n3,Alan\n", encoding="utf-8")
    return path


def test_a_gate_evaluates_everything_and_then_fails_without_a_retry(airflow: Airflow, people: Path) -> None:
    ran = airflow.run(
        f"""
        clean = {RUN.format(csv=people, contract=LENIENT)}
        gate = QualityGateOperator(
            task_id="gate", run=clean.output, min_score=101, min_scores={{"completeness": 100, "beauty": 1}},
            fail_on="warning", retries=2,
        )
        gate >> QualityGateOperator(task_id="after", run=clean.output)
        """
    )
    assert ran.tasks == {"clean": "success", "gate": "failed", "after": "upstream_failed"}, ran.said
    told = [each["told"] for each in ran.returned["gate"]["findings"]]
    assert len(told) == 4
    assert told[0].startswith("overall is ") and told[1].startswith("completeness is ")
    assert told[2].startswith("the run has no score 'beauty'") and told[3].startswith("name.nullable")


@pytest.mark.parametrize(
    ("contract", "fail_on", "state"),
    [
        (LENIENT, "error", "success"),
        (LENIENT, "warning", "failed"),
        (STRICT, "error", "success"),
        (STRICT.replace("quarantine", "fail"), "error", "failed"),
        (STRICT.replace("quarantine", "fail"), "never", "success"),
    ],
)
def test_what_shuts_a_gate(airflow: Airflow, people: Path, contract: str, fail_on: str, state: str) -> None:
    ran = airflow.run(
        f"""
        clean = {RUN.format(csv=people, contract=contract)}
        QualityGateOperator(task_id="gate", run=clean.output, fail_on="{fail_on}")
        """
    )
    assert ran.tasks["gate"] == state, ran.said
    assert ran.returned["gate"]["findings"]


def test_a_gate_skips_or_branches(airflow: Airflow, people: Path) -> None:
    ran = airflow.run(
        f"""
        from airflow.providers.standard.operators.empty import EmptyOperator
        clean = {RUN.format(csv=people, contract=LENIENT)}
        skip = QualityGateOperator(task_id="skip", run=clean.output, min_score=101, on_failure="skip")
        skip >> EmptyOperator(task_id="skipped")
        branch = QualityGateOperator(
            task_id="branch", run=clean.output, min_score=101, on_failure="branch", if_passed="good", if_failed="bad"
        )
        branch >> [EmptyOperator(task_id="good"), EmptyOperator(task_id="bad")]
        open_ = QualityGateOperator(task_id="open", run=clean.output, min_score=1, on_failure="skip")
        open_ >> EmptyOperator(task_id="follows")
        """
    )
    states = {name: ran.tasks[name] for name in ("skipped", "good", "bad", "follows")}
    assert states == {"skipped": "skipped", "good": "skipped", "bad": "success", "follows": "success"}, ran.said
    assert [ran.returned[gate]["passed"] for gate in ("skip", "branch", "open")] == [False, False, True]


def test_a_gate_judges_all_of_a_mapped_task_and_runs_by_their_ids(
    airflow: Airflow, people: Path, connected: RegistryAt
) -> None:
    worse = people.with_name("worse.csv")
    worse.write_text("id,name\n1,\n2,\n", encoding="utf-8")
    ran = airflow.run(
        f"""
        clean = SanitizeOperator.partial(task_id="clean", recipe={{"name": "r"}}).expand(source=["{people}", "{worse}"])
        gate = QualityGateOperator(task_id="gate", run=clean.output, min_scores={{"completeness": 70}}, on_failure="skip")
        """
    )
    assert ran.state == "success", ran.said
    [finding] = ran.returned["gate"]["findings"]
    assert finding["source"] == str(worse)
    ids = [ran.returned[f"clean[{number}]"]["run_id"] for number in range(2)]
    again = airflow.run(f"QualityGateOperator(task_id='gate', run={ids!r}, min_scores={{'completeness': 70}})")
    assert again.tasks == {"gate": "failed"}, again.said
    assert again.returned["gate"]["findings"] == [finding]


def test_a_score_that_is_unusual_counts_as_the_gate_says(airflow: Airflow, people: Path, connected: RegistryAt) -> None:
    recipe = {"name": "usual"}
    usual = run_here(people, Recipe.model_validate(recipe), people.with_name("usual.parquet")).record
    for number in range(1, 10):
        day = datetime.fromisoformat(usual.started) - timedelta(days=number)
        connected.client.report(usual.model_copy(update={"run_id": str(uuid.uuid4()), "started": day.isoformat()}))
    people.write_text("id,name\n1,\n2,\n3,\n", encoding="utf-8")
    unknown = {"run_id": str(uuid.uuid4()), "status": "passed", "source": str(people)}
    ran = airflow.run(
        f"""
        clean = SanitizeOperator(task_id="clean", source="{people}", recipe={recipe!r})
        for name, told in {{"error": "error", "warning": "warning", "unasked": None}}.items():
            QualityGateOperator(task_id=name, run=clean.output, anomaly=told)
        QualityGateOperator(task_id="unknown", run={unknown!r}, anomaly="error")
        """
    )
    assert ran.tasks == {
        "clean": "success", "error": "failed", "warning": "success", "unasked": "success", "unknown": "failed",
    }, ran.said  # fmt: skip
    found = {each["told"].partition(" is ")[0]: each for each in ran.returned["error"]["findings"]}
    assert {"overall before cleaning", "completeness after cleaning"} <= set(found)
    assert "which is unusual (z = -" in found["completeness after cleaning"]["told"]
    assert {each["severity"] for each in ran.returned["warning"]["findings"]} == {"warning"}
    assert ran.returned["unasked"]["findings"] == []
    assert "the registry said no" in ran.said, "a run that the registry does not know is not let through"


def test_a_table_is_held_against_a_contract(airflow: Airflow, people: Path) -> None:
    rejected = people.with_name("rejected.csv")
    ran = airflow.run(
        f"""
        ContractCheckOperator(task_id="warned", source="{people}", contract={LENIENT!r})
        ContractCheckOperator(
            task_id="failed", source="{people}", contract={STRICT!r}, rejected="{rejected}", retries=2,
            outlets=[Asset("people")],
        )
        """
    )
    assert ran.tasks == {"warned": "success", "failed": "failed"}, ran.said
    assert ran.returned["failed"]["rows_failed"] == 1
    assert ran.returned["warned"]["broken"][0]["severity"] == "warning"
    assert rejected.read_text().splitlines()[1].startswith("1,")
    assert "breaks the contract people_clean v2" in ran.said


def test_a_run_is_undone_by_its_folder_by_what_it_returned_and_by_its_id(
    airflow: Airflow, people: Path, connected: RegistryAt
) -> None:
    ran = airflow.run(
        f"""
        clean = SanitizeOperator(
            task_id="clean", source="{people}", target="{people.parent}/out.parquet", recipe={{
                "name": "r", "steps": [{{"op": "clean_text", "params": {{"columns": ["name"], "case": "upper"}}}}],
            }},
        )
        folder = RestoreOperator(task_id="folder", run="{people.parent}/out.run", target="{people}.0.csv")
        returned = RestoreOperator(task_id="returned", run=clean.output, target="{people}.1.csv")
        by_id = RestoreOperator(
            task_id="by_id", run="{{{{ ti.xcom_pull('clean')['run_id'] }}}}", target="{people}.2.csv"
        )
        clean >> [folder, returned, by_id]
        """
    )
    assert ran.state == "success", ran.said
    assert [Path(f"{people}.{number}.csv").read_text() for number in range(3)] == [people.read_text()] * 3


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (
            "QualityGateOperator(task_id='t', run='x', fail_on='errors')",
            "fail_on is 'errors'; allowed: error, warning, never",
        ),
        ("QualityGateOperator(task_id='t', run='x', on_failure='branch')", "goes with if_passed and if_failed"),
        ("QualityGateOperator(task_id='t', run='x', on_failure='stop')", "allowed: fail, skip, branch"),
    ],
)
def test_what_makes_no_sense_is_refused_when_the_dag_is_parsed(airflow_home: Path, made: str, message: str) -> None:
    import sanitizer_airflow

    with pytest.raises(ValueError, match=message):
        eval(made, vars(sanitizer_airflow) | {"QualityGateOperator": sanitizer_airflow.QualityGateOperator})
