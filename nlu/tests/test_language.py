"""Short messages: their language where it shows, and None where it does not."""

import pytest

from nlu.language import LanguageDetector, LanguageWords

_SENTENCES = [
    ("hola buenos días", "es"),
    ("mujhe madad chahiye kya aap sun rahe hain", "hi"),
    ("kya haal hai", "hi"),
    ("ana 3ayez a7jez maw3ed", "ar"),
    ("where is my permit", "en"),
    ("my permit is late", "en"),
]


@pytest.fixture(scope="module")
def detector() -> LanguageDetector:
    return LanguageDetector(LanguageWords.fit(_SENTENCES), 0.5)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("where is my residence permit", "en"),
        ("Où se trouve le centre civique ?", "fr"),
        ("Wo kann ich meinen Hund anmelden?", "de"),
        ("где мое заявление", "ru"),
        ("де моя заява на дозвіл", "uk"),
        ("我的申请到哪了", "zh"),
        ("我的申請到哪裡了", "zh-Hant"),
        ("申請はどこですか", "ja"),
        ("駅 ドコ", "ja"),
        ("신청 어디까지 됐어요", "ko"),
        ("อยากจองคิว", "th"),
        ("ຢາກຈອງ", "lo"),
        ("ចង់កក់", "km"),
        ("ကြိုတင်မှာချင်ပါတယ်", "my"),
        ("أين طلبي للإقامة من فضلكم", "ar"),
        ("درخواست من کجاست و چه زمانی آماده می‌شود", "fa"),
        ("मेरा आवेदन कहाँ है", "hi"),
        ("כמה זמן זה לוקח", "he"),
        ("bạn có nói tiếng Việt không", "vi"),
        ("请问 visa 怎么办", "zh"),
        ("我的work permit办到哪了", "zh"),
        ("WHERE IS MY PERMIT", "en"),
    ],
)
def test_the_language_shows(detector: LanguageDetector, text: str, language: str) -> None:
    guess = detector.detect(text)
    assert guess.name == language
    assert 0.5 <= guess.confidence <= 1


@pytest.mark.parametrize(("text", "language"), [("hola", "es"), ("mujhe madad chahiye", "hi"), ("3ayez a7jez", "ar")])
def test_the_words_of_the_data_settle_what_fasttext_does_not_know(
    detector: LanguageDetector, text: str, language: str
) -> None:
    assert detector.detect(text).name == language


@pytest.mark.parametrize(
    "text",
    ["", " ", "ok", "OK!", "no", "123456", "👍", "C-2026-000123", "SH-RP-2026-004182", "https://example.org/x", "\0"],
)
def test_what_no_language_shows_in(detector: LanguageDetector, text: str) -> None:
    guess = detector.detect(text)
    assert guess.name is None


def test_the_language_of_the_conversation_decides_where_two_are_likely(detector: LanguageDetector) -> None:
    guess = detector.detect("hola amigos, where is the fiesta")
    other = {"en": "es", "es": "en"}[str(guess.name)]
    assert detector.detect("hola amigos, where is the fiesta", [other]).confidence != guess.confidence
    assert detector.detect("где мое заявление", ["en"]).name == "ru"
