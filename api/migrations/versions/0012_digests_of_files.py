"""What files a run has in the registry's store, with the size and digest of each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("runs", sa.Column("files", JSONB()))


def downgrade() -> None:
    op.drop_column("runs", "files")
