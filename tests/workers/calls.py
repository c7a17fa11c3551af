"""Functions that a worker can be told to call: good ones, and every way to be trouble."""

from __future__ import annotations

import os
import re
import signal
import sys
import time


def double(number: int) -> int:
    return 2 * number


def who_am_i() -> int:
    return os.getpid()


def modules() -> list[str]:
    return sorted(name for name, module in sys.modules.items() if module)


def threads_with_numpy() -> int:
    import numpy as np

    assert np.ones((2, 2)) @ np.ones(2) @ np.ones(2) == 4
    return len(os.listdir("/proc/self/task"))


def echo_noisily(text: str) -> str:
    """Prints, and would read what is not its own."""
    print("this is not an answer")
    os.write(1, b"\x00" * 64)
    return text + sys.stdin.read()


def refuse_to_divide() -> float:
    return 1 / 0


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def loop_in_c() -> None:
    """Years in the regular expression engine, where no signal's Python handler runs."""
    re.match(r"(a+)+$", "a" * 64 + "b")


def note_and_loop_in_c(path: str) -> None:
    """Say which process it is, then never come back."""
    with open(path, "w") as file:
        file.write(str(os.getpid()))
    loop_in_c()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def leave() -> None:
    os._exit(7)


def fill_memory() -> int:
    return len(bytearray(300_000_000))


_prepared: list[bool] = []


def prepare() -> None:
    _prepared.append(True)


def is_prepared() -> bool:
    return bool(_prepared)


def fail_to_prepare() -> None:
    raise RuntimeError("nothing can be loaded today")


def trouble(kind: str) -> str:
    """One function for calls of all kinds: what a page may do to its worker."""
    {"hang": loop_in_c, "die": die, "crash": crash, "leave": leave}.get(kind, str)()
    return kind
