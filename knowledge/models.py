"""The tables of the database, all of them. Migrations are in knowledge/migrations."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, ForeignKey, Index, String, Text, TypeDecorator, UniqueConstraint, text
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncAttrs
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Moment(TypeDecorator[datetime]):
    """An aware datetime in UTC on every database; SQLite itself knows none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def now() -> datetime:
    return datetime.now(UTC)


class Base(AsyncAttrs, DeclarativeBase):
    type_annotation_map: ClassVar = {datetime: Moment, dict[str, Any]: JSON, list[Any]: JSON}


class Conversation(Base):
    """One resident on one channel. `address` is the vendor's chat id, or the hash of a web session's token.

    `last_message` numbers the messages; whoever writes one raises it first, and so holds the row until the commit:
    numbers appear in the order of commits. `handovers` counts claims and returns: a turn that read an older
    number was overtaken by a person and is done again.
    """

    __tablename__ = "conversations"
    __table_args__ = (UniqueConstraint("channel", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(String(100))
    is_group: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(20), default="en")
    language_chosen: Mapped[bool] = mapped_column(default=False)
    last_message: Mapped[int] = mapped_column(default=0)
    handovers: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)

    @property
    def names(self) -> tuple[str, ...]:
        """What the resident is called, as far as the channel tells: no translation service may see it."""
        return (self.name,) if self.name else ()


class Author(StrEnum):
    RESIDENT = "resident"
    BOT = "bot"
    STAFF = "staff"


class ChatMessage(Base):
    """What was said, by whom; `number` counts within the conversation, from 1."""

    __tablename__ = "messages"
    __table_args__ = (UniqueConstraint("conversation_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    number: Mapped[int]
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id"), index=True)
    author: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(20))
    buttons: Mapped[list[Any]] = mapped_column(default=list)
    photos: Mapped[list[Any]] = mapped_column(default=list)
    original: Mapped[str | None] = mapped_column(Text)
    origin: Mapped[str | None] = mapped_column(String(10))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)


class InboxStatus(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"


class InboxRow(Base):
    """A vendor's update as it came; its vendor id is unique, so that a repeated one is recognised.

    `payload` is an Incoming as JSON; of a dead letter that could not be parsed, what came.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "vendor_id"),
        Index("ix_inbox_waiting", "conversation_id", "id", sqlite_where=text("status = 'waiting'"),
              postgresql_where=text("status = 'waiting'")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    vendor_id: Mapped[str] = mapped_column(String(100))
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"))
    payload: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(String(10), default=InboxStatus.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime] = mapped_column(default=now)
    error: Mapped[str | None] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(default=now)
    done_at: Mapped[datetime | None]


class OutboxStatus(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"


class OutboxRow(Base):
    """A committed message on its way to a resident. `parts_sent` counts the pieces of a long one that are out.

    A row found in SENDING by nobody's delivery was interrupted: it may have arrived. It is sent again, and
    `perhaps_repeated` says so.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_open", "conversation_id", "id", sqlite_where=text("status IN ('waiting', 'sending')"),
              postgresql_where=text("status IN ('waiting', 'sending')")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id"), index=True)
    status: Mapped[str] = mapped_column(String(10), default=OutboxStatus.WAITING)
    parts_sent: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime] = mapped_column(default=now)
    perhaps_repeated: Mapped[bool] = mapped_column(default=False)
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    sent_at: Mapped[datetime | None]


class CaseStatus(StrEnum):
    NEW = "new"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Case(Base):
    """A problem that somebody must act on. `inbox_id`, unique, is the message that opened it."""

    __tablename__ = "cases"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    inbox_id: Mapped[int] = mapped_column(ForeignKey("inbox.id"), unique=True)
    category: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20), default=CaseStatus.NEW)
    urgent: Mapped[bool] = mapped_column(default=False)
    description: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(20))
    place: Mapped[str] = mapped_column(Text)
    photos: Mapped[list[Any]] = mapped_column(default=list)
    opened_at: Mapped[datetime] = mapped_column(default=now)


class CaseEvent(Base):
    """A change of a case's status, and who made it."""

    __tablename__ = "case_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    status: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(default=now)


class Counter(Base):
    """Gives out numbers; `name` is for example `case-2026`."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    last: Mapped[int]


class Application(Base):
    """An application that the authority handles; the second factor is kept as a keyed hash only."""

    __tablename__ = "applications"

    number: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    stage: Mapped[str] = mapped_column(String(40))
    birth_date_hash: Mapped[str] = mapped_column(String(64))
    submitted_on: Mapped[date]
    stage_since: Mapped[date]
    missing: Mapped[str | None] = mapped_column(String(40))


class WrongGuess(Base):
    """A number and birth date that did not belong together."""

    __tablename__ = "wrong_guesses"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)


class Takeover(Base):
    """A person wanted, or in a chat; `open_for` is the conversation while it lasts, unique, and then NULL."""

    __tablename__ = "takeovers"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    open_for: Mapped[int | None] = mapped_column(unique=True)
    requested_at: Mapped[datetime] = mapped_column(default=now)
    claimed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    claimed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(10))


class Staff(Base):
    """Somebody who signs in to the console; `language` is the one they read."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(20))
    role: Mapped[str] = mapped_column(String(20))


class StaffSession(Base):
    """A signed-in browser: the cookie's hash, and the token that its forms carry."""

    __tablename__ = "staff_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime]


class Photo(Base):
    """That a file below DATA_DIR/photos, named `photo`, came with a conversation: it and the staff may see it."""

    __tablename__ = "photos"

    id: Mapped[int] = mapped_column(primary_key=True)
    photo: Mapped[str] = mapped_column(String(40), index=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    content_type: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(default=now)


class TranslationRow(Base):
    """The translation memory: `source_hash` is the SHA-256 of the masked text, `glossary` that one's version."""

    __tablename__ = "translations"
    __table_args__ = (UniqueConstraint("source_hash", "source", "target", "glossary", "provider"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source_hash: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(20))
    target: Mapped[str] = mapped_column(String(20))
    glossary: Mapped[str] = mapped_column(String(12))
    provider: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
