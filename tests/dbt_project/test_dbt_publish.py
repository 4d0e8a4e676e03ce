"""What dbt wrote about a run becomes a record for each cleaned model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openlineage.client.serde import Serde
from typer.testing import CliRunner

from dbt_projects import DuckDBWarehouse
from sanitizer_core.cli import app
from sanitizer_core.dbt.asking import Dbt
from sanitizer_core.dbt.publish import publish
from sanitizer_core.lineage import run_events
from sanitizer_core.record import RunRecord

RECIPE = {
    "name": "people",
    "version": 4,
    "input": {"columns": {"id": "integer", "name": "string"}},
    "steps": [
        {"op": "clean_text", "params": {"columns": ["name"]}},
        {"op": "remove_duplicates", "params": {"columns": ["id"]}},
    ],
}
CONTRACT = {"contract": "people", "schema": {"schema_type": "dataframe", "columns": {"name": {"dtype": "str"}}}}
TEST = {"sanitizer.meets_contract": {"arguments": {"contract": "people"}, "config": {"severity": "warn"}}}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = DuckDBWarehouse(tmp_path_factory.mktemp("publish")).project()
    project.write("seeds/raw.csv", "id,name\n1,Ada\n1,ADA\n2,\n3,bob\n")
    for what in ("clean", "changes", "removed"):
        project.write(f"models/{what}.sql", f"{{{{ sanitizer.{what}(ref('raw'), 'people') }}}}")
    project.write("models/score_before.sql", "{{ sanitizer.score(ref('raw')) }}")
    project.write("models/score_after.sql", "{{ sanitizer.score(ref('clean')) }}")
    project.write("models/fails.sql", "{{ sanitizer.clean(ref('raw'), 'people', version=9) }}")
    project.dump("models/schema.yml", {"models": [{"name": "clean", "data_tests": [TEST]}]})
    project.dump("people.yaml", RECIPE)
    project.dump("contract.yaml", CONTRACT)
    project.dump("sanitizer.yml", {"adapters": ["duckdb"], "recipes": ["people.yaml"], "contracts": ["contract.yaml"]})
    folders = ["--project-dir", str(project.folder), "--profiles-dir", str(project.folder)]
    synced = CliRunner().invoke(app, ["dbt", "sync", *folders])
    assert synced.exit_code == 0, synced.output
    said = project.shell("build")
    done = CliRunner().invoke(app, ["dbt", "publish", str(project.folder / "target"), *folders, "--json"])
    assert done.exit_code == 0, f"{done.output} {done.exception} {said}"
    assert list(json.loads(done.output)["records"]) == [str(project.folder / "target" / "sanitizer" / "clean.json")]
    return project.folder / "target" / "sanitizer"


def test_a_record_counts_rows_cells_and_scores(published: Path) -> None:
    record = RunRecord.model_validate_json((published / "clean.json").read_text())
    assert (record.recipe.name, record.recipe.version, record.engine) == ("people", 4, "duckdb")
    rows = record.rows
    assert (rows.in_, rows.out, rows.removed, rows.rejected, record.cells_changed) == (4, 3, 1, 0, 1)
    assert record.score["before"]["completeness"] == 87.5
    assert record.score["after"]["columns"]["name"]["completeness"] == 66.67
    assert record.contract is not None and record.contract["status"] == "warned" == record.status
    assert record.contract["rows_failed"] == 1


def test_a_record_tells_what_each_column_comes_from(published: Path) -> None:
    """Under the names by which dbt's own lineage knows the tables."""
    record = RunRecord.model_validate_json((published / "clean.json").read_text())
    [event] = [each for each in run_events(record) if each.eventType is not None and each.eventType.value == "COMPLETE" and each.outputs]  # fmt: skip
    [source], [output] = event.inputs or [], event.outputs or []
    assert (
        source.namespace
        == output.namespace
        == f"duckdb://{record.source['address'].split('?')[0].removeprefix('duckdb:')}"
    )
    assert (source.name.partition(".")[2], output.name.partition(".")[2]) == ("main.raw", "main.clean")
    told = json.loads(Serde.to_json(output))["facets"]
    assert [each["name"] for each in told["schema"]["fields"]] == ["id", "name"]
    [ancestor] = told["columnLineage"]["fields"]["name"]["inputFields"]
    assert (ancestor["name"], ancestor["field"]) == (source.name, "name")
    assert ancestor["transformations"][0]["subtype"] == "TRANSFORMATION"


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["dbt", "publish", str(tmp_path)])
    assert told.exit_code != 0 and "Run 'dbt build'" in str(told.exception)


def test_why_the_columns_of_a_record_are_not_known_is_told(published: Path, tmp_path: Path) -> None:
    folder = published.parents[1]
    pins = (folder / "sanitizer.yml").read_text()
    dbt = Dbt(folder, folder, None)
    try:
        (folder / "sanitizer.yml").write_text(pins.replace("people.yaml", "gone.yaml"))
        [gone] = publish(published.parent, tmp_path, dbt).values()
        (folder / "later.yaml").write_text(json.dumps(RECIPE | {"version": 5, "steps": [{"op": "remove_duplicates"}]}))
        (folder / "sanitizer.yml").write_text(pins.replace("people.yaml", "later.yaml"))
        [other] = publish(published.parent, tmp_path, dbt).values()
    finally:
        (folder / "sanitizer.yml").write_text(pins)
    assert (gone.columns, other.columns) == ((), ())
    assert gone.notes[-1].startswith("what its columns are made from is not known:") and "gone" in gone.notes[-1]
    assert gone.run_id == other.run_id, "what dbt left of its run is there for whoever asks again"
    assert other.notes[-1].endswith("this recipe is not the one that the project pins now")
