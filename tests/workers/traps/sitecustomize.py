"""Python loads this first wherever this folder is on its path: extraction with pages that trap it.

The hang is in C, where only a kill ends it, as one in libxml2 or in a regular expression would be.
"""

from __future__ import annotations

import os
import re
import signal
import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

HANG = b"<!-- hang -->"
DIE = b"<!-- die -->"


class TrappedExtraction(MetaPathFinder):
    """Finds `crawler.extract.extraction`, and sets the traps when it is loaded."""

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        if fullname != "crawler.extract.extraction":
            return None
        spec = PathFinder.find_spec(fullname, path)
        assert spec is not None
        assert spec.loader is not None
        load = spec.loader.exec_module

        def load_and_trap(module: ModuleType) -> None:
            load(module)
            real = module.__dict__["page_class"]

            def page_class(url: str) -> Any:
                kind = real(url)

                def read(response: Any) -> Any:
                    body = bytes(response.body)
                    if HANG in body:
                        re.match(r"(a+)+$", "a" * 64 + "b")
                    if DIE in body:
                        os.kill(os.getpid(), signal.SIGKILL)
                    return kind(response)

                return read

            module.__dict__["page_class"] = page_class

        spec.loader.exec_module = load_and_trap  # type: ignore[method-assign]
        return spec


sys.meta_path.insert(0, TrappedExtraction())
