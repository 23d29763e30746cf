"""One turn: load the conversation, understand the message, let a dialogue decide, and commit it all at once.

Called by bot/worker.py, which holds the conversation's lock. A turn that dies at any point is done again from the
same start: nothing that it does exists before its one transaction, but for the state in Redis, which remembers
what it was before (bot/stores/state.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import structlog
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from bot import metrics
from bot.errors import ChannelBusy, NluUnavailable, Permanent, StateUnavailable, Temporary, Unparsable
from bot.inbox import Inbox, close_row
from bot.messages import Incoming, Outgoing
from bot.perform import Knowledge, Performance
from bot.ports import Channel, Signals, StateStore, Understander
from bot.rendering import Renderer
from bot.stores.photos import Photos
from bot.transcript import Transcript
from dialogues import router
from dialogues.courtesy import offers
from dialogues.effects import Say
from dialogues.language import answer_in
from dialogues.texts import _
from dialogues.turn import Kind, Message, Person, State, Turn, Understanding
from knowledge.models import Author, ChatMessage, Conversation, InboxRow, InboxStatus, Takeover, now

log = structlog.get_logger()

TRIES = 3  # of a turn that fails for no known reason; and of the NLU, before it is done without
LONGEST_WAIT = 30.0  # seconds between two tries
OVERTAKEN_TRIES = 5
PHOTO_TRIES = 6  # about a minute


# A conversation, who has it, and the buttons of the bot's last message, in one look
SNAPSHOT = (
    select(Conversation, Takeover, ChatMessage.buttons)
    .outerjoin(Takeover, Takeover.open_for == Conversation.id)
    .outerjoin(ChatMessage, (ChatMessage.conversation_id == Conversation.id) & (ChatMessage.author == Author.BOT))
    .where(Conversation.id == bindparam("conversation"))
    .order_by(ChatMessage.number.desc())
    .limit(1)
)


class AlreadyHandled(Exception):
    """Another worker committed this turn."""


@dataclass(frozen=True)
class Snapshot:
    """The conversation as it is when a turn begins."""

    conversation: Conversation
    person: Person
    shown: Mapping[str, str]  # the buttons of the last message: label to value


class Engine:
    def __init__(
        self,
        inbox: Inbox,
        state: StateStore,
        understander: Understander,
        knowledge: Knowledge,
        renderer: Renderer,
        transcript: Transcript,
        channels: Mapping[str, Channel],
        photos: Photos,
        signals: Signals,
        languages: Sequence[tuple[str, str]],
    ) -> None:
        self._inbox = inbox
        self._state = state
        self._understander = understander
        self._knowledge = knowledge
        self._database = knowledge.database
        self._renderer = renderer
        self._transcript = transcript
        self._channels = channels
        self._photos = photos
        self._signals = signals
        self._languages = tuple(languages)

    async def handle(self, row: InboxRow) -> None:
        """Handles one message to its end: answered, put off, or a dead letter.

        Raises StateUnavailable, which costs the message no try: without Redis nobody handles any.
        """
        try:
            for _attempt in range(OVERTAKEN_TRIES):
                if await self._turn(row):
                    break
            metrics.turns.labels("done").inc()
            metrics.turn_seconds.labels(row.channel).observe((now() - row.received_at).total_seconds())
        except AlreadyHandled:
            metrics.turns.labels("repeated").inc()
        except StateUnavailable:
            raise
        except ChannelBusy as error:  # a photo that cannot be had must not hold up the conversation for ever
            await (self._put_off(row, error) if row.attempts < PHOTO_TRIES else self._give_up(row, error))
        except (Temporary, OperationalError) as error:
            log.warning("turn put off", inbox=row.id, error=type(error).__name__)
            await self._put_off(row, error)
        except Exception as error:  # the one catch-all: whatever is wrong, the resident hears of it
            log.exception("turn failed", inbox=row.id, error=type(error).__name__)
            if row.attempts + 1 < TRIES and not isinstance(error, Permanent):
                await self._put_off(row, error)
            else:
                await self._give_up(row, error)

    async def _turn(self, row: InboxRow) -> bool:
        """False when a person took the conversation over, or gave it back, meanwhile."""
        incoming = Incoming.from_json(row.payload)
        before = await self._snapshot(row)
        conversation = before.conversation
        if before.person is Person.NONE:
            await self._channels[conversation.channel].typing(conversation.address)
        message = await self._message(incoming, before)
        understood = await self._understand(row, message, before)
        language = answer_in(
            conversation.language, chosen=conversation.language_chosen, offered=self._renderer.languages,
            text=message.text, understood=understood,
        )  # fmt: skip
        state = await self._state.load(conversation.id, row.id)
        turn = Turn(message, language, understood, state, before.person, self._languages)
        performance = Performance(self._knowledge, conversation.id, row.id, language)
        after = await _converse(turn, performance)
        replies = [
            await self._renderer.render(said, performance.language, conversation.names) for said in performance.said
        ]
        await self._state.save(conversation.id, row.id, state, after)
        if not await self._commit(row, before, turn, performance, replies):
            return False
        await self._announce(before, performance, replies)
        return True

    async def _snapshot(self, row: InboxRow) -> Snapshot:
        async with self._database.read() as session:
            found = (await session.execute(SNAPSHOT, {"conversation": row.conversation_id})).one()
        conversation, takeover, buttons = found
        person = Person.NONE if takeover is None else Person.CLAIMED if takeover.claimed_by else Person.WAITING
        return Snapshot(conversation, person, {each["label"].casefold(): each["value"] for each in buttons or ()})

    async def _message(self, incoming: Incoming, before: Snapshot) -> Message:
        """The message as dialogues know it: its photos on disk, a typed label as the button that it names."""
        message = Message(incoming.kind, incoming.text, incoming.value, location=incoming.location)
        pressed = before.shown.get(incoming.text.strip().casefold())
        if incoming.kind is Kind.TEXT and pressed is not None:
            return replace(message, kind=Kind.BUTTON, value=pressed)
        if not incoming.photos:
            return message
        channel = self._channels[incoming.channel]
        try:
            kept = tuple([await self._photos.keep(await channel.fetch(photo)) for photo in incoming.photos])
        except Unparsable:
            return replace(message, kind=Kind.UNSUPPORTED)
        return replace(message, photos=kept)

    async def _understand(self, row: InboxRow, message: Message, before: Snapshot) -> Understanding:
        """Nothing for a button or command, for a person's chat, or when the NLU has been out of reach for too long."""
        if message.kind not in (Kind.TEXT, Kind.PHOTO) or not message.text.strip() or before.person is Person.CLAIMED:
            return Understanding()
        try:
            return await self._understander.understand(message.text, before.conversation.language)
        except NluUnavailable:
            if row.attempts + 1 < TRIES:
                raise
            log.warning("turn without NLU", inbox=row.id)
            return Understanding()

    async def _commit(
        self, row: InboxRow, before: Snapshot, turn: Turn, performance: Performance, replies: Sequence[Outgoing]
    ) -> bool:
        """The turn's one transaction. The database is the judge: of two who handled a message, one gets in."""
        conversation = before.conversation.id
        handovers = select(Conversation.handovers).where(Conversation.id == conversation).with_for_update()
        async with self._database.write() as session:
            if await session.scalar(handovers) != before.conversation.handovers:
                return False
            if not await close_row(session, row, InboxStatus.DONE):
                raise AlreadyHandled
            await self._note_message(session, row, turn, before.conversation.language)
            for deed in performance.deeds:
                await deed(session)
            for reply in replies:
                await self._transcript.say(session, conversation, reply, Author.BOT, inbox_row=row.id)
        return True

    async def _note_message(self, session: AsyncSession, row: InboxRow, turn: Turn, spoken: str) -> None:
        """What the turn found out about the resident's message."""
        mine = update(ChatMessage).where(ChatMessage.inbox_id == row.id, ChatMessage.author == Author.RESIDENT)
        await session.execute(mine.values(language=turn.understanding.language, photos=list(turn.message.photos)))
        if turn.language != spoken:
            conversation = update(Conversation).where(Conversation.id == row.conversation_id)
            await session.execute(conversation.values(language=turn.language))
        self._photos.register(session, turn.message.photos, row.conversation_id)

    async def _announce(self, before: Snapshot, performance: Performance, replies: Sequence[Outgoing]) -> None:
        conversation, news = before.conversation, set(performance.news)
        if replies and self._channels[conversation.channel].pushes:
            await self._signals.work("outbox", conversation.id)
        if before.person is not Person.NONE:
            news.add("queue")  # it shows the words of those who wait, and whose turn it is
        for topic in (f"conversation:{conversation.id}", *news):
            await self._signals.changed(topic)

    async def _put_off(self, row: InboxRow, error: Exception) -> None:
        metrics.turns.labels("put_off").inc()
        seconds = (error.retry_after if isinstance(error, Temporary) else None) or min(2.0**row.attempts, LONGEST_WAIT)
        await self._inbox.postpone(row, seconds, type(error).__name__)

    async def _give_up(self, row: InboxRow, error: Exception) -> None:
        """A dead letter for the staff, an apology for the resident, and the conversation as it was before."""
        metrics.turns.labels("dead").inc()
        metrics.dead_letters.labels("inbox").inc()
        before = await self._snapshot(row)
        apology = Say(
            _(
                "I am sorry, something went wrong on our side with this message (reference {reference}). "
                "Please try again in other words, or speak to a person.",
                reference=str(row.id),
            ),
            offers("talk_to_human"),
        )
        reply = self._renderer.as_written(apology, before.conversation.language)
        await self._state.forget(before.conversation.id, row.id)
        async with self._database.write() as session:
            if await close_row(session, row, InboxStatus.DEAD, type(error).__name__) and before.person is Person.NONE:
                await self._transcript.say(session, before.conversation.id, reply, Author.BOT, inbox_row=row.id)
        await self._signals.work("outbox", before.conversation.id)
        await self._signals.changed(f"conversation:{before.conversation.id}")


async def _converse(turn: Turn, performance: Performance) -> State:
    """Drives the dialogue: each effect is performed and its result sent back, until the dialogue ends."""
    dialogue = router.converse(turn)
    result: object = None
    while True:
        try:
            effect = dialogue.send(result)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        result = await performance.perform(effect)
