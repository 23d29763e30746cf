"""The words that name a telephone or passport number, by language; called by `contacts`."""

from nlu.entities.phrases import Words, word_set

_PHONE = {
    "en": "phone | telephone | tel | mobile | mobile phone | cell | cellphone | whatsapp | call me at"
    " | call me on | call",
    "zh": "电话 | 手机 | 手机号 | 電話 | 手機 | 联系方式 | 打给我",
    "ja": "電話番号 | 携帯 | 携帯番号",
    "ko": "전화 | 전화번호 | 휴대폰 | 핸드폰 | 연락처",
    "fr": "téléphone | tél | portable | mon numéro",
    "de": "telefon | handy | handynummer | telefonnummer | mobil",
    "es": "teléfono | móvil | celular | mi número",
    "pt": "telefone | telemóvel | meu número",
    "it": "telefono | cellulare",
    "ru": "телефон | тел | телефона | мобильный",
    "uk": "телефон | номер телефону",
    "pl": "telefon | telefonu | komórka",
    "tr": "telefon | telefonum | cep | cep telefonu",
    "ar": "هاتف | الهاتف | هاتفي | جوال | جوالي | موبايل | تلفون | تليفون",
    "fa": "تلفن | موبایل | همراه",
    "he": "טלפון | נייד",
    "hi": "फोन | फ़ोन | मोबाइल",
    "bn": "ফোন | মোবাইল",
    "ur": "فون | موبائل",
    "vi": "điện thoại | số điện thoại | sđt | sdt",
    "th": "โทร | โทรศัพท์ | เบอร์ | เบอร์โทร | มือถือ",
    "id": "telepon | telp | hp | no hp | nomor hp | wa",
    "nl": "telefoon | telefoonnummer | mobiel",
    "sv": "mobilnummer | telefonnummer",
    "el": "τηλέφωνο | κινητό",
    "sw": "simu",
}
_PASSPORT = {
    "en": "passport | pass",
    "zh": "护照 | 護照",
    "ja": "パスポート | 旅券",
    "ko": "여권",
    "fr": "passeport",
    "de": "reisepass | pass | passnummer | reisepassnummer",
    "es": "pasaporte",
    "pt": "passaporte",
    "it": "passaporto",
    "ru": "паспорт | паспорта | загранпаспорт",
    "uk": "паспорт",
    "pl": "paszport | paszportu",
    "cs": "pas | pasu",
    "tr": "pasaport | pasaportum",
    "ar": "جواز | الجواز | جواز السفر | جواز سفر | جوازي",
    "fa": "گذرنامه | پاسپورت",
    "he": "דרכון",
    "hi": "पासपोर्ट",
    "bn": "পাসপোর্ট",
    "ur": "پاسپورٹ",
    "vi": "hộ chiếu | số hộ chiếu",
    "th": "พาสปอร์ต | หนังสือเดินทาง",
    "id": "paspor",
    "nl": "paspoort | paspoortnummer",
    "sv": "passnummer",
    "el": "διαβατήριο | διαβατηρίου",
    "ro": "pașaport",
    "hu": "útlevél | útlevelem",
    "fi": "passi",
    "sw": "pasipoti",
    "my": "နိုင်ငံကူးလက်မှတ်",
}
# What may stand between such a word and its number.
LINKS = word_set(
    "number no nr num n° nº is id my # № numéro est número es numero é è número номер мой nummer ist numer"
    " numara numaram numarası رقم هو رقمي شماره מספר नंबर নম্বর نمبر số là หมายเลข เลขที่ คือ nomor saya adalah"
    " 号码 号码是 號碼 号 是 我的 番号 は 番号は 번호 번호는 는 은 है αριθμός lambar namba la yangu ni"
)


def _read(table: dict[str, str]) -> Words[bool]:
    return Words((word.strip(), True) for line in table.values() for word in line.split("|"))


PHONE_WORDS = _read(_PHONE)
PASSPORT_WORDS = _read(_PASSPORT)
