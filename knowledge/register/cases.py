"""Cases: problems that somebody must act on."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.models import Case, CaseEvent, CaseStatus, Counter, now


async def reserve_number(session: AsyncSession, year: int) -> str:
    """The next free number of the year, `C-2026-000123`; one that is not used afterwards leaves a gap."""
    insert = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgresql
    name = f"case-{year}"
    await session.execute(insert(Counter).values(name=name, last=0).on_conflict_do_nothing())
    raised = update(Counter).where(Counter.name == name).values(last=Counter.last + 1).returning(Counter.last)
    return f"C-{year}-{(await session.execute(raised)).scalar_one():06d}"


@dataclass(frozen=True)
class NewCase:
    number: str
    category: str
    description: str
    language: str
    place: str
    photos: tuple[str, ...]
    urgent: bool


async def open_case(session: AsyncSession, new: NewCase, conversation: int, inbox_row: int) -> None:
    case = Case(
        number=new.number, conversation_id=conversation, inbox_id=inbox_row, category=new.category,
        description=new.description, language=new.language, place=new.place, photos=list(new.photos), urgent=new.urgent,
    )  # fmt: skip
    session.add(case)
    await session.flush()
    session.add(CaseEvent(case_id=case.id, status=CaseStatus.NEW))


async def cases_of(session: AsyncSession, conversation: int, number: str | None = None) -> Sequence[Case]:
    """The cases reported in a conversation, newest first, or only the one with the number."""
    mine = select(Case).where(Case.conversation_id == conversation).order_by(Case.id.desc())
    if number is not None:
        mine = mine.where(Case.number == number)
    return (await session.scalars(mine)).all()


async def all_cases(session: AsyncSession, status: str | None = None, limit: int = 200) -> Sequence[Case]:
    """The centre's cases, urgent ones first, then the newest."""
    wanted = select(Case).order_by(Case.urgent.desc(), Case.id.desc()).limit(limit)
    if status is not None:
        wanted = wanted.where(Case.status == status)
    return (await session.scalars(wanted)).all()


async def change_status(session: AsyncSession, number: str, status: CaseStatus, staff: int) -> Case | None:
    """The changed case; None when there is none with the number or it is in that status already."""
    case = await session.scalar(
        select(Case).where(Case.number == number).with_for_update().execution_options(populate_existing=True)
    )
    if case is None or case.status == status:
        return None
    case.status = status
    session.add(CaseEvent(case_id=case.id, staff_id=staff, status=status, at=now()))
    return case
