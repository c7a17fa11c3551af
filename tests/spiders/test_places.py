from __future__ import annotations

import asyncio

from crawler.errors import Reason, Refusal
from crawler.fetch.listings import Answer
from crawler.spiders.places import Place
from crawler.state.listings import Validators

NEVER = 60.0


async def read(places: asyncio.Semaphore, seconds: float, begun: list[str], name: str) -> None:
    async def ask(url: str, known: Validators) -> Answer | Refusal:
        begun.append(name)
        await asyncio.sleep(seconds)
        return Refusal(Reason.GONE, url)

    place = Place(places, patience=0.05)
    async with place:
        asked = place.while_waiting(ask)
        assert await asked("a", Validators()) == Refusal(Reason.GONE, "a")
        await asked("b", Validators())


def test_a_source_that_is_answered_keeps_its_place_until_it_is_read() -> None:
    async def two() -> list[str]:
        places, begun = asyncio.Semaphore(1), list[str]()
        await asyncio.gather(*(read(places, 0, begun, name) for name in "xy"))
        assert not places.locked()
        return begun

    assert asyncio.run(two()) == ["x", "x", "y", "y"]


def test_a_source_that_waits_leaves_its_place_once() -> None:
    async def some() -> int:
        places, begun = asyncio.Semaphore(1), list[str]()
        slow = [asyncio.ensure_future(read(places, NEVER, begun, name)) for name in "abc"]
        quick = asyncio.ensure_future(read(places, 0, begun, "quick"))
        await asyncio.wait_for(quick, timeout=10)
        assert begun == ["a", "b", "c", "quick", "quick"]
        for reading in slow:
            reading.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
        return places._value

    assert asyncio.run(some()) == 1
