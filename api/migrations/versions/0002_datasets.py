"""Datasets: registered by address, or uploaded."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

MINE = "organisation_id = nullif(current_setting('sanitizer.organisation', true), '')::uuid"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    owner = sa.ForeignKey("organisations.id", ondelete="CASCADE")
    op.create_table(
        "datasets",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), owner, nullable=False, index=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("registered_by", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.String()) for name in ("sealed", "key", "content_type", "format", "compression")),
        sa.Column("size", sa.BigInteger()),
        sa.Column("digest", sa.String()),
        sa.Column("deleted_at", moment),
        sa.Column("purged_at", moment),
    )
    there = sa.text("deleted_at IS NULL")
    op.create_index("uq_datasets_name", "datasets", ["organisation_id", "name"], unique=True, postgresql_where=there)
    op.create_index("ix_datasets_listed", "datasets", ["organisation_id", "created_at", "id"])
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON datasets TO sanitizer_app")
    op.execute("ALTER TABLE datasets ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE datasets FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own ON datasets USING ({MINE})")


def downgrade() -> None:
    op.drop_table("datasets")
