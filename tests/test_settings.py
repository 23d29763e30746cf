"""A setting that is wrong stops the start with one clear sentence, and every setting is in the README."""

import re
from pathlib import Path

import pytest

from bot.errors import SettingError
from bot.settings import Settings, load_settings
from bot.stores.database import async_url

README = Path(__file__).parent.parent / "README.md"
SECRET = "0123456789abcdef0123456789abcdef"
TOKEN = "123456:ABC-DEF"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No .env and no variable of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)
    for field in Settings.model_fields:
        monkeypatch.delenv(f"ALLEY_{field.upper()}", raising=False)


def refusal(monkeypatch: pytest.MonkeyPatch, **variables: str) -> str:
    for name, value in variables.items():
        monkeypatch.setenv(f"ALLEY_{name}", value)
    with pytest.raises(SettingError) as refused:
        load_settings()
    return str(refused.value)


def test_nothing_needs_to_be_set() -> None:
    settings = load_settings()
    assert (settings.host, settings.port, settings.data_dir) == ("127.0.0.1", 8080, Path("var"))
    assert settings.database_url is settings.redis_url is settings.nlu_url is settings.telegram_token is None
    assert settings.translators == []


def test_everything_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "PORT": "9000", "TRANSLATORS": "libretranslate, google,mymemory", "SAMPLE": "false", "NLU_URL": "http://nlu/",
        "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_WEBHOOK_URL": "https://desk.example.org/telegram/webhook",
        "TELEGRAM_WEBHOOK_SECRET": SECRET, "DATABASE_URL": "",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"ALLEY_{name}", value)
    settings = load_settings()
    assert settings.port == 9000
    assert settings.translators == ["libretranslate", "google", "mymemory"]
    assert (settings.sample, settings.nlu_url, settings.database_url) == (False, "http://nlu", None)


def test_an_env_file_is_read_and_a_variable_goes_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("ALLEY_PORT=9001\nALLEY_HOST=0.0.0.0\nSOMEBODY_ELSES=1\n")
    monkeypatch.setenv("ALLEY_PORT", "9002")
    settings = load_settings()
    assert (settings.port, settings.host) == (9002, "0.0.0.0")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PORT", "eighty", "integer"),
        ("PORT", "0", "greater than or equal to 1"),
        ("PORT", "70000", "65535"),
        ("LOG_LEVEL", "loud", "'debug', 'info', 'warning' or 'error'"),
        ("SAMPLE", "perhaps", "boolean"),
        ("TRANSLATORS", "google,babelfish", "'libretranslate', 'google' or 'mymemory'"),
        ("NLU_URL", "nlu:5005", "must begin with http:// or https://"),
        ("PUBLIC_URL", "desk.example.org", "must begin with http:// or https://"),
        ("TELEGRAM_BASE_URL", "api.telegram.org", "must begin with http:// or https://"),
        ("LIBRETRANSLATE_URL", "ftp://x", "must begin with http:// or https://"),
        ("CHAT_MESSAGES_PER_MINUTE", "0", "greater than or equal to 1"),
        ("CHAT_MESSAGES_PER_MINUTE_AND_ADDRESS", "-1", "greater than or equal to 1"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str) -> None:
    said = refusal(monkeypatch, **{name: value})
    assert said.startswith(f"ALLEY_{name}: ")
    assert says in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("secret", "says"),
    [
        (None, "at least 32 characters"),
        ("s" * 31, "at least 32 characters"),
        ("s" * 257, "at most 256"),
        ("a secret of thirty-two characters!", "letters, digits"),
    ],
)
def test_a_webhook_needs_a_secret_that_telegram_takes(
    monkeypatch: pytest.MonkeyPatch, secret: str | None, says: str
) -> None:
    """Source: https://core.telegram.org/bots/api#setwebhook"""
    given = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_WEBHOOK_URL": "https://desk.example.org/hook"}
    said = refusal(monkeypatch, **given, **({"TELEGRAM_WEBHOOK_SECRET": secret} if secret else {}))
    assert "ALLEY_TELEGRAM_WEBHOOK_SECRET" in said
    assert says in said
    assert secret is None or secret not in said


def test_a_webhook_needs_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    said = refusal(monkeypatch, TELEGRAM_WEBHOOK_URL="https://desk.example.org/hook", TELEGRAM_WEBHOOK_SECRET=SECRET)
    assert said == "ALLEY_TELEGRAM_WEBHOOK_URL needs ALLEY_TELEGRAM_TOKEN"


def test_an_unknown_setting_in_the_env_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("ALLEY_PROT=8080\n")
    assert refusal(monkeypatch) == "ALLEY_PROT: there is no such setting"


@pytest.mark.parametrize(
    ("url", "used"),
    [
        ("sqlite:///var/alley.db", "sqlite+loop:///var/alley.db"),
        ("postgres://me:pass@db/alley", "postgresql+asyncpg://me:pass@db/alley"),
        ("postgresql+psycopg2://db/alley", "postgresql+asyncpg://db/alley"),
    ],
)
def test_the_databases_driver_is_ours(url: str, used: str) -> None:
    assert async_url(url) == used


@pytest.mark.parametrize("url", ["mysql://db/alley", "alley.db", "", "http://db"])
def test_another_database_is_refused(url: str) -> None:
    with pytest.raises(SettingError, match="ALLEY_DATABASE_URL"):
        async_url(url)


def test_a_databases_password_is_not_repeated() -> None:
    with pytest.raises(SettingError) as refused:
        async_url("mysql://me:hush@db/alley")
    assert "hush" not in str(refused.value)


def test_every_setting_is_in_the_readme() -> None:
    described = set(re.findall(r"^\| `ALLEY_(\w+)` \|", README.read_text(), re.MULTILINE))
    assert described == {field.upper() for field in Settings.model_fields}
