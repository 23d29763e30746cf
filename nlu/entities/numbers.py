"""Reads the numbers of a respelt text, in digits, Chinese numerals and ordinal words; called by `find_entities`."""

import re
from dataclasses import dataclass

from nlu.entities.spelling import respell_word

_NUMERALS = {numeral: value for value, numeral in enumerate("〇一二三四五六七八九十")} | {"零": 0, "两": 2, "兩": 2}
_NUMBER = re.compile(rf"\d+|[{''.join(_NUMERALS)}]+")
_WORD = re.compile(r"[^\s\d.,;:!?()/\"-]+")

# From one to ten, as they stand beside the word for a floor: ordinals, and what people say instead after that word.
_ORDINALS = {
    "en": "first second third fourth fifth sixth seventh eighth ninth tenth",
    "fr": "premier deuxième troisième quatrième cinquième sixième septième huitième neuvième dixième",
    "es": "primer segundo tercer cuarto quinto sexto séptimo octavo noveno décimo",
    "pt": "primeiro segundo terceiro quarto quinto sexto sétimo oitavo nono décimo",
    "it": "primo secondo terzo quarto quinto sesto settimo ottavo nono decimo",
    "de": "ersten zweiten dritten vierten fünften sechsten siebten achten neunten zehnten",
    "nl": "eerste tweede derde vierde vijfde zesde zevende achtste negende tiende",
    "ru": "первом втором третьем четвёртом пятом шестом седьмом восьмом девятом десятом",
    "uk": "першому другому третьому четвертому п'ятому шостому сьомому восьмому дев'ятому десятому",
    "pl": "pierwszym drugim trzecim czwartym piątym szóstym siódmym ósmym dziewiątym dziesiątym",
    "tr": "birinci ikinci üçüncü dördüncü beşinci altıncı yedinci sekizinci dokuzuncu onuncu",
    "hi": "पहली दूसरी तीसरी चौथी पांचवीं छठी सातवीं आठवीं नौवीं दसवीं",
    "ar": "الأول الثاني الثالث الرابع الخامس السادس السابع الثامن التاسع العاشر",
    "fa": "اول دوم سوم چهارم پنجم ششم هفتم هشتم نهم دهم",
}
_CARDINALS = {
    "vi": "một hai ba bốn năm sáu bảy tám chín mười",
    "id": "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh",
    "he": "ראשונה שנייה שלישית רביעית חמישית שישית שביעית שמינית תשיעית עשירית",
}


@dataclass(frozen=True)
class Number:
    """`digits` as written, from `start` to `end`, of the value `value`."""

    digits: str
    value: int
    start: int
    end: int
    kind: str = "digits"  # or numeral (Chinese), ordinal, cardinal (words), long
    language: str = ""  # of a cardinal


def _read_words(table: dict[str, str], kind: str) -> dict[str, tuple[int, str, str]]:
    return {
        respelt: (value, kind, language if kind == "cardinal" else "")
        for language, words in table.items()
        for value, word in enumerate(words.split(), start=1)
        for respelt in respell_word(word)
    }


_WORDS = _read_words(_CARDINALS, "cardinal") | _read_words(_ORDINALS, "ordinal")


def read_numeral(text: str) -> int | None:
    """Up to 99: 三, 十二, 二十, 三十五; also 二〇 as a row of digits."""
    tens, ten, ones = text.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        if ten or len(text) > 2:
            return None
        return int("".join(str(_NUMERALS[numeral]) for numeral in text))
    if not ten:
        return _NUMERALS[text]
    return (_NUMERALS[tens] if tens else 1) * 10 + (_NUMERALS[ones] if ones else 0)


def read_numbers(text: str) -> list[Number]:
    """The numbers in the order of the text, digits before words. A number of more than 6 digits is none of these."""
    numbers: list[Number] = []
    for match in _NUMBER.finditer(text):
        written = match.group()
        if not written[0].isascii():
            value = read_numeral(written) if len(written) <= 3 else None
            if value is not None:
                numbers.append(Number(str(value), value, match.start(), match.end(), "numeral"))
        elif len(written) <= 6:
            numbers.append(Number(written, int(written), match.start(), match.end()))
        else:
            numbers.append(Number(written, -1, match.start(), match.end(), "long"))
    for match in _WORD.finditer(text):
        if match.group() in _WORDS:
            value, kind, language = _WORDS[match.group()]
            numbers.append(Number(str(value), value, match.start(), match.end(), kind, language))
    return numbers
