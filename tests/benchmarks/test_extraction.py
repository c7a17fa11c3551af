"""The extraction benchmark on four pages of our own, with a scorer of a few lines."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.extraction import Answer, Tool, load_scorer, measure, table, tools
from tests.benchmarks.site import REPOSITORY
from tests.extract.pages import PROSE, URL, page, story

SCORER = '''
def score(rows, results):
    """How many bodies hold the answer's first words, and how many pages were kept."""
    tried = [(row, results[row["id"]]["article"]) for row in rows if row["id"] in results]
    told = [article for row, article in tried if row["set"] == "told"]
    held = ["pont de bois a rouvert" in (article or {"article_body": ""})["article_body"]
            for article in told]
    kept = sum(article is not None for _, article in tried)
    return {"told": {"exact": sum(held) / len(held), "authors": 0.0, "pages": len(held)},
            "article?": {"recall": kept / len(tried)}}, []
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three articles and a page that is none, and a scorer where a scorer is looked for."""
    bodies = {
        "told/0": story(),
        "told/1": page(f"<article><h1>Le pont rouvre</h1>{PROSE * 2}</article>"),
        "told/2": page(f"<main><h1>Le pont de bois rouvre</h1><div>{PROSE}</div></main>"),
        "other/3": page('<form><label>Nom <input name="nom"></label></form>', title="Connexion"),
    }
    html = tmp_path / "pages" / "html"
    html.mkdir(parents=True)
    rows = []
    for number, (name, body) in enumerate(bodies.items()):
        (html / f"{number}.html.gz").write_bytes(gzip.compress(body))
        row = {"id": name, "set": name[:-2], "url": f"{URL}{number}/", "file": f"{number}.html.gz"}
        rows.append(row)
    (html.parent / "index.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "bench").mkdir()
    (tmp_path / "bench" / "score_extraction.py").write_text(SCORER)
    return html.parent


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.extraction", *arguments],
        check=False, cwd=REPOSITORY, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def cells(printed: str) -> dict[tuple[str, str], list[str]]:
    """The rows of the table, by their set and measure."""
    rows = [re.split(r" *\| *", line.strip("| ")) for line in printed.splitlines()]
    return {(row[0], row[1]): row[2:] for row in rows}


def test_each_page_goes_through_every_tool_before_the_next_does(folder: Path) -> None:
    seen: list[tuple[str, str]] = []

    def tool(name: str) -> Tool:
        def take(body: bytes, url: str) -> Answer:
            assert body.startswith(b"<!DOCTYPE html>")
            seen.append((name, url.removeprefix(URL)))
            return None

        return Tool(name, take)

    outcomes = measure(folder, [tool("one"), tool("two")])
    assert seen[:2] == [("one", "0/"), ("two", "0/")]  # warm
    assert seen[2:] == [
        ("one", "0/"), ("two", "0/"), ("two", "1/"), ("one", "1/"),
        ("one", "2/"), ("two", "2/"), ("two", "3/"), ("one", "3/"),
    ]  # fmt: skip
    assert [len(outcome.cpu_ms["told"]) for outcome in outcomes] == [3, 3]
    assert [len(outcome.cpu_ms["all"]) for outcome in outcomes] == [4, 4]


def test_the_table_says_what_each_tool_scores_costs_and_lacks(folder: Path) -> None:
    def busy(body: bytes, url: str) -> Answer:
        return {"article_body": f"Le pont de bois a rouvert. {sum(range(300_000))}"}

    outcomes = measure(folder, [Tool("idle", lambda *_: None, frozenset({"authors"})),
                                Tool("busy", busy)])  # fmt: skip
    score = load_scorer(folder / "../bench/score_extraction.py")
    rows = [json.loads(line) for line in (folder / "index.jsonl").read_text().splitlines()]
    printed = table(outcomes, [score(rows, outcome.results)[0] for outcome in outcomes])
    found = cells(printed)
    assert printed.startswith("| set | measure | idle | busy |\n| --- | --- | ---: | ---: |\n")
    assert found["told", "body exact"] == [".000", "1.000"]
    assert found["told", "authors"] == ["–", ".000"]
    assert found["article?", "recall"] == [".000", "1.000"]
    idle, busied = map(float, found["all", "CPU ms a page, median"])
    assert idle < 1 < busied
    assert found["all", "ours / theirs, medians"][0] == "–"
    assert float(found["all", "ours / theirs, medians"][1]) < 0.5


def test_without_a_scorer_it_says_where_it_looked_and_ends(folder: Path) -> None:
    (folder / "../bench/score_extraction.py").unlink()
    done = run(str(folder))
    assert done.returncode == 2
    assert "there is no scorer at" in done.stderr
    assert "bench/score_extraction.py" in done.stderr
    assert not done.stdout


def test_ours_and_the_others_are_measured_in_one_run(folder: Path) -> None:
    try:
        names = [tool.name for tool in tools()]
    except ImportError as error:
        pytest.skip(f"{error}: python -m pip install -e '.[benchmark]' brings it")
    done = run(str(folder))
    assert done.returncode == 0, done.stderr
    found = cells(done.stdout)
    assert found["set", "measure"] == names
    assert [name.split()[0] for name in names] == [
        "Colporteur", "trafilatura", "the", "readability-lxml",
    ]  # fmt: skip
    assert found["told", "body exact"] == ["1.000"] * 4
    assert found["told", "authors"][-1] == "–"
    assert found["article?", "recall"][0] == ".750"
    assert all(float(cost) > 0 for cost in found["all", "CPU ms a page, median"])
