"""Python loads this first wherever this folder is on its path: a process dies at a named point.

`DIE_AT=module:Class.method:after:3` is SIGKILL right after the third call of that method, `before`
is right before it. The point is wrapped when its module is loaded; no other code is touched.
"""

from __future__ import annotations

import functools
import os
import signal
import sys
from collections.abc import Callable
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from itertools import count
from types import ModuleType
from typing import Any

MODULE, NAME, WHEN, NUMBER = os.environ["DIE_AT"].split(":")


def _dying(function: Callable[..., Any]) -> Callable[..., Any]:
    calls = count(1)

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        last = next(calls) == int(NUMBER)
        if last and WHEN == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        answer = function(*args, **kwargs)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    return call


class Deaths(MetaPathFinder):
    """Finds the module of the point, and wraps the point when it is loaded."""

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        if fullname != MODULE:
            return None
        spec = PathFinder.find_spec(fullname, path)
        assert spec is not None
        assert spec.loader is not None
        load = spec.loader.exec_module

        def load_and_wrap(module: ModuleType) -> None:
            load(module)
            owner_name, _, name = NAME.rpartition(".")
            owner: Any = getattr(module, owner_name) if owner_name else module
            setattr(owner, name, _dying(getattr(owner, name)))

        spec.loader.exec_module = load_and_wrap  # type: ignore[method-assign]
        return spec


sys.meta_path.insert(0, Deaths())
