"""Every route, asked what its own description allows and what it does not: it never fails, and answers as it says."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import response_schema_conformance

from registry.served import Served

EXAMPLES = 4
STREAMS = {"/api/v1/jobs/{job_id}/events"}
"""What goes on answering as long as there is something to tell."""


@pytest.mark.slow
def test_no_route_fails_or_answers_otherwise_than_it_says(join: Any, served: Served) -> None:
    ada = join()
    scopes = ["read", "report", "publish", "administer"]
    token = ada.http.post("/tokens", json={"name": "schema", "scopes": scopes}).json()["token"]
    schema = schemathesis.openapi.from_url(f"{served.address}/api/v1/openapi.json")
    wrong = []
    found: Any = schema.get_all_operations()
    for operation in (each.ok() for each in found):
        if operation.path not in STREAMS:
            wrong += [found for mode in GenerationMode for found in _wrong(operation, token, mode)]
    assert not wrong, "\n\n".join(wrong)


def _wrong(operation: Any, token: str, mode: GenerationMode) -> list[str]:
    """What goes wrong when an operation is asked what its description allows, or what it does not."""
    found: list[str] = []

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    def ask(case: Any) -> None:
        answer = case.call(headers={"Authorization": f"Bearer {token}"}, timeout=60)
        try:
            assert answer.status_code < 500 or answer.status_code == 502, answer.status_code
            case.validate_response(answer, checks=[response_schema_conformance])
        except AssertionError as error:
            found.append(f"{case.as_curl_command()}\n{answer.status_code} {answer.text[:300]}\n{str(error)[:600]}")
        except FailureGroup as error:
            found.append(
                f"{case.as_curl_command()}\n{answer.status_code} {answer.text[:300]}\n{str(error.exceptions)[:600]}"
            )

    with suppress(Unsatisfiable):  # Of some, everything is allowed.
        ask()
    return found[:1]
