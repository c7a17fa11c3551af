"""The JSON that runs leave: their files, and the rows that could not be written.

What counts is kept: a run's file loses the words that tell of what was erased, never a number. A
row in quarantine is no part of the dataset, and goes if it only names it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipelines.erasure.target import Traces

ERASED = "[erased]"


def clean_runs(folder: Path, traces: Traces) -> None:
    """Take what tells of a target out of the files of runs; one that is no JSON goes."""
    for path in _files(folder):
        text = path.read_text("utf-8", "replace")
        try:
            said = json.loads(text)
        except ValueError:
            path.unlink()
            continue
        cleaned = _cleaned(said, traces)
        if cleaned != said:
            _replace(path, json.dumps(cleaned, indent=1, ensure_ascii=False) + "\n")


def clean_quarantine(folder: Path, traces: Traces) -> None:
    """Take the rows that tell of a target out of quarantine."""
    for path in _files(folder):
        lines = path.read_text("utf-8", "replace").splitlines(keepends=True)
        kept = [line for line in lines if traces.find(legible(line)) is None]
        if not kept:
            path.unlink()
        elif len(kept) < len(lines):
            _replace(path, "".join(kept))


def legible(line: str) -> str:
    """A line of JSON without its escapes; any other as it is."""
    try:
        return json.dumps(json.loads(line), ensure_ascii=False)
    except ValueError:
        return line


def _files(folder: Path) -> Iterator[Path]:
    """The files of a folder; what somebody who died had half written goes."""
    if folder.is_dir():
        for unfinished in folder.glob("*.unfinished"):
            unfinished.unlink()
        yield from sorted(path for path in folder.iterdir() if path.is_file())


def _cleaned(said: Any, traces: Traces) -> Any:
    if isinstance(said, dict):
        # What is said of an article goes with it, though it names it no more.
        if said.get("article_id") in traces.target.ids:
            return {key: ERASED if isinstance(v, str) else v for key, v in said.items()}
        return {_cleaned(key, traces): _cleaned(value, traces) for key, value in said.items()}
    if isinstance(said, list):
        return [_cleaned(value, traces) for value in said]
    return ERASED if isinstance(said, str) and traces.find(said) else said


def _replace(path: Path, text: str) -> None:
    unfinished = path.with_name(f"{path.name}.unfinished")
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
