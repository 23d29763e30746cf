"""The translation memory: what was translated before need not be again."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.models import TranslationRow


async def recall(
    session: AsyncSession, source_hash: str, source: str, target: str, glossary: str
) -> TranslationRow | None:
    """The newest, whoever made it."""
    same = (
        (TranslationRow.source_hash == source_hash)
        & (TranslationRow.source == source)
        & (TranslationRow.target == target)
        & (TranslationRow.glossary == glossary)
    )
    return await session.scalar(select(TranslationRow).where(same).order_by(TranslationRow.id.desc()).limit(1))


async def remember(session: AsyncSession, **row: str) -> None:
    """`row` has the columns of TranslationRow. The first one stays, when two were made at once."""
    insert = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgresql
    await session.execute(insert(TranslationRow).values(row).on_conflict_do_nothing())
