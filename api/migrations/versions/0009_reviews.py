"""What reviewers decided, and which run goes on with which."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"

MINE = "organisation_id = nullif(current_setting('sanitizer.organisation', true), '')::uuid"


def upgrade() -> None:
    op.add_column("runs", sa.Column("parent", sa.Uuid()))
    op.create_index("ix_runs_parent", "runs", ["organisation_id", "parent"])
    owner = sa.ForeignKey("organisations.id", ondelete="CASCADE")
    made = sa.Column(
        "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
    )
    op.create_table(
        "review_decisions",
        sa.Column("id", sa.Uuid(), primary_key=True),
        made,
        sa.Column("organisation_id", sa.Uuid(), owner, nullable=False, index=True),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("column", "action", "reason")),
        sa.Column("value", JSONB()),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id", "run_id"], ["runs.organisation_id", "runs.id"], ondelete="CASCADE"),
    )
    cell = ["organisation_id", "run_id", "row", "column", "number"]
    op.create_index("ix_review_decisions_cell", "review_decisions", cell)
    # Decisions are added, and go with their run; nobody changes one.
    op.execute("GRANT SELECT, INSERT, DELETE ON review_decisions TO sanitizer_app")
    op.execute(
        "CREATE FUNCTION refuse_other_decision() RETURNS trigger LANGUAGE plpgsql AS"
        " $$BEGIN RAISE EXCEPTION 'decisions of a review are never changed'; END$$"
    )
    op.execute(
        "CREATE TRIGGER never_changed BEFORE UPDATE OR TRUNCATE ON review_decisions"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_other_decision()"
    )
    op.execute("ALTER TABLE review_decisions ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE review_decisions FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own ON review_decisions USING ({MINE})")


def downgrade() -> None:
    op.drop_table("review_decisions")
    op.execute("DROP FUNCTION refuse_other_decision()")
    op.drop_index("ix_runs_parent", "runs")
    op.drop_column("runs", "parent")
