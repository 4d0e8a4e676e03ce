"""What an organisation is allowed, and what it uses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

TABLES = ("quotas", "quota_uses")
MINE = "organisation_id = nullif(current_setting('sanitizer.organisation', true), '')::uuid"


def upgrade() -> None:
    allowed = sa.Column("allowed", sa.BigInteger())
    op.create_table("quotas", *_owned(), allowed, sa.UniqueConstraint("organisation_id", "what"))
    op.create_table(
        "quota_uses",
        *_owned(),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("organisation_id", "what", "subject"),
    )
    op.create_index("ix_quota_uses_counted", "quota_uses", ["organisation_id", "what", "created_at"])
    op.execute("GRANT SELECT ON quotas TO sanitizer_app")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON quota_uses TO sanitizer_app")
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own ON {table} USING ({MINE})")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _owned() -> list[sa.Column]:  # type: ignore[type-arg]
    moment = sa.DateTime(timezone=True)
    return [
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column(
            "organisation_id",
            sa.Uuid(),
            sa.ForeignKey("organisations.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("what", sa.String(), nullable=False),
    ]
