"""Who may sign in to the console. Passwords are kept as Argon2id hashes only."""

import asyncio
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.models import Staff

HASHER = PasswordHasher()  # argon2-cffi's defaults, RFC 9106's second recommendation


async def find_staff(session: AsyncSession, login: str) -> Staff | None:
    return await session.scalar(select(Staff).where(Staff.login == normalised(login)))


async def add_staff(
    session: AsyncSession, *, login: str, name: str, password: str, language: str, role: str
) -> Staff | None:
    """None when the login is taken already; then nothing changes."""
    if await find_staff(session, login) is not None:
        return None
    staff = Staff(
        login=normalised(login), name=name, password_hash=await asyncio.to_thread(HASHER.hash, password),
        language=language, role=role,
    )  # fmt: skip
    session.add(staff)
    await session.flush()
    return staff


async def sign_in(session: AsyncSession, login: str, password: str) -> Staff | None:
    """The one with this login and password. A login that does not exist costs as much time as a wrong password.

    A hash that was made with weaker parameters than today's is replaced.
    """
    staff = await find_staff(session, login)
    nobody = await asyncio.to_thread(_hash_of_nobody)
    fits = await asyncio.to_thread(_fits, staff.password_hash if staff else nobody, password)
    if staff is None or not fits:
        return None
    if HASHER.check_needs_rehash(staff.password_hash):
        staff.password_hash = await asyncio.to_thread(HASHER.hash, password)
    return staff


def normalised(login: str) -> str:
    return unicodedata.normalize("NFKC", login).strip().casefold()


def _fits(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hash_of_nobody() -> str:
    return HASHER.hash("nobody has this password")
