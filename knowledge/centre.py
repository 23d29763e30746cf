"""What a centre configures about itself (centre.yaml). Loaded once at the start by bot/app.py."""

from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PositiveInt

from knowledge import content
from knowledge.languages import ELSE, nearest

FILE = Path(__file__).parent / "centre.yaml"

type Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _with_english(names: dict[str, str]) -> dict[str, str]:
    if ELSE not in names:
        raise ValueError(f"needs at least the English one ({ELSE}), which stands in for the others")
    return names


def _in_every_language(value: object) -> object:
    """One value for all, or one by language."""
    return {ELSE: value} if isinstance(value, str) else value


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"{name!r} is no time zone such as Asia/Shanghai") from error
    return name


def _known_country(code: str) -> str:
    if code not in holidays.list_supported_countries():
        raise ValueError(f"{code!r} is no country whose public holidays are known, such as CN")
    return code


type Named = Annotated[
    dict[str, Annotated[str, Field(min_length=1)]],
    BeforeValidator(_in_every_language),
    AfterValidator(_with_english),
]


class Opening(_Frozen):
    """From when to when a day is open, in the centre's own time."""

    opens: time
    closes: time


def _opening(value: Any) -> Any:
    if value is None or isinstance(value, Opening):
        return value
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError('must be null for a closed day, or two times such as ["09:00", "17:30"]')
    opening = Opening(opens=value[0], closes=value[1])
    if opening.opens >= opening.closes:
        raise ValueError("must open before it closes")
    return opening


type Day = Annotated[Opening | None, BeforeValidator(_opening)]


class Emergency(_Frozen):
    """Telephone numbers, as they are dialled."""

    police: str
    fire: str
    ambulance: str
    traffic: str
    hotline: str
    immigration: str


class Photos(_Frozen):
    """The most of a case, and the size of each."""

    max: PositiveInt
    megabytes: PositiveInt


class Guesses(_Frozen):
    """Wrong guesses of an application's second factor, within 24 hours."""

    per_conversation_a_day: PositiveInt
    overall_a_day: PositiveInt


class PublicHolidays(_Frozen):
    """`country` is ISO 3166; `exchanged_as` the weekday whose hours a weekend day has that is worked in exchange."""

    country: Annotated[str, AfterValidator(_known_country)]
    exchanged_as: Weekday = "mon"


class Centre(_Frozen):
    """`sample` says that contact data and hours are placeholders."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
    sample: bool = False
    name: Named
    timezone: Annotated[str, AfterValidator(_known_zone)]
    languages_first: Annotated[tuple[str, ...], Field(min_length=1)]
    address: Named
    phone: Named
    email: Named
    metro: Named
    hours: dict[Weekday, Day]
    public_holidays: PublicHolidays | None = None
    special_days: dict[date, Day] = {}
    emergency: Emergency
    case_categories: Annotated[tuple[str, ...], Field(min_length=1)]
    photos: Photos
    application_guesses: Guesses

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def name_in(self, language: str) -> str:
        return _in(self.name, language)

    def address_in(self, language: str) -> str:
        return _in(self.address, language)

    def phone_in(self, language: str) -> str:
        return _in(self.phone, language)

    def email_in(self, language: str) -> str:
        return _in(self.email, language)

    def metro_in(self, language: str) -> str:
        return _in(self.metro, language)


def load_centre(path: Path = FILE) -> Centre:
    """Raises ContentError."""
    return content.read(path, Centre)


def _in(names: Mapping[str, str], language: str) -> str:
    return names[nearest(language, names)]
