"""Tables of users, organisations, and what lets them in."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sanitizer_api.db.base import Base, Keyed, Owned


class User(Keyed, Base):
    """Somebody with an address and a password.

    Args:
        failed_logins: wrong passwords since the last right one.
        locked_until: until when not even the right password lets in.
    """

    __tablename__ = "users"
    __table_args__ = (Index("uq_users_lower_email", text("lower(email)"), unique=True),)

    email: Mapped[str]
    name: Mapped[str]
    password_hash: Mapped[str]
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(default=None)


class Organisation(Keyed, Base):
    """Whom everything belongs to."""

    __tablename__ = "organisations"

    name: Mapped[str]


class Membership(Keyed, Owned, Base):
    """That a user is of an organisation, and as what."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("user_id", "organisation_id"),)

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    role: Mapped[str]
    user: Mapped[User] = relationship(lazy="raise", init=False)


class Invitation(Keyed, Owned, Base):
    """A word that makes whoever has it a member, once."""

    __tablename__ = "invitations"

    email: Mapped[str]
    role: Mapped[str]
    word_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None] = mapped_column(default=None)


class Login(Keyed, Owned, Base):
    """A login: the chain of refresh words that follow each other, of which only the last is good.

    Args:
        word_hash: of the word that is good now.
        spent_hash: of the word before; whoever shows it has stolen it, or was stolen from.
        rotated_at: when that word was spent: for a moment, it may be another tab that asked at the same time.
    """

    __tablename__ = "logins"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    word_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    spent_hash: Mapped[str | None] = mapped_column(default=None, index=True)
    rotated_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class ApiToken(Keyed, Owned, Base):
    """A token for programs: shown once, kept as a hash."""

    __tablename__ = "api_tokens"

    name: Mapped[str]
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    word_hash: Mapped[str] = mapped_column(unique=True)
    start: Mapped[str]
    scopes: Mapped[list[str]]
    expires_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class OidcIdentity(Keyed, Base):
    """That a user is who a provider of OpenID Connect calls so."""

    __tablename__ = "oidc_identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    issuer: Mapped[str]
    subject: Mapped[str]
