"""StateStore: a turn that is repeated starts where it first started."""

import json
from collections.abc import Iterator

import pytest
from redis.asyncio import Redis

from bot.errors import StateUnavailable
from bot.ports import StateStore
from bot.stores.state import RedisState
from dialogues.turn import State
from tests.fakes.state import FakeState
from tests.services import Valkey

ASKED = State("report_problem", "place", {"description": "drilling 🔨", "photos": ["a", "b"], "urgent": False})
FILLED = State("report_problem", "decision", {**ASKED.slots, "place": "Lane 3"}, misunderstood=1)


@pytest.fixture(params=["fake", "redis"])
def store(request: pytest.FixtureRequest) -> Iterator[StateStore]:
    yield FakeState() if request.param == "fake" else RedisState(request.getfixturevalue("redis"))


async def test_nothing_is_known_of_a_new_conversation(store: StateStore) -> None:
    assert await store.load(1, 1) == State()


async def test_the_next_turn_finds_what_the_last_one_saved(store: StateStore) -> None:
    await store.save(1, 10, State(), ASKED)
    assert await store.load(1, 11) == ASKED
    assert await store.load(2, 11) == State()


async def test_a_repeated_turn_starts_where_it_first_started(store: StateStore) -> None:
    await store.save(1, 10, State(), ASKED)
    await store.save(1, 11, ASKED, FILLED)
    assert await store.load(1, 11) == ASKED
    await store.save(1, 11, ASKED, State())
    assert await store.load(1, 11) == ASKED
    assert await store.load(1, 12) == State()


async def test_an_overtaken_turn_brings_nothing_back(store: StateStore) -> None:
    await store.save(1, 10, State(), ASKED)
    await store.save(1, 11, ASKED, FILLED)
    await store.save(1, 10, State(), ASKED)
    assert await store.load(1, 12) == FILLED


async def test_what_a_turn_saved_can_be_forgotten(store: StateStore) -> None:
    await store.save(1, 10, State(), ASKED)
    await store.save(1, 11, ASKED, FILLED)
    await store.forget(1, 11)
    assert await store.load(1, 12) == await store.load(1, 11) == ASKED


async def test_a_turn_forgets_nothing_of_others(store: StateStore) -> None:
    await store.forget(1, 9)
    await store.save(1, 10, State(), ASKED)
    await store.forget(1, 11)
    assert await store.load(1, 12) == ASKED


async def test_redis_keeps_it_for_a_week(redis: Redis) -> None:
    await RedisState(redis).save(1, 10, State(), ASKED)
    assert 6 * 86400 < await redis.ttl("alley:state:1") <= 7 * 86400


async def test_a_record_of_another_version_is_not_read(redis: Redis) -> None:
    await redis.set("alley:state:1", json.dumps({"version": 999, "turn": 5, "mood": "good"}))
    assert await RedisState(redis).load(1, 10) == State()


async def test_without_redis_it_says_so(own_valkey: Valkey) -> None:
    async with Redis.from_url(own_valkey.url) as client:
        store = RedisState(client)
        await store.save(1, 10, State(), ASKED)
        own_valkey.kill()
        for use in (store.load(1, 11), store.save(1, 11, ASKED, FILLED), store.forget(1, 10)):
            with pytest.raises(StateUnavailable):
                await use
        own_valkey.start()
        assert await store.load(1, 11) == ASKED
