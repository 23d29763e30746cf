"""Numbers and dates are found in any digits and spacing, and their place is that in the message."""

import pytest

from nlu.entities import Entity, find_entities, respell


def _find(text: str) -> list[tuple[str, str]]:
    return [(entity.name, entity.value) for entity in find_entities(text)]


@pytest.mark.parametrize(
    "written",
    [
        "C-2026-000123",
        "c-2026-000123",
        "C2026000123",
        "C 2026 000123",
        "C – 2026 – 000 123",
        "Ｃ－２０２６－０００１２３",
        "C-٢٠٢٦-٠٠٠١٢٣",
        "C-۲۰۲۶-۰۰۰۱۲۳",
        "C-२०२६-०००१२३",
        "C-2026-123",
        "С-2026-000123",  # Cyrillic
        "\u200eC-2026-000123\u200f",
    ],
)
def test_case_numbers(written: str) -> None:
    assert _find(f"about {written}, please") == [("case_number", "C-2026-000123")]
    assert _find(f"案件{written}怎么样了") == [("case_number", "C-2026-000123")]


@pytest.mark.parametrize(
    "written",
    [
        "SH-RP-2026-004182",
        "sh-rp-2026-004182",
        "SH RP 2026 004182",
        "SHRP2026004182",
        "ＳＨ－ＲＰ－２０２６－００４１８２",
        "SH-RP-٢٠٢٦-٠٠٤١٨٢",
        "SH-RP-۲۰۲۶-۰۰۴۱۸۲",
        "SH-RP-२०२६-००४१८२",
        "SH_RP_2026_004182",
        "SH-RP-2026-00 41 82",
    ],
)
def test_application_numbers(written: str) -> None:
    assert _find(f"my number is {written}") == [("application_number", "SH-RP-2026-004182")]


@pytest.mark.parametrize(
    "written",
    [
        "1990-05-17",
        "1990/5/17",
        "1990. 5. 17",
        "17.05.1990",
        "17/5/1990",
        "17-05-1990",
        "05/17/1990",
        "1990年5月17日",
        "１９９０年５月１７日",
        "1990년 5월 17일",
        "١٧/٠٥/١٩٩٠",
        "۱۹۹۰-۰۵-۱۷",
        "१७.०५.१९९०",
        "17/5/2533",
    ],
)
def test_dates(written: str) -> None:
    assert _find(f"born {written}.") == [("date", "1990-05-17")]


@pytest.mark.parametrize(
    "text",
    ["31.02.1990", "at 10-12-14", "room 2026", "ABC-2026", "1990-13-45", "0001-01-01", "", "😀", "+86 21 1234 5678"],
)
def test_what_is_neither(text: str) -> None:
    assert find_entities(text) == []


def test_the_place_is_that_in_the_message() -> None:
    text = "😀 ＳＨ－ＲＰ－２０２６－００４１８２ 生日 1990年5月17日!"
    found = [text[entity.start : entity.end] for entity in find_entities(text)]
    assert found == ["ＳＨ－ＲＰ－２０２６－００４１８２", "1990年5月17日"]


def test_several_entities_do_not_overlap() -> None:
    found = find_entities("SH-RP-2026-004182 and C-2026-000007, born 17.05.1990")
    assert found == [
        Entity("application_number", "SH-RP-2026-004182", 0, 17),
        Entity("case_number", "C-2026-000007", 22, 35),
        Entity("date", "1990-05-17", 42, 52),
    ]


@pytest.mark.parametrize("text", ["ß ﬁ İ ŉ", "½ ² ㈱", "\0\u202e\ud800", "𝟏𝟐 🅰", "ΐ"])
def test_respelling_keeps_the_length(text: str) -> None:
    assert len(respell(text)) == len(text)
