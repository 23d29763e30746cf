"""Takes the README's pictures of a running Alley: `python -m tests.e2e.pictures` writes docs/images/.

What the residents and the staff say is written here, in both languages: the translator on loopback knows these
sentences and no other. Everything else is the program itself.
"""

import asyncio
import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import Browser, Page, expect

from dialogues.effects import Say
from dialogues.talk_to_human import talk_to_human
from dialogues.turn import Kind, Message, Turn
from knowledge.centre import load_centre
from knowledge.masking import mask
from knowledge.texts import Texts
from tests.alley import ROOT
from tests.browser import Watch, running_browser
from tests.e2e.house import House, open_house, watching
from tests.e2e.people import ResidentAtPage, StaffAtConsole

IMAGES = ROOT / "docs" / "images"
LARGEST = 250_000  # bytes
PHONE: dict[str, Any] = {"viewport": {"width": 430, "height": 880}, "device_scale_factor": 2}
TALL = {"viewport": {"width": 430, "height": 945}}  # the whole welcome with its lane
DESK: dict[str, Any] = {"viewport": {"width": 1200, "height": 960}, "device_scale_factor": 1.5}
HERE = {"timezone_id": "Asia/Shanghai", "color_scheme": "light", "reduced_motion": "reduce"}

LOCK = "正面入口のオートロックが、先週から開いたままです"
SOFA = "ソファを捨てたいのですが、エレベーターに入りません。手伝ってもらえますか"
REPLY = "您好，我跟师傅们联系好了，周六上午会有两位上门，帮您抬下楼。"
THANKS = "助かります！土曜の午前は家にいます。"
PHRASES = {
    LOCK: "正门口的自动门锁从上周起就一直关不上",
    SOFA: "我想把沙发扔掉，可是进不了电梯。能帮帮我吗？",
    REPLY: "こんにちは。運んでくれる人と連絡がつきました。土曜の午前に二人がお宅へ伺い、下まで運びます。",
    THANKS: "太好了！周六上午我在家。",
    "職員と話す": "找工作人员",
}
HOURS = "مرحبًا، ما هي مواعيد عملكم يوم السبت؟"
PASSPORT = "मेरा पासपोर्ट टैक्सी में छूट गया, अब सबसे पहले क्या करूँ?"


async def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, open_house(Path(folder)) as house:
        house.translator.translate = phrasebook()
        async with running_browser() as browser, watching(house.alley, browser) as watch:
            await take(house, browser, watch)


def phrasebook() -> Callable[[str, str, str], str]:
    """The bot's word on calling a person comes from the catalogues; what is not known comes back untranslated."""
    texts = Texts(load_centre())
    dialogue = talk_to_human(Turn(Message(Kind.TEXT), "ja"))
    next(dialogue)
    said = dialogue.send(1)
    assert isinstance(said, Say)
    known = {**PHRASES, mask(texts.render(said.text, "ja")).text: mask(texts.render(said.text, "zh")).text}
    return lambda text, _source, _target: known.get(text, text)


async def take(house: House, browser: Browser, watch: Watch) -> None:
    chen = await StaffAtConsole.comes(browser, watch, "chen.mei", **DESK, **HERE)
    resident = await ResidentAtPage.comes(browser, watch, "ja-JP", **PHONE, **HERE)
    await reports(resident)
    await resident.presses("go:talk_to_human")
    await resident.is_offered("go:end_takeover")
    await resident.writes(SOFA)
    await chen.takes(SOFA)
    await chen.writes(REPLY)
    await resident.page.locator(".message.staff summary").click()
    await resident.writes(THANKS)
    await expect(chen.bubble(THANKS).locator(".translation")).to_contain_text(PHRASES[THANKS])
    await save(chen.page, "console")
    await save(resident.page, "chat-ja")
    arabic = await ResidentAtPage.comes(browser, watch, "ar", **{**PHONE, **TALL}, **HERE)
    await arabic.writes(HOURS)
    await arabic.hears(1)
    await save(arabic.page, "chat-ar")
    hindi = await ResidentAtPage.comes(browser, watch, "hi", **{**PHONE, **TALL}, **HERE)
    await hindi.writes(PASSPORT)
    await hindi.hears(1)
    await save(hindi.page, "chat-hi")


async def reports(resident: ResidentAtPage) -> None:
    await resident.presses("go:report_problem")
    await resident.hears(1)
    await resident.writes(LOCK)
    await expect(resident.last).to_contain_text("どこ")
    await resident.writes("7号棟の正面入口")
    await resident.presses("photos=none")
    await resident.presses("decision=open")
    await resident.is_given_a_number()


async def save(page: Page, name: str) -> None:
    """With 256 colours, which such pages hardly exceed, so that the repository stays small."""
    await page.evaluate("document.activeElement.blur()")
    await page.wait_for_timeout(1500)  # until what has just come is settled
    image = Image.open(io.BytesIO(await page.screenshot()))
    path = IMAGES / f"{name}.png"
    image.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}: {image.width} × {image.height}, {size // 1000} kB")
    assert size <= LARGEST


if __name__ == "__main__":
    asyncio.run(main())
