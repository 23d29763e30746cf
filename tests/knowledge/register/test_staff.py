from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from bot.stores.database import Database
from knowledge.models import StaffSession, now
from knowledge.register import staff, staff_sessions

MEI = {"login": "Chen.Mei ", "name": "陈梅", "password": "plum-garden", "language": "zh", "role": "agent"}


async def test_sign_in(database: Database) -> None:
    async with database.write() as session:
        added = await staff.add_staff(session, **MEI)
        assert added is not None
        assert "plum-garden" not in added.password_hash
        assert await staff.add_staff(session, **MEI) is None
    async with database.write() as session:
        found = await staff.sign_in(session, "CHEN.MEI", "plum-garden")
        assert found is not None
        assert found.id == added.id
        assert await staff.sign_in(session, "chen.mei", "plum-gardens") is None
        assert await staff.sign_in(session, "nobody", "plum-garden") is None


async def test_a_broken_hash_lets_nobody_in(database: Database) -> None:
    async with database.write() as session:
        added = await staff.add_staff(session, **MEI)
        assert added is not None
        added.password_hash = "no hash"
        assert await staff.sign_in(session, "chen.mei", "no hash") is None


async def test_an_old_hash_is_made_anew(database: Database) -> None:
    async with database.write() as session:
        added = await staff.add_staff(session, **MEI)
        assert added is not None
        added.password_hash = weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("plum-garden")
        assert await staff.sign_in(session, "chen.mei", "plum-garden") is not None
        assert added.password_hash != weak
        assert not staff.HASHER.check_needs_rehash(added.password_hash)
        assert await staff.sign_in(session, "chen.mei", "plum-garden") is not None


async def test_an_unknown_login_takes_as_long_as_a_wrong_password(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str] = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, hashed: str, password: str) -> bool:
        verified.append(hashed.rsplit("$", 2)[0])  # the parameters, which decide how long it takes
        return verify(self, hashed, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    async with database.write() as session:
        await staff.add_staff(session, **MEI)
        await staff.sign_in(session, "chen.mei", "wrong")
        await staff.sign_in(session, "nobody", "wrong")
    assert len(verified) == 2
    assert verified[0] == verified[1]


async def test_sessions(database: Database) -> None:
    async with database.write() as session:
        member = await staff.add_staff(session, **MEI)
        assert member is not None
        token, csrf = await staff_sessions.create(session, member)
        other, _ = await staff_sessions.create(session, member)
        assert token != other
        kept = (await session.scalars(select(StaffSession.token_hash))).all()
        assert token not in kept
    async with database.write() as session:
        found = await staff_sessions.find(session, token)
        assert found is not None
        assert (found.staff.login, found.csrf) == ("chen.mei", csrf)
        assert await staff_sessions.find(session, "guess") is None
        await staff_sessions.end(session, token)
        assert await staff_sessions.find(session, token) is None
        assert await staff_sessions.find(session, other) is not None


async def test_a_session_ends_after_twelve_hours(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async with database.write() as session:
        member = await staff.add_staff(session, **MEI)
        assert member is not None
        token, _csrf = await staff_sessions.create(session, member)
        start = now()
        monkeypatch.setattr(staff_sessions, "now", lambda: start + timedelta(hours=11, minutes=59))
        assert await staff_sessions.find(session, token) is not None
        monkeypatch.setattr(staff_sessions, "now", lambda: start + timedelta(hours=12, seconds=1))
        assert await staff_sessions.find(session, token) is None
        await staff_sessions.create(session, member)
        assert await session.scalar(select(func.count()).select_from(StaffSession)) == 1
