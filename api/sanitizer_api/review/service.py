"""Deciding about cells, and carrying out what was decided."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from anyio import to_thread
from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.access import Caller
from sanitizer_api.audit.trail import note
from sanitizer_api.db.scope import Scope
from sanitizer_api.definitions import repository as definitions
from sanitizer_api.identity.models import User
from sanitizer_api.pages import Paging
from sanitizer_api.problems import ConflictError
from sanitizer_api.quotas.counting import Quotas, What
from sanitizer_api.review.models import ReviewDecision
from sanitizer_api.review.schemas import MOST_AT_ONCE, CellDecision, Decisions, Every
from sanitizer_api.runs import repository as runs
from sanitizer_api.runs import service as reporting
from sanitizer_api.runs.files import FilesOf
from sanitizer_api.runs.models import Run
from sanitizer_api.state import State
from sanitizer_api.stores.keys import run_key
from sanitizer_core.audit.flagged import Doubt, Kind, Place, doubts
from sanitizer_core.contract import Contract
from sanitizer_core.pipeline.reviewing import Decision, apply_decisions, check_decision
from sanitizer_core.record import RunRecord

AT_A_TIME = 1000
_IDS = uuid.UUID("6c6f0bb5-3f0a-5d0e-9f6e-0a1f6f5f2f6b")
"""Under which the ids of runs are made that carry out decisions: the same decisions give the same run."""


@dataclass(frozen=True)
class Desk:
    """The review of one run.

    Args:
        files: of the run.
    """

    state: State
    caller: Caller
    files: FilesOf

    async def page(
        self, kind: Kind, column: str | None, limit: int, begin: Place, *, decided: bool | None
    ) -> tuple[list[tuple[Doubt, ReviewDecision | None]], Place | None]:
        """A page of cells to look at, each with the last decision about it.

        Args:
            decided: those with a decision alone, or without; both when ``None``.
        """
        found, following = await self.files.ask(lambda kept: doubts(kept, kind, limit, begin, of=column))
        async with self.state.database.session(Scope(self.caller.organisation)) as session:
            known = await self._last(session, [(each.row, each.column) for each in found])
        pairs = [(each, known.get((each.row, each.column))) for each in found]
        return [pair for pair in pairs if decided is None or (pair[1] is not None) == decided], following

    async def decide(self, wanted: Decisions) -> int:
        """Keeps decisions; gives how many.

        Raises:
            PlanError: one speaks of no cell, or its value is not of the column's type.
            ConflictError: they would be too many at once.
        """
        cells = [*wanted.cells, *(await self._every(wanted.every) if wanted.every is not None else ())]
        for each in cells:
            check_decision(self.files.record, _decision(each, wanted.reason))
        async with self.state.database.session(Scope(self.caller.organisation)) as session:
            session.add_all(
                ReviewDecision(
                    run_id=self.files.whose.id, row=each.row, column=each.column, action=each.action,
                    value=each.value, reason=wanted.reason, decided_by=self.caller.user,
                )
                for each in cells
            )  # fmt: skip
            await self._note(session, "decide", decisions=len(cells), reason=wanted.reason)
        return len(cells)

    async def _every(self, wanted: Every) -> list[CellDecision]:
        """A decision for each open cell of a kind."""
        begin: Place | None = Place()
        made: list[CellDecision] = []
        while begin is not None:
            pairs, begin = await self.page(wanted.kind, wanted.column, AT_A_TIME, begin, decided=False)
            made += [
                CellDecision(row=each.row, column=each.column, action=wanted.action, value=wanted.value)
                for each, _ in pairs
            ]
            if len(made) > MOST_AT_ONCE:
                raise ConflictError(
                    f"more than {MOST_AT_ONCE} cells are open", hint="Name a column, or write a step in the recipe."
                )
        return made

    async def listed(self, page: Paging) -> Sequence[ReviewDecision]:
        """A page of all decisions, also those that later ones replaced."""
        query = select(ReviewDecision).where(ReviewDecision.run_id == self.files.whose.id)
        async with self.state.database.session(Scope(self.caller.organisation)) as session:
            rows = await session.scalars(page.applied(query, ReviewDecision.created_at, ReviewDecision.id))
            return rows.all()

    async def apply(self) -> tuple[Run, bool]:
        """The run that carries the decisions out, and whether it is new: the same decisions give the same run.

        Raises:
            ConflictError: nothing was decided that would change anything.
        """
        async with self.state.database.session(Scope(self.caller.organisation)) as session:
            decided = await self._decided(session)
            run_id = self._run_id(decided)
            # Two who apply the same decisions at once would write, and take back, the same files.
            await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"review {run_id}", 0))))
            there = await runs.run(session, run_id)
            if there is not None:
                return there, False
            contract = await self._contract(session)
            key = run_key(self.caller.organisation, run_id)
            record = await to_thread.run_sync(
                self._carried_out, decided, str(run_id), key, contract, limiter=self.state.askers
            )
            return await self._kept(session, record, key)

    def _carried_out(self, decided: Sequence[Decision], run_id: str, key: str, contract: Contract | None) -> RunRecord:
        made = apply_decisions(
            self.files.files.address.location, decided, self.state.store.address(key), contract=contract,
            run_id=run_id, memory_limit=self.state.settings.ask_memory,
        )  # fmt: skip
        # Where the store is, is the registry's own affair.
        named = {name: place.rsplit("/", 1)[-1] for name, place in made.record.artifacts.items()}
        return made.record.model_copy(update={"artifacts": named})

    async def _kept(self, session: AsyncSession, record: RunRecord, key: str) -> tuple[Run, bool]:
        size = await to_thread.run_sync(lambda: sum(each.size for each in self.state.store.below(key)))
        try:
            quotas = Quotas(session, self.caller.organisation, self.state.settings)
            await quotas.take(What.STORAGE, f"run:{record.run_id}", size)
            made, new = await reporting.report(session, self.caller, record, files_key=key)
            await self._note(session, "apply-decisions", run=record.run_id)
            return made, new
        except BaseException:
            await to_thread.run_sync(self.state.store.delete, key)
            raise

    async def _decided(self, session: AsyncSession) -> list[Decision]:
        """The last decision about each cell, in the order in which they were made."""
        query = select(ReviewDecision).where(ReviewDecision.run_id == self.files.whose.id)
        rows = (await session.scalars(query.order_by(ReviewDecision.number))).all()
        last = {(each.row, each.column): each for each in rows}
        if not any(each.action != "keep" for each in last.values()):
            raise ConflictError("nothing was decided that would change anything", hint="Decide about cells first.")
        names = await _names(session, {each.decided_by for each in last.values()})
        return [
            Decision(each.row, each.column, each.action, each.reason, each.value, names.get(each.decided_by))  # type: ignore[arg-type]
            for each in last.values()
        ]

    def _run_id(self, decided: Iterable[Decision]) -> uuid.UUID:
        told = [[each.row, each.column, each.action, each.value, each.reason] for each in decided]
        digest = hashlib.sha256(json.dumps(sorted(told, key=lambda each: (each[0], each[1]))).encode()).hexdigest()
        return uuid.uuid5(_IDS, f"{self.files.whose.id} {digest}")

    async def _contract(self, session: AsyncSession) -> Contract | None:
        """The contract that the run was held against, when it is published here."""
        told = self.files.record.contract or {}
        definition = await definitions.definition(session, "contract", str(told.get("contract")))
        number = told.get("version")
        if definition is None or not isinstance(number, int):
            return None
        found = await definitions.version(session, definition.id, number)
        return Contract.from_data(found.content, f"{told['contract']}.yaml") if found is not None else None

    async def _last(
        self, session: AsyncSession, cells: Sequence[tuple[int, str]]
    ) -> dict[tuple[int, str], ReviewDecision]:
        query = select(ReviewDecision).where(
            ReviewDecision.run_id == self.files.whose.id,
            tuple_(ReviewDecision.row, ReviewDecision.column).in_(cells),
        )
        rows = await session.scalars(query.order_by(ReviewDecision.number))
        return {(each.row, each.column): each for each in rows}

    async def _note(self, session: AsyncSession, action: str, **details: Any) -> None:
        whose = f"run:{self.files.whose.id}"
        await note(session, self.caller.organisation, self.caller.user, action, whose, **details)


def _decision(each: CellDecision, reason: str) -> Decision:
    return Decision(each.row, each.column, each.action, reason, each.value)


async def _names(session: AsyncSession, users: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    rows = await session.execute(select(User.id, User.name).where(User.id.in_(users)))
    return {row.id: row.name for row in rows}
