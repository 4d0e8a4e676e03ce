"""Routes of an organisation's members, invitations and tokens."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.access import Caller
from sanitizer_api.audit.trail import note
from sanitizer_api.identity import repository
from sanitizer_api.identity.caller import Administrator, CurrentCaller, KnownCaller, OwnSession, Reader
from sanitizer_api.identity.models import ApiToken, Invitation, Membership
from sanitizer_api.identity.schemas import (
    InvitationMade,
    MemberView,
    NewInvitation,
    NewToken,
    RoleChange,
    TokenMade,
    TokenView,
)
from sanitizer_api.identity.words import SHOWN, TOKEN_PREFIX, hash_of, new_word
from sanitizer_api.pages import Page, Paging, paging
from sanitizer_api.permissions import Permission, Role
from sanitizer_api.problems import ConflictError, ForbiddenError, NotFoundError

router = APIRouter(tags=["organisation"])
INVITATION_DAYS = 7
ListPaging = Annotated[Paging, Depends(paging)]


@router.get("/members")
async def members(known: Reader, session: OwnSession, wanted: ListPaging) -> Page[MemberView]:
    """The members of the organisation."""
    rows, following = wanted.page(await repository.members(session, wanted), "created_at", "id")
    return Page(items=[_member_view(row) for row in rows], next=following)


@router.put("/members/{user_id}/role")
async def change_role(user_id: uuid.UUID, change: RoleChange, known: Administrator, session: OwnSession) -> MemberView:
    """Makes a member something else; only an owner makes owners, and one owner stays."""
    membership = await _other(session, known, user_id, change.role)
    before, membership.role = membership.role, change.role.value
    await _an_owner_stays(session, before, change.role)
    await note(
        session, known.organisation, known.user, "role", f"user:{user_id}", before=before, after=change.role.value
    )
    return _member_view(membership)


@router.delete("/members/{user_id}", status_code=204)
async def remove_member(user_id: uuid.UUID, known: Administrator, session: OwnSession) -> None:
    """Takes a member out of the organisation; what they published stays."""
    membership = await _other(session, known, user_id, None)
    before = membership.role
    await session.delete(membership)
    await _an_owner_stays(session, before, None)
    await note(session, known.organisation, known.user, "remove-member", f"user:{user_id}", role=before)


@router.post("/invitations", status_code=201)
async def invite(wanted: NewInvitation, known: Administrator, session: OwnSession) -> InvitationMade:
    """Invites somebody. Hand them the word: the registry sends no mail."""
    _may_give(known, wanted.role)
    word, until = new_word(), datetime.now(UTC) + timedelta(days=INVITATION_DAYS)
    made = Invitation(email=wanted.email, role=wanted.role.value, word_hash=hash_of(word), expires_at=until)
    session.add(made)
    await session.flush()
    await note(session, known.organisation, known.user, "invite", f"invitation:{made.id}", role=wanted.role.value)
    return InvitationMade(id=made.id, email=made.email, role=wanted.role, expires_at=until, word=word)


@router.post("/tokens", status_code=201)
async def make_token(wanted: NewToken, known: CurrentCaller, session: OwnSession) -> TokenMade:
    """Makes a token for a program; it can never do more than whoever made it."""
    beyond = [scope.value for scope in wanted.scopes if scope not in known.permissions]
    if beyond:
        raise ForbiddenError(f"you may not give what you have not: {', '.join(beyond)}")
    word, days = new_word(TOKEN_PREFIX), wanted.expires_in_days
    made = ApiToken(
        name=wanted.name,
        user_id=known.user,
        word_hash=hash_of(word),
        start=word[:SHOWN],
        scopes=sorted({scope.value for scope in wanted.scopes}),
        expires_at=datetime.now(UTC) + timedelta(days=days) if days is not None else None,
    )
    session.add(made)
    await session.flush()
    await note(session, known.organisation, known.user, "make-token", f"token:{made.id}", scopes=made.scopes)
    return TokenMade(**TokenView.model_validate(made).model_dump(), token=word)


@router.get("/tokens")
async def tokens(known: KnownCaller, session: OwnSession, wanted: ListPaging) -> Page[TokenView]:
    """The caller's tokens; for an administrator, everybody's."""
    whose = None if Permission.ADMINISTER in known.permissions else known.user
    rows, following = wanted.page(await repository.tokens(session, wanted, whose), "created_at", "id")
    return Page(items=[TokenView.model_validate(row) for row in rows], next=following)


@router.delete("/tokens/{token_id}", status_code=204)
async def end_token(token_id: uuid.UUID, known: KnownCaller, session: OwnSession) -> None:
    """Ends a token of one's own; an administrator ends anybody's."""
    found = await session.get(ApiToken, token_id)
    theirs = found is not None and (found.user_id == known.user or Permission.ADMINISTER in known.permissions)
    if found is None or not theirs:
        raise NotFoundError("there is no such token")
    if found.ended_at is None:
        found.ended_at = datetime.now(UTC)
        await note(session, known.organisation, known.user, "end-token", f"token:{token_id}")


async def _other(session: AsyncSession, known: Caller, user: uuid.UUID, role: Role | None) -> Membership:
    membership = await repository.member(session, user)
    if membership is None:
        raise NotFoundError("there is no such member")
    for each in (Role(membership.role), role):
        if each is not None:
            _may_give(known, each)
    return membership


def _may_give(known: Caller, role: Role) -> None:
    if role is Role.OWNER and Permission.OWN not in known.permissions:
        raise ForbiddenError("only an owner decides over owners")


async def _an_owner_stays(session: AsyncSession, before: str, after: Role | None) -> None:
    if before == Role.OWNER and after is not Role.OWNER:
        await session.flush()
        if not await repository.owners(session):
            raise ConflictError("an organisation has an owner", hint="Make somebody else an owner first.")


def _member_view(row: Membership) -> MemberView:
    return MemberView(
        user_id=row.user_id, email=row.user.email, name=row.user.name, role=Role(row.role), created_at=row.created_at
    )
