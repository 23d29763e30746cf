"""The translation memory knows the glossary's version. What it remembered held residents' words unmasked: it goes."""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table('translations')
    create(sa.Column('glossary', sa.String(length=12), nullable=False), 'glossary', 'provider')


def downgrade() -> None:
    op.drop_table('translations')
    create(None)


def create(more: sa.Column[str] | None, *unique: str) -> None:
    """The memory as step 1 had it, or with one column more."""
    op.create_table('translations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('source_hash', sa.String(length=64), nullable=False),
    sa.Column('source', sa.String(length=20), nullable=False),
    sa.Column('target', sa.String(length=20), nullable=False),
    *([] if more is None else [more]),
    sa.Column('provider', sa.String(length=40), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('source_hash', 'source', 'target', *unique)
    )
