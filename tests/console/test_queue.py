"""Who waits, for how long, in which words; live."""

from knowledge.models import Staff
from tests.console.conftest import Console, following


async def test_longest_waiting_first_with_language_and_time(console: Console) -> None:
    first = await console.resident("夜中の音で眠れません", language="ja", name="Tanaka")
    second = await console.resident("Hay un coche", language="es", name="Lucia")
    await console.wait(first, minutes=75)
    await console.wait(second, minutes=4)
    page = (await (await console.signed_in("moore")).get("/staff")).text
    assert page.index("Tanaka") < page.index("Lucia")
    assert "Japanese" in page
    assert "waiting 1 hour 15 minutes" in page
    assert "waiting 4 minutes" in page
    assert "夜中の音で眠れません" in page


async def test_shows_what_was_said_after_the_call_for_a_person(console: Console) -> None:
    conversation = await console.resident("a person please", language="en")
    await console.wait(conversation)
    await console.hear(conversation, "my lift is stuck", "en")
    await console.hear(conversation, "hello?", "en")
    page = (await (await console.signed_in("moore")).get("/staff")).text
    assert "my lift is stuck" in page
    assert "a person please" not in page
    assert "hello?" not in page


async def test_translation_is_asked_for_by_the_page(console: Console) -> None:
    conversation = await console.resident("夜中の音で眠れません")
    await console.wait(conversation)
    chen = await console.signed_in("chen")
    page = (await chen.get("/staff")).text
    assert console.translator.asked == []
    assert 'hx-get="/staff/messages/1/translation"' in page
    answer = await chen.get("/staff/messages/1/translation")
    assert "&lt;zh&gt; 夜中の音で眠れません" in answer.text
    assert console.translator.asked == [("夜中の音で眠れません", "ja", "zh")]


async def test_no_translation_within_ones_own_language(console: Console) -> None:
    conversation = await console.resident("你好", language="zh")
    await console.wait(conversation)
    assert "/translation" not in (await (await console.signed_in("chen")).get("/staff")).text


async def test_without_translators_the_original_stays_with_a_marker(console: Console) -> None:
    await console.wait(await console.resident("夜中の音で眠れません"))
    console.translator.is_down = True
    answer = await (await console.signed_in("moore")).get("/staff/messages/1/translation")
    assert answer.status_code == 200
    assert "no translation" in answer.text


async def test_mine_and_my_colleagues_chats(console: Console) -> None:
    mine, theirs = await console.resident("one", name="Mine"), await console.resident("two", name="Theirs")
    await console.wait(mine, claimed_by="moore")
    await console.wait(theirs, claimed_by="sato")
    page = (await (await console.signed_in("moore")).get("/staff")).text
    assert "Nobody is waiting." in page
    assert page.index("My open chats") < page.index("Mine") < page.index("With colleagues") < page.index("Theirs")
    assert "佐藤由紀" in page


async def test_residents_words_are_shown_as_typed(console: Console) -> None:
    await console.wait(await console.resident("<script>alert(1)</script> **no bold**", name="<b>Eve</b>"))
    page = (await (await console.signed_in("moore")).get("/staff")).text
    assert "<script>alert" not in page
    assert "&lt;b&gt;Eve&lt;/b&gt;" in page
    assert "**no bold**" in page


async def test_the_queue_is_live(console: Console, served: str) -> None:
    moore = await console.signed_in("moore")
    conversation = await console.resident("hello", language="en", name="Newcomer")
    async with following(served, moore, "/staff/events") as stream:
        await stream.until("Nobody is waiting.")
        await console.wait(conversation)
        await console.signals.changed("queue")
        await stream.until("Newcomer")


async def test_a_stream_ends_with_its_session(console: Console, served: str) -> None:
    moore = await console.signed_in("moore")
    async with following(served, moore, "/staff/events") as stream:
        await stream.until("Nobody is waiting.")
        await moore.post("/staff/sign-out")
        await console.signals.changed("queue")
        assert not [line async for line in stream.lines if "Nobody" in line]


async def test_reads_in_its_own_language(console: Console) -> None:
    async with console.database.write() as session:
        person = (await console.rows(Staff, Staff.login == "moore"))[0]
        person.language = "ar"
        await session.merge(person)
    page = (await (await console.signed_in("moore")).get("/staff")).text
    assert '<html lang="ar" dir="rtl">' in page
