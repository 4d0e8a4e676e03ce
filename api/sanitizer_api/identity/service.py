"""Registering, logging in and out, and what a login is worth."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.access import Caller
from sanitizer_api.audit.trail import note
from sanitizer_api.identity import passwords, repository
from sanitizer_api.identity.models import Invitation, Login, Membership, Organisation, User
from sanitizer_api.identity.schemas import Credentials, Registration
from sanitizer_api.identity.words import hash_of, new_word
from sanitizer_api.permissions import Role
from sanitizer_api.problems import ConflictError, ForbiddenError, NotAuthenticatedError, TooManyRequestsError
from sanitizer_api.settings import Settings

WRONG = "the address or the password is wrong"
GRACE = timedelta(seconds=10)
"""How long a word that was just spent is refused without ending its login."""


class JustRefreshedError(ConflictError):
    """The cookie was changed for its successor a moment ago: whoever shares it has that one by now."""

    name, title = "just-refreshed", "The login was just refreshed"

    def __init__(self) -> None:
        super().__init__(
            "this cookie was just changed for the next one", hint="Ask again with that.", headers={"Retry-After": "1"}
        )


@dataclass(frozen=True)
class Entered:
    """A login that worked, and the word that continues it."""

    caller: Caller
    refresh: str


async def register(session: AsyncSession, settings: Settings, wanted: Registration) -> Entered:
    """A new user, in an organisation of their own or in the one that invited them.

    Raises:
        ForbiddenError: registration is not open to them.
        ConflictError: there is a user of that address.
    """
    invitation = await _invitation(session, wanted)
    if invitation is None:
        await _may_found(session, settings, wanted)
    user = await _new_user(session, wanted)
    organisation = invitation.organisation_id if invitation else await _founded(session, str(wanted.organisation))
    role = Role(invitation.role) if invitation else Role.OWNER
    session.add(Membership(user_id=user.id, organisation_id=organisation, role=role.value))
    await session.flush()
    await note(session, organisation, user.id, "register", f"user:{user.id}", role=role.value)
    return await enter(session, settings, user.id, organisation, role)


async def _invitation(session: AsyncSession, wanted: Registration) -> Invitation | None:
    if wanted.invitation is None:
        return None
    found = await repository.invitation_by_word(session, hash_of(wanted.invitation))
    good = found is not None and found.accepted_at is None and found.expires_at > _now()
    if found is None or not good or found.email.lower() != wanted.email.lower():
        raise ForbiddenError("the invitation is not good for this address", hint="Ask for a new one.")
    found.accepted_at = _now()
    return found


async def _may_found(session: AsyncSession, settings: Settings, wanted: Registration) -> None:
    if wanted.organisation is None:
        raise ConflictError("a registration names an organisation of its own, or has an invitation to another's")
    closed = settings.registration == "invited" or (
        settings.registration == "first" and await repository.anybody(session)
    )
    if closed:
        raise ForbiddenError("registration is by invitation", hint="Ask an administrator of your organisation for one.")


async def _new_user(session: AsyncSession, wanted: Registration) -> User:
    kept = passwords.hashed(wanted.password.get_secret_value())
    user = User(email=wanted.email, name=wanted.name, password_hash=kept)
    try:
        async with session.begin_nested():
            session.add(user)
    except IntegrityError:
        raise ConflictError("there is a user of that address", hint="Log in instead.") from None
    return user


async def _founded(session: AsyncSession, name: str) -> uuid.UUID:
    organisation = Organisation(name=name)
    session.add(organisation)
    await session.flush()
    return organisation.id


async def login(session: AsyncSession, settings: Settings, given: Credentials) -> Entered | None:
    """The login of an address and a password; ``None`` when they are wrong, which is counted.

    Raises:
        TooManyRequestsError: the account is locked for a while.
        ForbiddenError: the user is not of the organisation, or of none.
    """
    user = await repository.user_by_email(session, given.email, lock=True)
    if user is not None and user.locked_until is not None and user.locked_until > _now():
        seconds = int((user.locked_until - _now()).total_seconds()) + 1
        raise TooManyRequestsError(
            "the account is locked after too many wrong passwords", headers={"Retry-After": str(seconds)}
        )
    password = given.password.get_secret_value()
    if not passwords.fits(password, user.password_hash if user else None) or user is None:
        _count_failure(user, settings)
        return None
    user.failed_logins, user.locked_until = 0, None
    if passwords.outdated(user.password_hash):
        user.password_hash = passwords.hashed(password)
    membership = await _chosen(session, user.id, given.organisation)
    await note(session, membership.organisation_id, user.id, "login", f"user:{user.id}")
    return await enter(session, settings, user.id, membership.organisation_id, Role(membership.role))


def _count_failure(user: User | None, settings: Settings) -> None:
    if user is None:
        return
    user.failed_logins += 1
    if user.failed_logins >= settings.failed_logins:
        user.failed_logins, user.locked_until = 0, _now() + timedelta(minutes=settings.lockout_minutes)


async def _chosen(session: AsyncSession, user: uuid.UUID, organisation: uuid.UUID | None) -> Membership:
    for membership in await repository.memberships_of(session, user):
        if organisation in (None, membership.organisation_id):
            return membership
    raise ForbiddenError("you are not a member of that organisation" if organisation else "you are of no organisation")


async def enter(
    session: AsyncSession, settings: Settings, user: uuid.UUID, organisation: uuid.UUID, role: Role
) -> Entered:
    """A new login of a user in an organisation."""
    word = new_word()
    made = Login(
        user_id=user, organisation_id=organisation, word_hash=hash_of(word),
        expires_at=_now() + timedelta(days=settings.refresh_days),
    )  # fmt: skip
    session.add(made)
    await session.flush()
    return Entered(Caller(user, organisation, role, made.id, role.permissions), word)


async def refresh(session: AsyncSession, settings: Settings, word: str) -> Entered | None:
    """The login continued with a new word; ``None`` when the word is not good.

    A word that was spent ends the whole login: somebody else has it too.

    Raises:
        JustRefreshedError: it was spent a moment ago, as when two tabs ask at once; nothing is given for it.
    """
    found = await repository.login_by_word(session, hash_of(word))
    if found is None or found.ended_at is not None or found.expires_at <= _now():
        return None
    memberships = await repository.memberships_of(session, found.user_id)
    role = next((each.role for each in memberships if each.organisation_id == found.organisation_id), None)
    if role is not None and found.spent_hash == hash_of(word) and _just(found.rotated_at):
        raise JustRefreshedError
    if role is None or found.spent_hash == hash_of(word):
        found.ended_at = _now()
        return None
    following = new_word()
    found.spent_hash, found.word_hash, found.rotated_at = found.word_hash, hash_of(following), _now()
    found.expires_at = _now() + timedelta(days=settings.refresh_days)
    caller = Caller(found.user_id, found.organisation_id, Role(role), found.id, Role(role).permissions)
    return Entered(caller, following)


def _just(moment: datetime | None) -> bool:
    return moment is not None and _now() - moment < GRACE


async def logout(session: AsyncSession, word: str) -> None:
    """Ends the login of a word; one that is not good changes nothing."""
    found = await repository.login_by_word(session, hash_of(word))
    if found is not None and found.ended_at is None:
        found.ended_at = _now()


async def caller_of_token(session: AsyncSession, word: str) -> Caller:
    """Who an API token stands for: its user, with what both the token and their role allow.

    Raises:
        NotAuthenticatedError: there is no such token, or it is no longer good.
    """
    found, known = await repository.token_by_word(session, hash_of(word))
    if found is None or found.ended_at is not None or (found.expires_at is not None and found.expires_at <= _now()):
        raise NotAuthenticatedError("the token is not good, or no longer", hint="Make a new one.")
    if known is None:
        raise NotAuthenticatedError("the token's user is no longer a member of its organisation")
    role = Role(known)
    permissions = frozenset(each for each in role.permissions if each.value in found.scopes)
    return Caller(found.user_id, found.organisation_id, role, found.id, permissions)


async def is_current(session: AsyncSession, caller: Caller) -> bool:
    """Whether a caller has the role that they came in with, by a login that was not ended."""
    membership = await repository.member(session, caller.user)
    login = await repository.login(session, caller.login)
    return membership is not None and membership.role == caller.role and (login is None or login.ended_at is None)


def _now() -> datetime:
    return datetime.now(UTC)
