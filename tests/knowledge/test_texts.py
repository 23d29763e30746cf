import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogues.names import CATEGORIES
from dialogues.texts import Day, Lines, Prose, Text, _
from knowledge import markup
from knowledge.centre import Centre
from knowledge.texts import Texts

SPOKEN = ("zh", "ja", "ko", "fr", "es", "ar")


def test_english_comes_first(texts: Texts) -> None:
    assert texts.languages[0] == "en"
    assert set(SPOKEN) <= set(texts.languages)


@pytest.mark.parametrize(
    ("language", "word"),
    [("en", "English"), ("zh", "中文"), ("ja", "日本語"), ("ko", "한국어"), ("fr", "français"), ("es", "español"),
     ("ar", "العربية"), ("zh-Hant", "中文"), ("fr-CA", "français"), ("de", "Deutsch"), ("sq", "English")],
)  # fmt: skip
def test_a_language_says_its_own_name(texts: Texts, language: str, word: str) -> None:
    assert word in texts.render(_("From now on I speak English."), language)


def test_parameters_are_rendered_in_the_same_language(texts: Texts) -> None:
    text = _("**{number}** · {category} · {status}\nreported on {day}: {description}",
             number="C-2026-000123", category=CATEGORIES["noise"], status=_("new"), day=Day("2026-11-24"),
             description=Prose("**loud** {music}", "und"))  # fmt: skip
    rendered = texts.render(text, "zh")
    assert rendered == "**C-2026-000123** · 噪音 · 新登记\n2026年11月24日反映：\\*\\*loud\\*\\* {music}"
    assert markup.to_plain(rendered).endswith("**loud** {music}")


def test_the_centre_is_always_known(texts: Texts, centre: Centre) -> None:
    assert texts.render(Text("at {centre}"), "zh") == f"at {centre.name['zh']}"
    assert texts.render(Text("at {centre}", {"centre": "home"}), "zh") == "at home"


def test_a_missing_parameter_is_a_mistake_of_the_program(texts: Texts) -> None:
    with pytest.raises(KeyError, match="number"):
        texts.render(Text("case {number}"), "en")


def test_prose_lines_and_days(texts: Texts) -> None:
    assert texts.render(Prose("**as it is**", "en"), "zh") == "**as it is**"
    assert texts.render(Lines((_("Noise"), _("Pets"))), "fr") == "Bruit\n\nAnimaux"
    assert texts.render(Day("2026-11-24"), "es") == "24 de noviembre de 2026"


@given(st.text())
def test_what_was_typed_is_not_interpreted(texts: Texts, typed: str) -> None:
    rendered = texts.render(Text("{a}|{b}", {"a": typed, "b": Prose(typed, "und")}), "en")
    plain = markup.to_plain(rendered).replace("\u2068", "").replace("\u2069", "")
    assert plain == f"{typed}|{typed}".replace("\u2068", "").replace("\u2069", "")


def test_other_directions_are_isolated(texts: Texts) -> None:
    assert "\u2068C-2026-000123\u2069" in texts.render(Text("رقم {number}", {"number": "C-2026-000123"}), "ar")
    assert "\u2068" not in texts.render(Text("{word}", {"word": "ضوضاء"}), "ar")
    assert texts.render(Text("said: {words}", {"words": "مرحبا"}), "en") == "said: \u2068مرحبا\u2069"
    assert texts.render(Text("number {number}", {"number": 7}), "en") == "number 7"


def test_plain_words_for_pages(texts: Texts) -> None:
    translate = texts.gettext("fr")
    assert translate("Noise") == "Bruit"
    assert translate("**{a}**", a="*x*") == "*x*"


def test_loading_is_fast(centre: Centre) -> None:
    start = time.perf_counter()
    Texts(centre)
    assert time.perf_counter() - start < 0.3
