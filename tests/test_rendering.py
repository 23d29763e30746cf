import asyncio
from dataclasses import dataclass, field

import pytest

from bot.errors import TranslationFailed
from bot.messages import OutgoingButton
from bot.rendering import Renderer
from dialogues.effects import Button, Say
from dialogues.texts import Prose, _
from knowledge.centre import load_centre
from knowledge.texts import Texts
from knowledge.translation_memory import Translation

TEXTS = Texts(load_centre())


@dataclass
class FakeTranslator:
    is_down: bool = False
    names: set[str] = field(default_factory=set)

    async def translate(self, text: str, source: str | None, target: str, names: object = ()) -> Translation:
        await asyncio.sleep(0)
        self.names |= set(names)  # type: ignore[call-overload]
        if self.is_down:
            raise TranslationFailed("none answers")
        return Translation(f"<{source}:{target}> {text}", "fake")


def renderer(translator: FakeTranslator | None = None) -> Renderer:
    return Renderer(TEXTS, translator or FakeTranslator(), TEXTS.languages)


ANSWER = Say(
    Prose("**Tax**\n\nPay it.", "en"),
    (Button(Prose("If late", "en"), "go:faq/tax#late"), Button(_("Contact"), "go:faq/contact")),
)


async def test_what_is_written_is_not_translated() -> None:
    said = await renderer().render(Say(_("Send"), (Button(_("Contact"), "go:faq/contact"),)), "fr-CA")
    assert (said.text, said.language, said.origin) == ("Envoyer", "fr", None)
    assert said.buttons == (OutgoingButton("Contact", "go:faq/contact"),)


async def test_an_answer_of_another_language_is_translated_and_says_so() -> None:
    translator = FakeTranslator()
    said = await renderer(translator).render(ANSWER, "fr", ["Maria"])
    assert (said.text, said.language, said.origin) == ("<en:fr> **Tax**\n\nPay it.", "fr", "machine")
    assert said.original == "**Tax**\n\nPay it."
    assert [button.label for button in said.buttons] == ["<en:fr> If late", "Contact"]
    assert translator.names == {"Maria"}


async def test_in_a_language_without_texts_all_of_it_is_translated() -> None:
    said = await renderer().render(Say(_("Send"), (Button(_("Contact"), "go:faq/contact"),)), "sq")
    assert (said.text, said.buttons[0].label) == ("<en:sq> Send", "<en:sq> Contact")
    assert (said.original, said.origin) == ("Send", "machine")


async def test_without_a_translator_an_answer_says_why_it_is_in_another_language() -> None:
    said = await renderer(FakeTranslator(is_down=True)).render(ANSWER, "fr")
    assert said.text.endswith("(anglais) :\n\n**Tax**\n\nPay it.")
    assert (said.language, said.origin) == ("en", "human")
    assert said.buttons[0].label == "If late"


async def test_without_a_translator_the_bot_s_own_words_are_english() -> None:
    assert (await renderer(FakeTranslator(is_down=True)).render(Say(_("Send")), "sq")).text == "Send"


@pytest.mark.parametrize(("written", "spoken"), [("zh", "zh-Hans"), ("en", "en-GB")])
async def test_a_variety_is_the_same_language(written: str, spoken: str) -> None:
    said = await renderer().render(Say(Prose("x", written)), spoken)
    assert (said.text, said.origin) == ("x", "human")
