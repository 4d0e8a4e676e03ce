"""What a task of Airflow adds to a run, and what our operators add to the parsing of a DAG file."""
