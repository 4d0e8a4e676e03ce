"""A table of Postgres, cleaned inside its database; a contract holds it, and the day's rows that break it are set aside."""

from __future__ import annotations

from airflow.sdk import DAG, Asset, Param

from sanitizer_airflow import ContractCheckOperator, QualityGateOperator, SanitizeOperator

CLEAN = Asset("sanitizer://clean_in_warehouse/customers")

with DAG(
    "clean_in_warehouse",
    schedule=None,
    catchup=False,
    tags=["sanitizer"],
    params={
        "conn_id": Param("warehouse", type="string", description="A connection of the type postgres."),
        "raw": Param("raw.customers", type="string"),
        "clean": Param("clean.customers", type="string"),
        "recipe": Param("customers@production", type="string"),
        "contract": Param("customers_clean@production", type="string"),
    },
) as dag:
    sanitize = SanitizeOperator(
        task_id="sanitize",
        source="{{ params.raw }}",
        source_conn_id="{{ params.conn_id }}",
        target="{{ params.clean }}",
        target_conn_id="{{ params.conn_id }}",
        recipe="{{ params.recipe }}",
        contract="{{ params.contract }}",
        fail_on="never",
        outlets=[CLEAN],
    )
    gate = QualityGateOperator(task_id="gate", run=sanitize.output, min_scores={"completeness": 80})
    check = ContractCheckOperator(
        task_id="check_what_readers_see",
        source="{{ params.clean }}",
        source_conn_id="{{ params.conn_id }}",
        contract="{{ params.contract }}",
    )
    sanitize >> gate >> check
