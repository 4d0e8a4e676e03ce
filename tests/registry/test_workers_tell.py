"""What a real worker does for runs and webhooks."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from registry.hook_receiver import receiving
from registry.working import asked, ended, new_database, ready, until, yard

pytestmark = pytest.mark.slow


def test_a_job_that_fails_is_told_and_the_files_of_one_that_succeeds_answer(postgres: str, tmp_path: Path) -> None:
    with (
        receiving() as receiver,
        yard(new_database(postgres), tmp_path, webhook_networks="127.0.0.0/8") as place,
        closing(place.client()) as ada,
    ):
        place.start("--jobs", "1")
        ready(ada, place)
        ada.post("/webhooks", json={"url": receiver.address, "events": ["job.failed"]}).raise_for_status()
        done = ended(ada, asked(ada)["id"])
        changes = ada.get(f"/runs/{done['run_id']}/changes").raise_for_status().json()["items"]
        assert [(each["row"], each["old"], each["new"]) for each in changes] == [
            (0, "  Ada ", "ada"),
            (1, "Alan", "alan"),
        ]
        assert "ada" in ada.get(f"/runs/{done['run_id']}/report").raise_for_status().text.lower()
        next(place.folder.glob("*.csv")).unlink()
        failed = ended(ada, asked(ada)["id"])
        assert failed["state"] == "failed", place.logs()
        came = until(lambda: receiver.came, "the word that the job failed")
    told = json.loads(came[0].body)
    assert (told["type"], told["data"]["job_id"]) == ("job.failed", failed["id"])
    assert told["data"]["problem"]["detail"] == failed["problem"]["detail"]
