"""What goes in and out of the routes of identity."""

from __future__ import annotations

import re
import uuid
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from sanitizer_api.identity.passwords import LEAST
from sanitizer_api.permissions import Permission, Role


def _address(text: str) -> str:
    """An e-mail address, as far as it can be told without writing to it."""
    if not re.fullmatch(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+", text) or len(text) > 254:
        raise ValueError("is not an e-mail address")
    return text


Email = Annotated[str, AfterValidator(_address)]
Password = Annotated[SecretStr, Field(min_length=LEAST, max_length=200)]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*\S[^\x00]*$")]


class Body(BaseModel):
    """What a request sends; an unknown field is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Registration(Body):
    """A new user, with an organisation of their own or an invitation to another's."""

    email: Email = Field(examples=["ada@example.com"])
    password: Password = Field(examples=["correct horse battery"])
    name: Name = Field(examples=["Ada"])
    organisation: Name | None = Field(default=None, description="Its name; needed without an invitation.")
    invitation: str | None = Field(default=None, max_length=200)


class Credentials(Body):
    """A login."""

    email: str = Field(max_length=254)
    password: SecretStr = Field(max_length=200)
    organisation: uuid.UUID | None = Field(default=None, description="For who is of several; else the first.")


class AccessToken(BaseModel):
    """What a login gives; the refresh word comes as a cookie that pages cannot read."""

    access_token: str
    token_type: str = "bearer"  # noqa: S105 (a kind, not a token)
    expires_in: int = Field(description="In seconds.")


class Me(BaseModel):
    """Who asks."""

    id: uuid.UUID
    email: str
    name: str
    organisation: OrganisationView
    role: Role
    permissions: list[Permission]


class OrganisationView(BaseModel):
    """An organisation."""

    id: uuid.UUID
    name: str


class NewToken(Body):
    """A token for a program."""

    name: Name
    scopes: list[Permission] = Field(min_length=1, examples=[["read", "report"]])
    expires_in_days: int | None = Field(default=90, ge=1, le=3650, description="Null: until it is ended.")


class TokenView(BaseModel):
    """A token, without its word."""

    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    name: str
    start: str
    scopes: list[Permission]
    created_at: datetime
    expires_at: datetime | None
    ended_at: datetime | None


class TokenMade(TokenView):
    """A new token, with its word: shown this once."""

    token: str


class MemberView(BaseModel):
    """A member of an organisation."""

    user_id: uuid.UUID
    email: str
    name: str
    role: Role
    created_at: datetime


class RoleChange(Body):
    """Another role for a member."""

    role: Role


class NewInvitation(Body):
    """Who shall become a member, and as what."""

    email: Email
    role: Role = Role.MEMBER


class InvitationMade(BaseModel):
    """An invitation, with the word that accepts it: shown this once."""

    id: uuid.UUID
    email: str
    role: Role
    expires_at: datetime
    word: str


Me.model_rebuild()
