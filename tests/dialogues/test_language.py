"""Which language an answer is in."""

import pytest

from dialogues.language import answer_in
from dialogues.turn import Understanding

OFFERED = ("en", "zh", "ja", "fr")


@pytest.mark.parametrize(
    ("text", "found", "confidence", "expected"),
    [
        ("où est le centre", "fr", 0.99, "fr"),
        ("où est le centre", "fr", 0.5, "zh"),  # not sure
        ("merci", "fr", 0.99, "zh"),  # one word is no sign
        ("ゴミの出し方を教えて", "ja", 0.99, "ja"),
        ("ゴミ", "ja", 0.99, "zh"),
        ("wo ist das Amt", "de", 0.99, "en"),  # read, but not spoken
        ("垃圾怎么分类啊", "zh-Hans", 0.99, "zh"),
        ("👍", None, 0.0, "zh"),
        ("", None, 0.0, "zh"),
    ],
)
def test_the_language_of_a_clear_message(text, found, confidence, expected):
    understood = Understanding(language=found, language_confidence=confidence)
    assert answer_in("zh", chosen=False, offered=OFFERED, text=text, understood=understood) == expected


def test_a_language_that_was_chosen_stays():
    understood = Understanding(language="fr", language_confidence=0.99)
    assert answer_in("zh", chosen=True, offered=OFFERED, text="où est le centre", understood=understood) == "zh"
