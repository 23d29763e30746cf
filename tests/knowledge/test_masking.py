import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.masking import Span, mask

PRIVATE = {
    "passport": ("my passport is E12345678", ["E12345678"]),
    "passport with a space": ("pasaporte G 1234 5678 perdido", ["G 1234 5678", "1234 5678"]),
    "case": ("what about C-2026-000123?", ["C-2026-000123"]),
    "application": ("SH-RP-2026-004182 ist noch offen", ["SH-RP-2026-004182"]),
    "telephone": ("call +86 138-1234-5678 please", ["138-1234-5678"]),
    "e-mail": ("write to a.b+c@example.org, please", ["a.b+c@example.org"]),
    "birth date": ("born on 5 May 1990", ["5 May 1990"]),
    "Chinese birth date": ("我1990年5月17日出生", ["1990年5月17日"]),
    "Russian birth date": ("родился 17 мая 1990 года", ["17 мая 1990"]),
    "building and room": ("I live in Building 12, room 304", ["Building 12", "room 304"]),
    "Chinese address": ("我住12栋304室", ["12栋304室"]),
    "Arabic digits": ("رقم جوازي A٠١٢٣٤٥٦٧", ["A٠١٢٣٤٥٦٧"]),
    "street": ("the bins at 18 Hongqiao Road stink", ["18 Hongqiao Road"]),
    "Chinese street": ("水城南路55弄那边", ["南路55弄"]),
    "address of the web": ("see https://example.org/a?b=1&c=ü now", ["https://example.org/a?b=1&c=ü"]),
    "account": ("telegram @maria_l is mine", ["@maria_l"]),
    "placeholder": ("Call {phone} today", ["{phone}"]),
    "time": ("at 12:30 on the 3rd", ["12:30", "3rd"]),
}


@pytest.mark.parametrize("case", PRIVATE)
def test_what_is_private_is_hidden_and_comes_back(case: str) -> None:
    text, secrets = PRIVATE[case]
    masked = mask(text)
    assert not any(secret in masked.text for secret in secrets)
    assert not re.search(r"\d", re.sub(r"XQ\d+Z", "", masked.text))
    restored = masked.restore(masked.text)
    assert restored is not None
    assert all(secret in restored for secret in secrets if secret in text)


def test_names_are_hidden_in_any_capitals() -> None:
    masked = mask("maria lópez here, LÓPEZ family; Mariana is a neighbour; 李明也在", ["María López", "Maria", "李明"])
    assert masked.pieces == ("", " here, ", " family; Mariana is a neighbour; ", "也在")


def test_a_name_of_one_letter_hides_nothing() -> None:
    assert mask("a lamp is broken", ["A"]).hidden == ()


@given(st.text(max_size=200), st.lists(st.text(min_size=1, max_size=12), max_size=3))
def test_nothing_is_lost(text: str, names: list[str]) -> None:
    masked = mask(text, names)
    assert masked.join(masked.pieces) == text
    assert len(masked.pieces) == len(masked.hidden) + 1
    restored = masked.restore(masked.text)
    assert restored is not None
    assert re.sub(r"\s", "", restored) == re.sub(r"\s", "", text)


@given(st.lists(st.sampled_from(["the case", "C-2026-000123", "of", "+86 138 0013 8000", "in", "**now**"]), max_size=9))
def test_tokens_may_change_places(words: list[str]) -> None:
    masked = mask(" and ".join(words))
    tokens = re.findall(r"XQ\d+Z", masked.text)
    assert masked.restore(" then ".join(reversed(tokens))) is not None
    assert all(hidden in str(masked.restore(" then ".join(reversed(tokens)))) for hidden in masked.hidden)


@pytest.mark.parametrize("damage", ["", "XQ0Z", "XQ0Z XQ0Z XQ1Z", "XQ0Z XQ2Z", "XQ0 XQ1Z", "XQ0Z XQ1Z XQ5Z"])
def test_a_damaged_token_is_noticed(damage: str) -> None:
    masked = mask("case C-2026-000123 and a@b.cn")
    assert len(masked.hidden) == 2
    assert masked.restore(damage) is None


@pytest.mark.parametrize("harmless", ["caso *XQ0Z y *XQ1Z", "caso xq0z y xq1z", "caso XQ 0 Z y XQ1Z"])
def test_what_services_do_to_tokens_is_undone(harmless: str) -> None:
    assert mask("case C-2026-000123 and a@b.cn").restore(harmless) == "caso C-2026-000123 y a@b.cn"


def test_markup_stands_at_its_word_again() -> None:
    masked = mask("**Bring** your passport \\*now\\*")
    assert masked.restore(masked.text.replace("Bring", "Traiga")) == "**Traiga** your passport \\*now\\*"


def test_what_is_private_goes_before_a_term() -> None:
    def find(text: str) -> list[Span]:
        return [Span(*match.span(), "居留许可") for match in re.finditer("residence permit|12", text)]

    masked = mask("my residence permit in building 12", find_terms=find)
    assert masked.hidden == ("居留许可", "building 12")
