"""Before a commit: staged rows that cannot be read are set aside, and the others are written.

A disk may give back other bytes than it was given. One such row must not keep a run's whole batch,
and those of all runs after it, out of the dataset.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pyarrow as pa

from crawler.state import State
from crawler.state.journal import AVAILABILITY, StagedRows
from pipelines.dataset.rows import unpack
from pipelines.dataset.snapshots import Snapshots


def set_aside_unreadable(
    state: State, snapshots: Snapshots, quarantine: Path, run_id: str
) -> list[str]:
    """Take staged rows that cannot be read out of the batch; the ids of their articles.

    Their bytes go to the run's file in `quarantine`. Where a story's version was lost, its page is
    due again, and the story is what it was before. Raises: OSError, sqlite3.Error.
    """
    newest = snapshots.newest()
    begun = state.journal.begun_commit()
    if newest and begun == newest.manifest.commit_id:
        return []  # all is in a snapshot already
    lost = []
    for position, staged in state.sweep.staged():
        if (error := _flaw(staged)) is not None:
            set_aside(state, position, staged, quarantine, run_id, error)
            lost.append(staged.article_id)
    return lost


def set_aside(
    state: State, position: int, staged: StagedRows, quarantine: Path, run_id: str, error: str
) -> None:
    """Take one staged row out of the batch into `quarantine`. Raises: OSError, sqlite3.Error."""
    _keep(quarantine, run_id, staged, error)
    with state.transaction():
        state.sweep.unstage(position)
        if staged.table in ("articles", "duplicates"):
            _ask_again(state, staged.article_id)


def _flaw(staged: StagedRows) -> str | None:
    try:
        rows = unpack(staged.rows)
        rows.validate(full=True)
    except (pa.ArrowException, OSError, ValueError) as error:
        return f"{type(error).__name__}: {error}"[:200]
    if staged.table != AVAILABILITY and "article_id" not in rows.column_names:
        return "no article_id"
    return None


def _keep(quarantine: Path, run_id: str, staged: StagedRows, error: str) -> None:
    quarantine.mkdir(exist_ok=True)
    row = {
        "error": error,
        "table": staged.table,
        "article_id": staged.article_id,
        "rows": base64.b64encode(staged.rows).decode("ascii"),
    }
    with (quarantine / f"{run_id}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")


def _ask_again(state: State, article_id: str) -> None:
    visit = state.visits.of(article_id)
    state.batch.restore_story(article_id)
    state.visits.forget_answer(article_id)
    if state.journal.story(article_id) is None:
        state.visits.forget(article_id)
        state.fingerprints.forget(article_id)
    for asked_id in {article_id, visit.asked_id if visit else article_id}:
        state.urls.ask_again(asked_id)
