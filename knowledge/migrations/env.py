"""Run by Alembic for each command; knowledge/migrate.py gives it the connection."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from knowledge.models import Base, Moment


def render_item(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """A migration must not change with the program's own types."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_item=render_item,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
