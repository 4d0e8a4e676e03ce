"""Jobs that real worker processes carry out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest

from registry.working import Yard, asked, ended, new_database, ready, yard

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def manned(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    """A registry with a worker."""
    with yard(new_database(postgres), tmp_path_factory.mktemp("manned")) as made:
        made.start("--jobs", "2")
        yield made


@pytest.fixture
def ada(manned: Yard) -> Iterator[httpx.Client]:
    """Somebody with a recipe and a dataset, in an organisation of their own."""
    with closing(manned.client()) as client:
        ready(client, manned)
        yield client


def test_a_job_makes_a_run_with_its_files(ada: httpx.Client, manned: Yard) -> None:
    job = asked(ada, options={"audit": "cells"})
    done = ended(ada, job["id"])
    assert (done["state"], done["attempt"], done["problem"]) == ("succeeded", 1, None), manned.logs()
    run = ada.get(f"/runs/{done['run_id']}").json()
    assert (run["rows_in"], run["rows_out"], run["cells_changed"]) == (2, 2, 2)
    assert run["score_before"] is not None
    folder = manned.runs_of(ada) / done["run_id"]
    assert {"clean.parquet", "changes.parquet", "run.json", "report.html"} <= {each.name for each in folder.iterdir()}
    assert [each.name for each in folder.parent.iterdir()] == [done["run_id"]]
