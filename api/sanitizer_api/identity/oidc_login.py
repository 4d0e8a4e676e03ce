"""Letting in whom the provider knows: which user they are, and as what."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.audit.trail import note
from sanitizer_api.identity import passwords, repository
from sanitizer_api.identity.models import Login, Membership, OidcIdentity, Organisation, User
from sanitizer_api.identity.oidc import Somebody
from sanitizer_api.identity.service import Entered, enter
from sanitizer_api.identity.words import new_word
from sanitizer_api.permissions import Role
from sanitizer_api.problems import ForbiddenError
from sanitizer_api.settings import Settings

ORDER = (Role.VIEWER, Role.MEMBER, Role.ADMIN)
"""What groups may give, the least first; owners are made by owners."""


async def let_in(session: AsyncSession, settings: Settings, somebody: Somebody) -> Entered:
    """The login of whom the provider knows.

    Raises:
        ForbiddenError: there is no user of a verified address of theirs, and no organisation that takes new ones.
    """
    user = await _linked(session, settings, somebody) or await _link(session, settings, somebody)
    membership = await _membership(session, settings, user, somebody)
    await note(session, membership.organisation_id, user.id, "login", f"user:{user.id}", by="oidc")
    return await enter(session, settings, user.id, membership.organisation_id, Role(membership.role))


async def _linked(session: AsyncSession, settings: Settings, somebody: Somebody) -> User | None:
    """The user who came in by this provider before."""
    known = (OidcIdentity.issuer == settings.oidc_issuer) & (OidcIdentity.subject == somebody.subject)
    return await session.scalar(select(User).join(OidcIdentity, OidcIdentity.user_id == User.id).where(known))


async def _link(session: AsyncSession, settings: Settings, somebody: Somebody) -> User:
    """The user of the verified address, from now on the provider's; else a new one."""
    if somebody.email is None:
        raise ForbiddenError("the provider does not say that your e-mail address is verified")
    user = await repository.user_by_email(session, somebody.email, lock=True)
    if user is None:
        user = await _new(session, settings, somebody.email, somebody.name)
    else:
        await _take_over(session, user)
    session.add(OidcIdentity(user_id=user.id, issuer=str(settings.oidc_issuer), subject=somebody.subject))
    await session.flush()
    return user


async def _new(session: AsyncSession, settings: Settings, email: str, name: str) -> User:
    if settings.oidc_organisation is None:
        raise ForbiddenError("there is no user of your address", hint="Ask an administrator for an invitation.")
    user = User(email=email, name=name, password_hash=passwords.hashed(new_word()))
    session.add(user)
    await session.flush()
    return user


async def _take_over(session: AsyncSession, user: User) -> None:
    """Nobody proved that the address was theirs when it was registered: who did, gets in no more by password."""
    user.password_hash = passwords.hashed(new_word())
    ended = update(Login).where(Login.user_id == user.id, Login.ended_at.is_(None)).values(ended_at=datetime.now(UTC))
    await session.execute(ended)


async def _membership(session: AsyncSession, settings: Settings, user: User, somebody: Somebody) -> Membership:
    """The organisation that the settings name takes everybody in; without one, the user's oldest."""
    found = await repository.memberships_of(session, user.id)
    if settings.oidc_organisation is None:
        if not found:
            raise ForbiddenError("you are of no organisation", hint="Ask an administrator for an invitation.")
        return found[0]
    role = role_of(settings, somebody.groups)
    there = next((each for each in found if each.organisation_id == settings.oidc_organisation), None)
    if there is None:
        return await _joined(session, settings.oidc_organisation, user, role or Role(settings.oidc_role))
    if role is not None and there.role not in (role, Role.OWNER):
        there.role = role.value
        await note(
            session, there.organisation_id, user.id, "change-role", f"user:{user.id}", role=role.value, by="oidc"
        )
    return there


async def _joined(session: AsyncSession, organisation: uuid.UUID, user: User, role: Role) -> Membership:
    if await session.get(Organisation, organisation) is None:
        raise ForbiddenError("the organisation of SANITIZER_OIDC_ORGANISATION does not exist")
    membership = Membership(user_id=user.id, organisation_id=organisation, role=role.value)
    session.add(membership)
    await session.flush()
    await note(session, organisation, user.id, "register", f"user:{user.id}", role=role.value, by="oidc")
    return membership


def role_of(settings: Settings, groups: tuple[str, ...]) -> Role | None:
    """The greatest role that one of the groups gives; ``None`` when none does."""
    roles = {settings.oidc_group_roles()[each] for each in groups if each in settings.oidc_group_roles()}
    return max(map(Role, roles), key=ORDER.index, default=None)
