"""What makes a number a quantity, a price or an age rather than a place or an hour; called by the finders of these."""

import re

from nlu.entities.phrases import skip_spaces, word_set

_SIGNS = re.compile(r" ?(?:[%€$£¥₽₩₹°²³+×*=]|[.,/:]\d|-\d|X ?\d)")

_MEASURES = {
    "signs": "km m cm mm m2 m² ㎡ sqm sq qm kg g kw kwh h hrs min mins sec db mb gb gbps ",
    "money": "yuan rmb cny usd dollar dollars euro euros eur kuai kr zł zl tl rub руб rub. k 元 块 塊 万 萬 円"
    " 원 위안 юаней юань"
    " юаня рублей евро юанів злотих يوان ريال درهم دولار یوان تومان युआन रुपये ইউয়ান টাকা tệ tr triệu nghìn"
    " หยวน บาท yuán"
    " ribu juta mil mila tausend",
    "en": "year years yr yrs month months week weeks day days hour hours minute minutes second seconds times people"
    " persons person guests kids children adults bedroom bedrooms rooms floors storeys stories cars dogs cats bikes"
    " spaces spots bags bins units copies percent degrees meters metres feet ft more",
    "fr": "an ans mois semaine semaines jour jours heure heures minute minutes fois personnes pièces chambres étages"
    " chiens voitures",
    "de": "jahr jahre jahren monat monate monaten woche wochen tage tagen stunde stunden minute minuten mal personen"
    " leute hunde autos stockwerke etagen kinder",
    "es": "año años mes meses semana semanas día días hora horas minuto minutos veces personas habitaciones"
    " pisos perros"
    " coches",
    "pt": "ano anos mês meses semana semanas dia dias hora horas minuto minutos vezes pessoas quartos andares",
    "it": "anno anni mese mesi settimana settimane giorno giorni ora ore minuto minuti volte persone stanze"
    " camere piani",
    "nl": "jaar maand maanden week weken dag dagen uren minuten keer personen mensen kamers",
    "sv": "månad månader vecka veckor dag dagar timmar minuter gånger personer rum",
    "pl": "rok lata lat miesiąc miesiące miesięcy tydzień tygodnie tygodni dni godziny godzin minut razy osób osoby"
    " pokoje",
    "cs": "rok roky let měsíc měsíce měsíců týdny týdnů dny dní hodiny minut krát osob osoby",
    "ru": "год года лет месяц месяца месяцев неделя недели недель день дней минуты минут раз раза человек"
    " человека людей"
    " комнаты комнат этажа этажей машины собаки кв кв.м м м2 м² метров",
    "uk": "рік роки років місяць місяці місяців тиждень тижні тижнів день дні днів хвилин раз рази разів людей осіб",
    "tr": "yıl yıldır yaş yaşında aydır haftadır gündür dakika kez kere kişi kişilik lira yuan köpek tane",
    "vi": "năm tháng tuần phút lần người tuổi ",
    "id": "tahun menit kali orang ekor ",
    "tl": "taon buwan minuto beses tao",
    "th": "ปี เดือน นาที ครั้ง คน ชั่วโมง ตัว",
    "zh": "年 岁 歲 个 個 天 周 次 人 位 分钟 小时 小時 平 平米 平方 度 米 号线 路",
    "ja": "年 歳 才 個 日間 週間 回 人 名 分間 時間 台 匹",
    "ko": "년 살 개월 개 번 명 분 시간 대 마리 평",
    "ar": "سنة سنوات شهر أشهر شهور أسبوع أسابيع أيام ساعات دقيقة دقائق مرة مرات أشخاص غرف متر",
    "fa": "سال دقیقه بار نفر متر متری خوابه",
    "he": "שנה שנים חודש חודשים שבוע שבועות ימים שעות דקות פעמים אנשים חדרים",
    "hi": "साल महीने महीना हफ्ते घंटे मिनट बार लोग saal mahine ghante log",
    "bn": "বছর মাস সপ্তাহ দিন ঘণ্টা মিনিট বার জন",
    "ur": "سال مہینے ہفتے گھنٹے منٹ بار لوگ",
    "sw": "miaka miezi dakika mara watu",
    "el": "χρόνια μήνες εβδομάδες μέρες ώρες λεπτά φορές άτομα τ.μ.",
    "hu": "év éve hónap hónapja óra perc fő szobás nm",
    "ro": "an ani săptămâni zile minute persoane camere lei",
    "fi": "vuotta kuukautta viikkoa päivää tuntia minuuttia kertaa henkilöä neliötä",
}
_WORDS = word_set(*_MEASURES.values())


def is_measure(text: str, end: int) -> bool:
    """Whether what follows a number that ends at `end` counts or measures: a decimal, a range, a unit, a price."""
    return bool(_SIGNS.match(text, end)) or _WORDS.after(text, skip_spaces(text, end)) is not None
