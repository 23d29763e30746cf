"""The words that make a number an hour, by language; called by `times`. `#` is the number."""

# With one of these before it, a number is an hour.
AT = {
    "es": "a las # | a la # | desde las # | hasta las # | sobre las # | para las # | entre las #",
    "ca": "a les #",
    "pt": "às # | até às #",
    "it": "alle # | ore # | dalle #",
    "ro": "ora # | orele #",
    "sv": "kl # | klockan # | klokka # | klokken #",
    "fi": "klo # | kello #",
    "et": "kell #",
    "lv": "plkst #",
    "lt": "val #",
    "pl": "godz # | godzinie # | godziny # | godzinę #",
    "sq": "ora # | orën #",
    "tr": "saat # | saati #",
    "uz": "soat #",
    "kk": "сағат #",
    "ky": "саат #",
    "id": "jam # | pukul #",
    "tl": "alas # | alas-#",
    "ar": "الساعة #",
    "fa": "ساعت #",
    "he": "בשעה # | השעה #",
    "el": "στις # | στη # | ώρα #",
    "hy": "ժամը #",
    "km": "ម៉ោង #",
    "vi": "lúc #",
    "ha": "karfe #",
}

# With one of these after it, a number is an hour.
HOUR = {
    "en": "# o'clock | # oclock",
    "de": "# uhr",
    "hu": "# órakor | # órától | # óráig | # órára | # -kor",
    "uk": "# годині | # годину",
    "ky": "# саатта",
    "mn": "# цагт | # цагаас",
    "ka": "# საათზე | # საათიდან | # საათამდე",
    "zh": "# 点钟 | # 點鐘 | # 点整 | # 點整 | # 时整",
    "ja": "# 時",
    "ko": "# 시",
    "hi": "# बजे | # बजकर | # baje",
    "ne": "# बजेदेखि | # बजेसम्म",
    "ur": "# بجے",
    "pa": "# ਵਜੇ",
    "bn": "# টায় | # টার পর | # টার মধ্যে | # টার দিকে | # টা থেকে | # টা পর্যন্ত",
    "ta": "# மணி",
    "te": "# గంటలకు",
    "th": "# น. | # นาฬิกา",
}

# These after a number may as well count hours or points; an hour they are with a word of FROM before the number, a
# part of the day or minutes.
HOUR_OR_HOURS = {
    "fr": "# h | # heures | # heure",
    "pt": "# hs | # horas",
    "nl": "# uur",
    "ru": "# часов | # часа | # час | # ч",
    "uk": "# годин | # години",
    "bg": "# часа",
    "sr": "# sati | # sata | # сати",
    "sl": "# uri",
    "cs": "# hodin | # hodiny | # hod",
    "sk": "# hodín | # hodine",
    "lt": "# val | # valandą",
    "tr": "# 'de | # 'da | # 'te | # 'ta | # 'den | # 'dan | # 'ten | # 'tan | # 'e kadar | # 'a kadar | # 'ye kadar"
    " | # 'ya kadar",
    "mn": "# цаг",
    "vi": "# giờ",
    "zh": "# 点 | # 點 | # 时",
    "bn": "# টা | # টার",
    "te": "# గంటల",
    "my": "# နာရီ",
    "am": "# ሰዓት",
}
FROM = {
    "en": "at # | by # | until # | till # | til # | before # | after # | from # | since # | around # | about #",
    "fr": "à # | vers # | avant # | dès # | jusqu'à # | entre # | demain # | lundi # | mardi # | mercredi #"
    " | jeudi # | vendredi #"
    " | samedi # | dimanche #",
    "pt": "às # | as # | das # | até as # | depois das # | antes das #",
    "es": "las #",
    "de": "um # | ab # | bis # | gegen # | vor # | nach #",
    "nl": "om # | tot # | vanaf # | rond #",
    "ro": "la # | până la # | după # | de la #",
    "ru": "в # | к # | до #",
    "uk": "о # | об #",
    "bg": "от # | след # | към #",
    "sr": "u # | do # | od # | oko # | у # | од #",
    "sl": "ob #",
    "cs": "v # | ve # | po # | kolem # | před #",
    "pl": "o # | przed # | około #",
    "vi": "lúc # | từ # | đến # | tới # | trước # | sau #",
    "id": "sampai # | dari # | sebelum #",
    "fa": "تا # | از #",
    "he": "ב-# | מ-# | ל-# | עד # | אחרי # | לפני #",
    "ar": "حتى # | لحد # | من #",
    "zh": "到 # | 至 # | 从 # | 從 # | 每天 # | 今天 # | 明天 # | 后天 # | 後天 # | 昨天 # | 天天 # | 周一 #"
    " | 周二 # | 周三 # | 周四 #"
    " | 周五 # | 周六 # | 周日 # | 星期一 # | 星期二 # | 星期三 # | 星期四 # | 星期五 # | 星期六 # | 星期日 #"
    " | 星期天 #",
}

