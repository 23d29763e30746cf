"""The cases of the centre; a change of status is told to the resident who reported it."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.console.desk import Desk, Visit, go_to, page
from bot.console.handover import lock
from bot.messages import Outgoing
from dialogues.names import CASE_STATUSES
from dialogues.texts import _
from knowledge.models import Author, Case, CaseEvent, CaseStatus, Conversation, Photo, Staff
from knowledge.register import cases


async def show_all(desk: Desk, visit: Visit) -> Response:
    wanted = visit.request.query_params.get("status")
    status = wanted if wanted in list(CaseStatus) else None
    counts = select(Case.status, func.count()).group_by(Case.status)
    async with desk.database.read() as session:
        found = await cases.all_cases(session, status)
        by_status = {name: number for name, number in await session.execute(counts)}
    return page(desk, visit, "cases.html", cases=found, status=status, counts=by_status, all=sum(by_status.values()))


async def show(desk: Desk, visit: Visit) -> Response:
    async with desk.database.read() as session:
        case = await _find(session, visit.request.path_params["number"])
        conversation = await session.get_one(Conversation, case.conversation_id)
        kept = set(await session.scalars(select(Photo.photo).where(Photo.conversation_id == conversation.id)))
        joined = select(CaseEvent, Staff.name).outerjoin(Staff, Staff.id == CaseEvent.staff_id)
        history = await session.execute(joined.where(CaseEvent.case_id == case.id).order_by(CaseEvent.id))
    return page(
        desk, visit, "case.html", case=case, conversation=conversation, history=history.all(),
        photos=[photo for photo in case.photos if photo in kept],
    )  # fmt: skip


async def change_status(desk: Desk, visit: Visit) -> Response:
    """Status, history and the word to the resident in one transaction; a second click changes and says nothing."""
    number = visit.request.path_params["number"]
    status = str((await visit.request.form()).get("status") or "")
    if status not in list(CaseStatus):
        raise HTTPException(422)
    async with desk.database.write() as session:
        # the number alone: a case that is loaded before it is locked would be judged by what it was then
        reported_in = await session.scalar(select(Case.conversation_id).where(Case.number == number))
        conversation = await lock(session, reported_in) if reported_in is not None else None
        if conversation is None:
            raise HTTPException(404)
        case = await cases.change_status(session, number, CaseStatus(status), visit.staff.id)
        if case is not None:
            told = _told(desk, case, conversation.language)
            await desk.transcript.say(session, conversation.id, told, Author.BOT)
    if case is not None:
        await desk.announce(case.conversation_id, "cases", "queue")
    return go_to(f"/staff/cases/{number}")


async def _find(session: AsyncSession, number: str) -> Case:
    case = await session.scalar(select(Case).where(Case.number == number))
    if case is None:
        raise HTTPException(404)
    return case


def _told(desk: Desk, case: Case, language: str) -> Outgoing:
    text = _("Your case {number} is now: {status}.", number=case.number, status=CASE_STATUSES[case.status])
    return Outgoing(desk.texts.render(text, language), language)
