"""The five questions of the gallery, to the demo's dataset and to one that has nothing to say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.conftest import ROOT
from tests.pipelines.newsroom import Newsroom, story

pytest.importorskip("matplotlib")


def test_the_demo_answers_all_of_them(demo_data: Path, tmp_path: Path) -> None:
    picture = tmp_path / "answers.svg"
    done = subprocess.run(
        [sys.executable, "-m", "crawler.demo.analysis", str(demo_data / "latest"),
         "-o", str(picture)],
        check=False, cwd=ROOT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    copies, headlines, corrections, languages, comments = done.stdout.splitlines()
    rows = {
        table: pq.read_table(demo_data / "latest" / table).num_rows
        for table in ("articles", "duplicates")
    }
    assert copies.startswith(f"{rows['duplicates']} copies; most between two sources: ")
    assert f"of {rows['duplicates']} headlines were changed" in headlines
    assert f"of {rows['articles']} articles were changed, half of them within" in corrections
    assert "languages; " in languages
    assert "comments, half within " in comments
    assert picture.read_text("utf-8").count("<svg ") == 1


def test_a_correction_is_compared_with_the_version_before(tmp_path: Path) -> None:
    from matplotlib.figure import Figure

    from crawler.demo.analysis import how_headlines_change, opened

    with Newsroom(tmp_path) as newsroom:
        for headline in ("Le pont rouvre", "Le pont rouvre demain"):
            newsroom.publish(story("a", headline=headline))
        told = how_headlines_change(opened(newsroom.folder.latest), Figure().add_subplot())
    assert told == (
        "1 of 1 headlines were changed; where they are, half keep 86% of the words or less."
    )


def test_a_dataset_without_copies_or_comments_says_so(tmp_path: Path) -> None:
    from crawler.demo.analysis import analyse

    with Newsroom(tmp_path / "data") as newsroom:
        newsroom.publish(story("a"))
        told = analyse(newsroom.folder.latest, tmp_path / "answers.png")
    assert [sentence.partition(" ")[0] for sentence in told] == ["No", "No", "No", "1", "There"]
