"""Receipts of what was erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0013"
down_revision = "0012"

MINE = "organisation_id = nullif(current_setting('sanitizer.organisation', true), '')::uuid"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    owner = sa.ForeignKey("organisations.id", ondelete="CASCADE")
    op.create_table(
        "erasures",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), owner, nullable=False, index=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("kind", "subject")),
        sa.Column("values", JSONB(), nullable=False),
        sa.Column("reason", sa.String()),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("receipt", JSONB(), nullable=False),
        sa.Column("digest", sa.String()),
        sa.Column("finished_at", moment),
    )
    # A receipt is filled in, and never goes.
    op.execute("GRANT SELECT, INSERT, UPDATE ON erasures TO sanitizer_app")
    op.execute("ALTER TABLE erasures ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE erasures FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own ON erasures USING ({MINE})")


def downgrade() -> None:
    op.drop_table("erasures")
