"""Events of a run are found without looking through all."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_index("ix_lineage_events_run", "lineage_events", ["organisation_id", "run_id"])


def downgrade() -> None:
    op.drop_index("ix_lineage_events_run", "lineage_events")
