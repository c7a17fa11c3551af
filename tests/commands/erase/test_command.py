"""What `scrapy erase` says: what goes or would go, what it leaves alone, and mistakes."""

from __future__ import annotations

import argparse
from pathlib import Path
from urllib.parse import urljoin

import pytest
from scrapy.utils.project import get_project_settings

from crawler.commands.erase import Command
from crawler.errors import ConfigurationError
from crawler.state import DataFolder
from crawler.state.folder import FolderLock
from tests.commands.erase.conftest import LEA, STORIES, erase_apart, publish, run
from tests.conftest import Scrapy
from tests.crawls import rows, state
from tests.markup import stories
from tests.pipelines.erasure.folder import places
from tests.pipelines.newsroom import Newsroom
from tests.pipelines.newsroom import story as article
from tests.server import Body, Site


def test_a_dry_run_says_what_would_go_and_changes_nothing(erase: Scrapy, data: Path) -> None:
    done = erase(data, "--author", LEA, "--dry-run")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("would go: articles 2, ")
    assert sum("/2026/03/story" in line for line in done.stdout.splitlines()) == 2
    assert len(rows(data)) == STORIES
    assert state(data, "SELECT count(*) FROM tombstones") == [(0,)]
    assert (data / "latest").resolve().name == "000001"


def test_a_folder_that_a_run_holds_is_left_alone(data: Path) -> None:
    with FolderLock(DataFolder(data)):
        done = erase_apart(data, "--author", LEA)
    assert done.returncode == 4
    assert done.stderr.startswith("scrapy erase: another run (process ")
    assert len(rows(data)) == STORIES


def test_what_others_wrote_of_an_author_is_told_and_taken_on_demand(
    erase: Scrapy, data: Path, site: Site
) -> None:
    told = stories(STORIES + 2)
    publish(site, told)
    html = told[-1].html().replace("this week", f"this week with {LEA}")
    site.paths[told[-1].path] = Body(html)
    assert run(data, site).exit_code == 0
    done = erase(data, "--author", LEA)
    assert done.returncode == 5
    assert "mention it" in done.stderr
    assert urljoin(site.url, told[-1].path) in done.stdout
    again = erase(data, "--author", LEA, "--naming")
    assert (again.returncode, again.stderr) == (0, "")
    assert places(data, LEA) == []


def test_what_shards_have_is_erased_too(tmp_path: Path, erase: Scrapy) -> None:
    data = tmp_path / "data"
    for folder in (data, data / "shards" / "1-of-2"):
        with Newsroom(folder) as newsroom:
            newsroom.publish(article("a", authors=(LEA,)), article("b"))
    done = erase(data, "--author", LEA)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "shards/1-of-2:\nto go: articles 1" in done.stdout
    for folder in (data, data / "shards" / "1-of-2"):
        assert [row["url"] for row in rows(folder)] == ["https://journal.example/b"]


def test_who_does_not_say_what_to_erase_is_told_how_in_one_sentence(
    erase: Scrapy, collected: Path
) -> None:
    done = erase(collected, "--naming")
    assert done.returncode == 2
    assert "say what: --url, --article-id, --domain or --author" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--url", "ftp://x/"], "no http or https URL"),
        (["--article-id", "12"], "32 hex digits"),
        (["--domain", "www.lemonde.fr"], "--domain lemonde.fr, which is more"),
        (["--domain", "le monde"], "a domain is like example.org"),
        (["--author", " - "], "no name"),
        (["Léa"], "stands without an option"),
    ],
)
def test_a_mistake_is_told_with_its_cure(collected: Path, words: list[str], said: str) -> None:
    command = Command()
    command.settings = get_project_settings()
    command.settings.set("DATA_DIR", str(collected))
    parser = argparse.ArgumentParser()
    command.add_options(parser)
    options, rest = parser.parse_known_args(words)
    with pytest.raises(ConfigurationError, match=said):
        command.execute(rest, options)


def test_a_folder_without_data_is_told(erase: Scrapy, tmp_path: Path) -> None:
    done = erase(tmp_path, "--author", LEA)
    assert done.returncode == 2
    assert "is no data folder" in done.stderr
