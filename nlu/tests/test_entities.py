"""Numbers, dates, times, places and contacts are found as people write them, and nothing else is taken for one."""

import random
import time
from itertools import pairwise

import pytest

from nlu.entities import NAMES, Entity, find_entities
from nlu.entities.spelling import respell


def _find(text: str) -> list[tuple[str, str]]:
    return [(entity.name, entity.value) for entity in find_entities(text)]


def _read(expected: str) -> list[tuple[str, str]]:
    pairs = (pair.partition("=") for pair in expected.split())
    return [(name, value) for name, _, value in pairs]


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
        "C-20\u206626-000\u2069123",
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
        "一九九〇年五月十七日",
        "1990년 5월 17일",
        "١٧/٠٥/١٩٩٠",
        "۱۹۹۰-۰۵-۱۷",
        "१७.०५.१९९०",
        "17/5/2533",
        "17 พฤษภาคม 2533",
        "17 May 1990",
        "May 17, 1990",
        "17th of May 1990",
        "17. Mai 1990",
        "17 de mayo de 1990",
        "17 мая 1990",
        "1990. május 17",
        "ngày 17 tháng 5 năm 1990",
    ],
)
def test_dates(written: str) -> None:
    assert _find(f"born {written}.") == [("date", "1990-05-17")]


@pytest.mark.parametrize(
    "written",
    [
        "5 March",
        "5th of March",
        "March 5th",
        "Mar 5",
        "5. März",
        "5 mars",
        "5 de marzo",
        "5 de março",
        "5 marzo",
        "5 maart",
        "5. maaliskuuta",
        "5 marca",
        "5. března",
        "5. ožujka",
        "kovo 5",
        "március 5",
        "5 martie",
        "5 Mart",
        "5 Μαρτίου",
        "5 марта",
        "5 березня",
        "5 наурыз",
        "3-р сарын 5",
        "5 مارس",
        "5 آذار",
        "۵ مارس",
        "5 במרץ",
        "5 मार्च",
        "৫ মার্চ",
        "5 மார்ச்",
        "5 มีนาคม",
        "5 มี.ค.",
        "5 Maret",
        "Marso 5",
        "5 Machi",
        "ngày 5 tháng 3",
        "ngày 5/3",
        "3月5日",
        "三月五号",
        "３月５日",
        "3월 5일",
    ],
)
def test_dates_without_a_year(written: str) -> None:
    [found] = find_entities(f"x {written} x")
    assert (found.name, found.value) == ("date", "--03-05")


TIMES = """
14:30 | can I come at 14:30
14:30 | можно в 14:30?
14:30 | １４：３０でお願いします
14:30 | الموعد ١٤:٣٠
14:30 | on peut passer à 14h30 ?
14:30 | Termin um 14.30 Uhr
14:30 | 14 Uhr 30 wäre gut
14:30 | um 14 Uhr 30.
14:30 | 2.30 pm please
14:30 | 下午2点半
14:30 | 下午两点三十分
14:30 | 午後2時半
14:30 | 오후 2시 반
14:30 | บ่าย 2 โมงครึ่ง
14:30 | alle 14.30
14:30 | kl. 14.30
14:30 | pukul 14.30
08:00 | 8am works
08:00 | at 8 in the morning
08:00 | 8 o'clock
08:00 | 早上八点
08:00 | 8點鐘
08:00 | 朝8時から
08:00 | सुबह 8 बजे
08:00 | सबेरे ৮টায়
08:00 | 8 giờ sáng
08:00 | 8 утра
08:00 | o 8 rano
08:00 | sabah 8'de
08:00 | في 8 صباحًا
08:00 | ساعت ۸ صبح
08:00 | ב-8 בבוקר
08:00 | saa 2 asubuhi
08:00 | ከጠዋቱ 2 ሰዓት
08:00 | 8 โมงเช้า
20:00 | at 8 p.m. it starts
20:00 | um 8 Uhr abends
20:00 | à 8h du soir
20:00 | a las 8 de la noche
20:00 | às 8 da noite
20:00 | 8 di sera
20:00 | в 8 вечера
20:00 | jam 8 malam
20:00 | alas 8 ng gabi
20:00 | 晚上8点开始
20:00 | 저녁 8시
20:00 | este 8-kor
20:00 | 2 ทุ่ม
20:00 | lúc 8h tối
20:00 | الساعة 8 مساء
02:00 | 凌晨两点还在吵
02:00 | в 2 часа ночи
02:00 | gece 2'de
02:00 | रात 2 बजे
02:00 | om 2 uur 's nachts
02:00 | ตี 2
00:00 | 夜里12点
00:00 | 12 am
12:00 | 12 pm
12:30 | 中午十二点半
07:30 | Termin um halb 8
07:30 | half past 7
07:45 | quarter to 8
15:00 | 15 Uhr
15:00 | nous fermons à 15 h
15:00 | στις 15
15:00 | klo 15
"""


