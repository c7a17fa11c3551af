"""`la-gazette.localhost` offers feeds and JSON-LD, and nothing else."""

from __future__ import annotations

import json

import pytest
from lxml import etree

from crawler.demo.server import Newspaper
from crawler.demo.texts import Story
from tests.demo.conftest import Reader

HOST = "la-gazette.localhost"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def base(paper: Newspaper) -> str:
    return paper.url(HOST).rstrip("/")


@pytest.fixture
def stories(paper: Newspaper) -> list[Story]:
    return [story for story in paper.stories if story.host == HOST]


def links(reader: Reader, base: str) -> list[str]:
    """What the three feeds that the home page names list."""
    page = reader.get(f"{base}/").page
    rss, atom, json_feed = page.css("link[rel=alternate]::attr(href)").getall()
    items = etree.fromstring(reader.get(rss).body).iterfind("channel/item/link")
    entries = etree.fromstring(reader.get(atom).body).iterfind(f"{ATOM}entry/{ATOM}link")
    return [
        *(str(item.text) for item in items),
        *(str(entry.get("href")) for entry in entries),
        *(item["url"] for item in json.loads(reader.get(json_feed).body)["items"]),
    ]


def plain(url: str) -> str:
    """The address without what makes it a twin."""
    return url.partition("?")[0].partition("#")[0].replace("//m.", "//")


def test_between_them_the_feeds_list_every_story_once(
    base: str, paper: Newspaper, reader: Reader, stories: list[Story]
) -> None:
    found = [plain(url) for url in links(reader, base)]
    assert len(found) == len(set(found))
    assert {paper.story_url(story) for story in stories} < set(found)


def test_the_feeds_list_pages_that_are_no_articles(
    base: str, paper: Newspaper, reader: Reader, stories: list[Story]
) -> None:
    articles = {paper.story_url(story) for story in stories}
    odd = [url for url in links(reader, base) if plain(url) not in articles]
    assert len(odd) == 6
    assert all(reader.get(url).status == 200 for url in odd)
    assert f"{base}/apercu/les-voeux-de-l-an-prochain.html" in odd
    assert "Disallow: /apercu/" in reader.get(f"{base}/robots.txt").body.decode()


@pytest.mark.parametrize(
    "path", ["/sitemap.xml", "/sitemap_index.xml", "/wp-json/", "/wp-sitemap.xml", "/feed/"]
)
def test_there_is_neither_sitemap_nor_api(path: str, base: str, reader: Reader) -> None:
    assert reader.get(base + path).status == 404
    assert "Sitemap" not in reader.get(f"{base}/robots.txt").body.decode()


def test_an_article_describes_itself_in_json_ld(
    paper: Newspaper, reader: Reader, stories: list[Story]
) -> None:
    for story in stories:
        page = reader.get(paper.story_url(story)).page
        (data,) = page.xpath('//script[@type="application/ld+json"]/text()').getall()
        article = json.loads(data)
        assert article["@type"] == "NewsArticle"
        assert article["headline"] == story.title
        assert [author["name"] for author in article["author"]] == list(story.authors)
        assert article["datePublished"] == story.published.isoformat()
        assert article["inLanguage"] == story.language == page.xpath("/html/@lang").get()
        assert not page.xpath("//*[@itemprop]")
