from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from crawler.items import Article
from tests.pipelines.newsroom import Newsroom, story, words

COMMITS = 12
STORIES = 6

# Reads all tables over and over until told to stop; prints what it saw, and how often. The link is
# resolved once a round: the system follows it anew for each folder of a glob, and a commit between
# two of them would mix two snapshots.
READER = """
import collections, json, select, sys
from pathlib import Path
import duckdb
seen = collections.Counter()
def ids(snapshot, table):
    sql = f"SELECT article_id FROM read_parquet('{snapshot}/{table}/**/*.parquet')"
    return [row[0] for row in duckdb.sql(sql).fetchall()]
print("reading", flush=True)
while not select.select([sys.stdin], [], [], 0)[0]:
    snapshot = Path(sys.argv[1], "latest").resolve()
    try:
        articles = ids(snapshot, "articles")
        seen[f"{len(set(articles))} stories, {len(articles)} rows"] += 1
        for table in ("duplicates", "revisions", "comments"):
            ids(snapshot, table)
    except duckdb.Error as error:
        seen[str(error)] += 1
print(json.dumps(seen))
"""
WHOLE = f"{STORIES} stories, {STORIES} rows"


def versions(number: int) -> list[Article]:
    """Every story told anew, each in another month than before."""
    months = [datetime(2026, 1 + (i + 5 * number) % 12, 1, tzinfo=UTC) for i in range(STORIES)]
    return [
        story(f"a{i}", words(f"{i} {number}"), date_published=month)
        for i, month in enumerate(months)
    ]


def seen_during_commits(newsroom: Newsroom) -> dict[str, int]:
    """What a reader in a process of its own saw, and how often."""
    command = [sys.executable, "-c", READER, str(newsroom.folder.path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "reading\n"
        for number in range(1, COMMITS + 1):
            newsroom.publish(*versions(number), run_id=f"run {number}")
        output, _ = reader.communicate("stop\n", timeout=30)
    seen: dict[str, int] = json.loads(output)
    return seen


def test_a_reader_who_resolves_latest_sees_every_story_once_while_commits_happen(
    tmp_path: Path,
) -> None:
    with Newsroom(tmp_path, kept=COMMITS + 1) as newsroom:
        newsroom.publish(*versions(0))
        seen = seen_during_commits(newsroom)
        assert newsroom.folder.latest.resolve().name == f"{COMMITS + 1:06d}"
    assert set(seen) == {WHOLE}