@pytest.mark.parametrize("row", TIMES.strip().splitlines())
def test_times(row: str) -> None:
    value, _, text = row.partition(" | ")
    assert _find(text) == [("time", value)]


PLACES = """
building=12 | the lift in building 12 is broken
building=12 | bldg. 12
building=12 | building no. 12
building=14B | in block 14B
building=B | it stinks in tower B
building=12 | 12号楼的电梯坏了
building=12 | 十二栋
building=3 | 3幢门口
building=A | A座大堂
building=12 | 12号棟のエレベーター
building=12 | 12동 앞
building=12 | bâtiment n° 12
building=12 | Haus 12 am Park
building=12 | edificio 12
building=12 | корпус 12
building=12 | будинок 12
building=12 | tòa nhà số 12
building=12 | المبنى رقم ١٢
building=12 | ساختمان ۱۲
building=12 | בבניין 12
building=12 | อาคาร ๑๒
building=12 | ຕຶກ 12
building=12 | gedung 12
building=12 | १२ नम्बर भवन
building=12 | 9 नंबर नहीं, बिल्डिंग 12
building=12 | ১২ নম্বর বিল্ডিংয়ের সামনে
building=12 | 12. blok
building=B | B blok
building=12 | 12-р байрны
building=12 | jengo la 12
building=12 unit=3 room=1502 | 12号楼3单元1502室
building=12 room=1502 | 12号楼1502
building=12 room=1502 | tower 12-1502
building=5 room=602 | 5号602室漏水
building=101 room=1502 | 101동 1502호
floor=3 | third floor hallway
floor=3 | the 3rd floor
floor=3 | floor 3
floor=3 | we live on 3F
floor=5 | the clinic, 5/F
floor=-1 | 地下一层的灯
floor=-1 | 負一樓
floor=-2 | 地下2階
floor=-1 | на -1 этаже
floor=3 | 三楼走廊
floor=35 | 三十五层
floor=3 | 3階の廊下
floor=3 | 3층 복도
floor=3 | au 3e étage
floor=3 | troisième étage
floor=3 | im 3. Stock
floor=3 | 3º piso
floor=3 | tercer piso
floor=3 | 3.º andar
floor=3 | al terzo piano
floor=3 | 3e verdieping
floor=3 | på 3. sal
floor=3 | на 3-м этаже
floor=3 | на третьем этаже
floor=3 | 3 piętro
floor=3 | 3. katta
floor=3 | στον 3ο όροφο
floor=3 | tầng 3
floor=3 | tầng ba
floor=3 | lantai 3
floor=3 | ชั้น 3
floor=3 | الطابق الثالث
floor=3 | الدور ٣
floor=3 | طبقه سوم
floor=3 | קומה 3
floor=3 | तीसरी मंज़िल
floor=3 | ৩ তলায়
floor=3 | 5ኛ ሳይሆን 3ኛ ፎቅ
room=1502 | room 1502
room=1502 | Ｒｏｏｍ　１５０２
room=14B | flat 14B
room=5 | apt #5
room=B1203 | room B-1203
room=1502 | unit 1502
room=1502 | 1502室
room=1502 | 1502号室
room=1502 | 1502호
room=1502 | Zimmer 1502
room=1502 | appartement 1502
room=45 | кв. 45
room=1502 | căn hộ 1502
room=1502 | شقة ١٥٠٢
room=1502 | ห้อง 1502
room=1502 | apto. 1502
time=03:00 building=15 | 3시 15동 앞
building=11 floor=6 time=20:00 | fire in building 11, 6th floor, since 8 pm
"""


@pytest.mark.parametrize("row", PLACES.strip().splitlines())
def test_places(row: str) -> None:
    expected, _, text = row.partition(" | ")
    assert sorted(_find(text)) == sorted(_read(expected))


CONTACTS = """
phone=13800138000 | call me at 138 0013 8000
phone=13800138000 | 我的手机１３８００１３８０００
phone=+8613800138000 | +86 138-0013-8000
phone=02161234567 | 座机 021-61234567
phone=02161234567 | (021) 6123 4567
phone=+33612345678 | joignable au +33 6 12 34 56 78
phone=+442079460958 | +44 (20) 7946 0958
phone=+905321204567 | +90 532 120 45 67
phone=09012345678 | 電話は090-1234-5678です
phone=01012345678 | 010-1234-5678
phone=89123456789 | тел. 8 (912) 345-67-89
phone=0912345678 | số điện thoại: 0912345678
phone=0501234567 | هاتفي ٠٥٠١٢٣٤٥٦٧
passport=E12345678 | E12345678
passport=E12345678 | 护照号码：e12345678
passport=TK1234567 | パスポート番号はTK1234567です
passport=M12345678 | 여권 M12345678
passport=123456789 | my passport number is 123456789
passport=AB1234567 | паспорт № AB 1234567
passport=A1234567 | جواز السفر رقم A1234567
email=jane_doe+x@example.co.uk | write to Jane_Doe+x@example.co.uk.
email=li@example.com | 邮箱是li@example.com谢谢
"""


