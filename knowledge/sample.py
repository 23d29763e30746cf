"""The sample centre's applications and staff, so that a newcomer can try everything. Called by bot/cli.py."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from dialogues.names import APPLICATION_KINDS, DOCUMENTS, STAGES
from knowledge import content
from knowledge.models import Application
from knowledge.register.applications import hashed
from knowledge.register.staff import add_staff

FOLDER = Path(__file__).parent / "samples"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SampleApplication(_Frozen):
    number: Annotated[str, Field(pattern=r"^[A-Z0-9-]{6,40}$")]
    kind: Literal[*APPLICATION_KINDS]  # type: ignore[valid-type]
    stage: Literal[*STAGES]  # type: ignore[valid-type]
    birth_date: date
    submitted_on: date
    stage_since: date
    missing: Literal[*DOCUMENTS] | None = None  # type: ignore[valid-type]


class SampleStaff(_Frozen):
    """With a password that everybody can read: for trying it out only."""

    login: str
    name: str
    language: str
    role: Literal["agent", "editor", "admin"]
    password: str


def sample_applications(folder: Path = FOLDER) -> list[SampleApplication]:
    """Raises ContentError."""
    return content.read_list(folder / "applications.yaml", SampleApplication)


def sample_staff(folder: Path = FOLDER) -> list[SampleStaff]:
    """Raises ContentError."""
    return content.read_list(folder / "staff.yaml", SampleStaff)


async def load_sample(session: AsyncSession, secret: str, folder: Path = FOLDER) -> None:
    """Adds what is not there yet; what is there stays as it is. `secret` keys the second factors' hashes.

    Raises ContentError.
    """
    for sample in sample_applications(folder):
        if await session.get(Application, sample.number) is None:
            session.add(_application(sample, secret))
    for member in sample_staff(folder):
        await add_staff(
            session, login=member.login, name=member.name, password=member.password,
            language=member.language, role=member.role,
        )  # fmt: skip


def _application(sample: SampleApplication, secret: str) -> Application:
    return Application(
        number=sample.number, kind=sample.kind, stage=sample.stage,
        birth_date_hash=hashed(secret, sample.number, sample.birth_date),
        submitted_on=sample.submitted_on, stage_since=sample.stage_since, missing=sample.missing,
    )  # fmt: skip
