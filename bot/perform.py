"""Carries out a turn's effects: looks things up at once, and collects what the turn's transaction will do.

Made by bot/engine.py for each turn. Nothing that it collects exists before the engine commits it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.stores.database import Database
from dialogues.effects import (
    Answer,
    ApplicationView,
    CaseView,
    Effect,
    EndTakeover,
    FindAnswer,
    FindApplication,
    FindCases,
    OpenCase,
    RequestPerson,
    Say,
    SetLanguage,
)
from knowledge.answers import Answers
from knowledge.centre import Centre
from knowledge.models import Conversation
from knowledge.register import applications, cases, takeovers

type Deed = Callable[[AsyncSession], Awaitable[object]]


@dataclass(frozen=True)
class Knowledge:
    """What effects are looked up in. `secret` keys the hashes of second factors."""

    database: Database
    answers: Answers
    centre: Centre
    secret: str


@dataclass
class Performance:
    """One turn: what was said and done so far, and the language that it is said in."""

    knowledge: Knowledge
    conversation: int
    inbox_row: int
    language: str
    said: list[Say] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)
    news: set[str] = field(default_factory=set)  # topics to announce after the commit

    async def perform(self, effect: Effect) -> object:
        match effect:
            case Say():
                self.said.append(effect)
            case FindAnswer():
                return self._find_answer(effect)
            case OpenCase():
                return await self._open_case(effect)
            case FindCases():
                return await self._find_cases(effect)
            case FindApplication():
                return await self._find_application(effect)
            case RequestPerson():
                return await self._request_person()
            case EndTakeover():
                self.deeds.append(partial(takeovers.end, conversation=self.conversation, by="resident"))
                self.news.add("queue")
            case SetLanguage():
                self._set_language(effect.code)
            case _:
                raise TypeError(f"{type(effect).__name__} is answered by the form")
        return None

    def _find_answer(self, effect: FindAnswer) -> Answer | None:
        return self.knowledge.answers.find(effect.topic, self.language, effect.section)

    async def _open_case(self, effect: OpenCase) -> str:
        year = datetime.now(ZoneInfo(self.knowledge.centre.timezone)).year
        async with self.knowledge.database.write() as session:
            number = await cases.reserve_number(session, year)
        new = cases.NewCase(
            number, effect.category, effect.description, self.language, effect.place, effect.photos, effect.urgent
        )
        self.deeds.append(partial(cases.open_case, new=new, conversation=self.conversation, inbox_row=self.inbox_row))
        self.news.add("cases")
        return number

    async def _find_cases(self, effect: FindCases) -> tuple[CaseView, ...]:
        async with self.knowledge.database.read() as session:
            found = await cases.cases_of(session, self.conversation, effect.number)
        here = ZoneInfo(self.knowledge.centre.timezone)
        return tuple(
            CaseView(
                case.number, case.category, case.status, case.description,
                case.opened_at.astimezone(here).date().isoformat(),
            )
            for case in found
        )  # fmt: skip

    async def _find_application(self, effect: FindApplication) -> ApplicationView | str | None:
        """Counted before it is answered, in a transaction of its own: dying in between gives no free guess."""
        limits = self.knowledge.centre.application_guesses
        born = date.fromisoformat(effect.birth_date)
        async with self.knowledge.database.write() as session:
            if await applications.is_blocked(
                session, self.conversation, limits.per_conversation_a_day, limits.overall_a_day
            ):
                return "blocked"
            found = await applications.find(session, self.knowledge.secret, effect.number, born)
            if found is None:
                applications.note_wrong_guess(session, self.conversation)
                return None
        return ApplicationView(found.number, found.kind, found.stage, found.stage_since.isoformat(), found.missing)

    async def _request_person(self) -> int:
        self.deeds.append(partial(takeovers.request, conversation=self.conversation))
        self.news.add("queue")
        async with self.knowledge.database.read() as session:
            return await takeovers.place_in_queue(session, self.conversation)

    def _set_language(self, code: str) -> None:
        self.language = code
        change = update(Conversation).where(Conversation.id == self.conversation)
        statement = change.values(language=code, language_chosen=True)
        self.deeds.append(lambda session: session.execute(statement))
