"""`scrapy erase`, as a person runs it on what real crawls of a local server left."""

from __future__ import annotations

import argparse
import gzip
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urljoin

import pytest
from scrapy.utils.project import get_project_settings

from crawler.commands.erase import Command
from crawler.errors import ConfigurationError
from crawler.state import DataFolder
from crawler.state.folder import FolderLock
from tests.conftest import ROOT, Scrapy
from tests.crawls import ENVIRONMENT, Crawl, crawl, rows, state, urls
from tests.fetch.test_archive import checked, records
from tests.kills import DEATHS, unsound
from tests.markup import Story, rss, stories
from tests.pipelines.erasure.folder import places
from tests.pipelines.newsroom import Newsroom
from tests.pipelines.newsroom import story as article
from tests.server import Body, Redirect, Server, Site
from tests.spiders.test_turning import following, told

JEANNE, LEA = "Jeanne Martin", "Léa Bonnefoy"
STORIES = 4


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A feed of stories, every second one by Léa; more come with `publish`."""
    with Server() as server:
        site = server.site("journal")
        publish(site, stories(STORIES))
        yield site


def publish(site: Site, told: list[Story]) -> None:
    listed = [(urljoin(site.url, story.path), story) for story in told]
    site.paths["/"] = Body(rss(listed), "application/rss+xml")
    for story in told:
        html = story.html()
        author = LEA if story.number % 2 else JEANNE
        site.paths[story.path] = Body(html.replace(JEANNE, author))


@pytest.fixture(scope="module")
def collected(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("collected") / "data"
    assert run(data, site).exit_code == 0
    return data


@pytest.fixture
def data(collected: Path, site: Site, tmp_path: Path) -> Path:
    """A copy of what was collected; the site is as it was then."""
    publish(site, stories(STORIES))
    site.forget()
    copy = tmp_path / "data"
    shutil.copytree(collected, copy, symlinks=True)
    return copy


def run(data: Path, site: Site) -> Crawl:
    return crawl(data, "-a", f"url={site.url}", "-s", "ARCHIVE_ENABLED=1")


@pytest.fixture
def erase(scrapy: Scrapy) -> Scrapy:
    """`scrapy erase` on a data folder."""
    return lambda data, *words: scrapy("erase", "-s", f"DATA_DIR={data}", *words)


def erase_apart(
    data: Path, *words: str, env: Mapping[str, str] = ENVIRONMENT
) -> subprocess.CompletedProcess[str]:
    """The same in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "scrapy", "erase", "-s", f"DATA_DIR={data}", *words],
        check=False, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def grep(data: Path, needle: str) -> str:
    found = subprocess.run(
        ["grep", "-raic", needle, str(data)], check=False, capture_output=True, text=True
    ).stdout
    return "\n".join(line for line in found.splitlines() if not line.endswith(":0"))


def unpacked(data: Path) -> str:
    """All archive files and their indexes, as text."""
    texts = [gzip.decompress(path.read_bytes()) for path in (data / "archive").rglob("*.gz")]
    texts += [path.read_bytes() for path in (data / "archive").rglob("*.cdxj")]
    return b"".join(texts).decode("utf-8", "replace")


def archive_files(data: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in (data / "archive").rglob("*") if path.is_file()}


def test_an_erased_author_is_nowhere_and_the_next_crawls_bring_nothing_back(
    data: Path, site: Site
) -> None:
    assert places(data, LEA)
    done = erase_apart(data, "--author", "BONNEFOY, Léa")
    assert (done.returncode, done.stderr) == (0, "")
    assert "articles 2, duplicates 0" in done.stdout
    assert done.stdout.endswith("searched every file: 0 places\n")
    assert places(data, LEA) == []
    assert grep(data, LEA) == ""
    assert list(unsound(data)) == []
    # The feed has changed, so that it is read again: two of the new ones are hers.
    publish(site, stories(STORIES + 4))
    site.forget()
    after = run(data, site)
    assert after.exit_code == 0, after.output[-3000:]
    (counts,) = after.file["sources"].values()
    assert counts["refused/erased/url"] == 2
    assert counts["refused/erased/author"] == 2
    assert not {story.path for story in stories(STORIES) if story.number % 2} & set(site.targets())
    assert {row["authors"][0] for row in rows(data)} == {JEANNE}
    assert len(rows(data)) == 4
    assert places(data, LEA) == []
    # What was refused for its author is not even asked for again.
    publish(site, stories(STORIES + 5))
    site.forget()
    (counts,) = run(data, site).file["sources"].values()
    assert counts["refused/erased/url"] == 4
    assert {target for target in site.targets() if "story" in target} == {
        stories(STORIES + 5)[-1].path
    }


def test_an_erased_address_and_an_erased_article_are_not_asked_for(
    erase: Scrapy, data: Path, site: Site
) -> None:
    first, second, *others = sorted(rows(data), key=lambda row: str(row["url"]))
    done = erase(data, "--url", f"{first['url']}?utm_source=x", "--article-id",
                 second["article_id"])  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    for row in (first, second):
        assert places(data, row["url"]) == places(data, row["article_id"]) == []
    publish(site, stories(STORIES + 1))
    after = run(data, site)
    assert after.exit_code == 0
    (counts,) = after.file["sources"].values()
    assert (counts["refused/erased/url"], counts["known"], counts["articles"]) == (2, 2, 1)
    left = {row["article_id"] for row in rows(data)}
    assert left > {row["article_id"] for row in others}
    assert not left & {first["article_id"], second["article_id"]}


