"""Alembic's entry: runs on the connection that the store hands over, never on one of its own."""

from alembic import context
from sqlalchemy.engine import Connection

from models import Base

connection: Connection | None = context.config.attributes.get("connection")
if connection is None:
    raise RuntimeError("migrations get their connection from config.attributes['connection']")

context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    # SQLite changes a column by copying the table.
    render_as_batch=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
