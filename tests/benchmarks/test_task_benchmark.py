"""What ``benchmarks/AIRFLOW.md`` is made of."""

from __future__ import annotations

from benchmarks.tasks.run import told_of_parsing, told_of_tasks


def test_a_task_is_held_against_the_command() -> None:
    tasks = {"nothing": 1.0, "command": 3.5, "operator": 2.4, "reported": 2.6}
    told = told_of_tasks(1000, 2.0, tasks, (0.2, 0.25))
    assert "| `SanitizeOperator` | 2.40 s | +1.40 s | +0.40 s | 1.20 |" in told
    assert "0.40 s, reached" in told and "0.250 s (1.25)" in told
    assert "1.50 s, not reached" in told_of_tasks(1000, 2.0, tasks | {"operator": 3.5}, (0.2, 0.25))


def test_a_file_is_held_against_airflows_own() -> None:
    told = told_of_parsing(0.01, 0.11, 0.012)
    assert "| 0.110 s | +0.100 s |" in told and "0.10 s, reached" in told
    assert "not reached" in told_of_parsing(0.01, 0.5, 0.012)
