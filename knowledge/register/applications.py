"""Applications that the authority handles: only shown here, to whoever knows the number and the birth date."""

import hashlib
import hmac
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.models import Application, WrongGuess, now

DAY = timedelta(days=1)


def hashed(secret: str, number: str, birth_date: date) -> str:
    """The second factor as it is kept: a keyed hash, so that the table alone tells no birth date."""
    return hmac.new(secret.encode(), f"{number}|{birth_date.isoformat()}".encode(), hashlib.sha256).hexdigest()


async def is_blocked(session: AsyncSession, conversation: int, per_conversation: int, overall: int) -> bool:
    """Whether the day's wrong guesses, of this conversation or of all, are used up."""
    recent = select(func.count()).select_from(WrongGuess).where(WrongGuess.at > now() - DAY)
    if (await session.scalar(recent) or 0) >= overall:
        return True
    return (await session.scalar(recent.where(WrongGuess.conversation_id == conversation)) or 0) >= per_conversation


async def find(session: AsyncSession, secret: str, number: str, birth_date: date) -> Application | None:
    """The application if both belong together. The same work is done whether the number exists or not."""
    application = await session.get(Application, number)
    kept = application.birth_date_hash if application is not None else "0" * 64
    fits = hmac.compare_digest(kept, hashed(secret, number, birth_date))
    return application if fits else None


def note_wrong_guess(session: AsyncSession, conversation: int) -> None:
    session.add(WrongGuess(conversation_id=conversation))
