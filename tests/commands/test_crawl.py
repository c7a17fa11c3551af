from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from scrapy.utils.test import get_crawler

from crawler.errors import ConfigurationError
from crawler.sources import Source
from crawler.spiders.articles import ArticlesSpider
from tests.conftest import Scrapy
from tests.crawls import Crawl, collected, crawl, sources_file
from tests.markup import page, rss, stories
from tests.server import Body, Server

SOURCES = """[gazette]
url = "http://gazette.localhost:1/"

[courrier]
url = "http://courrier.localhost:1/"
enabled = false
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(SOURCES)
    return path


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of a feed with one story."""
    with Server() as server:
        made = server.site("gazette")
        (story,) = stories(1)
        listed = [(urljoin(made.url, story.path), story)]
        made.paths["/"] = Body(rss(listed), "application/rss+xml")
        made.paths[story.path] = Body(story.html())
        empty = server.site("empty")
        empty.paths["/"] = Body(page("<p>Welcome.</p>"))
        yield made.url


def only_sentence(done: Crawl) -> str:
    """The one sentence that a person is told."""
    assert "Traceback" not in done.output
    assert len(done.sentences) == 1, done.output[-3000:]
    return done.sentences[0].removeprefix("scrapy crawl: ")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("-a", "source=gazete"), 'no source is named "gazete" in {file}; did you mean "gazette"?'),
        (("--fast",), 'name one spider, as in scrapy crawl articles; got "articles --fast"'),
    ],
)
def test_a_wrong_command_line_is_one_sentence_and_exit_code_2(
    words: tuple[str, ...], told: str, file: Path, tmp_path: Path
) -> None:
    done = crawl(tmp_path / "data", "-s", f"SOURCES={file}", *words)
    assert done.exit_code == 2
    assert told.format(file=file) in only_sentence(done)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"source": ""}, 'no source is named "" in {file}'),
        ({"sources": "gazette"}, "-a sources=… is not known; use -a source=NAME,NAME or -a url="),
        ({"url": ""}, 'the address must start with http:// or https://, got ""'),
        ({"url": "gazette.fr"}, 'got "gazette.fr"; write "https://gazette.fr/"'),
        ({"url": "ftp://gazette.fr/"}, 'http:// or https://, got "ftp://gazette.fr/"'),
        ({"url": "http://a.fr/", "source": "gazette"}, "exclude each other"),
    ],
)
def test_an_argument_that_cannot_be_meant_is_told_in_the_same_way(
    arguments: dict[str, str], told: str, file: Path
) -> None:
    crawler = get_crawler(ArticlesSpider, {"SOURCES": str(file)})
    with pytest.raises(ConfigurationError) as refused:
        ArticlesSpider.from_crawler(crawler, **arguments)
    assert told.format(file=file) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_unknown_spider_is_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    done = crawl(tmp_path, spider="article")
    assert done.exit_code == 2
    assert only_sentence(done) == 'no spider is called "article"; say: scrapy crawl articles'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '[gazette]\nurl = "gazette.fr"\n',
            ":2: source \"gazette\": 'url' must start with http://",
        ),
        (None, ": there is no such file; create it, or name another one with -s SOURCES=FILE"),
    ],
)
def test_a_mistake_in_the_sources_file_is_told_with_its_line(
    text: str | None, told: str, tmp_path: Path
) -> None:
    file = tmp_path / "sources.toml"
    if text:
        file.write_text(text)
    done = crawl(tmp_path / "data", "-s", f"SOURCES={file}")
    assert done.exit_code == 2
    assert only_sentence(done).startswith(f"{file}{told}")


@pytest.mark.parametrize("limit", ["--max-requests=-5", "--max-minutes=0"])
def test_a_limit_of_nothing_is_not_taken_for_no_limit(scrapy: Scrapy, limit: str) -> None:
    done = scrapy("crawl", "articles", "-a", "url=http://gazette.localhost:1/", limit)
    assert done.returncode == 2
    assert "take a number above 0" in done.stderr


def test_a_setting_that_cannot_be_read_is_told_with_its_error(tmp_path: Path) -> None:
    words = ("-a", "url=http://gazette.localhost:1/", "-s", "DOWNLOAD_TIMEOUT=soon", "--nolog")
    done = crawl(tmp_path, *words)
    assert done.exit_code == 1
    assert "soon" in only_sentence(done)


