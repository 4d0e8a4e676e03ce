"""How long an organisation keeps what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

MINE = "organisation_id = nullif(current_setting('sanitizer.organisation', true), '')::uuid"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    owner = sa.ForeignKey("organisations.id", ondelete="CASCADE")
    op.create_table(
        "retention_plans",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), owner, nullable=False, index=True),
        *(sa.Column(name, sa.BigInteger()) for name in ("deleted", "unfinished", "uploads", "artifacts", "runs")),
        sa.UniqueConstraint("organisation_id"),
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON retention_plans TO sanitizer_app")
    op.execute("ALTER TABLE retention_plans ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE retention_plans FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own ON retention_plans USING ({MINE})")


def downgrade() -> None:
    op.drop_table("retention_plans")
