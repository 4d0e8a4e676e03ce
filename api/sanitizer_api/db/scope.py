"""The one place that decides which rows a session sees.

Every query of rows that an organisation owns gets its condition here, every new row its owner, and Postgres is told
who asks: its row-level security holds even where a query was written past SQLAlchemy's models.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, with_loader_criteria

from sanitizer_api.db.base import Owned

ROLE = "sanitizer_app"
"""The database role that requests take on: it may read and write rows, but never past the policies."""
KEY = "scope"


@dataclass(frozen=True)
class Scope:
    """What a session may see.

    Args:
        organisation: whose rows; ``None`` before it is known who asks.
        identity: whether it finds out who asks: it sees the memberships, invitations and tokens of everybody, and which
            deliveries to webhooks are due, and nothing else.
    """

    organisation: uuid.UUID | None = None
    identity: bool = False


class ScopedSession(Session):
    """A session with a ``Scope`` in its ``info``; without one it sees nothing that anybody owns."""

    @property
    def scope(self) -> Scope:
        known = self.info.get(KEY, Scope())
        assert isinstance(known, Scope)
        return known


_TELL = text(
    "SELECT set_config('role', :role, true), set_config('sanitizer.organisation', :organisation, true),"
    " set_config('sanitizer.identity', :identity, true)"
)


@event.listens_for(ScopedSession, "after_begin")
def _tell_postgres(session: ScopedSession, transaction: SessionTransaction, connection: Connection) -> None:
    scope = session.scope
    known = str(scope.organisation) if scope.organisation else ""
    connection.execute(_TELL, {"role": ROLE, "organisation": known, "identity": "on" if scope.identity else "off"})


@event.listens_for(ScopedSession, "do_orm_execute")
def _only_own(state: ORMExecuteState) -> None:
    session = state.session
    assert isinstance(session, ScopedSession)
    if session.scope.identity or state.is_column_load or state.is_relationship_load:
        return
    organisation = session.scope.organisation
    own: Any = with_loader_criteria(Owned, lambda table: table.organisation_id == organisation, include_aliases=True)
    state.statement = state.statement.options(own)


@event.listens_for(ScopedSession, "before_flush")
def _give_owner(session: ScopedSession, context: Any, instances: Any) -> None:
    for row in session.new:
        if isinstance(row, Owned) and getattr(row, "organisation_id", None) is None:
            assert session.scope.organisation is not None, "a row without an organisation"
            row.organisation_id = session.scope.organisation
