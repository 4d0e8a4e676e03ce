"""The story of a row or a cell over the runs of a dataset."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from sanitizer_api.db.scope import Scope
from sanitizer_api.pages import Paging
from sanitizer_api.problems import ApiError, ProblemDocument, core_document, document_of
from sanitizer_api.runs.files import FilesOf
from sanitizer_api.runs.models import Run
from sanitizer_api.state import State
from sanitizer_core.audit.story import RowStory, place_of, tell
from sanitizer_core.errors import SanitizerError


@dataclass(frozen=True)
class Asked:
    """Which row, by its number or by a key, and which column of it.

    Args:
        row: of the input of the runs on the dataset, from 0.
    """

    row: int | None
    key: Mapping[str, str]
    column: str | None


@dataclass(frozen=True)
class Chapter:
    """What one run did to the row; or why that is not known."""

    run: Run
    rows: Sequence[RowStory] = ()
    problem: ProblemDocument | None = None


@dataclass(frozen=True)
class Teller:
    """Tells stories to one organisation.

    Args:
        numbers: of the row, by run: where runs go on with the output of others, it has another number in each.
    """

    state: State
    organisation: uuid.UUID
    asked: Asked
    numbers: dict[uuid.UUID, int | None] = field(default_factory=dict)

    async def chapters(self, dataset: str, page: Paging) -> tuple[list[Chapter], str | None]:
        """A page of what the runs of a dataset did, and those that went on with their output, in the order of time."""
        query = page.applied(_runs_of(dataset), Run.started_at, Run.id, oldest_first=True)
        async with self.state.database.session(Scope(self.organisation)) as session:
            rows = (await session.scalars(query)).all()
        kept, following = page.page(rows, "started_at", "id")
        return [await self._chapter(run) for run in kept], following

    async def _chapter(self, run: Run) -> Chapter:
        try:
            number = await self._number(run) if self.asked.row is not None else None
            if self.asked.row is not None and number is None:
                return Chapter(run)
            files = await FilesOf.run(self.state, run)
            wanted: dict[str, Any] = {"row": number} if number is not None else {"key": self.asked.key}
            told = await files.ask(lambda kept: tell(kept, column=self.asked.column, **wanted))
        except ApiError as error:
            return Chapter(run, problem=document_of(error))
        except SanitizerError as error:
            return Chapter(run, problem=core_document(error))
        return Chapter(run, told)

    async def _number(self, run: Run) -> int | None:
        """The row's number in a run: that which was asked for, or where the run before left it."""
        if run.id not in self.numbers:
            self.numbers[run.id] = self.asked.row if run.parent is None else await self._number_after(run.parent)
        return self.numbers[run.id]

    async def _number_after(self, parent: uuid.UUID) -> int | None:
        async with self.state.database.session(Scope(self.organisation)) as session:
            before = await session.scalar(select(Run).where(Run.id == parent))
        number = await self._number(before) if before is not None else None
        if before is None or number is None:
            return None
        files = await FilesOf.run(self.state, before)
        return await files.ask(lambda kept: None if kept.gone(number) else place_of(kept, number))


def _runs_of(dataset: str) -> Any:
    """Runs on a dataset, and those upon their output, and so on."""
    first = select(Run.id).where(Run.dataset == dataset).cte("followed", recursive=True)
    following = first.union(select(Run.id).join(first, Run.parent == first.c.id))
    return select(Run).where(Run.id.in_(select(following.c.id)))
