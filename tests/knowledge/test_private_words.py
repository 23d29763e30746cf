"""What is private does not leave the machine, and what is protected comes back as it was: a thousand messages."""

import asyncio
import random
from collections.abc import Iterator

import pytest

from knowledge.centre import load_centre
from knowledge.glossary import load_glossary
from knowledge.translation import TranslatorChain
from tests.peers.apertium import apertium, is_installed, to_spanish
from tests.peers.translators import Service, service

chance = random.Random(4)


def digits(count: int) -> str:
    return "".join(chance.choices("0123456789", k=count))


NAMES = ["Maria Lopez", "Tanaka Yuko", "Ahmed Al-Sayed", "Li Ming", "O'Brien", "Łukasz Nowak"]
MAKERS = {
    "passport": lambda: chance.choice("EGJKP") + digits(8),
    "permit": lambda: f"{chance.randrange(100, 999)}{digits(9)}",
    "case": lambda: f"C-2026-{digits(6)}",
    "application": lambda: f"SH-{chance.choice(['RP', 'WP', 'VI'])}-2026-{digits(6)}",
    "telephone": lambda: chance.choice([f"+86 138 {digits(4)} {digits(4)}", f"021-{digits(4)}-{digits(4)}"]),
    "e-mail": lambda: f"{chance.choice(['yuko.t', 'al_sayed', 'm-lopez'])}{digits(2)}@example.org",
    "birth date": lambda: f"19{digits(2)}-0{chance.randrange(1, 9)}-1{chance.randrange(9)}",
    "birth date in words": lambda: f"{chance.randrange(10, 28)} March 19{digits(2)}",
    "address": lambda: f"building {chance.randrange(2, 40)}, room {chance.randrange(2, 30)}0{chance.randrange(1, 9)}",
    "web": lambda: f"https://example.org/{digits(4)}?id={digits(5)}",
    "name": lambda: chance.choice(NAMES),
}
SENTENCES = [
    "Hello, I am waiting since Monday: {}, please tell me more about {}.",
    "The lift is broken again ({}), my mother cannot go out. {}",
    "I lost my bag with {} in the metro and somebody called me about {}",
    "Please write {} on the form, not {}!",
    "Is {} right? They told me {} and then nothing happened.",
    "My neighbour {} makes noise every night, see {}",
    "{} {} is what the officer asked for",
    "can you change {} to {} before my residence permit ends",
]
PLACEHOLDERS = ["{name}", "{number}", "**", "AB-1234", "3.5 %", "12:30", "{day}"]


def message(number: int) -> tuple[str, list[str]]:
    """A text, and what in it is private."""
    spans = [MAKERS[kind]() for kind in chance.sample(sorted(MAKERS), 2)]
    return SENTENCES[number % len(SENTENCES)].format(*spans), spans


@pytest.fixture
def canary() -> Iterator[Service]:
    with service() as peer:
        yield peer


async def test_a_service_sees_nothing_private_and_neither_do_the_logs(
    canary: Service, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    chain = TranslatorChain(
        ["libretranslate"], None, load_glossary(load_centre()), urls=canary.urls, deadline=120
    )  # fmt: skip
    messages = [message(number) for number in range(1000)]
    made = await asyncio.gather(*(chain.translate(text, "en", "fr", NAMES) for text, _spans in messages))
    assert len(canary.asked) >= 1000
    seen = "\n".join([*canary.asked, *canary.paths, *capfd.readouterr(), caplog.text])
    for (text, spans), translation in zip(messages, made, strict=True):
        for span in spans:
            assert span not in seen, text
            assert span in translation.text, (text, translation.text)
    for part in {part for name in NAMES for part in name.split()}:
        assert part not in seen


@pytest.mark.skipif(not is_installed(), reason="apertium-apy and apertium-eng-spa are not installed")
async def test_a_real_server_that_mangles_damages_nothing_that_is_protected() -> None:
    with apertium() as url, service() as proxy:
        assert to_spanish(url, "case AB-1234 of {name}") != "caso AB-1234 de {name}"
        proxy.translate = lambda text, _source, _target: to_spanish(url, text)
        chain = TranslatorChain(
            ["libretranslate"], None, load_glossary(load_centre()), urls=proxy.urls, deadline=300
        )  # fmt: skip
        texts = []
        for number in range(500):
            text, spans = message(number)
            extra = PLACEHOLDERS[number % len(PLACEHOLDERS)]
            texts.append((f"{text} Then bring {extra} to the counter.", [*spans, extra]))
        made = await asyncio.gather(*(chain.translate(text, "en", "es", NAMES) for text, _spans in texts))
    for (text, spans), translation in zip(texts, made, strict=True):
        assert translation.provider == "libretranslate", text
        for span in spans:
            assert translation.text.count(span) == text.count(span), (text, translation.text)
    assert any("permiso de residencia" in translation.text for translation in made)
