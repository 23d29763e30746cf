"""Words come apart also in scripts without spaces, and a token's place is that in the message."""

import pytest
from rasa.shared.nlu.training_data.message import Message

from nlu.components.tokenizer import MultilingualTokenizer


@pytest.fixture(scope="module")
def tokenizer() -> MultilingualTokenizer:
    return MultilingualTokenizer(MultilingualTokenizer.get_default_config())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("我楼上的邻居晚上很吵", ["我", "楼上", "的", "邻居", "晚上", "很", "吵"]),
        ("ฉันต้องการจองเวลา", ["ฉัน", "ต้องการ", "จอง", "เวลา"]),
        ("ຂ້ອຍຕ້ອງການຈອງເວລາ", ["ຂ້ອຍ", "ຕ້ອງການ", "ຈອງ", "ເວລາ"]),
        ("ខ្ញុំចង់កក់ពេលវេលា", ["ខ្ញុំ", "ចង់", "កក់", "ពេលវេលា"]),
        ("ကျွန်ုပ်အချိန်ကြိုတင်မှာချင်ပါတယ်", ["ကျွန်ုပ်", "အချိန်", "ကြိုတင်", "မှာ", "ချင်", "ပါ", "တယ်"]),
        ("東京の市役所はどこですか", ["東京", "の", "市役所", "は", "どこ", "です", "か"]),
        ("Where's my permit, please?", ["Where's", "my", "permit", "please"]),
        ("أين طلبي؟", ["أين", "طلبي"]),
    ],
)
def test_words(tokenizer: MultilingualTokenizer, text: str, words: list[str]) -> None:
    assert [token.text for token in tokenizer.tokenize(Message({"text": text}), "text")] == words


def test_the_place_counts_characters(tokenizer: MultilingualTokenizer) -> None:
    text = "😀😀 gas 🔥 help"
    tokens = tokenizer.tokenize(Message({"text": text}), "text")
    assert [text[token.start : token.end] for token in tokens] == ["gas", "help"]


@pytest.mark.parametrize("text", ["👍", "?!", "...", "\0"])
def test_a_message_without_words_still_has_tokens(tokenizer: MultilingualTokenizer, text: str) -> None:
    tokens = tokenizer.tokenize(Message({"text": text}), "text")
    assert "".join(token.text for token in tokens) == text
