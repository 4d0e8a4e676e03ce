"""Every query about users, organisations and what lets them in."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from sanitizer_api.identity.models import ApiToken, Invitation, Login, Membership, Organisation, User
from sanitizer_api.pages import Paging


async def anybody(session: AsyncSession) -> bool:
    """Whether there is any user yet."""
    return await session.scalar(select(User.id).limit(1)) is not None


async def user_by_email(session: AsyncSession, email: str, *, lock: bool = False) -> User | None:
    """The user of an address, whatever its capitals."""
    query = select(User).where(func.lower(User.email) == email.lower())
    return await session.scalar(query.with_for_update() if lock else query)


async def memberships_of(session: AsyncSession, user: uuid.UUID) -> Sequence[Membership]:
    """The organisations that a user is of, the oldest first."""
    query = select(Membership).where(Membership.user_id == user).order_by(Membership.created_at, Membership.id)
    return (await session.scalars(query)).all()


async def member(session: AsyncSession, user: uuid.UUID) -> Membership | None:
    """The membership of a user in the session's organisation, with the user."""
    query = select(Membership).where(Membership.user_id == user).options(joinedload(Membership.user))
    return await session.scalar(query)


async def members(session: AsyncSession, paging: Paging) -> Sequence[Membership]:
    """A page of the members of the session's organisation."""
    query = select(Membership).options(joinedload(Membership.user))
    return (await session.scalars(paging.applied(query, Membership.created_at, Membership.id))).all()


async def owners(session: AsyncSession) -> int:
    """How many owners the session's organisation has; their rows stay locked until the transaction ends."""
    query = select(Membership.id).where(Membership.role == "owner").with_for_update()
    return len((await session.scalars(query)).all())


async def organisation(session: AsyncSession, key: uuid.UUID) -> Organisation:
    """An organisation that is there."""
    return await session.get_one(Organisation, key)


async def invitation_by_word(session: AsyncSession, word_hash: str) -> Invitation | None:
    """The invitation of a word; two who use it at once use it one after the other."""
    return await session.scalar(select(Invitation).where(Invitation.word_hash == word_hash).with_for_update())


async def login(session: AsyncSession, key: uuid.UUID) -> Login | None:
    """A login of the session's organisation; none for an API token."""
    return await session.scalar(select(Login).where(Login.id == key))


async def login_by_word(session: AsyncSession, word_hash: str) -> Login | None:
    """The login whose good word this is, or whose word before."""
    either = (Login.word_hash == word_hash) | (Login.spent_hash == word_hash)
    return await session.scalar(select(Login).where(either).with_for_update())


async def token_by_word(session: AsyncSession, word_hash: str) -> tuple[ApiToken | None, str | None]:
    """The token of a word, and the role that its user has in its organisation; nothing of what is not there."""
    same = (Membership.user_id == ApiToken.user_id) & (Membership.organisation_id == ApiToken.organisation_id)
    query = select(ApiToken, Membership.role).outerjoin(Membership, same).where(ApiToken.word_hash == word_hash)
    found = (await session.execute(query)).one_or_none()
    return (None, None) if found is None else (found[0], found[1])


async def tokens(session: AsyncSession, paging: Paging, user: uuid.UUID | None) -> Sequence[ApiToken]:
    """A page of the tokens of a user, or of everybody in the session's organisation."""
    query = select(ApiToken) if user is None else select(ApiToken).where(ApiToken.user_id == user)
    return (await session.scalars(paging.applied(query, ApiToken.created_at, ApiToken.id))).all()
