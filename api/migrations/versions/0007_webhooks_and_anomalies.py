"""Webhooks with what is told them, and scores that changed suddenly."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"

MINE = "organisation_id = nullif(current_setting('sanitizer.organisation', true), '')::uuid"
FINDING_OUT = "current_setting('sanitizer.identity', true) = 'on'"


def upgrade() -> None:
    _webhooks()
    _anomalies()
    for table in ("webhooks", "webhook_deliveries", "anomalies"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO sanitizer_app")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own ON {table} USING ({MINE})")
    # Which deliveries are due is asked before it is known whose they are.
    op.execute(f"CREATE POLICY due ON webhook_deliveries FOR SELECT USING ({FINDING_OUT})")


def downgrade() -> None:
    for table in ("anomalies", "webhook_deliveries", "webhooks"):
        op.drop_table(table)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _shared() -> list[sa.Column[Any]]:
    made = sa.Column(
        "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
    )
    owner = sa.ForeignKey("organisations.id", ondelete="CASCADE")
    return [
        sa.Column("id", sa.Uuid(), primary_key=True),
        made,
        sa.Column("organisation_id", sa.Uuid(), owner, nullable=False, index=True),
    ]


def _texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _webhooks() -> None:
    op.create_table(
        "webhooks", *_shared(), *_texts("url", "salt"), sa.Column("events", JSONB(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False), sa.Column("description", sa.String()),
        sa.Column("active", sa.Boolean(), nullable=False),
    )  # fmt: skip
    hook = sa.Column("webhook_id", sa.Uuid(), sa.ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False)
    op.create_table(
        "webhook_deliveries", *_shared(), hook, *_texts("event", "state"),
        sa.Column("payload", JSONB(), nullable=False), sa.Column("attempts", sa.BigInteger(), nullable=False),
        _moment("next_at"), _moment("delivered_at", nullable=True), sa.Column("log", JSONB(), nullable=False),
    )  # fmt: skip
    op.create_index("ix_webhook_deliveries_listed", "webhook_deliveries", ["webhook_id", "created_at", "id"])
    waiting = sa.text("state = 'waiting'")
    op.create_index("ix_webhook_deliveries_due", "webhook_deliveries", ["next_at"], postgresql_where=waiting)


def _anomalies() -> None:
    op.create_table(
        "anomalies", *_shared(), sa.Column("run_id", sa.Uuid(), nullable=False),
        *_texts("moment", "dimension", "dataset", "recipe_name"), _moment("started_at"),
        sa.Column("value", sa.Double(), nullable=False), sa.Column("z", sa.Double(), nullable=False),
        sa.Column("evidence", JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "run_id"], ["runs.organisation_id", "runs.id"], ondelete="CASCADE"
        ),
    )  # fmt: skip
    op.create_index("ix_anomalies_listed", "anomalies", ["organisation_id", "created_at", "id"])
    op.create_index("ix_anomalies_run", "anomalies", ["organisation_id", "run_id"])
