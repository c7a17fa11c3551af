from __future__ import annotations

import errno
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pipelines.dataset.refusing import KEPT, NAMING
from tests.pipelines.dataset.third_day import AFTER, BEFORE, third_day

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    "codes",
    [
        (errno.ENOSPC, errno.EIO),
        pytest.param((errno.EIO, errno.ENOSPC), marks=pytest.mark.slow, id="the other way round"),
    ],
)
def test_whichever_operation_of_a_commit_is_refused_readers_see_a_whole_dataset_and_nothing_is_lost(
    tmp_path: Path, codes: tuple[int, ...]
) -> None:
    third_day(tmp_path / "data", KEPT)
    done = subprocess.run(
        [sys.executable, "-m", "tests.pipelines.dataset.refusing", str(tmp_path), *map(str, codes)],
        check=True, cwd=ROOT, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    *trials, last = map(json.loads, done.stdout.splitlines())
    assert last["refused"] == ""
    assert last["said"] is None
    # Every kind of operation was refused, and each kind is there.
    kinds = {trial["refused"] for trial in trials}
    assert kinds >= {"write", "fsync", "open", "SQL BEGIN", "SQL UPDATE", "SQL DELETE", *NAMING[:5]}
    assert len(trials) > 80
    seen_before = 0
    for number, trial in enumerate(trials):
        where = f"{number}: {trial['refused']}: {trial['said']}"
        seen = trial["seen"]
        assert seen["ids"] in (BEFORE, AFTER), where
        assert seen["wrong"] == [], where
        seen_before += seen["ids"] == BEFORE
        if seen["ids"] == BEFORE:
            assert trial["said"] is not None, where
            assert seen["staged"], where
        if trial["said"] is not None:
            assert "make room and run again" in trial["said"], where
            assert "\n" not in trial["said"], where
        assert trial["after"] == {"ids": AFTER, "wrong": [], "staged": 0}, where
        # What could not be removed goes with the next commit.
        assert set(trial["left"]) - {"000001", ".draft-000001"} == {"000002", "000003"}, where
    assert 50 < seen_before < len(trials)
