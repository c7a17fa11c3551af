"""Python loads this first wherever this folder is on its path: extraction by another version.

`EXTRACTION=older` knows no authors of every second story, `stricter` takes none of them for one.
"""

from __future__ import annotations

import functools
import os
import sys
from dataclasses import replace
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

MODULE = "crawler.extract.extraction"


def _other(extract: Any) -> Any:
    from crawler.errors import Reason, Refusal

    @functools.wraps(extract)
    def extract_otherwise(body: bytes, url: str, **more: Any) -> Any:
        found = extract(body, url, **more)
        if isinstance(found, Refusal) or not url.rstrip("/").endswith(("1", "3")):
            return found
        if os.environ["EXTRACTION"] == "stricter":
            return Refusal(Reason.NO_BODY)
        return replace(found, authors=(), extractor="colporteur/0.0.1 ArticlePage")

    return extract_otherwise


class Older(MetaPathFinder):
    """Finds extraction, and wraps it when it is loaded."""

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        if fullname != MODULE:
            return None
        spec = PathFinder.find_spec(fullname, path)
        assert spec is not None
        assert spec.loader is not None
        load = spec.loader.exec_module

        def load_and_wrap(module: ModuleType) -> None:
            load(module)
            module.extract = _other(module.extract)  # type: ignore[attr-defined]

        spec.loader.exec_module = load_and_wrap  # type: ignore[method-assign]
        return spec


sys.meta_path.insert(0, Older())
