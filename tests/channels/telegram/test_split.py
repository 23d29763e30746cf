"""Long texts in pieces: nothing lost, nothing broken."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.channels.telegram.split import LIMIT, split, to_plain, utf16_length
from knowledge.markup import to_telegram
from tests.peers.telegram._html import parse_html


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def check(text: str, limit: int = LIMIT) -> list[str]:
    """The pieces, after a look that they are what they must be; `parse_html` raises for unbalanced tags."""
    pieces = split(text, limit)
    assert all(utf16_length(piece) <= limit for piece in pieces)
    shown = [parse_html(piece)[0] for piece in pieces]
    assert bare("".join(shown)) == bare(parse_html(text)[0])
    assert all(bare(each) for each in shown)
    return pieces


PROSE = st.lists(
    st.sampled_from(
        ["lift", "**bold words**", "&", "<b>", "\n", "\n\n", "- item", ". ", "。", "؟ ", "।", "你好",
         "😀", "👩‍👩‍👧", "é",
         "e\u0301", " ", "  ", "http://a.b/c", "x" * 30, '"', "'", "\\*", "*"]
    ),
    max_size=60,
).map("".join)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(PROSE, st.integers(40, 120))
def test_pieces_of_what_the_bot_says(text: str, limit: int) -> None:
    check(to_telegram(text), limit)


@settings(max_examples=300, deadline=None)
@given(PROSE, PROSE)
@example("**a" * 3000, "")
def test_pieces_of_a_translation_with_its_original(text: str, original: str) -> None:
    check(f"{to_telegram(text)}\n\n<i>note</i>\n<blockquote expandable>{to_telegram(original * 9)}</blockquote>", 200)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300), st.integers(40, 90))
def test_pieces_of_anything_typed(text: str, limit: int) -> None:
    check(to_telegram(text), limit)


def test_a_short_text_is_one_piece() -> None:
    assert check("Hello, <b>Aiko</b>.\n\nGood day.") == ["Hello, <b>Aiko</b>.\n\nGood day."]
    assert split("") == split(" \n") == split("<b> </b>") == []


def test_exactly_the_limit() -> None:
    assert len(check("x" * LIMIT)) == 1
    assert [len(piece) for piece in check("x" * (LIMIT + 1))] == [LIMIT, 1]
    assert len(check("😀" * (LIMIT // 2))) == 1
    assert len(check("😀" * (LIMIT // 2 + 1))) == 2


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("One two. Three four.\n\nFive six seven eight", "One two. Three four."),  # a paragraph
        ("One two. Three four five six seven eight", "One two."),  # a sentence
        ("One two three four five six seven", "One two three four five"),  # a word
        ("版本是3.5版本。今天很好。明天也很好吗我不知道呢是不是", "版本是3.5版本。今天很好。"),
        ("هل هذا جيد؟ نعم هذا جيد جدا جدا جدا", "هل هذا جيد؟"),
        ("यह ठीक है। हाँ यह बहुत ही ठीक है और अच्छा", "यह ठीक है।"),
        ("He said “it is.” Then he left us all", "He said “it is.”"),
    ],
)
def test_where_it_is_cut(text: str, first: str) -> None:
    assert check(text, 26)[0] == first


def test_what_is_bold_stays_bold() -> None:
    assert check("<b>One two three. Four five six.</b>", 27) == ["<b>One two three.</b>", "<b>Four five six.</b>"]


def test_no_entity_and_no_character_is_torn() -> None:
    assert check("ab&amp;&amp;&amp;cd", 9) == ["ab&amp;", "&amp;", "&amp;cd"]
    assert check("aaaae\u0301bbb", 5) == ["aaaa", "e\u0301bbb"]
    assert check("aaaa👩\u200d👧bb", 8) == ["aaaa", "👩\u200d👧bb"]


def test_plain() -> None:
    assert to_plain("<b>Tom &amp; Aiko</b> &lt;3") == "Tom & Aiko <3"
