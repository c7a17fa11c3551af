from __future__ import annotations

import asyncio

import pytest
from scrapy.http import Response

from crawler.fetch.room import LONG, Room

URL = "https://gazette.example/"


class Body:
    """A body that comes; it knows whether it waits."""

    def __init__(self) -> None:
        self.waits = False

    def pause(self) -> None:
        self.waits = True

    def resume(self) -> None:
        self.waits = False


def test_ordinary_bodies_never_wait() -> None:
    room = Room(2 * LONG)
    bodies = [Body() for _ in range(100)]
    for body in bodies:
        room.took(body, LONG)
    assert not any(body.waits for body in bodies)


def test_a_long_body_waits_while_others_fill_the_room_and_goes_on_after_them() -> None:
    room = Room(4 * LONG)
    first, second, third = Body(), Body(), Body()
    room.took(first, 2 * LONG)
    room.took(second, 2 * LONG)
    room.took(third, 2 * LONG)
    assert (first.waits, second.waits, third.waits) == (False, False, True)
    room.took(first, 9 * LONG)
    assert not first.waits, "one may always end"
    room.ended(second)
    assert third.waits
    room.ended(first)
    assert not third.waits


def test_an_answer_takes_room_until_it_is_forgotten() -> None:
    room = Room(2 * LONG)
    answer: Response | None = Response(URL, body=bytes(2 * LONG))
    assert answer is not None
    room.keep(answer)
    body = Body()
    room.took(body, 2 * LONG)
    assert body.waits
    answer = None
    assert not body.waits


def test_what_has_ended_twice_or_never_begun_is_no_matter() -> None:
    room = Room(LONG)
    body = Body()
    room.ended(body)
    room.took(body, 2 * LONG)
    room.ended(body)
    room.ended(body)
    assert not body.waits


@pytest.mark.parametrize("size", [1, LONG])
def test_no_limit_is_no_limit(size: int) -> None:
    room = Room(0)
    bodies = [Body() for _ in range(20)]
    for body in bodies:
        room.took(body, 5 * size)
    assert not any(body.waits for body in bodies)


def test_unpacking_waits_until_no_long_body_is_being_read() -> None:
    async def run() -> list[str]:
        room = Room(LONG)
        kept = [Response(URL, body=bytes(2 * LONG))]
        room.keep(kept[0])
        await asyncio.wait_for(room.until_free(), 1)  # what is only kept may be what it unpacks
        room.hand_on(kept[0])
        order: list[str] = []

        async def unpack() -> None:
            await room.until_free()
            order.append("unpacked")

        task = asyncio.ensure_future(unpack())
        await asyncio.sleep(0)
        order.append("forgotten")
        kept.clear()
        await task
        return order

    assert asyncio.run(run()) == ["forgotten", "unpacked"]
