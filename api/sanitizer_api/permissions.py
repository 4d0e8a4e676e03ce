"""Roles, and what each may do."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """What a request needs; a token has some of them, as its scopes."""

    READ = "read"
    REPORT = "report"
    PUBLISH = "publish"
    RUN = "run"
    ADMINISTER = "administer"
    OWN = "own"


class Role(StrEnum):
    """What somebody is in an organisation."""

    VIEWER = "viewer"
    MEMBER = "member"
    ADMIN = "admin"
    OWNER = "owner"

    @property
    def permissions(self) -> frozenset[Permission]:
        return _OF[self]


_VIEWER = frozenset({Permission.READ})
_MEMBER = _VIEWER | {Permission.REPORT, Permission.PUBLISH, Permission.RUN}
_ADMIN = _MEMBER | {Permission.ADMINISTER}
_OF = {
    Role.VIEWER: _VIEWER, Role.MEMBER: _MEMBER, Role.ADMIN: _ADMIN, Role.OWNER: _ADMIN | {Permission.OWN},
}  # fmt: skip
