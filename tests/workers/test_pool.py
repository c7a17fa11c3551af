"""Workers that hang, die or are killed: real processes, and what the other calls see of it."""

from __future__ import annotations

import asyncio
import operator
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import ColporteurError, Reason, Refusal
from crawler.workers.pool import Workers
from tests.workers import calls
from tests.workers.asking import call, is_alive, within, workers


def children() -> set[int]:
    """The processes that this one started and that are not reaped."""
    path = Path(f"/proc/self/task/{os.getpid()}/children")
    return set(map(int, path.read_text().split()))


def test_a_call_is_made_in_another_process_and_answered() -> None:
    pool = workers(calls.who_am_i)
    first, second = within(pool, lambda: _each(pool, [(), ()]))
    assert first == second != os.getpid()


async def _each(pool: Workers[..., Any], arguments: list[tuple[Any, ...]]) -> list[Any]:
    return [await pool.run(*args) for args in arguments]


def test_no_worker_starts_before_a_call_and_none_is_left_after_closing() -> None:
    before = children()
    pool = workers(calls.double, count=4)
    assert children() == before

    async def two_calls() -> list[Any]:
        assert children() == before
        answers = [await pool.run(1), await pool.run(2)]
        assert len(children() - before) == 1, "one worker is enough for one call after the other"
        return answers

    assert within(pool, two_calls) == [2, 4]
    assert children() == before


def test_calls_at_once_have_workers_of_their_own_and_no_more_than_allowed() -> None:
    pool = workers(calls.sleep, count=2)
    before = children()

    async def many() -> int:
        tasks = [asyncio.create_task(pool.run(0.2)) for _ in range(6)]
        most = 0
        while not all(task.done() for task in tasks):
            most = max(most, len(children() - before))
            await asyncio.sleep(0.02)
        return most

    assert within(pool, many) == 2


def test_what_the_function_raises_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        call(calls.refuse_to_divide)


def test_a_function_that_prints_and_reads_does_not_disturb_the_answers() -> None:
    assert call(calls.echo_noisily, "quiet") == "quiet"


def test_a_long_request_and_a_long_answer_arrive_whole() -> None:
    text = "é" * 20_000_000
    assert call(calls.echo_noisily, text) == text


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("die", "extract/worker-died: ended by SIGKILL"),
        ("crash", "extract/worker-died: ended by SIGSEGV"),
        ("leave", "extract/worker-died: exit code 7"),
    ],
)
def test_a_worker_that_dies_refuses_its_own_page_and_the_next_is_read(kind: str, told: str) -> None:
    pool = workers(calls.trouble)
    answers = within(pool, lambda: _each(pool, [("before",), (kind,), ("after",)]))
    assert [str(answer) for answer in answers] == ["before", told, "after"]


def test_a_call_that_loops_in_c_is_ended_in_time_and_holds_up_nobody() -> None:
    pool = workers(calls.trouble, seconds=3, count=2)

    async def one_hangs() -> tuple[Any, list[Any], float]:
        await asyncio.gather(pool.run("a"), pool.run("b"))
        began = time.monotonic()
        hanging = asyncio.create_task(pool.run("hang"))
        others = [await pool.run(str(number)) for number in range(20)]
        assert not hanging.done()
        return await hanging, others, time.monotonic() - began

    refusal, others, seconds = within(pool, one_hangs)
    assert refusal == Refusal(Reason.EXTRACT_TIMEOUT, "not done after 3 s")
    assert others == [str(number) for number in range(20)]
    assert 3 <= seconds < 3 + 5


def test_a_worker_killed_from_outside_in_the_middle_of_a_page_refuses_that_page(
    tmp_path: Path,
) -> None:
    note = tmp_path / "pid"
    pool = workers(calls.note_and_loop_in_c)

    async def killed() -> Any:
        task = asyncio.create_task(pool.run(str(note)))
        while not (note.exists() and note.read_text()):
            await asyncio.sleep(0.02)
        os.kill(int(note.read_text()), signal.SIGKILL)
        return await task

    assert within(pool, killed) == Refusal(Reason.WORKER_DIED, "ended by SIGKILL")


def test_a_worker_that_died_while_idle_costs_no_page() -> None:
    pool = workers(calls.who_am_i)

    async def killed() -> tuple[Any, Any]:
        first: Any = await pool.run()
        os.kill(first, signal.SIGKILL)
        while is_alive(first):
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.1)
        return first, await pool.run()

    first, second = within(pool, killed)
    assert isinstance(second, int)
    assert second != first


def test_a_call_that_is_cancelled_leaves_no_worker_behind() -> None:
    before = children()
    pool = workers(calls.trouble)

    async def cancelled() -> Any:
        assert await pool.run("first") == "first"
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(pool.run("hang"), 0.3)
        assert children() == before
        return await pool.run("second")

    assert within(pool, cancelled) == "second"


def test_a_page_that_takes_more_memory_than_allowed_is_an_error_of_its_own() -> None:
    with pytest.raises(MemoryError):
        call(calls.fill_memory, megabytes=200)
    assert call(calls.fill_memory, megabytes=800) == 300_000_000


def test_a_worker_is_prepared_before_its_first_call() -> None:
    assert call(calls.is_prepared, prepare=calls.prepare) is True
    assert call(calls.is_prepared) is False


@pytest.fixture
def one_core() -> Iterator[None]:
    """This process, and those it starts, on one core."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    yield
    os.sched_setaffinity(0, cores)


@pytest.mark.usefixtures("one_core")
def test_on_one_core_a_second_worker_starts_only_when_the_first_is_stuck() -> None:
    pool = workers(operator.call, count=2)

    async def side_by_side() -> list[Any]:
        quick = await asyncio.gather(*(pool.run(calls.who_am_i) for _ in range(8)))
        stuck = asyncio.ensure_future(pool.run(calls.sleep, 60))
        await asyncio.sleep(0)
        quick.append(await pool.run(calls.who_am_i))
        stuck.cancel()
        return quick

    *first, second = within(pool, side_by_side)
    assert len(set(first)) == 1
    assert second not in first


def test_a_call_that_needs_no_preparing_does_not_wait_for_it() -> None:
    pool = workers(
        operator.call,
        prepare=calls.prepare,
        needs=lambda function, *_: function is calls.double,
    )
    made = [(calls.is_prepared,), (calls.double, 4), (calls.is_prepared,), (calls.double, 5)]
    assert within(pool, lambda: _each(pool, made)) == [False, 8, True, 10]


def test_a_worker_that_cannot_start_is_an_error_and_no_pages_refusal(
    capfd: pytest.CaptureFixture[str],
) -> None:
    before = children()
    with pytest.raises(ColporteurError, match="could not start"):
        call(calls.double, 1, prepare=calls.fail_to_prepare)
    assert "nothing can be loaded today" in capfd.readouterr().err
    assert children() == before
