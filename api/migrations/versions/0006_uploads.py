"""Uploads in parts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

MINE = "organisation_id = nullif(current_setting('sanitizer.organisation', true), '')::uuid"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    owner = sa.ForeignKey("organisations.id", ondelete="CASCADE")
    op.create_table(
        "uploads",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), owner, nullable=False, index=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("name", "file")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("size", "part_size")),
        sa.Column("started_by", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.String()) for name in ("digest", "multipart")),
        sa.Column("finished_at", moment),
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON uploads TO sanitizer_app")
    op.execute("ALTER TABLE uploads ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE uploads FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own ON uploads USING ({MINE})")


def downgrade() -> None:
    op.drop_table("uploads")
