from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.errors import ContentError
from bot.stores.database import Database
from knowledge.models import Application, Staff
from knowledge.register import applications
from knowledge.register.staff import sign_in
from knowledge.sample import load_sample, sample_applications, sample_staff


async def test_the_sample_is_loaded_once_and_kept(database: Database) -> None:
    async with database.write() as session:
        await load_sample(session, "secret")
    async with database.write() as session:
        changed = await session.get_one(Application, sample_applications()[0].number)
        changed.stage = "refused"
    async with database.write() as session:
        await load_sample(session, "secret")
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Application)) == 20
        assert await session.scalar(select(func.count()).select_from(Staff)) == 4
        assert (await session.get_one(Application, changed.number)).stage == "refused"


async def test_the_sample_can_be_tried(database: Database) -> None:
    async with database.write() as session:
        await load_sample(session, "secret")
        shown = sample_applications()[3]
        found = await applications.find(session, "secret", shown.number, shown.birth_date)
        assert found is not None
        assert found.stage == shown.stage
        member = sample_staff()[0]
        assert await sign_in(session, member.login, member.password) is not None


def test_a_wrong_sample_is_named(tmp_path: Path) -> None:
    (tmp_path / "applications.yaml").write_text("- {number: SH-RP-2026-1, kind: dog}")
    with pytest.raises(ContentError, match=r"applications\.yaml: 0\.kind"):
        sample_applications(tmp_path)