@pytest.mark.parametrize("row", CONTACTS.strip().splitlines())
def test_contacts(row: str) -> None:
    expected, _, text = row.partition(" | ")
    assert _find(text) == _read(expected)


NOTHING = """
31.02.1990
at 10-12-14
ABC-2026
1990-13-45
0001-01-01
😀
it costs 8.30 or 14.50 euro
€20, $15.30, 500元, 3000 rmb, 20%
the fee went up by 20% to 1,502 yuan
the score was 2:1, a ratio of 1:50
比分21:19
I am 65 years old, my son is 16
我今年65岁，儿子18
bus 12, line 10, exit 4, gate 3
坐12路或者10号线
2호선 타고
HSK 5, category B, Q1 visa, form A1
24 hours, 24/7, 7-Eleven, 24小时, 24時間, 24시간
за 24 часа надо зарегистрироваться
dans les 24 h
dentro de las 24 horas
we waited 3 hours and 20 minutes
pendant 2h30
3 rooms, 2 floors and 4 buildings
apartment of 90 m2, apartment 90 m2, flat 8000 yuan, Wohnung 60 qm
three people in room for 3
3室2厅, 一房一厅
三层楼的房子
共6层
2栋楼
3階建てのマンション
提3点意见，有两点建议
早一点来，晚一点走，有一点吵
一時帰国できますか
3 kat fazla ödedim
3 этажа, 2 корпуса, 5 домов
tăng 30% so với năm ngoái
5 may be enough
building a fence is loud
this is floor lamp number 2
call 110 or 119 or 120, or 12345
call 110 119 120
order 400-820-8820
20260733
n20260733
card 6222 0212 3456 7890 123
id 310104199005171234
RR123456789CN
kol 3am, 3am bet7ki
wa9tach kat7ello sbah
@handle and a@b
3q 886 88
17 x 23 = 391
"""


@pytest.mark.parametrize("text", [*NOTHING.strip().splitlines(), "", " ", "\0\u202e\ud800"])
def test_what_is_none_of_these(text: str) -> None:
    assert find_entities(text) == []


def test_the_place_is_that_in_the_message() -> None:
    text = "😀 ＳＨ－ＲＰ－２０２６－００４１８２ 生日 1990年5月17日! \u200fالمبنى\u200e ١٢, te\u0302n room１５０２"
    found = [text[entity.start : entity.end] for entity in find_entities(text)]
    assert found == ["ＳＨ－ＲＰ－２０２６－００４１８２", "1990年5月17日", "المبنى\u200e ١٢", "room１５０２"]


def test_several_entities_do_not_overlap() -> None:
    found = find_entities("SH-RP-2026-004182 and C-2026-000007, born 17.05.1990")
    assert found == [
        Entity("application_number", "SH-RP-2026-004182", 0, 17),
        Entity("case_number", "C-2026-000007", 22, 35),
        Entity("date", "1990-05-17", 42, 52),
    ]


PIECES = [
    *TIMES.split(),
    *PLACES.split(),
    *CONTACTS.split(),
    "C-2026-000123",
    "1990-05-17",
    "\u200f",
    "\0",
    "ß",
    "ﬁ",
    "½",
]


@pytest.mark.parametrize("seed", range(200))
def test_any_text_gives_well_formed_entities(seed: int) -> None:
    choose = random.Random(seed)
    text = choose.choice(["", " "]).join(choose.choices(PIECES, k=30))
    found = find_entities(text)
    assert all(entity.name in NAMES and entity.value for entity in found)
    assert all(text[entity.start : entity.end].strip() for entity in found)
    assert all(first.end <= second.start for first, second in pairwise(found))


@pytest.mark.parametrize(
    "piece", ["1", "1 ", "12 am ", "a@", "三十 ", "1-", "C-2026-", "+1 ", "0 0-", "\0", "\ud800", "("]
)
def test_a_long_text_takes_no_long_time(piece: str) -> None:
    start = time.process_time()
    find_entities(piece * (10_000 // len(piece)))
    assert time.process_time() - start < 2


@pytest.mark.parametrize("text", ["ß ﬁ İ ŉ", "½ ² ㈱", "\0\u202e\ud800", "𝟏𝟐 🅰", "ΐ", "e\u0301"])
def test_respelling_keeps_the_places(text: str) -> None:
    spelling = respell(text)
    assert len(spelling.places) == len(spelling.text)
    assert list(spelling.places) == sorted(spelling.places)
