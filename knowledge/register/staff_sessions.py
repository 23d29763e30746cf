"""Browsers that are signed in to the console. The table has the cookie's hash only: it alone opens nothing."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.models import Staff, StaffSession, now

LASTS = timedelta(hours=12)


@dataclass(frozen=True)
class SignedIn:
    """Who it is, and the token that each of their forms must carry."""

    staff: Staff
    csrf: str


async def create(session: AsyncSession, staff: Staff) -> tuple[str, str]:
    """The cookie's token and the CSRF token. Sessions that have expired are deleted on this occasion."""
    await session.execute(delete(StaffSession).where(StaffSession.expires_at <= now()))
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    session.add(StaffSession(token_hash=_hash(token), staff_id=staff.id, csrf=csrf, expires_at=now() + LASTS))
    await session.flush()
    return token, csrf


async def find(session: AsyncSession, token: str) -> SignedIn | None:
    """None for an unknown, an ended or an expired one."""
    valid = (StaffSession.token_hash == _hash(token)) & (StaffSession.expires_at > now())
    joined = select(Staff, StaffSession.csrf).join(StaffSession, StaffSession.staff_id == Staff.id)
    found = (await session.execute(joined.where(valid))).first()
    return SignedIn(found[0], found[1]) if found else None


async def end(session: AsyncSession, token: str) -> None:
    await session.execute(delete(StaffSession).where(StaffSession.token_hash == _hash(token)))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
