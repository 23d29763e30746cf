"""Sentences on which `_conversion.py` finds outliers and `__init__.py` checks the engine, most of them from `data/`.

They stand here because neither may depend on data that grows, nor fail while somebody edits it.
"""

PROBES = (
    "hello there",
    "slm",
    "👍",
    "The square dancers under our window have a huge speaker, can someone tell them to turn it down after 9pm",
    "what is the difference between category A, B and C",
    "Where is my application SH-RP-2026-004182?",
    "جاري في 1102 مشغل الموسيقى على أعلى صوت كل ليلة لحد الفجر",
    "Ich wechsle zum 1. Juli die Firma, muss das Work Permit neu beantragt werden?",
    "Un perro suelto mordió al mío en el patio, edificio 6",
    "les mamies dansent avec la sono à fond sous mes fenêtres tous les soirs, bébé ne dort plus",
    "company change kari to naya work permit lagega?",
    "पार्क में रोज़ रात दस बजे तक तेज़ संगीत बजता है",
    "renovasi di gedung 11 ngebor dari jam 6 pagi padahal hari minggu",
    "c'è un cane che abbaia sul balcone di fronte da stamattina alle 6",
    "広場のダンス音楽がうるさすぎます。8号棟まで丸聞こえ",
    "회사 옮기면 취업허가 새로 받아야 하나요",
    "meu salário é 40 mil yuan, a permissão de trabalho sai como A ou B?",
    "под окнами бабушки танцуют с колонкой до 10 вечера, ребёнок не засыпает",
    "ตึก 11 เจาะผนังตั้งแต่หกโมงเช้าวันอาทิตย์",
    "nhom nhay quang truong mo loa to den 10h dem o cong vien",
    "礼拜天一大早收废品的喇叭在弄堂里来回喊",
    "12號樓裝修，禮拜天一早七點就在電鑽，可以請人來制止嗎",
    "Πού είναι το δημοτικό κέντρο;",
    "Naweza kuleta mbwa wangu bila leseni?",
)
