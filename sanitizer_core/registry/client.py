"""What a registry can be asked for."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, ValidationError

from sanitizer_core.errors import RegistryError
from sanitizer_core.record import RunRecord
from sanitizer_core.registry.transport import Transport

if TYPE_CHECKING:
    from sanitizer_core.audit.files import RunFiles

PART = 8_000_000
"""Bytes of a file that are sent in one request."""
ADDRESS = "SANITIZER_REGISTRY"
TOKEN = "SANITIZER_TOKEN"  # noqa: S105 (the variable's name)
Kind = Literal["recipes", "contracts"]


class _Answer(BaseModel):
    """What a registry answers; a newer one may say more."""

    model_config = ConfigDict(frozen=True, extra="ignore")


_A = TypeVar("_A", bound=_Answer)


class PublishedVersion(_Answer):
    """A version of a recipe or contract.

    Args:
        text: the file as it was published.
        content: what it says, as plain JSON data, with the version's number in it.
    """

    name: str
    number: int
    digest: str
    labels: tuple[str, ...] = ()
    text: str
    content: dict[str, Any]
    deprecated_why: str | None = None


class Organisation(_Answer):
    """An organisation."""

    id: str
    name: str


class Me(_Answer):
    """Who asks, and of which organisation."""

    email: str
    organisation: Organisation
    role: str


class RunSummary(_Answer):
    """A run, as lists show it."""

    id: str
    status: str
    dataset: str
    recipe_name: str
    recipe_version: int
    started_at: datetime
    rows_in: int
    rows_out: int
    cells_changed: int | None
    score_before: float | None
    score_after: float | None


class JobStatus(_Answer):
    """A job of the registry's workers, and how far it is.

    Args:
        state: ``queued``, ``running``, ``succeeded``, ``failed`` or ``cancelled``.
        percent: of the phase, from 0 to 100; ``None`` when nobody knows.
        problem: why it failed, as a problem document.
        result: what came of it; of one that restored, the ``dataset``, its ``name`` and its ``rows``.
        run_id: the run that came of it.
    """

    id: str
    state: str
    phase: str | None = None
    percent: float | None = None
    problem: dict[str, Any] | None = None
    result: dict[str, Any] | None = None
    run_id: str | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it by itself."""
        return self.state not in ("queued", "running")


class ScorePoint(_Answer):
    """A score of a run, before and after cleaning."""

    run_id: str
    started_at: datetime
    dataset: str
    recipe_name: str
    recipe_version: int
    before: float | None
    after: float | None


class Anomaly(_Answer):
    """A score that changed suddenly.

    Args:
        moment: ``before`` or ``after`` cleaning.
        z: how many robust standard deviations it is away from what is usual.
    """

    run_id: str
    moment: str
    dimension: str
    value: float
    z: float


