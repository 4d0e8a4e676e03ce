"""Where the files of a run are, when the registry keeps them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("runs", sa.Column("files_key", sa.String()))


def downgrade() -> None:
    op.drop_column("runs", "files_key")
