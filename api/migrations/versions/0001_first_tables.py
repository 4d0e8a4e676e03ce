"""The first tables: who asks, recipes and contracts, runs, and who did what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None

OWNED = (
    "memberships", "invitations", "logins", "api_tokens", "definitions", "versions", "labels", "label_moves", "runs",
    "run_scores", "audit_entries",
)  # fmt: skip
IDENTITY = ("memberships", "invitations", "logins", "api_tokens")
"""Tables that are read before it is known who asks."""
IDENTITY_WRITES = ("audit_entries",)
"""Tables that registering and logging in write into."""
MINE = "organisation_id = nullif(current_setting('sanitizer.organisation', true), '')::uuid"
FINDING_OUT = "current_setting('sanitizer.identity', true) = 'on'"


def upgrade() -> None:
    _identity()
    _definitions()
    _runs()
    _audit()
    _guard()


def downgrade() -> None:
    for table in (*reversed(OWNED), "organisations", "users"):
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_change()")


def _key() -> list[sa.Column[Any]]:
    made = sa.Column("created_at", _moment(), server_default=sa.text("clock_timestamp()"), nullable=False)
    return [sa.Column("id", sa.Uuid(), primary_key=True), made]


def _moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _owner() -> sa.Column[Any]:
    return sa.Column("organisation_id", sa.Uuid(), _to("organisations"), nullable=False, index=True)


def _to(table: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{table}.id", ondelete="CASCADE")


def _of(name: str, table: str, *, index: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid(), _to(table), nullable=False, index=index)


def _text(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _number(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def _create(table: str, *parts: sa.schema.SchemaItem | Sequence[sa.schema.SchemaItem]) -> None:
    flat = [item for part in parts for item in (part if isinstance(part, (list, tuple)) else [part])]
    op.create_table(table, *flat)


def _identity() -> None:
    _create(
        "users", _key(), _text("email", "name", "password_hash"), _number("failed_logins"),
        sa.Column("locked_until", _moment()),
    )  # fmt: skip
    op.create_index("uq_users_lower_email", "users", [sa.text("lower(email)")], unique=True)
    _create("organisations", _key(), _text("name"))
    _create(
        "memberships", _key(), _owner(), _of("user_id", "users"), _text("role"),
        sa.UniqueConstraint("user_id", "organisation_id"),
    )  # fmt: skip
    _create(
        "invitations", _key(), _owner(), _text("email", "role", "word_hash"),
        sa.Column("expires_at", _moment(), nullable=False), sa.Column("accepted_at", _moment()),
        sa.UniqueConstraint("word_hash"),
    )  # fmt: skip
    _create(
        "logins", _key(), _owner(), _of("user_id", "users"), _text("word_hash"),
        sa.Column("expires_at", _moment(), nullable=False), sa.Column("spent_hash", sa.String(), index=True),
        sa.Column("ended_at", _moment()), sa.UniqueConstraint("word_hash"),
    )  # fmt: skip
    _create(
        "api_tokens", _key(), _owner(), _of("user_id", "users"), _text("name", "word_hash", "start"),
        sa.Column("scopes", JSONB(), nullable=False), sa.Column("expires_at", _moment()),
        sa.Column("ended_at", _moment()), sa.UniqueConstraint("word_hash"),
    )  # fmt: skip


def _definitions() -> None:
    _create(
        "definitions", _key(), _owner(), _text("kind", "name"),
        sa.UniqueConstraint("organisation_id", "kind", "name"),
    )  # fmt: skip
    _create(
        "versions", _key(), _owner(), _of("definition_id", "definitions"), _number("number"), _text("digest"),
        sa.Column("content", JSONB(), nullable=False), _text("text"),
        sa.Column("published_by", sa.Uuid(), nullable=False), sa.Column("note", sa.String()),
        sa.Column("deprecated_at", _moment()), sa.Column("deprecated_why", sa.String()),
        sa.UniqueConstraint("definition_id", "number"), sa.UniqueConstraint("definition_id", "digest"),
    )  # fmt: skip
    _create(
        "labels", _key(), _owner(), _of("definition_id", "definitions"), _text("name"), _of("version_id", "versions"),
        sa.UniqueConstraint("definition_id", "name"),
    )  # fmt: skip
    _create(
        "label_moves", _key(), _owner(), _of("definition_id", "definitions", index=True), _text("name"),
        sa.Column("before", sa.BigInteger()), sa.Column("after", sa.BigInteger()),
        sa.Column("moved_by", sa.Uuid(), nullable=False),
    )  # fmt: skip


def _runs() -> None:
    _create(
        "runs",
        sa.Column("organisation_id", sa.Uuid(), _to("organisations"), primary_key=True), _key(),
        sa.Column("started_at", _moment(), nullable=False), sa.Column("seconds", sa.Double(), nullable=False),
        _text("status", "dataset", "engine", "recipe_name"), _number("recipe_version"), _text("recipe_digest"),
        sa.Column("contract_name", sa.String()),
        _number("rows_in", "rows_out", "rows_removed", "rows_rejected"),
        sa.Column("cells_changed", sa.BigInteger()),
        sa.Column("score_before", sa.Double()), sa.Column("score_after", sa.Double()),
        sa.Column("record", JSONB(), nullable=False), _text("record_digest"),
        sa.Column("reported_by", sa.Uuid(), nullable=False),
    )  # fmt: skip
    op.create_index("ix_runs_listed", "runs", ["organisation_id", "created_at", "id"])
    op.create_index("ix_runs_recipe", "runs", ["organisation_id", "recipe_name", "created_at"])
    op.create_index("ix_runs_dataset", "runs", ["organisation_id", "dataset", "created_at"])
    keys = ["organisation_id", "run_id"]
    _create(
        "run_scores",
        [sa.Column(name, sa.Uuid(), primary_key=True) for name in keys],
        [sa.Column(name, sa.String(), primary_key=True) for name in ("moment", "dimension", "column")],
        sa.Column("value", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(keys, ["runs.organisation_id", "runs.id"], ondelete="CASCADE"),
    )


def _audit() -> None:
    _create(
        "audit_entries", _key(), _owner(), _number("number"), sa.Column("actor", sa.Uuid(), nullable=False),
        _text("action", "subject"), sa.Column("details", JSONB(), nullable=False), _text("before", "digest"),
        sa.UniqueConstraint("organisation_id", "number"),
    )  # fmt: skip
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
        " $$BEGIN RAISE EXCEPTION 'entries of the audit log are never changed'; END$$"
    )
    op.execute(
        "CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _guard() -> None:
    """Requests take on a role that sees the rows of one organisation only, whatever query they come up with."""
    op.execute(
        "DO $$BEGIN CREATE ROLE sanitizer_app NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END$$"
    )
    op.execute("DO $$BEGIN EXECUTE format('GRANT sanitizer_app TO %I', current_user); END$$")
    op.execute("DO $$BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO sanitizer_app', current_schema()); END$$")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON users, organisations TO sanitizer_app")
    for table in OWNED:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO sanitizer_app")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        either = table in (*IDENTITY, *IDENTITY_WRITES)
        op.execute(f"CREATE POLICY own ON {table} USING ({f'{MINE} OR {FINDING_OUT}' if either else MINE})")
