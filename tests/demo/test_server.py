"""The server answers as a web server must, for three hosts on one port."""

from __future__ import annotations

import re
import tomllib

import pytest
from lxml import etree

from crawler.demo.server import Newspaper
from crawler.demo.texts import Story, load_stories
from tests.demo.conftest import Answer, Reader

COLPORTEUR, GAZETTE = "http://le-colporteur.localhost", "http://la-gazette.localhost"
COURIER = "http://world-courier.localhost"
STORIES = load_stories()
UNKNOWN_TAG = "HTML_UNKNOWN_TAG"  # libxml2's HTML parser does not know HTML5's elements
CONDITIONAL = (
    f"{COLPORTEUR}/",
    f"{COLPORTEUR}/feed/",
    f"{COLPORTEUR}/comments/feed/",
    f"{COLPORTEUR}/wp-sitemap.xml",
    f"{COLPORTEUR}/wp-sitemap-posts-post-1.xml",
    f"{GAZETTE}/",
    f"{GAZETTE}/flux/actualites.xml",
    f"{GAZETTE}/flux/europe.atom",
    f"{GAZETTE}/flux/culture.json",
    f"{COURIER}/",
    f"{COURIER}/sitemaps/index.xml",
    f"{COURIER}/sitemaps/articles.xml.gz",
    f"{COURIER}/sitemaps/news.xml",
    f"{COURIER}/sitemaps/languages.txt",
)


def text_of(answer: Answer) -> str:
    """The page's text with white space as a reader sees it."""
    return re.sub(r"[ \n]+", " ", answer.page.xpath("string(//body)").get(""))


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.slug)
def test_every_story_is_served_whole_at_its_address(
    story: Story, paper: Newspaper, reader: Reader
) -> None:
    answer = reader.get(paper.story_url(story))
    assert answer.status == 200
    assert int(answer.headers["content-length"]) == len(answer.body)
    text = text_of(answer)
    assert story.title in text
    for part in story.body.split("\n\n"):
        assert part in text


def test_every_page_that_pages_link_is_well_formed(paper: Newspaper, reader: Reader) -> None:
    pending = [paper.url(host) for host in paper.hosts]
    seen = set(pending)
    hosts = tuple(url.rstrip("/") for url in pending)
    while pending:
        url = pending.pop()
        answer = reader.get(url)
        assert int(answer.headers["content-length"]) == len(answer.body), url
        assert answer.status == (404 if "/wp-admin/" in url else 200), url
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        parser = etree.HTMLParser(encoding="utf-8")
        etree.fromstring(answer.body, parser=parser)
        faults = [fault for fault in parser.error_log if fault.type_name != UNKNOWN_TAG]
        assert faults == [], url
        for link in answer.page.xpath("//a/@href | //link/@href | //img/@src").getall():
            target = link.partition("#")[0]
            if target.startswith(hosts) and target not in seen:
                seen.add(target)
                pending.append(target)
    assert {paper.story_url(story) for story in STORIES if story.host == paper.hosts[0]} <= seen


def test_links_within_the_paper_carry_its_port(paper: Newspaper, reader: Reader) -> None:
    for host in paper.hosts:
        page = reader.get(paper.url(host)).body.decode()
        ports = set(re.findall(r"\.localhost(:\d+)?[/\"]", page))
        assert ports == {f":{paper.port}"}


@pytest.mark.parametrize("url", CONDITIONAL)
def test_what_has_not_changed_is_not_sent_again(url: str, paper: Newspaper, reader: Reader) -> None:
    url = url.replace(".localhost", f".localhost:{paper.port}")
    first = reader.get(url)
    assert first.status == 200
    tag, changed = first.headers["etag"], first.headers["last-modified"]
    for condition in ({"If-None-Match": f'"other", {tag}'}, {"If-Modified-Since": changed}):
        again = reader.get(url, condition)
        assert (again.status, again.body) == (304, b"")
        assert again.headers["etag"] == tag


def test_what_has_changed_is_sent(paper: Newspaper, reader: Reader) -> None:
    url = paper.url("la-gazette.localhost")
    for condition in (
        {"If-None-Match": '"older"'},
        {"If-Modified-Since": "Mon, 01 Jun 2026 00:00:00 GMT"},
        {"If-Modified-Since": "some day"},
    ):
        assert reader.get(url, condition).status == 200


def test_an_unknown_host_is_misdirected(paper: Newspaper, reader: Reader) -> None:
    assert reader.get(f"http://elsewhere.localhost:{paper.port}/").status == 421


def test_the_mobile_host_serves_the_same_page(paper: Newspaper, reader: Reader) -> None:
    url = paper.story_url(STORIES[-1])
    assert reader.get(url.replace("//", "//m.")).body == reader.get(url).body


def test_an_amp_twin_names_the_article_as_canonical(paper: Newspaper, reader: Reader) -> None:
    for story in STORIES:
        if story.host != "la-gazette.localhost":
            url = paper.story_url(story)
            twin = reader.get(reader.get(url).page.css("link[rel=amphtml]::attr(href)").get(""))
            assert twin.page.css("link[rel=canonical]::attr(href)").get() == url
            assert story.title in text_of(twin)


def test_a_tracking_parameter_changes_nothing(paper: Newspaper, reader: Reader) -> None:
    url = paper.story_url(STORIES[-1])
    assert reader.get(f"{url}?utm_source=lettre").body == reader.get(url).body


def test_requests_are_remembered(paper: Newspaper, reader: Reader) -> None:
    reader.get(f"{paper.url('la-gazette.localhost')}flux/culture.json?a=1")
    assert paper.requests[-1] == ("la-gazette.localhost", "/flux/culture.json?a=1")


def test_the_sources_file_names_the_three_hosts(paper: Newspaper) -> None:
    sources = tomllib.loads(paper.sources_toml())
    assert sources == {
        "le-colporteur": {"url": paper.url("le-colporteur.localhost"), "language": "fr"},
        "la-gazette": {"url": paper.url("la-gazette.localhost"), "language": "fr"},
        "world-courier": {"url": paper.url("world-courier.localhost"), "language": "en"},
    }


def test_opened_again_on_its_port_the_paper_is_the_same() -> None:
    answers = []
    with Newspaper() as first:
        port = first.port
    for _ in range(2):
        with Newspaper(port) as again:
            reader = Reader(again)
            answers.append(reader.get(again.url("le-colporteur.localhost")))
            reader.close()
    assert answers[0].body == answers[1].body
    assert answers[0].headers["etag"] == answers[1].headers["etag"]
