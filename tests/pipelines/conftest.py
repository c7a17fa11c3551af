"""Newsrooms with an empty data folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipelines.newsroom import Newsroom
from tests.pipelines.newsstand import Newsstand


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    with Newsroom(tmp_path / "data") as newsroom:
        yield newsroom


@pytest.fixture
def newsstand(tmp_path: Path) -> Iterator[Newsstand]:
    with Newsstand(tmp_path / "data") as newsstand:
        yield newsstand
