"""The settings: environment variables that begin with ALLEY_, and an optional .env file. Read by bot/cli.py."""

import os
import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingError

PREFIX = "ALLEY_"
SHORTEST_SECRET = 32
SECRET = re.compile(rf"[A-Za-z0-9_-]{{{SHORTEST_SECRET},256}}")  # https://core.telegram.org/bots/api#setwebhook
Provider = Literal["libretranslate", "google", "mymemory"]


def _address(value: str | None) -> str | None:
    if value is not None and not value.startswith(("http://", "https://")):
        raise ValueError("must begin with http:// or https://")
    return value.rstrip("/") if value else None


Address = Annotated[str | None, AfterValidator(_address)]


class Settings(BaseSettings):
    """Every field is described in the README; tests/test_settings.py holds the two together."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="forbid", env_ignore_empty=True)

    data_dir: Path = Path("var")
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=1, le=65535)
    database_url: str | None = None
    redis_url: str | None = None
    nlu_url: Address = None
    nlu_token: str | None = None
    knowledge_dir: Path = Path("knowledge")
    sample: bool = True
    public_url: Address = None
    trusted_proxies: str = "127.0.0.1"
    telegram_token: str | None = None
    telegram_base_url: Address = "https://api.telegram.org"
    telegram_webhook_url: Address = None
    telegram_webhook_secret: str | None = None
    translators: Annotated[list[Provider], NoDecode] = []
    libretranslate_url: Address = "http://127.0.0.1:5000"
    libretranslate_key: str | None = None
    chat_messages_per_minute: int = Field(default=20, ge=1)
    chat_messages_per_minute_and_address: int = Field(default=120, ge=1)
    secret: str | None = None
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown(cls, values: dict[str, object]) -> dict[str, object]:
        """A misspelt line of .env is named; other programs' lines in it are none of our business."""
        unknown = values.keys() - cls.model_fields.keys()
        ours = sorted(name.upper() for name in unknown if name.lower().startswith("alley_"))
        if ours:
            raise ValueError(f"{ours[0]}: there is no such setting")
        return {name: value for name, value in values.items() if name not in unknown}

    @model_validator(mode="before")
    @classmethod
    def _split_translators(cls, values: dict[str, object]) -> dict[str, object]:
        named = values.get("translators")
        if isinstance(named, str):
            values["translators"] = [name.strip() for name in named.split(",") if name.strip()]
        return values

    @model_validator(mode="after")
    def _webhook_needs_secret(self) -> Self:
        if self.telegram_webhook_url is not None:
            if self.telegram_token is None:
                raise ValueError("ALLEY_TELEGRAM_WEBHOOK_URL needs ALLEY_TELEGRAM_TOKEN")
            if not SECRET.fullmatch(self.telegram_webhook_secret or ""):
                raise ValueError(
                    "ALLEY_TELEGRAM_WEBHOOK_URL needs ALLEY_TELEGRAM_WEBHOOK_SECRET "
                    f"of at least {SHORTEST_SECRET} characters and at most 256: letters, digits, _ and -"
                )
        return self


FIELDS = frozenset(Settings.model_fields)


def load_settings(**overrides: object) -> Settings:
    """Raises SettingError with one clear sentence about the first setting that is wrong."""
    unknown = [name for name in os.environ if name.startswith(PREFIX) and name[len(PREFIX) :].lower() not in FIELDS]
    if unknown:
        raise SettingError(f"{unknown[0]} is no setting; the README lists them")
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + str(first["loc"][0]).upper() + ": " if first["loc"] else ""
        raise SettingError(name + str(first["msg"]).removeprefix("Value error, ")) from error
