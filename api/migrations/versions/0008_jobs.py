"""Jobs, and the queue from which workers take them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from sanitizer_api.db import queue_schema

revision = "0008"
down_revision = "0007"

MINE = "organisation_id = nullif(current_setting('sanitizer.organisation', true), '')::uuid"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "jobs",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column(
            "organisation_id",
            sa.Uuid(),
            sa.ForeignKey("organisations.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("kind", "state", "request_digest")),
        sa.Column("wanted", JSONB(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("attempt", "most_attempts")),
        sa.Column("idempotency_key", sa.String()),
        sa.Column("queue_id", sa.BigInteger()),
        *(sa.Column(name, sa.String()) for name in ("worker", "phase")),
        sa.Column("percent", sa.Double()),
        sa.Column("rows", sa.BigInteger()),
        *(
            sa.Column(name, moment)
            for name in ("started_at", "beat_at", "next_attempt_at", "cancel_requested_at", "finished_at")
        ),
        *(sa.Column(name, JSONB()) for name in ("problem", "result")),
        *(sa.Column(name, sa.Uuid()) for name in ("place", "settled", "run_id")),
        sa.UniqueConstraint("organisation_id", "idempotency_key"),
    )
    op.create_index("ix_jobs_listed", "jobs", ["organisation_id", "created_at", "id"])
    op.create_index("ix_jobs_state", "jobs", ["organisation_id", "state", "created_at"])
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON jobs TO sanitizer_app")
    op.execute("ALTER TABLE jobs ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE jobs FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own ON jobs USING ({MINE})")
    op.execute(
        "CREATE FUNCTION tell_of_job() RETURNS trigger LANGUAGE plpgsql AS"
        " $$BEGIN PERFORM pg_notify('sanitizer_jobs', NEW.id::text); RETURN NULL; END$$"
    )
    op.execute("CREATE TRIGGER told AFTER UPDATE ON jobs FOR EACH ROW EXECUTE FUNCTION tell_of_job()")
    queue_schema.install(op.get_bind())


def downgrade() -> None:
    queue_schema.remove(op.get_bind())
    op.drop_table("jobs")
    op.execute("DROP FUNCTION tell_of_job()")
