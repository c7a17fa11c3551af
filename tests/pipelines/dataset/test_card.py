"""The dataset explains itself: its card, and the lines in it that open every table."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from crawler.items import Block, Comment, Image, Rights
from pipelines.dataset import Snapshot, verify_snapshot
from pipelines.dataset.card import describe
from pipelines.dataset.columns import MEANINGS, TABLE_MEANINGS
from pipelines.dataset.huggingface import front_matter
from pipelines.schema import SCHEMAS, TABLES
from tests.conftest import ROOT
from tests.pipelines.newsroom import NOW, Newsroom, ids, story, words

# Runs the lines of a card for every table, in the snapshot's folder; prints what each tool read.
READER = """
import json, sys
from importlib.util import find_spec
read = {}
for tool, lines in json.loads(sys.argv[1]).items():
    if find_spec(tool) is None:
        continue
    for table in json.loads(sys.argv[2]):
        there = {}
        exec(lines.replace("articles", table), there)
        rows = there[table]
        if tool == "duckdb":
            ids = [row[0] for row in rows.project("article_id").fetchall()]
        elif tool == "mlcroissant":
            ids = [row[f"{table}/article_id"].decode() for row in rows]
        elif tool == "pyspark":
            ids = [row.article_id for row in rows.select("article_id").collect()]
        else:
            ids = list(rows["article_id"])
        read.setdefault(tool, {})[table] = sorted(ids)
print(json.dumps(read))
"""
TOOLS = ("duckdb", "pandas", "polars", "datasets", "mlcroissant", "pyspark")


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """Two sources, a copy, a comment, a revision."""
    with Newsroom(tmp_path_factory.mktemp("card") / "data") as newsroom:
        full = story(
            "a",
            language="fr",
            source="one | two",
            comments=(Comment(comment_id="1", text="Avis", position=0, date_created=NOW),),
            blocks=(Block("paragraph", words("a"), None),),
            images=(Image("https://journal.example/a.jpg", None),),
            field_sources={"headline": "json-ld"},
            rights=Rights(ai_preferences="train-ai=n", decision="collected no-ai-training"),
        )
        newsroom.publish(full, story("copy", words("a"), language="fr-CA"))
        old = story("c", date_published=NOW.replace(year=2019))
        newsroom.publish(old)
        yield newsroom.publish(replace(old, headline="Corrigé"))


@pytest.fixture(scope="module")
def card(snapshot: Snapshot) -> str:
    return (snapshot.path / "README.md").read_text("utf-8")


@pytest.fixture(scope="module")
def read(
    snapshot: Snapshot, card: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, list[str]]]:
    """What every tool that is installed read by the card's own lines."""
    blocks = re.findall(r"```python\n(.*?)```", card, re.DOTALL)
    lines = {tool: block for block in blocks for tool in TOOLS if tool in block}
    assert set(lines) == set(TOOLS)
    home = str(tmp_path_factory.mktemp("home"))
    done = subprocess.run(
        [sys.executable, "-c", READER, json.dumps(lines), json.dumps(TABLES)],
        cwd=snapshot.path, check=False, capture_output=True, text=True, timeout=120,
        env={**os.environ, "HF_HOME": home, "HF_HUB_OFFLINE": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, dict[str, list[str]]] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("tool", TOOLS)
def test_the_lines_of_the_card_read_every_table(
    tool: str, read: dict[str, dict[str, list[str]]], snapshot: Snapshot
) -> None:
    if tool not in read:
        pytest.skip(f"{tool} is not installed")
    assert read[tool] == ids(snapshot.path)


def test_the_card_tells_counts_languages_and_rights_by_source(card: str) -> None:
    assert "| articles | 2 | one row for each story text" in card
    assert "| one \\| two | 1 | 0 | fr 1 |" in card
    assert "| journal | 1 | 1 | fr-CA 1, und 1 |" in card
    reserved = "collected no-ai-training 1 | ai_preferences: train-ai=n 1"
    assert f"| one \\| two | {reserved} |" in card
    assert "| journal | collected 2 | nothing |" in card
    assert "months 2019-11 to 2026-11" in card


def test_its_head_is_what_hugging_face_reads(card: str) -> None:
    yaml = pytest.importorskip("yaml")
    head = yaml.safe_load(card.split("---\n")[1])
    assert (head["language"], head["size_categories"]) == (["fr"], ["n<1K"])
    assert [config["config_name"] for config in head["configs"]] == list(TABLES)
    nothing = front_matter("name", Counter(comments=1), [])
    (config,) = yaml.safe_load(nothing.strip("-"))["configs"]
    assert config["config_name"] == "comments"


def croissant(snapshot: Snapshot) -> dict[str, Any]:
    said: dict[str, Any] = json.loads((snapshot.path / "croissant.json").read_text("utf-8"))
    return said


def test_croissant_names_every_file_once_and_columns_that_are_there(snapshot: Snapshot) -> None:
    said = croissant(snapshot)
    for needed in ("name", "description", "license", "url", "datePublished", "conformsTo"):
        assert said[needed]
    patterns = {files["@id"]: files["includes"] for files in said["distribution"]}
    for entry in snapshot.manifest.files:
        matching = [own for own, glob in patterns.items() if fnmatch(entry.path, glob)]
        assert matching == [f"{entry.table}-files"]
    for records in said["recordSet"]:
        table = records["@id"]
        columns = [field["@id"].removeprefix(f"{table}/") for field in records["field"]]
        left_out = {"field_sources"} & set(SCHEMAS[table].names)
        assert columns == [name for name in SCHEMAS[table].names if name not in left_out]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what it stands on, about itself
def test_mlcroissant_finds_nothing_to_complain_of(snapshot: Snapshot) -> None:
    mlcroissant = pytest.importorskip("mlcroissant")
    dataset = mlcroissant.Dataset(snapshot.path / "croissant.json")
    assert dataset.metadata.ctx.issues.report() == ""


def test_every_column_and_every_table_has_a_meaning() -> None:
    assert set(MEANINGS) == {name for schema in SCHEMAS.values() for name in schema.names}
    assert set(TABLE_MEANINGS) == set(TABLES)


def test_the_manifest_has_their_checksums(tmp_path: Path) -> None:
    with Newsroom(tmp_path) as newsroom:
        snapshot = newsroom.publish(story("a"))
    assert sorted(snapshot.manifest.papers) == ["README.md", "croissant.json"]
    assert list(verify_snapshot(snapshot)) == []
    with (snapshot.path / "README.md").open("a") as file:
        file.write("And more.\n")
    (snapshot.path / "croissant.json").unlink()
    assert list(verify_snapshot(newsroom.snapshots.get("000001"))) == [
        "000001/README.md: its bytes are not those that were written",
        "000001/croissant.json: No such file or directory",
    ]


def test_a_file_from_before_cells_were_kept_is_counted_anew(
    snapshot: Snapshot, card: str, tmp_path: Path
) -> None:
    old = [replace(entry, cells=()) for entry in snapshot.manifest.files]
    (tmp_path / "draft").symlink_to(snapshot.path)
    before = (snapshot.path / "README.md").read_bytes()
    describe(tmp_path / "draft", replace(snapshot.manifest, files=tuple(old)))
    assert (snapshot.path / "README.md").read_bytes() == before


def test_what_it_is_made_of_comes_with_the_package() -> None:
    assert '"dataset/*.md"' in (ROOT / "pyproject.toml").read_text()
