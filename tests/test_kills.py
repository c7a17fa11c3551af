from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from urllib.parse import urljoin

import pytest

from tests.crawls import ENVIRONMENT, crawl, going, rows, state
from tests.kills import DEATHS, POINTS, RUNS, differences, kill_all, read, unsound
from tests.markup import stories
from tests.newspaper import newspaper
from tests.server import Site

STORIES = 12
# Each run finds what the one before left: articles, a marked commit, a half one, one without link.
ONE_AFTER_ANOTHER = (
    "crawler.state.journal:Journal.remember:after:3",
    "crawler.state.journal:Journal._mark:after:1",
    "pipelines.dataset.files:write_rows:after:1",
    "pipelines.dataset.snapshots:Snapshots.point_at:before:1",
    "crawler.state.journal:Journal.finish_commit:before:1",
    "crawler.state.urls:Urls.collected:after:4",
)


@pytest.fixture
def site() -> Iterator[Site]:
    with newspaper(stories(STORIES)) as site:
        yield site


def test_runs_killed_one_after_the_other_at_all_stages_lose_nothing_and_collect_nothing_twice(
    site: Site, tmp_path: Path
) -> None:
    words = ("-a", f"url={site.url}")
    collected: set[str] = set()
    for point in ONE_AFTER_ANOTHER:
        site.forget()
        environment = {**ENVIRONMENT, "PYTHONPATH": DEATHS, "DIE_AT": point}
        with going(tmp_path, *words, env=environment) as run:
            output, _ = run.communicate(timeout=90)
        assert run.returncode == -signal.SIGKILL, f"{point}: {output[-3000:]}"
        assert list(unsound(tmp_path)) == [], point
        assert not collected & {urljoin(site.url, target) for target in site.targets()}, point
        done = state(tmp_path, "SELECT url FROM urls WHERE status = 'collected'")
        collected |= {url for (url,) in done}
    assert len(collected) == 2 + 3
    stopped = crawl(tmp_path, *words, "--max-requests", "1")
    assert stopped.exit_code == 6, stopped.output[-3000:]
    assert {row["url"] for row in rows(tmp_path)} >= collected
    after = crawl(tmp_path, *words)
    assert after.exit_code == 0, after.output[-3000:]
    assert list(unsound(tmp_path)) == []
    assert Counter(row["url"] for row in rows(tmp_path)) == Counter(
        urljoin(site.url, story.path) for story in stories(STORIES)
    )
    undisturbed = tmp_path / "undisturbed"
    assert crawl(undisturbed, *words).exit_code == 0
    assert differences(read(undisturbed), read(tmp_path)) == []


@pytest.mark.slow
def test_hundreds_of_killed_crawls_of_the_demo_end_with_the_dataset_of_an_undisturbed_one() -> None:
    seed = int.from_bytes(os.urandom(4))
    print(f"seed {seed}")
    kills = kill_all(RUNS, POINTS, seed)
    assert [kill for kill in kills if kill.wrong] == []
    assert len(kills) == RUNS + len(POINTS)
    assert {kill.phase for kill in kills} == {"starting", "collecting", "committing", "committed"}


@pytest.mark.parametrize("point", POINTS)
def test_every_named_point_is_a_function_that_is_there(point: str) -> None:
    module, name, _, _ = point.split(":")
    assert callable(attrgetter(name)(import_module(module)))