def test_each_source_that_gives_nothing_is_told_with_its_reason_and_the_others_are_collected(
    site: str, tmp_path: Path
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound, and not listening
        urls = {
            "up": site,
            "unresolved": "http://gazette.invalid/",
            "refusing": f"http://127.0.0.1:{closed.getsockname()[1]}/",
            "empty": site.replace("gazette", "empty"),
        }
        sources = [Source(name, url, delay=0.0) for name, url in urls.items()]
        file = sources_file(tmp_path / "sources.toml", *sources)
        done = crawl(tmp_path / "data", "-s", file, "--nolog")
    assert done.exit_code == 5
    assert done.output.splitlines() == done.sentences, "and nothing else is said"
    beginnings = {
        "unresolved": f"nothing could be read: {urls['unresolved']}: fetch/unresolved",
        "refusing": f"nothing could be read: {urls['refusing']}: fetch/connection",
        "empty": f"no article was found from {urls['empty']}",
    }
    assert len(done.sentences) == len(beginnings)
    for name, beginning in beginnings.items():
        start = f'scrapy crawl: source "{name}": {beginning}'
        assert any(sentence.startswith(start) for sentence in done.sentences), done.sentences
    assert collected(tmp_path / "data") == {"up": 1}


def test_a_site_whose_listings_are_not_wanted_is_an_unhealthy_source(
    site: str, tmp_path: Path
) -> None:
    url = site.replace("gazette", "empty")
    done = crawl(tmp_path, "-a", f"url={url}", "-s", "LISTING_PAGES_MAX=0")
    assert done.exit_code == 5
    assert f"no article was found from {url}" in only_sentence(done)


def test_a_disabled_source_is_crawled_by_its_name(file: Path, tmp_path: Path) -> None:
    named = crawl(tmp_path / "named", "-s", f"SOURCES={file}", "-a", "source=courrier")
    assert only_sentence(named).startswith('source "courrier": ')


def test_a_data_folder_that_cannot_be_made_is_exit_code_3(tmp_path: Path) -> None:
    blocked = tmp_path / "a file"
    blocked.touch()
    done = crawl(blocked / "data", "-a", "url=http://gazette.localhost:1/")
    assert done.exit_code == 3
    told = only_sentence(done)
    assert str(blocked / "data") in told
    assert "-s DATA_DIR=FOLDER" in told


def test_a_state_that_is_no_database_is_exit_code_3_and_left_alone(tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite"
    state.write_text("not a database, but somebody's file\n" * 100)
    before = state.read_bytes()
    done = crawl(tmp_path, "-a", "url=http://gazette.localhost:1/")
    assert done.exit_code == 3
    assert str(state) in only_sentence(done)
    assert state.read_bytes() == before


def test_without_a_log_a_good_run_says_nothing(site: str, tmp_path: Path) -> None:
    done = crawl(tmp_path, "-a", f"url={site}", "--nolog")
    assert (done.exit_code, done.output) == (0, "")


def test_a_quieter_log_still_tells_the_run(site: str, tmp_path: Path) -> None:
    log = tmp_path / "run.log"
    words = ("-s", "LOG_LEVEL=DEBUG", "--logfile", str(log))
    done = crawl(tmp_path / "data", "-a", f"url={site}", *words)
    assert (done.exit_code, done.output) == (0, "")
    line = next(line for line in log.read_text().splitlines() if "Collected" in line)
    assert line.endswith(f"Collected {site}2026/03/story-number-1/: The 1th story of the season")


def test_the_help_tells_the_exit_codes_and_the_arguments(scrapy: Scrapy) -> None:
    done = scrapy("crawl", "-h")
    assert done.returncode == 0
    told = " ".join(done.stdout.split())
    assert "scrapy crawl [options] articles [-a source=NAME,NAME | -a url=URL]" in told
    codes = (
        "0 committed",
        "1 unexpected error",
        "2 bad arguments or configuration",
        "3 the dataset cannot be written",
        "4 another run holds the data folder",
        "5 committed but a source is unhealthy",
        "6 stopped by a signal or a limit",
    )
    assert not [code for code in codes if code not in told]
    assert "--max-requests N" in told
    assert "--max-minutes N" in told
