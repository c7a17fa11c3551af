"""Keeps pyarrow from loading pandas only to see that a list of ours is none of its classes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from importlib.abc import MetaPathFinder
from types import ModuleType

import pyarrow as pa

_NAME = "pandas"


class _Hidden(MetaPathFinder):
    """Says of one package that it is not there."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> None:
        if fullname == _NAME:
            raise ModuleNotFoundError(f"{_NAME} is hidden", name=_NAME)


@cache
def keep_pandas_apart() -> None:
    """Have pyarrow make arrays without pandas, where nobody has loaded it yet.

    pyarrow looks for it at the first list that it is given, which costs a run that has no use for
    it an eighth of a second of CPU and 40 MB. Whoever asks for a data frame later still gets one.
    """
    if _NAME in sys.modules:
        return
    hidden = _Hidden()
    sys.meta_path.insert(0, hidden)
    try:
        pa.array([0])
    finally:
        sys.meta_path.remove(hidden)
