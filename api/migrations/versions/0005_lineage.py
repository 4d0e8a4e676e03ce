"""Lineage: events as they came, and the graph that they make."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"

TABLES = (
    "lineage_events", "lineage_namespaces", "lineage_jobs", "lineage_datasets", "lineage_runs", "lineage_uses",
    "lineage_versions", "lineage_links", "lineage_columns", "lineage_tags", "lineage_tagged",
)  # fmt: skip
MINE = "organisation_id = nullif(current_setting('sanitizer.organisation', true), '')::uuid"


def upgrade() -> None:
    _create(
        "lineage_events",
        sa.Column("created_at", _moment(), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("event_time", _moment(), nullable=False), _text("kind"), _text("event_type", needed=False),
        _key("run_id", needed=False), _text("digest"), sa.Column("payload", sa.JSON(), nullable=False),
        sa.UniqueConstraint("organisation_id", "digest"),
    )  # fmt: skip
    op.create_index("ix_lineage_events_listed", "lineage_events", ["organisation_id", "event_time", "id"])
    _create(
        "lineage_namespaces", *_seen(), _text("name"), _text("owner"), _text("description", needed=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
    )  # fmt: skip
    _jobs_and_datasets()
    _runs()
    _tags()
    for table in TABLES:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO sanitizer_app")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own ON {table} USING ({MINE})")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _jobs_and_datasets() -> None:
    named = [_key("namespace_id"), _text("namespace"), _text("name")]
    _create(
        "lineage_jobs", *_seen(), *_facets(), *named, _key("parent_id", needed=False), _key("current", needed=False),
        _when("current_at"), _when("hidden_at"),
    )  # fmt: skip
    named = [_key("namespace_id"), _text("namespace"), _text("name")]
    _create(
        "lineage_datasets", *_seen(), *_facets(), *named, _document("fields"), _when("fields_at"),
        _key("version", needed=False), _when("version_at"), _when("modified_at"), _when("hidden_at"),
    )  # fmt: skip
    for table in ("lineage_jobs", "lineage_datasets"):
        op.create_index(f"ix_{table}_listed", table, ["organisation_id", "namespace_id"])
    _create(
        "lineage_versions", *_seen(), *_facets(), _key("dataset_id"), _key("run", needed=False),
        sa.Column("written", sa.Boolean(), nullable=False), _document("fields"), _when("fields_at"),
    )  # fmt: skip
    op.create_index("ix_lineage_versions_dataset", "lineage_versions", ["dataset_id", "created_at", "id"])


def _runs() -> None:
    _create(
        "lineage_runs", *_seen(), *_facets(), _key("run_id"), _key("job_id"), _text("state"), _when("state_at"),
        _when("started_at"), _when("ended_at"), _key("parent_run_id", needed=False), *_facets("job_"),
    )  # fmt: skip
    op.create_index("ix_lineage_runs_job", "lineage_runs", ["job_id", "created_at", "id"])
    op.create_index("ix_lineage_runs_run", "lineage_runs", ["organisation_id", "run_id"])
    _create(
        "lineage_uses", *_seen(), *_facets(), _key("run", index=True), _key("job_id"), _key("dataset_id"),
        _text("direction"), _key("version", needed=False),
    )  # fmt: skip
    _create(
        "lineage_links", _key("job_id", index=True), _key("dataset_id", index=True), _text("direction"),
        sa.Column("current", sa.Boolean(), nullable=False), _when("columns_at"), _text("columns_digest", needed=False),
    )  # fmt: skip
    _create(
        "lineage_columns", _key("link_id", index=True), _key("output_id", index=True), _text("output_field"),
        _key("input_id", index=True), _text("input_field"), _document("transformations"),
    )  # fmt: skip


def _tags() -> None:
    _create("lineage_tags", _text("name"), _text("description", needed=False))
    _create("lineage_tagged", _key("node_id", index=True), _text("field"), _text("tag"))


def _create(table: str, *parts: sa.schema.SchemaItem) -> None:
    owner = sa.ForeignKey("organisations.id", ondelete="CASCADE")
    key = sa.Column("id", sa.Uuid(), primary_key=True)
    op.create_table(table, key, sa.Column("organisation_id", sa.Uuid(), owner, nullable=False, index=True), *parts)


def _seen() -> list[sa.Column[Any]]:
    return [sa.Column(name, _moment(), nullable=False) for name in ("created_at", "updated_at")]


def _facets(prefix: str = "") -> list[sa.Column[Any]]:
    return [_document(f"{prefix}facets"), _document(f"{prefix}facet_times")]


def _moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _when(name: str) -> sa.Column[Any]:
    return sa.Column(name, _moment())


def _text(name: str, *, needed: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=not needed)


def _key(name: str, *, needed: bool = True, index: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid(), nullable=not needed, index=index)


def _document(name: str) -> sa.Column[Any]:
    return sa.Column(name, JSONB(), nullable=False)
