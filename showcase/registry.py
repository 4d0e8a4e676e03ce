"""The registry of the showcase: served, with a worker, an account, a token, and what it publishes."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from sanitizer_core.registry import Registry
from showcase.processes import Processes, answers, free_port, program, wait_for

EMAIL = "demo@example.com"
PROCESSES = ("registry", "worker")


@dataclass(frozen=True)
class Served:
    """A registry that answers, a token of it, and the password of the showcase's user."""

    address: str
    token: str = field(repr=False)
    password: str = field(repr=False)

    def client(self) -> Registry:
        """A client that speaks for the token."""
        return Registry.connect(self.address, self.token)

    def get(self, path: str, **params: Any) -> Any:
        """What a route of the API answers."""
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = httpx.get(f"{self.address}/api/v1{path}", params=params, headers=headers, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def environment(self) -> dict[str, str]:
        """How Airflow, dbt and the command line find it."""
        connection = {"conn_type": "sanitizer", "host": self.address, "password": self.token}
        return {
            "AIRFLOW_CONN_SANITIZER_DEFAULT": json.dumps(connection),
            "AIRFLOW__SANITIZER__CONN_ID": "sanitizer_default",
            "OPENLINEAGE_URL": self.address,
            "OPENLINEAGE_API_KEY": self.token,
            "SANITIZER_REGISTRY": self.address,
            "SANITIZER_TOKEN": self.token,
        }


def serve(folder: Path, processes: Processes) -> Served:
    """Starts registry and worker, where they do not run yet.

    Raises:
        ShowcaseError: the registry does not answer.
    """
    kept = folder / "registry.json"
    told = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    told.setdefault("password", secrets.token_urlsafe(16))
    if "registry" not in processes.running():
        told["address"] = f"http://127.0.0.1:{free_port()}"
        port = told["address"].rpartition(":")[2]
        # The worker is a process of its own here.
        processes.start("registry", program("sanitizer"), "serve", "--port", port, "--jobs", "0")
    wait_for(
        f"the registry (its log: {processes.folder}/registry.log)", lambda: answers(f"{told['address']}/health/ready")
    )
    if "worker" not in processes.running():
        processes.start("worker", program("sanitizer"), "worker")
    told["token"] = told.get("token") or _token(told["address"], told["password"])
    kept.touch(mode=0o600)
    kept.write_text(json.dumps(told), encoding="utf-8")
    return Served(told["address"], told["token"], told["password"])


def _token(address: str, password: str) -> str:
    """A token of the showcase's own user, who is made at the first time."""
    with httpx.Client(base_url=f"{address}/api/v1", timeout=60) as http:
        who = {"email": EMAIL, "password": password}
        answer = http.post("/auth/register", json=who | {"name": "Demo", "organisation": "Demo"})
        if not answer.is_success:
            answer = http.post("/auth/login", json=who)
        access = answer.raise_for_status().json()["access_token"]
        wanted = {"name": "showcase", "scopes": ["read", "publish", "report", "run"]}
        made = http.post("/tokens", json=wanted, headers={"Authorization": f"Bearer {access}"})
        return str(made.raise_for_status().json()["token"])


def publish(registry: Served, recipe: str, contract: str) -> None:
    """Publishes the demo's recipe and contract, and says that they are in production; a second time changes nothing."""
    with registry.client() as client:
        agreed = client.publish("contracts", contract)
        published = client.publish("recipes", recipe.replace("contract.yaml", f"{agreed.name}@{agreed.number}"))
        client.label("contracts", agreed.name, "production", agreed.number)
        client.label("recipes", published.name, "production", published.number)