def test_a_redirect_does_not_lead_to_what_was_erased(erase: Scrapy, data: Path, site: Site) -> None:
    row = rows(data)[0]
    assert erase(data, "--url", row["url"]).returncode == 0
    told = stories(STORIES + 1)
    publish(site, told)
    path = row["url"].removeprefix(site.url.rstrip("/"))
    site.paths[told[-1].path] = Redirect(path)
    site.forget()
    after = run(data, site)
    assert told[-1].path in site.targets()
    assert path not in site.targets()
    (counts,) = after.file["sources"].values()
    assert counts["refused/erased/url"] == 2
    assert urljoin(site.url, told[-1].path) not in urls(data)


def test_a_later_page_does_not_lead_back_to_an_erased_article(
    erase: Scrapy, data: Path, site: Site
) -> None:
    first, second = (urljoin(site.url, path) for path in ("/2026/long/", "/2026/long/2/"))
    assert erase(data, "--url", first).returncode == 0
    site.paths["/2026/long/"] = Body(told("long", 1, following("/2026/long/2/")))
    back = '<p class="page-links"><a href="/2026/long/">1</a> <b>2</b></p>'
    site.paths["/2026/long/2/"] = Body(told("long", 2, back))
    site.paths["/"] = Body(rss([(second, stories(STORIES + 1)[-1])]), "application/rss+xml")
    site.forget()
    after = run(data, site)
    assert "/2026/long/2/" in site.targets()
    assert "/2026/long/" not in site.targets()
    (counts,) = after.file["sources"].values()
    assert (counts["found"], counts["refused/erased/url"]) == (1, 1)
    named = re.compile(rf"{first}(?!2/)|(?<!long)/2026/long/(?!2/)")
    assert not named.search(unpacked(data))
    assert [place for place in places(data, first) if "record" not in place] == []


def test_an_erased_site_is_not_asked_at_all(erase: Scrapy, data: Path, site: Site) -> None:
    domain = rows(data)[0]["domain"]
    done = erase(data, "--domain", domain)
    assert (done.returncode, done.stderr) == (0, "")
    assert places(data, domain) == []
    assert rows(data) == []
    after = run(data, site)
    assert after.exit_code == 0
    assert site.targets() == []
    assert "was erased and is passed over" in after.output
    assert places(data, domain) == []


def test_nothing_of_an_erased_page_is_left_in_the_raw_pages(erase: Scrapy, data: Path) -> None:
    mine, *others = sorted(rows(data), key=lambda row: str(row["url"]))
    words = str(mine["article_body"])[:60]
    assert words in unpacked(data)
    done = erase(data, "--url", mine["url"])
    assert (done.returncode, done.stderr) == (0, "")
    for needle in (mine["url"], words, mine["headline"], mine["warc_record_id"]):
        assert needle not in unpacked(data)
    assert checked(data) == ""
    kept = {one.headers["WARC-Record-ID"]: one for one in records(data)}
    for row in rows(data):
        assert (data / "archive" / row["warc_file"]).is_file()
        assert kept[row["warc_record_id"]].url == row["url"]
    assert {row["url"] for row in rows(data)} == {row["url"] for row in others}
    before = archive_files(data)
    assert erase(data, "--url", mine["url"]).returncode == 0
    assert archive_files(data) == before


def test_a_row_whose_raw_page_names_who_is_erased_stays_without_it(
    erase: Scrapy, data: Path, site: Site
) -> None:
    told = stories(STORIES + 1)
    publish(site, told)
    aside = f'<aside><a href="/by/lea">Also by {LEA}</a></aside>'
    site.paths[told[-1].path] = Body(told[-1].html().replace("</body>", f"{aside}</body>"))
    assert run(data, site).exit_code == 0
    assert erase(data, "--author", LEA).returncode == 0
    assert "Bonnefoy" not in unpacked(data)
    ways = {row["url"]: (row["warc_file"], row["warc_record_id"]) for row in rows(data)}
    assert ways.pop(urljoin(site.url, told[-1].path)) == (None, None)
    assert all(own in unpacked(data) for _, own in ways.values())


def test_the_archive_of_a_killed_erasure_is_finished_by_the_next_run(
    erase: Scrapy, data: Path
) -> None:
    point = "crawler.archive.cdxj:write_index:after:1"
    killed = erase_apart(
        data, "--author", LEA, env={**ENVIRONMENT, "PYTHONPATH": DEATHS, "DIE_AT": point}
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert LEA in unpacked(data)
    again = erase(data, "--author", LEA)
    assert (again.returncode, again.stderr) == (0, "")
    assert LEA not in unpacked(data)
    assert not list((data / "archive").rglob("*.rewritten"))
    assert checked(data) == ""


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


def test_an_erasure_that_was_killed_is_finished_by_the_next_crawl(data: Path, site: Site) -> None:
    point = "pipelines.dataset.rewriting:commit_change:after:1"
    killed = erase_apart(
        data, "--author", LEA, env={**ENVIRONMENT, "PYTHONPATH": DEATHS, "DIE_AT": point}
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert places(data, LEA)
    assert run(data, site).exit_code == 0
    assert places(data, LEA) == []
    assert list(unsound(data)) == []
    assert [row["authors"] for row in rows(data)] == [[JEANNE], [JEANNE]]


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
