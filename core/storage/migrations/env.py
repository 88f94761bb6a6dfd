"""How does Alembic reach the tables? By the connection that core.storage.migrate hands over."""

from __future__ import annotations

from alembic import context

import core.storage.tables  # noqa: F401  # declares the tables
from core.storage.base import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    user_module_prefix="types.",
)
with context.begin_transaction():
    context.run_migrations()
