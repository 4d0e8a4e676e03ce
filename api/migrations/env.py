"""How Alembic reaches the database: through the connection that the registry hands it."""

from __future__ import annotations

from alembic import context

from sanitizer_api.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    compare_type=True,
    compare_server_default=False,
)
with context.begin_transaction():
    context.run_migrations()
