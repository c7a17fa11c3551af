from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from crawler.archive.erasing import RawPages
from crawler.fetch.erasure import known_as
from pipelines.dataset import verify, verify_link
from pipelines.erasure.search import search
from pipelines.erasure.target import Traces
from tests.pipelines.erasure.dying import POINTS
from tests.pipelines.erasure.folder import (
    JEANNE,
    KEPT,
    author_target,
    erase,
    erasing,
    filled,
    places,
)
from tests.pipelines.newsroom import NOW, Newsroom, ids

ROOT = Path(__file__).parents[3]


def killed_trials(folder: Path, every: int) -> list[Path]:
    filled(folder / "data")
    subprocess.run(
        [sys.executable, "-m", "tests.pipelines.erasure.dying", str(folder), str(every)],
        cwd=ROOT, check=True, timeout=300,
    )  # fmt: skip
    return sorted(folder.glob("trial-*"))


def finished(folder: Path, trials: list[Path]) -> int:
    """Whether the next run finishes every one of them; how many had begun."""
    undisturbed = folder / "data"
    with Newsroom(undisturbed, KEPT) as newsroom:
        titles = erasing(newsroom).find(author_target(naming=True)).target
    assert erase(undisturbed, author_target(naming=True)) == []
    with Newsroom(undisturbed, KEPT) as newsroom:
        newsroom.commit("next")
        expected = ids(newsroom.folder.latest)
    begun = 0
    for trial in trials:
        with Newsroom(trial, KEPT) as newsroom:
            pending = newsroom.state.tombstones.begun()
            began = bool(pending) or not places(trial, JEANNE)
            begun += began
            erasing(newsroom).finish(NOW)
            assert newsroom.state.tombstones.begun() == []
            if not began:
                continue
            assert [said for _, wrong in verify(newsroom.snapshots) for said in wrong] == []
            assert list(verify_link(newsroom.snapshots)) == []
            assert len(newsroom.snapshots.ids()) >= 3, trial
            newsroom.commit("next")
            assert ids(newsroom.folder.latest) == expected, trial
            assert not list(newsroom.folder.snapshots.glob(".*")), trial
        archive = RawPages(trial / "archive")
        assert list(search(trial, Traces(titles, known_as), archive)) == [], trial
        assert places(trial, JEANNE) == [], trial
    return begun


def test_an_erasure_killed_on_the_way_is_finished_by_whoever_comes_next(tmp_path: Path) -> None:
    trials = killed_trials(tmp_path, every=9)
    assert len(trials) > len(POINTS) + 3
    assert finished(tmp_path, trials) > len(POINTS) + 2


@pytest.mark.slow
def test_an_erasure_killed_before_any_change_at_all_is_finished(tmp_path: Path) -> None:
    trials = killed_trials(tmp_path, every=1)
    assert len(trials) > len(POINTS) + 40
    assert finished(tmp_path, trials) > len(POINTS) + 40
