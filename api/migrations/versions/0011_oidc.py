"""Who users are to a provider of OpenID Connect."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    user = sa.ForeignKey("users.id", ondelete="CASCADE")
    made = sa.Column(
        "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
    )
    op.create_table(
        "oidc_identities",
        sa.Column("id", sa.Uuid(), primary_key=True),
        made,
        sa.Column("user_id", sa.Uuid(), user, nullable=False, index=True),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.UniqueConstraint("issuer", "subject"),
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON oidc_identities TO sanitizer_app")


def downgrade() -> None:
    op.drop_table("oidc_identities")
