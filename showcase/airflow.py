"""A real Airflow: its four processes with LocalExecutor, and its REST API."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from showcase.processes import PATIENCE, Processes, ShowcaseError, answers, free_port, program, wait_for

COMPONENTS = {
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
}
PROCESSES = ("api-server", *COMPONENTS)
FINAL = {"success", "failed"}


def environment(home: Path, dags: Path, port: int) -> dict[str, str]:
    """The settings of an Airflow in a folder, which listens on 127.0.0.1 only."""
    address = f"http://127.0.0.1:{port}"
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__API__BASE_URL": address,
        "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_hex(32),
        "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{address}/execution/",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PARALLELISM": str(max(2, os.cpu_count() or 2)),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "5",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "5",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db",
        "AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK": "False",
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.5",
        # On a busy machine Airflow answers its own tasks late.
        "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "60",
    }


@dataclass(frozen=True)
class Airflow:
    """An Airflow that answers."""

    address: str

    @classmethod
    def start(cls, processes: Processes, port: int) -> Airflow:
        """Starts what does not run yet; the processes' environment is ``environment()`` and more.

        Raises:
            ShowcaseError: it does not answer.
        """
        airflow = cls(f"http://127.0.0.1:{port}")
        running = processes.running()
        if "api-server" not in running:
            processes.run("airflow db migrate", program("airflow"), "db", "migrate")
            listening = ("--host", "127.0.0.1", "--port", str(port), "--workers", "1")
            processes.start("api-server", program("airflow"), "api-server", *listening)
        for name, command in COMPONENTS.items():
            if name not in running:
                processes.start(name, program("airflow"), *command)
        wait_for(f"Airflow (its logs: {processes.folder})", lambda: answers(f"{airflow.address}/api/v2/version"))
        return airflow

    def run(self, dag_id: str, params: Mapping[str, Any], *, patience: float = PATIENCE) -> str:
        """Runs a DAG to its end, and gives the run's id.

        Raises:
            ShowcaseError: it is not known in time, or takes too long.
        """
        run_id = self.trigger(dag_id, params)
        self.wait(dag_id, run_id, patience=patience)
        return run_id

    def trigger(self, dag_id: str, params: Mapping[str, Any]) -> str:
        """Begins a run of a DAG, once Airflow knows the DAG."""
        try:
            wait_for(
                f"the DAG {dag_id}", lambda: self._ask("PATCH", f"/dags/{dag_id}", {"is_paused": False}) is not None
            )
        except ShowcaseError as error:
            raise ShowcaseError(f"{error}; errors of DAG files: {self._ask('GET', '/importErrors')}") from None
        begun = self._ask("POST", f"/dags/{dag_id}/dagRuns", {"logical_date": None, "conf": dict(params)})
        if begun is None:
            raise ShowcaseError(f"Airflow does not run {dag_id}")
        return str(begun["dag_run_id"])

    def wait(self, dag_id: str, run_id: str, *, patience: float = PATIENCE) -> str:
        """Waits for the end of a run, and gives its state."""
        wait_for(f"the run {run_id} of {dag_id}", lambda: self.state(dag_id, run_id) in FINAL, patience)
        return self.state(dag_id, run_id)

    def state(self, dag_id: str, run_id: str) -> str:
        """Where a run is."""
        found = self._ask("GET", f"/dags/{dag_id}/dagRuns/{run_id}")
        return str(found["state"]) if found else "unknown"

    def tasks(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        """The task instances of a run."""
        found = self._ask("GET", f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances?limit=1000")
        return list(found["task_instances"]) if found else []

    def returned(self, dag_id: str, run_id: str, task_id: str, map_index: int = -1) -> Any:
        """What a task returned."""
        place = f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/xcomEntries/return_value"
        found = self._ask("GET", f"{place}?map_index={map_index}&deserialize=false")
        return found["value"] if found else None

    def log(self, dag_id: str, run_id: str, task_id: str, *, attempt: int = 1, map_index: int = -1) -> str:
        """What a task said."""
        place = f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/logs/{attempt}"
        found = self._ask("GET", f"{place}?map_index={map_index}&full_content=true")
        return "\n".join(_line(each) for each in found["content"]) if found else ""

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """What the REST API answers; ``None`` where it says no."""
        try:
            answer = httpx.request(method, f"{self.address}/api/v2{path}", json=body, timeout=60)
        except httpx.TransportError:
            return None
        return answer.json() if answer.is_success else None


def _line(entry: Any) -> str:
    """An entry of a log, with what its exceptions said."""
    if not isinstance(entry, dict):
        return str(entry)
    said = [f"{each['exc_type']}: {each['exc_value']}" for each in entry.get("error_detail") or ()]
    return "\n".join([str(entry["event"]), *said])


def port_of(folder: Path, processes: Processes) -> int:
    """The port of the Airflow that runs for a folder, else a free one."""
    kept = folder / "airflow.port"
    if "api-server" not in processes.running() or not kept.exists():
        kept.write_text(str(free_port()), encoding="ascii")
    return int(kept.read_text(encoding="ascii"))