# Minutes to add to the full hour. With one of these before it, a number is an hour.
OFFSETS_BEFORE = {
    -30: {
        "de": "halb #",
        "nl": "om half # | tot half # | rond half # | vanaf half #",
        "sv": "halv #",
        "cs": "v půl #",
        "pl": "wpół do #",
        "hu": "fél #",
        "fi": "puoli #",
        "et": "kell pool #",
        "id": "jam setengah #",
    },
    -15: {"en": "quarter to #", "de": "viertel vor #"},
    15: {"en": "quarter past #", "de": "viertel nach #"},
    30: {"en": "half past #", "hi": "साढ़े # | साढे #", "bn": "সাড়ে #"},
}
# With the word for an hour and one of these, as in 3点半, a number is an hour.
OFFSETS_AFTER_HOUR = {
    15: {"zh": "# 一刻"},
    30: {"zh": "# 半", "ko": "# 반", "vi": "# rưỡi", "th": "# ครึ่ง", "lo": "# ເຄິ່ງ"},
    45: {"zh": "# 三刻"},
}
# One of these says nothing: "3 y media".
OFFSETS_AFTER = {
    -15: {"es": "# menos cuarto", "fr": "# moins le quart"},
    15: {"es": "# y cuarto", "fr": "# et quart", "it": "# e un quarto"},
    30: {
        "fr": "# et demie",
        "es": "# y media",
        "pt": "# e meia",
        "it": "# e mezza | # e mezzo",
        "ca": "# i mitja",
        "ro": "# și jumătate",
        "tr": "# buçuk*",
        "ar": "# ونص | # ونصف | # و نص | # والنصف",
        "fa": "# و نیم",
        "he": "# וחצי",
        "el": "# και μισή",
    },
}

# What follows an hour and not a list of points; no part of the time.
GOES_ON = {
    "zh": "# 多 | # 左右 | # 前 | # 后 | # 後 | # 之前 | # 之后 | # 以前 | # 以后 | # 开始 | # 開始 | # 到"
    " | # 至 | # 起 | # 就 | # 还 | # 還"
    " | # 才 | # 了 | # 关门 | # 开门 | # 下班 | # 上班",
}

# After it: a duration, a shop, a list of points.
NOT_AN_HOUR = {
    "zh": "# 点意见 | # 点建议 | # 点要求 | # 点钟头",
    "ja": "# 時間 | # 時期",
    "ko": "# 시간 | # 시내 | # 시즌",
    "de": "# am montag | # am dienstag | # am mittwoch | # am donnerstag | # am freitag | # am samstag | # am sonntag"
    " | # am wochenende | # am vormittag | # am nachmittag | # am abend | # am ende | # am morgen",
    "vi": "# giờ đồng hồ",
    "ta": "# மணி நேரம் | # மணிநேரம் | # மணி நேர*",
    "fr": "# h/24 | # h/7",
}
# Before it: a ratio, a score, a scale, how long something lasts.
NOT_A_TIME = {
    "en": "ratio # | ratio of # | scale # | score # | won # | win # | beat them # | lost # | leads # | led #",
    "zh": "比分 # | 比例 # | 比例尺 #",
    "de": "verhältnis # | maßstab # | endstand #",
    "fr": "pendant # | durée # | durée de # | ratio # | score # | dure #",
    "ar, in Latin letters": "kol # | had l# | l#",  # 3am is a year
    "es": "marcador # | proporción # | durante #",
    "pt": "durante # | placar #",
    "ru": "счёт # | со счётом # | соотношение #",
}
