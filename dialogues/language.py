"""Which language to answer in. Called by bot/engine.py before a dialogue begins."""

from collections.abc import Collection

from dialogues.turn import Understanding

SURE = 0.8
WORDS = 3  # a name or an "ok" is no sign of a language
ELSE = "en"  # for a language that the bot reads but does not speak


def answer_in(current: str, *, chosen: bool, offered: Collection[str], text: str, understood: Understanding) -> str:
    """The language of the message when it is clear, else the conversation's; one that was chosen stays."""
    found = understood.language
    if chosen or found is None or understood.language_confidence < SURE or not _is_long(text):
        return current
    return next((code for code in (found, found.split("-")[0]) if code in offered), ELSE)


def _is_long(text: str) -> bool:
    """Three words, or six letters of a script that writes none between them."""
    letters = [sign for sign in text if sign.isalpha()]
    unspaced = sum(ord(sign) >= 0x0E00 for sign in letters)
    return len(text.split()) >= WORDS or unspaced >= 2 * WORDS
