"""The kind of job that undoes a run; a dataset comes of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from anyio import to_thread
from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.access import Caller
from sanitizer_api.audit.trail import note
from sanitizer_api.datasets.content import inspected
from sanitizer_api.datasets.models import Dataset
from sanitizer_api.datasets.service import Catalogue
from sanitizer_api.lineage.own import take_in_undoing
from sanitizer_api.permissions import Role
from sanitizer_api.problems import NotFoundError
from sanitizer_api.queue.kinds import Kind, Outcome, Parts, Work
from sanitizer_api.quotas.counting import Quotas, What
from sanitizer_api.restoring.schemas import Restored
from sanitizer_api.runs import repository as runs
from sanitizer_api.runs.files import located
from sanitizer_api.runs.models import Run
from sanitizer_api.runs.service import told_to_lineage
from sanitizer_api.runs.streaming import KeyNeededError
from sanitizer_api.settings import Settings
from sanitizer_api.stores.keys import upload_key
from sanitizer_api.stores.store import WHOLE, Store, digest_of
from sanitizer_api.uploads.service import subject
from sanitizer_core.errors import SanitizerError
from sanitizer_core.pipeline.restoring import EXACT, restore
from sanitizer_core.pipeline.watch import Watch
from sanitizer_core.record import RunRecord


@dataclass(frozen=True)
class Order:
    """What the process that undoes is told: the folder of the run, and where its input goes."""

    folder: str
    target: str
    memory: str | None


def undo(order: Order, watch: Watch) -> int:
    """Writes the input of a run, and says how many rows it has.

    Raises:
        SanitizerError: in words that do not tell where on the server the run or the store is.
    """
    watch.begin("restoring")
    try:
        return restore(order.folder, order.target, write=EXACT, memory_limit=order.memory).rows
    except SanitizerError as error:
        for place, shown in ((order.folder, "the run's folder"), (order.target, "the registry's store")):
            error.message = error.message.replace(place, shown)
        raise


def refuse_unrestorable(settings: Settings, store: Store, run: Run) -> None:
    """Makes sure that a job can undo a run.

    Raises:
        OutOfReachError: its files are nowhere, or where the registry cannot read.
        KeyNeededError: columns were masked; a job is kept, and keys are not.
        RestoreError: it kept no log of its changes.
    """
    record = RunRecord.model_validate(run.record)
    masked = [each.name for each in record.input_columns if each.sealed is not None]
    if masked:
        raise KeyNeededError(
            f"the values of {', '.join(map(repr, masked))} are masked, and a job keeps no key",
            hint="Send the key to POST /runs/{run_id}/restore, which answers with the table.",
        )
    record.refuse_unlogged(located(settings, store, run, record).shown)


async def carry_out(work: Work) -> Outcome:
    """Undoes a run, in a process of its own; the dataset is kept in the transaction in which the job succeeds."""
    wanted, parts = Restored.model_validate(work.wanted), work.parts
    async with work.session() as session:
        run = await runs.run(session, wanted.run)
    if run is None:
        raise NotFoundError("the run was deleted")
    record = RunRecord.model_validate(run.record)
    files = await to_thread.run_sync(located, parts.settings, parts.store, run, record)
    key = upload_key(work.organisation, work.place, f"data.{wanted.format}")
    order = Order(files.address.location, parts.store.address(key), parts.settings.job_memory)
    rows = await work.in_process(undo, order)
    made = await to_thread.run_sync(_dataset_of, work, wanted, key)

    async def keep(session: AsyncSession) -> None:
        await Quotas(session, work.organisation, parts.settings).take(What.STORAGE, subject(made.id), made.size or 0)
        caller = Caller(work.requested_by, work.organisation, Role.MEMBER, work.job, frozenset())
        await Catalogue(session, caller).add(made)
        await note(
            session, work.organisation, work.requested_by, "restore", f"run:{run.id}", dataset=str(made.id),
            unmasked=False,
        )  # fmt: skip
        told = told_to_lineage(record, run.files_key)
        await take_in_undoing(session, work.organisation, told, made.name, rows, work.job)

    return Outcome({"dataset": str(made.id), "name": made.name, "rows": rows}, keep=keep)


def _dataset_of(work: Work, wanted: Restored, key: str) -> Dataset:
    """The dataset that a written file is."""
    store = work.parts.store
    with store.open(key, WHOLE) as file:
        content = inspected(file, work.parts.settings.unpacked_limit)
    return Dataset(
        id=work.place, organisation_id=work.organisation, name=wanted.name, address=f"restored:{wanted.run}",
        registered_by=work.requested_by, key=key, content_type=content.content_type, format=content.format,
        compression=content.compression, size=store.size(key), digest=digest_of(store, key),
    )  # fmt: skip


async def discard(parts: Parts, organisation: uuid.UUID, place: uuid.UUID) -> None:
    """Takes away what an attempt wrote into the store."""
    await to_thread.run_sync(parts.store.delete, upload_key(organisation, place))


KIND = Kind("restore", carry_out, discard)
