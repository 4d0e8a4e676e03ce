"""Every query about recipes and contracts."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from sanitizer_api.definitions.models import Definition, Label, LabelMove, Version
from sanitizer_api.pages import Paging


async def definition(session: AsyncSession, kind: str, name: str, *, lock: bool = False) -> Definition | None:
    """A definition by its name; locked, others who publish it wait."""
    query = select(Definition).where(Definition.kind == kind, Definition.name == name)
    return await session.scalar(query.with_for_update() if lock else query)


async def definition_for(session: AsyncSession, organisation: uuid.UUID, kind: str, name: str) -> Definition:
    """The definition of a name, made when it is not there, and locked."""
    made = insert(Definition).values(id=uuid.uuid4(), organisation_id=organisation, kind=kind, name=name)
    await session.execute(made.on_conflict_do_nothing())
    found = await definition(session, kind, name, lock=True)
    assert found is not None
    return found


async def definitions(session: AsyncSession, kind: str, paging: Paging, contains: str | None) -> Sequence[Definition]:
    """A page of the definitions of a kind."""
    query = select(Definition).where(Definition.kind == kind)
    if contains:
        query = query.where(Definition.name.icontains(contains, autoescape=True))
    return (await session.scalars(paging.applied(query, Definition.created_at, Definition.id))).all()


async def versions(session: AsyncSession, definition_id: uuid.UUID, paging: Paging) -> Sequence[Version]:
    """A page of the versions of a definition."""
    query = select(Version).where(Version.definition_id == definition_id)
    return (await session.scalars(paging.applied(query, Version.created_at, Version.id))).all()


async def version(session: AsyncSession, definition_id: uuid.UUID, number: int) -> Version | None:
    """A version by its number."""
    return await session.scalar(select(Version).where(Version.definition_id == definition_id, Version.number == number))


async def newest(session: AsyncSession, definition_id: uuid.UUID) -> Version | None:
    """The version with the greatest number."""
    query = select(Version).where(Version.definition_id == definition_id).order_by(Version.number.desc()).limit(1)
    return await session.scalar(query)


async def version_of_id(session: AsyncSession, version_id: uuid.UUID) -> Version | None:
    """A version by its id."""
    return await session.scalar(select(Version).where(Version.id == version_id))


async def version_of_digest(session: AsyncSession, definition_id: uuid.UUID, digest: str) -> Version | None:
    """The version that means the same."""
    return await session.scalar(select(Version).where(Version.definition_id == definition_id, Version.digest == digest))


async def latest(session: AsyncSession, definition_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """The greatest number of each definition."""
    query = select(Version.definition_id, func.max(Version.number)).where(Version.definition_id.in_(definition_ids))
    return {row[0]: row[1] for row in await session.execute(query.group_by(Version.definition_id))}


async def labels(session: AsyncSession, definition_ids: Sequence[uuid.UUID]) -> Sequence[Label]:
    """The labels of definitions, with their versions."""
    query = select(Label).where(Label.definition_id.in_(definition_ids)).order_by(Label.name)
    return (await session.scalars(query.options(joinedload(Label.version)))).all()


async def label(session: AsyncSession, definition_id: uuid.UUID, name: str) -> Label | None:
    """A label by its name, with its version."""
    query = select(Label).where(Label.definition_id == definition_id, Label.name == name)
    return await session.scalar(query.options(joinedload(Label.version)))


async def label_moves(session: AsyncSession, definition_id: uuid.UUID, paging: Paging) -> Sequence[LabelMove]:
    """A page of the moves of a definition's labels."""
    query = select(LabelMove).where(LabelMove.definition_id == definition_id)
    return (await session.scalars(paging.applied(query, LabelMove.created_at, LabelMove.id))).all()
