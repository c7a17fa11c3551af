"""`scrapy deduplicate` on files of every form, on wrong ones, and on the labelled texts."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.conftest import ROOT, Scrapy
from tests.pipelines.test_resemblance import SENTENCES, STORY, text

LABELLED = ROOT.parent / "shared" / "nearduplicates" / "documents.jsonl.gz"
SCORER = ROOT.parent / "shared" / "bench" / "score_nearduplicates.py"

TEXTS = [text(STORY), text(SENTENCES[100:125]), text(["Rives, 3 mars."], STORY), text(STORY[:10])]
ROWS: list[dict[str, Any]] = [
    {"id": f"t{number}", "text": one, "title": "Titre", "date": f"2026-11-2{number}"}
    for number, one in enumerate(TEXTS)
]
KINDS = [None, None, "near", "contained"]


def written(path: Path, rows: list[dict[str, Any]]) -> Path:
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
        return path
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    path.write_bytes(gzip.compress(lines) if path.suffix == ".gz" else lines)
    return path


def read(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".parquet":
        rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
        return rows
    raw = path.read_bytes()
    return [
        json.loads(row)
        for row in (gzip.decompress(raw) if path.suffix == ".gz" else raw).splitlines()
    ]


@pytest.mark.parametrize(
    ("source", "target"),
    [("a.jsonl", "b.jsonl"), ("a.jsonl.gz", "b.parquet"), ("a.parquet", "b.jsonl.gz")],
)
def test_a_file_gives_a_row_a_text_in_its_order_and_in_the_form_its_name_asks_for(
    scrapy: Scrapy, tmp_path: Path, source: str, target: str
) -> None:
    done = scrapy("deduplicate", written(tmp_path / source, ROWS), "-o", tmp_path / target)
    assert (done.returncode, done.stdout) == (0, "4 texts, 2 stories, 2 copies.\n"), done.stderr
    found = read(tmp_path / target)
    assert [row["id"] for row in found] == ["t0", "t1", "t2", "t3"]
    assert [row["cluster_id"] for row in found] == ["t0", "t1", "t0", "t0"]
    assert [row["duplicate_of"] for row in found] == [None, None, "t0", "t0"]
    assert [row["duplicate_kind"] for row in found] == KINDS
    assert [row["similarity"] is None for row in found] == [True, True, False, False]


def test_numbers_are_ids_too_and_stay_numbers(scrapy: Scrapy, tmp_path: Path) -> None:
    rows = [row | {"id": number} for number, row in enumerate(ROWS)]
    for target in (tmp_path / "b.jsonl", tmp_path / "b.parquet"):
        done = scrapy("deduplicate", written(tmp_path / "a.jsonl", rows), "-o", target)
        assert done.returncode == 0, done.stderr
        assert [row["duplicate_of"] for row in read(target)] == [None, None, 0, 0]


def test_the_dataset_is_told_apart_by_the_fingerprints_it_has(
    scrapy: Scrapy, tmp_path: Path, demo_data: Path
) -> None:
    tables = [demo_data / "latest" / table for table in ("articles", "duplicates")]
    done = scrapy("deduplicate", *tables, "-o", tmp_path / "b.jsonl")
    assert done.returncode == 0, done.stderr
    kept, copies = (pq.read_table(table, partitioning=None).to_pylist() for table in tables)
    found = {row["id"]: row["duplicate_kind"] for row in read(tmp_path / "b.jsonl")}
    assert {row["article_id"] for row in [*kept, *copies]} == set(found)
    assert sum(kind is not None for kind in found.values()) == len(copies) > 0


def test_a_mistake_is_one_sentence_on_stderr_and_exit_code_2(
    scrapy: Scrapy, tmp_path: Path
) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(f"{json.dumps(ROWS[0])}\n{{\n")
    for arguments, message in (
        ([], "give one FILE of texts"),
        ([file], "say with -o OUT"),
        ([file, "-o", tmp_path / "b.jsonl"], "a.jsonl, line 2: no JSON object ("),
    ):
        done = scrapy("deduplicate", *arguments)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
        assert message in done.stderr
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.skipif(not LABELLED.exists(), reason="the labelled texts are not beside the checkout")
def test_the_labelled_texts_are_told_apart_as_well_as_was_measured(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "deduplicate", LABELLED, "-o", tmp_path / "b.jsonl"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    scored = subprocess.run(
        [sys.executable, str(SCORER), str(LABELLED), str(tmp_path / "b.jsonl")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    words = scored.stdout.split()
    precision, recall, lost = float(words[1]), float(words[3]), int(words[5])
    assert precision >= 0.998
    assert recall >= 0.99
    assert lost <= 2
