"""The whole pipeline with one command: registry, worker, Airflow, dbt, on a real dirty table."""