class Registry:
    """A registry, for as long as the block lasts.

    ::

    with Registry.connect("http://127.0.0.1:8765") as registry:
        registry.publish("recipes", text)
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @classmethod
    def connect(cls, address: str | None = None, token: str | None = None) -> Registry:
        """The registry at an address; else the one that ``SANITIZER_REGISTRY`` and ``SANITIZER_TOKEN`` name.

        Raises:
            RegistryError: none is named.
        """
        where = address or os.environ.get(ADDRESS)
        if not where:
            raise RegistryError("no registry is named", hint=f"Give --registry, or set {ADDRESS}.")
        return cls(Transport(where, token or os.environ.get(TOKEN)))

    def __enter__(self) -> Registry:
        return self

    def __exit__(self, *_: object) -> None:
        self._transport.close()

    @property
    def address(self) -> str:
        """Where it is."""
        return self._transport.address

    def me(self) -> Me:
        """Who asks: whose the token is."""
        return self._one(Me, "GET", "/me")

    def publish(self, kind: Kind, text: str, *, note: str | None = None, following: bool = False) -> PublishedVersion:
        """The version that means what the text means: a new one, or the one that is there.

        Args:
            following: take the next free number, whatever number the text says.
        """
        body = {"text": text, "note": note, "next": following}
        return self._one(PublishedVersion, "POST", f"/{kind}", body=body)

    def label(self, kind: Kind, name: str, label: str, number: int) -> None:
        """Puts a label at a version."""
        self._transport.send("PUT", f"/{kind}/{_part(name)}/labels/{_part(label)}", body={"version": number})

    def pull(self, kind: Kind, name: str, reference: str = "latest") -> PublishedVersion:
        """A version by its number, by a label, or the ``latest``."""
        return self._one(PublishedVersion, "GET", f"/{kind}/{_part(name)}/versions/{_part(reference)}")

    def report(self, record: RunRecord) -> None:
        """Reports a run; twice is safe."""
        self._transport.send("POST", "/runs", body=record.model_dump(mode="json", by_alias=True))

    def run(self, run_id: str) -> RunRecord:
        """The record of a run."""
        told = self._transport.send("GET", f"/runs/{_part(run_id)}")
        try:
            return RunRecord.model_validate(told["record"])
        except (KeyError, TypeError, ValidationError):
            raise RegistryError(
                f"the registry's answer about the run {run_id} is not understood", hint=_OTHER_RELEASE
            ) from None

    def ask(self, wanted: Mapping[str, Any], *, key: str) -> JobStatus:
        """A job for the registry's workers (``dataset``, ``recipe``, ``version`` or ``label``, ``contract``, ``options``).

        Args:
            key: of the caller's making: the same key and request give the same job.
        """
        return self._one(JobStatus, "POST", "/jobs", body=dict(wanted), key=key)

    def restore(self, run_id: str, name: str, *, format: str = "parquet", key: str) -> JobStatus:  # noqa: A002 (the API's own word)
        """A job that writes the input of a run, as it was, into the registry's store: as a dataset of that name.

        Args:
            format: ``parquet``, ``csv`` or ``jsonl``.
            key: as of ``ask``.
        """
        body = {"name": name, "format": format}
        return self._one(JobStatus, "POST", f"/runs/{_part(run_id)}/restorations", body=body, key=key)

    def job(self, job_id: str) -> JobStatus:
        """A job, as it is now."""
        return self._one(JobStatus, "GET", f"/jobs/{_part(job_id)}")

    def cancel(self, job_id: str) -> JobStatus:
        """Cancels a job; of one that is over, nothing changes."""
        return self._one(JobStatus, "POST", f"/jobs/{_part(job_id)}/cancel")

    def send_events(self, events: Sequence[Any]) -> None:
        """Sends events of OpenLineage, as plain JSON data; twice is safe."""
        self._transport.send("POST", "/lineage", body=list(events))

    def send_files(self, folder: str | os.PathLike[str], *, part: int = PART) -> None:
        """Sends the files of a run that was reported, so that the registry can answer from them. Twice is safe.

        Args:
            folder: of the run; or its address in an object store.
            part: the bytes of a request.

        Raises:
            RestoreError: it is not the folder of a run.
            RegistryError: the registry is away, or said no.
        """
        from sanitizer_core.audit.files import NAMES, RunFiles

        files = RunFiles.at(folder)
        path = f"/runs/{_part(files.record().run_id)}/files"
        if self._transport.send("GET", path)["items"]:
            return
        sent = [self._send_file(path, files, name, part) for name in NAMES if name in files.names]
        self._transport.send("POST", path, body={"files": sent})

    def _send_file(self, path: str, files: RunFiles, name: str, part: int) -> dict[str, Any]:
        """What is said of a file once its parts are there."""
        sha, number, size = hashlib.sha256(), 0, 0
        with files.open(name) as file:
            while piece := file.read(part):
                number, size = number + 1, size + len(piece)
                sha.update(piece)
                self._transport.send("PUT", f"{path}/{_part(name)}", params={"part": number}, content=piece)
        return {"name": name, "parts": number, "size": size, "digest": sha.hexdigest()}

    def runs(self, *, limit: int = 20, **wanted: str | None) -> Iterator[RunSummary]:
        """Runs, the newest first; ``wanted`` are ``recipe``, ``dataset`` and ``status``."""
        return self._list(RunSummary, "/runs", limit, wanted)

    def scores(self, *, limit: int = 20, **wanted: str | None) -> Iterator[ScorePoint]:
        """A score over the runs, the newest first; ``wanted`` as of ``runs``, with ``dimension`` and ``column``."""
        return self._list(ScorePoint, "/scores", limit, wanted)

    def anomalies(self, *, limit: int = 20, **wanted: str | None) -> Iterator[Anomaly]:
        """Scores that changed suddenly, the newest first; ``wanted`` are ``recipe``, ``dataset``, ``run_id``, ``dimension``."""
        return self._list(Anomaly, "/anomalies", limit, wanted)

    def _one(self, model: type[_A], method: str, path: str, *, body: Any = None, key: str | None = None) -> _A:
        return _read(model, self._transport.send(method, path, body=body, key=key))

    def _list(self, model: type[_A], path: str, limit: int, wanted: dict[str, str | None]) -> Iterator[_A]:
        params: dict[str, Any] = {name: value for name, value in wanted.items() if value is not None}
        left, cursor = limit, None
        while left > 0:
            asked = params | {"limit": min(left, 200)} | ({"cursor": cursor} if cursor else {})
            page = self._transport.send("GET", path, params=asked)
            yield from (_read(model, each) for each in page["items"])
            left, cursor = left - len(page["items"]), page["next"]
            if cursor is None:
                return


_OTHER_RELEASE = "It may be of another release than this client."


def _part(text: str) -> str:
    """A name as a part of a path, whatever it holds."""
    return quote(text, safe="")


def _read(model: type[_A], told: Any) -> _A:
    try:
        return model.model_validate(told)
    except ValidationError as error:
        raise RegistryError(
            f"the registry's answer is not understood: {error.errors()[0]['msg']}",
            hint=_OTHER_RELEASE,
        ) from None
