"""A dirty file, cleaned into the warehouse, let through by a gate, then built upon by dbt, whose lineage and records are kept."""

from __future__ import annotations

import sys
from pathlib import Path

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, Asset, Param

from sanitizer_airflow import QualityGateOperator, SanitizeOperator

HERE = f"export PATH={Path(sys.executable).parent}:$PATH && cd {{{{ params.project }}}}"
"""dbt is beside this Python; give it an environment of its own where Airflow's does not hold it."""

with DAG(
    "dbt_pipeline",
    schedule=None,
    catchup=False,
    tags=["sanitizer"],
    params={
        "source": Param("/data/landing/sites.csv", type="string"),
        "warehouse": Param("/data/warehouse.duckdb", type="string", description="The DuckDB file that dbt builds in."),
        "table": Param("sites", type="string"),
        "project": Param("/data/dbt", type="string", description="The folder of dbt_project.yml and profiles.yml."),
        "recipe": Param("sites@production", type="string"),
        "min_score": Param(60, type="number", minimum=0, maximum=100),
    },
) as dag:
    sanitize = SanitizeOperator(
        task_id="sanitize",
        source="{{ params.source }}",
        target="{{ params.warehouse }}?table={{ params.table }}",
        artifacts="{{ params.warehouse }}.runs/{{ dag_run.run_after | ts_nodash }}",
        recipe="{{ params.recipe }}",
        fail_on="never",
        outlets=[Asset("sanitizer://dbt_pipeline/clean")],
    )
    gate = QualityGateOperator(task_id="gate", run=sanitize.output, min_score="{{ params.min_score }}")
    build = BashOperator(
        task_id="dbt_build",
        bash_command=f"{HERE} && dbt deps --profiles-dir . && dbt-ol build --project-dir . --profiles-dir .",
        env={"OPENLINEAGE_PARENT_ID": "{{ macros.OpenLineageProviderPlugin.lineage_parent_id(task_instance) }}"},
        append_env=True,
    )
    publish = BashOperator(
        task_id="publish_dbt_artifacts",
        bash_command=f"{HERE} && sanitizer dbt publish target --profiles-dir .",
        append_env=True,
    )
    sanitize >> gate >> build >> publish
