"""The recipes of crawler/recipes, tried as they are written but for their absolute paths."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from tests.crawls import ROOT

RECIPES = ROOT / "crawler" / "recipes"
# Where the recipes say that Colporteur's programs are.
BIN = "/opt/colporteur/.venv/bin"


def read(name: str) -> str:
    """The text of a recipe's file."""
    return (RECIPES / name).read_text("utf-8")


def environment(**more: object) -> dict[str, str]:
    """What a scheduler leaves of a person's shell, and how this interpreter finds this checkout."""
    return {"PATH": os.defpath, "PYTHONPATH": str(ROOT), **{k: str(v) for k, v in more.items()}}


def program(folder: Path, text: str) -> Path:
    """A `scrapy` in a folder of programs."""
    folder.mkdir(exist_ok=True)
    path = folder / "scrapy"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path
