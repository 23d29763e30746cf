from pathlib import Path

import pytest

from bot.errors import ContentError
from knowledge.languages import load_languages, nearest


@pytest.mark.parametrize(
    ("code", "found"),
    [("zh", "zh"), ("zh-Hant", "zh"), ("zh_TW", "zh"), ("fr-CA", "fr"), ("de", "en"), ("", "en"), ("x", "en")],
)
def test_nearest(code: str, found: str) -> None:
    assert nearest(code, {"en", "zh", "fr"}) == found


def test_shipped_languages() -> None:
    languages = load_languages()
    assert languages.endonym("ja") == "日本語"
    assert languages.endonym("fr-CA") == "Français"
    assert languages.endonym("tlh") == "tlh"
    assert languages.is_rtl("ar")
    assert not languages.is_rtl("tlh")
    assert languages.offered({"ar", "en"}) == (("en", "English"), ("ar", "العربية"))
    assert "zh-Hant" in languages
    assert len(list(languages)) >= 20


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- {code: zh, name: 中文, english: Chinese, direction: ltr}", "en is missing"),
        ("- &e {code: en, name: English, english: English, direction: ltr}\n- *e", "more than once"),
        ("- {code: en, name: English, english: English, direction: up}", "0.direction"),
    ],
)
def test_wrong_files(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "languages.yaml"
    path.write_text(text)
    with pytest.raises(ContentError, match=problem):
        load_languages(path)
